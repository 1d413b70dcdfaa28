"""Stored copies of each report: a change of words or layout is seen in review.

`pytest tests/test_stored.py --renew` writes them again.
"""

import re
from pathlib import Path

import pytest
from commands import Run
from sheets import cells_listed

STORED = Path(__file__).parent / "stored"
TABLE = ["validate", "trips.csv", "--budget", "2000"]
TRIP = ["check", "trip.yaml", "--no-ask"]
REFUSED = [
    "check",
    "--no-ask",
    "--to",
    "Norway",
    "--from",
    "RO",
    "--first-day",
    "2023-05-13",
    "--last-day",
    "2023-05-14",
]
RECEIPTS = ["verify", "../receipts/v1-validate.json", "--rulebook", "eccp"]
ENDINGS = {
    "text": "txt", "markdown": "md", "junit": "xml", "github": "github.txt", "gitlab": "gitlab.json", "xlsx": "xlsx.txt"
}  # fmt: skip
FORMATS = ["text", "csv", "jsonl", "json", "markdown", "html", "github", "gitlab", "junit", "xlsx"]
REPORTS = {
    **{f"validate.{ENDINGS.get(kind, kind)}": [*TABLE, "--format", kind] for kind in FORMATS},
    **{f"check.{ENDINGS.get(kind, kind)}": [*TRIP, "--format", kind] for kind in FORMATS},
    "validate-verbose.txt": [*TABLE, "--verbose"],
    "validate-strict-eccp.txt": [*TABLE, "--verbose", "--strict", "--rulebook", "eccp"],
    "validate-redacted.csv": [*TABLE, "--redact", "--format", "csv"],
    "check-verbose.txt": [*TRIP, "--verbose"],
    "check-nothing-stated.txt": ["check", "--no-ask", "--verbose"],
    "check-refused.txt": [*REFUSED, "--host-cluster", "none", "--verbose"],
    "estimate.txt": ["estimate"],
    "estimate-days.txt": ["estimate", "--days", "3"],
    "estimate-country.txt": ["estimate", "--from", "AT", "--to", "SK", "--arrival", "2023-05-11", "--departure", "2023-05-16"],
    "plan.txt": ["plan", "--from", "RO", "--to", "PT", "--earliest", "2023-05-11", "--latest", "2023-05-19"],
    "countries.txt": ["countries"],
    "countries-PT.txt": ["countries", "PT"],
    "countries-GB.txt": ["countries", "GB"],
    "rules.txt": ["rules"],
    "rules-CXC201.txt": ["rules", "CXC201"],
    "rules-CXC603.txt": ["rules", "CXC603"],
    **{f"verify.{ENDINGS.get(kind, kind)}": [*RECEIPTS, "--format", kind] for kind in ("text", "json", "markdown", "html")},
}  # fmt: skip
HASH = re.compile(r"\b[0-9a-f]{64}\b")


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_as_stored(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """To the byte, but for the hashes of the data files and the seal, which change with every figure in them.

    Of a workbook its cells are listed, as another library than its own reads them.
    """
    monkeypatch.chdir(STORED)
    if "xlsx" in REPORTS[name]:
        run(*REPORTS[name], "-o", tmp_path / "checked.xlsx")
        report = HASH.sub("(hash)", cells_listed(tmp_path / "checked.xlsx"))
    else:
        report = HASH.sub("(hash)", run(*REPORTS[name]).out)
    file = STORED / name
    if request.config.getoption("--renew"):
        file.write_bytes(report.encode())

    assert report == file.read_bytes().decode()


def test_nothing_else_is_stored() -> None:
    """A copy that no report is compared with would seem to say something."""
    assert {file.name for file in STORED.iterdir()} == {*REPORTS, "trips.csv", "trip.yaml", "sentences.txt"}
