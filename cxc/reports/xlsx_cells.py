"""Cells, rows and styles of a sheet as XML. A text is stored as text, so it is never a formula."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from cxc.tables.sheet_xml import feed, letters_of, local, parser_for

LONGEST_TEXT: Final = 32_767  # characters that a cell of a spreadsheet holds
MOST_ROWS: Final = 1_048_576  # of a sheet
CUT: Final = " … (cut)"
POINTS_A_LINE: Final = 15  # the height of a line of a spreadsheet's own letters

# What a part of XML begins with.
XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Value = str | int | Decimal | None


class Placed(NamedTuple):
    """A value for a cell, with its style."""

    value: Value
    style: str = "plain"


def xml_text(text: str) -> str:
    """A text within XML: what XML cannot hold is a space, and what a spreadsheet would decode is kept as it stands.

    >>> xml_text("a<b & _x0041_"), xml_text("=1+1\\x00")
    ('a&lt;b &amp; _x005F_x0041_', '=1+1 ')
    """
    text = _CODED.sub("_x005F_", _NEVER_IN_XML.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(CUT)] + CUT
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_NEVER_IN_XML: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell(column: int, row: int, placed: Placed, styles: "dict[str, int]", prefix: str = "") -> str:
    """One cell; nothing where it has neither a value nor a look of its own."""
    value, style = placed
    at = f'<{prefix}c r="{letters_of(column)}{row}" s="{styles[style]}"'
    if value is None or value == "":
        return "" if style == "plain" else f"{at}/>"
    if isinstance(value, str):
        text = f'<{prefix}t xml:space="preserve">{xml_text(value)}</{prefix}t>'
        return f'{at} t="inlineStr"><{prefix}is>{text}</{prefix}is></{prefix}c>'
    return f"{at}><{prefix}v>{value}</{prefix}v></{prefix}c>"


def row_of(number: int, cells: Iterable[Placed], styles: "dict[str, int]", *, height: int = 0) -> str:
    """A row from the first column on, so many points high; 0: as all are."""
    stated = f' ht="{height}"' if height else ""
    written = "".join([cell(column, number, placed, styles) for column, placed in enumerate(cells, 1)])
    return f'<row r="{number}"{stated}>{written}</row>'


# The looks of cells: number format, bold, colour of the ground, whether lines wrap. Colour repeats what words say.
_LOOKS: Final = {
    "plain": (49, False, None, False),
    "text": (49, False, None, True),
    "heading": (49, True, "FFD9E1F2", True),
    "title": (49, True, None, False),
    "amount": (4, False, None, False),
    "count": (3, False, None, False),
    "eligible": (49, False, "FFC6EFCE", True),
    "not-eligible": (49, False, "FFFFC7CE", True),
    "undecided": (49, False, "FFFFEB9C", True),
    "unreadable": (49, False, "FFF8CBAD", True),
    "paid": (49, False, "FFD9D9D9", True),
}

# How a sheet is printed: as wide as the page.
IN_PRINT: Final = (
    '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
)


class Children(NamedTuple):
    """An element of a list in XML: where what it holds begins and ends, and its children as they are written."""

    open_end: int
    close: int
    children: list[bytes]


def with_styles(content: bytes) -> tuple[bytes, dict[str, int]]:
    """The styles of a workbook with our own behind them, and the number of each of ours by its name.

    What is there already, from a check before, is used again.
    """
    if not {"fonts", "fills", "cellXfs"} <= lists_in(content).keys():
        content = PLAIN_STYLES
    prefix = root_prefix(content)
    p = prefix.encode()
    bold = _bold(lists_in(content)["fonts"].children[0], p)
    content, bold_font = _numbered(content, "fonts", bold)
    fills: dict[str | None, int] = {None: 0}
    for colour in dict.fromkeys(filter(None, [look[2] for look in _LOOKS.values()])):
        fill = (
            f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{colour}"/>'
            f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
        )
        content, fills[colour] = _numbered(content, "fills", fill.encode())
    there = children_of(content)
    bases = {"borders": ' borderId="0"', "cellStyleXfs": ' xfId="0"'}
    base = "".join([stated for name, stated in bases.items() if name in there])
    numbers: dict[str, int] = {}
    for name, (form, is_bold, ground, wraps) in _LOOKS.items():
        # Texts of some lines begin a little to the right, so that none touches an amount before it.
        wrap = f' horizontal="left" wrapText="1" indent="{int(name == "text")}"' if wraps else ""
        xf = (
            f'<{prefix}xf numFmtId="{form}" fontId="{bold_font if is_bold else 0}" fillId="{fills[ground]}"'
            f'{base} applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
            f"<{prefix}alignment{wrap}/></{prefix}xf>"
        )
        content, numbers[name] = _numbered(content, "cellXfs", xf.encode())
    return content, numbers


def _bold(font: bytes, p: bytes) -> bytes:
    """A font, bold."""
    if b"<" + p + b"b/>" in font:
        return font
    if font.endswith(b"/>") and font.count(b"<") == 1:
        return font[:-2].rstrip() + b"><" + p + b"b/></" + p + b"font>"
    at = font.index(b">") + 1
    return font[:at] + b"<" + p + b"b/>" + font[at:]


def _numbered(content: bytes, name: str, child: bytes) -> tuple[bytes, int]:
    """A list with a child, which is added unless it is there; and the child's number."""
    found = lists_in(content)[name]
    if child in found.children:
        return content, found.children.index(child)
    number = len(found.children)
    content = content[: found.close] + child + content[found.close :]
    opening = content.rindex(b"<", 0, found.open_end)
    tag = re.sub(rb'\bcount="[0-9]+"', b'count="%d"' % (number + 1), content[opening : found.open_end])
    return content[:opening] + tag + content[found.open_end :], number


def lists_in(content: bytes) -> dict[str, Children]:
    """The lists that stand directly below the root and are not empty, by their names."""
    found: dict[str, Children] = {}
    children: list[bytes] = []

    def end(depth: int, name: str, begin: int, of: Span) -> None:
        if depth == 2:
            children.append(content[begin : of.end])
        elif children:
            found[name] = Children(of.open_end, of.close, children[:])
            children.clear()

    _each_element(content, 2, end)
    return found


def children_of(content: bytes) -> dict[str, tuple[int, int]]:
    """The elements directly below the root, the first of each name: where it begins, and where it ends."""
    found: dict[str, tuple[int, int]] = {}
    _each_element(content, 1, lambda _, name, begin, of: found.setdefault(name, (begin, of.end)))
    return found


class Span(NamedTuple):
    """Where an element lies: where its first tag ends, where its last begins, and where it ends."""

    open_end: int
    close: int
    end: int


def _each_element(content: bytes, deepest: int, told: Callable[[int, str, int, Span], object]) -> None:
    """Tell of each element below the root that lies no deeper, where it ends: its depth, name, begin and span."""
    path: list[tuple[str, int]] = []  # of the elements that are open: name, and where it begins

    def end(_: str) -> None:
        name, begin = path.pop()
        if 1 <= len(path) <= deepest:
            told(len(path), name, begin, span(content, begin, parser.CurrentByteIndex))

    parser = parser_for(lambda name, _: path.append((local(name), parser.CurrentByteIndex)))
    parser.EndElementHandler = end
    feed(parser, content)


def span(content: bytes, begin: int, told: int) -> Span:
    """Where an element lies that begins here, and of whose end the parser told here. It may be but one tag."""
    open_end = tag_end(content, begin)
    if content[open_end - 2 : open_end] == b"/>":
        return Span(open_end, open_end, open_end)
    return Span(open_end, told, tag_end(content, told))


def tag_end(content: bytes, begin: int) -> int:
    """Where a tag ends; a value in it may hold ">"."""
    found = _TAG.match(content, begin)
    assert found is not None, "a tag of XML that was parsed has an end"
    return found.end()


_TAG: Final = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


def root_prefix(content: bytes) -> str:
    """What stands before the names of elements: nothing, or a prefix such as `x:`."""
    roots: list[str] = []
    parser = parser_for(lambda name, _: roots.append(name) if not roots else None)
    feed(parser, content)
    prefix, colon, _ = roots[0].rpartition(":")
    return prefix + colon


def widths(columns: Sequence[tuple[int, float]], prefix: str = "") -> bytes:
    """The widths of columns, by their numbers."""
    return "".join(
        [f'<{prefix}col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in columns]
    ).encode()


PLAIN_STYLES: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
