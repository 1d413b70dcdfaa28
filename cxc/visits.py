"""Who has visited when: the visits of a history, and the trips of tables that use one up.

The same `visitor_id` (ignoring case, spaces and punctuation) is the same organisation; so is the same name in the same
country (ignoring accents too), where at least one of the two has no id.
"""

import datetime
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import compress
from typing import Final, NamedTuple

from cxc.text import fold
from cxc.trip.stay import Stay
from cxc.trip.stays import Stays
from cxc.vocabulary import EarlierVisits


class Identity(NamedTuple):
    """An organisation, by numbers that stand for its id and its name (0: not known), and the code of its country."""

    visitor_id: int
    name: int
    country: str

    @property
    def names(self) -> list[tuple[object, ...]]:
        """What tells the organisation: its id, and its name with its country, as far as they are known."""
        told: list[tuple[object, ...]] = [(self.visitor_id,)] if self.visitor_id else []
        return [*told, (self.country, self.name)] if self.name else told


def identity_of(visitor_id: int, name: int, country: str | None) -> Identity | None:
    """Who an organisation is, or None where neither an id nor a name with its country tells.

    >>> identity_of(7, 8, "RO"), identity_of(7, 8, None), identity_of(0, 8, None)
    (Identity(visitor_id=7, name=8, country='RO'), Identity(visitor_id=7, name=0, country=''), None)
    """
    if name and country:
        return Identity(visitor_id, name, country)
    return Identity(visitor_id, 0, "") if visitor_id else None


class Visit(NamedTuple):
    """A visit that took place, or a trip that would use one up, and where it stands: file and row (header = line 1).

    `decided` is False for a trip that is still undecided. `same_day` tells of a visit of a history that it begins on
    the same day as the trip that is judged, and so may be this very trip; `perhaps_later` of a trip of a table that it
    may come after the one that is judged, which states no dates.
    """

    file: str
    row: int
    visitor: str | None
    visitor_id: str | None
    visitor_country: str | None
    arrival: datetime.date | None
    decided: bool = True
    same_day: bool = False
    perhaps_later: bool = False


# What is said of such a visit. One that was paid must not be paid again because nobody remembers it.
IF_THIS_TRIP: Final = (
    "It begins on the same day: if it is this very trip, and it is not paid yet, take it out of the history."
)


def names_somebody(visit: Visit) -> bool:
    """Whether it can be told whose visit it was: by an id, or by a name with its country."""
    return bool(fold(visit.visitor_id or "") or (fold(visit.visitor or "") and visit.visitor_country))


def _may_be_another(visit: Visit) -> bool:
    """Whether it is no visit that may be the very trip that is judged; those that may stand first."""
    return not visit.same_day


class _Counted(NamedTuple):
    """A visit that counts, by the number of its row, below 0 of a past visit; `decided` if its trip is not open."""

    decided: bool
    number: int


class Who(NamedTuple):
    """The rows among some that are to be held against others: their places, and the numbers of their ids and names."""

    places: Sequence[int]
    ids: Sequence[int]
    names: Sequence[int]

    def without(self, left_out: Collection[int]) -> "Who":
        """All of them but those at some places."""
        if not left_out:
            return self
        kept = [at not in left_out for at in self.places]
        return Who(*([*compress(column, kept)] for column in self))


class Noted(NamedTuple):
    """A trip of a visitor who comes again. In this order trips are held against one another.

    It `counts` where it is not refused. `decided` it is where it is eligible but for earlier visits; `approved` where
    the partnership has approved the rule one-visit. A trip without dates is looked at after all others, since it is not
    known what comes before it: its `arrival` is `NO_DAY`.
    """

    arrival: datetime.date
    number: int
    identity: Identity
    counts: bool
    decided: bool
    approved: bool


NO_DAY: Final = datetime.date.max


class Recollection(NamedTuple):
    """What earlier visits tell of an organisation.

    `kind` is a fact for the rule one-visit: no-history, no-name, no-country, id-not-compared, name-not-compared,
    none-found, found, same-name or undecided; order-not-known, where a trip states no dates, and another one of its
    visitor may come before it or after it; id-not-compared-no-history or name-not-compared-no-history, where a
    history is not known either; or same-trip or same-trip-undecided, where the visit is this very trip in another row.
    `visits` are the visits that it rests on, first those that begin on the same day.
    """

    kind: EarlierVisits
    visits: tuple[Visit, ...] = ()

    def rests_on(self, visit: Visit) -> bool:
        """Whether one of these visits stands where another one does."""
        return (visit.file, visit.row) in [(one.file, one.row) for one in self.visits]


class _Found(NamedTuple):
    """The same, with the visits as they are counted."""

    kind: EarlierVisits
    visits: tuple[_Counted, ...] = ()


REFUSED: Final[tuple[EarlierVisits, ...]] = ("found", "same-trip")  # the kinds for which the rule one-visit fails
NO_HISTORY: Final = Recollection("no-history")
NONE_FOUND: Final = Recollection("none-found")
_NONE_FOUND: Final = _Found("none-found")
_OF_A_COPY: Final[dict[EarlierVisits, EarlierVisits]] = {"found": "same-trip", "undecided": "same-trip-undecided"}


def _of_no_day(found: _Found) -> _Found:
    """What is told of a trip without dates: visits of a history come before it, and of trips of tables nobody knows."""
    if found.kind in ("found", "undecided") and any(visit.number > 0 for visit in found.visits):
        return found._replace(kind="order-not-known")
    return found


def _note_first(rows: dict[tuple[object, ...], int], identity: Identity, number: int) -> None:
    """Note a row by all that tells its visitor, unless another row is noted there already."""
    for name in identity.names:
        rows.setdefault(name, number)


_UNSEEN: Final = 1 << 62  # the number of an id or a name that nobody has


class _Namesake(NamedTuple):
    """A visit with a name: the number of its row, and of its id (0: none); and whether it states no country."""

    number: int
    visitor_id: int
    countryless: bool

    def may_be(self, other: "_Namesake") -> bool:
        """Whether both may be of one organisation, and nobody can tell: a name counts only with its country."""
        return (self.countryless or other.countryless) and not 0 != self.visitor_id == other.visitor_id


class _Namesakes:
    """Visits by the numbers of their names. Of each kind no more are kept than are too many for one organisation."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._by_name: dict[int, list[_Namesake]] = {}

    def add(self, name: int, visit: _Namesake) -> None:
        """Keep a visit."""
        kept = self._by_name.setdefault(name, [])
        of_kind = [other for other in kept if other.countryless == visit.countryless]
        of_id = [other for other in of_kind if other.visitor_id == visit.visitor_id]
        if len(of_id) < self._at_most and len(of_kind) < 2 * self._at_most:
            kept.append(visit)

    def first_of_many(self, name: int, visit: _Namesake) -> int | None:
        """The first of the visits that it may belong to, where one more would be too many; else None."""
        found = [other.number for other in self._by_name.get(name, ()) if visit.may_be(other)]
        return found[0] if len(found) >= self._at_most else None


class _NumbersOfTexts(dict[str, int]):
    """The number of the row in which an id or a name stands first, by its folded text; blank is 0."""

    def __init__(self) -> None:
        super().__init__({"": 0})

    def of(self, texts: Iterable[str], rows: Iterable[int]) -> list[int]:
        """The numbers of the texts of some rows."""
        return [*map(self.setdefault, texts, rows)]


class Visits:
    """The visits of organisations that may visit so many times: those of a history, and trips of tables.

    A history that is None is not known. Ids and names are numbered in a first look at all rows (`look`), in whatever
    order they stand: that tells whose visitors come again (`who`). `note` and `settle` then find which of their trips
    use up a visit, in the order of their dates; and `recall` and `beside` tell of each row what comes before it and
    what stands above it. `where` tells a row of the tables by its number. Memory grows with the visitors. Of each no
    more visits are kept than could ever count. `past` are the visits of the history whose visitor can be told, by
    numbers below 0; `noted` the trips that were noted and are not yet settled.
    """

    def __init__(
        self,
        history: Iterable[Visit] | None,
        at_most: int,
        *,
        strict: bool = False,
        where: "Callable[[int], Visit] | None" = None,
    ) -> None:
        self._at_most, self._strict, self._history_known = at_most, strict, history is not None
        self._history, self._where = [*(history or ())], where
        self._namesakes = _Namesakes(at_most)
        self.past: list[tuple[int, Identity]] = []
        self._by_id: dict[int, list[_Counted]] = {}
        self._by_name: dict[tuple[str, int], list[tuple[int, _Counted]]] = {}  # each with its id
        # Visits that state only a name, and only an id: the first of each kind, since it decides what can be compared.
        self._only_name: _Counted | None = None
        self._only_id: _Counted | None = None
        self._ids, self._names = _NumbersOfTexts(), _NumbersOfTexts()
        for number, visit in enumerate(self._history, 1):
            key = self._ids.setdefault(fold(visit.visitor_id or ""), -number)
            name = self._names.setdefault(fold(visit.visitor or ""), -number)
            identity = identity_of(key, name, visit.visitor_country)
            if identity:  # a visit of nobody is told from no other
                self.past.append((-number, identity))
                self._remember(_Counted(visit.decided, -number), identity)
            if name:
                self._namesakes.add(name, _Namesake(-number, key, not visit.visitor_country))
        self._again: set[int] = set()
        self._looked: dict[int, tuple[Sequence[int], Sequence[int]]] = {}
        self._rows_only_id, self._rows_only_name = self._only_id is not None, self._only_name is not None
        self.noted: list[Noted] = []
        self._told: dict[int, _Found] = {}
        self._several: set[Identity] = set()
        self._stays: dict[Identity, Stays] = {}
        self._trips: dict[tuple[object, ...], int] = {}
        self._unreadable: dict[tuple[object, ...], int] = {}
        self._undated: dict[tuple[object, ...], int] = {}

    @property
    def first_visit(self) -> Recollection:
        """What is told of an organisation of which no visit is known."""
        return NONE_FOUND if self._history_known else NO_HISTORY

    def look(self, first: int, ids: Sequence[str], names: Sequence[str], countryless: Collection[int]) -> list[int]:
        """Look at some rows, the first of which has this number: their ids and names, folded; some state no country.

        The places of those that name nobody.
        """
        rows, again, nobody = range(first, first + len(ids)), self._again, []
        numbers = self._ids.of(ids, rows), self._names.of(names, rows)
        for of in numbers:
            for row, number in zip(rows, of, strict=True):
                if number != row and number:
                    again.add(row)
                    if number > 0:
                        again.add(number)
        if countryless or not (all(ids) and all(names)):
            for at, (key, name) in enumerate(zip(ids, names, strict=True)):
                told = bool(name) and at not in countryless
                if not (key and told) and self._lacks(first + at, bool(key), told):
                    nobody.append(at)
        self._looked[first] = array("i", numbers[0]), array("i", numbers[1])
        return nobody

    def _lacks(self, row: int, key: bool, name: bool) -> bool:
        """Note a visitor of whom only an id is known, or only a name; or nothing, which a history makes a question.

        Whether it is nothing.
        """
        if key or name:
            self._rows_only_id |= not name
            self._rows_only_name |= not key
        elif self._history_known:
            self._again.add(row)
        return not (key or name)

    def who(self, first: int) -> Who:
        """Of rows that were looked at, from this one on, those to be held against others.

        They are all where some visitors state only an id, and others only a name.
        """
        again, (ids, names) = self._again, self._looked.pop(first)
        places: Sequence[int] = range(len(ids))
        if not (self._rows_only_id and self._rows_only_name):
            places = [at for at in places if first + at in again] if again else []
        return Who(places, [ids[at] for at in places], [names[at] for at in places])

    def note(self, trips: Iterable[Noted]) -> None:
        """Note trips as the visits that they would be."""
        self.noted.extend(trips)

    def note_unreadable(self, number: int, identity: Identity) -> None:
        """Note a row of a visitor that cannot be read: it may be a visit."""
        _note_first(self._unreadable, identity, number)

    def unsettled(self, identity: Identity, dated: bool) -> tuple[str, ...]:
        """Notices for a trip of the first rows of its visitor that may come before it, for all one knows.

        One that is not `dated` itself says so by the rule.
        """
        return tuple([
            f"Row {self.visit(found).row} of {self.visit(found).file} seems to be of the same visitor, and it {lacks}. "
            f"{mend} first: perhaps only one of the two trips can be paid."
            for rows, lacks, mend in (
                (self._unreadable, "cannot be read", "Correct it"),
                (self._undated, "states no dates", "State them"),
            )
            if (found := rows.get((identity.visitor_id,)) or rows.get((identity.country, identity.name)))
            and (dated or rows is not self._undated)
        ])  # fmt: skip

    def settle(self) -> None:
        """Find out, in the order of dates, what visits tell of each trip noted, and which of them use up a visit."""
        trips = Counter(trip.identity for trip in self.noted)
        self._several = {identity for identity, count in trips.items() if count > 1}
        left: dict[Identity, int] = {}
        for trip in sorted(self.noted):
            found = self._find(trip.identity)
            if trip.arrival == NO_DAY:
                found = _of_no_day(found)
                if trip.counts:
                    _note_first(self._undated, trip.identity, trip.number)
            if found is not _NONE_FOUND:
                self._told[trip.number] = found
            if not trip.counts or left.setdefault(trip.identity, self._at_most) == 0:
                continue
            left[trip.identity] -= 1  # so many of an organisation's trips can decide, and no more
            if found.kind == "found":
                continue
            if found.kind in ("undecided", "same-name"):
                settled = trip.approved and found.kind == "same-name"
            else:  # a first visit, for sure or assumed
                settled = not self._strict or (found is _NONE_FOUND and self._history_known)
            self._remember(_Counted(trip.decided and settled, trip.number), trip.identity)
        self.noted.clear()

    @property
    def counted(self) -> set[int]:
        """The rows that count as visits."""
        return {visit.number for visits in self._by_id.values() for visit in visits if visit.number > 0} | {
            visit.number for visits in self._by_name.values() for _, visit in visits if visit.number > 0
        }

    def of(self, visit: Visit) -> Recollection:
        """What the visits tell of an organisation that is to make one more, which begins on its day of arrival."""
        key, name = fold(visit.visitor_id or ""), fold(visit.visitor or "")
        identity = identity_of(self._ids.get(key, _UNSEEN), self._names.get(name, _UNSEEN), visit.visitor_country)
        return self._recalled(self._find(identity), visit.arrival) if identity else self.of_nobody(bool(name))

    def of_nobody(self, named: bool) -> Recollection:
        """The same of one that may be `named` and yet not be told from others."""
        return Recollection("no-country" if named else "no-name") if self._history_known else NO_HISTORY

    def namesake(self, number: int, name: int, identity: Identity | None) -> tuple[str, ...]:
        """A notice of a row above, or a past visit, whose visitor has the same name, where it cannot be told from this.

        Rows that may use up a visit are to be asked about, in their order.
        """
        if not name:
            return ()
        row = _Namesake(number, identity.visitor_id if identity else 0, not (identity and identity.country))
        first = self._namesakes.first_of_many(name, row)
        self._namesakes.add(name, row)
        if first is None:
            return ()
        alike = self.visit(first)
        return (
            f"A visitor with the same name is in {alike.file}, row {alike.row}. It was not checked whether it is the "
            "same organisation. State visitor_country in both rows.",
        )

    def recall(self, number: int, arrival: datetime.date | None = None) -> Recollection:
        """What visits before a trip tell of its visitor, by the number of its row and its day of arrival."""
        return self._recalled(self._told.get(number, _NONE_FOUND), arrival)

    def _recalled(self, found: "_Found", arrival: datetime.date | None) -> Recollection:
        if found is _NONE_FOUND:
            return self.first_visit
        visits = [self.visit(visit.number, arrival) for visit in found.visits]
        if found.kind == "order-not-known":
            visits = [visit._replace(perhaps_later=True) for visit in visits]
        return Recollection(found.kind, tuple(sorted(visits, key=_may_be_another)))

    def several(self, identity: Identity) -> bool:
        """Whether a visitor has more than one trip."""
        return identity in self._several

    def beside(
        self, number: int, identity: Identity, stay: Stay, host: tuple[object, ...], found: Recollection
    ) -> tuple[Recollection, tuple[str, ...]]:
        """What rows above say of a trip, beside what was `found` of earlier visits; and notices of them.

        Where the visit that counts is this very trip in another row, that is recalled. `host` is whatever tells it.
        """
        same = self._trips.setdefault((identity, stay.first, stay.last, *host), number)
        if same == number:
            overlapping = self._stays.setdefault(identity, Stays()).add(stay, number)
            visits = map(self.visit, overlapping)
            return found, tuple(
                [f"The trip overlaps another one of the same visitor, in {one.file}, row {one.row}." for one in visits]
            )
        first = self.visit(same)
        if found.kind in _OF_A_COPY and found.rests_on(first):
            found = found._replace(kind=_OF_A_COPY[found.kind])
        return found, (f"The same trip is in {first.file}, row {first.row}.",)

    def visit(self, number: int, arrival: datetime.date | None = None) -> Visit:
        """A row of the tables, or a visit of the history, by its number; beside a trip that arrives on this day."""
        if number < 0:
            visit = self._history[-number - 1]
            return visit._replace(same_day=arrival is not None and visit.arrival == arrival)
        assert self._where is not None
        return self._where(number)

    def _remember(self, visit: _Counted, identity: Identity) -> None:
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

    def _counts(self, visit: _Counted, others: Sequence[_Counted]) -> bool:
        """Whether a visit adds to what is known of others like it."""
        return sum([other.decided == visit.decided for other in others]) < self._at_most

    def _find(self, identity: Identity) -> _Found:
        """What the visits so far tell of an organisation."""
        key, at_most = identity.visitor_id, self._at_most
        of_id = self._by_id.get(key, ()) if key else ()
        of_name = self._by_name.get((identity.country, identity.name), ()) if identity.name else ()
        if of_id or of_name:
            same = [*of_id, *[visit for other, visit in of_name if not (key and other)]]
            decided = [visit for visit in same if visit.decided]
            if len(decided) >= at_most:
                return _Found("found", tuple(decided[:at_most]))
            if len(same) >= at_most:
                return _Found("undecided", tuple([visit for visit in same if not visit.decided]))
            alike = [visit for other, visit in of_name if key and other not in (0, key)]
            if len(same) + len(alike) >= at_most:
                return _Found("same-name", tuple(alike))
        if not key and self._only_id:
            return _Found("id-not-compared" if self._history_known else "id-not-compared-no-history")
        if not identity.name and self._only_name:
            return _Found("name-not-compared" if self._history_known else "name-not-compared-no-history")
        return _NONE_FOUND
