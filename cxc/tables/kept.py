"""What the first reading of the tables keeps of their rows until the last one: numbers, and no text."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from cxc.resolver import ManyRows
from cxc.scheme.countries import Country
from cxc.visits import Identity, identity_of

# What is asked of rows: the name of a fact or a conclusion, or a function of such.
Asked = str | Callable[..., Any]
Values = tuple[Sequence[Any], Sequence[int]]  # some values, and the place of the value of each row among them


class KeptRows:
    """Some rows, judged as if nobody had visited before.

    `first` is the number of the first of them among all rows, `title` and `lines` tell where they stand. `first_visit`
    is what is told of an organisation of which no visit is known. `ids` and `names` are the numbers of their visitors'
    ids and names, `unreadable` and `no_trips` places.
    """

    def __init__(
        self, title: str, lines: Sequence[int], first: int, first_visit: str, unreadable: set[int], no_trips: set[int]
    ) -> None:
        self.title, self.lines, self.first, self.first_visit = title, lines, first, first_visit
        self.unreadable, self.no_trips = unreadable, no_trips
        self.ids = self.names = array("i")
        self._columns: dict[Asked, Values] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def keep(self, rows: ManyRows, asked: Iterable[Asked], ids: Sequence[int], names: Sequence[int]) -> None:
        """Keep what was asked of the rows, and who visits."""
        self.ids, self.names = array("i", ids), array("i", names)
        for one in asked:
            node = rows.node(one)
            self._columns[one] = node.values, array("I", rows.numbers(node))

    def divided(self, counts: Sequence[int]) -> "Iterator[KeptRows]":
        """The same rows in parts of so many each."""
        unreadable, no_trips = sorted(self.unreadable), sorted(self.no_trips)
        begin = 0
        for count in counts:
            end = begin + count
            places = (
                {at - begin for at in some[bisect_left(some, begin) : bisect_left(some, end)]}
                for some in (unreadable, no_trips)
            )
            part = KeptRows(self.title, self.lines[begin:end], self.first + begin, self.first_visit, *places)
            part.ids, part.names = self.ids[begin:end], self.names[begin:end]
            part._columns = {one: (values, numbers[begin:end]) for one, (values, numbers) in self._columns.items()}
            yield part
            begin = end

    def __contains__(self, asked: Asked) -> bool:
        return asked in self._columns

    def __getitem__(self, asked: Asked) -> Values:
        return self._columns[asked]

    def value(self, asked: Asked, at: int) -> Any:
        """What was asked, of one row."""
        values, numbers = self._columns[asked]
        return values[numbers[at]]

    def picked(self, asked: Asked, places: Sequence[int]) -> list[Any]:
        """The same of some rows."""
        values, numbers = self._columns[asked]
        return [values[numbers[at]] for at in places]

    def identities(self, places: Sequence[int]) -> list[Identity | None]:
        """Who visits in some rows; None where that cannot be told."""
        ids, names, countries = self.ids, self.names, self.picked("visitor_country", places)
        codes = [country.code if isinstance(country, Country) else None for country in countries]
        return [identity_of(ids[at], names[at], code) for at, code in zip(places, codes, strict=True)]

    def country(self, at: int) -> str | None:
        """The code of the visitor's country, where it can be read."""
        country = self.value("visitor_country", at)
        return country.code if isinstance(country, Country) else None
