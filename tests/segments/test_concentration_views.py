"""Measures side by side: several of one book, effort beside value, concessions beside limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka

BOOK = {
    "account": ["a", "b", "c", "d", "e"],
    "projects": [3, 2, 2, 2, 1],
    "revenue": [80.0, 5.0, 5.0, 5.0, 5.0],
    "profit": [-2.0, 1.0, 8.0, 0.5, 0.5],
}


# --- Several measures ----------------------------------------------------------------------------


def test_each_measure_is_measured_separately() -> None:
    """Revenue may hang on one customer while projects do not, and profit on another one."""
    found = ka.pareto(BOOK, id="account", negatives="zero")
    columns = found.columns()
    assert columns["measure"].tolist() == ["projects", "revenue", "profit"]
    assert columns["top_share"].tolist() == [0.3, 0.8, 0.8]
    assert columns["customers_for"].tolist() == [4, 1, 1]
    assert columns["customer_share"].tolist() == [0.8, 0.2, 0.2]
    assert columns["total"].tolist() == [10.0, 100.0, 10.0]
    heads = {measure: one.head(0.2).ids for measure, one in found.items()}
    assert {m: None if h is None else h.tolist() for m, h in heads.items()} == {
        "projects": ["a"],
        "revenue": ["a"],
        "profit": ["c"],
    }
    assert [(f.code, f.where) for f in found.findings] == [
        ("negative", "profit"),
        ("zero", "profit"),
    ]
    assert found.row(1)["why"] == "the largest 20 % bring 80 %, and it takes 20 % to bring 80 %"
    assert (len(found), "revenue" in found, "sales" in found) == (3, True, False)
    assert "<table" in found._repr_html_()
    assert pd.DataFrame(columns).shape == (3, 8)


@pytest.mark.parametrize(
    ("profit", "why"),
    [([0, 0], "no value is above 0"), ([], "there are no customers")],
)
def test_a_worthless_book_has_nothing_to_measure(profit: list[int], why: str) -> None:
    """No "nan %": where nobody brings anything, nothing is said of shares."""
    found = ka.pareto({"profit": profit}, "profit")
    assert found.row(0)["why"] == f"nothing to measure: {why}"
    most = found["profit"].customers_for(0.8)
    assert repr(most) == "<Portion of 0 customers, of nothing to measure>"
    assert "nan" not in found.row(0)["why"] + repr(most) + most._repr_html_()


def test_every_class_has_a_treatment() -> None:
    """A, B and C say what to do, in two languages; a row without a class says nothing."""
    classes = ka.Concentration.of([80, 15, 5, None]).abc()
    assert classes.treatment.tolist() == [*classes.treatments, None]
    assert classes.treatment_zh.tolist() == [*classes.treatments_zh, None]
    assert classes.row(2)["treatment"] == "standard service at low cost"
    assert "treatment" not in classes.row(3)
    assert classes.columns()["abc_treatment"].tolist() == classes.treatment.tolist()


@pytest.mark.parametrize("values", [None, {1.0, 2.0}, frozenset([3])])
def test_what_is_no_column_is_refused(values: Any) -> None:
    """Nothing has no values, and a set no order that ids could follow."""
    with pytest.raises(ka.ColumnError, match="must hold one value per row"):
        ka.Concentration.of(values)


def test_one_customer_at_0_is_one_customer() -> None:
    """The grammar of counts."""
    assert [f.message for f in ka.Concentration.of([1, 0]).findings] == [
        "1 customer at 0 counted as a customer"
    ]
    assert [f.message for f in ka.Concentration.of([1, 0, 0]).findings] == [
        "2 customers at 0 counted as customers"
    ]


def test_shares_to_look_at_are_arguments() -> None:
    """The 1 % of super-users, or the half of the customers."""
    found = ka.pareto(BOOK, ("revenue",), top=0.01, target=0.5)
    assert (found.top, found.target) == (0.01, 0.5)
    assert found.row(0)["top_share"] == 0.8
    assert ka.pareto(pd.DataFrame(BOOK), "revenue").measures == ("revenue",)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"measures": ("revenu",)}, ka.ColumnNotFoundError, "did you mean 'revenue'"),
        ({"measures": ()}, ka.SpecError, "at least one column"),
        ({"measures": None}, ka.SpecError, "at least one column"),
        ({"measures": ("revenue", "revenue")}, ka.SpecError, "each once"),
        ({"measures": ("revenue",), "id": "acount"}, ka.ColumnNotFoundError, "'account'"),
        ({"measures": ("revenue",), "top": 20}, ka.SpecError, r"pareto\(top\)"),
        ({"measures": ("revenue",), "target": 0}, ka.SpecError, r"pareto\(target\)"),
        ({}, ka.RowError, "column 'profit': 1 row is below 0"),
    ],
)
def test_a_slip_in_pareto_gets_a_typed_error(
    arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    """Columns and shares are checked as they are read."""
    with pytest.raises(error, match=said):
        ka.pareto(BOOK, **arguments)


def test_a_measure_that_was_not_asked_for_is_named() -> None:
    """With those that were."""
    with pytest.raises(ka.SpecError, match="'revenue'"):
        ka.pareto(BOOK, "revenue")["sales"]


# --- Effort --------------------------------------------------------------------------------------


def test_effort_stands_beside_value() -> None:
    """80 % of the effort on the 20 % that bring half of the value."""
    found = ka.effort_and_value([50, 20, 10, 10, 10], [80, 5, 5, 5, 5], ids=list("abcde"))
    assert (found.customers, found.value_share, found.effort_share) == (1, 0.5, 0.8)
    assert found.intensity == 1.6
    assert found.columns()["id"].tolist() == list("abcde")
    assert found.columns()["intensity"].tolist() == [1.6, 0.25, 0.5, 0.5, 0.5]
    row = found.row(0)
    assert (row["id"], row["why"]) == ("a", "takes 0.8 of the effort and brings 0.5 of the value")
    assert "80.0% of the effort" in found._repr_html_()


def test_equal_customers_at_the_line_count_in_part() -> None:
    """One of two equal customers is in the top: half of the effort on both is counted."""
    for effort in ([6, 2, 2, 0], [2, 6, 2, 0]):
        found = ka.effort_and_value([5, 5, 1, 1], effort, top=0.25)
        assert found.effort_share == 0.4
    assert ka.effort_and_value([5, 5, 1, 1], [6, 2, 2, 0], top=0.5).effort_share == 0.8


def test_only_customers_with_both_known_are_compared() -> None:
    """What is left out is told, with its value."""
    found = ka.effort_and_value([60, 20, None, 20], [None, 3, 9, 1], top=0.5)
    assert (found.value_share, found.effort_share) == (0.5, 0.5)
    assert [f.code for f in found.findings] == ["missing", "missing", "no_effort", "no_value"]
    assert (
        found.findings[2].message == "1 customer with value 60 in all and no known effort left out"
    )
    assert found.row(0)["why"] == "its effort, its value or all of them are not known"
    assert len(found) == 4


@pytest.mark.parametrize(
    ("value", "effort"), [([], []), ([1.0], [None]), ([1.0, 2.0], [0.0, 0.0]), ([0.0], [1.0])]
)
def test_without_effort_or_value_there_is_no_share(value: list[Any], effort: list[Any]) -> None:
    """NaN, with a finding."""
    found = ka.effort_and_value(value, effort)
    assert np.isnan(found.intensity)
    assert found.findings
    assert len(found.columns()["intensity"]) == len(value)


def test_impossible_effort_is_refused() -> None:
    """Effort below 0, or for other customers."""
    with pytest.raises(ka.RowError, match="'effort': 1 row is below 0"):
        ka.effort_and_value([1, 2], [1, -1])
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.effort_and_value([1, 2], [1])
    with pytest.raises(ka.SpecError, match=r"effort_and_value\(top\)"):
        ka.effort_and_value([1], [1], top=2)


PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1000)), min_size=1, max_size=15)


@given(PAIRS, st.sampled_from([0.1, 0.2, 0.5, 1.0]), st.randoms(use_true_random=False))
def test_effort_shares_do_not_depend_on_the_order(
    pairs: list[tuple[int, int]], top: float, random: Any
) -> None:
    """Shuffled rows give the same bits, and effort equal to value has its share."""
    value, effort = zip(*pairs, strict=True)
    found = ka.effort_and_value(value, effort, top=top)
    random.shuffle(pairs)
    again = ka.effort_and_value(*zip(*pairs, strict=True), top=top)
    assert found.value_share == again.value_share or np.isnan(found.value_share)
    assert found.effort_share == again.effort_share or np.isnan(found.effort_share)
    same = ka.effort_and_value(value, value, top=top)
    assert same.effort_share == pytest.approx(same.value_share, nan_ok=True)


# --- Concessions ---------------------------------------------------------------------------------


def test_unlimited_concessions_to_key_accounts_are_a_finding() -> None:
    """Conceded without an agreed limit, or above it: said of key accounts, with the amounts."""
    found = ka.check_concessions(
        [5, 0, 9, 3, 7, None],
        [None, None, 8, 3, None, 1],
        key=[True, True, True, True, False, True],
        ids=list("abcdef"),
    )
    expected = ["unlimited", "none", "above", "within", "unlimited", None]
    assert found.labels.tolist() == expected
    assert [(f.code, f.count, f.examples) for f in found.findings] == [
        ("unlimited_concessions", 1, ("a",)),
        ("concessions_above_limit", 1, ("c",)),
        ("missing", 1, ()),
    ]
    assert found.findings[1].message.startswith("1 customer with concessions of 1 in all above")
    assert found.row(3)["why"] == "within the agreed limit"
    assert (found.row(3)["id"], found.row(3)["granted"], found.row(5)["concession"]) == (
        "d",
        3,
        None,
    )
    assert len(found.names) == len(found.names_zh) == 4
    assert "<table" in found._repr_html_()


@given(st.lists(st.tuples(st.floats(0, 10), st.one_of(st.none(), st.floats(0, 10))), max_size=8))
def test_each_concession_is_judged_alone(rows: list[tuple[float, float | None]]) -> None:
    """One customer alone is what it is in the book."""
    granted, agreed = [r[0] for r in rows], [r[1] for r in rows]
    whole = ka.check_concessions(granted, agreed)
    alone = [ka.check_concessions([g], [a]).labels[0] for g, a in rows]
    assert whole.labels.tolist() == alone
    assert len(whole) == len(rows)


def test_nothing_agreed_and_nothing_known() -> None:
    """No limits at all: whatever was conceded is unlimited. Infinite amounts are not known."""
    assert ka.check_concessions([1.0, 0.0]).findings[0].examples == ("0",)
    assert ka.check_concessions([float("inf")]).labels.tolist() == [None]
    assert ka.check_concessions([1.0], [float("inf")]).labels.tolist() == ["unlimited"]
    assert ka.check_concessions([]).findings == ()
    with pytest.raises(ka.RowError, match="'granted': 1 row is below 0"):
        ka.check_concessions([-1.0])
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.check_concessions([1.0], [1.0, 2.0])
