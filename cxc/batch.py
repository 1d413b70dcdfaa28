"""Tables in, verdicts out, in the order of the rows.

A row's verdict is that of `cxc check`, and beside it what only a table shows: the same visitor twice, the same trip
twice, trips of one visitor that overlap, a budget that is exceeded. Trips are held against one another in the order of
their dates, whatever the order of the rows; that takes two readings. Memory grows with the visitors, not with the rows.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from operator import getitem, itemgetter
from typing import NamedTuple, cast

from cxc.columns import EXPECTATIONS, Columns
from cxc.countries import Country
from cxc.errors import Problem, TripError
from cxc.facts import DayFacts, Facts, day_facts, facts_of, member, place_facts
from cxc.remarks import NO_ORGANISATION
from cxc.scheme import Scheme
from cxc.stay import Stay
from cxc.table import Table, TableRow
from cxc.text import clean, fold, listed, nearest
from cxc.trip import FIELDS, MEMBER_UNNAMED, NO_MEMBER, Trip, TripReader, Unacceptable, parse_euros
from cxc.verdict import ELIGIBLE, NOT_ELIGIBLE, OUTCOMES, UNREADABLE, Judge, Verdict
from cxc.visits import NO_HISTORY, NONE_FOUND, Identity, Recollection, Visit, Visits, identity_of, unidentified


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
        self._judge = Judge(scheme, strict=strict)
        self._history_known = history is not None
        at_most = scheme.rulebook.visits_at_most
        self._visitors = _Visitors(list(history or ()), at_most, history_known=self._history_known, strict=strict)

    def judge(self, sources: Sequence[tuple[Table, Columns]]) -> Iterator[Judged]:
        """The verdict on every row, in order. Reads everything once before the first verdict is given."""
        judge, visitors = self._judge, self._visitors
        for order, _, stated, _ in self._stated(sources):
            identity = stated.identity if stated else None
            if stated is not None and identity is not None:
                visitors.note(identity)
                verdict = stated.verdict(judge, NONE_FOUND)
                if verdict.outcome != NOT_ELIGIBLE:
                    approved = bool(stated.approved and "CXC303" in stated.approved)
                    named = (stated.visitor, stated.visitor_id)
                    visitors.add(_Candidate(order, verdict.outcome == ELIGIBLE, approved, *named), identity)
        visitors.settle([source.name for source, _ in sources])
        for order, row, stated, read in self._stated(sources):
            judged = self._judged(order, row, stated, read, *sources[order.place])
            self.summary.add(judged)
            yield judged

    def _stated(
        self, sources: Sequence[tuple[Table, Columns]]
    ) -> Iterator[tuple["Order", TableRow, "Stated | None", "_Read"]]:
        """What every row states; None for one that cannot be read."""
        number = 0
        latest = datetime.date.max
        for place, (source, columns) in enumerate(sources):
            reader = RowReader(self.reader, columns, len(source.columns), self.scheme)
            for row in source.rows():
                number += 1
                read, stated = _GOOD, None
                try:
                    stated = reader.quick(row)
                except _Unusual:
                    read = _read(row, reader.width, columns)
                    if not read.problems:
                        try:
                            stated = reader.whole(row)
                        except TripError as error:
                            read = read._replace(problems=error.problems)
                arrival = stated.stay.arrival if stated is not None and stated.stay is not None else latest
                yield Order(arrival, number, place, row.line), row, stated, read

    def _judged(
        self,
        order: "Order",
        row: TableRow,
        stated: "Stated | None",
        read: "_Read",
        source: Table,
        columns: Columns,
    ) -> Judged:
        expected, problems, verdict = read.expected, read.problems, None
        notices: tuple[str, ...] = ()
        if stated is not None:
            identity = stated.identity
            if identity is not None:
                recollection = self._visitors.recall(order, identity)
                if recollection is NONE_FOUND and not self._history_known:
                    recollection = NO_HISTORY
            else:
                recollection = stated.unidentified if self._history_known else NO_HISTORY
            shown = stated
            if self.redact:
                shown = stated.redacted()
                recollection = recollection._replace(visits=tuple(map(_nameless, recollection.visits)))
            verdict = shown.verdict(self._judge, recollection)
            notices = self._notices(source.name, row.line, stated, identity, verdict)
        cells = row.cells
        if self.redact:
            problems = tuple(map(_without_value, problems))
            cells = _redacted_cells(cells, verdict, columns)
        judged = Judged(source.name, row.line, cells, verdict, problems, notices, expected)
        return judged._replace(mismatch=_mismatch(judged)) if expected else judged

    def _notices(
        self, file: str, line: int, stated: "Stated", identity: Identity | None, verdict: Verdict
    ) -> tuple[str, ...]:
        notices: list[str] = []
        if identity and stated.stay and self._visitors.shared(identity):
            notices += self._visitors.companions(identity, stated, file, line)
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


class Stated:
    """What a row states: its facts, its stay, who travels, and the trip, put together when it is asked for."""

    __slots__ = ("_trip", "approved", "facts", "host", "identity", "stay", "visitor", "visitor_id")

    def __init__(
        self,
        facts: Facts,
        stay: Stay | None,
        identity: Identity | None,
        visitor: str | None,
        visitor_id: str | None,
        host: str | None,
        approved: tuple[str, ...] | None,
        trip: Trip | Callable[[], Trip],
    ) -> None:
        self.facts, self.stay, self.identity, self.visitor, self.visitor_id = facts, stay, identity, visitor, visitor_id
        self.host, self.approved, self._trip = host, approved, trip

    @property
    def trip(self) -> Trip:
        """The trip with everything that it states."""
        if not isinstance(self._trip, Trip):
            self._trip = self._trip()
        return self._trip

    @property
    def unidentified(self) -> Recollection:
        """What is missing to tell who travels."""
        return unidentified(self.trip)

    def redacted(self) -> "Stated":
        """The same without names."""
        trip = redacted(self.trip)
        return Stated(self.facts, self.stay, None, None, None, None, self.approved, trip)

    def verdict(self, judge: Judge, recollection: Recollection) -> Verdict:
        """The verdict, with what is known of earlier visits."""
        if self.approved:
            return judge(self.trip, recollection)
        facts = tuple.__new__(Facts, (*self.facts[:-1], recollection.kind))
        return Verdict(judge, facts, judge.parts(facts), self._trip, self.stay, None, recollection.visits)


class _Unusual(Exception):
    """A row that the quick way does not read: the whole one decides."""


class _Memory(dict[str, object]):
    """What a field's texts stand for, read once each. A text that cannot be read is not remembered."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> object:
        try:
            value = self._read(text)
        except Unacceptable:
            raise _Unusual from None
        if len(self) >= MOST_TEXTS:
            self.clear()
        self[text] = value
        return value


MOST_TEXTS = 20_000
_STATED_FACTS = (
    *("visitor_country", "visitor_type", "visitor_cluster", "host_country", "host_type", "host_cluster"),
    *("distance_km", "travellers", "activity", "third_country_national", "residence_days", "business_there"),
)
_DATES = ("arrival", "departure", "first_day", "last_day")


class RowReader:
    """Reads the rows of one table: quickly where a row is as most are, and otherwise just as one trip is read."""

    def __init__(self, reader: TripReader, columns: Columns, width: int, scheme: Scheme) -> None:
        self._reader, self._scheme, self.width = reader, scheme, width
        self._places = [(field, at) for field, at in columns.places.items() if field in FIELDS]
        places = columns.places
        anchor = places["host_country"]  # a column that is there stands in for those that are not
        self._pick = itemgetter(*(places.get(field, anchor) for field in _STATED_FACTS))
        self._memories = [self._memory(field, field in places) for field in _STATED_FACTS]
        others = [field for field in ("host", "approved", "approved_by", "approved_on") if field in places]
        self._others = [(places[field], self._memory(field, True), field == "approved") for field in others]
        pair = _DATES[:2] if _DATES[0] in places else _DATES[2:]
        wanted = _DATES if len(set(_DATES) & places.keys()) > 2 else pair
        self._dates = itemgetter(*(places.get(field, anchor) for field in wanted))
        self._days = [self._memory(field, field in places) for field in wanted]
        self._on_site = wanted == _DATES[2:]
        self._stays: dict[tuple[str, ...], tuple[Stay | None, DayFacts]] = {}
        self._visitor, self._id, self._reference, self._host = (
            places.get(field) for field in ("visitor", "visitor_id", "reference", "host")
        )
        self._expects = any(field in places for field in EXPECTATIONS)

    def _memory(self, field: str, there: bool) -> _Memory:
        read = partial(self._reader.field, field)
        if not there:
            return _Memory(lambda _: None)
        if field in ("visitor_cluster", "host_cluster"):
            return _Memory(lambda text: member(cast("str | None", read(text))))
        return _Memory(read)

    def whole(self, row: TableRow) -> Stated:
        """A row as `cxc check` reads a trip. Raises TripError."""
        trip = self._trip(row.cells)
        facts = facts_of(trip, self._scheme, NONE_FOUND)
        return Stated(
            facts, trip.stay, identity_of(trip), trip.visitor, trip.visitor_id, trip.host, trip.approved, trip
        )

    def quick(self, row: TableRow) -> Stated:
        """The same, faster. Raises _Unusual for a row that needs a closer look: an approval, a fault, odd text."""
        cells = row.cells
        if self._expects or row.fault or len(cells) != self.width:
            raise _Unusual
        stated = [*map(getitem, self._memories, self._pick(cells))]
        for at, memory, unusual in self._others:
            if memory[cells[at]] is not None and unusual:
                raise _Unusual
        texts = self._dates(cells)
        found = self._stays.get(texts)
        if found is None:
            found = self._stay(texts)
        stay, days = found
        country, host = cast("Country | None", stated[0]), cast("Country | None", stated[3])
        facts = tuple.__new__(
            Facts, (*stated, *days, *place_facts(stay, days, host, self._scheme.rulebook), "none-found")
        )
        visitor = visitor_id = None
        name = key = ""
        if self._id is not None and (text := cells[self._id]):
            visitor_id = text
            if text.isalnum() and text.isascii() and text[-1].isdigit() and text.strip("0"):
                key = text.lower()  # letters and digits that end in a digit are an id, and no remark
            else:
                visitor_id = self._text("visitor_id", text)
                key = fold(visitor_id) if visitor_id else ""
        if self._visitor is not None and (text := cells[self._visitor]):
            if not text.isascii() or not text.isprintable():
                text = self._text("visitor", text) or ""
            name = fold(text)
            if name in NO_ORGANISATION or (text and not name):
                raise _Unusual
            visitor = text or None
        if self._reference is not None and "\0" in cells[self._reference]:
            raise _Unusual
        identity = Identity.folded(name, key, country.code if country else None)
        host_name = cells[self._host] if self._host is not None else None
        return Stated(facts, stay, identity, visitor, visitor_id, host_name, None, partial(self._trip, cells))

    def _trip(self, cells: list[str]) -> Trip:
        return self._reader.read({field: cells[at] for field, at in self._places if at < len(cells)})

    def _text(self, field: str, text: str) -> str | None:
        try:
            return cast("str | None", self._reader.field(field, text))
        except Unacceptable:
            raise _Unusual from None

    def _stay(self, texts: tuple[str, ...]) -> tuple[Stay | None, DayFacts]:
        days = [memory[text] for memory, text in zip(self._days, texts, strict=True)]
        if len(days) == 2:
            days = [None, None, *days] if self._on_site else [*days, None, None]
        arrival, departure, first, last = cast("list[datetime.date | None]", days)
        stay = None
        if arrival and departure and arrival <= departure and not (first or last):
            stay = Stay.between(arrival, departure)
        elif first and last and first <= last and not (arrival or departure):
            stay = Stay.on_site(first, last)
        elif any(days):
            raise _Unusual
        if len(self._stays) >= MOST_TEXTS:
            self._stays.clear()
        found = self._stays[texts] = stay, day_facts(stay, self._scheme.rulebook)
        return found


class _Candidate(NamedTuple):
    """A trip that may use up a visit: eligible but for that, or undecided; `approved` for the rule one-visit."""

    order: Order
    eligible: bool
    approved: bool
    visitor: str | None
    visitor_id: str | None


class _Visitors:
    """Who visits in the tables, and who has visited before them."""

    def __init__(self, history: Sequence[Visit], at_most: int, *, history_known: bool, strict: bool) -> None:
        self._at_most, self._history_known, self._strict = at_most, history_known, strict
        self._history = history
        self._first: dict[Identity, list[_Candidate]] = {}
        self._visits = Visits()
        self._seen: set[Identity] = set()
        self._several: set[Identity] = set()
        self._stays: dict[Identity, dict[tuple[object, ...], tuple[str, int]]] = {}

    def note(self, identity: Identity) -> None:
        """Note that a visitor has a trip."""
        (self._several if identity in self._seen else self._seen).add(identity)

    def add(self, candidate: "_Candidate", identity: Identity) -> None:
        """Note a trip that is not refused. Of one visitor no more are kept than could ever count."""
        kept = self._first.get(identity)
        if kept is None:
            self._first[identity] = [candidate]
            return
        kept.append(candidate)
        if len(kept) > self._at_most:
            kept.sort()
            kept.pop()

    def settle(self, names: Sequence[str]) -> None:
        """Find out, in the order of dates, which trips use up a visit. `names` are those of the tables."""
        self._visits = Visits(self._history)
        trips = [(candidate, identity) for identity, kept in self._first.items() for candidate in kept]
        self._first.clear()
        self._seen.clear()
        for (order, eligible, approved, visitor, visitor_id), identity in sorted(trips):
            found = self._visits.recall_identity(identity, self._at_most)
            if found.kind == "found":
                continue
            if found.kind in ("undecided", "same-name"):
                settled = approved and found.kind == "same-name"
            else:  # a first visit, for sure or assumed
                sure = found is NONE_FOUND and self._history_known
                settled = sure or not self._strict
            self._visits.remember(
                Visit(
                    names[order.place],
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

    def shared(self, identity: Identity) -> bool:
        """Whether a visitor has more than one trip."""
        return identity in self._several

    def companions(self, identity: Identity, trip: "Stated", file: str, line: int) -> list[str]:
        """What other trips of the same visitor, in rows above, make of this one."""
        stay = trip.stay
        assert stay is not None
        seen = self._stays.setdefault(identity, {})
        key = (stay.first, stay.last, trip.facts.host_country, trip.host)
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
    problems: tuple[Problem, ...]
    expected: Expectation | None


_GOOD = _Read((), None)


def _read(row: TableRow, width: int, columns: Columns) -> _Read:
    """What is wrong with a row as such, and what it expects."""
    cells = row.cells
    if row.fault:
        return _Read((Problem("", None, row.fault[0].upper() + row.fault[1:] + "."),), None)
    stated = [
        cells[at].strip() if (at := columns.places.get(field)) is not None and at < len(cells) else ""
        for field in EXPECTATIONS
    ]
    problems = []
    if len(cells) > width and any(map(str.strip, cells[width:])):
        message = (
            f"The row has {len(cells)} cells, and the heading {width}; a quotation mark or a delimiter may be wrong."
        )
        problems.append(Problem("", None, message))
    if not any(stated):
        return _Read(tuple(problems), None)
    outcome, eur = stated
    folded = {fold(name): name for name in OUTCOMES}
    faults = len(problems)
    if outcome and fold(outcome) not in folded:
        message = f"expected_outcome: '{clean(outcome)[:60]}' is none of {', '.join(OUTCOMES)}"
        problems.append(Problem("expected_outcome", outcome, message))
    amount = parse_euros(eur)
    if eur and amount is None:
        message = f"expected_eur: '{clean(eur)[:60]}' is not an amount, such as 390 or 390.00"
        problems.append(Problem("expected_eur", eur, message))
    if len(problems) > faults:
        return _Read(tuple(problems), None)
    return _Read(tuple(problems), Expectation(folded.get(fold(outcome)), amount))


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
            host = verdict.facts.host_country
            assert host is not None
            trips, euros = self.by_host.get(host.code, (0, Decimal(0)))
            self.by_host[host.code] = (trips + 1, euros + verdict.payable.amount)
        else:
            self.reasons.update([finding.code for finding in verdict.decisive])


class Rows(Table):
    """Rows that a script holds, as a source: mappings of fields, read again at every call of `rows`."""

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self.name = "rows"
        self._rows = rows
        self.columns = list(FIELDS)

    def rows(self) -> Iterator[TableRow]:
        """Each mapping as cells; the first is row 2, as under a heading."""
        known = frozenset(self.columns)
        for line, row in enumerate(self._rows, 2):
            fault = None
            for field in row:
                if field not in known:
                    close = nearest(str(field), self.columns)
                    hint = f"; did you mean {listed(close)}?" if close else ""
                    fault = f"'{clean(str(field))[:60]}' is no field of a trip{hint}"
            yield TableRow(line, [_as_cell(row.get(field)) for field in self.columns], fault)


def _as_cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    return "" if value is None else str(value)
