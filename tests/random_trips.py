"""Trips by the thousand for the second opinion: drawn from a seed, and every boundary one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations, islice, permutations, product
from random import Random
from typing import Any, TypeVar

from second_opinion import (
    ACTIVITIES,
    COUNTRIES,
    TYPES,
    EarlierVisit,
    Trip,
    a_month_after,
    arrival_of,
    days_are_stated,
    days_on_site_of,
    public_holidays,
)

from cxc.rules import RULE_NAMES

Value = TypeVar("Value")

CODES = tuple(f"CXC{number}" for number in (101, 102, 103, 201, 202, 301, 302, 303, 304, 305, 401, 402, 501, 601, 602, 603))  # fmt: skip
CODES_OF_PAPERS = tuple(code for code in RULE_NAMES if code > "CXC700")
PROOFS = ("boarding-passes", "tickets", "travel-invoices", "accommodation-invoices", "attendance-list", "host-statement")  # fmt: skip
OUTSIDE = ("US", "JP")  # countries outside the table
ALL_COUNTRIES = (*COUNTRIES, *OUTSIDE)
KM = (50, 100, 179.4, 179.6, 190, 199.9, 200.1, 220.4, 220.6, 250)  # south of the Danube
DISTANCES = tuple(map(Decimal, ("0", "150", "199.999", "199.9999999", "200", "200.0000001", "200.5", "2900", "20040")))

GOOD = Trip(
    visitor="Gamma",
    visitor_id="RO 777",
    visitor_country="RO",
    visitor_type="sme",
    visitor_cluster=True,
    host_country="PT",
    host_type="sme",
    host_cluster=True,
    arrival=date(2023, 5, 14),
    departure=date(2023, 5, 20),
    distance_km=Decimal(2900),
    travellers=1,
    activity=("networking",),
    third_country_national=False,
)
PAPERS: dict[str, Any] = {
    "registered": True,
    "commitment_signed": date(2023, 5, 14),
    "agreement_signed": date(2023, 5, 14),
    "report_validated": date(2023, 6, 1),
    "evidence": ("tickets", "host-statement"),
}
TODAY = date(2023, 7, 1)
"""A trip that is eligible and due, with everything stated."""


@dataclass(frozen=True)
class Table:
    """Trips that are judged together, and how they are asked about. `history` is None where none is known."""

    trips: tuple[Trip, ...]
    rulebook: str
    strict: bool = False
    history: tuple[EarlierVisit, ...] | None = None
    today: date | None = None


# ---------------------------------------------------------------------------------------------------------------------
# By chance
# ---------------------------------------------------------------------------------------------------------------------


def south_of(place: tuple[float, float], km: float) -> tuple[float, float]:
    """A place so many km south, the earth taken as a sphere of its mean radius."""
    return round(place[0] - km / 111.19508, 5), place[1]


def random_table(chance: Random, *, size: int, payment: bool) -> Table:
    """A table of trips; some visitors come again, some stand in the history."""
    today = date(2020 + chance.randrange(17), chance.randint(1, 12), 15) if payment else None
    return Table(
        trips=tuple(random_trip(chance, size, today) for _ in range(size)),
        rulebook=chance.choice(("medic-nest", "eccp")),
        strict=chance.random() < 0.4,
        history=chance.choice((None, (), tuple(_random_visit(chance, size) for _ in range(size // 10)))),
        today=today,
    )


def random_trip(chance: Random, visitors: int, today: date | None) -> Trip:
    """A good trip of which some facts are others or not stated; often just at a boundary."""
    trip = replace(GOOD, **_random_visitor(chance, visitors), **_random_stay(chance, today))
    changes = _CHANGES + (_CHANGES_OF_PAPERS if today else ())
    if today:
        trip = replace(trip, **_papers_of(trip, today))
    for change in chance.sample(changes, chance.choice((0, 1, 1, 2, 2, 3, 4, 8))):
        trip = replace(trip, **change(chance, trip))
    if (trip.visitor_country, trip.host_country) != ("RO", "BG"):
        trip = replace(trip, visitor_place=None, host_place=None)  # a place far from its country is an error
    return trip


Changed = dict[str, Any]


def _maybe(chance: Random, *values: Value) -> Value | None:
    """One of these, or not stated."""
    return None if chance.random() < 0.25 else chance.choice(values)


def _random_visitor(chance: Random, visitors: int) -> Changed:
    """Most come once; the others are of a few, told by name, by id, or by neither."""
    number = chance.randrange(10**9)
    if chance.random() < 0.6:
        return {"visitor": f"Firm {number}", "visitor_id": f"PIC {number}"}
    few = chance.randrange(max(visitors // 6, 1))
    return {
        "visitor": _maybe(chance, f"Firm {few}", f"FIRM-{few}", f"Fírm {few}."),
        "visitor_id": _maybe(chance, f"RO {few}", f"ro-{few}", f"RO{few}", f"X{few}")
        if chance.random() < 0.7
        else None,
    }


def _random_visit(chance: Random, visitors: int) -> EarlierVisit:
    """It states an id, or a name with its country, or it would be refused."""
    while True:
        told = _random_visitor(chance, visitors)
        country = _maybe(chance, "RO", "RO", "PL")
        if told["visitor_id"] or (told["visitor"] and country):
            return EarlierVisit(told["visitor"], told["visitor_id"], country)


def _random_stay(chance: Random, today: date | None) -> Changed:
    """A stay at any day of the scheme or just outside, of a length that is often just at a boundary."""
    earliest, latest = date(2019, 12, 20), today + timedelta(days=5) if today else date(2036, 1, 10)
    if latest <= earliest:
        latest = earliest + timedelta(days=60)
    if chance.random() < 0.15:
        first = chance.choice(
            (date(2020, 2, 2), date(2020, 2, 3), date(2020, 2, 4), date(2019, 12, 31), date(2035, 12, 27))
        )
    else:
        first = earliest + timedelta(days=chance.randrange((latest - earliest).days))
    length = chance.choice((0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 9, chance.randrange(40)))
    last = first + timedelta(days=length - 1)
    if chance.random() < 0.12:
        last = a_month_after(first - timedelta(days=1)) + timedelta(days=chance.choice((-1, 0, 1)))
    if chance.random() < 0.5 or length == 0:
        departure = max(last + timedelta(days=1), first - timedelta(days=1))
        return {**_NO_STAY, "arrival": first - timedelta(days=1), "departure": departure}
    return {**_NO_STAY, "first_day": first, "last_day": last}


_NO_STAY: Changed = {"arrival": None, "departure": None, "first_day": None, "last_day": None}


def _places(chance: Random, _: Trip) -> Changed:
    """A place at the Danube, and one in Bulgaria so many km south of it."""
    here = 44.0, 25.0 + chance.randrange(60) / 100
    return {
        "visitor_country": "RO",
        "host_country": "BG",
        "visitor_place": here,
        "host_place": _maybe(chance, *(south_of(here, km) for km in KM)),
        "distance_km": _maybe(chance, *DISTANCES) if chance.random() < 0.2 else None,
    }


def _a_country(chance: Random) -> str:
    return chance.choice(("GB", "NO", "CH", "LI", *OUTSIDE)) if chance.random() < 0.25 else chance.choice(ALL_COUNTRIES)


_CHANGES = (
    lambda chance, _: {"visitor_country": _maybe(chance, _a_country(chance))},
    lambda chance, _: {"host_country": _maybe(chance, _a_country(chance))},
    lambda chance, _: {"host_country": chance.choice(tuple(COUNTRIES))},
    lambda chance, trip: {"visitor_country": trip.host_country},
    lambda chance, trip: _beside_a_holiday(chance, trip),
    lambda chance, _: {"visitor_type": _maybe(chance, *TYPES)},
    lambda chance, _: {"visitor_type": _maybe(chance, *TYPES), "visitor_cluster": _maybe(chance, True, False)},
    lambda chance, _: {"visitor_cluster": _maybe(chance, True, False)},
    lambda chance, _: {"host_type": _maybe(chance, *TYPES)},
    lambda chance, _: {"host_type": _maybe(chance, *TYPES), "host_cluster": _maybe(chance, True, False)},
    lambda chance, _: {"host_cluster": _maybe(chance, True, False)},
    lambda chance, _: _NO_STAY,
    lambda chance, _: {"distance_km": _maybe(chance, *DISTANCES)},
    _places,
    lambda chance, _: {"travellers": _maybe(chance, 1, 2, 3)},
    lambda chance, _: {"activity": tuple(chance.sample(ACTIVITIES, chance.randrange(3)))},
    lambda chance, _: {"activity": tuple(chance.sample(("training", "business-mission", "fair", "other"), 1))},
    lambda chance, _: {
        "third_country_national": _maybe(chance, True, True, False),
        "residence_days": _maybe(chance, 0, 182, 183, 184),
        "business_there": _maybe(chance, True, False),
    },
    lambda chance, _: {"approved": tuple(chance.sample(CODES + CODES_OF_PAPERS, chance.randint(1, 4)))},
    lambda chance, _: {"approved": ("CXC101", "CXC102", "CXC301", "CXC501", *CODES_OF_PAPERS)},
)


def _beside_a_holiday(chance: Random, trip: Trip) -> Changed:
    """A stay of some days around a public holiday of the host country."""
    if trip.host_country not in COUNTRIES:
        return {}
    holiday = chance.choice(sorted(public_holidays(trip.host_country)))
    first = holiday - timedelta(days=chance.randrange(5))
    return {**_NO_STAY, "first_day": first, "last_day": first + timedelta(days=chance.randrange(2, 8))}


def _papers_of(trip: Trip, today: date) -> Changed:
    """Papers with which a visit that is over is due."""
    arrival, days = arrival_of(trip), days_on_site_of(trip)
    end = days[-1] if days else arrival
    return {
        "registered": True,
        "commitment_signed": min(arrival, today),
        "agreement_signed": min(arrival - timedelta(days=1), today),
        "report_validated": end if end <= today else None,
        "evidence": ("boarding-passes", "accommodation-invoices"),
    }


def _a_day(chance: Random, trip: Trip) -> date | None:
    """A day just before, at or after one that counts."""
    if not days_are_stated(trip):
        return _maybe(chance, date(2022, 3, 1))
    days = days_on_site_of(trip)
    near = chance.choice((arrival_of(trip), days[-1] if days else arrival_of(trip)))
    return _maybe(chance, near + timedelta(days=chance.choice((-40, -1, 0, 0, 1, 1, 2, 40))))


_CHANGES_OF_PAPERS = (
    lambda chance, _: {"registered": _maybe(chance, True, False)},
    lambda chance, trip: {"commitment_signed": _a_day(chance, trip)},
    lambda chance, trip: {"agreement_signed": _a_day(chance, trip)},
    lambda chance, trip: {"report_validated": _a_day(chance, trip)},
    lambda chance, _: {"evidence": tuple(chance.sample(PROOFS, chance.randrange(4)))},
    lambda chance, trip: {"paid_on": _a_day(chance, trip), "paid_eur": None},
    lambda chance, trip: {
        "paid_on": trip.report_validated,
        "paid_eur": _maybe(chance, Decimal(390), Decimal("415.00")) if trip.report_validated else None,
    },
)


# ---------------------------------------------------------------------------------------------------------------------
# Every boundary
# ---------------------------------------------------------------------------------------------------------------------


def boundary_tables(*, thorough: bool) -> Iterator[Table]:
    """Every boundary of the scheme, under both rulebooks, strict and not; at the stage of payment those of papers.

    What grows with the number of countries or of days in a year is asked in two of these four ways, and in all four where
    it should be `thorough`.
    """
    for rulebook, strict in product(("medic-nest", "eccp"), (False, True)):
        history = () if strict else None  # without one every trip would be undecided
        trips = chain(_by_type(), _by_stay(), _by_the_rest(thorough=thorough), _by_approval())
        if thorough or strict == (rulebook == "eccp"):
            trips = chain(trips, _by_country(), _by_month(thorough=thorough), _by_year())
        for some in _by_the(100, trips):
            yield Table(tuple(_as_others(some)), rulebook, strict, history)
        for some in _by_the(100, _by_papers()):
            yield Table(tuple(_as_others(some)), rulebook, strict, history, TODAY)
    for strict in (False, True):
        yield from _by_visitor(strict)
        yield from _by_order(strict)
        yield Table(tuple(_by_papers_of_two()), "medic-nest", strict, (), TODAY)


def _by_the(number: int, trips: Iterator[Trip]) -> Iterator[tuple[Trip, ...]]:
    while some := tuple(islice(trips, number)):
        yield some


def _as_others(trips: Iterable[Trip]) -> Iterator[Trip]:
    """Each trip of another visitor."""
    for number, trip in enumerate(trips):
        yield replace(trip, visitor_id=f"PIC {number}", visitor=f"Firm {number}")


def _by_country() -> Iterator[Trip]:
    """Each pair of countries, not stated and outside the table too; each host about the first day of the scheme."""
    for visitor, host in product((None, *ALL_COUNTRIES), repeat=2):
        yield replace(GOOD, visitor_country=visitor, host_country=host)
    for host, day in product(ALL_COUNTRIES, (1, 2, 3, 4)):
        stay = _stay_between(date(2020, 2, day), date(2020, 2, day + 6))
        yield replace(stay, visitor_country="LV" if host == "RO" else "RO", host_country=host)


def _by_type() -> Iterator[Trip]:
    """Each type as visitor and as host, in a cluster or not, or not stated."""
    for kind, cluster in product((None, *TYPES), (None, True, False)):
        yield replace(GOOD, visitor_type=kind, visitor_cluster=cluster)
        yield replace(GOOD, host_type=kind, host_cluster=cluster)
    for visitor, host in product(TYPES, TYPES):
        yield replace(GOOD, visitor_type=visitor, visitor_cluster=False, host_type=host, host_cluster=False)


def _by_stay() -> Iterator[Trip]:
    """Stays of each length on each day of two weeks, with a public holiday of Portugal on 10 June 2022; days not stated."""
    for host in (None, "PT", "NO", "US"):
        yield replace(GOOD, **_NO_STAY, host_country=host)
        for day, length in product(range(14), range(12)):
            arrival = date(2022, 6, 2) + timedelta(days=day)
            yield replace(_stay_between(arrival, arrival + timedelta(days=length)), host_country=host)


def _by_month(*, thorough: bool) -> Iterator[Trip]:
    """Stays of about one month, of a leap year and the one before: from the ends of months, or from each day."""
    for number, more in product(range(731), (-1, 0, 1)):
        arrival = date(2023, 1, 1) + timedelta(days=number)
        if thorough or arrival.day <= 2 or arrival.day >= 27:
            last = a_month_after(arrival) + timedelta(days=more)
            yield _stay_between(arrival, last + timedelta(days=1))
            yield _stay_on_site(arrival + timedelta(days=1), last)


def _by_year() -> Iterator[Trip]:
    """Stays about the first day of the scheme, and about the first and last day of which public holidays are known."""
    for edge, before, length in product(
        (date(2020, 1, 1), date(2020, 2, 3), date(2036, 1, 1)), range(-2, 9), (0, 1, 3, 4, 5, 8)
    ):
        first = edge - timedelta(days=before)
        last = first + timedelta(days=length)
        for stay in (_stay_between(first, last), _stay_on_site(first, last)):
            yield stay
            yield replace(stay, host_country=None)
            yield replace(stay, approved=("CXC201", "CXC601", "CXC602"))


def _stay_between(arrival: date, departure: date) -> Trip:
    return replace(GOOD, arrival=arrival, departure=departure)


def _stay_on_site(first: date, last: date) -> Trip:
    return replace(GOOD, arrival=None, departure=None, first_day=first, last_day=last)


def _by_the_rest(*, thorough: bool) -> Iterator[Trip]:
    """People, nationality, activities, distances with a full and a half sum of each country."""
    for travellers in (None, 1, 2, 3, 1000):
        yield replace(GOOD, travellers=travellers)
    for national, residence, business in product((None, True, False), (None, 0, 182, 183, 184), (None, True, False)):
        yield replace(GOOD, third_country_national=national, residence_days=residence, business_there=business)
    for number in range(len(ACTIVITIES) + 1 if thorough else 3):
        for activity in combinations(ACTIVITIES, number):
            yield replace(GOOD, activity=activity)
    for distance, days, host in product((None, *DISTANCES), range(2, 8), ("PT", None)):
        stay = _stay_on_site(date(2022, 6, 13), date(2022, 6, 13) + timedelta(days=days - 1))
        yield replace(stay, distance_km=distance, host_country=host)
    for km, distance, days in product((None, *KM), (None, Decimal(150), Decimal(200)), (4, 5)):
        stay = _stay_on_site(date(2022, 6, 13), date(2022, 6, 13) + timedelta(days=days - 1))
        here = 44.0, 25.3
        there = None if km is None else south_of(here, km)
        yield replace(stay, host_country="BG", visitor_place=here, host_place=there, distance_km=distance)
    for host, days in product(COUNTRIES, (4, 5)):
        last = date(2021, 11, 22) + timedelta(days=days - 1)
        yield replace(
            _stay_on_site(date(2021, 11, 22), last), host_country=host, visitor_country="PL" if host == "RO" else "RO"
        )


def _by_approval() -> Iterator[Trip]:
    """Each code approved, where the answer is to ask, and where it is another."""
    for code in (*CODES, *CODES_OF_PAPERS):
        for changes in _OPEN_OR_FAILED:
            yield replace(GOOD, approved=(code,), **changes)
    for changes in _OPEN_OR_FAILED:
        yield replace(GOOD, approved=(*CODES, *CODES_OF_PAPERS), **changes)


_OPEN_OR_FAILED: tuple[Changed, ...] = (
    {},
    {"visitor_country": "GB"},
    {"host_country": "GB"},
    {"visitor_country": "NO"},
    {"host_country": "NO"},
    {"visitor_country": "PT"},
    {"visitor_type": "technology-park"},
    {"visitor_type": "technology-park", "visitor_cluster": False},
    {"visitor_type": "university", "visitor_cluster": None},
    {"visitor_type": "large-company"},
    {"visitor_cluster": False},
    {"visitor_type": None, "visitor_cluster": False},
    {"host_cluster": None},
    {"host_cluster": False},
    {"travellers": 2},
    {"third_country_national": True},
    {"activity": ("other",)},
    {"activity": ("fair",)},
    {"activity": ()},
    {"arrival": date(2020, 2, 2), "departure": date(2020, 2, 9)},
    {"departure": date(2023, 5, 16)},
    {"departure": date(2023, 7, 16)},
    {"arrival": None, "departure": None},
)


def _changed(field: str, value: object) -> Changed:
    return {field: value}


def _by_papers() -> Iterator[Trip]:
    """Each paper not there, in time, and late; each set of proofs; days of papers on, before and after what they follow."""
    due = replace(GOOD, **PAPERS)
    yield due
    for registered in (None, False):
        yield replace(due, registered=registered)
    days = [None, *(date(2023, 5, 14) + timedelta(days=more) for more in (-400, -1, 0, 1, 5, 6)), TODAY]
    for name, day in product(("commitment_signed", "agreement_signed"), (*days, TODAY + timedelta(days=1))):
        for approved in ((), ("CXC702",), ("CXC703",)):
            yield replace(due, **_changed(name, day), approved=approved)
        on_site: Changed = {
            "arrival": None,
            "departure": None,
            "first_day": date(2023, 5, 15),
            "last_day": date(2023, 5, 19),
        }
        yield replace(due, **on_site | {name: day})
        yield replace(due, **_NO_STAY | {name: day})
    for number in range(len(PROOFS) + 1):
        for evidence in combinations(PROOFS, number):
            yield replace(due, evidence=evidence)
    for last, validated, paid in product(range(-2, 3), (None, -2, -1, 0, 1), (None, -2, -1, 0, 1)):
        end = TODAY + timedelta(days=last)
        trip = replace(due, arrival=end - timedelta(days=5), departure=end + timedelta(days=1))
        trip = replace(trip, commitment_signed=trip.arrival, agreement_signed=trip.arrival)
        yield replace(
            trip,
            report_validated=None if validated is None else TODAY + timedelta(days=validated),
            paid_on=None if paid is None else TODAY + timedelta(days=paid),
        )
    for eur in (None, Decimal("780.00"), Decimal(390)):
        yield replace(due, paid_on=TODAY, paid_eur=eur)
        yield replace(due, paid_on=TODAY, paid_eur=eur, report_validated=None)
    for country, changes in product(("PT", "GB"), _OPEN_OR_FAILED):
        yield replace(replace(due, host_country=country), **changes)


def _by_papers_of_two() -> Iterator[Trip]:
    """Two trips of one visitor, the first paid, or without a paper, or refused: whether it uses up the visit."""
    firsts: tuple[Changed, ...] = (
        {},
        {"paid_on": TODAY},
        {"registered": False},
        {"registered": None},
        {"commitment_signed": None},
        {"evidence": ()},
        {"report_validated": None},
        {"paid_on": TODAY, "host_cluster": False},
        {"paid_on": TODAY, "host_cluster": None},
    )
    for number, first in enumerate(firsts):
        due = replace(_of(number, ("Gamma", "RO 777", "RO")), **PAPERS)
        yield replace(due, **first)
        yield replace(due, arrival=date(2023, 5, 21), departure=date(2023, 5, 27))


def _by_visitor(strict: bool) -> Iterator[Table]:
    """Pairs of trips by what is told of their visitors, the first eligible, undecided, or refused; or a visit and a trip.

    A table has the pairs of which the same is told, each of a visitor of its own.
    """
    stated_or_not = tuple(product((False, True), repeat=3))
    for of_first, of_second in product(stated_or_not, stated_or_not):
        first = [_told(of_first, "Gamma", "RO 777", "RO")]
        second = {_told(of_second, *told) for told in product(("GÁM-MA ", "Delta"), ("ro-777", "RO778"), ("RO", "PL"))}
        pairs = [
            (_of(number, one), _of(number, other))
            for number, (one, other) in enumerate(product(first, sorted(second, key=str)))
        ]
        for changes in ({}, {"host_cluster": None}, {"host_cluster": False}):
            trips = tuple(chain(*((replace(one, **changes), other) for one, other in pairs)))
            for history in (None, ()):
                yield Table(trips, "eccp" if changes else "medic-nest", strict, history)
        visits = tuple(EarlierVisit(one.visitor, one.visitor_id, one.visitor_country) for one, _ in pairs)
        if of_first in ((False, True, False), (True, False, True)) or all(of_first):
            yield Table(tuple(other for _, other in pairs), "medic-nest", strict, visits)


Told = tuple[str | None, str | None, str | None]


def _told(stated: tuple[bool, ...], *told: str) -> Told:
    name, number, country = (value if is_stated else None for value, is_stated in zip(told, stated, strict=True))
    return name, number, country


def _of(number: int, told: Told) -> Trip:
    """A trip of the visitor of this number."""
    name, visitor_id, country = told
    return replace(
        GOOD,
        visitor=name and f"{name} {number}",
        visitor_id=visitor_id and f"{visitor_id} {number}",
        visitor_country=country,
    )


def _by_order(strict: bool) -> Iterator[Table]:
    """Three trips of one visitor in each order of their days, of which one is undecided, or refused, or has no days."""
    days = (date(2022, 3, 7), date(2022, 3, 7), date(2023, 3, 6), None)
    changes: tuple[Changed, ...] = ({}, {"host_cluster": None}, {"host_cluster": False})
    for which, change in product(range(3), changes):
        trips = []
        for number, arrivals in enumerate(permutations(days, 3)):
            for at, arrival in enumerate(arrivals):
                departure = arrival and arrival + timedelta(days=6 + at)
                trip = replace(_of(number, ("Gamma", "RO 777", "RO")), arrival=arrival, departure=departure)
                trips.append(replace(trip, **change) if at == which else trip)
        yield Table(tuple(trips), "medic-nest", strict)
