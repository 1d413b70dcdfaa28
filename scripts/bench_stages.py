"""What each stage of `cxc validate --format csv` costs on a table of made-up trips; run it by scripts/bench.

A stage is what some functions do, without what others of the list do within them: CPU of this process, user and system,
as a share of all of it. To look at the clock so often makes everything a few percent slower.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from operator import itemgetter
from pathlib import Path

MADE = Path(__file__).parent / "make_trips.py"
# Functions of the program by stage, `module:function` or `module:class.function`, each below `cxc`.
STAGES = {
    "the text of the file, read twice": ("tables.csv_table:_Lines.some", "tables.csv_table:_Gathered.add"),
    "cells, as Polars takes them apart": ("tables.large_tables:frame_of",),
    "texts into numbers, the values read": ("tables.polars_rows:Lookups.of_texts",),
    "numbers for combinations": ("tables.polars_rows:Lookups.of_combinations",),
    "answers looked up": ("tables.polars_rows:Lookups.of_function", "tables.polars_rows:Lookups.of_each"),
    "facts, rules and conclusions asked": ("resolver:Function.fill", "resolver:Each.of_rows", "resolver:Each.of_all"),
    "names and ids, whether they are any": (
        "tables.large_tables:_InAFrame.folded",
        "tables.large_tables:_InAFrame.suspicious",
        "tables.large_tables:_InAFrame.all_state",
    ),
    "who visits twice, and what is told of it": (
        "tables.polars_visits:VisitsOfMany.look",
        "tables.polars_visits:VisitsOfMany.who",
        "tables.polars_visits:VisitsOfMany.tell",
        "tables.first_reading:FirstReading._judge_again",
        "tables.first_reading:FirstReading._note",
        "tables.batch:Batch._hold",
    ),
    "what is kept and counted": (
        "tables.kept:KeptRows.keep",
        "tables.first_reading:FirstReading._count",
        "tables.summary:Summary.add",
    ),
    "sentences on what cannot be read": ("tables.batch:Batch._problems",),
    "lines put together and written": ("reports.csv:CsvReport._lines", "reports.output:WholeFile.write"),
}
REST = "all else"
spent: defaultdict[str, float] = defaultdict(float)
_within: list[float] = []


def timed(stage: str, function: Callable[..., object]) -> Callable[..., object]:
    """The same function, whose time is counted to a stage; that of stages within it is not."""

    def counted(*given: object, **named: object) -> object:
        begin = time.process_time()
        _within.append(0.0)
        try:
            return function(*given, **named)
        finally:
            taken = time.process_time() - begin
            spent[stage] += taken - _within.pop()
            if _within:
                _within[-1] += taken

    return counted


def watch() -> None:
    """Count the time of every stage."""
    for stage, functions in STAGES.items():
        for path in functions:
            module, _, name = path.partition(":")
            *inside, last = name.split(".")
            holder: object = import_module(f"cxc.{module}")
            for part in inside:
                holder = getattr(holder, part)
            setattr(holder, last, timed(stage, getattr(holder, last)))


def main() -> None:
    """Judge a table and print what its stages took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages", action="store_true")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        table, result = Path(folder, "trips.csv"), Path(folder, "result.csv")
        with table.open("wb") as stream:
            subprocess.run([sys.executable, str(MADE), str(rows)], stdout=stream, check=True)
        before = time.process_time()
        from cxc.__main__ import prepare

        prepare()
        from cxc.cli import run

        import_module("cxc.commands.validate")
        program = time.process_time() - before
        import_module("polars")
        polars = time.process_time() - before - program
        watch()
        begin = time.process_time()
        run(["validate", "-q", "--format", "csv", "-o", str(result), str(table)])
        whole = time.process_time() - begin
    spent["Polars, loaded"], spent["Python and the program, loaded"] = polars, before + program
    spent[REST] = whole - sum(taken for stage, taken in spent.items() if stage in STAGES)
    total = before + program + polars + whole
    print(f"| stage, {rows} rows | CPU, ms | share |\n| --- | --- | --- |")
    for stage, taken in sorted(spent.items(), key=itemgetter(1), reverse=True):
        print(f"| {stage} | {taken * 1000:.0f} | {taken / total:.1%} |")
    print(f"| all | {total * 1000:.0f} | |")


if __name__ == "__main__":
    main()
