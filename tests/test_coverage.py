"""`cxc validate --coverage`: what a table of cases saw each rule find, and what no row of it saw."""

import datetime
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from commands import Run
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openpyxl import Workbook
from strategies import rulebooks, trips
from test_cases import DOMAINS, possible

from cxc.reports.coverage import WITHOUT_HISTORY, in_words
from cxc.reports.schema import SCHEMAS
from cxc.rules import RULES, Answer, Rule
from cxc.scheme.loading import Scheme, load_scheme
from cxc.tables.coverage import Coverage, RuleSeen
from cxc.tables.possible_outcomes import possible_outcomes
from cxc.trip.reader import TripReader
from cxc.verdict import Verdicts
from cxc.visits import Recollection

SCHEMES = {name: load_scheme(name) for name in ("medic-nest", "eccp")}
# What each rule can find under medic-nest, in the order of the codes, as the scheme's words have it.
UNDER_MEDIC_NEST = {
    "CXC101": "pass fail unknown assumed",  # unknown: the United Kingdom
    "CXC102": "pass fail unknown",
    "CXC103": "pass fail unknown assumed",
    "CXC201": "pass fail unknown",
    "CXC202": "pass fail unknown",
    "CXC301": "pass fail unknown assumed",  # unknown: a university may perhaps visit
    "CXC302": "pass fail unknown assumed not-applicable",  # not applicable: a large company may not visit at all
    "CXC303": "pass fail unknown assumed",
    "CXC304": "pass fail assumed",
    "CXC305": "pass fail unknown assumed",
    "CXC401": "pass assumed",  # every type may host
    "CXC402": "pass fail unknown",
    "CXC501": "pass unknown assumed",
    "CXC601": "pass unknown",
    "CXC602": "applies not-applicable unknown",
    "CXC603": "applies not-applicable unknown assumed",
}
UNDER_ECCP = {
    **UNDER_MEDIC_NEST,
    "CXC304": "not-applicable",  # it sets no number
    "CXC602": "applies not-applicable unknown pass",  # pass: the partnership has counted days that no table has
}
HEAD = "reference,host_country,host_cluster,arrival,departure,travellers,visitor_country,expected_outcome,expected_eur"
ROWS = (
    "a,PT,yes,2023-05-14,2023-05-20,1,RO,eligible,780",
    "b,NO,yes,2023-05-14,2023-05-20,,RO,not-eligible,",
    "c,PT,,2023-05-14,2023-05-20,,RO,undecided,",
    "d,PT,yes,2023-05-14,2023-05-xx,,RO,unreadable,",
    "e,GB,yes,2023-05-14,2023-05-20,,RO,,",
)


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return path


@cache
def can(code: str, scheme: Scheme, *, strict: bool = False) -> frozenset[str]:
    (rule,) = [rule for rule in RULES if rule.code == code]
    return possible_outcomes(rule, scheme, strict=strict)


@pytest.mark.parametrize(("rulebook", "expected"), [("medic-nest", UNDER_MEDIC_NEST), ("eccp", UNDER_ECCP)])
def test_what_each_rule_can_find(rulebook: str, expected: dict[str, str]) -> None:
    """Under each shipped rulebook; with --strict what would be assumed is unknown."""
    scheme = SCHEMES[rulebook]

    assert {code: can(code, scheme) for code in expected} == {code: {*said.split()} for code, said in expected.items()}
    assert {code: can(code, scheme, strict=True) for code in expected} == {
        code: {*said.replace("assumed", "unknown").split()} for code, said in expected.items()
    }


def test_a_rulebook_of_ones_own_decides_what_can_be_found(tmp_path: Path) -> None:
    """A type that may not host makes CXC401 fail; a table of one country asks nothing about the United Kingdom."""
    book, table = tmp_path / "ours.yaml", tmp_path / "countries.yaml"
    book.write_text(
        "rulebook: ours\nextends: eccp\nmay_host: {types: {sme: no, fab-lab: ask}, sources: [S5], checked: 2026-11-23}\n"
        "limits: {travellers_at_most: {value: 3, sources: [S5], checked: 2026-11-23}}\n"
    )
    table.write_text("countries:\n  PT: {name: Portugal, status: eu-member, sources: [S4], checked: 2026-11-23}\n")
    scheme = load_scheme(str(book), str(table))

    assert can("CXC401", scheme) == {"pass", "fail", "unknown", "assumed"}
    assert can("CXC402", scheme) == {"pass", "fail", "unknown", "not-applicable"}
    assert can("CXC304", scheme) == {"pass", "fail", "assumed"}
    assert can("CXC101", scheme) == {"pass", "fail", "assumed"}
    assert can("CXC601", scheme) == {"unknown"}


def test_nothing_that_a_rule_can_find_is_left_out() -> None:
    """Under all rulebooks together a rule finds what it finds over the whole domain that the cases are held against."""
    for rule in RULES:
        limits = {name: DOMAINS[name] for name in rule.reads if name in SCHEMES["eccp"].rulebook.limits}
        under_these = can(rule.code, SCHEMES["medic-nest"]) | can(rule.code, SCHEMES["eccp"])

        assert under_these <= possible(rule), rule.code
        if not limits.keys() & {"may_visit", "may_host"}:  # with permissions that neither gives
            assert under_these == possible(rule), rule.code


@given(trips(), rulebooks, st.booleans(), st.sampled_from(DOMAINS["earlier_visits"]))
def test_no_rule_finds_what_it_cannot(stated: dict[str, Any], rulebook: str, strict: bool, earlier: Any) -> None:
    """Whatever the trip, each finding is one of those that its rule is said to be able to find."""
    scheme = SCHEMES[rulebook]
    verdict = Verdicts(scheme, strict=strict)(TripReader(scheme.countries).read(stated), Recollection(earlier))

    for finding in verdict.findings:
        assert finding.outcome in can(finding.code, scheme, strict=strict), finding


def test_a_rule_of_days() -> None:
    """Days on both sides of one another, and one that is not stated, as a rule on papers may ask of them."""

    def signed(signed_on: "datetime.date | None", arrival: "datetime.date") -> Answer:
        if signed_on is None:
            return Answer("unknown", "")
        return Answer("pass" if signed_on < arrival else "fail" if signed_on > arrival else "applies", "")

    rule = Rule("CXC999", "signed", signed, {})
    assert possible_outcomes(rule, SCHEMES["eccp"], strict=False) == {"unknown", "pass", "fail", "applies"}


def test_text(run: Run, tmp_path: Path) -> None:
    """Behind the usual report: a line for each rule, which rows count, and one sentence on what none of them saw."""
    path = write(tmp_path / "cases.csv", *ROWS)
    usual = run("validate", path)
    found = run("validate", path, "--coverage")

    assert found.status == usual.status == 3  # of the row that expects nothing
    assert (
        found.out
        == usual.out
        + """
What 3 rows saw each rule find, by the rulebook medic-nest
  rule                          pass  fail  unknown assumed applies not appl.
  CXC101 visitor-country        3     never never   never   -       -
  CXC102 host-country           2     1     never   -       -       -
  CXC103 abroad                 3     never never   never   -       -
  CXC201 shortest-stay          3     never never   -       -       -
  CXC202 longest-stay           3     never never   -       -       -
  CXC301 visitor-type           never never never   3       -       -
  CXC302 visitor-membership     never never never   3       -       never
  CXC303 one-visit              never never never   3       -       -
  CXC304 one-person             1     never -       2       -       -
  CXC305 third-country-national never never never   3       -       -
  CXC401 host-type              never -     -       3       -       -
  CXC402 host-membership        2     never 1       -       -       -
  CXC501 activity               never -     never   3       -       -
  CXC601 lump-sum               2     -     1       -       -       -
  CXC602 half-for-short-stay    -     -     never   -       never   3
  CXC603 half-for-near-host     -     -     never   never   never   3

-: the rule can never find this under this rulebook.
Not counted: 2 rows without an expectation (expected_outcome, expected_eur), or that cannot be read.
A first visit makes CXC303 pass only with --history, which may be a file with nothing but a heading.
No row makes CXC101 fail, stay unknown or rest on an assumption; CXC102 stay unknown; CXC103 fail, stay unknown or rest on an assumption; CXC201 fail or stay unknown; CXC202 fail or stay unknown; CXC301 pass, fail or stay unknown; CXC302 pass, fail, stay unknown or not apply; CXC303 pass, fail or stay unknown; CXC304 fail; CXC305 pass, fail or stay unknown; CXC401 pass; CXC402 fail; CXC501 pass or stay unknown; CXC602 stay unknown or apply; CXC603 stay unknown, rest on an assumption or apply.
"""
    )


def seen(**rows: int) -> RuleSeen:
    return RuleSeen("CXC304", "one-person", rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "last"),
    [
        ([seen(**{"pass": 1, "fail": 0})], "No row makes CXC304 fail."),
        ([seen(**{"pass": 0, "fail": 0})], "No row makes CXC304 pass or fail."),
        ([seen(**{"applies": 0}), seen(**{"not-applicable": 0})], "No row makes CXC304 apply; CXC304 not apply."),
        ([seen(**{"pass": 1, "fail": 2})], "Everything that a rule can find under this rulebook was seen."),
    ],
)  # fmt: skip
def test_the_sentence_at_the_end(rules: list[RuleSeen], last: str) -> None:
    """Plain words for what was never seen."""
    coverage = Coverage()
    coverage.rows = 3

    assert in_words(coverage, rules)[-1] == last
    assert not any(said.startswith("Not counted") for said in in_words(coverage, rules))


def test_without_expectations_nothing_counts(run: Run, tmp_path: Path) -> None:
    """Nobody said what must come out, so nothing was tested."""
    found = run("validate", write(tmp_path / "cases.csv", ROWS[4]), "--coverage", "-q")

    assert found.status == 3
    assert found.out.endswith(
        "No row says what it expects, so none was counted. State it in the column expected_outcome.\n"
    )
    assert "What 0 rows saw" in found.out


def coverage_of(run: Run, *arguments: object) -> dict[str, Any]:
    """The coverage as JSON, valid under the schema that is printed for it."""
    document: dict[str, Any] = json.loads(run("validate", *arguments, "--coverage", "--format", "json").out)
    Draft202012Validator(json.loads(run("schema", "coverage").out)).validate(document)
    return document


def test_json(run: Run, tmp_path: Path) -> None:
    """Counts of what can be found, null for what cannot, and what was never seen."""
    document = coverage_of(run, write(tmp_path / "cases.csv", *ROWS))
    rules = {rule["code"]: rule for rule in document["rules"]}

    assert list(rules) == list(UNDER_MEDIC_NEST)
    assert (document["rulebook"], document["strict"], document["complete"]) == ("medic-nest", False, False)
    assert (document["rows"], document["other_rows"]) == (3, 2)
    assert rules["CXC304"] == {
        "code": "CXC304",
        "name": "one-person",
        "rows": {"pass": 1, "fail": 0, "unknown": None, "assumed": 2, "applies": None, "not-applicable": None},
        "never": ["fail"],
    }
    assert run("validate", tmp_path / "cases.csv", "--coverage", "--format", "json").status == 3


def test_rulebooks_and_strict(run: Run, tmp_path: Path) -> None:
    """What can be found, and is found, under another rulebook and where nothing is assumed."""
    path = write(tmp_path / "cases.csv", *ROWS)
    own = Path(__file__).parent / "rulebooks" / "no-large-hosts.yaml"
    under_eccp, under_own = coverage_of(run, path, "--rulebook", "eccp"), coverage_of(run, path, "--rulebook", own)
    strict = coverage_of(run, path, "--strict")

    def rows(document: dict[str, Any], code: str) -> dict[str, int | None]:
        (found,) = [rule["rows"] for rule in document["rules"] if rule["code"] == code]
        return {outcome: count for outcome, count in found.items() if count is not None}

    assert rows(under_eccp, "CXC304") == {"not-applicable": 3}
    assert rows(under_own, "CXC401") == {"pass": 0, "fail": 0, "assumed": 3}
    assert under_own["rulebook"] == "no-large-hosts"
    assert rows(strict, "CXC304") == {"pass": 1, "fail": 0, "unknown": 2}
    assert strict["strict"] is True


def test_the_rules_are_those_of_the_stage(run: Run, tmp_path: Path) -> None:
    """The rules on papers are asked for payment alone, and covered as the others are."""
    path = tmp_path / "cases.csv"
    path.write_text(
        f"{HEAD},registered,paid_on,report_validated\n{ROWS[0]},no,,\n{ROWS[0]},yes,2023-07-01,2023-06-01\n",
        encoding="utf-8",
    )
    asked = (path, "--stage", "payment", "--today", "2023-08-01")
    document = coverage_of(run, *asked)
    rules = {rule["code"]: rule for rule in document["rules"]}

    assert (document["stage"], document["rows"]) == ("payment", 2)
    assert coverage_of(run, path)["stage"] == "proposal"
    assert [*rules] == [rule.code for rule in RULES]
    assert rules["CXC701"]["never"] == ["unknown"]
    assert rules["CXC702"]["never"] == ["pass"]
    assert rules["CXC704"]["never"] == []
    assert rules["CXC706"]["rows"] == {
        "pass": 1, "fail": 1, "unknown": None, "assumed": None, "applies": None, "not-applicable": None
    }  # fmt: skip
    assert "CXC705 pass" in run("validate", *asked, "--coverage").out


def test_several_files_and_workbooks(run: Run, tmp_path: Path) -> None:
    """All tables together; each row counts once."""
    first, second = write(tmp_path / "one.csv", *ROWS[:2]), tmp_path / "two.xlsx"
    book = Workbook()
    assert book.active is not None
    for row in (HEAD, *ROWS[2:]):
        book.active.append(row.split(","))
    book.save(second)
    together = coverage_of(run, first, second)
    alone = coverage_of(run, write(tmp_path / "all.csv", *ROWS))

    assert together == alone


def test_counts_are_those_of_the_verdicts(run: Run, tmp_path: Path) -> None:
    """Row by row, as --format jsonl has the findings: with visits held against one another, approvals, and mismatches."""
    head = f"{HEAD},visitor_id,activity,approved,approved_by,approved_on"
    cells = (
        "PT,yes,2023-05-14,2023-05-20,1,RO,eligible,,RO1,other,CXC501,Ana,2023-01-09",
        "PT,yes,2023-06-14,2023-06-20,1,RO,not-eligible,,RO1,fair,,,",
        "PT,yes,2023-07-14,2023-07-20,2,RO,eligible,,RO2,other,,,",
        "PT,yes,2023-08-14,2023-08-20,2,RO,,,RO1,fair,,,",
    )
    path, history = tmp_path / "cases.csv", tmp_path / "history.csv"
    path.write_text("\n".join([head, *(f"{number},{row}" for number, row in enumerate(cells)), ""]))
    history.write_text("visitor,visitor_id,visitor_country,arrival\n")
    lines = [
        json.loads(line) for line in run("validate", path, "--history", history, "--format", "jsonl").out.splitlines()
    ]
    counted = [line for line in lines if line.get("expectation")]
    expected = Counter((f["code"], f["outcome"]) for line in counted for f in line["findings"])
    document = coverage_of(run, path, "--history", history)

    assert document["rows"] == len(counted) == 3
    assert expected["CXC501", "pass"] == 2  # one of them is approved
    assert expected["CXC303", "fail"] == 1
    assert expected == Counter(
        {(rule["code"], outcome): rows for rule in document["rules"] for outcome, rows in rule["rows"].items() if rows}
    )
    text = run("validate", path, "--history", history, "--coverage")
    assert (text.status, WITHOUT_HISTORY in text.out) == (1, False)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "markdown", "html", "github", "junit"])
def test_other_formats_stand_beside_it(run: Run, tmp_path: Path, kind: str) -> None:
    """They hold verdicts; coverage has no place in them, and says where they go."""
    path = write(tmp_path / "cases.csv", *ROWS)
    refused = run("validate", path, "--coverage", "--format", kind)
    other = tmp_path / f"report.{kind}"
    beside = run(
        "validate", path, "--coverage", "--format", "json", "--report", f"{kind}={other}", "-o", tmp_path / "c"
    )

    assert (refused.status, refused.out) == (2, "")
    assert f"--coverage: it is written as text or json, not as {kind}" in refused.err
    assert beside.status == 3
    assert other.read_text(encoding="utf-8") == run("validate", path, "--format", kind).out
    Draft202012Validator(SCHEMAS["coverage"]()).validate(json.loads((tmp_path / "c").read_text()))


def test_coverage_in_a_file_and_in_80_columns(run: Run, tmp_path: Path) -> None:
    """With -o the whole text goes there; a line of the table fits a terminal."""
    path, report = write(tmp_path / "cases.csv", *ROWS), tmp_path / "coverage.txt"
    assert run("validate", path, "--coverage", "-o", report).out == ""
    assert report.read_text(encoding="utf-8") == run("validate", path, "--coverage").out
    lines = [line for line in report.read_text(encoding="utf-8").splitlines() if line.startswith("  CXC")]

    assert len([line for line in lines if "never" in line or " - " in line]) == len(UNDER_MEDIC_NEST)
    assert max(map(len, lines)) <= 80
