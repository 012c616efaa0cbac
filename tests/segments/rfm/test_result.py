"""A result says why an account is where it is, and what the shortest way up is."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
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


BOUGHT_LONG_AGO = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))


def test_a_purchase_moves_all_three_measures() -> None:
    """Buying is recent, counts and pays: the segment named is the one the account is in then."""
    assert said(BOUGHT_LONG_AGO, 100, 1, 20) == [
        "a purchase now -> general_develop",
        "a purchase now, 980.00 more -> important_develop",
        "2 more purchases -> general_value",
        "2 more purchases, 980.00 more -> important_value",
    ]
    assert said(BOUGHT_LONG_AGO, 100, 2, 20) == [
        "a purchase now -> general_value",
        "a purchase now, 980.00 more -> important_value",
    ]
    assert said(BOUGHT_LONG_AGO, 100, 5, 1_000) == ["a purchase now -> important_value"]


def test_whole_purchases_and_money_up_to_the_cent() -> None:
    """Thresholds of 2.9 purchases and 103.56043…: 3 purchases, and 3.57 from 100."""
    assert said(FIXED, 90, 1, 100.0) == [
        "a purchase now, 3.57 more -> important_develop",
        "2 more purchases -> general_value",
        "2 more purchases, 3.57 more -> important_value",
    ]
    assert said(FIXED, 90, 2, 1_000) == ["a purchase now -> important_value"]
    assert said(FIXED, 90, 3, 104) == []


def test_the_shortest_way_is_of_fewest_purchases_then_of_least_money() -> None:
    """In this order they are listed, and a way that takes more of both must lead further."""
    found = BOUGHT_LONG_AGO.assign({"days_since": 100, "count": 1, "total": 20}).steps_up(0)
    assert [(s.purchases, s.money) for s in found] == [(1, 0), (1, 980), (2, 0), (2, 980)]


def test_scores_rise_with_every_purchase() -> None:
    """From at risk (1, 3) one purchase makes (5, 4), and from (1, 1) it makes (5, 2)."""
    assert said(SCORES, 99, 3, 0) == ["a purchase now -> champions"]
    assert said(SCORES, 99, 1, 0) == [
        "a purchase now -> potential_loyalists",
        "3 more purchases -> champions",
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
    assert (step.purchases, step.money) == (1, missing)
    assert added(value, step.money) >= threshold


def test_a_purchase_now_cannot_reach_a_threshold_below_zero_days() -> None:
    """No way up is promised that a purchase does not open."""
    spec = ka.Rfm(cuts=ka.FixedCut(recency=-1, frequency=1, monetary=1))
    assert said(spec, 5, 1, 1) == []


def test_a_purchase_does_not_undo_one_that_is_later() -> None:
    """A last purchase after the day of the summary stays the last one."""
    spec = ka.Rfm(cuts=ka.FixedCut(recency=-1, frequency=2, monetary=1))
    assert said(spec, -5, 1, 1) == ["a purchase now -> important_value"]


def test_tied_thresholds_are_reached_together() -> None:
    """Scores 3 to 5 of frequency begin at one value: one more purchase makes 5, not 3."""
    cut = ka.QuantileScores(
        5, recency=(4, 3, 2, 1), frequency=(0, 1, 1, 1), monetary=(0.5, 0.501, 0.502, 3)
    )
    spec = ka.Rfm(cuts=cut, segments=ka.rfm_map_5x5())
    assert said(spec, 9, 0, 0) == ["a purchase now -> champions"]


def test_what_the_map_does_not_read_may_be_unknown() -> None:
    """The 5×5 map reads no money: where nobody knows it, purchases still lead up."""
    found = SCORES.assign({"days_since": 99, "count": 1, "total": None})
    assert [str(s) for s in found.steps_up(0)] == [
        "a purchase now -> potential_loyalists",
        "3 more purchases -> champions",
    ]


def bought(row: dict[str, float], purchases: float, money: float) -> dict[str, float]:
    """Give an account as it is after some purchases."""
    return {
        "days_since": min(row["days_since"], 0.0),
        "count": added(row["count"], purchases) if math.isfinite(row["count"]) else math.nan,
        "total": added(row["total"], money) if math.isfinite(row["total"]) else math.nan,
    }


@given(spec=rfms(), book=rfm_books(min_size=1), data=st.data())
def test_taking_a_step_leads_where_it_says(spec: ka.Rfm, book: Any, data: st.DataObject) -> None:
    """Who buys as promised is in the promised, better segment."""
    i = data.draw(st.integers(0, len(book["count"]) - 1))
    row = {name: column[i] for name, column in book.items()}
    found = spec.assign(row)
    for step in found.steps_up(0):
        after = spec.assign(bought(row, step.purchases, step.money))
        assert after.labels[0] == step.segment
        assert after.code[0] < found.code[0]
        assert step.purchases >= 1


@given(spec=rfms(), book=rfm_books(min_size=1), data=st.data())
def test_a_smaller_step_does_not_do(spec: ka.Rfm, book: Any, data: st.DataObject) -> None:
    """One purchase, or one cent, less does not lead as far."""
    i = data.draw(st.integers(0, len(book["count"]) - 1))
    row = {name: column[i] for name, column in book.items()}
    for step in spec.assign(row).steps_up(0):
        reached = spec.assign(bought(row, step.purchases, step.money)).code[0]
        if step.purchases > 1:
            assert spec.assign(bought(row, step.purchases - 1, step.money)).code[0] > reached
        if step.money >= 0.02:
            less = added(step.money, -0.01)
            assert spec.assign(bought(row, step.purchases, less)).code[0] > reached


@given(spec=rfms(group="industry"), book=rfm_books(group="industry", min_size=1))
def test_steps_and_reasons_as_columns_are_those_of_the_rows(spec: ka.Rfm, book: Any) -> None:
    """One column says of every account what its record says."""
    found, name = spec.assign(book), spec.segments.name
    steps, why = found.steps(), found.reasons()
    for i in range(len(found)):
        first = next(iter(found.steps_up(i)), None)
        assert steps[f"{name}_step"][i] == (None if first is None else str(first))
        assert steps[f"{name}_step_segment"][i] == (None if first is None else first.segment)
        if first is not None:
            assert steps[f"{name}_step_purchases"][i] == first.purchases
            assert steps[f"{name}_step_money"][i] == first.money
        record = found.row(i)["why"]
        assert why[f"{name}_recency_why"][i] == record["recency"]
        if f"{name}_pooled_why" in why:
            assert why[f"{name}_pooled_why"][i] == record.get("judged by the pool")


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
        "rfm                important_maintain",
        "qualified          RFM:important_maintain",
        "name               important – maintain",
        "name_zh            重要保持",
        "treatment          get in touch first, before they leave",
        "treatment_zh       优先保持，主动联系",
        "letters            LHH",
        "why",
        "  recency          91 > 90: L",
        "  frequency        3 >= 2.9: H",
        "  monetary         200.5 >= 103.5604328: H",
        "shortest ways up",
        "  important_value  a purchase now",
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
        "rfm_name",
        "rfm_name_zh",
        "rfm_letters",
        "rfm_recency_score",
        "rfm_frequency_score",
        "rfm_monetary_score",
        "rfm_score",
        "rfm_treatment",
        "rfm_treatment_zh",
    ]
    assert found.columns()["rfm_name_zh"].tolist() == ["一般发展", None]
    assert found.columns()["rfm_treatment_zh"].tolist() == ["引导再次购买", None]
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
        "frequency tells nothing apart: all 4 known accounts of the fitted book are high (100 %), "
        "where high is at least 1; 2 of 8 segments are filled"
    )


def test_equal_values_make_every_cut_degenerate() -> None:
    """All equal: high everywhere, said three times."""
    book = {"days_since": [5, 5], "count": [1, 1], "total": [2, 2]}
    for cuts in (ka.MeanCut(), ka.MedianCut(), ka.QuantileScores(5)):
        found = findings(book, cuts)
        assert [k for k in found if not k.startswith("empty")] == [
            "degenerate_cut days_since",
            "degenerate_cut count",
            "degenerate_cut total",
            "one_segment rfm",
        ]
        assert found["degenerate_cut count"].message.endswith("1 of 8 segments is filled")
        assert found["one_segment rfm"].message == (
            "all 2 accounts of the fitted book are in one segment, important_value: these "
            "thresholds say nothing of who is better"
        )
    low = FIXED.fit({"days_since": [99, 99], "count": [1, 1], "total": [1, 1]}).findings
    assert "book are low (100 %), where high is at most 90" in low[0].message


def test_a_book_of_one_account_is_told_when_it_is_fitted() -> None:
    """One account is important_value, or a champion, whatever it brings: fit says so."""
    book = {"days_since": 900, "count": 1, "total": 0.01}
    maps = ((ka.MeanCut(), "important_value"), (ka.QuantileScores(5), "champions"))
    for cuts, segment in maps:
        map_ = ka.eight_segments() if segment == "important_value" else ka.rfm_map_5x5()
        spec = ka.Rfm(cuts=cuts, segments=map_).fit(book)
        told = {f.code: f for f in spec.findings}
        assert told["one_segment"].examples == (segment,)
        assert told["degenerate_cut"].message.startswith(
            "monetary tells nothing apart: the only known account of the fitted book is high"
        )
        assert spec.assign(book).findings == spec.findings


def test_who_is_assigned_says_nothing_of_the_cuts() -> None:
    """Two good customers under the thresholds of a book that they tell apart: no finding."""
    rng = np.random.default_rng(3)
    book = {name: rng.gamma(2.0, 50.0, 99) for name in ("days_since", "count", "total")}
    spec = ka.Rfm(cuts=ka.MeanCut()).fit(book)
    assert spec.findings == ()
    two = {"days_since": [1, 2], "count": [900, 900], "total": [9e9, 8e9]}
    assert spec.assign(two).labels.tolist() == ["important_value"] * 2
    assert spec.assign(two).findings == ()
    tied = ka.Rfm(cuts=ka.MedianCut()).fit({**book, "count": [1] * 98 + [9]})
    assert [f.code for f in tied.assign(two).findings] == ["degenerate_cut"]
    assert FIXED.assign(two).findings == ()  # stated, and never held against a book


def test_what_fit_saw_is_kept_with_the_thresholds(tmp_path: Path) -> None:
    """A stored spec still knows that its thresholds tell nothing apart."""
    book = {
        "days_since": [1, 2, 3],
        "count": [1, 1, 7],
        "total": [1, 2, None],
        "industry": ["a", "a", "b"],
    }
    spec = ka.Rfm(cuts=ka.MedianCut(), group="industry", min_group=2).fit(book)
    assert spec.seen == ka.RfmCounts(
        recency=ka.ByGroup({"a": (1, 1)}, pool=(1, 2)),
        frequency=ka.ByGroup({"a": (0, 2)}, pool=(0, 3)),
        monetary=ka.ByGroup({"a": (1, 1)}, pool=(1, 1)),
        segments=(0, 1, 0, 0, 1, 0, 0, 0),
    )
    ka.dump(spec, tmp_path / "rfm.toml")
    loaded = ka.load(tmp_path / "rfm.toml", ka.Rfm)
    assert loaded == spec
    assert [f.message for f in loaded.findings] == [f.message for f in spec.findings]
    assert " in group 'a': all 2 known" in spec.findings[0].message
    assert " in the pool of all groups: all 3 known" in spec.findings[1].message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seen": 5}, "Rfm.seen must be RfmCounts"),
        ({"cuts": ka.QuantileScores(5)}, "must count 5 levels and 8 segments"),
        ({"segments": ka.rfm_map_5x5(), "cuts": ka.QuantileScores(5)}, "5 levels and 10 segments"),
    ],
)
def test_what_was_seen_goes_with_its_thresholds(changes: Any, message: str) -> None:
    """Counts of other levels or segments are refused."""
    spec = ka.Rfm(cuts=ka.MeanCut()).fit({"days_since": [1, 2], "count": [1, 2], "total": [1, 2]})
    with pytest.raises(ka.SpecError, match=message):
        attrs.evolve(spec, **changes)
    with pytest.raises(ka.SpecError, match="whole numbers of at least 0"):
        ka.RfmCounts(recency=(1, -1), frequency=(1, 1), monetary=(1, 1), segments=(2,))


def test_one_account_says_nothing_of_a_cut_that_is_stated() -> None:
    """Nothing was fitted: no finding."""
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
    assert found["empty_scores count"].message.startswith(
        "nobody of the fitted book has score 1, 2 of 5"
    )
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
        ("negative", "count", 1, "warning", ("row 3: -1",)),
        ("missing", "total", 1, "info", ("row 2: nan",)),
        ("negative", "total", 1, "info", ("row 3: -4",)),
    ]


def test_rows_that_are_not_there() -> None:
    """A row beyond the end is a typed error."""
    found = FIXED.assign({"days_since": 1, "count": 1, "total": 1})
    for verb in (found.row, found.steps_up, found.possible):
        with pytest.raises(ka.RowError):
            verb(1)
    with pytest.raises(ka.ColumnError, match="differ in length"):
        found.totals([1, 2])
