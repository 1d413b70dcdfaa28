"""A heading below the heading: pages that were pasted together, and a second table in one file or sheet."""

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Run
from openpyxl import Workbook
from test_batch import judged

HEAD = "visitor,visitor_country,host,host_country,host_cluster,arrival,departure"
TRIP = "Org1,RO,Porto Lab,PT,Porto Cluster,2023-05-14,2023-05-20"
OTHER = "host,host_country,visitor,visitor_country,host_cluster,arrival,departure"
EXCHANGED = "Dublin Lab,IE,Org2,RO,Irish Cluster,2023-05-14,2023-05-20"
SECOND = "A second table begins in row {}. Save it as a file or sheet of its own."
REPEATED = "This row repeats the heading. Delete it."


def said(*lines: str, **options: Any) -> list[str]:
    """Of each row the outcome, or what is said where it cannot be read."""
    rows = judged("\n".join(lines).encode(), **options)
    return [" ".join(problem.message for problem in row.problems) or row.outcome for row in rows]


def test_a_second_table_is_not_read_by_the_first_heading() -> None:
    """Visitor and host would be exchanged, and the sum of another country paid."""
    second = SECOND.format(3)

    assert said(HEAD, TRIP, OTHER, EXCHANGED, EXCHANGED) == ["eligible", second, second, second]


def test_a_heading_that_is_repeated_changes_nothing() -> None:
    """Pages that were pasted together: rows below it are read as they were. It may be written a little otherwise."""
    later = TRIP.replace("Org1", "Org2")
    for again in (HEAD, HEAD.upper().replace("_", " "), f" {HEAD} ", HEAD.replace(",", " , ")):
        assert said(HEAD, TRIP, again, later, again) == ["eligible", REPEATED, "eligible", REPEATED]


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param(HEAD.replace("arrival,departure", "departure,arrival"), id="dates exchanged"),
        pytest.param(f"{HEAD},travellers", id="another column"),
        pytest.param(HEAD.removesuffix(",departure"), id="without a column"),
        pytest.param(HEAD.replace("visitor,", "our own,"), id="a column that is no field"),
        pytest.param("host_country,host_cluster,arrival,departure", id="core columns alone"),
        pytest.param("Gast,Land,host,Gastland,Cluster,arrival,departure", id="some in words of one's own"),
        pytest.param("arrival,departure,host", id="three"),
        pytest.param("Ref,Organisation,To,From,Cluster,Arrival date,Departure date", id="in other words"),
        pytest.param("Vizitator,Tara,Gazda,Tara gazda,Cluster,Sosire,Plecare", id="in another language"),
    ],
)
def test_other_columns_are_a_second_table(heading: str) -> None:
    assert said(HEAD, heading, TRIP) == [SECOND.format(2)] * 2


@pytest.mark.parametrize(
    "core", ["tbc,yes,tbc,tbc", "tbc,yes,unknown,TBD", "Atlantis,yes,soon,2023-05-20", "?,yes,?,??"]
)
def test_a_trip_of_which_little_is_known_is_no_heading(core: str) -> None:
    """What says that it is not known is no word of a heading, nor is one beside a day."""
    first, second = said(HEAD, f"Org1,RO,Lab,{core}", TRIP)

    assert "second table" not in first
    assert second == "eligible"


def test_a_second_table_beside_the_core_columns_of_the_first() -> None:
    """Its rows would be no trips by the first heading: neither country nor date nor cluster stands in its columns."""
    heading = f"a,b,c,d,e,{HEAD}"
    second = "host_country,host_cluster,arrival,departure,,,,,,,,"

    found = said(heading, f",,,,,{TRIP}", second, "PT,yes,2023-05-14,2023-05-20,,,,,,,,", "Total,4,,,,,,,,,,")

    assert found == ["eligible", *[SECOND.format(3)] * 3]


def test_a_second_heading_that_could_be_read() -> None:
    """Nothing in it is refused by the first heading: a text with capitals is the name of a cluster."""
    heading = "reference,visitor,host,host_country,host_cluster,arrival,departure,visitor_id"
    trip = "T1,Org1,Porto Lab,PT,yes,2023-05-14,2023-05-20,RO1"

    assert said(heading, trip, "Visitor,Host,Arrival,,Host Country,,,", trip) == ["eligible", *[SECOND.format(3)] * 2]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("host,RO,Porto Lab,PT,Porto Cluster,2023-05-14,2023-05-20", id="one"),
        pytest.param("visitor,RO,host,PT,Host,2023-05-14,2023-05-20", id="names of one's own"),
        pytest.param("visitor,RO,host,PT,tbc,2023-05-14,2023-05-20", id="and the row cannot be read"),
        pytest.param("visitor,RO,host,,arrival,2023-05-14,2023-05-20", id="and no country"),
        pytest.param("visitor,RO,host,PT,arrival,,", id="and no day"),
        pytest.param("visitor,RO,host,Atlantis,Cluster,,", id="two"),
        pytest.param("visitor,visitor,visitor,visitor,,,", id="one again and again"),
    ],
)
def test_words_of_headings_by_chance(row: str) -> None:
    """A trip is one all the same, and so are those below it."""
    found = said(HEAD, row, TRIP)

    assert not {SECOND.format(2), REPEATED} & {*found}
    assert found[1] in ("eligible", "undecided")


def test_headings_of_ones_own(run: Run, tmp_path: Path) -> None:
    """--map says what they mean, wherever they stand."""
    path = tmp_path / "trips.csv"
    heading = HEAD.replace("visitor,", "Gast,").replace("arrival,departure", "Ankunft,Abreise").replace("host,", "X,")
    renamed = ("--map", "Ankunft=arrival", "--map", "Abreise=departure", "--map", "Gast=visitor", "--map", "X=host")
    for again, expected in (
        (heading, REPEATED),
        (HEAD, REPEATED),
        (heading.replace("Ankunft,Abreise", "Abreise,Ankunft"), SECOND.format(3)),
        ("Abreise,Ankunft,Gast", SECOND.format(3)),
    ):
        path.write_text("\n".join([heading, TRIP, again, ""]))
        assert expected in run("validate", path, *renamed).out


def test_rows_that_are_nobody(run: Run, tmp_path: Path) -> None:
    """Who visits in a second table is not known, and none is named: no trip is told that another one is unreadable."""
    path = tmp_path / "trips.csv"
    trips = [f"visitor_id,{HEAD}", f"RO1,{TRIP}"]
    alone, both = ([*trips, *more, ""] for more in ([], [f"visitor_id,{OTHER}", f"RO1,{EXCHANGED}"]))
    found = []
    for lines in (alone, both):
        path.write_text("\n".join(lines))
        found.append([json.loads(line) for line in run("validate", path, "--format", "jsonl").out.splitlines()])

    assert found[1][0] == found[0][0]
    assert [row["outcome"] for row in found[1]] == ["eligible", "unreadable", "unreadable"]
    for format in ("text", "html", "markdown"):
        shown = run("validate", path, "--format", format).out
        assert "Dublin" not in shown
        assert "A second table begins in row 3." in shown


def test_what_a_row_of_a_second_table_expects_is_not_known() -> None:
    """The column may be another one, and a row that expects to be unreadable would count as good."""
    heading = f"{HEAD},expected_outcome"
    rows = judged("\n".join([heading, f"{TRIP},eligible", OTHER, f"{EXCHANGED},unreadable"]).encode())

    assert [row.expected is None for row in rows] == [False, True, True]
    assert [row.outcome for row in rows] == ["eligible", "unreadable", "unreadable"]


def test_a_second_table_in_a_sheet(run: Run, tmp_path: Path) -> None:
    """The next sheet is read as ever."""
    workbook = Workbook()
    for title, lines in (("June", ["", HEAD, TRIP, HEAD, "", OTHER, EXCHANGED]), ("July", [HEAD, TRIP])):
        sheet = workbook.create_sheet(title)
        for line in lines:
            sheet.append(line.split(","))
    del workbook["Sheet"]
    workbook.save(tmp_path / "trips.xlsx")

    rows = [json.loads(line) for line in run("validate", tmp_path / "trips.xlsx", "--format", "jsonl").out.splitlines()]

    found = [(row["sheet"], row["row"], [error["message"] for error in row.get("errors", ())]) for row in rows]
    second = SECOND.format(6)
    assert found == [
        ("June", 3, []), ("June", 4, [REPEATED]), ("June", 6, [second]), ("June", 7, [second]), ("July", 2, [])
    ]  # fmt: skip


def test_a_heading_below_that_of_a_history(run: Run, tmp_path: Path) -> None:
    """Read by the first one, ids and names would be exchanged, and a visit forgotten."""
    trips, history = tmp_path / "trips.csv", tmp_path / "history.csv"
    trips.write_text(f"{HEAD}\n{TRIP}\n", encoding="utf-8")
    history.write_text("visitor_id,visitor\nRO111,Acme\nvisitor,visitor_id\nBeta,RO222\n", encoding="utf-8")

    found = run("validate", trips, "--history", history)

    assert (found.status, found.out) == (2, "")
    assert "row 3: the row is a heading; delete it, or save the table below it as a file of its own" in found.err
