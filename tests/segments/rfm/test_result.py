"""A result says why an account is where it is, and what the shortest way up is."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import rfm_books, rfms

FIXED = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=2.9, monetary=103.56043275350021))
SCORES = ka.Rfm(
    cuts=ka.QuantileScores(
        5, recency=(90, 60, 30, 10), frequency=(2, 3, 4, 5), monetary=(1, 2, 3, 4)
    ),
    segments=ka.rfm_map_5x5(),
)


def said(spec: ka.Rfm, days: float, count: float, total: float) -> list[str]:
    """Write the shortest ways up of one account."""
    found = spec.assign({"days_since": days, "count": count, "total": total})
    return [str(step) for step in found.steps_up(0)]


def added(*amounts: float) -> float:
    """Add money as the decimal numbers it is written in."""
    return float(sum(Fraction(repr(amount)) for amount in amounts))


def test_each_measure_has_its_shortest_way_up() -> None:
    """Whole purchases, money up to the cent, and a purchase now; each with the others as are."""
    assert said(FIXED, 91, 1, 100.0) == [
        "a purchase now -> general_develop",
        "2 more purchases -> general_maintain",
        "3.57 more -> important_win_back",
    ]
    assert said(FIXED, 90, 2, 1_000) == ["1 more purchase -> important_value"]
    assert said(FIXED, 90, 3, 104) == []


def test_scores_rise_to_the_first_better_segment() -> None:
    """From at risk (1, 3): a purchase now makes (5, 3); two more purchases make (1, 5)."""
    assert said(SCORES, 99, 3, 0) == [
        "a purchase now -> potential_loyalists",
        "2 more purchases -> cant_lose",
    ]
    assert said(SCORES, 99, 1, 0) == [
        "a purchase now -> new_customers",
        "2 more purchases -> at_risk",
    ]
    assert said(SCORES, 99, 5, 0) == ["a purchase now -> champions"]
    assert said(SCORES, 5, 5, 0) == []


@pytest.mark.parametrize(
    ("value", "threshold", "missing"),
    [
        (0.1, 0.8, 0.7),
        (0.0, 0.001, 0.01),
        (-5.5, 0.0, 5.5),
        (99.999, 100.0, 0.01),
        (100.0, 103.56043275350021, 3.57),
        (1e17, 1.1e17, 1e16),
    ],
)
def test_missing_money_is_the_fewest_cents_that_do(
    value: float, threshold: float, missing: float
) -> None:
    """Decimal money: from 0.10 to 0.80 it takes 0.70, though these floats add up to less."""
    spec = ka.Rfm(cuts=ka.FixedCut(recency=1, frequency=1, monetary=threshold))
    (step,) = spec.assign({"days_since": 1, "count": 1, "total": value}).steps_up(0)
    assert step.amount == missing
    assert added(value, step.amount) >= threshold


def test_a_purchase_now_cannot_reach_a_threshold_below_zero_days() -> None:
    """No way up is promised that a purchase does not open."""
    spec = ka.Rfm(cuts=ka.FixedCut(recency=-1, frequency=1, monetary=1))
    assert said(spec, 5, 1, 1) == []


def test_tied_thresholds_are_reached_together() -> None:
    """Scores 3 to 5 of frequency begin at one value: one more purchase makes 5, not 3."""
    cut = ka.QuantileScores(
        5, recency=(4, 3, 2, 1), frequency=(0, 1, 1, 1), monetary=(0.5, 0.501, 0.502, 3)
    )
    spec = ka.Rfm(cuts=cut, segments=ka.rfm_map_5x5())
    assert said(spec, 9, 0, 0) == [
        "a purchase now -> potential_loyalists",
        "1 more purchase -> cant_lose",
    ]


def test_a_step_carries_its_numbers() -> None:
    """Measure, distance in its own units, what it reaches, and where it leads."""
    found = FIXED.assign({"days_since": 100, "count": 5, "total": 500})
    assert found.steps_up(-1) == (ka.RfmStep("recency", 10.0, 90.0, "important_value"),)


@given(spec=rfms(), book=rfm_books(min_size=1), data=st.data())
def test_taking_a_step_leads_where_it_says(spec: ka.Rfm, book: Any, data: st.DataObject) -> None:
    """The promised change of one measure does make the promised, better segment."""
    i = data.draw(st.integers(0, len(book["count"]) - 1))
    row = {name: column[i] for name, column in book.items()}
    found = spec.assign(row)
    for step in found.steps_up(0):
        if step.measure == "recency":
            better = {**row, "days_since": 0.0}
        elif step.measure == "frequency":
            better = {**row, "count": added(row["count"], step.amount)}
        else:
            better = {**row, "total": added(row["total"], step.amount)}
        after = spec.assign(better)
        assert after.labels[0] == step.segment
        assert after.code[0] < found.code[0]
        assert step.amount > 0.0


@given(spec=rfms(), book=rfm_books(min_size=1), data=st.data())
def test_a_smaller_step_does_not_do(spec: ka.Rfm, book: Any, data: st.DataObject) -> None:
    """One purchase, or one cent, less does not lead to a better segment."""
    i = data.draw(st.integers(0, len(book["count"]) - 1))
    row = {name: column[i] for name, column in book.items()}
    found = spec.assign(row)
    for step in found.steps_up(0):
        if step.measure == "frequency" and step.amount >= 1.0:
            less = {**row, "count": added(row["count"], step.amount, -1.0)}
            assert spec.assign(less).code[0] >= found.code[0]
        if step.measure == "monetary" and step.amount >= 0.02:
            less = {**row, "total": added(row["total"], step.amount, -0.01)}
            assert spec.assign(less).code[0] >= found.code[0]


@given(spec=rfms(), book=rfm_books(min_size=1))
def test_what_is_unknown_leaves_the_true_segment_possible(spec: ka.Rfm, book: Any) -> None:
    """Whatever the missing value is, the segment is one of those said to be possible."""
    whole = spec.assign(book)
    for column in book:
        gaps = {**book, column: [math.nan] * len(book[column])}
        found = spec.assign(gaps)
        for i in range(len(found)):
            if whole.code[i] >= 0:
                assert whole.labels[i] in found.possible(i)


def test_a_row_reads_well() -> None:
    """Segment, names, what to do, why, and the way up."""
    found = FIXED.assign({"days_since": [91], "count": [3], "total": [200.5]})
    assert str(found.row(0)).splitlines() == [
        "rfm              important_maintain",
        "qualified        RFM:important_maintain",
        "name             important – maintain",
        "name_zh          重要保持",
        "treatment        get in touch first, before they leave",
        "treatment_zh     优先保持,主动联系",
        "letters          LHH",
        "why",
        "  recency        91 > 90: L",
        "  frequency      3 >= 2.9: H",
        "  monetary       200.5 >= 103.5604328: H",
        "shortest way up",
        "  recency        a purchase now -> important_value",
    ]
    scored = SCORES.assign({"days_since": [91], "count": [3], "total": [2.5]})
    assert scored.row(0)["why"] == {
        "recency": "91 > 90: score 1 of 5, L",
        "frequency": "3 >= 3: score 3 of 5, L",
        "monetary": "2.5 >= 2: score 3 of 5, L",
    }


def test_columns_make_a_frame() -> None:
    """Labels, letters, scores and treatment, one row per account."""
    spec = ka.Rfm(cuts=FIXED.cuts, weights=(0.5, 0.25, 0.25))
    found = spec.assign({"days_since": [1, None], "count": [1, 1], "total": [1, 1]})
    frame = pd.DataFrame(found.columns())
    assert list(frame.columns) == [
        "rfm",
        "rfm_qualified",
        "rfm_letters",
        "rfm_recency",
        "rfm_frequency",
        "rfm_monetary",
        "rfm_score",
        "rfm_treatment",
    ]
    assert frame["rfm_score"].tolist()[0] == 0.5
    assert found.treatment.tolist() == ["bring them to buy again", None]
    assert "rfm of 2 accounts" in found._repr_html_()
    assert repr(found) == "<rfm of 2 accounts, 1 unknown>"
    assert not found.code.flags.writeable


def findings(book: dict[str, Any], cuts: ka.RfmCut, **options: Any) -> dict[str, ka.Finding]:
    """Fit, assign and give the findings by kind and column."""
    found = ka.Rfm(cuts=cuts, **options).fit(book).assign(book).findings
    return {f"{f.code} {f.where}": f for f in found}


def test_a_degenerate_cut_is_told_with_its_threshold_and_share() -> None:
    """Most customers bought once: the median is 1, and everybody is high."""
    book = {"days_since": [1, 2, 3, 4], "count": [1, 1, 1, 7], "total": [1, 2, 3, 4]}
    found = findings(book, ka.MedianCut())
    assert list(found) == ["degenerate_cut count"]
    told = found["degenerate_cut count"]
    assert (told.severity, told.count, told.examples) == ("warning", 4, ("1",))
    assert told.message == (
        "frequency tells nothing apart: all 4 known accounts (100 %) are high, where high is at "
        "least 1; 2 of 8 segments are filled"
    )


def test_equal_values_make_every_cut_degenerate() -> None:
    """All equal: high everywhere, said three times."""
    book = {"days_since": [5, 5], "count": [1, 1], "total": [2, 2]}
    for cuts in (ka.MeanCut(), ka.MedianCut(), ka.QuantileScores(5)):
        found = findings(book, cuts)
        assert [k for k in found if k.startswith("degenerate")] == [
            "degenerate_cut days_since",
            "degenerate_cut count",
            "degenerate_cut total",
        ]
    low = FIXED.assign({"days_since": [99, 99], "count": [1, 1], "total": [1, 1]}).findings
    assert "all 2 known accounts (100 %) are low, where high is at most 90" in low[0].message


def test_one_account_says_nothing_of_a_cut() -> None:
    """One account is always on one side: no finding."""
    assert FIXED.assign({"days_since": 1, "count": 1, "total": 1}).findings == ()


def test_ties_that_leave_scores_empty_are_told() -> None:
    """Half bought once: nobody has frequency score 1 or 2 of 5."""
    book = {
        "days_since": np.arange(10),
        "count": [1, 1, 1, 1, 1, 2, 3, 4, 5, 6],
        "total": np.arange(10),
    }
    found = findings(book, ka.QuantileScores(5))
    assert list(found) == ["empty_scores count"]
    assert found["empty_scores count"].message.startswith("nobody has score 1, 2 of 5")
    scores = ka.Rfm(cuts=ka.QuantileScores(5)).fit(book).assign(book).scores[:, 1]
    assert set(scores.tolist()) == {3, 4, 5}


def test_degenerate_groups_are_named() -> None:
    """Each group has a cut of its own, which may tell nothing apart."""
    book = {
        "days_since": [1, 2, 3, 4],
        "count": [1, 2, 7, 7],
        "total": [1, 2, 3, 4],
        "industry": ["a", "a", "b", "b"],
    }
    found = findings(book, ka.MeanCut(), group="industry", min_group=1)
    assert "in group 'b'" in found["degenerate_cut count"].message


def test_odd_values_are_counted() -> None:
    """Missing, infinite and negative values, with their rows."""
    book = {
        "days_since": [1, 2, -3, 4, np.inf],
        "count": [1, 2, 3, -1, 5],
        "total": [1, 2, None, -4, 5],
    }
    found = FIXED.assign(book).findings
    assert [(f.code, f.where, f.count, f.severity, f.examples) for f in found] == [
        ("infinite", "days_since", 1, "warning", ("row 4: inf",)),
        ("negative", "days_since", 1, "warning", ("row 2: -3",)),
        ("degenerate_cut", "days_since", 4, "warning", ("90",)),
        ("negative", "count", 1, "warning", ("row 3: -1",)),
        ("missing", "total", 1, "info", ("row 2: nan",)),
        ("negative", "total", 1, "info", ("row 3: -4",)),
        ("degenerate_cut", "total", 4, "warning", ("103.5604327535",)),
    ]


def test_rows_that_are_not_there() -> None:
    """A row beyond the end is a typed error."""
    found = FIXED.assign({"days_since": 1, "count": 1, "total": 1})
    for verb in (found.row, found.steps_up, found.possible):
        with pytest.raises(ka.RowError):
            verb(1)
    with pytest.raises(ka.ColumnError, match="differ in length"):
        found.totals([1, 2])
