"""`Selection`: what a reader is shown."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import keyaccount as ka
from keyaccount.scoring.selection import Reason
from keyaccount.scoring.selection.reasons import MEANINGS

NAN = float("nan")


def scorer(**policies: Any) -> ka.CompositeScorer:
    """Weigh sales and potential 0.75 to 0.25."""
    return ka.CompositeScorer(
        criteria=[
            ka.Criterion(
                name, column=name, value=ka.Linear(0, 1), missing=policies.get(name, "worst")
            )
            for name in ("sales", "potential")
        ],
        weights={"sales": 0.75, "potential": 0.25},
    )


def test_every_reason_has_a_meaning_that_says_in_or_out() -> None:
    """The words are the names in lower case, and each is explained."""
    assert set(MEANINGS) == set(Reason)
    assert all(meaning.startswith(("in: ", "out: ")) for meaning in MEANINGS.values())
    assert Reason.BELOW_CUT.word == "below_cut"


def test_rejected_accounts_are_told_from_unscored_ones() -> None:
    """A criterion that must be known is not; plain NaN is no score. An override may include it."""
    scores = scorer(sales="reject").score(
        {"sales": [0.9, None, None, 0.1], "potential": [1.0, 1.0, 1.0, None]}
    )
    put = ka.Override("c", include=True, reason="why", approved_by="VP")
    chosen = ka.select(scores, ka.TopCount(4), ids=list("abcd"), overrides=[put])
    assert chosen.reason.tolist() == ["rank", "rejected", "included_by_override", "rank"]
    assert ka.select(scores.value, ka.TopCount(4)).reason[1] == "unscored"
    both = scorer(sales="reweight", potential="reweight").score(
        {"sales": [None], "potential": [None]}
    )
    assert ka.select(both, ka.TopCount(1)).reason.tolist() == ["unscored"]


def test_distance_and_borderline() -> None:
    """Within the margin on both sides, to the decimal; no cut, no border."""
    scores = [0.75, 0.72, 0.70, 0.68, 0.67, NAN]
    chosen = ka.select(scores, ka.TopCount(3), margin=0.02)
    assert chosen.cut == 0.70
    np.testing.assert_allclose(chosen.distance[:5], [0.05, 0.02, 0.0, -0.02, -0.03], atol=1e-12)
    assert chosen.borderline.tolist() == [False, True, True, True, False, False]
    everybody = ka.select(scores, ka.TopShare(1.0))
    assert np.isnan(everybody.distance).all()
    assert not everybody.borderline.any()
    threshold = ka.select(scores, ka.AtLeast(0.71))
    assert threshold.cut == 0.71
    assert threshold.borderline.tolist() == [False, True, True, False, False, False]


def test_an_incumbent_is_measured_with_its_hold() -> None:
    """The cut is what a challenger has to reach, so the hold of an incumbent counts for it."""
    chosen = ka.select(
        [0.9, 0.52, 0.50, 0.1],
        ka.TopCount(2),
        ids=list("abcd"),
        incumbents=["c", "d"],
        hold=0.03,
    )
    assert chosen.cut == pytest.approx(0.53)
    np.testing.assert_allclose(chosen.distance, [0.37, -0.01, 0.0, -0.4], atol=1e-12)
    assert chosen.hold.tolist() == [0.0, 0.0, 0.03, 0.03]


def test_undecided_is_what_the_unknown_could_move() -> None:
    """An account is undecided when its bounds lie on both sides of the cut."""
    scores = scorer().score(
        {"sales": [0.9, 0.8, 0.7, 0.4, None], "potential": [None, 0.5, None, None, 1.0]}
    )
    chosen = ka.select(scores, ka.TopCount(2))
    np.testing.assert_allclose(scores.value, [0.675, 0.725, 0.525, 0.3, 0.25])
    assert chosen.cut == pytest.approx(0.675)
    # a is in whatever its potential; c and e could reach the cut; d could not.
    assert chosen.undecided.tolist() == [False, False, True, False, True]
    plain = ka.select(scores.value, ka.TopCount(2))
    assert not plain.undecided.any()


def test_what_could_just_reach_the_cut_is_undecided() -> None:
    """At best equal to the last seat, an account would be in with it."""
    low = scorer().score({"sales": [0.5, 0.25], "potential": [0.5, None]})
    assert low.high[1] < low.value[0]
    equal = scorer().score({"sales": [0.75, 0.5], "potential": [0.25, None]})
    assert equal.high[1] == equal.value[0] == 0.625
    assert ka.select(equal, ka.TopCount(1)).undecided.tolist() == [False, True]
    assert ka.select(low, ka.TopCount(1)).undecided.tolist() == [False, False]


def test_a_row_reads_well() -> None:
    """One account, why, how near, by which approval, and what each criterion gave."""
    scores = scorer().score({"sales": [0.8, 0.5], "potential": [0.4, None]})
    chosen = ka.select(
        scores,
        ka.TopCount(1),
        ids=["A-1", "A-2"],
        within=["x", "x"],
        overrides=[ka.Override("A-2", include=True, reason="reference", approved_by="VP")],
    )
    assert str(chosen.row(1)) == (
        "account        A-2\n"
        "group          x\n"
        "is_key         True\n"
        "reason         included_by_override\n"
        "meaning        in: by special approval\n"
        "score          0.375\n"
        "cut            nan\n"
        "distance       nan\n"
        "override       reference (approved by VP)\n"
        "low            0.375\n"
        "high           0.625\n"
        "coverage       0.75\n"
        "rank           2\n"
        "contributions\n"
        "  sales        0.375\n"
        "  potential    0\n"
        "unknown        potential"
    )
    assert str(chosen.row(-1)) == str(chosen.row(1))
    assert chosen.row(0)["meaning"] == "out: an account put in by override has its seat"
    with pytest.raises(ka.RowError):
        chosen.row(2)


def test_a_row_near_the_cut_says_so() -> None:
    """What the unknown could change is in the record."""
    scores = scorer().score({"sales": [0.8, 0.79], "potential": [0.0, None]})
    row = ka.select(scores, ka.TopCount(1)).row(1)
    assert row["borderline"]
    assert row["undecided"]
    assert row["distance"] == pytest.approx(-0.0075)


def test_columns_make_a_table_in_any_library() -> None:
    """Every column has one value per account, and frames take them as they are."""
    chosen = ka.select([0.9, NAN, 0.3], ka.TopCount(1), ids=list("abc"), as_of="2026-09-30")
    columns = chosen.columns()
    assert list(columns)[:3] == ["account", "is_key", "reason"]
    assert {len(c) for c in columns.values()} == {3}
    assert pd.DataFrame(columns)["is_key"].tolist() == [True, False, False]
    assert pl.DataFrame(columns).height == 3
    assert pa.table(columns).num_rows == 3
    assert "account" not in ka.select([0.9], ka.TopCount(1)).columns()


def test_a_selection_says_what_it_is() -> None:
    """In one line, and as a table in a notebook; it can cross a process border."""
    chosen = ka.select([0.9, 0.3], ka.TopCount(1), ids=["<a>", "b"])
    assert repr(chosen) == "<Selection of 1 key account among 2>"
    assert "&lt;a&gt;" in chosen._repr_html_()
    again = pickle.loads(pickle.dumps(chosen))  # noqa: S301 - made a line above
    assert again.key_ids == chosen.key_ids == ("<a>",)


def test_infinite_scores_count_as_missing_and_are_reported() -> None:
    """Neither the best nor the worst: an infinite score is no score."""
    chosen = ka.select([np.inf, 0.5, -np.inf, NAN], ka.TopCount(2))
    assert chosen.reason.tolist() == ["unscored", "rank", "unscored", "unscored"]
    assert np.isnan(chosen.value[[0, 2]]).all()
    (finding,) = chosen.findings
    assert (finding.code, finding.count, finding.where) == ("infinite", 2, "scores")
    huge = ka.select([1e308, 1.7e308, -1e308], ka.TopCount(1))
    assert huge.key_ids == ("1",)
    assert huge.findings == ()


def test_ids_are_positions_where_there_are_none() -> None:
    """Who is key can be said without ids too."""
    assert ka.select([0.1, 0.9, 0.5], ka.TopCount(2)).key_ids == ("1", "2")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"ids": ["a", "a", "b"]}, "must be unique"),
        ({"ids": ["a", None, "b"]}, "has no id"),
        ({"ids": ["a", "b"]}, "differ in length: 'scores' 3, 'ids' 2"),
        ({"scores": [[0.1, 0.2]]}, "one value per row|hold"),
        ({"scores": ["high", 0.1, 0.2]}, "holds no number"),
        ({"rule": 0.2}, "rule must be a Rule"),
        ({"rule": None}, "rule must be a Rule"),
        ({"ties": "random"}, "ties must be one of"),
        ({"hold": -0.1}, "hold must be at least 0"),
        ({"hold": NAN}, "hold must be a finite number"),
        ({"hold": True}, "hold must be a finite number"),
        ({"hold": "0.1"}, "hold must be a finite number"),
        ({"min_tenure_days": -1}, "min_tenure_days must be a whole number"),
        ({"min_tenure_days": 1.5}, "min_tenure_days must be a whole number"),
        ({"max_changes": True}, "max_changes must be a whole number"),
        ({"max_changes": -1}, "max_changes must be a whole number"),
        ({"margin": np.inf}, "margin must be a finite number"),
        ({"as_of": "30 September"}, "as_of must be one day"),
        ({"as_of": ["2026-09-30", "2026-10-01"]}, "as_of must be one day"),
        ({"as_of": 20260931}, "as_of must be one day"),
    ],
)
def test_arguments_that_cannot_be(arguments: dict[str, Any], error: str) -> None:
    """Each meets a typed error that names it."""
    given: dict[str, Any] = {
        "scores": [0.1, 0.2, 0.3],
        "rule": ka.TopCount(1),
        "ids": list("abc"),
    } | arguments
    with pytest.raises(ka.KeyAccountError, match=error):
        ka.select(given.pop("scores"), given.pop("rule"), **given)


def test_a_policy_is_plain_data() -> None:
    """It takes numpy's numbers, is equal to its equals, and does what `select` does."""
    policy = ka.SelectionPolicy(
        ka.TopCount(1), hold=np.float64(0.1), max_changes=np.int64(2), min_tenure_days=np.int32(0)
    )
    assert policy == ka.SelectionPolicy(ka.TopCount(1), hold=0.1, max_changes=2)
    assert type(policy.max_changes) is int
    assert hash(policy) == hash(ka.SelectionPolicy(ka.TopCount(1), hold=0.1, max_changes=2))
    assert policy.select([0.1, 0.2]).key_ids == ka.select([0.1, 0.2], ka.TopCount(1)).key_ids


def test_a_row_shows_the_hold_that_explains_its_distance() -> None:
    """Score, hold and cut of an incumbent add up to its distance; a challenger has no hold."""
    chosen = ka.select(
        [0.50, 0.52], ka.TopCount(1), ids=["old", "new"], incumbents=["old"], hold=0.03
    )
    row = chosen.row(0)
    assert row["hold"] == 0.03
    assert row["score"] + row["hold"] - row["cut"] == row["distance"]
    assert "hold" not in chosen.row(1)
