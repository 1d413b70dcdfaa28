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


HEAD = "visitor,visitor_id,visitor_country,host_country,host_cluster,arrival,departure"
LAST = (
    f"{HEAD}\n"
    "A,RO1,RO,PT,yes,2023-05-14,2023-05-20\n"
    "B,RO2,RO,PT,yes,2023-05-14,2023-05-16\n"
    "C,RO3,RO,PT,,2023-05-14,2023-05-20\n"
)
DELETE = "Delete the rows of trips that did not take place."


@pytest.fixture
def last(run: Run, tmp_path: Path) -> Path:
    """What cxc has written of a table: one trip that is eligible, one that is not, and one that is undecided."""
    trips, report = tmp_path / "of-last-year.csv", tmp_path / "last.csv"
    trips.write_text(LAST, encoding="utf-8")
    assert run("validate", trips, "--format", "csv", "-o", report).status == 1
    return report


def test_results_of_cxc_as_a_history(last: Path, run: Run, tmp_path: Path) -> None:
    """Every row of a history is a visit, so the one that was not eligible counts; but it is said."""
    trips = tmp_path / "now.csv"
    trips.write_text(f"{HEAD}\nB,RO2,RO,PT,yes,2024-05-12,2024-05-18\n", encoding="utf-8")
    said = (
        f"{last} has results of cxc: every row counts as a visit that took place, also 2 rows with the outcome "
        f"not-eligible or undecided. {DELETE}"
    )

    for form in ("text", "csv", "json", "html", "markdown", "jsonl"):
        found = run("validate", trips, "--history", last, "--format", form)
        shown = " ".join(f"{found.out} {found.err}".replace("\\", "").split())
        assert (found.status, shown.count(said)) == (1, 1), form
    found = run("check", "--no-ask", "--to", "PT", "--visitor-id", "RO2", "--host-cluster", "yes", "--history", last)
    assert (found.status, found.err) == (1, f"cxc: {said}\n")
    assert "CXC303" in found.out


# Columns and cells of a history with results, and which rows are told.
RESULTS = {
    "all eligible": ("outcome,failed", ["eligible,", "eligible,"], None),
    "none known": ("outcome,failed", [",", ","], None),
    "one not eligible": ("outcome,failed", ["eligible,", "not-eligible,CXC201"], "1 row with the outcome not-eligible"),
    "one undecided": ("outcome", ["undecided", "eligible"], "1 row with the outcome undecided"),
    "each": (
        "outcome,failed",
        ["unreadable,", "undecided,", "not-eligible,CXC201", "undecided,"],
        "4 rows with the outcome not-eligible, undecided or unreadable",
    ),
    "paid already": ("outcome,failed", ["not-eligible,CXC706", "eligible,"], None),
    "paid already, and not eligible": (
        "outcome,failed",
        ["not-eligible,CXC706", "not-eligible,CXC201;CXC706"],
        "1 row with the outcome not-eligible",
    ),
    "a workbook saved as CSV": ("cxc outcome,x", ["due,", "not due yet,"], "1 row with the outcome not due yet"),
    "words of one's own": ("outcome,failed", ["a success,", "none,"], None),
    "a column that an input had": ("input_outcome,failed", ["not-eligible,", ","], None),
    "cells that are missing": ("x,failed,outcome", [",", ",CXC201"], None),
}


@pytest.mark.parametrize(("columns", "rows", "told"), RESULTS.values(), ids=RESULTS)
def test_which_results_are_told(columns: str, rows: list[str], told: str | None, run: Run, tmp_path: Path) -> None:
    """Those that speak against a visit; that it is paid already does not."""
    history = tmp_path / "history.csv"
    lines = [f"visitor_id,{columns}", *(f"RO{number},{row}" for number, row in enumerate(rows))]
    history.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = run("check", "--no-ask", "--to", "PT", "--history", history)
    said = f"every row counts as a visit that took place, also {told}. {DELETE}"

    assert found.err == (f"cxc: {history} has results of cxc: {said}\n" if told else "")


@pytest.mark.parametrize(
    ("stage", "words"),
    [([], "not-eligible or undecided"), (["--stage=payment", "--today=2024-01-01"], "not eligible or not due yet")],
    ids=["proposal", "payment"],
)
def test_a_workbook_with_results_as_a_history(stage: list[str], words: str, run: Run, tmp_path: Path) -> None:
    """Its results stand in columns of their own names."""
    trips, history = tmp_path / "trips.csv", tmp_path / "last.xlsx"
    lines = LAST.splitlines()
    paid = [
        f"{lines[0]},paid_on",
        *(f"{line}," for line in lines[1:]),
        "D,RO4,RO,PT,yes,2023-05-14,2023-05-20,2023-09-01",
    ]
    trips.write_text("\n".join(paid[:1] + paid[2:]) + "\n", encoding="utf-8")
    run("validate", trips, *stage, "--format", "xlsx", "-o", history)
    found = run("check", "--no-ask", "--to", "PT", "--history", history)
    said = f"has results of cxc: every row counts as a visit that took place, also 2 rows with the outcome {words}. {DELETE}"

    assert said in found.err
    assert found.err.count("\n") == 1


CHECKED = ("--visitor", "Acme", "--from", "RO", "--to", "PT", "--arrival", "14.05.2023", "--departure", "20.05.2023")
OWN_HEADINGS = "Besucher;visitor_country;visitor_id;Ankunft\nAcme;RO;RO111;14.05.2021\n"


@pytest.mark.parametrize("stated_in", ["options", "cxc.yaml"])
def test_one_trip_is_held_against_the_history_that_a_table_is_held_against(
    stated_in: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With headings of one's own, which `cxc.yaml` states once for both commands."""
    monkeypatch.chdir(tmp_path)
    Path("past.csv").write_text(OWN_HEADINGS, encoding="utf-8")
    Path("trips.csv").write_text(
        "Besucher;visitor_country;Ankunft;departure;host_country;host_cluster\nAcme;RO;14.05.2023;20.05.2023;PT;yes\n",
        encoding="utf-8",
    )
    options = ["--history", "past.csv", "--date-format", "DD.MM.YYYY"]
    options += ["--map", "Besucher=visitor", "--map", "Ankunft=arrival"]
    if stated_in == "cxc.yaml":
        Path("cxc.yaml").write_text(
            "history: past.csv\ndate-format: DD.MM.YYYY\nmap: {Besucher: visitor, Ankunft: arrival}\n", encoding="utf-8"
        )
        options = []

    found = [
        json.loads(run("check", *CHECKED, "--host-cluster", "yes", "--no-ask", *options, "--format", "json").out),
        json.loads(run("validate", "trips.csv", *options, "--format", "jsonl").out),
    ]

    for verdict in found:
        (visit,) = verdict["earlier_visits"]
        assert (visit["visitor"], visit["arrival"], verdict["outcome"]) == ("Acme", "2021-05-14", "not-eligible")


def test_one_trip_and_a_history_in_another_encoding(run: Run, tmp_path: Path) -> None:
    """As a table has it."""
    path = tmp_path / "past.csv"
    path.write_bytes(VISITS.encode("windows-1250"))
    trip = ["--visitor", "Łódź Cluster", "--from", "PL", "--to", "PT", "--host-cluster", "yes", "--no-ask"]
    dates = ["--arrival", "2023-05-14", "--departure", "2023-05-20", "--history", path]

    assert run("check", *trip, *dates).status == 2
    assert run("check", *trip, *dates, "--encoding", "windows-1250").status == 1


def test_a_frame_and_its_history_have_the_same_headings(tmp_path: Path) -> None:
    """Those that `columns` gives a field; one that the history lacks is no fault."""
    polars = pytest.importorskip("polars")
    (tmp_path / "past.csv").write_text(OWN_HEADINGS.replace("Ankunft", "arrival"), encoding="utf-8")
    trip = {"Besucher": "Acme", "visitor_country": "RO", "Land": "PT", "host_cluster": "yes"}
    frame = polars.DataFrame([trip | {"arrival": "14.05.2023", "departure": "20.05.2023"}])

    judged = cxc.judge_frame(
        frame,
        columns={"Besucher": "visitor", "Land": "host_country"},
        history=str(tmp_path / "past.csv"),
        date_format="DD.MM.YYYY",
    )

    assert judged["outcome"].to_list() == ["not-eligible"]


def test_a_history_of_rows_in_one_cell_each(trips: Path, run: Run, tmp_path: Path) -> None:
    """Its headings are not to be renamed, but divided."""
    history = tmp_path / "history.csv"
    history.write_text("".join(f'"{line}"\n' for line in VISITS.splitlines()), encoding="utf-8")
    found = run("validate", trips, "--encoding", "windows-1250", "--history", history)

    assert found.status == 2
    assert found.err == (
        f"cxc: {history}: each row stands in one cell, divided by ','; divide it into one cell for each column "
        "(in Excel: Data, Text to Columns)\n"
    )
