"""What commands write and where: nothing that is read is lost, nothing is left half-written, no stream that fails
changes a status.
"""

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Run, unmeasured
from openpyxl import load_workbook

from cxc.errors import InputError
from cxc.reports.output import StandardOutput, Stopped, heed_signals
from cxc.tables.same_file import keep_apart

TRIPS = """\
host_country,host_cluster,arrival,departure,visitor,visitor_country
PT,yes,2023-05-14,2023-05-20,Acme,RO
NO,yes,2023-05-14,2023-05-20,Beta,RO
"""
HISTORY = "visitor,visitor_id,visitor_country,arrival\n"
TRIP = "host_country: PT\nhost_cluster: yes\narrival: 2023-05-14\ndeparture: 2023-05-20\n"
GOOD = [
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
PLAN = ["plan", "--to", "PT", "--earliest", "2023-05-14", "--latest", "2023-05-20"]
READ = {
    "trips.csv": TRIPS,
    "history.csv": HISTORY,
    "trip.yaml": TRIP,
    "map.yaml": "host_country: host_country\n",
    "base.yaml": "rulebook: base\nextends: medic-nest\n",
    "ours.yaml": "rulebook: ours\nextends: base.yaml\n",
}
VALIDATE = ["validate", "trips.csv", "--history", "history.csv", "--map", "map.yaml", "--rulebook", "ours.yaml"]
CHECK = ["check", "trip.yaml", "--history", "history.csv", "--rulebook", "ours.yaml"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A folder with every kind of file that is read, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    for name, content in READ.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert run("countries", "--format", "json", "-o", "countries.yaml").status == 0
    return tmp_path


@pytest.mark.parametrize(
    ("command", "read"),
    [
        (VALIDATE, ["trips.csv", "history.csv", "map.yaml", "ours.yaml", "base.yaml", "countries.yaml"]),
        (CHECK, ["trip.yaml", "history.csv", "ours.yaml", "base.yaml", "countries.yaml"]),
        ([*PLAN, "--rulebook", "ours.yaml"], ["ours.yaml", "base.yaml", "countries.yaml"]),
        (["estimate", "--rulebook", "ours.yaml"], ["ours.yaml", "base.yaml", "countries.yaml"]),
        (["countries", "--rulebook", "ours.yaml"], ["ours.yaml", "base.yaml", "countries.yaml"]),
        (["countries", "PT", "--rulebook", "ours.yaml"], ["ours.yaml", "base.yaml", "countries.yaml"]),
        (["rules", "--rulebook", "ours.yaml"], ["ours.yaml", "base.yaml"]),
        (["rules", "CXC201", "--rulebook", "ours.yaml"], ["ours.yaml", "base.yaml"]),
    ],
    ids=lambda value: " ".join(value[:2]),
)
def test_nothing_that_is_read_is_written_over(folder: Path, run: Run, command: list[str], read: list[str]) -> None:
    """Not by -o, --report or --ics, and not under another name of the file."""
    tables = [] if command[0] == "rules" else ["--countries", "countries.yaml"]
    (folder / "more").mkdir()
    outputs: list[Callable[[str], list[str]]] = [lambda name: ["-o", name]]
    if command[0] in ("check", "validate"):
        outputs.append(lambda name: ["-o", "report", "--report", f"html={name}"])
    if command[0] == "plan":
        outputs.append(lambda name: ["--ics", name])
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for name in read:
        (folder / "more" / f"link-{name}").symlink_to(folder / name)
        os.link(folder / name, folder / "more" / f"same-{name}")
        for other in (name, f"./more/../{name}", f"more/link-{name}", f"more/same-{name}"):
            for output in outputs:
                result = run(*command, *tables, *output(other))
                assert (result.status, result.out) == (2, ""), (other, result)
                assert f"{other} is a file that is read; name another file to write to" in result.err
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert run(*command, *tables, "-o", "free").status in (0, 1)


def test_what_comes_from_standard_input_is_not_written_over(folder: Path) -> None:
    """`- < trips.csv -o trips.csv`: the file that standard input is."""
    for command, name in ((["validate", "-"], "trips.csv"), (["check", "-"], "trip.yaml")):
        with (folder / name).open("rb") as stream:
            asked = [sys.executable, "-m", "cxc", *command, "-o", name]
            result = subprocess.run(asked, stdin=stream, capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout) == (2, "")
        assert f"{name} is a file that is read" in result.stderr
        assert (folder / name).read_text(encoding="utf-8") == READ[name]


@pytest.mark.parametrize(
    "outputs",
    [
        ["-o", "one", "--report", "html=one"],
        ["--report", "html=one", "--report", "json=./one"],
        ["--report", "html=one", "--report", "html=one"],
        ["-o", "link", "--report", "html=one"],
        ["-o", "old", "--report", "html=same"],
    ],
)
@pytest.mark.parametrize("command", [["validate", "trips.csv"], ["check", "trip.yaml"]], ids=lambda value: value[0])
def test_two_reports_to_one_file(folder: Path, run: Run, command: list[str], outputs: list[str]) -> None:
    """The second would be written over the first; a link to a file, there or not, is that file."""
    (folder / "link").symlink_to("one")
    (folder / "old").write_text("old", encoding="utf-8")
    os.link(folder / "old", folder / "same")
    result = run(*command, *outputs)

    assert (result.status, result.out) == (2, "")
    assert "name two files" in result.err
    assert not (folder / "one").exists()
    assert (folder / "old").read_text(encoding="utf-8") == "old"


def test_plan_and_calendar_in_one_file(folder: Path, run: Run) -> None:
    """Two names of one file are told as such before either is written."""
    (folder / "link").symlink_to("stay")
    result = run(*PLAN, "-o", "stay", "--ics", "link")

    assert (result.status, result.err) == (2, "cxc: link is named by -o and by --ics; name two files\n")
    assert not (folder / "stay").exists()


def test_devices_take_what_is_written_twice(folder: Path, run: Run) -> None:
    """What is no file is not lost: two reports may go to /dev/null."""
    assert run("validate", "trips.csv", "-o", os.devnull, "--report", f"html={os.devnull}").status == 1
    assert run(*PLAN, "-o", os.devnull, "--ics", os.devnull).status == 0


def test_names_that_no_file_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """A NUL in a name, and a standard input that is no file, are left to who opens them."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    keep_apart([("-o", "a\0b"), ("--ics", None)], ["-", "a\0b", Path("missing")])
    with pytest.raises(InputError, match="is a file that is read"):
        keep_apart([("-o", "./missing")], ["missing"])


class Screen(io.TextIOWrapper):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "shown"),
    [
        (io.TextIOWrapper(io.BytesIO(), "utf-8"), "é✔ é✔\n"),
        (Screen(io.BytesIO(), "utf-8"), "é✔ é✔\n"),
        (Screen(io.BytesIO(), "ascii", "replace"), "?+ ?+\n"),
        (io.StringIO(), "é✔ é✔\n"),
    ],
)
def test_pieces_of_text_and_of_bytes(monkeypatch: pytest.MonkeyPatch, stream: io.TextIOBase, shown: str) -> None:
    """They come out in their order, on a pipe, on a terminal, and where a script collects what is written."""
    monkeypatch.setattr("sys.stdout", stream)
    with StandardOutput() as out:
        for piece in ("é✔", " ", "é✔".encode(), "\n"):
            out.write(piece)
    stream.seek(0)

    assert stream.read() == shown


def started(folder: Path, **more: object) -> "subprocess.Popen[bytes]":
    """A command that has begun two reports, and waits for a reader of the second: its pipe is full."""
    (folder / "many.csv").write_text(
        TRIPS + "".join(f"PT,yes,2023-05-14,2023-05-20,Acme {number},RO\n" for number in range(300)), encoding="utf-8"
    )
    os.mkfifo(folder / "pipe")
    command = [sys.executable, "-m", "cxc", "validate", "many.csv", "-o", "report.txt", "--report", "jsonl=pipe"]
    options = {"preexec_fn": heard, "env": unmeasured()} | more
    return subprocess.Popen(command, stderr=subprocess.PIPE, cwd=folder, **options)  # type: ignore[call-overload, no-any-return]


def heard() -> None:
    """Signals are heard, also where the tests themselves were started deaf to one, as under nohup."""
    for name in ("SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_leaves_no_half_written_file(tmp_path: Path, name: str, status: int) -> None:
    """A server that stops the job, a terminal that is closed: what was begun is taken away, and what stood there stays."""
    (tmp_path / "report.txt").write_text("old", encoding="utf-8")
    with started(tmp_path) as child, (tmp_path / "pipe").open("rb"):
        begun = [path.name for path in tmp_path.iterdir() if path.name.startswith(".report.txt.")]
        child.send_signal(getattr(signal, name))
        errors = child.communicate(timeout=60)[1]

    assert len(begun) == 1
    assert (child.returncode, errors) == (status, b"cxc: stopped\n")
    assert {path.name for path in tmp_path.iterdir()} == {"many.csv", "pipe", "report.txt"}
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == "old"


def test_what_a_signal_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """It unwinds the program, and a second one does not come between; on Windows there is no SIGHUP."""
    monkeypatch.setattr(signal, "SIGHUP", None)
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        heed_signals()
        with pytest.raises(Stopped) as stopped:
            signal.raise_signal(signal.SIGTERM)
        assert (stopped.value.status, signal.getsignal(signal.SIGTERM)) == (143, signal.SIG_IGN)
        heed_signals()
        signal.raise_signal(signal.SIGTERM)  # is ignored, and stays so
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_is_to_be_ignored(tmp_path: Path) -> None:
    """Under nohup a closed terminal stops nothing."""
    with started(
        tmp_path, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    ) as child, (tmp_path / "pipe").open("rb") as reader:  # fmt: skip
        child.send_signal(signal.SIGHUP)
        assert reader.read().count(b"\n") == 302
        child.communicate(timeout=60)

    assert child.returncode == 1
    assert "302 rows" in (tmp_path / "report.txt").read_text(encoding="utf-8")


def status_of(command: list[str], folder: Path, **streams: object) -> int:
    return subprocess.run([sys.executable, "-m", "cxc", *command], cwd=folder, check=False, **streams).returncode  # type: ignore[call-overload, no-any-return]


QUIET = subprocess.DEVNULL


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["validate", "trips.csv", "-o", "report.txt"], 1),
        (["validate", "more.csv", "-o", "report.txt"], 0),
        (["check", "trip.yaml", "-o", "report.txt"], 0),
        (["check", "missing.yaml"], 2),
        (["check", "--nonsense"], 2),
        ([*PLAN, "--from", "PT", "--exit-zero", "-o", "report.txt"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_standard_error_that_fails_changes_no_status(folder: Path, command: list[str], status: int) -> None:
    """Full, closed, or a pipe whose reader went away."""
    (folder / "more.csv").write_text(f"x,{TRIPS.partition('NO')[0].replace('PT', 'x,PT')}", encoding="utf-8")
    with open("/dev/full", "wb") as full:
        assert status_of(command, folder, stdout=QUIET, stderr=full) == status
    reader, writer = os.pipe()
    os.close(reader)
    assert status_of(command, folder, stdout=QUIET, stderr=writer) == status
    os.close(writer)
    assert status_of(command, folder, stdout=QUIET, preexec_fn=lambda: os.close(2)) == status


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["data", "ours.yaml", "countries.yaml"], 0),
        (["--help"], 0),
        (["check", "--help"], 0),
        ([], 2),
        (["--version"], 0),
        (["template"], 0),
        (["schema", "verdict"], 0),
        (["countries"], 0),
        (["validate", "trips.csv"], 1),
        (["validate", "trips.csv", "--format", "json"], 1),
        (["check", "trip.yaml", "--host-cluster", ""], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_reader_that_goes_away_changes_no_status(folder: Path, command: list[str], status: int) -> None:
    """`cxc data ours.yaml | true`: what was found is the status, and nothing is said about the pipe."""
    reader, writer = os.pipe()
    os.close(reader)
    asked = [sys.executable, "-m", "cxc", *command]
    found = subprocess.run(asked, cwd=folder, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)

    assert (found.returncode, found.stderr) == (status, b"")


def test_what_was_written_and_the_outcome(folder: Path, run: Run) -> None:
    """Who looks at the terminal alone learns both: the files, and what is in them."""
    one = run(*GOOD, "-o", "verdict.json", "--format", "json", "--report", "html=verdict.html")
    assert (one.status, one.out) == (0, "")
    assert one.err == "Eligible: EUR 780.00 is payable. Written: verdict.json and verdict.html.\n"
    refused = run("check", "trip.yaml", "--from", "PT", "-o", "::error::x")
    assert (refused.status, refused.err) == (1, "Not eligible: nothing is payable. Written: ::error::x.\n")
    open_ = run("check", "--no-ask", "--to", "PT", "-q", "-o", "verdict.txt")
    assert open_.err.startswith(
        "Undecided: EUR 780.00 if the open points are settled in its favour. Written: verdict.txt"
    )
    beside = run(*GOOD, "--report", "html=verdict.html")
    assert beside.out.startswith("✔ Eligible")
    assert beside.err == "Written: verdict.html.\n"
    assert run(*GOOD).err == ""

    many = run("validate", "trips.csv", "-o", "report.csv", "--format", "csv", "--report", "html=report.html")
    assert (many.status, many.out) == (1, "")
    assert many.err == (
        "2 rows: 1 eligible, 1 not-eligible; EUR 780.00 payable. Written: report.csv and report.html.\n"
    )
    beside = run("validate", "trips.csv", "--report", "html=report.html", "--report", "junit=report.xml")
    assert beside.err == "Written: report.html and report.xml.\n"
    assert run("validate", "trips.csv").err == ""


def test_template_as_its_name_says(folder: Path, run: Run) -> None:
    """A file that is called .xlsx is a workbook, whether or not --xlsx is given."""
    for name, options in (("one.xlsx", []), ("two.XLSX", []), ("three.xlsx", ["--xlsx"]), ("four", ["--xlsx"])):
        assert run("template", *options, "-o", name).status == 0
        assert zipped(folder / name)
    for name in ("trips", "new.csv", "new.txt"):
        assert run("template", "-o", name).status == 0
        assert (folder / name).read_text(encoding="utf-8") == run("template").out


def zipped(path: Path) -> bool:
    with path.open("rb") as stream:
        return str(load_workbook(stream)["trips"]["A1"].value) == "reference"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--xlsx", "-o", "t.csv"], "t.csv: with --xlsx the name must end in .xlsx, such as t.xlsx"),
        (["--xlsx", "-o", "t.xls"], "t.xls: with --xlsx the name must end in .xlsx, such as t.xlsx"),
        (["-o", "t.xls"], "t.xls: the table is written as .csv or as .xlsx, not as .xls; name t.csv or t.xlsx"),
        (["-o", "t.ODS"], "t.ODS: the table is written as .csv or as .xlsx, not as .ods; name t.csv or t.xlsx"),
        (["-o", "t.xlsm"], "not as .xlsm"),
        (["-o", "t.parquet"], "not as .parquet"),
    ],
)
def test_template_under_a_name_of_another_kind(folder: Path, run: Run, options: list[str], said: str) -> None:
    """A table under the name of another kind is one that no program opens."""
    result = run("template", *options)

    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert not list(folder.glob("t.*"))


def test_template_replaces_nothing_unasked(folder: Path, run: Run) -> None:
    """A filled-in table is not lost to an empty one, unless that is asked for."""
    shutil.copy("trips.csv", "old.xlsx")
    for name in ("trips.csv", "old.xlsx"):
        result = run("template", "-o", name)
        assert (result.status, result.out) == (2, "")
        assert f"{name} is there already; name another file, or add --force to replace it" in result.err
        assert (folder / name).read_text(encoding="utf-8") == TRIPS
        assert run("template", "-o", name, "--force").status == 0
    assert zipped(folder / "old.xlsx")
    assert (folder / "trips.csv").read_text(encoding="utf-8") == run("template", "--force").out
    assert run("template", "-o", os.devnull).status == 0
    assert run("template", "-o", ".", "--force").status == 2
