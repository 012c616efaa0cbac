"""pandas: the index stays, the frame given is left alone, types are those of pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka

SPEC = ka.CompositeScorer(
    criteria=[ka.Criterion("x", column="x", value=ka.Linear(0, 4))], weights={"x": 1.0}
)


@pytest.mark.parametrize(
    "index",
    [
        ["b", "a", "b"],
        pd.MultiIndex.from_tuples([(1, "x"), (1, "y"), (0, "x")], names=["tier", "id"]),
        pd.DatetimeIndex(["2026-01-01", "2026-03-01", "2026-02-01"], name="at"),
    ],
)
def test_the_index_stays(index: Any) -> None:
    """Duplicates, levels and dates in the index are none of our business."""
    frame = pd.DataFrame({"x": [1.0, None, 3.0]}, index=index)
    found = ka.apply(frame, SPEC)
    assert found.index.equals(frame.index)
    assert found.index.names == frame.index.names
    assert found["score"].tolist() == [0.25, 0.0, 0.75]


def test_the_frame_given_is_left_as_it_was() -> None:
    """Neither its columns nor its cells change, and what comes back shares no cell to write to."""
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    before = frame.copy(deep=True)
    found = ka.apply(frame, SPEC)
    found.loc[:, "x"] = 9.0
    pd.testing.assert_frame_equal(frame, before)


def test_numbers_are_float64_and_codes_are_categories() -> None:
    """Codes keep their labels in the declared order, also those that nobody has."""
    found = ka.apply(
        pd.DataFrame({"profit": [3e6, np.nan], "deal_status": ["deal", None]}),
        ka.ndf(status="deal_status"),
    )
    name, column = next(iter(ka.ndf().writes.items()))
    assert found[name].cat.categories.tolist() == list(column.labels)
    assert found[name].isna().tolist() == [False, True]
    scored = ka.apply(pd.DataFrame({"x": [1.0]}), SPEC)
    assert {str(t) for t in scored.dtypes} == {"float64"}


def test_two_columns_of_one_name_are_told() -> None:
    """Which of them is meant cannot be known."""
    frame = pd.DataFrame([[1.0, 2.0]], columns=["x", "x"])
    with pytest.raises(ka.ColumnError, match="two columns of that name"):
        ka.apply(frame, SPEC)


def test_a_class_made_from_a_data_frame_will_do() -> None:
    """Frames of other libraries that inherit from pandas are frames of pandas."""

    class Accounts(pd.DataFrame):
        """A data frame with a name of its own."""

    assert ka.apply(Accounts({"x": [1.0]}), SPEC)["score"].tolist() == [0.25]


def test_a_name_that_is_no_text_is_told_where_it_is_read() -> None:
    """``1`` is not ``"1"``; a column of such a name that nobody reads is no matter."""
    spec = ka.CompositeScorer(
        criteria=[ka.Criterion("s", column="1", value=ka.Linear(0, 4))], weights={"s": 1.0}
    )
    for frame in (pd.DataFrame({1: [1.0]}), {1: [1.0]}):
        with pytest.raises(
            ka.ColumnError, match=r"must be a text \(got 1, of type int\)"
        ) as caught:
            ka.apply(frame, spec)
        assert "rename it: '1'" in caught.value.hint
    assert list(ka.apply(pd.DataFrame({1: [1.0], "x": [1.0]}), SPEC))[:3] == [1, "x", "score"]
    assert list(ka.apply({1: [1.0], "x": [1.0]}, SPEC))[:3] == [1, "x", "score"]


def test_names_of_several_levels_are_told() -> None:
    """The hint says how to flatten them."""
    names = pd.MultiIndex.from_tuples([("x", "q1"), ("x", "q2")])
    frame = pd.DataFrame([[1.0, 2.0]], columns=names)
    for work in (ka.apply, ka.fit):
        with pytest.raises(ka.ColumnError, match="several levels of names") as caught:
            work(frame, SPEC)
        assert "flatten" in caught.value.hint


@pytest.mark.parametrize("parts", [0, 2])
def test_what_a_frame_says_of_itself_stays(parts: int) -> None:
    """Its attrs, and the name of its columns, in Dask as well."""
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    frame.attrs = {"source": {"crm": 1}}
    frame.columns.name = "measure"
    given: Any = frame
    if parts:
        given = pytest.importorskip("dask.dataframe").from_pandas(frame, npartitions=parts)
    found = ka.apply(given, SPEC)
    found = found.compute() if parts else found
    assert found.attrs == {"source": {"crm": 1}}
    assert found.columns.name == "measure"
    if not parts:
        found.attrs["source"]["crm"] = 2
        assert frame.attrs == {"source": {"crm": 1}}
