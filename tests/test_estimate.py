"""`cxc estimate`: what a visit would bring, by days, by dates, in one country or in each."""

import csv
import datetime
import io
import json
import os
import sys
from decimal import Decimal
from pathlib import Path

import pexpect
import pytest
from commands import Run
from jsonschema import Draft202012Validator

from cxc.advice.estimate import days_held, days_too_many, estimate, verdict_on
from cxc.reports import schema
from cxc.scheme.loading import load_scheme
from cxc.trip.reader import Trip
from cxc.trip.stay import ONE_DAY, Stay, last_day_allowed
from cxc.verdict import Verdicts

SCHEMES = {name: load_scheme(name) for name in ("medic-nest", "eccp")}
MAY = ["--arrival", "2023-05-13", "--departure", "2023-05-20"]  # Saturday to Saturday; Ascension on the 18th


# One country: the options, and what an entry says.
ONE = [
    ("PT", ["--days", "5"], "medic-nest", (5, None, "780.00", "published", "eligible")),
    ("PT", ["--days", "5"], "eccp", (None, 5, "780.00", "published", "eligible")),
    ("PT", ["--days", "3"], "medic-nest", (3, None, "390.00", "published", "eligible")),
    ("PT", ["--days", "2"], "medic-nest", (2, None, None, None, "not-eligible")),
    ("PT", ["--days", "28"], "medic-nest", (28, None, "780.00", "published", "eligible")),
    ("PT", ["--days", "29"], "medic-nest", (29, None, None, None, "undecided")),
    ("PT", ["--days", "31"], "medic-nest", (31, None, None, None, "undecided")),
    ("PT", ["--days", "32"], "medic-nest", (32, None, None, None, "not-eligible")),
    ("DE", ["--days", "17"], "eccp", (None, 17, "830.00", "inferred", "eligible")),
    ("DE", ["--days", "18"], "eccp", (None, 18, None, None, "undecided")),
    ("DE", ["--days", "23"], "eccp", (None, 23, None, None, "undecided")),
    ("DE", ["--days", "24"], "eccp", (None, 24, None, None, "not-eligible")),
    ("AT", ["--days", "4"], "eccp", (None, 4, "450.00", "published", "eligible")),
    ("AT", [], "medic-nest", (5, None, "900.00", "inferred", "eligible")),
    ("AT", [], "eccp", (None, 5, "900.00", "inferred", "eligible")),
    ("AT", MAY, "medic-nest", (6, 4, "900.00", "inferred", "eligible")),
    ("AT", MAY, "eccp", (6, 4, "450.00", "published", "eligible")),
    (
        "AT",
        ["--first-day", "2023-05-15", "--last-day", "2023-05-17"],
        "eccp",
        (3, 3, "450.00", "published", "eligible"),
    ),
    ("GB", ["--days", "5"], "medic-nest", (5, None, None, None, "undecided")),
    ("NO", ["--days", "5"], "medic-nest", (5, None, None, None, "not-eligible")),
    ("US", [], "medic-nest", (5, None, None, None, "not-eligible")),
    ("RO", ["--from", "RO"], "medic-nest", (5, None, None, None, "not-eligible")),
    ("DE", ["--from", "NO"], "medic-nest", (5, None, None, None, "not-eligible")),
    ("DE", ["--from", "UK"], "medic-nest", (5, None, None, None, "undecided")),
    ("DE", ["--arrival", "2019-05-13", "--departure", "2019-05-20"], "medic-nest", (6, None, None, None, "undecided")),
]


@pytest.mark.parametrize(("to", "options", "rulebook", "expected"), ONE)
def test_one_country(run: Run, to: str, options: list[str], rulebook: str, expected: tuple[object, ...]) -> None:
    """What is not known is null; nothing is promised unless it is eligible."""
    result = run("estimate", "--to", to, *options, "--rulebook", rulebook, "--format", "json")
    written = json.loads(result.out)
    Draft202012Validator(schema.estimates()).validate(written)
    names = ("days_on_site", "working_days", "amount", "basis", "outcome")

    assert result.status == 0
    assert written["estimates"] == [{"host_country": to, **dict(zip(names, expected, strict=True))}]
    assert list(written["estimates"][0]) == ["host_country", *names]
    assert written["assumptions"][0] == "The host is a member of a cluster."
    assert written["notices"][-1] == "The partnership decides. This is not a decision of the EU."


@pytest.mark.parametrize("to", ["DE", "XK", "GB"])
def test_days_that_a_month_holds(to: str) -> None:
    """The bounds hold for every arrival of twelve years; those of all days are exact."""
    everything, working = SCHEMES["medic-nest"], SCHEMES["eccp"]
    host = everything.countries.find(to)
    judge = Verdicts(working)
    held = []
    for place in range(1, 12 * 365, 5):
        arrival = datetime.date(2021, 1, 1) + place * ONE_DAY
        stay = Stay.between(arrival, last_day_allowed(arrival, 1) + ONE_DAY)
        verdict = judge(Trip(host_country=host, first_day=stay.first, last_day=stay.last))
        held.append((verdict.days_on_site or 0, verdict.working_days or 0))
    all_days, working_days = zip(*held, strict=True)

    assert days_held(host, everything.rulebook) == (min(all_days), max(all_days)) == (28, 31)
    least, most = days_held(working.countries.find(to), working.rulebook)
    assert most == max(working_days) == 23
    assert 0 <= min(working_days) - least <= 2  # a safe figure, not much below the exact one


@pytest.mark.many
@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
def test_days_are_what_dates_of_so_many_days_are(rulebook: str) -> None:
    """An estimate by days is the verdict on every stay of so many days, whenever it begins."""
    scheme = SCHEMES[rulebook]
    judge = Verdicts(scheme)
    host = scheme.countries.find("AT")
    trip = Trip(host_country=host, host_cluster="yes")
    least, _ = days_held(host, scheme.rulebook)
    for place in range(0, 365, 7):
        arrival = datetime.date(2023, 1, 1) + place * ONE_DAY
        for nights in range(2, 35):
            dated = judge(trip._replace(arrival=arrival, departure=arrival + nights * ONE_DAY))
            days = dated.days_on_site if rulebook == "medic-nest" else dated.working_days
            assert days is not None
            undated = verdict_on(judge, trip, days)
            if days <= least and not dated.fact("days_past_longest"):
                assert (dated.outcome, dated.payable) == (undated.outcome, undated.payable)
            if undated.outcome == "not-eligible":
                assert dated.outcome == "not-eligible"


def test_country_whose_holidays_are_not_known(tmp_path: Path, run: Run) -> None:
    """Under eccp working days there cannot be told to fit, as they cannot be counted."""
    table = tmp_path / "table.yaml"
    table.write_text(
        "countries:\n  JP:\n    name: Japan\n    status: cosme-associated\n    sources: [S1]\n    checked: 2023-01-01\n"
        "    lump_sums:\n      - {from: 2020-02-03, full_eur: 800, full_basis: inferred, half_basis: inferred,"
        " sources: [S1], checked: 2023-01-01}\n",
        encoding="utf-8",
    )
    shown = run("estimate", "--to", "JP", "--countries", table, "--rulebook", "eccp", "--days", "5").out
    own = run("estimate", "--from", "Japan", "--countries", table).out

    assert shown.startswith(
        "? Japan: undecided for 5 working days; EUR 800.00 (inferred, not confirmed) if the open points"
    )
    assert (
        "It depends on the dates whether 5 working days fit into one month, the longest stay. State --arrival and --departure."
        in shown
    )
    assert own.startswith("✘ No other country in the table takes part\n")


def test_every_country(run: Run) -> None:
    """All that take part or may, without the visitor's own, the highest amount first, then by name."""
    entries = json.loads(run("estimate", "--from", "RO", "--days", "3", "--format", "json").out)["estimates"]
    table = SCHEMES["medic-nest"].countries.by_code
    codes = [entry["host_country"] for entry in entries]
    expected = {code for code, country in table.items() if country.status != "not-participating"} - {"RO"}

    assert set(codes) == expected
    assert len(codes) == len(expected)
    assert entries == sorted(
        entries, key=lambda entry: (-Decimal(entry["amount"] or 0), table[entry["host_country"]].name)
    )
    assert (codes[0], codes[-1]) == ("DK", "GB")
    assert {entry["outcome"] for entry in entries[:-1]} == {"eligible"}
    everywhere = json.loads(run("estimate", "--format", "json").out)
    assert len(everywhere["estimates"]) == len(expected) + 1
    assert "Visitor and host are in two different countries." in everywhere["assumptions"]
    assert "than the host (" not in " ".join(everywhere["assumptions"])


def test_every_country_by_dates_is_what_a_check_says() -> None:
    """Working days are counted in each country, with its own holidays."""
    scheme = SCHEMES["eccp"]
    judge = Verdicts(scheme)
    trip = Trip(arrival=datetime.date(2023, 4, 28), departure=datetime.date(2023, 5, 6))
    found = estimate(judge, trip)

    assert len({entry.verdict.working_days for entry in found.entries}) > 1
    for entry in found.entries:
        check = Verdicts(scheme)(trip._replace(host_country=entry.country, host_cluster="yes"))
        assert (entry.verdict.outcome, entry.payable) == (check.outcome, check.payable)
        assert entry.verdict.working_days == check.working_days


@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
@pytest.mark.parametrize("options", [[], ["--days", "3"], ["--days", "30"], MAY, ["--from", "NO"], ["--from", "GB"]])
def test_json_is_what_its_schema_says(run: Run, rulebook: str, options: list[str]) -> None:
    """Whatever is asked, the answer is valid."""
    written = json.loads(run("estimate", *options, "--rulebook", rulebook, "--format", "json").out)

    Draft202012Validator(schema.estimates()).validate(written)
    assert all((entry["amount"] is None) == (entry["outcome"] != "eligible") for entry in written["estimates"])


def test_schema_refuses_an_amount_that_is_not_promised(run: Run) -> None:
    """No amount without its basis, none unless eligible."""
    validator = Draft202012Validator(schema.estimates())
    written = json.loads(run("estimate", "--to", "PT", "--days", "5", "--format", "json").out)
    entry = written["estimates"][0]

    assert validator.is_valid(written)
    assert not validator.is_valid(written | {"estimates": [entry | {"basis": None}]})
    assert not validator.is_valid(written | {"estimates": [entry | {"outcome": "undecided"}]})


# What would change the amount: the options for Germany, and all that is said.
FAR = "if visitor and host are at least 200 km apart"
INFERRED = "(inferred, not confirmed)"
NEAR = f"A host less than 200 km away brings EUR 415.00 {INFERRED}, EUR 415.00 less."
OTHER = "ECCP counts working days, but this rulebook counts all days. State --arrival and --departure to see what the visit would bring if only working days count."
DECIDE = "How many working days a stay has depends on weekends and on the public holidays of the host country. State --arrival and --departure to have them counted."
CHANGES = [
    (["--days", "2"], "medic-nest", [f"1 more day on site brings EUR 415.00 {INFERRED}."]),
    (
        ["--days", "3"],
        "medic-nest",
        [f"2 more days on site bring EUR 830.00 {INFERRED}, EUR 415.00 more, {FAR}.", OTHER],
    ),
    (["--days", "4"], "eccp", [f"1 more working day brings EUR 830.00 {INFERRED}, EUR 415.00 more, {FAR}.", DECIDE]),
    (
        ["--days", "5"],
        "medic-nest",
        [
            "More days do not bring more.",
            f"3 to 4 days on site bring EUR 415.00 {INFERRED}, EUR 415.00 less.",
            NEAR,
            OTHER,
        ],
    ),
    (["--days", "40"], "eccp", [f"5 to 17 working days bring EUR 830.00 {INFERRED}."]),
    (
        ["--days", "30"],
        "medic-nest",
        [
            f"5 to 28 days on site bring EUR 830.00 {INFERRED}.",
            f"{NEAR.replace('brings', 'would bring').removesuffix('.')}, if the open points are settled in its favour.",
            OTHER,
        ],
    ),
    (["--from", "DE"], "medic-nest", []),
    (
        ["--arrival", "2023-05-14", "--departure", "2023-05-18"],
        "medic-nest",
        [
            f"A departure 2 days later, on Saturday 20 May 2023, brings EUR 830.00 {INFERRED}, EUR 415.00 more, {FAR}. "
            "ECCP counts working days. Counted that way, the visit would pay only EUR 415.00.",
            "A departure 1 day earlier, on Wednesday 17 May 2023, brings nothing.",
        ],
    ),
    (
        ["--arrival", "2023-05-14", "--departure", "2023-05-18"],
        "eccp",  # Ascension on the 18th, the 20th and 21st a weekend
        [
            f"A departure 5 days later, on Tuesday 23 May 2023, brings EUR 830.00 {INFERRED}, EUR 415.00 more, {FAR}.",
            "A departure 1 day earlier, on Wednesday 17 May 2023, brings nothing.",
        ],
    ),
    (
        ["--first-day", "2023-06-05", "--last-day", "2023-06-09"],
        "eccp",
        [
            "A longer stay does not bring more.",
            f"A last day on site 1 day earlier, on Thursday 8 June 2023, brings EUR 415.00 {INFERRED}, EUR 415.00 less.",
            NEAR,
        ],
    ),
    (
        ["--arrival", "2023-05-14", "--departure", "2023-06-20"],
        "medic-nest",
        [f"A departure 5 days earlier, on Thursday 15 June 2023, brings EUR 830.00 {INFERRED}."],
    ),
    (["--arrival", "2023-05-14", "--departure", "2023-05-20", "--from", "DE"], "medic-nest", []),
]


@pytest.mark.parametrize(("options", "rulebook", "expected"), CHANGES)
def test_what_would_change_the_amount(run: Run, options: list[str], rulebook: str, expected: list[str]) -> None:
    """Every sentence, its figures from the rules."""
    options = ["--to", "DE", *options, "--rulebook", rulebook]
    assert json.loads(run("estimate", *options, "--format", "json").out)["changes"] == expected
    shown = run("estimate", *options).out
    assert all(f"  •  {sentence}\n" in shown for sentence in expected)


def test_figures_come_from_the_rulebook(run: Run, tmp_path: Path) -> None:
    """Two months, no half for short stays, near only below 50 km: the page follows."""
    rulebook = tmp_path / "ours.yaml"
    limits = {"longest_stay_months": 2, "shortest_stay_days": 5, "near_below_km": 50}
    entries = "".join(
        f"  {name}: {{value: {value}, sources: [S1], checked: 2026-11-23}}\n" for name, value in limits.items()
    )
    rulebook.write_text(f"rulebook: ours\nextends: medic-nest\nlimits:\n{entries}", encoding="utf-8")
    one = run("estimate", "--to", "DE", "--rulebook", rulebook, "--days", "99").out
    every = run("estimate", "--rulebook", rulebook).out

    assert "  1 to 4 days on site       nothing\n  5 to 59 days on site       830.00 inferred" in one
    assert "60 to 62 days on site" in one
    assert "No more than 62 days on site fit into 2 months, the longest stay. 99 days on site are too many." in one
    assert "A host less than 50 km away brings" in run("estimate", "--to", "DE", "--rulebook", rulebook).out
    assert "half" not in every.partition("What would change")[0]
    assert "\n  for 5 days on site or more\n" in every


def test_rulebook_whose_shortest_stay_is_longer_than_what_brings_the_full_sum(run: Run, tmp_path: Path) -> None:
    """Without days the estimate is for a stay that is paid."""
    rulebook = tmp_path / "ours.yaml"
    rulebook.write_text(
        "rulebook: ours\nextends: eccp\nlimits:\n  shortest_stay_days: {value: 7, sources: [S1], checked: 2026-11-23}\n",
        encoding="utf-8",
    )
    entry = json.loads(run("estimate", "--to", "DE", "--rulebook", rulebook, "--format", "json").out)["estimates"][0]

    assert (entry["working_days"], entry["amount"]) == (7, "830.00")
    assert run("estimate", "--to", "DE", "--rulebook", rulebook).out.startswith(
        "✔ Germany: EUR 830.00 (inferred, not confirmed) for 7 working days or more\n"
    )


def test_approval_settles_nothing_here(run: Run) -> None:
    """Where the partnership decides, the amount is shown as what it would be, never as payable."""
    shown = run("estimate", "--to", "UK", "--days", "5").out
    first = shown.splitlines()[0]

    assert first.startswith("? United Kingdom: undecided for 5 days on site; EUR 1000.00 (inferred, not confirmed) if")
    assert "Ask the partnership whether it takes part." in shown
    assert (
        "would bring EUR 500.00 (inferred, not confirmed), EUR 500.00 less, if the open points are settled in its favour."
        in shown
    )


@pytest.mark.parametrize("to", ["GB", "NO", "DE"])
def test_page_of_one_country_says_why(run: Run, to: str) -> None:
    """The verdict by dates, as a page: outcome, days, working days, why."""
    shown = run("estimate", "--to", to, "--arrival", "2035-12-28", "--departure", "2036-01-05").out

    assert "Fri 28 Dec 2035 to Sat 5 Jan 2036, travel days included" in shown
    assert "\n  days on site 7, working days not known\n" in shown
    assert ("\nWhy\n" in shown) == (to != "DE")


def test_amount_that_is_not_known(run: Run) -> None:
    """Before the first day that has an amount none is invented."""
    shown = run("estimate", "--to", "DE", "--first-day", "2019-05-13", "--last-day", "2019-05-20").out

    assert shown.startswith(
        "? Germany: undecided for Mon 13 May 2019 to Mon 20 May 2019 on site; the amount is not known\n"
    )
    assert "  ?  AL" not in shown
    assert "?  All countries: No lump sum" not in run("estimate", *MAY).out
    every = run("estimate", "--arrival", "2019-05-13", "--departure", "2019-05-20").out
    assert every.startswith("? Undecided for Mon 13 May 2019 to Mon 20 May 2019")
    assert "What would change" not in every


def test_reasons_are_said_once_with_their_countries(run: Run) -> None:
    """Countries that a holiday leaves with too few working days are named together."""
    shown = run("estimate", "--arrival", "2023-04-28", "--departure", "2023-05-04", "--rulebook", "eccp").out

    assert "✘  AL, AM, AT, " in shown
    assert ": The stay has 2 working days on site. At least 3 are needed" in shown
    assert "?  An amount with ? in front is paid only" not in shown


def test_notices_of_single_countries_are_marked(run: Run) -> None:
    """Under medic-nest the table marks where ECCP's reading would pay less; JSON says it country by country."""
    shown = run("estimate", *MAY).out
    notices = json.loads(run("estimate", *MAY, "--format", "json").out)["notices"]

    assert "✔!  AT    Austria" in shown
    assert "✔   IE    Ireland" in shown
    assert "Each country marked with ! has its own notice" in shown
    assert sum(notice.startswith("AT: ECCP counts working days. Only 4 of the 6") for notice in notices) == 1
    assert sum("The amount is inferred" in notice for notice in notices) == 1


def test_visitor_from_a_country_without_part(run: Run) -> None:
    """Nothing is payable anywhere, and the reason is given once, without forty lines."""
    shown = run("estimate", "--from", "Norway").out

    assert shown.startswith("✘ Not eligible in any country: nothing is payable\n")
    assert "✘  All countries: Norway is not in any known list of COSME countries" in shown
    assert "Albania" not in shown


BAD = [
    (["--to", "Grmany"], "host_country: 'Grmany' is not a known country; did you mean Germany"),
    (["--from", "Atlantis"], "visitor_country: 'Atlantis' is not a known country"),
    (["--days", "0"], "--days: '0' is not a whole number of 1 or more"),
    (["--days", "-3"], "--days: '-3' is not a whole number of 1 or more"),
    (["--days", "4.5"], "--days: '4.5' is not a whole number of 1 or more"),
    (["--days", "five"], "--days: 'five' is not a whole number of 1 or more"),
    (["--days", "5", *MAY], "--days: state the days or the dates, not both; with dates the days are counted"),
    (["--arrival", "2023-05-13"], "departure: needed together with arrival"),
    (["--departure", "2023-05-13"], "arrival: needed together with departure"),
    ([*MAY, "--first-day", "2023-05-14", "--last-day", "2023-05-19"], "or first_day and last_day, not both"),
    ([*MAY, "--departure", "2023-05-12"], "departure: '2023-05-12' is before arrival, '2023-05-13'"),
    ([*MAY, "--arrival", "13.05.2023"], "arrival: '13.05.2023' is not a date of the form YYYY-MM-DD"),
    (["--rulebook", "ecp"], "there is no rulebook 'ecp'; did you mean eccp?"),
    (["--countries", "missing.yaml"], "missing.yaml: there is no such file"),
    (["DE"], "unexpected extra argument"),
]


@pytest.mark.parametrize(("options", "says"), BAD)
def test_wrong_use(run: Run, options: list[str], says: str) -> None:
    """Wrong use is a status of 2, a sentence on standard error, and nothing else."""
    result = run("estimate", *options)

    assert result.status == 2
    assert says in result.err
    assert result.out == ""


def test_csv_and_markdown(run: Run, tmp_path: Path) -> None:
    """The rows are those of JSON; Markdown says what was assumed, too."""
    rows = list(csv.DictReader(io.StringIO(run("estimate", "--days", "3", "--format", "csv").out)))
    written = json.loads(run("estimate", "--days", "3", "--format", "json").out)["estimates"]
    marked = tmp_path / "estimates.md"

    assert [(row["host_country"], row["amount"] or None) for row in rows] == [
        (entry["host_country"], entry["amount"]) for entry in written
    ]
    assert run("estimate", "--days", "3", "--format", "markdown", "-o", marked).out == ""
    page = marked.read_text(encoding="utf-8")
    assert page.startswith("| host\\_country |") or page.startswith("| host_country |")
    assert "| PT | Portugal | 3 |  | 390.00 | published | eligible |\n" in page
    assert "the host is a member of a cluster; " in page
    assert "The amount is inferred" in page


@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
def test_table_fits_eighty_columns(run: Run, rulebook: str) -> None:
    """Elsewhere than in a terminal the table with its bars has at most 80 columns."""
    for options in ([], ["--days", "5"], MAY):
        shown = run("estimate", *options, "--rulebook", rulebook).out
        table = [line for line in shown.splitlines() if line[:1] in "✔✘?" and "  " in line[3:]]
        assert len(table) > 30
        assert 60 < max(map(len, table)) <= 80


def test_terminal() -> None:
    """In a terminal the page fits its width; where it cannot show the blocks, others stand for them."""
    for columns, encoding, bar in ((80, "utf-8", "█▒"), (130, "utf-8", "█▒"), (80, "ascii", "#=")):
        environment = {**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1"}
        environment |= {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": str(columns)}
        command = ["-m", "cxc", "estimate"]
        child = pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(90, columns), env=environment)
        child.expect(pexpect.EOF)
        page = child.before.replace("\r\n", "\n")
        child.close()

        assert child.exitstatus == 0
        assert columns - 30 < max(map(len, page.splitlines())) <= columns
        assert all(mark in page for mark in bar)
        assert page.isascii() == (encoding == "ascii")


def test_too_many_days_for_any_month() -> None:
    """What depends on the dates is None, never 0."""
    scheme = SCHEMES["medic-nest"]
    host = scheme.countries.find("PT")

    assert [days_too_many(days, host, scheme.rulebook) for days in (28, 29, 31, 32, 40)] == [0, None, None, 1, 9]
