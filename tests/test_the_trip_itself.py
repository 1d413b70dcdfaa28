"""A history that holds the very trip that is judged, as it may when the trip is to be paid: it is told what that is."""

import datetime
import json
from pathlib import Path

import pytest
from commands import Run
from test_batch import is_as_defined, judged, judged_together, written
from test_payment import AT_PAYMENT, DUE, table

import cxc
from cxc.visits import Visit

IT_BEGINS = "It begins on the same day: if it is this very trip, and it is not paid yet, take it out of the history."
TRIP = {**DUE, "visitor_id": "RO111", "host": "Lab"}
# The visits of a history, each by its id, name, country and day of arrival; and whether the sentence stands, and where.
HISTORIES: dict[str, tuple[list[str], str]] = {
    "the very trip": (["RO111,Acme,RO,2023-05-14"], "row 2"),
    "by the name": ([",ACME,RO,2023-05-14"], "row 2"),
    "another day": (["RO111,Acme,RO,2023-04-02"], ""),
    "no day": (["RO111,Acme,RO,"], ""),
    "another visitor": (["RO222,Beta,RO,2023-05-14"], ""),
    "with another id the partnership is to be asked": (["RO222,Acme,RO,2023-05-14"], "row 2"),
}


def written_history(path: Path, *visits: str) -> Path:
    path.write_text("\n".join(["visitor_id,visitor,visitor_country,arrival", *visits, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(("visits", "where"), HISTORIES.values(), ids=HISTORIES)
def test_a_history_that_holds_the_trip_itself(visits: list[str], where: str, run: Run, tmp_path: Path) -> None:
    """The outcome stays what it is; whoever reads it is told what the earlier visit may be."""
    history = written_history(tmp_path / "history.csv", *visits)
    path = table(tmp_path / "trips.csv", TRIP)
    said = f"The earlier trip: {history}, {where}. {IT_BEGINS}"

    for stage in (AT_PAYMENT, ()):
        for form in ("csv", "text", "markdown", "html", "github", "junit", "jsonl", "json"):
            for more in ([], ["--redact"]):
                shown = run("validate", path, *stage, "--history", history, "--format", form, *more).out
                shown = shown.replace("\\", "").replace("%3A", ":")
                assert (said in shown) is bool(where), form
                assert shown.count(IT_BEGINS) == bool(where), form
    one = tmp_path / "trip.json"
    one.write_text(json.dumps(TRIP), encoding="utf-8")
    for form in ("text", "markdown", "html", "csv", "json", "jsonl", "junit"):
        shown = run("check", one, "--no-ask", "--history", history, "--format", form).out.replace("\\", "")
        assert shown.count(IT_BEGINS) == bool(where), form


def rows_of(*hosts: str) -> bytes:
    """A table of the trip, to each of these hosts."""
    return written([{**TRIP, "host": host} for host in hosts]).encode()


def test_a_row_of_the_tables_is_no_visit_of_a_history() -> None:
    """There the same trip is told in other words, and another trip on the same day is a trip of its own."""
    rows = rows_of("Lab", "Hub", "Lab")

    assert not any(visit.same_day for row in judged(rows) if row.verdict for visit in row.verdict.earlier_visits)


def test_the_days_on_site_alone() -> None:
    """The arrival is then taken to be the day before."""
    trip = {key: value for key, value in TRIP.items() if key not in ("arrival", "departure")}
    history = [Visit("history.csv", 2, "Acme", None, "RO", datetime.date(2023, 5, 14))]
    for first_day, same_day in (("2023-05-15", True), ("2023-05-14", False)):
        found = cxc.check(**trip, first_day=first_day, last_day="2023-05-19", history=history)
        assert [visit.same_day for visit in found.earlier_visits] == [same_day]
    nobody_knows = cxc.check(**trip, history=[history[0]._replace(arrival=None)])
    assert [visit.same_day for visit in nobody_knows.earlier_visits] == [False]
    told_again = cxc.check(**TRIP | {"arrival": "2023-05-13"}, history=[history[0]._replace(same_day=True)])
    assert [visit.same_day for visit in told_again.earlier_visits] == [False]


def test_the_second_of_two_visits_may_be_the_trip() -> None:
    """Where a rulebook allows two, the one that begins on the same day is the one that is named."""
    history = [
        Visit("history.csv", row, "Acme", None, "RO", datetime.date(2023, month, 14)) for row, month in ((2, 3), (3, 5))
    ]
    rows = rows_of("Lab")

    for parts in (judged_together(rows, "two-visits", history=history) for _ in range(2)):
        for part in parts:
            assert [(visit.row, visit.same_day) for visit in part.visits[0]] == [(3, True), (2, False)]
            assert not part.told_alone
    assert is_as_defined(judged_together(rows, "two-visits", history=history))


def test_a_receipt_that_says_so_holds(run: Run, tmp_path: Path) -> None:
    """In the same words: the receipt does not tell whether a visit was one of a history."""
    history = written_history(tmp_path / "history.csv", "RO111,Acme,RO,2023-05-14")
    path, receipts = table(tmp_path / "trips.csv", TRIP), tmp_path / "receipts.jsonl"
    receipts.write_text(run("validate", path, "--history", history, "--format", "jsonl").out, encoding="utf-8")
    assert IT_BEGINS in receipts.read_text(encoding="utf-8")

    shown = run("verify", receipts)

    assert shown.status == 0
    assert "words" not in shown.out


def test_an_approved_trip_is_told_nothing(run: Run, tmp_path: Path) -> None:
    """The partnership has said that it is another organisation."""
    history = written_history(tmp_path / "history.csv", "RO222,Acme,RO,2023-05-14")
    approved = {"approved": "CXC303", "approved_by": "Ana", "approved_on": "2023-05-01"}
    path = table(tmp_path / "trips.csv", {**TRIP, **approved})

    for form in ("csv", "text", "jsonl"):
        shown = run("validate", path, "--history", history, "--format", form).out
        assert IT_BEGINS not in shown
