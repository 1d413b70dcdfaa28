"""Every machine format before a judge that is not ours, with cells and file names that try to be more than text."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import hostile
import html5lib
import pytest
import yaml
from commands import Run
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree
from markdown_it import MarkdownIt

from cxc.reports import schema
from cxc.reports.github import command
from cxc.reports.values import unrunnable
from cxc.text import clean

pytestmark = pytest.mark.many

HERE = Path(__file__).parent
ROOT = HERE.parent
CHECK = ["check", "--no-ask", "--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20"]
# A folder may not bear this name everywhere; Linux, where reports are read by machines, takes it.
HOSTILE_NAME = "a|b <i>&\"'%0A,##[error]x\r\n::error::y\x1b[31m*c*.csv"


@pytest.fixture(params=["all", "good", "unreadable", "two files"])
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """Tables: everything hostile; one good row; one row that cannot be read; and two files, one with a hostile name."""
    good = ["A1", "Acme", "RO1", "RO", "Lab", "PT", "yes", "2023-05-14", "2023-05-20", ""]
    one = hostile.write(tmp_path / "trips.csv", [good])
    if request.param == "good":
        return [one]
    if request.param == "unreadable":
        return [hostile.write(tmp_path / "trips.csv", [[*good[:5], "Atlantis", *good[6:]]])]
    everything = hostile.write(tmp_path / HOSTILE_NAME, note="##[error]note")
    return [everything, one] if request.param == "two files" else [everything]


def verdicts(run: Run, tables: list[Path]) -> list[dict[str, Any]]:
    """What is known of every row, to hold against the other formats."""
    return [json.loads(line) for line in run("validate", *tables, "--format", "jsonl").out.splitlines()]


def checked(run: Run, format: str, *cells: str) -> str:
    """The report on one trip with a hostile visitor, eligible and open."""
    cell = cells[0].replace("\0", "") if cells else "Acme"
    return run(*CHECK, *cells[1:], "--visitor", cell, "--host", cell, "--reference", cell, "--format", format).out


# JSON


def test_json_by_our_schema(run: Run, tables: list[Path]) -> None:
    """Valid, a line for each row, and the same in one object."""
    out = run("validate", *tables, "--format", "jsonl").out
    document = json.loads(run("validate", *tables, "--format", "json").out)
    validator = Draft202012Validator(schema.verdicts())
    validator.validate(document)

    lines = [json.loads(line) for line in out.split("\n")[:-1]]
    assert lines == document["verdicts"]
    of_one = Draft202012Validator(schema.verdict())
    assert all(of_one.is_valid(line) for line in lines if line["outcome"] != "unreadable")
    assert out.isascii() or not [line for line in out.splitlines() if not line.startswith("{")]


# CSV


def test_csv_read_back(run: Run, tmp_path: Path) -> None:
    """Every cell comes back as it was, but for the apostrophe; no line is broken; no cell is a formula."""
    cells = [row for row in hostile.rows() if "\0" not in row[0]]
    path = hostile.write(tmp_path / "trips.csv", cells)
    out = run("validate", path, "--format", "csv").out
    back = list(csv.reader(io.StringIO(out, newline=""), strict=True))

    assert {len(row) for row in back} == {len(hostile.FIELDS) + 7}

    def unguarded(rows: list[list[str]]) -> list[list[str]]:
        return [[re.sub(r"'(?=[\s;\"]*[=+\-@])|^'", "", cell) for cell in row[: len(hostile.FIELDS)]] for row in rows]

    assert unguarded(back[1:]) == unguarded(cells)
    assert not formulas(out, ",")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_where_a_spreadsheet_splits_it_elsewhere(run: Run, tmp_path: Path, separator: str) -> None:
    """Excel splits at the separator of its country: what it then takes for a cell is no formula, either."""
    plain = [["T1", "Acme", "", "RO", "a;-1", "PT", "yes", "2023-05-14", "2023-05-20", "b; -1"]]  # nothing to quote
    path = hostile.write(tmp_path / "trips.csv", [*hostile.rows(), *plain], note="note;=1+1")

    assert not formulas(run("validate", path, "--format", "csv").out, separator)
    assert formulas("a;=1+1\r\n", ";") == ["=1+1"]
    assert formulas('x,"a;""=1+1"""\r\n', ";") == ['=1+1"""']


def formulas(out: str, separator: str) -> list[str]:
    """The cells that a spreadsheet would run, if it splits lines at this."""
    return [
        cell
        for row in csv.reader(io.StringIO(out, newline=""), delimiter=separator)
        for cell in row
        if re.match(r"\s*[=+\-@]", cell)
    ]


def test_cells_of_listings_are_no_formulas(run: Run, tmp_path: Path) -> None:
    """The names in a country table of one's own, too."""
    path = tmp_path / "countries.yaml"
    path.write_text(FORGING_TABLE, encoding="utf-8")
    out = run("countries", "--countries", path, "--format", "csv").out

    for separator in (",", ";", "\t"):
        assert not formulas(out, separator)


def test_cells_are_looked_at_once() -> None:
    """A cell of nothing but blanks and separators costs no more than its letters."""
    for letter in (";", "\n", "\t", '"', " "):
        assert unrunnable(f"a{letter * 200_000}b").startswith(("a", "'a"))


# JUnit

JENKINS = etree.XMLSchema(file=str(HERE / "junit-10.xsd"))


def test_junit_by_the_schema_of_jenkins(run: Run, tables: list[Path]) -> None:
    """Valid for the xUnit plugin of Jenkins, and well-formed for libxml2."""
    JENKINS.assertValid(etree.fromstring(run("validate", *tables, "--format", "junit").out.encode()))


def test_junit_of_one_trip_by_the_schema_of_jenkins(run: Run) -> None:
    """The report of `check`, too."""
    for cell in hostile.CELLS:
        JENKINS.assertValid(etree.fromstring(checked(run, "junit", cell).encode()))


def test_junit_by_its_parser(run: Run, tables: list[Path]) -> None:
    """A parser of CI servers counts what we say, case by case, and each file is a suite."""
    found = verdicts(run, tables)
    suites = JUnitXml.fromstring(run("validate", *tables, "--format", "junit").out.encode())
    kinds = {"not-eligible": [Failure], "unreadable": [Error], "undecided": [Skipped], "eligible": []}
    cases = [case for suite in suites for case in suite]

    assert [[type(result) for result in case.result] for case in cases] == [kinds[row["outcome"]] for row in found]
    assert [int(case.name.split()[1]) for case in cases] == [row["row"] for row in found]
    assert [suite.name for suite in suites] == [clean(str(table)) for table in tables]
    outcomes = Counter(row["outcome"] for row in found)
    assert (suites.tests, suites.failures, suites.errors) == (
        len(found), outcomes["not-eligible"], outcomes["unreadable"],
    )  # fmt: skip
    assert sum(suite.skipped for suite in suites) == outcomes["undecided"]
    for suite in suites:
        stated = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == stated


# HTML

ELEMENTS = frozenset(
    [
        "a",
        "article",
        "section",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "footer",
        "script",
        "h1",
        "h2",
        "p",
        "ul",
        "li",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
        "button",
        "label",
        "input",
        "select",
        "option",
    ]
)
ATTRIBUTES = frozenset(
    [
        "aria-pressed",
        "data-filter",
        "data-label",
        "href",
        "lang",
        "charset",
        "name",
        "content",
        "class",
        "style",
        "id",
        "type",
        "value",
        "for",
        "scope",
        "colspan",
        "role",
        "hidden",
        "data-detail",
        "data-outcome",
        "data-value",
        "aria-expanded",
        "aria-controls",
        "aria-label",
    ]
)


def parsed(page: str) -> Any:
    """The page as a browser reads it; html5lib raises where a browser would have to guess."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert {element.tag for element in tree.iter()} <= ELEMENTS
    assert {name for element in tree.iter() for name in element.attrib} <= ATTRIBUTES
    assert all(link.get("href").startswith(("https://", "http://")) for link in tree.iter("a"))
    assert len(tree.findall(".//script")) == len(tree.findall(".//style")) == 1
    assert "\x1b" not in page
    return tree


def test_html_without_an_error(run: Run, tables: list[Path]) -> None:
    """No parse error, no element or attribute that is not ours, every row and every name in it as text."""
    found = verdicts(run, tables)
    tree = parsed(run("validate", *tables, "--format", "html").out)
    trips = [row for row in tree.iter("tr") if row.get("class", "").startswith("trip ")]

    assert [row.get("class").split()[1] for row in trips] == [row["outcome"] for row in found]
    for row, verdict in zip(trips, found, strict=True):
        trip = verdict.get("trip")
        assert trip is None or clean(trip["visitor"] or "") in (row[2].text or "")
        assert len(row) == 8
    assert len({element.get("id") for element in tree.iter() if element.get("id")}) == len(
        [element for element in tree.iter() if element.get("id")]
    )


@pytest.mark.parametrize("more", [["--host-cluster=yes"], [], ["--host-cluster=none"]], ids=str)
def test_html_of_one_trip_without_an_error(run: Run, more: list[str]) -> None:
    """The page of `check`: eligible, open and refused."""
    for cell in hostile.CELLS:
        page = parsed(checked(run, "html", cell, *more))
        assert clean(cell.replace("\0", "")) in " ".join(page.itertext())


# Markdown


def rendered(page: str) -> list[Any]:
    """The page as CommonMark with tables; nothing in it is HTML, a link, an image, code or emphasis of a cell."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    as_written = re.sub(r"\\.", "", page)  # what is escaped begins no link where GitHub looks for bare addresses
    assert not re.search("https?://|www\\.|@", as_written)
    within = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *within)}
    assert not [
        kind for kind in kinds if kind.startswith(("html", "link", "image", "code", "fence", "em_", "s_", "hr"))
    ]
    return tokens


def test_markdown_keeps_its_tables(run: Run, tables: list[Path]) -> None:
    """Every row has the columns of its heading, and a row for each trip that needs a look."""
    found = verdicts(run, tables)
    tokens = rendered(run("validate", *tables, "--format", "markdown").out)
    widths: list[list[int]] = []
    for token in tokens:
        if token.type == "table_open":
            widths.append([])
        elif token.type == "tr_open":
            widths[-1].append(0)
        elif token.type in ("td_open", "th_open"):
            widths[-1][-1] += 1
    assert all(len(set(widths_of_rows)) == 1 for widths_of_rows in widths)
    looked_at = [row for row in found if row["outcome"] != "eligible" or row.get("table_notices")]
    assert (len(widths[-1]) - 1 if widths[-1][0] == 4 else 0) == len(looked_at)
    assert len([token for token in tokens if token.type == "heading_open"]) == 1

    shown = ["".join(child.content for child in token.children) for token in tokens if token.type == "inline"]
    for row in looked_at:
        assert any(text.endswith(f":{row['row']}") for text in shown)
        assert row["outcome"] == "unreadable" or any(clean(row["trip"]["visitor"] or "") in text for text in shown)


def test_markdown_of_one_trip(run: Run) -> None:
    """The page of `check` holds names as text."""
    for cell in hostile.CELLS:
        tokens = rendered(checked(run, "markdown", cell))
        assert not [token for token in tokens if token.type.startswith("ordered_list")]
        assert not [token for token in tokens[: tokens.index(headings(tokens)[1])] if "list" in token.type]
        shown = " ".join("".join(child.content for child in token.children or ()) for token in tokens)
        assert clean(cell.replace("\0", "")) in shown


def headings(tokens: list[Any]) -> list[Any]:
    return [token for token in tokens if token.type == "heading_open"]


# GitHub annotations

CONTROL = frozenset(map(chr, [*range(10), *range(11, 32), *range(127, 160)]))
# https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs: a line that begins with `::`, or that holds
# `##[` anywhere, is a command if it names a known one. Both standard output and standard error are read.
KNOWN = ("error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "stop-commands", "add-matcher", "echo")


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command | None]:
    """What a runner makes of each line; None where it is no command."""
    return [_command(line) for line in re.split("\r\n|\r|\n", log) if line]


def _command(line: str) -> Command | None:
    if match := re.fullmatch(r"\s*::(\S+?)(?: (.*?))?::(.*)", line, re.DOTALL):
        marks, data = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}, {"%0D", "%0A", "%25"}
    elif match := re.search(r"##\[([^ \]]*)(?: ([^\]]*))?\](.*)", line, re.DOTALL):
        marks, data = {"%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%25": "%"}, {"%3B", "%0D", "%0A", "%5D"}
    elif match := re.search(r"##(vso|teamcity)\[", line):  # Azure Pipelines and TeamCity
        return Command(match[1], {}, line)
    if not match or match[1].lower() not in KNOWN:
        return None
    pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if pair)

    def told(text: str, among: Any) -> str:
        for mark in marks:
            text = text.replace(mark, marks[mark]) if mark in among else text
        return text

    return Command(match[1], {name: told(value, marks) for name, _, value in pairs}, told(match[3], data))


def test_a_runner_tells_commands() -> None:
    """The reading above sees both kinds of forgery."""
    assert commands("text\n  ::error file=a%2Cb,line=2::100%25\nx ##[error]forged\n::nothing::\n") == [
        None,
        Command("error", {"file": "a,b", "line": "2"}, "100%"),
        Command("error", {}, "forged"),
        None,
    ]


def test_no_cell_forges_an_annotation(run: Run, tmp_path: Path) -> None:
    """Row by row: one annotation, on its line and file, of its kind; nothing on standard error is a command."""
    cells = list(hostile.rows())
    for start in range(0, len(cells), 5):
        path = hostile.write(tmp_path / HOSTILE_NAME, cells[start : start + 5], note="##[error]forged")
        found = [row for row in verdicts(run, [path]) if row["outcome"] != "eligible" or row.get("table_notices")]
        result = run("validate", path, "--format", "github")
        assert commands(result.err) == [None] * len(result.err.splitlines())
        told = [entry or pytest.fail(result.out) for entry in commands(result.out)]
        named = [entry for entry in told if entry.name == "notice"]  # the clusters, of all rows together
        told = [entry for entry in told if entry not in named]
        assert [entry.properties for entry in named] in ([], [{"title": "Taken as names of clusters"}])
        assert sorted((entry.name, entry.properties["line"]) for entry in told) == sorted(
            ("error" if row["outcome"] in ("not-eligible", "unreadable") else "warning", str(row["row"]))
            for row in found
        )
        assert {entry.properties["file"] for entry in told} == {clean(str(path))}
        assert {frozenset(entry.properties) for entry in told} == {frozenset({"file", "line", "title"})}


def test_no_cell_forges_one_where_rows_share_it(run: Run, tables: list[Path]) -> None:
    """Grouped, too, every line is one of ours, ten of a kind at most."""
    result = run("validate", *tables, "--format", "github")
    told = Counter(entry.name if entry else "forged" for entry in commands(result.out))
    assert told.keys() <= {"error", "warning", "notice"}
    assert told["notice"] <= 1
    assert max(told.values(), default=0) <= 10
    assert not any(commands(result.err))


def test_text_in_a_log_forges_none(run: Run, tables: list[Path]) -> None:
    """The text that stands in the log where no format is named is no command either, nor an escape code."""
    result = run("validate", *tables, "-v")
    assert not any(commands(result.out + result.err))
    assert not set(result.out + result.err) & CONTROL


@pytest.mark.parametrize("form", ["markdown", "json", "jsonl", "html", "junit"])
def test_formats_that_can_be_escaped_forge_none(run: Run, tables: list[Path], form: str) -> None:
    """A report that was meant for a file and stands in the log."""
    result = run("validate", *tables, "--format", form)
    assert not any(commands(result.out + result.err))
    for cell in hostile.CELLS:
        assert not any(commands(checked(run, form, cell)))


FORGING_TABLE = """\
countries:
  PT:
    name: "##[error]x"
    also: ["::error::y", "a;=1+1"]
    status: eu-member
    note: "##vso[task.complete]::error::z"
    sources: [S1]
    checked: 2023-01-01
"""
FORGING_BOOK = """\
rulebook: "##[error]x"
title: "::error::y ##[warning]z"
extends: medic-nest
rules: {CXC201: {says: "::error::s ##[error]s", why: "::error::w ##[error]w", sources: [S5], checked: 2026-11-23}}
"""


@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown"])
def test_data_files_forge_no_annotation(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """`data`, `rules`, `countries`, `estimate` and `plan`: what a pull request calls its files and what stands in them."""
    monkeypatch.chdir(tmp_path)
    table, book, bad = "::error::c.yaml", "##[error]b.yaml", "::error::bad.yaml"
    Path(table).write_text(FORGING_TABLE, encoding="utf-8")
    Path(book).write_text(FORGING_BOOK, encoding="utf-8")
    Path(bad).write_text("rulebook: [\n", encoding="utf-8")
    sound = run("data", table, book, "--format", form, "--stale", "1", "--today", "2030-01-01")
    assert sound.status == 1
    assert not any(commands(sound.out + sound.err))
    assert not any(commands(run("data", bad).err))
    ours = ["--rulebook", book, "--format", form]
    for asked in (
        ["rules"],
        ["rules", "CXC201"],
        ["countries", "--countries", table],
        ["countries", "PT", "--countries", table],
        ["estimate", "--to", "PT", "--countries", table],
        ["plan", "--to", "PT", "--earliest", "2023-05-14", "--latest", "2023-05-20"],
    ):
        result = run(*asked, *ours)
        assert result.out + result.err
        assert not any(commands(result.out + result.err)), asked


def test_escapes_leave_json_as_it_was(run: Run) -> None:
    """What is escaped in JSON reads as what it was, and its seal still holds."""
    written = json.loads(checked(run, "jsonl", "##[error]x"))

    assert written["trip"]["visitor"] == "##[error]x"
    assert written["seal"] == json.loads(checked(run, "json", "##[error]x"))["seal"]


def test_one_trip_forges_no_annotation(run: Run) -> None:
    """The annotation on a trip of `check`: one, where the trip is open, and none where it is good."""
    for cell in hostile.CELLS:
        (found,) = commands(checked(run, "github", cell))
        assert found is not None
        assert (found.name, set(found.properties)) == ("warning", {"title"})  # options stand in no file
        assert commands(checked(run, "github", cell, "--host-cluster=yes")) == []


def test_text_of_one_trip_in_a_log_forges_none(run: Run) -> None:
    """The page of `check`, and what it complains about."""
    for cell in hostile.CELLS:
        for colour in ("never", "always"):
            assert not any(commands(checked(run, "text", cell, f"--color={colour}")))
        result = run(*CHECK, "--visitor-country", cell, "--rulebook", cell)
        assert not any(commands(result.err))
        assert not set(result.err) & CONTROL


pieces = st.lists(
    st.one_of(
        st.sampled_from(["::", "##[", "]", "%0A", "%", "25", "error", " ", ",", "=", "\n", "\r", ":"]), st.text()
    ),
    max_size=12,
).map("".join)


@given(pieces, pieces, pieces)
def test_a_runner_reads_what_was_said(file: str, title: str, message: str) -> None:
    """Whatever a cell holds comes out as text of one annotation, whole."""
    (found,) = commands(command("error", file, 3, title, message))
    assert found is not None
    assert found.data == clean(message)
    kept = {"file": clean(file), "line": "3", "title": clean(title)}
    assert {name: value.strip() for name, value in found.properties.items()} == kept


# Files for CI


def by_schema(name: str, path: Path) -> str:
    """What check-jsonschema says of a file, by a schema that it carries."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_action_by_its_schema() -> None:
    """action.yml is an action for GitHub."""
    assert by_schema("github-actions", ROOT / "action.yml") == "ok -- validation done\n"


@pytest.mark.parametrize("heading", ["GitHub", "GitLab", "Old data on GitHub", "Old data on GitLab"])
def test_examples_by_their_schemas(tmp_path: Path, heading: str) -> None:
    """What docs/ci.md shows can be pasted."""
    name = "github-workflows" if heading.endswith("GitHub") else "gitlab-ci"
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    example = page.partition(f"## {heading}\n")[2].partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "example.yml"
    path.write_text(example, encoding="utf-8")
    assert yaml.safe_load(example)
    assert by_schema(name, path) == "ok -- validation done\n"


def test_hooks_by_pre_commit(tmp_path: Path) -> None:
    """pre-commit takes our hooks, and the example of docs/ci.md."""
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert hooks["cxc-validate"][
        "require_serial"
    ]  # else files are shared out, and a visitor in two of them goes unseen
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    path = tmp_path / ".pre-commit-config.yaml"
    path.write_text(
        page.partition("## pre-commit\n")[2].partition("```yaml\n")[2].partition("```")[0], encoding="utf-8"
    )
    for verb, file in (("validate-manifest", ROOT / ".pre-commit-hooks.yaml"), ("validate-config", path)):
        judge = [sys.executable, "-m", "pre_commit", verb, str(file)]
        result = subprocess.run(judge, capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout) == (0, "")
