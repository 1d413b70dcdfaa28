"""Workbooks (.xlsx): which of their sheets are the tables that are looked for, and their rows as texts.

A workbook is a zip of XML, and a small one can unpack to gigabytes. So only the parts that are needed are unpacked,
within stated bounds, and the XML of each sheet is looked through once for what the reader of cells (python-calamine)
does not tell: formulas without a stored value, errors, cells given twice, merged cells, hidden rows. The reader then
gets a workbook made of exactly the parts that were looked through, so that both see the same.
"""

import datetime
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, dirname, join, normpath
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple
from zipfile import ZipFile

from cxc.errors import InputError, Problem, UnreadableFile
from cxc.scheme.data_files import reason
from cxc.tables.sheet_xml import (
    AGAIN,
    DAMAGED,
    SheetContents,
    address_of,
    clear_bad_cells,
    each_cell,
    elements,
    feed,
    letters_of,
    local,
    look_through,
    parser_for,
)
from cxc.tables.table import LARGEST_CELL, Fault, OpenedTables, PlacesIn, Table, TableRow, heading_of
from cxc.text import clean, listed

if TYPE_CHECKING:
    from cxc.trip.texts import DateForm

LARGEST_FILE: Final = 50_000_000  # bytes of the file itself
LARGEST_UNPACKED: Final = 120_000_000  # bytes of the parts that are read; 100 000 rows of 16 columns have some 85 MB
MOST_TAGS: Final = 10_000_000  # of XML in these parts, those that end an element among them
MOST_CELLS: Final = 4_000_000  # rows times columns, of all sheets that are read; also cells merged into others
MOST_LETTERS: Final = 200_000_000  # of the texts of all cells: a text is stored once, and a million cells can name it
MOST_DIGITS: Final = 15  # of a whole number: a spreadsheet keeps no more
MOST_NAMED: Final = 10  # of hidden rows, by their numbers
HEADING_WITHIN: Final = 20  # the heading stands in one of so many first rows

_SMALLER = "pick the sheets of trips with --sheet, or save them as CSV"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LISTED = "http://schemas.openxmlformats.org/package/2006/relationships"
_OTHER_ENCODING = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])|[\xfe\xff\0]""", re.IGNORECASE)


class Relation(NamedTuple):
    """What a part of the zip refers to: by which id and as what, and the path of the other part; None outside."""

    id: str
    kind: str
    path: str | None


def relations_of(owner: str) -> str:
    """The part that lists what another one refers to; the whole workbook is the part without a name."""
    return join(dirname(owner), "_rels", f"{basename(owner)}.rels")


def relations_in(content: bytes, owner: str) -> list[Relation]:
    """What a part refers to, by such a list."""
    found = []
    for _, stated in elements(content, {"Relationship"}):
        outside = stated.get("TargetMode") == "External"
        path = None if outside else normpath(join("/", dirname(owner), stated["Target"])).lstrip("/")
        found.append(Relation(stated["Id"], stated["Type"], path))
    return found


def id_in(stated: Mapping[str, str]) -> str:
    """The id of the relation that an element states."""
    return next((value for key, value in stated.items() if key.endswith(":id")), "")


class _StoredSheet(NamedTuple):
    """A sheet as the workbook lists it: its name, whether it is shown, and the part of the zip that holds it."""

    name: str
    visible: bool
    part: str


class _Line(NamedTuple):
    """A row of a sheet: its number, its texts, what is wrong by column from 0 on, and the columns merged into one."""

    number: int
    cells: list[str]
    faults: dict[int, str]
    across: list[tuple[int, int]]
    hidden: bool


class Origin(NamedTuple):
    """Where the rows of a sheet stand, for a report that writes the workbook back.

    `content` is the file, `book`, `styles` and `part` are the parts of the zip that hold the workbook, its styles (None
    where it has none) and the sheet. The heading stands in the row `heading`, in `width` columns; `last` is the last
    row. `results` is the first column that cxc wrote before, from 1 on, and `summary` the part of its summary.
    """

    content: bytes
    book: str
    styles: str | None
    part: str
    heading: int
    width: int
    last: int
    results: int | None
    summary: str | None


# What cxc writes into a workbook (reports/xlsx.py), and knows again: these headings beside one another, and a sheet
# of this name that begins with this sentence. A column or a sheet of the user's own is never taken for them.
RESULTS: Final = ("cxc outcome", "cxc amount EUR", "cxc reason", "cxc what to do")
SUMMARY: Final = "cxc summary"
SUMMARY_TITLE: Final = "Summary by cxc of the trips in this workbook. It is written anew at each check."


class SheetTable(Table):
    """A sheet of a workbook, with the heading that was looked for. Its rows are kept."""

    def __init__(
        self, name: str, sheet: str, columns: list[str], rows: list[TableRow], origin: Origin | None = None
    ) -> None:
        self.name, self.sheet, self.columns, self.origin, self._rows = name, sheet, columns, origin, rows

    def rows(self) -> Iterator[TableRow]:
        return iter(self._rows)

    def cell(self, line: int, at: int) -> str:
        return address_of(self.sheet or "", line, at + 1)


def open_workbook(
    stream: IO[bytes], name: str, date_form: "DateForm | None", places_in: PlacesIn, wanted: Sequence[str] = ()
) -> OpenedTables:
    """The sheets of a workbook that are tables, and what to know of the others. Raises InputError.

    `places_in` tells which fields a row names, and whether that makes it the heading that is looked for. Without
    `wanted` it is every visible sheet that has one; else the sheets of these names, visible or not. Where there is
    none, the row that comes closest is given as the heading of a table without rows: the caller says what it lacks.
    """
    try:
        return _Workbook(stream, name, date_form, places_in).opened(wanted)
    except UnreadableFile as why:
        raise InputError(f"{name}: this workbook cannot be read: {why}") from None
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{name}: {reason(error)}") from error
    except Exception as error:  # whatever a damaged file makes the zip, the XML and the reader of cells raise
        raise InputError(f"{name}: this workbook cannot be read ({type(error).__name__}): {DAMAGED}") from error


class _Workbook:
    """A workbook that is being read: its `sheets`, in their order."""

    def __init__(self, stream: IO[bytes], name: str, date_form: "DateForm | None", places_in: PlacesIn) -> None:
        self._name, self._date_form, self._places_in = name, date_form, places_in
        stream.seek(0)
        content = self._content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise UnreadableFile(f"the file has more than {LARGEST_FILE // 10**6} MB; save its sheets as CSV")
        self._bytes_left, self._tags_left = LARGEST_UNPACKED, MOST_TAGS
        self._days: dict[datetime.date, str] = {}
        self._archive = ZipFile(io.BytesIO(content))
        names = self._archive.namelist()
        if "mimetype" in names:
            raise UnreadableFile("it is an OpenDocument file, such as .ods; save it as .xlsx or CSV")
        if any(part.endswith("workbook.bin") for part in names):
            raise UnreadableFile("it is a binary workbook (.xlsb); save it as .xlsx or CSV")
        if "_rels/.rels" not in names:
            raise UnreadableFile("it is a zip file, but not a workbook; save the table as .xlsx or CSV")
        book = self._book = self._named("")["officeDocument"][0].path or ""
        parts = self._named(book)
        self._styles, self._strings = (
            self._part(parts[kind][0].path) if kind in parts else f"<{root}/>".encode()
            for kind, root in (("styles", "styleSheet"), ("sharedStrings", "sst"))
        )
        self._styles_part = parts["styles"][0].path if "styles" in parts else None
        by_id = {relation.id: relation.path or "" for relation in parts.get("worksheet", ())}
        self._since_1904 = False
        self.sheets: list[_StoredSheet] = []
        for element, stated in elements(self._part(book), {"sheet", "workbookPr"}):
            if element == "workbookPr":
                self._since_1904 = stated.get("date1904") in ("1", "true")
                continue
            part = by_id.get(id_in(stated))
            if part is not None:  # else a sheet that is a chart
                self.sheets.append(
                    _StoredSheet(clean(stated["name"]), stated.get("state", "visible") == "visible", part)
                )
        if len({sheet.name.casefold() for sheet in self.sheets}) < len(self.sheets):
            raise UnreadableFile("two of its sheets have the same name; rename one")

    def _named(self, owner: str) -> dict[str, list[Relation]]:
        """What a part refers to, by its kind."""
        found: dict[str, list[Relation]] = {}
        for relation in relations_in(self._part(relations_of(owner)), owner):
            found.setdefault(basename(relation.kind), []).append(relation)
        return found

    def _part(self, path: str | None) -> bytes:
        """A part of the zip, as XML that every reader understands alike."""
        with self._archive.open(path or "") as packed:
            content = packed.read(self._bytes_left + 1)
        self._bytes_left -= len(content)
        if self._bytes_left < 0:
            raise UnreadableFile(f"what is read of it unpacks to more than {LARGEST_UNPACKED // 10**6} MB; {_SMALLER}")
        self._tags_left -= content.count(b"<")
        if self._tags_left < 0:
            raise UnreadableFile(f"what is read of it has more than {MOST_TAGS:,} tags of XML; {_SMALLER}")
        if b"<!" in content or content.find(b"<?", 4) >= 0 or _OTHER_ENCODING.match(content):
            raise UnreadableFile(f"its XML is written in an unusual way; {AGAIN}")
        return content

    def opened(self, wanted: Sequence[str]) -> OpenedTables:
        """The tables among the sheets."""
        names = [clean(name).casefold() for name in wanted]
        for name in names:
            if name not in [sheet.name.casefold() for sheet in self.sheets]:
                there = listed([f"'{sheet.name}'" for sheet in self.sheets], "and")
                asked = clean(wanted[names.index(name)])
                raise InputError(f"{self._name}: there is no sheet '{asked}'; the sheets are {there}")
        self._summary = next(filter(self._is_summary, self.sheets), None)
        sheets = [sheet for sheet in self.sheets if wanted or sheet != self._summary]
        chosen = [sheet for sheet in sheets if (sheet.name.casefold() in names if wanted else sheet.visible)]
        others = {sheet: "" if sheet.visible else " (hidden)" for sheet in sheets if sheet not in chosen}
        tables: list[Table] = []
        hidden: list[str] = []
        nearest: tuple[int, Table] | None = None
        for sheet, lines in zip(chosen, self._read(chosen), strict=True):
            heading, places, enough = self._heading(lines)
            if heading is None:
                continue  # an empty sheet: nothing is lost with it
            if enough:
                tables.append(self._table(sheet, heading, lines, places))
                hidden += _hidden_rows(tables[-1], [line.number for line in lines if line.hidden])
                continue
            others[sheet] = " (lacks columns that are needed)"
            table = SheetTable(self._name, sheet.name, heading_of(heading.cells, self._name), [])
            if wanted:
                tables.append(table)
            elif nearest is None or len(places) > nearest[0]:
                nearest = len(places), table
        if not tables:
            if nearest is None:
                raise InputError(f"{self._name}: the sheet is empty; its first row must name the columns")
            return OpenedTables([nearest[1]], [])
        named = ", ".join(f"'{sheet.name}'{others[sheet]}" for sheet in self.sheets if sheet in others)
        return OpenedTables(tables, [f"{self._name}: sheets that are not read: {named}"] if named else [], hidden)

    def _is_summary(self, sheet: _StoredSheet) -> bool:
        """Whether cxc wrote this sheet."""
        if not sheet.name.casefold().startswith(SUMMARY):
            return False
        (lines,) = self._read([sheet])
        return bool(lines) and lines[0].cells[0] == SUMMARY_TITLE

    def _heading(self, lines: Sequence[_Line]) -> tuple[_Line | None, Mapping[str, int], bool]:
        """The row that is the heading, or comes closest to one; the places of its fields; and whether it is one.

        Of rows that name equally many fields the one with the most cells comes closest: a title above has one.
        """
        best: tuple[_Line | None, Mapping[str, int], bool] = (None, {}, False)
        most = (-1, -1)
        for line in lines:
            if line.number > HEADING_WITHIN and best[0] is not None:
                break
            cells = [cell.strip() for cell in line.cells]
            places, enough = self._places_in(cells)
            if enough:
                return line, places, True
            if (found := (len(places), sum(map(bool, cells)))) > most:
                best, most = (line, places, False), found
        return best

    def _table(
        self, sheet: _StoredSheet, heading: _Line, lines: Sequence[_Line], places: Mapping[str, int]
    ) -> SheetTable:
        """A sheet as a table. What is wrong in a column that names a field makes its row unreadable."""
        fields = {at: field for field, at in places.items()}
        results, outcomes = results_in(heading.cells), dict[int, str]()
        if results is not None:  # what cxc wrote is no part of the table
            outcomes = {line.number: line.cells[results] for line in lines}
            for line in lines:
                line.cells[results : results + len(RESULTS)] = [""] * len(line.cells[results : results + len(RESULTS)])
        columns = heading_of(heading.cells, self._name)
        width = len(columns)
        rows: list[TableRow] = [
            (line.number, line.cells[:width], _fault(sheet.name, line, columns, fields))
            for line in lines
            if line.number > heading.number and any(line.cells)
        ]
        origin = Origin(
            self._content,
            self._book,
            self._styles_part,
            sheet.part,
            heading.number,
            width,
            max([heading.number, *(number for number, _, _ in rows)]),
            None if results is None else results + 1,
            self._summary.part if self._summary else None,
        )
        table = SheetTable(self._name, sheet.name, columns, rows, origin)
        table.outcomes = [outcomes.get(number, "") for number, _, _ in rows]
        return table

    def _read(self, sheets: Sequence[_StoredSheet]) -> Iterator[list[_Line]]:
        """The rows of sheets; those without a value are left out."""
        contents = [self._part(sheet.part) for sheet in sheets]
        looks = [look_through(content, sheet.name) for content, sheet in zip(contents, sheets, strict=True)]
        if sum(look.area for look in looks) > MOST_CELLS:
            raise UnreadableFile(f"its sheets have more than {MOST_CELLS:,} cells; {_SMALLER}")
        longest = max(map(len, self._strings.split(b"si>")))
        if longest * sum(look.values for look in looks) > MOST_LETTERS and self._letters(contents) > MOST_LETTERS:
            raise UnreadableFile(f"its cells have more than {MOST_LETTERS:,} letters; {_SMALLER}")
        from python_calamine import CalamineError

        try:
            read = self._values(contents)
        except (CalamineError, OverflowError):  # one cell is bad: then its row is, and not the whole file
            strings = len(elements(self._strings, {"si"}))
            cleared = [clear_bad_cells(content, strings) for content in contents]
            for look, (_, faults) in zip(looks, cleared, strict=True):
                look.faults.update(faults)
            read = self._values([content for content, _ in cleared])
        return map(self._lines, read, looks)

    def _letters(self, contents: Sequence[bytes]) -> int:
        """How many letters the texts of all cells have, each as often as a cell names it."""
        lengths: list[int] = []

        def begin(name: str, _: object) -> None:
            if local(name) == "si":
                lengths.append(0)

        def add(text: str) -> None:
            if lengths:
                lengths[-1] += len(text)

        parser = parser_for(begin)
        parser.CharacterDataHandler = add
        feed(parser, self._strings)
        named: Counter[str] = Counter()
        for content in contents:
            each_cell(content, lambda cell: named.update([cell.text.strip()] if cell.kind == "s" else []))
        return sum(lengths[int(at)] * count for at, count in named.items() if at.isdecimal() and int(at) < len(lengths))

    def _values(self, contents: Sequence[bytes]) -> list[list[list[Any]]]:
        """The values of the cells of sheets, from the first row and column on."""
        from python_calamine import CalamineWorkbook

        since = ' date1904="1"' if self._since_1904 else ""
        numbers = range(1, len(contents) + 1)
        sheets = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
        named = "".join(_relation(f"rId{number}", "worksheet", f"worksheets/{number}.xml") for number in numbers)
        shared = {"styles": self._styles, "sharedStrings": self._strings}
        named += "".join(_relation(kind, kind, f"{kind}.xml") for kind in shared)
        packed = io.BytesIO()
        with ZipFile(packed, "w") as archive:
            archive.writestr("_rels/.rels", _relations(_relation("rId1", "officeDocument", "xl/workbook.xml")))
            archive.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><workbookPr{since}/>'
                f"<sheets>{sheets}</sheets></workbook>",
            )
            archive.writestr("xl/_rels/workbook.xml.rels", _relations(named))
            for kind, part in shared.items():
                archive.writestr(f"xl/{kind}.xml", part)
            for number, content in zip(numbers, contents, strict=True):
                archive.writestr(f"xl/worksheets/{number}.xml", content)
        packed.seek(0)
        book = CalamineWorkbook.from_filelike(packed)
        return [book.get_sheet_by_name(str(number)).to_python(skip_empty_area=False) for number in numbers]

    def _lines(self, values: Sequence[Sequence[Any]], look: SheetContents) -> list[_Line]:
        """The rows of a sheet as texts, with what is wrong in them and with what is merged."""
        faulty: dict[int, list[int]] = {}
        for number, column in look.faults:
            faulty.setdefault(number, []).append(column - 1)
        width = max([len(values[0]) if values else 0, *(column for _, column in look.faults)])
        lines: dict[int, _Line] = {}
        for number in range(1, max(len(values), max(faulty, default=0)) + 1):
            row = values[number - 1] if number <= len(values) else ()
            faults: dict[int, str] = {}
            cells = [value if type(value) is str else self._text(value, at, faults) for at, value in enumerate(row)]
            if number in faulty:
                cells += [""] * (width - len(cells))
                for at in faulty[number]:
                    cells[at], faults[at] = look.faults[number, at + 1]
            if max(map(len, cells), default=0) > LARGEST_CELL:
                raise UnreadableFile(f"a cell of its row {number} has more than {LARGEST_CELL:,} letters")
            if any(cells):
                lines[number] = _Line(number, cells, faults, [], number in look.hidden)
        covered = 0
        for top, left, bottom, right in look.merged:
            first, at = lines.get(top), left - 1
            below = range(top + 1, min(bottom, max(lines, default=0)) + 1)
            covered += len(below)
            if covered > MOST_CELLS:
                raise UnreadableFile(f"it has more than {MOST_CELLS:,} merged cells; {_SMALLER}")
            for number in below:  # what a cell says counts for each row that it covers
                line = lines.get(number)
                if line is not None and at < len(line.cells):
                    line.cells[at] = first.cells[at] if first else ""
                    if first and at in first.faults:
                        line.faults[at] = first.faults[at]
            if right > left:
                for line in filter(None, map(lines.get, (top, *below))):
                    line.across.append((at, min(right, width) - 1))
        return list(lines.values())

    def _text(self, value: Any, at: int, faults: dict[int, str]) -> str:
        """A value as text: a date as dates are written, a whole number without decimals. Notes what it cannot be."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float):
            value = float(f"{value:.15g}")  # a spreadsheet counts with more digits than it shows: 780.1 + 0.2 is 780.3
            if not value.is_integer():
                return str(value)
            if abs(value) >= 10**MOST_DIGITS:
                faults[at] = f"a number of more than {MOST_DIGITS} digits, which spreadsheets round; write it as text"
            return str(int(value))
        if isinstance(value, datetime.date):
            day = value.date() if isinstance(value, datetime.datetime) else value
            text = self._days.get(day)
            if text is None:
                text = self._days[day] = self._date_form.write(day) if self._date_form else day.isoformat()
            return text
        return str(value)


def _hidden_rows(table: Table, hidden: Sequence[int]) -> list[str]:
    """What to know of hidden rows of a table: who looks at the sheet does not see that they are read."""
    rows = {number for number, _, _ in table.rows()} if hidden else set[int]()
    numbers = sorted(rows.intersection(hidden))
    if not numbers:
        return []
    count, shown = len(numbers), [str(number) for number in numbers[:MOST_NAMED]]
    if count > MOST_NAMED:
        shown.append(f"{count - MOST_NAMED} more")
    named, them, are = ("row", "it", "it is") if count == 1 else ("rows", "them", "they are")
    said = f"hidden rows that were read: {count} ({named} {listed(shown, 'and')}). Delete {them} if {are} not meant"
    return [f"{table.title}: {said}"]


def _fault(sheet: str, line: _Line, columns: Sequence[str], fields: Mapping[int, str]) -> Fault | None:
    """Why a row of a sheet cannot be read; `fields` are the places of the columns that name one. None where it can."""
    number, cells = line.number, line.cells
    if wrong := sorted(line.faults.keys() & fields.keys()):
        return tuple(
            Problem(
                fields[at],
                cells[at],
                f"{fields[at]} ({address_of(sheet, number, at + 1)}): the cell holds {line.faults[at]}",
            )
            for at in wrong
        )
    for first, last in reversed(line.across):
        over = [columns[at] for at in range(first, last + 1) if at in fields]
        if len(over) > 1 and cells[first]:
            span = f"{address_of(sheet, number, first + 1)}:{letters_of(last + 1)}{number}"
            return f"the cells of {listed(over, 'and')} ({span}) are merged; unmerge them, and fill in each cell"
    beyond = next((at for at in range(len(columns), len(cells)) if cells[at].strip()), None)
    if beyond is None:
        return None
    address = address_of(sheet, number, beyond + 1)
    return f"the cell {address} is outside the heading; name its column in the heading, or clear the cell"


def results_in(heading: Sequence[str]) -> int | None:
    """The first of the columns that cxc wrote, from 0 on; None where it wrote none."""
    names = [cell.strip() for cell in heading]
    ends = range(len(RESULTS), len(names) + 1)
    return next((end - len(RESULTS) for end in ends if tuple(names[end - len(RESULTS) : end]) == RESULTS), None)


def _relation(number: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{number}" Type="{RELATED}/{kind}" Target="{target}"/>'


def _relations(relations: str) -> str:
    return f'<Relationships xmlns="{LISTED}">{relations}</Relationships>'
