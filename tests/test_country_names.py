"""Countries as colleagues write them: in the languages of the EU and of the countries associated with COSME."""

import pytest
from babel import Locale
from commands import Run

from cxc.errors import SeveralCountries
from cxc.scheme.countries import load_countries

COUNTRIES = load_countries()
EU = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]
ASSOCIATED = ["sq", "hy", "bs", "bs_Cyrl", "is", "mk", "sr", "sr_Latn", "tr", "uk"]


@pytest.mark.parametrize("language", [*EU, *ASSOCIATED])
def test_every_country_of_the_table_by_its_name_in_a_language(language: str) -> None:
    """As CLDR has it, without regard to case."""
    names = Locale.parse(language).territories

    assert {code: COUNTRIES.find(names[code]).code for code in COUNTRIES.by_code} == {
        code: code for code in COUNTRIES.by_code
    }
    assert COUNTRIES.find(names["ES"].upper()).code == "ES"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Spania", "ES"),
        ("Franța", "FR"),
        ("Franta", "FR"),
        ("Alemania", "DE"),
        ("Γερμανία", "DE"),
        ("Olanda", "NL"),
        ("Marea Britanie", "GB"),
        ("Statele Unite ale Americii", "US"),
    ],
)
def test_names_that_colleagues_write(name: str, code: str) -> None:
    assert COUNTRIES.find(name).code == code


def test_a_name_of_two_countries_is_refused_with_both(run: Run) -> None:
    with pytest.raises(SeveralCountries):
        COUNTRIES.find("Свети Мартин")
    found = run("check", "--no-ask", "--to", "Свети Мартин")
    both = "stands for St. Martin (MF) and for Sint Maarten (SX); write the two-letter code of the one that is meant"
    assert (found.status, both in found.err) == (2, True)
    assert run("countries", "Свети Мартин").status == 2


def test_a_suggestion_names_the_code(run: Run) -> None:
    """Whatever the language of the slip; each country once."""
    found = run("check", "--no-ask", "--to", "Spaniia")
    assert "did you mean Spain (ES)" in found.err
    assert found.err.count("(ES)") == 1
    assert "Germany (DE)" in run("countries", "Germanya").err
