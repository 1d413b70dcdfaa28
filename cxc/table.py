"""Tables of text: CSV as spreadsheets write it, read row by row.

The encoding is told by a byte order mark or is UTF-8; anything else is named by the user, never guessed, since a wrong
guess garbles names. The delimiter is told by the heading.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cxc.datafile import reason
from cxc.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t"


class TableRow(NamedTuple):
    """A row: the line of the file where it starts (the heading is line 1) and its cells."""

    line: int
    cells: list[str]


class Table:
    """A table of text: `name` of its file, `columns` of its heading, and its rows when iterated."""

    def __init__(self, stream: BinaryIO, name: str, encoding: str | None = None) -> None:
        self.name = name
        start = stream.peek(4)[:4] if isinstance(stream, io.BufferedReader) else b""
        self.encoding = encoding or next((found for mark, found in _MARKS if start.startswith(mark)), "utf-8")
        try:
            self._text = io.TextIOWrapper(stream, self.encoding, newline="")
        except LookupError:
            raise InputError(
                f"{self.encoding!r} is no encoding; examples are utf-8, windows-1250, iso-8859-2"
            ) from None
        self._rows = self._read()
        heading = next(self._rows, None)
        if heading is None:
            raise InputError(f"{name}: the table is empty; its first line must name the columns")
        self.columns = [cell.strip() for cell in heading.cells]

    def __iter__(self) -> Iterator[TableRow]:
        return self._rows

    def _lines(self) -> Iterator[str]:
        try:
            yield from self._text
        except UnicodeError:
            raise InputError(
                f"{self.name}: the file is not {self.encoding.upper()} text; save it as UTF-8 in the spreadsheet, or "
                "name its encoding, such as windows-1250"
            ) from None

    def _read(self) -> Iterator[TableRow]:
        lines = self._lines()
        first = next(lines, "")
        skipped = 0
        if first.strip().casefold().startswith("sep=") and len(first.strip()) <= 5:
            delimiter = first.strip("\r\n")[4:5] or ","
            skipped, first = 1, next(lines, "")
        else:
            delimiter = max(DELIMITERS, key=first.count)
        reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
        line = skipped + 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield TableRow(line, cells)
                line = skipped + reader.line_num + 1
        except csv.Error as error:
            raise InputError(f"{self.name}, line {line}: this row cannot be read ({error})") from None


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def open_table(path: Path, encoding: str | None = None) -> Table:
    """The table in a file. Raises InputError where it cannot be read."""
    try:
        return Table(path.open("rb"), str(path), encoding)
    except OSError as error:
        raise InputError(f"{path}: {reason(error)}") from error
