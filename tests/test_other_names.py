"""Trips of one organisation under several names: a third row shows it, no outcome changes, and it is told."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_batch import judged, table

from cxc.scheme.loading import load_scheme
from cxc.tables.batch import Batch
from cxc.tables.columns import match_columns
from cxc.tables.other_names import OtherNames
from cxc.trip.reader import TripReader
from cxc.visits import Identity, Visit

HEAD = "visitor,visitor_id,visitor_country,host_country,host_cluster,arrival,departure"
SAID = (
    "The same organisation seems to have a trip under another name in {}, row {}: the visitor_id in {}, row {} links the "
    "two. Perhaps only one of them can be paid."
)
PAST = Visit("past.csv", 2, "Gama Med", None, "RO", datetime.date(2022, 3, 1))


def rows_of(*shorts: str) -> bytes:
    """A table. Each row is a visitor, its id, a month of 2023, and perhaps that the trip is refused."""
    rows = []
    for short in shorts:
        name, key, month, refused = (part.strip() for part in short.split(","))
        rows.append(f"{name},{key},RO,{'NO' if refused else 'PT'},yes,2023-{month}-14,2023-{month}-20")
    return "\n".join([HEAD, *rows]).encode()


# Rows from row 2 on; the past visits; and for each row that is told of another: that one, and the row that shows it.
CASES: dict[str, tuple[list[str], list[Visit] | None, dict[int, tuple[str, int, str, int]]]] = {
    "a past visit under the old name, without an id": (
        ["Gama Med,RO777,02,", "Gama Medical Group,RO777,03,"],
        [PAST],
        {3: ("past.csv", 2, "trips.csv", 2)},
    ),
    "the row that shows it is itself no visit": (
        ["G,,01,", "G,RO777,02,refused", "H,RO777,03,"],
        None,
        {2: ("trips.csv", 4, "trips.csv", 3), 4: ("trips.csv", 2, "trips.csv", 3)},
    ),
    "two names, neither with an id": (
        ["G,,01,", "G,RO777,04,refused", "H,RO777,05,refused", "H,,02,"],
        None,
        {2: ("trips.csv", 5, "trips.csv", 4), 5: ("trips.csv", 2, "trips.csv", 3)},
    ),
    "the past visit shows it": (
        ["Gama,,02,", "Gama Med,,03,"],
        [Visit("past.csv", 2, "Gama", "RO777", "RO", None), Visit("past.csv", 3, "Gama Med", "RO777", "RO", None)],
        {},  # both are refused, each by its own name
    ),
    "the name stands beside two ids": (["G,,01,", "G,RO777,02,refused", "G,RO888,02,refused", "H,RO777,03,"], None, {}),
    "one name": (["G,,01,", "G,RO777,02,refused", "G,RO777,03,"], None, {}),
    "the other trip is refused": (["G,,01,refused", "G,RO777,02,refused", "H,RO777,03,"], None, {}),
    "the same name in capitals": (["G Med,,01,", "G-MED,RO777,02,refused", "g med,RO777,03,"], None, {}),
}


@pytest.mark.parametrize(("rows", "history", "told"), CASES.values(), ids=CASES)
def test_another_row_shows_that_two_are_one(
    rows: list[str], history: list[Visit] | None, told: dict[int, tuple[str, int, str, int]]
) -> None:
    """Unless a trip is refused for its visitor's own visits, or for something else."""
    found = judged(rows_of(*rows), history=history)

    assert {row.row: seen for row in found if (seen := [n for n in row.notices if "another name" in n])} == {
        row: [SAID.format(*where)] for row, where in told.items()
    }


def test_rows_that_may_be_paid_twice_are_named_with_the_sum() -> None:
    """Those that are eligible; a filter for them shows nothing of what is said of each."""
    scheme = load_scheme()
    batch = Batch(scheme, TripReader(scheme.countries))
    one = table(rows_of("G,,01,", "G,RO777,02,refused", "H,RO777,03,"))

    assert len([*batch.judge([(one, match_columns(one.columns, one.name, {}))])]) == 3

    assert batch.summary.notices == [
        "Payable, though another row may be of the same visitor: trips.csv, rows 2 and 4. Check each before you pay."
    ]


people = st.builds(Identity, st.integers(0, 2), st.integers(0, 3), st.just("RO"))


@given(st.lists(st.tuples(people, st.booleans()), max_size=9))
def test_of_whom_is_told_as_a_look_at_every_three_rows_finds(stated: list[tuple[Identity, bool]]) -> None:
    """A trip, another one that counts, and a row that links them: one of the two states no id."""
    rows = [(number, *one) for number, one in enumerate(stated, 2)]
    names = OtherNames(rows)
    ids_of = {name: {who.visitor_id for _, who, _ in rows if who.name == name} - {0} for name in range(1, 4)}

    def key(who: Identity) -> int:
        several = ids_of.get(who.name, set())
        return who.visitor_id or (next(iter(several)) if len(several) == 1 else 0)

    def one_by_the_words(one: Identity, other: Identity) -> bool:
        if one.visitor_id and other.visitor_id:
            return one.visitor_id == other.visitor_id
        return one.name == other.name

    def said(number: int) -> Any:
        return Visit("trips.csv", number, None, None, None, None)

    for _, who, _ in rows:
        others = [
            number for number, other, counts in rows
            if counts and key(who) and key(other) == key(who) and not one_by_the_words(who, other)
        ]  # fmt: skip
        notice = names.notice(who, said)
        assert bool(notice) == bool(others)
        if notice:
            assert f"trips.csv, row {others[0]}: " in notice[0]
