"""The stage of payment: what is due, what is missing, what was paid already; and that before it nothing changes."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from commands import Run
from jsonschema import Draft202012Validator

import cxc
from cxc.errors import InputError, TripError
from cxc.reports import schema
from cxc.rules import codes_at
from cxc.trip.fields import FIELDS, PAPERS

DUE: dict[str, Any] = {
    "visitor": "Acme",
    "visitor_country": "RO",
    "host_country": "PT",
    "host_cluster": "yes",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
    "registered": "yes",
    "commitment_signed": "2023-05-02",
    "agreement_signed": "2023-05-03",
    "report_validated": "2023-06-12",
    "evidence": "tickets;attendance-list",
}
TODAY = "2023-07-01"
AT_PAYMENT = ("--stage", "payment", "--today", TODAY)
# What no day of papers, and no sum, may be; and what is said of it.
FAULTS = {
    "the report before the last day on site": (
        {"report_validated": "2023-05-18"},
        "report_validated: '2023-05-18' is before the last day on site, '2023-05-19'",
    ),
    "paid before the report": (
        {"paid_on": "2023-06-11"},
        "paid_on: '2023-06-11' is before report_validated, '2023-06-12'",
    ),
    "a sum without its day": ({"paid_eur": "780"}, "paid_on: needed together with paid_eur"),
    "no yes and no no": (
        {"registered": "perhaps"},
        "registered: 'perhaps' is neither yes nor no; leave the field blank if it is not known",
    ),
    "a date in another form": (
        {"commitment_signed": "02.05.2023"},
        "commitment_signed: '02.05.2023' is not a date of the form YYYY-MM-DD, such as 2023-05-14",
    ),
    "no proof": ({"evidence": "photos"}, "evidence: 'photos' is not a known proof; the known ones are boarding-passes"),
    "no sum": (
        {"paid_on": "2023-06-20", "paid_eur": "1.234,50"},
        "paid_eur: '1.234,50' is not an amount in EUR; write it as 780 or 780.00",
    ),
    "too large a sum": (
        {"paid_on": "2023-06-20", "paid_eur": "1000000000,5"},
        "paid_eur: '1000000000,5' is too large an amount; the largest is 999999999 EUR",
    ),
    "a NUL byte": ({"evidence": "tickets\0"}, "evidence: 'tickets' contains a NUL byte"),
}
# What is said of days that were read, and so holds nothing that redaction hides.
OF_DAYS = [said for _, said in FAULTS.values() if " is before " in said or " together with " in said]
# A day after today is a fault only where there is a today.
LATER = {
    field: ({field: "2023-07-02"}, f"{field}: '2023-07-02' is after today, '2023-07-01'")
    for field in ("commitment_signed", "agreement_signed", "report_validated", "paid_on")
} | {
    "approved_on": (
        {"approved": "CXC102", "approved_by": "Ana", "approved_on": "2023-07-02"},
        "approved_on: '2023-07-02' is after today, '2023-07-01'",
    )
}


def table(path: Path, *rows: dict[str, Any]) -> Path:
    """A table of trips, with a column for each field that one of them states."""
    columns = [field for field in (*FIELDS, "expected_outcome") if any(field in row for row in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(("wrong", "said"), [*FAULTS.values(), *LATER.values()], ids=[*FAULTS, *LATER])
def test_a_fault_is_an_error_at_payment(wrong: dict[str, Any], said: str, run: Run, tmp_path: Path) -> None:
    """Of one trip and of a row of a table, as a departure before arrival is."""
    with pytest.raises(TripError) as raised:
        cxc.check(stage="payment", today=cxc_day(TODAY), **{**DUE, **wrong})
    assert said in str(raised.value)
    if "\0" not in str(wrong):
        path = table(tmp_path / "trips.csv", {**DUE, **wrong}, {**DUE, "visitor": "Beta"})
        shown = run("validate", path, *AT_PAYMENT, "--format", "csv")
        rows = [*csv.DictReader(io.StringIO(shown.out))]
        assert (shown.status, [row["outcome"] for row in rows]) == (2, ["unreadable", "eligible"])
        assert said in rows[0]["message"]


@pytest.mark.parametrize(("wrong", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_a_notice_before(wrong: dict[str, Any], said: str, run: Run, tmp_path: Path) -> None:
    """A table that is good today stays good. What cannot be read is null in the verdict."""
    verdict = cxc.check(**{**DUE, **wrong})
    told = [notice for notice in verdict.notices if said in notice]

    assert verdict.outcome == "eligible"
    assert len(told) == 1
    assert told[0].endswith("This changes nothing now. Correct it before the visit is paid.")
    if "\0" not in str(wrong):
        path = table(tmp_path / "trips.csv", {**DUE, **wrong})
        shown = run("validate", path, "--format", "jsonl")
        found = json.loads(shown.out)
        assert (shown.status, found["notices"]) == (0, list(verdict.notices))
        assert [found["trip"][field] for field in wrong if field in ("registered", "evidence")] in ([], [None])
        assert said in run("validate", path, "--format", "csv").out
        redacted = run("validate", path, "--redact", "--format", "csv").out
        assert (said in redacted, "the value cannot be read" in redacted) == (said in OF_DAYS, said not in OF_DAYS)
        assert "This changes nothing now." in redacted


@pytest.mark.parametrize("field", LATER)
def test_before_payment_a_day_may_lie_ahead(field: str) -> None:
    """Nobody knows then what today is."""
    assert not any("after today" in notice for notice in cxc.check(**{**DUE, field: "2199-01-01"}).notices)


def test_what_cannot_be_read_does_not_leave_a_redacted_report(run: Run, tmp_path: Path) -> None:
    """A column of papers may hold a remark, and that a name."""
    path = table(tmp_path / "trips.csv", {**DUE, "registered": "by Maria Pop"})

    for kind in ("csv", "jsonl", "json", "text", "markdown", "html", "github", "junit"):
        assert "Maria" not in run("validate", path, "--redact", "--format", kind).out, kind


def test_a_redacted_report_tells_of_papers_what_is_wrong_with_their_days(run: Run, tmp_path: Path) -> None:
    """Days are not hidden. Nothing that can be read is said to be unreadable."""
    wrong = {"report_validated": "2023-05-18", "paid_eur": "780", "evidence": "seen by Maria Pop"}
    path = table(tmp_path / "trips.csv", {**DUE, **wrong})
    later = "This changes nothing now. Correct it before the visit is paid."

    assert [
        notice
        for notice in json.loads(run("validate", path, "--redact", "--format", "jsonl").out)["notices"]
        if later in notice
    ] == [
        f"evidence: the value cannot be read. {later}",
        f"report_validated: '2023-05-18' is before the last day on site, '2023-05-19'. {later}",
        f"paid_on: needed together with paid_eur. {later}",
    ]


@pytest.mark.parametrize("stage", [(), AT_PAYMENT], ids=["proposal", "payment"])
def test_a_redacted_row_tells_which_days_do_not_go_together(stage: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """As an unredacted one does; a value that cannot be read is withheld."""
    rows: list[dict[str, Any]] = [
        {**DUE, "departure": "2023-05-10"},
        {**DUE, "departure": ""},
        {**DUE, "approved": "CXC102", "approved_by": "Ana"},
        {**DUE, "arrival": "see Maria"},
    ]
    path = table(tmp_path / "trips.csv", *rows)
    lines = run("validate", path, *stage, "--redact", "--format", "jsonl").out.splitlines()
    errors = [json.loads(line)["errors"] for line in lines]

    assert [[error["message"] for error in of_row] for of_row in errors] == [
        ["departure: '2023-05-10' is before arrival, '2023-05-14'"],
        ["departure: needed together with arrival"],
        ["approved_on: needed with approved, to record who approved and when"],
        ["arrival: the value cannot be read (withheld)"],
    ]
    assert [of_row[0]["value"] for of_row in errors] == ["2023-05-10", None, None, None]


def test_a_sum_does_not_lack_a_day_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """The day is stated; it is only not a date."""
    path = table(tmp_path / "trips.csv", {**DUE, "paid_on": "20.06.2023", "paid_eur": "780"})
    found = json.loads(run("validate", path, *AT_PAYMENT, "--format", "jsonl").out)

    (message,) = [error["message"] for error in found["errors"]]
    assert message.startswith("paid_on: '20.06.2023' is not a date of the form YYYY-MM-DD")


def test_at_the_proposal_the_rules_of_payment_are_not_among_the_findings() -> None:
    """At payment they are, in the order of their codes, and the day is told."""
    before, at = cxc.check(**DUE), cxc.check(stage="payment", today=cxc_day(TODAY), **DUE)

    assert tuple(finding.code for finding in before.findings) == codes_at("proposal")
    assert tuple(finding.code for finding in at.findings) == codes_at("payment")
    assert [code for code in codes_at("payment") if code not in codes_at("proposal")] == [
        *("CXC701", "CXC702", "CXC703", "CXC704", "CXC705", "CXC706")
    ]


def test_json_tells_stage_and_day(run: Run, tmp_path: Path) -> None:
    """Of one trip and of a table, valid under the schemas."""
    trip = tmp_path / "trip.json"
    trip.write_text(json.dumps(DUE), encoding="utf-8")
    found = json.loads(run("check", trip, *AT_PAYMENT, "--format", "json").out)
    Draft202012Validator(schema.verdict()).validate(found)
    assert (found["stage"], found["today"], found["outcome"]) == ("payment", TODAY, "eligible")
    before = json.loads(run("check", trip, "--format", "json", "--today", TODAY).out)
    assert (before["stage"], before["today"]) == ("proposal", None)

    path = table(tmp_path / "trips.csv", DUE, {**DUE, "visitor": "Beta", "paid_on": "2023-06-20", "paid_eur": "780"})
    verdicts = json.loads(run("validate", path, *AT_PAYMENT, "--format", "json").out)
    Draft202012Validator(schema.verdicts()).validate(verdicts)
    assert verdicts["verdicts"][1]["trip"]["paid_eur"] == "780.00"
    assert verdicts["summary"]["paid"] == {"trips": 1, "paid_eur": "780.00", "without_amount": 0}
    assert json.loads(run("validate", path, "--format", "json").out)["summary"]["paid"] is None


def test_without_today_it_is_the_day_of_the_clock(run: Run) -> None:
    """A day that is no day is refused."""
    stated = [
        word for field in ("host_country", "host_cluster") for word in (f"--{field.replace('_', '-')}", DUE[field])
    ]
    found = json.loads(run("check", *stated, "--stage", "payment", "--format", "json").out)

    assert found["today"] >= "2026-11-28"
    assert cxc.check(stage="payment", **DUE).verdicts.today is not None
    refused = run("check", *stated, "--stage", "payment", "--today", "1.7.2023")
    assert refused.status == 2
    assert "--today: '1.7.2023' is not a day of the calendar; write it as YYYY-MM-DD" in refused.err
    with pytest.raises(InputError):
        cxc.check(stage="later", **DUE)  # type: ignore[arg-type]


PAID = {**DUE, "visitor": "Paid Ltd", "paid_on": "2023-06-20", "paid_eur": "780"}
LACKING = {**DUE, "visitor": "Lacking Ltd", "evidence": "tickets"}
REFUSED = {**DUE, "visitor": "Refused Ltd", "departure": "2023-05-16"}


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([DUE, PAID], 0),
        ([PAID], 0),
        ([PAID, LACKING], 3),
        ([PAID, REFUSED, LACKING], 1),
        ([{**PAID, "departure": "2023-05-16"}], 0),
        ([{**PAID, "expected_outcome": "not-eligible"}], 0),
        ([{**PAID, "expected_outcome": "eligible"}], 1),
    ],
    ids=["due and paid", "paid", "and lacking", "and refused", "paid wrongly", "expected", "not expected"],
)
def test_what_is_paid_changes_no_status(rows: list[dict[str, Any]], status: int, run: Run, tmp_path: Path) -> None:
    """In a table; a trip on its own that is paid already ends with 1. What a row expects counts as ever."""
    path = table(tmp_path / "trips.csv", *rows)

    assert run("validate", path, *AT_PAYMENT).status == status
    assert run("validate", path, *AT_PAYMENT, "--format", "junit").out.count("<failure") == (status == 1)


def test_paid_alone_ends_with_1(run: Run, tmp_path: Path) -> None:
    """And is a failure for JUnit and an error for GitHub there."""
    trip = tmp_path / "trip.json"
    trip.write_text(json.dumps(PAID), encoding="utf-8")
    shown = run("check", trip, *AT_PAYMENT)

    assert shown.status == 1
    assert "Already paid on 2023-06-20: EUR 780.00, as stated" in shown.out
    assert "Not eligible" not in shown.out
    for form, begins in (("junit", '<failure type="already-paid"'), ("github", "::error file=")):
        written = run("check", trip, *AT_PAYMENT, "--format", form).out
        assert begins in written
        assert "already-paid" in written
        assert "not-eligible" not in written


def test_summary_counts_what_is_due_missing_and_paid(run: Run, tmp_path: Path) -> None:
    """In every format that sums up, and never as refused."""
    path = table(tmp_path / "trips.csv", DUE, PAID, {**PAID, "visitor": "Silent Ltd", "paid_eur": ""}, LACKING, REFUSED)
    line = "5 rows: 1 due, 1 not eligible, 1 not due yet, 2 already paid; EUR 780.00 due; EUR 780.00 paid already"

    text = run("validate", path, *AT_PAYMENT)
    assert line in text.out
    assert "Visits that are paid, without what was paid (paid_eur): 1." in text.out
    assert "1 × evidence" in text.out
    assert "CXC706" not in text.out
    markdown, page = (run("validate", path, *AT_PAYMENT, "--format", kind).out for kind in ("markdown", "html"))
    assert "| – already paid | 2 |" in markdown
    assert "Paid already: **EUR 780.00**" in markdown
    assert "<strong>2</strong> – already paid" in page
    assert 'data-outcome="paid"' in page
    assert run("validate", path, *AT_PAYMENT, "-q").out.startswith(line)
    assert "due" not in run("validate", path).out.splitlines()[-2]


@pytest.mark.parametrize(
    ("wrongly", "count"),
    [
        ({}, 0),
        ({"evidence": "tickets"}, 0),  # papers that lack are no reason to have it back
        ({"departure": "2023-05-16"}, 1),
        ({"host_country": "NO"}, 1),
    ],
    ids=["rightly", "papers lack", "too short", "not taking part"],
)
def test_summary_counts_what_was_paid_though_a_rule_refuses_it(
    wrongly: dict[str, str], count: int, run: Run, tmp_path: Path
) -> None:
    """Nothing else of it is said outside its row: it is counted as paid, and changes no status."""
    path = table(tmp_path / "trips.csv", DUE, {**PAID, **wrongly})
    said = f"Visits that are paid, though another rule refuses them: {count}. Check each."

    for kind in ("text", "markdown", "html", "json"):
        assert (said in run("validate", path, *AT_PAYMENT, "--format", kind).out) == bool(count)


def test_a_paid_visit_uses_up_the_one_visit(run: Run, tmp_path: Path) -> None:
    """So does one that still lacks papers, at both stages; a refused one does not."""
    later = {"arrival": "2023-06-04", "departure": "2023-06-10", "report_validated": "2023-06-20"}
    for first, outcome in ((PAID, "fail"), (LACKING, "fail"), (REFUSED, "pass")):
        path = table(tmp_path / "trips.csv", first, {**DUE, **later, "visitor": first["visitor"]})
        for stage in (AT_PAYMENT, ()):
            lines = run("validate", path, *stage, "--history", history(tmp_path), "--format", "jsonl").out
            second = json.loads(lines.splitlines()[1])
            assert [one["outcome"] for one in second["findings"] if one["code"] == "CXC303"] == [outcome]


def history(folder: Path) -> Path:
    """An empty history, under which a first visit is not assumed."""
    path = folder / "history.csv"
    path.write_text("visitor,visitor_id,visitor_country,arrival\n", encoding="utf-8")
    return path


def test_a_notice_stands_on_the_line_of_its_field(run: Run, tmp_path: Path) -> None:
    """Before payment a column that cannot be read; at payment a sum that is not the amount."""
    trip = tmp_path / "trip.yaml"
    lines = [f"{field}: {value}" for field, value in {**DUE, "registered": "perhaps"}.items()]
    trip.write_text("\n".join(lines), encoding="utf-8")
    found = run("check", trip, "--format", "github").out
    assert f"line={1 + list(DUE).index('registered')}," in found
    trip.write_text(
        "\n".join(lines).replace("perhaps", "yes") + "\npaid_on: 2023-06-20\npaid_eur: 700\n", encoding="utf-8"
    )
    assert (
        "paid_eur"
        in cxc.check(stage="payment", today=cxc_day(TODAY), **DUE, paid_on="2023-06-20", paid_eur=700).fields_noted
    )


def test_a_budget_bears_what_was_paid(run: Run, tmp_path: Path) -> None:
    """As stated, or else as reckoned."""
    for eur in ("780", ""):
        path = table(tmp_path / "trips.csv", {**PAID, "paid_eur": eur}, DUE)
        assert (
            "The budget of EUR 1500.00 is exceeded from" in run("validate", path, *AT_PAYMENT, "--budget", "1500").out
        )
        assert "is exceeded" not in run("validate", path, *AT_PAYMENT, "--budget", "1560").out


def test_a_visit_that_took_place_is_not_told_to_move() -> None:
    """Other dates or another host are no way out any more."""
    verdict = cxc.check(stage="payment", today=cxc_day(TODAY), **{**DUE, "departure": "2023-05-16"})
    from cxc.advice.remedies import remedies

    assert remedies(verdict)["CXC201"] == (
        "If what is stated is wrong, correct it. If it is right, this visit must not be paid."
    )


def test_an_approval_for_payment_is_no_idle_one_before() -> None:
    """It may be stated early."""
    approved: dict[str, Any] = {"approved": "CXC702", "approved_by": "Ana", "approved_on": "2023-05-01"}

    assert not any("changes nothing" in notice for notice in cxc.check(**DUE, **approved).notices)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_template_has_the_columns_of_its_stage(kind: str, run: Run, tmp_path: Path) -> None:
    """The example row is due."""
    file = tmp_path / f"trips.{kind}"
    run("template", "--stage", "payment", "-o", file)
    found = json.loads(run("validate", file, *AT_PAYMENT, "--format", "jsonl").out)

    assert found["outcome"] == "eligible"
    assert all(found["trip"][field] for field in PAPERS if not field.startswith("paid"))
    assert not {*PAPERS}.intersection(run("template").out.splitlines()[0].split(","))


def cxc_day(text: str) -> Any:
    """A day."""
    import datetime

    return datetime.date.fromisoformat(text)
