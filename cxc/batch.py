"""Tables in, verdicts out, in the order of the rows.

A row's verdict is that of `cxc check`, and beside it what only a table shows: the same visitor twice, the same trip
twice, trips of one visitor that overlap, a budget that is exceeded. Trips are held against one another in the order of
their dates, whatever the order of the rows. So the tables are read to see who occurs more than once, then, where
somebody does, to see which of their trips use up a visit, and then for the verdicts. Memory grows with the visitors.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from cxc.clusters import TakenAsClusters
from cxc.columns import EXPECTATIONS, Columns
from cxc.countries import Country
from cxc.errors import Problem, TripError
from cxc.history import History, load_history
from cxc.memory import Memory
from cxc.redaction import WITHHELD, kept_columns, nameless, redacted, redacted_cells, without_value
from cxc.rows import Look, RowReader, Unusual
from cxc.scheme import Scheme
from cxc.stay import Stay
from cxc.table import Table, TableRow, titled
from cxc.text import clean, fold, listed
from cxc.trip import FIELDS, Trip, TripReader, parse_euros
from cxc.verdict import (
    DAYS,
    ELIGIBLE,
    FAILS,
    NOT_ELIGIBLE,
    ONCE,
    OUTCOMES,
    SUM,
    UNREADABLE,
    Judge,
    Part,
    Payable,
    Verdict,
)
from cxc.visitors import Candidate, Order, Visitors
from cxc.visits import NO_HISTORY, NONE_FOUND, Identity, Recollection, Visit, identity_of, unidentified


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

    outcome: str | None
    eur: Decimal | None


class Judged(NamedTuple):
    """A row with its verdict, or with the problems for which it has none.

    `notices` are what only the table shows. `mismatch` says how the row differs from what it expects; it is None where
    it is as expected, or where nothing was expected (`expected` is None, too). `names` are the reference, the visitor
    and the host of a row that has no trip, as they are written.
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
    def outcome(self) -> str:
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
    def standing(self) -> str:
        """How the row counts: by its outcome; or, where it expects one, as eligible if met and not-eligible if not."""
        if self.expected is None:
            return self.outcome
        return NOT_ELIGIBLE if self.mismatch else ELIGIBLE


def new_batch(
    scheme: Scheme,
    *,
    date_format: str,
    history: History,
    history_date_format: str | None,
    strict: bool = False,
    budget: Decimal | None = None,
    redact: bool = False,
) -> "Batch":
    """A batch from what its user gives, on the command line or in a script. Raises InputError."""
    told: list[str] = []
    visits = load_history(history, scheme.countries, date_format, history_date_format, told.append)
    reader = TripReader(scheme.countries, date_format)
    batch = Batch(scheme, reader, strict=strict, history=visits, budget=budget, redact=redact)
    batch.summary.notices += [f"{notice}." for notice in told]
    return batch


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
        self.summary.clusters.withheld = redact
        self._judge = Judge(scheme, strict=strict)
        self._answers: Memory[str, Part] = Memory(lambda kind: self._judge.chapters[ONCE].on(earlier_visits=kind))
        self._history = None if history is None else list(history)
        self._visitors = Visitors(
            self._history or (),
            scheme.rulebook.visits_at_most,
            history_known=self._history is not None,
            strict=strict,
        )
        self._paid = Decimal(0)
        self._first_visit = NO_HISTORY if self._history is None else NONE_FOUND

    def judge(self, sources: Sequence[tuple[Table, Columns]]) -> Iterator[Judged]:
        """The verdict on every row, in order. Reads everything once before the first verdict is given."""
        readers = [RowReader(self.reader, columns, len(table.columns), self._judge) for table, columns in sources]
        look = Look(self._history)
        for (table, _), reader in zip(sources, readers, strict=True):
            look.read(table.rows(), reader)
        odd, shared, no_trips = look.odd, look.shared, look.no_trips
        if shared:
            self._settle(sources, readers, odd, shared, no_trips)
        once, count, add_clusters = self._once(self._first_visit), self.summary.add, self.summary.clusters.add
        make, budgeted = tuple.__new__, self.budget is not None
        number = 0
        for place, ((table, columns), reader) in enumerate(zip(sources, readers, strict=True)):
            name, sheet, title, verdict_on = table.name, table.sheet, table.title, reader.verdict
            for row in table.rows():
                number += 1
                line, cells, fault = row
                if number in no_trips:
                    self.summary.add_no_trip(title, line)
                    kept = [""] * len(kept_columns(columns, True, table.columns)) if self.redact else cells
                    yield make(Judged, (name, line, kept, None, (), (), None, None, (), sheet))
                    continue
                notices: tuple[str, ...] = ()
                read, verdict = _GOOD, None
                if not fault and number not in odd:
                    try:
                        if number in shared:
                            verdict, notices = self._held(number, place, line, title, cells, reader)
                        else:
                            verdict = verdict_on(cells, once)
                    except Unusual:
                        pass
                if verdict is None:
                    read = _read(row, reader, columns, table)
                    if read.trip is not None:
                        order = Order(_arrival(read.trip.stay), number, place, line)
                        verdict, notices = self._whole(order, title, read.trip, number in shared)
                if budgeted and verdict is not None:
                    notices += self._over_budget(title, line, verdict)
                names = () if verdict else _names(cells, columns)
                judged = make(
                    Judged, (name, line, cells, verdict, read.problems, notices, read.expected, None, names, sheet)
                )
                if read.expected is not None:
                    judged = judged._replace(mismatch=_mismatch(judged))
                if self.redact:
                    judged = self._redacted(judged, columns)
                count(judged)
                if verdict is not None:
                    if reader.names_nobody(cells, verdict):
                        self.summary.nobody_named += 1
                    if named := reader.clusters(cells, verdict):
                        add_clusters(named)
                yield judged

    def _settle(
        self,
        sources: Sequence[tuple[Table, Columns]],
        readers: Sequence[RowReader],
        odd: Container[int],
        shared: Container[int],
        no_trips: Container[int],
    ) -> None:
        """Find out which trips use up a visit, of those that are to be held against others."""
        number, visitors, none_found = 0, self._visitors, self._once(NONE_FOUND)
        for place, ((table, columns), reader) in enumerate(zip(sources, readers, strict=True)):
            for row in table.rows():
                number += 1
                if number not in shared or number in no_trips:
                    continue
                line, cells, fault = row
                try:
                    if fault or number in odd:
                        raise Unusual
                    verdict = reader.verdict(cells, none_found)
                    identity, approved = reader.identity(cells), False
                    visitor, visitor_id = reader.names(cells)
                except Unusual:
                    trip = _read(row, reader, columns, table).trip
                    if trip is None:
                        continue
                    verdict = self._judge(trip, NONE_FOUND)
                    identity, approved = identity_of(trip), bool(trip.approved and "CXC303" in trip.approved)
                    visitor, visitor_id = trip.visitor, trip.visitor_id
                if identity is None:
                    continue
                visitors.note(identity)
                if verdict.outcome != NOT_ELIGIBLE:
                    order = Order(_arrival(verdict.stay), number, place, line)
                    eligible = verdict.outcome == ELIGIBLE
                    visitors.add(Candidate(order, eligible, approved, visitor, visitor_id), identity)
        visitors.settle([table.title for table, _ in sources])

    def _held(
        self, number: int, place: int, line: int, file: str, cells: Sequence[str], reader: RowReader
    ) -> tuple[Verdict, tuple[str, ...]]:
        """The verdict on a row that is held against others, and what they make of it. Raises Unusual."""
        stay = reader.stay(cells)
        identity = reader.identity(cells)
        order = Order(_arrival(stay), number, place, line)
        recollection = self._recollection(order, identity, partial(reader.trip, cells))
        verdict = reader.verdict(cells, self._once(recollection), recollection.visits)
        country, host = verdict.parts[SUM].facts["host_country"], reader.host(cells)
        copied, notices = self._companions(order, file, identity, stay, country, host, recollection)
        if copied is not recollection:
            verdict = reader.verdict(cells, self._once(copied), copied.visits)
        return verdict, self._promised(verdict, identity, notices)

    def _whole(self, order: Order, file: str, trip: Trip, shared: bool) -> tuple[Verdict, tuple[str, ...]]:
        """The same for a row that was read as a trip."""
        identity, recollection = identity_of(trip), self._first_visit
        if shared:
            recollection = self._recollection(order, identity, lambda: trip)
        country, host = trip.host_country, trip.host
        recollection, notices = self._companions(order, file, identity, trip.stay, country, host, recollection)
        verdict = self._judge(trip, recollection)
        return verdict, self._promised(verdict, identity, notices)

    def _recollection(self, order: Order, identity: Identity | None, trip: Callable[[], Trip]) -> Recollection:
        """What is known of earlier visits, of a row that is held against others."""
        if identity is None:
            return unidentified(trip()) if self._history is not None else NO_HISTORY
        found = self._visitors.recall(order, identity)
        return self._first_visit if found is NONE_FOUND else found

    def _companions(
        self,
        order: Order,
        file: str,
        identity: Identity | None,
        stay: Stay | None,
        country: object,
        host: str | None,
        recollection: Recollection,
    ) -> tuple[Recollection, tuple[str, ...]]:
        """What rows above say of the same visitor; where the visit that counts is this very trip, that is recalled."""
        if identity is None or stay is None or not self._visitors.shared(identity):
            return recollection, ()
        same, notices = self._visitors.companions(identity, stay, country, host, file, order.line)
        if same and recollection.kind in _OF_A_COPY and same in [visit[:2] for visit in recollection.visits]:
            recollection = recollection._replace(kind=_OF_A_COPY[recollection.kind])
        return recollection, notices

    def _promised(self, verdict: Verdict, identity: Identity | None, notices: tuple[str, ...]) -> tuple[str, ...]:
        """The notices of a row; where other dates are advised, that this holds for one of a visitor's trips alone."""
        days = verdict.parts[DAYS]
        dates_advised = verdict.stay is not None and (days.halves or days.rank == FAILS)
        if dates_advised and identity is not None and self._visitors.shared(identity):
            return (*notices, PROMISED_ONCE)
        return notices

    def _redacted(self, judged: Judged, columns: Columns) -> Judged:
        """A row without names."""
        verdict = judged.verdict
        if verdict is not None:
            visits, trip = tuple(map(nameless, verdict.earlier_visits)), verdict.trip
            parts = verdict.parts
            if verdict.approved:  # who approved stands in the answers
                unsigned = trip._replace(approved_by=WITHHELD)
                parts = self._judge(unsigned, Recollection(verdict.facts.earlier_visits, visits)).parts
            verdict = Verdict(self._judge, parts, redacted(trip), verdict.stay, visits)
        cells = redacted_cells(judged.cells, verdict, columns)
        problems = tuple(map(without_value, judged.problems))
        return judged._replace(verdict=verdict, cells=cells, problems=problems, names=())

    def _once(self, recollection: Recollection) -> Part:
        """What the rule one-visit says of what is known of earlier visits."""
        return self._answers[recollection.kind]

    def _over_budget(self, file: str, line: int, verdict: Verdict) -> tuple[str, ...]:
        """Says so at the row from which on the budget is exceeded."""
        if self.budget is None or verdict.payable is None:
            return ()
        before, self._paid = self._paid, self._paid + verdict.payable.amount
        if not before <= self.budget < self._paid:
            return ()
        exceeded = f"The budget of EUR {self.budget:.2f} is exceeded from {file}, row {line}, on."
        self.summary.notices.append(exceeded)
        return (exceeded,)


_OF_A_COPY = {"found": "same-trip", "undecided": "same-trip-undecided"}
_LATEST = datetime.date.max
PROMISED_ONCE = "This visitor has other trips in the tables: what other dates would bring holds for one of them alone."


def _arrival(stay: Stay | None) -> datetime.date:
    """The day of arrival; a trip without dates comes after all others."""
    return stay.arrival if stay else _LATEST


class _Read(NamedTuple):
    """A row that was read as a trip: the trip, or what is wrong; and what the row expects."""

    trip: Trip | None
    problems: tuple[Problem, ...]
    expected: Expectation | None


_GOOD = _Read(None, (), None)
NO_TRIP = "no-trip"
MOST_NAMED = 20  # rows that are no trips


def _read(row: TableRow, reader: RowReader, columns: Columns, table: Table) -> _Read:
    """A row as `cxc check` reads a trip. In a sheet, what is wrong is named by its cell, too."""
    read = _read_cells(row, reader, columns)
    if table.sheet is None or not read.problems:
        return read
    return read._replace(problems=tuple(_located(problem, row[0], columns, table) for problem in read.problems))


def _located(problem: Problem, line: int, columns: Columns, table: Table) -> Problem:
    """What is wrong, with the cell that holds it, such as June!L14."""
    at = columns.places.get(problem.field)
    named = f"{problem.field}: "
    if at is None or not problem.message.startswith(named):
        return problem
    return problem._replace(message=f"{problem.field} ({table.cell(line, at)}): {problem.message[len(named) :]}")


def _read_cells(row: TableRow, reader: RowReader, columns: Columns) -> _Read:
    _, cells, fault = row
    if fault:
        problems = (Problem("", None, fault[0].upper() + fault[1:] + "."),) if isinstance(fault, str) else fault
        return _Read(None, problems, None)
    problems, expected = _expected(cells, columns)
    if len(cells) > reader.width and any(map(str.strip, cells[reader.width :])):
        message = (
            f"The row has {len(cells)} cells, and the heading {reader.width}; a quotation mark or a delimiter may be "
            "wrong."
        )
        problems = (Problem("", None, message), *problems)
    if problems:
        return _Read(None, problems, expected)
    try:
        return _Read(reader.whole(cells), (), expected)
    except TripError as error:
        return _Read(None, tuple(error.problems), expected)


def _names(cells: Sequence[str], columns: Columns) -> tuple[str, ...]:
    """The reference, the visitor and the host of a row, as they are written."""
    at = [columns.places.get(field, len(cells)) for field in ("reference", "visitor", "host")]
    return tuple([clean(cells[place]) if place < len(cells) else "" for place in at])


def _expected(cells: Sequence[str], columns: Columns) -> tuple[tuple[Problem, ...], Expectation | None]:
    """What a row expects, or what is wrong with that."""
    outcome, eur = [
        cells[at].strip() if (at := columns.places.get(field)) is not None and at < len(cells) else ""
        for field in EXPECTATIONS
    ]
    if not (outcome or eur):
        return (), None
    problems = []
    folded = {fold(name): name for name in OUTCOMES}
    if outcome and fold(outcome) not in folded:
        message = f"expected_outcome: '{clean(outcome)[:60]}' is none of {', '.join(OUTCOMES)}"
        problems.append(Problem("expected_outcome", outcome, message))
    amount = parse_euros(eur)
    if eur and amount is None:
        message = f"expected_eur: '{clean(eur)[:60]}' is not an amount, such as 390 or 390.00"
        problems.append(Problem("expected_eur", eur, message))
    if problems:
        return tuple(problems), None
    return (), Expectation(folded.get(fold(outcome)), amount)


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
    """Counts over the rows that were judged; `notices` are what to know of all of them together.

    `nobody_named` counts rows with a verdict whose visitor cannot be told from others, so that nobody knows whether it
    has visited before. `assuming` counts rows that are not refused and that rest on something that was assumed.
    `clusters` are the texts that were taken as names of clusters.
    """

    def __init__(self) -> None:
        self.rows = self.expected = self.mismatched = self.nobody_named = self.assuming = self.no_trips = 0
        self._no_trips: dict[str, list[int]] = {}
        self.notices: list[str] = []
        self.clusters = TakenAsClusters()
        self._outcomes = dict.fromkeys(OUTCOMES, 0)
        self._as_expected = dict.fromkeys(OUTCOMES, 0)  # more or fewer than by outcome
        self._paid: dict[tuple[Part, Decimal], tuple[int, Payable]] = {}
        self._reasons: dict[tuple[str, ...], int] = {}

    def add(self, judged: Judged) -> None:
        """Count a row."""
        self.rows += 1
        verdict, expected = judged.verdict, judged.expected
        outcome = UNREADABLE if verdict is None else verdict.outcome
        self._outcomes[outcome] += 1
        if expected is not None:
            self.expected += 1
            self.mismatched += judged.mismatch is not None
            self._as_expected[outcome] -= 1
            self._as_expected[judged.standing] += 1
        if verdict is None:
            return
        if verdict.rank < FAILS:
            for part in verdict.parts:
                if part.assumes:
                    self.assuming += 1
                    break
        payable = verdict.payable
        if payable is None:
            codes = verdict.grounds.codes
            self._reasons[codes] = self._reasons.get(codes, 0) + 1
        else:
            key = verdict.parts[SUM], payable.amount
            self._paid[key] = self._paid.get(key, _NONE_PAID)[0] + 1, payable

    def add_no_trip(self, title: str, line: int) -> None:
        """Count a row that is no trip."""
        self.no_trips += 1
        if self.no_trips <= MOST_NAMED:
            self._no_trips.setdefault(title, []).append(line)

    @property
    def no_trip_rows(self) -> str:
        """Which rows are no trips, the first of them: files, sheets and rows."""
        named = [
            f"{title}, {'row' if len(lines) == 1 else 'rows'} {listed([*map(str, lines)], 'and')}"
            for title, lines in self._no_trips.items()
        ]
        more = self.no_trips - MOST_NAMED
        return "; ".join([*named, f"and {more} more"] if more > 0 else named)

    @property
    def outcomes(self) -> Counter[str]:
        """How many rows came out how."""
        return Counter({name: count for name, count in self._outcomes.items() if count})

    @property
    def standings(self) -> Counter[str]:
        """How many rows count how: by their outcome, or by what they expect."""
        return +Counter({name: self._outcomes[name] + more for name, more in self._as_expected.items()})

    @property
    def payable(self) -> Decimal:
        """The sum over all eligible rows, in EUR."""
        return sum((count * amount.amount for count, amount in self._paid.values()), Decimal(0))

    @property
    def by_host(self) -> dict[str, tuple[int, Decimal]]:
        """The eligible trips to each country, by its code, and what is payable for them in EUR."""
        found: dict[str, tuple[int, Decimal]] = {}
        for (part, _), (count, amount) in self._paid.items():
            host = part.facts["host_country"]
            assert isinstance(host, Country)
            trips, euros = found.get(host.code, (0, Decimal(0)))
            found[host.code] = trips + count, euros + count * amount.amount
        return found

    @property
    def inferred(self) -> int:
        """How many eligible trips have an amount that is not confirmed."""
        return sum(count for count, amount in self._paid.values() if amount.basis == "inferred")

    @property
    def reasons(self) -> Counter[str]:
        """How often each rule failed, or left a trip undecided."""
        found: Counter[str] = Counter()
        for codes, count in self._reasons.items():
            for code in codes:
                found[code] += count
        return found


_NONE_PAID = (0, None)


class Rows(Table):
    """Rows that a script holds, as a source: mappings of fields, read again at every call of `rows`."""

    def __init__(self, rows: Iterable[Mapping[str, object]], reader: TripReader) -> None:
        self.name = "rows"
        self._rows, self._reader = rows, reader
        self.columns = list(FIELDS)

    def rows(self) -> Iterator[TableRow]:
        """Each mapping as cells; the first is row 2, as under a heading."""
        for line, row in enumerate(self._rows, 2):
            texts = row.keys() <= _FIELDS and all(isinstance(value, str) for value in row.values())
            problems = () if texts else self._reader.problems(row)
            if problems:  # what is text tells whose row it is
                row = {field: value for field, value in row.items() if isinstance(value, str)}
            cells = [self._reader.text(field, row.get(field)) for field in self.columns]
            yield line, cells, problems or None


_FIELDS = frozenset(FIELDS)
