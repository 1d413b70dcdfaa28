"""A sheet of somebody's workbook with columns of results beside its rows; all else stays as it stands, to the byte."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from cxc.errors import InputError
from cxc.reports.xlsx_cells import POINTS_A_LINE, Placed, cell, children_of, root_prefix, span, widths
from cxc.tables.sheet_xml import feed, letters_of, local, parser_for, place_of
from cxc.tables.workbook import RESULTS, Origin

WIDTHS: Final = (15, 16, 70, 70)  # of the columns of results
_LAST_COLUMN: Final = 16_384  # of a sheet
_MOST_LINES: Final = 20  # of a row; a spreadsheet shows no row higher than 409 points
HEADING: Final = [Placed(name, "heading") for name in RESULTS]


class _Row(NamedTuple):
    """A row: its number, where its tag begins and ends, where it is closed, and its cells: column, begin, end."""

    number: int
    begin: int
    open_end: int
    close: int
    cells: list[tuple[int, int, int]]


class _Found(NamedTuple):
    """The rows of a sheet, and the last column that holds something in or below a row."""

    rows: list[_Row]
    widest: int


class SheetWithResults(NamedTuple):
    """A sheet, the first column of its results, and the cells of a filter of ours over it; blank where it has none."""

    content: bytes
    first: int
    filter: str


def with_results(
    content: bytes,
    origin: Origin,
    results: Mapping[int, Sequence[Placed]],
    styles: dict[str, int],
    *,
    filtered: bool,
) -> SheetWithResults:
    """The sheet with results by the numbers of rows. `filtered` where the sheet gets a filter of its own."""
    prefix = root_prefix(content)
    found = _rows(content, origin.heading)
    first = origin.results or max(origin.width, found.widest) + 1
    last = first + len(RESULTS) - 1
    if last > _LAST_COLUMN:
        raise InputError("there is no room for the results behind its last column; clear the cells there")
    pieces: list[bytes] = []
    done = 0
    for row in found.rows:
        placed = HEADING if row.number == origin.heading else results.get(row.number, ())
        ours = [one for one in row.cells if first <= one[0] <= last]
        if not placed and not ours:
            continue
        made = "".join([cell(at, row.number, one, styles, prefix) for at, one in enumerate(placed, first)])
        before = [end for column, _, end in row.cells if column < first]
        behind = [begin for column, begin, _ in row.cells if column > last]
        left, right = (before[-1] if before else row.open_end), (behind[0] if behind else row.close)
        tag = _grown(content[row.begin : row.open_end], height_of(placed))
        pieces += [content[done : row.begin], tag, content[row.open_end : left], made.encode()]
        done = right
    rows = b"".join([*pieces, content[done:]])
    content, filter_ = _around(rows, prefix.encode(), origin, first, last, filtered=filtered)
    return SheetWithResults(content, first, filter_)


def height_of(results: Sequence[Placed]) -> int:
    """How many points high a row has to be for its results; 0 where one line is enough."""
    texts = [(str(placed.value), width) for placed, width in zip(results, WIDTHS, strict=False) if placed.value]
    lines = max([-(-len(text) // (width - width // 14)) for text, width in texts], default=1)
    return POINTS_A_LINE * min(lines, _MOST_LINES) if lines > 1 else 0


def _grown(tag: bytes, height: int) -> bytes:
    """The tag of a row, high enough for its results, unless somebody gave it a height.

    What Excel remembers of the columns that a row has holds no longer.
    """
    tag = re.sub(rb'\sspans="[^"]*"', b"", tag)
    found = re.search(rb'\sht="([0-9.]+)"', tag)
    if not height or re.search(rb'\scustomHeight="(1|true)"', tag) or (found and float(found[1]) >= height):
        return tag
    if found:
        tag = tag[: found.start()] + tag[found.end() :]
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end] + b' ht="%d"' % height + tag[end:]


def _rows(content: bytes, heading: int) -> _Found:
    rows: list[_Row] = []
    cells: list[tuple[int, int, int]] = []
    number = begun = column = cell_begun = widest = 0

    def begin(name: str, stated: dict[str, str]) -> None:
        nonlocal number, begun, column, cell_begun, widest
        element = local(name)
        if element == "c":
            column = place_of(stated["r"])[1] if "r" in stated else column + 1
            cell_begun = parser.CurrentByteIndex
        elif element in _HOLDING:
            if number >= heading and column > widest:
                widest = column
        elif element == "row":
            number, begun, column = int(stated.get("r", number + 1)), parser.CurrentByteIndex, 0
        elif element == "mergeCell":
            bottom, right = place_of(stated["ref"].partition(":")[2] or stated["ref"])
            if bottom >= heading:
                widest = max(widest, right)

    def end(name: str) -> None:
        element = local(name)
        if element == "c":
            cells.append((column, cell_begun, span(content, cell_begun, parser.CurrentByteIndex).end))
        elif element == "row":
            of = span(content, begun, parser.CurrentByteIndex)
            rows.append(_Row(number, begun, of.open_end, of.close, cells[:]))
            cells.clear()

    parser = parser_for(begin)
    parser.EndElementHandler = end
    feed(parser, content)
    return _Found(rows, widest)


_HOLDING: Final = ("v", "is", "f")


def _around(content: bytes, p: bytes, origin: Origin, first: int, last: int, *, filtered: bool) -> tuple[bytes, str]:
    """What stands around the rows: the heading frozen, widths for the results, a filter; and what it reaches over."""
    parts = children_of(content)
    before = {name: content[slice(*parts[name])] for name in ("sheetViews", "cols") if name in parts}
    new_cols = _columns(before.get("cols", b""), p, first, last)
    new_views = frozen(before.get("sheetViews", b""), p, origin.heading)
    changes = [_placed(parts, "cols", new_cols, ("sheetData",))]
    changes.append(_placed(parts, "sheetViews", new_views, ("sheetFormatPr", "cols", "sheetData")))
    if "dimension" in parts:
        changes.append((*parts["dimension"], b""))
    reach = ""
    if filtered:
        change, reach = _filter(content, parts, p, origin, last)
        changes.append(change)
    for start, stop, made in sorted(changes, reverse=True):
        content = content[:start] + made + content[stop:]
    return content, reach


def _placed(
    parts: Mapping[str, tuple[int, int]], name: str, made: bytes, followed_by: Sequence[str]
) -> tuple[int, int, bytes]:
    """Where an element goes: in the place of its like, or before the first there is of those that follow it."""
    if name in parts:
        return (*parts[name], made)
    at = min(parts[other][0] for other in followed_by if other in parts)
    return at, at, made


def _columns(cols: bytes, p: bytes, first: int, last: int) -> bytes:
    """The widths of columns, with those of the results."""
    stated: list[tuple[int, bytes]] = []
    for tag in re.findall(rb"<" + p + rb"col\b[^>]*?/?>", cols):
        low, high = (int(_stated(tag, name)) for name in (b"min", b"max"))
        for begin, end in ((low, min(high, first - 1)), (max(low, last + 1), high)):
            if begin <= end:
                one = re.sub(rb'\bmin="[0-9]+"', b'min="%d"' % begin, tag)
                stated.append((begin, re.sub(rb'\bmax="[0-9]+"', b'max="%d"' % end, one).rstrip(b"/>") + b"/>"))
    stated.append((first, widths([*enumerate(WIDTHS, first)], p.decode())))
    return b"<" + p + b"cols>" + b"".join(made for _, made in sorted(stated)) + b"</" + p + b"cols>"


def _stated(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\s" + name + rb"""=["']([^"']*)["']""", tag)
    return found[1] if found else b"0"


def frozen(views: bytes, p: bytes, heading: int) -> bytes:
    """The views of a sheet, of which the first stands still above the rows, unless something stands still in it."""
    if b"<" + p + b"pane" in views or b'view="pageLayout"' in views:
        return views
    inner = (
        b'<%(p)spane ySplit="%(row)d" topLeftCell="A%(below)d" activePane="bottomLeft" state="frozen"/>'
        b'<%(p)sselection pane="bottomLeft" activeCell="A%(below)d" sqref="A%(below)d"/>'
        % {b"p": p, b"row": heading, b"below": heading + 1}
    )
    found = re.search(rb"<" + p + rb"sheetView\b([^>]*?)\s*(/?)>", views)
    if found is None:
        return b'<%(p)ssheetViews><%(p)ssheetView workbookViewId="0">%(inner)s</%(p)ssheetView></%(p)ssheetViews>' % {
            b"p": p,
            b"inner": inner,
        }
    tag = b"<" + p + b"sheetView" + re.sub(rb'\stopLeftCell="[^"]*"', b"", found[1]) + b">" + inner
    if found[2]:
        return views[: found.start()] + tag + b"</" + p + b"sheetView>" + views[found.end() :]
    rest = re.sub(rb"<" + p + rb"selection\b[^>]*/>", b"", views[found.end() :])
    return views[: found.start()] + tag + rest


# What stands behind a filter, in the order that a sheet has.
_BEHIND_FILTER: Final = (
    *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks"),
    *("colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems"),
    *("tableParts", "extLst"),
)


def _filter(
    content: bytes, parts: Mapping[str, tuple[int, int]], p: bytes, origin: Origin, last: int
) -> tuple[tuple[int, int, bytes], str]:
    """A filter over the heading, and the cells that it reaches over.

    The one that is there reaches to the results, with what it hides. One that is elsewhere stays as it is.
    """
    if "autoFilter" in parts:
        begin, end = parts["autoFilter"]
        there = content[begin:end]
        low, _, high = _stated(there, b"ref").decode().partition(":")
        if not high or place_of(low)[0] != origin.heading:
            return (begin, end, there), ""
        row, column = place_of(high)
        reach = f"{low}:{letters_of(max(column, last))}{max(row, origin.last)}"
        return (begin, end, re.sub(rb'\bref="[^"]*"', f'ref="{reach}"'.encode(), there, count=1)), reach
    reach = f"A{origin.heading}:{letters_of(last)}{origin.last}"
    ends = [parts[name][0] for name in _BEHIND_FILTER if name in parts]
    at = min(ends) if ends else content.rindex(b"</")
    return (at, at, b'<%sautoFilter ref="%s"/>' % (p, reach.encode())), reach


def lies_over(table: bytes, origin: Origin) -> bool:
    """Whether a table of a spreadsheet, which has a filter of its own, lies over the heading or rows of trips."""
    (top, _), (bottom, _) = _corners(table)
    return top <= origin.last and bottom >= origin.heading


def covered(drawing: bytes, origin: Origin, first: int) -> bool:
    """Whether a picture or chart of a drawing lies over the results, which nobody would see."""
    return any(
        left < first - 1 + len(RESULTS) and right >= first - 1 and top < origin.last and bottom >= origin.heading - 1
        for left, top, right, bottom in [map(int, corners) for corners in _ANCHOR.findall(drawing)]
    )


# First column and row of what is drawn, then the last, from 0 on.
_ANCHOR: Final = re.compile(
    rb"from>\s*<[^<>]*col>([0-9]+)<.{0,200}?row>([0-9]+)<[^<>]*>\s*<[^<>]*>[0-9-]*<[^<>]*>\s*<[^<>]*from>\s*"
    rb"<[^<>]*to>\s*<[^<>]*col>([0-9]+)<.{0,200}?row>([0-9]+)<",
    re.DOTALL,
)


def _corners(table: bytes) -> tuple[tuple[int, int], tuple[int, int]]:
    found = re.search(rb"<[^<>?]*\btable\b[^<>]*>", table)
    low, _, high = _stated(found[0] if found else b"", b"ref").decode().partition(":")
    return place_of(low), place_of(high or low)


def extended(table: bytes, origin: Origin, first: int) -> bytes:
    """A table of a spreadsheet with the results, where they stand beside it; else as it is."""
    (top, _), (_, right) = _corners(table)
    found = re.search(rb"<([^\s<>/]*)tableColumns\b[^<>]*>(.*?)</[^\s<>/]*tableColumns>", table, re.DOTALL)
    if top != origin.heading or right != first - 1 or found is None or b'tableType="queryTable"' in table:
        return table
    p = found[1]
    ids = [int(_stated(tag, b"id")) for tag in re.findall(rb"<" + p + rb"tableColumn\b[^<>]*>", found[2])]
    if any(f'name="{name}"'.encode() in found[2] for name in RESULTS):
        return table
    columns = "".join(f'tableColumn id="{max(ids) + at}" name="{name}"/>' for at, name in enumerate(RESULTS, 1))
    made = found[2] + columns.replace("tableColumn", f"<{p.decode()}tableColumn").encode()
    count = f'<{p.decode()}tableColumns count="{len(ids) + len(RESULTS)}">'.encode()
    whole = table[: found.start()] + count + made + b"</" + p + b"tableColumns>" + table[found.end() :]
    reaching = letters_of(right + len(RESULTS)).encode()
    return re.sub(
        rb'(\bref="[A-Z]+%d:)%s([0-9]+")' % (top, letters_of(right).encode()), rb"\g<1>" + reaching + rb"\g<2>", whole
    )
