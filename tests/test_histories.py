"""Histories as they are kept: in another encoding, with headings of one's own, made by cxc itself."""

import json
from pathlib import Path

import pytest
from commands import Run

import cxc
from cxc.errors import InputError

TRIPS = (
    "visitor,visitor_country,host_country,host_cluster,arrival,departure\n"
    "Łódź Cluster,PL,PT,yes,2023-05-14,2023-05-20\n"
)
VISITS = "visitor,visitor_country,arrival\nŁódź Cluster,PL,2022-05-14\n"
AS_UTF_8 = "save it as UTF-8 in the spreadsheet\n"


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    """A table of one trip, in windows-1250."""
    path = tmp_path / "trips.csv"
    path.write_bytes(TRIPS.encode("windows-1250"))
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (VISITS.encode("windows-1250"), "windows-1250"),
        (VISITS.encode(), "windows-1250"),
        (VISITS.encode("utf-8-sig"), "windows-1250"),
        (VISITS.encode("utf-16"), "windows-1250"),
        (VISITS.encode("utf-16-le"), "utf-16-le"),
    ],
    ids=["that of the table", "UTF-8", "UTF-8 with a mark", "UTF-16 with a mark", "UTF-16 without one"],
)
def test_a_history_in_whichever_encoding(content: bytes, encoding: str, trips: Path, run: Run, tmp_path: Path) -> None:
    """It is UTF-8 or has a mark; else it is what --encoding says. Garbled names would let somebody be paid twice."""
    trips.write_bytes(TRIPS.encode(encoding))
    history = tmp_path / "history.csv"
    history.write_bytes(content)
    found = run("validate", trips, "--encoding", encoding, "--history", history, "--format", "jsonl")

    assert (found.status, found.err) == (1, "")
    assert [(visit["file"], visit["row"]) for visit in json.loads(found.out)["earlier_visits"]] == [(str(history), 2)]
    (row,) = cxc.check_table(str(trips), history=str(history), encoding=encoding)
    assert row.outcome == "not-eligible"


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (VISITS.encode("windows-1250"), None, "not UTF-8 text"),
        (VISITS.encode("utf-16-le"), None, "not UTF-8 text"),
        (VISITS.encode("windows-1250"), "utf-8-sig", "not UTF-8 text"),
        (VISITS.encode("windows-1250") + b"\x81", "windows-1250", "neither UTF-8 nor WINDOWS-1250 text"),
        (
            (VISITS + VISITS[32:] * 20_000).encode("windows-1250") + b"\x81",
            "windows-1250",
            "neither UTF-8 nor WINDOWS-1250 text",
        ),
        (VISITS.encode() + "Ź".encode()[:1], "windows-1250", "not UTF-8 text"),
        (
            VISITS.encode() + VISITS.splitlines()[1].replace("Ł", "L").encode("windows-1250"),
            "windows-1250",
            "not UTF-8 text",
        ),
    ],
    ids=["no encoding", "NUL bytes", "UTF-8 again", "no byte of it", "at its end", "cut off", "lines in two encodings"],
)
def test_a_history_that_is_no_text(content: bytes, encoding: str | None, said: str, run: Run, tmp_path: Path) -> None:
    """The sentence advises nothing that was done already or cannot be done.

    What is UTF-8 but for a few letters is no windows-1250 either, though it can be read as such: names would be garbled.
    """
    history, trips = tmp_path / "history.csv", tmp_path / "trips.csv"
    history.write_bytes(content)
    trips.write_bytes(TRIPS.encode(encoding or "utf-8"))
    option = ["--encoding", encoding] if encoding else []
    found = run("validate", trips, *option, "--history", history)

    assert (found.status, found.out) == (2, "")
    assert f"{history}: the file is {said}; {AS_UTF_8}" in found.err
    with pytest.raises(InputError, match=said):
        cxc.check_table(str(trips), history=str(history), encoding=encoding)


def test_a_history_of_one_trip_that_is_no_text(run: Run, tmp_path: Path) -> None:
    """`cxc check` has no option that names another encoding."""
    history = tmp_path / "history.csv"
    history.write_bytes(VISITS.encode("windows-1250"))
    found = run("check", "--no-ask", "--to", "PT", "--history", history)

    assert (found.status, found.out) == (2, "")
    assert f"{history}: the file is not UTF-8 text; {AS_UTF_8}" in found.err


MAPPED = "Vizitator,Tara,Sosire\nŁódź Cluster,PL,2022-05-14\n"
OF_HISTORIES = ["--map=Vizitator=visitor", "--map=Tara=visitor_country", "--map=Sosire=arrival"]


@pytest.mark.parametrize("written", [MAPPED, VISITS], ids=["headings of one's own", "headings as they are"])
def test_headings_of_ones_own_count_for_histories_too(written: str, run: Run, tmp_path: Path) -> None:
    """Where they stand there; a history need not have those of the tables."""
    history, trips = tmp_path / "history.csv", tmp_path / "trips.csv"
    history.write_text(written, encoding="utf-8")
    trips.write_text(
        "Vizitator,Tara,host_country,Gazda,Sosire,departure\nŁódź Cluster,PL,PT,yes,2023-05-14,2023-05-20\n",
        encoding="utf-8",
    )
    found = run(
        "validate", trips, *OF_HISTORIES, "--map", "Gazda=host_cluster", "--history", history, "--format", "jsonl"
    )

    assert (found.status, found.err) == (1, "")
    (visit,) = json.loads(found.out)["earlier_visits"]
    assert (visit["file"], visit["row"], visit["arrival"]) == (str(history), 2, "2022-05-14")


# A history, what is mapped, and what is said of it.
MAPPED_WRONGLY = {
    "two for one field": (
        "Vizitator,visitor,visitor_country\nA,B,PL\n",
        "--map=Vizitator=visitor",
        ": the columns 'Vizitator' and 'visitor' both name visitor; keep only one of them",
    ),
    "no visitor any more": (
        "Visitor,visitor_country\nA,PL\n",
        "--map=visitor=host",
        ": a history needs the column visitor_id, or visitor and visitor_country; the columns are Visitor and "
        "visitor_country; rename the headings that are meant",
    ),
    "not mapped": (
        "Firma,CUI\nA,RO1\n",
        "--map=Name=visitor",
        ": a history needs the column visitor_id, or visitor and visitor_country; the columns are Firma and CUI; rename "
        "the headings that are meant",
    ),
    "the headings once more": (
        "Tara,CUI\nPL,RO1\nTARA,cui\nPL,RO2\n",
        "--map=CUI=visitor_id --map=Tara=visitor_country",
        ", row 3: the row is a heading; delete it, or save the table below it as a file of its own",
    ),
}


@pytest.mark.parametrize(("written", "mapped", "said"), MAPPED_WRONGLY.values(), ids=MAPPED_WRONGLY)
def test_headings_that_do_not_do_for_a_history(written: str, mapped: str, said: str, run: Run, tmp_path: Path) -> None:
    """What is wrong is said with what to do."""
    history, trips = tmp_path / "history.csv", tmp_path / "trips.csv"
    history.write_text(written, encoding="utf-8")
    headings = ["Vizitator", "Visitor", "Name", "CUI", "Tara"]
    cells = dict.fromkeys(["host_country", "host_cluster", "arrival", "departure", *headings], "")
    trips.write_text(",".join(cells) + "\nPT,yes,2023-05-14,2023-05-20\n", encoding="utf-8")
    found = run("validate", trips, *mapped.split(), "--history", history)

    assert (found.status, found.err) == (2, f"cxc: {history}{said}\n")
