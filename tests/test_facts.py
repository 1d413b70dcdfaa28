"""What follows from what is stated, fact by fact: at each edge, and held against counting one by one."""

import datetime
import inspect
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxc import facts
from cxc.resolver import NOTHING_READ
from cxc.scheme.countries import load_countries
from cxc.scheme.public_holidays import OnWeekdays
from cxc.trip.places import Place
from cxc.trip.stay import Stay

DAY = datetime.timedelta(days=1)
COUNTRY = load_countries().find
PORTUGAL, ROMANIA = COUNTRY("PT"), COUNTRY("RO")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("cluster", "member", "in_doubt"),
    [
        (None, None, False),
        ("none", False, False),
        ("yes", True, False),
        ("Medvia", True, False),
        ("Madrid network", True, True),
    ],
)
def test_membership(cluster: str | None, member: bool | None, in_doubt: bool) -> None:
    """`yes` and a name are members, `none` is none; a name that may be a remark is a member in doubt."""
    assert facts.visitor_member(cluster) is facts.host_member(cluster) is member
    assert facts.in_doubt(cluster) is in_doubt


# Holidays on days 10, 20 and 30 of a table that covers the days 5 to 40.
CALENDAR = OnWeekdays((10, 20, 30), 5, 40)


@pytest.mark.parametrize(
    ("last", "until"),
    [(4, -1), (5, 0), (9, 0), (10, 1), (19, 1), (20, 2), (40, 3), (41, -1)],
)
def test_holidays_until_a_day(last: int, until: int) -> None:
    """That day counts; the first and the last day of the table are covered, those beside it are not."""
    assert facts.holidays_until(CALENDAR, last) == until


@pytest.mark.parametrize(
    ("first", "before"),
    [(4, -1), (5, 0), (10, 0), (11, 1), (20, 1), (21, 2), (40, 3), (41, -1)],
)
def test_holidays_before_the_first_day(first: int, before: int) -> None:
    """The first day on site is not before itself; it is the one that has to be covered."""
    assert facts.holidays_before(CALENDAR, first - 1) == before


def test_holidays_of_nobody_and_without_dates() -> None:
    for holidays in (facts.holidays_before, facts.holidays_until):
        assert holidays(None, 5) is None
        assert holidays(CALENDAR, None) is None


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 11, 1)), st.integers(0, 50))
def test_working_days_are_counted_one_by_one(arrival: datetime.date, nights: int) -> None:
    """No Saturday, no Sunday, no public holiday of the host country."""
    stay = Stay.between(arrival, arrival + DAY * nights)
    days = [stay.first + DAY * number for number in range((stay.last - stay.first).days + 1)]
    weekdays = [one for one in days if one.isoweekday() <= 5]
    calendar = facts.calendar(PORTUGAL)
    assert calendar is not None
    holidays, *_ = calendar

    counted = facts.days_counted_in(PORTUGAL, stay)

    working = [one for one in weekdays if one.toordinal() not in holidays]
    assert counted == (len(days), len(weekdays), len(working), True)


@pytest.mark.parametrize(
    ("first", "last", "known"),
    [
        ("2019-12-31", "2020-01-03", False),
        ("2020-01-01", "2020-01-03", True),
        ("2035-12-29", "2035-12-31", True),
        ("2035-12-29", "2036-01-01", False),
        ("2036-01-01", "2036-01-01", False),
    ],
)
def test_years_whose_holidays_are_known(first: str, last: str, known: bool) -> None:
    """The first and the last day of the table are known; a stay that reaches beyond has no working days."""
    counted = facts.days_counted_in(PORTUGAL, Stay.on_site(day(first), day(last)))

    assert counted.holidays_known is known
    assert (counted.working_days is not None) is known


def test_days_without_a_host_or_without_dates() -> None:
    stay = Stay.on_site(day("2023-05-13"), day("2023-05-16"))

    assert facts.days_counted_in(None, stay) == (4, 2, None, None)
    assert facts.counted_days(None, None, None) == (None, None, None, None)
    assert facts.counted_days((4, 2), 0, None) == facts.counted_days((4, 2), None, 0) == (4, 2, None, None)
    assert facts.counted_days((4, 2), 0, -1) == facts.counted_days((4, 2), -1, 0) == (4, 2, None, False)
    assert facts.counted_days((2, 0), 3, 4) == (2, 0, 0, True)  # a holiday on a weekday outside the stay's days


@pytest.mark.parametrize(
    ("days", "weekdays", "working", "counting", "short"),
    [
        (None, None, None, "all-days", None),
        (4, 2, 2, "all-days", True),
        (5, 3, 3, "all-days", False),
        (5, None, None, "all-days", False),
        (None, None, None, "working-days", None),
        (6, 4, 4, "working-days", True),
        (7, 5, 4, "working-days", True),
        (7, 5, 5, "working-days", False),
        (6, 4, None, "working-days", True),  # even if no weekday is a holiday
        (7, 5, None, "working-days", None),
    ],
)
def test_a_short_stay(
    days: int | None, weekdays: int | None, working: int | None, counting: str, short: bool | None
) -> None:
    """The full sum needs 5 days of those that count; without holidays only too few weekdays tell."""
    assert facts.short_stay(days, weekdays, working, counting, 5) is short


CHANGES = (day("2020-02-03"), day("2023-01-01"))


@pytest.mark.parametrize(
    ("arrival", "since"),
    [
        (None, None),
        ("2020-02-02", "0001-01-01"),
        ("2020-02-03", "2020-02-03"),
        ("2022-12-31", "2020-02-03"),
        ("2023-01-01", "2023-01-01"),
        ("2026-01-01", "2023-01-01"),
    ],
)
def test_since_when_an_amount_holds(arrival: str | None, since: str | None) -> None:
    """On the day itself the new one; before the first day none."""
    assert facts.lump_sums_since(day(arrival) if arrival else None, CHANGES) == (day(since) if since else None)


def test_the_lump_sum_of_a_country_and_of_none() -> None:
    lump_sum = facts.lump_sum(PORTUGAL, day("2020-02-03"))

    assert lump_sum is not None
    assert lump_sum.full == Decimal(780)
    assert facts.lump_sum(PORTUGAL, datetime.date.min) is facts.lump_sum(None, None) is None
    assert facts.lump_sum(PORTUGAL, None) == lump_sum


@pytest.mark.parametrize(
    ("visitor", "host", "never"),
    [("RO", "PT", True), ("SK", "AT", False), ("RO", None, None), (None, "PT", None), (None, None, None)],
)
def test_countries_that_are_never_near(visitor: str | None, host: str | None, never: bool | None) -> None:
    one, other = (COUNTRY(code) if code else None for code in (visitor, host))

    assert facts.never_near(one, other, 200) is never


def test_places_and_the_distance_between_them() -> None:
    """A place that cannot be found is nothing that could be read, and no place is no distance."""
    vienna, bratislava = facts.host_at("Wien", COUNTRY("AT")), facts.visitor_at("Bratislava", COUNTRY("SK"))

    assert isinstance(vienna, Place)
    assert isinstance(bratislava, Place)
    assert facts.worked_out_km(bratislava, vienna) == 55
    assert facts.worked_out_km(None, vienna) is facts.worked_out_km(bratislava, None) is None
    assert facts.visitor_at(None, ROMANIA) is facts.host_at(None, None) is None
    assert facts.visitor_at("Atlantis", ROMANIA) is facts.host_at("Wien", None) is NOTHING_READ
    assert facts.host_at("48.2,16.4", None) is not NOTHING_READ


def test_an_approval_names_who_and_when() -> None:
    """Without either it cannot be read; without a code nothing is approved. At payment it is not of a day to come."""
    on, before = day("2023-01-09"), day("2023-01-08")

    assert facts.approval(("CXC501",), "Ana", on, None) == (("CXC501",), "Ana", on)
    assert facts.approval(None, "Ana", on, None) is facts.approval((), "Ana", on, before) is None
    assert facts.approval(("CXC501",), None, on, None) is facts.approval(("CXC501",), "Ana", None, on) is NOTHING_READ
    assert facts.approval(("CXC501",), "Ana", on, on) == (("CXC501",), "Ana", on)
    assert facts.approval(("CXC501",), "Ana", on, before) is NOTHING_READ


ARRIVAL, FIRST, LAST, DEPARTURE = (day(f"2023-05-{number}") for number in (14, 15, 19, 20))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((ARRIVAL, DEPARTURE, None, None), Stay(ARRIVAL, FIRST, LAST)),
        ((None, None, FIRST, LAST), Stay(ARRIVAL, FIRST, LAST)),
        ((ARRIVAL, ARRIVAL, None, None), Stay(ARRIVAL, FIRST, ARRIVAL - DAY)),  # nobody is on site: too short, no error
        ((None, None, None, None), None),
        ((DEPARTURE, ARRIVAL, None, None), NOTHING_READ),
        ((None, None, LAST, FIRST), NOTHING_READ),
        ((ARRIVAL, None, None, None), NOTHING_READ),
        ((None, DEPARTURE, None, None), NOTHING_READ),
        ((None, None, FIRST, None), NOTHING_READ),
        ((None, None, None, LAST), NOTHING_READ),
        ((ARRIVAL, DEPARTURE, FIRST, LAST), NOTHING_READ),
        ((ARRIVAL, DEPARTURE, FIRST, None), NOTHING_READ),
        ((ARRIVAL, DEPARTURE, None, LAST), NOTHING_READ),
    ],
)
def test_a_stay_is_one_whole_pair_of_dates(dates: tuple[Any, ...], expected: object) -> None:
    """Both pairs, half of one, or a second day before the first is an error."""
    stay = facts.stay(*dates)

    assert stay == expected
    if isinstance(stay, Stay):
        assert facts.arrival_day(stay) == stay.arrival
        assert facts.last_day_on_site(stay) == stay.last
        assert facts.day_before(stay) == stay.arrival.toordinal()
        assert facts.last_day_present(stay) == max(stay.first, stay.last).toordinal()


def test_without_dates_nothing_is_counted() -> None:
    for fact in (
        facts.arrival_day,
        facts.last_day_on_site,
        facts.day_before,
        facts.last_day_present,
        facts.days_of_stay,
    ):
        assert fact(None) is None
    assert facts.days_past_longest(None, 1) is None
    assert facts.calendar(None) is None


@pytest.mark.parametrize(
    ("cluster", "known"),
    [("Medvia", True), ("MEDVIA", True), ("Other", False), ("yes", None), ("none", None), (None, None)],
)
def test_clusters_that_the_partnership_knows(cluster: str | None, known: bool | None) -> None:
    """Only a name can be known or not."""
    for fact in (facts.visitor_cluster_known, facts.host_cluster_known):
        assert fact(cluster, frozenset({"medvia"})) is known


TODAY = day("2023-07-01")


@pytest.mark.parametrize(
    ("commitment", "agreement", "report", "paid", "sound"),
    [
        (None, None, None, None, True),
        ("2023-05-01", "2023-05-02", "2023-05-19", "2023-07-01", True),
        ("2023-07-02", None, None, None, False),  # after today
        (None, "2023-07-02", None, None, False),
        (None, None, "2023-05-18", None, False),  # before the last day on site
        (None, None, "2023-06-01", "2023-05-31", False),  # paid before the report was validated
        (None, None, "2023-06-01", "2023-06-01", True),
        (None, None, None, "2023-07-02", False),
    ],
)
def test_days_of_papers_that_cannot_be(
    commitment: str | None, agreement: str | None, report: str | None, paid: str | None, sound: bool
) -> None:
    signed, agreed, validated, paid_on = (day(text) if text else None for text in (commitment, agreement, report, paid))
    found = facts.papers(Stay(ARRIVAL, FIRST, LAST), signed, agreed, validated, paid_on, None, TODAY)

    assert found is (None if sound else NOTHING_READ)


def test_what_is_asked_by_its_name_is_a_fact() -> None:
    """A function that is not among the facts would be read as a field that nobody states."""
    helpers = {"fact", "member", "in_doubt", "cluster_known", "days_counted_in"}
    functions = {
        name for name, one in vars(facts).items() if inspect.isfunction(one) and one.__module__ == facts.__name__
    }

    assert {*facts.FACTS} == {name for name in functions if not name.startswith("_")} - helpers
