"""The national public holidays of every country of the scheme, by year.

Data: `cxc/data/holidays.csv`, which says how it was made and which years it covers.
"""

import datetime
from functools import cache

from cxc.countries import DATA

_PATH = DATA / "holidays.csv"


def content() -> bytes:
    """The bytes of the table."""
    return _PATH.read_bytes()


@cache
def _lines() -> dict[str, str]:
    """The days of each country and year, as text, by `PT,2023`."""
    lines = {}
    for line in content().decode("ascii").splitlines():
        country, _, rest = line.partition(",")
        year, _, days = rest.partition(",")
        if year.isdigit():
            lines[f"{country},{year}"] = days
    return lines


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
