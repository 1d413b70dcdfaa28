"""Rows a second and peak memory of `cxc validate` beside its peers, on one table of made-up trips.

    scripts/bench --tables [--rows 100000] [--rounds 5] [--few]
    scripts/bench --linear [--rows 100000 1000000 10000000] [--rounds 1]

Whole processes, start-up included. Every round runs each command once, in turn, so that all meet the same machine; the
medians of the rounds are printed, CPU (user and system) and wall time beside those of `csv.reader` alone in the same
round. What each peer checks stands at the head of its program in scripts/peers; frictionless and
check-jsonschema check the form of cells alone, by our own schemas. None of them holds visits against one another, and
none gives a verdict with its reasons for every row.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
CXC = str(HERE.parent / ".bench-plain" / "bin" / "cxc")
FAST = str(BIN / "cxc")  # with the extra `fast`
FLOOR = "csv.reader alone"
VALIDATE = {
    "cxc validate --format csv": [CXC, "validate", "--format", "csv"],
    "cxc validate --format jsonl": [CXC, "validate", "--format", "jsonl"],
    "cxc validate -q": [CXC, "validate", "-q"],
    "cxc[fast] validate --format csv": [FAST, "validate", "--format", "csv"],
    "cxc[fast] validate -q": [FAST, "validate", "-q"],
}
GROWING = ("cxc validate --format csv", "cxc[fast] validate --format csv")


class Run(NamedTuple):
    """One process: how long it ran, and what it took of processors (user and system), in seconds; peak memory in MB."""

    seconds: float
    cpu: float
    megabytes: float


def run(command: Sequence[str]) -> Run:
    """Run a command to its end; its output goes to a file that is thrown away, its complaints to ours if it breaks.

    The memory of a process is told to be at least ours, so nothing heavy may be imported here.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GITHUB"))}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1, 2, 3):
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)} broke:\n{errors.read().decode(errors='replace')}")
        errors.seek(0)
        if b"Traceback" in errors.read():
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)} broke:\n{errors.read().decode(errors='replace')}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def made(folder: Path, rows: int, kind: str = "") -> Path:
    """A table of so many trips."""
    path = folder / f"{rows}{kind}.csv"
    with path.open("wb") as stream:
        command = [sys.executable, str(HERE / "make_trips.py"), str(rows), *([kind] if kind else [])]
        subprocess.run(command, stdout=stream, check=True)
    return path


def floor(table: Path) -> list[str]:
    """Reading the table, and nothing else."""
    return [sys.executable, str(HERE / "peers" / "csv_reader.py"), str(table)]


def peers(folder: Path, table: Path) -> dict[str, list[str]]:
    """The commands of the peers. What they need beside the table is written here, before the time is taken."""
    countries, trip, schema = folder / "countries.json", folder / "trip.json", folder / "schema.json"
    rows, resource = folder / "rows.json", folder / "resource.json"
    countries.write_bytes(printed([CXC, "countries", "--format", "json"]))
    schema.write_bytes(printed([CXC, "schema", "table"]))
    resource.write_text(
        json.dumps({"name": "trips", "path": table.name, "schema": fitting(json.loads(schema.read_text()), table)})
    )
    trip.write_text(json.dumps({"type": "array", "items": json.loads(printed([CXC, "schema", "trip"]))}))
    subprocess.run([sys.executable, "-c", AS_JSON, str(table), str(rows)], check=True)
    commands = {
        name: [sys.executable, str(HERE / "peers" / program), str(table), str(countries)]
        for name, program in {
            "pydantic, a model a row": "pydantic_rows.py",
            "pandera on Polars": "pandera_polars.py",
            "openfisca-core, vectors": "openfisca_vectors.py",
        }.items()
    }
    commands["frictionless, our table schema"] = [str(BIN / "frictionless"), "validate", str(resource), "--json"]
    commands["check-jsonschema, our trip schema"] = [
        str(BIN / "check-jsonschema"), "--schemafile", str(trip), str(rows),
    ]  # fmt: skip
    return commands


# A process of its own, since its memory would be told of every later one.
AS_JSON = """
import csv, json, sys
rows = csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"))
json.dump([{name: cell for name, cell in row.items() if cell} for row in rows], open(sys.argv[2], "w"))
"""


def printed(command: Sequence[str]) -> bytes:
    """What a command prints."""
    return subprocess.run(command, capture_output=True, check=True).stdout


def fitting(schema: Mapping[str, object], table: Path) -> dict[str, object]:
    """The fields of our table schema that the table has, in its order, as frictionless wants them."""
    fields = schema["fields"]
    assert isinstance(fields, list)
    by_name = {field["name"]: field for field in fields}
    with table.open(encoding="utf-8") as stream:
        return {**schema, "fields": [by_name[name] for name in stream.readline().strip().split(",")]}


def compare(rows: int, rounds: int, kind: str) -> None:
    """Print a table of cxc and its peers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = made(folder, rows, kind)
        commands = {FLOOR: floor(table)}
        commands |= {name: [*command, str(table)] for name, command in VALIDATE.items()}
        commands |= peers(folder, table)
        run(commands[FLOOR])  # fills the caches of the disk
        found: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                found[name].append(run(command))
    print(f"{rows} rows, {rounds} rounds, medians".ljust(36), HEADING)
    for name, runs in found.items():
        print(line(name, rows, runs, found[FLOOR]))


def grow(sizes: Sequence[int], rounds: int) -> None:
    """Print rows a second and memory for tables of growing size."""
    print("cxc validate --format csv".ljust(36), HEADING)
    for rows in sizes:
        with tempfile.TemporaryDirectory() as name:
            table = made(Path(name), rows)
            run(floor(table))
            rounds_run = [
                (run(floor(table)), *(run([*VALIDATE[command], str(table)]) for command in GROWING))
                for _ in range(rounds)
            ]
        for command, of in zip(GROWING, (1, 2), strict=True):
            title = f"{rows} rows{', cxc[fast]' if 'fast' in command else ''}"
            print(line(title, rows, [one[of] for one in rounds_run], [one[0] for one in rounds_run]), flush=True)


HEADING = "    rows/s     cpu s   x csv.reader: cpu    wall      MB"


def line(name: str, rows: int, runs: Sequence[Run], floors: Sequence[Run]) -> str:
    """A line of the table. Ratios are to `csv.reader` alone in the same round: they hold when the speed drifts."""
    pairs = list(zip(runs, floors, strict=True))
    cpu = statistics.median(one.cpu / base.cpu for one, base in pairs)
    wall = statistics.median(one.seconds / base.seconds for one, base in pairs)
    seconds, own = (statistics.median(figures) for figures in zip(*[run[:2] for run in runs], strict=True))
    memory = statistics.median(run.megabytes for run in runs)
    return f"{name:36} {rows / seconds:10,.0f} {own:9.2f} {cpu:19.1f} {wall:7.1f} {memory:7,.0f}"


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Tables of trips, beside peers.")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--tables", action="store_true", help="one table, and the peers beside")
    kind.add_argument("--linear", action="store_true", help="tables of growing size")
    parser.add_argument("--rows", type=int, nargs="+", help="rows of the table, or of each")
    parser.add_argument("--few", action="store_true", help="a table of few distinct trips")
    parser.add_argument("--rounds", type=int, help="how often each command runs")
    chosen = parser.parse_args()
    if chosen.tables:
        for rows in chosen.rows or [100_000]:
            compare(rows, chosen.rounds or 5, "few" if chosen.few else "")
    else:
        grow(chosen.rows or [100_000, 1_000_000, 10_000_000], chosen.rounds or 1)


if __name__ == "__main__":
    main()
