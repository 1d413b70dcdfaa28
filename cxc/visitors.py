"""Who visits in the tables, and which trips use up a visit: in the order of dates, whatever the order of the rows."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from cxc.stay import Stay
from cxc.visits import NONE_FOUND, Identity, Recollection, Visit, Visits


class Order(NamedTuple):
    """The order in which trips are held against one another: by arrival, then as they stand in the files."""

    arrival: datetime.date
    number: int
    place: int
    line: int


class Candidate(NamedTuple):
    """A trip that may use up a visit: eligible but for that, or undecided; `approved` for the rule one-visit."""

    order: Order
    eligible: bool
    approved: bool
    visitor: str | None
    visitor_id: str | None


MOST_OVERLAPS = 3  # that are told of one trip


class Visitors:
    """Who visits in the tables, and who has visited before them."""

    def __init__(self, history: Sequence[Visit], at_most: int, *, history_known: bool, strict: bool) -> None:
        self._at_most, self._history_known, self._strict = at_most, history_known, strict
        self._history = history
        self._first: dict[Identity, list[Candidate]] = {}
        self._visits = Visits()
        self._seen: set[Identity] = set()
        self._several: set[Identity] = set()
        self._stays: dict[Identity, dict[tuple[object, ...], tuple[str, int]]] = {}

    def note(self, identity: Identity) -> None:
        """Note that a visitor has a trip."""
        (self._several if identity in self._seen else self._seen).add(identity)

    def add(self, candidate: Candidate, identity: Identity) -> None:
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
        self._visits = Visits(self._history, self._at_most)
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
                ),
                identity,
            )

    def recall(self, order: Order, identity: Identity) -> Recollection:
        """What visits before a trip tell of its visitor."""
        return self._visits.recall_identity(identity, self._at_most, before=order)

    def shared(self, identity: Identity) -> bool:
        """Whether a visitor has more than one trip."""
        return identity in self._several

    def companions(
        self, identity: Identity, stay: Stay, country: object, host: str | None, file: str, line: int
    ) -> tuple[str, ...]:
        """What trips of the same visitor, in rows above, make of this one: the same trip, or a few that overlap."""
        seen = self._stays.setdefault(identity, {})
        key = (stay.first, stay.last, country, host)
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
                    if len(notices) == MOST_OVERLAPS:
                        break
            seen[key] = (file, line)
        return tuple(notices)
