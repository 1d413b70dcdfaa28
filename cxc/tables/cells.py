"""Cells that hold values, as those of frames and of Parquet do: the texts that a table of texts would hold instead."""

import datetime
import json
from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from cxc.errors import InputError, NotInstalled, Unacceptable
from cxc.tables.table import Block, Fault, Table, TableRow
from cxc.text import clean
from cxc.trip.fields import BY_NAME

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

# The text of a value in the column of a field. Raises Unacceptable.
TextOf = Callable[[str, object], str]


class Refused(NamedTuple):
    """A value that its field does not take, and why."""

    value: object
    why: Unacceptable


ROWS_AT_ONCE: Final = 20_000  # whose values become texts together
LARGE: Final = 25_000  # rows of a table from which on it is worth while to let Polars number its texts
Frame = TypeVar("Frame")


class BlockOfColumns(Block):
    """Some rows that are held column by column, and put together where somebody looks at them one by one."""

    def __init__(self, lines: Sequence[int], columns: Sequence[Sequence[str]], faults: Mapping[int, Fault]) -> None:
        self.lines, self.in_columns, self.faults = lines, columns, faults

    @cached_property
    def cells(self) -> Sequence[Sequence[str]]:  # type: ignore[override]
        return [*zip(*self.in_columns, strict=True)]

    def columns(self, width: int) -> Sequence[Sequence[str]]:
        return self.in_columns

    def row(self, at: int) -> Sequence[str]:
        return [column[at] for column in self.in_columns]

    def too_long(self, width: int) -> Sequence[int]:
        return ()

    def parted(self, most: int) -> "Iterator[BlockOfColumns]":
        """The same rows, so many at a time."""
        for begin in range(0, len(self), most):
            end = begin + most
            faults = {at - begin: fault for at, fault in self.faults.items() if begin <= at < end}
            yield BlockOfColumns(self.lines[begin:end], [column[begin:end] for column in self.in_columns], faults)


class TableOfColumns(Table):
    """A table whose rows, so many, are held column by column, some of them at a time."""

    count: int

    @abstractmethod
    def parts(self) -> Iterator[BlockOfColumns]:
        """All rows."""

    def rows(self) -> Iterator[TableRow]:
        for part in self.parts():
            for at, (line, cells) in enumerate(zip(part.lines, zip(*part.in_columns, strict=True), strict=True)):
                yield line, [*cells], part.faults.get(at)

    def blocks(self, most: int) -> Iterator[Block]:
        for part in self.parts():
            yield from part.parted(most)

    @property
    def is_large(self) -> bool:
        return self.count >= LARGE

    def many_blocks(
        self, most: int, frame_of: Callable[[Sequence[Sequence[str]]], Frame]
    ) -> Iterator[tuple[Sequence[Block], Frame | None]]:
        """The blocks of each part, and the frame of its columns, unless rows in it are left out or cannot be read."""
        for part in self.parts():
            plain = isinstance(part.lines, range) and not part.faults
            yield [*part.parted(most)], frame_of(part.in_columns) if plain else None


def need(module: str, wanted: str) -> None:
    """Raises NotInstalled where a module of the extra `fast` is not here; `wanted` is what it is needed for."""
    from importlib import import_module

    try:
        import_module(module)
    except ImportError:
        raise NotInstalled(wanted) from None


def must_hold_values(schema: "Mapping[str, nw.dtypes.DType]", places: Mapping[str, int], name: str) -> None:
    """Raises InputError where the column of a field holds structures, or lists where one value is needed."""
    headings = [*schema]
    for field, at in places.items():
        kind = schema[headings[at]]
        several = field in BY_NAME and BY_NAME[field].kind.several
        if not kind.is_nested() or (several and _is_list(kind)):
            continue
        holds = "lists" if _is_list(kind) else "structures of several values"
        raise InputError(
            f"{name}: the column '{clean(headings[at])}' holds {holds}; {field} needs "
            + ("a text or a list of texts" if several else "one value in each row")
        )


def _is_list(kind: Any) -> bool:
    """Whether a kind of column holds lists of single values."""
    import narwhals.stable.v2 as nw

    return isinstance(kind, (nw.List, nw.Array)) and not kind.inner.is_nested()


def cells_of(
    frame: "nw.DataFrame[Any]", fields: Mapping[int, str], text_of: TextOf
) -> tuple[Sequence[Sequence[str]], Mapping[int, Mapping[str, Refused]]]:
    """The cells of a frame as texts, column by column, and by row and field what is refused among them.

    `fields` tells which of its columns, from 0 on, is which field. What is null, NaN or NaT is blank, and a day at
    00:00 is that day.
    """
    columns: list[Sequence[str]] = []
    refused: dict[int, dict[str, Refused]] = {}
    for at, heading in enumerate(frame.columns):
        field = fields.get(at)
        texts, wrongs = _texts_of(frame.get_column(heading), field if field in BY_NAME else None, text_of)
        columns.append(texts)
        for row, wrong in wrongs.items():
            refused.setdefault(row, {})[fields[at]] = wrong
    return columns, refused


def _texts_of(
    column: "nw.Series[Any]", field: str | None, text_of: TextOf
) -> tuple[Sequence[str], Mapping[int, Refused]]:
    """What stands in each row of a column, and by row what its field does not take. Of each value the text is made
    once.
    """
    import narwhals.stable.v2 as nw

    if column.dtype == nw.String:
        values = column.fill_null("").to_list()
        if {*map(type, values)} <= {str}:  # pandas is asked about the first objects of a column alone
            return values, {}
    blank = column.is_null().to_list()
    try:
        values = column.to_list()
    except (ValueError, OverflowError):  # a day beyond the calendar of Python
        values = column.cast(nw.String).to_list()
    known: dict[object, str] = {}
    texts: list[str] = []
    refused: dict[int, Refused] = {}
    for row, (none, given) in enumerate(zip(blank, values, strict=True)):
        value = None if none else _plain(given)
        key = (type(value), value if isinstance(value, Hashable) else str(value))  # True is 1 to a dict
        text = known.get(key)
        if text is None:
            try:
                text = known[key] = plain_text(value) if field is None else text_of(field, value)
            except Unacceptable as why:
                text, refused[row] = plain_text(value), Refused(value, why)
        texts.append(text)
    return texts, refused


def _plain(value: Any) -> object:
    """A value as Python has it, without what libraries put around it."""
    if hasattr(value, "tolist"):  # of NumPy: a number, or a list
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (float, Decimal, datetime.datetime)) and value != value:  # NaN, NaT
        return None
    return value.date() if isinstance(value, datetime.datetime) and value.time() == _MIDNIGHT else value


_MIDNIGHT = datetime.time()


def plain_text(value: object) -> str:
    """The text of a value in a column that is no field.

    >>> plain_text(1.0), plain_text(True), plain_text(datetime.date(2023, 5, 14)), plain_text(["a", 5])
    ('1', 'yes', '2023-05-14', 'a;5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    if isinstance(value, list) and not any(isinstance(part, (list, dict)) for part in value):
        return ";".join(map(plain_text, value))
    if isinstance(value, (list, dict)):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)
