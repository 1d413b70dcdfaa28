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
        self._stays: dict[Identity, _Stays] = {}

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
    ) -> tuple[tuple[str, int] | None, tuple[str, ...]]:
        """What trips of the same visitor, in rows above, make of this one.

        The file and row of the same trip, if there is one, and a notice of it, or of a few trips that overlap.
        """
        seen = self._stays.setdefault(identity, _Stays())
        trip = (stay.first, stay.last, country, host)
        first = seen.trips.setdefault(trip, (file, line))
        if first != (file, line):
            return first, (f"The same trip stands in {first[0]}, row {first[1]}.",)
        return None, tuple(
            f"The trip overlaps another one of the same visitor, in {other}, row {row}."
            for other, row in seen.add(stay, (file, line))
        )


class _Stays:
    """The stays of one visitor, and which of them overlap; the time that one more takes does not grow with them.

    The calendar is halved again and again: a block is the whole of it, a half of a block, or at last a day. A stay is
    made of a few blocks that do not lie in one another. Two stays overlap where a block of the one is a block of the
    other, or lies in it.
    """

    def __init__(self) -> None:
        self.trips: dict[tuple[object, ...], tuple[str, int]] = {}
        self._places: list[tuple[str, int]] = []
        # The first stays that are made of a block, and the first that are made of it or of a block in it.
        self._made_of: dict[int, list[int]] = {}
        self._touching: dict[int, list[int]] = {}

    def add(self, stay: Stay, place: tuple[str, int]) -> list[tuple[str, int]]:
        """Add a stay. Gives the places of the first stays so far that share a day on site with it, a few at most."""
        blocks = _blocks(stay)
        around = {block >> halvings for block in blocks for halvings in range(block.bit_length())}
        found = {number for block in blocks for number in self._touching.get(block, ())}
        found.update(number for block in around for number in self._made_of.get(block, ()))
        for kept, where in ((self._made_of, blocks), (self._touching, around)):
            for block in where:
                numbers = kept.setdefault(block, [])
                if len(numbers) < MOST_OVERLAPS:
                    numbers.append(len(self._places))
        self._places.append(place)
        return [self._places[number] for number in sorted(found)[:MOST_OVERLAPS]]


def _blocks(stay: Stay) -> list[int]:
    """The blocks that a stay is made of. Block 1 is the calendar, and the halves of block n are 2n and 2n + 1."""
    low, high = _DAYS + stay.first.toordinal(), _DAYS + stay.last.toordinal() + 1
    blocks = []
    while low < high:
        if low & 1:
            blocks.append(low)
            low += 1
        if high & 1:
            high -= 1
            blocks.append(high)
        low, high = low >> 1, high >> 1
    return blocks


_DAYS = 1 << datetime.date.max.toordinal().bit_length()  # so many days, and as many blocks of one day
