"""What the page asks of the program (web/bridge.py): the bytes of the commands, and words for people who know no command.

The page itself is driven in a browser by scripts/check_web, which needs npm.
"""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bridge
import pytest
import words
from cases_reader import cases
from commands import Run
from openpyxl import load_workbook
from page_trips import PAYMENTS, RULEBOOKS, STORED, TODAY, TRIPS, Stated, options, workbook

from cxc.tables.template import columns_at
from cxc.trip import fields
from cxc.vocabulary import Stage

PORTUGAL = {"host_country": "Portugal", "visitor_country": "RO"}
HISTORY = "visitor,visitor_id,visitor_country,arrival\nAcme,RO123,RO,2022-05-01\n"


def texts(found: object) -> list[str]:
    """Every text that an answer shows."""
    if isinstance(found, dict):
        return [text for key, value in found.items() if key not in ("json", "csv", "html") for text in texts(value)]
    if isinstance(found, list):
        return [text for value in found for text in texts(value)]
    return [found] if isinstance(found, str) else []


def reply(call: str, asked: dict[str, object], files: Sequence[tuple[str, bytes]] = ()) -> dict[str, Any]:
    return bridge.reply(call, asked, files)


@pytest.mark.parametrize("rulebook", RULEBOOKS)
@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
@pytest.mark.parametrize("trip", TRIPS, ids=range(len(TRIPS)))
def test_verdict_is_that_of_check(run: Run, trip: Stated, rulebook: str, strict: bool) -> None:
    """To the byte."""
    said = run("check", "--no-ask", "--format", "json", "--rulebook", rulebook, *["--strict"][:strict], *options(trip))
    found = reply("check", {"trip": trip, "rulebook": rulebook, "strict": strict})
    assert found["json"] == said.out
    assert found["outcome"] == json.loads(said.out)["outcome"]
    assert found["needed"] == json.loads(said.out)["needed"]


@pytest.mark.parametrize("rulebook", RULEBOOKS)
@pytest.mark.parametrize("trip", PAYMENTS, ids=range(len(PAYMENTS)))
def test_payment_is_that_of_check(run: Run, trip: Stated, rulebook: str) -> None:
    """To the byte, as on the day that the page says; a visit that is paid is told from one that is refused."""
    more = ["--stage", "payment", "--today", TODAY, "--rulebook", rulebook, *options(trip)]
    said = run("check", "--no-ask", "--format", "json", *more).out
    found = reply("check", {"trip": trip, "rulebook": rulebook, "stage": "payment", "today": TODAY})
    assert found["json"] == said
    assert found["outcome"] == ("paid" if "paid_on" in trip else json.loads(said)["outcome"])


def test_payment_needs_a_day() -> None:
    """The clock is never asked; before that stage no day is needed."""
    assert reply("check", {"trip": TRIPS[0], "stage": "payment", "today": ""})["problems"] == [
        {"field": "today", "message": "The day of today is needed."}
    ]
    assert reply("check", {"trip": TRIPS[0], "stage": "proposal", "today": ""})["outcome"] == "eligible"


def test_verdict_with_a_history(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has visited before is told, with the row of the history."""
    monkeypatch.chdir(tmp_path)
    Path("visits.csv").write_text(HISTORY, encoding="utf-8")
    trip = {
        **PORTUGAL,
        "visitor_id": "RO 123",
        "arrival": "2023-05-14",
        "departure": "2023-05-20",
        "host_cluster": "yes",
    }
    said = run("check", "--no-ask", "--format", "json", "--history", "visits.csv", *options(trip))
    found = reply("check", {"trip": trip}, [("visits.csv", HISTORY.encode())])
    assert found["json"] == said.out
    assert found["outcome"] == "not-eligible"
    assert Path.cwd() == tmp_path


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"strict": True, "redact": True, "rulebook": "eccp"},
        {"stage": "payment", "today": TODAY},
    ],
    ids=["", "strict-redact-eccp", "payment"],
)
@pytest.mark.parametrize("file", ["trips.csv", "trips.xlsx"])
def test_table_is_that_of_validate(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, asked: dict[str, object]
) -> None:
    """Every format to the byte, from CSV and from a workbook, with a history."""
    monkeypatch.chdir(tmp_path)
    table = workbook(tmp_path / file).read_bytes() if file.endswith("xlsx") else (STORED / file).read_bytes()
    Path(file).write_bytes(table)
    Path("visits.csv").write_text(HISTORY, encoding="utf-8")
    more = [f"--{name}" for name in asked if asked[name] is True]
    more += [part for name, text in asked.items() if isinstance(text, str) for part in (f"--{name}", text)]
    files = [(file, table), ("visits.csv", HISTORY.encode())]
    found = reply("table", {**asked, "histories": 1}, files)
    for format in ("json", "xlsx"):
        found |= reply("table", {**asked, "histories": 1, "formats": [format]}, files)
    for format in ("csv", "html", "json", "xlsx"):
        run("validate", file, "-q", "--format", format, "-o", "written", "--history", "visits.csv", *more)
        assert found[format] == Path("written").read_bytes(), format
    assert found["rows"] == 15


def test_two_tables_of_one_name(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They come from two folders, and are told apart."""
    monkeypatch.chdir(tmp_path)
    table = (STORED / "trips.csv").read_bytes()
    for name in ("trips.csv", "trips (2).csv"):
        Path(name).write_bytes(table)
    run("validate", "trips.csv", "trips (2).csv", "-q", "--format", "csv", "-o", "written")
    assert reply("table", {}, [("trips.csv", table), ("trips.csv", table)])["csv"] == Path("written").read_bytes()


def test_report_of_a_large_table_is_made_when_asked_for() -> None:
    """It is a heavy page; the verdicts as CSV are there at once."""
    row = "PT,yes,2023-05-14,2023-05-20\n"
    table = f"host_country,host_cluster,arrival,departure\n{row * (bridge.MOST_SHOWN + 1)}".encode()
    found = reply("table", {}, [("trips.csv", table)])
    assert found["rows"] == bridge.MOST_SHOWN + 1
    assert found.keys() >= {"csv"}
    assert "html" not in found
    assert b"<html" in reply("table", {"formats": ["html"]}, [("trips.csv", table)])["html"]


def test_dates_in_another_form(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = "host_country,host_cluster,arrival,departure\nPT,yes,14.05.2023,20.05.2023\n"
    Path("t.csv").write_text(table, encoding="utf-8")
    run("validate", "t.csv", "-q", "--format", "csv", "-o", "written", "--date-format", "DD.MM.YYYY")
    found = reply("table", {"date_format": "DD.MM.YYYY"}, [("t.csv", table.encode())])
    assert found["csv"] == Path("written").read_bytes()


ESTIMATES: tuple[tuple[dict[str, str], str], ...] = (
    ({}, ""),
    ({"visitor_country": "Romania"}, "4"),
    ({"host_country": "Austria"}, "4"),
    ({"host_country": "United Kingdom"}, ""),
    ({"host_country": "Norway"}, "5"),
    ({"host_country": "PT", "arrival": "2023-05-14", "departure": "2023-05-18"}, ""),
    ({"first_day": "2023-05-15", "last_day": "2023-05-16"}, ""),
)


@pytest.mark.parametrize("rulebook", RULEBOOKS)
@pytest.mark.parametrize(("trip", "days"), ESTIMATES)
def test_estimate(run: Run, trip: dict[str, str], days: str, rulebook: str) -> None:
    """To the byte, and each country and each number of days with its amount."""
    found = reply("estimate", {"trip": trip, "days": days, "rulebook": rulebook})
    more = [*options(trip), *(["--days", days] if days else []), "--rulebook", rulebook]
    for format in ("json", "csv"):
        assert found[format] == run("estimate", *more, "--format", format).out
    entries = [] if "host_country" in trip else json.loads(found["json"])["estimates"]
    for cells, entry in zip(found["entries"], entries, strict=True):
        settled = f"{entry['amount']} {entry['basis']}" if entry["amount"] else "nothing"
        assert cells[-1].startswith("? ") if entry["outcome"] == "undecided" else cells[-1] == settled
    assert not any(set("█▒") & set(text) for text in texts(found))


PLANS = (
    {**PORTUGAL, "earliest": "2023-04-28", "latest": "2023-05-10"},
    {**PORTUGAL, "earliest": "2023-05-01", "latest": "2023-05-03"},
    {"host_country": "GB", "earliest": "2023-05-01", "latest": "2023-05-13"},
)


@pytest.mark.parametrize("rulebook", RULEBOOKS)
@pytest.mark.parametrize("trip", PLANS)
def test_plan(run: Run, tmp_path: Path, trip: dict[str, str], rulebook: str) -> None:
    """To the byte; a stay that is picked is the calendar file of the command."""
    asked: dict[str, object] = {"trip": trip, "rulebook": rulebook}
    names = {"host_country": "--to", "visitor_country": "--from"}
    more = [part for field, text in trip.items() for part in (names.get(field, f"--{field}"), text)]
    found = reply("plan", asked)
    for format in ("json", "csv"):
        assert found[format] == run("plan", *more, "--rulebook", rulebook, "--format", format).out
    assert len(found["stays"]) == min(found["total"], bridge.MOST_STAYS)
    assert bool(found["why"]) == (found["total"] == 0)
    if found["total"] > 2:
        assert (
            reply("plan", {**asked, "more": True})["json"]
            == run("plan", *more, "--rulebook", rulebook, "--format", "json", "--most", bridge.MORE_STAYS).out
        )
        run("plan", *more, "--rulebook", rulebook, "--pick", "2", "--ics", tmp_path / "visit.ics")
        assert reply("calendar", {**asked, "pick": 2})["ics"] == (tmp_path / "visit.ics").read_bytes()


def test_months_are_those_of_the_command(run: Run) -> None:
    """Each day is in the calendar of the page what it is in that of the command, over the end of a month, too."""
    trip = {**PORTUGAL, "earliest": "2023-04-28", "latest": "2023-05-10"}
    text = run("plan", *(f"--{part}" for part in ("to=PT", "from=RO", "earliest=2023-04-28", "latest=2023-05-10"))).out
    found = reply("months", {"trip": trip, "pick": "1"})
    marks = {"arrival": "> ", "departure": " <", "on site": "[]", "": "  "}
    kinds = {"weekend": "·", "public holiday": "*", "": " "}

    def cell(day: dict[str, Any] | None) -> str:
        if day is None:
            return " " * 5
        left, right = tuple(marks[day["during"]])
        return f"{left}{day['day']:>2}{right}{kinds[day['kind']]}"

    assert [month["title"] for month in found["months"]] == ["April 2023", "May 2023"]
    for month in found["months"]:
        assert f"  {month['title']}\n" in text
        for week in month["weeks"]:
            assert f"  {'  '.join(map(cell, week)).rstrip()}\n" in text
    assert found["holidays"] in text


@pytest.mark.parametrize("stage", ["proposal", "payment"])
def test_template_is_a_workbook(tmp_path: Path, stage: Stage) -> None:
    """It asks for papers where payment is asked about."""
    (tmp_path / "trips.xlsx").write_bytes(reply("template", {"stage": stage})["xlsx"])
    sheet = load_workbook(tmp_path / "trips.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(columns_at(stage))


@pytest.mark.parametrize(
    ("call", "asked", "problems"),
    [
        (
            "check",
            {"trip": {"host_country": "Atlantis", "arrival": "2023-05-20", "departure": "2023-05-14"}},
            ["host_country", "departure"],
        ),
        ("estimate", {"trip": {}, "days": "0"}, ["days"]),
        ("estimate", {"trip": {"arrival": "2023-05-14", "departure": "2023-05-20"}, "days": "5"}, [""]),
        ("plan", {"trip": {"host_country": "Atlantis", "earliest": "2023-05-20"}}, ["host_country", "latest"]),
        ("plan", {"trip": {**PORTUGAL, "earliest": "2023-05-20", "latest": "2023-05-14"}}, ["latest"]),
        ("plan", {"trip": {**PORTUGAL, "earliest": "2023-05-20", "latest": "2025-06-14"}}, ["latest"]),
        ("plan", {"trip": {**PORTUGAL, "earliest": "2023-05-20", "latest": "2023-06-14"}, "days": "five"}, ["days"]),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(call: str, asked: dict[str, object], problems: list[str]) -> None:
    found = reply(call, asked)
    assert [problem["field"] for problem in found["problems"]] == problems
    assert "json" not in found
    assert all(problem["message"].endswith(".") for problem in found["problems"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"", "the table is empty"),
        ("x.csv", b"a,b\n1,2\n", "there is no column host_country"),
        ("-", b"host_country,host_cluster,arrival,departure\n", "only a heading"),
        ("../x.json", b'{"host_country": "PT"}', "x.json: this is the file of one trip, not a table."),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"),
    ],
)
def test_file_that_is_no_table(name: str, content: bytes, message: str) -> None:
    """The sentence says what to do, and names no command."""
    before = os.getcwd()
    (problem,) = reply("table", {}, [(name, content)])["problems"]
    assert message in problem["message"]
    assert no_command(problem["message"])
    assert os.getcwd() == before


def no_command(text: str) -> bool:
    return not re.search(r"(?<![\w-])--[a-z]|\bcxc [a-z]|(?<![\w-])-v\b", text)


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_no_verdict_names_a_command(rulebook: str) -> None:
    """Whatever comes out of the cases, the page says it without an option, a command or the name of a field."""
    shown = [
        text
        for case in cases()
        for text in texts(
            reply(
                "check",
                {
                    "trip": case.trip,
                    "rulebook": rulebook,
                    "strict": case.strict,
                    "stage": "payment" if case.today else "proposal",
                    "today": str(case.today or ""),
                },
            )
        )
    ]
    shown += [
        text
        for trip, days in ESTIMATES
        for text in texts(reply("estimate", {"trip": trip, "days": days, "rulebook": rulebook}))
    ]
    shown += [text for trip in PLANS for text in texts(reply("plan", {"trip": trip, "rulebook": rulebook}))]
    assert len(shown) > 1_000
    assert [text for text in shown if not no_command(text)] == []


def test_countries_and_dates_are_echoed() -> None:
    """With the weekday, and the days on site as soon as there are two dates."""
    trip = {
        "host_country": "Deutschland",
        "arrival": "2023-05-14",
        "departure": "2023-05-19",
        "visitor_country": "Nowhere",
    }
    found = reply("check", {"trip": trip})
    assert found["understood"] == {
        "host_country": "Germany (DE)",
        "arrival": "Sunday 14 May 2023",
        "departure": "Friday 19 May 2023: 4 days on site, 3 of them working days",
    }
    days = {"first_day": "2023-05-15", "last_day": "2023-05-17"}
    assert reply("check", {"trip": days})["understood"]["last_day"] == "Wednesday 17 May 2023: 3 days on site"
    turned = {"first_day": "2023-05-17", "last_day": "2023-05-15"}
    assert reply("check", {"trip": turned})["understood"]["last_day"] == "Monday 15 May 2023"


def test_form_has_every_field() -> None:
    """Each once, whatever the program adds; with a label of its own, and a way to fill it in."""
    about = json.loads(json.dumps(bridge.about()))
    assert {field["name"] for field in about["fields"]} == set(fields.FIELDS)
    assert len({field["label"] for field in about["fields"]}) == len(fields.FIELDS)
    assert {field["group"] for field in about["fields"]} <= {"first", *words.GROUPS}
    for field in about["fields"]:
        assert field["control"] in ("one", "several", "date", "country", "cluster", "number", "text")
        assert bool(field["choices"]) == (field["control"] in ("one", "several")), field
        assert no_command(field["hint"])
    assert {name for pair in about["pairs"] for name in pair["fields"]} == set(fields.PAIRED)
    assert "Portugal" in about["countries"]
    assert {book["value"] for book in about["rulebooks"]} == set(RULEBOOKS)


def test_field_that_has_no_words_yet() -> None:
    """A field and a kind that the page has never seen are offered all the same, by what describes them."""
    listed = fields.Kind(
        as_read=fields.or_null({"type": "array", "items": {"enum": ["boarding-passes", "tickets"]}}), several=True
    )
    field = fields.Field(name="visitor_proofs", kind=listed, meaning="Proofs; with --paid-on.")
    described = bridge._described(field)
    assert described["label"] == "Visitor proofs"
    assert described["control"] == "several"
    assert described["choices"] == [
        {"value": "boarding-passes", "label": "Boarding passes"},
        {"value": "tickets", "label": "Tickets"},
    ]
    assert described["group"] == "visitor"
    assert described["hint"] == ""


def test_words_are_of_what_there_is() -> None:
    """No word is left behind by a field, a choice or a rulebook that went away."""
    about: dict[str, Any] = bridge.about()
    assert set(words.WORDS) <= set(fields.FIELDS)
    assert set(words.PAIRS_IN_WORDS) <= {pair[0] for pair in fields.PAIRS}
    assert set(words.LABELS) <= {choice["value"] for field in about["fields"] for choice in field["choices"]}
    assert set(words.RULEBOOKS) == {book["value"] for book in about["rulebooks"]}


def test_scheme_is_read_once() -> None:
    """A verdict comes while one types, so nothing is read again for it."""
    bridge.scheme_under.cache_clear()
    for _ in range(3):
        reply("check", {"trip": TRIPS[0]})
        reply("estimate", {"trip": {}})
    assert bridge.scheme_under.cache_info().misses == 1
