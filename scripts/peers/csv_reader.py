"""The floor: reads every row of a table and does nothing with it.

python csv_reader.py TABLE
"""

import csv
import sys

with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    print(sum(1 for _ in csv.reader(stream)) - 1, "rows")
