"""Who visits in the tables, and which trips use up a visit: in the order of dates, whatever the order of the rows."""

import datetime
from collections.abc import Container, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from cxc.tables.table import Fault
from cxc.text import clean, fold
from cxc.trip.reader import TripReader, Unacceptable
from cxc.trip.remarks import NO_ORGANISATION
from cxc.trip.stay import Stay
from cxc.visits import NONE_FOUND, Identity, Recollection, Visit, Visits

MOST_REMEMBERED: Final = 20_000  # names of hosts


class Part(Protocol):
    """Some rows of a table."""

    @property
    def cells(self) -> Sequence[Sequence[str]]:
        """The cells of each row."""

    @property
    def faults(self) -> Mapping[int, Fault]:
        """Why some rows cannot be read, by their places."""

    def __len__(self) -> int: ...

    def texts(self, field: str) -> Sequence[str]:
        """The texts of a field, blank where the table has no column for it."""


class Order(NamedTuple):
    """The order in which trips are held against one another: by arrival, then as they stand in the files."""

    arrival: datetime.date
    number: int
    place: int
    line: int


class RepeatedVisitors:
    """The first reading of the tables: which rows cannot be judged on their own, by their numbers, from 1 on.

    `shared` are the rows of visitors who occur more than once, or in the history; `odd` are those with a name or an id
    that cannot be read; `no_trips` are totals, signatures and the like. It keeps a number for each visitor, and nothing
    of the rows.
    """

    def __init__(self, history: Sequence[Visit] | None) -> None:
        self._first_by_id: dict[int, int] = {}
        self._first_by_name: dict[int, int] = {}
        self._only_id = self._only_name = False
        self._history_known = history is not None
        self._shared: set[int] = set()
        self._good_hosts: set[str] = set()
        self.odd: set[int] = set()
        self.no_trips: set[int] = set()
        self.rows = 0
        for visit in history or ():
            key, name = fold(visit.visitor_id or ""), fold(visit.visitor or "")
            self._first_by_id.setdefault(hash(key), 0)
            self._first_by_name.setdefault(hash(name), 0)
            self._note_lack(0, key, name if visit.visitor_country else None)

    @property
    def shared(self) -> "set[int] | range":
        """The rows to be held against others: all, where some visitors state only an id, and others only a name."""
        return range(self.rows + 1) if self._only_id and self._only_name else self._shared

    def read(self, part: Part, reader: TripReader, no_trips: Container[int]) -> None:
        """Look at some rows, of which some are no trips."""
        first, count = self.rows + 1, len(part)
        self.rows += count
        looked_at = [at for at in range(count) if at not in no_trips and (part.cells[at] or at not in part.faults)]
        self.no_trips |= {first + at for at in range(count) if at in no_trips}
        ids, names, countries = (part.texts(field) for field in ("visitor_id", "visitor", "visitor_country"))
        folded_ids = [*map(_folded_id, ids)]
        folded_names = [*map(fold, names)]
        for first_by, folded in ((self._first_by_id, folded_ids), (self._first_by_name, folded_names)):
            self._share(first, [at for at in looked_at if folded[at]], folded, first_by)
        for at in looked_at:
            if not (folded_ids[at] and folded_names[at] and countries[at].isprintable() and countries[at].strip()):
                self._note_lack(first + at, folded_ids[at], folded_names[at] if clean(countries[at]) else None)
        for field, suspicious in (
            ("visitor_id", [at for at in looked_at if ids[at] and not _is_plain_id(ids[at])]),
            ("visitor", [at for at in looked_at if names[at] and not _is_plain_name(names[at], folded_names[at])]),
            ("host", self._suspicious_hosts(part, looked_at)),
            ("reference", [at for at in looked_at if "\0" in part.texts("reference")[at]]),
        ):
            texts = part.texts(field)
            self.odd |= {first + at for at in suspicious if not _can_be_read(reader, field, texts[at])}

    def _share(self, first: int, places: Sequence[int], folded: Sequence[str], first_by: dict[int, int]) -> None:
        """Note which of some rows have a name, or an id, that another row has."""
        for at in places:
            number = first + at
            earlier = first_by.setdefault(hash(folded[at]), number)
            if earlier != number:
                self._shared.add(earlier)
                self._shared.add(number)

    def _suspicious_hosts(self, part: Part, looked_at: Sequence[int]) -> list[int]:
        """The rows whose host may not be the name of an organisation. Good names are kept, as long as they are few."""
        hosts = part.texts("host")
        new = {*hosts} - self._good_hosts
        bad = {host for host in new if "\0" in host or "#" in host or fold(host) in NO_ORGANISATION}
        self._good_hosts = (new - bad) | (self._good_hosts if len(self._good_hosts) < MOST_REMEMBERED else set())
        return [at for at in looked_at if hosts[at] in bad] if bad else []

    def _note_lack(self, number: int, key: str | None, name: str | None) -> None:
        """Note a visitor of whom only an id is known, or only a name; or nothing, which a history makes a question."""
        if key and name:
            return
        if key:
            self._only_id = True
        elif name:
            self._only_name = True
        elif self._history_known:
            self._shared.add(number)


def _folded_id(text: str) -> str:
    return text.lower() if text.isalnum() and text.isascii() else fold(text)


def _is_plain_id(text: str) -> bool:
    """Whether a text is an id and no remark, at a glance: so many digits are an id, whatever stands before them."""
    return text.isalnum() and text.isascii() and text[-3:].isdigit() and len(text) > 2 and bool(text.strip("0"))


def _is_plain_name(text: str, folded: str) -> bool:
    return bool(folded) and folded not in NO_ORGANISATION and "\0" not in text and "#" not in text


def _can_be_read(reader: TripReader, field: str, text: str) -> bool:
    try:
        reader.field(field, text)
    except Unacceptable:
        return False
    return True


_OF_A_COPY: Final = {"found": "same-trip", "undecided": "same-trip-undecided"}


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
        self._unreadable: dict[tuple[str, ...], tuple[str, int]] = {}

    def note_unreadable(self, identity: Identity, file: str, row: int) -> None:
        """Note a row of a visitor that cannot be read: it may be a visit."""
        for who in _told_by(identity):
            self._unreadable.setdefault(who, (file, row))

    def unreadable(self, identity: Identity) -> tuple[str, ...]:
        """A notice of the first row that seems to be of the same visitor, and cannot be read."""
        found = next((self._unreadable[who] for who in _told_by(identity) if who in self._unreadable), None)
        if found is None:
            return ()
        return (
            f"Row {found[1]} of {found[0]} seems to be of the same visitor, and it cannot be read. Mend it first: "
            "perhaps only one of the two trips can be paid.",
        )

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

    def held(
        self,
        order: Order,
        identity: Identity,
        stay: Stay,
        country: object,
        host: str | None,
        file: str,
        found: Recollection,
    ) -> tuple[Recollection, tuple[str, ...]]:
        """What rows above say of a trip, beside what is found of earlier visits.

        Where the visit that counts is this very trip, that is recalled.
        """
        same, notices = self.companions(identity, stay, country, host, file, order.line)
        if same and found.kind in _OF_A_COPY and same in [visit[:2] for visit in found.visits]:
            found = found._replace(kind=_OF_A_COPY[found.kind])
        return found, notices

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


def _told_by(identity: Identity) -> list[tuple[str, ...]]:
    """What tells an organisation: its id, and its name with its country, as far as they are known."""
    told: list[tuple[str, ...]] = [(identity.visitor_id,)] if identity.visitor_id else []
    return [*told, (identity.country, identity.name)] if identity.name else told


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
