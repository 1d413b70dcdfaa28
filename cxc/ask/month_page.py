"""Months as small calendars: two beside a question for a date, and what any month is laid out by."""

import calendar
import datetime
from collections.abc import Callable, Collection
from itertools import zip_longest
from typing import Final

_CELL: Final = 4
_GAP: Final = "  "
WIDTH: Final = 2 * 7 * _CELL + len(_GAP)  # columns that the two take


def next_month(day: datetime.date) -> datetime.date:
    """The first day of the month after that of a day."""
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)  # no month is so short


def weeks(of: datetime.date, cell: Callable[[datetime.date], str], width: int, gap: str = "") -> list[str]:
    """The names of the days, Monday first, and a line for each week of a month, in cells of so many letters."""
    names = [f" {name}".ljust(width) for name in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")]
    lines = [
        [cell(day) if day.month == of.month else " " * width for day in week]
        for week in calendar.Calendar().monthdatescalendar(of.year, of.month)
    ]
    return [gap.join(cells) for cells in (names, *lines)]


def two_months(day: datetime.date, holidays: Collection[datetime.date]) -> list[str]:
    """The lines of the month of a day and the next one side by side: the day in brackets, holidays with a star.

    >>> print(*two_months(datetime.date(2023, 5, 14), [datetime.date(2023, 5, 1)])[:3], sep="\\n")
     May 2023                      June 2023
     Mo  Tu  We  Th  Fr  Sa  Su    Mo  Tu  We  Th  Fr  Sa  Su
      1*  2   3   4   5   6   7                 1   2   3   4
    """
    months = [_month(of, day, holidays) for of in (day, next_month(day))]
    blank = " " * (7 * _CELL)
    return [(left + _GAP + right).rstrip() for left, right in zip_longest(*months, fillvalue=blank)]


def _month(of: datetime.date, marked: datetime.date, holidays: Collection[datetime.date]) -> list[str]:
    def cell(day: datetime.date) -> str:
        return f"[{day.day:>2}]" if day == marked else f" {day.day:>2}{'*' if day in holidays else ' '}"

    return [f" {of:%B} {of.year}".ljust(7 * _CELL), *weeks(of, cell, _CELL)]
