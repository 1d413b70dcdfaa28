"""What is said of a row and of a table, in every format: approvals, copies, assumptions, expectations, names."""

import datetime
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from commands import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import cxc
from cxc.reports import schema
from cxc.reports.formats import FORMATS

HEAD = "reference,visitor,visitor_id,visitor_country,host,host_country,host_cluster,arrival,departure"
GOOD = "A1,Acme,RO1,RO,Lab,PT,Biotecyl,2023-05-14,2023-05-20"


def write(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join((head, *rows, "")), encoding="utf-8")
    return path


def json_rows(run: Run, *arguments: object) -> list[dict[str, Any]]:
    """The rows as `--format jsonl` has them."""
    return [json.loads(line) for line in run("validate", *arguments, "--format", "jsonl").out.splitlines()]


def finding(row: dict[str, Any], code: str) -> dict[str, Any]:
    """What one rule found of a row."""
    found: dict[str, Any] = next(found for found in row["findings"] if found["code"] == code)
    return found


@pytest.mark.parametrize(
    ("stated", "code", "unclear"),
    [
        (["--visitor-type", "university"], "CXC301", "The scheme's sources do not say clearly whether a university may visit"),
        (["--from", "UK"], "CXC101", "The United Kingdom was a member state"),
        (["--activity", "other"], "CXC501", "Not on the list of activities: other."),
        (["--host-type", "sme", "--host-cluster", "none", "--rulebook", str(Path(__file__).parent / "rulebooks" / "sme-may-host.yaml")],
         "CXC402", "The host is not a member of a cluster. It is not clear whether an SME may host without being one."),
    ],
    ids=str,
)  # fmt: skip
def test_an_approved_finding_says_what_was_unclear(run: Run, stated: list[str], code: str, unclear: str) -> None:
    """Whoever approved has asked already: the finding says who it was, when, and about what."""
    trip = ["check", "--no-ask", "--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20", "--format=json"]
    trip += [] if "--host-cluster" in stated else ["--host-cluster", "yes"]
    approval = ["--approved", code, "--approved-by", "Ana", "--approved-on", "2023-04-01"]
    before, after = (finding(json.loads(run(*trip, *stated, *more).out), code) for more in ([], approval))

    assert before["outcome"] == "unknown"
    assert "Ask the partnership" in before["message"]
    assert after["outcome"] == "pass"
    assert after["message"].startswith(f"Approved by Ana on 2023-04-01. What was unclear: {unclear}")
    assert "Ask the partnership" not in after["message"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "trip", ["PT,yes,2023-05-14,2023-05-20", "NO,yes,2023-05-14,2023-05-20", "PT,,2023-05-14,2023-05-20"], ids=str
)
def test_an_approval_without_effect_is_told(run: Run, tmp_path: Path, form: str, trip: str) -> None:
    """Whatever the outcome of the row, and also where the row is good and nothing else would be said of it."""
    head = "host_country,host_cluster,arrival,departure,approved,approved_by,approved_on"
    path = write(tmp_path / "trips.csv", f"{trip},CXC501;CXC301,Ana,2023-01-01", head=head)
    said = "The approval of CXC301 and CXC501 changes nothing"

    for more in ([], ["--redact"]):
        assert run("validate", path, "--format", form, *more).out.replace("\n", " ").count(said) == 1
    alone = ["check", "--no-ask", "--arrival", "2023-05-14", "--departure", "2023-05-20", "--format", form]
    alone += ["--approved=CXC501;CXC301", "--approved-by=Ana", "--approved-on=2023-01-01", "--to", trip[:2]]
    assert run(*alone, "--host-cluster", trip.split(",")[1]).out.count(said) == 1


def test_a_second_copy_of_a_row_is_to_be_deleted(run: Run, tmp_path: Path) -> None:
    """No other visitor is needed: one of the two rows is. An undecided copy is told the same."""
    undecided = GOOD.replace("Acme,RO1", "Beta,RO2").replace("Biotecyl", "")
    path = write(tmp_path / "trips.csv", GOOD, GOOD.replace("A1", "A2"), undecided, undecided)
    first, copy, open_one, open_copy = json_rows(run, path)

    assert (first["outcome"], copy["outcome"], open_copy["outcome"]) == ("eligible", "not-eligible", "undecided")
    for row, before, outcome in ((copy, 2, "fail"), (open_copy, 4, "unknown")):
        found = finding(row, "CXC303")
        assert (found["outcome"], found["remedy"]) == (outcome, "Delete one of the two rows.")
        assert row["earlier_visits"][0]["row"] == before
        assert row["table_notices"] == [f"The same trip is in {path}, row {before}."]
    assert finding(open_one, "CXC303")["outcome"] == "assumed"
    for form in ("text", "markdown", "html", "github", "junit"):
        for more in ([], ["--redact"]):
            shown = run("validate", path, "--format", form, *more).out
            assert "Delete one of the two rows." in shown, form
            assert "has not visited before" not in shown, form
    assert run("validate", path, "--format", "csv").out.count("The same trip is in another row") == 2
    both = [json.loads(line) for line in run("validate", path, "--redact", "--format", "jsonl").out.splitlines()]
    assert [row["findings"] for row in both] == [row["findings"] for row in json_rows(run, path)]


def test_a_copy_of_a_trip_that_another_visit_forbids(run: Run, tmp_path: Path) -> None:
    """To delete a copy mends nothing where an earlier visit stands in the way of both."""
    earlier = GOOD.replace("2023-05", "2023-03")
    path = write(tmp_path / "trips.csv", GOOD, GOOD, earlier)
    _, copy, _ = json_rows(run, path)

    assert finding(copy, "CXC303")["remedy"] == "Choose a visitor that has not visited before."
    assert copy["table_notices"] == [f"The same trip is in {path}, row 2."]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 2, 3, 7, 30, 400, 2_000])), max_size=30))
def test_trips_that_overlap_are_those_that_share_a_day_on_site(trips: list[tuple[int, int]]) -> None:
    """Of the rows above the first three are told, as a look at each of them finds."""
    base, day = datetime.date(2023, 5, 1), datetime.timedelta(1)
    stays = [(base + begin * day, base + (begin + nights) * day) for begin, nights in trips]
    rows = [
        {
            "visitor_id": "RO1",
            "host_country": "PT",
            "host": f"Host {number}",
            "arrival": arrival,
            "departure": departure,
        }
        for number, (arrival, departure) in enumerate(stays)
    ]
    on_site = [set(range(begin + 1, begin + nights)) for begin, nights in trips]
    for number, row in enumerate(cxc.check_rows(rows)):
        above = [other + 2 for other in range(number) if on_site[other] & on_site[number]]
        told = [int(notice.rpartition(" ")[2].rstrip(".")) for notice in row.notices if "overlaps" in notice]
        assert told == above[:3]


NOBODY = [
    "A1,,,RO,Lab,PT,yes,2023-05-14,2023-05-20,",
    "A2,Acme,,,Lab,PT,yes,2023-05-14,2023-05-20,",
    "A3,Acme, ,RO,Lab,PT,yes,2023-05-14,2023-05-20,",
    "A4,,RO7,,Lab,NO,yes,2023-05-14,2023-05-20,",
    "A5,,,RO,Lab,NO,yes,2023-05-14,2023-05-20",
    "A6,,,RO,Lab,Atlantis,yes,2023-05-14,2023-05-20",
    ",,,RO,,PT,yes,2023-05-14,2023-05-20,,too,many",
    ",\u200b,,RO,,PT,yes,2023-05-14,2023-05-20,",
    "A9,Beta,,RO,Lab,PT,,2023-05-14,2023-05-20",
]


@pytest.mark.parametrize("history", [[], ["--history"]], ids=["no history", "history"])
def test_who_is_not_named_is_counted(run: Run, tmp_path: Path, history: list[str]) -> None:
    """The summary tells for how many rows once-only was not checked, and how many rest on assumptions."""
    path = write(tmp_path / "trips.csv", *NOBODY, head=f"{HEAD},activity")
    earlier = tmp_path / "history.csv"
    earlier.write_text("visitor_id\nRO99\n", encoding="utf-8")
    options = [*history, earlier] if history else []
    told = (
        "Rows that state neither visitor_id nor visitor together with visitor_country: 4. For these it was not checked "
        "whether the visitor has visited before. State one of the two.",
        "Rows that rest on assumptions: 5",
    )

    for form in ("text", "markdown", "html"):
        for more in ([], ["--redact"], ["-q"]):
            shown = run("validate", path, *options, "--format", form, *more).out.replace("\\", "")
            assert all(said in shown for said in told), form
    found = json.loads(run("validate", path, *options, "--format", "json").out)
    Draft202012Validator(schema.verdicts()).validate(found)
    summary = found["summary"]
    assert (summary["nobody_named"], summary["assuming"]) == (4, 5)
    named = write(tmp_path / "named.csv", GOOD)
    assert "name no visitor" not in run("validate", named).out


def test_assumptions_of_a_row(run: Run, tmp_path: Path) -> None:
    """`-v` lists what was assumed of each row; without it the row stays short."""
    path = write(tmp_path / "trips.csv", GOOD, GOOD.replace("PT", "NO").replace("RO1", "RO2"))
    rows = json_rows(run, path)
    blocks = run("validate", path, "-v").out.split("\n\n")

    for row, line in zip(rows, blocks, strict=False):
        assert row["assumptions"]
        for assumption in row["assumptions"]:
            assert assumption[1:].rstrip(".") in line
    assert "Assumed" not in run("validate", path).out


UNREADABLE = "A4,Delta | <b>Co</b>,RO4,RO,Lab,Atlantis,yes,2023-05-14,2023-05-20"


def test_an_unreadable_row_keeps_its_names(run: Run, tmp_path: Path) -> None:
    """Who has to be asked is known, though the row cannot be judged; --redact leaves it out."""
    long = f"A5,{'x' * 500},,,,Atlantis"
    path = write(tmp_path / "trips.csv", GOOD, UNREADABLE, long)
    for form in ("text", "html", "junit", "markdown", "github"):
        shown = run("validate", path, "--format", form).out
        plain = shown.replace("\\", "").replace("&lt;", "<").replace("&gt;", ">")
        assert "A4: Delta | <b>Co</b> → Lab" in plain, form
        assert f"A5: {'x' * 120}…" in shown, form
        assert "x" * 121 not in shown, form
        redacted = run("validate", path, "--redact", "--format", form).out
        assert not any(name in redacted for name in ("A4", "Delta", "Lab", "xxx")), form
    (row,) = cxc.check_rows([{"reference": "A6", "visitor": "Acme", "host_country": "PT", "travellers": True}])
    assert (row.outcome, row.names) == ("unreadable", ("A6", "Acme", ""))


def test_a_row_that_misses_its_expectation_is_marked(run: Run, tmp_path: Path) -> None:
    """Eligible or not, it is nowhere shown as good: not in green, not with the mark of an eligible row."""
    head = f"{HEAD},expected_outcome,expected_eur"
    missed = [f"{GOOD},not-eligible,", f"{GOOD.replace('RO1', 'RO2').replace('Acme', 'Beta')},eligible,390"]
    path = write(tmp_path / "trips.csv", *missed, head=head)
    words = "✘ eligible, not as expected"

    coloured = run("validate", path, "--color", "always").out.split("\n\n")[:2]
    assert all(f"\x1b[1;31m{words}\x1b[0m EUR 780.00" in line for line in coloured)
    assert run("validate", path).out.count(f"{words} EUR 780.00") == 2
    assert run("validate", path, "--format", "markdown").out.count(f"| {words} |") == 2
    page = run("validate", path, "--format", "html").out
    assert page.count(f' class="outcome">{words}</td>') == 2
    assert page.count('<tr class="trip unexpected" data-outcome="eligible"') == 2
    assert 'class="trip eligible' not in page
    cases = ET.fromstring(run("validate", path, "--format", "junit").out.encode())[0]
    assert [[child.tag, child.get("type")] for case in cases for child in case] == [["failure", "not-as-expected"]] * 2
    assert run("validate", path, "--format", "github").out.count("not as expected") == 2
    assert run("validate", path, "--format", "csv").out.count("Not as expected: expected") == 2
    rows = json_rows(run, path)
    assert [row["expectation"]["mismatch"] for row in rows] == [
        "expected not-eligible, found eligible",
        "expected EUR 390.00, found EUR 780.00",
    ]


def test_a_page_keeps_ways_out_apart_and_sums_whole(run: Run, tmp_path: Path) -> None:
    """Each way out is a paragraph; no line ends within a sum, which is misread then."""
    head, dates = (
        "reference,visitor,visitor_id,visitor_country,host_country,host_cluster,arrival,departure",
        "2023-05-14",
    )
    rows = [f"A{n},Acme {n},RO{n},RO,DK,yes,{dates},2023-05-20" for n in range(2)] + [
        f"B,B,RO9,RO,GB,none,{dates},2023-05-19"
    ]
    page = run("validate", write(tmp_path / "trips.csv", *rows, head=head), "--format", "html").out

    ways = re.findall(r'<p class="todo">(.*?)</p>', page)
    assert len(ways) > 2
    assert all(way.startswith("→ ") and way.count("→") == 1 for way in ways)
    assert "<strong>EUR 2\u00a0200.00</strong> payable" in page
    assert page.count("2 200.00") == 0


TRIP = {
    "visitor_type": "sme",
    "visitor_cluster": "yes",
    "travellers": "1",
    "host_country": "PT",
    "host_type": "sme",
    "host_cluster": "yes",
    "visitor_id": "RO1",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
    "visitor_country": "RO",
}


@pytest.mark.parametrize("kind", ["yaml", "json"])
@pytest.mark.parametrize(
    ("changed", "options", "field"),
    [
        ({"departure": "2023-05-16"}, [], "departure"),
        ({"host_country": "NO"}, [], "host_country"),
        ({"visitor_country": "US"}, [], "visitor_country"),
        ({"visitor_cluster": "none"}, [], "visitor_cluster"),
        ({"host_cluster": None}, [], None),
        ({"travellers": "2"}, [], "travellers"),
        ({"travellers": "2"}, ["--travellers=3"], None),
        ({"visitor_type": "large-company"}, [], "visitor_type"),
        ({"third_country_national": "yes", "residence_days": "90", "business_there": "yes"}, [], "residence_days"),
        ({"third_country_national": "yes", "residence_days": "200", "business_there": "no"}, [], "business_there"),
        ({"activity": "other"}, [], "activity"),
        ({}, ["--history", "history.csv"], "visitor_id"),
        ({"approved": "CXC301", "approved_by": "Ana", "approved_on": "2023-01-01"}, [], "approved"),
        ({"arrival": "2019-05-14", "departure": "2019-05-20"}, [], "host_country"),
    ],
    ids=str,
)
def test_a_trip_file_is_told_by_the_line_that_decides(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    changed: dict[str, str | None],
    options: list[str],
    field: str | None,
) -> None:
    """It is no row of a table: an annotation stands on the field that decides, or on the first line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "history.csv").write_text("visitor_id\nRO1\n", encoding="utf-8")
    stated = {name: value for name, value in {**TRIP, **changed}.items() if value is not None}
    path = tmp_path / f"trip.{kind}"
    written = json.dumps(stated, indent=1) if kind == "json" else "\n".join(f"{n}: {v}" for n, v in stated.items())
    path.write_text(f"\n\n{written}\n", encoding="utf-8")
    line = 1 if field is None else 3 + list(stated).index(field) + (kind == "json")

    shown = run("check", path, "--format", "github", *options).out
    assert f"file={path},line={line},title=" in shown.replace("%3A", ":")
    assert "title=Row" not in shown
    suites = ET.fromstring(run("check", path, "--format", "junit", *options).out.encode())
    (case,) = suites[0]
    assert " → " in str(case.get("name"))
    assert "row" not in str(case.get("name"))
    if "approved" not in changed:
        assert f": line {line}: " in f": {case[0].get('message')}"


def test_a_trip_by_options_has_no_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor has one from standard input: there is no file to point at."""
    shown = run("check", "--no-ask", "--to", "NO", "--format", "github").out
    assert shown.startswith("::error title=not-eligible CXC102::")
    (case,) = ET.fromstring(run("check", "--no-ask", "--reference", "A1", "--format", "junit").out.encode())[0]
    assert case.get("name") == "A1"
    (case,) = ET.fromstring(run("check", "--no-ask", "--format", "junit").out.encode())[0]
    assert case.get("name") == "options"
    assert "line" not in str(case[0].get("message"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"host_country: NO\n")))
    assert run("check", "-", "--format", "github").out.startswith("::error title=not-eligible CXC102::")
