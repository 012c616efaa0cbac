"""Scoring alone: 4,000,000 × 8 linear, beside the same expression in dataframe engines."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.books import CRITERIA, scorer, uniform_columns
from benchmarks.harness import Ratio, compare

N = 4_000_000
LOW, HIGH = 5.0, 95.0
CLAIM = "score 4,000,000 × 8 linear"


def run() -> Iterator[Ratio]:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    columns = uniform_columns(N)
    made = scorer(ka.Linear(LOW, HIGH))
    weight = 1.0 / CRITERIA

    def ours() -> Any:
        return made.score(columns).value

    def summed() -> Any:
        total = np.zeros(N)
        for column in columns.values():
            np.add(total, column, out=total)
        return total

    frame = pl.DataFrame(columns)
    terms = [((pl.col(c) - LOW) / (HIGH - LOW)).clip(0.0, 1.0) * weight for c in columns]
    expression = reduce(add, terms).alias("score")
    connection = duckdb.connect()
    connection.register("book", pa.table(columns))
    sql = " + ".join(
        f"least(greatest((c{i} - {LOW}) / {HIGH - LOW}, 0.0), 1.0) * {weight}"
        for i in range(CRITERIA)
    )
    data = pd.DataFrame(columns)

    def polars() -> Any:
        return frame.select(expression)

    def in_duckdb() -> Any:
        return connection.sql(f"select {sql} as score from book").to_arrow_table()  # noqa: S608

    def pandas() -> Any:
        return reduce(add, (((data[c] - LOW) / (HIGH - LOW)).clip(0, 1) * weight for c in data))

    assert np.allclose(ours(), polars()["score"].to_numpy())
    assert np.allclose(ours(), in_duckdb()["score"].to_numpy())
    yield compare(CLAIM, ours, "a pass that only sums the columns", summed, floor=4.5, pairs=9)
    yield compare(CLAIM, ours, "Polars, all cores", polars, floor=1 / 1.5, pairs=9)
    yield compare(CLAIM, ours, "DuckDB, all cores", in_duckdb)
    yield compare(CLAIM, ours, "pandas", pandas)
