"""The input's own columns, then what came out; safe to open in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from cxc.conclusions import ELIGIBLE, UNREADABLE, Ground, failed, needed
from cxc.conclusions import outcome as outcome_of
from cxc.reports.formats import Report
from cxc.reports.output import in_utf8
from cxc.reports.values import earlier_trip, money, unrunnable, why, worth_saying
from cxc.tables.judged import Heading, JudgedRows
from cxc.tables.kept import Asked
from cxc.visits import Visit
from cxc.vocabulary import Outcome

MOST_REMEMBERED = 20_000  # texts
RESULTS = ("outcome", "payable_eur", "days_on_site", "working_days", "failed", "needed", "message")


# What no line may hold that is written without a look at each cell: what CSV quotes, and what begins a formula. The
# kinds of bytes: what divides cells, or parts of one where a spreadsheet splits it; what no cell or part may begin
# with; what may stand nowhere; and all others. Letters beyond ASCII are looked at before.
_DIVIDES, _MAY_NOT_BEGIN, _NEVER, _HARMLESS = b"\0", b"\1", b"\2", b" "
_KINDS = bytes.maketrans(
    bytes(range(0x100)),
    b"".join(
        _DIVIDES if letter in b",;\n"
        else _MAY_NOT_BEGIN if letter in b"- "
        else _NEVER if letter < 0x20 or letter in b'"=+@\x7f'
        else _HARMLESS
        for letter in range(0x100)
    ),
)  # fmt: skip
_NEVER_BEYOND_ASCII = ("＝", "＋", "－", "＠")
_ASCII = bytes(range(0x80))


class _Echo:
    """A file that gives back what is written to it, so that a line can be had as text."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


# With this end of a line the writer quotes a carriage return within a cell, which else would end the line.
_write: Callable[[Sequence[object]], str] = csv.writer(_Echo(), lineterminator="\r\n").writerow


class CsvReport(Report):
    """Writes each row as it was, also one that is no trip, with its result behind it.

    Columns of several files are joined, `file` first, then `sheet`.
    """

    names_visits = False

    @property
    def asks(self) -> Sequence[Asked]:
        """What makes the results."""
        return (result_in_front, result_said, result_behind)

    def __init__(self) -> None:
        self._places: dict[str, list[int | None]] = {}
        self._with_file = self._with_sheet = False
        # Of each table whose rows are written with all their cells in their order: how many, and what stands before.
        self._whole: dict[str, tuple[int, bytes]] = {}

    def begin(self, sources: Sequence[Heading]) -> str:
        """The heading. An input column that is called like a result gets `input_` in front."""
        columns: dict[str, None] = {}
        for source in sources:
            columns |= dict.fromkeys(unique(source.columns))
        self._with_sheet = len({source.name for source in sources}) < len(sources)
        self._with_file = len(sources) > 1
        for source in sources:
            own = unique(source.columns)
            self._places[source.title] = [own.index(name) if name in own else None for name in columns]
            if own == list(columns):
                before = self._before(source.name, source.sheet)
                self._whole[source.title] = (
                    len(own),
                    in_utf8(_in_line([*map(unrunnable, before), ""])) if before else b"",
                )
        front = self._before("file", "sheet")
        names = beside(columns, (*RESULTS, *front))
        return f"{_in_line([*front, *map(unrunnable, names), *RESULTS])}\n"

    def _before(self, file: str, sheet: str | None) -> list[str]:
        """What stands before the input's own columns: the file, where there are several, and of workbooks the sheet."""
        return [*([file] if self._with_file else []), *([sheet or ""] if self._with_sheet else [])]

    def pieces(self, judged: JudgedRows) -> Iterable[bytes]:
        """Some rows, those that are no trips too."""
        return (self._lines(judged),)

    def _lines(self, judged: JudgedRows) -> bytes:
        """What was found is put into text once for each that differs; the rows are never taken for text."""
        own, (sayings, numbers) = self._own(judged), judged.found(result_said)
        fronts, backs = judged.values(result_in_front), judged.values(result_behind)
        told = judged.told_alone
        for place, visit in told.items():
            if (said := sayings[numbers[place]]).grounds:
                before, after = _around_visit(said)
                backs[place] = b"%b%b%d.%b" % (before, _up_to_row(visit.file), visit.row, after)
        for place in judged.special - told.keys():
            if place in judged.no_trips:
                fronts[place], backs[place] = b",", _NOTHING
            elif place in judged.problems:
                cells = (UNREADABLE, *[""] * (len(RESULTS) - 2), unrunnable(why(judged[place])))
                fronts[place], backs[place] = b",", in_utf8(f"{_in_line(cells)}\n")
            else:
                backs[place] = _told(judged, place, sayings[numbers[place]])
        pieces = [b""] * (3 * len(own))  # put together at once: a text for each line would take twice the time
        pieces[::3], pieces[1::3], pieces[2::3] = own, fronts, backs
        return b"".join(pieces)

    def _own(self, judged: JudgedRows) -> Sequence[bytes]:
        """What stands before the results: the rows as they were."""
        width, before = self._whole.get(judged.title, _NOT_WHOLE)
        own, count, is_plain = judged.written, len(judged), False
        if own is not None:  # lines that have the same number of commas
            is_plain = own[0].count(b",") == width - 1 and _is_harmless(b"\n".join(own))
        elif {*map(len, judged.cells)} == {width}:
            own = [*map(in_utf8, map(",".join, judged.cells))]
            is_plain = _is_plain(b"\n".join(own), count, count * (width - 1))
        if own is None or not is_plain:
            return [self._own_cells(judged, place) for place in range(count)]
        return [before + cells for cells in own] if before else own

    def _own_cells(self, judged: JudgedRows, place: int) -> bytes:
        """The same of one row."""
        cells, (width, before) = judged.cells_of(place), self._whole.get(judged.title, _NOT_WHOLE)
        if len(cells) == width and _is_plain(own := in_utf8(",".join(cells)), 1, width - 1):
            return before + own
        row = [cells[at] if at is not None and at < len(cells) else "" for at in self._places[judged.title]]
        return in_utf8(_in_line([*map(unrunnable, [*self._before(judged.file, judged.sheet), *row])]))


def result_in_front(
    outcome: Outcome, amount_eur: Decimal | None, days_on_site: int | None, working_days: int | None
) -> bytes:
    """The first cells of a result in UTF-8, behind those of the row: those that need no quotation marks."""
    paid = money(amount_eur) if amount_eur is not None and outcome == ELIGIBLE else ""
    return in_utf8(f",{outcome},{paid},{_number(days_on_site)},{_number(working_days)},")


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


class Said(NamedTuple):
    """What the last cells of a result say: rules that fail, what is needed, why, and what is worth saying beside."""

    failed: tuple[str, ...]
    needed: tuple[str, ...]
    grounds: tuple[str, ...]
    notices: tuple[str, ...]

    def with_message(self, message: Sequence[str]) -> bytes:
        """The last cells in UTF-8, to the end of the line, with such sentences as the message."""
        said = f"{';'.join(self.failed)},{';'.join(self.needed)},{_quoted(unrunnable(' '.join(message)))}\n"
        return in_utf8(said)


def result_said(decisive_grounds: tuple[Ground, ...], notices: tuple[str, ...], noted: tuple[str, ...]) -> Said:
    """What the last cells of a result say."""
    outcome = outcome_of(decisive_grounds)
    return Said(
        failed(decisive_grounds, outcome),
        needed(decisive_grounds, outcome),
        tuple(dict.fromkeys(ground.message for ground in decisive_grounds)),
        worth_saying(outcome, notices, noted),
    )


def result_behind(result_said: Said) -> bytes:
    """The last cells of a result in UTF-8. The message is that of `why`, of a row that no other row concerns."""
    return result_said.with_message((*result_said.grounds, *result_said.notices))


def _told(judged: JudgedRows, place: int, said: Said) -> bytes:
    """The last cells of a row of which more is told, as `why` tells it."""
    different, visits = judged.mismatches.get(place), judged.visits.get(place, ())
    return said.with_message(
        (
            *([f"Not as expected: {different}."] if different else []),
            *said.grounds,
            *([earlier_trip(visits[0])] if visits and said.grounds else []),
            *said.notices,
            *judged.notices.get(place, ()),
        )
    )


# The last cells of a row of which nothing is told but an earlier trip: what stands before that sentence and behind it,
# and its own beginning. With the comma in it the message stands in quotation marks.
@lru_cache(maxsize=MOST_REMEMBERED)
def _around_visit(said: Said) -> tuple[bytes, bytes]:
    before, _, after = said.with_message((*said.grounds, ",\0", *said.notices)).partition(b",\0")
    return before, after


@lru_cache(maxsize=MOST_REMEMBERED)
def _up_to_row(file: str) -> bytes:
    sentence = earlier_trip(Visit(file, 0, None, None, None, None))
    return in_utf8(unrunnable(sentence).replace('"', '""').removesuffix("0."))


def _quoted(cell: str) -> str:
    """A cell as the writer writes it, somewhat sooner."""
    return '"' + cell.replace('"', '""') + '"' if any(map(cell.__contains__, ',"\r\n')) else cell


def _in_line(cells: Sequence[object]) -> str:
    return _write(cells).removesuffix("\r\n")


def _is_plain(lines: bytes, count: int, commas: int) -> bool:
    """Whether cells, joined by commas, are so many lines of CSV as they stand, with nothing that a spreadsheet runs."""
    return lines.count(b"\n") == count - 1 and lines.count(b",") == commas and _is_harmless(lines)


def _is_harmless(lines: bytes) -> bool:
    """Whether lines of cells without commas hold nothing that CSV quotes, and nothing that a spreadsheet runs."""
    if not lines.isascii():
        # What is printable has no control character and no other white space than the space. What is beside ASCII
        # are whole letters: whoever gives lines has decoded them before.
        letters = lines.translate(None, _ASCII).decode()
        if not letters.isprintable() or any(map(letters.__contains__, _NEVER_BEYOND_ASCII)):
            return False
    kinds = lines.translate(_KINDS)
    return not (_NEVER in kinds or _DIVIDES + _MAY_NOT_BEGIN in kinds or kinds.startswith(_MAY_NOT_BEGIN))


_NOT_WHOLE = (0, b"")
_NOTHING = b"," * (len(RESULTS) - 1) + b"\n"  # the results of a row that is no trip


def beside(columns: Iterable[str], results: Iterable[str]) -> list[str]:
    """The names of columns beside results: one that is called like a result gets `input_` in front.

    >>> beside(["host", "outcome"], RESULTS)
    ['host', 'input_outcome']
    """
    taken = {*results}
    names = []
    for name in columns:
        while name in taken:
            name = f"input_{name}"
        taken.add(name)
        names.append(name)
    return names


def unique(columns: Sequence[str]) -> list[str]:
    """The names of columns, a second one of a name numbered, so that none is lost."""
    names: list[str] = []
    for name in columns:
        number, wanted = 1, name
        while wanted in names:
            number += 1
            wanted = f"{name}_{number}"
        names.append(wanted)
    return names
