"""What SECURITY.md promises: no network, no other program, no code from data, and nothing written but what was named.

Each command runs as a user runs it, in empty folders, and Python itself tells of what it does (tests/watcher.py).
"""

import ast
import importlib.util
import json
import mimetypes
import os
import re
import shutil
import socket
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, get_args

import pytest
import typer
from openpyxl import Workbook

import cxc
from cxc import cli
from cxc.cli import COMMANDS
from cxc.commands.options import Format, ListFormat, TableFormat, VerifyFormat
from cxc.reports.json import render

HERE = Path(__file__).parent
PROGRAM = Path(cxc.__file__).parent
SECURITY = (HERE.parent / "SECURITY.md").read_text(encoding="utf-8")
CANARY: Final = "canary_of_the_data"  # stands in every file that is read; no code that is run may contain it
HAS_FAST = importlib.util.find_spec("polars") is not None

# Files of data that would be more than data, if anybody let them.
HOSTILE: Final = (
    f'=WEBSERVICE("http://127.0.0.1:9/{CANARY}")',
    f"=cmd|'/c {CANARY}'!A1",
    f"{{{{ {CANARY} }}}}{{% import {CANARY} %}}${{{CANARY}}}$({CANARY})`{CANARY}`%{CANARY}%",
    f"__import__('os').system('{CANARY}')",
    f"<script src=http://127.0.0.1:9/{CANARY}></script>",
)
TRIP: Final = "--to PT --from RO --arrival 2023-05-14 --departure 2023-05-20 --host-cluster yes --visitor-id RO1"
FIELDS: Final = "reference,visitor,visitor_id,visitor_country,host_country,host_cluster,arrival,departure"
ROWS: Final = [[cell, cell, "RO1", "RO", "PT", "yes", "2023-05-14", "2023-05-20"] for cell in HOSTILE]
COUNTRIES: Final = f"""\
countries:
  PT:
    name: {CANARY}
    status: eu-member
    sources: [https://example.org]
    checked: 2026-11-23
    lump_sums: [{{from: 2020-02-03, full_eur: 780, full_basis: published, half_basis: published, sources: [https://example.org], checked: 2026-11-23}}]
  RO: {{name: Romania, status: eu-member, sources: [https://example.org], checked: 2026-11-23}}
"""  # fmt: skip


class Case(NamedTuple):
    """A command, its exit status, the files that it writes, and the file that it is given on standard input.

    Some need temporary files, which are gone when it ends; on GitHub there are variables of the environment.
    """

    command: str
    status: int = 0
    writes: tuple[str, ...] = ()
    stdin: str = ""
    temporary: bool = False
    variables: Mapping[str, str] = MappingProxyType({})


def each(formats: list[str]) -> str:
    return " ".join(f"--report {name}={name}" for name in formats)


TEXTS = [*get_args(Format)]
VERIFIED = [*get_args(VerifyFormat)]
TABLES = [form for form in get_args(TableFormat) if form != "parquet"]
CASES = [
    Case("--help"),
    Case("--version"),
    Case("--help", variables={"_CXC_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "cxc check --to "}),
    Case("--help", variables={"_CXC_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": "cxc check --rulebook ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    Case(f"check --no-ask {TRIP} -o page --history {{history.csv}} --map {{map.yaml}} --rulebook {{ours.yaml}} --countries {{countries.yaml}} {each(TEXTS)}", 0, ("page", *TEXTS), temporary=True),
    Case("check --no-ask {trip.yaml} --config {settings.yaml}"),
    Case("check {trip.yaml} --stage payment --format json", 3),
    Case("check {tagged.yaml}", 2),
    Case("check {aliased.yaml} -o page", 2),
    Case("check -", 0, stdin="trip.json"),
    Case(f"validate {{trips.csv}} {{trips.xlsx}} --history {{history.csv}} --map {{map.yaml}} --rulebook {{ours.yaml}} --countries {{countries.yaml}} -o page {each(TABLES)}", 2, ("page", *TABLES), temporary=True),
    Case("validate - --config {settings.yaml}", 0, stdin="trips.csv", temporary=True),
    Case("validate {trips.csv}", 0, ("summary",), variables={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary"}),
    Case("validate {wrong.csv} -o page", 2, ("page",)),
    Case("estimate --config {settings.yaml} --rulebook {ours.yaml} --countries {countries.yaml} -o page", 0, ("page",)),
    Case("plan --config {settings.yaml} --to PT --earliest 2023-05-01 --latest 2023-05-20 --rulebook {ours.yaml} --countries {countries.yaml} -o page --ics visit.ics", 0, ("page", "visit.ics")),
    Case("countries --rulebook {ours.yaml} --countries {countries.yaml} -o page", 0, ("page",)),
    Case("rules --rulebook {ours.yaml} -o page", 0, ("page",)),
    Case("template -o trips.csv", 0, ("trips.csv",)),
    Case("template -o trips.xlsx", 0, ("trips.xlsx",), temporary=True),
    Case("schema verdict -o page", 0, ("page",)),
    Case(f"verify {{receipt.json}} -o page {each(VERIFIED)}", 0, ("page", *VERIFIED)),
    Case("verify {receipt.json} --rulebook {ours.yaml} --countries {countries.yaml} -o page", 0, ("page",)),
    Case("verify -", 0, stdin="receipt.json", temporary=True),
    Case("verify {tagged.yaml}", 2),
    Case("data"),
    Case("data {ours.yaml} {countries.yaml} --today 2026-11-28 --stale 30 -o page", 0, ("page",)),
    Case("data {tagged.yaml}", 2),
]  # fmt: skip
CASES += [
    Case(f"{command} --format {name}")
    for command, name in (("estimate", "csv"), ("countries", "json"), ("rules", "markdown"))
]
if HAS_FAST:
    CASES += [Case("validate {trips.parquet} --format parquet -o parquet", 1, ("parquet",), temporary=True)]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the files that are read."""
    folder = tmp_path_factory.mktemp("given")
    texts = {
        "trips.csv": "\n".join([FIELDS.replace("reference", CANARY), *(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in ROWS[:1])]),
        "wrong.csv": f"{FIELDS}\n{','.join(ROWS[3]).replace('PT', CANARY)}\n",
        "settings.yaml": "rulebook: ours.yaml\n",
        "map.yaml": f"{CANARY}: reference\n",
        "history.csv": f"visitor,visitor_id,visitor_country,arrival\n{CANARY},RO9,RO,2021-05-14\n",
        "ours.yaml": f"rulebook: ours\nextends: medic-nest\ntitle: {CANARY}\nlump_sums: amounts.csv\n",
        "amounts.csv": f"code,full_eur,full_basis,half_basis,from,source,checked\nPT,780,published,published,2020-02-03,https://example.org/{CANARY},2026-11-23\n",
        "countries.yaml": COUNTRIES,
        "trip.yaml": f"reference: '{HOSTILE[2]}'\nvisitor: \"{HOSTILE[3]}\"\nhost_country: PT\nhost_cluster: yes\narrival: 2023-05-14\ndeparture: 2023-05-20\n",
        "trip.json": json.dumps({"visitor": HOSTILE[3], "host_country": "PT", "host_cluster": True, "arrival": "2023-05-14", "departure": "2023-05-20"}),
        "receipt.json": render(cxc.check(visitor=HOSTILE[3], reference=CANARY, host_country="PT", host_cluster="yes", arrival="2023-05-14", departure="2023-05-20")),
        "tagged.yaml": f"visitor: !!python/object/apply:os.system ['{CANARY}']\n",
        "aliased.yaml": f"visitor: &a {CANARY}\nhost: *a\n",
    }  # fmt: skip
    for name, content in texts.items():
        (folder / name).write_text(content, encoding="utf-8")
    book = Workbook()
    assert book.active
    for row in [[CANARY, *FIELDS.split(",")[1:]], ["", ROWS[0][1], "RO2", *ROWS[0][3:]]]:
        book.active.append(row)
    book.active["A2"] = HOSTILE[1]  # a formula without a value, as a program writes it
    book.save(folder / "trips.xlsx")
    if HAS_FAST:
        import polars

        polars.DataFrame(ROWS[:2], schema=FIELDS.split(","), orient="row").write_parquet(folder / "trips.parquet")
    return folder


class Place(NamedTuple):
    """The folders of a run, all of them empty but for files that nobody asked for: modules that must not be loaded."""

    work: Path
    home: Path
    temporary: Path
    start: Path
    log: Path

    def content(self) -> dict[str, tuple[int, bytes]]:
        """Every file in the folders that belong to the user, with the time of its last change."""
        found = [path for folder in (self.work, self.home, self.temporary) for path in folder.rglob("*")]
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in found}

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """A small environment; nothing of the one in which the tests run, and no program on its path."""
        own = {sys.prefix, sys.base_prefix, str(PROGRAM.parent), str(self.start)}
        return {
            "PATH": str(self.start),
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(self.start),
            "PYTHONDONTWRITEBYTECODE": "1",  # copies of compiled modules are Python's own affair
            "LANG": "C.UTF-8",
            "WATCHED_OWN": os.pathsep.join(own),
            "WATCHED_LOG": str(self.log),
            "WATCHED_PROGRAM": f"{PROGRAM}{os.sep}",
            "WATCHED_CANARY": CANARY,
            CANARY: "a variable that a cell names",
            **variables,
        }

    def seen(self) -> list[list[str]]:
        """What the watcher has seen."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def run(
        self, *command: str, piped: str = "", variables: Mapping[str, str] = MappingProxyType({})
    ) -> subprocess.CompletedProcess[str]:
        """Run a program under the watcher."""
        return subprocess.run(
            command,
            cwd=self.work,
            env=self.environment(variables),
            input=piped,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(*[tmp_path / name for name in Place._fields])
    for folder in made[:-1]:
        folder.mkdir()
    shutil.copy(HERE / "watcher.py", made.start / "sitecustomize.py")
    for module in ("cxc", "typer", "yaml", "json", "csv"):
        (made.work / f"{module}.py").write_text("raise SystemExit('a module of the folder was loaded')\n")
    return made


def program() -> str:
    found = shutil.which("cxc", path=str(Path(sys.executable).parent))
    assert found, "the program is installed beside its Python"
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.command[:40])
def test_a_command_does_what_it_was_told_and_nothing_else(case: Case, given: Path, place: Place) -> None:
    """It writes what was named, reads what was named, runs no code of the data, and calls nobody."""
    command = [re.sub(r"\{(.*?)\}", lambda name: str(given / name[1]), word) for word in case.command.split()]
    read = {path: path.read_bytes() for path in given.iterdir()}
    before = place.content()
    done = place.run(program(), *command, piped=read.get(given / case.stdin, b"").decode(), variables=case.variables)

    assert (done.returncode, done.stderr.count("Traceback")) == (case.status, 0), done.stderr
    assert not [what for what in place.seen() if not allowed(what, case, given, place)]
    written = {str(place.work / name) for name in case.writes}
    assert {name: content for name, content in place.content().items() if name not in written} == before
    assert all(map(os.path.exists, written))
    assert {path: path.read_bytes() for path in given.iterdir()} == read


def allowed(what: list[str], case: Case, given: Path, place: Place) -> bool:
    """Whether a command may do this."""
    kind, *paths = what
    if kind == "read":
        return all(may_be_read(Path(path), case, given, place) for path in paths)
    return kind == "write" and all(may_be_written(Path(path), case, place) for path in paths)


def may_be_read(path: Path, case: Case, given: Path, place: Place) -> bool:
    """What is given, temporary files, the settings of the working folder where a command has some, and what Python needs."""
    if path == place.work / "cxc.yaml":
        return case.command.split()[0] in ("check", "validate", "estimate", "plan")
    return {given, place.temporary} & {*path.parents} != set() or str(path).startswith(SYSTEM)


# What the standard library reads where it exists: which endings of names mean which kind of file, and zones of time.
SYSTEM: Final = (os.devnull, *map(str, (*mimetypes.knownfiles, *zoneinfo.TZPATH)))


def may_be_written(path: Path, case: Case, place: Place) -> bool:
    """A file that was named, the one that takes its name when it is whole, and temporary ones where they are needed."""
    if path == Path(os.devnull):
        return True
    if place.temporary in (path, *path.parents):
        return case.temporary
    begun = re.fullmatch(r"\.(.*)\.[0-9a-f]{8}", path.name)
    return path.parent in (place.work, Path()) and (begun[1] if begun else path.name) in case.writes


DEEDS: Final = {
    "socket": "import socket; socket.socket()",
    "a name looked up": "import socket; socket.gethostbyname('localhost')",
    "another program": "import subprocess, sys; subprocess.run([sys.executable, '--version'])",
    "a shell": "import os; os.system('true')",
    "a fork": "import os; os.fork() or os._exit(0)",
    "a file": "open('left', 'w')",
    "a file in the home": "import os; open(os.environ['HOME'] + '/.left', 'a')",
    "a file by its number": "import os; os.open('left', os.O_CREAT | os.O_WRONLY)",
    "a temporary file": "import tempfile; tempfile.TemporaryFile()",
    "a folder": "import os; os.mkdir('left')",
    "a file renamed": "import os; os.rename('yaml.py', 'x.py')",
    "a file taken away": "import os; os.remove('yaml.py')",
    "rights": "import os; os.chmod('yaml.py', 0o777)",
    "a file that was not named": "open('yaml.py')",
    "a file of the system": "open('/etc/passwd')",
    "code of the data": f"eval('{CANARY}', {{'{CANARY}': 1}})",
    "a pickle": r"import pickle; pickle.loads(b'cbuiltins\nlen\n.')",
    "YAML with a tag": f"import yaml; yaml.unsafe_load(\"!!python/object/apply:eval ['{CANARY}=1']\")",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_watcher_sees(deed: str, given: Path, place: Place) -> None:
    """A watcher that sees nothing would let every test above pass."""
    command = DEEDS[deed]
    place.run(sys.executable, "-P", "-c", command)

    assert [what for what in place.seen() if not allowed(what, Case(command), given, place)]


@pytest.mark.skipif(sys.platform == "win32", reason="pexpect drives no terminal there")
def test_the_conversation_calls_nobody(given: Path, place: Place) -> None:
    """In a terminal, too; the two ends of a pipe that Python's event loop wakes itself by are all that it opens."""
    import pexpect

    environment = place.environment({"TERM": "xterm"})
    before = place.content()
    child = pexpect.spawn(program(), ["check"], env=environment, cwd=str(place.work), encoding="utf-8", timeout=30)
    child.expect("Enter: leave open")
    child.sendline("PT")
    child.expect("Enter: leave open")
    child.sendline(HOSTILE[0])
    child.sendcontrol("c")
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 130
    local = str(int(socket.AF_UNIX))
    opened = [what for what in place.seen() if not allowed(what, Case("check"), given, place)]
    assert {(kind, family) for kind, _, family, *_ in opened} == {("socket.__new__", local)}
    assert place.content() == before


def test_every_command_is_watched() -> None:
    """A new command, format, or option that names a file fails here until it has a case above."""
    assert {case.command.split()[0] for case in CASES} - {"--help", "--version"} == {*COMMANDS}
    named = {name for case in CASES for name in re.findall(r"(?:--format |--report )(\w+)", case.command)}
    assert {*get_args(TableFormat)} - ({"parquet"} if not HAS_FAST else set()) <= named
    assert {"json", "csv", "markdown"} == {*get_args(ListFormat)} - {"text"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_that_names_a_file_is_watched(command: str) -> None:
    typed = [case.command.split() for case in CASES if case.command.split()[0] == command]
    for option in files_named(command):
        assert any(set(option) & set(words) for words in typed), f"no case gives {option} to {command}"


def files_named(command: str) -> Iterator[list[str]]:
    """The options of a command whose value is a file."""
    made: Any = typer.main.get_command(cli.app([command]))
    for option in made.commands[command].params:
        if option.param_type_name == "option" and option.metavar and re.search("FILE|FIELD", option.metavar):
            yield option.opts


def test_what_the_environment_tells_is_in_the_list() -> None:
    """Every variable that the program itself looks at stands in SECURITY.md, and no other does."""
    asked: set[str] = set()
    for path in PROGRAM.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {node.func: node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os.environ":
                (name, *_) = calls[node].args
                asked.add(ast.literal_eval(name))
        uses = re.findall(r"os\.(?:environ\b(?!\.)|getenv|putenv)", path.read_text(encoding="utf-8"))
        assert not uses, f"{path}: write os.environ.get, which this test understands"
    section = SECURITY.partition("variables of the environment")[2].partition("\n\n")[0]
    assert {*re.findall(r"`([A-Z_]+)`", section)} == asked


def test_every_promise_names_a_test_that_exists() -> None:
    """Each row of the tables ends with the tests that hold it."""
    promises = [
        line for line in SECURITY.splitlines() if line.startswith("| ") and "---" not in line and "held by" not in line
    ]
    assert len(promises) > 10
    for promise in promises:
        tests = re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", promise.split("|")[-2])
        assert tests, promise
        for file, name in tests:
            content = (HERE / file).read_text(encoding="utf-8")
            assert not name or f"\ndef {name}(" in content, f"{file} has no {name}"
