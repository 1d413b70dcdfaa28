"""Tables in text files: comma-separated values, or with another delimiter, as spreadsheets write them.

Most of a table is plain: lines in which nothing is quoted, each with as many cells as the heading. Such lines are taken
apart many at once; all others are read by Python's own reader, so every row is read as that reader reads it. The
encoding is told by a byte order mark or is UTF-8; anything else is named by the user, never guessed, since a wrong
guess garbles names. Whatever it is, lines are bytes of UTF-8 from here on. The delimiter is told by the heading.
"""

import codecs
import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import accumulate, chain, islice, pairwise
from typing import BinaryIO, TypeVar

from cxc.errors import InputError
from cxc.scheme.data_files import reason
from cxc.tables.table import LARGEST_CELL, LONGEST_LINE, Block, Fault, Table, TableRow, changed, heading_of, state_of
from cxc.text import clean
from cxc.trip.kinds import DELIMITERS

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TOGETHER = 1 << 19  # bytes that are looked at together: some 4 000 rows
VERY_MANY = 100_000  # rows that Polars is given together
LARGE = 8_000_000  # bytes of a table, some 65 000 rows: from here on Polars takes less time than it takes to load


Given = TypeVar("Given")
Frame = TypeVar("Frame")
# Makes a frame of plain lines in UTF-8, their delimiter, how many cells a line has, and how many lines there are.
FrameOf = Callable[[bytes, str, int, int], Frame | None]


class CsvTable(Table):
    """A table in a text file. With `utf_8_first` the `encoding` counts only where the file is no UTF-8."""

    def __init__(self, stream: BinaryIO, name: str, encoding: str | None, *, utf_8_first: bool = False) -> None:
        self.name, self._stream, self._state, self._utf_8_first = name, stream, state_of(stream), utf_8_first
        other = utf_8_first and not _seems_utf_8(stream)
        encoding = encoding if other or not utf_8_first else None
        stream.seek(0)
        start = stream.read(4)
        self.encoding = encoding or next((found for mark, found in _MARKS if start.startswith(mark)), "utf-8")
        try:
            "".encode(self.encoding)
            codec = codecs.lookup(self.encoding).name
        except (LookupError, ValueError):
            codec = ""
        if not codec or codec in _OF_NO_FILE:
            raise InputError(
                f"'{clean(self.encoding)[:60]}' is not a known encoding; examples are utf-8, windows-1250, iso-8859-2"
            )
        self._is_in_utf_8 = codec in {"utf-8", "utf-8-sig"}
        self._begin = len(codecs.BOM_UTF8) if codec == "utf-8-sig" and start.startswith(codecs.BOM_UTF8) else 0
        if other and encoding is None:
            raise self._undecoded()
        if encoding and not other and not self._is_in_utf_8 and _is_utf_8(stream):
            raise InputError(f"{name}: the file is UTF-8 text, not {self.encoding.upper()}; leave out --encoding")
        csv.field_size_limit(LARGEST_CELL)
        self._plain: list[bool] = []
        heading = next(self._read(lambda rest: iter([rest.heading])), None)
        if heading is None or not heading.cells:
            raise InputError(f"{name}: the table is empty; its first line must name the columns")
        if heading.faults:
            raise InputError(f"{name}: the heading cannot be read: {heading.faults[0]}")
        self.columns = heading_of([*heading.cells[0]], name)

    def rows(self) -> Iterator[TableRow]:
        for block in self.blocks(_ROWS_AT_ONCE):
            for at, (line, cells) in enumerate(zip(block.lines, block.cells, strict=True)):
                yield line, [*cells], block.faults.get(at)

    def blocks(self, most: int) -> Iterator[Block]:
        return self._read(lambda rest: rest.blocks(most))

    @property
    def is_large(self) -> bool:
        return self._stream.seek(0, os.SEEK_END) >= LARGE

    def many_blocks(self, most: int, frame_of: FrameOf[Frame]) -> Iterator[tuple[Sequence[Block], Frame | None]]:
        """The same, and plain blocks very many together, with the frame that holds them all."""
        return self._read(lambda rest: rest.many_blocks(most, frame_of))

    def _read(self, given: "Callable[[_Rest], Iterator[Given]]") -> Iterator[Given]:
        """What the rows below the heading give. Raises InputError where the file is not what it was when it was opened.

        What is known of visitors comes from the readings before: rows that came later would be paid without it.
        """
        self.must_be_unchanged()
        self._stream.seek(self._begin)
        try:
            yield from given(_start(_Lines(self._pieces(), self.name), self._plain))
            self.must_be_unchanged()
        except UnicodeError:
            self.must_be_unchanged()
            raise self._undecoded() from None
        except OSError as error:
            raise InputError(f"{self.name}: {reason(error)}") from error

    def _undecoded(self) -> InputError:
        """That the file is no text in its encoding. No other is advised where it may be that none can be named."""
        name = self.encoding.upper()
        found, others = f"not {name}", " (cxc validate reads others with --encoding, such as windows-1250)"
        if self._utf_8_first:
            found, others = "not UTF-8" if self._is_in_utf_8 else f"neither UTF-8 nor {name}", ""
        return InputError(f"{self.name}: the file is {found} text; save it as UTF-8 in the spreadsheet{others}")

    def _pieces(self) -> Iterator[bytes]:
        """What the file holds, in UTF-8."""
        decoder = None if self._is_in_utf_8 else codecs.getincrementaldecoder(self.encoding)()
        while piece := self._stream.read(TOGETHER):
            piece += self._stream.readline(TOGETHER)
            yield decoder.decode(piece).encode() if decoder else piece
        if decoder:
            yield decoder.decode(b"", final=True).encode()

    def must_be_unchanged(self) -> None:
        if state_of(self._stream) != self._state:
            raise changed(self.name)


_ROWS_AT_ONCE = 1_000


def _is_utf_8(stream: BinaryIO) -> bool:
    """Whether all of a text is UTF-8, with a letter beyond ASCII. One with NUL bytes is of another encoding."""
    decoder, beyond = codecs.getincrementaldecoder("utf-8")(), False
    try:
        for piece in _in_pieces(stream):
            text = decoder.decode(piece, final=not piece)
            if "\0" in text:
                return False
            beyond = beyond or not text.isascii()
    except UnicodeError:
        return False
    return beyond


def _in_pieces(stream: BinaryIO) -> Iterator[bytes]:
    """What a file holds, and an empty piece at the end."""
    stream.seek(0)
    return chain(iter(partial(stream.read, TOGETHER), b""), [b""])


def _seems_utf_8(stream: BinaryIO) -> bool:
    """Whether a text has a mark, or of its letters beyond ASCII at least half are UTF-8.

    One that was cut off, or holds a line in another encoding, is UTF-8 with a fault: as anything else it would be
    garbled.
    """
    stream.seek(0)
    if stream.read(4).startswith(tuple(mark for mark, _ in _MARKS)):
        return True
    decoder, beyond, faults = codecs.getincrementaldecoder("utf-8")("surrogateescape"), 0, 0
    for piece in _in_pieces(stream):
        text = decoder.decode(piece, final=not piece)
        if "\0" in text:
            return False
        if not text.isascii():
            beyond += len(text) - len(text.encode("ascii", "ignore"))
            faults += len(_FAULT.findall(text))
    return 2 * faults <= beyond


_FAULT = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8, as it is decoded


# Encodings of parts of a text, of names of hosts, or of none.
_OF_NO_FILE = frozenset({"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "charmap"})


class _Lines:
    """The lines of a text in UTF-8, with their ends, to be taken one by one or many at once (`some`).

    What was not yet taken one by one is given by the next `some`. Raises InputError for a line without an end, which
    would fill the memory; `name` is that of the file.
    """

    def __init__(self, pieces: Iterator[bytes], name: str) -> None:
        self._pieces, self._name, self._rest = pieces, name, b""
        self._some, self._taken = b"", 0  # lines that were begun to be taken one by one, and how much of them is

    def __iter__(self) -> Iterator[str]:
        while some := self.some():
            self.give_back(some)
            for line in some.splitlines(keepends=True):
                self._taken += len(line)
                yield line.decode()

    def some(self) -> bytes:
        """The next lines; empty at the end."""
        some, self._some = self._some[self._taken :], b""
        while not some:
            piece = next(self._pieces, None)
            if piece is None:
                some, self._rest = self._rest, b""
                return some
            piece = self._rest + piece
            end = _end_of_lines(piece)
            some, self._rest = piece[:end], piece[end:]
            if len(self._rest) >= LONGEST_LINE:
                raise InputError(
                    f"{self._name}: a line has {LONGEST_LINE:,} bytes or more; this is not a table, or its line breaks "
                    "are lost"
                )
        return some

    def give_back(self, some: bytes) -> None:
        """Put back what was taken last."""
        self._some, self._taken = some, 0


def _end_of_lines(piece: bytes) -> int:
    """Where the last line ends in a piece of a text."""
    return piece.rfind(b"\n") + 1 or piece.rfind(b"\r", 0, -1) + 1  # a last one may be half an end


def _start(lines: _Lines, plain: list[bool]) -> "_Rest":
    """The heading of a text, and what is below it."""
    one_by_one = iter(lines)
    first, skipped = next(one_by_one, ""), 0
    marked = first.strip("\r\n\ufeff")
    if marked.casefold().startswith("sep=") and len(marked) == len("sep=;"):
        delimiter = marked[-1]
        skipped, first = 1, next(one_by_one, "")
    else:
        while first and not first.strip():
            skipped, first = skipped + 1, next(one_by_one, "")
        delimiter = max(DELIMITERS, key=first.count)
    reader = _Reader(chain([first] if first else [], one_by_one), delimiter, skipped + 1)
    heading = next(reader.blocks(1), None)
    return _Rest(heading, lines, delimiter, reader.line, plain)


class _Rest:
    """A heading, None where there is none, and the rows below it, the first of which is on this line.

    `plain` remembers from one reading to the next which parts of the text are plain.
    """

    def __init__(self, heading: Block | None, lines: _Lines, delimiter: str, line: int, plain: list[bool]) -> None:
        self.heading, self._lines, self._delimiter, self._line, self._plain = heading, lines, delimiter, line, plain
        self._width = len(heading.cells[0]) if heading and heading.cells else 0
        self._number = 0  # of the parts taken so far

    def blocks(self, most: int) -> Iterator[Block]:
        """The rows, so many at a time."""
        while some := self._lines.some():
            yield from self._blocks_of(some, most)

    def _blocks_of(self, some: bytes, most: int) -> Iterator[Block]:
        """The rows of a part."""
        plain, number, delimiter = self._plain, self._number, self._delimiter
        self._number += 1
        if number == len(plain):
            part = _taken_apart(some, delimiter, self._width)
            plain.append(part is not None)
        else:
            part = _Plain(some, delimiter, self._width) if plain[number] else None
        if part is not None:
            yield from part.blocks(self._line, most)
            self._line += part.count
            return
        reader = _Reader(io.StringIO(some.decode(), newline=""), delimiter, self._line)
        blocks = [*reader.blocks(most)]
        if reader.ended_in_a_cell:  # which may go on in what follows, to the end of the text
            self._lines.give_back(some)
            reader = _Reader(self._lines, delimiter, self._line)
            yield from reader.blocks(most)
        else:
            yield from blocks
        self._line = reader.line

    def many_blocks(self, most: int, frame_of: FrameOf[Frame]) -> Iterator[tuple[Sequence[Block], Frame | None]]:
        """The rows, and those of plain parts very many together, with a frame that holds them all."""
        gathered = _Gathered()
        while some := self._lines.some():
            is_new = self._number + len(gathered.counts) >= len(self._plain)
            seems_plain = is_new and gathered.add(some, self._delimiter)
            if seems_plain and sum(gathered.counts) < VERY_MANY:
                continue
            yield from self._together(gathered, most, frame_of)
            gathered = _Gathered()
            if not seems_plain:
                yield from (([block], None) for block in self._blocks_of(some, most))
        yield from self._together(gathered, most, frame_of)

    def _together(
        self, gathered: "_Gathered", most: int, frame_of: FrameOf[Frame]
    ) -> Iterator[tuple[Sequence[Block], Frame | None]]:
        """The rows of parts that seem to be plain."""
        counts = gathered.counts
        if not counts:
            return
        frame = frame_of(gathered.content, self._delimiter, self._width, sum(counts))
        if frame is None and len(counts) > 1:  # for one row among them: the parts without it are plain all the same
            for half in gathered.halves():
                yield from self._together(half, most, frame_of)
            return
        if frame is None:
            yield [*self._blocks_of(gathered.content, most)], None
            return
        blocks: list[Block] = []
        for count in counts:
            self._plain.append(True)
            self._number += 1
            blocks += [
                _BlockOfFrame(range(self._line + begin, self._line + end), self._width)
                for begin, end in _evenly(count, most)
            ]
            self._line += count
        found = [frame]
        del frame
        yield blocks, found.pop()  # whoever takes it can let it go


class _Gathered:
    """Parts of a text that seem to be plain, and how many lines each has.

    Whether they are plain, whoever takes their lines apart will see.
    """

    def __init__(self) -> None:
        self._bytes = io.BytesIO()  # one growing room: many that are held at once, each new, cost more than to copy
        self._ends = [0]
        self.counts: list[int] = []

    def add(self, some: bytes, delimiter: str) -> bool:
        """Add a part, if it seems to be plain; whether it does."""
        if not delimiter.isascii() or not _may_be_plain(some):
            return False
        lines = some.replace(b"\r\n", b"\n") if b"\r" in some else some
        if not lines.endswith(b"\n"):
            lines += b"\n"
        self._ends.append(self._ends[-1] + self._bytes.write(lines))
        self.counts.append(lines.count(b"\n"))
        return True

    @property
    def content(self) -> bytes:
        """All of them."""
        return self._bytes.getvalue()

    def halves(self) -> "Iterator[_Gathered]":
        """The first half of several parts, and the last."""
        middle = len(self.counts) // 2
        for begin, end in pairwise((0, middle, len(self.counts))):
            half = _Gathered()
            half._bytes.write(self.content[self._ends[begin] : self._ends[end]])
            half._ends = [at - self._ends[begin] for at in self._ends[begin : end + 1]]
            half.counts = self.counts[begin:end]
            yield half


def _evenly(count: int, most: int) -> Iterator[tuple[int, int]]:
    """Where blocks of so many rows at most begin and end, none of them much smaller than others."""
    even = -(-count // -(-count // most))
    return ((begin, min(begin + even, count)) for begin in range(0, count, even))


class _BlockOfFrame(Block):
    """Some rows whose cells stand in a frame."""

    def __init__(self, lines: Sequence[int], width: int) -> None:
        super().__init__(lines, (), {})
        self._width = width

    def too_long(self, width: int) -> Sequence[int]:
        return range(len(self)) if self._width > width else ()


class _Plain:
    """Lines in which nothing is quoted, each with as many cells as the heading, and none of them blank."""

    def __init__(self, some: bytes, delimiter: str, width: int) -> None:
        self._text = (some.replace(b"\r\n", b"\n") if b"\r" in some else some).removesuffix(b"\n")
        self.delimiter, self.width, self.count = delimiter, width, self._text.count(b"\n") + 1

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines without their ends."""
        return self._text.split(b"\n")

    @cached_property
    def cells(self) -> list[str]:
        """The cells of all lines, and after the last cell of a line a cell that is its end."""
        return self._text.decode().replace("\n", f"{self.delimiter}\n{self.delimiter}").split(self.delimiter)

    def row(self, at: int) -> list[str]:
        """The cells of one line."""
        return self.lines[at].decode().split(self.delimiter)

    def blocks(self, first: int, most: int) -> Iterator[Block]:
        """The rows, so many at a time."""
        return (_PlainBlock(self, begin, end, first) for begin, end in _evenly(self.count, most))


class _PlainBlock(Block):
    """Some rows that are plain lines; they are taken apart where somebody looks at their cells."""

    def __init__(self, part: _Plain, begin: int, end: int, first: int) -> None:
        self._part, self._begin, self._end = part, begin, end
        self.lines, self.faults = range(first + begin, first + end), {}

    @cached_property
    def written(self) -> Sequence[bytes] | None:  # type: ignore[override]
        return self._part.lines[self._begin : self._end] if self._part.delimiter == "," else None

    @cached_property
    def cells(self) -> Sequence[Sequence[str]]:  # type: ignore[override]
        return [*map(self._part.row, range(self._begin, self._end))]

    def row(self, at: int) -> Sequence[str]:
        return self._part.row(self._begin + at)

    def columns(self, width: int) -> Sequence[Sequence[str]]:
        cells, step = self._part.cells, self._part.width + 1
        return [cells[self._begin * step + at : self._end * step : step] for at in range(width)]

    def too_long(self, width: int) -> Sequence[int]:
        return range(len(self)) if self._part.width > width else ()


def _taken_apart(some: bytes, delimiter: str, width: int) -> _Plain | None:
    """Lines taken apart, or None where they are not plain."""
    if not _may_be_plain(some):
        return None
    part = _Plain(some, delimiter, width)
    cells, step = part.cells, width + 1
    if len(cells) != part.count * step - 1 or cells[width::step].count("\n") != part.count - 1:
        return None
    blank = [at for at, cell in enumerate(cells[::step]) if not cell.strip()]
    if any(not "".join(cells[at * step : at * step + width]).strip() for at in blank):
        return None
    return part


def _may_be_plain(some: bytes) -> bool:
    """Whether nothing in some lines is quoted, no cell is too large, and every line ends as they do by rule."""
    stray_ends = b"\r" in some and b"\r" in some.replace(b"\r\n", b"")
    return len(some) <= LARGEST_CELL and b'"' not in some and not stray_ends


class _Reader:
    """Python's own reader, at lines of which the first has this number."""

    def __init__(self, lines: Iterable[str], delimiter: str, first: int) -> None:
        self._reader, self._first = csv.reader(lines, delimiter=delimiter, strict=True), first
        self.ended_in_a_cell = False

    @property
    def line(self) -> int:
        """The number of the next line."""
        return self._first + self._reader.line_num

    def blocks(self, most: int) -> Iterator[Block]:
        """The rows, so many at a time."""
        reader = self._reader
        while True:
            begin, first, cells, fault = reader.line_num, self.line, list[list[str]](), None
            try:
                cells.extend(islice(reader, most))  # what was read before a fault is kept
            except csv.Error as error:
                fault = _csv_fault(error)
                self.ended_in_a_cell = fault == _NEVER_ENDS
            if not cells and fault is None:
                return
            block = _block(cells, first, reader.line_num - begin, fault)
            if len(block):  # all rows may have been blank
                yield block


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


def _csv_fault(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return _NEVER_ENDS
    if "field larger than" in said:
        return f"a cell has more than {LARGEST_CELL:,} characters; a quotation mark may be missing"
    if "expected after" in said:
        return "a quotation mark stands inside a quoted cell; write it twice"
    return f"the line is not CSV ({said})"


_NEVER_ENDS = "a cell begins with a quotation mark here and never ends; the file may be cut off"
