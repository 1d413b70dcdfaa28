"""Tables: every row is judged as one trip is, and what only a table shows is found whatever the order of its rows."""

import csv
import datetime
import gc
import io
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import rfc8785
from commands import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import good_trips, rulebooks, trips

import cxc
from cxc.advice import remedies
from cxc.advice.remedies import advised, dated_remedies
from cxc.conclusions import NO_TRIP, NOT_ELIGIBLE, UNDECIDED
from cxc.errors import InputError, TripError
from cxc.reports import json as json_report
from cxc.reports import jsonl
from cxc.reports.csv import RESULTS
from cxc.reports.formats import report
from cxc.reports.output import in_utf8
from cxc.reports.values import money, unrunnable, why
from cxc.scheme.loading import load_scheme
from cxc.tables import csv_table
from cxc.tables.batch import PROMISED_ONCE, Batch, Heading, Judged, JudgedRows
from cxc.tables.columns import match_columns, read_map
from cxc.tables.csv_table import CsvTable, _csv_fault
from cxc.text import LONGEST_SOUGHT, fold
from cxc.trip.fields import FIELDS, NAMES
from cxc.trip.reader import TripReader
from cxc.verdict import judge
from cxc.visits import NONE_FOUND, Recollection, Visit, Visits
from cxc.vocabulary import EarlierVisits

SCHEMES = {name: load_scheme(name) for name in ("medic-nest", "eccp")}
SCHEMES["two-visits"] = load_scheme(str(Path(__file__).parent / "rulebooks" / "two-visits.yaml"))


def table(content: bytes, encoding: str | None = None) -> CsvTable:
    return CsvTable(io.BytesIO(content), "trips.csv", encoding)


def judged_together(
    content: bytes, rulebook: str = "medic-nest", *, encoding: str | None = None, **options: Any
) -> Iterator[JudgedRows]:
    scheme = SCHEMES[rulebook]
    source = table(content, encoding)
    columns = match_columns(source.columns, source.name, {})
    return Batch(scheme, TripReader(scheme.countries), **options).judged([(source, columns)])


def judged(content: bytes, rulebook: str = "medic-nest", **options: Any) -> list[Judged]:
    return [row for rows in judged_together(content, rulebook, **options) for row in rows]


def written(rows: list[dict[str, Any]], delimiter: str = ",", columns: tuple[str, ...] = FIELDS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def reported(format: str, content: bytes, rulebook: str = "medic-nest", **options: Any) -> list[str]:
    """The lines that a format writes of a table, without its heading."""
    scheme, source, writer = SCHEMES[rulebook], table(content), report(format)
    batch = Batch(scheme, TripReader(scheme.countries), **options)
    tables = [(source, match_columns(source.columns, source.name, {}))]
    writer.begin([Heading(source.name, source.columns)])
    parts = batch.judged(tables, writer.asks, visits_named=writer.names_visits)
    written = b"".join(in_utf8(piece) for part in parts for piece in writer.pieces(part))
    return written.decode().splitlines(keepends=True)


spoiled = st.sampled_from(
    [
        {"host_country": "Atlantis"},
        {"arrival": "1.1.2023"},
        {"departure": "1999-01-01"},
        {"first_day": "2023-01-01"},
        {"travellers": "0"},
        {"host_cluster": "tbc"},
        {"visitor_id": "n/a"},
        {"visitor": "tbc"},
        {"visitor": "???"},
        {"visitor": "\x1bAcme"},
        {"visitor_id": "RO 12 3"},
        {"visitor_id": "none"},
        {"reference": "a\0b"},
        {"approved_by": "?"},
        {"host_place": "Frankfurt"},
        {"visitor_place": "1.0,2.0"},
        {"host": "tbc"},
        {},
        {},
    ]
)


cells = st.sampled_from(
    [
        "",
        "Host",
        '"Host"',
        "A, B",
        "=1+1",
        "-5",
        " -5",
        "@host",
        "Ġ=1",
        "ħ\n=1",
        "＝1",
        "x\ty",
        "a\r\nb",
        "ż - =",
        "\u2003=1",
        "##[error]x",
    ]
)
expectations = st.sampled_from(["", "", "eligible", "undecided", "perhaps"])


@pytest.mark.many
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.one_of(trips(), good_trips()), spoiled), min_size=1, max_size=6),
    rulebooks,
    st.booleans(),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1253"]),
    st.permutations(FIELDS),
)
def test_rows_are_judged_as_one_trip_is(
    stated: list[tuple[dict[str, Any], dict[str, str]]],
    rulebook: str,
    strict: bool,
    delimiter: str,
    encoding: str,
    columns: tuple[str, ...],
) -> None:
    """Row by row the verdict of `cxc check`, one-visit apart, in any delimiter, encoding and order of columns."""
    scheme = SCHEMES[rulebook]
    reader = TripReader(scheme.countries)
    rows = [trip | fault for trip, fault in stated]
    content = written(rows, delimiter, tuple(columns)).encode(encoding, "replace")
    named = encoding if encoding.startswith("windows") else None
    found = judged(content, rulebook, encoding=named, strict=strict)
    read = csv.DictReader(io.StringIO(content.decode(encoding)), delimiter=delimiter)
    cells = [row for row in read if any(map(str.strip, row.values()))]

    assert [row.cells for row in found] == [list(row.values()) for row in cells]
    for row, texts in zip(found, cells, strict=True):
        core = ("host_country", "host_cluster", "arrival", "departure", "first_day", "last_day")
        assert (row.outcome == "no-trip") == (not "".join(texts[field] for field in core).strip())
        if row.outcome == "no-trip":
            continue
        try:
            trip = reader.read(texts)
        except TripError as error:
            assert (row.verdict, row.problems) == (None, error.problems)
            continue
        assert row.verdict is not None
        kind: Any = row.verdict.fact("earlier_visits")
        recollection = Recollection(kind, row.verdict.earlier_visits)
        alone = judge(trip, scheme, strict=strict, recollection=recollection)
        assert json_report.document(row.verdict) == json_report.document(alone)


BLANKS = (" ", "\u00a0", "\u200b")  # look like nothing, and are nothing
people = st.fixed_dictionaries(
    {
        "visitor": st.sampled_from(["Acme", "ACME", "Beta", "", *BLANKS]),
        "visitor_id": st.sampled_from(["RO1", "ro-1", "RO2", "RO1234", "", *BLANKS]),
        "visitor_country": st.sampled_from(["RO", "RO", "RO", "BG", "", *BLANKS]),
        "host_country": st.sampled_from(["PT", "PT", "PT", "NO"]),
        "host_cluster": st.sampled_from(["yes", "yes", "yes", "", "none"]),
        "arrival": st.dates(datetime.date(2023, 1, 1), datetime.date(2023, 1, 9)),
        "approved": st.sampled_from(["", "", "", "CXC303"]),
    }
)
histories = st.one_of(
    st.none(),
    st.lists(
        st.builds(
            lambda name, key, country: Visit("history.csv", 2, name or None, key or None, country, None),
            st.sampled_from(["Acme", "", "-", " "]),
            st.sampled_from(["RO1", "RO3", "RO 1234"]),
            st.sampled_from(["RO", "BG"]),
        ),
        max_size=2,
    ),
)


# Everything else is stated, so that under --strict nothing but earlier visits leaves a trip open.
FULL = {
    "visitor_type": "sme",
    "visitor_cluster": "yes",
    "host_type": "sme",
    "distance_km": "2900",
    "travellers": "1",
    "activity": "networking",
    "third_country_national": "no",
}


def told_by(earlier: list[tuple[Visit, bool]], trip: Visit, at_most: int) -> EarlierVisits:
    """What earlier visits tell of a trip's visitor, by a look at each of them, which may be decided or not."""

    def states(visit: Visit) -> tuple[str, str]:
        name = f"{visit.visitor_country} {fold(visit.visitor or '')}"
        return fold(visit.visitor_id or ""), name if visit.visitor_country and fold(visit.visitor or "") else ""

    key, name = states(trip)
    if not key and not name:
        return "no-country" if fold(trip.visitor or "") else "no-name"
    others = [(*states(visit), decided) for visit, decided in earlier]
    same = [one for one in others if (key and one[0] == key) or (name and one[1] == name and not (key and one[0]))]
    alike = [one for one in others if name and one[1] == name and key and one[0] and one[0] != key]
    if sum(decided for _, _, decided in same) >= at_most:
        return "found"
    if len(same) >= at_most:
        return "undecided"
    if len(same) + len(alike) >= at_most:
        return "same-name"
    if not key and any(other_key and not other for other_key, other, _ in others):
        return "id-not-compared"
    if not name and any(other and not other_key for other_key, other, _ in others):
        return "name-not-compared"
    return "none-found"


@pytest.mark.many
@settings(max_examples=400)
@given(
    st.lists(people, min_size=1, max_size=12), histories, st.booleans(), st.sampled_from(["medic-nest", "two-visits"])
)
def test_visits_are_held_against_one_another_by_date(
    stated: list[dict[str, Any]], history: list[Visit] | None, strict: bool, rulebook: str
) -> None:
    """The same as going through all trips in the order of their dates and remembering each, one after the other."""
    rows = []
    for row in stated:
        arrival = row["arrival"]
        approval = {"approved_by": "Ana", "approved_on": "2023-01-01"} if row["approved"] else {}
        rows.append(
            FULL | row | approval | {"arrival": str(arrival), "departure": str(arrival + datetime.timedelta(days=6))}
        )
    found = judged(written(rows).encode(), rulebook, history=history, strict=strict)

    scheme = SCHEMES[rulebook]
    at_most = scheme.rulebook.visits_at_most
    reader = TripReader(scheme.countries)
    earlier = [(visit, True) for visit in history or ()]
    expected: dict[int, str] = {}
    for number in sorted(range(len(rows)), key=lambda number: (rows[number]["arrival"], number)):
        trip = reader.read(rows[number])
        country = trip.visitor_country.code if trip.visitor_country else None
        visit = Visit("trips.csv", number + 2, trip.visitor, trip.visitor_id, country, None)
        told = told_by(earlier, visit, at_most)
        if history is None and told in ("none-found", "no-name", "no-country"):
            told = "no-history"
        verdict = judge(trip, scheme, recollection=Recollection(told), strict=strict)
        expected[number] = f"{verdict.outcome} {verdict.finding('CXC303').outcome}"
        if verdict.outcome != NOT_ELIGIBLE:
            earlier.append((visit, verdict.outcome != UNDECIDED))
    outcomes = {
        row.row - 2: f"{row.outcome} {row.verdict.finding('CXC303').outcome}"
        for row in found
        if row.verdict is not None
    }

    assert outcomes == expected


NAMESAKES = [
    # A name alone tells nobody from others, so the first visit is assumed; the row says where the name stands.
    (["Acme,,,PT", "Acme,,,PT"], [None, 2]),
    (["Acme,,,PT", "ACME.,,,PT", "Beta,,,PT", "acme,,,PT"], [None, 2, None, 2]),
    # Nor is it told from one with a country, or with an id; nor an id without a country from another one.
    (["Acme,,,PT", "Acme,,RO,PT"], [None, 2]),
    (["Acme,,RO,PT", "Acme,,,PT"], [None, 2]),
    (["Acme,,,PT", "Acme,RO1,,PT"], [None, 2]),
    (["Acme,RO1,,PT", "Acme,,,PT"], [None, 2]),
    (["Acme,,RO,PT", "Acme,RO1,,PT"], [None, 2]),
    (["Acme,RO1,,PT", "Acme,,RO,PT"], [None, 2]),
    (["Acme,RO1,,PT", "Acme,RO2,,PT"], [None, 2]),
    (["Acme,RO1,,PT", "Acme,RO2,RO,PT"], [None, 2]),
    # Where the same id tells, or both have a country, that is enough; nor is there anything to tell without a name.
    (["Acme,RO1,,PT", "Acme,RO1,RO,PT"], [None, None]),
    (["Acme,,RO,PT", "Acme,,BG,PT"], [None, None]),
    (["Acme,RO1,RO,PT", "Acme,RO2,RO,PT"], [None, None]),
    ([",,,PT", ",,,PT"], [None, None]),
    # A trip that is refused uses up no visit: neither here nor there.
    (["Acme,,,NO", "Acme,,,PT", "Acme,,,PT"], [None, None, 3]),
    (["Acme,,,PT", "Acme,,,NO"], [None, None]),
    (["Acme,,,PT", "Acme,,RO,PT", "Acme,,RO,PT"], [None, 2, None]),
    # The same for visits of a history.
    (["Past,,,PT", "Past,,RO,PT"], ["history.csv", None]),
    (["Known,,RO,PT", "Known,X1,,PT"], ["history.csv", None]),
]


def same_name(rows: list[str], rulebook: str) -> list[str | None]:
    """What rows are told of visitors with the same name: visitor, id and country, and the country of the host."""
    days = [f"2023-0{month}-14,2023-0{month}-20" for month in range(1, 8)]
    lines = [f"{row},yes,{day}" for row, day in zip(rows, days, strict=False)]
    content = "\n".join([f"visitor,visitor_id,visitor_country,{HEAD}", *lines]).encode()
    history = [
        Visit("history.csv", 2, "Past", None, "RO", None),
        Visit("history.csv", 2, "Known", "X1", None, None),
    ]
    return [
        next((notice for notice in row.notices if "with the same name" in notice), None)
        for row in judged(content, rulebook, history=history)
    ]


@pytest.mark.parametrize(("rows", "told"), NAMESAKES)
def test_a_visitor_whose_name_stands_twice_without_a_country(rows: list[str], told: list[int | str | None]) -> None:
    """In a table without the column `visitor_country` an organisation might else be paid twice, and no row told of it."""

    def said(place: int | str | None) -> str | None:
        where = f"trips.csv, row {place}" if isinstance(place, int) else "history.csv, row 2"
        return None if place is None else (
            f"A visitor with the same name is in {where}. It was not checked whether it is the same organisation. "
            "State visitor_country in both rows."
        )  # fmt: skip

    assert same_name(rows, "medic-nest") == [*map(said, told)]


def test_a_visitor_who_may_come_twice() -> None:
    """There a third trip is one too many."""
    said = same_name(["Acme,,,PT", "Acme,,RO,PT", "Acme,X1,,PT", "Acme,,,PT"], "two-visits")

    assert ["row 2" in notice if notice else None for notice in said] == [None, None, True, True]


def test_a_visitor_with_the_same_name_whose_further_visit_is_approved() -> None:
    """It is paid, so the row says what was not checked."""
    head = f"visitor,visitor_id,visitor_country,{HEAD},approved,approved_by,approved_on"
    rows = ["Acme,,,PT,yes,2023-01-14,2023-01-20,,,"]
    rows += [f"Acme,{key},RO,PT,yes,2023-0{at}-14,2023-0{at}-20,{why}" for at, key, why in
             ((2, "RO1", ",,"), (3, "RO2", "CXC303,Ana,2023-01-01"))]  # fmt: skip
    found = judged("\n".join([head, *rows]).encode(), history=[])

    assert [row.outcome for row in found] == ["eligible"] * 3
    assert ["with the same name is in trips.csv, row 2" in " ".join(row.notices) for row in found] == [
        False,
        True,
        True,
    ]


def test_what_is_needed_names_the_history_and_what_cannot_be_compared() -> None:
    """Of one trip only the id is known, of the next only the name: strictly, neither an id nor a history settles it."""
    trip = FULL | {"host_country": "PT", "host_cluster": "yes", "arrival": "2023-05-14", "departure": "2023-05-20"}
    only_id, only_name = {"visitor_id": "RO 1"}, {"visitor": "Acme"}
    for first, second, needed in (
        (only_id, only_name, ("visitor_id", "history")),
        (only_name, only_id, ("visitor", "visitor_country", "history")),
    ):
        rows = [trip | {"visitor_country": "RO"} | told for told in (first, second)]
        verdicts = [row.verdict for row in cxc.check_rows(rows, strict=True)]

        assert [verdict and verdict.needed for verdict in verdicts] == [("history",), needed]


@given(
    st.lists(people, min_size=2, max_size=6, unique_by=lambda row: row["arrival"]), st.randoms(use_true_random=False)
)
def test_outcome_does_not_depend_on_the_order_of_rows(stated: list[dict[str, Any]], shuffle: random.Random) -> None:
    """A file sorted otherwise gives every trip the same outcome."""
    rows = []
    for number, row in enumerate(stated):
        departure = row["arrival"] + datetime.timedelta(days=6)
        rows.append(row | {"reference": str(number), "departure": str(departure), "approved": ""})
    shuffled = rows[:]
    shuffle.shuffle(shuffled)

    def outcomes(table: list[dict[str, Any]]) -> dict[str, str]:
        return {row.cells[0]: row.outcome for row in judged(written(table).encode())}

    assert outcomes(shuffled) == outcomes(rows)


HEAD = "host_country,host_cluster,arrival,departure"
GOOD = "PT,yes,2023-05-14,2023-05-20"


def test_bad_rows_never_stop_the_others() -> None:
    """Each row that cannot be read says why; those around it are judged; lines are those of the file."""
    content = (
        f'\n{HEAD}\n{GOOD}\n\nPT,yes\n{GOOD},too,many\n{GOOD},,\nPT,"A\nB",2023-05-14,2023-05-20\n'
        f'PT,"x"y,2023-05-14,2023-05-20\n{GOOD}\nP\0T,yes,2023-05-14,2023-05-20\nPT,"cut'
    )
    found = judged(content.encode())
    said = [(row.row, row.outcome, row.problems[0].message if row.problems else "") for row in found]

    assert said == [
        (3, "eligible", ""),
        (5, "undecided", ""),
        (6, "unreadable", "The row has 6 cells, but the heading has 4. A quotation mark or a delimiter may be wrong."),
        (7, "eligible", ""),
        (8, "eligible", ""),
        (10, "unreadable", "A quotation mark stands inside a quoted cell; write it twice."),
        (11, "eligible", ""),
        (12, "unreadable", "host_country: 'P T' contains a NUL byte"),
        (13, "unreadable", "A cell begins with a quotation mark here and never ends; the file may be cut off."),
    ]


def test_huge_cell() -> None:
    """A cell of 5 MB is a text like any other; one above the limit makes its row unreadable."""
    found = judged(f"{HEAD},host\n{GOOD},{'x' * 5_000_000}\n{GOOD},y\n{GOOD},{'x' * 10_000_001}\n{GOOD},z\n".encode())

    assert [row.outcome for row in found] == ["eligible", "eligible", "unreadable", "eligible"]
    assert "more than 10,000,000 characters" in found[2].problems[0].message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the table is empty"),
        (b"\n\n", "the table is empty"),
        (b'"a', "the heading cannot be read"),
        (b"a,b\n", "there is no column host_country, host_cluster, arrival or departure; the columns are a and b"),
        (b"Trips of June,,,\nhost_country,arrival\n", "if this is a title, delete all lines above the headings"),
        (b"Land\nPT\n", "above the headings; if not, rename the headings that are meant; or keep them"),
        (b"arrival\n2023-05-14\n", "the columns are arrival; rename the headings that are meant"),
        (b"Host Land,host_cluster,arrival,departure\n", "there is no column host_country; the columns are Host Land"),
        (b"hostcountri,host_cluster,arrival,departure\n", "is 'hostcountri' the column host_country? Use --map"),
        (b"host_country,host_cluster,arrival\n", "no column departure"),
        (b"host_country,host_cluster,first_day\n", "no column last_day"),
        (b"host_country,Host-Country,host_cluster,arrival,departure\n", "both name host_country"),
        (b"h\0o\0s\0t\0", "contains NUL bytes; name the encoding"),
        (b"a," * 1_000_000, "at most 1000 are read"),
        (b'"host,host_country,arrival"\n"A,PT,2023-05-14"\n', "each row stands in one cell, divided by ','; divide it"),
        (b'"host;host_country;arrival"\n', "one cell for each column (in Excel: Data, Text to Columns)"),
        (b'"host\thost_country\tarrival"\nx\n', "each row stands in one cell, divided by tabs"),
        (b"Trips, of June, 2023;;\n", "the columns are Trips, of June and 2023;;; rename the headings"),
        (f"{HEAD};;;\n{GOOD}\n".encode(), "the headings stand in one cell; divide it into one cell for each"),
        (b'"Our notes, host, June, 2023"\n', "if this is a title"),
        (b"host_country,\xfc\n", "not UTF-8 text"),
        (f"{HEAD}\n{GOOD}\n".encode() + b"\xfc\n", "not UTF-8 text"),
    ],
    ids=range(22),
)
def test_table_that_cannot_be_read(content: bytes, says: str) -> None:
    """What is wrong with the table as such is one sentence."""
    with pytest.raises(InputError) as caught:
        judged(content)

    assert says in str(caught.value)
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize(
    ("content", "encoding", "says"),
    [
        ("ă,à\n".encode(), "windows-1250", "the file is UTF-8 text, not WINDOWS-1250; leave out --encoding"),
        ("Ş,Î\n".encode(), "windows-1250", "the file is UTF-8 text, not WINDOWS-1250; leave out --encoding"),
        ("\ufeffa,b\n".encode(), "iso-8859-2", "the file is UTF-8 text, not ISO-8859-2; leave out --encoding"),
        ("ș,à\n".encode(), "ascii", "the file is UTF-8 text, not ASCII; leave out --encoding"),
        ("hosț".encode(), "utf-16-le", "the file is UTF-8 text, not UTF-16-LE; leave out --encoding"),
        (b"h\0o\0\x98\0", "windows-1250", "the file is not WINDOWS-1250 text; save it as UTF-8"),
        (b"\0h\0", "utf-16", "the file is not UTF-16 text; save it as UTF-8"),
        (b"\xe9\x98\n", "windows-1250", "the file is not WINDOWS-1250 text; save it as UTF-8"),
        (b"\xe9\n", "utf-8", "the file is not UTF-8 text; save it as UTF-8"),
    ],
    ids=range(9),
)
def test_text_that_is_not_in_the_encoding_that_was_named(content: bytes, encoding: str, says: str) -> None:
    """What is UTF-8 is said to be that, also where it could be read with garbled names: the option is what is wrong."""
    with pytest.raises(InputError, match=re.escape(says)):
        [*table(content, encoding).rows()]


lines_of_text = st.lists(
    st.tuples(
        st.sampled_from(["", "a,b", "é,ș", '"a\nb",c', '"a\rb",', '"', " ,", "x,y,z", "𝓐,ж"]),
        st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    ),
    max_size=12,
)


@given(lines_of_text, st.integers(min_value=1, max_value=40), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_text_is_read_alike_in_pieces_of_any_size(lines: list[tuple[str, str]], size: int, encoding: str) -> None:
    """Wherever a piece ends: within a letter, between the two letters of an end of a line, within a cell."""
    content = "".join(["host,host_country\n", *(text + end for text, end in lines)]).encode(encoding)

    whole = [*table(content).rows()]
    with patch.object(csv_table, "TOGETHER", size):
        assert [*table(content).rows()] == whole


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(end: str) -> None:
    """As any system writes them; a text of a million lines is never taken as one."""
    content = end.join(["host,host_country", *["Medvia,PT"] * 9, ""]).encode()
    with patch.object(csv_table, "TOGETHER", 40):
        opened = table(content)
        assert [cells for _, cells, _ in opened.rows()] == [["Medvia", "PT"]] * 9
        assert max(map(len, opened.blocks(1_000))) < 9


@pytest.mark.parametrize("letter", ["a", "上", "\u0a0a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_line_that_never_ends(letter: str, encoding: str) -> None:
    """Also where bytes of its letters look like ends of lines: it fills no memory."""
    with (
        patch.object(csv_table, "TOGETHER", 100),
        patch.object(csv_table, "LONGEST_LINE", 1_000),
        pytest.raises(InputError, match="a line has 1,000 bytes or more"),
    ):
        list(table(f"host,host_country\n{letter * 2_000}".encode(encoding), encoding).rows())


def test_half_a_letter() -> None:
    """What no other text can hold, as a faulty export may have it."""
    with pytest.raises(InputError, match="the file is not UTF-7 text"):
        table(b"host,host_country\nAc+2AA-me,PT\n", "utf-7")


@pytest.mark.parametrize("content", ["host\nPT\n", "\ufeffhost\nPT\n"])
def test_the_mark_of_an_encoding_may_lack(content: str) -> None:
    """Where it is named; and without its name a mark is no part of the first heading."""
    assert table(content.encode(), "utf-8-sig").columns == ["host"]
    assert table(content.encode()).columns == ["host"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n", "\n\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_european_files(delimiter: str, first: str, end: str) -> None:
    """Delimiters, Excel's sep= line, blank lines, CRLF, decimal commas, trailing empty columns, headings as people write."""
    lines = [
        "Host Country;HOST-CLUSTER;Arrival;departure;Distance km;;",
        'Österreich;Ja Cluster;2023-05-14;2023-05-20;"199,5";;',
    ]
    content = first.format(delimiter) + end.join(lines).replace(";", delimiter).replace("Ja Cluster", "Medvia") + end
    (row,) = judged(content.encode())

    assert row.verdict is not None
    assert row.verdict.payable is not None
    assert row.verdict.payable.amount == Decimal("450.00")


def test_map(tmp_path: Path) -> None:
    """Headings of one's own, by option and from a file."""
    path = tmp_path / "map.yaml"
    path.write_text("Abreise: departure\nZiel: Host Country\n")
    renamed = read_map(["Ankunft=arrival", str(path)])
    columns = match_columns(["ZIEL", "Ankunft", "Abreise", "host_cluster", "x"], "t.csv", renamed)

    assert columns.places == {"host_country": 0, "arrival": 1, "departure": 2, "host_cluster": 3}
    assert columns.unknown == ("x",)
    with pytest.raises(InputError, match="did you mean arrival"):
        read_map(["Ankunft=arival"])
    with pytest.raises(InputError, match="is not a field; the fields are reference"):
        read_map(["Ankunft=qqqq"])
    with pytest.raises(InputError, match="renames the column 'Ankunft', which does not exist"):
        match_columns(["host_country"], "t.csv", {"Ankunft": "arrival"})


def test_more_visits_than_one(tmp_path: Path) -> None:
    """Where a rulebook lets an organisation visit twice, the third trip by date is refused, wherever it stands."""
    path = tmp_path / "ours.yaml"
    path.write_text(
        "rulebook: ours\nextends: medic-nest\nlimits:\n  visits_at_most: {value: 2, sources: [S5], checked: 2026-11-23}\n"
    )
    scheme = load_scheme(str(path))
    lines = [f"RO1,PT,yes,2023-0{month}-14,2023-0{month}-20" for month in (5, 8, 2, 6)]
    source = table("\n".join((f"visitor_id,{HEAD}", *lines)).encode())
    columns = match_columns(source.columns, source.name, {})
    found = Batch(scheme, TripReader(scheme.countries)).judge([(source, columns)])

    assert [row.outcome for row in found] == ["eligible", "not-eligible", "eligible", "not-eligible"]


def test_odd_texts_are_read_as_one_trip_reads_them() -> None:
    """A NUL byte in a reference, a heading without a name in the middle."""
    found = judged(f"reference,,{HEAD}\na\0b,,{GOOD}\nab,,{GOOD}\n".encode())

    assert [row.outcome for row in found] == ["unreadable", "eligible"]
    assert _csv_fault(csv.Error("odd")) == "the line is not CSV (odd)"


def test_same_trip_overlap_and_budget() -> None:
    """What only a table shows stands as a notice in the row where it shows."""
    content = (
        f"visitor_id,{HEAD}\nRO1,{GOOD}\nRO1,{GOOD}\nRO1,PT,yes,2023-05-18,2023-05-25\nRO1,AT,yes,2023-07-01,2023-07-07\n"
        f"RO2,{GOOD}\nRO3,{GOOD}\n"
    )
    found = judged(content.encode(), budget=Decimal(1000))

    assert [row.notices for row in found] == [
        (),
        ("The same trip is in trips.csv, row 2.",),
        ("The trip overlaps another one of the same visitor, in trips.csv, row 2.",),
        (),
        ("The budget of EUR 1000.00 is exceeded from trips.csv, row 6, on.",),
        (),
    ]


def test_expectations() -> None:
    """A row that says what must come out counts by that alone."""
    expected = [
        (f"{GOOD},eligible,780", "eligible", None),
        (f"{GOOD},eligible,", "eligible", None),
        (f"{GOOD},,780.00", "eligible", None),
        (f"{GOOD},Not Eligible,", "not-eligible", "expected not-eligible, found eligible"),
        (f"{GOOD},,390", "not-eligible", "expected EUR 390.00, found EUR 780.00"),
        ("NO,yes,2023-05-14,2023-05-20,not-eligible,0", "eligible", None),
        ("XX,yes,2023-05-14,2023-05-20,unreadable,", "eligible", None),
        ("XX,yes,2023-05-14,2023-05-20,eligible,", "not-eligible", "expected eligible, found unreadable"),
        (f"{GOOD},perhaps,", "unreadable", None),
        (f"{GOOD},,1.234.5", "unreadable", None),
        (GOOD + ",,", "eligible", None),
        (GOOD + ",unreadable,,one,too,many", "eligible", None),
    ]
    content = f"{HEAD},expected_outcome,expected_eur\n" + "\n".join(row for row, _, _ in expected)
    batch = Batch(SCHEMES["medic-nest"], TripReader(SCHEMES["medic-nest"].countries))
    source = table(content.encode())
    found = list(batch.judge([(source, match_columns(source.columns, source.name, {}))]))

    assert [(row.standing, row.mismatch) for row in found] == [(standing, why) for _, standing, why in expected]
    assert (batch.summary.expected, batch.summary.mismatched) == (9, 3)


def test_rows_that_a_script_holds() -> None:
    """Mappings of fields instead of a file."""
    good = {
        "host_country": "PT",
        "host_cluster": True,
        "arrival": datetime.date(2023, 5, 14),
        "departure": "2023-05-20",
    }
    assert [(row.row, row.outcome) for row in cxc.check_rows([good])] == [(2, "eligible")]
    good = {"host_country": "PT", "host_cluster": "yes", "arrival": "2023-05-14", "departure": "2023-05-20"}
    found = list(cxc.check_rows([{**good, "activity": ["fair", "other"]}, {**good, "travelers": 5}, {**good, "qq": 1}]))
    assert [row.outcome for row in found] == ["eligible", "unreadable", "unreadable"]
    assert found[1].problems[0].message == "'travelers' is not a field of a trip; did you mean travellers?"


def in_blocks(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A table of nine rows that differ, which are judged two at a time."""
    monkeypatch.setattr("cxc.tables.sources.TOGETHER", 2)
    lines = [
        f"{country},yes,2023-05-14,2023-05-{14 + nights}" for country in ("PT", "AT", "DE") for nights in (2, 5, 9)
    ]
    return f"{HEAD}\n{chr(10).join(lines)}\n".encode()


def is_sealed(line: bytes) -> bool:
    """Whether a row has a verdict with the seal that somebody else's program makes of it, or none."""
    content = {key: value for key, value in json.loads(line).items() if key not in ("file", "sheet", "row")}
    seal = content.pop("seal", None)
    expected = None if "errors" in content else sha256(rfc8785.dumps(content)).hexdigest()
    return bool(seal == expected)


def is_as_defined(blocks: Iterable[JudgedRows]) -> bool:
    """Whether what is written of rows together, in lines and as an object, is what is defined for each row, and sealed."""
    defined, in_lines, listed = list[str](), list[bytes](), list[bytes]()
    lines, entries = report("jsonl"), report("json")
    for rows in blocks:
        documents = [json_report.row_document(row) for row in rows if row.outcome != NO_TRIP]
        defined += [json_report.uncommanded(json_report.compact(document)) for document in documents]
        in_lines += map(in_utf8, lines.pieces(rows))
        listed += map(in_utf8, entries.pieces(rows))
    assert all(map(is_sealed, b"".join(in_lines).splitlines()))
    first = "\n" if defined else ""
    return (b"".join(in_lines).decode(), b"".join(listed).decode()) == (
        ("".join(f"{line}\n" for line in defined), first + ",\n".join(defined)))  # fmt: skip


@pytest.mark.many
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.one_of(trips(), good_trips()), spoiled, cells, expectations), min_size=1, max_size=6),
    rulebooks,
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, [Visit("history.csv", 2, "Acme", "RO 123", "RO", None)]]),
)
def test_lines_made_together_are_those_made_each_time(
    stated: list[tuple[dict[str, Any], dict[str, str], str, str]],
    rulebook: str,
    strict: bool,
    redact: bool,
    history: list[Visit] | None,
) -> None:
    """What is put together from texts that were made before is what is made of one row alone."""
    rows = [
        {**trip, **fault, "host": cell or trip.get("host", ""), "expected_outcome": expected}
        for trip, fault, cell, expected in stated
    ]
    content = written(rows, columns=(*FIELDS, "expected_outcome")).encode("utf-8", "replace")

    assert is_as_defined(judged_together(content, rulebook, strict=strict, redact=redact, history=history))


def test_texts_that_are_too_many_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many answers differ, what is kept of them is bounded, and lines are right."""
    monkeypatch.setattr("cxc.reports.jsonl.MOST_REMEMBERED", 3)
    content, writer = in_blocks(monkeypatch), jsonl._VerdictsInLines()

    assert is_as_defined(judged_together(content))
    assert sum(len(list(writer(rows))) for rows in judged_together(content)) == 9
    assert max(map(len, writer._told._remembered.values())) == 3


def test_lines_tell_what_is_approved() -> None:
    """Of one row alone, though the other has the same answers; and its short stay is mended."""
    trip = "GB,PT,yes,2023-05-14,2023-05-17"
    head = f"visitor_country,{HEAD},approved,approved_by,approved_on"
    content = f"{head}\n{trip},,,\n{trip},CXC101;CXC201;CXC602,Ana,2023-01-09\n{trip},,,\n".encode()
    (rows,) = judged_together(content)
    lines = report("jsonl").rows(rows).splitlines()

    assert is_as_defined(judged_together(content))
    assert ["Approved by Ana" in line for line in lines] == [False, True, False]
    assert ["Leaving on " in line for line in lines] == [True, True, True]


def test_lines_are_right_whose_answers_were_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are those of the answers that are in use, and no others are kept."""
    monkeypatch.setattr("cxc.verdict.MOST_NUMBERED", 3)
    content, writer = in_blocks(monkeypatch), jsonl._VerdictsInLines()

    assert is_as_defined(judged_together(content))
    assert [len(list(writer(rows))) for rows in judged_together(content)] == [2, 2, 2, 2, 1]
    assert max(map(len, writer._told._remembered.values())) == 2  # what cannot be read, and what the last row has


@pytest.mark.many
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.one_of(trips(), good_trips()), spoiled, cells), min_size=1, max_size=6),
    rulebooks,
    st.booleans(),
    st.sampled_from([None, []]),
)
def test_cells_made_once_are_those_made_each_time(
    stated: list[tuple[dict[str, Any], dict[str, str], str]], rulebook: str, strict: bool, history: list[Visit] | None
) -> None:
    """What is put together from texts that were made before is what is made of one row alone."""
    rows = [{**trip, **fault, "host": cell or trip.get("host", "")} for trip, fault, cell in stated]
    content, options = written(rows).encode("utf-8", "replace"), dict[str, Any](strict=strict, history=history)
    found = judged(content, rulebook, **options)

    results = list(csv.reader(io.StringIO("".join(reported("csv", content, rulebook, **options)), newline="")))
    for row, (*own, outcome, payable, days, working, failed, needed, message) in zip(found, results, strict=True):
        verdict = row.verdict
        assert own == [unrunnable(cell) for cell in row.cells]
        assert (outcome, message) == ("" if row.outcome == "no-trip" else row.outcome, unrunnable(why(row)))
        assert len(own) + 7 == len(FIELDS) + len(RESULTS)
        if verdict is None:
            assert (payable, days, working, failed, needed) == ("", "", "", "", "")
            continue
        numbers = [verdict.days_on_site, verdict.working_days]
        assert [days, working] == ["" if number is None else str(number) for number in numbers]
        assert payable == (money(verdict.payable.amount) if verdict.payable else "")
        refusing = [finding.code for finding in verdict.findings if finding.outcome == "fail"]
        assert failed.split(";") == (refusing or [""])
        assert needed == ";".join(verdict.needed)


def test_rows_at_the_edges() -> None:
    """A stay over New Year, a row of few cells, places that are none, and an amount that has ended, as `cxc check` has them."""
    head = f"visitor_id,visitor,visitor_country,{HEAD},visitor_place,host_place"
    rows = [
        "RO123,Acme,RO,DE,yes,2023-12-28,2024-01-03,,",
        "RO124,Beta,AT,DE,yes,2023-05-14,2023-05-20,Wien,Passau",
        "RO124,Beta,AT,DE,yes,2023-06-14,2023-06-20",
        "RO124,Beta,AT,DE,yes,2023-07-14,2023-07-20,Wien,Frankfurt",
    ]
    found = judged("\n".join([head, *rows]).encode())

    assert [row.outcome for row in found] == ["eligible", "eligible", "not-eligible", "unreadable"]
    assert [row.verdict.working_days for row in found[:3] if row.verdict] == [2, 4, 3]
    assert found[1].verdict is not None
    assert found[1].verdict.fact("worked_out_km") == 221


def test_a_short_row_with_a_line_break_keeps_its_columns() -> None:
    """A cell of two lines is quoted, and the cells that a row lacks are blank, so that no column moves."""
    content = f'{HEAD},activity,host\nPT,yes,2023-05-14,2023-05-20,"training\n"\n'.encode()
    (cells,) = csv.reader(reported("csv", content))

    assert len(cells) == len(HEAD.split(",")) + 2 + len(RESULTS)
    assert cells[:7] == ["PT", "yes", "2023-05-14", "2023-05-20", "training\n", "", "eligible"]


def test_a_visitor_who_is_everywhere() -> None:
    """However often a visitor occurs, a row tells of the visits that decide, and of a few that overlap."""
    head = f"visitor_id,visitor,visitor_country,{HEAD}"
    same = [f"RO1,Acme,RO,PT,yes,2023-05-{day:02},2023-05-20" for day in range(1, 12)]
    alike = [f"RO{number},Acme,RO,PT,,2023-05-14,2023-05-20" for number in range(200, 212)]
    twice, asked = judged("\n".join([head, *same]).encode()), judged("\n".join([head, *alike]).encode())

    assert {len(row.notices) for row in twice} == {0, 1, 2, 3}
    assert [len(row.verdict.earlier_visits) for row in twice if row.verdict] == [0] + [1] * 10
    assert max(len(row.verdict.earlier_visits) for row in asked if row.verdict) <= 4


def test_an_amount_that_ends(tmp_path: Path) -> None:
    """Rows take the amount that holds on their day of arrival."""
    path = tmp_path / "countries.yaml"
    path.write_text(
        "countries:\n  PT:\n    name: Portugal\n    status: eu-member\n    sources: [S4]\n    checked: 2026-11-23\n"
        "    lump_sums:\n"
        "      - {from: 2020-02-03, to: 2023-05-14, full_eur: 780, full_basis: published, half_basis: published, sources: [S5], checked: 2026-11-23}\n"
        "      - {from: 2023-05-15, to: 2023-05-15, full_eur: 800, full_basis: published, half_basis: published, sources: [S5], checked: 2026-11-23}\n"
    )
    scheme = load_scheme("medic-nest", str(path))
    rows = [f"PT,yes,{day},2023-05-25" for day in ("2019-05-14", "2023-05-14", "2023-05-15", "2023-05-16")]
    source = table("\n".join([HEAD, *rows]).encode())
    batch = Batch(scheme, TripReader(scheme.countries))
    found = list(batch.judge([(source, match_columns(source.columns, "t", {}))]))

    paid = [row.verdict.payable and row.verdict.payable.amount for row in found if row.verdict]
    assert paid == [None, Decimal(780), Decimal(800), None]


def test_from_python(tmp_path: Path) -> None:
    """A script goes over a file, or over mappings of its own, and gets the same verdicts."""
    path = tmp_path / "trips.csv"
    path.write_text(f"visitor_id,{HEAD}\nRO1,{GOOD}\nRO1,{GOOD}\n")
    history = tmp_path / "history.csv"
    history.write_text("visitor_id\nRO1\n")
    mappings = list(csv.DictReader(io.StringIO(path.read_text())))

    assert [row.outcome for row in cxc.check_table(str(path))] == ["eligible", "not-eligible"]
    assert [row.outcome for row in cxc.check_rows(iter(mappings))] == ["eligible", "not-eligible"]
    assert [row.outcome for row in cxc.check_rows(mappings, history=str(history))] == ["not-eligible", "not-eligible"]


@pytest.mark.parametrize(
    ("dates", "options", "outcome"),
    [
        ("13.03.2023", {"date_format": "DD.MM.YYYY"}, "not-eligible"),
        ("2023-03-13", {"date_format": "DD.MM.YYYY"}, "not-eligible"),
        ("03/13/2023", {"date_format": "DD.MM.YYYY", "history_date_format": "MM/DD/YYYY"}, "not-eligible"),
        ("2023-03-13", {"history_date_format": "YYYY-MM-DD", "date_format": "DD.MM.YYYY"}, "not-eligible"),
        ("13.03.2023", {"history_date_format": "DD.MM.YYYY"}, "not-eligible"),
        ("03/13/2023", {"date_format": "DD.MM.YYYY"}, "arrival: '03/13/2023' is not a date of the form DD.MM.YYYY"),
        (
            "13.03.2023",
            {},
            "such as 2023-05-14; if all dates are written in another way, use the option --history-date-format",
        ),
        ("13.03.2023", {"date_format": "DD.MM.YYYY", "history_date_format": "MM/DD/YYYY"}, "form MM/DD/YYYY"),
        ("13.03.2023", {"history_date_format": "DDMM"}, "'DDMM' is not a date format"),
    ],
    ids=str,
)
def test_a_history_is_read_alike_everywhere(
    run: Run, tmp_path: Path, dates: str, options: dict[str, str], outcome: str
) -> None:
    """Commands and scripts take the same forms of its dates: those named for it, else those of the trips."""
    history = tmp_path / "history.csv"
    history.write_text(f"visitor_id,arrival\nRO1,{dates}\n")
    form = options.get("date_format", "YYYY-MM-DD")
    arrival, departure = (form.replace("YYYY", "2023").replace("MM", "05").replace("DD", day) for day in ("14", "20"))
    trip: dict[str, Any] = {
        "visitor_id": "RO1",
        "host_country": "PT",
        "host_cluster": "yes",
        "arrival": arrival,
        "departure": departure,
    }
    path = tmp_path / "trips.csv"
    path.write_text(written([trip]))
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()] + ["--history", str(history)]
    stated = [f"--{name.replace('_', '-')}={value}" for name, value in trip.items()]
    more: dict[str, Any] = {**options, "history": str(history)}
    commands = [run("validate", path, *flags), run("check", "--no-ask", *stated, *flags)]
    scripts: list[Callable[[], str]] = [
        lambda: cxc.check(**trip, **more).outcome,
        lambda: next(cxc.check_table(str(path), **more)).outcome,
        lambda: next(cxc.check_rows([trip], **more)).outcome,
        lambda: next(cxc.check_rows([trip], **{**more, "history": [history]})).outcome,
    ]

    if outcome == "not-eligible":
        assert [found.status for found in commands] == [1, 1]
        assert [script() for script in scripts] == [outcome] * 4
        return
    for found in commands:
        assert (found.status, outcome in found.err) == (2, True)
    for script in scripts:
        with pytest.raises(InputError, match=re.escape(outcome)):
            script()


VALUES = [
    {"travellers": 1.0},
    {"travellers": 1.5},
    {"travellers": True},
    {"travellers": [1]},
    {"travellers": Decimal("1.00")},
    {"travellers": float("nan")},
    {"travellers": 10**300},
    {"residence_days": 183.0, "third_country_national": True, "business_there": True},
    {"distance_km": 1.234},
    {"distance_km": "1.234"},
    {"distance_km": 150.0, "visitor_country": "ES"},
    {"activity": [None, "fair"]},
    {"activity": [None]},
    {"activity": ()},
    {"activity": ["fair", "fairs"]},
    {"host_cluster": False},
    {"host_cluster": 5},
    {"third_country_national": False},
    {"third_country_national": 0},
    {"visitor": True},
    {"visitor": 5},
    {"visitor": " Acme\n"},
    {"visitor": "A\0b"},
    {"visitor": "A\0b", "arrival": "2023-05-14", "departure": "2023-05-20"},
    {"visitor": {"name": "Acme"}},
    {"reference": datetime.date(2023, 5, 14)},
    {"arrival": datetime.date(2023, 5, 12)},
    {"arrival": datetime.datetime(2023, 5, 12, tzinfo=datetime.UTC)},
    {"arrival": datetime.datetime(2023, 5, 12, tzinfo=datetime.UTC), "travellers": "0", "departure": "1999-01-01"},
    {"host_country": None},
    {"travelers": 1},
    {"travelers": 1, "host_country": "Atlantis"},
]


@pytest.mark.parametrize("date_format", ["YYYY-MM-DD", "D.M.YYYY"])
@pytest.mark.parametrize("stated", VALUES, ids=str)
def test_values_that_are_no_text_are_read_alike(stated: dict[str, Any], date_format: str) -> None:
    """Numbers, lists, dates, true and false mean the same in one trip and in rows, and are refused in the same words."""
    dates = {"arrival": datetime.date(2023, 5, 14), "departure": datetime.date(2023, 5, 20)}
    trip = {"host_country": "PT", "host_cluster": "yes", **dates, **stated}
    (row,) = cxc.check_rows([trip], date_format=date_format)
    try:
        alone: Any = cxc.check(**trip, date_format=date_format)
    except TripError as error:
        assert row.problems == error.problems
        assert row.verdict is None
    else:
        assert row.verdict is not None
        assert json_report.document(row.verdict) == json_report.document(alone)


@pytest.mark.parametrize("blank", [",,,", "", " , "])
@pytest.mark.parametrize("first", [True, False])
def test_very_many_blank_rows(blank: str, first: bool) -> None:
    """Spreadsheets leave thousands of them behind the rows, or before; they are no rows, however many stand together."""
    some = [blank] * 5_000
    content = "\n".join([HEAD, *some, GOOD] if first else [HEAD, GOOD, *some]).encode()

    assert [(row.row, row.outcome) for row in judged(content)] == [(5_002 if first else 2, "eligible")]
    assert "".join(reported("json", content)).count("schema_version") == 1


def test_of_one_visitor_no_more_trips_count_than_may() -> None:
    """What a trip waits for is the first one that is open, not a later one that could not be paid anyway."""
    head = f"visitor_id,visitor_country,host,{HEAD}"
    rows = [
        "RO123,RO,Host,PT,,2023-02-06,2023-02-14",
        "RO123,RO,Host,PT,yes,2023-03-11,2023-03-18",
        *["RO123,RO,Host,PT,,2023-04-11,2023-04-18"] * 2,
    ]
    found = judged("\n".join([head, *rows]).encode(), "two-visits")

    assert [row.outcome for row in found] == ["undecided", "eligible", "undecided", "undecided"]
    assert [[visit.row for visit in row.verdict.earlier_visits] for row in found if row.verdict] == [[], [], [2], [2]]


IN_ONE_CELL = {
    "in another way than the heading": ("NO;yes;2023-05-14;2023-05-20", True),
    "by tabs": ("NO\tyes\t2023-05-14\t2023-05-20", True),
    "as the heading, between quotation marks": ('"NO,yes,2023-05-14,2023-05-20"', True),
    "less than the heading, with two days": ("NO;14.05.2023;20.05.2023;yes", True),
    "nothing but the days": ("2023-05-14;2023-05-20", False),
    "a total": ("Total: 3 trips; EUR 2340", False),
    "a total with a blank for each column": ('"Total,,,,,"', False),
    "a signature": ('"Iași, 14.05.2023, Ana Pop, director"', False),
    "a sentence": ('"Checked by Ana, Dan and Ion, all of Medvia"', False),
}


@pytest.mark.parametrize(("row", "is_one"), IN_ONE_CELL.values(), ids=IN_ONE_CELL)
def test_a_row_in_one_cell_is_not_left_out_as_no_trip(row: str, is_one: bool) -> None:
    """Somebody divided it otherwise: it states a trip, which nobody would check."""
    found = judged(f"visitor,note,{HEAD}\nAcme,,{GOOD}\n{row}\nBeta,,{GOOD}\n".encode())

    assert [row.outcome for row in found] == ["eligible", "unreadable" if is_one else NO_TRIP, "eligible"]
    assert [problem.message for problem in found[1].problems] == [
        "The whole row stands in one cell. Write each value in a cell of its own; in Excel: Data, Text to Columns."
    ] * is_one


DATED, UNDATED = "2023-03-11,2023-03-18", ","
IN_ANY_ORDER = {
    "a trip without dates, and one with dates": (
        [f"PT,yes,{UNDATED}", f"PT,yes,{DATED}"],
        ["undecided: row 3", "eligible, though row 2 states no dates"],
    ),
    "the same in the other order": (
        [f"PT,yes,{DATED}", f"PT,yes,{UNDATED}"],
        ["eligible, though row 3 states no dates", "undecided: row 2"],
    ),
    "beside a trip that is undecided": (
        [f"PT,yes,{UNDATED}", f"PT,,{DATED}"],
        ["undecided: row 3", "undecided, though row 2 states no dates"],
    ),
    "beside a trip that is refused": ([f"PT,yes,{UNDATED}", f"US,yes,{DATED}"], ["undecided", "not-eligible"]),
    "one that is refused": ([f"US,yes,{UNDATED}", f"PT,yes,{DATED}"], ["not-eligible: row 3", "eligible"]),
    "two without dates": ([f"PT,yes,{UNDATED}"] * 2, ["undecided", "undecided: row 2"]),
    "two without dates, and one with dates": (
        [f"PT,yes,{UNDATED}", f"PT,yes,{DATED}", f"PT,yes,{UNDATED}"],
        ["undecided: row 3", "eligible, though row 2 states no dates", "undecided: row 3"],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), IN_ANY_ORDER.values(), ids=IN_ANY_ORDER)
def test_which_visit_comes_first_nobody_knows_of_a_trip_without_dates(rows: list[str], expected: list[str]) -> None:
    """It is open and asks for its dates; the other trip is told of it, since it may turn out to be the second one."""
    content = "\n".join([f"visitor_id,visitor_country,{HEAD}", *(f"RO123,RO,{row}" for row in rows)]).encode()

    said = []
    for row in judged(content):
        assert row.verdict is not None
        visits = "".join(f": row {visit.row}" for visit in row.verdict.earlier_visits)
        beside = [notice.split(" of ")[0].lower() for notice in row.notices if "states no dates" in notice]
        said.append(row.outcome + visits + "".join(f", though {place} states no dates" for place in beside))
        if visits and row.outcome == "undecided":
            assert row.verdict.needed == ("arrival", "departure")
            assert "The other trip: " in why(row)
    assert said == expected


def test_visits_of_a_history_come_before_a_trip_without_dates() -> None:
    """They took place, whatever their dates; with one of two visits used up, trips of the table may be the second."""
    history = [Visit("history.csv", 2, None, "RO123", None, datetime.date(2030, 1, 1))]
    content = f"visitor_id,{HEAD}\nRO123,PT,yes,{UNDATED}\nRO123,PT,yes,{DATED}\n".encode()

    assert [row.outcome for row in judged(content, history=history)] == ["not-eligible"] * 2
    assert [row.outcome for row in judged(content, "two-visits", history=history)] == ["undecided", "eligible"]


def test_what_nobody_asked_for_beforehand_is_found_all_the_same() -> None:
    """What a report asks for is kept from the first reading; without that it is found in the last one."""
    content = f"visitor_id,{HEAD}\nRO123,{GOOD}\nRO123,{GOOD}\n".encode()
    source, writer = table(content), report("csv")
    writer.begin([Heading(source.name, source.columns)])
    batch = Batch(SCHEMES["medic-nest"], TripReader(SCHEMES["medic-nest"].countries))
    parts = batch.judged([(source, match_columns(source.columns, source.name, {}))])

    assert [line for part in parts for line in writer.rows(part).splitlines(keepends=True)] == reported("csv", content)


def test_slips_are_told_however_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table full of slips is not kept in memory, and each row still says what is wrong with it."""
    monkeypatch.setattr("cxc.tables.sources.MOST_UNREAD", 1)
    lines = [f"PT,yes,2023-05-1x{number % 3},2023-05-20" for number in range(6)]
    found = judged(f"{HEAD}\n{chr(10).join(lines)}\n".encode())

    assert [row.outcome for row in found] == ["unreadable"] * 6
    assert [row.problems[0].value for row in found] == ["2023-05-1x0", "2023-05-1x1", "2023-05-1x2"] * 2
    reader = TripReader(SCHEMES["medic-nest"].countries)
    monkeypatch.setattr("cxc.trip.reader._MOST_REMEMBERED", 2)
    for slip in ["x" * (LONGEST_SOUGHT + 1), "1x0", "1x1", "1x2", "1x0", "1x2"] * 2:
        (problem,) = reader.problems({"residence_days": slip})
        assert (problem.field, problem.value) == ("residence_days", slip)
        assert [problem.field for problem in reader.problems({"travellers": slip})] == ["travellers"]
    assert [*reader._read_before] == [("residence_days", "1x0"), ("travellers", "1x0")]


def test_names_are_not_remembered() -> None:
    """There may be as many as rows; what one trip states of other fields, many do."""
    reader = TripReader(SCHEMES["medic-nest"].countries)
    stated = dict.fromkeys(NAMES, "A-1") | {"travellers": "1"}

    assert reader.problems(stated) == reader.problems(stated) == ()
    assert [*reader._read_before] == [("travellers", "1")]


def test_an_approval_that_nobody_signed_makes_its_row_unreadable() -> None:
    """Who approved, and when, is recorded with it."""
    signed = ["CXC401,Ana,2023-01-09", "CXC401,,2023-01-09", "CXC401,Ana,", ",Ana,"]
    lines = [f"PT,yes,2023-05-14,2023-05-20,{text}" for text in signed]
    found = judged(f"{HEAD},approved,approved_by,approved_on\n{chr(10).join(lines)}\n".encode())

    assert [row.outcome for row in found] == ["eligible", "unreadable", "unreadable", "eligible"]
    assert [row.problems[0].field for row in found[1:3]] == ["approved_by", "approved_on"]


def test_memories_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many texts, stays and distances a table holds, what is remembered of them stays small."""
    monkeypatch.setattr("cxc.verdict.MOST_NUMBERED", 3)
    monkeypatch.setattr("cxc.tables.sources.TOGETHER", 4)
    lines = [f"{country},yes,2023-05-{day:02},2023-05-{day + length:02},{day}" for country in ("PT", "AT", "DE", "ES", "FR")
             for day in (1, 2, 3) for length in (4, 6)]  # fmt: skip
    content = f"{HEAD},distance_km\n{chr(10).join(lines)}\n".encode()

    assert [row.outcome for row in judged(content)] == ["eligible"] * 30
    assert len(reported("csv", content)) == len(reported("jsonl", content)) == 30


def test_a_budget_is_held_against_rows_whose_answers_were_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has to bear reads what is paid, which is asked beside it: both are known again when all begins anew."""
    monkeypatch.setattr("cxc.tables.sources.TOGETHER", 2)
    lines = [f"RO{at % 3},PT,yes,2023-0{1 + at}-14,2023-0{1 + at}-20" for at in range(9)]
    content = f"visitor_id,{HEAD}\n{chr(10).join(lines)}\n".encode()
    expected = reported("csv", content, budget=Decimal(1_000))
    monkeypatch.setattr("cxc.verdict.MOST_NUMBERED", 3)

    assert reported("csv", content, budget=Decimal(1_000)) == expected
    assert ["The budget of EUR 1000.00 is exceeded" in line for line in expected] == [False, True, *[False] * 7]
    assert sum("CXC303" in line for line in expected) == 6


def test_advice_on_rows_whose_answers_were_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would mend a row is found when the answers were begun anew since; and it is forgotten with the rows."""
    content = in_blocks(monkeypatch)
    expected = [advised(row.verdict) for row in judged(content) if row.verdict]
    monkeypatch.setattr("cxc.verdict.MOST_NUMBERED", 3)
    found = judged(content)

    assert [advised(row.verdict) for row in found if row.verdict] == expected
    assert [len(dated_remedies(row.verdict)) for row in found if row.verdict] == [1, 1, 0] * 3
    assert remedies._DATED
    del found
    gc.collect()
    assert not remedies._DATED


def test_unknown_names_are_looked_for_so_often_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table full of nonsense does not look for the nearest name of each."""
    monkeypatch.setattr("cxc.text.MOST_SOUGHT", 1)
    scheme = load_scheme()
    content = f"{HEAD}\nGrmany,yes,,\nGrmany,yes,,\nPotugal,yes,,\nGrmany,yes,,\n"
    source = table(content.encode())
    found = list(Batch(scheme, TripReader(scheme.countries)).judge([(source, match_columns(source.columns, "t", {}))]))

    assert ["did you mean" in row.problems[0].message for row in found] == [True, True, False, True]
    assert (
        "'Potugal' is not a known country; write a two-letter code, such as PT, or a name"
        in found[2].problems[0].message
    )


def test_a_visit_of_nobody_is_left_out() -> None:
    """A visit that names no organisation cannot be told from others."""
    trip = Visit("trips.csv", 2, "Acme", None, "RO", None)

    assert Visits([trip._replace(visitor_country=None)], 1).of(trip) == NONE_FOUND


visits = st.builds(
    lambda name, key, decided: Visit("history.csv", 2, name or None, key or None, "RO", None, decided),
    st.sampled_from(["Acme", "Acme", "Acme", "Beta", ""]),
    st.sampled_from(["RO111", "RO222", "RO333", "RO444", "", ""]),
    st.booleans(),
)


@settings(max_examples=500)
@given(st.lists(visits, max_size=12), st.integers(1, 3), visits)
def test_as_many_visits_as_can_decide_are_enough(told: list[Visit], at_most: int, who: Visit) -> None:
    """Keeping only so many visits of each kind changes no answer."""
    assert Visits(told, at_most).of(who).kind == told_by([(visit, visit.decided) for visit in told], who, at_most)


def test_a_report_that_is_checked_again_keeps_its_headings_apart(tmp_path: Path) -> None:
    """However often the results of a table are put behind it, no two columns have one name."""
    names = HEAD.split(",")
    for _ in range(3):
        names = next(csv.reader([report("csv").begin([Heading("trips.csv", names)])]))

    assert len(set(names)) == len(names) == 4 + 3 * len(RESULTS)


@pytest.mark.parametrize(
    "error", ["#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#BEZUG!", "#NV", " #WERT! ", "\u200b#REF!"]
)
@pytest.mark.parametrize("field", ["visitor", "visitor_id", "host"])
def test_an_error_of_a_spreadsheet_names_nobody(tmp_path: Path, error: str, field: str) -> None:
    """Taken for a name or an id, it would hide who visits: from the trips, and from the visits of a history."""
    assert [row.outcome for row in judged(f"{field},{HEAD}\n{error},{GOOD}\n".encode())] == ["unreadable"]
    with pytest.raises(TripError, match=field):
        TripReader(load_scheme().countries).read_some({field: error})
    if field != "host":
        history = tmp_path / "history.csv"
        history.write_text(f"{field},visitor_country,arrival\n{error},RO,2022-05-14\n", encoding="utf-8")
        with pytest.raises(InputError, match="row 2"):
            cxc.check(host_country="PT", history=str(history))


def test_a_row_that_cannot_be_read_of_the_same_visitor() -> None:
    """It may be a visit, too: whoever reads that the other trip is eligible is told, before two are paid."""
    head = f"visitor,visitor_id,visitor_country,{HEAD}"
    rows = [
        "Acme,RO1234,RO,PT,yes,2023-06-14,2023-06-20",
        "ACME,,RO,PT,yes,14.05.2023,2023-05-20",
        ",ro 1234,Nowhere,PT,yes,2023-04-14,2023-04-20",
        "Beta,RO1235,RO,PT,yes,2023-05-14,2023-05-20",
        ",,Nowhere,PT,yes,2023-05-14,2023-05-20",
    ]
    found = judged("\n".join([head, *rows, ""]).encode())

    assert [row.outcome for row in found] == ["eligible", "unreadable", "unreadable", "eligible", "unreadable"]
    assert "Row 4 of trips.csv seems to be of the same visitor" in found[0].notices[0]
    assert found[3].notices == ()
    by_name = judged("\n".join([head, *rows[:2], ""]).encode())
    assert "Row 3 of trips.csv seems to be of the same visitor" in by_name[0].notices[0]


def test_promises_of_other_dates_hold_once() -> None:
    """A visitor with several trips is told that what other dates bring holds for one of them alone."""
    head = f"visitor_id,{HEAD}"
    found = judged(f"{head}\nRO1234,PT,yes,2023-05-14,2023-05-16\nRO1234,PT,yes,2023-06-14,2023-06-20\n".encode())

    assert [PROMISED_ONCE in row.notices for row in found] == [True, False]


def test_an_approval_settles_no_earlier_trip_that_is_open() -> None:
    """Whether an open trip takes place is no question to the partnership: what comes after it stays open."""
    found = judged(
        f"visitor_id,visitor,visitor_country,{HEAD},approved,approved_by,approved_on\n"
        "RO1234,Acme,RO,PT,,2023-05-14,2023-05-20,,,\n"
        ",Acme,RO,PT,yes,2023-06-14,2023-06-20,CXC303,Ana,2023-01-01\n"
        "RO1234,Acme,RO,PT,yes,2023-07-14,2023-07-20,,,\n".encode()
    )

    assert [row.outcome for row in found] == ["undecided", "undecided", "undecided"]


def test_a_name_after_many_ids() -> None:
    """Two organisations of one name, and one of the name alone: the last is the same as any, whatever is approved."""
    history = [Visit("history.csv", 2, "Acme", key, "RO", None) for key in ("RO111", "RO222", None)]
    head = f"visitor,visitor_id,visitor_country,{HEAD},approved,approved_by,approved_on"
    found = judged(f"{head}\nAcme,RO555,RO,{GOOD},CXC303,Ana,2023-01-01\n".encode(), history=history)

    assert [row.outcome for row in found] == ["not-eligible"]
