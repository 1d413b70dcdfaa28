"""Parquet: what it holds is judged as the same table in CSV, what is written is what csv writes, and no file does harm."""

import csv
import datetime
import io
import json
import os
import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest
from commands import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cxc
from cxc.commands.options import Format, TableFormat
from cxc.errors import InputError, NotInstalled, UnreadableFile
from cxc.reports import parquet as report
from cxc.reports.csv import RESULTS
from cxc.reports.formats import BINARY_FORMATS, FORMATS
from cxc.tables import parquet, parquet_layout
from cxc.tables.columns import core_in
from cxc.tables.parquet_layout import rows_of_file
from cxc.tables.table import Table, open_tables
from cxc.trip.texts import DateForm

STORED = Path(__file__).parent / "stored"
GOOD: dict[str, Any] = {
    "host_country": "PT",
    "host_cluster": "yes",
    "arrival": datetime.date(2023, 5, 14),
    "departure": datetime.date(2023, 5, 20),
}
REPEATED: dict[str, Any] = {**GOOD, "visitor_id": "RO1234"}


def as_texts(path: Path) -> pl.DataFrame:
    heading, *rows = cells(path.read_bytes().decode())
    return pl.DataFrame(rows, schema=dict.fromkeys(heading, pl.String), orient="row")


def write(path: Path, rows: list[dict[str, Any]], **options: Any) -> Path:
    """A Parquet file of these rows."""
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(path, **options)
    return path


def outcomes(path: Path, **options: Any) -> list[tuple[int, str]]:
    return [(row.row, row.outcome) for row in cxc.check_table(str(path), **options)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the stored table as CSV and as Parquet, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    content = (STORED / "trips.csv").read_bytes()
    (tmp_path / "trips.csv").write_bytes(content)
    as_texts(tmp_path / "trips.csv").write_parquet(tmp_path / "trips.parquet", row_group_size=5)
    return tmp_path


# Read


@pytest.mark.parametrize("form", get_args(Format))
@pytest.mark.parametrize("options", [[], ["--redact"], ["--strict", "--verbose", "--budget", "2000"]], ids=" ".join)
@pytest.mark.parametrize("held_by_polars", [False, True])
def test_reports_are_those_of_the_same_table_in_csv(
    folder: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    form: Format,
    options: list[str],
    held_by_polars: bool,
) -> None:
    """In every format, to the byte: the file has the same name. Also where Polars holds what of it is plain."""
    if held_by_polars:
        monkeypatch.setattr("cxc.tables.cells.LARGE", 0)
        monkeypatch.setattr(parquet, "ROWS_AT_ONCE", 4)
    found = []
    for file in ("trips.csv", "trips.parquet"):
        (folder / file).replace("trips.csv")
        if form == "xlsx":
            run("validate", "trips.csv", "--format", "xlsx", "-o", "out.xlsx", *options)
            found.append((folder / "out.xlsx").read_bytes())
        else:
            found.append(run("validate", "trips.csv", "--format", form, *options).out.encode())

    assert found[0] == found[1]
    assert found[0]


def test_a_table_of_several_parts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are read at once, rows keep their numbers, and those without a value are left out."""
    blank = dict.fromkeys(REPEATED)
    rows = [REPEATED, blank, *[{**REPEATED, "visitor_id": f"RO10{number}"} for number in range(20)], REPEATED]
    write(folder / "many.parquet", rows, row_group_size=3)
    expected = [(2, "eligible"), *[(line, "eligible") for line in range(4, 24)], (24, "not-eligible")]
    assert outcomes(folder / "many.parquet") == expected
    for at_once in (1, 2, 7, 23):
        monkeypatch.setattr(parquet, "ROWS_AT_ONCE", at_once)
        assert outcomes(folder / "many.parquet") == expected


def test_what_polars_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part in which nothing is left out, and all can be read."""
    rows = [GOOD, GOOD, dict.fromkeys(GOOD), GOOD, {**GOOD, "host_cluster": 1.5}, GOOD]
    write(folder / "a.parquet", [{**row, "host_cluster": row["host_cluster"] and "yes"} for row in rows])
    write(folder / "b.parquet", [{**GOOD, "travellers": number} for number in (1.0, 1.0, 1.0, 1.5)])
    write(folder / "c.parquet", [{**GOOD, "visitor": day} for day in (None, datetime.time(9, 30))])
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", 2)
    for name, expected in (("a", [True, False, True]), ("b", [True, True]), ("c", [False])):
        (table,) = open_tables(str(folder / f"{name}.parquet"), core_in({})).tables
        assert isinstance(table, parquet.ParquetTable)
        assert not table.is_large
        assert [frame is not None for _, frame in table.many_blocks(1, len)] == expected


@pytest.mark.parametrize("date_format", ["YYYY-MM-DD", "D.M.YYYY"])
def test_values_of_every_type(folder: Path, run: Run, date_format: str) -> None:
    """Dates, numbers, yes and no, and lists are what their texts would be."""
    day = datetime.datetime(2023, 5, 20)  # noqa: DTZ001  # as Spark and pandas write a day
    typed = {
        **GOOD,
        "departure": day,
        "reference": 5,
        "distance_km": 2900.5,
        "travellers": 1,
        "third_country_national": False,
        "activity": ["fair", "networking"],
        "expected_eur": Decimal("780.00"),
        "note": {"a": [1, None]},
        "list": [1, 2],
        "float": 1.0,
        "when": datetime.datetime(2023, 5, 20, 9, 30),  # noqa: DTZ001
        "flag": True,
    }
    write(folder / "typed.parquet", [typed, dict.fromkeys(typed), {**typed, "reference": None, "activity": []}])
    text = run("validate", "typed.parquet", "--format", "csv", "--date-format", date_format)
    first, second = csv.DictReader(io.StringIO(text.out))

    assert text.status == 0
    dates = ["2023-05-14", "2023-05-20"] if date_format == "YYYY-MM-DD" else ["14.5.2023", "20.5.2023"]
    assert [first["arrival"], first["departure"]] == dates
    assert (first["reference"], first["distance_km"], first["travellers"]) == ("5", "2900.50", "1")
    assert (first["third_country_national"], first["activity"]) == ("no", "fair;networking")
    assert (first["expected_eur"], first["note"], first["list"]) == ("780.00", '{"a": [1, null]}', "1;2")
    assert (first["float"], first["when"], first["flag"]) == ("1", "2023-05-20 09:30:00", "yes")
    assert (second["reference"], second["activity"], second["outcome"]) == ("", "", "eligible")


def test_values_that_a_field_does_not_take(folder: Path) -> None:
    """The row is unreadable, and the others are not."""
    late = datetime.datetime(2023, 5, 20, 9, 30)  # noqa: DTZ001
    rows = [
        {**GOOD, "departure": late, "host_type": True, "visitor": b"\xff"},
        {**GOOD, "departure": datetime.datetime(2023, 5, 20), "host_type": None, "visitor": None},  # noqa: DTZ001
    ]
    first, second = cxc.check_table(str(write(folder / "odd.parquet", rows)))

    assert [problem.message for problem in first.problems] == [
        "departure: '2023-05-20 09:30:00' has a time of day; state the day alone",
        "host_type: 'true' is a yes or no, but this field needs something else",
        "visitor: 'b'\\xff'' is not a text or a number",
    ]
    assert second.outcome == "eligible"


def test_days_beyond_the_calendar(folder: Path) -> None:
    """A day that Python cannot hold makes its row unreadable; one that Polars itself cannot, the file."""
    days = pl.Series([4_000_000, 19_491]).cast(pl.Int32).cast(pl.Date)
    pl.DataFrame({**GOOD, "departure": "2023-05-20", "arrival": days}).write_parquet(folder / "far.parquet")
    assert outcomes(folder / "far.parquet") == [(2, "unreadable"), (3, "eligible")]
    days = pl.Series([2**31 - 1]).cast(pl.Int32).cast(pl.Date)
    pl.DataFrame({**GOOD, "arrival": days}).write_parquet(folder / "farther.parquet")
    with pytest.raises(InputError, match=r"farther\.parquet: this Parquet file cannot be read \(PanicException\)"):
        outcomes(folder / "farther.parquet")


def test_a_panic_is_not_heard(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What other code writes to standard error is kept, but for its last words."""
    with pytest.raises(KeyError), parquet._unheard(KeyError):
        os.write(2, b"last words")
        raise KeyError
    with parquet._unheard(KeyError):
        os.write(2, b"a remark")
    assert capfd.readouterr().err == "a remark"


def test_a_standard_error_that_is_closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to keep quiet then."""
    monkeypatch.setattr(parquet, "_STANDARD_ERROR", 9_999)
    assert outcomes(write(folder / "a.parquet", [GOOD])) == [(2, "eligible")]


def test_told_by_its_first_bytes(folder: Path, run: Run) -> None:
    """A name says nothing."""
    (folder / "trips.parquet").rename(folder / "odd.csv")
    (folder / "trips.csv").rename(folder / "odd.parquet")
    found = [run("validate", name, "--format", "jsonl").out for name in ("odd.csv", "odd.parquet")]

    assert [json.loads(line)["outcome"] for line in found[0].splitlines()] == [
        json.loads(line)["outcome"] for line in found[1].splitlines()
    ]


def test_from_standard_input(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe is read as a file is."""
    reading, writing = os.pipe()
    os.write(writing, write(folder / "one.parquet", [GOOD]).read_bytes())
    os.close(writing)
    with os.fdopen(reading) as pipe:
        monkeypatch.setattr(sys, "stdin", pipe)
        assert run("validate", "-", "-v").out.startswith("standard input:2  ✔ eligible EUR 780.00")


def test_a_history_in_parquet(folder: Path, run: Run) -> None:
    """Visits that took place may be listed there as well."""
    write(folder / "trip.parquet", [{**REPEATED, "visitor_id": 1234}])
    write(folder / "visits.parquet", [{"visitor_id": 1234, "arrival": datetime.date(2022, 1, 2)}])
    found = run("validate", "trip.parquet", "--history", "visits.parquet", "--date-format", "D.M.YYYY")

    assert found.status == 1
    assert "The organisation has visited before." in found.out
    write(folder / "visits.parquet", [{"visitor_id": True, "arrival": datetime.date(2022, 1, 2)}])
    found = run("validate", "trip.parquet", "--history", "visits.parquet")
    assert (found.status, found.out) == (2, "")
    assert "visits.parquet, row 2: visitor_id: 'true' is a yes or no" in found.err


def test_headings_of_ones_own(folder: Path, run: Run) -> None:
    """--map renames columns of Parquet, too, and values are read as their fields."""
    row = {"Land": "PT", "host_cluster": True, "Ankunft": GOOD["arrival"], "departure": GOOD["departure"], "": 1}
    write(folder / "own.parquet", [row])
    found = run("validate", "own.parquet", "--map", "Land=host_country", "--map", "Ankunft=arrival", "-q")

    assert (found.status, found.err) == (0, "")
    assert "there is no column host_country or arrival" in run("validate", "own.parquet").err


def test_it_is_no_trip_file(folder: Path, run: Run) -> None:
    """`cxc check` says where it belongs."""
    found = run("check", "trips.parquet")

    assert (found.status, found.out) == (2, "")
    assert "this is a table, not one trip; check it with cxc validate trips.parquet" in found.err


def test_a_file_that_changes_in_between(folder: Path) -> None:
    """What is known of visitors comes from the first reading: verdicts on other rows would be given without it."""
    path = write(folder / "a.parquet", [GOOD] * 3)
    (table,) = open_tables(str(path), core_in({})).tables
    assert [line for line, _, _ in table.rows()] == [2, 3, 4]
    rows = table.rows()
    next(rows)
    write(path, [GOOD] * 300)
    for reading in (rows, table.rows()):
        with pytest.raises(InputError, match=r"a\.parquet: the file changed while it was read; wait until it is saved"):
            list(reading)


def test_a_file_that_changes_during_the_first_look(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the copy is made from which all is read."""
    path = write(folder / "a.parquet", [GOOD])
    copy = shutil.copyfileobj

    def then_write(*arguments: Any) -> None:
        copy(*arguments)
        write(path, [GOOD] * 9)

    monkeypatch.setattr("shutil.copyfileobj", then_write)
    with pytest.raises(InputError, match="the file changed while it was read"):
        outcomes(path)


def test_a_disk_that_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy has no place."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(InputError, match=r"trips\.parquet: it cannot be copied to a temporary file: No space left"):
        outcomes(folder / "trips.parquet")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_disk_that_is_full_at_the_end(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then there is no report, and a sentence says why."""
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: open("/dev/full", "w+b", buffering=0))
    found = run("validate", "trips.csv", "--format", "parquet", "-o", "out.parquet")

    assert (found.status, found.err) == (2, "cxc: a temporary file cannot be written: No space left on device\n")
    assert not (folder / "out.parquet").exists()


# Files that are refused


def said(path: Path) -> str:
    """Why a file is refused."""
    with pytest.raises(InputError) as error:
        outcomes(path)
    assert str(path) in str(error.value)
    return str(error.value)


def test_damaged_files(folder: Path, run: Run) -> None:
    """Cut off, overwritten, or something else behind the same first bytes: one sentence, and status 2."""
    whole = (folder / "trips.parquet").read_bytes()
    for content in (b"PAR1", b"PAR1" * 3, b"PAR1" + b"x" * 100, whole[:-1], whole[: len(whole) // 2], whole[:-12] + b"\0" * 12,
                    whole[:-8] + b"\xff\xff\xff\x7fPAR1", b"PAR1" + b"\0" * (len(whole) - 4)):  # fmt: skip
        (folder / "bad.parquet").write_bytes(content)
        found = run("validate", "bad.parquet")
        assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
        assert found.err.startswith("cxc: bad.parquet: this Parquet file cannot be read"), found.err
        assert "it is damaged, or" in found.err


@pytest.mark.many
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_is_told(folder: Path, data: st.DataObject) -> None:
    """Whatever bytes are changed, the file is read or refused, and no other error comes of it."""
    content = bytearray((folder / "trips.parquet").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = folder / "bad.parquet"
    path.write_bytes(content)
    try:
        outcomes(path)
    except InputError as error:
        assert str(error).startswith(str(path))


def test_rows_that_do_not_come(folder: Path) -> None:
    """Where fewer rows come than the file promises, none may be lost in silence."""
    (table,) = open_tables(str(write(folder / "a.parquet", [GOOD])), core_in({})).tables
    assert isinstance(table, parquet.ParquetTable)
    table.count = 2
    with pytest.raises(InputError, match="it is damaged, or cut off"):
        list(table.rows())


def test_encrypted_files(folder: Path) -> None:
    """As a whole, or column by column."""
    content = (folder / "trips.parquet").read_bytes()
    (folder / "trips.parquet").write_bytes(b"PARE" + content[4:-4] + b"PARE")
    assert "it is encrypted; write it without encryption" in said(folder / "trips.parquet")


def test_tables_without_rows_or_columns(folder: Path, run: Run) -> None:
    """What is missing is said as of other tables."""
    pl.DataFrame(GOOD).clear().write_parquet(folder / "empty.parquet")
    found = run("validate", "empty.parquet")
    assert (found.status, found.err) == (2, "cxc: empty.parquet: the table contains no trip, only a heading\n")
    write(folder / "other.parquet", [{"a": 1}])
    found = run("validate", "other.parquet")
    assert found.status == 2
    assert (
        "other.parquet: there is no column host_country, host_cluster, arrival or departure; the columns are a"
        in found.err
    )
    pl.DataFrame().write_parquet(folder / "none.parquet")
    assert run("validate", "none.parquet").status == 2
    write(folder / "nul.parquet", [{"a\0": 1}])
    assert "the name of a column contains NUL bytes" in said(folder / "nul.parquet")


def test_nested_columns(folder: Path) -> None:
    """One value belongs in each row."""
    write(folder / "a.parquet", [{**GOOD, "host": {"name": "A"}}])
    assert "the column 'host' holds structures of several values; host needs one value" in said(folder / "a.parquet")
    write(folder / "a.parquet", [{**GOOD, "host_country": ["PT"]}])
    assert "the column 'host_country' holds lists; host_country needs one value" in said(folder / "a.parquet")
    write(folder / "a.parquet", [{**GOOD, "expected_eur": [780]}])
    assert "the column 'expected_eur' holds lists" in said(folder / "a.parquet")


def test_what_is_larger_than_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file of equal values unpacks to gigabytes; that is told before it does."""
    path = folder / "large.parquet"
    write(path, [{f"c{number}": 1 for number in range(1_001)}])
    assert "the heading has 1001 columns; at most 1000 are read" in said(path)
    pl.select([pl.repeat(str(value), 10_000_001).alias(field) for field, value in GOOD.items()]).write_parquet(path)
    assert path.stat().st_size < 1_000_000
    assert "it has 10,000,001 rows, and at most 10,000,000 are read" in said(path)
    write(path, [{**GOOD, "note": "x" * 10_000_001}], statistics=False)
    assert "a cell of its row 2 has more than 10,000,000 bytes" in said(path)
    write(path, [{**GOOD, "note": "x" * 9_000_000}] * 50, statistics=False)
    assert path.stat().st_size < 100_000
    assert "its rows from 2 on hold more than 200 MB of text" in said(path)
    write(path, [{**GOOD, "note": "x"}] * 50)
    for name, value, says in (
        ("LARGEST_PART", 50, "a row group unpacks to more than 0 MB; write it with smaller row groups"),
        ("MOST_VALUES", 49, "a column of a row group has more than 49 values; write it with smaller row groups"),
        ("MOST_PAGES", 3, "it has more than 3 pages"),
        ("LARGEST_FOOTER", 10, "its list of parts has more than 0 MB"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(parquet_layout, name, value)
            assert says in said(path)
    assert outcomes(path)[0] == (2, "eligible")


# How the list of parts is written


def number(value: int) -> bytes:
    """A whole number as Thrift writes it."""
    value = (value << 1) ^ (value >> 63)
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes((*found, value))


def struct(**fields: bytes) -> bytes:
    """A structure: each field is called by `f` and its number, and begins with its kind."""
    found = b""
    for name, content in fields.items():
        found += bytes((content[0],)) + number(int(name[1:])) + content[1:]
    return found + b"\0"


def file(footer: bytes, start: bytes = b"") -> io.BytesIO:
    return io.BytesIO(b"PAR1" + start + footer + len(footer).to_bytes(4, "little") + b"PAR1")


def listed(*items: bytes) -> bytes:
    return bytes((9, len(items) << 4 | 12)) + b"".join(items)


def whole(value: int) -> bytes:
    return b"\x06" + number(value)


def one_column(page: bytes, **more: bytes) -> bytes:
    """The footer of a file of one row and one column, whose pages begin behind the mark."""
    column = struct(f7=whole(len(page)), f9=whole(4), **more)
    group = struct(f1=listed(struct(f3=b"\x0c" + column)), f3=whole(1))
    return struct(f3=whole(1), f4=listed(group))


PAGE = struct(f2=whole(10), f3=whole(0), f5=b"\x0c" + struct(f1=whole(1)))


def test_every_kind_of_value_in_the_list_of_parts() -> None:
    """What is of no use is read over: bytes, numbers, lists of yes and no; long lists have their length in front."""
    more = {
        "f20": b"\x01",
        "f21": b"\x02",
        "f22": b"\x03\x07",
        "f23": b"\x07" + b"\0" * 8,
        "f24": b"\x08\x03abc",
        "f25": b"\x09\x21\x01\x02",
        "f26": bytes((9, 0xF6, 16)) + number(1) * 16,
    }
    assert rows_of_file(file(one_column(PAGE, **more), PAGE)) == 1
    assert rows_of_file(file(struct(f3=whole(0), f4=listed()))) == 0
    second = PAGE[:-1] + struct(f8=b"\x0c" + struct(f1=whole(1)))
    assert rows_of_file(file(one_column(second, f11=whole(4)), second)) == 1


@pytest.mark.parametrize(
    ("footer", "page", "says"),
    [
        (struct(f3=whole(0), f4=listed(), f8=b"\x0c\0"), b"", "encrypted"),
        (struct(f3=whole(1), f4=listed(struct(f1=listed(struct(f8=b"\x0c\0")), f3=whole(1)))), b"", "encrypted"),
        (struct(f3=whole(5), f4=listed()), b"", "damaged"),
        (struct(f3=whole(-1), f4=listed(struct(f1=listed(), f3=whole(-1)))), b"", "damaged"),
        (struct(f3=whole(0), f4=whole(1)), b"", "damaged"),
        (struct(f3=b"\x0b\0", f4=listed()), b"", "damaged"),
        (b"\x3c" * 5_000, b"", "damaged"),
        (one_column(b"x" * 9), struct(f2=whole(-1), f3=whole(0)), "damaged"),
        (one_column(b"x" * 9), struct(f2=whole(1), f3=whole(-5)), "damaged"),
        (one_column(PAGE), struct(f2=whole(1), f3=whole(0), f5=b"\x0c" + struct(f1=whole(-1))), "damaged"),
        (one_column(PAGE), struct(f2=whole(1), f3=whole(0), f5=whole(5)), "damaged"),
        (one_column(PAGE), struct(f2=whole(1 << 40), f3=whole(0)), "unpacks to more than 500 MB"),
    ],
)  # fmt: skip
def test_lists_of_parts_that_cannot_be(footer: bytes, page: bytes, says: str) -> None:
    """Whatever it claims, nothing is unpacked because of it."""
    with pytest.raises(UnreadableFile, match=says):
        rows_of_file(file(footer, page))


# Written


def read_back(path: Path) -> list[list[str]]:
    """What Parquet holds, written as csv writes it."""
    frame = pl.read_parquet(path)
    texts = [
        ["" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value) for value in column]
        for column in frame.iter_columns()
    ]
    return [frame.columns, *map(list, zip(*texts, strict=True))]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("options", "stored"),
    [(["--budget", "2000"], "validate.csv"), (["--budget", "2000", "--redact"], "validate-redacted.csv")],
    ids=["plain", "redacted"],
)
def test_what_is_written_is_what_csv_writes(folder: Path, run: Run, options: list[str], stored: str) -> None:
    """The stored copies of csv, read back from Parquet, with types."""
    expected = cells((STORED / stored).read_bytes().decode())
    found = run("validate", "trips.csv", *options, "--format", "parquet", "-o", "out.parquet")

    assert (found.status, found.out) == (2, "")
    assert found.err.endswith("Written: out.parquet.\n")
    assert read_back(folder / "out.parquet") == expected
    schema = pl.read_parquet_schema(folder / "out.parquet")
    assert [schema[name] for name in RESULTS] == [
        pl.String, pl.Decimal(18, 2), pl.Int64, pl.Int64, pl.String, pl.String, pl.String]  # fmt: skip
    assert {kind for name, kind in schema.items() if name not in RESULTS} == {pl.String}


def test_reports_in_several_parts(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are put by at once, the file is the same, and beside other reports, too."""
    for at_once in (1, 5, 16, 50):
        monkeypatch.setattr(report, "ROWS_TOGETHER", at_once)
        monkeypatch.setattr("cxc.tables.sources.TOGETHER", 3)
        run("validate", "trips.csv", "--format", "csv", "-o", "out.csv", "--report", "parquet=out.parquet")
        assert read_back(folder / "out.parquet") == cells((folder / "out.csv").read_bytes().decode())


def test_several_tables_and_names_that_are_taken(folder: Path, run: Run) -> None:
    """The columns of several files are joined, and no name is there twice."""
    heading = "host_country,host_cluster,arrival,departure,outcome,file,=a,'=a,,"
    (folder / "a.csv").write_text(f"{heading}\nPT,yes,2023-05-14,2023-05-20,x,y,=1,2,3,\n", encoding="utf-8")
    write(folder / "b.parquet", [{**GOOD, "more": "z"}])
    run("validate", "a.csv", "b.parquet", "--format", "parquet", "-o", "out.parquet", "--report", "csv=out.csv")
    found, expected = read_back(folder / "out.parquet"), cells((folder / "out.csv").read_bytes().decode())

    assert found[1:] == expected[1:]
    assert found[0] == ["file", *expected[0][1:5], "input_outcome", "input_file", "'=a", "'=a_2", *expected[0][9:]]
    assert [row[0] for row in found[1:]] == ["a.csv", "b.parquet"]


def test_it_goes_to_a_file_alone(folder: Path, run: Run) -> None:
    """It is no text to be printed, and no format of one trip."""
    found = run("validate", "trips.csv", "--format", "parquet")
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert "--format parquet: it is not text, so it is not printed; name a file with -o" in found.err
    found = run("check", "--no-ask", "--format", "parquet")
    assert (found.status, found.out) == (2, "")
    assert "parquet" not in run("check", "--help").out
    assert "parquet" in run("validate", "--help").out
    assert "is not FORMAT=FILE with one of" in run("check", "--report", "parquet=x").err
    assert "parquet" in run("validate", "trips.csv", "--report", "parket=x").err


def test_formats_of_tables_are_those_of_one_trip_and_more() -> None:
    """What can be asked can be made."""
    assert [*get_args(Format)] == [*FORMATS, "xlsx"]
    assert [*get_args(TableFormat)] == [*FORMATS, *BINARY_FORMATS]


def test_written_whole_or_not_at_all(folder: Path, run: Run) -> None:
    """What stood there stays where the table cannot be read."""
    (folder / "out.parquet").write_bytes(b"old")
    (folder / "bad.csv").write_bytes(b"host_country,host_cluster,arrival,departure\nPT,yes,\xff,\n")
    before = sorted(os.listdir(folder))
    assert run("validate", "bad.csv", "--format", "parquet", "-o", "out.parquet").status == 2
    assert (folder / "out.parquet").read_bytes() == b"old"
    assert sorted(os.listdir(folder)) == before
    assert "is a file that is read" in run("validate", "trips.parquet", "--report", "parquet=trips.parquet").err
    assert "there is no such folder" in run("validate", "trips.csv", "--format", "parquet", "-o", "no/out").err


# Without the extra


@pytest.fixture(params=["polars", "narwhals.stable.v2"])
def without(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As where a package of the extra is not installed."""
    monkeypatch.setitem(sys.modules, request.param, None)
    return str(request.param)


INSTALL = "which needs more packages; install them with: pip install polars narwhals\n"


def test_reading_without_the_extra(folder: Path, run: Run, without: str) -> None:
    """The file and what to install are named, and nothing is written."""
    found = run("validate", "trips.parquet", "-o", "out.txt")

    assert (found.status, found.out) == (2, "")
    assert found.err == f"cxc: trips.parquet is a Parquet file, {INSTALL}"
    assert not (folder / "out.txt").exists()
    with pytest.raises(NotInstalled):
        cxc.check_table("trips.parquet")
    assert run("validate", "trips.csv", "-q").status == 2


def test_writing_without_the_extra(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said before the work."""
    monkeypatch.setitem(sys.modules, "polars", None)
    for options in (["--format", "parquet", "-o", "out.parquet"], ["--report", "parquet=out.parquet"]):
        found = run("validate", "trips.csv", *options)
        assert (found.status, found.out) == (2, "")
        assert found.err == f"cxc: a report in Parquet was asked for, {INSTALL}"
        assert not (folder / "out.parquet").exists()


def test_a_table_is_given_its_dates_in_some_form(folder: Path) -> None:
    """Where nothing else is asked for they are ISO dates."""
    path = str(write(folder / "a.parquet", [GOOD]))

    def arrivals(tables: list[Table]) -> list[str]:
        return [cells[2] for table in tables for _, cells, _ in table.rows()]

    assert arrivals(open_tables(path, core_in({})).tables) == ["2023-05-14"]
    assert arrivals(open_tables(path, core_in({}), date_form=DateForm("D.M.YYYY")).tables) == ["14.5.2023"]
