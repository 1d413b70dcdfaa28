"""A workbook as a zip of parts: those that change, those that are added, and all others as they are."""

import io
import re
from collections.abc import Callable, Iterable
from posixpath import basename, dirname, relpath
from typing import Final
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cxc.errors import InputError
from cxc.reports.xlsx_cells import PLAIN_STYLES, XML, root_prefix, with_styles
from cxc.tables.sheet_xml import elements
from cxc.tables.workbook import LARGEST_UNPACKED, LISTED, MAIN, RELATED, Relation, id_in, relations_in, relations_of

_STRICT: Final = "http://purl.oclc.org/ooxml/"
_KINDS: Final = "application/vnd.openxmlformats-officedocument"
_SHEET: Final = f"{_KINDS}.spreadsheetml.worksheet+xml"
DRAWING: Final = f"{_KINDS}.drawing+xml"
CHART: Final = f"{_KINDS}.drawingml.chart+xml"
_BOOK: Final = f"{_KINDS}.spreadsheetml.sheet.main+xml"
_TYPES: Final = "[Content_Types].xml"
_DAY: Final = (1980, 1, 1, 0, 0, 0)  # of each part: the same content gives the same bytes
# What is not kept, by the ending of the kind of its relation, and what it is called. What formulas are worked out in
# is made anew by each spreadsheet.
_LEFT_OUT: Final = {
    "vbaProject": "macros",
    "revisionHeaders": "the recorded changes of a shared workbook",
    "usernames": "the recorded changes of a shared workbook",
    "origin": "a digital signature, which holds for the file as it was",
    "calcChain": "",
}


class Package:
    """The parts of a workbook. `left_out` names what is not kept."""

    def __init__(self, content: bytes, book: str = "xl/workbook.xml", styles: str | None = "xl/styles.xml") -> None:
        self._archive = ZipFile(io.BytesIO(content))
        self._names = dict.fromkeys(name for name in self._archive.namelist() if not name.endswith("/"))
        self._new: dict[str, bytes] = {}
        self._left = LARGEST_UNPACKED
        self.book, self.left_out = book, dict[str, None]()
        if any(relation.kind.startswith(_STRICT) for relation in self.relations(book)):
            raise InputError("it is a strict Open XML workbook; save it as an ordinary .xlsx workbook")
        for owner in (book, ""):
            self._leave_out(owner)
        kind = re.compile(r'ContentType="[^"]*"')  # that of a template or of a workbook with macros, perhaps
        self._change_declared(book, lambda tag: kind.sub(f'ContentType="{_BOOK}"', tag[0]))
        self._add_styles(styles)

    def _leave_out(self, owner: str) -> None:
        for relation in self.relations(owner):
            named = _LEFT_OUT.get(basename(relation.kind))
            if named is not None and relation.path:
                self.left_out |= {named: None} if named else {}
                self.remove(owner, relation)

    def _add_styles(self, part: str | None) -> None:
        if part is None:
            usual = "xl/styles.xml"
            part = self._free("xl/styles{}.xml") if usual in self._names else usual
            self.relate(self.book, "styles", part)
            self._declare(part, f"{_KINDS}.spreadsheetml.styles+xml")
            self._new[part] = PLAIN_STYLES
        self._new[part], self.styles = with_styles(self.part(part))

    def _has(self, path: str) -> bool:
        return path in self._names or path in self._new

    def part(self, path: str) -> bytes:
        """What a part holds. Raises InputError where it is larger than is read."""
        if path not in self._new:
            with self._archive.open(path) as packed:
                content = packed.read(self._left + 1)
            self._left -= len(content)
            if self._left < 0:
                raise InputError(f"it unpacks to more than {LARGEST_UNPACKED // 10**6} MB")
            if b"<!" in content:
                raise InputError("its XML is written in an unusual way; open it in a spreadsheet and save it again")
            return content
        return self._new[path]

    def put(self, path: str, content: bytes) -> None:
        """Change a part, or add it."""
        self._new[path] = content

    def relations(self, owner: str) -> list[Relation]:
        """What a part refers to; the whole workbook is the part without a name."""
        path = relations_of(owner)
        return relations_in(self.part(path), owner) if self._has(path) else []

    def relate(self, owner: str, kind: str, path: str) -> str:
        """Let a part refer to another; the id of the relation."""
        taken = {relation.id for relation in self.relations(owner)}
        number = next(f"cxc{number}" for number in range(1, len(taken) + 2) if f"cxc{number}" not in taken)
        there = relations_of(owner)
        if not self._has(there):
            self._new[there] = f'{XML}<Relationships xmlns="{LISTED}"></Relationships>'.encode()
        to = relpath(path, dirname(owner) or ".")
        self._add(there, f'Relationship Id="{number}" Type="{RELATED}/{kind}" Target={quoteattr(to)}')
        return number

    def remove(self, owner: str, relation: Relation) -> None:
        """Take away a part, what it alone refers to, and the relation that names it."""
        there, path = relations_of(owner), relation.path
        tag = re.compile(rb"<[^<>]*\bId=[\"']" + re.escape(relation.id.encode()) + rb"[\"'][^<>]*?(/>|>\s*</[^<>]*>)")
        self._new[there] = tag.sub(b"", self.part(there), count=1)
        if path is None or "/media/" in path or not self._has(path):
            return  # a picture may be shown elsewhere, too
        for below in self.relations(path):
            self.remove(path, below)
        for gone in (path, relations_of(path)):
            self._names.pop(gone, None)
            self._new.pop(gone, None)
        self._change_declared(path, lambda _: "")

    def add(self, form: str, content: bytes, kind: str) -> str:
        """Add a part under a free name of a form, such as `xl/charts/chart{}.xml`; its path."""
        path = self._free(form)
        self._new[path] = content
        self._declare(path, kind)
        return path

    def reserve_sheet(self) -> str:
        """The same for a sheet, whose content is written apart."""
        path = self.add("xl/worksheets/cxc{}.xml", b"", _SHEET)
        del self._new[path]
        self._names[path] = None
        return path

    def _free(self, form: str) -> str:
        taken = {name.casefold() for name in (*self._names, *self._new)}
        return next(
            path for number in range(1, len(taken) + 2) if (path := form.format(number)).casefold() not in taken
        )

    def _declare(self, path: str, kind: str) -> None:
        self._add(_TYPES, f'Override PartName="/{path}" ContentType="{kind}"')

    def _change_declared(self, path: str, change: Callable[[re.Match[str]], str]) -> None:
        """Change the tag that declares of which kind a part is."""
        tag = re.compile(rf'<[^<>]*PartName="/{re.escape(path)}"[^<>]*/>')
        self._new[_TYPES] = tag.sub(change, self.part(_TYPES).decode()).encode()

    def _add(self, path: str, tag: str) -> None:
        """Add an element as the last one below the root."""
        content = self.part(path)
        prefix = root_prefix(content)
        at = content.rindex(b"</") if not content.rstrip().endswith(b"/>") or content.count(b"</") else -1
        if at < 0:  # the root is but one tag
            root = content.rstrip()
            name = re.search(rb"<([^\s<>?/!]+)[^<>]*/>$", root)
            assert name is not None
            content = root[:-2] + b"></" + name[1] + b">"
            at = content.rindex(b"</")
        self._new[path] = content[:at] + f"<{prefix}{tag}/>".encode() + content[at:]

    def sheet_names(self) -> list[str]:
        """The names of the sheets, in their order."""
        return [name for name, _ in self.sheets()]

    def sheets(self) -> list[tuple[str, str | None]]:
        """The names of the sheets, in their order, and the part that holds each."""
        parts = {relation.id: relation.path for relation in self.relations(self.book)}
        sheets = elements(self.part(self.book), {"sheet"})
        return [(stated["name"], parts.get(id_in(stated))) for _, stated in sheets]

    def add_sheet(self, name: str, path: str) -> None:
        """List a part as the last sheet of the workbook."""
        content = self.part(self.book)
        prefix = root_prefix(content)
        number = max([0, *map(int, re.findall(rb'\bsheetId="([0-9]+)"', content))]) + 1
        id_ = self.relate(self.book, "worksheet", path)
        tag = f'<{prefix}sheet xmlns:r="{RELATED}" name={quoteattr(name)} sheetId="{number}" r:id="{id_}"/>'
        end = f"</{prefix}sheets>".encode()
        self._new[self.book] = content.replace(end, tag.encode() + end, 1)

    def name_filters(self, filters: "dict[int, str]") -> None:
        """State, by the places of sheets, over which cells their filters reach, as spreadsheets keep it."""
        content = self.part(self.book)
        prefix = root_prefix(content)
        names = self.sheet_names()
        for place, cells in filters.items():
            one = (
                rf'<{prefix}definedName\b(?=[^<>]*name="_xlnm\._FilterDatabase")(?=[^<>]*localSheetId="{place}")[^<>]*>'
            )
            content = re.sub(rf"{one}[^<>]*</{prefix}definedName>".encode(), b"", content)
            sheet = names[place].replace("'", "''").replace("&", "&amp;").replace("<", "&lt;")
            low, _, high = re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", cells).partition(":")
            made = (
                f'<{prefix}definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">'
                f"'{sheet}'!{low}:{high}</{prefix}definedName>"
            ).encode()
            end = f"</{prefix}definedNames>".encode()
            if end in content:
                content = content.replace(end, made + end, 1)
                continue
            content = re.sub(f"<{prefix}definedNames\\s*/>".encode(), b"", content)
            begin = f"<{prefix}definedNames>".encode()
            before = [f"</{prefix}{one}>".encode() for one in ("externalReferences", "functionGroups", "sheets")]
            at = next(content.index(one) + len(one) for one in before if one in content)
            content = content[:at] + begin + made + end + content[at:]
        self._new[self.book] = content

    def write(self, archive: ZipFile, written: Iterable[str] = ()) -> None:
        """Write all parts; those that were `written` before are left out."""
        done = {*written}
        left = 2 * LARGEST_UNPACKED
        for path in [*self._names, *self._new]:
            if path in done:
                continue
            done.add(path)
            content = self._new.get(path)
            if content is None:
                with self._archive.open(path) as packed:
                    content = packed.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise InputError(f"it unpacks to more than {2 * LARGEST_UNPACKED // 10**6} MB")
            archive.writestr(part_of_zip(path), content)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name for a sheet: the one that is wanted, cut to what a sheet may have, and numbered where it is taken."""
    folded = {name.casefold() for name in taken}
    number, name = 1, wanted[:_LONGEST_NAME]
    while name.casefold() in folded:
        number += 1
        end = f" ({number})"
        name = wanted[: _LONGEST_NAME - len(end)].strip() + end
    return name


_LONGEST_NAME: Final = 31  # of a sheet


def part_of_zip(path: str) -> ZipInfo:
    """An entry of a zip."""
    entry = ZipInfo(path, _DAY)
    entry.compress_type = ZIP_DEFLATED
    return entry


def empty_package() -> Package:
    """A workbook without sheets."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, content in _EMPTY.items():
            archive.writestr(part_of_zip(path), content)
    return Package(packed.getvalue())


_EMPTY: Final[dict[str, str | bytes]] = {
    _TYPES: f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK}"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KINDS}.spreadsheetml.styles+xml"/></Types>',
    "_rels/.rels": f'{XML}<Relationships xmlns="{LISTED}">'
    f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}">'
    "<bookViews><workbookView/></bookViews><sheets></sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{LISTED}">'
    f'<Relationship Id="rId1" Type="{RELATED}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": PLAIN_STYLES,
}
