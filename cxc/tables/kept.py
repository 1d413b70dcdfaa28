"""What the first reading of the tables keeps of their rows until the last one: numbers, and no text."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar, overload

from cxc.resolver import ManyRows
from cxc.scheme.countries import Country
from cxc.visits import Identity, Who, identity_of

# What is asked of rows: the name of a fact or a conclusion, or a function of such.
Asked = str | Callable[..., object]
Value = TypeVar("Value")
Values = tuple[Sequence[Value], Sequence[int]]  # some values, and the place of the value of each row among them


class Counts(dict[Asked, Counter[object]]):
    """How many rows have which answer, of what is asked of all of them."""

    def of(self, function: Callable[..., Value]) -> Counter[Value]:
        """How many have which answer of a function."""
        return self[function]  # type: ignore[return-value]  # nothing but its answers are counted there


class Told(NamedTuple):
    """Rows of which an earlier trip in the tables is told: their places, what it tells, and the number of its row."""

    places: Sequence[int]
    kinds: Sequence[str]
    earlier: Sequence[int]


class KeptRows:
    """Some rows, judged as if nobody had visited before.

    `first` is the number of the first of them among all rows, `title` and `lines` tell where they stand. `first_visit`
    is what is told of an organisation of which no visit is known. `who` are those to be held against other rows one by
    one; of others it is `told` already what comes before them, and better dates are `promised` to more than one trip of
    their visitor. These, `unreadable` and `no_trips` are places. The last reading will meet the rows in blocks.
    """

    def __init__(
        self,
        title: str,
        lines: Sequence[int],
        first: int,
        first_visit: str,
        unreadable: Iterable[int],
        no_trips: set[int],
    ) -> None:
        self.title, self.lines, self.first, self.first_visit = title, lines, first, first_visit
        self.unreadable, self.no_trips = array("I", sorted(unreadable)), no_trips
        self.who, self.told, self.promised = Who((), (), ()), Told((), (), ()), set[int]()
        self._columns: dict[Asked, Values[object]] = {}
        self._counts: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def keep(self, rows: ManyRows[object], asked: Iterable[Asked], counts: Sequence[int]) -> None:
        """Keep what was asked of the rows, which are in blocks of so many each."""
        self._counts = counts
        for one in asked:
            node = rows.node(one)
            self._columns[one] = node.values, rows.numbers(node)

    def blocks(self) -> "Iterator[KeptRows]":
        """The same rows block by block."""
        if len(self._counts) == 1:
            yield self
            return
        sorts = [sorted(places) for places in (self.unreadable, self.no_trips, self.promised)]
        begin = 0
        for count in self._counts:
            end = begin + count
            unreadable, no_trips, promised = ({*_between(begin, end, places)[0]} for places in sorts)
            title, lines, first = self.title, self.lines[begin:end], self.first + begin
            part = KeptRows(title, lines, first, self.first_visit, unreadable, no_trips)
            places, of = _between(begin, end, self.who.places)
            part.who = Who(places, self.who.ids[of], self.who.names[of])
            places, of = _between(begin, end, self.told.places)
            part.told, part.promised = Told(places, self.told.kinds[of], self.told.earlier[of]), promised
            part._columns = {one: (values, numbers[begin:end]) for one, (values, numbers) in self._columns.items()}
            yield part
            begin = end

    @property
    def in_columns(self) -> bool:
        """Whether Polars holds them."""
        return not isinstance(self._columns["stay"][1], array)

    def __contains__(self, asked: Asked) -> bool:
        return asked in self._columns

    @overload
    def __getitem__(self, asked: Callable[..., Value]) -> Values[Value]: ...
    @overload
    def __getitem__(self, asked: str) -> Values[object]: ...
    def __getitem__(self, asked: Asked) -> Values[object]:
        return self._columns[asked]

    def listed(self, asked: Callable[..., Value]) -> tuple[Sequence[Value], list[int]]:
        """The same, with the places in a list of its own."""
        values, numbers = self[asked]
        if isinstance(numbers, array):
            return values, numbers.tolist()
        return values, numbers.to_list()  # type: ignore[attr-defined]  # a column of Polars

    def __setitem__(self, asked: Asked, found: Values[object]) -> None:
        self._columns[asked] = found

    def __delitem__(self, asked: Asked) -> None:
        del self._columns[asked]

    def value(self, asked: Asked, at: int) -> object:
        """What was asked, of one row."""
        values, numbers = self._columns[asked]
        return values[numbers[at]]

    @overload
    def picked(self, asked: Callable[..., Value], places: Sequence[int]) -> Sequence[Value]: ...
    @overload
    def picked(self, asked: str, places: Sequence[int]) -> Sequence[object]: ...
    def picked(self, asked: Asked, places: Sequence[int]) -> Sequence[object]:
        """The same of some rows."""
        values, numbers = self._columns[asked]
        if isinstance(numbers, array):
            return [values[numbers[at]] for at in places]
        return [*map(values.__getitem__, numbers[places])]  # type: ignore[call-overload]  # Polars picks them at once

    def identities(self) -> list[Identity | None]:
        """Who visits in the rows to be held against others; None where that cannot be told."""
        places, ids, names = self.who
        countries = self.picked("visitor_country", places)
        codes = [country.code if isinstance(country, Country) else None for country in countries]
        return [*map(identity_of, ids, names, codes)]

    def country(self, at: int) -> str | None:
        """The code of the visitor's country, where it can be read."""
        country = self.value("visitor_country", at)
        return country.code if isinstance(country, Country) else None


def _between(begin: int, end: int, places: Sequence[int]) -> tuple[list[int], slice]:
    """Some of several places, counted from the first on, and where they stand among all."""
    of = slice(bisect_left(places, begin), bisect_left(places, end))
    return [at - begin for at in places[of]], of
