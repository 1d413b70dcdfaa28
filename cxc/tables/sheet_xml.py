"""What stands in the XML of a sheet: its cells, and what is wrong with them; and how cells are addressed.

It is looked through for what the reader of cells does not tell: formulas without a stored value, errors, cells given
twice, merged cells, hidden rows.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from operator import methodcaller
from typing import Any, Final, NamedTuple
from xml.parsers import expat

from cxc.errors import UnreadableFile
from cxc.text import clean

LONGEST_TAG: Final = 1_000_000  # bytes
MOST_ROWS: Final = 200_000  # a value below this row is not read

AGAIN = "open it in a spreadsheet and save it as .xlsx again"
DAMAGED = f"it is damaged, or it is not a workbook; {AGAIN}"
_NO_VALUE = "a formula without a stored value; open the file in a spreadsheet and save it, or write the value"
_LETTERS, _DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"


class SheetContents(NamedTuple):
    """What the XML of a sheet tells of its cells, by row and column from 1 on.

    `faults`: the text that stands for a value that there is not, and what is wrong. `merged`: first row and column,
    last row and column. `values`: how many cells have one. `area`: rows times columns up to the last value. `hidden`:
    the rows that a filter or a hand has hidden.
    """

    faults: dict[tuple[int, int], tuple[str, str]]
    merged: list[tuple[int, int, int, int]]
    values: int
    area: int
    hidden: set[int]


class _Cell(NamedTuple):
    """A cell with a value: where it stands, its kind, its text, and where its XML begins and ends."""

    address: str
    kind: str | None
    text: str
    begin: int
    end: int


# A cell that has a value, and of which there is nothing to say; no "<" can stand in its texts.
_PLAIN_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,9})"(?: s="[0-9]+")?'
    rb'(?:(?: t="(?:n|s|str|b)")?>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>[^<]+</v>'
    rb'| t="inlineStr"><is><t[^<>]*>[^<]*</t></is>)</c>'
)


def look_through(content: bytes, sheet: str) -> SheetContents:
    """Look through the XML of a sheet. Raises UnreadableFile where it is larger than is read, or gives a cell twice.

    Plain cells are taken out first: to tell of each costs more than all else.
    """
    pieces = _PLAIN_CELL.split(content)
    plain = pieces[1::2]
    found = _CellReader(b"".join(pieces[::2]))
    if found.unplaced:  # where a cell stands is told by all that stand before it
        plain, found = [], _CellReader(content)
    valued = [*plain, *map(str.encode, found.valued)]
    addresses = set(valued)
    if len(addresses) < len(valued):
        twice = clean(Counter(valued).most_common(1)[0][0].decode())[:20]
        raise UnreadableFile(f"it gives the cell {clean(sheet)}!{twice} twice, and one of them would be lost; {AGAIN}")
    columns = set(map(methodcaller("rstrip", _DIGITS.encode()), addresses))
    rows = set(map(methodcaller("lstrip", _LETTERS.encode()), addresses))
    widest = max(map(_column, map(bytes.decode, columns)), default=0)
    last = max(map(_row, map(bytes.decode, rows)), default=0)
    if last > MOST_ROWS:
        raise UnreadableFile(f"the sheet '{sheet}' has a value in row {last}; rows up to {MOST_ROWS} are read")
    return SheetContents(
        {place_of(address): fault for address, fault in found.faults.items()},
        [(*place_of(first), *place_of(end or first)) for first, _, end in (ref.partition(":") for ref in found.merged)],
        len(valued),
        widest * last,
        found.hidden,
    )


class _CellReader:
    """One look at the elements of a sheet, and what is told of its cells one by one, by their addresses.

    `unplaced` is whether one does not say where it stands. A cell is `watched` that has a formula or an error, until it
    ends.
    """

    def __init__(self, content: bytes) -> None:
        self.faults: dict[str, tuple[str, str]] = {}
        self.merged: list[str] = []
        self.valued: list[str] = []
        self.hidden: set[int] = set()
        self.unplaced = self._watched = self._stored = False
        self.parser = parser_for(self.begin)
        end = content.rfind(b"sheetData>")  # the elements below have formulas of their own
        self._end = len(content) if end < 0 else end
        self._names: dict[str, str] = {}
        self._row, self._address = 0, ""
        self._kind: str | None = None
        self._texts: list[str] = []
        feed(self.parser, content)
        self.finish()

    def begin(self, name: str, stated: dict[str, str]) -> None:
        """An element begins."""
        element = self._names.get(name) or self._names.setdefault(name, local(name))
        if element == "c":
            self.finish()
            self.unplaced = self.unplaced or "r" not in stated
            self._address, self._kind = stated.get("r") or _next(self._address, self._row), stated.get("t")
            self._watched = self._kind == "e"
        elif element == "v" or element == "is":
            self.valued.append(self._address)
            if self._watched:
                self._stored = True
                self.parser.CharacterDataHandler = self._texts.append
            elif self._kind == "inlineStr" and element == "v":
                self.faults[self._address] = "?", "a text that is not stored as text; write it again"
        elif element == "f":
            self._watched = self._watched or self.parser.CurrentByteIndex < self._end
        elif element == "row":
            self.finish()
            self._row, self._address = int(stated.get("r", self._row + 1)), ""
            unseen = stated.get("hidden") in ("1", "true") or stated.get("ht") in ("0", "0.0")
            if unseen and self._row <= MOST_ROWS:
                self.hidden.add(self._row)
        elif element == "mergeCell":
            self.merged.append(stated["ref"])

    def finish(self) -> None:
        """The cell before ends."""
        if not self._watched:
            return
        text = "".join(self._texts).strip()
        if self._kind == "e":
            said = f"the error {clean(text)[:20]}; correct its formula, or write the value"
            self.faults[self._address] = text or "#", said
        elif not text and not (self._stored and self._kind == "str"):
            self.faults[self._address] = "=?", _NO_VALUE
        self.parser.CharacterDataHandler = None
        self._texts.clear()
        self._watched = self._stored = False


def each_cell(content: bytes, found: Callable[[_Cell], object]) -> None:
    """Tell of each cell of a sheet that has a value."""
    row, address, kind, start = 0, "", None, 0
    texts: list[str] = []

    def begin(name: str, stated: dict[str, str]) -> None:
        nonlocal row, address, kind, start
        element = local(name)
        if element == "row":
            row, address = int(stated.get("r", row + 1)), ""
        elif element == "c":
            address, kind = stated.get("r") or _next(address, row), stated.get("t")
            start = parser.CurrentByteIndex
        elif element == "v":
            parser.CharacterDataHandler = texts.append

    def end(name: str) -> None:
        element = local(name)
        if element == "v":
            parser.CharacterDataHandler = None
        elif element == "c":
            found(_Cell(address, kind, "".join(texts), start, content.index(b">", parser.CurrentByteIndex) + 1))
            texts.clear()

    parser = parser_for(begin)
    parser.EndElementHandler = end
    feed(parser, content)


def clear_bad_cells(content: bytes, strings: int) -> tuple[bytes, dict[tuple[int, int], tuple[str, str]]]:
    """A sheet without the cells that the reader of cells stops at, and what is wrong with each."""
    cleared = bytearray(content)
    faults: dict[tuple[int, int], tuple[str, str]] = {}

    def look(cell: _Cell) -> None:
        text = cell.text if cell.kind == "n" else cell.text.strip()
        wrong = _wrong(cell.kind, text, strings)
        if wrong is None:
            return
        cleared[cell.begin : cell.end] = b" " * (cell.end - cell.begin)
        if cell.kind != "e":  # that it is an error is known
            faults[place_of(cell.address)] = clean(text)[:60] or "?", wrong

    each_cell(content, look)
    return bytes(cleared), faults


_NUMBER: Final = re.compile(r"(-?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?)?")


def _wrong(kind: str | None, text: str, strings: int) -> str | None:
    """What the reader of cells stops at: `strings` is how many texts the workbook stores."""
    if kind == "s":
        return None if text.isdecimal() and int(text) < strings else "a text that is stored nowhere; write it again"
    if kind == "b":
        return None if text in ("0", "1") else "neither yes nor no; write one of them"
    if kind in (None, "n"):
        large = re.fullmatch(r"-?\d{10,}(\.\d*)?|-?[\d.]+[eE]\+?\d+", text)
        if large:
            return "a number that is too large; write it as text"
        return "no number where one should be; write it again" if kind and not _NUMBER.fullmatch(text) else None
    return None if kind in ("str", "inlineStr", "d") else "a value of an unknown kind; write it again"


def parser_for(begin: Callable[[str, dict[str, str]], None]) -> Any:
    """What reads XML, and tells where each element begins."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    return parser


def feed(parser: Any, content: bytes) -> None:
    """Parse XML piece by piece: no single tag may be longer than is read."""
    for at in range(0, len(content), 1 << 18):
        parser.Parse(content[at : at + (1 << 18)], False)
        if at - parser.CurrentByteIndex > LONGEST_TAG:
            raise UnreadableFile(f"its XML has a tag of more than {LONGEST_TAG:,} bytes; {AGAIN}")
    parser.Parse(b"", True)


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]


def elements(content: bytes, wanted: Collection[str]) -> list[tuple[str, dict[str, str]]]:
    """The elements of some names, in their order, with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []

    def begin(name: str, stated: dict[str, str]) -> None:
        element = local(name)
        if element in wanted:
            found.append((element, stated))

    feed(parser_for(begin), content)
    return found


def _column(letters: str) -> int:
    """The number of a column by its letters: A is 1. Raises UnreadableFile."""
    if not 1 <= len(letters) <= 3 or letters.strip(_LETTERS):
        raise UnreadableFile(DAMAGED)
    number = 0
    for letter in letters:
        number = number * 26 + _LETTERS.index(letter) + 1
    return number


def _row(digits: str) -> int:
    """The number of a row. Raises UnreadableFile."""
    if not 1 <= len(digits) <= 12 or digits.strip(_DIGITS) or digits[0] == "0":
        raise UnreadableFile(DAMAGED)
    return int(digits)


def place_of(address: str) -> tuple[int, int]:
    """Row and column of a cell such as L14."""
    letters = address.rstrip(_DIGITS)
    return _row(address[len(letters) :]), _column(letters)


def _next(address: str, row: int) -> str:
    """The cell behind another one of a row, or its first: where cells do not say where they stand."""
    return f"{letters_of(place_of(address)[1] + 1 if address else 1)}{row}"


def letters_of(column: int) -> str:
    """The letters of a column by its number.

    >>> letters_of(1), letters_of(27), letters_of(703)
    ('A', 'AA', 'AAA')
    """
    letters = ""
    while column:
        column, last = divmod(column - 1, 26)
        letters = _LETTERS[last] + letters
    return letters


def address_of(sheet: str, row: int, column: int) -> str:
    """A cell as spreadsheets name it.

    >>> address_of("June", 14, 12), address_of("Trips of May", 2, 1)
    ('June!L14', "'Trips of May'!A2")
    """
    plain = sheet.isidentifier() and not re.fullmatch(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*", sheet)
    name = sheet if plain else "'" + sheet.replace("'", "''") + "'"
    return f"{name}!{letters_of(column)}{row}"
