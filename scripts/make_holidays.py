"""Make cxc/data/holidays.csv, the national public holidays of every country of the country table.

    python scripts/make_holidays.py            # writes the table
    python scripts/make_holidays.py --print    # prints it

It needs the library `holidays` in the version that the table names (see the dev extra in pyproject.toml). Importing
that library at run time would cost more than everything else the product does, so the product ships its answers.
"""

import sys
from importlib.metadata import version
from pathlib import Path

import holidays

from cxc.scheme.countries import load_countries

FIRST_YEAR, LAST_YEAR = 2020, 2035
TAKEN_ON = "2026-11-23"  # the day on which the version that is pinned was taken up
TARGET = Path(__file__).parent.parent / "cxc" / "data" / "holidays.csv"


def table() -> str:
    """The whole file as text: a heading that says how it was made, then one line a country and year."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    lines = [
        f"# National public holidays, category public, observed days included, {FIRST_YEAR} to {LAST_YEAR}.",
        f"# Made by scripts/make_holidays.py with holidays {version('holidays')} (https://github.com/vacanza/holidays),",
        f"# taken on {TAKEN_ON}.",
        "# Later years are computed, and governments may still move a day.",
        "# Ukraine has had no days off since 2023 (martial law).",
        "country,year,days",
    ]
    for code in sorted(load_countries().by_code):
        found = holidays.country_holidays(code, years=years, observed=True, categories=("public",))
        for year in years:
            days = sorted({day for day in found if day.year == year})
            lines.append(f"{code},{year},{' '.join(day.strftime('%m-%d') for day in days)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--print" in sys.argv[1:]:
        sys.stdout.write(table())
    else:
        TARGET.write_text(table(), encoding="utf-8", newline="\n")
