"""Names of all the world's countries, for countries that the country table lacks.

Data: `cxc/data/world.csv` and `cxc/data/official_names.csv`, which say how they were made. They are read at the first
question; hardly any trip asks one.
"""

from functools import cache
from pathlib import Path
from typing import Final

from cxc.scheme import data_files
from cxc.text import fold

_DATA = Path(__file__).parent.parent / "data"


def codes_of(text: str) -> tuple[str, ...]:
    """The ISO 3166-1 alpha-2 codes of the countries that a code or a name stands for: one, none, or several.

    The name is in English, in a language of the country's own, of the EU or of the countries associated with COSME.

    >>> codes_of("us"), codes_of("Spania"), codes_of("日本"), codes_of("Atlantis"), codes_of("Свети Мартин")
    (('US',), ('ES',), ('JP',), (), ('MF', 'SX'))
    """
    return _by_name().get(fold(text), ())


# What EU texts write for two codes of ISO 3166-1: Interinstitutional Style Guide, section 7.1.1.
EU_CODES: Final = {"EL": "GR", "UK": "GB"}

# What people write and CLDR does not.
_ALSO = {
    **EU_CODES,
    **{"USA": "US", "U.S.A.": "US", "United States of America": "US", "America": "US", "UAE": "AE"},
    **{"Russian Federation": "RU", "Republic of Korea": "KR", "Korea": "KR", "Ivory Coast": "CI", "Palestine": "PS"},
    **{"Holy See": "VA", "Vatican": "VA", "Hong Kong": "HK", "Macau": "MO", "Burma": "MM", "Cape Verde": "CV"},
    **{
        "People's Republic of China": "CN",
        "Republic of China": "TW",
        "Swaziland": "SZ",
        "East Timor": "TL",
    },
    "Guyane": "GF",
}

# Regions without a code of their own that are taken for countries, and the country of each, for suggestions.
REGIONS: Final = {
    **dict.fromkeys(("Canary Islands", "Islas Canarias", "Canarias", "Ceuta", "Melilla"), "ES"),
    **dict.fromkeys(("Madeira", "Azores", "Açores"), "PT"),
}


def code_of_three_letters(text: str) -> str | None:
    """The two-letter code of the country that has a three-letter code of ISO 3166-1; None where none has.

    >>> code_of_three_letters("ROU"), code_of_three_letters("EUR")
    ('RO', None)
    """
    return next((code for code, (three, *_) in _lines().items() if three == text), None)


def name_of(code: str) -> str:
    """The English name of a country by its code; the code itself where there is none."""
    return _names().get(code, (code,))[0]


def codes() -> tuple[str, ...]:
    """The code of every country."""
    return tuple(_names())


def names() -> dict[str, str]:
    """The code of a country by each of its names, for suggestions; the English ones come first."""
    english = {name: code for code, (name, *_) in _names().items()}
    return english | {name: code for code, (_, *others) in _names().items() for name in others if name not in english}


@cache
def official_names() -> dict[str, str]:
    """The code of a country by each of its official names, as they are written, with every mark in them.

    >>> official_names()["Republica Cehă"], official_names()["Kosovo*"]
    ('CZ', 'XK')
    """
    return {name: code for code, *names in data_files.rows(_DATA / "official_names.csv", ";") for name in names}


@cache
def _names() -> dict[str, list[str]]:
    """The names of each country by its code, the English one first."""
    return {code: names for code, (_, *names) in _lines().items()}


@cache
def _lines() -> dict[str, list[str]]:
    """The three-letter code and the names of each country by its code."""
    return {code: others for code, *others in data_files.rows(_DATA / "world.csv", ";")}


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """The codes of countries by their folded names: a code comes before a name, an English one before all others."""
    found: dict[str, tuple[str, ...]] = {}
    for code, (_, *names) in _names().items():
        for name in map(fold, names):
            found[name] = (*found.get(name, ()), code)
    english = {fold(names[0]): (code,) for code, names in _names().items()}
    also = {fold(name): (code,) for name, code in (official_names() | _ALSO).items()}
    either = {fold(name): ("CG", "CD") for name in ("Congo", "Kongo")}
    return found | english | also | either | {code.casefold(): (code,) for code in _names()}
