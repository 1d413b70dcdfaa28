"""Tables in, verdicts out, in the order of the rows.

A row's verdict is that of `cxc check`, and beside it what only a table shows: the same visitor twice, the same trip
twice, trips of one visitor that overlap, a budget that is exceeded. Trips are held against one another in the order of
their dates, whatever the order of the rows; that takes two readings. Memory grows with the visitors, not with the rows.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from cxc.columns import EXPECTATIONS, Columns
from cxc.errors import Problem, TripError
from cxc.scheme import Scheme
from cxc.table import TableRow
from cxc.text import clean, fold
from cxc.trip import FIELDS, MEMBER_UNNAMED, NO_MEMBER, Trip, TripReader, parse_euros
from cxc.verdict import ELIGIBLE, NOT_ELIGIBLE, OUTCOMES, UNREADABLE, Verdict, judge
from cxc.visits import NO_HISTORY, Identity, Recollection, Visit, Visits, identity_of, unidentified


class Source(Protocol):
    """Rows with a name and columns: a `Table`, or rows that a script holds."""

    name: str
    columns: list[str]

    def rows(self) -> Iterator[TableRow]:
        """The rows, from the first on, at every call."""


class Heading(NamedTuple):
    """A table as a report sees it: its name, and the columns that go into the report."""

    name: str
    columns: list[str]


class Expectation(NamedTuple):
    """What a row says must come out; None where it says nothing."""

    outcome: str | None
    eur: Decimal | None


class Judged(NamedTuple):
    """A row with its verdict, or with the problems for which it has none.

    `notices` are what only the table shows. `mismatch` says how the row differs from what it expects; it is None where
    it is as expected, or where nothing was expected (`expected` is None, too).
    """

    file: str
    row: int
    cells: Sequence[str]
    verdict: Verdict | None
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    expected: Expectation | None = None
    mismatch: str | None = None

    @property
    def outcome(self) -> str:
        """eligible, not-eligible, undecided or unreadable."""
        return self.verdict.outcome if self.verdict else UNREADABLE

    @property
    def standing(self) -> str:
        """How the row counts: by its outcome; or, where it expects one, as eligible if met and not-eligible if not."""
        if self.expected is None:
            return self.outcome
        return NOT_ELIGIBLE if self.mismatch else ELIGIBLE


class Batch:
    """Judges the rows of tables.

    `history` holds the visits that took place (None: not known). `budget` is in EUR. With `redact` no name, id,
    reference, approver or unknown column is in what comes out. `summary` counts what was judged so far.
    """

    def __init__(
        self,
        scheme: Scheme,
        reader: TripReader,
        *,
        strict: bool = False,
        history: Iterable[Visit] | None = None,
        budget: Decimal | None = None,
        redact: bool = False,
    ) -> None:
        self.scheme, self.reader, self.strict, self.budget = scheme, reader, strict, budget
        self.redact = redact
        self.summary = Summary()
        self._history_known = history is not None
        self._visitors = _Visitors(list(history or ()), scheme.rulebook.visits_at_most)

    def judge(self, sources: Sequence[tuple[Source, Columns]]) -> Iterator[Judged]:
        """The verdict on every row, in order. Reads everything once before the first verdict is given."""
        for order, trip, _row, _source in self._trips(sources):
            if trip is not None and (identity := identity_of(trip)):
                verdict = judge(trip, self.scheme, strict=self.strict, recollection=Recollection("none-found"))
                if verdict.outcome != NOT_ELIGIBLE:
                    approved = bool(trip.approved and "CXC303" in trip.approved)
                    named = (trip.visitor, trip.visitor_id)
                    self._visitors.add(_Candidate(order, verdict.outcome == ELIGIBLE, approved, *named), identity)
        self._visitors.settle(sources)
        for order, trip, row, source in self._trips(sources):
            judged = self._judged(order, trip, row, source, sources[order.place][1])
            self.summary.add(judged)
            yield judged

    def _trips(
        self, sources: Sequence[tuple[Source, Columns]]
    ) -> Iterator[tuple["Order", Trip | None, "_Read", Source]]:
        """Every row as a trip; None for one that cannot be read."""
        number = 0
        for place, (source, columns) in enumerate(sources):
            places = [(field, at) for field, at in columns.places.items() if field in FIELDS]
            width = len(source.columns)
            for row in source.rows():
                number += 1
                read = _read(row, width, columns)
                trip = None
                if not read.problems:
                    cells = row.cells
                    stated = {field: cells[at] for field, at in places if at < len(cells)}
                    try:
                        trip = self.reader.read(stated)
                    except TripError as error:
                        read = read._replace(problems=error.problems)
                arrival = trip.stay.arrival if trip is not None and trip.stay else datetime.date.max
                yield Order(arrival, number, place, row.line), trip, read, source

    def _judged(self, order: "Order", trip: Trip | None, read: "_Read", source: Source, columns: Columns) -> Judged:
        row = read.row
        expected, problems = read.expected, read.problems
        verdict = None
        notices: tuple[str, ...] = ()
        if trip is not None:
            identity = identity_of(trip)
            recollection = self._visitors.recall(order, identity) if identity else unidentified(trip)
            if recollection.kind == "none-found" and not self._history_known:
                recollection = NO_HISTORY
            shown = redacted(trip) if self.redact else trip
            if self.redact:
                recollection = recollection._replace(visits=tuple(map(_nameless, recollection.visits)))
            verdict = judge(shown, self.scheme, strict=self.strict, recollection=recollection)
            notices = self._notices(source.name, row.line, trip, identity, verdict)
        cells = row.cells
        if self.redact:
            problems = tuple(map(_without_value, problems))
            cells = _redacted_cells(cells, verdict, columns)
        judged = Judged(source.name, row.line, cells, verdict, problems, notices, expected)
        return judged._replace(mismatch=_mismatch(judged)) if expected else judged

    def _notices(
        self, file: str, line: int, trip: Trip, identity: Identity | None, verdict: Verdict
    ) -> tuple[str, ...]:
        notices = []
        if identity and trip.stay:
            notices += self._visitors.companions(identity, trip, file, line)
        if self.budget is not None and verdict.payable:
            before = self.summary.payable
            if before <= self.budget < before + verdict.payable.amount:
                exceeded = f"The budget of EUR {self.budget:.2f} is exceeded from {file}, row {line}, on."
                notices.append(exceeded)
                self.summary.notices.append(exceeded)
        return tuple(notices)


def redacted(trip: Trip) -> Trip:
    """A trip without names, ids, reference and approver."""
    return trip._replace(
        reference=None,
        visitor=None,
        visitor_id=None,
        host=None,
        visitor_cluster=_unnamed(trip.visitor_cluster),
        host_cluster=_unnamed(trip.host_cluster),
        approved_by=trip.approved_by and WITHHELD,
    )


WITHHELD = "(withheld)"
_NAMES = frozenset({"reference", "visitor", "visitor_id", "host", "approved_by"})


def _unnamed(cluster: str | None) -> str | None:
    return cluster if cluster in (None, NO_MEMBER) else MEMBER_UNNAMED


def _nameless(visit: Visit) -> Visit:
    return visit._replace(visitor=None, visitor_id=None)


def _without_value(problem: Problem) -> Problem:
    """What a cell holds that cannot be read may be anything, a name too."""
    if not problem.field:
        return problem
    return Problem(problem.field, None, f"{problem.field}: the value cannot be read (withheld)")


def kept_columns(columns: Columns, redact: bool, headings: Sequence[str]) -> list[str]:
    """The headings of a table that go into a report."""
    if not redact:
        return list(headings)
    return [headings[at] for field, at in columns.places.items() if field not in _NAMES]


def _redacted_cells(cells: Sequence[str], verdict: Verdict | None, columns: Columns) -> list[str]:
    """The cells of the columns that are kept; none of a row that cannot be read, since a name may stand anywhere."""
    kept = []
    for field, at in columns.places.items():
        if field in _NAMES:
            continue
        cell = cells[at] if at < len(cells) and verdict is not None else ""
        if field in ("visitor_cluster", "host_cluster") and verdict is not None:
            cell = getattr(verdict.trip, field) or ""
        kept.append(cell)
    return kept


class Order(NamedTuple):
    """The order in which trips are held against one another: by arrival, then as they stand in the files."""

    arrival: datetime.date
    number: int
    place: int
    line: int


class _Candidate(NamedTuple):
    """A trip that may use up a visit: eligible but for that, or undecided; `approved` for the rule one-visit."""

    order: Order
    eligible: bool
    approved: bool
    visitor: str | None
    visitor_id: str | None


class _Visitors:
    """Who visits in the tables, and who has visited before them."""

    def __init__(self, history: Sequence[Visit], at_most: int) -> None:
        self._at_most = at_most
        self._history = history
        self._first: dict[Identity, list[_Candidate]] = {}
        self._visits = Visits()
        self._stays: dict[Identity, dict[tuple[object, ...], tuple[str, int]]] = {}

    def add(self, candidate: "_Candidate", identity: Identity) -> None:
        """Note a trip that is not refused. Of one visitor no more are kept than could ever count."""
        kept = self._first.setdefault(identity, [])
        kept.append(candidate)
        if len(kept) > self._at_most:
            kept.sort()
            kept.pop()

    def settle(self, sources: Sequence[tuple[Source, Columns]]) -> None:
        """Find out, in the order of dates, which trips use up a visit."""
        self._visits = Visits(self._history)
        trips = [(candidate, identity) for identity, kept in self._first.items() for candidate in kept]
        self._first.clear()
        for (order, eligible, approved, visitor, visitor_id), identity in sorted(trips):
            found = self._visits.recall_identity(identity, self._at_most)
            if found.kind == "found":
                continue
            settled = found.kind == "none-found" or (found.kind == "same-name" and approved)
            self._visits.remember(
                Visit(
                    sources[order.place][0].name,
                    order.line,
                    visitor,
                    visitor_id,
                    identity.country or None,
                    None if order.arrival == datetime.date.max else order.arrival,
                    eligible and settled,
                    order,
                )
            )

    def recall(self, order: Order, identity: Identity) -> Recollection:
        """What visits before a trip tell of its visitor."""
        return self._visits.recall_identity(identity, self._at_most, before=order)

    def companions(self, identity: Identity, trip: Trip, file: str, line: int) -> list[str]:
        """What other trips of the same visitor, in rows above, make of this one."""
        stay = trip.stay
        assert stay is not None
        seen = self._stays.setdefault(identity, {})
        key = (stay.first, stay.last, trip.host_country, trip.host)
        notices = []
        if key in seen:
            other, row = seen[key]
            notices.append(f"The same trip stands in {other}, row {row}.")
        else:
            for (first, last, *_), (other, row) in seen.items():
                assert isinstance(first, datetime.date)
                assert isinstance(last, datetime.date)
                if stay.first <= last and first <= stay.last:
                    notices.append(f"The trip overlaps another one of the same visitor, in {other}, row {row}.")
            seen[key] = (file, line)
        return notices


class _Read(NamedTuple):
    row: TableRow
    problems: tuple[Problem, ...]
    expected: Expectation | None


def _read(row: TableRow, width: int, columns: Columns) -> _Read:
    """What is wrong with a row as such, and what it expects."""
    cells = row.cells
    if row.fault:
        return _Read(row, (Problem("", None, row.fault[0].upper() + row.fault[1:] + "."),), None)
    if len(cells) > width and any(map(str.strip, cells[width:])):
        message = (
            f"The row has {len(cells)} cells, and the heading {width}; a quotation mark or a delimiter may be wrong."
        )
        return _Read(row, (Problem("", None, message),), None)
    stated = [
        cells[at].strip() if (at := columns.places.get(field)) is not None and at < len(cells) else ""
        for field in EXPECTATIONS
    ]
    if not any(stated):
        return _Read(row, (), None)
    outcome, eur = stated
    folded = {fold(name): name for name in OUTCOMES}
    problems = []
    if outcome and fold(outcome) not in folded:
        message = f"expected_outcome: '{clean(outcome)[:60]}' is none of {', '.join(OUTCOMES)}"
        problems.append(Problem("expected_outcome", outcome, message))
    amount = parse_euros(eur)
    if eur and amount is None:
        message = f"expected_eur: '{clean(eur)[:60]}' is not an amount, such as 390 or 390.00"
        problems.append(Problem("expected_eur", eur, message))
    if problems:
        return _Read(row, tuple(problems), None)
    return _Read(row, (), Expectation(folded.get(fold(outcome)), amount))


def _mismatch(judged: Judged) -> str | None:
    """How a row differs from what it expects."""
    expected, verdict = judged.expected, judged.verdict
    assert expected is not None
    differences = []
    if expected.outcome is not None and expected.outcome != judged.outcome:
        differences.append(f"expected {expected.outcome}, found {judged.outcome}")
    amount = verdict.payable.amount if verdict and verdict.payable else Decimal(0)
    if expected.eur is not None and expected.eur != amount:
        differences.append(f"expected EUR {expected.eur:.2f}, found EUR {amount:.2f}")
    return "; ".join(differences) or None


class Summary:
    """Counts over the rows that were judged.

    `outcomes` by outcome; `standings` by how a row counts; `payable` in EUR; `by_host` the trips and the EUR of each
    host country's code; `reasons` how often each rule failed or was unknown; `expected` and `mismatched` rows.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.outcomes: Counter[str] = Counter()
        self.standings: Counter[str] = Counter()
        self.payable = Decimal(0)
        self.by_host: dict[str, tuple[int, Decimal]] = {}
        self.reasons: Counter[str] = Counter()
        self.expected = self.mismatched = 0
        self.inferred = 0
        self.notices: list[str] = []

    def add(self, judged: Judged) -> None:
        """Count a row."""
        self.rows += 1
        self.outcomes[judged.outcome] += 1
        self.standings[judged.standing] += 1
        if judged.expected is not None:
            self.expected += 1
            self.mismatched += judged.mismatch is not None
        verdict = judged.verdict
        if verdict is None:
            return
        if verdict.payable is not None:
            self.payable += verdict.payable.amount
            self.inferred += verdict.payable.basis == "inferred"
            assert verdict.trip.host_country is not None
            trips, euros = self.by_host.get(verdict.trip.host_country.code, (0, Decimal(0)))
            self.by_host[verdict.trip.host_country.code] = (trips + 1, euros + verdict.payable.amount)
        else:
            self.reasons.update([finding.code for finding in verdict.decisive])


class Rows:
    """Rows that a script holds, as a source: mappings of fields, read again at every call of `rows`."""

    name = "rows"

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self._rows = rows
        self.columns = list(FIELDS)

    def rows(self) -> Iterator[TableRow]:
        """Each mapping as cells; the first is row 2, as under a heading."""
        for line, row in enumerate(self._rows, 2):
            yield TableRow(line, ["" if (value := row.get(field)) is None else str(value) for field in self.columns])
