"""`apply` on a frame beside the bare kernel, which has its numbers in numpy already.

10,000,000 accounts × 8 linear, all columns that the scorer writes: value, bounds, coverage and the
contribution of each criterion. What `apply` adds is the way in and out of the library: nulls that
must become NaN and NaN that must become null.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

import keyaccount as ka
from benchmarks.books import CRITERIA, scorer, uniform_columns
from benchmarks.harness import Ratio, compare

N = int(os.environ.get("BENCH_ROWS", "10_000_000"))
LOW, HIGH = 5.0, 95.0
KERNEL = "spec.apply on numpy columns"


def run() -> Iterator[Ratio]:
    yield from _over_the_kernel(gaps=0.0, floor=1.2)
    yield from _over_the_kernel(gaps=0.1, floor=1.6)
    yield _beside_sql()


def columns_of(n: int, gaps: float) -> dict[str, NDArray[np.float64]]:
    """Make criteria of which a share is unknown."""
    columns = uniform_columns(n)
    rng = np.random.default_rng(1)
    for column in columns.values() if gaps else ():
        column[rng.random(n) < gaps] = np.nan
    return columns


def _over_the_kernel(gaps: float, floor: float) -> Iterator[Ratio]:
    import polars as pl
    import pyarrow as pa

    spec = scorer(ka.Linear(LOW, HIGH))
    columns = columns_of(N, gaps)
    frame = pl.DataFrame(columns).fill_nan(None)
    table = pa.table({name: pa.array(x, from_pandas=True) for name, x in columns.items()})
    chunks = pa.concat_tables([table.slice(i, 500_000) for i in range(0, N, 500_000)])

    def kernel() -> Any:
        return spec.apply(columns)

    def on(book: Any) -> Callable[[], Any]:
        return lambda: ka.apply(book, spec)

    said = f"{N:,} × {CRITERIA}, {'with' if gaps else 'no'} nulls"
    _assert_agree(kernel(), ka.apply(frame, spec).to_dict())
    yield compare(f"apply on Polars, {said}", on(frame), KERNEL, kernel, floor=floor)
    yield compare(f"apply on pyarrow, {said}", on(table), KERNEL, kernel, floor=floor)
    yield compare(f"apply on pyarrow in chunks, {said}", on(chunks), KERNEL, kernel, floor=floor)


def _assert_agree(kernel: Any, found: Any) -> None:
    for name, values in kernel.items():
        given = found[name].to_numpy()
        assert np.array_equal(given, values, equal_nan=True), name


def _beside_sql() -> Ratio:
    """Score in DuckDB through the library and in DuckDB's own SQL: the score alone in both."""
    import duckdb
    import pyarrow as pa

    spec = scorer(ka.Linear(LOW, HIGH))
    connection = duckdb.connect()
    connection.register("given", pa.table(columns_of(N, 0.0)))
    connection.execute("CREATE TABLE book AS SELECT * FROM given")
    own = connection.sql(f"SELECT max({sql_score()}) AS top FROM book")  # noqa: S608
    through = ka.apply(connection.table("book"), spec).aggregate("max(score) AS top")
    assert np.isclose(own.fetchall()[0][0], through.fetchall()[0][0])
    return compare(
        f"apply on DuckDB, {N:,} × {CRITERIA}", through.fetchall, "DuckDB's own SQL", own.fetchall
    )


def sql_score() -> str:
    """Write the score in SQL, criteria added in declared order."""
    weight = 1.0 / CRITERIA
    terms = [
        f"least(greatest((c{i} - {LOW}) / {HIGH - LOW}, 0.0), 1.0) * {weight}"
        for i in range(CRITERIA)
    ]
    return reduce(lambda a, b: f"{a} + {b}", terms)
