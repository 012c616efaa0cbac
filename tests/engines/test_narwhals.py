"""Frames of narwhals: the frame within is scored, and comes back in narwhals."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import keyaccount as ka

SPEC = ka.CompositeScorer(
    criteria=[ka.Criterion("x", column="x", value=ka.ObservedRange())], weights={"x": 1.0}
)
BOOK = {"x": [1.0, 3.0, 2.0]}


@pytest.mark.parametrize("words", ["narwhals", "narwhals.stable.v1", "narwhals.stable.v2"])
@pytest.mark.parametrize("make", [pl.DataFrame, pl.LazyFrame, pa.table])
def test_it_is_unwrapped_and_wrapped_again(words: str, make: Any) -> None:
    """Eager or lazy, in any version of its words: the class that comes back is the one given."""
    nw: Any = pytest.importorskip(words)
    frame = nw.from_native(make(BOOK))
    fitted = ka.fit(frame, SPEC)
    assert fitted == SPEC.fit(BOOK)
    found = ka.apply(frame, fitted)
    assert type(found) is type(frame)
    assert found.lazy().collect()["score"].to_list() == [0.0, 1.0, 0.5]


def test_a_log_in_narwhals_is_a_log() -> None:
    """It is summarised as the frame within is."""
    nw = import_module("narwhals")
    log = pl.LazyFrame({"id": ["A", "B", "A"], "at": ["2026-01-02"] * 3, "paid": [1.0, 2.0, 3.0]})
    asked: dict[str, Any] = {
        "customer": "id",
        "at": "at",
        "amount": "paid",
        "as_of": "2026-03-01",
    }
    found = ka.summarise_purchases(nw.from_native(log), **asked)
    assert found.total.tolist() == ka.summarise_purchases(log, **asked).total.tolist() == [4.0, 2.0]
