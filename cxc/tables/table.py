"""Tables as spreadsheets write them, read row by row, as often as needed; what kind of file one is, its bytes tell.

What comes from a pipe is kept in a temporary file.
"""

import os
import stat
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from cxc.errors import InputError, Problem
from cxc.scheme.data_files import reason
from cxc.text import clean
from cxc.trip.kinds import START, ZIP, is_old_workbook, is_parquet, is_trip_file

if TYPE_CHECKING:
    from cxc.tables.workbook import Origin
    from cxc.trip.texts import DateForm

MOST_COLUMNS = 1_000
LARGEST_CELL = 10_000_000  # characters; a cell that never ends is a quotation mark that was forgotten
LONGEST_LINE = 20_000_000  # bytes; a line that never ends, as of a device or a picture, would fill the memory
LARGEST_PIPED = 256_000_000  # bytes from a pipe or a device, which need not end; more than a million trips


# Why a row cannot be read, in words or by field.
Fault = str | tuple[Problem, ...]
# A row: the line of the file where it starts (the heading is line 1), its cells, and why it cannot be read.
TableRow = tuple[int, list[str], Fault | None]


class Block:
    """Some rows: the line of each, its cells, and by their places why some cannot be read.

    `written` are the rows as they stand in the file, in UTF-8, where each is a line in which commas alone divide the
    cells.
    """

    written: Sequence[bytes] | None = None

    def __init__(self, lines: Sequence[int], cells: Sequence[Sequence[str]], faults: Mapping[int, Fault]) -> None:
        self.lines, self.cells, self.faults = lines, cells, faults

    def __len__(self) -> int:
        return len(self.lines)

    def columns(self, width: int) -> Sequence[Sequence[str]]:
        """The cells column by column, so many of them; blank where a row has fewer."""
        even = {*map(len, self.cells)} == {width}
        return [*zip(*(self.cells if even else [_to_width(row, width) for row in self.cells]), strict=True)]

    def row(self, at: int) -> Sequence[str]:
        """The cells of one row."""
        return self.cells[at]

    def only(self, places: Sequence[int]) -> "Block":
        """Some of these rows."""
        faults = {new: self.faults[at] for new, at in enumerate(places) if at in self.faults}
        return Block([self.lines[at] for at in places], [*map(self.row, places)], faults)

    def too_long(self, width: int) -> Sequence[int]:
        """The places of the rows that have more cells."""
        return [at for at, cells in enumerate(self.cells) if len(cells) > width]


def _to_width(cells: Sequence[str], width: int) -> Sequence[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


class Table(ABC):
    """A table: the `name` of its file, the `columns` of its heading, and its `rows`, which can be read again.

    `sheet` is the name of the sheet, where it is one of a workbook, and `origin` where its rows stand in it. `outcomes`
    is what cxc had written beside them, which is no part of the table.
    """

    name: str
    sheet: str | None = None
    origin: "Origin | None" = None
    outcomes: Sequence[str] = ()
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

    @property
    def is_large(self) -> bool:
        """Whether Polars would read it sooner."""
        return False

    def must_be_unchanged(self) -> None:  # noqa: B027  # what is held whole cannot change
        """Raises InputError where the file is no longer what it was when it was opened."""

    @property
    def title(self) -> str:
        """The name of the file, and of the sheet where there is one, as they stand in a sentence."""
        return titled(self.name, self.sheet)

    def cell(self, line: int, at: int) -> str | None:
        """What a spreadsheet calls a cell, by its line and by its column from 0 on; None outside a workbook."""
        return None


def state_of(stream: BinaryIO) -> tuple[int, int] | None:
    """The size of a file, and when it was last written; None for what is no file."""
    try:
        found = os.fstat(stream.fileno())
    except OSError:  # bytes in memory
        return None
    return found.st_size, found.st_mtime_ns


def changed(name: str) -> InputError:
    """That a file is no longer what it was when it was opened."""
    return InputError(f"{name}: the file changed while it was read; wait until it is saved and start again")


def titled(file: str, sheet: str | None) -> str:
    """The name of a file, and of a sheet in it where there is one, as they stand in a sentence.

    >>> titled("trips.csv", None), titled("trips.xlsx", "June")
    ('trips.csv', 'trips.xlsx, sheet June')
    """
    return file if sheet is None else f"{file}, sheet {sheet}"


# Tells by the cells of a row the places of the fields that it names, and whether these are all that a heading needs.
PlacesIn = Callable[[Sequence[str]], tuple[Mapping[str, int], bool]]


class OpenedTables(NamedTuple):
    """The tables of a file, and sentences, without their full stop, on what in it is not read, and is read unseen."""

    tables: list[Table]
    not_read: Sequence[str]
    hidden: Sequence[str] = ()


def open_tables(
    name: str,
    places_in: PlacesIn,
    *,
    encoding: str | None = None,
    utf_8_first: bool = False,
    date_form: "DateForm | None" = None,
    sheets: Sequence[str] = (),
) -> OpenedTables:
    """The tables in a file, or `-` for standard input: one, or those of a workbook. Raises InputError.

    A sheet is a table where `places_in` finds a heading, or where its name is among `sheets`. `date_form` is how dates
    of a workbook, which are numbers there, are written out as text. With `utf_8_first` the `encoding` counts only where
    a CSV is no UTF-8.
    """
    shown = "standard input" if name == "-" else name if name.isprintable() else clean(name)
    stream, start = stream_of(name, shown)
    if is_parquet(start):
        from cxc.tables.parquet import open_parquet

        return open_parquet(stream, shown, date_form, places_in)
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
    from cxc.tables.csv_table import CsvTable

    return OpenedTables([CsvTable(stream, shown, encoding, utf_8_first=utf_8_first)], [])


def stream_of(name: str, shown: str) -> tuple[BinaryIO, bytes]:
    """A file that can be read again, and its first bytes. Raises InputError, with the name as it is shown."""
    try:
        stream = _seekable(sys.stdin.buffer if name == "-" else Path(name).open("rb"), shown)
        return stream, stream.read(START)
    except (OSError, ValueError) as error:
        raise InputError(f"{shown}: {reason(error)}") from error


def _seekable(stream: BinaryIO, shown: str) -> BinaryIO:
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
            raise InputError(
                f"{shown}: it gives more than {LARGEST_PIPED // 1_000_000} MB, and may never end; save such a large "
                "table as a file, and name that file"
            )
        copy.write(part)
    copy.seek(0)
    return cast(BinaryIO, copy)


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
