"""`cxc plan`: every stay that meets the rules and no other, the best first, and the calendar file."""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import vobject
from commands import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import cxc
from cxc.advice.estimate import days_that_count
from cxc.advice.plan import FARTHEST, Plans, Window, plan
from cxc.reports import calendar, schema
from cxc.reports.text import weekday
from cxc.scheme.loading import Scheme, load_scheme
from cxc.trip.reader import Trip
from cxc.trip.stay import ONE_DAY
from cxc.verdict import Verdict, Verdicts

SCHEMES = {name: load_scheme(name) for name in ("medic-nest", "eccp")}
_OTHER_READING = """\
rulebook: read-in-working-days
extends: medic-nest
limits: {day_counting: {value: working-days, sources: [S1], checked: 2026-11-23}}
"""
with TemporaryDirectory() as _folder:
    (Path(_folder) / "ours.yaml").write_text(_OTHER_READING, encoding="utf-8")
    WORKING_DAYS = load_scheme(f"{_folder}/ours.yaml")
MAY = ["--to", "DE", "--from", "RO", "--earliest", "2023-05-01", "--latest", "2023-05-31"]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def days_from(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    for place in range((last - first).days + 1):
        yield first + place * ONE_DAY


def planned(
    scheme: Scheme, to: str, earliest: str, latest: str, days: int | None = None, whence: str | None = "RO"
) -> Plans:
    find = scheme.countries.find
    trip = Trip(host_country=find(to), visitor_country=find(whence) if whence else None)
    return plan(Verdicts(scheme), trip, Window(day(earliest), day(latest), days))


Tried = tuple[datetime.date, datetime.date, Verdict]


def brute_force(scheme: Scheme, to: str, earliest: str, latest: str) -> list[Tried]:
    """Every pair of travel days in a window whose trip is eligible, the best first."""
    judge, by_working_days = Verdicts(scheme), Verdicts(WORKING_DAYS)
    host = scheme.countries.find(to)
    trip = Trip(host_country=host, visitor_country=scheme.countries.find("RO"), host_cluster="yes")
    pairs = [(first, last) for first in days_from(day(earliest), day(latest)) for last in days_from(first, day(latest))]
    tried = [(first, last, judge(trip._replace(arrival=first, departure=last))) for first, last in pairs]

    def worse(entry: Tried) -> tuple[Decimal, datetime.timedelta, bool, datetime.date]:
        arrival, departure, verdict = entry
        assert verdict.payable is not None
        other = by_working_days(trip._replace(arrival=arrival, departure=departure)).payable
        differs = scheme.rulebook.counts_all_days and (other is None or other.amount != verdict.payable.amount)
        return -verdict.payable.amount, departure - arrival, differs, arrival

    return sorted((entry for entry in tried if entry[2].outcome == "eligible"), key=worse)


WINDOWS = [
    ("2023-04-01", "2023-05-31"),  # Easter, May Day, Ascension, Whit Monday
    ("2022-12-01", "2023-01-31"),  # two years
    ("2024-01-15", "2024-03-15"),  # a month with 29 days
    ("2020-01-10", "2020-03-10"),  # before the first day that has an amount
    ("2035-11-20", "2036-01-20"),  # past the last year whose holidays are known
    ("2023-05-06", "2023-05-12"),
    ("2023-05-06", "2023-05-06"),
]


@pytest.mark.many
@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window[0])
@pytest.mark.parametrize("to", ["DE", "BG"])
@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
def test_every_stay_that_meets_the_rules_and_no_other(rulebook: str, to: str, window: tuple[str, str]) -> None:
    """The stays and their order are those of trying every pair of travel days."""
    scheme = SCHEMES[rulebook]
    eligible = brute_force(scheme, to, *window)
    for days in (None, 5, 17):
        found = planned(scheme, to, *window, days)
        counted = [(v.days_on_site if rulebook == "medic-nest" else v.working_days) for *_, v in eligible]
        expected = [entry for entry, count in zip(eligible, counted, strict=True) if days in (None, count)]

        assert [stay[:2] for stay in found.plans] == [entry[:2] for entry in expected]
        assert [stay.payable for stay in found.plans] == [verdict.payable for *_, verdict in expected]
        assert (found.reason is None) == bool(expected)


@pytest.mark.many
@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
@pytest.mark.parametrize("to", ["DE", "AT", "PT"])
def test_every_plan_checks_as_eligible_at_its_amount(rulebook: str, to: str) -> None:
    """What is planned is what `cxc check` pays."""
    found = planned(SCHEMES[rulebook], to, "2023-04-01", "2023-05-31")
    assert len(found.plans) > 500

    for stay in found.plans[::41]:
        verdict = cxc.check(
            rulebook=rulebook,
            host_country=to,
            visitor_country="RO",
            host_cluster="yes",
            arrival=stay.arrival,
            departure=stay.departure,
        )
        assert verdict.outcome == "eligible"
        assert verdict.payable is not None
        assert verdict.payable.amount == stay.payable.amount
        assert (verdict.days_on_site, verdict.working_days) == (stay.verdict.days_on_site, stay.verdict.working_days)


TABLE = """\
countries:
  AT:
    name: Austria
    status: eu-member
    sources: [S1]
    checked: 2023-01-01
    lump_sums:
      - {from: 2020-02-03, to: 2023-05-14, full_eur: 500, full_basis: published, half_basis: published, sources: [S1], checked: 2023-01-01}
      - {from: 2023-05-15, full_eur: 1000, full_basis: inferred, half_basis: inferred, sources: [S1], checked: 2023-01-01}
"""


def test_order_where_the_amount_changes_within_the_window(run: Run, tmp_path: Path) -> None:
    """The highest amount comes first; each stay has the amount of its day of arrival."""
    table = tmp_path / "table.yaml"
    table.write_text(TABLE, encoding="utf-8")
    options = ["--to", "AT", "--earliest", "2023-05-13", "--latest", "2023-05-22", "--countries", table]
    written = json.loads(run("plan", *options, "--format", "json", "--most", "all").out)
    stays = [(stay["arrival"][-2:], stay["nights"], stay["amount"]) for stay in written["plans"]]

    assert stays[:3] == [("15", 6, "1000.00"), ("16", 6, "1000.00"), ("15", 7, "1000.00")]
    assert [amount for *_, amount in stays] == sorted((amount for *_, amount in stays), key=Decimal, reverse=True)
    # A half of the later sum and a full one of the earlier are as much: the fewer nights decide.
    assert [nights for _, nights, amount in stays if amount == "500.00"] == sorted(
        nights for _, nights, amount in stays if amount == "500.00"
    )
    assert {stay["basis"] for stay in written["plans"] if stay["amount"] == "500.00"} == {"published", "inferred"}


@pytest.mark.many
@settings(max_examples=40)
@given(
    st.sampled_from(sorted(SCHEMES)),
    st.sampled_from(["DE", "CY", "PT"]),
    st.dates(datetime.date(2022, 1, 1), datetime.date(2024, 12, 1)),
    st.integers(0, 6),
    st.sampled_from([None, 3, 4, 6]),
)
def test_the_nearest_window_is_the_nearest(
    rulebook: str, to: str, earliest: datetime.date, length: int, days: int | None
) -> None:
    """The window that is named has a stay, and no window that is extended by less has one."""
    scheme = SCHEMES[rulebook]
    found = planned(scheme, to, str(earliest), str(earliest + length * ONE_DAY), days)
    if found.plans:
        assert found.nearest is None
        return
    assert found.nearest is not None
    wider, best = found.nearest
    extended = (found.window.earliest - wider.earliest) + (wider.latest - found.window.latest)

    assert wider.earliest == found.window.earliest or wider.latest == found.window.latest
    assert planned(scheme, to, str(wider.earliest), str(wider.latest), days).plans[0][:2] == best[:2]
    for less in range(extended.days):
        for before, behind in ((less, 0), (0, less)):
            first, last = found.window.earliest - before * ONE_DAY, found.window.latest + behind * ONE_DAY
            assert planned(scheme, to, str(first), str(last), days).plans == ()


@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
def test_holidays_inside_are_those_of_the_host_on_days_on_site(rulebook: str) -> None:
    """Holidays on the travel days are not inside; those of weekends are."""
    found = planned(SCHEMES[rulebook], "AT", "2023-04-28", "2023-05-20")
    by_dates = {stay[:2]: stay.holidays for stay in found.plans}

    assert by_dates[day("2023-05-01"), day("2023-05-08")] == ()
    if rulebook == "medic-nest":
        assert by_dates[day("2023-04-28"), day("2023-05-02")] == (day("2023-05-01"),)
    assert by_dates[day("2023-04-30"), day("2023-05-08")] == (day("2023-05-01"),)
    assert by_dates[day("2023-04-28"), day("2023-05-20")] == (day("2023-05-01"), day("2023-05-18"))


# Windows without a stay, and what is said of them.
NONE = [
    ("DE", "2023-05-10", "2023-05-12", None, "The stay has 1 day on site. At least 3 are needed", "2023-05-14"),
    ("DE", "2023-05-10", "2023-05-20", 20, "No stay from 2023-05-10 to 2023-05-20 has 20 days on site.", "2023-05-31"),
    ("DE", "2023-05-10", "2023-05-20", 2, "The stay has 2 days on site. At least 3 are needed", None),
    (
        "DE",
        "2023-05-10",
        "2023-05-20",
        40,
        "No more than 31 days on site fit into one month, the longest stay. 40 days on site are too many.",
        None,
    ),
    ("NO", "2023-05-10", "2023-05-20", None, "Norway is not in any known list of COSME countries", None),
    ("RO", "2023-05-10", "2023-05-20", None, "Visitor and host are both in Romania", None),
    ("GB", "2023-05-10", "2023-05-20", None, "Ask the partnership whether it takes part.", None),
    ("GB", "2023-05-10", "2023-05-10", None, "Ask the partnership whether it takes part.", None),
    ("DE", "2020-01-10", "2020-01-20", None, "is undecided: No lump sum is known for Germany", "2020-02-07"),
    ("DE", "1990-01-10", "1990-01-20", None, "is undecided: No lump sum is known for Germany", None),
]


@pytest.mark.parametrize(("to", "earliest", "latest", "days", "says", "would_do"), NONE)
def test_why_there_is_none(
    run: Run, to: str, earliest: str, latest: str, days: int | None, says: str, would_do: str | None
) -> None:
    """Without a stay the status is 1, and every format says why, and which window would do."""
    options = ["--to", to, "--from", "RO", "--earliest", earliest, "--latest", latest]
    options += [] if days is None else ["--days", str(days)]
    text = run("plan", *options)
    written = json.loads(run("plan", *options, "--format", "json").out)
    table = run("plan", *options, "--format", "csv")

    assert text.status == table.status == 1
    assert says in text.out
    assert says in written["reason"]
    assert says in table.err
    assert len(table.out.splitlines()) == 1
    assert (f"--latest {would_do}" in text.out) == bool(would_do)
    assert written["nearest_window"] == (would_do and {"earliest": earliest, "latest": would_do})
    assert written["plans"] == []
    assert ("Other dates do not change that." in text.out) == (would_do is None and earliest > "2000")
    open_question = "undecided" in says or "Ask" in says
    assert text.out.startswith("? No stay in this window can be promised" if open_question else "✘ No stay")


def test_status_and_markdown_without_a_stay(run: Run) -> None:
    """--exit-zero turns 1 into 0; Markdown says why there is none."""
    options = ["plan", "--to", "DE", "--earliest", "2023-05-10", "--latest", "2023-05-12"]
    marked = run(*options, "--format", "markdown")

    assert marked.status == 1
    assert marked.out.startswith(
        "No stay from 2023-05-10 to 2023-05-12 meets the rules. The one that comes closest is 2023-05-10 to 2023-05-12: "
    )
    assert run(*options, "--exit-zero").status == 0


def test_window_that_would_do_may_begin_earlier(run: Run) -> None:
    """Under eccp the nearest window of 2036 lies before it, since later holidays are not known; in its own form."""
    options = ["--to", "DE", "--earliest", "03.01.2036", "--latest", "20.01.2036", "--date-format", "DD.MM.YYYY"]
    result = run("plan", *options, "--rulebook", "eccp")

    assert result.status == 1
    assert "holidays of the host country are not known for these dates" in result.out
    assert "The nearest window with a stay that meets the rules: --earliest 26.12.2035. " in result.out
    assert "working days cannot be counted" in run("plan", *options, "--rulebook", "eccp", "--days", "5").out


def test_what_cannot_be_promised_is_left_out_and_said(run: Run) -> None:
    """Stays past the last year of known holidays are undecided under eccp: they are no plans."""
    options = ["--to", "DE", "--earliest", "2035-12-20", "--latest", "2036-01-10", "--rulebook", "eccp"]
    shown = run("plan", *options).out
    written = json.loads(run("plan", *options, "--format", "json").out)

    assert "117 stays of the window are undecided, so not listed: The public holidays" in shown
    assert written["notices"][0].startswith("117 stays of the window are undecided")


def test_one_stay_that_is_undecided_is_said_in_the_singular() -> None:
    """Five days from 2 February 2020 have no amount yet; from the day after on they have."""
    found = planned(SCHEMES["medic-nest"], "DE", "2020-02-02", "2020-02-09", 5)

    assert [str(stay.arrival) for stay in found.plans] == ["2020-02-03"]
    assert (found.left_out or "").startswith("1 stay of the window is undecided, so not listed: No lump sum is known")


def test_unknown_holidays_are_not_none_at_all(run: Run) -> None:
    """Where all days count a stay of 2036 is eligible; what is not known of it is null, and said."""
    options = ["--to", "DE", "--earliest", "2035-12-28", "--latest", "2036-01-10"]
    first = json.loads(run("plan", *options, "--format", "json").out)["plans"][0]

    assert (first["working_days"], first["holidays"]) == (None, None)
    assert "The public holidays of Germany are not known for 2036." in run("plan", *options).out
    assert ",not known,830.00,inferred,not known\n" in run("plan", *options, "--format", "csv").out


BAD = [
    ([], "--to: needed, the country of destination"),
    (["--to", "DE"], "--earliest: needed, the first possible day of arrival"),
    (["--to", "DE", "--earliest", "2023-05-01"], "--latest: needed, the last possible day of departure"),
    ([*MAY, "--to", "Grmany"], "--to: 'Grmany' is not a known country; did you mean Germany"),
    ([*MAY, "--from", "Atlantis"], "--from: 'Atlantis' is not a known country"),
    ([*MAY, "--earliest", "1.5.2023"], "--earliest: '1.5.2023' is not a date of the form YYYY-MM-DD"),
    ([*MAY, "--latest", "2023-02-30"], "--latest: '2023-02-30' is not a day of the calendar"),
    ([*MAY, "--latest", "2023-04-30"], "--latest: '2023-04-30' is before --earliest, '2023-05-01'"),
    ([*MAY, "--latest", "2025-05-01"], "is longer than two years"),
    ([*MAY, "--days", "0"], "--days: '0' is not a whole number of 1 or more"),
    ([*MAY, "--days", "five"], "--days: 'five' is not a whole number of 1 or more"),
    ([*MAY, "--days", "99999"], "--days: '99999' is not a whole number"),
    ([*MAY, "--most", "0"], "--most: '0' is not a whole number of 1 or more"),
    ([*MAY, "--most", "every"], "--most: 'every' is not a whole number of 1 or more"),
    ([*MAY, "--pick", "-1"], "--pick: '-1' is not a whole number of 1 or more"),
    ([*MAY, "--pick", "9999"], "--pick: there is no stay 9999; in this window 378 stays meet the rules"),
    ([*MAY, "--days", "28", "--pick", "9"], "--pick: there is no stay 9; in this window 2 stays meet the rules"),
    ([*MAY[:-1], "2023-05-05", "--pick", "2"], "--pick: there is no stay 2; in this window 1 stay meets the rules"),
    ([*MAY, "--ics", "no-such-folder/stay.ics"], "stay.ics cannot be written"),
    ([*MAY, "--ics", "stay.ics", "-o", "./stay.ics"], "name two files"),
    ([*MAY, "--ics", ""], "--ics: name the file to write, such as visit.ics"),
    ([*MAY, "--rulebook", "ecp"], "there is no rulebook 'ecp'; did you mean eccp?"),
]


@pytest.mark.parametrize(("options", "says"), BAD)
def test_wrong_use(run: Run, options: list[str], says: str) -> None:
    """Wrong use is a status of 2, a sentence on standard error, and nothing else."""
    result = run("plan", *options)

    assert result.status == 2
    assert says in result.err
    assert result.out == ""


def test_longest_window_is_two_years(run: Run) -> None:
    """Two years are searched, a day more is refused."""
    options = ["plan", "--to", "DE", "--earliest", "2023-05-01", "--days", "3", "--format", "csv", "--latest"]

    assert run(*options, "2025-04-30").status == 0
    assert run(*options, "2025-05-01").status == 2
    assert FARTHEST > 365


@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
@pytest.mark.parametrize("most", [[], ["--most", "3"], ["--most", "all"]])
def test_json_is_what_its_schema_says(run: Run, rulebook: str, most: list[str]) -> None:
    """The entries have the keys of the contract, in its order; an amount has its basis beside it."""
    written = json.loads(run("plan", *MAY, "--rulebook", rulebook, "--format", "json", *most).out)
    Draft202012Validator(schema.plans()).validate(written)
    found = planned(SCHEMES[rulebook], "DE", "2023-05-01", "2023-05-31")
    best = found.plans[0]

    assert list(written["plans"][0]) == [
        "arrival",
        "departure",
        "nights",
        "days_on_site",
        "working_days",
        "amount",
        "basis",
        "holidays",
    ]
    assert written["plans"][0] == {
        "arrival": str(best.arrival),
        "departure": str(best.departure),
        "nights": best.nights,
        "days_on_site": best.verdict.days_on_site,
        "working_days": best.verdict.working_days,
        "amount": "830.00",
        "basis": "inferred",
        "holidays": [str(holiday) for holiday in best.holidays or ()],
    }
    assert written["total"] == len(found.plans)
    assert len(written["plans"]) == {0: 10, 1: 3}.get(len(most), {"3": 3, "all": len(found.plans)}[(most or "33")[1]])
    assert written["assumptions"][0] == "The host is a member of a cluster."


def test_json_without_a_stay_is_what_its_schema_says(run: Run) -> None:
    """An empty list of plans is valid, too, with and without a window that would do."""
    for to in ("DE", "NO"):
        options = ["--to", to, "--earliest", "2023-05-01", "--latest", "2023-05-02", "--format", "json"]
        Draft202012Validator(schema.plans()).validate(json.loads(run("plan", *options).out))


def test_csv_and_markdown(run: Run) -> None:
    """The rows are those of JSON, with the basis beside the amount."""
    rows = list(csv.DictReader(io.StringIO(run("plan", *MAY, "--format", "csv").out)))
    written = json.loads(run("plan", *MAY, "--format", "json").out)["plans"]
    marked = run("plan", *MAY, "--format", "markdown").out

    assert [row["arrival"] for row in rows] == [stay["arrival"] for stay in written]
    assert {row["basis"] for row in rows} == {"inferred"}
    assert rows[0]["holidays"] == " ".join(written[0]["holidays"])
    assert marked.count("\n| 2023-") == 10
    assert "the host is a member of a cluster; " in marked
    assert "378 stays meet the rules; the best 10" in marked


CALENDAR = """\
Stay 1: Thu 27 Apr 2023 to Wed 3 May 2023, EUR 900.00 (inferred, not confirmed), 6 nights, days on site 5, working days 2
  April 2023
   Mo     Tu     We     Th     Fr     Sa     Su
                                       1 ·    2 ·
    3      4      5      6      7      8 ·    9 ·
   10 *   11     12     13     14     15 ·   16 ·
   17     18     19     20     21     22 ·   23 ·
   24     25     26    >27    [28]   [29]·  [30]·

  May 2023
   Mo     Tu     We     Th     Fr     Sa     Su
  [ 1]*  [ 2]     3<     4      5      6 ·    7 ·
    8      9     10     11     12     13 ·   14 ·
   15     16     17     18 *   19     20 ·   21 ·
   22     23     24     25     26     27 ·   28 ·
   29 *   30     31

  >1 arrival   2< departure   [3] on site   4· weekend   5* public holiday
  Public holidays of Austria: Mon 10 Apr, Mon 1 May, Thu 18 May, Mon 29 May.
"""


def test_calendar_on_the_page(run: Run) -> None:
    """Travel days, days on site, weekends and holidays are told by characters; Monday is first."""
    shown = run("plan", "--to", "AT", "--earliest", "2023-04-27", "--latest", "2023-05-03").out

    assert CALENDAR in shown
    assert "arrival on Thu 27 Apr 2023 or later, departure on Wed 3 May 2023 or earlier" in shown


@pytest.mark.parametrize("rulebook", sorted(SCHEMES))
@pytest.mark.parametrize("window", [("2023-05-01", "2023-05-31"), ("2027-12-20", "2028-01-20")])
def test_table_fits_eighty_columns(run: Run, rulebook: str, window: tuple[str, str]) -> None:
    """The list of stays and the calendar fit a terminal of 80 columns, also over New Year's Eve."""
    shown = run("plan", "--to", "DE", "--earliest", window[0], "--latest", window[1], "--rulebook", rulebook).out
    table = [line for line in shown.splitlines() if line[:2].strip().isdigit() or line.startswith((" #", "  ["))]

    assert len(table) > 10
    assert max(map(len, table)) <= 80
    assert ("2027" in table[1]) == (window[0] == "2027-12-20")
    if window[0] == "2027-12-20" and rulebook == "medic-nest":
        assert " 25, 26 Dec" in shown


def test_months_without_a_holiday(run: Run) -> None:
    """Where no holiday lies in the months shown, the page says so."""
    shown = run("plan", "--to", "DE", "--earliest", "2023-02-06", "--latest", "2023-02-11", "--days", "4").out

    assert "No public holiday of Germany lies in these months." in shown
    assert "1 stay meets the rules\n" in shown
    assert "exactly 4 days on site" in shown


def test_the_safer_stay_comes_first(run: Run) -> None:
    """Of stays of one amount and as many nights, those that ECCP's reading pays the same come first."""
    shown = run("plan", *MAY, "--most", "12").out

    assert " 1  Sun  7 May Sat 13 May      6" in shown
    assert " 3! Mon  1 May Sun  7 May      6" in shown
    assert "Each stay marked with ! has its own notice. --pick N shows it." in shown
    assert "only working days count" not in shown
    picked = run("plan", *MAY, "--pick", "12").out
    twelfth = planned(SCHEMES["medic-nest"], "DE", "2023-05-01", "2023-05-31").plans[11]
    assert f"\nStay 12: {weekday(twelfth.arrival)} to {weekday(twelfth.departure)}, EUR 830.00" in picked
    assert "\n12" not in picked


# Full sums of 6 nights, none of which is paid in full where only working days count; those of 7 nights are not, either.
RISKY = ["--to", "DE", "--from", "RO", "--earliest", "2023-05-15", "--latest", "2023-05-26"]


def test_a_later_stay_that_holds_under_both_readings_is_named(run: Run) -> None:
    """Where none of the stays listed is paid the same under both readings, a line of its own names the first that is."""
    entire = json.loads(run("plan", *RISKY, "--format", "json", "--most", "all").out)
    few = json.loads(run("plan", *RISKY, "--format", "json", "--most", "2").out)
    said = "number 12: Thu 18 May 2023 to Fri 26 May 2023, EUR 830.00 (inferred, not confirmed). --pick 12 shows it."

    assert entire["safer_stay"] is None
    assert few["safer_stay"] == {"place": 12, **entire["plans"][11]}
    for form in ("text", "markdown"):
        shown = run("plan", *RISKY, "--format", form, "--most", "2").out
        assert "ECCP counts working days. Counted that way, none of the stays listed brings the same." in shown
        assert said in shown.replace("\\", "")
        assert "If only working days count" not in run("plan", *RISKY, "--format", form, "--most", "all").out
    for found in (entire, few):
        Draft202012Validator(schema.plans()).validate(found)


def test_no_stay_is_safe_under_both_readings(run: Run) -> None:
    """Where no stay holds under both readings, none is named; a rulebook that counts working days has one reading."""
    risky = ["--to", "DE", "--earliest", "2023-05-18", "--latest", "2023-05-24"]
    shown = run("plan", *risky).out

    assert "has its own notice" in shown
    assert "If only working days count" not in shown
    assert json.loads(run("plan", *risky, "--format", "json").out)["safer_stay"] is None
    by_working_days = json.loads(run("plan", *MAY, "--rulebook", "eccp", "--format", "json").out)
    assert by_working_days["safer_stay"] is None


def test_the_calendar_file_carries_the_caveats(run: Run, tmp_path: Path) -> None:
    """Who opens the file alone still learns that the other reading pays less, and that the amount is inferred."""
    path = tmp_path / "stay.ics"
    assert run("plan", *RISKY, "--ics", path).status == 0
    description = vobject.readOne(path.read_text(encoding="utf-8")).vevent.description.value

    assert "ECCP counts working days" in description
    assert "the visit would pay only EUR 415.00. Ask the partnership which days it counts." in description
    assert "The amount is inferred" in description
    assert description.count("partnership decides") == 1


@pytest.mark.parametrize("pick", [1, 7])
def test_calendar_file_is_read_by_another_library(run: Run, tmp_path: Path, pick: int) -> None:
    """An all-day event with both travel days inside; the end is exclusive, as RFC 5545 has it."""
    path = tmp_path / "stay.ics"
    assert run("plan", *MAY, "--ics", path, "--pick", pick).status == 0
    stay = planned(SCHEMES["medic-nest"], "DE", "2023-05-01", "2023-05-31").plans[pick - 1]
    content = path.read_bytes()
    event = vobject.readOne(content.decode()).vevent

    assert (event.dtstart.value, event.dtend.value) == (stay.arrival, stay.departure + ONE_DAY)
    assert not isinstance(event.dtstart.value, datetime.datetime)
    inside = list(days_from(event.dtstart.value, event.dtend.value - ONE_DAY))
    assert (inside[0], inside[-1]) == (stay.arrival, stay.departure)
    assert event.summary.value == "ClusterXchange visit to Germany (EUR 830.00, inferred)"
    assert event.location.value == "Germany"
    for part in (
        "days on site 5",
        "EUR 830.00 (inferred, not confirmed)",
        "the host is a member",
        "partnership decides",
    ):
        assert part in event.description.value
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_calendar_file_of_a_published_amount() -> None:
    """A published amount stands alone."""
    stay = planned(SCHEMES["eccp"], "PT", "2036-01-10", "2036-01-20", whence=None)
    assert stay.plans == ()
    stay = planned(SCHEMES["medic-nest"], "PT", "2036-01-10", "2036-01-20", whence=None)
    event = vobject.readOne(calendar.file(stay.plans[0]).decode()).vevent

    assert event.summary.value == "ClusterXchange visit to Portugal (EUR 780.00)"
    assert "working days not known" in event.description.value


def test_same_stay_same_file_and_another_stay_another_id() -> None:
    """No clock is read: a calendar program takes the same stay for the same event."""
    stays = planned(SCHEMES["medic-nest"], "DE", "2023-05-01", "2023-05-31").plans
    again = planned(SCHEMES["medic-nest"], "DE", "2023-05-01", "2023-06-30").plans
    ids = {vobject.readOne(calendar.file(stay).decode()).vevent.uid.value for stay in stays[:50]}

    assert calendar.file(stays[0]) == calendar.file(again[0])
    assert len(ids) == 50


def test_no_calendar_file_without_a_stay(run: Run, tmp_path: Path) -> None:
    """Nothing is written where there is nothing to write, and that is said."""
    path = tmp_path / "stay.ics"
    result = run("plan", "--to", "NO", *MAY[2:], "--ics", path)

    assert result.status == 1
    assert f"{path} was not written: there is no stay to write" in result.err
    assert not path.exists()


def test_report_in_a_file_says_on_standard_error_why_there_is_none(run: Run, tmp_path: Path) -> None:
    """Somebody who only looks at the terminal still learns why."""
    result = run("plan", "--to", "NO", *MAY[2:], "-o", tmp_path / "plans.txt")

    assert "Norway is not in any known list" in result.err
    assert result.out == ""


def test_data_files_are_never_overwritten(run: Run, tmp_path: Path) -> None:
    """A calendar named like the rulebook that is read is refused."""
    path = tmp_path / "ours.yaml"
    path.write_text("rulebook: ours\nextends: medic-nest\n", encoding="utf-8")
    result = run("plan", *MAY, "--rulebook", path, "--ics", path)

    assert result.status == 2
    assert path.read_text(encoding="utf-8").startswith("rulebook: ours")


def test_days_that_count_are_the_rulebooks() -> None:
    """All days on site, or working days."""
    for rulebook, expected in (("medic-nest", 5), ("eccp", 4)):
        stay = cxc.check(rulebook=rulebook, host_country="AT", first_day="2023-05-15", last_day="2023-05-19")
        assert days_that_count(stay) == expected
