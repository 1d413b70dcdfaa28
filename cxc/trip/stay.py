"""Counting days: days on site, weekdays, one month.

After Regulation (EEC, Euratom) No 1182/71: a period counted from an event leaves out the day of the event; working days
are all days but public holidays, Saturdays and Sundays; a period in months ends with the day of the same date, or with
the last day of a month that has no such date. http://data.europa.eu/eli/reg/1971/1182/oj
"""

import datetime
from typing import NamedTuple

ONE_DAY = datetime.timedelta(days=1)


class Stay(NamedTuple):
    """A stay by its `first` and `last` day on site and the day of `arrival`.

    Where no day lies between the travel days, `last` is before `first`, and nobody is on site.
    """

    arrival: datetime.date
    first: datetime.date
    last: datetime.date

    @classmethod
    def between(cls, arrival: datetime.date, departure: datetime.date) -> "Stay":
        """The stay between two travel days, which are no days on site.

        >>> days_on_site(Stay.between(datetime.date(2023, 5, 14), datetime.date(2023, 5, 18)))
        3
        """
        return cls(arrival, arrival + ONE_DAY, departure - ONE_DAY)

    @classmethod
    def on_site(cls, first: datetime.date, last: datetime.date) -> "Stay":
        """The stay from the first to the last day on site; the arrival is taken to be the day before.

        >>> days_on_site(Stay.on_site(datetime.date(2023, 5, 15), datetime.date(2023, 5, 17)))
        3
        """
        return cls(first - ONE_DAY, first, last)

    @classmethod
    def stated(
        cls,
        arrival: datetime.date | None,
        departure: datetime.date | None,
        first_day: datetime.date | None,
        last_day: datetime.date | None,
    ) -> "Stay | None":
        """The stay that stated dates give, two travel days or the days on site; None where neither pair is whole.

        >>> Stay.stated(None, None, datetime.date(2023, 5, 15), datetime.date(2023, 5, 17)).arrival
        datetime.date(2023, 5, 14)
        >>> Stay.stated(datetime.date(2023, 5, 14), None, None, None)
        """
        if arrival and departure:
            return cls.between(arrival, departure)
        return cls.on_site(first_day, last_day) if first_day and last_day else None


def days_on_site(stay: Stay) -> int:
    """How many days lie between the travel days, 0 or more."""
    return max(0, (stay.last - stay.first).days + 1)


def weekdays(stay: Stay) -> int:
    """How many days on site are neither Saturday nor Sunday: no more of them can be working days.

    >>> weekdays(Stay.between(datetime.date(2023, 5, 11), datetime.date(2023, 5, 16)))
    2
    """
    before, until = stay.first.toordinal() - 1, stay.last.toordinal()
    return max(0, _weekdays_until(until) - _weekdays_until(before))  # nobody is on site where that is less


def _weekdays_until(ordinal: int) -> int:
    """Weekdays from the first Monday of the calendar on, ordinal 1, to a day."""
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)


SHORTEST_MONTH = 28


def days_past_longest(stay: Stay, months: int) -> int:
    """By how many days the last day on site is past so many months from arrival; 0 where it is not.

    >>> days_past_longest(Stay.between(datetime.date(2023, 5, 14), datetime.date(2023, 6, 16)), 1)
    1
    """
    if (stay.last - stay.arrival).days <= SHORTEST_MONTH * months:  # no month is shorter; nearly every stay ends here
        return 0
    return max(0, (stay.last - last_day_allowed(stay.arrival, months)).days)


def last_day_allowed(arrival: datetime.date, months: int) -> datetime.date:
    """The last day that may be a day on site: the same date so many months on, or the last day of a shorter month.

    >>> last_day_allowed(datetime.date(2023, 1, 31), 1)
    datetime.date(2023, 2, 28)
    """
    from dateutil.relativedelta import relativedelta

    return arrival + relativedelta(months=months)
