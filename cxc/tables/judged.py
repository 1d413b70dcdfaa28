"""Rows that were judged: what a report sees of them, one by one or some of them together."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from cxc.errors import Problem
from cxc.resolver import ListedRows
from cxc.tables.table import titled
from cxc.trip.reader import Trip
from cxc.verdict import ELIGIBLE, NO_TRIP, NOT_ELIGIBLE, UNREADABLE, Verdict, Verdicts
from cxc.visits import Visit
from cxc.vocabulary import RowOutcome


class Heading(NamedTuple):
    """A table as a report sees it: its file, the columns that go into the report, and of a workbook its sheet."""

    name: str
    columns: list[str]
    sheet: str | None = None

    @property
    def title(self) -> str:
        """The file and the sheet."""
        return titled(self.name, self.sheet)


class Expectation(NamedTuple):
    """What a row says must come out; None where it says nothing."""

    outcome: RowOutcome | None
    eur: Decimal | None


class Judged(NamedTuple):
    """A row with its verdict, or with the problems for which it has none.

    `notices` are what only the table shows. `mismatch` says how the row differs from what it expects; it is None where
    it is as expected, or where nothing was expected (`expected` is None, too). `names` are the reference, the visitor
    and the host of a row that has no verdict, as they are stated.
    """

    file: str
    row: int
    cells: Sequence[str]
    verdict: Verdict | None
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    expected: Expectation | None = None
    mismatch: str | None = None
    names: tuple[str, ...] = ()
    sheet: str | None = None

    @property
    def outcome(self) -> RowOutcome:
        """eligible, not-eligible, undecided or unreadable; no-trip of a row that is none."""
        if self.verdict is None:
            return UNREADABLE if self.problems else NO_TRIP
        return self.verdict.outcome

    @property
    def title(self) -> str:
        """The file and the sheet, as the heading of the table has them."""
        return titled(self.file, self.sheet)

    @property
    def place(self) -> str:
        """Where the row stands, for a line of a report: file, sheet and row."""
        return f"{self.file}:{self.row}" if self.sheet is None else f"{self.file}:{self.sheet}:{self.row}"

    @property
    def standing(self) -> RowOutcome:
        """How the row counts: by its outcome; or, where it expects one, as eligible if met and not-eligible if not."""
        if self.expected is None:
            return self.outcome
        return NOT_ELIGIBLE if self.mismatch else ELIGIBLE


class JudgedRows:
    """Rows of one table that were judged together: `lines` and `cells` of each, and `rows` with what was found.

    What few rows have is kept by their place among them: `problems` of those that cannot be read, `notices` that only
    the table shows, what is `expected` and its `mismatches`, earlier `visits`, `names` of those without a verdict, and
    `no_trips`.
    """

    def __init__(
        self,
        file: str,
        sheet: str | None,
        lines: Sequence[int],
        cells: Sequence[Sequence[str]],
        verdicts: Verdicts,
        rows: ListedRows,
        trip: Callable[[int], Trip],
    ) -> None:
        self.file, self.sheet, self.lines, self.cells = file, sheet, lines, cells
        self.verdicts, self.rows, self._trip = verdicts, rows, trip
        self.problems: dict[int, tuple[Problem, ...]] = {}
        self.notices: dict[int, tuple[str, ...]] = {}
        self.expected: dict[int, Expectation] = {}
        self.mismatches: dict[int, str] = {}
        self.visits: dict[int, tuple[Visit, ...]] = {}
        self.names: dict[int, tuple[str, ...]] = {}
        self.no_trips: set[int] = set()
        self._each: list[Judged] | None = None

    @property
    def title(self) -> str:
        """The file and the sheet."""
        return titled(self.file, self.sheet)

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Judged]:
        if self._each is None:  # every report sees the same verdicts, so what one worked out serves the next
            self._each = [*map(self.__getitem__, range(len(self.lines)))]
        return iter(self._each)

    def __getitem__(self, place: int) -> Judged:
        return Judged(
            self.file,
            self.lines[place],
            self.cells[place],
            self.verdict(place),
            self.problems.get(place, ()),
            self.notices.get(place, ()),
            self.expected.get(place),
            self.mismatches.get(place),
            self.names.get(place, ()),
            self.sheet,
        )

    def verdict(self, place: int) -> Verdict | None:
        """The verdict on a row; None where it has none."""
        if place in self.problems or place in self.no_trips:
            return None
        return Verdict(self.verdicts, self.rows, place, partial(self._trip, place), self.visits.get(place, ()))

    @property
    def special(self) -> set[int]:
        """The rows of which more is to be said than what was found for all of them alike."""
        return {*self.problems, *self.notices, *self.expected, *self.visits, *self.no_trips}


def alone(verdict: Verdict, file: str, line: int, cells: Sequence[str]) -> JudgedRows:
    """One trip as a table of one row."""
    verdicts = verdict.verdicts
    numbers = {name: [verdict.number(name)] for name in (*verdicts.fields, "earlier_visits")}
    rows = ListedRows(verdicts.resolver, numbers, 1)
    judged = JudgedRows(file, None, [line], [cells], verdicts, rows, lambda _: verdict.trip)
    if verdict.earlier_visits:
        judged.visits[0] = verdict.earlier_visits
    return judged
