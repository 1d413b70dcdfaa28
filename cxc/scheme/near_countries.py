"""Which countries lie too far apart for any two of their places to be near.

Data: `cxc/data/near_countries.csv`, which says how it was made and which countries it covers.
"""

from functools import cache
from typing import Final

from cxc.scheme import data_files
from cxc.scheme.countries import DATA

_PATH: Final = DATA / "near_countries.csv"
_REST: Final = "*"


@cache
def _distances() -> dict[tuple[str, str], int]:
    """The distance in km of the nearest land, by the codes of two countries in alphabetical order."""
    _heading, *pairs = data_files.rows(_PATH, ",")
    return {(one, other): int(km) for one, other, km in pairs}


def never_near(one: str, other: str, below_km: int) -> bool:
    """Whether no place of one country is near any place of the other, by the codes of the countries.

    False where they may be near, and where nothing is known of one of them. `below_km` is the distance in km under
    which places are near: nothing is known beyond the one that the data was made for.

    >>> [never_near("PT", other, 200) for other in ("FI", "ES", "US")], never_near("PT", "FI", 500)
    ([True, False, False], False)
    """
    distances = _distances()
    if (one, one) not in distances or (other, other) not in distances:
        return False
    if below_km > distances[_REST, _REST]:
        return False
    return (min(one, other), max(one, other)) not in distances
