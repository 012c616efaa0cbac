"""Loyalty by three indicators: their levels, the top, the weakest, and what nobody knows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_row_wise, matrices, segment_books

SATISFACTION = ["很不满意", "不满意", "满意", "比较满意", "很满意"]


def assign(satisfaction: Any, repurchase: Any, recommendation: Any) -> ka.LoyaltyProfiles:
    """Give profiles from three columns."""
    return ka.loyalty().assign(
        {
            "satisfaction": satisfaction,
            "repurchase_probability": repurchase,
            "recommendation": recommendation,
        }
    )


def test_the_published_levels() -> None:
    """Five levels of satisfaction; 70 % and 30 % with ties up; three of recommending."""
    found = assign(
        [*SATISFACTION, "very satisfied", "5"],
        [0.7, 0.6999999, 0.3, 0.2999999, 1.0, 0.0, 0.495],
        ["很可能", "可能", "不可能", "very likely", "possible", "impossible", "3"],
    )
    assert found.labels.tolist() == ["133", "222", "321", "413", "532", "511", "523"]


def test_the_top_of_the_pyramid_is_all_three_at_their_best() -> None:
    """One indicator below its top, or unknown, is not the top; unknown may still be it."""
    found = assign(["5", "4", "5", "5"], [0.9, 0.9, None, 0.2], ["3", "3", "3", "3"])
    assert found.is_top.tolist() == [True, False, False, False]
    assert found.may_be_top.tolist() == [True, False, True, False]
    assert found.unknown.tolist() == [None, None, "repurchase", None]


def test_the_top_has_a_name_and_a_treatment_and_the_others_none() -> None:
    """The source describes the top of the pyramid, 死忠, and nothing below it."""
    found = assign(["5", "4"], [0.9, 0.9], ["3", "3"])
    assert found.row(0)["name_zh"] == "死忠"
    assert "fair price" in found.row(0)["treatment"]
    assert found.treatment.tolist() == [found.row(0)["treatment"], None]
    assert found.treatment_zh[1] is None
    assert "treatment" not in found.row(1)
    told = [c.code for c in ka.loyalty().matrix.cells if c.treatment and c.treatment_zh]
    assert told == ["533"]


def test_the_weakest_indicator_is_named_with_its_ties() -> None:
    """The lowest of the known levels; all of them where they tie; none where all are at the top."""
    found = assign(
        ["3", "1", "2", "5", None, None],
        [0.5, 0.1, 0.9, 0.9, 0.5, None],
        ["2", "1", "3", "3", None, None],
    )
    assert found.weakest.tolist() == [
        "satisfaction, repurchase, recommendation",
        "satisfaction, repurchase, recommendation",
        "satisfaction",
        None,
        "repurchase",
        None,
    ]
    assert found.level[:4].tolist() == [0.5, 0.0, 0.25, 1.0]
    assert np.isnan(found.level[4:]).all()
    assert found.unknown[-2:].tolist() == [
        "satisfaction, recommendation",
        "satisfaction, repurchase, recommendation",
    ]


def test_a_row_and_the_columns_say_the_same() -> None:
    """The record of one customer, and everything as columns."""
    found = assign(["2", None], [0.9, 45.0], ["3", "3"])
    row = found.row(0)
    assert (row["loyalty"], row["top"], row["weakest"]) == ("233", False, "satisfaction")
    columns = found.columns()
    assert columns["loyalty_level_satisfaction"][0] == 0.25
    assert list(columns) == [
        "loyalty",
        "loyalty_top",
        "loyalty_weakest",
        "loyalty_level",
        "loyalty_level_satisfaction",
        "loyalty_level_repurchase",
        "loyalty_level_recommendation",
        "loyalty_unknown",
        "loyalty_treatment",
        "loyalty_treatment_zh",
    ]
    assert [f.code for f in found.findings] == ["missing", "out_of_range"]
    assert repr(found) == "<loyalty of 2 customers, 0 at the top>"
    assert "233" in found._repr_html_()
    with pytest.raises(ka.RowError, match="no row 2"):
        found.row(2)


def test_a_level_nobody_published_is_an_error() -> None:
    """An unknown word is named with the levels there are."""
    with pytest.raises(ka.RowError, match="holds none of 'very dissatisfied'"):
        assign("delighted", 0.5, "possible")


def test_an_indicator_needs_two_levels() -> None:
    """With one level there is nothing to reach."""
    other: Any = 5
    with pytest.raises(ka.SpecError, match=r"Loyalty\.matrix must be a Matrix"):
        ka.Loyalty(other)
    flat = ka.Matrix("m", axes=[ka.Axis("a", "a", bands=(), codes=("all",))])
    with pytest.raises(ka.SpecError, match=r"two levels or more per axis \(got \['a'\]\)"):
        ka.Loyalty(flat)


@settings(max_examples=50)
@given(data=st.data())
def test_loyalty_judges_each_customer_alone(data: st.DataObject) -> None:
    """Permuted, split, alone or as a dict of scalars, a customer has the same profile."""
    spec = ka.Loyalty(data.draw(matrices(min_bands=2)))
    assert_row_wise(spec, data.draw(segment_books(spec.matrix)))


@given(data=st.data())
def test_learning_more_never_makes_a_top_out_of_what_could_not_be(data: st.DataObject) -> None:
    """The top is possible wherever it is, and deleting a value keeps it possible."""
    spec = ka.loyalty()
    book = data.draw(segment_books(spec.matrix, min_size=1))
    found = spec.assign(book)
    assert (found.may_be_top >= found.is_top).all()
    gone = data.draw(st.sampled_from(spec.reads))
    less = spec.assign({**book, gone: [None] * len(found)})
    assert not less.is_top.any()
    assert (less.may_be_top >= found.may_be_top).all()


@given(data=st.data())
def test_the_level_is_one_exactly_at_the_top(data: st.DataObject) -> None:
    """The summary is that of the weakest indicator."""
    spec = ka.loyalty()
    found = spec.assign(data.draw(segment_books(spec.matrix)))
    assert ((found.level == 1.0) == found.is_top).all()
    for i in range(len(found)):
        assert (found.weakest[i] is None) == bool(found.may_be_top[i])
        assert math.isnan(found.level[i]) == (found.labels[i] is None)
