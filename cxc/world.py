"""Names of all the world's countries, from Babel (the Unicode CLDR), for countries that the country table lacks.

Babel is imported at the first question, since hardly any trip asks one.
"""

from functools import cache
from typing import Any

from cxc.text import fold

# Two-letter codes of CLDR that are no country of ISO 3166-1.
_NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])


def code_of(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country named by code, in English or in a language of its own; or None.

    >>> code_of("us"), code_of("United States"), code_of("日本"), code_of("Atlantis")
    ('US', 'US', 'JP', None)
    """
    key = fold(text)
    return _english().get(key) or _own_languages().get(key)


# What people write and CLDR does not.
_ALSO = {
    **{"USA": "US", "U.S.A.": "US", "United States of America": "US", "America": "US", "UAE": "AE"},
    **{"Russian Federation": "RU", "Republic of Korea": "KR", "Korea": "KR", "Ivory Coast": "CI", "Palestine": "PS"},
    **{"Holy See": "VA", "Vatican": "VA", "Hong Kong": "HK", "Macau": "MO", "Burma": "MM", "Cape Verde": "CV"},
    **{
        "People's Republic of China": "CN",
        "Republic of China": "TW",
        "Swaziland": "SZ",
        "Congo": "CG",
        "East Timor": "TL",
    },
}


@cache
def name_of(code: str) -> str:
    """The English name of a country by its code; the code itself where there is none."""
    return str(_territories("en").get(code, code))


def is_code(text: str) -> bool:
    """Whether a text is the code of a country of the world."""
    return text in _codes()


def english_names() -> tuple[str, ...]:
    """The English name of every country, for suggestions."""
    return tuple(name_of(code) for code in _codes())


@cache
def _territories(language: str) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):  # a language without data of its own
        return {}


@cache
def _codes() -> tuple[str, ...]:
    return tuple(code for code in _territories("en") if len(code) == 2 and code not in _NO_COUNTRY)


@cache
def _english() -> dict[str, str]:
    names = {fold(name_of(code)): code for code in _codes()} | {fold(name): code for name, code in _ALSO.items()}
    return names | {code.casefold(): code for code in _codes()}


@cache
def _own_languages() -> dict[str, str]:
    from babel.languages import get_official_languages

    names: dict[str, str] = {}
    for code in _codes():
        for language in get_official_languages(code, de_facto=True):
            if own := _territories(language).get(code):
                names.setdefault(fold(own), code)
    return names
