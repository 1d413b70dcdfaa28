"""What the rows of a table state, read quickly: each text, and each group of texts, once.

A row that is as most are is judged here from the texts of its cells; any other is `Unusual`, and is read as
`cxc check` reads a trip. Both ways ask the same rules, and a test holds one against the other.
"""

import datetime
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import getitem, itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from cxc.clusters import Taken, taken
from cxc.columns import EXPECTATIONS, Columns
from cxc.countries import Country
from cxc.errors import Problem, TripError
from cxc.facts import (
    DayFacts,
    cluster_in_doubt,
    day_facts,
    member,
    never_near,
    short_stay,
    worked_out_km,
    working_days,
    working_days_of_year,
    years_of,
)
from cxc.memory import Memory
from cxc.remarks import NO_ORGANISATION
from cxc.stay import ONE_DAY, Stay
from cxc.table import TableRow
from cxc.text import clean, fold
from cxc.trip import FIELDS, Trip, TripReader, Unacceptable
from cxc.verdict import DAYS, HOST, NEAR, SUM, VISITOR, WHERE, Judge, Part, Verdict
from cxc.visits import Identity, Visit, identity_of

Value = TypeVar("Value")


class Unusual(Exception):
    """A row that the quick way does not read: the whole one decides."""


class _Cleaned:
    """A name, cleaned and not remembered: names are many."""

    def __getitem__(self, text: str) -> str | None:
        return clean(text) or None


class _Where(NamedTuple):
    """What the two countries of a row come to: the rules on them; whether they are never near; for the host the lump
    sum's rule by era, and the working days by year.
    """

    visitor: Country | None
    host: Country | None
    part: Part
    apart: bool | None
    sums: "Memory[int, Part]"
    years: "Memory[int, tuple[int, ...] | None]"


class _Days(NamedTuple):
    """What the dates of a row come to, wherever it goes: the stay; where it lies in one year, that, the days of the
    year before it and up to its end; the rules on days by the working days; the era, which tells what lump sums hold.
    """

    stay: Stay | None
    year: int
    before: int
    until: int
    counted: "Memory[int | None, tuple[Part, bool | None]]"
    unplaced: tuple[Part, bool | None]
    era: int


_DATES: Final = ("arrival", "departure", "first_day", "last_day")
_WHERE: Final = ("visitor_country", "host_country")
_VISITOR: Final = (
    *("visitor_type", "visitor_cluster", "travellers", "third_country_national", "residence_days", "business_there"),
)
_HOST: Final = ("host_type", "host_cluster", "activity")
_CLUSTERS: Final = ("visitor_cluster", "host_cluster")
# What a row must state one of to be a trip, or to be looked at as one.
_DECISIVE: Final = ("host_country", "host_cluster", *_DATES, *EXPECTATIONS)
_NAMES: Final = ("reference", "visitor", "visitor_id", "host")


class RowReader:
    """Reads the rows of one table; `width` is the number of its columns."""

    def __init__(self, reader: TripReader, columns: Columns, width: int, judge: Judge) -> None:
        self._reader, self._judge, self.width = reader, judge, width
        self.places = places = columns.places
        self._anchor = places["host_country"]  # a column that is there stands in for those that are not
        self._texts = {field: self._text_memory(field) for field in FIELDS}
        self._pick_where, self._where = self._group(_WHERE, self._find_where)
        self._pick_visitor, self._visitor = self._group(_VISITOR, self._find_visitor)
        self._pick_host, self._host = self._group(_HOST, self._find_host)
        self._pick_dates, self._days = self._group(_DATES, self._find_days)
        self._pick_clusters, self._clusters = self._group(_CLUSTERS, taken)
        self._distance = places.get("distance_km")
        self._pick_names = picker(("visitor", "visitor_id", "host"), places)
        self._near = Memory(self._find_near)
        self._placed = bool({"visitor_place", "host_place"} & places.keys())
        self._pick_places = picker(("visitor_place", "host_place"), places)
        self._worked_out = Memory(self._find_worked_out)
        self._counted = Memory(self._find_counted)
        self._on_host = Memory(self._find_on_host)
        self._eras = _eras(judge.scheme.countries.by_code.values())
        self._pick_trip = itemgetter(*(places.get(field, self._anchor) for field in FIELDS))
        self._trip_texts = [_Cleaned() if f in _NAMES and f in places else self._texts[f] for f in FIELDS]
        approval = [places[field] for field in ("approved", "approved_by", "approved_on") if field in places]
        self._unusual = [*approval, *(places[field] for field in EXPECTATIONS if field in places)]

    def verdict(self, cells: Sequence[str], once: Part, earlier: tuple[Visit, ...] = ()) -> Verdict:
        """The verdict on a row; `once` is what the rule one-visit says of it. Raises Unusual.

        Names are taken as they are: whether they can be, `Look` has seen.
        """
        if len(cells) != self.width:
            raise Unusual
        for at in self._unusual:
            if cells[at]:
                raise Unusual
        visitor, host, where, apart, sums, years = self._where[self._pick_where(cells)]
        stay, year, before, until, by_working_days, unplaced, era = self._days[self._pick_dates(cells)]
        if host is None or stay is None:
            counted, short = unplaced
        elif year:
            counts = years[year]
            counted, short = by_working_days[None if counts is None else counts[until] - counts[before]]
        else:
            counted, short = by_working_days[working_days(host.code, stay)]
        place = self._distance
        worked_out = None
        if self._placed:
            here, there = self._pick_places(cells)
            if bool(here) != bool(there):
                raise Unusual
            if here:
                worked_out = self._worked_out[here, there, visitor, host]
        parts = (
            where,
            counted,
            self._visitor[self._pick_visitor(cells)],
            once,
            self._host[self._pick_host(cells)],
            sums[era],
            self._near["" if place is None else cells[place], short, apart, worked_out],
        )
        return Verdict(self._judge, parts, partial(self.trip, cells), stay, earlier)

    def stay(self, cells: Sequence[str]) -> Stay | None:
        """The stay of a row. Raises Unusual."""
        if len(cells) != self.width:
            raise Unusual
        return self._days[self._pick_dates(cells)].stay

    def identity(self, cells: Sequence[str]) -> Identity | None:
        """Who travels, of a row of the table's width whose names can be taken as they are. Raises Unusual."""
        country = self._where[self._pick_where(cells)].visitor
        name, key, _ = self._pick_names(cells)
        return Identity.of(name, key, country.code if country else None)

    def names_nobody(self, cells: Sequence[str], verdict: Verdict) -> bool:
        """Whether a row that has a verdict names no visitor who can be told from others."""
        if len(cells) != self.width:
            return identity_of(verdict.trip) is None
        visitor, visitor_id, _ = self._pick_names(cells)
        if clean(visitor_id):
            return False
        return verdict.parts[WHERE].facts["visitor_country"] is None or not clean(visitor)

    def clusters(self, cells: Sequence[str], verdict: Verdict) -> tuple[Taken, ...]:
        """What a row that has a verdict states as names of clusters."""
        if len(cells) != self.width:
            return taken(verdict.trip.visitor_cluster, verdict.trip.host_cluster)
        return self._clusters[self._pick_clusters(cells)]

    def names(self, cells: Sequence[str]) -> tuple[str | None, str | None]:
        """The visitor's name and id, of such a row."""
        visitor, visitor_id, _ = self._pick_names(cells)
        return clean(visitor) or None, clean(visitor_id) or None

    def host(self, cells: Sequence[str]) -> str | None:
        """The host's name, of such a row."""
        return clean(self._pick_names(cells)[2]) or None

    def trip(self, cells: Sequence[str]) -> Trip:
        """The trip of a row that has a verdict."""
        return tuple.__new__(Trip, map(getitem, self._trip_texts, self._pick_trip(cells)))

    def whole(self, cells: Sequence[str]) -> Trip:
        """The trip of a row, read as `cxc check` reads it. Raises TripError."""
        places = self.places.items()
        return self._reader.read({field: cells[at] for field, at in places if field in FIELDS and at < len(cells)})

    def read(self, field: str, text: str) -> Any:
        """What a text says in a field. Raises Unusual."""
        try:
            return self._reader.field(field, text)
        except Unacceptable:
            raise Unusual from None

    def _text_memory(self, field: str) -> "Memory[str, Any]":
        return Memory(partial(self.read, field) if field in self.places else _nothing)

    def _group(
        self, fields: Sequence[str], find: Callable[..., Value]
    ) -> tuple[Callable[[Sequence[str]], tuple[str, ...]], "Memory[tuple[str, ...], Value]"]:
        """What picks the texts of some fields from a row, and the memory of what they come to together."""
        there = [field for field in fields if field in self.places]
        at = [self.places[field] for field in there]
        while len(at) < 2:  # so that a tuple is picked
            at.append(self._anchor)
        slots = [(there.index(field) if field in there else None, self._texts[field]) for field in fields]

        def found(texts: tuple[str, ...]) -> Value:
            return find(*[None if place is None else memory[texts[place]] for place, memory in slots])

        return itemgetter(*at), Memory(found)

    def _find_where(self, visitor: Country | None, host: Country | None) -> _Where:
        part = self._judge.chapters[WHERE].on(visitor_country=visitor, host_country=host)
        apart = never_near(visitor, host, self._judge.scheme.rulebook)
        return _Where(visitor, host, part, apart, *self._on_host[host])

    def _find_on_host(self, host: Country | None) -> tuple["Memory[int, Part]", "Memory[int, tuple[int, ...] | None]"]:
        def total(era: int) -> Part:
            day = None if era < 0 else self._eras[era - 1] if era else datetime.date.min
            return self._judge.chapters[SUM].on(host_country=host, lump_sum=host.lump_sum(day) if host else None)

        return Memory(total), Memory(lambda year: working_days_of_year(host.code, year) if host else None)

    def _find_visitor(self, *values: Any) -> Part:
        stated = dict(zip(_VISITOR, values, strict=True))
        cluster = stated["visitor_cluster"]
        return self._judge.chapters[VISITOR].on(
            **stated, visitor_member=member(cluster), visitor_cluster_in_doubt=cluster_in_doubt(cluster)
        )

    def _find_host(self, kind: str | None, cluster: str | None, activity: tuple[str, ...] | None) -> Part:
        return self._judge.chapters[HOST].on(
            host_type=kind,
            host_member=member(cluster),
            host_cluster_in_doubt=cluster_in_doubt(cluster),
            activity=activity,
        )

    def _find_days(
        self,
        arrival: datetime.date | None,
        departure: datetime.date | None,
        first: datetime.date | None,
        last: datetime.date | None,
    ) -> _Days:
        rulebook = self._judge.scheme.rulebook
        stay = None
        if arrival and departure and arrival <= departure and not (first or last):
            stay = Stay.between(arrival, departure)
        elif first and last and first <= last and not (arrival or departure):
            stay = Stay.on_site(first, last)
        elif arrival or departure or first or last:
            raise Unusual
        facts = day_facts(stay, rulebook)
        counted, unplaced = self._counted[facts]
        if stay is None:
            return _Days(None, 0, 0, 0, counted, unplaced, -1)
        years = years_of(stay)
        year, before, until = years[0] if len(years) == 1 else (0, 0, 0)
        return _Days(stay, year, before, until, counted, unplaced, bisect_right(self._eras, stay.arrival))

    def _find_counted(
        self, days: DayFacts
    ) -> tuple["Memory[int | None, tuple[Part, bool | None]]", tuple[Part, bool | None]]:
        def found(working: int | None, known: bool | None) -> tuple[Part, bool | None]:
            part = self._judge.chapters[DAYS].on(**days._asdict(), working_days=working, holidays_known=known)
            return part, short_stay(days, working, self._judge.scheme.rulebook)

        return Memory(lambda working: found(working, working is not None)), found(None, None)

    def _find_near(self, known: tuple[str, bool | None, bool | None, int | None]) -> Part:
        text, short, apart, worked_out = known
        return self._judge.chapters[NEAR].on(
            distance_km=self._texts["distance_km"][text], short_stay=short, never_near=apart, worked_out_km=worked_out
        )

    def _find_worked_out(self, known: tuple[str, str, Country | None, Country | None]) -> int | None:
        visitor_place, host_place, visitor, host = known
        stated = {"visitor_place": visitor_place, "host_place": host_place}
        try:
            trip = self._reader.read(
                {**stated, "visitor_country": visitor and visitor.code, "host_country": host and host.code}
            )
        except TripError:
            raise Unusual from None
        return worked_out_km(trip)


def _nothing(_: str) -> None:
    return None


def _eras(countries: Any) -> list[datetime.date]:
    """The days on which the lump sum of some country begins, or has ended."""
    found = set()
    for country in countries:
        for amount in country.lump_sums:
            found.add(amount.valid_from)
            if amount.valid_to is not None and amount.valid_to < datetime.date.max:  # no day comes after the last
                found.add(amount.valid_to + ONE_DAY)
    return sorted(found)


class Look:
    """The first reading of the tables: which rows cannot be judged on their own, by their numbers, from 1 on.

    `shared` are the rows of visitors who occur more than once, or in the history; `odd` are those with a name or an id
    that has to be read with care; `no_trips` are totals, signatures and the like. It keeps a number for each visitor,
    and nothing of the rows.
    """

    def __init__(self, history: Sequence[Visit] | None) -> None:
        self._first_by_id: dict[int, int] = {}
        self._first_by_name: dict[int, int] = {}
        self._only_id = self._only_name = False
        self._history_known = history is not None
        self._shared: set[int] = set()
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

    def read(self, rows: Iterable[TableRow], reader: RowReader) -> None:
        """Look at the rows of a table."""
        pick = picker(("visitor_id", "visitor", "visitor_country", "reference", "host"), reader.places)
        first_by_id, first_by_name = self._first_by_id.setdefault, self._first_by_name.setdefault
        shared, odd = self._shared.add, self.odd.add
        good_host = Memory(partial(_is_good, reader, "host"))
        number, width = self.rows, reader.width
        decisive = picker([field for field in _DECISIVE if field in reader.places], reader.places)
        for _, cells, fault in rows:
            number += 1
            if len(cells) < width:
                if fault and not cells:  # nothing is known of what it states
                    continue
                cells = [*cells, *[""] * (width - len(cells))]
            if not "".join(decisive(cells)).strip() and _is_no_trip(cells[width:], fault, reader.places):
                self.no_trips.add(number)
                continue
            key, name, country, reference, host = pick(cells)
            if key:
                if key.isalnum() and key.isascii() and key[-3:].isdigit() and len(key) > 2 and key.strip("0"):
                    folded = key.lower()  # so many digits are an id, and no remark
                else:
                    folded = key = fold(key)
                    odd(number)
                if (first := first_by_id(hash(folded), number)) != number:
                    shared(first)
                    shared(number)
            if name:
                folded = fold(name)
                if folded in NO_ORGANISATION or not folded or not name.isprintable():
                    odd(number)
                name = folded
                if (first := first_by_name(hash(folded), number)) != number:
                    shared(first)
                    shared(number)
            if not (key and name and country.isprintable() and country.strip()):
                self._note_lack(number, key, name if clean(country) else None)
            if not reference.isprintable() or not good_host[host]:
                odd(number)
        self.rows = number

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


def picker(fields: Sequence[str], places: Mapping[str, int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """What picks the texts of some fields from a row, with nothing for columns that are not there."""
    if all(field in places for field in fields):
        return itemgetter(*(places[field] for field in fields))
    at = [places.get(field) for field in fields]
    return lambda cells: ["" if place is None else cells[place] for place in at]


def _is_no_trip(beyond: Sequence[str], fault: str | tuple[Problem, ...] | None, places: Mapping[str, int]) -> bool:
    """Whether a row that seems to state nothing by which it is a trip does so for sure."""
    if isinstance(fault, tuple) and any(found.field in _DECISIVE or found.field not in places for found in fault):
        return False
    return not any(map(str.strip, beyond))


def _is_good(reader: RowReader, field: str, text: str) -> bool:
    try:
        reader.read(field, text)
    except Unusual:
        return False
    return True
