"""Tables as spreadsheets write them, read row by row, as often as needed: CSV here, workbooks in `workbook.py`.

The encoding is told by a byte order mark or is UTF-8; anything else is named by the user, never guessed, since a wrong
guess garbles names. The delimiter is told by the heading. What comes from a pipe is kept in a temporary file.
"""

import codecs
import csv
import io
import os
import re
import stat
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from cxc.errors import InputError, Problem
from cxc.scheme.data_files import reason
from cxc.text import clean
from cxc.trip.kinds import DELIMITERS, START, ZIP, is_old_workbook, is_trip_file

if TYPE_CHECKING:
    from cxc.trip.reader import DateForm

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOST_COLUMNS = 1_000
LARGEST_CELL = 10_000_000  # characters; a cell that never ends is a quotation mark that was forgotten
LONGEST_LINE = 20_000_000  # bytes; a line that never ends, as of a device or a picture, would fill the memory
LARGEST_PIPED = 256_000_000  # bytes from a pipe or a device, which need not end; more than a million trips


# Why a row cannot be read, in words or by field.
Fault = str | tuple[Problem, ...]
# A row: the line of the file where it starts (the heading is line 1), its cells, and why it cannot be read.
TableRow = tuple[int, list[str], Fault | None]


class Block(NamedTuple):
    """Some rows: the line of each, its cells, and by their places why some cannot be read."""

    lines: Sequence[int]
    cells: list[list[str]]
    faults: Mapping[int, Fault]


class Table(ABC):
    """A table: the `name` of its file, the `columns` of its heading, and its `rows`, which can be read again.

    `sheet` is the name of the sheet, where it is one of a workbook.
    """

    name: str
    sheet: str | None = None
    columns: list[str]

    @abstractmethod
    def rows(self) -> Iterator[TableRow]:
        """The rows below the heading, blank ones left out. Raises InputError where the file cannot be decoded."""

    def blocks(self, most: int) -> Iterator[Block]:
        """The same, so many at a time."""
        rows = self.rows()
        while some := [*islice(rows, most)]:
            faults = {at: fault for at, (_, _, fault) in enumerate(some) if fault}
            yield Block([line for line, _, _ in some], [cells for _, cells, _ in some], faults)

    def must_be_unchanged(self) -> None:  # noqa: B027  # what is held whole cannot change
        """Raises InputError where the file is no longer what it was when it was opened."""

    @property
    def title(self) -> str:
        """The name of the file, and of the sheet where there is one, as they stand in a sentence."""
        return titled(self.name, self.sheet)

    def cell(self, line: int, at: int) -> str | None:
        """What a spreadsheet calls a cell, by its line and by its column from 0 on; None outside a workbook."""
        return None


def titled(file: str, sheet: str | None) -> str:
    """The name of a file, and of a sheet in it where there is one, as they stand in a sentence.

    >>> titled("trips.csv", None), titled("trips.xlsx", "June")
    ('trips.csv', 'trips.xlsx, sheet June')
    """
    return file if sheet is None else f"{file}, sheet {sheet}"


# Tells by the cells of a row the places of the fields that it names, and whether these are all that a heading needs.
PlacesIn = Callable[[Sequence[str]], tuple[Mapping[str, int], bool]]


class OpenedTables(NamedTuple):
    """The tables of a file, and sentences on what in it is not read."""

    tables: list[Table]
    notices: list[str]


def open_tables(
    name: str,
    places_in: PlacesIn,
    *,
    encoding: str | None = None,
    date_form: "DateForm | None" = None,
    sheets: Sequence[str] = (),
) -> OpenedTables:
    """The tables in a file, or `-` for standard input: one, or those of a workbook. Raises InputError.

    A sheet is a table where `places_in` finds a heading, or where its name is among `sheets`. `date_form` is how dates
    of a workbook, which are numbers there, are written out as text.
    """
    shown = "standard input" if name == "-" else name if name.isprintable() else clean(name)
    try:
        stream = _seekable(sys.stdin.buffer if name == "-" else Path(name).open("rb"))
        start = stream.read(START)
    except (OSError, ValueError) as error:
        raise InputError(f"{shown}: {reason(error)}") from error
    except _NeverEnds:
        raise InputError(
            f"{shown}: it gives more than {LARGEST_PIPED // 1_000_000} MB, and may never end; save such a large table "
            "as a file, and name that file"
        ) from None
    if start.startswith(ZIP):
        from cxc.tables.workbook import open_workbook

        return open_workbook(stream, shown, date_form, places_in, sheets)
    if is_old_workbook(start):
        raise InputError(
            f"{shown}: this is an old workbook (.xls), or one with a password; open it in a spreadsheet and save it as "
            ".xlsx without a password, or as CSV"
        )
    if is_trip_file(start):
        raise InputError(f"{shown}: this is the file of one trip, not a table; check it with cxc check {shown}")
    return OpenedTables([CsvTable(stream, shown, encoding)], [])


class _NeverEnds(Exception):
    """What comes from a pipe or a device is larger than any table."""


def _seekable(stream: BinaryIO) -> BinaryIO:
    """The stream itself where it is a file, or a copy in a temporary file where it can be read only once."""
    try:
        again = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # what a script holds instead of a file
        again = stream.seekable()
    if again:
        return stream
    import tempfile

    copy = tempfile.TemporaryFile()
    while part := stream.read(1 << 20):
        if copy.tell() + len(part) > LARGEST_PIPED:
            raise _NeverEnds
        copy.write(part)
    copy.seek(0)
    return cast(BinaryIO, copy)


class CsvTable(Table):
    """A table in a text file."""

    def __init__(self, stream: BinaryIO, name: str, encoding: str | None) -> None:
        self.name, self._stream, self._state = name, stream, _state(stream)
        stream.seek(0)
        start = stream.read(4)
        self.encoding = encoding or next((found for mark, found in _MARKS if start.startswith(mark)), "utf-8")
        try:
            "".encode(self.encoding)
            is_one = codecs.lookup(self.encoding).name not in _OF_NO_FILE
        except (LookupError, ValueError):
            is_one = False
        if not is_one:
            raise InputError(
                f"'{clean(self.encoding)[:60]}' is not a known encoding; examples are utf-8, windows-1250, iso-8859-2"
            )
        csv.field_size_limit(LARGEST_CELL)
        heading = next(self._read(), None)
        if heading is None or not heading.cells:
            raise InputError(f"{name}: the table is empty; its first line must name the columns")
        if heading.faults:
            raise InputError(f"{name}: the heading cannot be read: {heading.faults[0]}")
        self.columns = heading_of(heading.cells[0], name)

    def rows(self) -> Iterator[TableRow]:
        for block in self.blocks(_ROWS_AT_ONCE):
            for at, (line, cells) in enumerate(zip(block.lines, block.cells, strict=True)):
                yield line, cells, block.faults.get(at)

    def blocks(self, most: int) -> Iterator[Block]:
        blocks = self._read(most)
        next(blocks, None)
        return blocks

    def _read(self, most: int = 1) -> Iterator[Block]:
        """The heading and the rows. Raises InputError where the file is no longer what it was when it was opened.

        What is known of visitors comes from the readings before: rows that came later would be paid without it.
        """
        self.must_be_unchanged()
        self._stream.seek(0)
        try:
            yield from _blocks(self._text(), most)
            self.must_be_unchanged()
        except UnicodeError:
            self.must_be_unchanged()
            raise InputError(
                f"{self.name}: the file is not {self.encoding.upper()} text; save it as UTF-8 in the spreadsheet"
                " (cxc validate reads others with --encoding, such as windows-1250)"
            ) from None
        except OSError as error:
            raise InputError(f"{self.name}: {reason(error)}") from error

    def _text(self) -> Iterator[str]:
        """The lines of the file."""
        watched = cast(BinaryIO, _BoundedLines(self._stream, self.name))
        return io.TextIOWrapper(watched, self.encoding, newline="")

    def must_be_unchanged(self) -> None:
        if _state(self._stream) != self._state:
            raise InputError(f"{self.name}: the file changed while it was read; wait until it is saved and start again")


_ROWS_AT_ONCE = 1_000


# Encodings of parts of a text, of names of hosts, or of none.
_OF_NO_FILE = frozenset({"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "charmap"})


def _state(stream: BinaryIO) -> tuple[int, int] | None:
    """The size of a file, and when it was last written; None for what is no file."""
    try:
        found = os.fstat(stream.fileno())
    except OSError:  # bytes in memory
        return None
    return found.st_size, found.st_mtime_ns


def _blocks(lines: Iterator[str], most: int) -> Iterator[Block]:
    """The rows of a text, so many at a time, the heading first."""
    first = next(lines, "")
    skipped = 0
    marked = first.strip("\r\n\ufeff")
    if marked.casefold().startswith("sep=") and len(marked) == len("sep=;"):
        delimiter = marked[-1]
        skipped, first = 1, next(lines, "")
    else:
        while first and not first.strip():
            skipped, first = skipped + 1, next(lines, "")
        delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(chain([first] if first else [], lines), delimiter=delimiter, strict=True)
    count = 1  # the heading, alone
    while True:
        begin, cells, fault = reader.line_num, list[list[str]](), None
        try:
            cells.extend(islice(reader, count))  # what was read before a fault is kept
        except csv.Error as error:
            fault = _csv_fault(error)
        if not cells and fault is None:
            return
        yield _block(cells, skipped + begin + 1, reader.line_num - begin, fault)
        count = most


def _block(cells: list[list[str]], first: int, lines: int, fault: str | None) -> Block:
    """Rows with the lines where they start; blank ones are left out. What is faulty comes last."""
    starts: Sequence[int] = range(first, first + len(cells))
    if lines > len(cells):  # rows of several lines, or a faulty one
        starts = [*accumulate((1 + sum(map(_breaks, row)) for row in cells), initial=first)]
    faults: dict[int, Fault] = {}
    if fault is not None:
        faults[len(cells)] = fault
        cells.append([])
    blank = [at for at, row in enumerate(cells) if not _states_anything(row) and at not in faults]
    if blank:
        kept = [at for at in range(len(cells)) if at not in {*blank}]
        faults = {kept.index(at): said for at, said in faults.items()}
        starts, cells = [starts[at] for at in kept], [cells[at] for at in kept]
    return Block(starts[: len(cells)], cells, faults)


def _states_anything(cells: Sequence[str]) -> bool:
    return bool(cells) and (bool(cells[0].strip()) or any(map(str.strip, cells)))


def _breaks(cell: str) -> int:
    """How many lines end within a cell."""
    return len(_BREAK.findall(cell)) if "\n" in cell or "\r" in cell else 0


_BREAK = re.compile(r"\r\n|\r|\n")


class _BoundedLines(io.BufferedIOBase):
    """A stream that refuses a line without an end, which would fill the memory."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name, self._since = stream, name, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def read1(self, _: int = -1) -> bytes:
        """The next bytes, whatever number is asked for. Raises InputError."""
        part = self._stream.read(_AT_ONCE)
        end = max(part.rfind(b"\n"), part.rfind(b"\r"))
        self._since = self._since + len(part) if end < 0 else len(part) - end
        if self._since >= LONGEST_LINE:
            raise InputError(
                f"{self._name}: a line has {LONGEST_LINE:,} bytes or more; this is not a table, or its line breaks are "
                "lost"
            )
        return part


_AT_ONCE = 1 << 16  # bytes


def _csv_fault(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return "a cell begins with a quotation mark here and never ends; the file may be cut off"
    if "field larger than" in said:
        return f"a cell has more than {LARGEST_CELL:,} characters; a quotation mark may be missing"
    if "expected after" in said:
        return "a quotation mark stands inside a quoted cell; write it twice"
    return f"the line is not CSV ({said})"


def heading_of(cells: list[str], name: str) -> list[str]:
    """The names of the columns; empty ones at the end are no columns."""
    columns = [cell.strip().lstrip("\ufeff") for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if any("\0" in column for column in columns):
        raise InputError(f"{name}: the heading contains NUL bytes; name the encoding, such as --encoding utf-16-le")
    if len(columns) > MOST_COLUMNS:
        raise InputError(f"{name}: the heading has {len(columns)} columns; at most {MOST_COLUMNS} are read")
    return columns
