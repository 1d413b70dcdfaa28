"""What would mend a trip: right, and the nearest. Every stay of two months is held against every change of its dates."""

import datetime
from decimal import Decimal
from functools import cache

import pytest

from cxc.advice import better_dates
from cxc.scheme import load_scheme
from cxc.trip import Trip
from cxc.verdict import ELIGIBLE, NOT_ELIGIBLE, Judge, Verdict

DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2023, 4, 20), datetime.date(2023, 6, 20)
FURTHEST = 34
RULEBOOKS = ("medic-nest", "eccp")
JUDGES = {name: Judge(load_scheme(name)) for name in RULEBOOKS}
# Every change of dates, the smallest first: days moved in all, nights added, days by which the arrival moves, the later.
CHANGES = sorted(
    (
        (later, longer)
        for later in range(-FURTHEST, FURTHEST + 1)
        for longer in range(-FURTHEST, FURTHEST + 1)
        if 0 < abs(later) + abs(longer) <= FURTHEST
    ),
    key=lambda change: (abs(change[0]) + abs(change[1]), change[1] - change[0], abs(change[0]), -change[1]),
)


@cache
def verdict_on(
    rulebook: str, host: str, distance: int | None, arrival: datetime.date, departure: datetime.date
) -> Verdict:
    judge = JUDGES[rulebook]
    trip = Trip(
        host_country=judge.scheme.countries.find(host),
        host_cluster="yes",
        arrival=arrival,
        departure=departure,
        distance_km=None if distance is None else Decimal(distance),
    )
    return judge(trip)


@pytest.mark.parametrize("rulebook", RULEBOOKS)
@pytest.mark.parametrize(("host", "distance"), [("PT", None), ("AT", None), ("BG", None), ("DE", 150)])
def test_the_nearest_better_dates(rulebook: str, host: str, distance: int | None) -> None:
    """Checking the changed trip gives what was promised, and no smaller change does it."""
    advice = 0
    for first in range((LAST - FIRST).days):
        for nights in range((LAST - FIRST).days - first + 1):
            arrival = FIRST + first * DAY
            departure = arrival + nights * DAY
            verdict = verdict_on(rulebook, host, distance, arrival, departure)
            smallest = None
            if verdict.outcome == NOT_ELIGIBLE or any(
                f.code == "CXC602" and f.outcome == "applies" for f in verdict.findings
            ):
                paid = verdict.payable.amount if verdict.payable else 0
                for later, longer in CHANGES:
                    if arrival + later * DAY <= departure + longer * DAY:
                        other = verdict_on(rulebook, host, distance, arrival + later * DAY, departure + longer * DAY)
                        if other.payable is not None and other.payable.amount > paid:
                            smallest = other
                            break
            better = better_dates(verdict)
            if smallest is None:
                assert better is None, (arrival, departure)
                continue
            assert better is not None, (arrival, departure)
            advice += 1
            assert (better.stay.arrival, better.departure) == (smallest.trip.arrival, smallest.trip.departure)
            assert (better.verdict.outcome, better.verdict.payable) == (ELIGIBLE, smallest.payable)
            assert better.verdict.trip == smallest.trip
            assert better.verdict.findings == smallest.findings
    assert advice > 500
