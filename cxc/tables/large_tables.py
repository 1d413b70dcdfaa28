"""Large tables: read and numbered by Polars, very many rows at a time, where the extra `cxc[fast]` is installed.

Whatever is not plain is read as it is in any other table, so that each row gets its own sentence.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from cxc.resolver import ManyRows
from cxc.tables.cells import TableOfColumns
from cxc.tables.csv_table import CsvTable
from cxc.tables.polars_rows import (
    Frame,
    Lookups,
    PolarsRows,
    frame_of,
    frame_of_columns,
    is_stated_throughout,
    same,
)
from cxc.tables.sources import TOGETHER, PartOfTable, SomeRows, Source
from cxc.tables.table import Block
from cxc.verdict import Verdicts


def parts(source: Source, verdicts: Verdicts) -> Iterator[PartOfTable]:
    """The rows of a source, very many at a time where they are plain."""
    lookups, table = Lookups(verdicts.resolver), source.table
    if isinstance(table, CsvTable):
        many: Iterator[tuple[Sequence[Block], Frame | None]] = table.many_blocks(TOGETHER, frame_of)
    else:
        assert isinstance(table, TableOfColumns)
        many = table.many_blocks(TOGETHER, frame_of_columns)
    for blocks, frame in many:
        if lookups.resolver is not verdicts.resolver:
            lookups = Lookups(verdicts.resolver)
        if frame is None:
            yield from map(partial(SomeRows, source), blocks)
        else:
            yield _InAFrame(source, blocks, frame, lookups)


class _InAFrame(PartOfTable):
    """Very many rows, held by Polars."""

    def __init__(self, source: Source, blocks: Sequence[Block], frame: Frame, lookups: Lookups) -> None:
        self.source, self.blocks, self._frame, self._lookups = source, blocks, frame, lookups
        self.lines, self.faults = range(blocks[0].lines[0], blocks[-1].lines[-1] + 1), {}
        self._by_field: dict[str, Sequence[str]] = {}

    def row(self, at: int) -> Sequence[str]:
        return self._frame.row(at)

    def column(self, field: str) -> Sequence[str] | None:
        at = self.source.places.get(field)
        if at is not None and field not in self._by_field:
            self._by_field[field] = self._frame.to_series(at).to_list()
        return None if at is None else self._by_field[field]

    def all_state(self, field: str) -> bool:
        at = self.source.places.get(field)
        return at is not None and is_stated_throughout(self._frame.to_series(at))

    def alike(self, verdicts: Verdicts, earlier_visits: str) -> ManyRows:
        count, lookups, numbers = len(self), self._lookups, {}
        for field, texts in self.source.texts_under(verdicts).items():
            at = self.source.places.get(field)
            numbers[field] = (
                same(texts[""], count) if at is None else lookups.of_texts(field, self._frame.to_series(at), texts)
            )
        kinds = verdicts.resolver.field("earlier_visits").numbers
        numbers["earlier_visits"] = same(kinds[earlier_visits], count)
        return PolarsRows(lookups, numbers, count)
