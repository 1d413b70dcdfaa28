"""Start-up of `cxc check` and of `cxc validate` on ten rows, as ratios to `python -c pass`; run it by scripts/bench.

Every round runs each command once, in turn, and divides its time by that of the bare interpreter in the same round; the
median of the rounds is printed. Absolute times differ from machine to machine; these ratios move by a tenth.
"""

import argparse
import csv
import json
import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

BIN = Path(sys.executable).parent
TRIP = {"host_country": "PT", "arrival": "2023-05-14", "departure": "2023-05-20", "host_cluster": "yes"}
BARE = "python -c pass"


def seconds(command: Sequence[str], terminal: bool) -> float:
    """How long a command runs, from its start to its end, its output read and thrown away."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["TERM"] = "xterm-256color"
    if not terminal:
        begin = time.perf_counter()
        subprocess.run(command, capture_output=True, env=environment, check=False)
        return time.perf_counter() - begin
    ours, theirs = pty.openpty()
    begin = time.perf_counter()
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as child:
        os.close(theirs)
        try:
            while os.read(ours, 65536):
                pass
        except OSError:  # the other end is closed
            pass
        child.wait()
    os.close(ours)
    return time.perf_counter() - begin


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        trip, schema, row = Path(folder, "trip.json"), Path(folder, "schema.json"), Path(folder, "trip.csv")
        trip.write_text(json.dumps(TRIP))
        cxc = str(BIN / "cxc")
        schema.write_bytes(subprocess.run([cxc, "schema", "trip"], capture_output=True, check=True).stdout)
        with row.open("w", newline="") as stream:
            csv.writer(stream).writerows([TRIP.keys(), TRIP.values()])
        rows = Path(folder, "trips.csv")
        with rows.open("w", newline="") as stream:
            csv.writer(stream).writerows([TRIP.keys(), *([TRIP.values()] * 10)])
        options = [text for name, value in TRIP.items() for text in (f"--{name.replace('_', '-')}", value)]
        check = [cxc, "check", "--no-ask", *options]
        commands: dict[str, tuple[list[str], bool]] = {BARE: ([sys.executable, "-c", "pass"], False)}
        for rulebook in ("medic-nest", "eccp"):
            commands[f"cxc check, piped, {rulebook}"] = ([*check, "--rulebook", rulebook], False)
            commands[f"cxc check, terminal, {rulebook}"] = ([*check, "--rulebook", rulebook], True)
        commands["cxc check --format json"] = ([*check, "--format", "json"], False)
        commands["cxc validate, ten rows"] = ([cxc, "validate", "-q", str(rows)], False)
        commands["cxc validate --format csv, ten"] = ([cxc, "validate", "--format", "csv", str(rows)], False)
        commands["python -c 'import typer'"] = ([sys.executable, "-c", "import typer"], False)
        commands["check-jsonschema, one trip"] = (
            [str(BIN / "check-jsonschema"), "--schemafile", str(schema), str(trip)],
            False,
        )
        commands["frictionless, one row"] = ([str(BIN / "frictionless"), "validate", str(row)], False)
        ratios: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            taken = {name: seconds(*command) for name, command in commands.items()}
            if number:  # the first round fills caches
                for name, value in taken.items():
                    ratios[name].append(value / taken[BARE])
    print(f"{'command':32} median    min    max   ({rounds} rounds, ratio to {BARE})")
    for name, values in ratios.items():
        print(f"{name:32} {statistics.median(values):6.1f} {min(values):6.1f} {max(values):6.1f}")


if __name__ == "__main__":
    main()
