"""What runs in other people's repositories: the step of action.yml and the hooks, with file names that look like options."""

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import Run
from openpyxl import Workbook

ROOT = Path(__file__).parent.parent
HEADING = "host_country,host_cluster,arrival,departure\n"
GOOD = HEADING + "PT,yes,2023-05-14,2023-05-20\n"
TWO_DAYS = HEADING + "PT,yes,2023-05-14,2023-05-17\n"
# A rulebook of the pull request's own, under which a stay of two days is long enough.
BOOK = """\
rulebook: brought-along
extends: medic-nest
limits: {shortest_stay_days: {value: 1, sources: [S5], checked: 2026-11-23}}
"""
NAMES = ["--rulebook=.csv", "--exit-zero", "-", "$(touch forged).csv", "`touch forged`.csv", "a&b.csv"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working copy of a pull request that brings a rulebook along, and a trip of two days."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trips.csv").write_text(TWO_DAYS, encoding="utf-8")
    (tmp_path / ".csv").write_text(BOOK, encoding="utf-8")
    return tmp_path


def step(folder: Path, files: str, options: str = "", accept: str = "false") -> "subprocess.CompletedProcess[str]":
    """The step of the action that validates, as GitHub runs it."""
    steps: list[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    (script,) = [step["run"] for step in steps if "cxc validate" in step.get("run", "")]
    inputs = {"CXC_FILES": files, "CXC_OPTIONS": options, "CXC_ACCEPT_UNDECIDED": accept}
    environment = {**os.environ, **inputs, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("GITHUB_STEP_SUMMARY", None)
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def workbook(sheet: str, rows: str) -> bytes:
    """A workbook of one sheet with such cells."""
    made, content = Workbook(write_only=True), io.BytesIO()
    page = made.create_sheet(sheet)
    for row in rows.splitlines():
        page.append(row.split(","))
    made.save(content)
    return content.getvalue()


NO_CLUSTER = "host_country,arrival,departure\nPT,2023-05-14,2023-05-20\n"
FAULTS: dict[str, tuple[str, str | bytes, str, str]] = {
    "a column": ("a.csv", NO_CLUSTER, "a.csv", "file=a.csv"),
    "an encoding": ("a.csv", (GOOD + "PT,Şes\n").encode("windows-1250"), "a.csv", "file=a.csv"),
    "no trip": ("a.csv", HEADING, "a.csv", "file=a.csv"),
    "no file": ("a.csv", GOOD, "b.csv", "file=b.csv"),
    "beside a good one": ("a.csv", NO_CLUSTER, "trips.csv a.csv", "file=a.csv"),
    "whose name begins as another's": ("trips.csv.csv", NO_CLUSTER, "trips.csv trips.csv.csv", "file=trips.csv.csv"),
    "a name that would forge": ("a,line=9%0A.csv", NO_CLUSTER, "a,line=9%0A.csv", "file=a%2Cline=9%250A.csv"),
    "a history": ("a.csv", NO_CLUSTER, "trips.csv --history a.csv", "file=a.csv"),
    "a sheet": ("a.xlsx", workbook("June", NO_CLUSTER), "a.xlsx --sheet June", "file=a.xlsx"),
    "a rulebook that is not there": ("a.csv", GOOD, "a.csv --rulebook b.yaml", "file=b.yaml"),
    "a table named twice": ("a.csv", GOOD, "a.csv a.csv", ""),
    "a rulebook": ("b.yaml", BOOK.replace("S5", "S0"), "trips.csv --rulebook b.yaml", "file=b.yaml,line=3"),
    "a sum": ("a.csv", GOOD, "a.csv --budget x", ""),
}


@pytest.mark.parametrize(("name", "content", "given", "place"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_whole_file_is_an_annotation_too(
    folder: Path, run: Run, name: str, content: str | bytes, given: str, place: str
) -> None:
    """The pull request shows it at the file. What standard error and the status say stays."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    plain = run("validate", *given.split())
    found = run("validate", *given.split(), "--format", "github")

    assert (found.status, found.err) == (plain.status, plain.err) == (2, plain.err)
    assert found.out.startswith(f"::error {place},title=This file cannot be read::" if place else "")
    assert found.out.count("\n") == bool(place)
    assert run("validate", *given.split(), "--format", "github", "-o", folder / "out.txt").out == ""
    assert not (folder / "out.txt").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_fault_is_said_where_it_cannot_be_an_annotation(folder: Path) -> None:
    """Standard output that is full hides nothing of what is wrong with the file."""
    (folder / "a.csv").write_text(NO_CLUSTER, encoding="utf-8")
    command = [sys.executable, "-m", "cxc", "validate", "a.csv", "--format", "github"]
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert found.returncode == 2
    assert found.stderr.startswith("cxc: a.csv: there is no column host_cluster")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_no_option_of_the_action(folder: Path, name: str) -> None:
    """A file of any name, found by a pattern, is a table like others: it is read, and changes nothing of the others."""
    (folder / name).write_text(GOOD, encoding="utf-8")
    found = step(folder, "*")

    assert (found.returncode, found.stderr) == (1, "")
    assert found.stdout.count("::error ") == 1
    assert "file=trips.csv" in found.stdout
    assert "2 days on site. At least 3 are needed" in found.stdout
    assert {path.name for path in folder.iterdir()} == {"trips.csv", ".csv", name}
    (folder / name).write_text(TWO_DAYS, encoding="utf-8")
    assert step(folder, "*").stdout.count("::error ") == 2


def test_files_and_options_of_the_action(folder: Path) -> None:
    """Several files and patterns are split at spaces; options, too, but no pattern in them brings a file's name in."""
    (folder / "two.csv").write_text(GOOD, encoding="utf-8")
    (folder / "open.csv").write_text(GOOD.replace("yes", ""), encoding="utf-8")
    (folder / "--exit-zero").write_text("", encoding="utf-8")
    assert step(folder, "t*o.csv  two.c?v", "--rulebook eccp").returncode == 2  # named twice
    assert step(folder, "tw*.csv\nopen.csv").returncode == 3
    assert step(folder, "tw*.csv open.csv", accept="true").returncode == 0
    assert step(folder, "trips.csv tw*.csv", "--rulebook eccp --strict").returncode == 1
    assert step(folder, "trips.csv", "--exit-*").returncode == 2
    assert step(folder, "missing*.csv").returncode == 2
    assert step(folder, "").returncode == 2


def hook(name: str, files: list[str], arguments: list[str] | None = None) -> list[str]:
    """The command line of a hook, as pre-commit makes it: the entry, the arguments or a user's own, the files."""
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    program, *entry = shlex.split(hooks[name]["entry"])
    assert program == "cxc"
    return [*entry, *(hooks[name].get("args", []) if arguments is None else arguments), *files]


@pytest.mark.parametrize("name", NAMES[:2])
@pytest.mark.parametrize("arguments", [None, ["--strict", "--"]])
def test_a_file_name_is_no_option_of_the_hooks(folder: Path, run: Run, name: str, arguments: list[str] | None) -> None:
    """A file of any name is a table like others."""
    (folder / name).write_text(GOOD, encoding="utf-8")
    found = run(*hook("cxc-validate", [name, "trips.csv"], arguments))

    assert found.status == 1
    assert "2 days on site. At least 3 are needed" in found.out
    (folder / name).write_text(BOOK, encoding="utf-8")
    assert run(*hook("cxc-data", [name, ".csv"])).out.startswith(f"{name}: sound; the rulebook brought-along")


def test_a_file_name_that_could_be_an_option_is_refused(folder: Path, run: Run) -> None:
    """Who gives a hook arguments without -- at their end, or writes `cxc validate *`, pays nothing by mistake."""
    (folder / "--rulebook=.csv").write_text(GOOD, encoding="utf-8")
    for command in (
        hook("cxc-validate", ["--rulebook=.csv", "trips.csv"], ["--strict"]),
        ["validate", "--rulebook=.csv", "trips.csv"],
    ):
        found = run(*command)
        assert (found.status, found.out) == (2, "")
        assert found.err == (
            "cxc: '--rulebook=.csv' is an option, and also the name of a file here; if you mean the file, write "
            "./--rulebook=.csv, or rename it\n"
        )
    assert run("validate", "./--rulebook=.csv").status == 0
    assert run("validate", "--", "--rulebook=.csv").status == 0


def test_the_page_on_ci_keeps_files_apart_from_options() -> None:
    """The example with arguments of one's own ends them as the hook does."""
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")

    assert "args: [--history, visits.csv, --]" in page


@pytest.mark.parametrize(("most", "status"), [("180", 0), ("1", 1)])
def test_old_data_on_the_page_on_ci(folder: Path, most: str, status: int) -> None:
    """The command of the example, with the rulebooks of a repository: the summary of the step lists what is old."""
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"- run: (cxc data .*)", page)
    assert "--stale 180 " in command
    (folder / "rulebooks").mkdir()
    (folder / "rulebooks" / "ours.yaml").write_text(BOOK, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    given = command.replace("--stale 180", f"--stale {most} --today 2026-11-25")
    found = subprocess.run(
        ["bash", "-e", "-c", given], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )

    assert (found.returncode, found.stdout) == (status, "")
    assert r"| shortest\_stay\_days | 1 |" in (folder / "summary.md").read_text(encoding="utf-8")
    assert ("Not checked for more than 1 day: 1 of 1." in found.stderr) == bool(status)
