"""Frames: their verdicts are those of the same table as CSV, whatever the library, and values are read as one trip's are."""

import csv
import datetime
import io
import re
import runpy
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any

import hostile
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pytest
from commands import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import good_trips, trips

import cxc
from cxc.errors import InputError, NotInstalled, TripError
from cxc.reports.csv import RESULTS
from cxc.reports.values import why
from cxc.trip.fields import FIELDS

HERE = Path(__file__).parent
Columns = dict[str, list[str]]
KINDS: dict[str, Callable[[Any], Any]] = {"polars": pl.DataFrame, "pandas": pd.DataFrame}
GOOD: dict[str, Any] = {
    "host_country": "PT",
    "host_cluster": "yes",
    "arrival": datetime.date(2023, 5, 14),
    "departure": datetime.date(2023, 5, 20),
}
anything = pytest.mark.parametrize("kind", KINDS)


def arrow(columns: Any) -> Any:
    return pytest.importorskip("pyarrow").table(columns)


def one(kind: str, trip: dict[str, Any]) -> Any:
    """A frame of one trip."""
    return KINDS[kind]({field: [value] for field, value in trip.items()})


def results(frame: Any) -> list[list[str]]:
    """The results in a frame, written as csv writes them."""
    known: Any = nw.from_native(frame)
    assert known.columns[-len(RESULTS) :] == list(RESULTS)
    columns = [
        ["" if none else f"{value:.2f}" if isinstance(value, Decimal) else str(value) for none, value in
         zip(known[name].is_null().to_list(), known[name].to_list(), strict=True)]
        for name in RESULTS
    ]  # fmt: skip
    return [list(row) for row in zip(*columns, strict=True)]


def read(text: str) -> Columns:
    heading, *rows = csv.reader(io.StringIO(text, newline=""))
    return {name: [row[at] for row in rows] for at, name in enumerate(heading)}


def made_trips(rows: int) -> str:
    """The table that scripts/make_trips.py writes."""
    text = io.StringIO()
    with redirect_stdout(text):
        runpy.run_path(str(HERE.parent / "scripts" / "make_trips.py"))["main"](rows)
    return text.getvalue()


def hostile_trips(folder: Path) -> str:
    return hostile.write(folder / "hostile.csv").read_bytes().decode()


TABLES: dict[str, Callable[[Path], str]] = {
    "stored": lambda _: (HERE / "stored" / "trips.csv").read_text(encoding="utf-8"),
    "made": lambda _: made_trips(400),
    "hostile": hostile_trips,
}


@pytest.fixture
def as_csv(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[str]]]:
    """The results that csv writes of a table. It is called `frame`, so that messages name it alike."""
    monkeypatch.chdir(tmp_path)

    def written(text: str, *options: str) -> list[list[str]]:
        (tmp_path / "frame").write_bytes(text.encode())
        out = run("validate", "frame", "--format", "csv", *options).out
        return [row[-len(RESULTS) :] for row in csv.reader(io.StringIO(out, newline=""))][1:]

    return written


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("make", [*KINDS.values(), arrow], ids=[*KINDS, "pyarrow"])
@pytest.mark.parametrize("large", [0, 25_000], ids=["held by Polars", "in lists"])
def test_results_are_those_of_csv(
    table: str,
    make: Callable[[Any], Any],
    large: int,
    as_csv: Callable[..., list[list[str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows of every kind: eligible, refused, open, unreadable, no trips, repeated visitors, formulas, expectations."""
    monkeypatch.setattr("cxc.tables.cells.LARGE", large)
    text = TABLES[table](tmp_path)
    frame = make(read(text))

    found, expected = results(cxc.judge_frame(frame)), as_csv(text)
    if table == "hostile":  # a cell of several lines makes a row of several lines, which csv counts
        found, expected = unnumbered(found), unnumbered(expected)
    assert found == expected


def unnumbered(rows: list[list[str]]) -> list[list[str]]:
    return [[re.sub(r"\b([Rr]ow) \d+", r"\1 N", cell) for cell in row] for row in rows]


@anything
def test_results_are_those_of_csv_under_the_same_options(
    kind: str, as_csv: Callable[..., list[list[str]]], tmp_path: Path
) -> None:
    """Rulebook, strictness, histories and forms of dates count here, too."""
    text = TABLES["stored"](tmp_path)
    (tmp_path / "visits.csv").write_text("visitor_id,arrival\nRO1001,01.02.2022\n", encoding="utf-8")
    options = ["--rulebook", "eccp", "--strict", "--history", "visits.csv", "--history-date-format", "DD.MM.YYYY"]
    found = cxc.judge_frame(
        KINDS[kind](read(text)),
        rulebook="eccp",
        strict=True,
        history="visits.csv",
        history_date_format="DD.MM.YYYY",
    )

    assert results(found) == as_csv(text, *options)
    assert "CXC303" in results(found)[0][4]


@pytest.mark.many
@anything
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(rows=st.lists(st.one_of(trips(), good_trips()), min_size=1, max_size=6))
def test_results_of_any_trips_are_those_of_csv(
    kind: str, as_csv: Callable[..., list[list[str]]], rows: list[dict[str, Any]]
) -> None:
    """Whatever the trips, and however often a visitor comes again."""
    rows = [{**row, "host_cluster": row.get("host_cluster", "yes")} for row in rows]  # csv leaves out blank lines
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)

    assert results(cxc.judge_frame(KINDS[kind](read(text.getvalue())))) == as_csv(text.getvalue())


class Odd:
    """A value that is neither text nor number."""

    def __str__(self) -> str:
        return "odd"


VALUES: list[dict[str, Any]] = [
    {"travellers": 1},
    {"travellers": 1.0},
    {"travellers": 1.5},
    {"travellers": True},
    {"travellers": Decimal("1.00")},
    {"residence_days": 183.0, "third_country_national": True, "business_there": True},
    {"distance_km": 1.234},
    {"distance_km": float("inf")},
    {"distance_km": Decimal("150.0"), "visitor_country": "ES"},
    {"activity": ["fair", None, "networking"]},
    {"activity": ["fairs"]},
    {"host_cluster": True},
    {"host_cluster": False},
    {"host_cluster": 5},
    {"third_country_national": 0},
    {"visitor": True},
    {"visitor": True, "host": "n/a", "host_country": "Atlantis"},
    {"visitor": 5},
    {"visitor": "A\0b"},
    {"visitor": b"Acme"},
    {"visitor": datetime.time(9, 30)},
    {"reference": datetime.date(2023, 5, 14)},
    {"reference": 1.5},
    {"arrival": datetime.datetime(2023, 5, 14, 9, 30, tzinfo=datetime.UTC)},
    {"visitor": datetime.datetime(2023, 5, 14, 9, 30, tzinfo=datetime.UTC)},
    {"arrival": "2023-05-14"},
    {"arrival": 45060},
    {"host_country": None},
]


@anything
@pytest.mark.parametrize("date_format", ["YYYY-MM-DD", "D.M.YYYY"])
@pytest.mark.parametrize("stated", VALUES, ids=str)
def test_values_are_read_as_those_of_one_trip(kind: str, stated: dict[str, Any], date_format: str) -> None:
    """Numbers, dates, lists, true and false: taken or refused in the same words."""
    trip = GOOD | stated
    (row,) = cxc.check_rows([trip], date_format=date_format)
    found = cxc.judge_frame(one(kind, trip), date_format=date_format)

    assert (results(found)[0][0], results(found)[0][-1]) == (row.outcome, why(row))
    try:
        cxc.check(**trip, date_format=date_format)
    except TripError as error:
        assert all(problem.message in results(found)[0][-1] for problem in error.problems)


@anything
def test_what_is_missing_is_not_stated(kind: str) -> None:
    """null, NaN and NaT are blanks, in columns of every type."""
    rows = 3
    typed: dict[str, list[Any]] = {
        "travellers": [1, None, None],
        "distance_km": [float("nan"), 2900.5, None],
        "third_country_national": [None, False, None],
        "activity": [["fair"], None, []],
        "visitor": ["Acme", None, ""],
    }
    frame = KINDS[kind]({**{field: [value] * rows for field, value in GOOD.items()}, **typed})
    cells: list[dict[str, Any]] = [{"travellers": "1", "visitor": "Acme", "activity": "fair"},
             {"distance_km": 2900.5, "third_country_national": "no"}, {}]  # fmt: skip

    assert results(cxc.judge_frame(frame)) == results(cxc.judge_frame(KINDS[kind]([GOOD | row for row in cells])))


def test_what_pandas_calls_missing() -> None:
    """NA, NaT and None, and the numbers of NumPy in columns of objects, which Spark and Parquet leave there."""
    import numpy as np

    frame = pd.DataFrame(
        {
            "host_country": ["PT"] * 4,
            "host_type": ["sme"] * 4,
            "host_cluster": pd.array([True, True, pd.NA, False], dtype="boolean"),
            "arrival": pd.to_datetime(["2023-05-14 00:00", "2023-05-14 09:30", "", "2023-05-14 00:00"]),
            "departure": pd.Series([datetime.date(2023, 5, 20)] * 2 + [pd.NaT] + [pd.Timestamp("2023-05-20")]),
            "travellers": pd.Series([np.int64(1), np.float64(1), None, pd.NA], dtype=object),
            "activity": pd.Series([np.array(["fair", "networking"]), None, [], np.array(["fair"])]),
            "visitor_type": pd.Categorical(["sme", "sme", None, "sme"]),
        }
    )
    found = cxc.judge_frame(frame)

    assert found["outcome"].tolist() == ["eligible", "unreadable", "undecided", "not-eligible"]
    assert found["message"][1] == "arrival: '2023-05-14 09:30:00' has a time of day; state the day alone."
    assert found["needed"][2] == "host_cluster;arrival;departure"


def test_a_column_of_texts_and_other_values() -> None:
    """pandas is asked by the first objects of a column what it holds; what stands below is read as what it is."""
    day = datetime.date(2023, 5, 14)
    rows = [{**GOOD, "arrival": "14.5.2023", "departure": "20.5.2023"}] * 200
    frame = pd.DataFrame([*rows, {**GOOD, "arrival": day, "visitor": {"a", "b"}}, {**GOOD, "visitor": {"a", "b"}}])
    found = cxc.judge_frame(frame, date_format="D.M.YYYY")

    assert found["outcome"].tolist() == [*["eligible"] * 200, "unreadable", "unreadable"]
    assert "is not a text or a number" in found["message"][200]
    found = cxc.judge_frame(frame.drop(columns="visitor"), date_format="D.M.YYYY")
    assert found["outcome"].tolist() == ["eligible"] * 202


def test_zones_of_time() -> None:
    """Midnight is midnight where the time is stated; a day is not moved."""
    zone = datetime.timezone(datetime.timedelta(hours=3))
    days = [datetime.datetime(2023, 5, day, tzinfo=zone) for day in (14, 20)]
    found = cxc.judge_frame(
        pd.DataFrame({"host_country": ["PT"], "host_cluster": ["yes"], "arrival": days[:1], "departure": days[1:]})
    )

    assert found["days_on_site"].tolist() == [5]


# What comes back


ROWS = 3
THREE = {
    "host_country": ["PT", "NO", ""],
    "outcome": [1, 2, 3],
    "host_cluster": ["yes", "yes", ""],
    "arrival": [datetime.date(2023, 5, 14)] * 2 + [None],
    "departure": [datetime.date(2023, 5, 20)] * 2 + [None],
    "input_outcome": ["a", "b", "c"],
}
NAMES = ["host_country", "input_outcome", "host_cluster", "arrival", "departure", "input_input_outcome"]


def test_types_of_polars() -> None:
    """Text, exact amounts, whole days; the frame's own columns as they were."""
    found = cxc.judge_frame(pl.DataFrame(THREE))

    assert found.columns == [*NAMES, *RESULTS]
    assert [kind for name, kind in found.schema.items() if name in RESULTS] == [
        pl.String, pl.Decimal(18, 2), pl.Int64, pl.Int64, pl.String, pl.String, pl.String]  # fmt: skip
    assert found["payable_eur"].to_list() == [Decimal("780.00"), None, None]
    assert found["days_on_site"].to_list() == [5, 5, None]
    assert found["failed"].to_list() == ["", "CXC102", ""]
    assert found["outcome"].to_list() == ["eligible", "not-eligible", ""]
    assert found["input_outcome"].to_list() == [1, 2, 3]
    assert found["arrival"].dtype == pl.Date
    assert found["payable_eur"].sum() == Decimal("780.00")


def test_types_of_pandas_and_its_index() -> None:
    """An index is kept, whatever is in it, and the frame that was given is as it was."""
    frame = pd.DataFrame(THREE, index=pd.Index(["x", "x", None], name="key"))
    before = frame.copy()
    found = cxc.judge_frame(frame)

    pd.testing.assert_frame_equal(frame, before)
    assert isinstance(found, pd.DataFrame)
    assert found.index.equals(frame.index)
    assert found.index.name == "key"
    assert list(found.columns) == [*NAMES, *RESULTS]
    assert list(found["payable_eur"]) == [Decimal("780.00"), None, None]
    assert found["payable_eur"].sum() == Decimal("780.00")
    assert [str(found[name].dtype) for name in ("days_on_site", "working_days")] == ["Int64", "Int64"]
    assert found["working_days"].to_list()[:2] == [5, 3]
    assert found["outcome"].to_list() == ["eligible", "not-eligible", ""]


def test_types_of_pyarrow() -> None:
    """A PyArrow table comes back as one."""
    pa = pytest.importorskip("pyarrow")
    found = cxc.judge_frame(pa.table(THREE))

    assert isinstance(found, pa.Table)
    assert found.schema.field("payable_eur").type == pa.decimal128(18, 2)
    assert found.column("days_on_site").to_pylist() == [5, 5, None]


@anything
def test_a_frame_without_rows(kind: str) -> None:
    """Nothing to judge is no error, and the columns have their types."""
    empty = nw.from_native(KINDS[kind](THREE), eager_only=True)[:0].to_native()
    found = cxc.judge_frame(empty)

    assert list(found.columns) == [*NAMES, *RESULTS]
    assert len(found) == 0
    assert kind == "pandas" or found.schema["payable_eur"] == pl.Decimal(18, 2)


def test_columns_that_are_no_fields_may_hold_anything() -> None:
    """Structures, lists and objects in one's own columns stay as they are."""
    frame = pl.DataFrame({**{field: [value] for field, value in GOOD.items()}, "note": [{"a": [1, 2]}]})
    found = cxc.judge_frame(frame)

    assert found["note"].to_list() == [{"a": [1, 2]}]
    assert found["outcome"].to_list() == ["eligible"]
    numbered = pd.DataFrame([[*GOOD.values(), Odd()]], columns=[*GOOD, 5])
    assert list(cxc.judge_frame(numbered).columns) == [*GOOD, 5, *RESULTS]


@anything
def test_expectations_may_be_numbers(kind: str) -> None:
    """What a row expects to be paid is read from a number as from a text."""
    for expected in (780, 780.0, Decimal("780.00"), 780.5, 780.25):
        (row,) = results(cxc.judge_frame(one(kind, {**GOOD, "expected_eur": expected})))
        assert (row[-1] == "") == (expected == 780), row
        assert row[0] == "eligible"


@anything
def test_headings_of_ones_own(kind: str) -> None:
    """`columns` says which field is meant; what it names wrongly is told."""
    trip = {"Land": "PT", "Ankunft": "14.05.2023", "Abreise": "20.05.2023", "host_cluster": "yes"}
    own = {"Land": "host_country", "Ankunft": "arrival", "abreise": "Departure"}
    found = cxc.judge_frame(one(kind, trip), columns=own, date_format="DD.MM.YYYY")

    assert results(found)[0][0] == "eligible"
    with pytest.raises(
        InputError, match=r"^columns: 'arival', for the column 'Ankunft', is not a field; did you mean arri"
    ):
        cxc.judge_frame(one(kind, trip), columns={"Ankunft": "arival"})
    with pytest.raises(
        InputError, match=r"^frame: columns renames the column 'Anreise', which does not exist; the col"
    ):
        cxc.judge_frame(one(kind, trip), columns={"Anreise": "arrival", **own})
    with pytest.raises(InputError, match=r"^frame: there is no column host_country, arrival or departure"):
        cxc.judge_frame(one(kind, trip))
    with pytest.raises(InputError, match=r"the columns are Land; rename the headings that are meant.*, with columns$"):
        cxc.judge_frame(one(kind, {"Land": "PT"}))


def test_headings_that_are_numbers() -> None:
    """As pandas makes them where there are none."""
    frame = pd.DataFrame([list(GOOD.values())])
    found = cxc.judge_frame(frame, columns={str(number): field for number, field in enumerate(GOOD)})

    assert list(found.columns) == [0, 1, 2, 3, *RESULTS]
    assert found["outcome"].tolist() == ["eligible"]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pl.LazyFrame(GOOD), "a lazy frame has no rows yet.*frame.collect()"),
        ([GOOD], "list is not a known frame; give a DataFrame of Polars or pandas"),
        (pl.Series([1]), "Series is not a known frame"),
        (None, "NoneType is not a known frame"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "frame: two columns have the same name; rename one of them"),
        (pl.DataFrame({**GOOD, "Host country": "PT"}), "'host_country' and 'Host country' both name host_country"),
        (pl.DataFrame({**GOOD, "visitor": [["Acme"]]}), "the column 'visitor' holds lists; visitor needs one value in"),
        (pl.DataFrame({**GOOD, "host": [{"name": "A"}]}), "'host' holds structures of several values; host needs one"),
        (pl.DataFrame({**GOOD, "activity": [[["fair"]]]}), "activity needs a text or a list of texts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(frame: Any, says: str) -> None:
    """A sentence that says what to do."""
    with pytest.raises(InputError, match=says):
        cxc.judge_frame(frame)


def test_without_narwhals(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "narwhals.stable.v2", None)
    with pytest.raises(NotInstalled, match=r"needs more packages; install them with: pip install polars narwhals"):
        cxc.judge_frame(pl.DataFrame(GOOD))


def test_a_long_cell(as_csv: Callable[..., list[list[str]]]) -> None:
    """A text of a million letters is a text."""
    long = "x" * 1_000_000
    frame = pl.DataFrame({**GOOD, "visitor": long, "visitor_country": "RO"})

    assert cxc.judge_frame(frame)["outcome"].to_list() == ["eligible"]
    limit = csv.field_size_limit()
    cxc.judge_frame(frame)
    assert csv.field_size_limit() == limit
