"""Fuzzing of every reader, guided by coverage. Run by scripts/fuzz.

What must hold of any input: the only exceptions are those of cxc/errors.py; nothing hangs (a minute for an input of a
few kB) or takes a gigabyte; a row of a table has the findings and the amount of the same cells checked alone, whoever
holds the table; and every report is well-formed and has each row.
"""

import argparse
import contextlib
import csv
import datetime
import io
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import atheris

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
with atheris.instrument_imports(include=["cxc"]):
    import cxc

    for _module in pkgutil.walk_packages(cxc.__path__, "cxc."):
        if not _module.name.endswith("__main__"):
            import_module(_module.name)

import cases_reader
import hostile

from cxc import cli
from cxc.commands import validate
from cxc.commands.options import TableFormat
from cxc.errors import CxcError, TripError, Unacceptable, UnreadableFile
from cxc.reports import html, text
from cxc.reports import json as json_report
from cxc.reports.data import countries_document, rulebook_document
from cxc.reports.json import dumps
from cxc.rules import RULE_NAMES
from cxc.scheme.checking import check_file
from cxc.scheme.loading import Scheme, load_scheme
from cxc.tables import csv_table, large_tables, sources
from cxc.tables.batch import new_batch
from cxc.trip.fields import FIELDS
from cxc.trip.reader import TripReader
from cxc.trip.trip_files import read_trip_file
from cxc.verdict import Verdict, judge
from cxc.visits import NO_HISTORY
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES

SECONDS_AN_INPUT: Final = 60  # by the clock on the wall, and the machine may be busy
MEGABYTES: Final = 1024
TODAY: Final = datetime.date(2026, 11, 28)
MOST_ROWS_ALONE: Final = 12  # of a table that are checked alone as well
HERE = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
SCHEME = load_scheme()
GOOD: Final = {
    "visitor_country": "RO",
    "host_country": "PT",
    "host_cluster": "yes",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
}
# Trips that are eligible, refused, halved and open under the shipped data, for a rulebook or a country table of one's own.
STANDARD: Final = (
    GOOD,
    GOOD | {"host_country": "RO"},
    GOOD | {"departure": "2023-05-18", "visitor_type": "sme", "visitor_cluster": "none", "activity": "fair"},
    {"host_country": "GB", "host_type": "large-company", "first_day": "2023-05-01", "last_day": "2023-06-20"},
)
HEAD: Final = ",".join(hostile.FIELDS)
OTHERS: Final[tuple[TableFormat, ...]] = ("json", "html", "markdown", "github", "junit", "gitlab", "text")

Reader = Callable[[bytes], None]


# Tables


def rows_alone(file: Path, today: datetime.date | None) -> None:
    """Hold the rows of a table against the same cells checked alone. Only earlier visits may tell them apart."""
    batch = new_batch(SCHEME, date_format="YYYY-MM-DD", history=None, history_date_format=None, today=today)
    reader = TripReader(SCHEME.countries, today=today)
    tables = [*batch.tables(str(file), {}, encoding=None, sheets=())]
    places = {table.title: columns.places for table, columns in tables}
    for row in islice(batch.judge(tables), MOST_ROWS_ALONE):
        if row.verdict is None:
            continue
        at = places[row.title]
        stated = {field: row.cells[at[field]] for field in FIELDS if field in at and at[field] < len(row.cells)}
        alone = judge(reader.read(stated), SCHEME, today=today, recollection=NO_HISTORY)
        assert decided(row.verdict) == decided(alone), (row.place, stated)
        if row.outcome == "eligible":
            assert alone.outcome == "eligible", (row.place, stated)
            assert row.verdict.payable == alone.payable, (row.place, stated)


def decided(verdict: Verdict) -> dict[str, str]:
    """The outcome of every rule, apart from that which looks at other rows."""
    return {finding.code: finding.outcome for finding in verdict.findings if finding.code != "CXC303"}


def at_payment(file: Path) -> bool:
    """Whether a file is read at the stage of payment: every second one is, by its size."""
    return file.stat().st_size % 2 == 0


def reports(file: Path, *formats: TableFormat) -> dict[str, str]:
    """The reports on a table. Raises what the command does."""
    out = {name: HERE / f"out.{name}" for name in formats}
    first, *others = formats
    options = validate.Options(
        files=[str(file)],
        format=first,
        output=str(out[first]),
        report=[f"{name}={out[name]}" for name in others],
        stage="payment" if at_payment(file) else "proposal",
        today=str(TODAY) if at_payment(file) else None,
    )
    assert validate.run(options) in (0, 1, 2, 3)
    return {name: path.read_bytes().decode("utf-8") for name, path in out.items()}


def records(report: str) -> list[list[str]]:
    """The records of a report in CSV, all of one length."""
    csv.field_size_limit(1 << 30)
    found = [*csv.reader(io.StringIO(report, newline=""), strict=True)]
    assert len({*map(len, found)}) == 1
    return found


def table(file: Path) -> None:
    """A table in two formats that programs read and one more of all others, by its size; and its rows alone."""
    other = OTHERS[file.stat().st_size // 2 % len(OTHERS)]
    written = reports(file, "jsonl", "csv", other)
    lines = [json.loads(line) for line in written["jsonl"].split("\n")[:-1]]
    if other == "json":
        verdicts = json.loads(written["json"])["verdicts"]
        assert [line["outcome"] for line in lines] == [verdict["outcome"] for verdict in verdicts]
    heading, *rows = records(written["csv"])
    outcomes = [row[heading.index("outcome")] for row in rows]
    assert [outcome for outcome in outcomes if outcome] == [line["outcome"] for line in lines]
    rows_alone(file, TODAY if at_payment(file) else None)


def csv_(content: bytes) -> None:
    """A table in CSV, as lists of numbers hold it."""
    file = HERE / "trips.csv"
    file.write_bytes(content)
    with patch.object(sources, "HAS_POLARS", False):
        table(file)


def polars(content: bytes) -> None:
    """A table in CSV, as Polars holds it: the same bytes."""
    file = HERE / "trips.csv"
    file.write_bytes(content)
    # For both: of two faults of a file the one that is met first is told.
    with patch.object(csv_table, "TOGETHER", 200):
        compare_holders(file)


def compare_holders(file: Path) -> None:
    """The report on a table from lists and from Polars: the same bytes."""
    with patch.object(sources, "HAS_POLARS", False):
        expected = said(lambda: reports(file, "csv"))
    with patch.object(csv_table, "LARGE", 0), patch.object(csv_table, "VERY_MANY", 4):
        assert large_tables
        assert said(lambda: reports(file, "csv")) == expected


def said(command: Callable[[], object]) -> object:
    """What came out, or what was said instead."""
    try:
        return command()
    except (Unacceptable, UnreadableFile):  # which say of no field and no file what is wrong
        raise
    except CxcError as error:
        return str(error)


# Workbooks

SHEET: Final = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
PARTS: Final = {
    "xl/worksheets/sheet1.xml": SHEET.format(
        "".join(
            f'<row r="{row}">'
            + "".join(
                f'<c r="{chr(65 + at)}{row}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(cells)
            )
            + "</row>"
            for row, cells in enumerate([[*GOOD], [*GOOD.values()], ["RO", "NO", "", "2023-05-14", "2023-05-20"]], 1)
        )
    ),
    "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{RELATIONS}"><workbookPr/>'
    '<sheets><sheet name="June" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/sharedStrings.xml": '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>PT</t></si></sst>',
    "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
}


def packed(part: str, content: bytes) -> bytes:
    """The workbook with one part replaced. Deflated parts would hide from the fuzzer what it changes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text_ in PARTS.items():
            archive.writestr(name, content if name == part else text_)
    return stream.getvalue()


def workbook(content: bytes) -> None:
    """A workbook: by its first byte one of its parts, or the file itself."""
    at, rest = content[0] if content else len(PARTS), content[1:]
    file = HERE / "trips.xlsx"
    file.write_bytes(packed([*PARTS][at], rest) if at < len(PARTS) else rest)
    table(file)


# YAML


def trip(content: bytes) -> None:
    """A trip file in YAML or JSON: every report, and the same verdict from a table of one row."""
    stated = read_trip_file(content, "trip.yaml")
    judged_alike(SCHEME, dict(stated))


def judged_alike(scheme: Scheme, stated: dict[str, object]) -> None:
    """Judge a trip alone and as a row, and write every kind of report."""
    with contextlib.suppress(TripError):  # days of papers that cannot be are an error at that stage alone
        paid_later = judge(TripReader(scheme.countries, today=TODAY).read(stated), scheme, today=TODAY)
        assert json.loads(json_report.render(paid_later))["stage"] == "payment"
    verdict = judge(TripReader(scheme.countries).read(stated), scheme, recollection=NO_HISTORY)
    document = json.loads(json_report.render(verdict))
    assert (document["payable"] is not None) <= (document["outcome"] == "eligible")
    page = text.page(verdict, verbose=True)
    assert text.plain(page)
    assert html.page(page, scheme.rulebook.scheme.name)
    (row,) = cxc.check_rows([stated]) if scheme is SCHEME else [None]
    if row is not None and row.verdict is not None:
        assert decided(row.verdict) == decided(verdict)
        assert row.outcome == verdict.outcome
        assert row.verdict.payable == verdict.payable


def under(scheme: Scheme) -> Iterator[None]:
    """Judge the standard trips under a scheme of one's own."""
    for stated in STANDARD:
        with contextlib.suppress(TripError):  # a country that the table does not have
            judged_alike(scheme, dict(stated))
        yield


def rulebook(content: bytes) -> None:
    """A rulebook: what it is said to be, and trips under it; written as JSON it is the same rulebook."""
    file = HERE / "rulebook.yaml"
    file.write_bytes(content)
    sound = said(lambda: check_file(str(file)))
    scheme = load_scheme(str(file))
    assert not isinstance(sound, str)
    again = HERE / "again.yaml"
    again.write_text(dumps(rulebook_document(scheme.rulebook, None)), encoding="utf-8")
    assert load_scheme(str(again)).rulebook.name == scheme.rulebook.name
    for _ in under(scheme):
        pass


def amounts(content: bytes) -> None:
    """A CSV of lump sums beside a rulebook: trips under it."""
    (HERE / "amounts.csv").write_bytes(content)
    file = HERE / "rulebook.yaml"
    file.write_text("rulebook: ours\nextends: medic-nest\nlump_sums: amounts.csv\n", encoding="utf-8")
    scheme = load_scheme(str(file))
    assert check_file(str(file))
    for _ in under(scheme):
        pass


def countries(content: bytes) -> None:
    """A country table: what it is said to be, and trips under it; written as JSON it is the same table."""
    file = HERE / "countries.yaml"
    file.write_bytes(content)
    scheme = load_scheme(countries=str(file))
    assert check_file(str(file))
    again = HERE / "again.yaml"
    again.write_text(dumps(countries_document(scheme.countries, None)), encoding="utf-8")
    assert {*load_scheme(countries=str(again)).countries.by_code} == {*scheme.countries.by_code}
    for _ in under(scheme):
        pass


def settings(content: bytes) -> None:
    """A `cxc.yaml`: a trip and a table under it end with a status that is promised."""
    file, trips_ = HERE / "settings.yaml", HERE / "trips.csv"
    file.write_bytes(content)
    trips_.write_text(f"{','.join(GOOD)}\n{','.join(GOOD.values())}\n", encoding="utf-8")
    trip_ = [f"--{field.replace('_', '-')}={value}" for field, value in GOOD.items()]
    for words in (["check", "--no-ask", *trip_, "--format", "json"], ["validate", str(trips_), "--format", "json"]):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = cli.run([*words, "--config", str(file)])
        assert status in (0, 1, 2, 3), (words, status)
        assert status == 2 or json.loads(out.getvalue())


def receipts(content: bytes) -> None:
    """Saved verdicts: they end with a status that is promised, and what is said of them is JSON."""
    file = HERE / "receipts.json"
    file.write_bytes(content)
    for more in ([], ["--rulebook", "eccp"]):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = cli.run(["verify", str(file), "--format", "json", *more])
        assert status in (0, 1, 2), status
        assert not out.getvalue() or json.loads(out.getvalue())


# Options

WRITING: Final = frozenset({"--output", "-o", "--report", "--ics"})  # the fuzzer names no file to write


def options_of(command: str) -> list[str]:
    """The options of a command that name no file to write."""
    import typer

    made: Any = typer.main.get_command(cli.app([command]))
    command_ = made.commands[command] if hasattr(made, "commands") else made
    return [option for one in command_.params for option in (*one.opts, *one.secondary_opts) if option not in WRITING]


OPTIONS: Final = {name: options_of(name) for name in cli.COMMANDS}
WORDS: Final = (
    *(
        "PT",
        "RO",
        "Norway",
        "yes",
        "none",
        "Medvia",
        "2023-05-14",
        "2023-05-20",
        "14.05.2023",
        "DD.MM.YYYY",
        "5",
        "0",
        "-1",
    ),
    *(
        "200,5",
        "Porto",
        "44.4,26.1",
        "json",
        "csv",
        "markdown",
        "text",
        "html",
        "junit",
        "github",
        "eccp",
        "medic-nest",
    ),
    *("trips.csv", "trip.yaml", "-", "--", "=", "all", "", "/dev/null", "utf-16", "a=arrival", "always", *RULE_NAMES),
    *ORGANISATION_TYPES,
    *ACTIVITIES,
)


def options(content: bytes) -> None:
    """Words of a command line: a status that is promised, no fault, and JSON where that was asked for."""
    data = atheris.FuzzedDataProvider(content)
    command = data.PickValueInList(list(cli.COMMANDS))
    words = [command]
    for _ in range(data.ConsumeIntInRange(0, 8)):
        if data.ConsumeBool():
            words.append(data.PickValueInList(OPTIONS[command]))
        if data.ConsumeBool():
            words.append(data.PickValueInList(list(WORDS)))
        elif data.ConsumeBool():
            words.append(data.ConsumeUnicode(12).replace("\0", ""))
    if any(word.startswith(tuple(WRITING)) or word.startswith("-o") for word in words):
        return
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = cli.run(words)
    assert status in (0, 1, 2, 3), (words, status)
    if words[-2:] == ["--format", "json"] and status != 2 and "--" not in words:
        json.loads(out.getvalue())


# Seeds


def tables_of_the_tests() -> Iterator[bytes]:
    """Tables in CSV: every hostile cell, the cases, and the stored table."""
    rows = [*hostile.rows()]
    for at in range(0, len(rows), 5):
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([hostile.FIELDS, *rows[at : at + 5]])
        yield stream.getvalue().encode("utf-8", "replace")
    stated = [case.trip for case in cases_reader.cases()]
    for at in range(0, len(stated), 3):
        some = stated[at : at + 3]
        columns = [
            *dict.fromkeys(["host_country", "host_cluster", "arrival", "departure", *(f for t in some for f in t)])
        ]
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([columns, *([t.get(c, "") for c in columns] for t in some)])
        yield stream.getvalue().encode()
    good = ",".join(GOOD.values())
    yield f"{','.join(GOOD)}\n{good}\n".encode("utf-16")
    yield f"\ufeff{';'.join(GOOD)}\r\n{good.replace(',', ';')}\r\n{good}\r\n".encode()
    yield f"{','.join(GOOD)},expected_outcome,expected_eur\n{good},eligible,780\n".encode()
    yield (ROOT / "tests/stored/trips.csv").read_bytes()[:3000]


def trips_of_the_tests() -> Iterator[bytes]:
    """Trip files: the trips of the cases, two in JSON, and what YAML must not be."""
    for case in cases_reader.cases():
        yield "".join(f"{field}: {value}\n" for field, value in case.trip.items()).encode()
    yield json.dumps(GOOD).encode()
    yield json.dumps(
        {**GOOD, "travellers": 1, "distance_km": 12.5, "activity": ["fair"], "host_cluster": True}
    ).encode()
    yield (ROOT / "tests/stored/trip.yaml").read_bytes()
    yield b"a: &x 1\nb: *x\n--- !!python/name:os.system\n? [a]\n: |\n  x\n"


def workbooks_of_the_tests() -> Iterator[bytes]:
    """Each part of a workbook behind its number, a sheet with cells of every kind, and a whole file."""
    for at, part in enumerate(PARTS.values()):
        yield bytes([at]) + part.encode()
    sheet = SHEET.format(
        '<row><c t="s"><v>0</v></c></row><row r="3"><c r="B3" s="1"><v>45060.5</v></c><c t="b"><v>1</v></c>'
        '<c t="e"><v>#REF!</v></c><c t="str"><f>1+1</f><v>x</v></c><c t="d"><v>2023-05-14</v></c></row>'
    )
    yield (
        b"\0" + sheet.replace("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>').encode()
    )
    yield bytes([len(PARTS)]) + packed("", b"")


def rulebooks_of_the_tests() -> Iterator[bytes]:
    """The rulebooks of the tests and the shipped ones."""
    for path in (ROOT / "tests/rulebooks").glob("*.yaml"):
        yield path.read_bytes()
    for path in (ROOT / "cxc/data/rulebooks").glob("*.yaml"):  # under a name of its own
        yield path.read_bytes().replace(f"rulebook: {path.stem}".encode(), b"rulebook: ours")


def receipts_of_the_tests() -> Iterator[bytes]:
    """Saved verdicts of both versions: of one trip and of tables."""
    for path in (ROOT / "tests/receipts").glob("*.json*"):
        yield path.read_bytes()
    yield from ((ROOT / "tests/stored" / name).read_bytes() for name in ("check.jsonl", "validate.jsonl"))


def amounts_of_the_tests() -> Iterator[bytes]:
    """Lump sums in a CSV: two countries, a second amount, and as Excel writes it in most of Europe."""
    table = (
        "code,full_eur,full_basis,half_basis,from,to,source,checked\n"
        "PT,800,published,published,2020-02-03,2022-12-31,https://example.org/a,2026-11-23\n"
        "PT,810.50,published,inferred,2023-01-01,,https://example.org/a https://example.org/b,2026-11-23\n"
        "RO,600,inferred,inferred,2020-02-03,,https://example.org/a,2026-11-23\n"
    )
    yield table.encode()
    yield b"\xef\xbb\xbfsep=;\r\n" + table.replace(",", ";").replace("810.50", "810,50").replace("\n", "\r\n").encode()
    yield table.replace("published", '"published"').encode()


def countries_of_the_tests() -> Iterator[bytes]:
    """Small country tables."""
    entry = "{name: %s, status: %s, sources: [S4], checked: 2026-11-23%s}"
    amount = "{from: 2020-02-03, full_eur: 780.10, full_basis: published, half_basis: published, sources: [S5], checked: 2026-11-23}"
    portugal = entry % ("Portugal", "eu-member", f", lump_sums: [{amount}]")
    romania = entry % ("Romania", "eu-member", ", local_names: [România]")
    yield f"countries:\n  PT: {portugal}\n  RO: {romania}\n  GB: {entry % ('United Kingdom', 'ask', ', note: The sources disagree')}\n".encode()
    territories = "territories: {of: {RE: PT}, sources: [S4], checked: 2026-11-23}"
    yield f"{territories}\ncountries:\n  PT: {portugal}\n  NO: {entry % ('Norway', 'not-participating', '')}\n".encode()


def settings_of_the_tests() -> Iterator[bytes]:
    """Each option of a `cxc.yaml`, and all of them."""
    each = (
        "rulebook: eccp",
        "strict: yes",
        "budget: 10000",
        "date-format: YYYY-MM-DD",
        "history-date-format: DD.MM.YYYY",
        "map: {Ankunft: arrival}",
        "map: trips.csv",
        "history: [trips.csv]",
        "countries: trips.csv",
    )
    yield from (f"{line}\n".encode() for line in each)
    yield "\n".join(each[:6]).encode()


def options_of_the_tests() -> Iterator[bytes]:
    """Numbers that pick commands, options and words."""
    for at in range(64):
        yield bytes((at * 37 + step * 101) % 256 for step in range(64))


Seeds = Callable[[], Iterator[bytes]]
READERS: Final[dict[str, tuple[Reader, Seeds, int]]] = {  # the reader, what it begins with, and the longest input
    "csv": (csv_, tables_of_the_tests, 4096),
    "polars": (polars, tables_of_the_tests, 4096),
    "xlsx": (workbook, workbooks_of_the_tests, 8192),
    "trip": (trip, trips_of_the_tests, 2048),
    "rulebook": (rulebook, rulebooks_of_the_tests, 8192),
    "amounts": (amounts, amounts_of_the_tests, 2048),
    "countries": (countries, countries_of_the_tests, 8192),
    "settings": (settings, settings_of_the_tests, 1024),
    "receipts": (receipts, receipts_of_the_tests, 16384),
    "options": (options, options_of_the_tests, 256),
}


def words() -> str:
    """Words that a reader knows, for the fuzzer to put in."""
    known = [
        *FIELDS,
        *WORDS,
        "expected_outcome",
        "eligible",
        "unreadable",
        "FALSE",
        "tbc",
        "n/a",
        "=1+1",
        "\ufeff",
        '""',
        "\r\n",
    ]
    known += [
        "rulebook",
        "extends",
        "may_visit",
        "may_host",
        "types",
        "sources",
        "checked",
        "lump_sums",
        "full_eur",
        "from",
        "to",
    ]
    known += [
        '<c r="A1" t="s">',
        "<v>",
        "</v>",
        "<row>",
        "mergeCell",
        "numFmtId",
        "&#0;",
        "<!DOCTYPE x [",
        "9999-12-31",
        "1e999",
    ]
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "replace")) for word in known if word)
    return "".join(f'"{word}"\n' for word in escaped)


def one_input(reader: Reader) -> Callable[[bytes], None]:
    """What the fuzzer calls: an error that is meant to be raised is none, and what is told goes nowhere."""

    def run(content: bytes) -> None:
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            contextlib.redirect_stderr(nowhere),
            contextlib.suppress(CxcError),
        ):
            reader(content)

    return run


def fuzz(name: str, minutes: float, inputs: Sequence[str]) -> None:
    """Fuzz a reader in this process; does not come back. With inputs, runs these alone."""
    reader, seeds, longest = READERS[name]
    place = ROOT / ".fuzz"
    corpus, found, dictionary = place / "corpus" / name, place / "found", place / "words"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    dictionary.write_text(words(), encoding="utf-8")
    for at, content in enumerate(seeds()):
        (corpus / f"seed-{at}").write_bytes(content)
    os.environ["CXC_TRACEBACK"] = "1"
    given = [str(Path(one).resolve()) for one in inputs] or [str(corpus)]
    os.chdir(HERE)
    (HERE / "trip.yaml").write_bytes((ROOT / "tests/stored/trip.yaml").read_bytes())
    limits = [f"-max_total_time={minutes * 60:.0f}", f"-timeout={SECONDS_AN_INPUT}", f"-rss_limit_mb={MEGABYTES}"]
    limits += [
        f"-max_len={longest}",
        f"-dict={dictionary}",
        f"-artifact_prefix={found}/{name}-",
        "-print_final_stats=1",
    ]
    atheris.Setup([name, *limits, *given], one_input(reader))
    atheris.Fuzz()


def main() -> None:
    """Read what is asked, and do it."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description="Fuzz a reader, or each of them in turn.")
    parser.add_argument("reader", nargs="?", choices=READERS)
    parser.add_argument("inputs", nargs="*", metavar="FILE", help="run these inputs alone")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--list", action="store_true", help="name the readers")
    asked = parser.parse_args()
    if asked.list:
        print(*READERS, sep="\n")
    elif asked.reader:
        fuzz(asked.reader, asked.minutes, asked.inputs)
    else:
        failed = []
        for name in READERS:  # a fault of one is no reason not to look at the others
            command = [sys.executable, __file__, name, "--minutes", str(asked.minutes)]
            failed += [name] if subprocess.run(command, check=False).returncode else []
        sys.exit(f"faults found with: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
