"""The command line: options, files, formats, exit statuses, and what it says when something is wrong."""

import contextlib
import datetime
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest
from commands import Result, Run
from jsonschema import Draft202012Validator

import cxc
from cxc import __version__, cli
from cxc.errors import InputError, TripError
from cxc.reports import output, schema
from cxc.rules import RULE_NAMES
from cxc.scheme.countries import load_countries
from cxc.scheme.rulebook import load_rulebook
from cxc.tables.csv_table import CsvTable
from cxc.visits import Visit
from cxc.vocabulary import ORGANISATION_TYPES

GOOD = ["--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20", "--host-cluster", "yes"]


def in_process(*arguments: str, **more: object) -> "subprocess.CompletedProcess[bytes]":
    """Runs a command as users do, in a process of its own."""
    return subprocess.run([sys.executable, "-m", "cxc", *arguments], capture_output=True, check=False, **more)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (GOOD, 0),
        ([*GOOD, "--from", "PT"], 1),
        (GOOD[:-2], 3),
        ([*GOOD, "--strict"], 3),
        ([*GOOD, "--from", "PT", "--exit-zero"], 0),
        ([*GOOD[:-2], "--exit-zero"], 0),
        ([*GOOD, "--to", "Atlantis", "--exit-zero"], 2),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_exit_status(run: Run, arguments: list[str], status: int, form: str) -> None:
    """0 eligible, 1 not eligible, 3 undecided; --exit-zero never hides input that cannot be read."""
    assert run("check", "--no-ask", "--format", form, *arguments).status == status


BAD_OPTIONS = [
    (["--to", "Grmany"], "host_country: 'Grmany' is not a known country; did you mean Germany"),
    (["--from", "Atlantis"], "visitor_country: 'Atlantis' is not a known country"),
    (
        ["--visitor-type", "univercity"],
        "visitor_type: 'univercity' is not a known type of organisation; did you mean university",
    ),
    (
        ["--host-type", "x"],
        "host_type: 'x' is not a known type of organisation; the known ones are sme, cluster-organisation",
    ),
    (["--activity", "golfing"], "activity: 'golfing' is not a known activity"),
    (["--activity", "training;golf"], "activity: 'training;golf' contains 'golf', which is not a known activity"),
    (["--activity", ";"], "activity: ';' contains no word"),
    (["--rulebook", "medicnest"], "there is no rulebook 'medicnest'; did you mean medic-nest?"),
    (["--rulebook", "missing.yaml"], "missing.yaml: there is no such file"),
    (["--countries", "missing.yaml"], "missing.yaml: there is no such file"),
    (["--history", "missing.csv"], "missing.csv: there is no such file"),
    (["--arrival", "04.03.2026"], "arrival: '04.03.2026' is not a date of the form YYYY-MM-DD"),
    (["--arrival", "2026-3-4"], "arrival: '2026-3-4' is not a date of the form YYYY-MM-DD"),
    (["--arrival", "2024-W10-1"], "arrival: '2024-W10-1' is not a date of the form YYYY-MM-DD"),
    (["--arrival", "2026/03-04"], "arrival: '2026/03-04' is not a date of the form YYYY-MM-DD"),
    (["--arrival", "2026-03/04"], "arrival: '2026-03/04' is not a date of the form YYYY-MM-DD"),
    (["--arrival", "2023-02-30"], "arrival: '2023-02-30' is not a day of the calendar"),
    (["--arrival", "0203-05-14"], "arrival: '0203-05-14' has a year outside 1900 to 2199"),
    (
        ["--first-day", "2023-05-15", "--last-day", "2023-05-19"],
        "arrival and departure, or first_day and last_day, not both",
    ),
    (["--departure", "2023-05-13"], "departure: '2023-05-13' is before arrival, '2023-05-14'"),
    (["--departure", ""], "departure: needed together with arrival"),
    (["--arrival", ""], "arrival: needed together with departure"),
    (["--host-cluster", "tbc"], "host_cluster: 'tbc' does not say whether the organisation is a member of a cluster"),
    (["--host-cluster", "n/a"], "leave the field blank if it is not known"),
    (["--host-cluster", "-"], "leave the field blank if it is not known"),
    *(
        (["--host-cluster", remark], "leave the field blank if it is not known")
        for remark in (
            "yes?",
            "no?",
            "yes (tbc)",
            "TBC - asked 3 May",
            "to be confirmed by host",
            "unknown (asked Maria)",
            "N/A (SME)",
            "pending approval",
            "maybe",
            "probably",
            "in progress",
            "see e-mail",
            "ask host",
            "ex-member",
            "applied for membership",
            "will join in June",
            "without",
            "nu este membru",
            "pas membre",
            "nessun cluster",
            "aucun cluster",
            "не е член",
            "nincs",
            "není",
            "nėra",
            "puudub",
            "jahh",
            "ni član",
            "ej medlem",
            "nevím",
            "sconosciuto",
            "desconocido",
            "necunoscut",
            "n.v.t.",
            "k.A.",
            "en cours",
            "a confirmar",
            "wird nachgereicht",
            "don't know",
            "I don't know",
            "unsure",
            "hopefully",
            "blank",
            "candidate",
            "expired",
            "left in 2022",
            "Medvia - not a member",
            "Medvia (membership pending)",
            "no cluster",
            "kein Cluster",
            "nije član",
            "δεν ειναι μελος",
            "0",
            "1",
            "y",
            "x",
        )
    ),
    (["--host-cluster", "?"], "leave the field blank if it is not known"),
    (["--visitor-cluster", "unknown"], "leave the field blank if it is not known"),
    (["--visitor-cluster", "not yet"], "leave the field blank if it is not known"),
    (["--visitor-cluster", "neinn"], "leave the field blank if it is not known"),
    (["--visitor-id", "n/a"], "visitor_id: 'n/a' is not an id"),
    (["--visitor-id", "none"], "visitor_id: 'none' is not an id"),
    (["--visitor-id", "000"], "visitor_id: '000' is not an id"),
    (["--visitor-id", "not registered"], "visitor_id: 'not registered' is not an id"),
    (["--visitor", "tbc"], "visitor: 'tbc' does not name an organisation"),
    (
        ["--approved", "CXC501", "--approved-by", "?", "--approved-on", "2023-01-01"],
        "approved_by: '?' does not name a person",
    ),
    (["--from", "n/a"], "visitor_country: 'n/a' is not a known country"),
    (["--to", "i.e."], "host_country: 'i.e.' is not a known country"),
    (["--to", "Réunion"], "Réunion has a code of its own, apart from France"),
    (["--from", "AX"], "write Finland if the partnership says so"),
    (["--date-format", "DMYYYY"], "'DMYYYY' is not a date format"),
    (["--approved", "CXC501"], "approved_by and approved_on: needed with approved"),
    (["--approved", "CXC501", "--approved-by", "Ana"], "approved_on: needed with approved"),
    (
        ["--approved", "CXC999", "--approved-by", "Ana", "--approved-on", "2023-01-01"],
        "approved: 'CXC999' is not a known code of a rule",
    ),
    *(
        (["--travellers", number], "is too large a number of travellers; write a whole number from 1 to 100000\n")
        for number in ("100001", "1000000000", "9" * 50)
    ),
    (["--travellers", "1e9"], "'1e9' is not a number of travellers; write a whole number, 1 or more"),
    (["--residence-days", "4000000000"], "is too large a number of days; write a whole number from 0 to 100000"),
    (["--travellers", "0"], "travellers: '0' is not a number of travellers; write a whole number, 1 or more"),
    (["--travellers", "1.5"], "write a whole number, 1 or more"),
    (["--distance-km", "-1"], "distance_km: '-1' is not a distance in km; write a number from 0 to 20040"),
    (["--distance-km", "abc"], "distance_km: 'abc' is not a distance in km"),
    (["--distance-km", "20041"], "distance_km: '20041' is not a distance in km"),
    (["--distance-km", "1,234"], "distance_km: '1,234' can be read in two ways; write 1234 or 1.234"),
    (["--distance-km", "1.200"], "distance_km: '1.200' can be read in two ways; write 1200 or 1.2"),
    (["--distance-km", "1e3"], "is not a distance in km"),
    (["--third-country-national", "maybe"], "third_country_national: 'maybe' is neither yes nor no"),
    (["--residence-days", "many"], "residence_days: 'many' is not a number of days"),
    (["--date-format", "DD.MM"], "'DD.MM' is not a date format"),
    (["--format", "pdf"], "Invalid value for '--format': 'pdf' is not one of 'text', 'json'"),
    (["--colour", "red"], "No such option: --colour"),
    (["one.yaml", "two.yaml"], "unexpected extra argument"),
    (["--to"], "Option '--to' requires an argument"),
]


@pytest.mark.parametrize(
    ("arguments", "says"), BAD_OPTIONS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_bad_option(run: Run, arguments: list[str], says: str) -> None:
    """One clear sentence on standard error, status 2, and nothing on standard output."""
    result = run("check", "--no-ask", *GOOD, *arguments)

    assert (result.status, result.out) == (2, "")
    assert says in result.err
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err


BAD_FILES = {
    "list": (b"- host_country: PT\n", "contains a list; write one trip as field: value"),
    "word": (b"PT\n", "contains a single value"),
    "json list": (b"[1]", "contains a list"),
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\n", "the file is empty"),
    "comment": (b"# nothing\n", "the file is empty"),
    "unknown key": (b"host_contry: PT\n", "'host_contry' is not a field of a trip; did you mean host_country"),
    "stranger key": (b"qqq: PT\n", "'qqq' is not a field of a trip; cxc schema trip lists the fields"),
    "key twice": (b"host: a\nhost: b\n", "the key 'host' is given twice"),
    "json key twice": (b'{"host": "a", "host": "b"}', "the key 'host' is given twice"),
    "large": (b"a" * 50_000_000, "larger than 1 MB"),
    "not UTF-8": (b"host: M\xfcller\n", "not UTF-8 text"),
    "alias bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchors (&name) are not accepted"),
    "deep": (b"[" * 100_000, "nested too deep"),
    "deep json": (b'[{"a":' * 100_000, "nested too deep"),
    "nested": (b"host: {name: x}\n", "a text, a number or a list of texts is needed here"),
    "list of lists": (b"activity: [[fair]]\n", "a text, a number or a list of texts is needed here"),
    "list for one": (b"host_country: [PT, ES]\n", "host_country: 'PT; ES' is a list, but this field needs one value"),
    "true country": (
        b'{"host_country": true}',
        "host_country: 'true' is a yes or no, but this field needs something else",
    ),
    "receipt": (
        b'{"data": {"rulebook": "0"}, "seal": "0"}',
        "this is a saved verdict, not a trip; cxc verify checks it",
    ),
    "tag": (b"host: !!python/name:os.system x\n", "tags"),
    "two documents": (b"host: a\n---\nhost: b\n", "more than one document"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_trip_file(run: Run, tmp_path: Path, name: str) -> None:
    """A file that states no trip: one clear sentence, status 2, nothing on standard output."""
    content, says = BAD_FILES[name]
    path = tmp_path / "trip.yaml"
    path.write_bytes(content)
    result = run("check", "--no-ask", path)

    assert (result.status, result.out) == (2, "")
    assert says in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "options", "says"),
    [
        ("trip.yaml", "host: Lab\nhost_contry: PT\n", (), "{file}:2: 'host_contry' is not a field of a trip"),
        ("trip.yaml", "host: Lab\narrival: soon\n", (), "{file}:2: arrival: 'soon' is not a date"),
        ("trip.json", '{"host": "Lab",\n"arrival": "soon"}', (), "{file}:2: arrival: 'soon' is not a date"),
        ("trip.json", '{"host_contry": "PT"}', (), "{file}: 'host_contry' is not a field of a trip"),
        ("trip.yaml", "arrival: 2023-05-14\n", ("--departure", "soon"), "departure: 'soon' is not a date"),
        ("trip.yaml", "arrival: 2023-05-14\n", ("--arrival", "soon"), "arrival: 'soon' is not a date"),
    ],
)
def test_what_is_wrong_in_a_trip_file_has_its_line(
    run: Run, tmp_path: Path, name: str, content: str, options: tuple[str, ...], says: str
) -> None:
    """What an option states in the place of the file stands in none of its lines."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    assert run("check", "--no-ask", path, *options).err.startswith(f"cxc: {says.format(file=path)}")


@pytest.mark.parametrize(
    ("content", "says"), [('{"host": "a",}', ":1: this is not valid JSON"), ('{"host"', "not valid JSON")]
)
def test_bad_json_file(run: Run, tmp_path: Path, content: str, says: str) -> None:
    """A .json file must be JSON."""
    path = tmp_path / "trip.json"
    path.write_text(content)

    assert says in run("check", "--no-ask", path).err


def test_several_faults_are_all_named(run: Run) -> None:
    """One line for each field, so that nobody mends them one run at a time."""
    result = run("check", "--no-ask", *GOOD, "--to", "Atlantis", "--travellers", "0")

    assert [line.split(":")[1].strip() for line in result.err.splitlines()] == ["host_country", "travellers"]


def test_missing_trip_file_and_folder(run: Run, tmp_path: Path) -> None:
    """A file that is not there, and a folder."""
    assert "there is no such file" in run("check", tmp_path / "missing.yaml").err
    assert "this is a folder" in run("check", tmp_path).err


TRIP = """\
host_country: PT
host_cluster: true
arrival: 2023-05-14
departure: 2023-05-20
activity: [training, fair]
travellers: 1
visitor_country: NO
visitor_type:
"""


def test_trip_file_and_options(run: Run, tmp_path: Path) -> None:
    """A YAML file reads NO as Norway; an option takes the place of a field; a blank is not stated."""
    path = tmp_path / "trip.yaml"
    path.write_text(TRIP)
    as_json = json.loads(run("check", path, "--format", "json").out)

    assert as_json["trip"]["visitor_country"] == "NO"
    assert as_json["trip"]["visitor_type"] is None
    assert run("check", path).status == 1
    assert run("check", path, "--from", "RO").status == 0


def test_json_trip_file(run: Run, tmp_path: Path) -> None:
    """JSON with numbers, true, false and null; a file without a name for it, too."""
    stated = {"host_country": "PT", "host_cluster": True, "arrival": "2023-05-14", "departure": "2023-05-20"}
    more = {"distance_km": 180.5, "travellers": 1, "third_country_national": False, "visitor": None}
    for name in ("trip.json", "trip"):
        path = tmp_path / name
        path.write_text(json.dumps(stated | more))
        document = json.loads(run("check", path, "--format", "json").out)

        assert document["payable"]["amount"] == "390.00"
        assert document["trip"]["distance_km"] == 180.5
    (tmp_path / "flow.yaml").write_text("{host_country: PT, host_cluster: no}\n")
    assert run("check", "--no-ask", tmp_path / "flow.yaml").status == 3


def test_standard_input() -> None:
    """`-` is standard input, in a process of its own."""
    result = in_process("check", "-", input=TRIP.replace("NO", "RO").encode())

    assert result.returncode == 0
    assert result.stdout.decode().startswith("✔ Eligible: EUR 780.00 is payable\n")


def test_date_format(run: Run) -> None:
    """A whole input may write its dates in another form; then it must be that form."""
    dates = ["--arrival", "14.05.2023", "--departure", "20.05.2023"]
    assert run("check", "--no-ask", *GOOD, *dates, "--date-format", "DD.MM.YYYY").status == 0
    assert run("check", "--no-ask", *GOOD, "--arrival", "5/14/2023", "--departure", "5/20/2023",
               "--date-format", "M/D/YYYY").status == 0  # fmt: skip
    assert "such as 14.05.2023" in run("check", "--no-ask", *GOOD, "--date-format", "DD.MM.YYYY").err


HISTORY = "visitor,visitor_id,visitor_country,arrival,remark\n"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (HISTORY, 0),
        (HISTORY + "Acme,RO 1,RO,2022-01-10,x\n", 1),
        (HISTORY + "Acme,,RO,,\n", 1),
        (HISTORY + "ACME,RO 2,RO,,\n", 3),
        (HISTORY.replace(",", ";") + "Acme;RO 1;RO;2022-01-10;x\n", 1),
        ("sep=;\r\n" + HISTORY.replace(",", ";") + "Acme;RO 1;RO;2022-01-10;x\r\n", 1),
        ("\ufeffVisitor ID\n\nRO-1\n", 1),
        ("Visitor\tVisitor Country\nAcme\tRomânia\n", 1),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_history(run: Run, tmp_path: Path, content: str, status: int, encoding: str) -> None:
    """Earlier visits decide the one-visit rule, however the spreadsheet wrote them."""
    path = tmp_path / "history.csv"
    path.write_bytes(content.encode(encoding))
    result = run(
        "check", "--no-ask", *GOOD, "--history", path, "--visitor", "Acme", "--visitor-id", "RO1", "--from", "RO"
    )

    assert result.status == status
    if status:
        assert f"{path}, row " in result.out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the table is empty"),
        (b"visitor_id,Visitor-ID\n,A1\n", "both name visitor_id"),
        (b"visitor,visitor_country\nAcme,n/a\n", "row 2: visitor_country: 'n/a' is not a known country"),
        (b"name,id\nAcme,1\n", "a history needs the column visitor_id"),
        (b"visitor\nAcme\n", "a history needs the column visitor_id"),
        (b"visitor,visitor_country\nAcme,\n", "row 2: the visit names no visitor"),
        (b"visitor,visitor_country\nAcme,Atlantis\n", "row 2: visitor_country: 'Atlantis' is not a known country"),
        (b"visitor_id,arrival\nRO1,1.1.2022\n", "row 2: arrival: '1.1.2022' is not a date"),
        (b"visitor_id\nM\xfcller\n", "is not UTF-8 text"),
        (b'visitor_id\n"RO1\n', "row 2: a cell begins with a quotation mark here and never ends"),
    ],
)
def test_bad_history(run: Run, tmp_path: Path, content: bytes, says: str) -> None:
    """A visit that cannot be read is never left out silently: somebody would be paid twice."""
    path = tmp_path / "history.csv"
    path.write_bytes(content)
    result = run("check", "--no-ask", *GOOD, "--history", path)

    assert (result.status, result.out) == (2, "")
    assert says in result.err


def test_output_file(run: Run, tmp_path: Path) -> None:
    """-o writes the report to a file, whole or not at all, and standard output stays empty."""
    path = tmp_path / "verdict.json"
    path.write_text("old")
    result = run("check", "--no-ask", *GOOD, "--format", "json", "-o", path)

    assert (result.status, result.out) == (0, "")
    assert json.loads(path.read_text())["outcome"] == "eligible"
    assert run("check", "--no-ask", *GOOD, "-o", tmp_path / "new.txt").status == 0
    assert (tmp_path / "new.txt").read_text().startswith("✔ Eligible")
    assert sorted(os.listdir(tmp_path)) == ["new.txt", "verdict.json"]
    assert run("check", "--no-ask", *GOOD, "-o", "/dev/null").status == 0


def test_output_file_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    """A clear sentence and status 2; a failure half-way leaves what was there before."""
    result = run("check", "--no-ask", *GOOD, "-o", tmp_path / "missing" / "x.txt")
    assert result.status == 2
    assert "cannot be written" in result.err
    path = tmp_path / "kept.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), output.WholeFile(path) as file:
        file.write("half of it")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["kept.txt"]


def test_trip_file_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    """A report named like the trip file would destroy it; a link is followed, not replaced."""
    path = tmp_path / "trip.yaml"
    path.write_text(TRIP)
    assert run("check", path, "-o", path).status == 2
    assert run("check", path, "--report", f"html={path}").status == 2
    assert path.read_text() == TRIP
    (tmp_path / "link").symlink_to(tmp_path / "report.txt")
    assert run("check", path, "-o", tmp_path / "link").status == 1
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report.txt").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_full_disk_and_closed_streams() -> None:
    """What cannot be written is said, with status 2; streams that a scheduler has closed are no fault."""
    for arguments in (["check", "--no-ask", *GOOD], ["countries"], ["--version"], ["--help"]):
        with open("/dev/full", "wb") as full:
            result = subprocess.run(
                [sys.executable, "-m", "cxc", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert (result.returncode, result.stderr.count(b"\n")) == (2, 1)
        assert b"standard output cannot be written: No space left on device" in result.stderr
    assert "No space left" in in_process("check", "--no-ask", *GOOD, "-o", "/dev/full").stderr.decode()
    closed = subprocess.run(
        f"{sys.executable} -m cxc check {' '.join(GOOD)} --from PT <&- >&- 2>&-", shell=True, check=False
    )
    assert closed.returncode == 1


def test_what_the_partnership_decides_is_named(run: Run) -> None:
    """The codes that wait for the partnership stand there ready to be stated."""
    assert (
        "--approved 'CXC102;CXC501' --approved-by NAME"
        in run("check", "--no-ask", *GOOD, "--to", "GB", "--activity", "other").out
    )


def test_cluster_that_was_taken_as_a_name_is_shown(run: Run) -> None:
    """A free text that counts as a cluster's name is shown, so that a slip is seen; a long one is cut."""
    assert "cluster of the host: Medvia\n" in run("check", "--no-ask", *GOOD, "--host-cluster", "Medvia").out
    assert len(run("check", "--no-ask", *GOOD, "--visitor", "x" * 100_000).out) < 10_000
    assert run("check", "--no-ask", *GOOD, "--host-cluster", "Non-Ferrous Metals Cluster").status == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("host-cluster", name) for name in (
            "Cluster Excellence Denmark", "Cluster FOOD+i", "Cluster SIVI", "Cluster Lombardo Mobilita", "Cluster Smart City",
            "Open Innovation Cluster", "Applied Photonics Cluster", "Non Ferrous Cluster", "SI Cluster", "Si Cluster Greece",
            "NEM Cluster", "See Cluster", "Joining Forces", "Check Point Cluster", "Sans Souci", "Norway Health Tech",
            "Medvia", "Imago-Mol", "Hellenic BioCluster", "Biotecyl", "Silicon Saxony", "IT-Cluster", "NOI Techpark",
        )),
        *(("visitor-id", key) for key in ("SI 12345678", "NO 987 654 321", "RO-12", "DE123", "999888777", "A1")),
        *(("distance-km", number) for number in ("180,125", "180.5", "20040", "0")),
    ],
)  # fmt: skip
def test_real_names_and_numbers_are_read(run: Run, field: str, value: str) -> None:
    """A guard against remarks must not refuse the clusters, ids and distances that exist."""
    assert run("check", "--no-ask", *GOOD, f"--{field}", value).status == 0


@pytest.mark.parametrize("name", ["Will Smith", "Da Silva", "Tak Kowalski", "In Sook"])
def test_people_who_approve(run: Run, name: str) -> None:
    """Whoever approves is named, whatever the name."""
    approval = ["--activity", "other", "--approved", "CXC501", "--approved-by", name, "--approved-on", "2023-01-01"]
    assert run("check", "--no-ask", *GOOD, *approval).status == 0


def test_control_codes_in_data_never_reach_the_screen(run: Run, tmp_path: Path) -> None:
    """A rulebook, a country table and a file's name are text from outside, too."""
    book = tmp_path / "ours.yaml"
    book.write_text('rulebook: "our\\e[31ms"\nextends: medic-nest\n')
    history = tmp_path / "h\x1b[31m.csv"
    history.write_text("visitor_id\nRO1\n")
    result = run("check", "--no-ask", *GOOD, "--rulebook", book, "--history", history, "--visitor-id", "RO1")

    assert result.status == 1
    assert "\x1b" not in result.out


def test_history_in_iso_beside_another_date_format(run: Run, tmp_path: Path) -> None:
    """A history may write its dates as YYYY-MM-DD although the trip writes them otherwise."""
    history = tmp_path / "history.csv"
    dates = ["--arrival", "14.05.2023", "--departure", "20.05.2023", "--date-format", "DD.MM.YYYY"]
    for arrival in ("2022-01-10", "10.01.2022"):
        history.write_text(f"visitor_id,arrival\nRO1,{arrival}\n")
        assert run("check", "--no-ask", *GOOD, *dates, "--history", history, "--visitor-id", "RO1").status == 1
        assert cxc.check(visitor_id="RO1", history=str(history)).outcome == "not-eligible" if "-" in arrival else True


def test_full_disk_in_the_middle_of_a_file() -> None:
    """A file that fills the disk while it is written; and one that is given up at the same time."""
    for given_up in (False, True):
        with pytest.raises(KeyboardInterrupt if given_up else InputError), output.WholeFile(Path("/dev/full")) as file:
            if given_up:
                file.write("half of it")
                raise KeyboardInterrupt
            file.write("x" * 1_000_000)


def test_nothing_to_approve_where_all_is_decided() -> None:
    """Only an undecided verdict names codes to approve."""
    stay = {"arrival": "2023-05-14", "departure": "2023-05-20"}
    assert (
        cxc.check(host_country="PT", host_cluster="yes", arrival=stay["arrival"], departure=stay["departure"]).asks
        == ()
    )


def test_quiet_and_verbose(run: Run) -> None:
    """-q prints the first line alone; -v adds what the verdict was made from, and all sources."""
    assert run("check", "--no-ask", "-q", *GOOD).out == "✔ Eligible: EUR 780.00 is payable\n"
    verbose = run("check", "--no-ask", "-v", *GOOD).out
    assert "SHA-256" in verbose
    assert len(verbose) > len(run("check", "--no-ask", *GOOD).out)


def test_piped_text_is_plain_and_unwrapped(run: Run) -> None:
    """No escape codes and whole sentences on one line, unless colour is asked for."""
    plain = run("check", "--no-ask", *GOOD).out
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) > 120
    coloured = run("check", "--no-ask", *GOOD, "--color", "always").out
    assert "\x1b[1;32m✔ Eligible" in coloured
    assert max(map(len, coloured.splitlines())) > 120


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({}, False)],
)
def test_colour_variables(run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], coloured: bool) -> None:
    """NO_COLOR and FORCE_COLOR count, and NO_COLOR wins."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert ("\x1b" in run("check", "--no-ask", *GOOD).out) == coloured


def test_terminal(tmp_path: Path) -> None:
    """In a terminal the page fits its width, and keeps its marks with NO_COLOR."""
    for columns in (80, 120):
        for colour in ({}, {"NO_COLOR": "1"}):
            environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": str(columns), **colour}
            command = [sys.executable, "-m", "cxc", "check", "--no-ask", *GOOD]
            child = pexpect.spawn(command[0], command[1:], encoding="utf-8", dimensions=(60, columns), env=environment)
            child.expect(pexpect.EOF)
            page = child.before.replace("\r\n", "\n")
            child.close()

            assert child.exitstatus == 0
            assert "✔ Eligible" in page
            assert ("\x1b" in page) == (not colour)
            if colour:
                assert max(map(len, page.splitlines())) <= columns


@pytest.mark.parametrize("command", ["countries", "rules"])
def test_lists_fit_a_narrow_terminal(run: Run, command: str) -> None:
    """What runs on in a file is wrapped there, and nothing of it is lost."""
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "80"}
    child = pexpect.spawn(
        sys.executable, ["-m", "cxc", command], encoding="utf-8", dimensions=(60, 80), env=environment
    )
    child.expect(pexpect.EOF)
    page = child.before.replace("\r\n", "\n")
    child.close()

    assert max(map(len, page.splitlines())) <= 80
    assert page.split() == run(command).out.split()


def test_ascii_terminal() -> None:
    """A terminal that cannot write the marks gets others, not a fault."""
    environment = {**os.environ, "TERM": "dumb", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    arguments = ["-m", "cxc", "check", "--no-ask", *GOOD]
    child = pexpect.spawn(sys.executable, arguments, encoding="utf-8", env=environment)
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 0
    assert "+ Eligible: EUR 780.00 is payable" in child.before


def test_reader_that_goes_away() -> None:
    """`cxc check | head -1` is no fault, and the status still tells the outcome."""
    command = [sys.executable, "-m", "cxc", "check", "--no-ask", *GOOD, "--from", "PT"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    errors = child.stderr.read()
    child.stderr.close()

    assert (child.wait(timeout=60), errors) == (1, b"")


class Panic(BaseException):
    """As Polars raises it."""


@pytest.mark.parametrize("kind", [KeyError, Panic])
def test_fault_of_the_program(kind: type[BaseException], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, how to report it, status 70, and a traceback only where it is asked for."""

    def broken(*_: object) -> object:
        raise kind("a\nb")

    monkeypatch.setattr("cxc.scheme.loading.load_scheme", broken)
    monkeypatch.delenv("CXC_TRACEBACK", raising=False)
    result = run("check", "--no-ask", *GOOD)
    assert (result.status, result.out, result.err.count("\n")) == (70, "", 1)
    assert "a fault of cxc itself" in result.err
    assert "report" in result.err
    monkeypatch.setenv("CXC_TRACEBACK", "1")
    with pytest.raises(kind):
        run("check", "--no-ask", *GOOD)


def test_version_and_help(run: Run) -> None:
    """--version, --help for all and for each command; help holds no escape codes, under GitHub Actions too."""
    assert run("--version") == Result(0, f"cxc {__version__}\n", "")
    for command in ([], ["check"], ["countries"], ["rules"], ["schema"]):
        result = in_process(*command, "--help", env={**os.environ, "GITHUB_ACTIONS": "true"})
        assert result.returncode == 0
        assert result.stdout.startswith(b"Usage: ")
        assert b"\x1b" not in result.stdout
    nothing = run()
    assert nothing.status == 2
    assert "Usage: cxc" in nothing.out + nothing.err


def test_countries(run: Run) -> None:
    """Who takes part and what it pays, as text, CSV, Markdown and JSON."""
    text = run("countries").out
    assert "PT" in text
    assert "780.00" in text
    assert "\nAmounts for arrivals from 2020-02-03.\n" in text
    csv = run("countries", "--format", "csv").out.splitlines()
    assert csv[0].startswith("code,country,status,full_eur,full_basis,half_eur,half_basis")
    assert len(csv) == 1 + len(load_countries().by_code)
    assert run("countries", "--format", "markdown").out.startswith("| code | country |")
    for code, says in (
        ("PT", "half: EUR 390.00, published"),
        ("GB", "ask the partnership"),
        ("norway", "does not take part"),
    ):
        assert says in run("countries", code).out
    assert run("countries", "Untied States").status == 2
    assert "did you mean" in run("countries", "Grmany").err
    assert "'zz' is not a known country" in run("countries", "zz").err
    assert "does not take part" in run("countries", "US").out


def test_countries_as_json_is_a_country_table(run: Run, tmp_path: Path) -> None:
    """What is written is valid under its schema, and is read again as a table that says the same."""
    for arguments in ([], ["PT"]):
        path = tmp_path / "countries.yaml"
        assert run("countries", *arguments, "--format", "json", "-o", path).status == 0
        Draft202012Validator(schema.countries()).validate(json.loads(path.read_text()))
        again = run("countries", *arguments, "--format", "json", "--countries", path).out
        assert again == path.read_text()


def test_rules(run: Run) -> None:
    """Every rule in a list, and each on a page with the same headings."""
    assert [line.split()[0] for line in run("rules").out.splitlines() if line.startswith("CXC")] == list(RULE_NAMES)
    assert len(run("rules", "--format", "csv").out.splitlines()) == 1 + len(RULE_NAMES)
    assert run("rules", "--format", "markdown").out.count("\n") == 2 + len(RULE_NAMES)
    for code, name in RULE_NAMES.items():
        for rulebook in ("medic-nest", "eccp"):
            page = run("rules", code, "--rulebook", rulebook).out
            headings = [line for line in page.splitlines() if line and not line.startswith(" ")]
            assert headings == [f"{code}  {name}  ({rulebook})", "What", "Why", "Limits", "Facts", "Example", "Sources"]
    assert run("rules", "abroad").out == run("rules", "cxc103").out
    assert "only working days count" in run("rules", "CXC201", "--rulebook", "eccp").out
    assert "did you mean" in run("rules", "CXC20").err
    assert "cxc rules lists the rules" in run("rules", "zzz").err


@pytest.mark.parametrize("rulebook", ["medic-nest", "eccp", "tests/rulebooks/own-amount.yaml"])
def test_rules_as_json_is_a_rulebook(run: Run, tmp_path: Path, rulebook: str) -> None:
    """What is written is valid under its schema, and is read again as a rulebook that says the same."""
    file = Path(__file__).parent.parent / rulebook
    name = str(file) if file.exists() else rulebook
    path = tmp_path / "rulebook.yaml"
    assert run("rules", "--rulebook", name, "--format", "json", "-o", path).status == 0
    Draft202012Validator(schema.rulebook()).validate(json.loads(path.read_text()))
    if not file.exists():
        assert "is the name of a shipped rulebook" in run("rules", "--rulebook", path).err
        path.write_text(path.read_text().replace(f'"rulebook": "{name}"', '"rulebook": "ours"'))
    assert load_rulebook(str(path)).limits == load_rulebook(name).limits
    assert run("rules", "--rulebook", str(path), "--format", "json").out == path.read_text()
    one = json.loads(run("rules", "CXC201", "--rulebook", name, "--format", "json").out)
    Draft202012Validator(schema.rulebook()).validate(one)


@pytest.mark.parametrize("name", sorted(schema.SCHEMAS.keys() - {"table"}))
def test_schema(run: Run, name: str) -> None:
    """Every schema that is printed is a JSON Schema."""
    Draft202012Validator.check_schema(json.loads(run("schema", name).out))


def test_trip_schema_accepts_what_is_read() -> None:
    """The schema of a trip accepts numbers, true, false, null and lists, and no unknown field."""
    validator = Draft202012Validator(schema.trip())

    assert validator.is_valid({"host_country": "PT", "travellers": 1, "host_cluster": True, "activity": ["fair"]})
    assert not validator.is_valid({"host_contry": "PT"})


def test_verdict_schema_refuses_what_pays_without_being_eligible(run: Run) -> None:
    """The schema itself holds the promise that nothing is payable unless the trip is eligible."""
    validator = Draft202012Validator(schema.verdict())
    document = json.loads(run("check", "--no-ask", *GOOD, "--format", "json").out)

    assert validator.is_valid(document)
    assert not validator.is_valid(document | {"outcome": "undecided"})


def test_one_start_is_one_process() -> None:
    """Nothing heavy is imported for a verdict in a pipe."""
    code = "import sys; from cxc.cli import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    result = subprocess.run(
        [sys.executable, "-c", code, "check", "--no-ask", *GOOD], capture_output=True, text=True, check=True
    )
    heavy = {"rich", "babel", "holidays", "pydantic", "jsonschema", "openpyxl", "importlib.metadata", "csv"}

    assert heavy & set(result.stderr.split()) == set()


def test_trip_of_python_values() -> None:
    """A script states dates as dates and numbers as numbers; a value of no such kind is refused."""
    arrival, departure = datetime.date(2023, 5, 14), datetime.date(2023, 5, 20)
    trip: dict[str, Any] = {"host_country": "PT", "host_cluster": True, "arrival": arrival, "departure": departure}

    assert cxc.check(**trip, distance_km=1.234).finding("CXC603").outcome == "applies"
    assert cxc.check(**trip, travellers=1.0).trip.travellers == 1
    with pytest.raises(TripError, match="distance in km"):
        cxc.check(**trip, distance_km=float("1e300"))
    verdict = cxc.check(**trip, travellers=1, reference=datetime.date(2023, 1, 1))
    assert verdict.outcome == "eligible"
    assert verdict.trip.reference == "2023-01-01"
    with pytest.raises(TripError, match="is not a text or a number"):
        cxc.check(**trip, host=datetime.datetime(2023, 5, 14, tzinfo=datetime.UTC))
    with pytest.raises(TripError, match="has a year outside"):
        cxc.check(**{**trip, "arrival": datetime.date(3, 5, 14)})


def test_earlier_trip_that_is_undecided() -> None:
    """A visit that is not decided makes a later trip of the same visitor unknown, and says which row to settle."""
    earlier = Visit("trips.csv", 2, "Acme", "RO 1", "RO", None, decided=False)
    verdict = cxc.check(history=[earlier], visitor_id="RO1", host_country="PT", host_cluster="yes")

    assert verdict.finding("CXC303").outcome == "unknown"
    assert verdict.earlier_visits == (earlier,)


def test_rulebook_under_which_nobody_hosts_without_a_cluster(tmp_path: Path) -> None:
    """Where no type may host without a cluster, a host that is no member is refused whatever its type."""
    types = ", ".join(f"{name}: member" for name in ORGANISATION_TYPES)
    path = tmp_path / "ours.yaml"
    path.write_text(
        "rulebook: ours\nextends: medic-nest\n"
        f"may_host: {{types: {{{types}}}, sources: [S5], checked: 2026-11-23}}\n"
        "limits:\n  longest_stay_months: {value: 2, sources: [S5], checked: 2026-11-23}\n"
        "  travellers_at_most: {value: 3, sources: [S5], checked: 2026-11-23}\n"
        "  visits_at_most: {value: 2, sources: [S5], checked: 2026-11-23}\n"
    )
    stay: dict[str, Any] = {"arrival": "2023-05-14", "departure": "2023-07-20"}
    visit = Visit("history.csv", 2, None, "RO1", None, None)
    verdict = cxc.check(
        rulebook=str(path),
        history=[visit],
        visitor_id="RO1",
        host_country="PT",
        host_cluster="no",
        travellers=4,
        **stay,
    )

    assert verdict.finding("CXC402").outcome == "fail"
    assert "at most 2 months after" in verdict.finding("CXC202").message
    assert "at most 3 people travel" in verdict.finding("CXC304").message
    assert verdict.finding("CXC303").outcome == "pass"


def test_table_in_an_encoding_that_is_none() -> None:
    """An encoding that does not exist is said to be none."""
    with pytest.raises(InputError, match="is not a known encoding"):
        CsvTable(io.BytesIO(b"a\n"), "x.csv", "utf-99")


def test_streams_that_a_script_has_replaced() -> None:
    """The commands run inside another program whose standard output is no file."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        assert cli.run(["check", "--no-ask", *GOOD]) == 0

    assert text.getvalue().startswith("✔ Eligible")


def test_time_is_not_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict today is a verdict next year: no clock is read."""
    monkeypatch.setattr(time, "time", lambda: pytest.fail("a clock was read"))

    assert run("check", "--no-ask", *GOOD).status == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "DE", "--host-place", "Frankfurt"], "'Frankfurt' is the name of several places in Germany: Frankfurt am Main"),
        (["--to", "DE", "--host-place", "Atlantis"], "'Atlantis' is not a known town of 5 000 people or more in Germany"),
        (["--to", "DE", "--host-place", "8.7,50.1"], "more than 150 km from every town of Germany; write latitude,longitude in this order"),
        (["--visitor-place", "Cluj-Napoca"], "names a town, but a town cannot be found without its country; state the country"),
        (["--to", "US", "--host-place", "Boston"], "names a town of a country whose towns this program does not know"),
        (["--to", "Atlantis", "--host-place", "Boston"], "is not a known country"),
    ],
)  # fmt: skip
def test_places_that_are_not_told(run: Run, options: list[str], said: str) -> None:
    """A place that is unknown or ambiguous is an error that says what to write."""
    found = run("check", "--no-ask", *options)

    assert (found.status, found.out) == (2, "")
    assert said in found.err


def test_places_on_the_page(run: Run) -> None:
    """The page says which places it took and how far apart they are, and doubts a distance that is far from that."""
    places = ["--from", "SK", "--visitor-place", "Bratislava", "--to", "AT", "--host-place", "Wien"]
    rest = ["--arrival", "2023-05-14", "--departure", "2023-05-20", "--host-cluster", "yes"]
    page = run("check", "--no-ask", *places, *rest).out
    doubted = run("check", "--no-ask", *places, *rest, "--distance-km", "900").out

    assert (
        "The visitor's place is read as Bratislava (Bratislava Region), and the host's as Vienna. They are 55 km apart"
        in page
    )
    assert "The distance stated, 900 km, counts. But the places stated are 55 km apart" in doubted
    assert "Check it." not in run("check", "--no-ask", *places, *rest, "--distance-km", "75").out


def test_distances_that_contradict_places(run: Run) -> None:
    """A stated distance that decides otherwise than the places, or is shorter than any way, is doubted; one alone is said."""
    places = ["--from", "PL", "--visitor-place", "Rzeszow", "--to", "UA", "--host-place", "Lviv"]
    rest = ["--arrival", "2023-06-11", "--departure", "2023-06-18", "--host-cluster", "yes"]

    def said(*options: str) -> str:
        return run("check", "--no-ask", *rest, *options).out

    assert "205 km, counts. But the places stated are 147 km apart" in said(*places, "--distance-km", "205")
    assert "100 km, counts. But the places stated are 147 km apart" in said(*places, "--distance-km", "100")
    assert "Check it." not in said(*places, "--distance-km", "180")
    assert "visitor_place alone gives no distance. State host_place too" in said(*places[:4], "--to", "UA")
    assert "host_place alone gives no distance. State visitor_place too" in said("--from", "PL", *places[4:])
    assert "alone gives no distance" not in said(*places[:4], "--to", "PT")
