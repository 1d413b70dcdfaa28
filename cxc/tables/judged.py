"""Rows that were judged: what a report sees of them, one by one or some of them together."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from cxc.conclusions import ELIGIBLE, NO_TRIP, NOT_ELIGIBLE, UNREADABLE
from cxc.errors import Problem
from cxc.resolver import ListedRows, PickedRows, picker
from cxc.tables.kept import Value, Values
from cxc.tables.table import titled
from cxc.trip.reader import Trip
from cxc.verdict import Verdict, Verdicts
from cxc.visits import Visit
from cxc.vocabulary import RowOutcome

if TYPE_CHECKING:
    from cxc.tables.workbook import Origin


class Heading(NamedTuple):
    """A table as a report sees it: its file, the columns that go into the report, and of a workbook its sheet.

    `origin` is where its rows stand in a workbook, None where nothing else of it may go into a report.
    """

    name: str
    columns: list[str]
    sheet: str | None = None
    origin: "Origin | None" = None

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
    and the host of a row that has no verdict, as they are stated. A trip that is judged `alone` is no row of a table.
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
    alone: bool = False

    @property
    def already_paid(self) -> bool:
        """Whether the visit is paid already, at the stage of payment."""
        return self.verdict is not None and self.verdict.already_paid

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
        """How the row counts: by its outcome; or, where it expects one, as eligible if met and not-eligible if not.

        A visit that is paid already is no reason to stop a table; alone it is.
        """
        if self.expected is None:
            return ELIGIBLE if self.already_paid and not self.alone else self.outcome
        return NOT_ELIGIBLE if self.mismatch else ELIGIBLE


class JudgedRows(ABC):
    """Some rows of a table that were judged together, with what only the table shows of them.

    What some of the rows have beside the others stands under its place among them: `problems` of those that cannot be
    read, `notices` that only the table shows, what is `expected` and its `mismatches`, earlier `visits`, `names` of
    those without a verdict, and `no_trips`.
    """

    def __init__(self, file: str, sheet: str | None, lines: Sequence[int], verdicts: Verdicts) -> None:
        self.file, self.sheet, self.lines, self.verdicts = file, sheet, lines, verdicts
        self.problems: dict[int, tuple[Problem, ...]] = {}
        self.notices: dict[int, tuple[str, ...]] = {}
        self.expected: dict[int, Expectation] = {}
        self.mismatches: dict[int, str] = {}
        self.visits: dict[int, tuple[Visit, ...]] = {}
        self.names: dict[int, tuple[str, ...]] = {}
        self.no_trips: set[int] = set()
        self._each: list[Judged] | None = None

    @property
    @abstractmethod
    def rows(self) -> ListedRows:
        """What was found of the rows, for whatever may be asked of it."""

    @abstractmethod
    def cells_of(self, place: int) -> Sequence[str]:
        """The cells of a row, those that go into a report."""

    @property
    def cells(self) -> Sequence[Sequence[str]]:
        """The same of all rows."""
        return [*map(self.cells_of, range(len(self)))]

    @property
    def written(self) -> Sequence[bytes] | None:
        """The rows as lines of CSV in UTF-8, where that is how they stand in their file."""
        return None

    @abstractmethod
    def trip(self, place: int) -> Trip:
        """The trip of a row that has a verdict."""

    def found(self, asked: Callable[..., Value]) -> Values[Value]:
        """What is asked of the rows, some of it perhaps without a look at all that they state."""
        node = self.rows.node(asked)
        return node.values, self.rows.column(node)  # type: ignore[return-value]  # the values are its answers

    def recounted(self, asked: Callable[..., Value]) -> tuple[Sequence[Value], Sequence[Value]]:
        """Answers by which rows were counted before and that do not hold by now, and those that hold in their place."""
        return [], self.values(asked)

    def values(self, asked: Callable[..., Value]) -> list[Value]:
        """What is asked, row by row; of a row without a verdict it may be that nothing could be read."""
        values, numbers = self.found(asked)
        return [*picker(numbers)(values)]

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
            self.cells_of(place),
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
        return Verdict(self.verdicts, self.rows, place, partial(self.trip, place), self.visits.get(place, ()))

    def named(self, field: str) -> list[str | None]:
        """What each row states in a field that no rule reads."""
        return [getattr(self.trip(place), field) for place in range(len(self))]

    @property
    def told_alone(self) -> dict[int, Visit]:
        """The rows of which nothing is to be said beside what was found but where an earlier visit stands; and it."""
        more = {*self.problems, *self.notices, *self.expected, *self.no_trips}
        return {
            place: visits[0]
            for place, visits in self.visits.items()
            if place not in more and not (visits[0].same_day or visits[0].perhaps_later)
        }

    @property
    def special(self) -> set[int]:
        """The rows of which more is to be said than what was found for all of them alike."""
        return {*self.problems, *self.notices, *self.expected, *self.visits, *self.no_trips}


class Alone(JudgedRows):
    """One trip as a table of one row."""

    def __init__(self, verdict: Verdict, file: str, line: int, cells: Sequence[str]) -> None:
        super().__init__(file, None, [line], verdict.verdicts)
        self._verdict, self._cells = verdict, cells
        if verdict.earlier_visits:
            self.visits[0] = verdict.earlier_visits

    @cached_property
    def rows(self) -> ListedRows:
        rows, place = self._verdict.listed
        return PickedRows(rows, [place])

    def cells_of(self, place: int) -> Sequence[str]:
        return self._cells

    def __getitem__(self, place: int) -> Judged:
        return super().__getitem__(place)._replace(alone=True)

    def trip(self, place: int) -> Trip:
        return self._verdict.trip
