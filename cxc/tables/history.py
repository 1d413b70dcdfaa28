"""A history: the visits that took place, from tables that list them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from cxc.errors import InputError, Problem, TripError
from cxc.scheme.countries import Countries
from cxc.scheme.loading import Scheme
from cxc.tables.same_file import read_once
from cxc.text import fold, listed
from cxc.trip.reader import Trip, TripReader
from cxc.visits import Recollection, Visit, Visits, names_somebody

if TYPE_CHECKING:
    from cxc.tables.table import Table

COLUMNS = ("visitor", "visitor_id", "visitor_country", "arrival")


class HistoryFile(NamedTuple):
    """A file that lists visits.

    `encoding` is the one that it may have where it is no UTF-8; `renamed` gives the field of a heading by its name,
    where that heading occurs.
    """

    name: str
    encoding: str | None = None
    renamed: Mapping[str, str] = {}


# Visits, files that list them, or one file; None: it is not known what visits took place.
Entry = Visit | HistoryFile | str | Path
History = Iterable[Entry] | str | Path | None


def _untold(_: str) -> None:
    return None


def load_history(
    history: History,
    countries: Countries,
    date_format: str,
    history_date_format: str | None,
    tell: Callable[[str], object] = _untold,
    *,
    redact: bool = False,
) -> list[Visit] | None:
    """Every visit of a history; None where it is not known. A heading alone is an empty history.

    With `redact` no error has the text of a cell. Which sheets of a workbook are not read, and which hidden rows are,
    is told by `tell`. Dates in files are written as `history_date_format` says; without it, as `date_format` says or
    YYYY-MM-DD. Raises InputError where a row cannot be read or names no organisation: left out, it would let somebody
    visit twice.
    """
    reader = TripReader(
        countries,
        history_date_format or date_format,
        iso_too=history_date_format is None,
        option="--history-date-format",
    )
    given = entries(history)
    if given is None:
        return None
    read_once((), files_of(given))
    visits: list[Visit] = []
    for entry in given:
        visits += [entry] if isinstance(entry, Visit) else _load(_as_file(entry), reader, tell, redact)
    return visits


def entries(history: History) -> list[Entry] | None:
    """The visits and files that a history is made of; None where it is not known."""
    return [history] if isinstance(history, (str, Path)) else None if history is None else list(history)


def files_of(entries: Iterable[Entry]) -> list[str]:
    """The names of the files of a history."""
    return [_as_file(entry).name for entry in entries if not isinstance(entry, Visit)]


def read_as(history: History, encoding: str | None, renamed: Mapping[str, str] = {}) -> list[Entry] | None:
    """What a history is made of, its files with how they are read: see `HistoryFile`."""
    given = entries(history)
    if given is None:
        return None
    return [
        entry if isinstance(entry, Visit) else _as_file(entry)._replace(encoding=encoding, renamed=renamed)
        for entry in given
    ]


def _as_file(entry: HistoryFile | str | Path) -> HistoryFile:
    return entry if isinstance(entry, HistoryFile) else HistoryFile(str(entry))


def recall(
    trip: Trip,
    scheme: Scheme,
    history: History,
    date_format: str,
    history_date_format: str | None,
    tell: Callable[[str], object] = _untold,
) -> Recollection:
    """What a history tells of the organisation that is to travel. Raises InputError as `load_history` does."""
    visits = load_history(history, scheme.countries, date_format, history_date_format, tell)
    wanted = as_visit(trip, "", 0)._replace(arrival=trip.stay.arrival if trip.stay else None)
    return Visits(visits, scheme.rulebook.visits_at_most).of(wanted)


def as_visit(trip: Trip, file: str, row: int) -> Visit:
    """A trip as the visit that it would be, and where it stands."""
    country = trip.visitor_country.code if trip.visitor_country else None
    return Visit(file, row, trip.visitor, trip.visitor_id, country, trip.arrival)


def _load(file: HistoryFile, reader: TripReader, tell: Callable[[str], object], redact: bool) -> Iterator[Visit]:
    from cxc.tables.columns import columns_in
    from cxc.tables.table import open_tables

    fields = _fields(file.renamed)
    needed = columns_in(fields, (("visitor_id",), ("visitor", "visitor_country")))
    opened = open_tables(file.name, needed, encoding=file.encoding, utf_8_first=True, date_form=reader.date_form)
    for notice in (*opened.not_read, *opened.hidden):
        tell(notice)
    for table in opened.tables:
        yield from _visits(table, fields, reader, redact)
        if results := _results(table):
            tell(results)


def _results(table: "Table") -> str | None:
    """What to know of a report of cxc that is taken as a history: it lists trips that need not have taken place."""
    outcomes = [*table.outcomes]
    if not _OUTCOMES.isdisjoint(table.columns):
        rows = [dict(zip(table.columns, cells, strict=False)) for _, cells, _ in table.rows()]
        outcomes += [row[name] for row in rows if row.get("failed") != _PAID for name in _OUTCOMES & row.keys()]
    against = [word for word in outcomes if word in _AGAINST]
    if not against:
        return None
    words = listed([word for word in _AGAINST if word in against])
    return (
        f"{table.title} has results of cxc: every row counts as a visit that took place, also "
        f"{len(against)} {'row' if len(against) == 1 else 'rows'} with the outcome {words}. Delete the rows of trips "
        "that did not take place"
    )


# Columns in which cxc writes what came out: into CSV, and into a workbook, which may have been saved as CSV.
_OUTCOMES: Final = frozenset({"outcome", "cxc outcome"})
# What it writes of a trip that may not have taken place; and which rule alone fails where it is paid already.
_AGAINST: Final = ("not-eligible", "not eligible", "undecided", "not due yet", "unreadable")
_PAID: Final = "CXC706"


def _fields(renamed: Mapping[str, str]) -> dict[str, str]:
    """The fields of a visit by the headings that name them, folded."""
    names = {column: column for column in COLUMNS} | dict(renamed)
    by_folded = {fold(name): field for name, field in names.items()}
    return {name: field for name, field in by_folded.items() if field in COLUMNS}


def _visits(table: "Table", fields: Mapping[str, str], reader: TripReader, redact: bool) -> Iterator[Visit]:
    from cxc.tables.columns import must_be_divided, places_of

    title = table.title
    places, _ = places_of(table.columns, title, fields)
    must_be_divided(table.columns, title, fields)
    if "visitor_id" not in places and not {"visitor", "visitor_country"} <= places.keys():
        raise InputError(
            f"{title}: a history needs the column visitor_id, or visitor and visitor_country; the columns are "
            f"{listed(table.columns, 'and')}; rename the headings that are meant"
        )
    for line, cells, fault in table.rows():
        if fault:
            raise InputError(f"{title}, row {line}: {fault if isinstance(fault, str) else _said(fault, redact)}")
        stated = {column: cells[place] for column, place in places.items() if place < len(cells)}
        if len(stated) > 1 and all(fold(cell) in fields for cell in stated.values()):
            raise InputError(
                f"{title}, row {line}: the row is a heading; delete it, or save the table below it as a file of its own"
            )
        try:
            trip = reader.read_some(stated)
        except TripError as error:
            raise InputError(f"{title}, row {line}: {_said(error.problems, redact)}") from None
        visit = as_visit(trip, title, line)
        if not names_somebody(visit):
            raise InputError(
                f"{title}, row {line}: the visit names no visitor; state visitor_id, or visitor and visitor_country"
            )
        yield visit


def _said(problems: Iterable[Problem], redact: bool) -> str:
    """What is wrong in a row."""
    if redact:
        from cxc.tables.redaction import without_value

        problems = map(without_value, problems)
    return " ".join([problem.message for problem in problems])
