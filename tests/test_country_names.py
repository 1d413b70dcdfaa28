"""Countries as colleagues write them: in the languages of the EU and of the countries associated with COSME."""

import pytest
from babel import Locale
from commands import Run

from cxc.errors import ListOfCountries, PartOfCountry, SeveralCountries, Unacceptable, UnknownCountry
from cxc.scheme.countries import load_countries
from cxc.trip.reader import TripReader

COUNTRIES = load_countries()
READER = TripReader(COUNTRIES)
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


OFFICIAL = {
    "CZ": [
        *(
            "Чешка република",
            "Česká republika",
            "Den Tjekkiske Republik",
            "Tschechische Republik",
            "Τσεχική Δημοκρατία",
        ),
        *("Czech Republic", "the Czech Republic", "República Checa", "Tšehhi Vabariik", "Tšekin tasavalta"),
        *("République tchèque", "Poblacht na Seice", "Češka Republika", "Cseh Köztársaság", "Repubblica ceca"),
        *("Čekijos Respublika", "Čehijas Republika", "ir-Repubblika Ċeka", "Tsjechische Republiek", "Republika Czeska"),
        *("República Checa", "Republica Cehă", "Republica Ceha", "Česká republika", "Češka republika"),
        *("Tjeckiska republiken", "REPUBLICA CEHĂ"),
    ],
    "SK": [
        *("Словашка република", "Slovenská republika", "Den Slovakiske Republik", "Slowakische Republik"),
        *("Σλοβακική Δημοκρατία", "Slovak Republic", "the Slovak Republic", "República Eslovaca", "Slovaki Vabariik"),
        *("Slovakian tasavalta", "République slovaque", "Poblacht na Slóvaice", "Slovačka Republika"),
        *("Szlovák Köztársaság", "Repubblica slovacca", "Slovakijos Respublika", "Slovākijas Republika"),
        *("ir-Repubblika Slovakka", "Slowaakse Republiek", "Republika Słowacka", "Republica Slovacă"),
        *("Slovaška republika", "Slovakiska republiken", "Slovenska republika"),
    ],
    "SI": ["Slovenia", "Slovenija"],
}


@pytest.mark.parametrize("code", OFFICIAL)
def test_official_names_in_every_language_of_the_eu(code: str) -> None:
    """As EU texts call both countries beside their short names. None is near enough to Slovenia to be read as it."""
    assert {name: COUNTRIES.find(name).code for name in OFFICIAL[code]} == dict.fromkeys(OFFICIAL[code], code)


def test_a_slip_of_an_official_name_suggests_its_country() -> None:
    with pytest.raises(Unacceptable, match=r"did you mean Slovakia \(SK\)\?"):
        READER.field("host_country", "Republica Slovac")


@pytest.mark.parametrize("name", ["Kosovo*", "Kosovo (*)", "Kosova*"])
def test_kosovo_as_eu_texts_write_it(name: str) -> None:
    """Its footnote is no doubt."""
    assert READER.field("host_country", name) is COUNTRIES.by_code["XK"]


@pytest.mark.parametrize("name", ["Moldova*", "*Kosovo", "Kosovo**", "Kosovo?", "PT*"])
def test_any_other_mark_may_be_a_doubt(name: str) -> None:
    with pytest.raises(Unacceptable, match="which may be a doubt"):
        READER.field("host_country", name)


def test_a_name_of_two_countries_is_refused_with_both(run: Run) -> None:
    with pytest.raises(SeveralCountries):
        COUNTRIES.find("Свети Мартин")
    found = run("check", "--no-ask", "--to", "Свети Мартин")
    both = "stands for St. Martin (MF) and for Sint Maarten (SX); write the two-letter code of the one that is meant"
    assert (found.status, both in found.err) == (2, True)
    assert run("countries", "Свети Мартин").status == 2
    assert "stands for Congo - Brazzaville (CG) and for Congo - Kinshasa (CD)" in run("countries", "Congo").err


def test_a_suggestion_names_the_code(run: Run) -> None:
    """Whatever the language of the slip; each country once."""
    found = run("check", "--no-ask", "--to", "Spaniia")
    assert "did you mean Spain (ES)" in found.err
    assert found.err.count("(ES)") == 1
    assert "Germany (DE)" in run("countries", "Germanya").err


@pytest.mark.parametrize(
    "text",
    ["RO/PT", "RO, PT", "PT; ES", "Romania / Portugal", "RO-PT", "RO -> PT", "RO to PT", "Romania and Portugal", "RO PT",
     "Spania+Portugalia", "FR & Spain", "US/RO", "RO; PT;", "RO/PT/ES", "Serbia and Montenegro", "Romania Portugal"],
)  # fmt: skip
def test_several_countries_in_one_text(text: str, run: Run) -> None:
    """None of them is guessed."""
    with pytest.raises(ListOfCountries):
        COUNTRIES.find(text)
    found = run("check", "--no-ask", "--to", text)
    said = f"host_country: '{text}' names several countries; write one of them, and in a table one in each row"
    assert (found.status, said in found.err, "did you mean" in found.err) == (2, True, False)
    assert "names several countries; write one of them" in run("countries", text).err


@pytest.mark.parametrize(
    ("text", "code"), [("Bosnia and Herzegovina", "BA"), ("Guinea-Bissau", "GW"), ("Trinidad & Tobago", "TT")]
)
def test_a_name_of_several_words_is_one_country(text: str, code: str) -> None:
    """Though it holds what may stand between two."""
    assert COUNTRIES.find(text).code == code


# What a text suggests, best first, by codes.
SUGGESTED = {
    **{"Grmany": "DE", "Portugl": "PT", "Portgual": "PT", "Potrugla": "PT", "Check Republic": "CZ", "Czeck Republic": "CZ"},
    **{"Spaniia": "ES", "Span": "ES", "Sapin": "ES", "Itlay": "IT", "Romaina": "RO", "Polnad": "PL", "Bulgary": "BG"},
    **{"Cypros": "CY", "Mlta": "MT", "Holand": "NL", "Deutsland": "DE", "Hrvatsk": "HR", "Sverig": "SE", "Ukrane": "UA"},
    **{"Nothern Macedonia": "MK", "Mazedonien": "MK", "Untied Kingdom": "GB", "Great Britan": "GB", "Norwai": "NO"},
    **{"Untied States": "US", "RO - Romania": "RO", "Romania/RO": "RO"},
    **{"Bosnia and Hercegovina": "BA", "Slovakia Rep": "SK"},
    # Codes of three letters.
    **{"ROU": "RO", "PRT": "PT", "prt": "PT", "DEU": "DE", "GBR": "GB", "GRC": "GR", "FRA": "FR", "JPN": "JP", "TLS": "TL"},
    # Codes in letters of other alphabets that look like those, or else sound like them; also beside Latin ones.
    **{"РО": "RO", "ΡΟ": "RO", "ро": "RO", "РТ": "PT", "ΡΤ": "PT", "ВЕ": "BE", "НR": "HR", "UК": "GB", "ЕЅ": "ES", "ΑΤ": "AT", "ΜΚ": "MK"},
    **{"РОU": "RO", "РRТ": "PT", "UЅА": "US", " мт ": "MT", "ВL": "BL", "Ж": "", "ЖЖ": "", "Р.О.": "", "Р/О": "", "ЕUR": ""},
    # Regions without a code of their own.
    **{"Canary Islands": "ES", "canarias": "ES", "Islas Canarias": "ES", "Canary Island": "ES", "Ceuta": "ES", "Melilla": "ES"},
    **{"Madeira": "PT", "Azores": "PT", "Açores": "PT", "Acores": "PT", "Madiera": "PT", "Caymen Islands": "KY", "Guayana": "GY"},
    # No country, and none that is meant.
    **dict.fromkeys(["Lisbon", "Porto", "EU", "EUR", "Atlantis", "Paris", "Iasi", "Cluj", "Athens"], ""),
    **dict.fromkeys(["Catalonia", "Amerika", "Balkans", "Europe", "Nowhere", "none", "TBC", "Rom", "DDR", "N/A RO", "n/a", "R.O.", "RO/", "X/Y"], ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Saint Martinn", ("St. Martin (MF)", "Sint Maarten (SX)", "San Marino (SM)")),
        ("Ieland", ("Ireland (IE)", "Iceland (IS)")),  # one of them by two names; Finland comes after these
    ],
)
def test_three_names_are_suggested_at_most(text: str, suggested: tuple[str, ...]) -> None:
    """The closest first."""
    with pytest.raises(UnknownCountry) as caught:
        load_countries().find(text)

    assert caught.value.look() == suggested


@pytest.mark.parametrize(("text", "code"), [("Spain (ES)", "ES"), ("Portugalia (PT)", "PT"), ("Spain (PT)", None)])
def test_a_suggestion_can_be_copied(text: str, code: str | None) -> None:
    """With its code, as long as both say the same."""
    if code is None:
        with pytest.raises(ListOfCountries):
            load_countries().find(text)
    else:
        assert load_countries().find(text).code == code


@pytest.mark.parametrize(("text", "code"), SUGGESTED.items(), ids=SUGGESTED)
def test_what_is_suggested(text: str, code: str) -> None:
    """The country that is meant comes first; nothing, where what comes closest is far from the meaning."""
    with pytest.raises(UnknownCountry) as caught:
        COUNTRIES.find(text)

    assert [named[-3:-1] for named in caught.value.look()][:1] == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Canary Islands", "Spain (ES)"),
        ("MELILLA", "Spain (ES)"),
        ("Açores", "Portugal (PT)"),
        ("Madeira", "Portugal (PT)"),
    ],
)
def test_a_region_is_of_one_country(text: str, country: str, run: Run) -> None:
    """No other one is suggested, however its name is spelt."""
    said = f"'{text}' is not a known country; did you mean {country}? Write"
    assert said in run("check", "--no-ask", "--to", text).err


OF_THE_UNITED_KINGDOM = {
    **{
        "AI": "Anguilla",
        "BM": "Bermuda",
        "FK": "Falkland Islands",
        "GG": "Guernsey",
        "GI": "Gibraltar",
        "IM": "Isle of Man",
    },
    **{"GS": "South Georgia & South Sandwich Islands", "IO": "British Indian Ocean Territory", "JE": "Jersey"},
    **{
        "KY": "Cayman Islands",
        "MS": "Montserrat",
        "PN": "Pitcairn Islands",
        "SH": "St. Helena",
        "VG": "British Virgin Islands",
    },
    **{"TC": "Turks & Caicos Islands", "Gibraltar": "Gibraltar", "Jersey": "Jersey"},
}


@pytest.mark.parametrize(("text", "name"), OF_THE_UNITED_KINGDOM.items())
def test_what_belongs_to_the_united_kingdom_cannot_be_judged(text: str, name: str, run: Run) -> None:
    """Whether the United Kingdom takes part is to be asked, so what goes with it is not simply refused."""
    said = (
        f"'{text}' cannot be judged: {name} has a code of its own, apart from United Kingdom, and the scheme's pages do "
        "not say whether it takes part; write United Kingdom if the partnership says so"
    )
    assert said in run("check", "--no-ask", "--to", text).err
    assert said.partition(": ")[2] in run("countries", text).err


@pytest.mark.parametrize("text", ["Guyane", "GUYANE", "Guyane française"])
def test_guyane_is_french(text: str) -> None:
    """Guyana is another country."""
    with pytest.raises(PartOfCountry, match="French Guiana"):
        COUNTRIES.find(text)
    assert COUNTRIES.find("Guyana").code == "GY"


@pytest.mark.parametrize(("text", "code"), [("Macedonia", "MK"), ("Holland", "NL"), ("USA", "US"), ("UK", "GB")])
def test_a_usual_name_needs_no_suggestion(text: str, code: str) -> None:
    """It is read."""
    assert COUNTRIES.find(text).code == code


def test_a_three_letter_code_is_suggested_in_a_sentence(run: Run) -> None:
    """It is not read, so that nobody is paid for a guess."""
    found = run("check", "--no-ask", "--to", "ROU")
    assert "'ROU' is not a known country; did you mean Romania (RO)? Write a two-letter code" in found.err
