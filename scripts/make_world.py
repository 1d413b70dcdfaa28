"""Make cxc/data/world.csv, the names of the world's countries.

They are in English, in languages of their own, and in those of the EU and of the countries associated with COSME.

    python scripts/make_world.py            # writes the table
    python scripts/make_world.py --print    # prints it

It needs the library `babel` in the version that the table names (see the dev extra in pyproject.toml). One slip in the
name of a country would make that library load the data of a hundred languages, which takes longer than a whole run, so
the product ships its answers.
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from cxc.text import fold

TAKEN_ON = "2026-11-23"  # the day on which the version that is pinned was taken up
TARGET = Path(__file__).parent.parent / "cxc" / "data" / "world.csv"
# The 24 languages of the EU, then those of the associated countries, with both scripts where there are two.
LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl"),
    *("pt", "pt_PT", "ro", "sk", "sl", "sv", "sq", "hy", "bs", "bs_Cyrl", "is", "mk", "sr", "sr_Latn", "tr", "uk"),
)
# Two-letter codes of CLDR that are no country of ISO 3166-1; Kosovo (XK) is none either, and takes part in COSME.
NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
# Three-letter codes that ISO 3166-1 has withdrawn (ISO 3166-3), of countries that have another one by now.
WITHDRAWN = frozenset(["BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"])


def table() -> str:
    """The whole file as text: a heading that says how it was made, then one line a country."""
    lines = [
        "# Names of the world's countries: codes of two and of three letters (ISO 3166-1), English name, names in",
        "# official languages of their own, names in the languages of the EU and of the countries associated with",
        "# COSME. What is written alike but for case and accents stands once. XKK is CLDR's code of Kosovo.",
        f"# Made by scripts/make_world.py with babel {version('babel')} (Unicode CLDR, https://cldr.unicode.org),",
        f"# taken on {TAKEN_ON}.",
    ]
    english: Any = Locale.parse("en").territories
    of_three = three_letter_codes()
    for code in sorted(code for code in english if len(code) == 2 and code not in NO_COUNTRY):
        languages = get_official_languages(code, de_facto=True)
        named = [english[code], *(name for one in (*languages, *LANGUAGES) if (name := territories(one).get(code)))]
        names = {fold(name): name for name in reversed(named)}
        lines.append(";".join([code, of_three[code], *dict.fromkeys(names[fold(name)] for name in named)]))
    return "\n".join(lines) + "\n"


def three_letter_codes() -> dict[str, str]:
    """The three-letter code of each country by its two-letter one: CLDR has it as another way to write that."""
    aliases: Any = get_global("territory_aliases")
    single = {of_two[0]: code for code, of_two in aliases.items() if len(of_two) == 1 and _is_in_use(code)}
    return dict(sorted(single.items()))


def _is_in_use(code: str) -> bool:
    return len(code) == 3 and code.isalpha() and code not in WITHDRAWN


def territories(language: str) -> Any:
    """The names of countries in a language; none for a language without data of its own."""
    try:
        return Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}


if __name__ == "__main__":
    if "--print" in sys.argv[1:]:
        sys.stdout.write(table())
    else:
        TARGET.write_text(table(), encoding="utf-8", newline="\n")
