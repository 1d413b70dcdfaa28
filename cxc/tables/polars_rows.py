"""Rows of large tables, held by Polars: the same numbers as lists of them hold, and found in a fraction of the time.

Polars reads the cells, numbers their texts and looks numbers up. Whatever is asked of a rule or a fact is asked by the
resolver, once for each value or combination, as it is of any other rows. Needs the extra `cxc[fast]`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import polars as pl

from cxc.resolver import UNREADABLE, Conditional, Constant, Each, Field, Function, Joint, ManyRows, Node, Resolver
from cxc.tables.kept import Values

if not hasattr(pl, "Categories"):
    raise ImportError("Polars is too old")
_LARGEST: Final = 1 << 32  # what is below fits a number of a column
_DENSE: Final = 1 << 22  # pairs of numbers for which a table is kept that has a place for each of them
_NUMBER: Final = pl.UInt32
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
    return pl.repeat(number, count, dtype=_NUMBER, eager=True)


def numbered(numbers: Iterable[int]) -> pl.Series:
    """A column of such numbers."""
    return pl.Series([*numbers], dtype=_NUMBER)


def under(field: Field, kept: Values, places: Sequence[int]) -> pl.Series:
    """The numbers of a field in some rows; those that were kept may be others, where the resolver began anew since."""
    values, column = kept
    numbers = pl.Series(column)[places]
    if values is field.values:
        return numbers.cast(_NUMBER)
    used = numbers.unique()
    return numbers.replace_strict(used, [field.numbers[values[number]] for number in used], return_dtype=_NUMBER)


def replaced(kept: Values, places: Sequence[int], others: Sequence[Any], numbers: pl.Series) -> Values:
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
    return bool((column.str.strip_chars(_WHITE) != "").all())


def frame_of(text: str, delimiter: str, width: int, count: int) -> pl.DataFrame | None:
    """Lines of plain cells as a frame, so many of each; None where they are not what they seem to be."""
    try:
        frame = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=delimiter,
            quote_char=None,
            infer_schema=False,
        ).fill_null("")  # a blank cell; a line that lacks cells was told apart before
    except (pl.exceptions.PolarsError, UnicodeEncodeError):
        return None
    if frame.shape != (count, width):
        return None
    blank = frame.filter(frame.to_series(0).str.strip_chars(_WHITE) == "")
    return None if any(not "".join(cells).strip() for cells in blank.iter_rows()) else frame


def frame_of_columns(columns: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Columns of texts as a frame."""
    return pl.DataFrame([pl.Series(str(at), texts, dtype=pl.String) for at, texts in enumerate(columns)])


# The numbers of combinations, which may be new.
NumbersOf = Callable[[Sequence[tuple[int, ...]]], Iterable[int]]


class Lookups:
    """What numbers of rows are looked up in, from one batch of rows to the next, under one resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._texts: dict[str, pl.Series] = {}
        self._words: dict[str, pl.Series] = {}  # as long as one of them is there, a text keeps its code
        self._stages: dict[Node, list[_Pairs]] = {}
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

    def of_combinations(self, node: Joint | Each, numbers_of: NumbersOf, columns: Sequence[pl.Series]) -> pl.Series:
        """The numbers that a node has for combinations of numbers, each asked of `numbers_of` once."""
        stages = self._stages.get(node)
        if stages is None:
            stages = self._stages[node] = []
            for place in range(1, len(columns)):
                last = place == len(columns) - 1
                stages.append(_Pairs(stages[-1] if stages else None, numbers_of if last else None))
        found = columns[0]
        for stage, column in zip(stages, columns[1:], strict=True):
            found = stage.numbers(found, column)
        return found

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


class _Pairs:
    """Numbers of pairs of numbers, given as they are first met, or as whoever knows the combination gives them.

    The first of a pair may itself stand for a combination, told by the stage before.
    """

    def __init__(self, before: "_Pairs | None" = None, numbers_of: NumbersOf | None = None) -> None:
        self._before, self._numbers_of = before, numbers_of
        self._pairs: list[tuple[int, ...]] = []
        self._given: list[int] = []  # one more than the number of each pair
        self._rows, self._columns = 1, 1
        self._kind: type[pl.UInt32 | pl.UInt64] = _NUMBER  # of a key
        self._table: pl.Series | None = None
        self._keys, self._codes = pl.Series(dtype=_NUMBER), pl.Series(dtype=_NUMBER)

    def numbers(self, first: pl.Series, second: pl.Series) -> pl.Series:
        """The numbers of the pairs in two columns."""
        self._make_room(_largest(first), _largest(second))
        keys = first.cast(self._kind) * self._columns + second
        found = self._look_up(keys)
        unknown = keys.filter(found == 0)
        if len(unknown):
            self._add(unknown.unique(maintain_order=True))
            found = self._look_up(keys)
        return found - 1

    def combinations(self, numbers: Sequence[int]) -> list[tuple[int, ...]]:
        """What some numbers stand for."""
        return self._whole([*map(self._pairs.__getitem__, numbers)])

    def _whole(self, pairs: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
        if self._before is None:
            return [*pairs]
        before = self._before.combinations([first for first, _ in pairs])
        return [(*first, second) for first, (_, second) in zip(before, pairs, strict=True)]

    def _look_up(self, keys: pl.Series) -> pl.Series:
        if self._table is not None:
            return self._table[keys]
        if not len(self._keys):
            return same(0, len(keys))
        return keys.replace_strict(self._keys, self._codes, default=0, return_dtype=_NUMBER)

    def _add(self, keys: pl.Series) -> None:
        pairs = [*zip((keys // self._columns).to_list(), (keys % self._columns).to_list(), strict=True)]
        if self._numbers_of is None:
            given = [*range(len(self._pairs) + 1, len(self._pairs) + len(pairs) + 1)]
        else:
            given = [number + 1 for number in self._numbers_of(self._whole(pairs))]
        self._pairs += pairs
        self._given += given
        self._put(keys, pl.Series(given, dtype=_NUMBER))

    def _put(self, keys: pl.Series, codes: pl.Series) -> None:
        if self._table is None:
            self._keys, self._codes = pl.concat([self._keys, keys]), pl.concat([self._codes, codes])
        else:
            self._table.scatter(keys, codes)

    def _make_room(self, first: int, second: int) -> None:
        """See to it that a pair of such numbers has a key of its own."""
        if first < self._rows and second < self._columns:
            return
        self._rows, self._columns = max(self._rows, 2 * (first + 1)), max(self._columns, 2 * (second + 1))
        places = self._rows * self._columns
        self._kind = _NUMBER if places <= _LARGEST else pl.UInt64
        self._table = same(0, places) if places <= _DENSE else None
        self._keys, self._codes = pl.Series(dtype=self._kind), pl.Series(dtype=_NUMBER)
        keys = pl.Series([one * self._columns + other for one, other in self._pairs], dtype=self._kind)
        self._put(keys, pl.Series(self._given, dtype=_NUMBER))


class PolarsRows(ManyRows):
    """Rows whose numbers stand in columns of Polars; `count` is how many there are."""

    def __init__(self, lookups: Lookups, fields: Mapping[str, pl.Series], count: int) -> None:
        super().__init__(lookups.resolver, fields)
        self.count, self._lookups = count, lookups

    def column(self, node: Node) -> pl.Series:
        found = self._columns.get(node)
        if found is None:
            found = self._columns[node] = self._found(node)
        return found

    def _found(self, node: Node) -> pl.Series:
        if isinstance(node, Joint):
            given = partial(map, node.memory.__getitem__)
            return self._lookups.of_combinations(node, given, [*map(self.column, node.inputs)])
        if isinstance(node, Constant):
            return same(1, self.count)
        if isinstance(node, Each):
            # Looked up all the same: here that takes less than to ask for each row.
            columns = [same(0, self.count), *map(self.column, node.inputs)]  # two at least
            return self._lookups.of_combinations(node, lambda met: node.of_rows([*zip(*met, strict=True)][1:]), columns)
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
        return found.scatter(mask.arg_true(), picked.column(node.then)) if picked.count else found

    def numbers(self, node: Node) -> Sequence[int]:
        return in_little_room(self.column(node))

    def places(self, node: Node, number: int) -> list[int]:
        return (self.column(node) == number).arg_true().to_list()

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
