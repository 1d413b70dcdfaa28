"""Notices that may change an amount or a verdict are told by the reports that show no more than the rows to look at."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from commands import Run

from cxc.conclusions import notices
from cxc.reports.noticed import DISTANCE, IDLE, ONE_PLACE, PERIOD, PLACES, TITLE, WORKING_DAYS, kinds_of_notices
from cxc.resolver import reads

HEAD = (
    "reference,visitor_id,visitor_country,host_country,host_cluster,arrival,departure,distance_km,visitor_place,"
    "host_place,residence_days"
)
FINE = "fine,{0},RO,PT,yes,2023-05-14,2023-05-20,,,,"
NULL = "an empty VLOOKUP,{0},RO,PT,yes,2023-05-14,2023-05-20,0,,,"
WEEKEND = "over a weekend,{0},RO,PT,yes,2023-05-18,2023-05-22,,,,"
UNKNOWN_HOLIDAYS = "long ahead,{0},RO,PT,yes,2039-05-18,2039-05-22,,,,"
NEAR = "two places,{0},AT,SK,yes,2023-05-14,2023-05-20,,Wien,Bratislava,"
SHORT = "short anyway,{0},AT,SK,yes,2023-05-14,2023-05-18,,Wien,Bratislava,"
FAR = "never near,{0},RO,PT,yes,2023-05-14,2023-05-20,,Iași,Porto,"
STATED = "stated too,{0},AT,SK,yes,2023-05-14,2023-05-20,60,Wien,Bratislava,"
ALONE = "one place,{0},AT,SK,yes,2023-05-14,2023-05-20,,Wien,,"
OPEN = "undecided,{0},RO,PT,,2023-05-18,2023-05-22,,,,"
LATE = "late,{0},RO,PT,yes,2024-05-12,2024-05-18,,,,"
RESIDENT = "resident,{0},RO,PT,yes,2023-05-14,2023-05-20,,,,200"
REFUSED = "refused,{0},PT,PT,yes,2023-05-18,2023-05-22,0,,,"
UNREADABLE = "unreadable,{0},RO,PT,yes,18.05.2023,2023-05-22,0,,,"
TOTAL = "Total,,,,,,,,,,"
# What is told of each row, in text and in Markdown; text has sentences for what says the same of every trip.
KINDS = {
    **{FINE: (), NULL: (DISTANCE,), WEEKEND: (WORKING_DAYS,), UNKNOWN_HOLIDAYS: (WORKING_DAYS, PERIOD)},
    **{NEAR: (PLACES,), SHORT: (), FAR: (), STATED: (), ALONE: (ONE_PLACE,), OPEN: (WORKING_DAYS,), LATE: (PERIOD,)},
    **{RESIDENT: (IDLE,), REFUSED: (), UNREADABLE: (), TOTAL: ()},
}  # fmt: skip
IN_TEXT = (WORKING_DAYS, DISTANCE, PLACES, ONE_PLACE)


def write(path: Path, *rows: str) -> Path:
    """A table of such rows, each of a visitor of its own."""
    lines = [row.format(f"RO{number}") for number, row in enumerate(rows)]
    path.write_text("\n".join((HEAD, *lines, "")), encoding="utf-8")
    return path


def told(report: str) -> list[str]:
    """The lines of the group in a report."""
    _, begun, behind = report.partition(TITLE)
    lines = behind.lstrip("\n").split("\n\n")[1 if "shows each):" in behind else 0].splitlines() if begun else []
    return [line.strip(" !*").replace("\\", "") for line in lines if line.startswith(("  !", "*"))]


@pytest.mark.parametrize(("row", "kinds"), KINDS.items(), ids=[row.split(",")[0] for row in KINDS])
def test_what_is_told_of_a_row(row: str, kinds: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """Among rows of which there is nothing to tell."""
    path = write(tmp_path / "t.csv", FINE, row, FINE)

    markdown = [f"{kind}: 1 row ({path}, row 3)." for kind in kinds]
    assert told(run("validate", path, "--format", "markdown").out) == markdown
    text = [line for kind, line in zip(kinds, markdown, strict=True) if kind in IN_TEXT]
    assert told(run("validate", path).out) == told(run("validate", path, "-v").out) == text
    assert ("cxc validate -v shows each" in run("validate", path).out) == bool(text)
    assert told(run("validate", path, "-q").out) == markdown  # no trip tells of its own notices there


def test_rows_are_counted_and_the_first_are_named(run: Run, tmp_path: Path) -> None:
    """In all files, also behind the first thousand rows, with which a table is not read at once."""
    many = write(tmp_path / "many.csv", *[FINE] * 1_500, *[WEEKEND] * 7, NULL)
    other = tmp_path / "other.csv"
    other.write_text(write(tmp_path / "t.csv", NULL, FINE).read_text(encoding="utf-8").replace("RO0", "RO9999"))

    assert told(run("validate", many, other, "--format", "markdown").out) == [
        f"{WORKING_DAYS}: 7 rows ({many}, rows 1502, 1503, 1504, 1505 and 1506; and 2 more).",
        f"{DISTANCE}: 2 rows ({many}, row 1509; {other}, row 2).",
    ]


def test_of_a_second_visit_nothing_is_told(run: Run, tmp_path: Path) -> None:
    """It is refused, so there is no amount to change. The first one has its notice."""
    path = tmp_path / "t.csv"
    path.write_text("\n".join([HEAD, NULL.format("RO1"), NULL.format("RO1").replace("-05-", "-06-"), ""]))

    assert told(run("validate", path).out) == [f"{DISTANCE}: 1 row ({path}, row 2)."]


def test_every_notice_is_a_kind_or_told_elsewhere() -> None:
    """That an amount is inferred stands beside the sum, and what is noted makes a row one that is shown."""
    assert {*reads(notices)} - {"inferred_notice", "noted"} == {
        name for name in reads(kinds_of_notices) if name.endswith("_notice")
    }


@pytest.mark.parametrize("rulebook", ["medic-nest", "eccp"])
def test_counts_are_those_of_the_notices(rulebook: str, run: Run, tmp_path: Path) -> None:
    """As the verdicts in JSON have them, row by row."""
    rows = Random(7).choices([*KINDS], k=200)
    path = write(tmp_path / "t.csv", *rows)
    found: Counter[str] = Counter()
    for line in run("validate", path, "--rulebook", rulebook, "--format", "jsonl").out.splitlines():
        row = json.loads(line)
        said = " ".join(row.get("notices", [])) if row["outcome"] in ("eligible", "undecided") else ""
        found[WORKING_DAYS] += " counts working days." in said
        found[DISTANCE] += "Check the distance." in said
        found[ONE_PLACE] += " alone gives no distance." in said
        found[PERIOD] += "The trip is outside the period" in said
        found[IDLE] += "count only if third_country_national" in said

    lines = told(run("validate", path, "--rulebook", rulebook, "--format", "markdown").out)
    counted = {line.partition(": ")[0]: int(line.partition(": ")[2].split()[0]) for line in lines}
    assert {kind: count for kind, count in counted.items() if kind != PLACES} == +found
    assert counted[PLACES] == rows.count(NEAR)


def test_redacted(run: Run, tmp_path: Path) -> None:
    """A distance is told; what is read of places is not, as in the rows themselves."""
    path = write(tmp_path / "t.csv", NULL, NEAR)

    assert told(run("validate", path, "--redact").out) == [f"{DISTANCE}: 1 row ({path}, row 2)."]


def test_limits_of_another_scheme(run: Run, tmp_path: Path) -> None:
    """What a rulebook takes over is not confirmed, whatever the trip."""
    book = tmp_path / "ours.yaml"
    scheme = "scheme: {name: GreenLink, programme: GreenLink}"
    book.write_text(
        f"rulebook: ours\nextends: eccp\n{scheme}\nlimits:\n  ceiling_eur: {{value: 1500, sources: [S6], checked: 2026-11-23}}\n"
    )
    path = write(tmp_path / "t.csv", FINE, REFUSED)

    assert PERIOD in run("validate", path, "--rulebook", book, "--format", "markdown").out
    lines = told(run("validate", path, "--rulebook", book).out)
    assert [line for line in lines if "another scheme" in line] == [
        f"Under limits that are taken over from another scheme: 1 row ({path}, row 2)."
    ]
