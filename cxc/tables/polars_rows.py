"""Rows of large tables, held by Polars: the same numbers as lists of them hold, and found in a fraction of the time.

Polars reads the cells, numbers their texts and looks numbers up. Whatever is asked of a rule or a fact is asked by the
resolver, once for each value or combination, as it is of any other rows. Needs the extra `cxc[fast]`.
"""

from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from inspect import signature
from math import prod
from operator import gt
from typing import Final

import polars as pl

from cxc.resolver import UNREADABLE, Conditional, Constant, Each, Field, Function, Joint, ManyRows, Node, Resolver
from cxc.tables.kept import Values

if not hasattr(pl, "Categories"):
    raise ImportError("Polars is too old")
_LARGEST: Final = 1 << 32  # what is below fits a number of a column
_DENSE: Final = 1 << 22  # combinations for which a table is kept that has a place for each of them
_PLACES_PER_ROW: Final = 8  # of such a table
_AT_ONCE: Final = 1 << 18  # of three columns that are combined together
_UNKNOWN: Final = _LARGEST - 1
_NUMBER: Final = pl.UInt32
# Let a blank cell be a blank text; a line that lacks cells is told apart before.
_AS_IT_STANDS: Final[dict[str, bool]] = (
    {"empty_string_is_null": False}  # since Polars 1.43
    if "empty_string_is_null" in signature(pl.read_csv).parameters
    else {"missing_utf8_is_empty_string": True}
)
# What Python takes for white space; Polars by itself knows less.
_WHITE: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


Frame = pl.DataFrame
Series = pl.Series


def blanks(count: int) -> pl.Series:
    """A column of so many blank texts."""
    return pl.repeat("", count, dtype=pl.String, eager=True)


def same(number: int, count: int) -> pl.Series:
    """A column that has the same number in each of so many rows."""
    return pl.Series([number], dtype=_NUMBER).new_from_index(0, count)


def places_where(mask: pl.Series) -> pl.Series:
    """The places of the rows where something holds, found sooner than by `arg_true`."""
    return _all_places(len(mask)).filter(mask)


@lru_cache(maxsize=2)
def _all_places(count: int) -> pl.Series:
    return pl.Series(range(count), dtype=_NUMBER)


def numbered(numbers: Iterable[int]) -> pl.Series:
    """A column of such numbers."""
    return pl.Series([*numbers], dtype=_NUMBER)


def under(field: Field, kept: Values[object], places: Sequence[int]) -> pl.Series:
    """The numbers of a field in some rows; those that were kept may be others, where the resolver began anew since."""
    values, column = kept
    numbers = pl.Series(column)[places]
    if values is field.values:
        return numbers.cast(_NUMBER)
    used = numbers.unique()
    return numbers.replace_strict(used, [field.numbers[values[number]] for number in used], return_dtype=_NUMBER)


def replaced(
    kept: Values[object], places: Sequence[int], others: Sequence[object], numbers: pl.Series
) -> Values[object]:
    """Values and their numbers in rows, with others at some places."""
    values, column = kept
    if others is not values:  # the resolver began anew in between
        numbers, values = numbers + len(values), [*values, *others]
    return values, in_little_room(pl.Series(column).cast(_NUMBER).scatter(places, numbers))


def in_little_room(numbers: pl.Series) -> Sequence[int]:
    """Numbers of rows as they are kept; a column is a sequence in all that is asked of it."""
    return numbers.shrink_dtype()  # type: ignore[return-value]


def is_stated_throughout(column: pl.Series) -> bool:
    """Whether no cell of a column is blank."""
    return not len(_blank(column))


def _blank(column: pl.Series) -> pl.Series:
    """The places of the blank cells of a column; that most begin with a letter or a digit is found sooner."""
    places = places_where((column < "!") | (column > "~"))
    return places.filter(column[places].str.strip_chars(_WHITE) == "")


def frame_of(lines: bytes, delimiter: str, width: int, count: int) -> pl.DataFrame | None:
    """Lines of plain cells as a frame, so many of each; None where they are not what they seem to be."""
    if lines.startswith(BOM_UTF8):  # Polars would leave it out; below the heading it is a letter like any other
        return None
    try:
        frame = pl.read_csv(
            lines,
            has_header=False,
            separator=delimiter,
            quote_char=None,
            infer_schema=False,
            **_AS_IT_STANDS,  # type: ignore[arg-type]  # which option it is depends on the version
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.shape != (count, width):
        return None
    # A line that lacks cells seems to end with blank ones.
    if (frame.to_series(-1) == "").any() and lines.count(delimiter.encode()) != count * (width - 1):
        return None
    blank = frame[_blank(frame.to_series(0))]
    return None if any(not "".join(cells).strip() for cells in blank.iter_rows()) else frame


def frame_of_columns(columns: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Columns of texts as a frame."""
    return pl.DataFrame([pl.Series(str(at), texts, dtype=pl.String) for at, texts in enumerate(columns)])


# What gives numbers to combinations that were never met, by the places of the rows where each first is.
NumbersOf = Callable[[pl.Series], Iterable[int]]


class Lookups:
    """What numbers of rows are looked up in, from one batch of rows to the next, under one resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._texts: dict[str, pl.Series] = {}
        self._words: dict[str, pl.Series] = {}  # as long as one of them is there, a text keeps its code
        self._stages: dict[Node, list[_Numbering]] = {}
        self._products: dict[Each, tuple[list[int], pl.Series]] = {}  # how many values of each input, and the answers
        self._functions: dict[Function, pl.Series] = {}

    def forget_texts(self) -> None:
        """Begin anew with the texts of another table, which is to know itself what it cannot read."""
        self._texts.clear()
        self._words.clear()

    def of_texts(self, field: str, texts: pl.Series, numbers: Mapping[str, int]) -> pl.Series:
        """The numbers of the texts of a field, each asked of `numbers` once."""
        if field not in self._words:
            self._words[field] = pl.Series([""], dtype=pl.Categorical(pl.Categories.random()))
        words = texts.cast(self._words[field].dtype)
        codes = words.to_physical()
        known = _with_places(self._texts.get(field), _largest(codes))
        unknown = words.filter(known[codes] == 0).unique()
        if len(unknown):
            found = [numbers[text] + 1 for text in unknown.cast(pl.String)]
            known.scatter(unknown.to_physical(), pl.Series(found, dtype=_NUMBER))
        self._texts[field] = known
        return known[codes] - 1

    def of_combinations(self, node: Joint, columns: Sequence[pl.Series]) -> pl.Series:
        """The numbers that a joint has for combinations of numbers, each of which it is asked once."""

        def numbers_of(places: pl.Series) -> Iterable[int]:
            return node.memory.of([*zip(*[column[places].to_list() for column in columns], strict=True)])

        stages, place = self._stages.setdefault(node, []), 0
        left = [(column, one.count) for column, one in zip(columns, node.inputs, strict=True)]
        while True:
            if place == len(stages):
                stages.append(_Numbering(_how_many([count for _, count in left])))
            stage = stages[place]
            (some, counts), left = zip(*left[: stage.width], strict=True), left[stage.width :]
            found = stage.numbers(some, counts, stage.next_numbers if left else numbers_of)
            if not left:
                return found
            left.insert(0, (found, stage.count))
            place += 1

    def of_each(self, node: Each, columns: Sequence[pl.Series]) -> pl.Series:
        """The numbers of a quick function's answers: asked of all that could be, where that is less than the rows."""
        counts = [one.count for one in node.inputs]
        if self._products.get(node, ([], None))[0] != counts:
            if prod(counts) > len(columns[0]):
                return numbered(node.of_rows([column.to_list() for column in columns]))
            self._products[node] = counts, numbered(node.of_all())
        places = columns[0]
        for count, column in zip(counts[1:], columns[1:], strict=True):
            places = places * count + column
        return self._products[node][1][places]

    def of_function(self, function: Function, carried: pl.Series) -> pl.Series:
        """The numbers of a function's answers, by those of its carrier."""
        of, known = function.fill(), self._functions.get(function)
        if known is None:
            known = pl.Series(of, dtype=_NUMBER)
        elif len(known) < len(of):
            known = known.append(pl.Series(of[len(known) :], dtype=_NUMBER))
        self._functions[function] = known
        return known[carried]


def _largest(numbers: pl.Series) -> int:
    """The largest of some numbers; 0 where there are none."""
    largest = numbers.max()
    return largest if isinstance(largest, int) else 0


def _with_places(table: pl.Series | None, most: int) -> pl.Series:
    """A table with a place for each number up to this one; 0 where there was none."""
    have = 0 if table is None else len(table)
    if have > most and table is not None:
        return table
    more = same(0, 2 * (most + 1) - have)
    return more if table is None else table.append(more)


def _how_many(counts: Sequence[int]) -> int:
    """How many columns of numbers, of which there are so many each, are combined at once: two, or three short ones."""
    return 3 if len(counts) > 2 and prod(counts[:3]) <= _AT_ONCE else 2


class _Numbering:
    """Numbers of combinations of some columns of numbers, which are given as combinations are first met."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._met = [numbered(()) for _ in range(width)]
        self._given = numbered(())
        self._room = [0] * width  # for how many numbers of each column
        self._table: pl.Series | None = None
        self._keys = numbered(())
        self._rows = 0  # that were looked up

    @property
    def _affordable(self) -> int:
        """How many places a table may have, so that to make it costs no more than to look keys up without one."""
        return min(_DENSE, _PLACES_PER_ROW * self._rows)

    @property
    def count(self) -> int:
        """How many combinations were met."""
        return len(self._given)

    def next_numbers(self, places: pl.Series) -> Iterable[int]:
        """Numbers for more combinations, one after the other."""
        return range(self.count, self.count + len(places))

    def numbers(self, columns: Sequence[pl.Series], counts: Sequence[int], numbers_of: NumbersOf) -> pl.Series:
        """The numbers of the combinations in columns, which hold numbers below these counts.

        Of combinations that were never met before, `numbers_of` gives them.
        """
        self._rows += len(columns[0])
        if any(map(gt, counts, self._room)) or (self._table is None and prod(self._room) <= self._affordable):
            self._make_room(counts)
        keys = self._keys_of(columns)
        found = self._look_up(keys)
        places = places_where(found == _UNKNOWN)
        if len(places):
            places = self._one_of_each(keys[places], places)
            self._add([column[places] for column in columns], numbered(numbers_of(places)))
            found = self._look_up(keys)
        return found

    def _one_of_each(self, keys: pl.Series, places: pl.Series) -> pl.Series:
        """Of the places that have the same key, one: that which stays in the table where they are all put into it."""
        if self._table is None:
            return places[keys.arg_unique()]
        self._table.scatter(keys, places)
        return places.filter(self._table[keys] == places)

    def _keys_of(self, columns: Sequence[pl.Series]) -> pl.Series:
        keys = columns[0].cast(self._keys.dtype)
        for room, column in zip(self._room[1:], columns[1:], strict=True):
            keys = keys * room + column
        return keys

    def _look_up(self, keys: pl.Series) -> pl.Series:
        if self._table is not None:
            return self._table[keys]
        return keys.replace_strict(self._keys, self._given, default=_UNKNOWN, return_dtype=_NUMBER)

    def _add(self, columns: Sequence[pl.Series], given: pl.Series) -> None:
        for met, column in zip(self._met, columns, strict=True):
            met.append(column)
        self._given.append(given)
        keys = self._keys_of(columns)
        if self._table is None:
            self._keys.append(keys)
        else:
            self._table.scatter(keys, given)

    def _make_room(self, counts: Sequence[int]) -> None:
        """See to it that a combination of such numbers has a key of its own."""
        self._room = [max(room, count + (count >> 3)) for room, count in zip(self._room, counts, strict=True)]
        places = prod(self._room)
        self._keys = pl.Series(dtype=_NUMBER if places <= _LARGEST else pl.UInt64)
        keys = self._keys_of(self._met)
        if places <= self._affordable:
            self._table = same(_UNKNOWN, places).scatter(keys, self._given)
        else:
            self._keys, self._table = keys, None


class PolarsRows(ManyRows[pl.Series]):
    """Rows whose numbers stand in columns of Polars; `count` is how many there are."""

    def __init__(self, lookups: Lookups, fields: Mapping[str, pl.Series], count: int) -> None:
        super().__init__(lookups.resolver, fields)
        self.count, self._lookups = count, lookups

    def column(self, node: Node) -> pl.Series:
        found = self._columns.get(node)
        if found is None:
            found = self._found(node)
            if node.carrier is node:  # what another node decides is looked up sooner than it finds new room
                self._columns[node] = found
        return found

    def _found(self, node: Node) -> pl.Series:
        if isinstance(node, Joint):
            return self._lookups.of_combinations(node, [*map(self.column, node.inputs)])
        if isinstance(node, Constant):
            return same(1, self.count)
        if isinstance(node, Each):
            return self._lookups.of_each(node, [*map(self.column, node.inputs)])
        if isinstance(node, Conditional):
            return self._where(node)
        assert isinstance(node, Function), f"{node} did not come with the rows"
        return self._lookups.of_function(node, self.column(node.carrier))

    def _where(self, node: Conditional) -> pl.Series:
        condition = self.column(node.condition)
        mask = pl.Series(node.holds, dtype=pl.Boolean)[condition]
        otherwise = pl.Series([UNREADABLE, *[node.numbers[None]] * (len(node.holds) - 1)], dtype=_NUMBER)
        found = otherwise[condition]
        picked = _Picked(self, mask)
        return found.scatter(places_where(mask), picked.column(node.then)) if picked.count else found

    def numbers(self, node: Node) -> Sequence[int]:
        return in_little_room(self.column(node))

    def places(self, node: Node, number: int) -> list[int]:
        return places_where(self.column(node) == number).to_list()

    def make_unreadable(self, node: Node, places: Collection[int]) -> None:
        self._columns[node] = self.column(node).clone().scatter([*places], UNREADABLE)

    def counts(self, node: Node, leaving_out: Collection[int]) -> Mapping[int, int]:
        column = self.column(node)
        if leaving_out:
            column = column.clone().scatter([*leaving_out], UNREADABLE)
        counted = column.value_counts()
        return dict(zip(counted.to_series(0).to_list(), counted.to_series(1).to_list(), strict=True))


class _Picked(PolarsRows):
    """Some of the rows of others: what is known of these is not found out again."""

    def __init__(self, rows: PolarsRows, mask: pl.Series) -> None:
        super().__init__(rows._lookups, {}, int(mask.sum()))
        self._rows, self._mask = rows, mask

    def column(self, node: Node) -> pl.Series:
        if node not in self._columns and node in self._rows._columns:
            self._columns[node] = self._rows._columns[node].filter(self._mask)
        return super().column(node)
