"""Large tables, held by Polars: to the byte what is written of them without it, whatever stands in them."""

import datetime
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from commands import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import good_trips, rulebooks, trips
from test_batch import FULL, cells, histories, people, reported, spoiled, written

from cxc.errors import InputError
from cxc.tables import csv_table, sources
from cxc.text import fold
from cxc.trip.texts import is_plain_identifier, is_plain_name
from cxc.visits import Visit, Visits

large_tables = pytest.importorskip("cxc.tables.large_tables")
polars_visits = pytest.importorskip("cxc.tables.polars_visits")

HEAD = "reference,visitor,visitor_id,visitor_country,host,host_country,host_cluster,arrival,departure"
TODAY = datetime.date(2023, 7, 1)
ROW = "T1,Acme,RO123,RO,Host,PT,yes,2023-05-14,2023-05-20"


@contextmanager
def held_by_polars(rows: int) -> Iterator[list[int]]:
    """Every table is large enough, and so many rows are given to Polars together. Gives how many it took at a time."""
    taken: list[int] = []
    frame_of = large_tables.frame_of

    def counting(*text: Any) -> object:
        frame = frame_of(*text)
        taken.append(0 if frame is None else len(frame))
        return frame

    with (
        patch.object(csv_table, "LARGE", 0),
        patch.object(csv_table, "VERY_MANY", rows),
        patch.object(csv_table, "TOGETHER", 200),
        patch.object(large_tables, "frame_of", counting),
    ):
        yield taken


def both(content: bytes, rulebook: str = "medic-nest", rows: int = 4, **options: Any) -> list[int]:
    """Hold the reports on a table against those without Polars; how many rows it took at a time."""
    with patch.object(sources, "HAS_POLARS", False):
        expected = reported("csv", content, rulebook, **options)
    with held_by_polars(rows) as taken:
        assert reported("csv", content, rulebook, **options) == expected
    return taken


def test_two_visits_of_one_organisation() -> None:
    """Where a rulebook allows more than one, trips are gone through one by one."""
    later = [ROW.replace("2023-05", f"2023-{month:02}").replace("T1", f"T{month}") for month in (6, 7, 8)]

    assert both("\n".join([HEAD, ROW, *later]).encode(), "two-visits", rows=2)


def test_some_state_only_an_id_and_others_only_a_name() -> None:
    """Nobody can tell them apart, so each is held against all others."""
    rows = [ROW.replace("Acme", ""), *[ROW] * 3, ROW.replace("RO123", ""), *[ROW] * 3]

    both("\n".join([HEAD, *rows]).encode())


def test_ids_that_are_none() -> None:
    """Nobody could tell by them who has visited before."""
    assert both(
        "\n".join([HEAD, *(ROW.replace("RO123", text) for text in ("1.2E+11", "RО123", "RO123"))]).encode(), rows=2
    )


def test_a_table_that_names_nobody() -> None:
    """Without a column of ids, or of names."""
    for column in ("visitor", "visitor_id"):
        at = HEAD.split(",").index(column)
        lines = [
            ",".join(cell for place, cell in enumerate(line.split(",")) if place != at) for line in [HEAD, *[ROW] * 5]
        ]
        assert both("\n".join(lines).encode(), rows=2)


@pytest.mark.parametrize("lacks", [(2, 3), (2,), (3,), (1,)])
def test_visitors_with_one_name_some_of_whom_cannot_be_told(lacks: tuple[int, ...]) -> None:
    """Above, below and between rows of the same name whose visitor can be told."""
    blank = ",".join("" if at in lacks else cell for at, cell in enumerate(ROW.split(",")))
    rows = [line.replace("2023-05", f"2023-{month:02}") for month, line in enumerate([ROW, blank] * 4, 1)]
    for lines in (rows, rows[::-1], [blank, *[ROW] * 3, blank, ROW.replace("RO123", "RO124")]):
        assert both("\n".join([HEAD, *lines]).encode(), rows=2)


@pytest.mark.parametrize("history", [None, []])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "rows",
    [
        ["Acme,RO1001,RO,,2023-05-01,2023-05-07,,,", "Acme,RO1001,RO,yes,2023-05-10,2023-05-16,,,"],
        ["Acme,RO1001,RO,yes,2023-05-01,2023-05-07,,,", "Acme,RO1001,RO,yes,2023-05-10,2023-05-16,,,"],
        [
            "Acme,RO1001,RO,yes,2023-05-01,2023-05-07,,,",
            "Acme,RO1001,RO,yes,2023-05-10,2023-05-16,CXC303,Ana Pop,2023-04-01",
            "Acme,RO1001,RO,yes,2023-06-10,2023-06-13,,,",
        ],
    ],
    ids=["after one that is undecided", "after one that counts", "one that is approved"],
)
def test_a_visitor_that_may_be_the_one_of_a_row_without_a_country(
    rows: list[str], strict: bool, history: list[Visit] | None
) -> None:
    """Whatever trip may be paid is told of that row, also one that comes behind another one of its visitor."""
    head = "visitor,visitor_id,visitor_country,host_cluster,arrival,departure,approved,approved_by,approved_on,host_country"
    lines = [f"{row},PT" for row in ["Acme,,,yes,2023-05-20,2023-05-26,,,", *rows]]
    for table in (lines, lines[::-1]):
        assert both("\n".join([head, *table]).encode(), rows=2, strict=strict, history=history)


@pytest.mark.parametrize("format", ["jsonl", "text", "html"])
def test_formats_that_show_more_than_was_kept_go_without(format: str) -> None:
    """Polars would save them nothing, and takes memory."""
    with held_by_polars(4) as taken:
        reported(format, "\n".join([HEAD, *[ROW] * 50]).encode())

    assert not taken


@pytest.mark.many
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.one_of(trips(), good_trips()), spoiled, cells), min_size=1, max_size=12),
    rulebooks,
    st.booleans(),
    histories,
    st.integers(1, 8),
)
def test_both_holders_write_the_same(
    stated: list[tuple[dict[str, Any], dict[str, str], str]],
    rulebook: str,
    strict: bool,
    history: list[Any] | None,
    rows: int,
) -> None:
    """Whatever the rows state, in whatever parts they are read."""
    table = [{**trip, **fault, "host": cell or trip.get("host", "")} for trip, fault, cell in stated]

    both(written(table).encode("utf-8", "replace"), rulebook, rows, strict=strict, history=history)


@pytest.mark.many
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(people, min_size=1, max_size=12), histories, st.booleans(), st.integers(1, 8))
def test_both_holders_know_who_comes_again(
    stated: list[dict[str, Any]], history: list[Any] | None, strict: bool, rows: int
) -> None:
    """Ids and names of visitors meet across all parts of a table."""
    table = [
        FULL
        | row
        | ({"approved_by": "Ana", "approved_on": "2023-01-01"} if row["approved"] else {})
        | {"arrival": str(row["arrival"]), "departure": f"2023-01-{row['arrival'].day + 6:02}"}
        for row in stated
    ]

    both(written(table).encode(), rows=rows, strict=strict, history=history)


# Organisations that say in nearly every row who they are: what comes before their trips is told in columns.
regulars = st.tuples(
    st.integers(0, 3),  # who
    st.integers(0, 40),  # the day of arrival
    st.sampled_from([6, 6, 6, 3, 1]),  # the days until the departure
    st.sampled_from(["RO", "RO", "RO", "BG"]),
    st.sampled_from(["yes", "yes", "yes", "", "none"]),
    st.sampled_from(
        [{}] * 12
        + [{"visitor": "Other 0"}, {"visitor_id": "RO1000"}, {"visitor_id": ""}, {"host": "#REF!"}]
        + [{"arrival": "", "departure": ""}]
    ),
)


@pytest.mark.many
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(regulars, min_size=1, max_size=16),
    st.booleans(),
    st.sampled_from([None, [], [Visit("history.csv", 2, "Other 1", "RO1001", "RO", None)]]),
    st.integers(1, 8),
    st.sampled_from([4_000_000, 1]),
    st.sampled_from(["medic-nest", "eccp"]),
)
def test_both_holders_tell_regulars_the_same(
    stated: list[tuple[int, int, int, str, str, dict[str, str]]],
    strict: bool,
    history: list[Visit] | None,
    rows: int,
    most: int,
    rulebook: str,
) -> None:
    """Trips of one visitor in any order of dates, alike or at once, and the resolver beginning anew in between."""
    table = []
    for who, day, days, country, cluster, other in stated:
        arrival = datetime.date(2023, 1, 1) + datetime.timedelta(days=day)
        dates = {"arrival": str(arrival), "departure": str(arrival + datetime.timedelta(days=days))}
        visitor = {"visitor": f"Other {who}", "visitor_id": f"RO100{who}", "visitor_country": country}
        table.append(FULL | visitor | dates | {"host": "H", "host_country": "PT", "host_cluster": cluster} | other)

    with patch("cxc.verdict.MOST_NUMBERED", most):
        both(written(table).encode(), rulebook, rows, strict=strict, history=history)


@pytest.mark.many
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(regulars, st.sampled_from(["", "", "2023-06-30"])), min_size=1, max_size=14),
    st.sampled_from(
        [
            None,
            [],
            [Visit("history.csv", 2, "Other 1", "RO1001", "RO", datetime.date(2023, 1, day)) for day in (3, 4)],
        ]
    ),
    st.integers(1, 8),
    st.sampled_from(["medic-nest", "two-visits"]),
)
def test_both_holders_tell_alike_of_what_is_paid(
    stated: list[tuple[tuple[int, int, int, str, str, dict[str, str]], str]],
    history: list[Visit] | None,
    rows: int,
    rulebook: str,
) -> None:
    """At the stage of payment, whichever trips of a visitor are marked, and on whatever days a history has them."""
    table = []
    for (who, day, days, country, cluster, other), paid_on in stated:
        arrival = datetime.date(2023, 1, 1) + datetime.timedelta(days=day % 5 * 7)
        dates = {"arrival": str(arrival), "departure": str(arrival + datetime.timedelta(days=days))}
        visitor = {"visitor": f"Other {who}", "visitor_id": f"RO100{who}", "visitor_country": country}
        trip = FULL | visitor | dates | {"host": f"H{day % 2}", "host_country": "PT", "host_cluster": cluster}
        table.append(trip | {"paid_on": paid_on, "report_validated": "2023-06-20"} | other)

    both(written(table).encode(), rulebook, rows, history=history, today=TODAY)


def test_what_is_paid_is_told_of_regulars() -> None:
    """Whose trips are all marked, or none of them, are told in columns as ever; the others one by one."""
    head = f"{HEAD},registered,commitment_signed,agreement_signed,report_validated,evidence,paid_on"
    papers = "yes,2021-12-01,2021-12-01,2023-06-20,tickets;attendance-list"
    marked, unmarked = f"{papers},2023-06-30", f"{papers},"

    def trips(papers: str, first: int = 0) -> list[str]:
        return [
            f"T,Acme {at % 4},RO10{at % 4},RO,H,PT,yes,2022-0{1 + at}-02,2022-0{1 + at}-08,{papers}"
            for at in range(first, first + 4)
        ]

    def say(*lines: str) -> int:
        with held_by_polars(4):
            return sum(
                "marked as paid" in line for line in reported("csv", "\n".join([head, *lines]).encode(), today=TODAY)
            )

    with patch.object(Visits, "recall", side_effect=AssertionError):
        assert say(*trips(marked), *trips(marked, 4)) == 0
        assert say(*trips(unmarked), *trips(unmarked, 4)) == 0
    for lines, told in (
        ([*trips(unmarked), *trips(marked, 4)], 4),
        ([*trips(marked, 4), *trips(unmarked)], 4),
        ([*trips(marked), *trips(unmarked, 4)], 0),  # they are refused for these very rows
    ):
        assert say(*lines) == told
        both("\n".join([head, *lines]).encode(), today=TODAY)


def test_trips_of_regulars_are_told_in_columns() -> None:
    """None of them is held one by one against others, unless two of a visitor overlap."""
    lines = [f"T,Acme {at % 4},RO10{at % 4},RO,H,PT,yes,2023-0{1 + at}-02,2023-0{1 + at}-08" for at in range(8)]
    with patch.object(Visits, "recall", side_effect=AssertionError):
        assert both_told("\n".join([HEAD, *lines])) == 4
    assert both_told("\n".join([HEAD, *lines, lines[0]])) == 5


def test_trips_of_regulars_whose_answers_were_forgotten() -> None:
    """They are judged once more by what was kept of them, whatever numbers it has by now."""
    lines = [f"T,Acme {at % 4},RO10{at % 4},RO,H,PT,yes,2023-0{1 + at}-02,2023-0{1 + at}-08" for at in range(8)]
    with patch("cxc.verdict.MOST_NUMBERED", 1):
        assert sum(both("\n".join([HEAD, *lines]).encode(), rows=2)) == 8


def both_told(content: str) -> int:
    """How many rows say with either holder that the organisation has visited before."""
    with held_by_polars(4):
        return sum("CXC303" in line for line in reported("csv", content.encode()))


names = st.one_of(
    st.text(max_size=8),
    st.from_regex(r"[A-Za-z0-9 .,#-]{0,8}", fullmatch=True),
    st.sampled_from(["tbc", "XXX", "000", "1.23457E+11", "ΕL123"]),
)


@given(st.lists(names, min_size=1, max_size=6))
def test_texts_are_compared_and_doubted_alike(texts: list[str]) -> None:
    """What Polars makes of ids and names is what Python makes of them."""
    series = polars_visits.pl.Series(texts, dtype=polars_visits.pl.String)
    folded = polars_visits.folded(series)

    assert folded.to_list() == [*map(fold, texts)]
    doubted = [bool(text) and not is_plain_name(text, fold(text)) for text in texts]
    assert polars_visits.may_be_no_names(series, folded).to_list() == doubted
    assert polars_visits.may_be_no_ids(series).to_list() == [
        bool(text) and not is_plain_identifier(text) for text in texts
    ]


def test_plain_rows_are_held_by_polars() -> None:
    """In parts, and all of them."""
    taken = both("\n".join([HEAD, *[ROW] * 50]).encode())

    assert sum(taken) == 50
    assert len(taken) > 1


UNEVEN = [
    pytest.param([ROW.replace("Acme", '"Acme, Ltd"')], id="quoted"),
    pytest.param([ROW.replace("Acme", '"Acme\nLtd"')], id="quoted over two lines"),
    pytest.param([ROW.replace("Acme", 'Ac"me')], id="a quotation mark within"),
    pytest.param([ROW.replace("Acme", '"Acme')], id="a cell that never ends"),
    pytest.param([ROW + ",more"], id="too long"),
    pytest.param([ROW.rpartition(",")[0]], id="too short"),
    pytest.param([ROW + ",more", ROW.rpartition(",")[0]], id="as many cells as there should be"),
    pytest.param(["", ""], id="blank lines"),
    pytest.param([",,,,,,,,"], id="blank cells"),
    pytest.param([",,,,,,,,"] * 60, id="parts of blank cells alone"),
    pytest.param([" ,\t, ,,,,,,"], id="cells of white space"),
    pytest.param(["\x1c,\x1d,\x1e,\x1f,,,,,"], id="white space that Python alone knows"),
    pytest.param(["\u3000,\xa0,\x85,,,,,,"], id="white space beyond ASCII"),
    pytest.param([",,\u3000,,,,\xa0,,"], id="no trip, but for white space beyond ASCII"),
    pytest.param(["Total,,,,,\x1c,\x1f,,\x1d"], id="no trip, but for white space"),
    pytest.param(["Total,,,,,,,,"], id="no trip"),
    pytest.param(["T1;Acme;RO123;RO;Host;PT;yes;2023-05-14;2023-05-20,,,,,,,,"], id="all in one cell"),
    pytest.param([ROW.replace("Acme", "Ac\0me")], id="NUL"),
    pytest.param([ROW.replace("Acme", "Ac\rme")], id="a stray carriage return"),
    pytest.param([ROW.replace("Acme", "Ac\x0b\x85\u2028me")], id="other ends of lines"),
    pytest.param([ROW.replace("Acme", "#REF!")], id="an error of a spreadsheet"),
    pytest.param([f" {ROW} "], id="white space around"),
    pytest.param([ROW.replace("Acme", "=1+1")], id="a formula"),
    pytest.param([ROW.replace("PT", "NA")], id="Namibia is no blank"),
    pytest.param([ROW.replace("PT", "null")], id="null is a text"),
    pytest.param([ROW.replace("Acme", "Łódź Ácme 株式会社")], id="letters"),
]


@pytest.mark.parametrize("rows", UNEVEN)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_that_are_not_plain(rows: list[str], end: str) -> None:
    """They are read as ever, and so are those around them."""
    lines = [HEAD, *[ROW] * 9, *rows, *[ROW] * 9, *rows, *[ROW] * 9]

    both(end.join(lines).encode())
    both(end.join([*lines, ""]).encode())


def test_a_byte_order_mark_below_the_heading() -> None:
    """As in files that were put together: wherever a part begins, it stands in the cell where it is written."""
    lines = [f"expected_outcome,{HEAD}", *[f"\ufeff,{ROW}"] * 9]

    assert not any(both("\n".join(lines).encode(), rows=1))
    with held_by_polars(1):
        assert all("unreadable" in line for line in reported("csv", "\n".join(lines).encode()))


@pytest.mark.parametrize("row", [ROW + ",more", ROW.rpartition(",")[0], "", ",,,,,,,,"])
def test_one_row_that_is_not_plain_among_many(row: str) -> None:
    """It takes nobody but the rows of its own part the ordinary way, wherever it stands."""
    for before in (0, 40, 80):
        lines = [HEAD, *[ROW] * before, row, *[ROW] * (80 - before)]
        assert sum(both("\n".join([*lines, ""]).encode(), rows=100)) >= 72


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_another_delimiter(delimiter: str) -> None:
    """Commas are letters there."""
    lines = "\n".join([HEAD, *[ROW] * 9]).replace(",", delimiter)

    assert sum(both(lines.replace("Acme", "Acme, Ltd").encode())) == 9


def test_a_delimiter_beyond_ascii() -> None:
    """Polars knows none."""
    lines = "\n".join([HEAD, *[ROW] * 9]).replace(",", "¦")

    assert not both(f"sep=¦\n{lines}".encode())


def test_text_that_is_not_what_it_is_said_to_be() -> None:
    """Bytes that are no text in this encoding, of a table whose heading can be read."""
    content = "\n".join([HEAD, *[ROW.replace("Acme", "Ácme")] * 9]).encode("latin-1")
    said = []
    for holder in (True, False):
        with patch.object(sources, "HAS_POLARS", holder), held_by_polars(4), pytest.raises(InputError) as refused:
            reported("csv", content)
        said.append(str(refused.value))

    assert said[0] == said[1]
    assert "UTF-8" in said[0]


@pytest.mark.parametrize("heading", [f"{HEAD},,", HEAD.replace("reference", "my notes"), "sep=,\n" + HEAD])
def test_other_headings(heading: str) -> None:
    """Columns without a name, columns that are no field, and a line before the heading."""
    both("\n".join([heading, *[ROW + ",," if heading.endswith(",,") else ROW] * 9]).encode())


def test_texts_that_are_met_later() -> None:
    """Numbers of texts and of combinations stay what they are, however many come later, and when all begins anew."""
    lines = [ROW.replace("05-20", f"05-{16 + at % 12}").replace(",PT,", f",{['PT', 'ES', 'AT', 'DE', 'FR', 'NO', 'US'][at % 7]},")
             for at in range(200)]  # fmt: skip
    both("\n".join([HEAD, *lines]).encode(), rows=10)
    both("\n".join([HEAD, *lines]).encode(), rows=200)
    with patch("cxc.verdict.MOST_NUMBERED", 30):
        both("\n".join([HEAD, *lines]).encode(), rows=10)
    for limit in ("_DENSE", "_AT_ONCE"):
        with patch(f"cxc.tables.polars_rows.{limit}", 50):
            both("\n".join([HEAD, *lines]).encode(), rows=10)


def test_what_polars_is_asked_is_not_on_its_way_out() -> None:
    """An option has another name since 1.43; the old one still works for a while, with a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = large_tables.frame_of(b"a,\nb,c\n", ",", 2, 2)

    assert frame is not None
    assert frame.rows() == [("a", ""), ("b", "c")]


def test_a_polars_that_is_too_old_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then all tables go the ordinary way."""
    content = "\n".join([HEAD, *[ROW] * 3]).encode()
    expected = reported("csv", content)
    monkeypatch.setitem(sys.modules, "cxc.tables.large_tables", None)
    monkeypatch.setattr(csv_table, "LARGE", 0)

    assert reported("csv", content) == expected
    polars = pytest.importorskip("polars")
    monkeypatch.delattr(polars, "Categories")
    spec = importlib.util.find_spec("cxc.tables.polars_rows")
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(ImportError, match="too old"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.mark.parametrize(
    ("there", "large", "options", "told"),
    [
        (False, 0, ["--format", "csv"], 1),
        (True, 0, ["--format", "csv"], 0),
        (False, 10_000, ["--format", "csv"], 0),
        (False, 0, ["-q"], 0),
        (False, 0, ["--format", "jsonl"], 0),
    ],
)
def test_what_the_extra_would_bring(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, large: int, options: list[str], told: int
) -> None:
    """It is said once, of tables that are large, where the extra is not there."""
    path = tmp_path / "trips.csv"
    path.write_text("\n".join([HEAD, ROW]))
    monkeypatch.setattr(csv_table, "LARGE", large)
    monkeypatch.setattr(sources, "HAS_POLARS", there)

    assert run("validate", str(path), *options).err.count("pip install polars") == told


@pytest.mark.parametrize("below", [HEAD, ",".join(reversed(HEAD.split(","))), "arrival,host,visitor,,,,,,"])
@pytest.mark.parametrize("before", [0, 3, 30])
@pytest.mark.parametrize("rows", [4, 100])
def test_headings_below_the_heading(below: str, before: int, rows: int) -> None:
    """In whatever part they stand: repeated, of a second table, and both."""
    lines = [ROW.replace("RO123", f"RO{at % 20}").replace("Acme", f"Acme {at % 20}") for at in range(40)]
    for again in ([below], [HEAD, below], [below, HEAD]):
        table = [HEAD, *lines[:before], *again, *lines[before:], "Total,,,,,,,,"]
        taken = both("\n".join(table).encode(), rows=rows)
        assert sum(taken) > len(lines)
