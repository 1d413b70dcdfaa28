"""The results of csv as columns of a frame, with types: texts, amounts that are exact, and whole numbers of days."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cxc.reports.csv import RESULTS, CsvReport, beside
from cxc.tables.batch import Batch, Heading
from cxc.tables.columns import Columns
from cxc.tables.table import LARGEST_CELL, Table

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

MONEY: Final = ("payable_eur",)
DAYS: Final = ("days_on_site", "working_days")
DIGITS, DECIMALS = 18, 2  # of an amount in EUR


def cells_in(lines: str) -> list[list[str]]:
    """The cells of lines that csv wrote."""
    before = csv.field_size_limit(2 * LARGEST_CELL)  # what guards against formulas makes a cell longer
    try:
        return [*csv.reader(io.StringIO(lines, newline=""))]
    finally:
        csv.field_size_limit(before)


def value_of(result: str, cell: str) -> str | Decimal | int | None:
    """A cell of a result as a value; a number that csv leaves blank is None."""
    if result in MONEY:
        return Decimal(cell) if cell else None
    if result in DAYS:
        return int(cell) if cell else None
    return cell


def with_results(frame: "nw.DataFrame[Any]", table: Table, columns: Columns, batch: Batch) -> "nw.DataFrame[Any]":
    """A frame with the results of its rows behind its columns: those of the `table` made of it."""
    report = CsvReport()
    report.begin([Heading(table.name, table.columns)])
    judged = batch.judged([(table, columns)], report.asks, visits_named=report.names_visits)
    results = [cells[-len(RESULTS) :] for rows in judged for cells in cells_in(report.rows(rows))]
    by_name = zip(RESULTS, [*zip(*results, strict=True)] or [()] * len(RESULTS), strict=True)
    names = dict(zip(frame.columns, beside(frame.columns, RESULTS), strict=True))
    found = {name: [value_of(name, cell) for cell in column] for name, column in by_name}
    return frame.rename(names).with_columns(*_series(frame, found))


def _series(frame: "nw.DataFrame[Any]", found: Mapping[str, Sequence[object]]) -> "list[nw.Series[Any]]":
    """Columns of results as those of the frame's own library."""
    import narwhals.stable.v2 as nw

    made = []
    for name, values in found.items():
        kind = nw.Decimal(DIGITS, DECIMALS) if name in MONEY else nw.Int64() if name in DAYS else nw.String()
        if frame.implementation.is_pandas_like() and name in (*MONEY, *DAYS):
            # NumPy has no whole numbers with gaps, and no exact amounts.
            pandas, index = frame.implementation.to_native_namespace(), frame.to_native().index
            own = pandas.Series(values, name=name, index=index, dtype=object if name in MONEY else "Int64")
            made.append(nw.from_native(own, series_only=True))
        else:
            made.append(nw.new_series(name, values, kind, backend=frame.implementation))
    return made
