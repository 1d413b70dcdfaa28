"""Lump sums in a CSV file beside a rulebook, as spreadsheets write it.

The columns are `code`, `full_eur`, `full_basis`, `half_basis`, `from`, `to`, `source` and `checked`, in any order; `to`
may be left out, and `source` may hold several addresses with spaces between them. The separator may be a semicolon or a
tab, a decimal comma is a point, and a byte order mark is none of the text: so Excel writes it in most of Europe.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cxc.errors import DataError
from cxc.scheme import data_files
from cxc.scheme.countries import Bounds, LumpSum, Origin, country_code, lump_sums_in
from cxc.scheme.data_files import Fields, Items, Section, Text
from cxc.text import clean, nearest

COLUMNS: Final = ("code", "full_eur", "full_basis", "half_basis", "from", "to", "source", "checked")
_OPTIONAL: Final = ("to",)
_DATES: Final = ("from", "to", "checked")
_DELIMITERS: Final = ",;\t"
_DECIMAL_COMMA = re.compile(r"^([0-9]+),([0-9]{1,2})$")


def read_amounts(content: bytes, path: Path, bounds: Bounds) -> dict[str, tuple[tuple[LumpSum, ...], str]]:
    """The dated amounts of each country by its code, oldest first, and the place of its first row.

    Raises DataError with file and line.
    """
    file, origin = str(path), Origin(bounds.scheme, percent=bounds.percent)
    rows: dict[str, list[Section]] = {}
    for code, row in rows_of(content, path):
        rows.setdefault(code, []).append(row)
    if not rows:
        raise DataError(file, 0, "the table contains no amount")
    return {
        code: (lump_sums_in(entries, bounds, origin), f"{file}:{entries[0].fields.line}")
        for code, entries in rows.items()
    }


def rows_of(content: bytes, path: Path) -> Iterator[tuple[str, Section]]:
    """Each row with the code of its country, in the order of the file. Raises DataError with file and line."""
    file, skipped = str(path), 0
    lines = data_files.decode(content, file).splitlines(keepends=True)
    if lines and lines[0].strip().casefold().startswith("sep="):  # as Excel marks its separator
        skipped = 1
    while skipped < len(lines) and not lines[skipped].strip():
        skipped += 1
    heading = lines[skipped] if skipped < len(lines) else ""
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    line = skipped + 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                if columns is None:
                    columns = _columns(cells, file, line)
                else:
                    row = _row(cells, columns, file, line)
                    yield country_code(row, "code", row.text("code")), row
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise DataError(file, line, f"the line is not CSV ({error})") from error


def _columns(cells: list[str], file: str, line: int) -> list[str]:
    """The names of the columns; empty ones at the end are none."""
    columns = [cell.strip().casefold() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    for place, name in enumerate(columns):
        if name not in COLUMNS:
            close = nearest(name, COLUMNS)
            hint = f"; did you mean {close[0]}?" if close else "."
            message = f"there is no column '{clean(name)}'{hint} The columns are {', '.join(COLUMNS)}"
            raise DataError(file, line, message)
        if name in columns[:place]:
            raise DataError(file, line, f"the column {name} is there twice")
    missing = [name for name in COLUMNS if name not in columns and name not in _OPTIONAL]
    if missing:
        raise DataError(file, line, f"the column {missing[0]} is missing; the columns are {', '.join(COLUMNS)}")
    return columns


def _row(cells: list[str], columns: list[str], file: str, line: int) -> Section:
    if any(map(str.strip, cells[len(columns) :])):
        raise DataError(file, line, "the row has more cells than the heading; put a text with a separator in quotes")
    fields = Fields()
    fields.line, fields.key_lines = line, dict.fromkeys((*columns, "sources"), line)
    for name, cell in zip(columns, (cell.strip() for cell in cells), strict=False):
        if name == "source":
            fields["sources"] = _sources(cell, line)
        elif cell:
            fields[name] = _text(_DECIMAL_COMMA.sub(r"\1.\2", cell) if name == "full_eur" else cell, line)
    section = Section(fields, file, "the row")
    for name in _DATES:
        if name in fields and data_files.parse_date(str(fields[name])) is None:
            raise section.fail(
                name,
                f"{clean(str(fields[name]))!r} is not a date of the form YYYY-MM-DD; give the column that format "
                "(yyyy-mm-dd) in the spreadsheet before you save it",
            )
    return section


def _sources(cell: str, line: int) -> Items:
    found = Items(_text(source, line) for source in cell.split())
    found.line = line
    return found


def _text(cell: str, line: int) -> Text:
    text = Text(cell)
    text.line, text.empty = line, False
    return text
