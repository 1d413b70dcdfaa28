"""Who has visited before: what a history tells, held against a count that is slow and obvious (scheme, once only)."""

import datetime
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cxc.trip.stay import Stay
from cxc.visits import (
    NO_HISTORY,
    Identity,
    Noted,
    Recollection,
    Visit,
    Visits,
    Who,
    _Namesake,
    _Namesakes,
    identity_of,
    names_somebody,
)

IDS = (None, "RO 123", "ro-123", "PIC 9")
NAMES = (None, "Acme", "ACMÉ.", "Beta")
COUNTRIES = (None, "RO", "PT")


def visit(row: int, told: tuple[str | None, str | None, str | None], decided: bool = True) -> Visit:
    visitor_id, name, country = told
    return Visit("history.csv", row, name, visitor_id, country, datetime.date(2022, 5, 2), decided)


def folded(text: str | None) -> str:
    return "".join(letter for letter in (text or "").replace("É", "e").lower() if letter.isalnum())


def told_by(one: Visit) -> tuple[str, str]:
    """The id, and the name with its country; blank where it is not known."""
    name, country = folded(one.visitor), one.visitor_country
    return folded(one.visitor_id), f"{name} of {country}" if name and country else ""


def expected(history: list[Visit], at_most: int, who: Visit) -> tuple[str, set[int]]:
    """What is to be told, and the rows that it may name."""
    key, name = told_by(who)
    if not (key or name):
        return ("no-country" if folded(who.visitor) else "no-name"), set()
    same, alike, only_id, only_name = [], [], False, False
    for one in history:
        other_key, other_name = told_by(one)
        named_alike = bool(name) and name == other_name
        if (key and key == other_key) or (named_alike and not (key and other_key)):
            same.append(one)
        elif named_alike:
            alike.append(one)
        only_id |= bool(other_key) and not other_name
        only_name |= bool(other_name) and not other_key
    decided = [one for one in same if one.decided]
    if len(decided) >= at_most:
        return "found", {one.row for one in decided}
    if len(same) >= at_most:
        return "undecided", {one.row for one in same if not one.decided}
    if len(same) + len(alike) >= at_most:
        return "same-name", {one.row for one in alike}
    if not key and only_id:
        return "id-not-compared", set()
    return ("name-not-compared" if not name and only_name else "none-found"), set()


anybody = st.tuples(st.sampled_from(IDS), st.sampled_from(NAMES), st.sampled_from(COUNTRIES))


@settings(max_examples=400)
@given(st.lists(st.tuples(anybody, st.booleans()), max_size=7), st.integers(1, 3), anybody)
def test_what_a_history_tells(
    told: list[tuple[tuple[str | None, str | None, str | None], bool]],
    at_most: int,
    who: tuple[str | None, str | None, str | None],
) -> None:
    """The same id is the same visitor; so is the same name in the same country, where one of the two has no id."""
    history = [visit(row, one, decided) for row, (one, decided) in enumerate(told, 2)]
    kind, rows = expected(history, at_most, visit(1, who))

    recollection = Visits(history, at_most).of(visit(1, who))

    assert recollection.kind == kind
    assert {one.row for one in recollection.visits} <= rows
    if kind == "found":
        assert len(recollection.visits) == at_most
    assert bool(recollection.visits) == bool(rows)


@pytest.mark.parametrize(
    ("told", "somebody"),
    [
        (("RO1", None, None), True),
        ((None, "Acme", "RO"), True),
        ((None, "Acme", None), False),
        ((None, None, "RO"), False),
        (("-", "Acme", None), False),
        ((None, ".", "RO"), False),
    ],
)
def test_whom_a_visit_names(told: tuple[str | None, str | None, str | None], somebody: bool) -> None:
    """An id, or a name with its country; signs alone are neither."""
    assert names_somebody(visit(2, told)) is somebody


def test_without_a_history_nothing_is_told() -> None:
    """Not that nobody has visited."""
    for who in ((None, None, None), (None, "Acme", None), ("RO1", "Acme", "RO")):
        assert Visits(None, 1).of(visit(1, who)).kind == "no-history"
    assert Visits([], 1).of(visit(1, ("RO1", None, None))).kind == "none-found"


def test_what_tells_an_organisation() -> None:
    """Its id, and its name with its country."""
    both, id_alone, name_alone = identity_of(7, 8, "RO"), identity_of(7, 8, None), identity_of(0, 8, "RO")

    assert both
    assert id_alone
    assert name_alone
    assert both.names == [*id_alone.names, *name_alone.names] == [(7,), ("RO", 8)]
    assert identity_of(0, 8, None) is identity_of(0, 0, "RO") is None
    assert identity_of(7, 0, "RO") == id_alone


# Rows of visitors, each with an id, a name and whether a country is stated; the places of those that name nobody, and of
# those that are to be held against others.
LOOKED = [
    # Nobody comes again.
    ("a b", "Acme Beta", "yes yes", [], []),
    # An id comes again, also under another name; so does a name.
    ("a b a", "Acme Beta Gamma", "yes yes yes", [], [0, 2]),
    ("a b c", "Acme Beta Acme", "yes yes yes", [], [0, 2]),
    ("a - c", "Acme Beta Beta", "yes yes yes", [], [1, 2]),
    # No id and no name, or a name without a country: that is nobody.
    ("a - c", "Acme - Beta", "yes yes yes", [1], []),
    ("a - c", "Acme Beta Gamma", "yes no yes", [1], []),
    # An id alone, or a name alone, is compared with all that have one.
    ("a b", "Acme Beta", "yes no", [], []),
    ("a b", "- -", "yes yes", [], []),
    ("- -", "Acme Beta", "yes yes", [], []),
    ("a -", "- Beta", "yes yes", [], [0, 1]),
    ("a - c", "Acme Beta Gamma", "no yes yes", [], [0, 1, 2]),
    ("a - c", "- - Beta", "yes yes yes", [1], []),
    ("- b c", "Acme - Beta", "yes yes no", [], [0, 1, 2]),
]


@pytest.mark.parametrize(("ids", "names", "countries", "nobody", "held"), LOOKED)
def test_who_is_held_against_others(ids: str, names: str, countries: str, nobody: list[int], held: list[int]) -> None:
    """Whose visitors come again in other rows; and all, where some state an id alone and others a name alone."""
    key, name = ([text.replace("-", "") for text in texts.split()] for texts in (ids, names))
    visits = Visits(None, 1)

    assert visits.look(1, key, name, {at for at, told in enumerate(countries.split()) if told == "no"}) == nobody

    who = visits.who(1)
    assert [*who.places] == held
    assert [bool(one) for one in who.ids] == [bool(key[at]) for at in held]
    assert [bool(one) for one in who.names] == [bool(name[at]) for at in held]


def test_who_comes_again_in_a_later_part() -> None:
    """Parts are looked at one after the other; the row above is found by its number."""
    visits = Visits(None, 1)
    for first, key in ((1, "a"), (2, "b"), (3, "a")):
        visits.look(first, [key], [""], ())

    assert [[*visits.who(first).places] for first in (1, 2, 3)] == [[0], [], [0]]


def test_a_later_part_states_names_alone() -> None:
    """An id whose country is not stated is compared with it, though each row of its part has an id and a name."""
    visits = Visits(None, 1)
    visits.look(1, ["a"], ["acme"], {0})
    visits.look(2, [""], ["beta"], ())

    assert [[*visits.who(first).places] for first in (1, 2)] == [[0], [0]]


def test_with_a_history_whoever_names_nobody_is_held_against_it() -> None:
    """It may be anybody in it. And whose id or name stands in it comes again."""
    visits = Visits([visit(2, ("RO1", "Acme", "RO"))], 1)
    visits.look(1, ["ro1", "", "x", ""], ["", "acme", "beta", ""], ())

    assert visits.look(5, [""], [""], ()) == [0]
    assert [[*visits.who(first).places] for first in (1, 5)] == [[0, 1, 2, 3], [0]]


def test_some_are_left_out() -> None:
    """Those at some places alone."""
    who = Who([1, 4, 6], [10, 40, 60], [11, 41, 61])

    assert who.without({4, 5}) == Who([1, 6], [10, 60], [11, 61])
    assert who.without(()) == who


@pytest.mark.parametrize(
    ("one", "other"), [(Identity(7, 0, ""), Identity(0, 8, "RO")), (Identity(0, 8, "RO"), Identity(7, 0, ""))]
)
def test_which_rows_count(one: Identity, other: Identity) -> None:
    """The first trip of each by its date, whatever its row; none of a history."""
    visits = Visits([visit(2, ("RO1", None, None))], 1)
    visits.note(
        Noted(datetime.date(2023, 5, day), row, identity, counts, True, False)
        for day, row, identity, counts in (
            (8, 1, one, True),
            (9, 2, one, True),
            (9, 3, other, True),
            (8, 4, other, False),
            (8, 5, Identity(0, 9, "RO"), True),
        )
    )
    visits.settle()

    assert visits.counted == {1, 3, 5}


def test_a_name_of_many_ids() -> None:
    """Of one name no more decided visits are kept than could count, and those that are open besides."""
    told = [("a", True), ("b", True), ("c", False), ("d", True)]
    history = [visit(row, (key, "Acme", "RO"), decided) for row, (key, decided) in enumerate(told, 2)]

    found = Visits(history, 1).of(visit(1, ("e", "Acme", "RO")))

    assert (found.kind, [one.row for one in found.visits]) == ("same-name", [2, 3, 4])


def test_of_open_visits_no_more_are_kept_than_could_count() -> None:
    """The first tells what has to be settled."""
    history = [visit(row, ("RO1", None, None), decided=False) for row in (2, 3, 4)]

    found = Visits(history, 1).of(visit(1, ("RO1", None, None)))

    assert (found.kind, [one.row for one in found.visits]) == ("undecided", [2])


ACME: Final = Identity(7, 8, "RO")


def trips(*approved: bool, who: Identity = ACME) -> list[Noted]:
    """Trips of one visitor, each later than the one before; a place tells whether the partnership has approved it."""
    day = datetime.date(2023, 5, 8)
    return [Noted(day + i * datetime.timedelta(7), i, who, True, True, one) for i, one in enumerate(approved, 1)]


SETTLED: Final = [
    # (what the history says, the trips, under --strict): what each trip is told.
    ("no history", trips(False), False, ["no-history"]),
    ("no history", trips(False, False), False, ["no-history", "found"]),
    ("no history", trips(False, False), True, ["no-history", "undecided"]),
    ("nobody", trips(False, False), False, ["none-found", "found"]),
    ("nobody", trips(False, False), True, ["none-found", "found"]),
    # A name that stands in the history with another id is settled by an approval.
    ("the name", trips(False, False), False, ["same-name", "undecided"]),
    ("the name", trips(True, False), False, ["same-name", "found"]),
    # An open visit is not.
    ("open", trips(True, False, who=Identity(-1, 0, "")), False, ["undecided", "undecided"]),
]


@pytest.mark.parametrize(("history", "noted", "strict", "told"), SETTLED)
def test_what_uses_up_a_visit(history: str, noted: list[Noted], strict: bool, told: list[str]) -> None:
    """A first trip does, as surely as it is known to be the first."""
    histories = {
        "no history": None,
        "nobody": [],
        "the name": [visit(2, ("RO1", "Acme", "RO"))],
        "open": [visit(2, ("RO1", None, None), decided=False)],
    }
    if history == "the name":
        noted = [one._replace(identity=Identity(7, -1, "RO")) for one in noted]
    under = {"strict": True} if strict else {}
    visits = Visits(histories[history], 1, **under, where=lambda number: visit(number, ("RO1", "Acme", "RO")))

    visits.note(noted)
    visits.settle()

    assert [visits.recall(one.number).kind for one in noted] == told
    assert visits.several(noted[0].identity) is (len(noted) > 1)


MAY: Final = Stay.between(datetime.date(2023, 5, 8), datetime.date(2023, 5, 12))
JUNE: Final = Stay.between(datetime.date(2023, 6, 5), datetime.date(2023, 6, 9))
WIDER: Final = Stay.between(datetime.date(2023, 5, 1), datetime.date(2023, 5, 20))
FOUND: Final = Recollection("found", (visit(2, ("RO1", None, None)),))
ROW_1: Final = Recollection("found", (Visit("trips.csv", 1, None, "RO1", None, None),))


@pytest.mark.parametrize(
    ("stay", "host", "found", "kind", "notices"),
    [
        (JUNE, "host", FOUND, "found", ()),
        (JUNE, "host", ROW_1, "found", ()),
        (MAY, "another", ROW_1, "found", ("The trip overlaps another one of the same visitor, in trips.csv, row 1.",)),
        (WIDER, "host", FOUND, "found", ("The trip overlaps another one of the same visitor, in trips.csv, row 1.",)),
        (MAY, "host", ROW_1, "same-trip", ("The same trip is in trips.csv, row 1.",)),
        (
            MAY,
            "host",
            ROW_1._replace(kind="undecided"),
            "same-trip-undecided",
            ("The same trip is in trips.csv, row 1.",),
        ),
        (MAY, "host", ROW_1._replace(kind="same-name"), "same-name", ("The same trip is in trips.csv, row 1.",)),
        # What counts is a visit of the history, and not the same trip.
        (MAY, "host", FOUND, "found", ("The same trip is in trips.csv, row 1.",)),
    ],
)
def test_what_rows_above_say(stay: Stay, host: str, found: Recollection, kind: str, notices: tuple[str, ...]) -> None:
    """That a trip overlaps another one, or is the same: then it was not used up by somebody else's row."""
    visits = Visits(None, 1, where=lambda number: Visit("trips.csv", number, None, "RO1", None, None))
    assert visits.beside(1, ACME, MAY, ("host",), NO_HISTORY) == (NO_HISTORY, ())

    recollection, said = visits.beside(2, ACME, stay, (host,), found)

    assert (recollection.kind, said) == (kind, notices)
    assert recollection.visits == found.visits


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=30),
    st.integers(1, 3),
)
@example([(key, False) for key in range(9)], 1)
@example([(1, False), (1, False), (2, False), (1, True)], 1)
def test_of_many_visits_with_one_name_few_are_kept(visits: list[tuple[int, bool]], at_most: int) -> None:
    """They tell the same as all of them would: whether there are too many that may be one's own, and the first."""
    namesakes = _Namesakes(at_most)
    before: list[_Namesake] = []
    for number, (key, countryless) in enumerate(visits, 2):
        visit = _Namesake(number, key, countryless)
        alike = [other.number for other in before if visit.may_be(other)]
        assert namesakes.first_of_many(7, visit) == (alike[0] if len(alike) >= at_most else None)
        namesakes.add(7, visit)
        before.append(visit)
    assert len(namesakes._by_name.get(7, ())) <= 4 * at_most
