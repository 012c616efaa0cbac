"""Dask: partitions are scored where they are, by two worker processes."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka
from keyaccount.testing import assert_same_bits

dd: Any = pytest.importorskip("dask.dataframe")

SPEC = ka.CompositeScorer(
    criteria=[
        ka.Criterion("x", column="x", value=ka.Percentile(), missing="neutral"),
        ka.Criterion("y", column="y", value=ka.ObservedRange()),
    ],
    weights={"x": 0.6, "y": 0.4},
    group="g",
)


def made(i: int) -> pd.DataFrame:
    """Make one partition, on the worker that has it; the last has no rows."""
    rng = np.random.default_rng(i)
    n = 0 if i == 7 else 200 + i
    x = rng.lognormal(3, 2, n)
    x[rng.random(n) < 0.2] = np.nan
    ids = [f"{i}-{k}" for k in range(n)]
    return pd.DataFrame(
        {"x": x, "y": rng.integers(0, 9, n), "g": rng.choice(["a", "b"], n), "worker": os.getpid()},
        index=pd.Index(ids, name="id"),
    )


@pytest.fixture
def frame() -> Any:
    """Give a frame of eight partitions that exists on no machine as a whole."""
    return dd.from_map(made, range(8), meta=made(7))


def test_two_processes_score_a_book(dask_client: Any, frame: Any) -> None:
    """Workers score what they hold; the spec travels to them; the index stays."""
    whole = pd.concat([made(i) for i in range(8)])
    fitted = ka.fit(frame, SPEC)
    assert fitted == SPEC.fit(whole)
    found = ka.apply(frame, fitted).persist()
    assert found.npartitions == 8
    rows = found.compute()
    assert len(dask_client.scheduler_info()["workers"]) == 2
    assert os.getpid() not in set(rows["worker"])
    assert rows.index.equals(whole.index)
    assert rows.index.name == "id"
    for name, values in fitted.apply(whole).items():
        assert_same_bits(rows[name].to_numpy(), values, name)


def test_nothing_is_run_before_it_is_asked(frame: Any) -> None:
    """Types are known at once, rows when they are computed."""
    fitted = SPEC.fit(made(0))
    lazy = ka.apply(frame, fitted)
    assert list(lazy.columns) == ["x", "y", "g", "worker", *fitted.writes]
    assert {str(lazy.dtypes[name]) for name in fitted.writes} == {"float64"}
    assert lazy.partitions[2].compute(scheduler="synchronous").shape == (202, 10)


def test_the_bounds_of_partitions_stay_known() -> None:
    """A frame sorted by its index stays one, for joins and look-ups."""
    frame = dd.from_pandas(made(0).reset_index(drop=True), npartitions=3)
    found = ka.apply(frame, SPEC.fit(made(0)))
    assert found.divisions == frame.divisions
    row = found.loc[3:3].compute(scheduler="synchronous")
    assert_same_bits(row["score"].to_numpy(), SPEC.fit(made(0)).apply(made(0))["score"][3:4])


def test_an_error_on_a_worker_comes_home_as_it_is(dask_client: Any) -> None:
    """Type, fact, hint and parts."""
    odd = pd.DataFrame({"x": ["1", "many"], "y": [1, 2], "g": ["a", "b"]})
    lazy = ka.apply(dd.from_pandas(odd, npartitions=2), SPEC.fit(made(0)))
    with pytest.raises(ka.RowError, match=r"hold.? no number") as caught:
        lazy.compute()
    assert caught.value.hint.startswith("convert it to numbers first")


def test_codes_are_categories_that_are_known() -> None:
    """The labels are in the meta, so that no pass is needed to group by them."""
    spec = ka.ndf(status="deal_status")
    name, column = next(iter(spec.writes.items()))
    book = pd.DataFrame({"profit": [3e6, np.nan], "deal_status": ["deal", None]})
    lazy = ka.apply(dd.from_pandas(book, npartitions=2), spec)
    assert lazy[name].cat.known
    assert list(lazy[name].cat.categories) == list(column.labels)
    assert lazy[name].isna().compute(scheduler="synchronous").tolist() == [False, True]
