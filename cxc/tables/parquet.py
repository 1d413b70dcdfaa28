"""Parquet as a table, read by Polars some rows at a time."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final

from cxc.errors import InputError, UnreadableFile
from cxc.tables.cells import ROWS_AT_ONCE, BlockOfColumns, TableOfColumns, cells_of, must_hold_values, need
from cxc.tables.parquet_layout import DAMAGED, rows_of_file
from cxc.tables.table import LARGEST_CELL, OpenedTables, PlacesIn, changed, heading_of, state_of
from cxc.trip.reader import as_text, problem_with
from cxc.trip.texts import DateForm

if TYPE_CHECKING:
    import polars as pl

LARGEST_AT_ONCE: Final = 200_000_000  # bytes of so many rows: a text is stored once, and each row can name it


def open_parquet(stream: BinaryIO, name: str, date_form: DateForm | None, places_in: PlacesIn) -> OpenedTables:
    """A Parquet file as a table. Raises InputError, and NotInstalled where what reads it is not here.

    `places_in` tells which columns are fields; `date_form` is how dates, which are no text there, are written out.
    """
    for module in ("polars", "narwhals.stable.v2"):
        need(module, f"{name} is a Parquet file")
    return OpenedTables([ParquetTable(stream, name, date_form or DateForm(), places_in)], [])


class ParquetTable(TableOfColumns):
    """A table in a Parquet file. The first row is row 2, as under a heading."""

    def __init__(self, stream: BinaryIO, name: str, date_form: DateForm, places_in: PlacesIn) -> None:
        self.name, self._stream, self._state = name, stream, state_of(stream)
        self._text_of = partial(as_text, date_form=date_form)
        copy = self._copied()
        self.must_be_unchanged()
        with self._reading():
            import polars as pl

            self.count = rows_of_file(copy)
            copy.seek(0)
            self._frame = pl.scan_parquet(copy)
            first = self._some(0, 0)
        if any("\0" in heading for heading in first.columns):
            raise InputError(f"{name}: the name of a column contains NUL bytes; rename it")
        headings = heading_of([*first.columns], name)
        self.columns = headings + [""] * (len(first.columns) - len(headings))
        places = places_in(self.columns)[0]
        self._fields = {at: field for field, at in places.items()}
        must_hold_values(_known(first).schema, places, name)

    def _copied(self) -> IO[bytes]:
        """A copy of the file: it is read more than once, and in between nobody may write to it, or cut it short."""
        try:
            copy = tempfile.TemporaryFile()
            self._stream.seek(0)
            shutil.copyfileobj(self._stream, copy, 1 << 20)
        except OSError as error:
            raise InputError(
                f"{self.name}: it cannot be copied to a temporary file: {error.strerror or error}"
            ) from error
        return copy

    def parts(self) -> Iterator[BlockOfColumns]:
        self.must_be_unchanged()
        for first in range(0, self.count, ROWS_AT_ONCE):
            with self._reading():
                some = self._some(first, ROWS_AT_ONCE)
                columns, refused = cells_of(_known(some), self._fields, self._text_of)
            faults = {
                at: tuple([problem_with(field, *why) for field, why in wrong.items()]) for at, wrong in refused.items()
            }
            yield _without_blank_ones(BlockOfColumns(range(first + 2, first + 2 + some.height), columns, faults))
        self.must_be_unchanged()

    def must_be_unchanged(self) -> None:
        if state_of(self._stream) != self._state:
            raise changed(self.name)

    def _some(self, first: int, most: int) -> "pl.DataFrame":
        """Some rows. Raises UnreadableFile where they hold more than is read."""
        import polars as pl

        some = self._frame.slice(first, most).collect()
        if some.height != min(most, self.count - first):
            raise UnreadableFile(DAMAGED)
        if some.estimated_size() > LARGEST_AT_ONCE:
            raise UnreadableFile(
                f"its rows from {first + 2} on hold more than {LARGEST_AT_ONCE // 10**6} MB of text; this is no table "
                "of trips"
            )
        for texts in some.select(pl.col(pl.String).str.len_bytes()).iter_columns():
            longest = texts.arg_max()
            if longest is not None and texts[longest] > LARGEST_CELL:
                raise UnreadableFile(f"a cell of its row {first + longest + 2} has more than {LARGEST_CELL:,} bytes")
        return some

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Whatever a damaged file makes Polars raise becomes an InputError."""
        from polars.exceptions import PanicException

        try:
            with _unheard(PanicException):
                yield
        except UnreadableFile as why:
            raise InputError(f"{self.name}: this Parquet file cannot be read: {why}") from None
        except (Exception, PanicException) as error:
            raise InputError(
                f"{self.name}: this Parquet file cannot be read ({type(error).__name__}): it is damaged, or written in "
                "an unusual way; write it again"
            ) from error


@contextmanager
def _unheard(stops: type[BaseException]) -> Iterator[None]:
    """Where code that is not Python stops, what it writes to standard error itself is dropped: a sentence follows."""
    try:
        own = os.dup(_STANDARD_ERROR)
    except OSError:  # it is closed
        yield
        return
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), _STANDARD_ERROR)
        try:
            yield
        except stops:
            heard.truncate(0)
            raise
        finally:
            os.dup2(own, _STANDARD_ERROR)
            os.close(own)
            heard.seek(0)
            with suppress(OSError):  # nobody is there to be told
                os.write(_STANDARD_ERROR, heard.read())


_STANDARD_ERROR: Final = 2


def _without_blank_ones(part: BlockOfColumns) -> BlockOfColumns:
    """The rows in which anything stands."""
    blank: Iterable[int] = range(len(part.lines))
    for texts in part.in_columns:
        blank = [at for at in blank if not texts[at].strip()]
        if not blank:
            return part
    kept = sorted({*range(len(part.lines))} - {*blank} | part.faults.keys())
    faults = {new: part.faults[at] for new, at in enumerate(kept) if at in part.faults}
    columns = [[texts[at] for at in kept] for texts in part.in_columns]
    return BlockOfColumns([part.lines[at] for at in kept], columns, faults)


def _known(frame: "pl.DataFrame") -> Any:
    import narwhals.stable.v2 as nw

    return nw.from_native(frame, eager_only=True)
