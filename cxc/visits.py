"""Who has visited when: the visits of a history, and the trips of tables that use one up.

The same `visitor_id` (ignoring case, spaces and punctuation) is the same organisation; so is the same name in the same
country (ignoring accents too), where at least one of the two has no id.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from cxc.text import clean, fold
from cxc.trip.stay import Stay
from cxc.trip.stays import Stays


class Identity(NamedTuple):
    """An organisation, folded for comparing: its id, and its name with its country; empty where not known."""

    visitor_id: str
    name: str
    country: str

    @classmethod
    def of(cls, visitor: str | None, visitor_id: str | None, country: str | None) -> "Identity | None":
        """Who an organisation is, or None where neither an id nor a name with its country tells.

        >>> Identity.of("ACME Ltd.", "RO 12-3", "RO")
        Identity(visitor_id='ro123', name='acmeltd', country='RO')
        """
        name, key = fold(visitor or ""), fold(visitor_id or "")
        if name and country:
            return cls(key, name, country)
        return cls(key, "", "") if key else None

    @property
    def names(self) -> list[tuple[str, ...]]:
        """What tells the organisation: its id, and its name with its country, as far as they are known."""
        told: list[tuple[str, ...]] = [(self.visitor_id,)] if self.visitor_id else []
        return [*told, (self.country, self.name)] if self.name else told


class Order(NamedTuple):
    """The order in which trips are held against one another: by arrival, then as they stand in the files."""

    arrival: datetime.date
    number: int


class Visit(NamedTuple):
    """A visit that took place, or a trip that would use one up, and where it stands: file and row (header = line 1).

    `decided` is False for a trip that is still undecided. `order` places a trip among others of its tables; a visit of
    a history has none and comes before them all.
    """

    file: str
    row: int
    visitor: str | None
    visitor_id: str | None
    visitor_country: str | None
    arrival: datetime.date | None
    decided: bool = True
    order: Order | None = None

    @property
    def identity(self) -> Identity | None:
        """Who visits; None where that cannot be told."""
        return Identity.of(self.visitor, self.visitor_id, self.visitor_country)

    def comes_before(self, order: Order | None) -> bool:
        """Whether a visit comes before a place in the order of the trips; without one it comes after all."""
        return order is None or self.order is None or self.order < order


class Recollection(NamedTuple):
    """What earlier visits tell of an organisation.

    `kind` is a fact for the rule one-visit: no-history, no-name, no-country, id-not-compared, name-not-compared,
    none-found, found, same-name or undecided; or same-trip or same-trip-undecided, where the visit is this very trip in
    another row. `visits` are the visits that it rests on.
    """

    kind: str
    visits: tuple[Visit, ...] = ()


NO_HISTORY: Final = Recollection("no-history")
NONE_FOUND: Final = Recollection("none-found")
_OF_A_COPY: Final = {"found": "same-trip", "undecided": "same-trip-undecided"}


class Visits:
    """The visits of organisations that may visit so many times: those of a history, and trips of tables.

    A history that is None is not known. Tables are read three times, since their rows stand in any order: `look` finds
    the rows whose visitors come again, `note` and `settle` which of their trips use up a visit, in the order of their
    dates; then `recall` and `beside` tell of each row what comes before it and what stands above it. Memory grows with
    the visitors. Of each no more visits are kept than could ever count.
    """

    def __init__(self, history: Iterable[Visit] | None, at_most: int, *, strict: bool = False) -> None:
        self._at_most, self._strict, self._history_known = at_most, strict, history is not None
        self._by_id: dict[str, list[Visit]] = {}
        self._by_name: dict[tuple[str, str], list[tuple[str, Visit]]] = {}  # each with its folded id
        # Visits that state only a name, and only an id: the first of each kind, since it decides what can be compared.
        self._only_name: Visit | None = None
        self._only_id: Visit | None = None
        for visit in history or ():
            if identity := visit.identity:  # a visit of nobody cannot be told from others
                self._remember(visit, identity)
        # Of the rows looked at, the first of each id and of each name, by numbers made of these; 0: in the history.
        self._first_by_id = {hash(key): 0 for key in self._by_id}
        self._first_by_name = {hash(name): 0 for _, name in self._by_name}
        self._again: set[int] = set()
        self._rows_only_id, self._rows_only_name = self._only_id is not None, self._only_name is not None
        self._noted: dict[Identity, list[tuple[Order, bool, Visit]]] = {}
        self._once: set[Identity] = set()
        self._several: set[Identity] = set()
        self._stays: dict[Identity, Stays] = {}
        self._trips: dict[tuple[object, ...], tuple[str, int]] = {}
        self._unreadable: dict[tuple[str, ...], tuple[str, int]] = {}

    @property
    def first_visit(self) -> Recollection:
        """What is told of an organisation of which no visit is known."""
        return NONE_FOUND if self._history_known else NO_HISTORY

    def look(
        self, first: int, places: Sequence[int], ids: Sequence[str], names: Sequence[str], countries: Sequence[str]
    ) -> None:
        """Look at some rows, of which those at these places count; the first of them all has this number.

        `ids` and `names` are folded, `countries` are as they are written.
        """
        for first_by, folded in ((self._first_by_id, ids), (self._first_by_name, names)):
            for at in places:
                if folded[at]:
                    earlier = first_by.setdefault(hash(folded[at]), first + at)
                    if earlier != first + at:
                        self._again.add(earlier)
                        self._again.add(first + at)
        for at in places:
            if not (ids[at] and names[at] and countries[at].isprintable() and countries[at].strip()):
                self._note_lack(first + at, ids[at], names[at] if clean(countries[at]) else "")

    def _note_lack(self, number: int, key: str, name: str) -> None:
        """Note a visitor of whom only an id is known, or only a name; or nothing, which a history makes a question."""
        if key or name:
            self._rows_only_id |= not name
            self._rows_only_name |= not key
        elif self._history_known:
            self._again.add(number)

    def again(self, rows: int) -> "set[int] | range":
        """The numbers, among so many rows, of those to be held against others.

        They are all where some visitors state only an id, and others only a name.
        """
        return range(rows + 1) if self._rows_only_id and self._rows_only_name else self._again

    def note(self, trip: Visit, identity: Identity, *, counts: bool, approved: bool) -> None:
        """Note a trip as the visit that it would be.

        It `counts` where it is not refused. `decided` it is where it is eligible but for earlier visits; `approved`
        where the partnership has approved the rule one-visit.
        """
        (self._several if identity in self._once else self._once).add(identity)
        if not counts:
            return
        assert trip.order is not None
        kept = self._noted.setdefault(identity, [])
        kept.append((trip.order, approved, trip))
        if len(kept) > self._at_most:
            kept.sort()
            kept.pop()

    def note_unreadable(self, row: Visit, identity: Identity) -> None:
        """Note a row of a visitor that cannot be read: it may be a visit."""
        for name in identity.names:
            self._unreadable.setdefault(name, (row.file, row.row))

    def unreadable(self, identity: Identity) -> tuple[str, ...]:
        """A notice of the first row that seems to be of the same visitor, and cannot be read."""
        found = next((self._unreadable[name] for name in identity.names if name in self._unreadable), None)
        if found is None:
            return ()
        return (
            f"Row {found[1]} of {found[0]} seems to be of the same visitor, and it cannot be read. Correct it first: "
            "perhaps only one of the two trips can be paid.",
        )

    def settle(self) -> None:
        """Find out, in the order of dates, which of the trips noted use up a visit."""
        trips = sorted((*noted, identity) for identity, kept in self._noted.items() for noted in kept)
        self._noted.clear()
        self._once.clear()
        for order, approved, trip, identity in trips:
            found = self._find(identity, order)
            if found.kind == "found":
                continue
            if found.kind in ("undecided", "same-name"):
                settled = approved and found.kind == "same-name"
            else:  # a first visit, for sure or assumed
                settled = not self._strict or (found is NONE_FOUND and self._history_known)
            self._remember(trip._replace(decided=trip.decided and settled), identity)

    def recall(self, trip: Visit, identity: Identity | None) -> Recollection:
        """What visits before a trip tell of its visitor."""
        if identity is None:
            lacks = "no-country" if fold(trip.visitor or "") else "no-name"
            return Recollection(lacks) if self._history_known else NO_HISTORY
        found = self._find(identity, trip.order)
        return self.first_visit if found is NONE_FOUND else found

    def several(self, identity: Identity) -> bool:
        """Whether a visitor has more than one trip."""
        return identity in self._several

    def beside(
        self, trip: Visit, identity: Identity, stay: Stay, host: tuple[object, ...], found: Recollection
    ) -> tuple[Recollection, tuple[str, ...]]:
        """What rows above say of a trip, beside what was `found` of earlier visits; and notices of them.

        Where the visit that counts is this very trip in another row, that is recalled. `host` is whatever tells it.
        """
        here = (trip.file, trip.row)
        same = self._trips.setdefault((identity, stay.first, stay.last, *host), here)
        if same == here:
            overlapping = self._stays.setdefault(identity, Stays()).add(stay, here)
            return found, tuple(
                f"The trip overlaps another one of the same visitor, in {file}, row {row}." for file, row in overlapping
            )
        if found.kind in _OF_A_COPY and same in [visit[:2] for visit in found.visits]:
            found = found._replace(kind=_OF_A_COPY[found.kind])
        return found, (f"The same trip is in {same[0]}, row {same[1]}.",)

    def _remember(self, visit: Visit, identity: Identity) -> None:
        """Add a visit, which comes after all others so far."""
        key = identity.visitor_id
        if key:
            found = self._by_id.setdefault(key, [])
            if self._counts(visit, found):
                found.append(visit)
        else:
            self._only_name = self._only_name or visit
        if identity.name:
            others = self._by_name.setdefault((identity.country, identity.name), [])
            ids = {other_key for other_key, other in others if other_key and other.decided == visit.decided}
            full = key and key not in ids and len(ids) > self._at_most
            if not full and self._counts(visit, [other for other_key, other in others if other_key == key]):
                others.append((key, visit))
        else:
            self._only_id = self._only_id or visit

    def _counts(self, visit: Visit, others: Sequence[Visit]) -> bool:
        """Whether a visit adds to what is known of others like it."""
        return sum(other.decided == visit.decided for other in others) < self._at_most

    def _find(self, identity: Identity, order: Order | None) -> Recollection:
        """What the visits that come before a place in the order tell of an organisation."""
        key, at_most = identity.visitor_id, self._at_most
        of_name = self._by_name.get((identity.country, identity.name), ()) if identity.name else ()
        same = [*self._by_id.get(key, ()), *(visit for other, visit in of_name if not (key and other))]
        same = [visit for visit in same if visit.comes_before(order)]
        decided = [visit for visit in same if visit.decided]
        if len(decided) >= at_most:
            return Recollection("found", tuple(decided[:at_most]))
        if len(same) >= at_most:
            return Recollection("undecided", tuple(visit for visit in same if not visit.decided))
        alike = [visit for other, visit in of_name if key and other not in ("", key) and visit.comes_before(order)]
        if len(same) + len(alike) >= at_most:
            return Recollection("same-name", tuple(alike))
        if not key and self._only_id and self._only_id.comes_before(order):
            return Recollection("id-not-compared")
        if not identity.name and self._only_name and self._only_name.comes_before(order):
            return Recollection("name-not-compared")
        return NONE_FOUND
