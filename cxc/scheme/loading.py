"""Everything that verdicts rest on: one rulebook, one country table, and the public holidays."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cxc.errors import DataError, InputError
from cxc.scheme import public_holidays
from cxc.scheme.countries import DATA, Countries, is_same_scheme, load_countries
from cxc.scheme.rulebook import DEFAULT, Rulebook, load_rulebook


@dataclass(frozen=True, eq=False)
class Scheme:
    """A rulebook and a country table in which the rulebook's own lump sums have taken their place.

    `files` are those that both were read from.
    """

    rulebook: Rulebook
    countries: Countries
    files: tuple[Path, ...]

    @cached_property
    def lump_sums_change(self) -> tuple[datetime.date, ...]:
        """The days on which the lump sum of any country changes, in order."""
        listed = self.countries.by_code.values()
        return tuple(sorted({day for country in listed for day in country.lump_sums_change}))

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """The SHA-256 of the data files behind a verdict: `rulebook`, `countries`, `holidays`, `places`."""
        from hashlib import sha256

        # What tells how far places are apart: the countries that come near each other, and the towns.
        places = [DATA / "near_countries.csv", *sorted((DATA / "towns").glob("*.tsv"))]
        return {
            "rulebook": sha256(self.rulebook.content).hexdigest(),
            "countries": sha256(self.countries.content).hexdigest(),
            "holidays": sha256(public_holidays.content()).hexdigest(),
            "places": sha256(b"".join(map(Path.read_bytes, places))).hexdigest(),
        }


def _table_for(book: Rulebook, countries: str | None) -> Countries:
    """The country table that is named, or the shipped one, whose amounts meet what the rulebook asks of them."""
    if countries:
        return load_countries(Path(countries), book.bounds)
    try:
        return load_countries(None, book.bounds)
    except DataError as error:  # the shipped table is sound, so this is a ceiling of the rulebook's own
        way_out = (
            "such a ceiling needs a country table of your own in which no amount is above it: name it with --countries"
        )
        raise DataError(error.file, error.line, f"{error.message}; {way_out}") from error


def load_scheme(rulebook: str = DEFAULT, countries: str | None = None) -> Scheme:
    """The scheme under a rulebook, by name or file, and a country table, by file; without one, the shipped one.

    Raises InputError for an unknown rulebook, DataError for a bad file.
    """
    book = load_rulebook(rulebook)
    table = _table_for(book, countries)
    if not is_same_scheme(table.origin.scheme, book.scheme.name):
        table = table.under_another_scheme(book.scheme.programme)
    if book.lump_sums:
        for code in book.lump_sums:
            if code not in table.by_code:
                message = f"the rulebook {book.name} has a lump sum for {code}, which the country table lacks"
                raise InputError(f"{book.amounts_at[code]}: {message}")
        table = table.with_lump_sums(book.lump_sums)
    return Scheme(book, table, (*book.files, Path(countries) if countries else DATA / "countries.yaml"))
