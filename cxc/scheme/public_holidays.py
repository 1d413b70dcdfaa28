"""The national public holidays of every country of the scheme, by year.

Data: `cxc/data/holidays.csv`, which says how it was made and which years it covers.
"""

import datetime
from functools import cache
from typing import NamedTuple

from cxc.scheme import data_files
from cxc.scheme.countries import DATA

_PATH = DATA / "holidays.csv"


def content() -> bytes:
    """The bytes of the table."""
    return _PATH.read_bytes()


@cache
def _lines() -> dict[str, str]:
    """The days of each country and year, as text, by `PT,2023`."""
    _heading, *lines = data_files.rows(_PATH, ",")
    return {f"{country},{year}": days for country, year, days in lines}


@cache
def years() -> tuple[int, int]:
    """The first and the last year that the table covers."""
    found = [int(key[3:]) for key in _lines()]
    return min(found), max(found)


@cache
def in_year(country: str, year: int) -> frozenset[datetime.date] | None:
    """The public holidays of a country, by its code, in a year; None where the table does not cover them.

    >>> datetime.date(2023, 5, 1) in in_year("AT", 2023), in_year("AT", 2036)
    (True, None)
    """
    days = _lines().get(f"{country},{year}")
    if days is None:
        return None
    return frozenset(datetime.date(year, int(day[:2]), int(day[3:])) for day in days.split())


class OnWeekdays(NamedTuple):
    """The public holidays that are neither Saturday nor Sunday, as ordinals of days, and the days that are covered."""

    days: tuple[int, ...]
    first: int
    last: int


@cache
def on_weekdays(country: str) -> OnWeekdays:
    """The public holidays of a country on weekdays, by its code. Of a country that the table lacks no day is covered.

    >>> austria = on_weekdays("AT")
    >>> datetime.date(2023, 5, 1).toordinal() in austria.days, on_weekdays("US")
    (True, OnWeekdays(days=(), first=1, last=0))
    """
    covered = [year for year in range(years()[0], years()[1] + 1) if in_year(country, year) is not None]
    if not covered:
        return OnWeekdays((), 1, 0)
    days = sorted(day.toordinal() for year in covered for day in in_year(country, year) or () if day.weekday() < 5)
    first, last = datetime.date(covered[0], 1, 1), datetime.date(covered[-1], 12, 31)
    return OnWeekdays(tuple(days), first.toordinal(), last.toordinal())
