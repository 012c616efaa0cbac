"""Judgement criteria: the ratings that count, one mean per account, and nothing lost silently."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import ColumnError, ColumnNotFoundError, RowError, SpecError
from keyaccount.scoring.judgement import Anchor, AnchoredScale, RatingSummary, showcase_scale

SCALE = AnchoredScale(1, 5)
AS_OF = date(2026, 9, 30)
NAMES: dict[str, Any] = {"account": "customer", "rating": "stars", "rater": "by", "at": "on"}

Row = tuple[Any, Any, Any, Any]


def summarise(rows: list[Row], **options: Any) -> RatingSummary:
    """Summarise rows of account, rater, day and rating."""
    accounts, raters, at, ratings = zip(*rows, strict=True) if rows else ((), (), (), ())
    columns = {
        "customer": list(accounts),
        "by": list(raters),
        "on": list(at),
        "stars": list(ratings),
    }
    return SCALE.summarise(columns, **NAMES, **{"as_of": AS_OF, **options})


def found(summary: RatingSummary) -> dict[str, int]:
    """Count the rows of each finding."""
    return {f.code: f.count for f in summary.findings}


def test_mean_spread_raters_and_age_per_account() -> None:
    """Each account gets the mean over raters, their spread, their number and the latest day."""
    summary = summarise(
        [
            ("B", "li", date(2026, 9, 1), 2),
            ("A", "li", date(2026, 6, 30), 3),
            ("A", "wang", date(2026, 9, 29), 5),
            ("A", "zhao", date(2026, 1, 1), 4),
        ]
    )
    assert summary.accounts.tolist() == ["A", "B"]
    assert summary.rating.tolist() == [4.0, 2.0]
    assert summary.spread[0] == 1.0
    assert math.isnan(summary.spread[1])  # one rater says nothing about how far raters differ
    assert summary.raters.tolist() == [3, 1]
    assert summary.latest.tolist() == [date(2026, 9, 29), date(2026, 9, 1)]
    assert summary.age_days.tolist() == [1.0, 29.0]
    assert summary.findings == ()


def test_the_latest_rating_of_each_rater_counts() -> None:
    """An opinion that was changed counts once, as it stands now; the rest is told."""
    summary = summarise(
        [
            ("A", "li", date(2026, 1, 1), 1),
            ("A", "li", date(2026, 9, 1), 5),
            ("A", "wang", date(2026, 2, 1), 3),
        ]
    )
    assert summary.rating.tolist() == [4.0]
    assert summary.raters.tolist() == [2]
    assert found(summary) == {"replaced": 1}
    assert summary.findings[0].severity == "info"


def test_two_ratings_of_one_rater_on_one_day_count_as_their_mean() -> None:
    """Neither row is the later one, so no order of rows decides between them."""
    rows: list[Row] = [
        ("A", "li", date(2026, 9, 1), 2),
        ("A", "li", date(2026, 9, 1), 5),
        ("A", "wang", date(2026, 9, 1), 1.5),
    ]
    assert summarise(rows).rating.tolist() == [2.5]
    assert summarise(rows).raters.tolist() == [2]
    assert found(summarise(rows)) == {}


def test_ratings_after_the_day_are_left_out() -> None:
    """As of a day in the past, later opinions are not known yet, and those before them count."""
    rows: list[Row] = [("A", "li", date(2026, 9, 30), 4), ("A", "li", date(2026, 10, 1), 1)]
    summary = summarise(rows)
    assert summary.rating.tolist() == [4.0]
    assert found(summary) == {"after_as_of": 1}
    assert summarise(rows, as_of="2026-10-01").rating.tolist() == [1.0]


def test_ratings_past_their_age_count_as_unknown() -> None:
    """A rating of exactly the age still counts; a day more and nobody rated."""
    rows: list[Row] = [("A", "li", AS_OF - timedelta(365), 4), ("B", "li", date(2020, 1, 1), 4)]
    summary = summarise(rows, max_age_days=365)
    assert summary.accounts.tolist() == ["A"]
    assert found(summary) == {"too_old": 1}
    assert summary.findings[0].examples == ("B",)
    assert len(summarise(rows, max_age_days=364)) == 0


def test_rows_that_cannot_count_are_counted_each_once() -> None:
    """Rejected rows are errors in the findings, with examples; no row appears twice."""
    day = date(2026, 9, 1)
    summary = summarise(
        [
            (None, "li", day, 3),
            ("  ", None, day, 99),
            ("A", None, day, 3),
            ("A", "", None, 3),
            ("A", "li", None, 3),
            ("B", "li", day, None),
            ("C", "li", day, math.inf),
            ("A", "li", day, 0.5),
            ("A", "li", day, 6),
            ("A", "li", day, 5),
        ]
    )
    assert found(summary) == {
        "missing_account": 2,
        "missing_rater": 2,
        "missing_date": 1,
        "missing_rating": 2,
        "off_scale": 2,
    }
    assert {f.severity for f in summary.findings} == {"error"}
    assert {f.code: f.where for f in summary.findings}["off_scale"] == "stars"
    assert {f.code: f.examples for f in summary.findings}["off_scale"] == ("0.5", "6")
    assert {f.code: f.examples for f in summary.findings}["missing_rating"] == ("B", "C")
    assert summary.rating.tolist() == [5.0]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", "", None]),
        st.sampled_from(["li", "wang", "zhao", None]),
        st.dates(date(2026, 9, 25), date(2026, 10, 3)) | st.none(),
        st.floats(0.5, 5.5) | st.integers(1, 5) | st.none() | st.just(math.inf),
    ),
    max_size=20,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Row], random: Any) -> None:
    """Every column and every finding is the same for every order, to the bit."""
    shuffled = rows[:]
    random.shuffle(shuffled)
    one, two = summarise(rows, max_age_days=3), summarise(shuffled, max_age_days=3)
    assert one.findings == two.findings
    for name, column in one.columns().items():
        other = two.columns()[name]
        assert column.tolist() == other.tolist() or column.tobytes() == other.tobytes()


@given(ROWS)
def test_every_row_either_counts_or_is_in_one_finding(rows: list[Row]) -> None:
    """Rows in = rows that count + rows in findings, and means stay on the scale."""
    summary = summarise(rows, max_age_days=3)
    counting = len(rows) - sum(found(summary).values())
    assert counting >= summary.raters.sum() >= len(summary)
    one_a_day = {row[:3] for row in rows}
    if len(one_a_day) == len(rows):
        assert counting == summary.raters.sum()
    assert ((summary.rating >= 1) & (summary.rating <= 5)).all()
    assert (summary.age_days >= 0).all()


def test_measures_aligned_with_any_accounts() -> None:
    """Where nobody rated, everything is unknown and the number of raters is 0."""
    summary = summarise([("7", "li", date(2026, 9, 1), 4), ("9", "li", date(2026, 9, 1), 1)])
    aligned = summary.for_accounts(pd.Series([8.0, 7.0, np.nan, 7.0]), "showcase")
    np.testing.assert_array_equal(aligned["showcase_rating"], [np.nan, 4.0, np.nan, 4.0])
    assert aligned["showcase_raters"].tolist() == [0, 1, 0, 1]
    assert np.isnat(aligned["showcase_latest"]).tolist() == [True, False, True, False]
    assert np.isnan(aligned["showcase_spread"]).all()
    assert aligned["showcase_age_days"][1] == 29.0
    assert summary.unmatched([7, 8]) == ("9",)


def test_columns_carry_the_prefix_and_the_account_column_its_name() -> None:
    """`columns("win")` reads as the column a criterion asks for."""
    summary = summarise([("A", "li", date(2026, 9, 1), 4)])
    assert list(summary.columns("win")) == [
        "customer",
        "win_rating",
        "win_spread",
        "win_raters",
        "win_latest",
        "win_age_days",
    ]
    assert list(summary.columns())[1] == "rating"
    assert summary.row(0)["rating"] == 4.0


def test_no_ratings_at_all_are_an_empty_summary() -> None:
    """Nothing in, nobody rated."""
    summary = summarise([])
    assert len(summary) == 0
    assert np.isnan(summary.for_accounts(["A"])["rating"]).all()


def test_showcase_scale_has_five_levels_in_both_languages() -> None:
    """The preset is data: an equal scale can be built from plain tuples."""
    scale = showcase_scale()
    assert [a.value for a in scale.anchors] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert all(a.name and a.name_zh for a in scale.anchors)
    assert scale.name_zh == "示范作用"
    plain = [(a.value, a.name, a.name_zh) for a in scale.anchors]
    again = AnchoredScale(1, 5, anchors=plain, name=scale.name, name_zh=scale.name_zh)
    assert again == scale
    assert hash(again) == hash(scale)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: AnchoredScale(5, 1), "AnchoredScale.high must be above low"),
        (lambda: AnchoredScale(1, 1), "above low"),
        (lambda: AnchoredScale("1", 5), "AnchoredScale.low"),
        (lambda: AnchoredScale(1, math.inf), "AnchoredScale.high"),
        (lambda: AnchoredScale(1, 5, anchors=((2, "a"), (2, "b"))), "rising"),
        (lambda: AnchoredScale(1, 5, anchors=((3, "a"), (2, "b"))), "rising"),
        (lambda: AnchoredScale(1, 5, anchors=((0, "a"),)), "inside"),
        (lambda: AnchoredScale(1, 5, anchors=((5.5, "a"),)), "inside"),
        (lambda: AnchoredScale(1, 5, anchors=("ab",)), "pairs"),
        (lambda: AnchoredScale(1, 5, anchors=7), "pairs"),
        (
            lambda: AnchoredScale(1, 5, name=3),  # type: ignore[arg-type]
            "AnchoredScale.name",
        ),
        (lambda: Anchor(1, " "), "Anchor.name"),
        (lambda: Anchor(math.nan, "a"), "Anchor.value"),
        (lambda: summarise([], as_of=None), "as_of"),
        (lambda: summarise([], max_age_days=-1), "max_age_days"),
        (lambda: summarise([], max_age_days="x"), "max_age_days"),
    ],
)
def test_specs_that_cannot_be_are_refused(build: Any, said: str) -> None:
    """Every refusal names the field and shows the value."""
    with pytest.raises(SpecError, match=said):
        build()


def test_columns_that_cannot_be_read_are_refused() -> None:
    """A missing column, texts for ratings and uneven columns are typed errors."""
    columns = {"customer": ["A"], "by": ["li"], "on": ["2026-09-01"], "stars": ["good"]}
    with pytest.raises(RowError, match="'good'"):
        SCALE.summarise(columns, **NAMES, as_of=AS_OF)
    with pytest.raises(ColumnNotFoundError, match="'score'"):
        SCALE.summarise(columns, **{**NAMES, "rating": "score"}, as_of=AS_OF)
    with pytest.raises(ColumnError, match="differ in length"):
        SCALE.summarise({**columns, "stars": [1, 2]}, **NAMES, as_of=AS_OF)
