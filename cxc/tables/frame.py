"""Frames of Polars, pandas or PyArrow as tables, by way of Narwhals, which knows them all."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cxc.errors import InputError, Problem
from cxc.tables.cells import ROWS_AT_ONCE, BlockOfColumns, Refused, TableOfColumns, cells_of, must_hold_values, need
from cxc.tables.columns import Columns, match_columns
from cxc.trip.fields import BY_NAME
from cxc.trip.reader import TripReader

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

NAME: Final = "frame"  # what stands for the name of a file


def known_frame(frame: object) -> "nw.DataFrame[Any]":
    """A frame as Narwhals sees it. Raises InputError where it is lazy or none, and NotInstalled without Narwhals."""
    need("narwhals.stable.v2", "cxc.judge_frame works through Narwhals")
    import narwhals.stable.v2 as nw
    from narwhals.exceptions import DuplicateError

    try:
        known: Any = nw.from_native(frame)
    except DuplicateError:
        raise InputError(f"{NAME}: two columns have the same name; rename one of them") from None
    except TypeError:
        raise InputError(
            f"{type(frame).__name__} is not a known frame; give a DataFrame of Polars or pandas, or a PyArrow table; "
            "cxc.check_rows takes mappings"
        ) from None
    if isinstance(known, nw.LazyFrame):
        raise InputError(
            "a lazy frame has no rows yet, and they are read more than once; collect them first, such as with "
            "frame.collect()"
        )
    assert isinstance(known, nw.DataFrame)
    return known


class FrameTable(TableOfColumns):
    """The columns of a frame that name fields, as a table. The first row is row 2, as under a heading."""

    def __init__(self, frame: "nw.DataFrame[Any]", fields: Mapping[str, int], reader: TripReader) -> None:
        headings = frame.columns
        self.name, self.count = NAME, len(frame)
        self.columns = [str(headings[at]) for at in fields.values()]
        self.places = {field: at for at, field in enumerate(fields)}
        self._frame, self._reader = frame[:, [*fields.values()]], reader

    def parts(self) -> Iterator[BlockOfColumns]:
        """All rows, blank ones too: each gets a result."""
        fields = {at: field for field, at in self.places.items()}
        for first in range(0, self.count, ROWS_AT_ONCE):
            some = self._frame[first : first + ROWS_AT_ONCE]
            columns, refused = cells_of(some, fields, self._text)
            faults = {at: self._problems([texts[at] for texts in columns], wrong) for at, wrong in refused.items()}
            yield BlockOfColumns(range(first + 2, first + 2 + len(some)), columns, faults)

    def _text(self, field: str, value: object) -> str:
        """The text of a value that can be read. Raises Unacceptable: what is refused is told as it was given."""
        self._reader.field(field, value)
        return self._reader.text(field, value)

    def _problems(self, cells: Sequence[str], refused: Mapping[str, Refused]) -> tuple[Problem, ...]:
        """What in a row cannot be read."""
        stated: dict[str, object] = {field: cells[at] for field, at in self.places.items() if field in BY_NAME}
        return self._reader.problems(stated | {field: wrong.value for field, wrong in refused.items()})


def frame_table(
    frame: "nw.DataFrame[Any]", renamed: Mapping[str, str], reader: TripReader
) -> tuple[FrameTable, Columns]:
    """A frame as a table, with its columns. `renamed` gives the field of a heading. Raises InputError."""
    named = match_columns([str(heading).strip() for heading in frame.columns], NAME, renamed, option="columns")
    must_hold_values(frame.schema, named.places, NAME)
    table = FrameTable(frame, named.places, reader)
    return table, Columns(table.places, ())
