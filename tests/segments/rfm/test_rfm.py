"""RFM says of each customer what the method says, row by row."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import as_container, assert_row_wise, containers, rfm_books, rfms

FIXED = ka.Rfm(cuts=ka.FixedCut(recency=30, frequency=3, monetary=200))
NAMES_ZH = {
    "HHH": "重要价值",
    "LHH": "重要保持",
    "HLH": "重要发展",
    "LLH": "重要挽留",
    "HHL": "一般价值",
    "LHL": "一般保持",
    "HLL": "一般发展",
    "LLL": "一般挽留",
}
CODES = {
    "HHH": "important_value",
    "LHH": "important_maintain",
    "HLH": "important_develop",
    "LLH": "important_win_back",
    "HHL": "general_value",
    "LHL": "general_maintain",
    "HLL": "general_develop",
    "LLL": "general_win_back",
}


@pytest.mark.parametrize("recency", [(29, "H"), (30, "H"), (31, "L")])
@pytest.mark.parametrize("frequency", [(2, "L"), (3, "H"), (4, "H")])
@pytest.mark.parametrize("monetary", [(199.99, "L"), (200, "H"), (200.01, "H")])
def test_ties_with_a_threshold_are_high(
    recency: tuple[int, str], frequency: tuple[int, str], monetary: tuple[float, str]
) -> None:
    """At most the threshold of days, at least that of purchases and money."""
    days, count, total = recency[0], frequency[0], monetary[0]
    letters = recency[1] + frequency[1] + monetary[1]
    found = FIXED.assign({"days_since": days, "count": count, "total": total})
    assert found.letters.tolist() == [letters]
    assert found.labels.tolist() == [CODES[letters]]
    assert found.row(0)["name_zh"] == NAMES_ZH[letters]


@pytest.mark.parametrize("threshold", [0.1, 371.56385235468815, 1e-300, 3.0, -2.5])
def test_ties_hold_to_the_last_bit(threshold: float) -> None:
    """The next float on the bad side of a threshold is low, the threshold itself is high."""
    spec = ka.Rfm(cuts=ka.FixedCut(recency=threshold, frequency=threshold, monetary=threshold))
    below, above = math.nextafter(threshold, -math.inf), math.nextafter(threshold, math.inf)
    column = [below, threshold, above]
    found = spec.assign({"days_since": column, "count": column, "total": column})
    assert found.letters.tolist() == ["HLL", "HHH", "LHH"]


def test_many_days_are_not_high() -> None:
    """A loyal large customer of long ago is to be maintained, not one of value."""
    found = FIXED.assign({"days_since": [400, 1], "count": [9, 9], "total": [900, 900]})
    assert found.labels.tolist() == ["important_maintain", "important_value"]


def test_a_hand_made_book_under_the_mean() -> None:
    """Means of 120 days, 3 purchases and 100: letters, segments, counts and money by hand."""
    book = {
        "days_since": [20, 120, 300, 40],
        "count": [5, 1, 5, 1],
        "total": [150.05, 149.95, 50.1, 49.9],
    }
    spec = ka.Rfm(cuts=ka.MeanCut()).fit(book)
    found = spec.assign(book)
    assert found.thresholds == {"recency": 120.0, "frequency": 3.0, "monetary": 100.0}
    assert found.letters.tolist() == ["HHH", "HLH", "LHL", "HLL"]
    assert found.qualified.tolist()[:2] == ["RFM:important_value", "RFM:important_develop"]
    filled = {k: v for k, v in found.counts().items() if v}
    assert filled == dict.fromkeys([CODES[c] for c in ("HHH", "HLH", "HLL", "LHL")], 1)
    assert found.money()["important_value"] == 150.05
    assert found.money()["general_value"] == 0.0
    assert sum(found.counts().values()) + found.unknown == len(found)
    assert found.totals([1, 2, None, 4])["general_maintain"] != found.money()["general_maintain"]
    assert math.isnan(found.totals([1, 2, None, 4])["general_maintain"])
    assert found.findings == ()


def test_business_thresholds_of_a_published_service() -> None:
    """10 days, 3 orders and an average order of 200, as one service documents them."""
    spec = ka.Rfm(cuts=ka.FixedCut(recency=10, frequency=3, monetary=200), monetary="mean")
    book = {"days_since": [10, 11], "count": [3, 2], "mean": [200, 199], "total": [1, 1]}
    assert spec.reads == ("days_since", "count", "mean")
    assert spec.assign(book).labels.tolist() == ["important_value", "general_win_back"]


@pytest.mark.parametrize("missing", [None, math.nan, math.inf, -math.inf])
def test_an_unknown_measure_has_no_segment(missing: float | None) -> None:
    """A customer of refunds only never bought: unknown, with what it may be."""
    found = FIXED.assign({"days_since": [missing, 1], "count": [0, 4], "total": [-20.0, 300.0]})
    assert found.code.tolist() == [-1, 0]
    assert found.labels.tolist() == [None, "important_value"]
    assert found.letters.tolist() == ["?LL", "HHH"]
    assert found.scores.tolist() == [[-1, 1, 1], [2, 2, 2]]
    assert found.unknown == 1
    assert found.possible(0) == ("general_develop", "general_win_back")
    assert found.row(0)["why"]["recency"] == "unknown"
    assert found.row(0)["possible"] == "general_develop, general_win_back"
    assert found.steps_up(0) == ()


def test_a_map_without_money_needs_none() -> None:
    """The 5×5 map reads recency and frequency: unknown money leaves the segment known."""
    cut = ka.QuantileScores(
        5, recency=(90, 60, 30, 10), frequency=(2, 3, 4, 5), monetary=(1, 2, 3, 4)
    )
    spec = ka.Rfm(cuts=cut, segments=ka.rfm_map_5x5(), weights=(0.5, 0.3, 0.2))
    found = spec.assign({"days_since": [5, 95], "count": [5, 1], "total": [None, 2.5]})
    assert found.labels.tolist() == ["champions", "hibernating"]
    assert found.scores.tolist() == [[5, 5, -1], [1, 1, 3]]
    assert found.score is not None
    assert np.isnan(found.score[0])
    assert found.score[1] == pytest.approx(0.1)
    assert found.letters.tolist() == ["HH?", "LLL"]


def test_the_weighted_score_runs_from_worst_to_best() -> None:
    """Every measure at its lowest score is worth 0, at its highest 1; weights go by name too."""
    cut = ka.QuantileScores(
        5, recency=(90, 60, 30, 10), frequency=(2, 3, 4, 5), monetary=(1, 2, 3, 4)
    )
    by_name = {"monetary": 0.7, "recency": 0.1, "frequency": 0.2}
    spec = ka.Rfm(cuts=cut, weights=by_name)
    assert spec == ka.Rfm(cuts=cut, weights=(0.1, 0.2, 0.7))
    found = spec.assign({"days_since": [99, 1, 40], "count": [1, 9, 9], "total": [0, 9, 2]})
    assert found.score is not None
    assert found.score.tolist() == pytest.approx([0.0, 1.0, 0.1 * 0.5 + 0.2 + 0.7 * 0.5])
    assert found.score.max() <= 1.0
    assert FIXED.assign({"days_since": 1, "count": 1, "total": 1}).score is None
    letters = ka.Rfm(cuts=FIXED.cuts, weights=by_name)
    low_high = letters.assign({"days_since": [1, 99], "count": [1, 9], "total": [1, 900]})
    assert low_high.score is not None
    assert low_high.score.tolist() == pytest.approx([0.1, 0.9])
    above = ka.Rfm(cuts=FIXED.cuts, weights=(0.5, 0.3, 0.2000000001))
    best = above.assign({"days_since": 1, "count": 9, "total": 900}).score
    assert best is not None
    assert best.tolist() == [1.0]


def test_thresholds_by_group() -> None:
    """Stated per industry, with one for all others."""
    cut = ka.FixedCut(recency=ka.ByGroup({"fast": 10}, pool=100), frequency=2, monetary=50)
    spec = ka.Rfm(cuts=cut, group="industry")
    assert spec.reads == ("days_since", "count", "total", "industry")
    book = {
        "days_since": [50, 50, 50, 10],
        "count": [2] * 4,
        "total": [50] * 4,
        "industry": ["fast", "slow", None, "fast"],
    }
    found = spec.assign(book)
    assert found.letters.tolist() == ["LHH", "HHH", "HHH", "HHH"]
    assert found.row(0)["why"] == {
        "recency": "50 > 10: L",
        "frequency": "2 >= 2: H",
        "monetary": "50 >= 50: H",
        "group": "fast",
    }
    assert found.row(2)["why"]["group"] == "unknown"
    with pytest.raises(ka.SpecError, match=r"Rfm.group must name the column"):
        ka.Rfm(cuts=cut)


def test_without_thresholds_there_is_nothing_to_assign_by() -> None:
    """A rule that learns must be fitted first."""
    spec = ka.Rfm(cuts=ka.MeanCut())
    assert not spec.is_fitted
    with pytest.raises(ka.NotFittedError, match="Rfm with MeanCut"):
        spec.assign({"days_since": 1, "count": 1, "total": 1})


@given(spec=rfms(group="industry"), book=rfm_books(group="industry"), seed=st.integers(0, 99))
def test_every_spec_is_row_wise(spec: ka.Rfm, book: Any, seed: int) -> None:
    """Permuted, split or alone, every row has the same result."""
    assert isinstance(spec, ka.RowWise)
    assert isinstance(spec, ka.Fittable)
    assert_row_wise(spec, book, rng=np.random.default_rng(seed), singles=5)


@given(spec=rfms(), data=st.data())
def test_better_values_never_lower_a_letter_or_the_score(spec: ka.Rfm, data: st.DataObject) -> None:
    """Fewer days, more purchases, more money: no level falls."""
    book = data.draw(rfm_books(min_size=1))
    gain = data.draw(st.lists(st.floats(0, 50), min_size=3, max_size=3))
    better = {
        "days_since": [v - gain[0] for v in book["days_since"]],
        "count": [v + gain[1] for v in book["count"]],
        "total": [v + gain[2] for v in book["total"]],
    }
    before, after = spec.assign(book), spec.assign(better)
    assert (after.scores >= before.scores).all()
    if before.score is not None and after.score is not None:
        known = np.isfinite(before.score)
        assert (after.score[known] >= before.score[known]).all()
        assert ((before.score[known] >= 0.0) & (before.score[known] <= 1.0)).all()
    if spec.segments == ka.eight_segments():
        assert (after.code <= before.code).all()


@given(spec=rfms(group="industry"), book=rfm_books(group="industry", min_size=1))
def test_equal_values_score_equally(spec: ka.Rfm, book: Any) -> None:
    """Within a group, one value has one score."""
    found = spec.assign(book)
    for k, column in enumerate(("days_since", "count", "total")):
        seen: dict[Any, int] = {}
        for value, group, score in zip(
            book[column], book["industry"], found.scores[:, k].tolist(), strict=True
        ):
            key = (repr(value + 0.0), group)
            assert seen.setdefault(key, score) == score


@given(spec=rfms(), book=rfm_books(min_size=1), kind=containers())
def test_any_container_gives_the_same(spec: ka.Rfm, book: Any, kind: str) -> None:
    """A dict, a DataFrame, a Table: one answer."""
    found = spec.apply(as_container(book, kind))
    for name, column in spec.apply(book).items():
        assert found[name].tobytes() == column.tobytes()


@given(spec=rfms(), book=rfm_books(min_size=1))
def test_money_adds_up(spec: ka.Rfm, book: Any) -> None:
    """Counts and money of the segments are those of the book, less what is unknown."""
    found = spec.assign(book)
    assert sum(found.counts().values()) + found.unknown == len(found)
    cents = [round(100 * v) for v, c in zip(book["total"], found.code, strict=True)
             if c >= 0 and math.isfinite(v)]  # fmt: skip
    added = [round(100 * v) for v in found.money().values() if not math.isnan(v)]
    assert sum(added) == sum(cents)


def test_a_fitted_spec_survives_a_file(tmp_path: Path) -> None:
    """Stored thresholds keep this quarter's segments comparable with the last."""
    rng = np.random.default_rng(5)
    book = {
        "days_since": rng.integers(0, 400, 200),
        "count": rng.geometric(0.4, 200),
        "total": rng.gamma(2.0, 100.0, 200).round(2),
        "industry": rng.choice(["finance", "carriers", "few"], 200, p=[0.6, 0.37, 0.03]),
    }
    for cuts in (ka.MeanCut(), ka.QuantileScores(5)):
        spec = ka.Rfm(cuts=cuts, group="industry", weights=(0.2, 0.3, 0.5)).fit(book)
        for name in ("rfm.toml", "rfm.json"):
            ka.dump(spec, tmp_path / name)
            loaded = ka.load(tmp_path / name, ka.Rfm)
            assert loaded == spec
            assert loaded.assign(book).code.tobytes() == spec.assign(book).code.tobytes()


def test_nobody_at_all() -> None:
    """An empty book has empty results and no findings."""
    found = FIXED.assign({"days_since": [], "count": [], "total": []})
    assert len(found) == 0
    assert found.scores.shape == (0, 3)
    assert found.findings == ()
    assert sum(found.counts().values()) == 0
    with pytest.raises(ka.RowError, match="no rows"):
        found.row(0)


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"days_since": [1], "count": [1], "totals": [1]}, ka.ColumnNotFoundError, "'totals'"),
        ({"days_since": [1], "count": [1, 2], "total": [1]}, ka.ColumnError, "differ in length"),
        ({"days_since": ["1 d"], "count": [1], "total": [1]}, ka.KeyAccountError, "'1 d'"),
    ],
)
def test_bad_columns_are_typed_errors(columns: Any, error: type[Exception], said: str) -> None:
    """Misspelt columns, other lengths and texts are told with their names."""
    for verb in (FIXED.assign, ka.Rfm(cuts=ka.MeanCut()).fit):
        with pytest.raises(error, match=said):
            verb(columns)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cuts": 5}, "must be a cut rule"),
        ({"cuts": ka.MeanCut(), "weights": (0.5, 0.5)}, "three finite numbers"),
        ({"cuts": ka.MeanCut(), "weights": {"recency": 1.0}}, "three finite numbers"),
        ({"cuts": ka.MeanCut(), "weights": (0.5, 0.5, 0.5)}, "must sum to 1"),
        ({"cuts": ka.MeanCut(), "weights": (1.5, -0.5, 0.0)}, "at least 0"),
        ({"cuts": ka.MeanCut(), "weights": "abc"}, "three finite numbers"),
        ({"cuts": ka.MeanCut(), "recency": " "}, "text that is not blank"),
        ({"cuts": ka.MeanCut(), "group": ""}, "text that is not blank"),
        ({"cuts": ka.MeanCut(), "min_group": -1}, "at least 0"),
        ({"cuts": ka.MeanCut(), "segments": ka.rfm_map_5x5()}, r"QuantileScores\(5\)"),
        ({"cuts": ka.QuantileScores(4), "segments": ka.rfm_map_5x5()}, "or the 4 of the cuts"),
        ({"cuts": ka.MeanCut(), "segments": "5x5"}, "must be a map of segments"),
    ],
)
def test_specs_that_cannot_be_are_refused(options: dict[str, Any], said: str) -> None:
    """A spec error names the field and the way out."""
    with pytest.raises(ka.SpecError, match=said):
        ka.Rfm(**options)


def test_all_eight_segments_in_order() -> None:
    """The order of the map: important before general, value before maintain, develop, win back."""
    map_ = ka.eight_segments()
    assert {s.cells[0]: s.code for s in map_.segments} == CODES
    assert {s.cells[0]: s.name_zh for s in map_.segments} == NAMES_ZH
    assert all(s.treatment and s.treatment_zh and s.name for s in map_.segments)
    assert set(map_.cells) == set(map("".join, product("LH", repeat=3)))
