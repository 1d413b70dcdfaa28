"""Judge more trips than one machine holds: spark-submit judge_on_spark.py TRIPS.csv VERDICTS

Every worker needs this project with its extra `fast`, pandas and PyArrow. VERDICTS is a folder of Parquet files with
the columns of csv.
"""

import sys

import pandas as pd
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as sql
from pyspark.sql.types import DecimalType, LongType, StringType, StructField, StructType

import cxc
from cxc.text import fold

GROUPS = 200  # the trips of one group are judged together, in the memory of one worker
TYPES = {"payable_eur": DecimalType(18, 2), "days_on_site": LongType(), "working_days": LongType()}


@sql.pandas_udf(StringType())
def folded(texts: pd.Series) -> pd.Series:
    """What cxc compares of an id or a name: neither case, accents, spaces nor punctuation."""
    return texts.fillna("").map(fold)


def with_visitors(trips: DataFrame) -> DataFrame:
    """The trips with `_visitor`: the same for all that share an id or a name, with each other or by way of a third.

    A trip without id and name is a visitor of its own. A name counts without its country, so that more trips meet than
    have to.
    """
    for column, key in (("visitor_id", "_id"), ("visitor", "_name")):
        trips = trips.withColumn(key, folded(column) if column in trips.columns else sql.lit(""))
    of_row = sql.concat(sql.lit("row "), sql.col("_row"))
    pairs = trips.where("_id <> '' or _name <> ''").select("_id", "_name").distinct()
    pairs = pairs.withColumn("_visitor", sql.concat_ws(" ", "_id", "_name")).localCheckpoint()
    while True:  # the smallest of all that are linked reaches every one of them, a step at a time
        linked = pairs.withColumn("_before", sql.col("_visitor"))
        for key in ("_id", "_name"):
            same = Window.partitionBy(sql.when(sql.col(key) == "", sql.col("_before")).otherwise(sql.col(key)))
            smallest = sql.min("_visitor").over(same)
            linked = linked.withColumn(
                "_visitor", sql.when(sql.col(key) == "", sql.col("_visitor")).otherwise(smallest)
            )
        linked = linked.localCheckpoint()
        pairs = linked.drop("_before")
        if linked.where("_visitor <> _before").isEmpty():
            break
    found = trips.join(pairs, ["_id", "_name"], "left").withColumn("_visitor", sql.coalesce("_visitor", of_row))
    return found.drop("_id", "_name")


def judged(trips: DataFrame, **options: object) -> DataFrame:
    """The trips with their verdicts; `options` are those of `cxc.judge_frame`, such as rulebook and history."""
    names = cxc.judge_frame(trips.limit(0).toPandas(), **options).columns
    own = [StructField(name, field.dataType) for name, field in zip(names, trips.schema, strict=False)]
    results = [StructField(name, TYPES.get(name, StringType())) for name in names[len(own) :]]

    def judge(group: pd.DataFrame) -> pd.DataFrame:
        rows = group.sort_values("_row", ignore_index=True)  # of two trips on one day the first comes first
        return cxc.judge_frame(rows.drop(columns=["_row", "_visitor", "_group"]), **options)

    numbered = with_visitors(trips.withColumn("_row", sql.monotonically_increasing_id()))
    grouped = numbered.withColumn("_group", sql.pmod(sql.xxhash64("_visitor"), sql.lit(GROUPS)))
    return grouped.groupBy("_group").applyInPandas(judge, StructType([*own, *results]))


if __name__ == "__main__":
    spark = SparkSession.builder.appName("cxc").getOrCreate()
    table = spark.read.csv(sys.argv[1], header=True, escape='"', multiLine=True)
    judged(table, rulebook="medic-nest").write.parquet(sys.argv[2])
