"""The workbook back: its own sheets as they were, beside each trip what came out, and a summary.

Only what changes is written anew, as XML; every other part of the file stays as it is: formats, formulas with what they
came to, pictures, charts, sheets that were not read. From CSV or Parquet, from further files, and where cells are
withheld, the sheets are new ones that hold texts alone.
"""

import io
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import PurePath
from shutil import copyfileobj
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile

from cxc.advice.remedies import ways_out
from cxc.conclusions import UNDECIDED
from cxc.errors import InputError
from cxc.reports.csv import beside
from cxc.reports.formats import BinaryReport
from cxc.reports.output import on_disk
from cxc.reports.text import outcome_of, shown_as
from cxc.reports.values import why, worth_saying_of
from cxc.reports.xlsx_cells import IN_PRINT, LONGEST_TEXT, MOST_ROWS, XML, Placed, row_of, widths
from cxc.reports.xlsx_package import Package, empty_package, free_name, part_of_zip
from cxc.reports.xlsx_sheet import HEADING, WIDTHS, covered, extended, frozen, height_of, lies_over, with_results
from cxc.reports.xlsx_summary import add_summary
from cxc.tables.judged import Heading, Judged, JudgedRows
from cxc.tables.sheet_xml import letters_of
from cxc.tables.workbook import MAIN, RESULTS, SUMMARY, Origin, results_in
from cxc.text import clean, listed
from cxc.verdict import Verdict, Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cxc.tables.summary import Summary


class XlsxReport(BinaryReport):
    """Keeps what came out of the rows of a workbook; rows of new sheets are written to the disk as they come."""

    def __init__(self) -> None:
        self._sources: dict[str, Heading] = {}
        self._base: Origin | None = None
        self._results: dict[str, dict[int, list[Placed]]] = {}
        self._verdicts: Verdicts | None = None
        self._said: Counter[str] = Counter()
        self._notices: list[str] = []
        self._new: dict[str, _NewSheet] = {}

    @property
    def notices(self) -> Sequence[str]:
        return self._notices

    def begin(self, sources: Sequence[Heading]) -> str:
        """Nothing yet; what is written back is looked at."""
        self._sources = {source.title: source for source in sources}
        base = next((source for source in sources if source.origin), None)
        self._base = base.origin if base else None
        self._name = base.name if base else ""
        with self._as_workbook():
            origin = self._base
            self._package = Package(origin.content, origin.book, origin.styles) if origin else empty_package()
            taken = [*self._package.sheet_names(), SUMMARY]
        for source in sources:
            if not self._is_written_back(source):
                taken.append(_sheet_name(source, taken))
                path = self._package.reserve_sheet()
                with on_disk():
                    self._new[source.title] = _NewSheet(taken[-1], path, source, self._package.styles)
        self._tell_of_new(sources)
        return ""

    def _is_written_back(self, source: Heading) -> bool:
        origin = source.origin
        return origin is not None and self._base is not None and origin.content is self._base.content

    def _tell_of_new(self, sources: Sequence[Heading]) -> None:
        """Say of which workbooks only the cells are kept."""
        others = dict.fromkeys(source.name for source in sources if source.origin and not self._is_written_back(source))
        if others:
            self._notices.append(
                f"{listed([*others], 'and')}: only the cells of the trips are in the checked workbook, as text. "
                f"One workbook is written back whole, here {self._name}. Check each by itself to get it back."
            )
        if any(source.sheet and not source.origin for source in sources):
            self._notices.append(
                "With --redact the checked workbook holds the cells that may be shown, as text, and nothing else of "
                "the workbook that was given: no formats, formulas, comments, hidden sheets or properties."
            )

    def pieces(self, judged: JudgedRows) -> "Iterable[bytes]":
        """Nothing yet."""
        self._verdicts = judged.verdicts
        new, results = self._new.get(judged.title), self._results.setdefault(judged.title, {})
        with on_disk():
            for place, row in enumerate(judged):
                found = [] if place in judged.no_trips else self._result(row)
                if new is None:
                    results[row.row] = found
                else:
                    new.write(row, found)
        return ()

    def _result(self, row: Judged) -> list[Placed]:
        """What stands beside a row."""
        verdict = row.verdict
        if verdict is not None:
            self._said.update({*worth_saying_of(verdict), *row.notices})
        return result_of(row)

    def content(self, summary: "Summary") -> bytes:
        """The file."""
        with on_disk():
            for new in self._new.values():
                new.end()
            with self._as_workbook():
                self._put_together(summary)
            whole = io.BytesIO()
            with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
                with self._as_workbook():
                    self._package.write(archive, [new.path for new in self._new.values()])
                for new in self._new.values():
                    new.copy_to(archive)
        return whole.getvalue()

    def _put_together(self, summary: "Summary") -> None:
        package, filters = self._package, dict[str, str]()
        if package.left_out:
            lost = listed([*package.left_out], "and")
            self._notices.append(f"{self._name}: what is not in the checked workbook: {lost}.")
        for source in self._sources.values():
            if self._is_written_back(source) and source.origin is not None:
                filters |= self._write_back(source.title, source.origin, self._results.get(source.title, {}))
        for new in self._new.values():
            package.add_sheet(new.name, new.path)
            filters[new.path] = new.filter
            if new.cut:
                self._notices.append(
                    f"The sheet {new.name}: cells with more than {LONGEST_TEXT:,} letters are cut, since a spreadsheet "
                    f"holds no more. There are {new.cut}."
                )
        assert self._verdicts is not None, "a table without a trip has no report"
        there = self._base.summary if self._base else None
        add_summary(package, summary, self._verdicts, self._said, self._notices, there)
        places = {path: place for place, (_, path) in enumerate(package.sheets())}
        package.name_filters({places[path]: cells for path, cells in filters.items()})

    def _write_back(self, title: str, origin: Origin, results: dict[int, list[Placed]]) -> dict[str, str]:
        """Put results beside the rows of a sheet; over which cells its filter reaches, where it gets one of ours."""
        package, part = self._package, origin.part
        relations = package.relations(part)
        tables = [one.path for one in relations if one.kind.endswith("/table") and one.path]
        filtered = not any(lies_over(package.part(table), origin) for table in tables)
        sheet = with_results(package.part(part), origin, results, package.styles, filtered=filtered)
        package.put(part, sheet.content)
        drawings = [one.path for one in relations if one.kind.endswith("/drawing") and one.path]
        if any(covered(package.part(drawing), origin, sheet.first) for drawing in drawings):
            self._notices.append(f"{title}: a picture or chart lies over the results; move it to see them all.")
        for table in tables:
            package.put(table, extended(package.part(table), origin, sheet.first))
        return {part: sheet.filter} if sheet.filter else {}

    @contextmanager
    def _as_workbook(self) -> "Iterator[None]":
        """Whatever a workbook of an unusual make raises is said of that file."""
        try:
            yield
        except InputError as error:
            raise InputError(f"{self._name}: this workbook cannot be written back: {error}") from error
        except OSError:
            raise
        except Exception as error:
            if self._base is None:
                raise
            raise InputError(
                f"{self._name}: this workbook cannot be written back ({type(error).__name__}); open it in a "
                "spreadsheet and save it as .xlsx again, or save it as CSV and check that"
            ) from error


_CORRECT: Final = "Correct what the reason names, and check again."


def result_of(row: Judged) -> list[Placed]:
    """The cells beside a trip: the outcome, the amount, why, and what to do."""
    verdict = row.verdict
    amount = verdict.payable.amount if verdict and verdict.payable else None
    return [
        Placed(outcome_of(row)[1], "not-eligible" if row.mismatch else shown_as(row)),
        Placed(amount, "amount"),
        Placed(_reason(row), "text"),
        Placed(_to_do(verdict) if verdict else _CORRECT, "text"),
    ]


def _reason(row: Judged) -> str:
    """Why a trip is what it is, and of a payable one why it is not the full sum."""
    payable = row.verdict.payable if row.verdict else None
    halved = [line.text for line in payable.derivation if line.factor is not None] if payable else []
    return " ".join(filter(None, [*(f"{text.rstrip('.')}." for text in halved), why(row)]))


def _to_do(verdict: Verdict) -> str:
    """What would settle a trip, or mend it."""
    ways = ways_out(verdict)
    missing = listed(verdict.needed, "and") if verdict.outcome == UNDECIDED and not ways else ""
    return f"State {missing}." if missing else " ".join(ways)


class _NewSheet:
    """A sheet of texts, written as rows come: a row stands in the line that it has in its file."""

    def __init__(self, name: str, path: str, source: Heading, styles: dict[str, int]) -> None:
        self.name, self.path, self._styles = name, path, styles
        found = results_in(source.columns)  # of a workbook of ours that was saved as CSV
        ours = range(0) if found is None else range(found, found + len(RESULTS))
        self._kept = [at for at in range(len(source.columns)) if at not in ours]
        self._heading = beside([source.columns[at] for at in self._kept], RESULTS)
        self._last, self.cut, self._stream = 1, 0, tempfile.TemporaryFile()
        width = len(self._heading)
        columns = [(at, max(12.0, min(40.0, len(name) + 3.0))) for at, name in enumerate(self._heading, 1)]
        columns += [*enumerate(map(float, WIDTHS), width + 1)]
        heading = row_of(1, [*(Placed(name, "heading") for name in self._heading), *HEADING], self._styles)
        self._put(
            f'{XML}<worksheet xmlns="{MAIN}">'
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f"{frozen(b'', b'', 1).decode()}"
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths(columns).decode()}</cols><sheetData>{heading}'
        )

    def write(self, row: Judged, results: list[Placed]) -> None:
        """One row. Raises InputError where a sheet has no such row."""
        if row.row > MOST_ROWS:
            raise InputError(
                f"{row.title}: a sheet holds {MOST_ROWS:,} rows, and this table has more; ask for csv or parquet"
            )
        cells, count = row.cells, len(row.cells)
        self.cut += sum(len(text) > LONGEST_TEXT for text in cells)
        own = [Placed(cells[at] if at < count else "") for at in self._kept]
        self._put(row_of(row.row, [*own, *results], self._styles, height=height_of(results)))
        self._last = row.row

    @property
    def filter(self) -> str:
        """The cells that its filter reaches over."""
        return f"A1:{letters_of(len(self._heading) + len(RESULTS))}{self._last}"

    def end(self) -> None:
        """What stands behind the rows."""
        self._put(f'</sheetData><autoFilter ref="{self.filter}"/>{IN_PRINT}</worksheet>')
        self._stream.seek(0)

    def copy_to(self, archive: ZipFile) -> None:
        """Put it into a zip."""
        with archive.open(part_of_zip(self.path), "w", force_zip64=True) as stream:
            copyfileobj(self._stream, stream)
        self._stream.close()

    def _put(self, text: str) -> None:
        self._stream.write(text.encode())


def _sheet_name(source: Heading, taken: Sequence[str]) -> str:
    """The name of a new sheet, that of the sheet or of the file: unique, with nothing that a spreadsheet refuses."""
    name = source.sheet or PurePath(source.name).stem
    name = clean("".join(" " if letter in "[]:*?/\\" else letter for letter in name)).strip("' ") or "trips"
    return free_name(name, [*taken, "history"])
