"""Large tables: read and numbered by Polars, very many rows at a time, where the extra `cxc[fast]` is installed.

Whatever is not plain is read as it is in any other table, so that each row gets its own sentence.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial

from cxc.resolver import ManyRows
from cxc.tables.cells import TableOfColumns
from cxc.tables.csv_table import CsvTable
from cxc.tables.kept import Asked, KeptRows
from cxc.tables.polars_rows import (
    Frame,
    Lookups,
    PolarsRows,
    Series,
    blanks,
    frame_of,
    frame_of_columns,
    is_stated_throughout,
    numbered,
    places_where,
    replaced,
    same,
    under,
)
from cxc.tables.polars_visits import VisitsOfMany, folded, may_be_no_ids, may_be_no_names
from cxc.tables.sources import PartOfTable, SomeRows, Source
from cxc.tables.table import Block
from cxc.verdict import Verdicts
from cxc.visits import Visit


class HeldByPolars:
    """What Polars holds of large tables, under what gives the verdicts."""

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts, self._last = verdicts, Lookups(verdicts.resolver)
        self._visits: VisitsOfMany | None = None

    @property
    def _lookups(self) -> Lookups:
        if self._last.resolver is not self._verdicts.resolver:
            self._last = Lookups(self._verdicts.resolver)
        return self._last

    def visits(
        self,
        history: Iterable[Visit] | None,
        at_most: int,
        *,
        strict: bool = False,
        where: Callable[[int], Visit] | None = None,
    ) -> VisitsOfMany:
        """The visits of a history, and of the rows that will be looked at."""
        self._visits = VisitsOfMany(history, at_most, strict=strict, where=where)
        return self._visits

    def tell(self, all_kept: Sequence[KeptRows], as_a_visit: Asked) -> None:
        """Tell most trips what comes before them, as `VisitsOfMany` does."""
        assert self._visits is not None
        self._visits.tell(all_kept, as_a_visit)

    def parts(self, source: Source) -> Iterator[PartOfTable]:
        """The rows of a source, very many at a time where they are plain."""
        table = source.table
        self._last.forget_texts()
        if isinstance(table, CsvTable):
            many: Iterator[tuple[Sequence[Block], Frame | None]] = table.many_blocks(source.together, frame_of)
        else:
            assert isinstance(table, TableOfColumns)
            many = table.many_blocks(source.together, frame_of_columns)
        for blocks, frame in many:
            if frame is None:
                yield from map(partial(SomeRows, source), blocks)
            else:
                part = _InAFrame(source, blocks, frame, self._lookups)
                del frame  # the part alone holds it, and lets it go
                yield part

    def judge_again(self, kept: KeptRows, asked: Iterable[Asked]) -> None:
        """Judge the rows once more of which an earlier trip is told. What was `asked` of them is what it is by now."""
        places, resolver = kept.told.places, self._verdicts.resolver
        numbers = {name: under(resolver.field(name), kept[name], places) for name in self._verdicts.fields}
        numbers["earlier_visits"] = numbered(map(resolver.field("earlier_visits").numbers.__getitem__, kept.told.kinds))
        rows = PolarsRows(self._lookups, numbers, len(places))
        for one in asked:
            node = rows.node(one)
            kept[one] = replaced(kept[one], places, node.values, rows.column(node))


class _InAFrame(PartOfTable):
    """Very many rows, held by Polars."""

    def __init__(self, source: Source, blocks: Sequence[Block], frame: Frame, lookups: Lookups) -> None:
        self.source, self.blocks, self._frame, self._lookups = source, blocks, frame, lookups
        self.lines, self.faults = range(blocks[0].lines[0], blocks[-1].lines[-1] + 1), {}
        self._by_field: dict[str, Sequence[str]] = {}
        self._folded: dict[str, Series] = {}

    def let_go(self) -> None:
        self._by_field, self._folded = {}, {}
        del self._frame

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

    def folded(self, field: str, unknown: Collection[int]) -> Series:  # type: ignore[override]
        if field not in self._folded:
            at = self.source.places.get(field)
            self._folded[field] = blanks(len(self)) if at is None else folded(self._frame.to_series(at))
        found = self._folded[field]
        return found.clone().scatter(sorted(unknown), "") if unknown else found

    def suspicious(self, field: str) -> Iterable[tuple[int, str]]:
        at = self.source.places.get(field)
        if at is None:
            return ()
        texts = self._frame.to_series(at)
        if field == "host":
            found = texts.is_in([*self.source.bad_hosts(texts.unique())])
        elif field == "reference":
            found = texts.str.contains("\0", literal=True)
        elif field == "visitor_id":
            found = may_be_no_ids(texts)
        else:
            found = may_be_no_names(texts, self.folded(field, ()))
        places = places_where(found)
        return zip(places, texts[places], strict=True)

    def alike(self, verdicts: Verdicts, earlier_visits: str) -> ManyRows[object]:
        count, lookups, numbers = len(self), self._lookups, {}
        for field, texts in self.source.texts_under(verdicts).items():
            at = self.source.places.get(field)
            numbers[field] = (
                same(texts[""], count) if at is None else lookups.of_texts(field, self._frame.to_series(at), texts)
            )
        kinds = verdicts.resolver.field("earlier_visits").numbers
        numbers["earlier_visits"] = same(kinds[earlier_visits], count)
        return PolarsRows(lookups, numbers, count)
