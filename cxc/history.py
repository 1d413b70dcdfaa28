"""A history: a table of the visits that took place."""

from collections.abc import Iterable
from pathlib import Path

from cxc.columns import places_of
from cxc.errors import InputError, TripError
from cxc.table import open_table
from cxc.text import clean, listed
from cxc.trip import TripReader
from cxc.visits import Visit, identity_of

COLUMNS = ("visitor", "visitor_id", "visitor_country", "arrival")


def load_history(files: Iterable[Path], reader: TripReader) -> list[Visit]:
    """Every visit in the files. A heading alone is an empty history.

    Raises InputError where a row cannot be read or names no organisation: left out, it would let somebody visit twice.
    """
    return [visit for file in files for visit in _load(file, reader)]


def _load(file: Path, reader: TripReader) -> Iterable[Visit]:
    table = open_table(str(file))
    places, _ = places_of(table.columns, str(file), {column: column for column in COLUMNS})
    if "visitor_id" not in places and not {"visitor", "visitor_country"} <= places.keys():
        raise InputError(
            f"{file}: a history needs the column visitor_id, or visitor and visitor_country; found are "
            f"{listed(table.columns, 'and')}"
        )
    for line, cells, fault in table.rows():
        if fault:
            raise InputError(f"{file}, row {line}: {fault}")
        stated = {column: cells[place] for column, place in places.items() if place < len(cells)}
        try:
            trip = reader.read_some(stated)
        except TripError as error:
            raise InputError(f"{file}, row {line}: {error}") from error
        country = trip.visitor_country.code if trip.visitor_country else None
        if identity_of(trip) is None:
            raise InputError(
                f"{file}, row {line}: the visit names nobody; a visitor_id is needed, or visitor and visitor_country"
            )
        yield Visit(clean(str(file)), line, trip.visitor, trip.visitor_id, country, trip.arrival)
