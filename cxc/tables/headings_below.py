"""Headings below the heading: pages that were pasted together, or a second table in one file or sheet.

The columns of a second table are other ones. Read by the first heading its visitors would be hosts, and be paid the sum
of another country. And rows that stand in one cell, since they are divided otherwise than the heading: they are no
totals or signatures, which would be left out.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from cxc.tables.columns import KNOWN
from cxc.text import fold
from cxc.trip.fields import PAIRED
from cxc.trip.kinds import DELIMITERS
from cxc.trip.remarks import PLACEHOLDERS

_ENOUGH: Final = 3  # fields that a row names; one may be named by chance, as by a host whose name is Host
_LONGEST: Final = 1_000  # letters of a cell that may be a heading
_CORE: Final = frozenset({"host_country", *PAIRED})
REPEATED: Final = "This row repeats the heading. Delete it."
_IN_ONE_CELL: Final = (
    "The whole row stands in one cell. Write each value in a cell of its own; in Excel: Data, Text to Columns."
)
_DAY: Final = re.compile(r"\s*\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}\s*")


class HeadingsBelow:
    """Tells which rows of a table are headings, or stand in one cell. `second` is the line of the first heading that
    has other columns.

    Of such a line, and of all below it, nobody knows what they state.
    """

    def __init__(self, headings: Sequence[str], places: Mapping[str, int]) -> None:
        self._own = {at: field for field, at in places.items()}
        self._width = len(headings)
        self._by_folded = {fold(name): name for name in KNOWN} | {fold(headings[at]): self._own[at] for at in self._own}
        self.second: int | None = None

    def look(self, lines: Sequence[int], candidates: Iterable[int], row: Callable[[int], Sequence[str]]) -> set[int]:
        """The places of headings among the next rows, of rows in one cell, and of what is below another heading."""
        if self.second is not None:
            return {*range(len(lines))}
        found = set[int]()
        for at in candidates:
            cells = row(at)
            named = self._named(cells)
            is_heading = len({*named.values()}) >= _ENOUGH or self._is_of_words(cells)
            if is_heading and named != self._own:
                self.second = lines[at]
                return found | {*range(at, len(lines))}
            if is_heading or self._is_in_one_cell(cells):
                found.add(at)
        return found

    def _is_of_words(self, cells: Sequence[str]) -> bool:
        """Whether words that are no remarks stand where the host country and the dates should: a heading of its own."""
        found = {fold(cells[at]) for at, field in self._own.items() if field in _CORE and at < len(cells)}
        return len(found) >= _ENOUGH and all(word.isalpha() and word not in PLACEHOLDERS for word in found)

    def _is_in_one_cell(self, cells: Sequence[str]) -> bool:
        """Whether a cell that stands alone holds as many values as there are columns, or two days among others."""
        stated = [cell for cell in cells if cell.strip()]
        if len(stated) != 1:
            return False
        values = max((stated[0].split(delimiter) for delimiter in DELIMITERS), key=len)
        values = [value for value in values if value.strip()]
        return len(values) > _ENOUGH and (len(values) >= self._width or sum(map(bool, map(_DAY.fullmatch, values))) > 1)

    def is_below(self, line: int) -> bool:
        """Whether a row belongs to a second table."""
        return self.second is not None and line >= self.second

    def said(self, line: int, cells: Sequence[str]) -> str | None:
        """What to do about a row that is a heading, below one of other columns or in one cell; None of any other."""
        if self.is_below(line):
            return f"A second table begins in row {self.second}. Save it as a file or sheet of its own."
        if self._is_in_one_cell(cells):
            return _IN_ONE_CELL
        first, field = next(iter(self._own.items()))  # most rows are told apart by one cell
        if first >= len(cells) or self._field(cells[first]) != field:
            return None
        return REPEATED if self._named(cells) == self._own else None

    def _named(self, cells: Sequence[str]) -> dict[int, str]:
        """The fields that cells name, by their places."""
        return {at: field for at, cell in enumerate(cells) if (field := self._field(cell))}

    def _field(self, cell: str) -> str | None:
        return self._by_folded.get(fold(cell)) if 0 < len(cell) < _LONGEST else None
