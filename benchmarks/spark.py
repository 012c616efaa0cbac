"""Spark's `mapInArrow` under `apply` beside the same score in Spark's own SQL.

Both read the same cached frame in local mode on two threads and write the score nowhere, so that
neither is timed on bringing rows home. Needs a Java of 17 or later.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.apply import HIGH, LOW, sql_score
from benchmarks.books import CRITERIA, scorer
from benchmarks.harness import Ratio, compare

WEIGHT = 1.0 / CRITERIA
N = int(os.environ.get("BENCH_ROWS", "10_000_000"))


def run() -> Iterator[Ratio]:
    # Spark says this of every pandas from 3.0 on, wherever it touches Arrow
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    spark = session()
    try:
        columns = [f"rand({i}) * 100 AS c{i}" for i in range(CRITERIA)]
        frame = spark.range(N).selectExpr(*columns).cache()
        frame.count()
        through = ka.apply(frame, scorer(ka.Linear(LOW, HIGH)))
        same = frame.selectExpr("*", *_contributions()).selectExpr("*", *_from_contributions())
        alone = frame.selectExpr(f"{sql_score()} AS score")
        assert set(same.columns) == set(through.columns)
        assert np.isclose(_highest(same), _highest(through))
        claim = f"apply on Spark, {N:,} × {CRITERIA}"

        def ours() -> None:
            _write_nowhere(through)

        yield compare(
            claim, ours, "the same columns in Spark SQL", lambda: _write_nowhere(same), floor=4.0
        )
        yield compare(claim, ours, "the score alone in Spark SQL", lambda: _write_nowhere(alone))
    finally:
        spark.stop()


def _contributions() -> list[str]:
    """Write what each criterion adds, 0 where it is unknown."""
    share = f"least(greatest((c{{i}} - {LOW}) / {HIGH - LOW}, 0.0), 1.0) * {WEIGHT}"
    return [f"coalesce({share.format(i=i)}, 0.0) AS contribution_c{i}" for i in range(CRITERIA)]


def _from_contributions() -> list[str]:
    """Write value, bounds and coverage."""
    score = " + ".join(f"contribution_c{i}" for i in range(CRITERIA))
    high = " + ".join(f"if(c{i} IS NULL, {WEIGHT}, contribution_c{i})" for i in range(CRITERIA))
    known = " + ".join(f"if(c{i} IS NULL, 0.0, {WEIGHT})" for i in range(CRITERIA))
    return [
        f"{score} AS score",
        f"{score} AS score_low",
        f"{high} AS score_high",
        f"{known} AS coverage",
    ]


def _highest(frame: Any) -> float:
    highest: float = frame.selectExpr("max(score)").collect()[0][0]
    return highest


def _write_nowhere(frame: Any) -> None:
    """Compute every row; collected twice, a frame would keep what it found the first time."""
    frame.write.format("noop").mode("overwrite").save()


def session() -> Any:
    """Start Spark on this machine with two threads."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    settings: dict[str, Any] = {
        "spark.driver.memory": "4g",
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    return SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
