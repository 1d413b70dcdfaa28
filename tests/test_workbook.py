"""Workbooks: which sheets are read, what their cells say, and what a file made to harm does not do."""

import csv
import datetime
import io
import json
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from commands import Run
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

import cxc
from cxc.errors import InputError
from cxc.tables import workbook
from cxc.tables.columns import core_in
from cxc.tables.table import Table, open_tables
from cxc.trip.texts import DateForm

HEAD = ["reference", "visitor_id", "host_country", "host_cluster", "arrival", "departure"]
TRIP: list[Any] = ["PT", "yes", "2023-05-14", "2023-05-20"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(path: Path, **sheets: list[list[Any]]) -> Workbook:
    """A workbook with these sheets, saved at the path."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return made


def changed(path: Path, change: Callable[[Worksheet], object]) -> Path:
    """The workbook with its first sheet changed."""
    made = load_workbook(path)
    change(made.worksheets[0])
    made.save(path)
    return path


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts changed, as no spreadsheet would."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def tables(path: Path, *sheets: str, form: str | None = None) -> list[Table]:
    date_form = DateForm(form) if form else None
    return open_tables(str(path), core_in({}), date_form=date_form, sheets=sheets).tables


def lines(run: Run, *arguments: object) -> list[dict[str, Any]]:
    done = run("validate", "--format", "jsonl", *arguments)
    assert done.out, done.err
    return [json.loads(line) for line in done.out.splitlines()]


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    path = tmp_path / "trips.xlsx"
    book(path, June=[HEAD, ["a", "RO1", *TRIP], ["b", "RO2", *TRIP]])
    return path


def test_every_visible_sheet_with_the_columns_is_read(run: Run, tmp_path: Path) -> None:
    """A visitor of two sheets visits twice; titles stand above a heading; other sheets are named, an empty one is not."""
    path = tmp_path / "trips.xlsx"
    made = book(
        path,
        June=[HEAD, ["a", "RO1", *TRIP]],
        July=[["Trips of July"], [], HEAD, ["b", "RO1", "PT", "yes", "2023-07-03", "2023-07-09"]],
        lists=[["visitor_country"], ["RO"]],
        Old=[HEAD, ["c", "RO3", *TRIP]],
        Empty=[],
    )
    made["Old"].sheet_state = "veryHidden"
    made.create_chartsheet("Chart")
    made.save(path)

    done = run("validate", "--format", "jsonl", path)
    first, second = map(json.loads, done.out.splitlines())
    assert list(first)[:3] == ["file", "sheet", "row"]
    assert [(row["sheet"], row["row"], row["outcome"]) for row in (first, second)] == [
        ("June", 2, "eligible"),
        ("July", 4, "not-eligible"),
    ]
    assert second["earlier_visits"][0]["file"] == f"{path}, sheet June"
    named = "sheets that are not read: 'lists' (lacks columns that are needed), 'Old' (hidden); --sheet NAME picks one."
    assert f"{path}: {named}" in done.err
    text = run("validate", path)
    assert f"{path}:July:4" in text.out
    assert f"The earlier trip: {path}, sheet June, row 2." in text.out
    assert named in " ".join(text.out.split())
    assert "not read" not in text.err

    assert [row["reference"] for row in csv.DictReader(io.StringIO(run("validate", "--format", "csv", path).out))] == [
        "a",
        "b",
    ]
    assert [row["trip"]["reference"] for row in lines(run, "--sheet", "old", "--sheet", "July", path)] == ["b", "c"]
    assert (
        "there is no sheet 'May'; the sheets are 'June', 'July', 'lists', 'Old' and 'Empty'"
        in run("validate", "--sheet", "May", path).err
    )
    assert f"{path}, sheet lists: there is no column host_country" in run("validate", "--sheet", "lists", path).err
    assert "the sheet is empty" in run("validate", "--sheet", "Empty", path).err
    assert [(row.sheet, row.outcome) for row in cxc.check_table(str(path), sheets=["Old"])] == [("Old", "eligible")]


def test_reports_of_several_sheets(run: Run, tmp_path: Path) -> None:
    """File and sheet stand before the columns; a suite of tests is one sheet; pages and annotations name both."""
    path = tmp_path / "trips.xlsx"
    refused = ["c", "RO3", "PT", "yes", "2023-05-14", "2023-05-15"]
    book(
        path, June=[HEAD, ["a", "RO1", *TRIP]], July=[[*HEAD, "note"], refused, ["d", "RO4", *TRIP, "n"]], Notes=[["x"]]
    )
    other = tmp_path / "more.csv"
    other.write_text("reference,host_country,host_cluster,arrival,departure\ne,PT,yes,2023-05-14,2023-05-20\n")

    rows = list(csv.DictReader(io.StringIO(run("validate", "--format", "csv", path, other).out)))
    assert list(rows[0])[:4] == ["file", "sheet", "reference", "visitor_id"]
    assert [(Path(row["file"]).name, row["sheet"], row["reference"], row["note"]) for row in rows] == [
        ("trips.xlsx", "June", "a", ""),
        ("trips.xlsx", "July", "c", ""),
        ("trips.xlsx", "July", "d", "n"),
        ("more.csv", "", "e", ""),
    ]
    junit = run("validate", "--format", "junit", path).out
    assert f'<testsuite name="{path}, sheet July" tests="2" failures="1"' in junit
    assert "title=July, row 2" in run("validate", "--format", "github", path).out.replace("%2C", ",")
    page = run("validate", "--format", "html", path).out
    assert f"{path}:July:2" in page
    assert "--sheet" not in page
    assert "trips.xlsx:July:2" in run("validate", "--format", "markdown", path).out.replace("\\", "")


def test_an_error_names_the_cell(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "trips.xlsx"
    book(path, **{"Trips of May": [HEAD, ["a", "RO1", "PT", "yes", "2023-05-14", "2023-02-30"]]})

    (row,) = lines(run, path)
    assert row["errors"][0]["field"] == "departure"
    assert row["errors"][0]["message"].startswith("departure ('Trips of May'!F2): '2023-02-30' is not a day")


def test_cells_are_read_as_openpyxl_reads_them(tmp_path: Path) -> None:
    """Each kind of cell, in workbooks that count days from 1900 and from 1904."""
    path = tmp_path / "trips.xlsx"
    day, noon = datetime.date(2023, 5, 14), datetime.datetime(2023, 5, 14, 12)  # noqa: DTZ001
    values: list[Any] = [
        "00123",
        "=1",
        True,
        False,
        1,
        1.0,
        180.5,
        -3,
        1e14,
        day,
        noon,
        datetime.time(8, 30),
        None,
        " x ",
    ]
    formats = [
        "dd/mm/yyyy",
        "[$-F800]dddd, mmmm dd, yyyy",
        "yyyy\\-mm\\-dd;@",
        "mmm yy",
        "d.m.yy",
        "[$-410]d mmmm yyyy",
    ]
    numbers = ["0.00E+00", '#,##0 "days"', "General", "@", "[Red]0", '"day "0']
    for epoch in (datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)):  # noqa: DTZ001
        made = book(path, June=[HEAD, ["a", "RO1", *TRIP]])
        made.epoch = epoch
        sheet = made["June"]
        for column, value in enumerate(values, 1):
            sheet.cell(1, 20 + column, f"h{column}")
            sheet.cell(2, 20 + column, value)
            if value == "=1":
                sheet.cell(2, 20 + column).data_type = "s"
        for column, form in enumerate([*formats, *numbers], 60):
            sheet.cell(1, column, form)
            sheet.cell(2, column, day if form in formats else 45060).number_format = form
        made.save(path)

        (_, cells, fault), *_ = tables(path)[0].rows()
        assert fault is None
        shown = load_workbook(path)["June"]
        for column in range(1, shown.max_column + 1):
            value = shown.cell(2, column).value
            if isinstance(value, datetime.datetime):
                value = value.date()
            expected = (
                {None: "", True: "yes", False: "no"}.get(value, str(value))
                if not isinstance(value, float)
                else (str(int(value)) if value.is_integer() else str(value))
            )
            if isinstance(value, int) and not isinstance(value, bool):
                expected = str(value)
            assert cells[column - 1] == expected, column

    assert next(iter(tables(path, form="DD.MM.YYYY")[0].rows()))[1][29] == "14.05.2023"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (780.1 + 0.2, "780.3"),
        (199.99999999999997, "200"),
        (199.99999999999, "199.99999999999"),
        (0.1 + 0.2, "0.3"),
        (123456789012345.0, "123456789012345"),
        (-1e-7, "-1e-07"),
    ],
)
def test_a_number_is_read_as_a_spreadsheet_shows_it(tmp_path: Path, number: float, text: str) -> None:
    """With 15 digits; what is behind comes of its own arithmetic."""
    path = tmp_path / "trips.xlsx"
    book(path, June=[[*HEAD, "note"], ["a", "RO1", *TRIP, number]]).save(path)
    (row,) = tables(path)[0].rows()

    assert row[1][-1] == text


def test_a_day_as_a_spreadsheet_counts_it(run: Run, trips: Path, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E2"] = 45060
        sheet["F2"] = datetime.datetime(2023, 5, 20, 17, 30)  # noqa: DTZ001

    (wrong, _) = lines(run, changed(trips, change))
    assert [error["message"] for error in wrong["errors"]] == [
        "arrival (June!E2): '45060' is the number of a day in a spreadsheet, not a date; format the cells as dates, or "
        "write 2023-05-14 if that is the day"
    ]
    assert (
        "write 14.05.2023 if"
        in run(
            "check",
            "--to",
            "PT",
            "--host-cluster",
            "yes",
            "--arrival",
            "45060",
            "--departure",
            "45066.5",
            "--date-format",
            "DD.MM.YYYY",
        ).err
    )
    assert (
        "is not a date of the form"
        in run("check", "--to", "PT", "--host-cluster", "yes", "--arrival", "00001", "--departure", "2023-05-20").err
    )


def test_a_merged_cell_counts_for_each_row_that_it_covers(run: Run, trips: Path) -> None:
    """The second trip of a visitor is no first one; a merge over columns is not guessed at, one beside them is let be."""

    def visitor(sheet: Worksheet) -> None:
        sheet["B3"] = None
        sheet.merge_cells("B2:B7")  # further than the trips: no trip comes of it
        sheet.merge_cells("H4:I9")
        sheet["E3"], sheet["F3"] = "2023-06-04", "2023-06-10"

    assert [row["outcome"] for row in lines(run, changed(trips, visitor))] == ["eligible", "not-eligible"]

    def across(sheet: Worksheet) -> None:
        sheet.unmerge_cells("B2:B7")
        sheet["A4"] = "Prepared by Ana"
        sheet.merge_cells("A4:F4")
        for column, text in zip("ABCDF", ["c", "RO3", "PT", "yes", "2023-06-10"], strict=True):
            sheet[f"{column}5"] = text
        sheet.merge_cells("D5:E5")

    *_, last = lines(run, changed(trips, across))
    assert last["row"] == 5
    assert "The cells of host_cluster and arrival (June!D5:E5) are merged" in last["errors"][0]["message"]


def test_a_merged_cell_without_a_value_or_with_a_bad_one(run: Run, trips: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"] = "=1+1"
        sheet.merge_cells("B2:B3")
        sheet.append(["c", None, *TRIP])
        sheet.append(["d", "RO9", *TRIP])
        sheet.merge_cells("B4:B5")

    changed(trips, change)
    found = lines(run, rewritten(trips, SHEET, lambda xml: xml.replace('<c r="B5" s="0"/>', '<c r="B5"><v>7</v></c>')))
    assert [row["outcome"] for row in found] == ["unreadable", "unreadable", "eligible", "eligible"]
    assert [row["trip"]["visitor_id"] for row in found[2:]] == [None, None]
    assert "(June!B3): the cell holds a formula" in found[1]["errors"][0]["message"]


def test_rows_that_are_no_trip(run: Run, tmp_path: Path) -> None:
    """Totals and signatures change no status and no verdict; they are counted and named, and CSV keeps them."""
    path = tmp_path / "trips.xlsx"
    rows = [[*HEAD, "visitor", "travellers"], ["a", "RO1", *TRIP, "Acme", 1], [], ["Total", *[None] * 5, None, "7.5"]]
    book(path, June=[*rows, ["Prepared by Ana", *[None] * 5, "Ana"]])

    done = run("validate", "--format", "json", path)
    found = json.loads(done.out)
    assert done.status == 0
    assert [row["row"] for row in found["verdicts"]] == [2]
    assert (found["summary"]["rows"], found["summary"]["no_trips"]) == (1, 2)
    assert found["verdicts"][0]["findings"][7]["outcome"] == "assumed"  # as without these rows
    named = f"no cluster of the host: 2 ({path}, sheet June, rows 4 and 5). They were not checked."
    assert named in " ".join(run("validate", path).out.split())
    for form in ("text", "jsonl", "junit", "github", "markdown", "html"):
        assert ":4" not in run("validate", "-v", "--format", form, path).out, form
    *_, total, signed = csv.DictReader(io.StringIO(run("validate", "--format", "csv", path).out))
    assert (total["reference"], total["outcome"], total["message"]) == ("Total", "", "")
    assert signed["visitor"] == "Ana"
    assert "Ana" not in run("validate", "--redact", "--format", "csv", path).out

    only = tmp_path / "only.csv"
    only.write_text(",".join(HEAD) + "\n" + "\n".join(f"Total {number},,,,," for number in range(25)))
    nothing = run("validate", only)
    assert nothing.status == 2
    assert "the table contains no trip, only rows without host country, dates and cluster of the host" in nothing.err
    with only.open("a") as more:
        more.write("\n,,,,,,PT\nb,RO2,PT,yes,2023-05-14,2023-05-20\n")  # a cell too far to the right may be a country
    text = " ".join(run("validate", only).out.split())
    assert "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 and 21; and 5 more" in text
    assert "1 eligible, 1 unreadable" in text
    held: list[dict[str, object]] = [{"reference": "x"}, {"travellers": True}, {"expected_eur": "0"}]
    outcomes = [row.outcome for row in cxc.check_rows(held)]
    assert outcomes == ["no-trip", "no-trip", "unreadable"]
    assert [row.outcome for row in cxc.check_rows([{"arrival": True}])] == ["unreadable"]


def test_what_the_reader_of_cells_does_not_tell(run: Run, trips: Path) -> None:
    """A formula that was never worked out and an error make their row unreadable; in a column of one's own they do not."""

    def change(sheet: Worksheet) -> None:
        sheet["D2"] = "=1+1"
        sheet["C3"] = "#REF!"
        sheet["G1"], sheet["C4"], sheet["G4"], sheet["H4"] = "note", "PT", "#N/A", "beyond"
        sheet.append(["c", "RO3", *TRIP, "=1"])
        sheet["A7"] = "=SUM(A1:A2)"
        sheet["A8"], sheet["B8"] = "d", 1234567890123456
        sheet["C8"] = "PT"

    changed(trips, change)
    rewritten(
        trips,
        SHEET,
        lambda xml: xml.replace(
            "</sheetData>",
            '<row r="9"><c r="A9" t="str"><f>A2</f><v></v></c><c r="B9" t="inlineStr"><v>lost</v></c>'
            '<c r="C9"><f>"PT"</f><v>PT</v></c></row></sheetData>'
            "<extLst><ext><cfRule><f>A1</f></cfRule></ext></extLst>",
        ),
    )
    found = {row["row"]: row for row in lines(run, trips)}
    said = {number: [error["message"] for error in row.get("errors", ())] for number, row in found.items()}
    assert list(found) == [2, 3, 4, 5, 8, 9]
    assert said[2] == [
        "host_cluster (June!D2): the cell holds a formula without a stored value; open the file in a spreadsheet and save "
        "it, or write the value"
    ]
    assert "host_country (June!C3): the cell holds the error #REF!; correct its formula" in said[3][0]
    assert "he cell June!H4 is outside the heading" in said[4][0]
    assert said[5] == []
    assert "visitor_id (June!B8): the cell holds a number of more than 15 digits" in said[8][0]
    assert "visitor_id (June!B9): the cell holds a text that is not stored as text" in said[9][0]


def test_one_bad_cell_is_not_the_whole_file(run: Run, trips: Path) -> None:
    """What the reader of cells stops at makes its row unreadable, and nothing but the report is printed."""
    bad = [
        ("2", "A", ' t="s"', "99", "a text that is stored nowhere"),
        ("3", "D", ' t="b"', "7", "neither yes nor no"),
        ("4", "C", ' t="zzz"', "PT", "a value of an unknown kind"),
        ("5", "E", ' s="1"', "1e20", "a number that is too large"),
        ("6", "E", ' t="e"', "#SPILL!!", "the error #SPILL!!"),
        ("7", "E", "", "abc", "'abc' is not a date"),
        ("8", "E", ' t="s"', "x", "a text that is stored nowhere"),
        ("10", "E", ' t="n"', "4x5", "no number where one should be"),
        ("11", "E", ' t="n"', "١", "no number where one should be"),
        ("12", "E", ' t="n"', " 45060", "no number where one should be"),
    ]
    rows = "".join(
        f'<row r="{row}"><c r="{column}{row}"{kind}><v>{text}</v></c><c r="F{row}" t="str"><v>2023-05-20</v></c></row>'
        for row, column, kind, text, _ in bad
    )
    rows += f'<row r="9">{"".join(f"""<c r="{at}9" t="str"><v>{text}</v></c>""" for at, text in zip("CDEF", TRIP, strict=True))}</row>'
    heading = (
        '<row r="1">'
        + "".join(
            f'<c r="{at}1" t="inlineStr"><is><t>{name}</t></is></c>' for at, name in zip("ABCDEF", HEAD, strict=True)
        )
        + "</row>"
    )
    rewritten(
        trips, SHEET, lambda xml: f"{xml.partition('<sheetData>')[0]}<sheetData>{heading}{rows}</sheetData></worksheet>"
    )
    durations = '<styleSheet xmlns="' + MAIN + '"><cellXfs><xf numFmtId="0"/><xf numFmtId="46"/></cellXfs></styleSheet>'
    rewritten(trips, "xl/styles.xml", lambda _: durations)

    found = lines(run, trips)
    assert [row["row"] for row in found if row["outcome"] == "eligible"] == [9]
    judged_rows = {row["row"]: row for row in found}
    assert len(judged_rows) == len(bad) + 1
    for row, column, _, _, why in bad:
        said = [error["message"] for error in judged_rows[int(row)]["errors"]]
        assert any(f"(June!{column}{row}): " in one and why in one for one in said), said


def test_rows_out_of_order_and_without_numbers(run: Run, trips: Path) -> None:
    """No row is lost that stands below its place, says not where it stands, or is written with a prefix."""

    def shuffled(xml: str) -> str:
        before, _, rest = xml.partition('<row r="2"')
        second, _, after = rest.partition('<row r="3"')
        third, _, end = after.partition("</row>")
        return f'{before}<row r="3"{third}</row><row r="2"{second}{end}'

    assert [row["trip"]["reference"] for row in lines(run, rewritten(trips, SHEET, shuffled))] == ["a", "b"]
    unnumbered = rewritten(trips, SHEET, lambda xml: re.sub(r'(<(?:row|c)) r="\w+"', r"\1", xml))
    assert [row["trip"]["reference"] for row in lines(run, unnumbered)] == ["b", "a"]
    prefixed = rewritten(
        trips,
        SHEET,
        lambda xml: re.sub(r"<(/?)(row|c|v|f|is|t|sheetData|worksheet)\b", r"<\1x:\2", xml).replace(
            "xmlns=", "xmlns:x="
        ),
    )
    assert [row["trip"]["reference"] for row in lines(run, prefixed)] == ["b", "a"]


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        (SHEET, lambda xml: xml.replace('<row r="3"', '<row r="2"').replace('"A3"', '"A2"'), "the cell June!A2 twice"),
        (SHEET, lambda xml: xml.replace('r="A3"', 'r="ABCD3"'), "it is damaged"),
        (SHEET, lambda xml: xml.replace('r="A3"', 'r="A03"'), "it is damaged"),
        (SHEET, lambda xml: xml.replace("<row", "<!-- x --><row"), "written in an unusual way"),
        (SHEET, lambda xml: xml.replace("</row>", "", 1), "it is damaged"),
        (SHEET, lambda xml: xml.replace("<row", f'<row x="{"y" * 2_000_000}"', 1), "a tag of more than"),
        ("xl/workbook.xml", lambda xml: xml.replace("<sheets>", '<sheets><sheet name="JUNE" r:id="rId1"/>'), "same name"),
    ],
)  # fmt: skip
def test_damaged_workbooks(run: Run, trips: Path, part: str, change: Callable[[str], str], says: str) -> None:
    if "xmlns:r" not in zipfile.ZipFile(trips).read("xl/workbook.xml").decode():
        rewritten(
            trips, "xl/workbook.xml", lambda xml: xml.replace("<workbook ", f'<workbook xmlns:r="{workbook.RELATED}" ')
        )
    done = run("validate", rewritten(trips, part, change))
    assert done.status == 2
    assert says in done.err
    assert done.err.count("\n") == 1


def limited(path: Path) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, with the time and the memory that a small file may take."""

    def bounds() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))

    return subprocess.run(
        [sys.executable, "-m", "cxc", "validate", str(path)], capture_output=True, timeout=120, preexec_fn=bounds
    )


def raw(path: Path, sheet: bytes, **parts: bytes) -> Path:
    """A workbook with one sheet made of these rows of XML."""
    book(path, June=[HEAD])
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    kept[SHEET] = b'<worksheet xmlns="' + MAIN.encode() + b'"><sheetData>' + sheet + b"</sheetData></worksheet>"
    if "strings" in parts:
        named = kept["xl/_rels/workbook.xml.rels"]
        texts = f'<Relationship Id="texts" Type="{workbook.RELATED}/sharedStrings" Target="sharedStrings.xml"/>'
        kept["xl/_rels/workbook.xml.rels"] = named.replace(b"</Relationships>", texts.encode() + b"</Relationships>")
    kept |= {
        {"types": "[Content_Types].xml", "styles": "xl/styles.xml", "strings": "xl/sharedStrings.xml"}[name]: part
        for name, part in parts.items()
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in kept.items():
            new.writestr(name, content)
    return path


ROWS = b"".join(
    b'<row r="%d">%s</row>'
    % (
        row,
        b"".join(
            b'<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>' % (65 + at, row, text.encode())
            for at, text in enumerate(texts)
        ),
    )
    for row, texts in ((1, HEAD), (2, ["a", "RO1", *TRIP]))
)


# What they unpack to is made where it is needed: it would fill the memory of every process that collects the tests.
MUCH: dict[str, Callable[[], tuple[bytes, dict[str, bytes], bytes]]] = {
    "an empty row far below": lambda: (ROWS + b'<row r="999999999"/>', {}, b"1 eligible"),
    "a value far below": lambda: (
        ROWS + b'<row r="999999999"><c r="A999999999"><v>1</v></c></row>', {}, b"a value in row 999999999; rows up to"
    ),
    "a value far below and far to the right": lambda: (
        ROWS + b'<row r="199999"><c r="XFD199999"><v>1</v></c></row>', {}, b"have more than 4,000,000 cells"
    ),
    "content types": lambda: (
        ROWS, {"types": b"<Types>" + b'<Default Extension="x" ContentType="y"/>' * 5_000_000 + b"</Types>"}, b"1 eligible"
    ),
    "styles": lambda: (
        ROWS, {"styles": b"<styleSheet><cellXfs>" + b'<xf numFmtId="14"/>' * 3_000_000 + b"</cellXfs></styleSheet>"}, b"1 eligible"
    ),
    "more styles": lambda: (
        ROWS, {"styles": b"<styleSheet><cellXfs>" + b"<xf/>" * 11_000_000 + b"</cellXfs></styleSheet>"}, b"more than 10,000,000 tags"
    ),
    "a large cell": lambda: (
        ROWS + b'<row r="3"><c r="A3" t="str"><v>' + b"x" * 150_000_000 + b"</v></c></row>", {}, b"unpacks to more than 120 MB"
    ),
    "a cell that is less large": lambda: (
        ROWS + b'<row r="3"><c r="A3" t="str"><v>' + b"x" * 11_000_000 + b"</v></c></row>", {}, b"more than 10,000,000 letters"
    ),
    "a long text in many cells": lambda: (
        ROWS + b"<row>" + b'<c t="s"><v>0</v></c>' * 2_000 + b"</row>",
        {"strings": b"<sst>\n<si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"},
        b"more than 200,000,000 letters",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MUCH)
def test_small_files_that_unpack_to_much(tmp_path: Path, name: str) -> None:
    rows, parts, says = MUCH[name]()
    done = limited(raw(tmp_path / "trips.xlsx", rows, **parts))
    assert says in done.stdout + done.stderr
    assert done.returncode == (0 if says == b"1 eligible" else 2)


def test_bounds_that_no_test_can_reach_quickly(run: Run, trips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bounds, made small: a long text that few cells name is no harm, and merged cells are counted."""
    monkeypatch.setattr(workbook, "MOST_LETTERS", 200)
    assert run("validate", trips).status == 0
    monkeypatch.setattr(workbook, "MOST_CELLS", 20)
    changed(
        trips,
        lambda sheet: (
            [sheet.merge_cells(f"{column}2:{column}3") for column in "GHIJKLMNOPQRSTUVWXYZ"]
            and sheet.merge_cells("F2:F3")
        ),
    )
    assert "more than 20 merged cells" in run("validate", trips).err
    monkeypatch.setattr(workbook, "LARGEST_FILE", 100)
    assert "the file has more than 0 MB" in run("validate", trips).err


def test_other_kinds_of_files(run: Run, tmp_path: Path, trips: Path) -> None:
    """A file in the wrong place, or of another program, gets the sentence that says what to do."""

    def zipped(name: str, *parts: str) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            for part in parts:
                made.writestr(part, "x")
        return tmp_path / name

    old = tmp_path / "trips.xls"
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    assert "save it as .xlsx without a password, or as CSV" in run("validate", old).err
    assert (
        "it is an OpenDocument file, such as .ods; save it as .xlsx or CSV"
        in run("validate", zipped("t.ods", "mimetype")).err
    )
    assert "it is a binary workbook (.xlsb)" in run("validate", zipped("t.xlsb", "xl/workbook.bin")).err
    assert "it is a zip file, but not a workbook" in run("validate", zipped("t.zip", "trips.csv")).err
    trip = tmp_path / "trip.yaml"
    for content in ("host_country: PT\n", '{"host_country": "PT"}', "# a trip\n---\nhost_country: PT\n"):
        trip.write_text(content)
        assert f"this is the file of one trip, not a table; check it with cxc check {trip}" in run("validate", trip).err
    table = tmp_path / "trips.csv"
    table.write_text(";".join(HEAD) + "\n")
    for file in (table, trips, old):
        assert f"this is a table, not one trip; check it with cxc validate {file}" in run("check", file).err
    assert "--sheet: none of the files is a workbook" in run("validate", "--sheet", "June", table).err


def test_a_read_error_is_blamed_on_what_was_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A medium that fails before, while and after a table is begun, and one that fails for a trip."""

    class Failing(io.RawIOBase):
        def __init__(self, content: bytes, seeks: bool) -> None:
            self._content, self._at, self._seeks = content, 0, seeks

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return self._seeks

        def seek(self, offset: int, whence: int = 0) -> int:
            self._at = (0, self._at, len(self._content))[whence] + offset
            return self._at

        def readinto(self, buffer: Any) -> int:
            part = self._content[self._at : self._at + len(buffer)]
            if not part:
                raise OSError(5, "Input/output error")
            buffer[: len(part)] = part
            self._at += len(part)
            return len(part)

    class Standard:
        def __init__(self, content: bytes, seeks: bool = True) -> None:
            self.buffer = io.BufferedReader(Failing(content, seeks)) if seeks else Failing(content, seeks)

        def isatty(self) -> bool:
            return False

        def fileno(self) -> int:
            raise io.UnsupportedOperation

    row = b"a,RO1,PT,yes,2023-05-14,2023-05-20\n"
    says = "standard input: the file cannot be read (Input/output error)"
    for stream in (
        Standard(b""),
        Standard(b"x", False),
        Standard(",".join(HEAD).encode() + b"\n" + row * 2_000),
        Standard(b"PK\x03\x04" + bytes(9_000)),
    ):
        monkeypatch.setattr(sys, "stdin", stream)
        done = run("validate", "-")
        assert (done.status, done.out) == (2, "")
        assert says in done.err
    monkeypatch.setattr(sys, "stdin", Standard(b"", False))
    assert says in run("check", "-").err


def test_a_history_in_a_workbook(run: Run, tmp_path: Path, trips: Path) -> None:
    """Every visible sheet with the columns of a history is read, and the others are named."""
    history = tmp_path / "history.xlsx"
    made = book(
        history,
        A=[["visitor_id", "arrival"], ["RO1", datetime.date(2023, 1, 9)]],
        B=[["Visits"], ["visitor", "visitor_country", "visitor_id"], ["Acme", "RO", "RO2"]],
        C=[["visitor_id"], ["RO7"]],
    )
    made["C"].sheet_state = "hidden"
    made.save(history)

    done = run("validate", "--history", history, "--format", "jsonl", trips)
    first, second = map(json.loads, done.out.splitlines())
    assert (first["outcome"], second["outcome"]) == ("not-eligible", "not-eligible")
    assert first["earlier_visits"][0]["file"] == f"{history}, sheet A"
    assert f"{history}: sheets that are not read: 'C' (hidden)." in done.err
    one = run("check", "--history", history, "--visitor-id", "RO1", "--to", "PT", "--host-cluster", "yes")
    assert "sheets that are not read: 'C' (hidden)." in one.err
    given: dict[str, Any] = {"visitor_id": "RO1", "host_country": "PT", "host_cluster": "yes", "arrival": "2023-05-14"}
    assert cxc.check(history=str(history), departure="2023-05-20", **given).outcome == "not-eligible"
    made["A"]["A2"] = "=1"
    made.save(history)
    assert f"{history}, sheet A, row 2: visitor_id (A!A2): the cell holds a formula" in (
        run("validate", "--history", history, trips).err.replace("'A'!A2", "A!A2")
    )
    book(history, A=[["x"], ["y"]])
    assert (
        f"{history}, sheet A: a history needs the column visitor_id" in run("validate", "--history", history, trips).err
    )


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ([3], "hidden rows that were read: 1 (row 3). Delete it if it is not meant."),
        ([5, 3, 4], "hidden rows that were read: 3 (rows 3, 4 and 5). Delete them if they are not meant."),
        (
            range(3, 15),
            "hidden rows that were read: 12 (rows 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more). Delete them if they are "
            "not meant.",
        ),
        ([1, 2, 30, 40], "hidden rows that were read: 1 (row 30). Delete it if it is not meant."),
    ],
)
def test_hidden_rows_are_read_and_told(run: Run, tmp_path: Path, hidden: Iterable[int], said: str) -> None:
    """As a filter hides them, or a hand. A hidden title, heading or row without a value is no trip that was read."""
    path = tmp_path / "trips.xlsx"
    rows = [[f"T{at}", f"RO{at}", *TRIP] for at in range(28)]
    made = book(path, June=[["Trips of June"], HEAD, *rows], July=[HEAD, ["T", "RO100", *TRIP]])
    for number in hidden:
        made["June"].row_dimensions[number].hidden = True
    made.save(path)

    done = run("validate", "--format", "csv", path)
    assert len(done.out.splitlines()) == 30
    assert [line for line in done.err.splitlines() if "hidden" in line] == [f"cxc: {path}, sheet June: {said}"]
    text = run("validate", path)
    assert f"{path}, sheet June: {said}" in " ".join(text.out.split())
    assert "--sheet" not in text.out
    assert said in json.loads(run("validate", "--format", "json", "--redact", path).out)["summary"]["notices"][0]


def test_hidden_rows_of_sheets_that_are_not_read(run: Run, trips: Path) -> None:
    """They are not read. Each sentence says what can be done about it."""
    made = load_workbook(trips)
    made["June"].row_dimensions[2].hidden = True
    other = made.create_sheet("lists")
    other.append(["a"])
    other.append(["b"])
    other.row_dimensions[2].hidden = True
    made.save(trips)

    assert run("validate", "--format", "csv", trips).err.splitlines() == [
        f"cxc: {trips}: sheets that are not read: 'lists' (lacks columns that are needed); --sheet NAME picks one.",
        f"cxc: {trips}, sheet June: hidden rows that were read: 1 (row 2). Delete it if it is not meant.",
    ]


@pytest.mark.parametrize("unplaced", [False, True])
def test_hidden_as_others_write_it(run: Run, trips: Path, unplaced: bool) -> None:
    """In words, in rows that do not say where they stand, and far below the last row that is read."""

    def change(sheet: str) -> str:
        sheet = sheet.replace('<row r="3"', '<row r="3" hidden="true"').replace('<row r="2"', '<row r="2" hidden="0"')
        sheet = sheet.replace("</sheetData>", '<row r="1048576" hidden="1"/></sheetData>')
        return re.sub(r'(<row|<c) r="[A-Z0-9]+"', r"\1", sheet) if unplaced else sheet

    rewritten(trips, SHEET, change)

    assert "sheet June: hidden rows that were read: 1 (row 3)." in run("validate", "--format", "csv", trips).err


def test_hidden_rows_of_a_history(run: Run, tmp_path: Path, trips: Path) -> None:
    """A visit that nobody sees refuses a trip all the same."""
    history = tmp_path / "history.xlsx"
    made = book(history, A=[["visitor_id", "arrival"], ["RO1", datetime.date(2023, 1, 9)]])
    made["A"].row_dimensions[2].hidden = True
    made.save(history)

    done = run("validate", "--history", history, "--format", "jsonl", trips)
    said = f"{history}, sheet A: hidden rows that were read: 1 (row 2). Delete it if it is not meant."
    assert json.loads(done.out.splitlines()[0])["outcome"] == "not-eligible"
    assert said in done.err
    one = run("check", "--history", history, "--visitor-id", "RO1", "--to", "PT", "--host-cluster", "yes")
    assert said in one.err


def test_a_sheet_alone_and_no_sheet(tmp_path: Path) -> None:
    empty = Workbook()
    empty.save(tmp_path / "empty.xlsx")
    with pytest.raises(InputError, match="the sheet is empty"):
        tables(tmp_path / "empty.xlsx")
    (tmp_path / "bad.xlsx").write_bytes((tmp_path / "empty.xlsx").read_bytes()[:300])
    with pytest.raises(InputError, match="cannot be read"):
        tables(tmp_path / "bad.xlsx")
    book(tmp_path / "late.xlsx", A=[*[["x"]] * 20, HEAD], B=[["arrival", "host_country"]], C=[["z"]])
    (nearest,) = tables(tmp_path / "late.xlsx")
    assert (nearest.sheet, nearest.columns) == ("B", ["arrival", "host_country"])
    (tmp_path / "trips.csv").write_text(",".join(HEAD))
    (plain,) = tables(tmp_path / "trips.csv")
    assert (plain.title, plain.cell(2, 0), nearest.cell(2, 0)) == (str(tmp_path / "trips.csv"), None, "B!A2")


def test_headings_of_ones_own_are_told_with_what_to_do(run: Run, tmp_path: Path) -> None:
    """Below a title, which is no heading, and named in another language."""
    own = ["Țara gazdă", "Gazda în cluster", "Sosire", "Plecare"]
    book(tmp_path / "own.xlsx", Vizite=[["Vizite 2023"], [], own, TRIP])
    told = " ".join(run("validate", tmp_path / "own.xlsx").err.split())
    assert (
        f"the columns are {', '.join(own[:3])} and {own[3]}; rename the headings that are meant; or keep them" in told
    )
    assert told.endswith('with --map "YOUR HEADING=host_country"')
    fields = ("host_country", "host_cluster", "arrival", "departure")
    named = [word for heading, field in zip(own, fields, strict=True) for word in ("--map", f"{heading}={field}")]
    assert run("validate", tmp_path / "own.xlsx", *named).status == 0


@pytest.mark.parametrize(
    "below",
    [["A1;PT;yes;2023-05-14;2023-05-20"], ["A1", "PT", "yes", "2023-05-14", "2023-05-20"]],
    ids=["undivided", "divided"],
)
def test_rows_in_one_cell_each(run: Run, tmp_path: Path, below: list[str]) -> None:
    """What was typed or pasted into the first column alone is to be divided, whatever stands above and below."""
    path = tmp_path / "trips.xlsx"
    book(path, Trips=[["Trips of June"], ["reference;host_country;host_cluster;arrival;departure"], below])
    found = run("validate", path)

    assert found.status == 2
    assert f"{path}, sheet 'Trips'" in found.err or str(path) in found.err
    assert "each row stands in one cell, divided by ';'; divide it into one cell for each column" in found.err
