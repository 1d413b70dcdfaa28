"""The first reading of the tables: which rows cannot be judged on their own."""

from collections.abc import Container, Mapping, Sequence
from typing import Final, Protocol

from cxc.tables.table import Fault
from cxc.text import fold
from cxc.trip.reader import TripReader, is_plain_identifier, is_plain_name
from cxc.visits import Visits

MOST_REMEMBERED: Final = 20_000  # names of hosts


class SomeRows(Protocol):
    """Some rows of a table."""

    @property
    def cells(self) -> Sequence[Sequence[str]]:
        """The cells of each row."""

    @property
    def faults(self) -> Mapping[int, Fault]:
        """Why some rows cannot be read, by their places."""

    def __len__(self) -> int: ...

    def texts(self, field: str) -> Sequence[str]:
        """The texts of a field, blank where the table has no column for it."""


class FirstReading:
    """What the first reading of the tables finds out about rows, by their numbers, from 1 on.

    `visits` tells whose visitors come again. `odd` are those with a name, an id or a reference that cannot be read;
    `no_trips` are totals, signatures and the like.
    """

    def __init__(self, visits: Visits, reader: TripReader) -> None:
        self.visits, self._reader = visits, reader
        self._good_hosts: set[str] = set()
        self.odd: set[int] = set()
        self.no_trips: set[int] = set()
        self.rows = 0

    @property
    def shared(self) -> "set[int] | range":
        """The rows to be held against others."""
        return self.visits.again(self.rows)

    def read(self, part: SomeRows, no_trips: Container[int]) -> None:
        """Look at some rows, of which some are no trips."""
        first, count = self.rows + 1, len(part)
        self.rows += count
        looked_at = [at for at in range(count) if at not in no_trips and (part.cells[at] or at not in part.faults)]
        self.no_trips |= {first + at for at in range(count) if at in no_trips}
        ids, names = part.texts("visitor_id"), part.texts("visitor")
        folded_names = [*map(fold, names)]
        self.visits.look(first, looked_at, [*map(fold, ids)], folded_names, part.texts("visitor_country"))
        for field, suspicious in (
            ("visitor_id", [at for at in looked_at if ids[at] and not is_plain_identifier(ids[at])]),
            ("visitor", [at for at in looked_at if names[at] and not is_plain_name(names[at], folded_names[at])]),
            ("host", self._suspicious_hosts(part, looked_at)),
            ("reference", [at for at in looked_at if "\0" in part.texts("reference")[at]]),
        ):
            texts = part.texts(field)
            self.odd |= {first + at for at in suspicious if not self._reader.reads(field, texts[at])}

    def _suspicious_hosts(self, part: SomeRows, looked_at: Sequence[int]) -> list[int]:
        """The rows whose host may not be the name of an organisation. Good names are kept, as long as they are few."""
        hosts = part.texts("host")
        new = {*hosts} - self._good_hosts
        bad = {host for host in new if not is_plain_name(host, fold(host))} - {""}
        self._good_hosts = (new - bad) | (self._good_hosts if len(self._good_hosts) < MOST_REMEMBERED else set())
        return [at for at in looked_at if hosts[at] in bad] if bad else []
