"""What a Parquet file says of its own parts, before anything in it is unpacked.

A file of some kilobytes can unpack to gigabytes, since a page of equal values takes a few bytes. So its footer and the
heads of its pages are read first: how many rows and values there are, and how large each part is once it is unpacked.
They are written in the compact protocol of Thrift, field by number (parquet.thrift, parquet.apache.org/docs).
"""

import io
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from cxc.errors import UnreadableFile
from cxc.trip.kinds import ENCRYPTED_PARQUET, PARQUET

MOST_ROWS: Final = 10_000_000
MOST_VALUES: Final = 10_000_000  # in a column of one part; a list holds several
LARGEST_PART: Final = 500_000_000  # bytes of a row group, unpacked; a million trips have some 120 MB
LARGEST_FOOTER: Final = 16_000_000  # bytes; a million trips in fifty row groups need 70,000
MOST_PAGES: Final = 200_000
_LONGEST_HEAD: Final = 1 << 16  # bytes of what stands before a page


DAMAGED: Final = "it is damaged, or cut off; write it again"
_ENCRYPTED: Final = "it is encrypted; write it without encryption"
_SMALLER: Final = "write it with smaller row groups, such as of 100,000 rows"

Struct = Mapping[int, Any]


class _Thrift:
    """Reads values of the compact protocol, one behind the other."""

    def __init__(self, content: bytes) -> None:
        self._stream = io.BytesIO(content)

    @property
    def at(self) -> int:
        """How many bytes were read."""
        return self._stream.tell()

    def struct(self) -> Struct:
        """A structure: its values by the numbers of their fields."""
        found: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step = head >> 4
            number = number + step if step else self._signed()
            found[number] = self._value(head & 15)
        return found

    def _byte(self) -> int:
        return self._stream.read(1)[0]

    def _whole(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7

    def _signed(self) -> int:
        number = self._whole()
        return (number >> 1) ^ -(number & 1)

    def _value(self, kind: int) -> Any:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._signed()
        if kind == 7:
            return self._stream.read(8)
        if kind == 8:
            return self._stream.read(self._whole())
        if kind in (9, 10):
            return self._list()
        if kind == 12:
            return self.struct()
        raise UnreadableFile(DAMAGED)  # Parquet has no maps

    def _list(self) -> list[Any]:
        head = self._byte()
        size, kind = head >> 4, head & 15
        if size == 15:
            size = self._whole()
        return [self._byte() == 1 if kind in (1, 2) else self._value(kind) for _ in range(size)]


# What comes of a value that is not of the kind that it should be.
_OTHER_VALUES: Final = (LookupError, TypeError, AttributeError, ValueError, OverflowError, RecursionError)


def rows_of_file(stream: IO[bytes]) -> int:
    """How many rows a Parquet file has. Raises UnreadableFile where it is damaged, encrypted or larger than is read."""
    try:
        footer = _footer(stream)
        if 8 in footer:
            raise UnreadableFile(_ENCRYPTED)
        rows: int = footer[3]
        groups = footer[4]
        if rows != sum(group[3] for group in groups) or rows < 0:
            raise UnreadableFile(DAMAGED)
        if rows > MOST_ROWS:
            raise UnreadableFile(
                f"it has {rows:,} rows, and at most {MOST_ROWS:,} are read; docs/frames.md tells what to do"
            )
        pages = 0
        for group in groups:
            pages += _look_through(stream, group, MOST_PAGES - pages)
    except _OTHER_VALUES:
        raise UnreadableFile(DAMAGED) from None
    return rows


def _footer(stream: IO[bytes]) -> Struct:
    size = stream.seek(0, io.SEEK_END)
    if size < 12:
        raise UnreadableFile(DAMAGED)
    stream.seek(size - 8)
    end = stream.read(8)
    length = int.from_bytes(end[:4], "little")
    if end[4:] == ENCRYPTED_PARQUET:
        raise UnreadableFile(_ENCRYPTED)
    if end[4:] != PARQUET or length > size - 12:
        raise UnreadableFile(DAMAGED)
    if length > LARGEST_FOOTER:
        raise UnreadableFile(
            f"its list of parts has more than {LARGEST_FOOTER // 10**6} MB; write it with larger row groups and "
            "without statistics"
        )
    stream.seek(size - 8 - length)
    return _Thrift(stream.read(length)).struct()


def _look_through(stream: IO[bytes], group: Struct, most: int) -> int:
    """How many pages a row group has. Raises UnreadableFile where they are more than `most`, or larger than is read."""
    count = unpacked = 0
    for chunk in group[1]:
        if 8 in chunk:
            raise UnreadableFile(_ENCRYPTED)
        values = 0
        for size, number in _pages(stream, chunk[3]):
            count, unpacked, values = count + 1, unpacked + size, values + number
            if unpacked > LARGEST_PART:
                raise UnreadableFile(f"a row group unpacks to more than {LARGEST_PART // 10**6} MB; {_SMALLER}")
            if values > MOST_VALUES:
                raise UnreadableFile(f"a column of a row group has more than {MOST_VALUES:,} values; {_SMALLER}")
            if count > most:
                raise UnreadableFile(f"it has more than {MOST_PAGES:,} pages; write it again with larger ones")
    return count


def _pages(stream: IO[bytes], column: Struct) -> Iterator[tuple[int, int]]:
    """The pages of a column in a row group: how many bytes each has once it is unpacked, and how many values."""
    at = min(column[9], column.get(11) or column[9])
    end = at + column[7]
    while at < end:
        stream.seek(at)
        thrift = _Thrift(stream.read(_LONGEST_HEAD))
        head = thrift.struct()
        unpacked, packed = head[2], head[3]
        if unpacked < 0 or packed < 0:
            raise UnreadableFile(DAMAGED)
        values = (head.get(5) or head.get(8) or {}).get(1, 0)  # of a page of data; a dictionary has none
        if values < 0:
            raise UnreadableFile(DAMAGED)
        yield unpacked, values
        at += thrift.at + packed
