"""What the resolver promises whoever asks: each function once for each combination, and nothing of what cannot be read."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxc.resolver import (
    NOTHING_READ,
    UNREADABLE,
    Collected,
    Definition,
    ListedRows,
    OneRow,
    Resolver,
    Where,
    asked_of_each,
)
from cxc.verdict import _AtOtherDates

ASKED: list[tuple[Any, ...]] = []


def total(price: int, pieces: int) -> int:
    ASKED.append((price, pieces))
    return price * pieces


def dear(total: int, limit: int) -> bool:
    return total > limit


def rebate(total: int) -> int | None:
    return total // 10 or None


@asked_of_each
def stock(price: int, pieces: int) -> int | None:
    ASKED.append((price, pieces))
    return price - pieces


def said(name: str, value: int) -> str | None:
    return f"{name} {value}" if value > 1 else None


FUNCTIONS: dict[str, Definition] = {
    "total": total,
    "dear": dear,
    "words": Collected(("pieces", "price"), said),
    "backwards": Collected(("price", "pieces"), said),
    "fixed_last": Collected(("price", "limit"), said),
    "fixed_alone": Collected(("limit",), said),
    "fixed_between": Collected(("price", "limit", "pieces"), said),
    "bargain": Where("dear", "rebate"),
    "rebate": rebate,
    "stock": stock,
}


def rows(prices: list[Any], pieces: list[Any], limit: int = 10) -> ListedRows:
    ASKED.clear()
    resolver = Resolver(FUNCTIONS, {"limit": limit})
    numbers = {
        name: [resolver.field(name).numbers[value] for value in values]
        for name, values in (("price", prices), ("pieces", pieces))
    }
    return ListedRows(resolver, numbers, len(prices))


def test_a_function_is_asked_once_for_each_combination() -> None:
    """However many rows hold it, and in whatever order they come."""
    table = rows([1, 2, 1, 2, 1], [5, 5, 5, 5, 6])

    assert table.values("total") == [5, 10, 5, 10, 6]
    assert table.values("dear") == [False] * 5
    assert sorted(ASKED) == [(1, 5), (1, 6), (2, 5)]


def test_what_cannot_be_read_is_never_asked_about() -> None:
    """It flows through as itself, between readable rows, and nothing counts it."""
    table = rows([NOTHING_READ, 3, NOTHING_READ, 4], [5, NOTHING_READ, NOTHING_READ, 6])

    assert table.values("dear") == [NOTHING_READ, NOTHING_READ, NOTHING_READ, True]
    assert [*table.column(table.resolver["total"])][:3] == [UNREADABLE] * 3
    assert table.counts(table.resolver["dear"], ()) == {UNREADABLE: 3, 1: 1}
    assert ASKED == [(4, 6)]


def test_a_single_row_is_a_table_of_one() -> None:
    """Both holders share what was answered, and their numbers are the same."""
    table = rows([1, 2], [7, 7])
    resolver = table.resolver
    alone = OneRow(
        resolver, {"price": resolver.field("price").numbers[2], "pieces": resolver.field("pieces").numbers[7]}
    )

    assert resolver["dear"].values[alone.column(resolver["dear"])] is True
    assert table.values("dear") == [False, True]
    assert sorted(ASKED) == [(1, 7), (2, 7)]


def test_rows_that_come_later_keep_the_numbers_given() -> None:
    """A second block of rows is numbered on, and what was asked is not asked again."""
    first = rows([1, 2], [5, 5])
    assert first.values("total") == [5, 10]
    resolver = first.resolver
    numbers = {
        "price": [resolver.field("price").numbers[value] for value in (2, 3)],
        "pieces": [resolver.field("pieces").numbers[value] for value in (5, 5)],
    }

    assert ListedRows(resolver, numbers, 2).values("total") == [10, 15]
    assert ASKED == [(1, 5), (2, 5), (3, 5)]


def test_another_limit_shares_what_does_not_depend_on_it() -> None:
    """The total is asked once, the comparison under each limit."""
    table = rows([1, 2], [7, 7])
    other = table.resolver.under({"limit": 100})

    assert other["total"] is table.resolver["total"]
    assert other["dear"] is not table.resolver["dear"]
    assert other.depends("dear")
    assert not other.depends("total")
    assert table.values("dear") == [False, True]
    assert [other["dear"].values[number] for number in table.column(other["dear"])] == [False, False]


@pytest.mark.parametrize(
    ("price", "pieces", "expected"),
    [(2, 3, ("pieces 3", "price 2")), (2, 1, ("price 2",)), (1, 1, ())],
)
def test_what_is_collected_stands_in_order(price: int, pieces: int, expected: tuple[str, ...]) -> None:
    """Whatever is said, by whom, in the order of what is said."""
    assert rows([price], [pieces]).values("words") == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fixed_last", ("limit 10", "price 2")),
        ("fixed_between", ("limit 10", "pieces 3", "price 2")),
        ("fixed_alone", ("limit 10",)),
    ],
)
def test_what_never_changes_is_collected_too(name: str, expected: tuple[str, ...]) -> None:
    """As where a table has no column for a fact: whichever place it has among the others."""
    assert rows([2], [3]).values(name) == [expected]


def test_answers_that_cannot_be_compared_are_kept_apart() -> None:
    """A dict cannot be a key: each combination has an answer of its own, and is asked once."""
    resolver = Resolver({"box": lambda price, pieces: {"sum": price * pieces}}, {}, ["box"])
    numbers = {
        "price": [resolver.field("price").numbers[value] for value in (2, 3, 2)],
        "pieces": [resolver.field("pieces").numbers[value] for value in (3, 2, 3)],
    }
    boxes = ListedRows(resolver, numbers, 3).values("box")

    assert boxes == [{"sum": 6}] * 3
    assert boxes[0] is boxes[2]
    assert boxes[0] is not boxes[1]


def test_what_never_changes_is_asked_once() -> None:
    """A function of limits alone has its answer before any row is there."""
    resolver = Resolver({"twice": lambda limit: limit * 2}, {"limit": 21})

    assert ListedRows(resolver, {}, 3).values("twice") == [42, 42, 42]


def test_what_is_asked_only_where_a_condition_holds() -> None:
    """Of other rows it is None; what cannot be read stays so. Of one row it is the same."""
    table = rows([1, 4, NOTHING_READ, 9], [5, 5, 5, 1])

    assert table.values("bargain") == [None, 2, NOTHING_READ, None]
    resolver = table.resolver
    for price, expected in ((1, None), (4, 2), (NOTHING_READ, NOTHING_READ)):
        numbers = {"price": resolver.field("price").numbers[price], "pieces": resolver.field("pieces").numbers[5]}
        assert resolver["bargain"].values[OneRow(resolver, numbers).column(resolver["bargain"])] == expected


def test_what_is_asked_of_each_row() -> None:
    """However often it was asked about the same; of what cannot be read it is not asked."""
    table = rows([9, 9, NOTHING_READ, 5], [5, 5, 5, 5])

    assert table.values("stock") == [4, 4, NOTHING_READ, 0]
    assert ASKED == [(9, 5), (9, 5), (5, 5)]


def test_what_is_collected_comes_in_the_order_of_what_is_said() -> None:
    """Whatever the order of those who say it, and the same thing once."""
    table = rows([2, 3], [5, 1])

    assert table.values("backwards") == [("pieces 5", "price 2"), ("price 3",)]


def test_a_function_is_asked_under_its_name() -> None:
    """So it is what stands for the name, be it a limit; another one of the same name is asked beside it."""
    table = rows([2], [5])
    resolver = table.resolver

    def other(price: int) -> int:
        return -price

    other.__name__ = "total"

    assert resolver.of(total) is resolver["total"]
    assert [*table.values(total)] == [10]
    assert [*table.values(other)] == [-2]
    assert [*table.values(dear)] == [False]
    assert [*ListedRows(resolver.under({"total": 99}), {}, 2).values(total)] == [99, 99]
    assert ASKED == [(2, 5)]


@pytest.mark.parametrize("name", ["bargain", "stock", "total", "backwards"])
def test_polars_holds_what_lists_hold(name: str) -> None:
    """The same answers, in rows that come at once or one after the other."""
    pl = pytest.importorskip("polars")
    from cxc.tables.polars_rows import Lookups, PolarsRows

    prices, pieces = [1, 4, NOTHING_READ, 9, 4, 700], [5, 5, 5, 1, 1, NOTHING_READ]
    table = rows(prices, pieces)
    expected, resolver = table.values(name), rows([1], [1]).resolver
    lookups, found = Lookups(resolver), []
    for part in (slice(0, 2), slice(2, 6)):
        numbers = {
            field: pl.Series([resolver.field(field).numbers[value] for value in values[part]], dtype=pl.UInt32)
            for field, values in (("price", prices), ("pieces", pieces))
        }
        held = PolarsRows(lookups, numbers, len(prices[part]))
        found += [resolver[name].values[number] for number in held.numbers(resolver[name])]

    assert found == expected


@given(
    st.lists(st.tuples(*[st.integers(0, 5)] * 5), min_size=1, max_size=30),
    st.integers(1, 8),
    st.sampled_from([1, 30, 1 << 22]),
    st.sampled_from([1, 40, 1 << 18]),
)
def test_polars_combines_any_number_of_columns(
    stated: list[tuple[int, ...]], together: int, dense: int, at_once: int
) -> None:
    """Two or three at a time, in a table with a place for each or without; 0 cannot be read, whatever stands beside."""
    pl = pytest.importorskip("polars")
    from cxc.tables import polars_rows

    def joined(a: int, b: int, c: int, d: int, e: int) -> str:
        return f"{a}{b}{c}{d}{e}"

    resolver, found = Resolver({"joined": joined}, {}), []
    with patch.multiple(polars_rows, _DENSE=dense, _AT_ONCE=at_once):
        lookups = polars_rows.Lookups(resolver)
        for begin in range(0, len(stated), together):
            part = stated[begin : begin + together]
            numbers = {
                name: pl.Series(
                    [resolver.field(name).numbers[value or NOTHING_READ] for value in column], dtype=pl.UInt32
                )
                for name, column in zip("abcde", zip(*part, strict=True), strict=True)
            }
            held = polars_rows.PolarsRows(lookups, numbers, len(part))
            found += [resolver["joined"].values[number] for number in held.numbers(resolver["joined"])]

    assert found == ["".join(map(str, row)) if all(row) else NOTHING_READ for row in stated]


@pytest.mark.parametrize(("limit", "expected"), [(1, [2, 2]), (100, [None, None])])
def test_a_condition_that_never_changes(limit: int, expected: list[int | None]) -> None:
    """It is asked once, and not of the rows."""
    resolver = Resolver(FUNCTIONS, {"limit": limit, "price": 4, "pieces": 5})

    assert ListedRows(resolver, {}, 2).values("bargain") == expected


def test_rows_with_other_values_of_a_field() -> None:
    """What depends on the field is asked again, also where a condition has to hold; all else is what it was."""
    asked = []

    def long(days: int) -> bool:
        return days > 3

    def named(country: str, days: int) -> str:
        return f"{country} {days}"

    def dear(price: int) -> bool:
        asked.append(price)
        return price > 5

    resolver = Resolver({"long": long, "named": named, "dear": dear, "said": Where("long", "named")}, {})
    stated: dict[str, list[Any]] = {"days": [2, 4, 9], "country": ["PT", "AT", "RO"], "price": [1, 7, 8]}
    numbers = {name: [*map(resolver.field(name).numbers.__getitem__, values)] for name, values in stated.items()}
    rows = ListedRows(resolver, numbers, 3)
    assert rows.values("dear") == [False, True, True]
    days = [*map(resolver.field("days").numbers.__getitem__, (5, 1, 6))]
    changed = _AtOtherDates(rows, [2, 1, 0], {"days": days})

    assert changed.values("said") == ["RO 5", None, "PT 6"]
    assert (changed.values("dear"), asked) == ([True, True, False], [1, 7, 8])
    assert rows.values("said") == [None, "AT 4", "RO 9"]
    assert _AtOtherDates(rows, [0, 1], {"days": days[:2]}).values("said") == ["PT 5", None]
