"""The product and the second opinion about a hundred thousand trips, and what was compared. Run by `scripts/prove`."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from random import Random

from beside import Count, compare
from random_trips import Table, boundary_tables, random_table

SHOWN = 20  # differences, in full
ROWS = 200  # of a table
OUTCOMES = ("eligible", "not-eligible", "undecided", "no verdict")
FOUND = ("pass", "fail", "unknown", "assumed", "applies", "not-applicable")


def random_tables(trips: int, seed: int) -> Iterator[Table]:
    """Tables of so many trips in all; every third is asked about at the stage of payment."""
    chance = Random(seed)
    for number in range(-(-trips // ROWS)):
        yield random_table(chance, size=min(ROWS, trips - number * ROWS), payment=number % 3 == 2)


def compared(name: str, tables: Iterator[Table]) -> int:
    """Compare these tables, print what was compared, and give how many trips differ."""
    count, kinds, differ = Count(), Counter[str](), 0
    for difference in compare(tables, count):
        differ += 1
        kinds.update([*difference.where])
        if differ <= SHOWN:
            print(difference)
    print(f"\n{name}: {count.trips} trips, {len(count.different)} of them different; {differ} on which the two differ")
    if kinds:
        print(f"  where: {', '.join(f'{where} {number}' for where, number in kinds.most_common())}")
    print(f"  {'':10}" + "".join(f"{outcome:>16}" for outcome in OUTCOMES))
    for stage in ("proposal", "payment"):
        print(f"  {stage:10}" + "".join(f"{count.outcomes[stage, outcome]:16}" for outcome in OUTCOMES))
    print(f"  {'':10}" + "".join(f"{found:>16}" for found in FOUND))
    for code in sorted({code for code, _ in count.findings}):
        print(f"  {code:10}" + "".join(f"{count.findings[code, found] or '-':>16}" for found in FOUND))
    return differ


def main() -> int:
    """Compare what was asked for; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trips", type=int, default=100_000, help="so many, drawn by chance (100000)")
    parser.add_argument("--seed", type=int, default=0, help="another number draws other trips (0)")
    asked = parser.parse_args()
    differ = compared("Every boundary", boundary_tables(thorough=True))
    differ += compared(f"By chance, seed {asked.seed}", random_tables(asked.trips, asked.seed))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
