"""The help: whole sentences within 80 columns, an example that works, options under headings, exit statuses at the end."""

import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from commands import Run

from cxc.cli import COMMANDS
from cxc.commands.options import ORDER, OTHERS
from cxc.trip import fields

RULEBOOK = Path(__file__).parent / "rulebooks" / "two-visits.yaml"
# The exit statuses of a command as interface has them; the other commands: 0, 2, 70, 130.
STATUSES = {
    "check": [0, 1, 2, 3, 70, 130],
    "validate": [0, 1, 2, 3, 70, 130],
    "plan": [0, 1, 2, 70, 130],
    "data": [0, 1, 2, 70, 130],
    "verify": [0, 1, 2, 70, 130],
}


@pytest.fixture
def page(run: Run, monkeypatch: pytest.MonkeyPatch) -> "Page":
    monkeypatch.setenv("COLUMNS", "80")
    return Page(run)


class Page:
    """The help of a command as it is printed."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __call__(self, *command: str) -> str:
        result = self._run(*command, "--help")
        assert (result.status, result.err) == (0, "")
        return result.out


def example(printed: str) -> str:
    """The command of the example, which stands first, right below the usage."""
    found = re.match(r"Usage: .*\n(?: +\S.*\n)*\nExample:\n(cxc .*)\n\n", printed)
    assert found is not None, printed
    return found[1]


def headings(printed: str) -> list[str]:
    return re.findall(r"^(\S.*):$", printed, re.MULTILINE)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_line_is_wider_than_a_terminal_and_no_sentence_is_cut(page: Page, command: str) -> None:
    """At 80 columns every line fits, and nothing ends in dots."""
    printed = page(*command.split())

    assert max(map(len, printed.splitlines())) <= 80
    assert not re.findall(r".*[^E]\.\.\.$", printed.partition("\n")[2], re.MULTILINE)


def test_the_list_of_commands_says_of_each_what_its_own_help_says_first(page: Page) -> None:
    said = " ".join(page().split())

    for command in COMMANDS:
        first = " ".join((import_module(f"cxc.commands.{command}").run.__doc__ or "").split("\n\n")[0].split())
        assert first.endswith((".", "?"))
        assert f"{command} {first} " in said


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_an_example_works_as_it_stands(
    page: Page, run: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is run where the files that it names are, and it succeeds without a complaint."""
    words = shlex.split(example(page(*command.split())))
    assert words[0] == "cxc"
    assert not command or words[1] == command
    monkeypatch.chdir(tmp_path)
    if command != "template":
        run("template", "-o", "trips.csv")
    (tmp_path / "verdicts.jsonl").write_text(run("check", "--no-ask", "--to", "PT", "--format", "jsonl").out)
    shutil.copy(RULEBOOK, tmp_path / "ours.yaml")

    result = run(*words[1:])

    assert (result.status, result.err) == (0, "" if "-o" not in words else result.err)
    assert result.out or "-o" in words


@pytest.mark.parametrize("command", COMMANDS)
def test_exit_statuses_end_the_page(page: Page, command: str) -> None:
    """Each with its sentence, and nothing below them."""
    end = page(command).partition("\nExit status:\n")[2]

    found = re.findall(r"^  (\d+) +\S.*\.$", end, re.MULTILINE)
    assert [int(status) for status in found] == STATUSES.get(command, [0, 2, 70, 130])
    assert len(found) == len(end.rstrip().splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_stands_under_a_heading(page: Page, command: str) -> None:
    """Plain ones, in one order; without a heading is the help alone, but where the options are so few that none has one."""
    printed = page(command)
    found = headings(printed)[1:-1]

    if found == ["Options"]:
        return
    assert found == [heading for heading in ORDER if heading in found]
    if OTHERS in found:
        others = printed.partition(f"\n{OTHERS}:\n")[2].partition("\n\n")[0]
        assert re.findall("--[a-z-]+", others) == ["--help"]


def test_the_headings_of_check(page: Page) -> None:
    """What every trip needs comes first, what is written last."""
    printed = page("check")
    needed = printed.partition(f"\n{fields.FACTS}:\n")[2].partition("\n\n")[0]

    assert headings(printed) == [
        "Example",
        "What is given",
        "The three facts that every trip needs",
        "Visitor and host",
        "What else counts",
        "Approval by the partnership",
        "Papers, for payment",
        "How it is judged",
        "What is written",
        "Other options",
        "Exit status",
    ]
    stated = {option for name in fields.CORE for option in fields.BY_NAME[name].options}
    assert set(re.findall(r"--[a-z-]+", needed)) == stated


def test_a_narrow_window(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences are wrapped, the command to copy is not."""
    monkeypatch.setenv("COLUMNS", "40")
    printed = run("check", "--help").out

    assert example(printed).endswith("--host-cluster yes")
    assert max(len(line) for line in printed.splitlines() if not line.startswith(("cxc ", "  --format"))) <= 52
