"""First, last, count, total and mean of 1,000,000 customers from 10,000,000 orders."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare

ORDERS = 10_000_000
CUSTOMERS = 1_000_000
AS_OF = np.datetime64("2025-12-31")
FLOORS = {"integer": 1 / 2, "string": 1.8}
SHOWN = ("id", "first", "last", "count", "total", "mean")


def _log() -> dict[str, Any]:
    random = np.random.default_rng(0)
    days = random.integers(0, 5 * 365, ORDERS).astype("timedelta64[D]")
    return {
        "customer": random.integers(0, CUSTOMERS, ORDERS),
        "date": np.datetime64("2020-12-31") + days,
        "amount": random.integers(1, 100_000, ORDERS) / 100,
    }


def _summary(log: Any) -> Any:
    summary = ka.purchase_summary(log, customer="customer", at="date", amount="amount", as_of=AS_OF)
    return {name: summary[name] for name in SHOWN}


def _peers(log: Any) -> dict[str, Callable[[], Any]]:
    """Ask each peer for the same columns; each holds the log in its own memory."""
    import duckdb
    import polars as pl
    import pyarrow as pa

    table = pa.table(log)
    frame: Any = pl.from_arrow(table)
    connection = duckdb.connect()
    connection.register("orders", table)
    query = (
        "select customer, min(date) as first, max(date) as last, count(*) as count, "
        "sum(amount) as total, avg(amount) as mean from orders group by customer"
    )
    date, amount = pl.col("date"), pl.col("amount")
    asked = {
        "first": date.min(),
        "last": date.max(),
        "count": pl.len(),
        "total": amount.sum(),
        "mean": amount.mean(),
    }
    measures = [
        ("date", "min"),
        ("date", "max"),
        ("date", "count"),
        ("amount", "sum"),
        ("amount", "mean"),
    ]
    return {
        "DuckDB, all cores": lambda: connection.sql(query).to_arrow_table(),
        "Polars, all cores": lambda: frame.group_by("customer").agg(**asked),
        "pyarrow": lambda: table.group_by("customer").aggregate(measures),
    }


def _pandas(log: Any) -> Callable[[], Any]:
    import pandas as pd

    frame = pd.DataFrame({name: np.asarray(column) for name, column in log.items()})
    return lambda: frame.groupby("customer").agg(
        first=("date", "min"),
        last=("date", "max"),
        count=("date", "size"),
        total=("amount", "sum"),
        mean=("amount", "mean"),
    )


def _lifetimes(log: Any) -> Callable[[], Any]:
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import warns under pandas 3
        from lifetimes.utils import summary_data_from_transaction_data as summarise
    part = pd.DataFrame({name: column[: ORDERS // 10] for name, column in log.items()})

    def run() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return summarise(part, "customer", "date", observation_period_end=str(AS_OF))

    return run


def _assert_equal(ours: Any, theirs: Any) -> None:
    order = np.argsort(np.asarray(theirs["customer"].to_numpy()))
    for name in SHOWN[1:]:
        column = np.asarray(theirs[name].to_numpy())[order]
        if ours[name].dtype.kind == "f":
            assert np.allclose(ours[name], column, rtol=1e-12), name
        else:
            assert (ours[name] == column.astype(ours[name].dtype)).all(), name


def _peak(run: Callable[[], Any]) -> int:
    """Give the most memory held at once, beyond what was there before."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = run()
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    del kept
    return peak


def run() -> Iterator[Ratio]:
    import pyarrow as pa

    whole = _log()
    names = pa.array([f"C{i:07d}" for i in range(CUSTOMERS)])
    logs = {
        "integer": whole,
        "string": {**whole, "customer": names.take(pa.array(whole["customer"]))},
    }
    for kind, log in logs.items():
        claim = f"purchase summary of 10,000,000 orders, {kind} ids"
        ours = _summary(log)
        for peer, theirs in _peers(log).items():
            if peer != "pyarrow":
                _assert_equal(ours, theirs())
            floor = None if peer == "pyarrow" else FLOORS[kind]
            yield compare(claim, partial(_summary, log), peer, theirs, floor=floor)
        size = sum(column.nbytes for column in ours.values())
        peak = _peak(partial(_summary, log))
        ratio = peak / size
        told = f"{size / 1e6:.0f} MB of results; peak {peak / 1e6:.0f} MB"
        yield Ratio(f"peak memory, {kind} ids", told, 0.0, 0.0, ratio, (ratio, ratio), None)
    yield compare(
        "purchase summary of 10,000,000 orders, integer ids",
        lambda: _summary(whole),
        "pandas",
        _pandas(whole),
        pairs=3,
    )
    part = {name: column[: ORDERS // 10] for name, column in whole.items()}
    yield compare(
        "purchase summary of 1,000,000 orders, integer ids",
        lambda: _summary(part),
        "lifetimes (frequency, recency, T)",
        _lifetimes(whole),
        pairs=3,
        warm_up=0,
    )
