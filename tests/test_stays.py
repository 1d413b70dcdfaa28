"""Days on site, weekdays, one month, and stays that overlap: held against counting on one's fingers."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxc.trip.stay import Stay, days_on_site, days_past_longest, last_day_allowed, weekdays
from cxc.trip.stays import Stays

DAY = datetime.timedelta(days=1)
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2026, 12, 31))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def on_site(stay: Stay) -> list[datetime.date]:
    """Every day from the first to the last."""
    return [stay.first + DAY * number for number in range((stay.last - stay.first).days + 1)]


@given(days, st.integers(0, 70))
def test_days_are_counted_one_by_one(arrival: datetime.date, nights: int) -> None:
    stay = Stay.between(arrival, arrival + DAY * nights)

    assert days_on_site(stay) == len(on_site(stay))
    assert weekdays(stay) == sum(one.isoweekday() <= 5 for one in on_site(stay))


@pytest.mark.parametrize(
    ("arrival", "departure", "first_day", "last_day", "expected"),
    [
        ("2023-05-14", "2023-05-20", None, None, ("2023-05-14", "2023-05-15", "2023-05-19")),
        (None, None, "2023-05-15", "2023-05-19", ("2023-05-14", "2023-05-15", "2023-05-19")),
        ("2023-05-14", None, None, None, None),
        (None, "2023-05-20", None, None, None),
        (None, None, "2023-05-15", None, None),
        (None, None, None, "2023-05-19", None),
        (None, None, None, None, None),
    ],
)
def test_which_stay_dates_give(
    arrival: str | None,
    departure: str | None,
    first_day: str | None,
    last_day: str | None,
    expected: tuple[str, ...] | None,
) -> None:
    """Travel days are no days on site; half of a pair gives no stay."""
    dates = [day(text) if text else None for text in (arrival, departure, first_day, last_day)]

    assert Stay.stated(*dates) == (Stay(*map(day, expected)) if expected else None)


@pytest.mark.parametrize(
    ("arrival", "months", "allowed"),
    [
        ("2023-01-31", 1, "2023-02-28"),  # clamped to the end of a shorter month
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-05-14", 1, "2023-06-14"),
        ("2023-05-31", 1, "2023-06-30"),
        ("2023-02-01", 1, "2023-03-01"),  # 28 days
        ("2023-12-31", 2, "2024-02-29"),
    ],
)
def test_the_last_day_of_a_month_counted_from_arrival(arrival: str, months: int, allowed: str) -> None:
    """The day itself may be the last on site, the next one may not."""
    first, last = day(arrival), day(allowed)

    assert last_day_allowed(first, months) == last
    for later in (-1, 0, 1, 2, 40):
        stay = Stay(first, first + DAY, last + DAY * later)
        assert days_past_longest(stay, months) == max(0, later)


@given(st.lists(st.tuples(days, st.integers(0, 60)), max_size=14))
def test_stays_that_share_a_day_on_site(stated: list[tuple[datetime.date, int]]) -> None:
    """The first three rows before it that share a day with it, whatever came in between."""
    stays, before = Stays(), list[tuple[int, Stay]]()
    for row, (arrival, nights) in enumerate(stated, 2):
        stay = Stay.between(arrival, arrival + DAY * nights)
        shared = [other for other, one in before if {*on_site(one)} & {*on_site(stay)}]

        assert stays.add(stay, row) == shared[:3]
        before.append((row, stay))


def test_days_at_the_ends_of_the_calendar() -> None:
    """Blocks of the calendar reach to its last day, and to its first."""
    for first in (datetime.date.min + DAY, datetime.date.max - DAY):
        stays = Stays()
        assert stays.add(Stay(first - DAY, first, first), 2) == []
        assert stays.add(Stay(first - DAY, first, first), 3) == [2]
        assert stays.add(Stay(first - DAY, first - DAY, first - DAY), 4) == []


def test_any_two_stays_of_twelve_days() -> None:
    """Every stay within twelve days beside every other: they share a day on site, or not."""
    first = day("2023-05-08")
    within = [Stay.on_site(first + DAY * begin, first + DAY * end) for begin in range(12) for end in range(begin, 12)]
    for one in within:
        for other in within:
            stays = Stays()
            stays.add(one, 2)
            share = one.first <= other.last and other.first <= one.last
            assert stays.add(other, 3) == ([2] if share else [])


def test_of_many_stays_that_overlap_the_first_three_are_told() -> None:
    """More would fill a page of one visitor's rows."""
    stays, stay = Stays(), Stay.between(day("2023-05-08"), day("2023-05-12"))

    assert [stays.add(stay, row) for row in range(2, 8)] == [[], [2], [2, 3], [2, 3, 4], [2, 3, 4], [2, 3, 4]]
