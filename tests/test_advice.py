"""What would mend a trip: right, and the nearest. Every stay of two months is held against every change of its dates."""

import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from better import better_dates
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import good_trips, rulebooks, trips

import cxc
from cxc.advice.remedies import advised, dated_remedies
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE
from cxc.scheme.loading import load_scheme
from cxc.trip.reader import Trip, TripReader
from cxc.verdict import Verdict, Verdicts
from cxc.visits import Recollection, Visit
from cxc.vocabulary import EarlierVisits

DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2023, 4, 20), datetime.date(2023, 6, 7)
FURTHEST = 34
RULEBOOKS = ("medic-nest", "eccp")
JUDGES = {name: Verdicts(load_scheme(name)) for name in RULEBOOKS}
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


@pytest.mark.many
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
            assert better.stay == smallest.stay
            assert (better.outcome, better.payable) == (ELIGIBLE, smallest.payable)
            assert better.trip == smallest.trip
            assert better.findings == smallest.findings
    assert advice > 300


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(trips(), good_trips()), rulebooks, st.booleans(), st.sampled_from(["none-found", "found", "same-name"])
)
def test_better_dates_are_judged_as_a_trip_with_them_is(
    stated: dict[str, Any], rulebook: str, strict: bool, earlier: EarlierVisits
) -> None:
    """What depends on no date is not asked again; still all is as if the trip were stated so, but for approvals."""
    verdicts = Verdicts(load_scheme(rulebook), strict=strict)
    trip = TripReader(verdicts.scheme.countries).read(stated)
    better = better_dates(verdicts(trip, Recollection(earlier)))
    if better is None:
        return
    changed = better.trip
    still = tuple(
        code for code in trip.approved or () if code not in ("CXC201", "CXC202", "CXC601", "CXC602", "CXC603")
    )
    alone = Verdicts(verdicts.scheme, strict=strict)(changed._replace(approved=still or None), Recollection(earlier))

    assert changed.stay == better.stay == alone.stay
    assert (better.outcome, better.amount, better.grounds, better.findings) == (
        (alone.outcome, alone.amount, alone.grounds, alone.findings))  # fmt: skip
    assert (better.notices, better.in_working_days, better.days_on_site) == (
        (alone.notices, alone.in_working_days, alone.days_on_site))  # fmt: skip


GOOD: dict[str, Any] = {"host_country": "PT", "host_cluster": "yes", "arrival": "2023-05-14", "departure": "2023-05-20"}
SENTENCES = {
    "too short": (
        {"departure": "2023-05-17"},
        {"CXC201": "Leaving on Thursday 18 May 2023 instead of Wednesday 17 May 2023 makes the stay long enough. "
         "It would pay EUR 390.00."},
    ),
    "too short, and the host is no member": (
        {"departure": "2023-05-17", "host_cluster": "none", "host_type": "sme"},
        {"CXC201": "Leaving on Thursday 18 May 2023 instead of Wednesday 17 May 2023 makes the stay long enough. That alone "
         "does not make the trip eligible (CXC402).",
         "CXC402": "Choose a host that is a member of a cluster, or that does not have to be: cluster-organisation."},
    ),
    "too short, and the host's cluster is open": (
        {"departure": "2023-05-17", "host_cluster": ""},
        {"CXC201": "Leaving on Thursday 18 May 2023 instead of Wednesday 17 May 2023 makes the stay long enough. It would pay "
         "EUR 390.00, if the open points are settled in its favour.", "CXC402": "State host_cluster."},
    ),
    "too short, and no amount is known": (
        {"arrival": "2019-05-14", "departure": "2019-05-17"},
        {"CXC201": "Leaving on Saturday 18 May 2019 instead of Friday 17 May 2019 makes the stay long enough. The amount "
         "is still not known. ECCP counts working days. It is not known whether that changes the result.",
         "CXC601": "Ask the partnership for the amount."},
    ),
    "too short, no amount is known, and too few of the better days are working days": (
        {"host_country": "GR", "visitor_country": "AT", "arrival": "", "departure": "", "first_day": "2020-01-11",
         "last_day": "2020-01-11"},
        {"CXC201": "Ending on Monday 13 January 2020 instead of Saturday 11 January 2020 makes the stay long enough. The "
         "amount is still not known. ECCP counts working days. Counted that way, the trip would not be eligible.",
         "CXC601": "Ask the partnership for the amount."},
    ),
    "too long, by its days on site": (
        {"arrival": "", "departure": "", "first_day": "2023-05-15", "last_day": "2023-06-16"},
        {"CXC202": "Ending on Wednesday 14 June 2023 instead of Friday 16 June 2023 makes the stay short enough. It would "
         "pay EUR 780.00."},
    ),
    "halved for a short stay": (
        {"departure": "2023-05-19"},
        {"CXC602": "Leaving on Saturday 20 May 2023 instead of Friday 19 May 2023 brings EUR 780.00 instead of EUR 390.00, if visitor "
            "and host are at least 200 km apart."},
    ),
    "halved, and the host's cluster is open": (
        {"departure": "2023-05-19", "host_cluster": ""},
        {"CXC402": "State host_cluster.",
         "CXC602": "Leaving on Saturday 20 May 2023 instead of Friday 19 May 2023 would bring EUR 780.00 instead of "
         "EUR 390.00, if the open points are settled in its favour and visitor and host are at least 200 km apart."},
    ),
    "halved over a holiday, where the full sum is not confirmed": (
        {"host_country": "AT", "departure": "2023-05-19"},
        {"CXC602": "Leaving on Saturday 20 May 2023 instead of Friday 19 May 2023 brings EUR 900.00 (inferred, not confirmed) "
         "instead of EUR 450.00, if visitor and host are at least 200 km apart. ECCP counts working days. Counted "
         "that way, the visit would pay only EUR 450.00."},
    ),
    "halved, and between countries that are never near": (
        {"visitor_country": "FI", "departure": "2023-05-19"},
        {"CXC602": "Leaving on Saturday 20 May 2023 instead of Friday 19 May 2023 brings EUR 780.00 instead of EUR 390.00."},
    ),
    "halved, and longer dates would not be certain by their places": (
        {"visitor_country": "HU", "visitor_place": "Budapest", "host_country": "AT", "host_place": "Wien", "departure": "2023-05-18"},
        {"CXC602": "Leaving on Saturday 20 May 2023 instead of Thursday 18 May 2023 brings EUR 900.00 (inferred, not confirmed) "
         "instead of EUR 450.00, if visitor and host are at least 200 km apart. ECCP counts working days. Counted "
         "that way, the visit would pay only EUR 450.00."},
    ),
    "too short for working days, though long enough here": (
        {"visitor_country": "FI", "arrival": "2023-05-19", "departure": "2023-05-21"},
        {"CXC201": "Leaving on Tuesday 23 May 2023 instead of Sunday 21 May 2023 makes the stay long enough. It would pay "
         "EUR 390.00. ECCP counts working days. Counted that way, the trip would not be eligible."},
    ),
    "halved in a year whose holidays are not known": (
        {"visitor_country": "FI", "arrival": "2036-03-02", "departure": "2036-03-06"},
        {"CXC602": "Leaving on Saturday 8 March 2036 instead of Thursday 6 March 2036 brings EUR 780.00 instead of EUR 390.00. "
         "ECCP counts working days. It is not known whether that changes the result."},
    ),
    "too short by working days, and the country is not stated": (
        {"rulebook": "eccp", "host_country": "", "departure": "2023-05-16"},
        {"CXC102": "State host_country.", "CXC103": "State host_country.", "CXC201": "Stay at least 3 working days on site.",
         "CXC601": "State host_country."},
    ),
    "halved, and near: longer dates bring no more": ({"departure": "2023-05-18", "distance_km": "20"}, {}),
    "near": ({"distance_km": "20"}, {"CXC603": "The sum is not halved if visitor and host are at least 200 km apart."}),
    "as good as can be": ({}, {}),
    "no dates": ({"arrival": "", "departure": ""}, {
        "CXC201": "State arrival and departure.", "CXC202": "State arrival and departure.",
        "CXC602": "State arrival and departure."}),
    "countries": (
        {"visitor_country": "NO", "host_country": "NO"},
        {"CXC101": "Choose a visitor that is registered in a country that takes part, but not in the host's (cxc countries "
         "lists them).",
         "CXC102": "Choose a host in a country that takes part, but not in the visitor's (cxc countries lists them).",
         "CXC103": "Choose a host in another country that takes part.",
         "CXC601": "Ask the partnership for the amount."},
    ),
    "types, people and places in the scheme": (
        {"visitor_type": "large-company", "host_type": "sme", "travellers": "2", "third_country_national": "yes",
         "residence_days": "1", "business_there": "yes", "activity": "other"},
        {"CXC301": "Choose a visitor of another type: cluster-organisation or business-network; or, as a member of a cluster, sme, "
         "technology-centre, research-institute, innovation-hub, fab-lab, creative-hub, resource-efficiency-provider, "
         "incubator or accelerator.",
         "CXC304": "Send fewer people, at most 1.",
         "CXC305": "Choose a traveller who meets these conditions, or to whom they do not apply.",
         "CXC501": "Ask the partnership. If it approves, state approved (CXC501), approved_by and approved_on."},
    ),
    "an sme that is no member": (
        {"visitor_type": "sme", "visitor_cluster": "none"},
        {"CXC302": "Choose a visitor that is a member of a cluster, or that does not have to be: cluster-organisation or "
         "business-network."},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stated", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_what_would_mend_it(stated: dict[str, str], expected: dict[str, str]) -> None:
    """Each finding that fails, is unknown or halves says what would mend it, with weekdays and amounts."""
    verdict = cxc.check(**{**GOOD, **stated})

    assert {finding.code: finding.remedy for finding in advised(verdict) if finding.remedy} == expected


@pytest.mark.many
@pytest.mark.parametrize("host", ["GR", "AT", "GB"])
@pytest.mark.parametrize("cluster", ["yes", None])
def test_dates_for_an_amount_that_stays_open(host: str, cluster: str | None) -> None:
    """Better dates hold when only working days count, or the remedy says that they do not, or that nobody can tell."""
    seen = set()
    strictly = JUDGES["eccp"]
    for first in range(64):  # from December 2019, whose holidays are not known here, until an amount is known
        arrival = datetime.date(2019, 12, 1) + first * DAY
        for nights in (1, 2, 3, 45):
            verdict = JUDGES["medic-nest"](
                Trip(
                    host_country=JUDGES["medic-nest"].scheme.countries.find(host),
                    host_cluster=cluster,
                    arrival=arrival,
                    departure=arrival + nights * DAY,
                )
            )
            better, said = better_dates(verdict), " ".join(dated_remedies(verdict).values())
            if better is None or better.amount is not None:
                continue
            trip = better.trip
            by_working_days = strictly(trip._replace(host_country=strictly.scheme.countries.find(host)))
            dates = {finding.outcome for finding in by_working_days.findings if finding.code in ("CXC201", "CXC202")}
            assert "The amount is still not known." in said
            assert ("the trip would not be eligible" in said) == ("fail" in dates), (arrival, nights, said)
            assert ("It is not known whether that changes the result." in said) == ("unknown" in dates), (
                arrival,
                nights,
                said,
            )
            seen |= dates
    assert seen == {"pass", "fail", "unknown"}


def test_working_days_that_cannot_be_counted() -> None:
    """Two weekdays are no three working days, whatever the holidays are; for more it is not known, also of an open trip."""
    far = {**GOOD, "arrival": "2150-05-15"}  # a Friday
    too_few = "At most 2 of the 4 days on site are working days. Counted that way, the trip would not be eligible."
    untold = "it is not known whether that changes the verdict or the amount."

    assert too_few in " ".join(cxc.check(**{**far, "departure": "2150-05-20"}).notices)
    for cluster in ("yes", None):
        assert untold in " ".join(cxc.check(**{**far, "departure": "2150-05-21", "host_cluster": cluster}).notices)


def test_visits() -> None:
    """A visit before, a question of names, an undecided trip before, and no history under --strict."""
    who: dict[str, Any] = {"visitor": "Acme", "visitor_country": "RO", "visitor_id": "RO 123"}
    before = Visit("history.csv", 2, "Acme", "RO 123", "RO", None)

    def remedy(verdict: Verdict) -> str | None:
        return next(finding.remedy for finding in advised(verdict) if finding.code == "CXC303")

    assert remedy(cxc.check(**GOOD, **who, history=[before])) == "Choose a visitor that has not visited before."
    assert remedy(cxc.check(**GOOD, **who, history=[before._replace(visitor_id="RO 999")])) == (
        "Ask the partnership. If it approves, state approved (CXC303), approved_by and approved_on."
    )
    assert (
        remedy(cxc.check(**GOOD, **who, history=[before._replace(decided=False)])) == "Settle the earlier trip first."
    )
    assert (
        remedy(cxc.check(**GOOD, **who, strict=True))
        == "State the visits that took place, in a table of earlier visits (--history)."
    )


def test_dates_that_nothing_near_mends() -> None:
    """Where the holidays are not known, no dates are promised; and a stay of a lifetime is shortened at once."""
    far: dict[str, Any] = {"host_country": "PT", "host_cluster": "yes", "rulebook": "eccp"}
    unknown = cxc.check(**far, arrival="2150-05-14", departure="2150-05-16")
    lifetime = cxc.check(**GOOD | {"departure": "2123-05-20"})

    assert better_dates(unknown) is None
    assert better_dates(cxc.check(**far, arrival="1900-05-14", departure="2199-05-16")) is None
    assert dated_remedies(lifetime)["CXC202"].startswith("Leaving on Thursday 15 June 2023 instead of")


def test_dates_at_the_edges(tmp_path: Path) -> None:
    """No dates, none left in the calendar that a trip may state, and a full sum that no stay can reach."""
    book = tmp_path / "never.yaml"
    book.write_text(
        "rulebook: never\nextends: medic-nest\nlimits:\n  full_sum_days: {value: 40, sources: [S10], checked: 2026-11-23}\n"
    )
    last = cxc.check(**GOOD | {"arrival": "2199-12-29", "departure": "2199-12-31"})

    assert better_dates(cxc.check(host_country="PT")) is None
    assert better_dates(cxc.check(**GOOD, rulebook=str(book))) is None
    assert dated_remedies(last)["CXC201"].startswith(
        "Arriving on Friday 27 December 2199 instead of Sunday 29 December"
    )


def test_better_dates_are_stated_as_the_trip_states_its_own() -> None:
    """By the days on site, where these are what is stated."""
    better = better_dates(cxc.check(host_country="PT", first_day="2023-05-15", last_day="2023-05-17"))

    assert better is not None
    trip = better.trip
    assert (trip.arrival, str(trip.first_day), str(trip.last_day)) == (None, "2023-05-15", "2023-05-19")
