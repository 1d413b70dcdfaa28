"""The columns of csv as Parquet: texts, amounts that are exact, and whole numbers of days."""

import io
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any, Final

from cxc.reports.csv import CsvReport, unique
from cxc.reports.formats import BinaryReport
from cxc.reports.frame import DAYS, DECIMALS, DIGITS, MONEY, cells_in, value_of
from cxc.reports.output import on_disk
from cxc.tables.cells import need
from cxc.tables.judged import Heading, JudgedRows

if TYPE_CHECKING:
    from cxc.tables.summary import Summary

ROWS_TOGETHER: Final = 50_000  # rows of a row group, and those that are kept in memory until they are put by


class ParquetReport(CsvReport, BinaryReport):
    """What csv writes, with types.

    Its parts are put by on the disk until the last row is there, so memory does not grow with the table.
    """

    def __init__(self) -> None:
        need("polars", "a report in Parquet was asked for")
        super().__init__()
        self._rows: list[list[str]] = []
        self._parts: list[IO[bytes]] = []

    def begin(self, sources: Sequence[Heading]) -> str:
        """Nothing yet; the names of the columns are those of csv."""
        (names,) = cells_in(super().begin(sources))
        self._names = unique(names)  # what guards against formulas can make two headings one
        return ""

    def pieces(self, judged: JudgedRows) -> Iterable[bytes]:
        """Nothing yet."""
        self._rows += cells_in(self._lines(judged).decode())
        if len(self._rows) >= ROWS_TOGETHER:
            self._put_by()
        return ()

    def content(self, summary: "Summary") -> bytes:
        """The file."""
        import polars as pl

        self._put_by()
        whole = io.BytesIO()
        pl.scan_parquet([*self._parts]).sink_parquet(whole, row_group_size=ROWS_TOGETHER)
        return whole.getvalue()

    def _put_by(self) -> None:
        """Write the rows so far to a part of their own."""
        import polars as pl

        columns = [*zip(*self._rows, strict=True)] or [()] * len(self._names)
        made = io.BytesIO()
        pl.DataFrame(
            [
                pl.Series(name, [value_of(name, cell) for cell in column], _kind(name))
                for name, column in zip(self._names, columns, strict=True)
            ]
        ).write_parquet(made, compression="lz4", statistics=False)
        with on_disk():
            part = tempfile.TemporaryFile()
            part.write(made.getvalue())
            part.seek(0)
        self._parts.append(part)
        self._rows = []


def _kind(name: str) -> Any:
    """The type of a column."""
    import polars as pl

    return pl.Decimal(DIGITS, DECIMALS) if name in MONEY else pl.Int64() if name in DAYS else pl.String()
