"""Whole domains, not samples, against a second count that is slow and obvious."""

import calendar
import csv
import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import holidays
import pytest

from cxc.scheme.loading import load_scheme
from cxc.trip.reader import Trip
from cxc.verdict import Verdicts

pytestmark = pytest.mark.many

ONE_DAY = datetime.timedelta(days=1)
RECORD = list(csv.DictReader((Path(__file__).parent / "cases" / "lump-sums.csv").open(encoding="utf-8")))
STATUS = {row["code"]: row["status"] for row in RECORD} | {"US": "not-participating"}
FULL = {row["code"]: row["full_eur"] for row in RECORD}


@pytest.mark.parametrize("rulebook", ["medic-nest", "eccp"])
def test_every_pair_of_countries(rulebook: str) -> None:
    """From every country to every country: who may travel, what it pays, and on which basis."""
    scheme = load_scheme(rulebook)
    judge = Verdicts(scheme)
    arrival, departure = datetime.date(2023, 5, 14), datetime.date(2023, 6, 3)
    for visitor in STATUS:
        for host in STATUS:
            trip = Trip(
                visitor_country=scheme.countries.find(visitor),
                host_country=scheme.countries.find(host),
                host_cluster="yes",
                arrival=arrival,
                departure=departure,
            )
            verdict = judge(trip)
            statuses = {STATUS[visitor], STATUS[host]}
            if visitor == host or "not-participating" in statuses:
                expected = "not-eligible"
            else:
                expected = "undecided" if "ask" in statuses else "eligible"

            assert (visitor, host, verdict.outcome) == (visitor, host, expected)
            if verdict.payable is not None:
                assert (host, verdict.payable.amount) == (host, Decimal(FULL[host]))


def test_every_country_amount_and_basis() -> None:
    """Each full and half amount and its basis is the recorded one."""
    scheme = load_scheme()
    judge = Verdicts(scheme)
    for row in RECORD:
        for days, part, basis in ((5, 1, row["full_basis"]), (3, 2, row["half_basis"])):
            first = datetime.date(2023, 5, 8)
            trip = Trip(
                host_country=scheme.countries.find(row["code"]),
                host_cluster="yes",
                first_day=first,
                last_day=first + (days - 1) * ONE_DAY,
            )
            verdict = judge(trip)
            found = verdict.payable or verdict.if_settled
            if row["full_eur"] and row["status"] != "not-participating":
                assert found is not None
                assert (row["code"], found.amount, found.basis) == (row["code"], Decimal(row["full_eur"]) / part, basis)
            else:
                assert found is None


def slow_days(arrival: datetime.date, departure: datetime.date) -> Iterator[datetime.date]:
    """The days between the travel days, one after the other."""
    day = arrival + ONE_DAY
    while day < departure:
        yield day
        day += ONE_DAY


def slow_month_end(arrival: datetime.date) -> datetime.date:
    """The same date of the next month, or its last day."""
    year, month = (arrival.year + 1, 1) if arrival.month == 12 else (arrival.year, arrival.month + 1)
    return datetime.date(year, month, min(arrival.day, calendar.monthrange(year, month)[1]))


@pytest.mark.parametrize("rulebook", ["medic-nest", "eccp"])
@pytest.mark.parametrize("host", ["AT", "TR"])
def test_every_stay_of_three_years(rulebook: str, host: str) -> None:
    """Every arrival day of 2022 to 2024 with every length from 0 to 40 days."""
    scheme = load_scheme(rulebook)
    judge = Verdicts(scheme)
    country = scheme.countries.find(host)
    free = set(holidays.country_holidays(host, years=range(2022, 2026)))
    full = Decimal(FULL[host])
    trip = Trip(host_country=country, host_cluster="yes")
    arrival = datetime.date(2022, 1, 1)
    while arrival.year < 2025:
        month_end = slow_month_end(arrival)
        dates = [(arrival, arrival + length * ONE_DAY) for length in range(41)]
        alone = judge(trip._replace(arrival=arrival, departure=dates[arrival.day][1]))
        for length, verdict in enumerate(judge.at_dates(trip, dates)):
            departure = dates[length][1]
            on_site = list(slow_days(arrival, departure))
            working = [day for day in on_site if day.weekday() not in (5, 6) and day not in free]
            counted = len(on_site if rulebook == "medic-nest" else working)
            too_long = bool(on_site) and on_site[-1] > month_end
            eligible = counted >= 3 and not too_long

            stay = (arrival, length)
            assert (stay, verdict.days_on_site, verdict.working_days) == (stay, len(on_site), len(working))
            assert (stay, verdict.outcome) == (stay, "eligible" if eligible else "not-eligible")
            amount = verdict.payable.amount if verdict.payable else None
            assert (stay, amount) == (stay, (full if counted >= 5 else full / 2) if eligible else None)
            if length == arrival.day:  # judged by itself, it comes to the same
                assert (stay, alone.outcome, alone.payable) == (stay, verdict.outcome, verdict.payable)
        arrival += ONE_DAY
