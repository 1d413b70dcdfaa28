"""Work and memory stay within bounds, whatever a file holds."""

import datetime
import subprocess
import sys
from pathlib import Path

import pytest
from commands import unmeasured

GIGABYTE = 1 << 30
# What takes a second or two here took a minute and more where work grew with the square of the rows.
PATIENCE = 40


def cxc_within_bounds(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command with a gigabyte of memory, stopped where it takes far too long."""
    from resource import RLIMIT_AS, setrlimit

    return subprocess.run(
        [sys.executable, "-m", "cxc", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=unmeasured(),
        timeout=PATIENCE,
        preexec_fn=lambda: setrlimit(RLIMIT_AS, (GIGABYTE, GIGABYTE)),
    )


limits = pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")


@limits
def test_many_rows_of_one_visitor(tmp_path: Path) -> None:
    """Each is held against those before it without a look at each of them."""
    path, day = tmp_path / "trips.csv", datetime.timedelta(1)
    first = datetime.date(2021, 1, 1)
    stays = [(first + number // 40 * day, first + (number // 40 + number % 40) * day) for number in range(20_000)]
    rows = [f"RO123,PT,yes,{arrival},{departure}" for arrival, departure in stays]
    path.write_text("\n".join(["visitor_id,host_country,host_cluster,arrival,departure", *rows]), encoding="utf-8")

    result = cxc_within_bounds("validate", path, "-q", "--report", f"csv={tmp_path / 'out.csv'}")

    assert result.returncode == 1
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").count("overlaps another one") > 30_000


@limits
def test_a_long_history_of_one_name(tmp_path: Path) -> None:
    """Visits of one name under many ids are read as fast as others."""
    path = tmp_path / "history.csv"
    rows = [f"Acme,RO{number},RO" for number in range(5_000)]
    path.write_text("\n".join(["visitor,visitor_id,visitor_country", *rows]), encoding="utf-8")
    trip = ["--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20", "--host-cluster", "yes"]

    result = cxc_within_bounds(
        "check", *trip, "--visitor", "Acme", "--visitor-id", "X9", "--from", "RO", "--history", path
    )

    assert (result.returncode, result.stderr) == (3, "")
    assert "Ask the partnership whether it is the same organisation." in result.stdout
