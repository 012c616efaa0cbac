"""Which rows have no customer is told without telling the others apart, and told the same."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount.ledger import nobody
from keyaccount.ledger.ids import read_customers
from keyaccount.ledger.nobody import who_is_missing

pa: Any = pytest.importorskip("pyarrow")
pd: Any = pytest.importorskip("pandas")
pl: Any = pytest.importorskip("polars")

TEXTS = [
    "A",
    "",
    " ",
    None,
    "\u3000",
    "\u00a0\t",
    "客户",
    " B",
    "é",
    "~",
    "!",
    "\x00",
    "\x1f",
    "\u200b",
]
CELLS: dict[str, list[Any]] = {
    "texts": TEXTS,
    "no text": [None, None],
    "empty texts": ["", ""],
    "none at all": [],
    "whole numbers": [7, None, -(2**62)],
    "fractions": [7.5, math.nan, None, -0.0, math.inf],
    "decimals": [Decimal("7.50"), None],
    "truths": [True, None],
    "dates": [dt.date(2026, 1, 1), None],
}


def assert_same(raw: Any) -> None:
    """Hold both ways of reading to miss the same rows."""
    found, expected = who_is_missing(raw, "id"), read_customers(raw, "id")
    assert len(found) == len(expected)
    none = np.zeros(len(found), dtype=np.bool_)
    first = none if found.missing is None else found.missing
    assert first.tolist() == (none if expected.missing is None else expected.missing).tolist()


@pytest.mark.parametrize("how", CELLS)
def test_the_same_rows_are_missed(how: str) -> None:
    """In every container, in parts of larger ones, and as categories."""
    array = pa.array(CELLS[how], pa.string() if how.startswith("no") else None)
    cut = pa.concat_arrays([array, array, array]).slice(1, 2 * len(array))
    chunks = pa.chunked_array([array, cut, array.slice(0, 0)])
    for column in (array, cut, chunks, array.dictionary_encode(), chunks.dictionary_encode()):
        assert_same(column)
        assert_same(pl.Series("id", pl.from_arrow(column)))
        assert_same(pd.Series(column.to_pylist()))
    assert_same(pd.Series(array.to_pandas()).astype("category"))
    for kind in (pa.large_string(), pa.string_view()) if how == "texts" else ():
        assert_same(chunks.cast(kind))
        assert_same(pd.Series(chunks.to_pandas(types_mapper=pd.ArrowDtype)))
    assert_same(CELLS[how])


def test_one_customer_may_be_a_scalar() -> None:
    """One account: an id, or none."""
    for one in ("A", " ", 7, None, math.nan):
        assert_same(one)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.text(max_size=3)), st.data())
def test_any_texts(cells: list[str | None], data: st.DataObject) -> None:
    """Whatever signs they are made of."""
    array = pa.array(cells, data.draw(st.sampled_from([pa.string(), pa.large_string()])))
    start = data.draw(st.integers(0, len(cells)))
    assert_same(array.slice(start, data.draw(st.integers(0, len(cells)))))


def test_texts_are_not_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """For that takes most of the time, and an engine does it by itself."""
    monkeypatch.delattr(nobody, "read_customers")
    for column in (pa.array(TEXTS), pl.Series(TEXTS), pl.Series([7, None]), pa.array([7, None])):
        assert len(who_is_missing(column, "id")) == len(column)
