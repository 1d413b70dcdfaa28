"""Whose visitors come again in large tables, and what comes before the trips of most: found in columns of Polars."""

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain
from typing import Final

import polars as pl

from cxc.conclusions import already_paid
from cxc.resolver import NOTHING_READ, Unreadable
from cxc.scheme.countries import Country
from cxc.tables.kept import Asked, KeptRows, Told
from cxc.tables.polars_rows import places_where
from cxc.text import fold
from cxc.trip.remarks import NO_ORGANISATION
from cxc.trip.stay import Stay
from cxc.visits import Visit, Visits, Who


class VisitsOfMany(Visits):
    """The visits of organisations, those of very many rows among them.

    The ids and names of all rows are kept as texts, and only those that stand in several rows, or in the history, are
    numbered.
    """

    def __init__(
        self,
        history: Iterable[Visit] | None,
        at_most: int,
        *,
        strict: bool = False,
        where: Callable[[int], Visit] | None = None,
    ) -> None:
        super().__init__(history, at_most, strict=strict, where=where)
        self._texts: list[tuple[pl.Series, pl.Series]] = []
        self._firsts: list[int] = []
        self._found: Who | None = None

    def look(self, first: int, ids: Sequence[str], names: Sequence[str], countryless: Collection[int]) -> list[int]:
        id_texts, name_texts = (pl.Series(texts, dtype=pl.String) for texts in (ids, names))
        self._texts.append((id_texts, name_texts))
        self._firsts.append(first)
        no_id, no_name = id_texts == "", name_texts == ""
        if countryless:
            no_name.scatter(sorted(countryless), True)
        self._rows_only_id |= bool((no_name & ~no_id).any())
        self._rows_only_name |= bool((no_id & ~no_name).any())
        nobody: list[int] = places_where(no_id & no_name).to_list()
        if self._history_known:
            self._again.update([first + at for at in nobody])
        return nobody

    def who(self, first: int) -> Who:
        if self._found is None:
            self._found = self._of_all()
        rows, ids, names = self._found
        after = bisect_right(self._firsts, first)
        begin = bisect_left(rows, first)
        end = bisect_left(rows, self._firsts[after]) if after < len(self._firsts) else len(rows)
        return Who([row - first for row in rows[begin:end]], ids[begin:end], names[begin:end])

    def _of_all(self) -> Who:
        """All rows to be held against others, by their numbers."""
        ids, names = (pl.concat(texts) for texts in zip(*self._texts, strict=True))
        self._texts.clear()
        again = _stands_twice(ids, self._ids) | _stands_twice(names, self._names)
        if self._again:
            again.scatter(sorted([row - 1 for row in self._again]), True)
        if self._rows_only_id and self._rows_only_name:
            again = pl.repeat(True, len(ids), eager=True)
        places = again.arg_true()  # once, and of all rows: the places of so many are not to be kept
        rows = (places + 1).to_list()
        id_texts, name_texts = ids[places].to_list(), names[places].to_list()
        return Who(rows, self._ids.of(id_texts, rows), self._names.of(name_texts, rows))

    def tell(self, all_kept: Sequence[KeptRows], as_a_visit: Asked) -> None:
        """Tell the trips of simple visitors what comes before them; all others are left to be held one by one.

        The order of dates decides, as in `settle`: the first trip that counts uses up the one visit, and those behind
        it are told of it. A visitor is simple that states id, name and country in every row, shares none of them with
        others, stands in no history, and has neither a row that cannot be read, nor one without dates, nor two trips
        that overlap, nor trips of which some are marked as paid, and others are not. Where its name stands in a row
        without a country, too, what may be paid is left: it may be the visitor of that row.
        """
        if self._at_most != 1 or not all_kept:
            return
        rows = _who_comes_again(all_kept, as_a_visit)
        simple = rows.filter("simple").sort("id", "arrival", "number").with_row_index("at")
        simple = simple.with_columns(pl.when("counts").then("at").min().over("id").alias("first"))
        behind = simple.filter(pl.col("at") > pl.col("first"))
        first, sure = simple[behind["first"]], not self._strict or self._history_known
        told = behind.with_columns(first["number"].alias("earlier"), (first["decided"] & sure).alias("found"))
        # Whose name stands in a row without a country may be the visitor of that row: so one that may be paid is told.
        doubted = _is_in("name", rows.filter((pl.col("country") == "") & pl.col("counts"))["name"].unique())
        told = told.filter(~doubted | (pl.col("found") & ~pl.col("approved"))).select("number", "earlier", "found")
        told = told.sort("number")
        one_by_one = ~pl.col("simple") | (doubted & ~_is_in("number", told["number"]))
        left = rows.filter(one_by_one).select("number", "id", "name").sort("number")
        promised = simple.filter("promised").select("number").sort("number")
        for kept in all_kept:
            of_told, of_promised, of_left = (_of(kept, some) for some in (told, promised, left))
            places, earlier, found = of_told
            kept.told = Told(places, ["found" if one else "undecided" for one in found], earlier)
            kept.promised = {*of_promised[0]}
            kept.who = Who(*of_left)


def _is_in(column: str, values: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(values.implode())


def _who_comes_again(all_kept: Sequence[KeptRows], as_a_visit: Asked) -> pl.DataFrame:
    """The rows to be held against others, with what is known of them as visits, and whether their visitor is simple."""
    places, ids, names = zip(*[kept.who for kept in all_kept], strict=True)
    numbers = [pl.Series(at, dtype=pl.Int64) + kept.first for at, kept in zip(places, all_kept, strict=True)]
    not_plain = [(kept.first, kept.unreadable if kept.in_columns else kept.who.places) for kept in all_kept]
    left_out, at_payment = [first + at for first, some in not_plain for at in some], already_paid in all_kept[0]
    rows = pl.DataFrame(
        {"number": pl.concat(numbers), "id": [*chain(*ids)], "name": [*chain(*names)]}, schema_overrides=_NUMBERS
    )
    rows = rows.with_columns(
        (~pl.col("number").is_in(pl.Series(left_out, dtype=pl.Int64).implode())).alias("plain"),
        *_known(all_kept, "visitor_country", _code, country=pl.String),
        *_known(all_kept, "stay", _days, arrival=pl.Int32, begin=pl.Int32, end=pl.Int32),
        *_known(all_kept, as_a_visit, _visit, counts=pl.Boolean, decided=pl.Boolean, approved=pl.Boolean),
        *_known(all_kept, "codes_of_dates", _any, dated=pl.Boolean),
        *(_known(all_kept, already_paid, _is_paid, paid=pl.Boolean) if at_payment else ()),
    ).sort(*_WHO, "begin")
    same = pl.all_horizontal(pl.col(*_WHO) == pl.col(*_WHO).shift()).fill_null(False)
    rows = rows.with_columns(same.alias("same"), _ONE_ID.alias("simple"))
    simple = _SIMPLE & ~_OVERLAPS.fill_null(False)
    not_simple = rows.filter(~(simple & _PAID_ALIKE if at_payment else simple))["id"].unique()
    return rows.with_columns(
        (~_ID.is_in(not_simple.implode())).alias("simple"),
        (_SEVERAL & pl.col("dated") & pl.col("begin").is_not_null()).alias("promised"),
    )


_NUMBERS: Final = {"id": pl.Int64, "name": pl.Int64}
_WHO: Final = ("id", "name", "country")
_ID, _BEGIN, _SAME = pl.col("id"), pl.col("begin"), pl.col("same")
_ONE_ID: Final = _ID.min().over("name", "country") == _ID.max().over("name", "country")
_WHOLE: Final = (_ID > 0) & (pl.col("name") > 0) & (pl.col("country") != "") & _BEGIN.is_not_null()
_SIMPLE: Final = pl.col("simple") & pl.col("plain") & _WHOLE
# Of the stays of one visitor in the order of their first days, two overlap where two that are side by side do.
_OVERLAPS: Final = _SAME & ((pl.col("end").shift() >= _BEGIN) | (_BEGIN.shift() == _BEGIN))
_PAID_ALIKE: Final = pl.col("paid").min().over("id") == pl.col("paid").max().over("id")
_SEVERAL: Final = _SAME | _SAME.shift(-1, fill_value=False)


def _code(country: object) -> tuple[str]:
    return (country.code if isinstance(country, Country) else "",)


def _days(stay: object) -> tuple[int, int | None, int | None]:
    """The days of arrival and on site; a trip without dates is looked at after all others."""
    if not isinstance(stay, Stay):
        return datetime.date.max.toordinal(), None, None
    return stay.arrival.toordinal(), stay.first.toordinal(), stay.last.toordinal()


def _visit(found: tuple[bool, bool, bool] | Unreadable) -> tuple[bool, bool, bool]:
    """Whether a trip counts as a visit, is decided, and is approved as a further one."""
    return (False, False, False) if isinstance(found, Unreadable) else found


def _is_paid(paid: object) -> tuple[bool]:
    return (paid is True,)


def _any(codes: object) -> tuple[bool]:
    return (codes is not NOTHING_READ and bool(codes),)


def _known(
    all_kept: Sequence[KeptRows], asked: Asked, take: Callable[..., tuple[object, ...]], **kinds: type[pl.DataType]
) -> list[pl.Series]:
    """Columns of what was kept of the rows to be held against others."""
    tables: dict[int, pl.DataFrame] = {}  # by whose values they are
    found = []
    for kept in all_kept:
        values, numbers = kept[asked]
        if id(values) not in tables:
            columns = zip(*map(take, values), strict=True)
            tables[id(values)] = pl.DataFrame(
                [pl.Series(name, column, kind) for (name, kind), column in zip(kinds.items(), columns, strict=True)]
            )
        places = pl.Series(kept.who.places, dtype=pl.UInt32)
        found.append(tables[id(values)][pl.Series(numbers, dtype=pl.UInt32)[places]])
    return pl.concat(found).get_columns()


def _of(kept: KeptRows, rows: pl.DataFrame) -> list[list[int]]:
    """The columns of rows in the order of their numbers: those that were kept together, the number as a place."""
    begin, end = (rows["number"].search_sorted(number) for number in (kept.first, kept.first + len(kept)))
    numbers, *beside = rows[begin:end].get_columns()
    return [(numbers - kept.first).to_list(), *(column.to_list() for column in beside)]


def _stands_twice(texts: pl.Series, known: Collection[str]) -> pl.Series:
    """Which texts stand in several rows, or are known already; blank ones do not count."""
    # By numbers made of the texts: where they are the same of two texts, either is looked at, and no more.
    numbers = texts.hash()
    in_order = numbers.sort()
    twice = numbers.is_in(in_order.filter(in_order == in_order.shift()).unique().implode())
    return (texts != "") & (twice | texts.is_in([*known]) if len(known) > 1 else twice)


def folded(texts: pl.Series) -> pl.Series:
    """What is compared of some texts, as `cxc.text.fold` has it."""
    bare = texts.str.to_lowercase().str.replace_all(" ", "", literal=True)
    odd = places_where(texts.str.contains("[^0-9A-Za-z ]"))
    return bare.scatter(odd, [*map(fold, texts[odd])]) if len(odd) else bare


def may_be_no_ids(texts: pl.Series) -> pl.Series:
    """Which texts are no ids at a glance, as `is_plain_identifier` tells."""
    return (texts != "") & (~texts.str.contains("^[A-Za-z0-9]*[0-9]{3}$") | texts.str.contains("^0+$"))


def may_be_no_names(texts: pl.Series, folded: pl.Series) -> pl.Series:
    """Which texts are no names at a glance, as `is_plain_name` tells; beside them stands what is compared of them."""
    nothing = (folded == "") | folded.is_in([*NO_ORGANISATION])
    return (texts != "") & (nothing | texts.str.contains("[#\0]"))
