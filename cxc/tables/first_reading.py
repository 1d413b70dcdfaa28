"""The first reading of the tables: every row is judged as if nobody had visited before, and who visits is numbered.

Then it is known whose visitors come again, and which of their trips use up a visit: that is settled in the order of
their dates, whatever the order of the rows. Only rows that this concerns are judged once more in the last reading.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, Ground, already_paid
from cxc.conclusions import outcome as outcome_of
from cxc.facts import Approval
from cxc.resolver import UNREADABLE as UNREAD
from cxc.resolver import Constant, ManyRows
from cxc.tables.columns import EXPECTATIONS
from cxc.tables.expectations import expected_in
from cxc.tables.kept import Asked, Counts, KeptRows
from cxc.tables.other_names import OtherNames
from cxc.tables.paid_trips import PaidTrips, days_of
from cxc.tables.sources import PartOfTable, Source
from cxc.tables.summary import COUNTED, paid, reckoned
from cxc.text import clean
from cxc.trip.fields import CORE, NAMES, PAIRED
from cxc.trip.reader import TripReader
from cxc.trip.stay import Stay
from cxc.verdict import Verdicts
from cxc.visits import NO_DAY, Noted, Visit, Visits
from cxc.vocabulary import Stage

if TYPE_CHECKING:
    from cxc.tables.large_tables import HeldByPolars

ONE_VISIT: Final = "CXC303"  # the rule that only one visit counts
# What can be read only from several fields.
_READ_TOGETHER: Final = ("stay", "visitor_at", "host_at", "approval")
READ_TOGETHER: Final[Mapping[Stage, tuple[str, ...]]] = {
    "proposal": _READ_TOGETHER,
    "payment": (*_READ_TOGETHER, "papers"),
}
_OF_VISITS: Final = ("visitor_country", "host_country", "stay", "codes_of_dates")


def as_a_visit(eligibility: tuple[Ground, ...], approval: Approval | None) -> tuple[bool, bool, bool]:
    """Of a trip as the visit that it would be: whether it counts, is decided, and is approved as a further visit.

    Papers that are missing, or that it is paid already, change nothing of that.
    """
    outcome = outcome_of(eligibility)
    decided = outcome == ELIGIBLE or {ground.code for ground in eligibility} == {ONE_VISIT}
    return outcome != NOT_ELIGIBLE, decided, approval is not None and ONE_VISIT in approval.codes


class FirstReading:
    """Reads the tables once, and settles who visits twice. `kept` holds what is kept of their rows, in order.

    `counts` tell how many rows have which value of what is counted, as if nobody had visited before. `paid_trips` are
    those that are marked as paid; None where nobody asks for them. `other_names` tell of trips that seem to be of one
    organisation.
    """

    def __init__(
        self,
        reader: TripReader,
        verdicts: Verdicts,
        history: Iterable[Visit] | None,
        asked: Collection[Asked],
        held: "HeldByPolars | None",
    ) -> None:
        at_most, made = verdicts.scheme.rulebook.visits_at_most, held.visits if held else Visits
        self.visits: Visits = made(history, at_most, strict=verdicts.strict, where=self.visit)
        self._held = held
        self._reader, self._verdicts = reader, verdicts
        self._of_verdicts = (paid, reckoned, *asked)
        at_payment = verdicts.stage == "payment" and "paid_on" in verdicts.fields
        self.paid_trips = PaidTrips() if at_payment else None
        self._of_visits: tuple[Asked, ...] = (*_OF_VISITS, *([already_paid] if at_payment else []))
        self.kept: list[KeptRows] = []
        self.counts = Counts({one: Counter() for one in COUNTED})
        self._firsts: list[int] = []
        self._rows = self.nobody_named = 0
        self._named: dict[int, tuple[str | None, str | None]] = {}

    def read(self, sources: Sequence[Source]) -> None:
        """Read the tables, the large ones perhaps held by Polars, and settle which trips use up a visit."""
        for source in sources:
            for part in self._held.parts(source) if self._held and source.table.is_large else source.parts():
                self._read(part)
                self._verdicts.renew()
        for kept in self.kept:
            kept.who = self.visits.who(kept.first).without(kept.no_trips)
        if self._held:
            self._held.tell(self.kept, as_a_visit)
            for kept in self.kept:
                self._judge_again(kept, self._held)
        for kept in self.kept:
            self._note(kept)
        past = ((number, identity, True) for number, identity in self.visits.past)
        trips = ((trip.number, trip.identity, trip.counts) for trip in self.visits.noted)
        self.other_names = OtherNames(chain(past, trips))
        self.visits.settle()
        if self.paid_trips:
            self._note_paid(self.paid_trips)

    def _read(self, part: PartOfTable) -> None:
        """Judge some rows, and number their visitors."""
        first = self._rows + 1
        self._rows += len(part)
        first_visit = self.visits.first_visit.kind
        rows = part.alike(self._verdicts, first_visit)
        headings = _headings(part, rows)
        no_trips = _no_trips(part) - headings
        unknown = {*no_trips, *headings, *(at for at in part.faults if not part.row(at))}
        ids, names = (part.folded(field, unknown) for field in ("visitor_id", "visitor"))
        nobody = self.visits.look(first, ids, names, _countryless(rows))
        odd = self._odd(part, unknown)
        unreadable = (headings | odd | _unreadable(part, rows, self._verdicts.stage)) - no_trips
        part.let_go()
        if left_out := unreadable | no_trips:
            rows.make_unreadable(rows.resolver["earlier_visits"], left_out)
        self._count(rows, left_out)
        self.nobody_named += len({*nobody} - left_out)
        kept = KeptRows(part.source.table.title, part.lines, first, first_visit, unreadable, no_trips)
        stated = self._verdicts.fields if self._held else ()  # some of them may be judged once more by it
        kept.keep(rows, (*self._of_visits, as_a_visit, *self._of_verdicts, *stated), [*map(len, part.blocks)])
        self.kept.append(kept)
        self._firsts.append(first)

    def _count(self, rows: ManyRows[object], left_out: Collection[int]) -> None:
        """Count rows by what is counted of all of them."""
        for one in COUNTED:
            node, counts = rows.node(one), self.counts[one]
            for number, count in rows.counts(node, left_out).items():
                if number != UNREAD:
                    counts[node.values[number]] += count

    def _judge_again(self, kept: KeptRows, held: "HeldByPolars") -> None:
        """Judge the rows once more of which an earlier trip is told, and count them anew."""
        if kept.told.places:
            self._recount(kept, -1)
            held.judge_again(kept, self._of_verdicts)
            self._recount(kept, 1)
        for field in {*self._verdicts.fields} - {*_OF_VISITS}:
            del kept[field]

    def _recount(self, kept: KeptRows, sign: int) -> None:
        """Count the rows of which an earlier trip is told (`sign` 1), or take them away again (-1)."""
        for one in (paid, reckoned):
            for value, count in Counter(kept.picked(one, kept.told.places)).items():
                self.counts[one][value] += sign * count

    def _odd(self, part: PartOfTable, unknown: Collection[int]) -> set[int]:
        """The rows with a name, an id or a reference that cannot be read. At a glance most are none of these."""
        return {
            at
            for field in NAMES
            for at, text in part.suspicious(field)
            if at not in unknown and not self._reader.reads(field, text)
        }

    def _note(self, kept: KeptRows) -> None:
        """Note the trips of some rows that may use up a visit."""
        places, unreadable, noted = kept.who.places, {*kept.unreadable}, []
        stays, found_of_all = kept.picked("stay", places), kept.picked(as_a_visit, places)
        for at, identity, stay, found in zip(places, kept.identities(), stays, found_of_all, strict=True):
            if identity is None:
                continue
            number = kept.first + at
            if at in unreadable:
                self.visits.note_unreadable(number, identity)
            else:
                noted.append(Noted(stay.arrival if isinstance(stay, Stay) else NO_DAY, number, identity, *found))
        self.visits.note(noted)

    def _note_paid(self, paid_trips: PaidTrips) -> None:
        """Note the trips that are marked as paid."""
        for kept in self.kept:
            places, unreadable = kept.who.places, {*kept.unreadable}
            stays, countries = (kept.picked(asked, places) for asked in ("stay", "host_country"))
            paid_before, names = kept.picked(already_paid, places), kept.who.names
            found = zip(places, names, kept.identities(), stays, countries, paid_before, strict=True)
            for at, name, identity, stay, country, is_paid in found:
                if is_paid is True and at not in unreadable:
                    paid_trips.note(kept.first + at, name, identity, days_of(stay, country))

    def name_visits(self, sources: Sequence[Source]) -> None:
        """Read the tables to tell by name whose visits count, for reports that name them."""
        counted, number = self.visits.counted, 0
        if not counted:
            return
        for source in sources:
            for part in source.parts():
                names, ids = part.texts("visitor"), part.texts("visitor_id")
                for at in range(len(part)):
                    number += 1
                    if number in counted:
                        self._named[number] = clean(names[at]) or None, clean(ids[at]) or None

    def visit(self, number: int) -> Visit:
        """A row as the visit that it would be."""
        kept = self.kept[bisect_right(self._firsts, number) - 1]
        at = number - kept.first
        if self._held:  # only where nobody is named
            return Visit(kept.title, kept.lines[at], None, None, None, None)
        name, key = self._named.get(number, (None, None))
        stay = kept.value("stay", at)
        arrival = stay.arrival if isinstance(stay, Stay) else None
        return Visit(kept.title, kept.lines[at], name, key, kept.country(at), arrival)


def _countryless(rows: ManyRows[object]) -> Collection[int]:
    """The rows that state no country of the visitor, not even one that cannot be read."""
    node = rows.resolver["visitor_country"]
    if isinstance(node, Constant):
        return range(rows.count) if node.value is None else ()
    blank = rows.resolver.field("visitor_country").numbers.get(None)
    return () if blank is None else {*rows.places(node, blank)}


def _headings(part: PartOfTable, rows: ManyRows[object]) -> set[int]:
    """The rows that are headings, and those below the heading of a second table.

    Only rows are looked at that state neither a host country nor a day that can be read.
    """
    source, candidates = part.source, None
    for field in ("host_country", *PAIRED):
        if field in source.places and candidates != set():
            node, blank = rows.resolver[field], rows.resolver.field(field).numbers.get(None, UNREAD)
            found = {*rows.places(node, UNREAD), *rows.places(node, blank)}
            candidates = found if candidates is None else candidates & found
    return source.headings_below.look(part.lines, sorted(candidates or ()), part.row)


def _unreadable(part: PartOfTable, rows: ManyRows[object], stage: Stage) -> set[int]:
    """The rows that hold something that cannot be read, apart from names."""
    found = {*part.faults}
    texts = part.source.texts
    for name in (*(field for field in texts if texts[field].unread), *READ_TOGETHER[stage]):
        found.update(rows.places(rows.resolver[name], UNREAD))
    width = part.source.width
    found |= {at for at in part.too_long() if any(map(str.strip, part.row(at)[width:]))}
    for field in EXPECTATIONS:
        for at, text in enumerate(part.column(field) or ()):
            if text.strip() and expected_in(part.row(at), part.source.places)[0]:
                found.add(at)
    return found


# What a row must state one of to be a trip, or to be looked at as one.
_DECISIVE: Final = (*CORE, *EXPECTATIONS)


def _no_trips(part: PartOfTable) -> set[int]:
    """The rows that are no trips: totals, signatures and the like."""
    if any(map(part.all_state, CORE)):
        return set()
    columns = [column for field in _DECISIVE if (column := part.column(field)) is not None]
    blank = [at for at, texts in enumerate(zip(*columns, strict=True)) if not "".join(texts).strip()]
    return {at for at in blank if _is_no_trip(part, at)}


def _is_no_trip(part: PartOfTable, at: int) -> bool:
    """Whether a row that seems to state nothing by which it is a trip does so for sure."""
    fault, cells, source = part.faults.get(at), part.row(at), part.source
    if fault and not cells:  # nothing is known of what it states
        return False
    if isinstance(fault, tuple) and any(p.field in _DECISIVE or p.field not in source.places for p in fault):
        return False
    return not any(map(str.strip, cells[source.width :]))
