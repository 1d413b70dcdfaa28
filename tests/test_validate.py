"""`cxc validate` and what goes with it: every format, redaction, template, data files, exit statuses."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pexpect
import pytest
from commands import Run, unmeasured
from jsonschema import Draft202012Validator

import cxc
from cxc import cli
from cxc.errors import InputError
from cxc.reports import schema
from cxc.reports.formats import FORMATS
from cxc.tables.batch import THE_EXAMPLE

HEAD = "reference,visitor,visitor_id,visitor_country,host,host_country,host_cluster,arrival,departure"
GOOD = "A1,Acme,RO1,RO,Lab,PT,Biotecyl,2023-05-14,2023-05-20"
NOT_A_MEMBER = "A2,Beta,RO2,RO,Lab,NO,yes,2023-05-14,2023-05-20"
OPEN = "A3,Gamma,RO3,RO,Lab,PT,,2023-05-14,2023-05-20"
BAD = "A4,Delta,RO4,RO,Lab,Atlantis,yes,2023-05-14,2023-05-20"
AGAIN = "A5,ACME,ro-1,RO,Lab,PT,yes,2023-08-14,2023-08-20"


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    """A table with a row of every outcome."""
    return write(tmp_path / "trips.csv", GOOD, NOT_A_MEMBER, OPEN, BAD, AGAIN)


def write(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join((head, *rows, "")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([GOOD], 0),
        ([GOOD, NOT_A_MEMBER, OPEN], 1),
        ([GOOD, OPEN], 3),
        ([GOOD, NOT_A_MEMBER, OPEN, BAD], 2),
        ([], 2),
    ],
)
def test_exit_status(run: Run, tmp_path: Path, rows: list[str], status: int) -> None:
    """2 before 1 before 3; --exit-zero turns 1 and 3 into 0, never 2; a table without a trip is 2."""
    path = write(tmp_path / "trips.csv", *rows)
    for form in FORMATS:
        assert run("validate", path, "--format", form).status == status
    assert run("validate", path, "--exit-zero").status == (2 if status == 2 else 0)


def test_text(run: Run, trips: Path) -> None:
    """A block for each row that needs a look, then the summary; -v shows all rows, -q the summary alone."""
    *blocks, summary, _, _, _, closing = run("validate", trips).out.split("\n\n")
    assert [block.partition("  ")[0] for block in blocks] == [f"{trips}:{row}" for row in (3, 4, 5, 6)]
    line = "5 rows: 1 eligible, 2 not-eligible, 1 undecided, 1 unreadable; EUR 780.00 payable"
    assert summary.splitlines()[0] == line
    assert "\n  •  The earlier trip: " in blocks[3]
    assert closing == "The partnership decides. This is not a decision of the EU.\n"
    good = f"{trips}:2  ✔ eligible EUR 780.00  A1: Acme → Lab (Portugal)  Sun 14 May 2023 to Sat 20 May 2023\n"
    assert good in run("validate", trips, "-v").out
    assert run("validate", trips, "-q").out.splitlines()[0] == line


def test_a_page_has_an_end(run: Run, tmp_path: Path) -> None:
    """Of more than 200 rows that need a look it is said how many are left out; -v lists all."""
    rows = [f"{number},Co {number},RO{number},RO,Lab,NO,yes,2023-05-14,2023-05-20" for number in range(203)]
    path = tmp_path / "trips.csv"
    path.write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")

    short, whole = run("validate", path).out, run("validate", path, "-v").out
    assert (short.count("✘ not-eligible"), whole.count("✘ not-eligible")) == (200, 203)
    assert "3 more rows need a look. cxc validate -v lists all rows." in short
    assert "more rows need a look" not in whole


def test_what_many_rows_share_is_said_once(run: Run, tmp_path: Path) -> None:
    """With the number of rows: that amounts are inferred, that a trip is outside the period."""
    rows = [f"{number},Co {number},RO{number},RO,Lab,DE,yes,2025-05-11,2025-05-17" for number in range(3)]
    path = tmp_path / "trips.csv"
    path.write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")
    shown = run("validate", path, "-v").out

    assert shown.count("is outside the period of the rulebook") == 1
    assert "3 rows: The trip is outside the period of the rulebook" in shown
    assert "Trips whose amount is inferred, not confirmed: 3." in shown
    assert shown.count("inferred") == 1


def test_budget_and_what_is_open(run: Run, tmp_path: Path) -> None:
    """What is left of the budget, or missing, and what undecided rows would add; thousands apart."""
    rows = [f"{number},Co {number},RO{number},RO,Lab,PT,yes,2023-05-14,2023-05-20" for number in range(2)]
    rows.append("3,Co 3,RO3,RO,Lab,PT,,2023-05-14,2023-05-20")
    path = tmp_path / "trips.csv"
    path.write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")

    left = run("validate", path, "--budget", "5000").out
    assert "EUR 1 560.00 payable" in left
    assert "Left of the budget: EUR 3 440.00." in left
    assert "If all open points are settled in favour of their trips, undecided rows add at most EUR 780.00." in left
    assert "The budget is exceeded by EUR 560.00." in run("validate", path, "--budget", "1000").out
    elsewhere = ["--format", "csv", "-o", tmp_path / "out.csv"]
    told = "EUR 1 560.00 payable. The budget is exceeded by EUR 560.00. Written: "
    assert told in run("validate", path, "--budget", "1000", *elsewhere).err
    assert "The budget" not in run("validate", path, "--budget", "5000", *elsewhere).err


def coloured(line: str) -> list[str]:
    """What stands in colour on a line, each with its code."""
    return re.findall(r"\x1b\[([0-9;]+m[^\x1b]*)\x1b\[0m", line)


def test_text_in_colour(run: Run, trips: Path) -> None:
    """The outcome of each row has the colour that it has in `check`; without colour the text is the same."""
    plain = run("validate", trips, "-v")
    result = run("validate", trips, "-v", "--color", "always")
    lines = result.out.splitlines()
    assert [coloured(line) for line in lines if line.startswith(str(trips))] == [
        ["1;32m✔ eligible"], ["1;31m✘ not-eligible"], ["1;33m? undecided"], ["1;31m! unreadable"], ["1;31m✘ not-eligible"],
    ]  # fmt: skip
    ways_out = [line for line in lines if "→  " in line]
    assert ways_out
    assert all(line.startswith("\x1b[1m  →  ") for line in ways_out)
    bare = re.sub(r"\x1b\[[0-9;]+m", "", result.out).splitlines()
    assert [line.split() for line in bare] == [line.split() for line in plain.out.splitlines()]


@pytest.mark.parametrize(
    ("variables", "option", "in_pipe", "in_file"),
    [
        ({}, "auto", False, False),
        ({"FORCE_COLOR": "1"}, "auto", True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False, False),
        ({"FORCE_COLOR": "1"}, "never", False, False),
        ({"NO_COLOR": "1"}, "always", True, True),
    ],
)
def test_where_text_has_colour(
    run: Run,
    trips: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    option: str,
    in_pipe: bool,
    in_file: bool,
) -> None:
    """As in `check`: the option, then NO_COLOR, then FORCE_COLOR; a file is plain unless colour is chosen for good."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    first, other = trips.with_name("first"), trips.with_name("other")
    check = ["check", "--no-ask", "--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20"]
    for command in (["validate", trips], check):
        assert ("\x1b" in run(*command, "--color", option).out) == in_pipe
        run(*command, "--color", option, "-o", first)
        assert ("\x1b" in first.read_text()) == in_file
    run("validate", trips, "--color", option, "--report", f"text={other}")
    assert ("\x1b" in other.read_text()) == in_file
    for form in FORMATS:
        assert form == "text" or "\x1b" not in run("validate", trips, "--color", option, "--format", form).out


def test_cells_bring_no_colour_of_their_own(run: Run, tmp_path: Path) -> None:
    """However colour is chosen, the only codes are ours."""
    row = GOOD.replace("Acme", "\x1b[32m✔ eligible\x1b[0m\x9b32m").replace("PT", "NO")
    result = run("validate", write(tmp_path / "trips.csv", row, head=f"{HEAD}"), "--color", "always")
    assert coloured(result.out.splitlines()[0]) == ["1;31m✘ not-eligible"]
    assert result.out.splitlines()[0].count("\x1b") == 2
    assert "\x9b" not in result.out


@pytest.mark.parametrize("colour", [{}, {"NO_COLOR": "1"}], ids=str)
def test_text_in_a_terminal(trips: Path, colour: dict[str, str]) -> None:
    """Coloured by itself, unless NO_COLOR is set; everything fits the width, and what goes on is indented."""
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "50", **colour}
    command = ["-m", "cxc", "validate", trips.name]
    child = pexpect.spawn(
        sys.executable, command, encoding="utf-8", dimensions=(60, 50), env=environment, cwd=str(trips.parent)
    )
    child.expect(pexpect.EOF)
    lines = child.before.replace("\r\n", "\n").splitlines()
    child.close()

    assert child.exitstatus == 2
    assert coloured(lines[0]) == ([] if colour else ["1;31m✘ not-eligible"])
    assert ("\x1b" in "".join(lines)) == (not colour)
    assert max(len(re.sub(r"\x1b\[[0-9;]+m", "", line)) for line in lines) <= 50
    assert lines[1].startswith("    ")


def test_text_in_an_ascii_terminal(trips: Path) -> None:
    """A terminal that cannot write the marks gets others: a question mark would say undecided."""
    environment = {**os.environ, "TERM": "dumb", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "cxc", "validate", "-v", trips.name],
        encoding="utf-8",
        env=environment,
        cwd=str(trips.parent),
    )
    child.expect(pexpect.EOF)
    child.close()
    marks = [line.split("  ")[1].split(" ")[0] for line in child.before.splitlines() if line.startswith("trips.csv:")]
    assert marks == ["+", "x", "?", "!", "x"]


def test_json_and_jsonl(run: Run, trips: Path) -> None:
    """Valid under the schemas; rows in order; an unreadable row has its errors."""
    document = json.loads(run("validate", trips, "--format", "json").out)
    Draft202012Validator(schema.verdicts()).validate(document)
    lines = [json.loads(line) for line in run("validate", trips, "--format", "jsonl").out.splitlines()]
    assert document["verdicts"] == lines
    assert [(line["row"], line["outcome"]) for line in lines] == [
        (2, "eligible"), (3, "not-eligible"), (4, "undecided"), (5, "unreadable"), (6, "not-eligible"),
    ]  # fmt: skip
    assert list(lines[0])[:4] == ["file", "row", "schema_version", "cxc_version"]
    assert list(lines[3]) == ["file", "row", "outcome", "errors"]
    assert lines[3]["errors"][0]["field"] == "host_country"
    assert lines[4]["earlier_visits"][0]["visitor"] == "Acme"
    assert document["summary"]["outcomes"] == {"eligible": 1, "not-eligible": 2, "undecided": 1, "unreadable": 1}


def test_csv(run: Run, tmp_path: Path) -> None:
    """The input's own columns, unchanged but for what a spreadsheet would run, then the results."""
    head = f"{HEAD},outcome,note,note"
    path = write(tmp_path / "trips.csv", f'{GOOD},mine,=1+1,"a\nb"', f"{BAD},mine, @x,-1", head=head)
    rows = list(csv.reader(io.StringIO(run("validate", path, "--format", "csv").out)))
    assert rows[0][9:] == [
        "input_outcome", "note", "note_2", "outcome", "payable_eur", "days_on_site", "working_days", "failed", "needed", "message",
    ]  # fmt: skip
    assert rows[1][:9] == GOOD.split(",")
    assert rows[1][9:] == ["mine", "'=1+1", "a\nb", "eligible", "780.00", "5", "5", "", "", ""]
    assert rows[2][9:13] == ["mine", "' @x", "'-1", "unreadable"]

    other = write(
        tmp_path / "more.csv", "PT,yes,2023-05-14,2023-05-20", head="host_country,host_cluster,arrival,departure"
    )
    joined = list(csv.reader(io.StringIO(run("validate", path, other, "--format", "csv").out)))
    assert joined[0][0] == "file"
    assert [row[0] for row in joined[1:]] == [str(path), str(path), str(other)]
    assert joined[3][1:7] == ["", "", "", "", "", "PT"]


class Judge(HTMLParser):
    """Sees that every element is closed, no id stands twice, and nothing is loaded from elsewhere."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert "src" not in found
        assert (found.get("href") or "https://").startswith(("https://", "http://"))
        if key := found.get("id"):
            assert key not in self.ids
            self.ids.add(key)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)


def test_html(run: Run, tmp_path: Path) -> None:
    """One self-contained page; what cells hold is text, never markup."""
    nasty = GOOD.replace("Acme", "<script>alert(1)</script>")
    path = write(tmp_path / "trips.csv", nasty, NOT_A_MEMBER, OPEN, BAD)
    page = run("validate", path, "--format", "html").out
    judge = Judge()
    judge.feed(page)
    judge.close()
    assert judge.open == []
    assert "<script>alert" not in page
    assert any("<script>alert(1)</script>" in text for text in judge.text)
    assert page.count('<tr class="trip ') == 4
    assert "http" not in re.sub(r'<a href="https?://[^"]*">', "", page).replace("http-equiv", "")


def test_markdown(run: Run, trips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The summary first; what does not fit a step summary is counted, not lost."""
    page = run("validate", trips, "--format", "markdown").out
    assert page.startswith("# ClusterXchange trips\n\n| outcome | rows |")
    assert page.count("\n| /") == page.count(f"| {trips}:") == 4 or "trips.csv:3" in page
    monkeypatch.setattr("cxc.reports.markdown.MOST_BYTES", 100)
    assert "4 more rows need a look; they do not fit here." in run("validate", trips, "--format", "markdown").out


def test_github(run: Run, tmp_path: Path) -> None:
    """An annotation on each row's line; no cell forges one; above ten, rows of a reason share one and all are named."""
    forged = OPEN.replace("A3", "x%0A::error::forged\u2028::error::forged")
    path = write(tmp_path / "trips.csv", GOOD, NOT_A_MEMBER, forged, BAD)
    lines = run("validate", path, "--format", "github").out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::error", "::warning", "::notice"]
    assert lines.pop().startswith("::notice title=Taken as names of clusters::")
    assert [line.split("line=")[1].split(",")[0] for line in lines] == ["3", "5", "4"]

    many = write(tmp_path / "many.csv", *(f"{NOT_A_MEMBER}{''}" for _ in range(30)), *(OPEN for _ in range(3)))
    lines = run("validate", many, "--format", "github").out.splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) <= 10
    assert all(f"{many}:{row}" in "".join(errors) for row in range(2, 32))

    columns = {101: "visitor_country", 201: "departure", 402: "host_cluster", 304: "travellers", 301: "visitor_type"}
    assert columns
    wrong = [
        f"{','.join(['RO' if code & 1 else 'NO', 'PT' if code & 2 else 'CH', 'yes', '2023-05-14', '2023-05-20' if code & 4 else '2023-05-15', '1' if code & 8 else '2'])}"
        for code in range(15)
    ]
    mixed = write(
        tmp_path / "mixed.csv", *wrong, head="visitor_country,host_country,host_cluster,arrival,departure,travellers"
    )
    lines = run("validate", mixed, "--format", "github").out.splitlines()
    assert len([line for line in lines if line.startswith("::error")]) == 10
    assert all(f"{mixed}:{row}" in "".join(lines) for row in range(2, 17))


def test_junit(run: Run, trips: Path) -> None:
    """A case for each row; refused a failure, unreadable an error, undecided skipped; control codes never reach it."""
    suites = ET.fromstring(run("validate", trips, "--format", "junit").out.encode())
    assert {name: suites.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "5", "failures": "2", "errors": "1",
    }  # fmt: skip
    assert suites[0].get("skipped") == "1"
    assert [[child.tag for child in case] for case in suites[0]] == [
        [],
        ["failure"],
        ["skipped"],
        ["error"],
        ["failure"],
        [],  # what is said of all rows
    ]
    assert [element.tag for element in suites[0]] == ["testcase"] * 5 + ["system-out"]


def test_reports_beside_one_another(run: Run, trips: Path, tmp_path: Path) -> None:
    """--report any number of times; -o for the first; the summary goes to standard error then."""
    out = tmp_path / "out"
    out.mkdir()
    options = [f"--report={form}={out / form}" for form in FORMATS]
    result = run("validate", trips, *options, "-o", out / "first", "--format", "csv")
    assert (result.status, result.out) == (2, "")
    assert "5 rows: 1 eligible" in result.err
    for form in FORMATS:
        assert (out / form).read_text() == run("validate", trips, "--format", form).out
    assert (out / "first").read_text() == (out / "csv").read_text()
    for bad in ("html", "pdf=x.pdf", "html="):
        assert "is not FORMAT=FILE" in run("validate", trips, "--report", bad).err
    assert "is a file that is read" in run("validate", trips, "-o", trips).err
    assert "is named twice" in run("validate", trips, trips).err


def test_nothing_half_written(run: Run, tmp_path: Path) -> None:
    """Where a table turns out not to be readable, no report appears and the old one stays."""
    path = tmp_path / "trips.csv"
    path.write_bytes(f"{HEAD}\n{GOOD}\n".encode() * 3000 + b"\xfc\n")
    (tmp_path / "old.html").write_text("old")
    result = run("validate", path, "-o", tmp_path / "new.csv", "--report", f"html={tmp_path / 'old.html'}")

    assert (result.status, result.out) == (2, "")
    assert sorted(os.listdir(tmp_path)) == ["old.html", "trips.csv"]
    assert (tmp_path / "old.html").read_text() == "old"
    assert "cannot be written" in run("validate", write(path, GOOD), "-o", tmp_path / "no" / "x").err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_full_disk(run: Run, trips: Path) -> None:
    """A full disk under -o and under a pipe is said, with status 2."""
    assert "No space left" in run("validate", trips, "-o", "/dev/full").err
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "cxc", "validate", str(trips)]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert result.returncode == 2
    assert b"No space left" in result.stderr
    assert b"Traceback" not in result.stderr


def test_notices_of_as_many_rows_keep_their_order(tmp_path: Path) -> None:
    """A run writes what the run before wrote: Python puts the texts of a set in another order each time."""
    path = tmp_path / "trips.csv"
    path.write_text(f"{HEAD},residence_days\n{GOOD.replace('2023-', '2024-')},200\n")
    command = [sys.executable, "-m", "cxc", "validate", str(path)]
    seeds = [{"PYTHONHASHSEED": str(seed)} for seed in range(4)]
    written = {
        subprocess.run(command, capture_output=True, env=unmeasured() | seed, check=False).stdout for seed in seeds
    }

    assert len(written) == 1
    assert written.pop().count(b"!  1 row: ") == 2


def limited(*arguments: object, piped: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """`cxc validate` where no file may grow beyond 16 kB, as on a disk that fills up."""
    from resource import RLIMIT_FSIZE, setrlimit

    command = [sys.executable, "-m", "cxc", "validate", *map(str, arguments)]
    return subprocess.run(
        command,
        input=piped,
        capture_output=True,
        check=False,
        env=unmeasured() | {"PYTHONDONTWRITEBYTECODE": "1"},  # what counts lines would write a file of its own
        preexec_fn=lambda: setrlimit(RLIMIT_FSIZE, (16_384, 16_384)),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize("form", FORMATS)
def test_disk_that_fills_up(tmp_path: Path, form: str) -> None:
    """No report that is cut off, the old one stays, and one sentence says why; the same for the copy of a pipe."""
    path = write(tmp_path / "trips.csv", *(BAD.replace("A4", f"A{row}") for row in range(1000)))
    out = tmp_path / "out"
    out.write_text("old")
    options = ["--format", form, "-o", out]
    result = limited(path, *options)
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(f"cxc: {out} cannot be written: ".encode())
    assert result.stderr.count(b"\n") == 1
    assert out.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["out", "trips.csv"]


def test_disk_that_fills_up_under_a_pipe(trips: Path) -> None:
    """What comes from a pipe is kept in a temporary file, for which there may be no room."""
    result = limited("-", piped=trips.read_bytes() * 200)
    assert result.returncode == 2
    assert result.stderr.startswith(b"cxc: standard input: ")
    assert result.stderr.count(b"\n") == 1


HOSTILE_FILES = {
    "cut off in a quoted cell": (f'{HEAD}\n{GOOD}\nA2,"cut'.encode(), 2),
    "NUL in a cell": (f"{HEAD}\n{GOOD}\nA\0 2{GOOD[2:]}\n".encode(), 2),
    "NUL all over": (b"\0" * 100_000, 2),
    "5 MB in a cell": (f"{HEAD},note\n{GOOD},{'x' * 5_000_000}\n".encode(), 0),
    "a million columns": (b"a," * 1_000_000, 2),
    "a million cells in a row": (f"{HEAD}\n{GOOD}\n".encode() + b"a," * 1_000_000, 2),
    "no text": (bytes(range(256)) * 100, 2),
    "a damaged spreadsheet": (b"PK\x03\x04" + bytes(1_000), 2),
    "a line without an end": (b"x" * 11_000_000, 2),
    "empty": (b"", 2),
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_hostile_files(run: Run, tmp_path: Path, name: str) -> None:
    """In every format: a sentence that can be read, the right status, and a whole report or none."""
    content, status = HOSTILE_FILES[name]
    path, out = tmp_path / "trips.csv", tmp_path / "out"
    path.write_bytes(content)
    for form in FORMATS:
        result = run("validate", path, "--format", form, "-o", out)
        assert (result.status, result.out) == (status, "")
        assert len(result.err) < 1_000
        assert "fault of cxc" not in result.err
        if out.exists():
            assert result.err.splitlines()[-1].endswith(f" payable. Written: {out}.")
            if form in ("json", "jsonl"):
                assert all(map(json.loads, [out.read_text()] if form == "json" else out.read_text().splitlines()))
            out.unlink()
        else:
            assert result.err.startswith(f"cxc: {path}: ")
        assert os.listdir(tmp_path) == ["trips.csv"]


def test_pipe_and_named_pipe(trips: Path, tmp_path: Path) -> None:
    """Standard input and a named pipe can be read only once, and are kept."""
    command = [sys.executable, "-m", "cxc", "validate", "--format", "csv"]
    expected = subprocess.run([*command, str(trips)], capture_output=True, check=False).stdout
    piped = subprocess.run([*command, "-"], input=trips.read_bytes(), capture_output=True, check=False)
    assert (piped.returncode, piped.stdout.replace(b"standard input", str(trips).encode())) == (2, expected)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen([*command, str(fifo)], stdout=subprocess.PIPE) as child:
        fifo.write_bytes(trips.read_bytes())
        assert child.stdout is not None
        assert child.stdout.read().replace(str(fifo).encode(), str(trips).encode()) == expected
    assert b"folder" in subprocess.run([*command, str(tmp_path)], capture_output=True, check=False).stderr


def test_ctrl_c(tmp_path: Path) -> None:
    """Status 130, one line, and nothing half-written."""
    path = write(tmp_path / "trips.csv", *(GOOD for _ in range(300_000)))
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "cxc", "validate", str(path), "--format", "csv", "-o", str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=unmeasured()) as child:
        while not list(tmp_path.glob(".out.csv.*")):
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        assert child.stderr is not None
        errors = child.stderr.read()
    assert (child.returncode, errors) == (130, b"cxc: stopped\n")
    assert os.listdir(tmp_path) == ["trips.csv"]


def test_progress_in_a_terminal(tmp_path: Path) -> None:
    """A long file shows how far it is, on standard error, and takes it away again."""
    path = write(tmp_path / "trips.csv", *(GOOD for _ in range(10_001)))
    child = pexpect.spawn(
        sys.executable,
        ["-m", "cxc", "validate", str(path), "-o", str(tmp_path / "out"), "--format", "csv"],
        encoding="utf-8",
    )
    child.expect(r"[4-9],\d\d\d rows", timeout=60)
    child.expect(pexpect.EOF, timeout=60)
    child.close()

    assert child.exitstatus == 1


def test_redact(run: Run, tmp_path: Path) -> None:
    """No name, id, reference, approver or unknown column in any report, and the verdicts are the same."""
    secret = ["SECRET1", "Secretia", "XX77", "Geheim", "Clusteria", "Anonyma", "remark77"]
    head = f"{HEAD},approved,approved_by,approved_on,activity,remark"
    row = "SECRET1,Secretia,XX77,RO,Geheim,PT,Clusteria,2023-05-14,2023-05-20,CXC501,Anonyma,2023-01-01,other,remark77"
    again = row.replace("2023-05", "2023-08")
    unreadable = row.replace(",PT,", ",Secretia,")
    path = write(tmp_path / "trips.csv", row, again, unreadable, f"{row},SECRET1", head=head)
    for form in FORMATS:
        shown = run("validate", path, "--redact", "--format", form, "-v")
        plain = run("validate", path, "--format", form)
        assert shown.status == plain.status == 2
        assert not [word for word in secret if word in shown.out]
    lines = [json.loads(line) for line in run("validate", path, "--redact", "--format", "jsonl").out.splitlines()]
    plain_lines = [json.loads(line) for line in run("validate", path, "--format", "jsonl").out.splitlines()]
    assert [line["outcome"] for line in lines] == [line["outcome"] for line in plain_lines]
    assert lines[0]["seal"] != plain_lines[0]["seal"]

    same_days = [GOOD, GOOD.replace(",Lab,", ",Other Lab,")]
    path = write(tmp_path / "same-days.csv", *same_days)
    shown_rows, rows = (
        run("validate", path, "--format", "jsonl", *more).out.splitlines() for more in (["--redact"], [])
    )
    assert json.loads(shown_rows[1])["table_notices"] == json.loads(rows[1])["table_notices"]
    assert "overlaps another one" in json.loads(rows[1])["table_notices"][0]


def test_step_summary(run: Run, trips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under GitHub Actions the Markdown goes to the step summary by itself."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    run("validate", trips)
    assert not (tmp_path / "summary.md").exists()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    cli.run(["validate", str(trips)])
    assert (tmp_path / "summary.md").read_text().startswith("# ClusterXchange trips")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "summary.md"))
    assert cli.run(["validate", str(trips), "--report", f"csv={tmp_path / 'out.csv'}"]) == 2
    assert (tmp_path / "out.csv").exists()


def test_options_of_a_table(run: Run, tmp_path: Path) -> None:
    """Headings, dates and encodings of one's own; a history; a budget; columns that are not used are named once."""
    path = tmp_path / "trips.csv"
    rows = "Zielland;Mitglied;Ankunft;Abreise;visitor;visitor_country;Notiz\nÖsterreich;Müllers Cluster;14.05.2023;20.05.2023;Łódź;PL;x\n"
    path.write_bytes(rows.replace("Łódź", "Lodz").encode("windows-1250"))
    options = [
        "--map=Zielland=host_country",
        "--map=Mitglied=host_cluster",
        "--map=Ankunft=arrival",
        "--map=Abreise=departure",
    ]
    options += ["--date-format", "DD.MM.YYYY", "--encoding", "windows-1250"]
    result = run("validate", path, *options, "--format", "jsonl")
    assert result.status == 0
    assert result.err == f"cxc: {path}: columns that are not used: Notiz\n"
    assert json.loads(result.out)["trip"]["host_cluster"] == "Müllers Cluster"
    history = tmp_path / "history.csv"
    history.write_text("visitor,visitor_country,visitor_id\nŁódź,PL,\n", encoding="utf-8")
    assert run("validate", path, *options, "--history", history).status == 1
    assert "is exceeded from" in run("validate", path, *options, "--budget", "100,50").out
    assert "is not an amount" in run("validate", path, *options, "--budget", "much").err
    assert "is not UTF-8 text" in run("validate", path, *options[:4]).err
    for encoding in ("utf-99", "base64", "rot13"):
        assert "is not a known encoding" in run("validate", path, "--encoding", encoding).err


def test_check_has_every_format(run: Run, tmp_path: Path) -> None:
    """One trip to send, or for a machine; --report beside the page."""
    good = [
        "check",
        "--no-ask",
        "--to",
        "PT",
        "--arrival",
        "2023-05-14",
        "--departure",
        "2023-05-20",
        "--host-cluster",
        "yes",
    ]
    assert run(*good, "--format", "markdown").out.startswith("# ✔ Eligible: EUR 780.00 is payable\n")
    page = run(*good, "--format", "html", "--activity", "fair;training", "--third-country-national", "no").out
    judge = Judge()
    judge.feed(page)
    assert judge.open == []
    assert "Eligible: EUR 780.00 is payable" in page
    line = json.loads(run(*good, "--format", "jsonl").out)
    assert (line["file"], line["row"], line["outcome"]) == ("options", 2, "eligible")
    rows = list(
        csv.DictReader(
            io.StringIO(run(*good, "--format", "csv", "--activity", "fair", "--third-country-national=no").out)
        )
    )
    assert (rows[0]["outcome"], rows[0]["activity"], rows[0]["third_country_national"]) == ("eligible", "fair", "no")
    assert run(*good, "--format", "github").out == ""
    assert ET.fromstring(run(*good, "--format", "junit").out.encode()).get("tests") == "1"
    files = {form: tmp_path / form for form in FORMATS}
    assert run(*good, *(f"--report={form}={path}" for form, path in files.items())).status == 0
    for form, path in files.items():
        assert path.read_text() == run(*good, "--format", form).out


def test_template(run: Run, tmp_path: Path) -> None:
    """The table to fill in is itself one that passes; as a spreadsheet it has lists and dates."""
    path = tmp_path / "trips.csv"
    assert run("template", "-o", path).status == 0
    assert path.read_text() == run("template").out
    assert run("validate", path).status == 0
    sheet = tmp_path / "trips.xlsx"
    assert run("template", "--xlsx", "-o", sheet).status == 0
    assert run("validate", sheet).status == 0
    assert "name the file with -o" in run("template", "--xlsx").err
    from openpyxl import load_workbook

    trips = load_workbook(sheet)["trips"]
    assert {rule.type for rule in trips.data_validations.dataValidation} == {"list", "date"}
    assert trips["K2"].is_date


def test_data(run: Run, tmp_path: Path) -> None:
    """A sound file is said to be; a fault has its place and status 2."""
    root = Path(__file__).parent
    books = sorted((root / "rulebooks").glob("*.yaml"))
    table = tmp_path / "countries.yaml"
    assert run("countries", "--format", "json", "-o", table).status == 0
    result = run("data", *books, table)
    assert result.status == 0
    assert result.out.count(": sound; ") == len(books) + 1
    table.write_text(table.read_text().replace('"780.00"', '"780.01"', 1))
    result = run("data", table)
    assert (result.status, result.out) == (2, "")
    assert "is not a whole cent" in result.err
    other = tmp_path / "x.yaml"
    other.write_text("- a\n")
    assert "neither a rulebook" in run("data", other).err


def test_table_schema(run: Run) -> None:
    """A Frictionless Table Schema with every column."""
    found = json.loads(run("schema", "table").out)

    assert [field["name"] for field in found["fields"]][:3] == ["reference", "visitor", "visitor_id"]
    assert found["missingValues"] == [""]


def test_expectations_in_every_format(run: Run, tmp_path: Path) -> None:
    """A row that is not as it expects says so, and counts as not eligible; one that is counts as good."""
    other = GOOD.replace("Acme", "Zeta").replace("RO1", "RO9")
    rows = [f"{GOOD},eligible,780", f"{other},not-eligible,"]
    path = write(tmp_path / "trips.csv", *rows, head=f"{HEAD},expected_outcome,expected_eur")
    said = "expected not-eligible, found eligible"

    for kind in ("text", "json", "jsonl", "csv", "markdown", "html", "github", "junit"):
        found = run("validate", path, "--format", kind)
        assert (found.status, said in found.out) == (1, True), kind
    first, second = (
        json.loads(line)["expectation"] for line in run("validate", path, "--format", "jsonl").out.splitlines()
    )
    assert first == {"outcome": "eligible", "eur": "780.00", "mismatch": None}
    assert second["mismatch"] == said


def append(path: Path, row: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"{row}\n")


def put_in_place(path: Path, text: str) -> None:
    """Write over what a file holds, as long as it was, without making another file."""
    with path.open("r+", encoding="utf-8") as stream:
        stream.write(text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "appended": lambda path: append(path, AGAIN),
    "emptied": lambda path: os.truncate(path, 0),
    "cut": lambda path: os.truncate(path, len(HEAD) + 1),
    "other words": lambda path: put_in_place(path, f"{HEAD}\n{GOOD.replace('PT', 'NO')}"),
    "no text": lambda path: path.write_bytes(b"\xff" * 500),
}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_table_that_changes_between_its_readings(run: Run, tmp_path: Path, change: str, form: str) -> None:
    """It is no longer the table whose visitors were looked at: status 2, one sentence, and no report appears."""
    path = write(tmp_path / "trips.csv", GOOD, OPEN)
    os.utime(path, (0, 0))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def change_it() -> None:
        with pipe.open("w", encoding="utf-8") as stream:  # opens once the first table is open
            CHANGES[change](path)
            stream.write(f"{HEAD}\n{NOT_A_MEMBER}\n")

    writer = threading.Thread(target=change_it)
    writer.start()
    result = run("validate", path, pipe, "--format", form, "-o", tmp_path / "out")
    writer.join()

    assert result.status == 2
    assert "the file changed while it was read" in result.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("change", CHANGES)
def test_a_table_that_changes_while_its_verdicts_are_given(tmp_path: Path, change: str) -> None:
    """A script that goes over the rows is told at the end, however few rows it has gone over so far."""
    path = write(tmp_path / "trips.csv", *[GOOD] * 3)
    os.utime(path, (0, 0))
    rows = cxc.check_table(str(path))
    assert next(rows).outcome == "eligible"
    CHANGES[change](path)

    with pytest.raises(InputError, match="the file changed while it was read"):
        list(rows)


def test_what_comes_from_a_pipe_cannot_change(tmp_path: Path) -> None:
    """It is read to its end before the first look; nothing is said of it."""
    command = [sys.executable, "-m", "cxc", "validate", "-", "-q"]
    result = subprocess.run(command, input=f"{HEAD}\n{GOOD}\n", text=True, capture_output=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("stage", [[], ["--stage", "payment", "--today", "2023-07-01"]], ids=["proposal", "payment"])
def test_a_page_names_no_command(run: Run, trips: Path, tmp_path: Path, stage: list[str]) -> None:
    """Whoever is sent a page has no program: neither commands nor options are in it, of a table and of one trip."""
    trip = tmp_path / "trip.yaml"
    trip.write_text("host_country: NO\nvisitor_country: NO\nactivity: other\n", encoding="utf-8")
    open_trip = tmp_path / "open.yaml"
    open_trip.write_text("host_country: PT\nactivity: other\nvisitor_type: university\n", encoding="utf-8")
    pages = [run("validate", trips, "--format", "html", *stage).out]
    pages += [run("check", one, "--no-ask", "--strict", "--format", "html", *stage).out for one in (trip, open_trip)]

    for page in pages:
        body = page[page.index("<main>") : page.index("</main>")].replace("--date-format", "")
        assert not re.search(r"\bcxc [a-z]|(?<![\w-])--?[a-z]", body)


@pytest.mark.parametrize("kind", ["text", "markdown", "html", "json", "csv"])
def test_a_misspelt_column_is_told_in_every_report(run: Run, tmp_path: Path, kind: str) -> None:
    """What it states may decide. Nothing silences that, and a redacted report names no heading."""
    path = tmp_path / "trips.csv"
    path.write_text(f"{HEAD},travelers,our notes\n{GOOD},3,none\n", encoding="utf-8")
    told, withheld = (
        "the column 'travelers' is not used; did you mean travellers?",
        "a column is not used; did you mean",
    )
    found = run("validate", path, "-q", "--report", f"{kind}={tmp_path / 'report'}")
    redacted = run("validate", path, "-q", "--redact")

    assert told in found.err
    assert "our notes" not in found.err
    assert kind == "csv" or told in unescape((tmp_path / "report").read_text(encoding="utf-8"))
    assert withheld in redacted.err
    assert "travelers" not in redacted.err


def test_a_report_is_not_written_to_standard_output(run: Run, trips: Path) -> None:
    """A file that is called - would be one that nobody finds."""
    assert (
        "--report csv=-: name a file; --format csv writes to standard output"
        in run("validate", trips, "--report", "csv=-").err
    )


def test_stopped_before_anything_is_loaded() -> None:
    """Ctrl-C at once is told as it is later."""
    stopping = """if True:
        import sys
        class Stopping:
            @staticmethod
            def find_spec(name, path=None, target=None):
                if name == "cxc.cli":
                    raise KeyboardInterrupt
        sys.meta_path.insert(0, Stopping)
        from cxc.__main__ import main
        main()
    """
    ended = subprocess.run([sys.executable, "-c", stopping], capture_output=True, env=unmeasured(), check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"cxc: stopped\n")


def test_an_error_of_a_history_is_redacted(run: Run, trips: Path, tmp_path: Path) -> None:
    """A cell that cannot be read may hold a name."""
    history = tmp_path / "history.csv"
    history.write_text("visitor,visitor_id,visitor_country,arrival\nAcme,,RO,Secret SRL\n", encoding="utf-8")

    assert "arrival: 'Secret SRL' is not a date" in run("validate", trips, "--history", history).err
    redacted = run("validate", trips, "--history", history, "--redact")
    assert redacted.status == 2
    assert "row 2: arrival: the value cannot be read (withheld)" in redacted.err
    assert "Secret" not in redacted.err


def test_the_example_of_the_template_is_told(run: Run, tmp_path: Path) -> None:
    """Who leaves it above the own rows would pay for it."""
    table = tmp_path / "trips.csv"
    run("template", "-o", table)
    example = table.read_text(encoding="utf-8")
    table.write_text(example + example.splitlines()[1].replace("EXAMPLE-1,Acme", "T1,Beta"), encoding="utf-8")
    rows = [json.loads(line) for line in run("validate", table, "--format", "jsonl").out.splitlines()]

    assert [row.get("table_notices") for row in rows] == [[THE_EXAMPLE], None]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["validate", "trips.csv", "-o", "checked.xlsx"], "text is not a workbook; add --format xlsx"),
        (["validate", "trips.csv", "--format", "csv", "-o", "Checked.XLSX"], "csv is not a workbook"),
        (["validate", "trips.csv", "--report", "html=page.xlsx"], "html is not a workbook"),
        (["check", "--to", "PT", "-o", "checked.xlsx"], "text is not a workbook"),
        (["validate", "trips.csv", "--format", "xlsx", "-o", "checked.csv"], "choose a file that ends in .xlsx"),
        (["validate", "trips.csv", "--report", "xlsx=checked.pdf"], "choose a file that ends in .xlsx"),
        (["countries", "-o", "list.xlsx"], "what is written is not a workbook"),
        (["countries", "-o", "-"], "without -o the report goes to standard output"),
    ],
)
def test_a_file_is_what_its_ending_says(
    options: list[str], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel would open none of these, and says that the file is damaged."""
    (tmp_path / "trips.csv").write_text("host_country,arrival,departure,host_cluster\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = run(*options)

    assert (found.status, found.out) == (2, "")
    assert said in found.err
    assert [path.name for path in tmp_path.iterdir()] == ["trips.csv"]
