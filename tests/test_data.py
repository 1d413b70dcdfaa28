"""The data files, and the readers that refuse a bad one with its file, its line and what is allowed."""

import csv
import datetime
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from cxc.errors import CxcError, DataError, InputError, PartOfCountry, UnknownCountry
from cxc.facts import days_counted_in
from cxc.scheme import public_holidays, world
from cxc.scheme.countries import DATA, load_countries, sources
from cxc.scheme.data_files import MAX_BYTES, decode, parse, read
from cxc.scheme.loading import load_scheme
from cxc.scheme.rulebook import in_words, load_rulebook, shipped
from cxc.trip.stay import Stay

ROOT = Path(__file__).parent.parent


def test_country_table_is_the_recorded_one() -> None:
    """Every country of the record with its status, and no other."""
    with (Path(__file__).parent / "cases" / "lump-sums.csv").open(encoding="utf-8") as stream:
        recorded = {(row["code"], row["country"], row["status"], row["full_eur"]) for row in csv.DictReader(stream)}
    found = {
        (c.code, c.name, c.status, f"{c.lump_sums[0].full:f}".removesuffix(".00") if c.lump_sums else "")
        for c in load_countries().by_code.values()
    }

    assert found == recorded


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NO", "NO"), ("el", "GR"), ("EL", "GR"), ("uk", "GB"), ("GB", "GB"), ("XK", "XK"), ("Kosovë", "XK"),
        ("Germany", "DE"), ("Deutschland", "DE"), ("GERMANY", "DE"), ("România", "RO"), ("romania", "RO"),
        ("Ελλάδα", "GR"), ("ελλαδα", "GR"), ("Czechia", "CZ"), ("Česká republika", "CZ"), ("Ceska Republika", "CZ"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("Северна Македонија", "MK"), ("Bosnia and Herzegovina", "BA"),
        ("België", "BE"), ("Belgique", "BE"), ("Éire", "IE"), ("Україна", "UA"), ("Հայաստան", "AM"),
        ("US", "US"), ("United States", "US"), ("日本", "JP"), ("Österreich", "AT"), ("the Netherlands", "NL"),
        ("Türkiye Cumhuriyeti", "TR"), ("Maroc", "MA"), ("India", "IN"), ("USA", "US"), ("Ivory Coast", "CI"), ("Scotland", "GB"), ("Scoția", "GB"), ("Anglia", "GB"), ("ΣΚΩΤΙΑ", "GB"), ("ΕΛΛΑΣ", "GR"), ("türkıye", "TR"),
    ],
)  # fmt: skip
def test_countries_by_code_and_name(text: str, code: str) -> None:
    """A code, EL, UK, or a name in English or in a language of its own, without regard to case and accents."""
    assert load_countries().find(text).code == code


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Grmany", "Germany (DE)"),
        ("Potugal", "Portugal (PT)"),
        ("Untied States", "United States (US)"),
        ("Portugall", "Portugal (PT)"),
    ],
)
def test_unknown_country_suggests_the_nearest(text: str, nearest: str) -> None:
    """A slip of the keyboard is answered with the name that was meant."""
    with pytest.raises(UnknownCountry) as caught:
        load_countries().find(text)

    assert nearest in caught.value.look()


@pytest.mark.parametrize("text", ["EU", "ZZ", "QQ", "Atlantis", "x", "", "Europe", "n/a", "n.a.", "U.S.A."])
def test_no_country(text: str) -> None:
    """What is no country is none, whatever it looks like."""
    with pytest.raises(UnknownCountry):
        load_countries().find(text)


def test_holiday_table_is_the_library() -> None:
    """The shipped table is what the library says in the version that the table names."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import make_holidays
    finally:
        sys.path.pop(0)

    assert public_holidays.content().decode() == make_holidays.table()
    assert public_holidays.years() == (2020, 2035)


@pytest.mark.parametrize(
    ("country", "first", "last"),
    [("US", "2023-05-01", "2023-05-05"), ("PT", "2019-12-30", "2020-01-02"), ("PT", "2035-12-30", "2036-01-02")],
)
def test_holidays_outside_the_table_are_not_known(country: str, first: str, last: str) -> None:
    """No year and no country is taken to be free of holidays because the table lacks it."""
    stay = Stay.on_site(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))

    assert days_counted_in(load_countries().find(country), stay).working_days is None


def test_every_source_is_used() -> None:
    """The list of sources holds nothing that no data file names."""
    files = [*DATA.glob("rulebooks/*.yaml"), DATA / "countries.yaml"]
    used = " ".join(path.read_text(encoding="utf-8") for path in files)

    assert {key for key in sources() if key not in used} == set()


def test_the_names_of_the_world_are_those_of_babel() -> None:
    """The shipped table is what the pinned library gives."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import make_world
    finally:
        sys.path.pop(0)

    assert (DATA / "world.csv").read_text(encoding="utf-8") == make_world.table()


def test_names_of_the_world() -> None:
    """A country outside the table has its English name; a code that is none stays as it is."""
    assert world.name_of("JP") == "Japan"
    assert world.name_of("QQ") == "QQ"
    assert "Japan" in world.names()


COUNTRY = """\
countries:
  PT:
    name: Portugal
    status: eu-member
    sources: [S4]
    checked: 2026-11-23
    lump_sums:
      - {from: 2020-02-03, full_eur: 780.10, full_basis: published, half_basis: published, sources: [S5], checked: 2026-11-23}
"""


def test_country_table_of_ones_own(tmp_path: Path) -> None:
    """It replaces the whole table, and its amounts are exact."""
    path = tmp_path / "countries.yaml"
    path.write_text(COUNTRY)
    table = load_countries(path)

    assert list(table.by_code) == ["PT"]
    assert table.by_code["PT"].lump_sums[0].full == Decimal("780.10")
    assert table.find("Germany").status == "not-participating"
    assert (table.find("PT").listed, table.find("Germany").listed) == (True, False)


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ([("2020-02-03", None)], ["2020-02-03"]),
        ([("2020-02-03", "2024-12-31")], ["2020-02-03", "2025-01-01"]),
        ([("2020-02-03", "2021-12-31"), ("2022-01-01", None)], ["2020-02-03", "2022-01-01", "2022-01-01"]),
        ([("2020-02-03", "9999-12-31")], ["2020-02-03"]),
    ],
)
def test_days_on_which_a_lump_sum_changes(tmp_path: Path, dates: list[tuple[str, str | None]], days: list[str]) -> None:
    """The first day of each, and the day after the last; the last day that there is has none after it."""
    of_all = "full_eur: 780, full_basis: published, half_basis: published, sources: [S5], checked: 2026-11-23"
    each = [f"{{from: {first}, {f'to: {last}, ' if last else ''}{of_all}}}" for first, last in dates]
    path = tmp_path / "countries.yaml"
    path.write_text(COUNTRY.partition("      - {")[0] + "".join(f"      - {one}\n" for one in each))

    assert [*map(str, load_countries(path).find("PT").lump_sums_change)] == days


@pytest.mark.parametrize("percent", [1, 99, 100])
def test_share_that_a_table_speaks_of(tmp_path: Path, percent: int) -> None:
    """It is less than the whole."""
    path = tmp_path / "countries.yaml"
    path.write_text(f"reduced_to_percent: {percent}\n{COUNTRY}")
    if percent == 100:
        with pytest.raises(DataError, match="99"):
            load_countries(path)
    else:
        assert load_countries(path).origin.percent == percent


def test_a_name_with_a_sign_behind_it() -> None:
    """Only what is as short as a code has to be a code."""
    assert load_countries().find("Cuba.").code == "CU"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("780.10", "780.11", 8, "half of 780.11 is not a whole cent"),
        ("780.10", "1200", 8, "1200.00 EUR is above 1100.00 EUR"),
        ("780.10", "0", 8, "more than 0"),
        ("780.10", "abc", 8, "not an amount in EUR"),
        ("780.10", "7.8e2", 8, "not an amount in EUR"),
        ("780.10", "1,000", 8, ""),
        ("780.10", "780.123", 8, "not an amount in EUR"),
        ("eu-member", "member", 4, "write one of eu-member, cosme-associated, ask, not-participating"),
        ("eu-member", "ask", 4, "needs a note"),
        ("S4", "S99", 5, "neither a key of sources.yaml nor an address"),
        ("[S4]", "[]", 5, "at least one source"),
        ("[S4]", "S4", 5, "a list is needed"),
        ("[S4]", "[S4, [S5]]", 5, "must be a text"),
        ("full_basis: published", "full_basis: guessed", 8, "write one of published, inferred"),
        ("2020-02-03", "3.2.2020", 8, "not a date of the form YYYY-MM-DD"),
        ("2020-02-03", "2020-02-30", 8, "not a date of the form YYYY-MM-DD"),
        ("from:", "to: 2019-01-01, from:", 8, "is before"),
        ("    name: Portugal\n", "", 3, "lacks the key 'name'"),
        ("name: Portugal", "name:", 3, "a value is needed"),
        ("name: Portugal", "name: [a]", 3, "one text is needed"),
        ("name: Portugal", "name: Portugal\n    colour: red", 4, "unknown key 'colour'"),
        ("name: Portugal", "name: Portugal\n    name: Spain", 4, "given twice; the first is in line 3"),
        ("name: Portugal", "name: &p Portugal", 3, "anchors"),
        ("name: Portugal", "name: *p", 3, "aliases"),
        ("name: Portugal", "name: !!python/object:os.system Portugal", 3, "tags"),
        ("name: Portugal", "name: {Portugal", 4, "not valid YAML"),
        ("  PT:", "  pt:", 2, "two-letter code in capitals"),
        ("  PT:", "  ? [a]\n  :", 2, "a key must be a plain word"),
        ("countries:\n", "countries: {}\nx:\n", 2, "unknown key 'x'"),
        ("countries:\n", "other:\n", 1, "lacks the key 'countries'"),
        ("name: Portugal", "name: '***'", 2, "cannot be another name"),
        ("name: Portugal", "name: Portugal\n    also: [NO]", 2, "'NO' cannot be another name of Portugal"),
        ("    lump_sums:\n      - {", "    lump_sums:\n      - [", 8, ""),
        ("lump_sums:\n      -", "lump_sums: []\n    x:\n      -", 7, "at least one entry"),
    ],
)  # fmt: skip
def test_bad_country_table(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    """Every fault is one sentence with its file and line."""
    path = tmp_path / "countries.yaml"
    assert old in COUNTRY
    path.write_text(COUNTRY.replace(old, new, 1))
    with pytest.raises(DataError) as caught:
        load_scheme("medic-nest", str(path))

    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_overlapping_amounts(tmp_path: Path) -> None:
    """Two amounts for one day would make the amount a matter of chance."""
    second = COUNTRY.splitlines()[-1].replace("2020-02-03", "2024-01-01")
    path = tmp_path / "countries.yaml"
    path.write_text(COUNTRY + second + "\n")
    with pytest.raises(DataError, match="must end, with 'to', before this day"):
        load_countries(path)
    path.write_text(COUNTRY.replace("from: 2020-02-03", "from: 2020-02-03, to: 2023-12-31") + second + "\n")
    portugal = load_countries(path).find("PT")

    assert portugal.lump_sum(datetime.date(2024, 1, 1)) is portugal.lump_sums[1]
    assert portugal.lump_sum(datetime.date(2023, 12, 31)) is portugal.lump_sums[0]
    assert portugal.lump_sum(None) is portugal.lump_sums[1]


@pytest.mark.parametrize(
    ("ends", "follows", "says"),
    [
        ("2020-02-02", None, "is before"),
        ("2020-02-03", None, ""),
        ("2023-12-31", "2023-12-31", "must end"),
        ("2023-12-31", "2024-01-01", ""),
        ("2023-12-31", "2024-01-02", "no amount holds between"),
    ],
)
def test_days_of_amounts(tmp_path: Path, ends: str, follows: str | None, says: str) -> None:
    """An amount may hold for a day; no day has two of them, and between two of them none has no amount."""
    second = COUNTRY.splitlines()[-1].replace("2020-02-03", follows) + "\n" if follows else ""
    path = tmp_path / "countries.yaml"
    path.write_text(COUNTRY.replace("from: 2020-02-03", f"from: 2020-02-03, to: {ends}") + second)
    if says:
        with pytest.raises(DataError, match=says):
            load_countries(path)
    else:
        amounts = load_countries(path).find("PT").lump_sums
        assert [str(amount.valid_from) for amount in amounts] == ["2020-02-03", *([follows] if follows else [])]


@pytest.mark.parametrize(
    ("scheme", "status", "says"),
    [
        ("ClusterXchange", "cosme-associated", ""),
        ("clusterxchange", "cosme-associated", ""),
        ("GreenLink", "cosme-associated", "this table is of GreenLink; write associated"),
        ("GreenLink", "associated", ""),
        ("GreenLink", "eu-member", ""),
    ],
)
def test_associated_with_which_programme(tmp_path: Path, scheme: str, status: str, says: str) -> None:
    """COSME is the programme of ClusterXchange alone."""
    path = tmp_path / "countries.yaml"
    path.write_text(f"scheme: {{name: {scheme}}}\n" + COUNTRY.replace("eu-member", status))
    if says:
        with pytest.raises(DataError, match=says):
            load_countries(path)
    else:
        assert load_countries(path).find("PT").status == status


@pytest.mark.parametrize("text", ["Ruritanja", "Strelsauu"])
def test_names_of_ones_own_are_suggested(tmp_path: Path, text: str) -> None:
    """The name, and what it is also called."""
    path = tmp_path / "countries.yaml"
    path.write_text(COUNTRY.replace("PT:", "ZE:").replace("Portugal", "Ruritania\n    also: [Strelsau]"))
    with pytest.raises(UnknownCountry) as caught:
        load_countries(path).find(text)

    assert "Ruritania (ZE)" in caught.value.look()


GREECE = COUNTRY.replace("PT:", "GR:").replace("Portugal", "Greece")


@pytest.mark.parametrize(
    ("key", "code", "name"),
    [("GR", "GR", "Greece"), ("EL", "GR", "Greece"), ("GB", "GB", "Britain"), ("UK", "GB", "Britain")],
)
@pytest.mark.parametrize("as_written", [str, str.lower])
def test_codes_of_eu_texts_under_every_table(
    tmp_path: Path, key: str, code: str, name: str, as_written: Callable[[str], str]
) -> None:
    """EL is GR and UK is GB, whichever of the two a table of one's own is keyed by; nothing else hangs on the key."""
    path = tmp_path / "countries.yaml"
    path.write_text(GREECE.replace("GR:", f"{key}:").replace("Greece", name))
    table = load_countries(path)
    country = table.by_code[code]

    assert list(table.by_code) == [code]
    for text in ({"GR": ("GR", "EL"), "GB": ("GB", "UK")}[code]) + (name,):
        assert table.find(as_written(text)) is country
    first_of_may = Stay.on_site(datetime.date(2023, 5, 1), datetime.date(2023, 5, 5))
    assert days_counted_in(country, first_of_may).working_days == 4


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [("XK", "XK", "Kosovo"), ("xk", "XK", "Kosovo"), ("Kosovo", "XK", "Kosovo"), ("Kosovë", "XK", "Kosovo"),
     ("EL", "GR", "Greece"), ("GR", "GR", "Greece"), ("UK", "GB", "United Kingdom"), ("GB", "GB", "United Kingdom")],
)  # fmt: skip
def test_countries_that_a_table_of_ones_own_lacks(tmp_path: Path, text: str, code: str, name: str) -> None:
    """They are known, and take no part under it, as a country that the shipped table lacks takes none."""
    path = tmp_path / "countries.yaml"
    path.write_text(COUNTRY)
    country = load_countries(path).find(text)

    assert (country.code, country.name, country.status, country.listed) == (code, name, "not-participating", False)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            GREECE + GREECE.replace("countries:\n", "").replace("GR:", "EL:").replace("Greece", "Hellas"),
            "GR and EL are the same country",
        ),
        (COUNTRY.replace("Portugal\n", "Portugal\n    also: [EL]\n", 1), "'EL' cannot be another name of Portugal"),
        (COUNTRY.replace("Portugal\n", "Portugal\n    also: [uk]\n", 1), "'uk' cannot be another name of Portugal"),
        (COUNTRY.replace("Portugal\n", "Portugal\n    also: [XK]\n", 1), "'XK' cannot be another name of Portugal"),
    ],
    ids=["two keys", "EL", "UK", "XK"],
)
def test_codes_that_mean_one_country_alone(tmp_path: Path, content: str, says: str) -> None:
    """No table gives a code to another country, or one country two keys."""
    path = tmp_path / "countries.yaml"
    path.write_text(content)
    with pytest.raises(DataError, match=says):
        load_countries(path)


@pytest.mark.parametrize("key", ["GR", "EL"])
@pytest.mark.parametrize("of_the_table", ["GR", "EL"])
def test_a_rulebooks_amount_for_greece(tmp_path: Path, key: str, of_the_table: str) -> None:
    """The same for the amounts of a rulebook, under the shipped table and one of one's own, and for those it takes over."""
    amount = "[{from: 2020-02-03, full_eur: %s, full_basis: published, half_basis: published, sources: [S5], checked: 2026-11-23}]"
    (tmp_path / "base.yaml").write_text(f"rulebook: base\nextends: eccp\nlump_sums: {{EL: {amount % 300}}}\n")
    (tmp_path / "ours.yaml").write_text(f"rulebook: ours\nextends: base.yaml\nlump_sums: {{{key}: {amount % 500}}}\n")
    (tmp_path / "countries.yaml").write_text(GREECE.replace("GR:", f"{of_the_table}:"))
    for countries in (None, str(tmp_path / "countries.yaml")):
        scheme = load_scheme(str(tmp_path / "ours.yaml"), countries)
        assert [amount.full for amount in scheme.countries.find("EL").lump_sums] == [500]


def test_territories_of_greece(tmp_path: Path) -> None:
    """A part of a country names it by the key of the table."""
    path = tmp_path / "countries.yaml"
    path.write_text(
        GREECE.replace("GR:", "EL:") + "territories:\n  of: {AX: EL}\n  sources: [ISO]\n  checked: 2026-11-23\n"
    )
    with pytest.raises(PartOfCountry, match="apart from Greece"):
        load_countries(path).find("AX")


def test_name_of_two_countries(tmp_path: Path) -> None:
    """A name that stands for two countries is refused."""
    path = tmp_path / "countries.yaml"
    second = COUNTRY.replace("countries:\n", "").replace("PT", "ES").replace("name: Portugal", "name: PORTUGAL")
    path.write_text(COUNTRY + second)
    with pytest.raises(DataError, match="stands for PT already"):
        load_countries(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"countries: {}\n", "the table contains no country"),
        (b"- a\n", "must contain keys and values"),
        (b"a\n", "must contain keys and values"),
        (b"a: 1\n---\nb: 2\n", "more than one document"),
        (b"a: \xff\n", "not UTF-8"),
        (b"x" * (MAX_BYTES + 1), "larger than 1 MB"),
        (b"[" * 100_000, "nested too deep"),
        ("ț: ".encode() + b"{a: [" * 600, ":1: the file is nested too deep"),
        (b"a: 1\nb:\n  - " + b"[" * 1010 + b"@", ":3: the file is nested too deep"),
        (b"[" * 10 + b"@", ":1: this is not valid YAML"),
        (b'["' + b"[" * 1010 + b'" @', ":1: this is not valid YAML"),
        (b"a: \x01\n", "not valid YAML"),
    ],
)
def test_file_that_is_no_table(tmp_path: Path, content: bytes, says: str) -> None:
    """What is no table at all is said to be none."""
    path = tmp_path / "countries.yaml"
    path.write_bytes(content)
    with pytest.raises(DataError, match=says):
        load_countries(path)


def test_depth_is_ours_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """With libyaml or without, and whatever the library says of it, nesting is told in our words and at our depth."""
    import yaml

    from cxc.scheme import data_files

    texts = ["[" * 21, "[" * 21 + "@", "[" * 999 + "@", "[" * 1001 + "]" * 1001, "{a: " * 5000, "- " * 21]
    for loader in {data_files._LOADER, yaml.SafeLoader}:
        monkeypatch.setattr(data_files, "_LOADER", loader)
        for text in texts:
            with pytest.raises(DataError, match=r"^x:1: the file is nested too deep$"):
                parse(text, "x")
        for text in ("[" * 20, "[" * 20 + "@", '["' + "[" * 21 + '" @'):
            with pytest.raises(DataError, match=r"^x:[12]: this is not valid YAML"):
                parse(text, "x")


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder, a name that no system takes."""
    for path, says in (
        (tmp_path / "missing.yaml", "no such file"),
        (tmp_path, "a folder"),
        (tmp_path / ("x" * 300), "cannot be read"),
        (Path("a\0b.yaml"), "cannot be read"),
    ):
        with pytest.raises(DataError, match=says):
            load_countries(path)


def test_byte_order_mark_and_pure_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte order mark is no part of the first key; where libyaml is missing the pure parser reads the same."""
    import yaml

    from cxc.scheme import data_files

    path = DATA / "countries.yaml"
    content = read(path)
    fast = parse(decode(b"\xef\xbb\xbf" + content, "x"), "x")
    monkeypatch.setattr(data_files, "_LOADER", yaml.SafeLoader)
    parse.cache_clear()

    assert parse(decode(content, "x"), "x") == fast


def test_shipped_rulebooks() -> None:
    """The default comes first, and extends the platform's words."""
    assert shipped() == ("medic-nest", "eccp")
    assert load_rulebook().extends == "eccp"
    assert load_rulebook("eccp").extends is None


RULEBOOK = """\
rulebook: ours
extends: medic-nest
"""


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("colour: red\n", 3, "unknown key 'colour'"),
        ("limits:\n  shortest_stay_days: {value: 0, sources: [S1], checked: 2026-11-23}\n", 4, "whole number from 1 to 366"),
        ("limits:\n  shortest_stay_days: {value: 2.5, sources: [S1], checked: 2026-11-23}\n", 4, "whole number"),
        ("limits:\n  shortest_stay: {value: 3, sources: [S1], checked: 2026-11-23}\n", 4, "unknown key 'shortest_stay'"),
        ("limits:\n  shortest_stay_days: {value: 3, checked: 2026-11-23}\n", 4, "lacks the key 'sources'"),
        ("limits:\n  shortest_stay_days: {value: 3, sources: [S1]}\n", 4, "lacks the key 'checked'"),
        ("limits:\n  day_counting: {value: some, sources: [S1], checked: 2026-11-23}\n", 4, "write one of all-days, working-days"),
        ("limits:\n  ceiling_eur: {value: 300, sources: [S1], checked: 2026-11-23}\nlump_sums:\n"
         "  PT:\n    - {from: 2020-02-03, full_eur: 400, full_basis: published, half_basis: published, sources: [S5], "
         "checked: 2026-11-23}\n", 7, "above 300.00 EUR"),
        ("lump_sums:\n  UKX: []\n", 4, "two-letter code"),
        ("may_visit:\n  types: {sme: perhaps}\n  sources: [S3]\n  checked: 2026-11-23\n", 4, "write one of yes, member"),
        ("may_visit:\n  types: {spa: yes}\n  sources: [S3]\n  checked: 2026-11-23\n", 4, "unknown key 'spa'"),
        ("activities: {listed: [golf], sources: [S2], checked: 2026-11-23}\n", 3, "'golf' is not allowed"),
        ("rules:\n  CXC201: {says: 'At least {days}', sources: [S1], checked: 2026-11-23}\n", 4, "{days} is not a limit"),
        ("rules:\n  CXC999: {sources: [S1], checked: 2026-11-23}\n", 4, "unknown key 'CXC999'"),
        ("rules:\n  CXC201: {name: longest-stay, sources: [S1], checked: 2026-11-23}\n", 4, "write one of shortest-stay"),
        ("activities: {listed: [], sources: [S2], checked: 2026-11-23}\n", 3, "at least one activity"),
        ("limits:\n  ceiling_eur: {value: 5000, sources: [S6], checked: 2026-11-23}\n", 4, "above 1100.00 EUR, the most that the scheme"),
        ("rules:\n  CXC201: {says: '{may_visit}', sources: [S1], checked: 2026-11-23}\n", 4, "{may_visit} is not a limit"),
        ("limits:\n  shortest_stay_days: 4\n", 4, "write it as {value: 4, sources: [https://example.org/our-call], checked: 2026-11-23}, with"),
        ("limits:\n  day_counting:\n", 4, "write it as {value: …, sources"),
        (f"limits:\n  day_counting: {'a' * 30}\n", 4, f"write it as {{value: {'a' * 20}, sources"),
        ("limits:\n  shortest_stay_days: [4]\n", 4, "shortest_stay_days must contain keys and values"),
        ("lump_sums:\n  PT:\n    - {from: 2020-02-03, full_eur: 780,50, full_basis: published, half_basis: published, "
         "sources: [S5], checked: 2026-11-23}\n", 5,
         "PT has the unknown key '50', perhaps because of a comma in a number; write a decimal point, such as 780.50"),
        ("title: [a]\n", 3, "one text is needed"),
        ("period: {from: 2024-01-01, to: 2023-01-01, sources: [S4], checked: 2026-11-23}\n", 3, "is before"),
    ],
)  # fmt: skip
def test_bad_rulebook(tmp_path: Path, more: str, line: int, says: str) -> None:
    """Every fault of a rulebook is one sentence with its file and line."""
    path = tmp_path / "ours.yaml"
    path.write_text(RULEBOOK + more)
    with pytest.raises(DataError) as caught:
        load_rulebook(str(path))

    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_rulebook_that_states_everything_itself(tmp_path: Path) -> None:
    """Without `extends` whatever is missing is named."""
    path = tmp_path / "ours.yaml"
    path.write_text("rulebook: ours\n")
    with pytest.raises(DataError, match="lacks the key"):
        load_rulebook(str(path))


def test_rulebook_that_extends_itself(tmp_path: Path) -> None:
    """A circle ends with a sentence, not with the stack."""
    path = tmp_path / "ours.yaml"
    path.write_text("rulebook: ours\nextends: ours.yaml\n")
    with pytest.raises(CxcError, match="in a circle"):
        load_rulebook(str(path))


def test_rulebook_that_extends_nothing_known(tmp_path: Path) -> None:
    """The base is looked for beside the file and among the shipped ones; the place of a wrong name is told."""
    path = tmp_path / "ours.yaml"
    path.write_text("rulebook: ours\nextends: medicnest\n")
    with pytest.raises(
        DataError, match=r"ours.yaml:2: extends: there is no rulebook 'medicnest'; did you mean medic-nest"
    ):
        load_rulebook(str(path))


def test_rulebook_beside_another(tmp_path: Path) -> None:
    """A rulebook extends a file beside it, and that one a shipped one; an open period has no end."""
    (tmp_path / "base.yaml").write_text(
        RULEBOOK + "title: Base\nperiod: {from: 2025-01-01, sources: [S4], checked: 2026-11-23}\n"
        "limits:\n  travellers_at_most: {value: no-limit, sources: [S1], checked: 2026-11-23}\n"
        "paperwork: {steps: [Call us.], sources: [S4], checked: 2026-11-23}\n"
        "rules:\n  CXC201: {name: shortest-stay, says: Three days., why: So., sources: [S1], checked: 2026-11-23}\n"
    )
    path = tmp_path / "ours.yaml"
    path.write_text("rulebook: ours\nextends: base.yaml\n")
    book = load_rulebook(str(path))

    assert book.period == (datetime.date(2025, 1, 1), None)
    assert book.limits["travellers_at_most"] is None
    assert book.next_steps == ("Call us.",)
    assert book.rules["CXC201"].says == "Three days."


def test_rulebook_with_an_amount_for_a_country_that_is_not_in_the_table(tmp_path: Path) -> None:
    """A slip in a country's code must not leave the old amount in force."""
    path = tmp_path / "ours.yaml"
    amounts = COUNTRY.splitlines()[-1].strip()
    path.write_text(f"{RULEBOOK}lump_sums:\n  US:\n    {amounts}\n")
    with pytest.raises(InputError, match="US, which the country table lacks"):
        load_scheme(str(path))


def test_rulebook_with_a_lower_ceiling(tmp_path: Path) -> None:
    """Amounts that were taken over are held against a ceiling stated anew."""
    (tmp_path / "base.yaml").write_text(f"{RULEBOOK}lump_sums:\n  PT:\n    {COUNTRY.splitlines()[-1].strip()}\n")
    path = tmp_path / "ours.yaml"
    path.write_text(
        "rulebook: ours\nextends: base.yaml\nlimits:\n  ceiling_eur: {value: 500, sources: [S6], checked: 2026-11-23}\n"
    )
    with pytest.raises(DataError, match=r"PT is above the ceiling of 500\.00"):
        load_rulebook(str(path))


@pytest.mark.parametrize("name", ["medicnest", "nonsense"])
def test_unknown_rulebook(name: str) -> None:
    """An unknown name is answered with those that exist."""
    with pytest.raises(InputError, match="rulebooks are medic-nest and eccp"):
        load_rulebook(name)


@pytest.mark.parametrize("depth", [10, 11])
def test_rulebooks_that_extend_one_another(tmp_path: Path, depth: int) -> None:
    """Ten of them in a row are read, the last a shipped one; more are a slip."""
    for number in range(depth):
        parent = f"r{number + 1}.yaml" if number + 1 < depth else "eccp"
        (tmp_path / f"r{number}.yaml").write_text(f"rulebook: r{number}\nextends: {parent}\n")
    if depth > 10:
        with pytest.raises(DataError, match="too many times"):
            load_rulebook(str(tmp_path / "r0.yaml"))
    else:
        assert load_rulebook(str(tmp_path / "r0.yaml")).limits == load_rulebook("eccp").limits


@pytest.mark.parametrize(
    ("first", "last"),
    [("2025-01-01", None), ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-01-01"), ("2025-01-02", "2025-01-01")],
)
def test_period_of_a_rulebook(tmp_path: Path, first: str, last: str | None) -> None:
    """It may be one day, and does not end before it begins."""
    path, end = tmp_path / "ours.yaml", f"to: {last}, " if last else ""
    path.write_text(f"{RULEBOOK}period: {{from: {first}, {end}sources: [S4], checked: 2026-11-23}}\n")
    begins, ends = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last) if last else None
    if ends is None or begins <= ends:
        assert load_rulebook(str(path)).period == (begins, ends)
    else:
        with pytest.raises(DataError, match="is before 2025-01-02"):
            load_rulebook(str(path))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("records_years", 5, "5"),
        ("records_years", None, "not known"),
        ("payment_within_days", None, "not known"),
        ("travellers_at_most", 1, "1"),
        ("travellers_at_most", None, "no limit"),
        ("reduced_to_percent", 50, "halved"),
        ("reduced_to_percent", 60, "reduced to 60 %"),
        ("day_counting", "working-days", "only working days count"),
    ],
)
def test_limits_in_words(name: str, value: object, words: str) -> None:
    """As people read them; what nobody knows is not told as no limit."""
    assert words in in_words(name, value)


def test_a_path_is_no_name_of_a_rulebook() -> None:
    """It is told that there is no such file."""
    with pytest.raises(DataError, match="there is no such file"):
        load_rulebook("nowhere/ours")


@pytest.mark.parametrize(
    ("name", "days", "full_sum", "counts_all_days"), [("medic-nest", 3, 5, True), ("eccp", 3, 5, False)]
)
def test_limits_of_the_shipped_rulebooks(name: str, days: int, full_sum: int, counts_all_days: bool) -> None:
    """Three days at least, the full sum from five on, a month at most, once, near below 200 km, half, EUR 1 100."""
    book = load_rulebook(name)

    assert (book.shortest_stay_days, book.full_sum_days, book.longest_stay_months) == (days, full_sum, 1)
    assert (book.near_below_km, book.visits_at_most, book.reduced_to_percent) == (200, 1, 50)
    assert (book.counts_all_days, book.bounds.ceiling) == (counts_all_days, Decimal(1100))
