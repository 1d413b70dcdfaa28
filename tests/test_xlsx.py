"""The workbook back: what was in it stays, what came out stands beside it, and nothing that is written is a formula."""

import csv
import datetime
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hostile
import pytest
from commands import Run
from openpyxl import Workbook, load_workbook
from openpyxl.chart import PieChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from sheets import formulas, parts, sheets, values

from cxc.reports import xlsx_cells, xlsx_package, xlsx_sheet
from cxc.reports.xlsx_cells import PLAIN_STYLES, with_styles, xml_text
from cxc.tables.workbook import RESULTS, SUMMARY_TITLE

HEAD = ["reference", "visitor", "visitor_id", "host_country", "host_cluster", "arrival", "departure", "outcome"]
DAY = datetime.date
GOOD: list[Any] = ["PT", "yes", DAY(2023, 5, 14), DAY(2023, 5, 20)]
SHEET = "xl/worksheets/sheet1.xml"


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts changed, as other programs write it."""
    content = parts(path)
    content[part] = change(content[part].decode()).encode()
    content = {name: one for name, one in content.items() if one}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in content.items():
            archive.writestr(name, one)
    return path


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def saved(path: Path, change: Callable[[Worksheet], object] = lambda sheet: None, title: str = "June") -> Path:
    """A workbook with a sheet of four trips, a title above them, a blank row among them and a total below."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    sheet["A1"] = "Trips of June & July"
    sheet.merge_cells("A1:G1")
    rows: list[list[Any]] = [
        HEAD,
        ["a", "Ana & Co", "RO1", *GOOD, "mine"],
        ["b", "Beta", "RO2", "Norway", *GOOD[1:]],
        [],
        ["c", "Gamma", "RO3", "DE", None, *GOOD[2:]],
        ["d", "Delta", "RO4", "Atlantis", *GOOD[1:]],
        ["total", "=COUNTA(C4:C8)"],
    ]
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    change(sheet)
    book.save(path)
    # The value that a spreadsheet keeps of the formula: openpyxl keeps none.
    return rewritten(path, SHEET, lambda text: text.replace("<v></v>", "<v>4</v>").replace("<v/>", "<v>4</v>"))


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    return saved(tmp_path / "trips.xlsx")


def checked(run: Run, path: Path, *options: object, to: str = "checked.xlsx") -> Path:
    """The workbook that comes back."""
    made = path.with_name(to)
    done = run("validate", path, "-q", "--report", f"xlsx={made}", *options)
    assert made.exists(), done.err
    return made


OUTCOMES = ["eligible", "not-eligible", "", "undecided", "unreadable", ""]


def results(path: Path, sheet: str = "June", heading: int = 3) -> list[list[Any]]:
    """What stands in the columns of cxc, below their headings."""
    rows = values(path, sheet)
    at = rows[heading - 1].index(RESULTS[0])
    assert tuple(rows[heading - 1][at : at + 4]) == RESULTS
    return [row[at : at + 4] for row in rows[heading:]]


def test_results_stand_beside_each_trip(run: Run, trips: Path) -> None:
    """A row is its outcome in words, the amount as a number, the reason and what to do; other rows have none."""
    made = checked(run, trips)
    found = results(made)
    assert [row[0] for row in found] == OUTCOMES
    assert [row[1] for row in found] == [780.0, "", "", "", "", ""]
    assert "Norway" in found[1][2]
    assert found[1][3].startswith("Choose a host")
    assert "It is not stated whether the host is a member of a cluster." in found[3][2]
    assert found[3][3] == "State host_cluster."
    assert found[4][2].startswith("host_country (June!D8): 'Atlantis'")
    assert found[5] == ["", "", "", ""]
    assert [row[:8] for row in values(made, "June")] == values(trips, "June")
    sheet = load_workbook(made)["June"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:L9")
    colours = {cell.value: cell.fill.fgColor.rgb for cell in sheet["I"][3:] if cell.value}
    assert len(set(colours.values())) == 4
    assert sheet["J4"].number_format == "#,##0.00"


def furnished(sheet: Worksheet) -> None:
    """A sheet as facilitators keep them."""
    book = sheet.parent
    assert book is not None
    for cell in sheet[3]:
        cell.font, cell.fill = Font(italic=True), PatternFill("solid", fgColor="FFDDEE")
    sheet["A4"].comment = Comment("a remark", "Ana")
    sheet.column_dimensions["B"].width = 33
    lists = DataValidation("list", formula1='"yes,none"')
    lists.add("E4:E9")
    sheet.add_data_validation(lists)
    sheet.conditional_formatting.add("F4:F9", CellIsRule("greaterThan", ["45000"], font=Font(color="FF0000")))  # type: ignore[no-untyped-call]
    chart = PieChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=4, max_row=9))
    sheet.add_chart(chart, "B15")
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = "a secret"
    hidden.sheet_state = "hidden"
    notes = book.create_sheet("Notes")
    notes["A1"] = "free text"
    book.defined_names["named"] = DefinedName("named", attr_text="Hidden!$A$1")
    book.properties.creator = "Ana Pop"


TOUCHED = {SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "[Content_Types].xml"}


def test_all_else_stays_to_the_byte(run: Run, tmp_path: Path) -> None:
    """Charts, comments, hidden sheets, properties, texts: no part is written anew but those that list the summary."""
    path = saved(tmp_path / "trips.xlsx", furnished)
    before, after = parts(path), parts(checked(run, path))
    assert {name for name, content in before.items() if after.get(name) != content} == TOUCHED
    assert {name for name in after if name not in before} == {
        "xl/worksheets/cxc1.xml",
        "xl/worksheets/_rels/cxc1.xml.rels",
        "xl/drawings/cxc1.xml",
        "xl/drawings/_rels/cxc1.xml.rels",
        "xl/charts/cxc1.xml",
    }
    # Of the sheet itself, too: each cell with its look, and what stands behind the rows.
    old, new = before[SHEET].decode(), after[SHEET].decode()
    for cell in re.findall(r"<c [^<>]*?(?:/>|>.*?</c>)", old):
        assert cell in new
    for name in ("mergeCells", "dataValidations", "conditionalFormatting", "drawing", "legacyDrawing"):
        (kept,) = re.findall(rf"<{name}\b.*?(?:</{name}>|/>)", old)[:1]
        assert kept in new
    assert "<f>COUNTA(C4:C8)</f><v>4</v>" in new
    assert formulas(path.with_name("checked.xlsx")) == {"June!B9": "=COUNTA(C4:C8)"}
    for name, content in {"styles": before["xl/styles.xml"], "book": before["xl/workbook.xml"]}.items():
        for element in re.findall(rb"<(?:xf|font|dxf|sheet|definedName)\b.*?>", content):
            assert element in after["xl/styles.xml" if name == "styles" else "xl/workbook.xml"]


def test_its_own_output_is_replaced(run: Run, trips: Path) -> None:
    """Checked again, the same comes out, to the byte; a column of the user's called outcome is nothing to cxc."""
    once = checked(run, trips)
    folder = trips.parent / "again"
    folder.mkdir()
    same = folder / "checked.xlsx"
    shutil.copy(once, same)
    twice = checked(run, same, to="twice.xlsx")
    shutil.copy(twice, same)
    thrice = checked(run, same, to="thrice.xlsx")
    assert thrice.read_bytes() == twice.read_bytes()
    assert values(twice, "June") == values(once, "June")
    assert sheets(twice) == ["June", "cxc summary"]
    assert parts(twice).keys() == parts(once).keys()
    assert "mine" in values(twice, "June")[3]
    done = run("validate", same, "--format", "csv")
    assert done.out.splitlines()[0].split(",")[:8] == [*HEAD[:7], "input_outcome"]
    assert "cxc" not in done.out.splitlines()[0]
    assert "cxc summary" not in done.err


def test_edited_and_checked_again(run: Run, trips: Path) -> None:
    """What a spreadsheet saved again: old results go with what they were about, and columns beside them stay."""
    made = checked(run, trips)
    book = load_workbook(made)
    sheet = book["June"]
    sheet["D5"] = "PT"  # no longer Norway
    for column in range(1, 9):
        sheet.cell(7, column).value = None  # the trip is gone, what was said of it is still there
    sheet["M3"], sheet["M4"] = "my remark", "kept"
    sheet["B9"] = 3
    sheet.insert_cols(1)
    sheet["A3"] = "number"
    book["cxc summary"]["A1"] = SUMMARY_TITLE
    book.save(made)

    again = checked(run, made, to="again.xlsx")
    found = results(again)
    assert [row[0] for row in found] == ["eligible", "eligible", "", "", "unreadable", ""]
    assert values(again, "June")[2][9:14] == [*RESULTS, "my remark"]
    assert values(again, "June")[3][13] == "kept"
    assert sheets(again) == ["June", "cxc summary"]


def test_a_sheet_of_that_name_is_not_taken_for_the_summary(run: Run, trips: Path) -> None:
    book = load_workbook(trips)
    book.create_sheet("cxc summary")["A1"] = "my own"
    book["June"]["B9"] = 3
    for at, name in enumerate(RESULTS[:3], 9):
        book["June"].cell(3, at, name)  # three of the four headings: somebody's own
    book["June"]["I4"] = "kept"
    book.save(trips)
    made = checked(run, trips)
    assert sheets(made) == ["June", "cxc summary", "cxc summary (2)"]
    assert values(made, "cxc summary") == [["my own"]]
    assert values(made, "June")[2][8:15] == [*RESULTS[:3], *RESULTS]
    assert values(made, "June")[3][8] == "kept"


def from_csv(tmp_path: Path, rows: list[list[str]]) -> Path:
    path = tmp_path / "trips.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return path


CELLS = [cell for cell in hostile.CELLS if "\0" not in cell]


def test_no_text_is_a_formula(run: Run, tmp_path: Path) -> None:
    """Whatever a cell of a CSV begins with, in a name, in a heading, in what is said of it."""
    head = ["visitor", "host_country", "host_cluster", "arrival", "departure", "=1+1", "-x"]
    begins = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1", "_x003D_1", "=cmd|' /C calc'!A0"]
    rows = [[cell, cell, "yes", "2023-05-14", "2023-05-20", cell, cell] for cell in [*CELLS, *begins]]
    rows += [[cell, "PT", hostile.as_a_name(cell), "2023-05-14", "2023-05-20", "", ""] for cell in [*CELLS, *begins]]
    made = checked(run, from_csv(tmp_path, [head, *rows]))
    assert formulas(made) == {}
    for name, content in parts(made).items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            assert not re.search(rb"<(\w+:)?f[ >/]", content), name
            assert b"&lt;script" in content or b"<script" not in content
    found = [row for row in values(made, "trips")[1:] if any(row)]
    assert [row[0] for row in found][: len(rows)] == [shown(row[0]) for row in rows]


def shown(text: str) -> str:
    """A text as a cell can hold it."""
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text.replace("\r\n", "\n").replace("\r", "\n"))


OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="there is no LibreOffice here")
def test_libreoffice_finds_no_formula(run: Run, tmp_path: Path) -> None:
    """Opened by a spreadsheet, the texts are texts; a formula of the user's own is one."""
    begins = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(1)"]
    head = ["visitor", "host_country", "host_cluster", "arrival", "departure", "=1+1"]
    rows = [[cell, cell, "yes", "2023-05-14", "2023-05-20", cell] for cell in begins]
    path = checked(run, from_csv(tmp_path, [head, *rows]))
    assert "table:formula" not in opened(path)
    assert opened(path).count("=1+1") > 3
    assert opened(checked(run, saved(tmp_path / "trips.xlsx"), to="own.xlsx")).count("table:formula") == 1


def opened(path: Path) -> str:
    """A workbook as LibreOffice understands it."""
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation=file://{path.parent}/profile", "--headless", "--convert-to", "fods",
         "--outdir", str(path.parent), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return path.with_suffix(".fods").read_text(encoding="utf-8")


SECRETS = ("Ana", "RO1", "Beta", "Gamma", "secret", "remark", "mine", "total", "Trips of June", "named", "COUNTA")


def test_redacted_nothing_else_leaks(run: Run, tmp_path: Path) -> None:
    """No name, id or column of the user's own, comment, hidden sheet, defined name, property or stored value."""
    path = saved(tmp_path / "trips.xlsx", furnished)
    whole = b"".join(parts(path).values()).decode()
    assert all(secret in whole for secret in SECRETS)
    made = checked(run, path, "--redact")
    for name, content in parts(made).items():
        for secret in SECRETS:
            assert secret not in content.decode(), (name, secret)
    assert values(made, "June")[0] == ["host_country", "host_cluster", "arrival", "departure", *RESULTS]
    assert [row[0] for row in results(made, heading=1) if row[0]] == [
        "eligible",
        "not-eligible",
        "undecided",
        "unreadable",
    ]
    done = run("validate", path, "--redact", "--report", f"xlsx={made}")
    assert "With --redact the checked workbook holds the cells that may be shown" in done.err
    assert "Not kept of the workbook" in [row[0] for row in values(made, "cxc summary")]


def test_several_files(run: Run, trips: Path) -> None:
    """One workbook: the first comes back whole, the tables of others are new sheets, whose names are unique."""
    other = saved(trips.with_name("b.xlsx"), title="june")
    table = from_csv(trips.parent, [["host_country", "host_cluster", "arrival", "departure"], ["PT", "yes", "x", "y"]])
    odd = table.rename(table.with_name("a[1]" + "x" * 60 + ".csv"))
    made = trips.with_name("all.xlsx")
    done = run("validate", other, odd, trips, "--report", f"xlsx={made}")
    assert sheets(made) == ["june", "a 1 " + "x" * 27, "June (2)", "cxc summary"]
    assert f"{trips}: only the cells of the trips are in the checked workbook, as text" in done.err
    assert f"here {other}" in done.err
    assert [row[0] for row in results(made, "june")] == OUTCOMES
    assert [row[0] for row in results(made, "June (2)", 1) if row[0]] == [
        "not-eligible",
        "not-eligible",
        "undecided",
        "unreadable",
    ]
    assert values(made, "June (2)")[3][0] == "a"  # in the row that messages name
    assert formulas(made) == {"june!B9": "=COUNTA(C4:C8)"}
    again = trips.with_name("again.xlsx")
    run("validate", made, "-q", "--report", f"xlsx={again}")
    assert sheets(again) == sheets(made)


def test_payment_in_words(run: Run, tmp_path: Path) -> None:
    head = ["host_country", "host_cluster", "arrival", "departure", "registered", "commitment_signed", "agreement_signed",
            "report_validated", "evidence", "paid_on", "paid_eur"]  # fmt: skip
    good = ["PT", "yes", "2023-05-14", "2023-05-20", "yes", "2023-05-02", "2023-05-03", "2023-06-12",
            "tickets;attendance-list"]  # fmt: skip
    rows = [[*good, "", ""], [*good[:8], "", "", ""], [*good, "2023-07-01", "780"], ["NO", *good[1:], "", ""]]
    made = checked(run, from_csv(tmp_path, [head, *rows]), "--stage", "payment", "--today", "2023-09-01")
    assert [row[0] for row in results(made, "trips", 1)] == ["due", "not due yet", "already paid", "not eligible"]
    assert [row[1] for row in results(made, "trips", 1)] == [780.0, "", "", ""]
    said = [row[0] for row in values(made, "cxc summary")]
    assert {"due", "not due yet", "already paid", "EUR paid already"} <= {*said}


def test_the_summary(run: Run, trips: Path) -> None:
    """Counts, amounts by host country with a chart of the same cells, each notice once, and by what it was made."""
    config = trips.with_name("cxc.yaml")
    config.write_text("strict: no\n")
    made = checked(run, trips, "--config", config)
    rows = values(made, "cxc summary")
    said = {row[0]: row[1:] for row in rows}
    assert rows[0][0] == SUMMARY_TITLE
    assert [said[name][1] for name in ("eligible", "not-eligible", "undecided", "unreadable", "rows in all")] == [
        1.0
    ] * 4 + [4.0]
    assert said["EUR payable in all"][2] == 780.0
    assert said["PT"] == ["Portugal", 1.0, 780.0]
    assert any(str(text).startswith("Options from ") for text in said)
    assert re.fullmatch("[0-9a-f]{64}", said["rulebook, SHA-256"][0])
    assert said["values of countries"][0].startswith("last checked ")
    sheet = load_workbook(made)["cxc summary"]
    (chart,) = sheet._charts  # type: ignore[attr-defined]
    (series,) = chart.series
    names, amounts = (load_range(sheet, where) for where in (series.cat.strRef.f, series.val.numRef.f))
    assert (names, amounts) == (["Portugal"], [780])


def load_range(sheet: Worksheet, where: str) -> list[Any]:
    name, _, cells = where.replace("$", "").partition("!")
    assert name == f"'{sheet.title}'"
    return [cell.value for row in sheet[cells] for cell in row]


def test_nothing_payable_has_no_chart(run: Run, tmp_path: Path) -> None:
    made = checked(run, from_csv(tmp_path, [HEAD[3:7], ["NO", "yes", "2023-05-14", "2023-05-20"]]))
    assert not any("chart" in name for name in parts(made))
    # Nor has one that had one before.
    assert "host country" not in [row[0] for row in values(made, "cxc summary")]


def test_one_trip(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "one.xlsx"
    trip = ["--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20", "--host-cluster", "yes"]
    done = run("check", *trip, "--no-ask", "--visitor", "=1+1", "--format", "xlsx", "-o", made)
    assert (done.status, done.out) == (0, "")
    assert [row[:2] for row in results(made, "options", 1)] == [["eligible", 780.0]]
    assert formulas(made) == {}
    assert run("check", *trip, "--no-ask", "--report", f"xlsx={tmp_path / 'two.xlsx'}").status == 0
    assert formulas(tmp_path / "two.xlsx") == {}


@pytest.mark.parametrize("command", [["validate", "trips.csv"], ["check", "--to", "PT"]])
def test_it_is_not_printed(run: Run, command: list[str]) -> None:
    done = run(*command, "--format", "xlsx")
    assert (done.status, done.out) == (2, "")
    assert "it is not text, so it is not printed; name a file with -o, such as -o checked.xlsx" in done.err


def test_what_is_read_is_never_written_over(run: Run, trips: Path) -> None:
    before = trips.read_bytes()
    done = run("validate", trips, "--report", f"xlsx={trips.parent / '.' / trips.name}")
    assert done.status == 2
    assert "is a file that is read; name another file to write to" in done.err
    assert trips.read_bytes() == before


# Sheets as other programs write them


def test_a_table_of_the_spreadsheet_grows(run: Run, tmp_path: Path) -> None:
    """It has a filter of its own, so the sheet gets none; a second check changes nothing of it."""
    path = saved(tmp_path / "trips.xlsx", lambda sheet: sheet.add_table(Table(displayName="T1", ref="A3:H8")))
    made = checked(run, path)
    for file in (made, checked(run, made, to="again.xlsx")):
        sheet = load_workbook(file)["June"]
        assert sheet.auto_filter.ref is None
        table = sheet.tables["T1"]
        assert (table.ref, table.autoFilter.ref) == ("A3:L8", "A3:L8")
        assert [column.name for column in table.tableColumns] == [*HEAD, *RESULTS]
        assert len({column.id for column in table.tableColumns}) == 12


def test_a_table_elsewhere_stays(run: Run, tmp_path: Path) -> None:
    path = saved(tmp_path / "trips.xlsx", lambda sheet: sheet.add_table(Table(displayName="T1", ref="A3:C8")))
    assert load_workbook(checked(run, path))["June"].tables["T1"].ref == "A3:C8"


def test_a_filter_reaches_to_the_results(run: Run, tmp_path: Path) -> None:
    path = saved(tmp_path / "trips.xlsx", lambda sheet: setattr(sheet.auto_filter, "ref", "A3:H7"))
    made = checked(run, path)
    assert load_workbook(made)["June"].auto_filter.ref == "A3:L9"
    names = re.findall(rb"<definedName[^<>]*>[^<>]*", parts(made)["xl/workbook.xml"])
    assert len([name for name in names if b"_FilterDatabase" in name]) == 1
    assert b"'June'!$A$3:$L$9" in b"".join(names)
    # One that lies elsewhere is left alone.
    other = saved(tmp_path / "other.xlsx", lambda sheet: setattr(sheet.auto_filter, "ref", "A1:C2"))
    assert load_workbook(checked(run, other))["June"].auto_filter.ref == "A1:C2"


def test_what_stands_still_already_stays(run: Run, tmp_path: Path) -> None:
    path = saved(tmp_path / "trips.xlsx", lambda sheet: setattr(sheet, "freeze_panes", "C5"))
    made = checked(run, path)
    assert load_workbook(made)["June"].freeze_panes == "C5"
    views = re.compile(rb"<sheetViews>.*?</sheetViews>")
    assert views.findall(parts(made)[SHEET]) == views.findall(parts(path)[SHEET])


def test_what_stands_right_of_the_heading_is_not_lost(run: Run, tmp_path: Path) -> None:
    """The results stand behind it, also where cells are merged; what stands above the heading does not matter."""

    def more(sheet: Worksheet) -> None:
        sheet["I1"], sheet["K9"] = "above", "far"

    made = checked(run, saved(tmp_path / "trips.xlsx", more))
    assert values(made, "June")[2][11:15] == [*RESULTS]
    assert (values(made, "June")[0][8], values(made, "June")[8][10]) == ("above", "far")
    merged = saved(tmp_path / "merged.xlsx", lambda sheet: sheet.merge_cells("H8:I8"))
    assert values(checked(run, merged), "June")[2][9:13] == [*RESULTS]


def test_a_view_as_pages_cannot_stand_still(run: Run, tmp_path: Path) -> None:
    path = saved(tmp_path / "trips.xlsx")
    rewritten(path, SHEET, replaced("<sheetView ", '<sheetView view="pageLayout" '))
    assert b"<pane" not in parts(checked(run, path))[SHEET]


def test_rows_grow_but_not_those_of_a_height_of_their_own(run: Run, tmp_path: Path) -> None:
    def heights(sheet: Worksheet) -> None:
        sheet.row_dimensions[8].height = 17  # customHeight

    path = saved(tmp_path / "trips.xlsx", heights)
    rewritten(path, SHEET, replaced('<row r="5"', '<row r="5" spans="1:8" ht="12.75" customHeight="0"'))
    sheet = load_workbook(checked(run, path))["June"]
    assert sheet.row_dimensions[5].height == 45
    assert sheet.row_dimensions[8].height == 17
    assert 'spans="1:8"' not in parts(path.with_name("checked.xlsx"))[SHEET].decode()


def test_widths_of_columns_beyond(run: Run, tmp_path: Path) -> None:
    """A width that was stated for many columns together holds for all but those of the results."""
    path = saved(tmp_path / "trips.xlsx")
    rewritten(
        path,
        SHEET,
        replaced("<sheetData>", '<cols><col min="2" max="16384" width="5" customWidth="1"/></cols><sheetData>'),
    )
    content = parts(checked(run, path))[SHEET].decode()
    spans = re.findall(r'<col min="([0-9]+)" max="([0-9]+)"', content)
    assert spans == [("2", "8"), ("9", "9"), ("10", "10"), ("11", "11"), ("12", "12"), ("13", "16384")]
    load_workbook(path.with_name("checked.xlsx"))


def prefixed(text: str) -> str:
    """XML with a prefix before the name of each element, as some libraries write it."""
    text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", text)
    return text.replace(
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
        'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
    )


def test_xml_with_prefixes(run: Run, trips: Path) -> None:
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        rewritten(trips, part, prefixed)
    made = checked(run, trips)
    assert [row[0] for row in results(made)] == OUTCOMES
    sheet = load_workbook(made)["June"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:L9")
    assert len(load_workbook(checked(run, made, to="again.xlsx"))["June"][3]) == len(sheet[3])


def test_cells_that_do_not_say_where_they_stand(run: Run, trips: Path) -> None:
    rewritten(
        trips, SHEET, lambda text: re.sub(r'<c r="[A-Z]+[0-9]+"', "<c", text) if (text := fill_gaps(text)) else text
    )
    made = checked(run, trips)
    assert [row[0] for row in results(made)] == OUTCOMES
    assert [row[:8] for row in values(made, "June")] == values(trips, "June")


def fill_gaps(text: str) -> str:
    """Rows as some libraries write them: without gaps between their cells."""
    return text.replace('<c r="F7"', '<c r="E7"/><c r="F7"') if '<c r="E7"' not in text else text


def test_no_sheet_views_no_dimension_no_styles(run: Run, trips: Path) -> None:
    """What a small library leaves out is added."""

    def bare(text: str) -> str:
        text = re.sub(
            r"<sheetViews>.*?</sheetViews>|<dimension[^>]*>|<sheetFormatPr[^>]*>|<sheetPr>.*?</sheetPr>", "", text
        )
        return re.sub(r' s="[0-9]+"', "", text)

    rewritten(trips, SHEET, bare)
    rewritten(trips, "xl/_rels/workbook.xml.rels", lambda text: re.sub(r"<Relationship [^>]*styles[^>]*>", "", text))
    rewritten(trips, "[Content_Types].xml", lambda text: re.sub(r"<Override [^>]*styles[^>]*>", "", text))
    rewritten(trips, "xl/styles.xml", lambda _: "")
    made = checked(run, trips)
    assert load_workbook(made)["June"].freeze_panes == "A4"
    assert [row[0] for row in results(made)][2:4] == ["", "unreadable"]  # without styles a date is a number


def test_a_sheet_view_of_one_tag_and_one_that_is_scrolled(run: Run, trips: Path) -> None:
    views = re.compile(r"<sheetViews>.*?</sheetViews>")
    for view in (
        '<sheetView workbookViewId="0"/>',
        '<sheetView topLeftCell="A40" workbookViewId="0"><selection activeCell="A1" sqref="A1"/></sheetView>',
    ):
        rewritten(trips, SHEET, lambda text, view=view: views.sub(f"<sheetViews>{view}</sheetViews>", text))  # type: ignore[misc]
        content = parts(checked(run, trips))[SHEET].decode()
        (found,) = views.findall(content)
        assert found.count("<selection") == 1
        assert 'topLeftCell="A40"' not in found
        assert '<pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/>' in found


def test_macros_and_signatures_are_left_out_and_named(run: Run, trips: Path) -> None:
    kinds = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    rewritten(trips, "[Content_Types].xml", replaced(main, kinds))
    rewritten(
        trips,
        "[Content_Types].xml",
        replaced(
            "</Types>",
            '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        ),
    )
    macro = '<Relationship Id="m1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>'
    rewritten(trips, "xl/_rels/workbook.xml.rels", replaced("</Relationships>", macro))
    signed = '<Relationship Id="s1" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    rewritten(trips, "_rels/.rels", replaced("</Relationships>", signed))
    with zipfile.ZipFile(trips, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("_xmlsignatures/origin.sigs", b"")
    made = trips.with_name("checked.xlsx")
    done = run("validate", trips, "--report", f"xlsx={made}")
    lost = "what is not in the checked workbook: macros and a digital signature, which holds for the file as it was"
    assert lost in done.err
    assert any(lost in row[0] for row in values(made, "cxc summary"))
    after = parts(made)
    assert not {"xl/vbaProject.bin", "_xmlsignatures/origin.sigs"} & after.keys()
    assert b"macroEnabled" not in after["[Content_Types].xml"]
    assert b"vbaProject" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]
    assert [row[0] for row in results(made)] == OUTCOMES


def test_a_picture_over_the_results_is_told(run: Run, tmp_path: Path) -> None:
    def with_chart(at: str) -> Callable[[Worksheet], None]:
        def add(sheet: Worksheet) -> None:
            chart = PieChart()
            chart.add_data(Reference(sheet, min_col=6, min_row=4, max_row=9))
            sheet.add_chart(chart, at)

        return add

    anchor = re.compile(r"<(\w*:?)oneCellAnchor>(.*?)<(\w*:?)ext .*?/>(.*?)</\w*:?oneCellAnchor>", re.DOTALL)
    two = r"<\1twoCellAnchor>\2<\1to><\1col>12</\1col><\1colOff>0</\1colOff><\1row>8</\1row><\1rowOff>0</\1rowOff></\1to>\4</\1twoCellAnchor>"
    for at, told in (("J2", True), ("A20", False)):
        path = saved(tmp_path / "trips.xlsx", with_chart(at))
        rewritten(path, "xl/drawings/drawing1.xml", lambda text: anchor.sub(two, text))
        done = run("validate", path, "--report", f"xlsx={tmp_path / 'checked.xlsx'}")
        assert ("sheet June: a picture or chart lies over the results" in done.err) is told


# What is refused


def test_what_cannot_be_written_back_is_said(run: Run, trips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of the file, with what to do; and no file is left behind."""
    made = trips.with_name("checked.xlsx")

    def said() -> str:
        done = run("validate", trips, "-q", "--report", f"xlsx={made}")
        assert done.status == 2
        assert not made.exists()
        assert f"{trips}: this workbook cannot be written back" in done.err
        return done.err

    with monkeypatch.context() as patch:
        patch.setattr(xlsx_package, "LARGEST_UNPACKED", 3_000)
        assert "it unpacks to more than 0 MB" in said()
    with monkeypatch.context() as patch:
        patch.setattr(xlsx_sheet, "_LAST_COLUMN", 11)
        assert "there is no room for the results behind its last column" in said()
    whole = trips.read_bytes()
    relation = (
        '<Relationship Id="z1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/theme" Target="x.xml"/>'
    )
    rewritten(trips, "xl/_rels/workbook.xml.rels", replaced("</Relationships>", f"{relation}</Relationships>"))
    assert "it is a strict Open XML workbook" in said()
    trips.write_bytes(whole)
    rewritten(trips, "[Content_Types].xml", lambda _: "<!DOCTYPE x><x/>")
    assert "its XML is written in an unusual way" in said()
    rewritten(trips, "[Content_Types].xml", lambda _: "<x")
    assert "save it as .xlsx again, or save it as CSV and check that" in said()


def test_bounds_of_a_sheet(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long cell is cut and named; more rows than a sheet has are refused."""
    path = from_csv(tmp_path, [[*HEAD[3:7], "note"], ["PT", "yes", "2023-05-14", "2023-05-20", "x" * 40_000]])
    made = tmp_path / "checked.xlsx"
    done = run("validate", path, "--report", f"xlsx={made}")
    assert "The sheet trips: cells with more than 32,767 letters are cut" in done.err
    assert len(values(made, "trips")[1][4]) == 32_767
    monkeypatch.setattr("cxc.reports.xlsx.MOST_ROWS", 1)
    done = run("validate", path, "--report", f"xlsx={tmp_path / 'other.xlsx'}")
    assert "a sheet holds 1 rows, and this table has more; ask for csv or parquet" in done.err


def test_results_that_were_saved_as_csv_are_no_columns_again(run: Run, tmp_path: Path) -> None:
    head = [*HEAD[3:7], *RESULTS, "note"]
    path = from_csv(tmp_path, [head, ["PT", "yes", "2023-05-14", "2023-05-20", "undecided", "1", "old", "old", "mine"]])
    made = checked(run, path)
    assert values(made, "trips")[0] == [*HEAD[3:7], "note", *RESULTS]
    assert values(made, "trips")[1][4:7] == ["mine", "eligible", 780.0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = from_csv(tmp_path, [HEAD[3:7], ["PT", "yes", "2023-05-14", "2023-05-20"]])
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: open("/dev/full", "w+b", buffering=0))
    done = run("validate", path, "-q", "--report", f"xlsx={tmp_path / 'out.xlsx'}")
    assert (done.status, done.err) == (2, "cxc: a temporary file cannot be written: No space left on device\n")
    assert not (tmp_path / "out.xlsx").exists()


# Styles and texts


def test_styles_are_added_once() -> None:
    first, numbers = with_styles(PLAIN_STYLES)
    assert with_styles(first) == (first, numbers)
    assert numbers["plain"] == 1
    assert first.count(b"<xf ") == 2 + len(numbers)
    assert b'<cellXfs count="%d">' % (1 + len(numbers)) in first
    assert with_styles(b"<styleSheet/>") == (first, numbers)
    small = PLAIN_STYLES.replace(b"<font><sz", b"<font/><font><sz").replace(b'<borders count="1">', b'<b count="1">')
    assert b"<font><b/></font>" in with_styles(small.replace(b"</borders>", b"</b>"))[0]
    assert (
        b"borderId"
        not in with_styles(small.replace(b"</borders>", b"</b>"))[0].partition(b"cellXfs")[2].partition(b"/>")[2]
    )


def test_a_text_within_xml() -> None:
    assert xml_text("a\r\nb\rc") == "a\nb\nc"
    assert xml_text("\x07\ud800\uffff") == "   "
    assert len(xml_text("x" * 40_000)) == xlsx_cells.LONGEST_TEXT
