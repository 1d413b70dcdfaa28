"""Completion: what Tab offers, in the words of each shell's protocol, and in the shells that are installed here."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pexpect
import pytest
import typer
from commands import Run

from cxc.cli import COMMANDS, app
from cxc.commands.options import Format
from cxc.rules import RULE_NAMES
from cxc.scheme.countries import load_countries
from cxc.scheme.rulebook import shipped
from cxc.trip.fields import DESCRIPTIONS
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES, PROOFS

Complete = Callable[[str], list[str]]
BIN = Path(sys.executable).parent
CODES = {country.code: country.name for country in load_countries().by_code.values()}


def of_bash(line: str) -> dict[str, str]:
    """What bash hands over for a line, at whose end Tab was pressed; `=` stands alone, as bash has it."""
    words = re.sub(r"(?<=\w)=", " = ", line).split(" ")
    words = [word for word in words[:-1] if word] + words[-1:]
    return {"_CXC_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}


def of_others(shell: str, line: str) -> dict[str, str]:
    """What the other shells hand over."""
    word = line.rpartition(" ")[2]
    return {
        "_CXC_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": line if shell in ("zsh", "fish") else line.strip(),
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": word,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }


@pytest.fixture
def complete(run: Run, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """The words that bash is given for a line."""

    def completed(line: str) -> list[str]:
        for name, value in of_bash(line).items():
            monkeypatch.setenv(name, value)
        result = run()
        assert (result.status, result.err) == (0, "")
        return result.out.split()

    return completed


@pytest.fixture
def told(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """What another shell is given for a line."""

    def completed(shell: str, line: str) -> str:
        for name, value in of_others(shell, line).items():
            monkeypatch.setenv(name, value)
        result = run()
        assert (result.status, result.err) == (0, "")
        return result.out

    return completed


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cxc ", [*COMMANDS]),
        ("cxc pl", ["plan"]),
        ("cxc --v", ["--version"]),
        ("cxc check --st", ["--stage", "--strict"]),
        ("cxc check --to ", [*CODES]),
        ("cxc check --host-country P", ["PL", "PT"]),
        ("cxc check --to=P", ["PL", "PT"]),
        ("cxc check --to=", [*CODES]),
        ("cxc check --to p", ["pl", "pt"]),
        ("cxc check --to Po", ["Poland", "Portugal"]),
        ("cxc check --to bosn", ["bosnia-herzegovina"]),
        ("cxc check --to Atlantis", []),
        ("cxc check --to PT --from R", ["RO", "RS"]),
        ("cxc check --host-type ", [*ORGANISATION_TYPES]),
        ("cxc check --visitor-type in", ["innovation-hub", "incubator"]),
        ("cxc check --activity ", [*ACTIVITIES]),
        ("cxc check --activity fair --activity t", ["training"]),
        ("cxc check --evidence ", [*PROOFS]),
        ("cxc check --registered ", ["yes", "no"]),
        ("cxc check --approved ", [*RULE_NAMES]),
        ("cxc check --format j", ["json", "jsonl", "junit"]),
        (
            "cxc check --report ",
            [*map("{}=".format, get_args(Format))],
        ),
        ("cxc validate --report p", ["parquet="]),
        ("cxc check --stage ", ["proposal", "payment"]),
        ("cxc check --color ", ["auto", "always", "never"]),
        ("cxc rules ", [*RULE_NAMES]),
        ("cxc rules cxc60", ["cxc601", "cxc602", "cxc603"]),
        ("cxc rules short", ["shortest-stay"]),
        ("cxc countries XK", ["XK"]),
        ("cxc schema verd", ["verdict", "verdicts"]),
        # Files are the shell's: it completes them where it is given nothing.
        ("cxc check ", []),
        ("cxc validate t", []),
        ("cxc check --history ", []),
        ("cxc check --countries ", []),
        ("cxc check -o ", []),
        ("cxc check --arrival ", []),
        ('cxc check --host "a b', []),
    ],
)
def test_what_tab_offers(complete: Complete, line: str, words: list[str]) -> None:
    """In the order of the lists; case, option with `=`, and a value that may come again."""
    assert complete(line) == words


def test_rulebooks_by_name_and_file(complete: Complete, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the folder that is typed; what needs quotes or is hidden is left to the shell."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "books").mkdir()
    for name in ("ours.yaml", "two words.yaml", ".hidden.yml", "trips.csv", "books/theirs.yml"):
        (tmp_path / name).touch()

    assert sorted(complete("cxc check --rulebook ")) == sorted([*shipped(), "ours.yaml"])
    assert complete("cxc validate --rulebook m") == ["medic-nest"]
    assert complete("cxc plan --rulebook o") == ["ours.yaml"]
    assert complete("cxc rules --rulebook books/") == ["books/theirs.yml"]
    assert complete("cxc rules --rulebook nowhere/") == []


@pytest.mark.parametrize("code", CODES)
def test_every_country_by_its_name(complete: Complete, code: str) -> None:
    """Code and name are those of the country table, and what is offered is read as that country."""
    [word] = complete(f"cxc countries {CODES[code].replace(' ', '-')}")

    assert load_countries().find(word).code == code


def test_a_field_that_is_one_of_a_few_words_is_completed(complete: Complete) -> None:
    """A new field of such a kind, too."""
    for field in DESCRIPTIONS:
        if field.kind.choices:
            assert complete(f"cxc check {field.options[0]} ") == [*field.kind.choices]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_offered(complete: Complete, command: str) -> None:
    built = typer.main.get_command(app([command])).commands[command]  # type: ignore[attr-defined]
    names = [name for option in built.params for name in (*option.opts, *option.secondary_opts) if name[:2] == "--"]

    assert complete(f"cxc {command} --") == [*names, "--help"]


def test_codes_come_with_their_names(told: Callable[[str, str], str]) -> None:
    """In the form of each shell that shows them."""
    assert told("zsh", "cxc check --to P") == """_arguments '*: :(("PL":"Poland"\n"PT":"Portugal"))'\n"""
    assert told("fish", "cxc check --to P") == "PL\tPoland\nPT\tPortugal\n"
    for shell in ("powershell", "pwsh"):
        assert told(shell, "cxc check --to P") == "PL:::Poland\nPT:::Portugal\n"
    assert told("fish", "cxc rules CXC20") == "CXC201\tshortest-stay\nCXC202\tlongest-stay\n"
    assert told("powershell", "cxc check --stage ") == "proposal::: \npayment::: \n"


def test_signs_that_mean_something_to_zsh(told: Callable[[str, str], str]) -> None:
    """An apostrophe and a colon stand in sentences, inside quotes inside quotes."""
    assert r"the visitor'\''s partnership" in told("zsh", "cxc check --report-v")
    assert r'"--rulebook":"Rulebook\\: medic-nest' in told("zsh", "cxc check --ru")


def test_commands_come_with_their_sentences(told: Callable[[str, str], str]) -> None:
    """Whole ones."""
    assert told("fish", "cxc che") == "check\tCheck one trip: is it eligible, why or why not, and what does it pay?\n"


@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_an_option_with_its_value_is_one_word(told: Callable[[str, str], str], shell: str) -> None:
    assert re.findall(r"[\w=-]*P[LT]\b", told(shell, "cxc check --to=P")) == ["--to=PL", "--to=PT"]


def test_zsh_and_fish_fall_back_to_files(
    run: Run, told: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """zsh is told to, fish is told by a status that there is nothing to offer."""
    assert told("zsh", "cxc validate t") == "_files\n"
    for line, status in (("cxc validate t", 1), ("cxc check --to ", 0)):
        for name, value in (of_others("fish", line) | {"_TYPER_COMPLETE_FISH_ACTION": "is-args"}).items():
            monkeypatch.setenv(name, value)
        assert run() == (status, "", "")


def test_only_what_is_completed_is_loaded() -> None:
    """Nobody who presses Tab waits for YAML, Rich or another command."""
    program = (
        "import sys, cxc.cli\nstatus = cxc.cli.run([])\n"
        "print(*(name for name in ('yaml', 'rich', 'cxc.commands.check', 'cxc.commands.plan') if name in sys.modules))\n"
        "sys.exit(status)"
    )
    for given in (
        of_bash("cxc plan --to "),
        of_others("zsh", "cxc plan --rulebook "),
        of_others("fish", "cxc plan --"),
    ):
        environment = os.environ | given
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "cxc.commands.plan"


def environment(home: Path) -> dict[str, str]:
    """That of somebody whose home is here, and whose path has the program."""
    kept = {name: value for name, value in os.environ.items() if name in ("LANG", "FPATH", "LD_LIBRARY_PATH")}
    return {
        "LANG": "C.UTF-8",
        **kept,
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm",
    }


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(tmp_path: Path, shell: str) -> None:
    """It is printed, or put where the shell reads it; the variable switches off looking for the shell that runs it."""
    named = environment(tmp_path) | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    command = [str(BIN / "cxc"), "--show-completion", shell]
    shown = subprocess.run(command, env=named, capture_output=True, text=True, check=True)
    installed = subprocess.run(
        [*command[:1], "--install-completion", shell], env=named, capture_output=True, check=True
    )

    assert f"_CXC_COMPLETE=complete_{shell}" in shown.stdout
    assert shown.stderr == ""
    assert installed.stderr == b""
    assert any(shown.stdout.strip() in path.read_text() for path in tmp_path.rglob("*cxc*") if path.is_file())


def test_a_shell_that_is_not_known(tmp_path: Path) -> None:
    """The shells for which there is completion are named, and nothing is written."""
    program = "import os, sys; os.setsid(); from cxc.cli import run; import shellingham; sys.exit(run(sys.argv[1:]))"
    for option in ("--show-completion", "--install-completion"):
        command = f"{shlex.quote(sys.executable)} -c {shlex.quote(program)} {option}; exit $?"
        done = subprocess.run(
            ["dash", "-c", command], env=environment(tmp_path), capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "completion is there for bash, zsh, fish and PowerShell" in done.stderr
    assert [*tmp_path.iterdir()] == []


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[pexpect.spawn]:
    """A shell at a terminal, for whose user completion was switched on."""
    name = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    home = environment(tmp_path)
    named = home | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    subprocess.run([BIN / "cxc", "--install-completion", name], env=named, capture_output=True, check=True)
    (tmp_path / "trips-of-may.csv").touch()
    child = pexpect.spawn(name, ["-i"], env=home, encoding="utf-8", timeout=60, cwd=tmp_path, dimensions=(40, 200))
    child.delaybeforesend = None
    child.send("echo rea''dy\r")
    child.expect_exact("ready")
    yield child
    child.close(force=True)


@pytest.mark.parametrize(
    ("typed", "completed", "printed"),
    [
        ("cxc countries Portu", "gal", "780.00"),
        ("cxc estimate --days 5 --to=Portu", "gal", "780.00"),
        ("cxc rules shortest", "-stay", "CXC201"),
        ("cxc schema rulebo", "ok", '"$schema"'),
        ("cat trips-of", "-may.csv", ""),
        ("cxc data trips-of", "-may.csv", "cxc: trips-of-may.csv"),
    ],
)
def test_in_a_shell(shell: "pexpect.spawn[str]", typed: str, completed: str, printed: str) -> None:
    """Tab completes the word, and the command that stands there then works."""
    shell.send(f"{typed}\t")
    shell.expect_exact(completed)
    shell.send("\r")
    shell.expect_exact(printed)


def test_a_shell_lists_codes_with_their_names(shell: "pexpect.spawn[str]") -> None:
    """Of several words zsh and fish show the meaning, too."""
    shell.send("cxc countries C\t\t")
    shell.expect_exact("CZ")
    if "bash" not in str(shell.command):
        shell.expect_exact("Czech Republic")
