"""The Code Quality report of GitLab: its shape, and fingerprints that stay when rows move."""

import json
from pathlib import Path

from commands import Run
from jsonschema import Draft202012Validator

HEAD = "reference,visitor,visitor_country,host_country,host_cluster,arrival,departure"
GOOD = "A,Acme,RO,PT,yes,2023-05-14,2023-05-20"
REFUSED = "B,Beta,NO,PT,none,2023-05-14,2023-05-16"
OPEN = "C,Gamma,RO,PT,,2023-05-14,2023-05-20"
UNREADABLE = "D,Delta,RO,PT,yes,14.05.2023,2023-05-20"
# What GitLab asks for: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                },
            },
        },
    },
}


def entries(run: Run, path: Path, *rows: str, status: int) -> list[dict[str, object]]:
    path.write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")
    found = run("validate", path, "--format", "gitlab")
    assert found.status == status
    written: list[dict[str, object]] = json.loads(found.out)
    Draft202012Validator(SCHEMA).validate(written)
    assert len({entry["fingerprint"] for entry in written}) == len(written)
    return written


def test_an_entry_for_each_rule(run: Run, tmp_path: Path) -> None:
    """On the line of the row; graver where it cannot be read, less where it is open. A good row has none."""
    found = entries(run, tmp_path / "trips.csv", GOOD, REFUSED, OPEN, UNREADABLE, status=2)

    assert [(entry["check_name"], entry["severity"], entry["location"]["lines"]["begin"]) for entry in found] == [  # type: ignore[index]
        ("CXC101", "major", 3),
        ("CXC201", "major", 3),
        ("CXC402", "minor", 4),
        ("unreadable", "critical", 5),
    ]
    assert str(found[1]["description"]).startswith("B: Beta → Portugal: The stay has 1 day on site.")


def test_nothing_to_look_at(run: Run, tmp_path: Path) -> None:
    """Is an empty array."""
    assert entries(run, tmp_path / "trips.csv", GOOD, status=0) == []


def test_fingerprints_stay_when_rows_move(run: Run, tmp_path: Path) -> None:
    """They are told apart by what rows state; a copy of a row is another entry."""
    path = tmp_path / "trips.csv"
    before = entries(run, path, REFUSED, OPEN, status=1)
    after = entries(run, path, GOOD, OPEN, GOOD.replace("Acme", "Else"), REFUSED, status=1)
    assert {entry["fingerprint"] for entry in before} == {entry["fingerprint"] for entry in after}
    other = entries(run, path, REFUSED.replace("Beta", "Zeta"), OPEN, status=1)
    assert len({entry["fingerprint"] for entry in before} & {entry["fingerprint"] for entry in other}) == 1
    entries(run, path, REFUSED, REFUSED, status=1)


def test_what_is_not_as_expected(run: Run, tmp_path: Path) -> None:
    """Is one entry; what is as expected is none."""
    path = tmp_path / "trips.csv"
    path.write_text(f"{HEAD},expected_outcome\n{GOOD},undecided\n{REFUSED},not-eligible\n", encoding="utf-8")
    found = json.loads(run("validate", path, "--format", "gitlab").out)

    assert [(entry["check_name"], entry["severity"]) for entry in found] == [("not-as-expected", "major")]


def test_one_trip(run: Run, tmp_path: Path) -> None:
    """On the line of the field that decides."""
    trip = tmp_path / "trip.yaml"
    trip.write_text(
        "host_country: NO\nhost_cluster: yes\nfirst_day: 2023-05-15\nlast_day: 2023-05-19\n", encoding="utf-8"
    )
    found = json.loads(run("check", trip, "--format", "gitlab").out)

    assert [(entry["check_name"], entry["location"]["lines"]["begin"]) for entry in found] == [("CXC102", 1)]
    assert json.loads(run("check", trip, "--to", "PT", "--format", "gitlab").out) == []
