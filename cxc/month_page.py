"""Two months as a small calendar, beside a question for a date."""

import calendar
import datetime
from collections.abc import Collection
from itertools import zip_longest
from typing import Final

_CELL: Final = 4
_GAP: Final = "  "
WIDTH: Final = 2 * 7 * _CELL + len(_GAP)  # columns that the two take


def two_months(day: datetime.date, holidays: Collection[datetime.date]) -> list[str]:
    """The lines of the month of a day and the next one side by side: the day in brackets, holidays with a star.

    >>> print(*two_months(datetime.date(2023, 5, 14), [datetime.date(2023, 5, 1)])[:3], sep="\\n")
     May 2023                      June 2023
     Mo  Tu  We  Th  Fr  Sa  Su    Mo  Tu  We  Th  Fr  Sa  Su
      1*  2   3   4   5   6   7                 1   2   3   4
    """
    following = day.replace(day=28) + datetime.timedelta(days=4)  # no month is so short
    months = [_month(of, day, holidays) for of in (day, following)]
    blank = " " * (7 * _CELL)
    return [(left + _GAP + right).rstrip() for left, right in zip_longest(*months, fillvalue=blank)]


def _month(of: datetime.date, marked: datetime.date, holidays: Collection[datetime.date]) -> list[str]:
    weeks = calendar.Calendar().monthdatescalendar(of.year, of.month)
    lines = ["".join(_cell(day, of, marked, holidays) for day in week) for week in weeks]
    names = "".join(f" {name} " for name in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))
    return [f" {of:%B} {of.year}".ljust(7 * _CELL), names, *lines]


def _cell(day: datetime.date, of: datetime.date, marked: datetime.date, holidays: Collection[datetime.date]) -> str:
    if day.month != of.month:
        return " " * _CELL
    if day == marked:
        return f"[{day.day:>2}]"
    return f" {day.day:>2}{'*' if day in holidays else ' '}"
