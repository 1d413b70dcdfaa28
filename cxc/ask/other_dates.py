"""Dates as people write them, where a date of another form was asked for: to be confirmed, and never guessed."""

import calendar
import datetime
import re
from typing import Final

_MONTHS: Final = [name.casefold() for name in calendar.month_name]  # the first is blank
_FORMS: Final = (
    re.compile(r"(?P<day>\d{1,2})\s*[./-]\s*(?P<month>\d{1,2})\s*[./-]\s*(?P<year>\d{4})\.?", re.ASCII),
    re.compile(r"(?P<year>\d{4})\s*[./-]\s*(?P<month>\d{1,2})\s*[./-]\s*(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s*(?P<word>[a-z]{3,9})\.?,?\s*(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<word>[a-z]{3,9})\.?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s*(?P<year>\d{4})", re.ASCII),
)


def day_in_another_form(text: str) -> datetime.date | None:
    """The day that a text may mean, a day before its month; None where it means none.

    >>> [str(day_in_another_form(text)) for text in ("15.5.2027", "15/05/2027", "2027-5-15", "May 15, 2027")]
    ['2027-05-15', '2027-05-15', '2027-05-15', '2027-05-15']
    >>> [day_in_another_form(text) for text in ("5/15/2027", "30 February 2027", "tomorrow")]
    [None, None, None]
    """
    for form in _FORMS:
        found = form.fullmatch(text.strip().casefold())
        parts = found.groupdict() if found else {}
        month = int(parts["month"]) if "month" in parts else _month(parts.get("word", ""))
        if month:
            try:
                return datetime.date(int(parts["year"]), month, int(parts["day"]))
            except ValueError:
                return None
    return None


def _month(word: str) -> int:
    """The number of a month by its English name or the first three letters; 0 for any other word."""
    return next(
        (number for number, name in enumerate(_MONTHS) if word in (name, name[:3]) or word == name[:4] == "sept"), 0
    )
