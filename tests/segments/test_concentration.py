"""Concentration gives published figures, states its policies, and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka
from keyaccount.testing import CONTAINERS, as_container

BOOK = [500.0, 300.0, 60.0, 50.0, 40.0, 20.0, 10.0, 10.0, 5.0, 5.0]
"""Two of ten customers bring 80 % of 1,000."""


# --- Published figures ---------------------------------------------------------------------------

INCOMES = (541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261)


def test_gini_acid_manual() -> None:
    """The example of `gini` in the manual of the R package acid 1.1, plain and bias-corrected."""
    found = ka.Concentration.of(INCOMES)
    assert round(found.gini, 7) == 0.4620911
    assert round(found.gini_corrected, 7) == 0.5134346


def test_gini_phylotools_manual() -> None:
    """The example of `gini` in the manual of the R package phylotools 0.1.2."""
    assert round(ka.Concentration.of([1, 3, 2, 1, 1, 1, 4]).gini, 7) == 0.3076923


def test_hhi_us_department_of_justice() -> None:
    """Four firms of 30, 30, 20 and 20 %: 900 + 900 + 400 + 400 = 2,600 points."""
    assert ka.Concentration.of([30, 30, 20, 20]).hhi * 10_000 == 2_600


def test_small_books_by_hand() -> None:
    """1, 2, 3, 4: the differences of all 16 pairs add up to 20, over 2·16·2.5 = 80."""
    found = ka.Concentration.of([3, 1, 4, 2])
    assert (found.n, found.total) == (4, 10.0)
    assert (found.gini, found.gini_corrected) == (0.25, 1 / 3)
    assert (found.hhi, found.hhi_normalised) == (0.3, 0.2 / 3)
    assert found.effective_number == 10 / 3
    assert found.lorenz.customers.tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert found.lorenz.value.tolist() == [0.0, 0.1, 0.3, 0.6, 1.0]
    assert [found.cr(k) for k in (1, 2, 3, 4, 5)] == [0.4, 0.7, 0.9, 1.0, 1.0]


def test_equal_customers_and_a_single_one() -> None:
    """All equal: no concentration. All with one: as much as there can be."""
    equal = ka.Concentration.of([7, 7, 7, 7])
    assert (equal.gini, equal.hhi, equal.hhi_normalised, equal.effective_number) == (0, 0.25, 0, 4)
    one = ka.Concentration.of([0, 0, 5, 0])
    assert (one.gini, one.gini_corrected, one.hhi, one.hhi_normalised) == (0.75, 1, 1, 1)
    alone = ka.Concentration.of(5.0)
    assert (alone.n, alone.gini, alone.hhi, alone.top_share(0.01)) == (1, 0.0, 1.0, 1.0)
    assert np.isnan([alone.gini_corrected, alone.hhi_normalised]).all()


# --- Shares of customers and of value ------------------------------------------------------------


def test_the_rule_of_80_and_20_is_measured() -> None:
    """The share of the top 20 %, and the fewest customers that bring 80 %, to the cent."""
    found = ka.Concentration.of(BOOK)
    assert found.top_share(0.2) == 0.8
    fewest = found.customers_for(0.8)
    assert (fewest.customers, fewest.customer_share, fewest.value_share) == (2, 0.2, 0.8)
    one_cent_less = ka.Concentration.of([*BOOK[:1], 299.99, 60.01, *BOOK[3:]])
    assert one_cent_less.customers_for(0.8).customers == 3


def test_a_share_of_customers_is_rounded_up() -> None:
    """At least that share: 20 % of 11 are 3; 1/3 of 300 are 100, and 0.29 of 100 are 29."""
    assert ka.Concentration.of(np.ones(11)).head(0.2).customers == 3
    assert ka.Concentration.of(np.ones(300)).head(1 / 3).customers == 100
    assert ka.Concentration.of(np.ones(100)).head(0.29).customers == 29
    assert ka.Concentration.of(np.ones(10)).head(0.1 + 0.2).customers == 3
    assert ka.Concentration.of(np.ones(7)).head(1.0).customers == 7
    assert ka.Concentration.of(np.ones(7)).head(1e-9).customers == 1


@pytest.mark.parametrize("unit", [0.01, 0.1, 1.0, 1e6])
def test_eighty_percent_to_the_cent_is_eighty_percent(unit: float) -> None:
    """Ten customers of 0.1 each: eight bring 80 %, though in floats they bring less."""
    found = ka.Concentration.of(np.full(10, unit))
    for tenths in range(1, 11):
        assert found.customers_for(tenths / 10).customers == tenths


def test_money_is_added_in_cents() -> None:
    """0.1 + 0.2 is 0.3, and half of 0.6 is reached by it."""
    found = ka.Concentration.of([0.1, 0.2, 0.3])
    assert found.total == 0.6
    assert found.tail(after=1 / 3).value == 0.3
    assert found.customers_for(0.5).customers == 1


def test_head_and_tail_are_everybody_once() -> None:
    """The long tail may exceed the head; both say who is in them."""
    found = ka.Concentration.of([10, *[1] * 19], ids=[f"c{i:02}" for i in range(20)])
    head, tail = found.head(0.05), found.tail(after=0.05)
    assert (head.value, tail.value) == (10.0, 19.0)
    assert tail.value_share > head.value_share
    assert head.ids is not None
    assert tail.ids is not None
    assert [*head.ids, *tail.ids] == [f"c{i:02}" for i in range(20)]
    assert len(head) + len(tail) == 20
    assert tail.row(-1)["why"] == "after the largest 1 of 20 customers"
    assert tail.columns()["share"].tolist() == [1 / 29] * 19


def test_equal_customers_at_the_line_go_by_id() -> None:
    """Which of four equal customers are in the head does not depend on the order of the rows."""
    ids = np.array(["d", "b", "z", "a", "c"])
    values = np.array([5, 5, 9, 5, 5])
    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 3, 1, 4]):
        head = ka.Concentration.of(values[order], ids=ids[order]).head(0.6)
        assert head.ids is not None
        assert head.ids.tolist() == ["z", "a", "b"]
        assert head.tied == 2
    assert ka.Concentration.of([3, 2, 1]).head(0.5).tied == 0


def test_a_portion_shows_itself() -> None:
    """A listing says who, how much, at which place, and why."""
    head = ka.Concentration.of([5, 80, 15], ids=["a", "<b>", "c"]).customers_for(0.9)
    assert dict(head.row(1)) == {
        "id": "c",
        "value": 15.0,
        "share": 0.15,
        "place": 2,
        "why": "the fewest customers that bring 90 % of the value",
    }
    assert head.columns()["position"].tolist() == [1, 2]
    assert "&lt;b&gt;" in head._repr_html_()
    assert "2 customers" in repr(head)
    plain = ka.Concentration.of([5, 80, 15]).head(0.1)
    assert plain.row(0)["position"] == 1
    assert plain.ids is None
    with pytest.raises(ka.RowError, match="no row 1 in 1"):
        plain.row(1)


# --- ABC -----------------------------------------------------------------------------------------


def test_who_crosses_a_line_is_above_it() -> None:
    """A while the larger ones bring less than 80 %, B while less than 95 %, else C."""
    classes = ka.Concentration.of([70, 15, 4, 6, 4, 1]).abc()
    assert classes.labels.tolist() == ["A", "A", "B", "B", "B", "C"]
    assert classes.customers == (2, 3, 1)
    assert classes.values.tolist() == [85.0, 14.0, 1.0]
    assert classes.value_shares.tolist() == [0.85, 0.14, 0.01]
    assert classes.row(3)["why"] == "larger customers bring 0.85 of the value, less than 0.95"
    assert classes.row(5)["why"] == "larger customers bring 0.99 of the value, 0.95 or more"
    assert (len(classes.names), len(classes.names_zh)) == (3, 3)
    assert "A 2, B 3, C 1" in repr(classes)
    assert "<table" in classes._repr_html_()


@pytest.mark.parametrize(("first", "expected"), [(79.99, "A"), (80.0, "B"), (80.01, "B")])
def test_exactly_80_percent_ends_class_a(first: float, expected: str) -> None:
    """80 % less a cent lets the next customer in; 80 % to the cent does not."""
    classes = ka.Concentration.of([first, 17.5, round(2.5 + 80 - first, 2)]).abc()
    assert classes.labels.tolist() == ["A", expected, "C"]


def test_equal_customers_are_in_one_class() -> None:
    """Five equal customers are all A; the first zero of a row of zeros is C as is the last."""
    assert ka.Concentration.of([2, 2, 2, 2, 2]).abc().labels.tolist() == ["A"] * 5
    found = ka.Concentration.of([1, 0, 0]).abc()
    assert found.labels.tolist() == ["A", "C", "C"]
    assert ka.Concentration.of([1, 0]).abc(1.0, 1.0).labels.tolist() == ["A", "C"]


# --- Dependence on single customers --------------------------------------------------------------


def test_dependence_is_a_share_that_reaches_the_limit() -> None:
    """30 % to the cent reaches a limit of 30 %; the limit is stated, never assumed."""
    book = ka.Concentration.of([50, 30, 20], ids=["a", "b", "c"])
    found = book.dependence(0.3)
    assert (found.depends, found.limit, found.largest_share) == (True, 0.3, 0.5)
    assert found.row(1)["why"] == "brings 30 % or more of the value"
    assert found.columns()["id"].tolist() == ["a", "b"]
    assert (found.findings[0].code, found.findings[0].count) == ("dependence", 2)
    assert "<table" in found._repr_html_()
    one = book.dependence(0.5)
    assert one.findings[0].message == "1 customer brings 50 % or more of the value: a"
    none = book.dependence(0.51)
    assert (none.depends, len(none), none.findings) == (False, 0, ())
    thirds = ka.Concentration.of([0.01, 0.01, 0.01]).dependence(1 / 3)
    assert (len(thirds), thirds.findings[0].examples) == (3, ("0", "1", "2"))


# --- Policies ------------------------------------------------------------------------------------


def test_negative_values_are_refused_by_default() -> None:
    """The error says how many they are, how much, and the two ways out."""
    with pytest.raises(ka.RowError, match=r"2 rows are below 0, -120\.5 in all") as caught:
        ka.Concentration.of([10, -100, 5, -20.5])
    assert caught.value.parts["rows"] == (1, 3)
    assert "negatives='zero'" in caught.value.hint
    assert "negatives='drop'" in caught.value.hint


def test_negative_values_count_as_zero_or_not_at_all() -> None:
    """Both policies say in a finding how many they are and how much."""
    values = [90, 10, -20, 0]
    as_zero = ka.Concentration.of(values, negatives="zero")
    assert (as_zero.n, as_zero.total, as_zero.gini) == (4, 100.0, 0.7)
    assert [f.code for f in as_zero.findings] == ["negative", "zero"]
    assert as_zero.findings[0].message == "1 customer below 0, -20 in all, counted as 0"
    assert as_zero.findings[1].count == 2
    dropped = ka.Concentration.of(values, negatives="drop")
    assert (dropped.n, dropped.total) == (3, 100.0)
    assert dropped.findings[0].message == "1 customer below 0, -20 in all, left out"
    assert np.isnan(dropped.value[2])
    neither = ka.Concentration.of(values, negatives="zero", zeros="drop")
    assert (neither.n, neither.gini) == (2, 0.4)
    assert neither.abc().labels.tolist() == ["A", "B", None, None]


def test_missing_and_infinite_values_are_left_out() -> None:
    """Each with its own finding; shares are those of the known."""
    found = ka.Concentration.of([3, None, float("inf"), 1, float("-inf")])
    assert [(f.code, f.count) for f in found.findings] == [("missing", 1), ("infinite", 2)]
    assert (found.n, len(found), found.total) == (2, 5, 4.0)
    assert found.rank.tolist() == [1, -1, -1, 2, -1]
    assert found.share[[0, 3]].tolist() == [0.75, 0.25]
    assert np.isnan(found.share[[1, 2, 4]]).all()
    assert dict(found.row(1)) | {"value": 0} == {
        "value": 0,
        "class": None,
        "why": "the value does not count",
    }


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [-0.0], [None], [float("inf")]])
def test_where_nobody_brings_anything_measures_are_not_known(values: list[Any]) -> None:
    """NaN with a finding, nobody in any portion, no class."""
    found = ka.Concentration.of(values)
    assert "no_value" in [f.code for f in found.findings]
    assert found.total == 0.0
    measures = [found.gini, found.gini_corrected, found.hhi, found.hhi_normalised]
    measures += [found.effective_number, found.largest_share, found.cr(1), found.top_share(0.2)]
    assert np.isnan(measures).all()
    assert np.isnan(found.lorenz.value).all()
    assert len(found.customers_for(0.8)) == 0
    assert not found.dependence(0.1).depends
    assert found.abc().labels.tolist() == [None] * len(values)
    assert found.abc().customers == (0, 0, 0)
    assert np.isnan(found.columns()["cumulative_share"]).all()
    assert len(found.head(0.5)) + len(found.tail(0.5)) == found.n
    assert "customers" in str(found.summary())
    for i in range(len(values)):
        assert found.row(i)["class"] is None
    assert "<table" in found._repr_html_()


# --- Rows and containers -------------------------------------------------------------------------


def test_each_row_has_its_rank_shares_and_class() -> None:
    """Equal values share rank, cumulative share and class."""
    found = ka.Concentration.of([10, 60, 10, 20], ids=["a", "b", "c", "d"])
    columns = found.columns()
    assert columns["id"].tolist() == ["a", "b", "c", "d"]
    assert columns["rank"].tolist() == [3, 1, 3, 2]
    assert columns["share"].tolist() == [0.1, 0.6, 0.1, 0.2]
    assert columns["cumulative_share"].tolist() == [1.0, 0.6, 1.0, 0.8]
    assert columns["abc"].tolist() == ["B", "A", "B", "A"]
    row = found.row(2)
    assert (row["id"], row["rank"], row["share"], row["cumulative_share"]) == ("c", 3, 0.1, 1.0)
    assert row["why"] == "larger customers bring 0.8 of the value, less than 0.95"
    assert pd.DataFrame(columns).shape == (4, 6)
    assert repr(found) == "<Concentration of 'values' over 4 customers>"


def test_the_curve_has_rows_too() -> None:
    """Points read one by one, and as columns."""
    curve = ka.Concentration.of([1, 3]).lorenz
    assert dict(curve.row(1)) == {"customers": 0.5, "value": 0.25}
    assert (len(curve), list(curve.columns())) == (3, ["customers", "value"])
    assert "<table" in curve._repr_html_()


@pytest.mark.parametrize("container", CONTAINERS)
def test_any_column_will_do(container: str) -> None:
    """Lists, arrays, pandas, polars and pyarrow columns give the same."""
    columns: Any = as_container({"sales": [*BOOK, float("nan")]}, container)
    found = ka.Concentration.of(columns["sales"])
    assert (found.n, found.top_share(0.2), found.gini) == (10, 0.8, 0.691)


def test_the_input_is_neither_kept_nor_changed() -> None:
    """What the caller does to its array later changes nothing, and the result is read-only."""
    values = np.array([3.0, 1.0, -0.0])
    found = ka.Concentration.of(values)
    values[0] = 100.0
    assert found.total == 4.0
    assert not found.value.flags.writeable
    assert not np.signbit(found.value).any()


def _book() -> ka.Concentration:
    return ka.Concentration.of(BOOK)


def _any(value: object) -> Any:
    """Pass what a type checker would refuse."""
    return value


SLIPS: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "a table": (
        lambda: ka.Concentration.of(pd.DataFrame({"sales": [1.0]})),
        ka.ColumnError,
        r"one value per row \(got DataFrame\)",
    ),
    "a dict": (lambda: ka.Concentration.of({1: 5.0}), ka.ColumnError, r"\(got dict\)"),
    "a matrix": (lambda: ka.Concentration.of(np.ones((2, 2))), ka.ColumnError, "2 dimensions"),
    "texts": (lambda: ka.Concentration.of(["1,000"]), ka.RowError, "holds no number"),
    "too large": (lambda: ka.Concentration.of([1e308, 1.0]), ka.RowError, "too large to add up"),
    "ids twice": (lambda: ka.Concentration.of([1, 2], ids=["a", "a"]), ka.DuplicateIdError, "'a'"),
    "ids few": (lambda: ka.Concentration.of([1, 2], ids=["a"]), ka.ColumnError, "differ in length"),
    "a policy": (
        lambda: ka.Concentration.of([1], negatives=_any("keep")),
        ka.SpecError,
        r"of\(negatives\)",
    ),
    "another": (lambda: ka.Concentration.of([1], zeros=_any([])), ka.SpecError, r"of\(zeros\)"),
    "percent": (lambda: _book().top_share(20), ka.SpecError, "write 20 % as 0.2"),
    "no share": (lambda: _book().customers_for(0), ka.SpecError, r"customers_for\(share\)"),
    "a text": (lambda: _book().head(_any("a fifth")), ka.SpecError, r"head\(share\)"),
    "a NaN": (lambda: _book().tail(float("nan")), ka.SpecError, r"tail\(after\)"),
    "half": (lambda: _book().cr(_any(2.5)), ka.SpecError, r"cr\(count\)"),
    "none": (lambda: _book().cr(0), ka.SpecError, "at least 1"),
    "falling": (lambda: _book().abc(0.9, 0.8), ka.SpecError, "must not fall"),
    "no limit": (lambda: _book().dependence(_any(None)), ka.SpecError, r"dependence\(limit\)"),
    "no row": (lambda: _book().row(10), ka.RowError, "no row 10"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_gets_a_typed_error(slip: str) -> None:
    """Each names what was met and the way out."""
    call, error, said = SLIPS[slip]
    with pytest.raises(error, match=said):
        call()
