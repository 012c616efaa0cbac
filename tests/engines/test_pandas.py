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
