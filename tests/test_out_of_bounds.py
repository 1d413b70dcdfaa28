"""What is beyond all bounds: numbers, names, files without an end. One sentence and status 2, never a fault or a hang."""

import difflib
import io
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from commands import Run
from jsonschema import Draft202012Validator

import cxc
from cxc.errors import DataError, InputError, UnknownPlace
from cxc.reports import schema
from cxc.scheme.rulebook import LIMITS, load_rulebook
from cxc.tables import csv_table, table
from cxc.text import MOST_SOUGHT
from cxc.trip import places

HEAD = "host_country,host_cluster,arrival,departure"
TABLE = f"{HEAD}\nPT,yes,2023-05-14,2023-05-20\n"
CHECK = [
    "check",
    "--no-ask",
    "--to",
    "PT",
    "--arrival",
    "2023-05-14",
    "--departure",
    "2023-05-20",
    "--host-cluster",
    "yes",
]
PLAN = ["plan", "--to", "PT", "--earliest", "2023-05-14", "--latest", "2023-05-20"]
LONG = "x" * 300


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table, two links that lead to one another, and the commands in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trips.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    (tmp_path / "folder").mkdir()
    return tmp_path


def limit(name: str, value: object) -> str:
    """A rulebook that changes one limit."""
    entry = f"{name}: {{value: {value}, sources: [S1], checked: 2026-11-23}}"
    return f"rulebook: ours\nextends: medic-nest\nlimits:\n  {entry}\n"


# Files to write


@pytest.mark.parametrize(
    "command",
    [
        [*CHECK, "-o"],
        ["validate", "trips.csv", "-o"],
        ["validate", "trips.csv", "--format", "json", "-o"],
        [*PLAN, "--ics"],
        ["estimate", "--to", "PT", "-o"],
        ["schema", "trip", "-o"],
        ["template", "-o"],
        ["template", "--xlsx", "-o"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("trips.csv/report", "a part of its path is a file, not a folder"),
        ("folder", "it is a folder; name a file in it"),
        ("missing/report", "there is no such folder"),
        ("one", "its links lead round in a circle"),
        (LONG, "its name is too long"),
    ],
    ids=["file as a folder", "folder", "missing folder", "loop of links", "300 letters"],
)
def test_files_that_cannot_be_written(folder: Path, run: Run, command: list[str], file: str, says: str) -> None:
    """A file used as a folder, a loop of links, a name too long: one sentence, and nothing is left behind."""
    before = sorted(os.listdir(folder))
    result = run(*command, file)

    assert (result.status, result.err.count("\n")) == (2, 1)
    assert f"cannot be written: {says}" in result.err
    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize("name", ["x" * 250, "ș" * 120], ids=["250 letters", "240 bytes"])
def test_a_file_with_the_longest_of_names_is_written(folder: Path, run: Run, name: str) -> None:
    """What is written on the way has no longer name than the file itself."""
    assert run("validate", "trips.csv", "-o", name).status == 0
    assert "EUR 780.00" in (folder / name).read_text(encoding="utf-8")
    assert len(os.listdir(folder)) == 5


# Names and numbers


@pytest.mark.parametrize(
    "rulebook",
    [LONG, f"{LONG}.yaml", "ours.yaml", "one", "./one"],
    ids=["300 letters", "with an ending", "extends", "loop of links", "path of a loop"],
)
@pytest.mark.parametrize("command", [CHECK, ["validate", "trips.csv"], PLAN, ["rules"]], ids=lambda command: command[0])
def test_rulebooks_that_cannot_be(folder: Path, run: Run, command: list[str], rulebook: str) -> None:
    """No name is so long that looking for its file is a fault."""
    (folder / "ours.yaml").write_text(f"rulebook: ours\nextends: {LONG}\n", encoding="utf-8")
    result = run(*command, "--rulebook", rulebook)

    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert "there is no rulebook '" in result.err or "cannot be read" in result.err


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e-99999999999999999999", "1e400"])
def test_a_number_beyond_all_numbers(folder: Path, run: Run, number: str) -> None:
    """An exponent that no number holds is a distance that cannot be read."""
    (folder / "trip.json").write_text(f'{{"host_country": "PT", "distance_km": {number}}}', encoding="utf-8")
    result = run("check", "--no-ask", "trip.json")

    assert (result.status, result.err.count("\n")) == (2, 1)
    assert "is not a distance in km" in result.err


@pytest.mark.parametrize(
    "command",
    [
        CHECK,
        ["validate", "trips.csv"],
        ["estimate"],
        ["estimate", "--to", "PT"],
        ["estimate", "--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20"],
        PLAN,
        ["countries"],
        ["countries", "PT"],
        ["countries", "--format", "json"],
    ],
    ids=" ".join,
)
def test_an_amount_that_ends_with_the_calendar(folder: Path, run: Run, command: list[str]) -> None:
    """9999-12-31, as many programs write "for ever", is a day like any other, of an amount and of a period."""
    sourced = "sources: [S5], checked: 2026-11-23"
    (folder / "ours.yaml").write_text(
        "rulebook: ours\nextends: medic-nest\n"
        f"period: {{from: 2020-02-03, to: 9999-12-31, {sourced}}}\n"
        "lump_sums:\n  PT:\n    - {from: 2020-02-03, to: 9999-12-31, full_eur: 500, full_basis: published, "
        f"half_basis: published, {sourced}}}\n",
        encoding="utf-8",
    )
    result = run(*command, "--rulebook", "ours.yaml")

    assert (result.status, result.err) == (0, "")
    assert "500" in result.out


@pytest.mark.parametrize("name", [name for name, limit in LIMITS.items() if limit.most])
@pytest.mark.parametrize("value", [0, 120_000, 999_999_999])
def test_limits_have_bounds(tmp_path: Path, name: str, value: int) -> None:
    """What lies beyond all sense is refused where it is written, with what is allowed, and by the schema, too."""
    path, most = tmp_path / "ours.yaml", LIMITS[name].most
    validator = Draft202012Validator(schema.SCHEMAS["rulebook"]())

    def document(value: int) -> dict[str, object]:
        entry = {"value": value, "sources": ["S1"], "checked": "2026-11-23"}
        return {"rulebook": "ours", "extends": "medic-nest", "limits": {name: entry}}

    path.write_text(limit(name, most), encoding="utf-8")
    assert validator.is_valid(document(most))
    assert load_rulebook(str(path)).limits[name] == most
    path.write_text(limit(name, value), encoding="utf-8")
    assert not validator.is_valid(document(value))
    with pytest.raises(DataError, match=f"'{value}' is not a whole number from 1 to {most}"):
        load_rulebook(str(path))


@pytest.mark.parametrize("name", ["longest_stay_months", "full_sum_days", "shortest_stay_days"])
def test_limits_at_their_bounds_are_worked_with(folder: Path, run: Run, name: str) -> None:
    """The largest limit leads every command to an answer, also at the ends of the years that a trip can have."""
    (folder / "ours.yaml").write_text(limit(name, LIMITS[name].most), encoding="utf-8")
    rows = f"{HEAD}\nPT,yes,2199-12-20,2199-12-31\nPT,yes,1900-01-01,1900-01-05\n"
    (folder / "late.csv").write_text(rows, encoding="utf-8")
    late = ["--to", "PT", "--arrival", "2199-12-20", "--departure", "2199-12-31"]
    for command in (
        CHECK,
        ["check", "--no-ask", "--host-cluster", "yes", *late],
        ["validate", "late.csv", "--format", "json"],
        ["estimate", *late],
        ["estimate"],
        ["plan", "--to", "PT", "--earliest", "2199-12-01", "--latest", "2199-12-31"],
    ):
        assert run(*command, "--rulebook", "ours.yaml").status in (0, 1, 3)


# Tables


@pytest.mark.parametrize(
    "encoding",
    [
        *("undefined", "hex", "rot13", "zip", "base64", "idna", "punycode", "unicode_escape", "raw-unicode-escape"),
        *("a\0b", LONG),
    ],
)
def test_encodings_of_no_file(folder: Path, run: Run, encoding: str) -> None:
    """An encoding of something else than text files, or of nothing, is said to be none."""
    result = run("validate", "trips.csv", "--encoding", encoding)

    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert "is not a known encoding; examples are utf-8" in result.err
    assert len(result.err) < 200


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such device here")
@pytest.mark.parametrize(
    "command",
    [
        ["check", "/dev/zero"],
        ["validate", "/dev/zero"],
        ["validate", "trips.csv", "/dev/zero"],
        ["validate", "trips.csv", "--history", "/dev/zero"],
        ["validate", "trips.csv", "--map", "/dev/zero"],
        ["validate", "trips.csv", "--rulebook", "/dev/zero"],
        ["validate", "trips.csv", "--countries", "/dev/zero"],
        [*CHECK, "--history", "/dev/zero"],
        ["data", "/dev/zero"],
    ],
    ids=lambda command: " ".join((command[0], *command[-2:])),
)
def test_a_device_without_an_end(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """What never ends is read so far and no further."""
    monkeypatch.setattr(table, "LARGEST_PIPED", 3_000_000)
    result = run(*command)

    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert "it gives more than 3 MB" in result.err or "larger than 1 MB" in result.err


class Endless(io.RawIOBase):
    """A pipe that never ends, of which it is known how much was taken."""

    def __init__(self, row: bytes) -> None:
        self._row, self.taken = row, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.taken += size
        return (self._row * (size // len(self._row) + 1))[:size]


@pytest.mark.parametrize("command", [["validate", "-"], ["check", "-"]], ids=" ".join)
def test_a_pipe_without_an_end(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """A table from a pipe has a largest size, which is said; so has a trip."""
    monkeypatch.setattr(table, "LARGEST_PIPED", 3_000_000)
    pipe = Endless(TABLE.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe, encoding="utf-8"))  # type: ignore[type-var]
    result = run(*command)

    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert "standard input: " in result.err
    assert 0 < pipe.taken < 5_000_000


def test_a_line_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose line breaks are lost fills no memory: it is no table."""
    monkeypatch.setattr(csv_table, "LONGEST_LINE", 1_000)

    with pytest.raises(InputError, match=r"trips\.csv: a line has 1,000 bytes or more; this is not a table"):
        csv_table.CsvTable(io.BytesIO(TABLE.encode() + b"x," * 600), "trips.csv", None)
    assert csv_table.CsvTable(io.BytesIO(TABLE.encode() + b"x," * 300), "trips.csv", None).columns[0] == "host_country"


def test_a_table_from_a_pipe(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is as large as is allowed is read."""
    monkeypatch.setattr(table, "LARGEST_PIPED", len(TABLE))
    reading, writing = os.pipe()
    os.write(writing, TABLE.encode())
    os.close(writing)
    with os.fdopen(reading) as pipe:
        monkeypatch.setattr(sys, "stdin", pipe)
        assert run("validate", "-").status == 0


# A file that is given twice


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("trips.csv trips.csv", "trips.csv is named twice; its trips would be compared"),
        ("trips.csv ./trips.csv", "trips.csv and ./trips.csv are one file, which is named twice; its trips"),
        ("trips.csv folder/link", "trips.csv and folder/link are one file"),
        ("hard.csv trips.csv", "hard.csv and trips.csv are one file"),
        ("trips.csv --history past.csv --history folder/../past.csv", "its visits would be compared"),
        ("trips.csv --history hard.csv", "as a table of trips and as its history"),
        ("trips.csv --history missing.csv --history ./missing.csv", "its visits would be compared"),
        ("- -", "standard input is named twice"),
        ("- --history -", "as a table of trips and as its history"),
    ],
)
def test_a_file_that_is_given_twice(folder: Path, run: Run, arguments: str, says: str) -> None:
    """One file under two names is one: its visits are not held against themselves."""
    (folder / "folder" / "link").symlink_to(folder / "trips.csv")
    os.link(folder / "trips.csv", folder / "hard.csv")
    (folder / "past.csv").write_text("visitor_id,arrival\nRO1,2022-05-14\n", encoding="utf-8")
    result = run("validate", *arguments.split())

    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert says in result.err


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="there is no such device here")
def test_standard_input_under_two_names(folder: Path, run: Run) -> None:
    """The second reading of a pipe would find nothing, and the trips in it would be lost."""
    assert "are one file, which is named twice" in run("validate", "/dev/stdin", "/dev/fd/0").err


def test_a_history_that_is_given_twice_to_check(folder: Path, run: Run) -> None:
    """Under a rulebook of two visits one visit would be two."""
    (folder / "past.csv").write_text("visitor_id,arrival\nRO1,2022-05-14\n", encoding="utf-8")
    result = run(*CHECK, "--history", "past.csv", "--history", "./past.csv")

    assert (result.status, result.out) == (2, "")
    assert "past.csv and ./past.csv are one file, which is named twice; its visits would be compared" in result.err


def test_a_table_as_its_own_history_in_a_script(folder: Path) -> None:
    """From Python, too, no table is its own history by another name."""
    with pytest.raises(
        InputError, match=r"trips\.csv and \./trips\.csv are one file, which is named twice, as a table"
    ):
        cxc.check_table("trips.csv", history="./trips.csv")
    with pytest.raises(InputError, match="its visits would be compared with themselves"):
        cxc.check_rows([], history=["trips.csv", Path("trips.csv")])


def test_two_files_of_the_same_content_are_two(folder: Path, run: Run) -> None:
    """A copy is another file."""
    (folder / "copy.csv").write_text(TABLE, encoding="utf-8")

    assert run("validate", "trips.csv", "copy.csv").status == 0


# What comes closest


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts for which the library was asked what comes close to them, as often as it was."""
    asked: list[str] = []
    look = difflib.get_close_matches

    def noted(text: str, among: Iterable[str], n: int = 3, cutoff: float = 0.6) -> list[str]:
        asked.append(text)
        return look(text, list(among), n, cutoff)

    monkeypatch.setattr(difflib, "get_close_matches", noted)
    places._nearest.cache_clear()
    return asked


def slips(many: int) -> list[str]:
    """Different words, none of which is known anywhere."""
    letters = "bcdfghjk"
    return ["".join(letters[number // 8**place % 8] for place in range(5)) for number in range(many)]


@pytest.mark.many
@pytest.mark.parametrize(
    "column",
    [
        "host_country",
        "visitor_country",
        "visitor_type",
        "host_type",
        "activity",
        "approved",
        "visitor_place",
        "host_place",
    ],
)
@pytest.mark.parametrize("stated", [1, 3])
def test_a_table_full_of_slips(looked_for: list[str], column: str, stated: int) -> None:
    """What comes closest is looked for once for each text, and for so many texts alone; each row says what is wrong.

    For a country it is looked for among the usual names, and then perhaps among those in other languages.
    """
    trip = {
        "visitor_country": "LI",
        "host_country": "MT",
        "host_cluster": "yes",
        "arrival": "2023-05-14",
        "departure": "2023-05-20",
    }
    rows = list(cxc.check_rows([{**trip, column: slip} for slip in slips(MOST_SOUGHT + 20) for _ in range(stated)]))

    assert {row.outcome for row in rows} == {"unreadable"}
    assert all(row.problems[0].field == column and row.problems[0].message for row in rows)
    assert len(set(looked_for)) == MOST_SOUGHT
    assert max(Counter(looked_for).values()) <= (2 if column.endswith("_country") else 1)


def test_a_trip_with_very_many_unknown_fields(folder: Path, run: Run, looked_for: list[str]) -> None:
    """The first are listed, the others counted."""
    fields = slips(30_000)
    (folder / "trip.yaml").write_text("".join(f"{field}: 1\n" for field in fields), encoding="utf-8")
    result = run("check", "--no-ask", "trip.yaml")

    assert (result.status, result.err.count("\n")) == (2, 21)
    assert result.err.endswith("and 29980 more\n")
    assert len(looked_for) == MOST_SOUGHT


def test_a_very_long_slip_is_near_nothing(looked_for: list[str]) -> None:
    """Nothing is near a text of a thousand letters, and none is kept."""
    with pytest.raises(InputError, match=r"is not a known country; write a two-letter code, such as PT, or a name"):
        cxc.check(host_country="x" * 1000)
    assert not looked_for


def test_coordinates_the_wrong_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of longitude,latitude is told by one look at each place, not by its distance to every town."""
    looks: list[places.Point] = []
    product = places._product

    def noted(one: places.Point, other: places.Point) -> float:
        looks.append(one)
        return product(one, other)

    places.place_in("48.1,11.5", "DE")  # the towns are read
    monkeypatch.setattr(places, "_product", noted)
    for number in range(500):
        with pytest.raises(UnknownPlace, match="lies more than 150 km from every town of Germany"):
            places.place_in(f"{8 + number / 1000},{48 + number / 500}", "DE")

    assert len(looks) == 500


@pytest.mark.parametrize("code", ["DE", "GR", "NO", "MT", "IS"])
def test_what_is_near_a_town_is_what_lies_near_one(code: str) -> None:
    """The look at a globe and the distance in km say the same, on land and sea all round a country."""
    towns = list(places.towns(code))
    north, east = [town.latitude for town in towns], [town.longitude for town in towns]
    seen = set()
    for latitude in range(int(min(north)) - 4, int(max(north)) + 5, 2):
        for longitude in range(int(min(east)) - 6, int(max(east)) + 7, 3):
            place = places.Place("", None, latitude + 0.1, longitude + 0.1)
            nearest = min(places.great_circle_km(place, town) for town in towns)
            seen.add(near := nearest <= places.FARTHEST_FROM_TOWNS_KM)
            assert places._near_a_town(place, code) == near

    assert seen == {True, False}
