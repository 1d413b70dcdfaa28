"""Whether an organisation has visited before, asked of receipts: of what each says itself, and of the others beside it.

What a receipt says of earlier visits stands, unless another receipt contradicts it: a trip of the same visitor that
comes before and counts, or an earlier trip that no longer does.
"""

import datetime
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from cxc.conclusions import eligibility
from cxc.receipts.saved import Receipt
from cxc.rules import Answer, one_visit
from cxc.tables.first_reading import ONE_VISIT, as_a_visit
from cxc.tables.history import as_visit
from cxc.text import fold
from cxc.trip.reader import Trip
from cxc.verdict import Verdict
from cxc.visits import (
    NO_DAY,
    NO_HISTORY,
    NONE_FOUND,
    REFUSED,
    Identity,
    Noted,
    Recollection,
    Visit,
    Visits,
    identity_of,
    names_somebody,
)
from cxc.vocabulary import EarlierVisits

# How much a kind of recollection weighs: the visit counts, an open trip would, somebody of the same name has visited.
WEIGHT: Final = {
    "found": 3,
    "same-trip": 3,
    "undecided": 2,
    "order-not-known": 2,
    "same-trip-undecided": 2,
    "same-name": 1,
}
_OPEN: Final = ("undecided", "order-not-known", "same-trip-undecided")  # which do not say that the visit is decided
_COPIES: Final = ("same-trip", "same-trip-undecided")  # another row has this very trip
# Beside no-history; and what two of them are where a history would help, too, in the same words.
_UNTOLD: Final[tuple[EarlierVisits, ...]] = ("name-not-compared", "id-not-compared", "no-country", "no-name")
_WITHOUT_HISTORY: Final[dict[EarlierVisits, EarlierVisits]] = {
    "name-not-compared": "name-not-compared-no-history",
    "id-not-compared": "id-not-compared-no-history",
}
_EARLIEST: Final = datetime.date.min


def recorded(receipt: Receipt, trip: Trip) -> Recollection:
    """What a receipt's own finding tells of earlier visits, as far as those that it names bear it out."""
    finding, visits = receipt.said.findings.get(ONE_VISIT), receipt.earlier_visits
    if finding is None:
        return NO_HISTORY
    same_trip = bool(finding.values.get("same_trip"))
    if finding.outcome == "fail" and visits:
        return Recollection("same-trip" if same_trip else "found", visits)
    if finding.outcome in ("pass", "fail"):
        approved = "approved_by" in finding.values
        return Recollection("same-name" if approved else "found", visits) if visits else NONE_FOUND
    if same_trip:
        return Recollection("same-trip-undecided", visits)
    if finding.outcome == "unknown" and visits:
        return Recollection(
            _in_words(receipt, ("undecided", "same-name", "order-not-known")) or _by_name(receipt, trip), visits
        )
    untold = _in_words(receipt, _UNTOLD) or NO_HISTORY.kind
    return Recollection(_WITHOUT_HISTORY.get(untold, untold) if "history" in receipt.said.needed else untold)


def _in_words(receipt: Receipt, kinds: Sequence[EarlierVisits]) -> EarlierVisits | None:
    """Which of some kinds the receipt has in the words of today; None of one in other words."""
    said, at_most = " ".join(receipt.words), receipt.said.findings[ONE_VISIT].values.get("at_most")
    allowed = at_most if isinstance(at_most, int) else 1
    return next((kind for kind in kinds if _reason(one_visit(kind, allowed)) in said), None)


def _reason(answer: Answer) -> str:
    return answer.message[1:]  # under --strict it does not begin the sentence


def _by_name(receipt: Receipt, trip: Trip) -> EarlierVisits:
    """Whether the visits that are recorded are of the same organisation, or of one of the same name."""
    alike = Visits(receipt.earlier_visits, 1).of(as_visit(trip, receipt.table, receipt.row)).kind == "same-name"
    return "same-name" if alike else "undecided"


class _Trip(NamedTuple):
    """A trip among others: whose it is, whether it counts as a visit, and what is recorded of earlier ones.

    `place` is its number among the receipts. `same` is equal for receipts of one trip, and `group` for receipts under
    alike rules. Of rows of one table (`in_table`) each is a trip. `certain` tells that every visit on which the record
    rests is among those that are recorded.
    """

    place: int
    in_table: bool
    visit: Visit
    arrival: datetime.date
    counts: bool
    decided: bool
    approved: bool
    same: tuple[object, ...]
    group: tuple[int, bool]
    recorded: Recollection
    certain: bool


class Others:
    """The trips of all receipts, held against one another."""

    def __init__(self) -> None:
        self._trips: list[_Trip] = []
        self._earlier: dict[Visit, None] = {}

    def add(self, receipt: Receipt, verdict: Verdict, alone: Verdict, recollection: Recollection) -> None:
        """Add a receipt: its verdict with what is recorded of earlier visits, and `alone`, as if there were none."""
        trip, kind = verdict.trip, recollection.kind
        visit = as_visit(trip, receipt.table, receipt.row)
        stay, at_most = verdict.stay, verdict.scheme.rulebook.visits_at_most
        counts, decided, approved = as_a_visit(alone.fact(eligibility), alone.approval)
        assumed = kind != NONE_FOUND.kind and kind not in WEIGHT
        who = fold(visit.visitor_id or ""), fold(visit.visitor or ""), visit.visitor_country
        host = trip.host_country.code if trip.host_country else None, fold(trip.host or "")
        self._trips.append(
            _Trip(
                len(self._trips),
                receipt.in_table,
                visit,
                stay.arrival if stay else NO_DAY,
                counts,
                decided and not (assumed and verdict.strict),
                approved,
                (who, stay or len(self._trips), host),
                (at_most, verdict.strict),
                recollection,
                kind == "found" or at_most == 1,
            )
        )
        for earlier in recollection.visits:
            if names_somebody(earlier):
                self._earlier[earlier._replace(decided=kind not in _OPEN)] = None

    def contradictions(self) -> dict[int, Recollection]:
        """What other receipts tell of earlier visits, by the number of each receipt that they contradict, from 0 on."""
        given = {trip.visit[:5] for trip in self._trips}
        earlier = [visit for visit in self._earlier if visit[:5] not in given]
        groups = dict.fromkeys(trip.group for trip in self._trips)
        trips = self._in_order()
        return {number: told for group in groups for number, told in _under(group, trips, earlier, given)}

    def repeated(self) -> int:
        """How many receipts are of a trip of which another receipt comes before, as far as that can be told."""
        named = [(trip, names_somebody(trip.visit)) for trip in self._in_order()]
        told = [(trip.same, "" if name else trip.visit.file) for trip, name in named if name or trip.in_table]
        return len(told) - len({*told})

    def _in_order(self) -> list[_Trip]:
        """The trips in the order of their tables and rows, each with what is equal for receipts of this trip alone."""
        tables: dict[str, int] = {}
        rows: dict[tuple[object, ...], dict[int, int]] = {}
        for trip in self._trips:
            tables.setdefault(trip.visit.file, len(tables))
        ordered = []
        for trip in sorted(self._trips, key=lambda trip: (tables[trip.visit.file], trip.visit.row)):
            alike = rows.setdefault((trip.same, trip.visit.file), {})
            which = alike.setdefault(trip.visit.row, len(alike)) if trip.in_table else 0
            ordered.append(trip._replace(same=(trip.same, which)))
        return ordered


def _under(
    group: tuple[int, bool], of: Sequence[_Trip], earlier: Sequence[Visit], given: Collection[tuple[object, ...]]
) -> Iterator[tuple[int, Recollection]]:
    """What others tell of the trips under rulebooks that allow so many visits, assuming or not, where it contradicts.

    A visit that is recorded counts from its day on: in a history it would count for whatever is before it, too.
    """
    at_most, strict = group
    all_visits = [*(trip.visit for trip in of), *earlier]
    visits = Visits([], at_most, strict=strict, where=lambda number: all_visits[number - 1])
    identities = _identities(visits, all_visits)
    firsts: dict[tuple[object, ...], int] = {}
    trips = [*zip(of, identities, strict=False)]
    for number, (trip, identity) in enumerate(trips, 1):
        if identity and firsts.setdefault(trip.same, number) == number:
            visits.note([Noted(trip.arrival, number, identity, *_as_recorded(trip, given), trip.approved)])
    recorded = zip(earlier, identities[len(trips) :], strict=True)
    visits.note(
        Noted(visit.arrival or _EARLIEST, number, identity, True, visit.decided, False)
        for number, (visit, identity) in enumerate(recorded, len(trips) + 1)
        if identity
    )
    visits.settle()
    for trip, identity in trips:
        if identity and trip.group == group:
            told = visits.recall(firsts[trip.same])
            if _contradicts(told, trip, given):
                yield trip.place, told if told.kind in WEIGHT else NO_HISTORY


def _as_recorded(trip: _Trip, given: Collection[tuple[object, ...]]) -> tuple[bool, bool]:
    """Whether a trip counts, and is decided, after visits that are not among the receipts.

    Those of a history come before it whatever their days; what it says of them stands.
    """
    kind, visits = trip.recorded.kind, trip.recorded.visits
    if all(visit[:5] in given for visit in visits):
        return trip.counts, trip.decided
    settled = kind == "same-name" and trip.approved
    return trip.counts and kind not in REFUSED, trip.decided and settled


def _identities(visits: Visits, of: Sequence[Visit]) -> list[Identity | None]:
    """Whose visits these are, as they are numbered; None of one whose visitor is nowhere else among them."""
    ids = [fold(visit.visitor_id or "") for visit in of]
    names = [fold(visit.visitor or "") for visit in of]
    countries = [visit.visitor_country for visit in of]
    visits.look(1, ids, names, {at for at, country in enumerate(countries) if country is None})
    found: list[Identity | None] = [None] * len(of)
    for at, key, name in zip(*visits.who(1), strict=True):
        found[at] = identity_of(key, name, countries[at])
    return found


def _contradicts(told: Recollection, trip: _Trip, given: Collection[tuple[object, ...]]) -> bool:
    """Whether what others tell is more than what is recorded; or less, where every visit recorded is itself given."""
    more, recorded = WEIGHT.get(told.kind, 0), WEIGHT.get(trip.recorded.kind, 0)
    if more >= recorded or trip.recorded.kind in _COPIES:
        return more > recorded and trip.recorded.kind not in _COPIES
    return trip.certain and all(visit[:5] in given for visit in trip.recorded.visits)
