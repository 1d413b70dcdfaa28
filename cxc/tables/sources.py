"""Tables as sources of trips: some rows at a time, their cells by field, and the numbers of what these state."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from cxc.errors import Unacceptable
from cxc.resolver import UNREADABLE as UNREAD
from cxc.resolver import ListedRows, ManyRows, Resolver
from cxc.tables.columns import Columns
from cxc.tables.headings_below import HeadingsBelow
from cxc.tables.redaction import WITHHELD
from cxc.tables.table import Block, Fault, Table
from cxc.text import fold, fold_all
from cxc.trip.fields import BY_NAME, FIELDS
from cxc.trip.reader import TripReader
from cxc.trip.texts import all_plain_identifiers, all_plain_names, is_plain_identifier, is_plain_name
from cxc.verdict import Verdicts

if TYPE_CHECKING:
    from cxc.tables.large_tables import HeldByPolars

MOST_UNREAD: Final = 1_000  # texts of a field that cannot be read and are remembered
MOST_REMEMBERED: Final = 20_000  # names of hosts
TOGETHER: Final = 2_000  # rows that are judged together: enough to share the work, few enough to stay in a cache


HAS_POLARS: Final = find_spec("polars") is not None


class NumbersOfTexts(dict[str, int]):
    """The numbers of a field's texts: what each says is read once. `unread` tells whether any could not be read."""

    def __init__(self, reader: TripReader, field: str, resolver: Resolver, redact: bool) -> None:
        super().__init__()
        self._read, self._field = reader.field, field
        self._numbers = resolver.field(field).numbers
        self._remembered, self.unread = 0, False
        self._withheld = redact and BY_NAME[field].kind.redaction == "withheld"  # who approved stands in what is said

    def __missing__(self, text: str) -> int:
        try:
            value = self._read(self._field, text)
        except Unacceptable:
            self.unread = True
            if self._remembered < MOST_UNREAD:  # a slip is often repeated, but a table of slips must not be kept
                self._remembered += 1
                self[text] = UNREAD
            return UNREAD
        number = self[text] = self._numbers[WITHHELD if self._withheld and value is not None else value]
        return number


class Source:
    """A table with its columns, read in parts: larger ones where verdicts are not shown in full, which take no room."""

    def __init__(
        self, table: Table, columns: Columns, reader: TripReader, redact: bool, *, in_full: bool = True
    ) -> None:
        self.table, self.places, self.width = table, columns.places, len(table.columns)
        self.columns, self._reader, self._redact = columns, reader, redact
        self.headings_below = HeadingsBelow(table.columns, columns.places)
        self.together = TOGETHER if in_full else 3 * TOGETHER
        self.texts: dict[str, NumbersOfTexts] = {}
        self._resolver: Resolver | None = None
        self._good_hosts: set[str] = set()

    def parts(self) -> "Iterator[SomeRows]":
        """The rows of the table, some at a time."""
        return map(partial(SomeRows, self), self.table.blocks(self.together))

    def texts_under(self, verdicts: Verdicts) -> dict[str, NumbersOfTexts]:
        """The numbers of the texts of each field."""
        if self._resolver is not verdicts.resolver:
            self._resolver = resolver = verdicts.resolver
            self.texts = {
                field: NumbersOfTexts(self._reader, field, resolver, self._redact) for field in verdicts.fields
            }
        return self.texts

    def bad_hosts(self, hosts: Collection[str]) -> set[str]:
        """The texts that may not be names of organisations. Good names are kept, as long as they are few."""
        new = {*hosts} - self._good_hosts
        bad = {host for host in new if not is_plain_name(host, fold(host))} - {""}
        self._good_hosts = (new - bad) | (self._good_hosts if len(self._good_hosts) < MOST_REMEMBERED else set())
        return bad

    def stated(self, cells: Sequence[str]) -> dict[str, object]:
        """What a row states, by field."""
        return {field: cells[at] for field, at in self.places.items() if field in _FIELDS and at < len(cells)}


_FIELDS: Final = frozenset(FIELDS)


def held_by_polars(sources: Sequence[Source], verdicts: Verdicts) -> "HeldByPolars | None":
    """What lets Polars hold the large ones among some tables; None where there are none, or it is not here."""
    if not HAS_POLARS or not any(source.table.is_large for source in sources):
        return None
    try:
        from cxc.tables.large_tables import HeldByPolars
    except ImportError:  # one that is too old, or broken
        return None
    return HeldByPolars(verdicts)


class PartOfTable(ABC):
    """Some rows of a source, however they are held: the line of each, and why some of them cannot be read."""

    source: Source
    lines: Sequence[int]
    faults: Mapping[int, Fault]
    blocks: Sequence[Block]  # that they are made of

    def __len__(self) -> int:
        return len(self.lines)

    @abstractmethod
    def let_go(self) -> None:
        """Forget what the rows state: nobody will ask any more. Its room may hold what is found out of them."""

    @abstractmethod
    def row(self, at: int) -> Sequence[str]:
        """The cells of one row."""

    @abstractmethod
    def column(self, field: str) -> Sequence[str] | None:
        """The texts of a field; None where the table has no column for it."""

    @abstractmethod
    def all_state(self, field: str) -> bool:
        """Whether every row states a field."""

    @abstractmethod
    def folded(self, field: str, unknown: Collection[int]) -> Sequence[str]:
        """What is compared of the texts of a field; blank at places where it is not known what is stated."""

    @abstractmethod
    def suspicious(self, field: str) -> Iterable[tuple[int, str]]:
        """The places and texts of a field of names that may be none. At a glance most are."""

    @abstractmethod
    def alike(self, verdicts: Verdicts, earlier_visits: str) -> ManyRows[object]:
        """What the rows state, in numbers; of earlier visits the same is known of all of them."""

    def texts(self, field: str) -> Sequence[str]:
        """The texts of a field, blank where there is no column."""
        return self.column(field) or [""] * len(self)

    def too_long(self) -> Sequence[int]:
        """The places of the rows that have more cells than the heading."""
        longer, first = list[int](), 0
        for block in self.blocks:
            longer += [first + at for at in block.too_long(self.source.width)]
            first += len(block)
        return longer


class SomeRows(PartOfTable):
    """A block of rows."""

    def __init__(self, source: Source, block: Block) -> None:
        self.source, self.block, self.blocks = source, block, [block]
        self.lines, self.faults = block.lines, block.faults
        self._columns: Sequence[Sequence[str]] | None = None
        self._folded: dict[str, Sequence[str]] = {}

    def let_go(self) -> None:
        self._columns, self._folded = None, {}

    def row(self, at: int) -> Sequence[str]:
        return self.block.row(at)

    def column(self, field: str) -> Sequence[str] | None:
        at = self.source.places.get(field)
        if at is None:
            return None
        if self._columns is None:
            self._columns = self.block.columns(self.source.width)
        return self._columns[at]

    def all_state(self, field: str) -> bool:
        column = self.column(field)
        return column is not None and all(map(str.strip, column))

    def text(self, field: str, at: int) -> str:
        """The text of a field in one row."""
        place, cells = self.source.places.get(field), self.row(at)
        return "" if place is None or place >= len(cells) else cells[place]

    def only(self, places: Sequence[int]) -> "SomeRows":
        """Some of these rows."""
        return SomeRows(self.source, self.block.only(places))

    def folded(self, field: str, unknown: Collection[int]) -> Sequence[str]:
        found = self._folded.get(field)
        if found is None:
            found = self._folded[field] = fold_all(self.texts(field))
        return ["" if at in unknown else text for at, text in enumerate(found)] if unknown else found

    def suspicious(self, field: str) -> Iterable[tuple[int, str]]:
        texts = self.texts(field)
        if field == "host":
            bad = self.source.bad_hosts(texts)
            return ((at, text) for at, text in enumerate(texts) if text in bad) if bad else ()
        if field == "reference":
            return ((at, text) for at, text in enumerate(texts) if "\0" in text) if "\0" in "".join(texts) else ()
        if field == "visitor_id":
            if all_plain_identifiers(texts):
                return ()
            return ((at, text) for at, text in enumerate(texts) if text and not is_plain_identifier(text))
        folded = self.folded(field, ())
        if all_plain_names(texts, folded):
            return ()
        both = enumerate(zip(texts, folded, strict=True))
        return ((at, text) for at, (text, bare) in both if text and not is_plain_name(text, bare))

    def alike(self, verdicts: Verdicts, earlier_visits: str) -> ManyRows[object]:
        return self.numbered(verdicts, [earlier_visits] * len(self))

    def numbered(self, verdicts: Verdicts, earlier_visits: Sequence[str]) -> ListedRows:
        """What the rows state, with what is known of earlier visits, in numbers."""
        numbers = {}
        for field, texts in self.source.texts_under(verdicts).items():
            column = self.column(field)
            numbers[field] = [texts[""]] * len(self) if column is None else [*map(texts.__getitem__, column)]
        kinds = verdicts.resolver.field("earlier_visits").numbers
        numbers["earlier_visits"] = [*map(kinds.__getitem__, earlier_visits)]
        return ListedRows(verdicts.resolver, numbers, len(self))
