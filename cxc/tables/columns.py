"""Which column of a table is which field of a trip."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cxc.errors import InputError
from cxc.scheme import data_files
from cxc.tables.table import PlacesIn
from cxc.text import clean, fold, listed, nearest
from cxc.trip.fields import CORE, FIELDS, PAIRED, PAIRS
from cxc.trip.kinds import DELIMITERS

EXPECTATIONS: Final = ("expected_outcome", "expected_eur")
KNOWN: Final = (*FIELDS, *EXPECTATIONS)
_NEEDED: Final = tuple(field for field in CORE if field not in PAIRED)  # and beside them one of the pairs of dates


class Columns(NamedTuple):
    """The place of every field in a row, and the headings that name none."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]


def read_map(options: Iterable[str]) -> dict[str, str]:
    """Headings of one's own, from `HEADING=field` or from files of such pairs in YAML. Raises InputError."""
    found: dict[str, str] = {}
    for option in options:
        heading, equals, field = option.rpartition("=")
        if equals:
            found[heading.strip()] = field.strip()
        else:
            section = data_files.section_in(data_files.read(Path(option)), option)
            found |= {heading: section.text(heading) for heading in section.names()}
    return fields_named(found, "--map")


def fields_named(renamed: Mapping[str, str], option: str) -> dict[str, str]:
    """Headings of one's own with the fields that are meant. Raises InputError, which names the `option`."""
    by_folded = {fold(name): name for name in KNOWN}
    for heading, field in renamed.items():
        if fold(field) not in by_folded:
            close = nearest(field, KNOWN)
            hint = f"did you mean {listed(close)}?" if close else f"the fields are {', '.join(KNOWN)}"
            raise InputError(f"{option}: '{clean(field)}', for the column '{clean(heading)}', is not a field; {hint}")
    return {heading: by_folded[fold(field)] for heading, field in renamed.items()}


def core_in(renamed: Mapping[str, str]) -> PlacesIn:
    """What tells the heading of a table of trips: it has the core columns. `renamed` as in `match_columns`."""
    return _heading_of({name: name for name in KNOWN} | dict(renamed), lambda places: not _lacking(places))


def match_columns(headings: Sequence[str], file: str, renamed: Mapping[str, str], option: str = "--map") -> Columns:
    """The columns of a table, matched without regard to case, spaces, hyphens and underscores.

    `renamed` gives the field of a heading by its name, as `option` states it. Raises InputError where a core column is
    missing, where two columns name one field, or where a renamed heading does not occur.
    """
    fields = {name: name for name in KNOWN} | dict(renamed)
    places, unknown = places_of(headings, file, fields)
    must_be_divided(headings, file, fields)
    folded = {fold(heading) for heading in headings}
    for heading in renamed:
        if fold(heading) not in folded:
            raise InputError(
                f"{file}: {option} renames the column '{clean(heading)}', which does not exist{_found(headings)}"
            )
    lacking = _lacking(places)
    if lacking:
        close = [hint for field in lacking for hint in _hint(field, unknown)]
        alone = not places and len(unknown) == 1
        hint = f"; {' and '.join(close)}? Use {option}" if close else f"; {_instead(lacking[0], alone, option)}"
        raise InputError(f"{file}: there is no column {listed(lacking, 'or')}{_found(headings)}{hint}")
    return Columns(places, tuple(unknown))


def places_of(headings: Sequence[str], file: str, fields: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """The place of each field, by the names that stand for it, and the headings that name none.

    Raises InputError where two columns name one field: one of them would be lost.
    """
    by_folded = {fold(name): field for name, field in fields.items()}
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(headings):
        field = by_folded.get(fold(heading)) if heading else None
        if field is None:
            if heading:
                unknown.append(heading)
        elif field in places:
            one, other = clean(headings[places[field]]), clean(heading)
            raise InputError(f"{file}: the columns '{one}' and '{other}' both name {field}; keep only one of them")
        else:
            places[field] = place
    return places, unknown


def must_be_divided(headings: Sequence[str], file: str, fields: Mapping[str, str]) -> None:
    """Refuse a heading whose names stand in one cell, by the names of fields. Raises InputError.

    It may seem to be divided: then the delimiters of the other cells of its row hang at the end of the last name.
    """
    by_folded = {fold(name): field for name, field in fields.items()}
    named = _first_places(headings, by_folded)
    if len(named) >= _SEVERAL and headings[-1].endswith(_HANGING):
        raise InputError(
            f"{file}: the headings stand in one cell; divide it into one cell for each heading (in Excel: Data, Text "
            "to Columns)"
        )
    mark = None if named else _undivided(headings, by_folded)[0]
    if mark:
        raise InputError(
            f"{file}: each row stands in one cell, divided by {'tabs' if mark.isspace() else repr(mark)}; divide it "
            "into one cell for each column (in Excel: Data, Text to Columns)"
        )


_HANGING: Final = tuple(2 * mark for mark in DELIMITERS)
_SEVERAL: Final = 3  # fields that one cell names
_MOST_IN_ONE: Final = 1_000


def _undivided(cells: Sequence[str], by_folded: Mapping[str, str]) -> tuple[str | None, dict[str, int]]:
    """What divides a cell into the names of several fields, and their places in it; None where nothing does."""
    for cell in cells:
        for mark in DELIMITERS:
            if _SEVERAL <= cell.count(mark) + 1 <= _MOST_IN_ONE:
                places = _first_places(cell.split(mark), by_folded)
                if len(places) >= _SEVERAL:
                    return mark, places
    return None, {}


def columns_in(fields: Mapping[str, str], groups: Iterable[Collection[str]]) -> PlacesIn:
    """What tells the heading of another table, by the names of fields: it has all the columns of one of the groups."""
    needed = [set(group) for group in groups]
    return _heading_of(fields, lambda places: any(group <= places.keys() for group in needed))


def _heading_of(fields: Mapping[str, str], is_whole: Callable[[Mapping[str, int]], bool]) -> PlacesIn:
    """What tells a heading by the names of fields: the place of each, and whether the heading is whole with these.

    Where the names stand in one cell it is not whole, whatever they are.
    """
    by_folded = {fold(name): field for name, field in fields.items()}

    def places_in(cells: Sequence[str]) -> tuple[dict[str, int], bool]:
        places = _first_places(cells, by_folded)
        return (places, is_whole(places)) if places else (_undivided(cells, by_folded)[1], False)

    return places_in


def _first_places(cells: Sequence[str], by_folded: Mapping[str, str]) -> dict[str, int]:
    """The place of each field. Where one is named twice it is the first: that it is twice is said by `places_of`."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = by_folded.get(fold(cell)) if cell else None
        if field is not None:
            places.setdefault(field, place)
    return places


def _lacking(places: Mapping[str, int]) -> list[str]:
    return [*_missing(_NEEDED, places), *_missing_dates(places)]


def _missing(group: Sequence[str], places: Mapping[str, int]) -> list[str]:
    return [field for field in group if field not in places]


def _missing_dates(places: Mapping[str, int]) -> list[str]:
    lacks = [_missing(pair, places) for pair in PAIRS]
    return [] if not all(lacks) else min(lacks, key=len)


def _found(headings: Sequence[str]) -> str:
    shown = [clean(heading)[:40] for heading in headings if heading][:30]
    return f"; the columns are {listed(shown, 'and')}"


def _instead(field: str, alone: bool, option: str) -> str:
    """What to do where no heading comes near a field. In a file one that stands `alone` may be a title."""
    in_a_file = option.startswith("--")
    title = "if this is a title, delete all lines above the headings; if not, " if alone and in_a_file else ""
    example = f'{option} "YOUR HEADING={field}"' if in_a_file else option
    return (
        f"{title}rename the headings that are meant; or keep them, and say of each which column it is, with {example}"
    )


def _hint(field: str, unknown: Sequence[str]) -> list[str]:
    close = nearest(field, [heading for heading in unknown if not _is_of_another(heading, field)], most=1)
    return [f"is '{clean(close[0])}' the column {field}"] if close else []


def _is_of_another(heading: str, field: str) -> bool:
    """Whether a heading names the other side, or another time: who follows such a hint is paid for somebody else."""
    words = {fold(word).removesuffix("s") for word in re.split(r"[\W_]+", heading)}
    other = {"visitor": "host", "host": "visitor"}.get(field.partition("_")[0])
    return other in words or not words.isdisjoint(_OTHER_TIMES)


# Without an s at their end, as they are looked up.
_OTHER_TIMES: Final = frozenset({"previou", "old", "home", "back", "return", "outbound", "next", "planned"})
