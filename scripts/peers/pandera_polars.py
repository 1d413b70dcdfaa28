"""pandera on Polars: one schema for whole columns.

Checks known countries, two different ones, the form of dates and numbers, and the shortest and the longest stay in
calendar days.
No amount, no verdict for a row: it tells which checks fail, and how often. No visit held against another.

python pandera_polars.py TABLE COUNTRIES.JSON
"""

import json
import sys
from pathlib import Path

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

COUNTRIES = list(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["countries"])
DATE = r"^\d{4}-\d{2}-\d{2}$"


def days(data: pa.PolarsData) -> pl.LazyFrame:
    """Whether the days between the days of travel are 3 to 31."""
    read = [pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in ("arrival", "departure")]
    return data.lazyframe.select(((read[1] - read[0]).dt.total_days() - 1).is_between(3, 31))


def two_countries(data: pa.PolarsData) -> pl.LazyFrame:
    """Whether visitor and host are of two countries."""
    return data.lazyframe.select(pl.col("visitor_country") != pl.col("host_country"))


SCHEMA = pa.DataFrameSchema(
    {
        "visitor_country": pa.Column(str, pa.Check.isin(COUNTRIES)),
        "host_country": pa.Column(str, pa.Check.isin(COUNTRIES)),
        "arrival": pa.Column(str, pa.Check.str_matches(DATE)),
        "departure": pa.Column(str, pa.Check.str_matches(DATE)),
        "distance_km": pa.Column(str, pa.Check.str_matches(r"^(\d+([.,]\d+)?)?$")),
        "travellers": pa.Column(str, pa.Check.str_matches(r"^[1-9]\d*$")),
    },
    checks=[pa.Check(two_countries), pa.Check(days)],
)

rows = pl.read_csv(sys.argv[1], infer_schema=False).fill_null("")
try:
    SCHEMA.validate(rows, lazy=True)
    print(rows.height, "rows, all pass")
except SchemaErrors as error:
    print(rows.height, "rows,", len(error.failure_cases), "failures")
