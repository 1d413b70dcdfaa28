"""The Spark job of docs/judge_on_spark.py gives the verdicts of `cxc validate`. scripts/check_spark runs this."""

import csv
import io
import os
import re
import runpy
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from commands import Run

from cxc.reports.csv import RESULTS

pytest.importorskip("pyspark")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java", allow_module_level=True)

ROOT = Path(__file__).parent.parent
JOB = ROOT / "docs" / "judge_on_spark.py"
HEADING = "reference,visitor,visitor_id,visitor_country,host_country,host_cluster,arrival,departure,outcome"
# Visitors that only a third row links, names that differ in writing, days that are the same, and rows that name nobody.
LINKED = """\
a,Acme,RO 111,RO,PT,yes,2023-05-14,2023-05-20,x
b,ACME.,,RO,PT,yes,2023-04-14,2023-04-20,x
c,Other name,ro-111,RO,PT,yes,2023-06-14,2023-06-20,x
d,Other Name,RO222,RO,PT,yes,2023-07-14,2023-07-20,x
e,Beta,RO333,RO,PT,yes,2023-05-14,2023-05-20,x
f,Béta,RO333,RO,ES,yes,2023-05-14,2023-05-20,x
g,,,RO,PT,yes,2023-05-14,2023-05-20,x
h,,,RO,PT,yes,2023-05-14,2023-05-20,x
i,"Gamma, ""the"" firm",RO444,RO,Atlantis,yes,2023-05-14,2023-05-20,x
j,"Gamma, ""the"" firm",RO444,RO,PT,yes,2023-05-14,2023-05-20,x
Total,,,,,,,,
"""


def made_trips() -> str:
    text = io.StringIO()
    with redirect_stdout(text):
        runpy.run_path(str(ROOT / "scripts" / "make_trips.py"))["main"](2_000)
    return text.getvalue()


def unnumbered(message: str) -> str:
    """A message without what tells where another row stands: on Spark it counts within a group."""
    return re.sub(r"\bframe\b|trips\.csv", "FILE", re.sub(r"\b([Rr]ow) \d+", r"\1 N", message))


@pytest.mark.parametrize("table", [f"{HEADING}\n{LINKED}", made_trips()], ids=["linked", "made"])
def test_verdicts_on_spark_are_those_of_validate(
    table: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same results of every row, whatever group it came into."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trips.csv").write_text(table, encoding="utf-8")
    expected = list(csv.DictReader(io.StringIO(run("validate", "trips.csv", "--format", "csv").out)))
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    subprocess.run([sys.executable, JOB, "trips.csv", "verdicts"], env=environment, check=True)
    frame = pl.read_parquet(tmp_path / "verdicts" / "*.parquet")

    assert frame.columns == list(expected[0])
    assert [frame.schema[name] for name in RESULTS[1:4]] == [pl.Decimal(18, 2), pl.Int64, pl.Int64]
    found = {row["reference"]: row for row in frame.rows(named=True)}
    assert len(found) == len(frame) == len(expected)
    for row in expected:
        other = found[row["reference"]]
        for name in RESULTS:
            value = other[name]
            text = "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)
            assert unnumbered(text) == unnumbered(row[name]), (row, name)
