"""What is paid is not paid again: a row is told of another one of the same visitor that is marked as paid."""

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from commands import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import cells_listed
from test_batch import judged, table
from test_payment import AT_PAYMENT, DUE
from test_payment import table as written_to

from cxc.reports.formats import FORMATS
from cxc.scheme.loading import load_scheme
from cxc.tables.batch import Batch
from cxc.tables.columns import match_columns
from cxc.text import fold
from cxc.trip.fields import FIELDS
from cxc.trip.reader import TripReader

DAY = datetime.date(2023, 7, 1)
SAME = "A trip on the same days is marked as paid in trips.csv, row {}. Do not pay it again."
NAMED = "A visitor with the same name is marked as paid in trips.csv, row {}. Check before you pay."
OTHER = "Another trip of this visitor is marked as paid: trips.csv, row {}. Check before you pay."


def rows_of(*shorts: str) -> bytes:
    """A table at the stage of payment. Each row is a visitor, its id and country, the host, a month, and a mark."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, restval="")
    writer.writeheader()
    for short in shorts:
        visitor, visitor_id, country, host, month, mark = (part.strip() for part in short.split(","))
        dates = {name: f"2023-{month}-{day}" for name, day in (("arrival", "14"), ("departure", "20"))}
        papers = {"report_validated": "2023-06-25", "commitment_signed": "2023-01-02", "agreement_signed": "2023-01-02"}
        own = {"visitor": visitor, "visitor_id": visitor_id, "visitor_country": country, "host": host, **papers}
        more = {
            "paid": {"paid_on": "2023-06-30", "paid_eur": "780"},
            "open": {"host_cluster": ""},
            "refused": {"host_country": "NO"},
            "no date": {"arrival": "", "departure": ""},
            "no date, paid": {"arrival": "", "departure": "", "paid_on": "2023-06-30"},
            "bad": {"departure": "soon"},
            "bad, paid": {"departure": "soon", "paid_on": "2023-06-30"},
            "open, paid": {"host_cluster": "", "paid_on": "2023-06-30"},
        }
        writer.writerow({**DUE, **own, **dates, **more.get(mark.replace(";", ","), {})})
    return text.getvalue().encode()


def told(row: Any) -> list[str]:
    return [notice for notice in row.notices if "marked as paid" in notice]


# Rows from row 2 on, and what is said at which of them.
CASES: dict[str, tuple[list[str], dict[int, str]]] = {
    "the paid row is below": (["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,paid"], {2: SAME.format(3)}),
    "above, the row is refused for it": (["Acme,RO111,RO,Lab,05,paid", "Acme,RO111,RO,Lab,05,"], {}),
    "another trip, below and later": (["Acme,RO111,RO,Lab,04,", "Acme,RO111,RO,Lab,05,paid"], {2: OTHER.format(3)}),
    "another trip, above and later": (["Acme,RO111,RO,Lab,05,paid", "Acme,RO111,RO,Lab,04,"], {3: OTHER.format(2)}),
    "another trip, earlier: refused for it": (["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,04,paid"], {}),
    "another host on the same days": (["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Hub,05,paid"], {2: SAME.format(3)}),
    "the same among two": (
        ["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,04,paid", "Acme,RO111,RO,Lab,05,paid"],
        {2: SAME.format(4)},
    ),
    "neither is marked": (["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,"], {}),
    "both are marked": (["Acme,RO111,RO,Lab,05,paid", "Acme,RO111,RO,Lab,05,paid"], {}),
    "by the name, one without an id": (["Acme,,RO,Lab,05,", "ACME,RO111,RO,Lab,05,paid"], {2: SAME.format(3)}),
    "by the name, the other without": (["Acme,RO111,RO,Lab,05,", "ACME,,RO,Lab,05,paid"], {2: SAME.format(3)}),
    "by the name, both without": (["Acme,,RO,Lab,05,", "ACME,,RO,Lab,05,paid"], {2: SAME.format(3)}),
    "by the id alone": (["Acme,ro 111,RO,Lab,05,", "Beta,RO111,BG,Lab,05,paid"], {2: SAME.format(3)}),
    "one name, two ids": (["Acme,RO111,RO,Lab,05,", "Acme,RO222,RO,Lab,05,paid"], {2: NAMED.format(3)}),
    "a name alone": (["Acme,,,Lab,05,", "ACME,,,Lab,05,paid"], {2: NAMED.format(3)}),
    "a name alone, the other with a country": (["Acme,,,Lab,05,", "Acme,,RO,Lab,05,paid"], {2: NAMED.format(3)}),
    "a name with a country, the other alone": (["Acme,,RO,Lab,05,", "Acme,,,Lab,05,paid"], {2: NAMED.format(3)}),
    "a name with an id, the other alone": (["Acme,RO1,,Lab,05,", "Acme,,,Lab,05,paid"], {2: NAMED.format(3)}),
    "one name, two countries": (["Acme,,RO,Lab,05,", "Acme,,BG,Lab,05,paid"], {}),
    "nobody is named": ([",,RO,Lab,05,", ",,RO,Lab,05,paid"], {}),
    "the row is undecided": (["Acme,RO111,RO,Lab,05,open", "Acme,RO111,RO,Lab,05,paid"], {2: SAME.format(3)}),
    "the row is refused for another reason": (
        ["Acme,RO111,RO,Lab,05,refused", "Acme,RO111,RO,Lab,05,paid"],
        {2: OTHER.format(3)},
    ),
    "the row has no dates": (["Acme,RO111,RO,Lab,05,no date", "Acme,RO111,RO,Lab,05,paid"], {2: OTHER.format(3)}),
    "the paid row has no dates": (
        ["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,no date; paid"],
        {2: OTHER.format(3)},
    ),
    "the paid trip is undecided, so nothing is refused": (
        ["Acme,RO111,RO,Lab,05,open; paid", "Acme,RO111,RO,Lab,05,"],
        {3: SAME.format(2)},
    ),
    "refused for a third row": (
        ["Acme,RO111,RO,Lab,03,", "Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,paid"],
        {2: OTHER.format(4), 3: SAME.format(4)},
    ),
    "a row that cannot be read says what is wrong in it": (
        ["Acme,RO111,RO,Lab,05,bad", "Acme,RO111,RO,Lab,05,paid"],
        {},
    ),
    "the paid row cannot be read: another notice says so": (
        ["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,bad; paid"],
        {},
    ),
}


@pytest.mark.parametrize(("rows", "said"), CASES.values(), ids=CASES)
def test_a_row_tells_of_the_one_that_is_paid(rows: list[str], said: dict[int, str]) -> None:
    """Whatever the order of the rows, unless it is refused for that very row already. No outcome depends on it."""
    found = judged(rows_of(*rows), today=DAY)

    assert {row.row: told(row) for row in found if told(row)} == {row: [sentence] for row, sentence in said.items()}


@pytest.mark.parametrize(
    ("rows", "counted"),
    {
        "both are due": (
            ["Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,paid", "Beta,RO222,RO,Lab,05,", "Beta,RO222,RO,Lab,05,paid"],
            "trips.csv, rows 2 and 4. Check each before you pay.",
        ),
        "refused, so not in the sum": (["Acme,RO111,RO,Lab,05,refused", "Acme,RO111,RO,Lab,05,paid"], None),
        "refused for a third row": (
            ["Acme,RO111,RO,Lab,03,", "Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,paid"],
            "trips.csv, row 2. Check each before you pay.",
        ),
        "nothing is due yet": (["Acme,RO111,RO,Lab,05,open", "Acme,RO111,RO,Lab,05,paid"], None),
        "not told of the paid row": (["Acme,RO111,RO,Lab,05,paid", "Beta,RO222,RO,Lab,05,"], None),
    }.values(),
)  # fmt: skip
@pytest.mark.parametrize("named", [True, False])
def test_the_sum_names_the_rows_that_may_be_paid_already(named: bool, rows: list[str], counted: str | None) -> None:
    """They are in it, and no filter for what is due shows what is said of them."""
    scheme = load_scheme()
    batch = Batch(scheme, TripReader(scheme.countries), today=DAY)
    one = table(rows_of(*rows))

    for _ in batch.judged([(one, match_columns(one.columns, one.name, {}))], visits_named=named):
        assert not batch.summary.notices

    said = "Payable, though another row of the same visitor or name is marked as paid: "
    assert [one for one in batch.summary.notices if "Payable" in one] == ([f"{said}{counted}"] if counted else [])


def test_before_the_stage_of_payment_nobody_asks_what_is_paid() -> None:
    """Nor where no column says what is paid."""
    content = rows_of("Acme,RO111,RO,Lab,05,", "Acme,RO111,RO,Lab,05,paid")
    unmarked = content.replace(b"paid_on", b"colour").replace(b"paid_eur", b"weight")

    assert not any(map(told, judged(content)))
    assert not any(map(told, judged(unmarked, today=DAY)))


visitors = st.tuples(
    st.sampled_from(["Acme", "ACME", "Beta", ""]),
    st.sampled_from(["RO111", "ro 111", "RO222", ""]),
    st.sampled_from(["RO", "RO", "BG"]),
    st.sampled_from(["Lab", "Lab", "Hub"]),
    st.sampled_from(["04", "05"]),
    st.sampled_from(["", "paid", "paid", "open", "refused", "open; paid"]),
)


@settings(max_examples=120)
@given(st.lists(visitors, min_size=2, max_size=7))
def test_of_whom_is_told_as_a_look_at_each_pair_finds(stated: list[tuple[str, ...]]) -> None:
    """The first row that is marked and has the same days, or else the first that has the same visitor."""
    found = judged(rows_of(*map(",".join, stated)), today=DAY)

    def same_visitor(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        (name, key, country), (other_name, other_key, other_country) = (
            (fold(who[0]), fold(who[1]), who[2]) for who in (one, other)
        )
        alike = bool(name) and (name, country) == (other_name, other_country)
        return bool(key and key == other_key) or (alike and not (key and other_key))

    for row, own in zip(found, stated, strict=True):
        assert row.verdict is not None
        marked = [(at, other) for at, other in enumerate(stated, 2) if "paid" in other[5] and same_visitor(own, other)]
        copies = [at for at, other in marked if other[4] == own[4] and own[5] != "refused"]
        expected = [SAME.format(copies[0])] if copies else [OTHER.format(marked[0][0])] if marked else []
        alike = [
            at for at, other in enumerate(stated, 2)
            if "paid" in other[5] and own[0] and (fold(own[0]), own[2]) == (fold(other[0]), other[2])
        ]  # fmt: skip
        expected = expected or [NAMED.format(at) for at in alike[:1]]
        named = copies[0] if copies else marked[0][0] if marked else 0
        refused = any(
            found.outcome == "fail" and found.code == "CXC303" for found in row.verdict.findings
        ) and named in [visit.row for visit in row.verdict.earlier_visits]
        assert told(row) == ([] if "paid" in own[5] or refused else expected)


def test_the_row_that_is_paid_stands_in_another_table() -> None:
    """Its file is named."""
    scheme = load_scheme()
    batch = Batch(scheme, TripReader(scheme.countries), today=DAY)
    tables = [
        (one, match_columns(one.columns, one.name, {}))
        for one in (table(rows_of("Acme,,RO,Lab,05,")), table(rows_of("Acme,,RO,Lab,05,paid")))
    ]
    tables[1][0].name = "paid.csv"

    first, _ = batch.judge(tables)

    assert told(first) == ["A trip on the same days is marked as paid in paid.csv, row 2. Do not pay it again."]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_of_the_paid_row(form: str, run: Run, tmp_path: Path) -> None:
    """Without names, too."""
    path = written_to(tmp_path / "trips.csv", {**DUE, "host": "Lab"}, {**DUE, "host": "Lab", **PAID_ON})
    said = f"A trip on the same days is marked as paid in {path}, row 3. Do not pay it again."

    for more in ([], ["--redact"]):
        written = tmp_path / f"report.{form}"
        assert run("validate", path, *AT_PAYMENT, "--format", form, "-o", written, *more).status == 0
        shown = cells_listed(written) if form == "xlsx" else written.read_text(encoding="utf-8")
        assert said in shown.replace("\\", "").replace("%3A", ":")
    assert "marked as paid" not in run("validate", path, "--format", "csv").out


PAID_ON = {"paid_on": "2023-06-20", "paid_eur": "780"}
KEEP = "Delete one of the two rows. If one of them is marked as paid, keep that one."


def test_the_paid_one_of_two_equal_rows_is_not_to_be_deleted(run: Run, tmp_path: Path) -> None:
    """Before the stage of payment, too: whoever deletes it then pays twice later. Without the column nothing is paid."""
    path = written_to(tmp_path / "trips.csv", DUE, {**DUE, **PAID_ON})
    unmarked = written_to(tmp_path / "unmarked.csv", DUE, DUE)

    for stage in (AT_PAYMENT, ()):
        assert KEEP in run("validate", path, *stage).out
        row = json.loads(run("validate", path, *stage, "--format", "jsonl").out.splitlines()[1])
        assert [found["remedy"] for found in row["findings"] if found["code"] == "CXC303"] == [KEEP]
        shown = run("validate", unmarked, *stage).out
        assert "Delete one of the two rows." in shown
        assert "keep that one" not in shown
