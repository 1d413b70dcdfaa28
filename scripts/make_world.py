"""Make cxc/data/world.csv, the names of the world's countries in English and in languages of their own.

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
from babel.languages import get_official_languages

TARGET = Path(__file__).parent.parent / "cxc" / "data" / "world.csv"
# Two-letter codes of CLDR that are no country of ISO 3166-1; Kosovo (XK) is none either, and takes part in COSME.
NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])


def table() -> str:
    """The whole file as text: a heading that says how it was made, then one line a country."""
    lines = [
        "# Names of the world's countries: code, English name, names in official languages of their own.",
        f"# Made by scripts/make_world.py with babel {version('babel')} (Unicode CLDR, https://cldr.unicode.org).",
    ]
    english: Any = Locale.parse("en").territories
    for code in sorted(code for code in english if len(code) == 2 and code not in NO_COUNTRY):
        languages = get_official_languages(code, de_facto=True)
        own = dict.fromkeys(name for language in languages if (name := territories(language).get(code)))
        lines.append(";".join([code, english[code], *(name for name in own if name != english[code])]))
    return "\n".join(lines) + "\n"


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
