"""Figures of scores: bars are the contributions, lines are the cuts, marks are the overrides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

import keyaccount as ka
from keyaccount import plots

HARD = "<b>$\\frac{1}$ & Söhne$"


def spans(bars: Any) -> list[float]:
    """Give left ends and widths of bars, one after the other."""
    return [float(x) for b in bars for x in (b.get_x(), b.get_width())]


def heights(bars: Any) -> float:
    """Add up the heights of bars."""
    return float(sum(b.get_height() for b in bars))


def xs(ax: Axes, label: str) -> list[float]:
    """Give where the line or the marks of a label are."""
    found = next(n for n in ax.lines if str(n.get_label()).startswith(label))
    return [float(x) for x in np.asarray(found.get_xdata())]


def ticks(ax: Axes) -> list[str]:
    """Give the labels of the rows."""
    return [t.get_text() for t in ax.get_yticklabels()]


def legend(ax: Axes) -> list[str]:
    """Give what the legend says."""
    found = ax.get_legend()
    assert found is not None
    return [t.get_text() for t in found.get_texts()]


def numbers(products: tuple[float, ...]) -> ka.Scores:
    """Give scores of a weighted product."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion(n, column=n, value=ka.Linear(0, 1)) for n in "ab"],
        weights={"a": 0.5, "b": 0.5},
        aggregate="product",
    )
    return scorer.score({"a": list(products), "b": list(products)})


# --- Contributions -------------------------------------------------------------------------------


def test_bars_are_the_contributions_best_first(axes: Axes, chosen: ka.Selection) -> None:
    """Of each criterion in declared order, each from where the one before ended."""
    plots.score_contributions(chosen, axes)
    scores = chosen.scores
    assert scores is not None
    order = np.argsort(-scores.value)
    assert ticks(axes) == [chosen.ids[i] for i in order]  # type: ignore[index]
    left = np.zeros(4)
    for k, bars in enumerate(axes.containers):
        part = scores.contributions[order, k]
        assert spans(bars) == pytest.approx(np.stack([left, part], axis=1).ravel().tolist())
        left += part


def test_the_best_come_first_and_no_more_than_asked(axes: Axes, chosen: ka.Selection) -> None:
    """In the order of the rows where they tie."""
    plots.score_contributions(chosen, axes, top=2)
    assert ticks(axes) == [HARD, "c"]


def test_the_cut_of_a_selection_is_drawn(axes: Axes, chosen: ka.Selection) -> None:
    """Where its last seat went."""
    plots.score_contributions(chosen, axes)
    assert f"cut {chosen.cut:.2f}" in legend(axes)
    assert xs(axes, "cut") == [chosen.cut, chosen.cut]


def test_what_is_unknown_reaches_to_the_best_case(axes: Axes, chosen: ka.Selection) -> None:
    """For the one account of which something is unknown, and the legend says it once."""
    plots.score_contributions(chosen, axes)
    scores = chosen.scores
    assert scores is not None
    assert xs(axes, "if the unknown") == [scores.value[2], scores.high[2]]
    assert sum("unknown" in said for said in legend(axes)) == 1


def test_scores_alone_go_by_position_or_by_the_ids_given(axes: Axes, scores: ka.Scores) -> None:
    """There is no cut then."""
    plots.score_contributions(scores, axes)
    assert ticks(axes) == ["row 0", "row 2", "row 1", "row 3"]
    assert not any("cut" in said for said in legend(axes))
    plots.score_contributions(scores, axes, ids=[1, 2, 3, 4])
    assert ticks(axes) == ["1", "3", "2", "4"]


def test_criteria_go_by_the_names_given(axes: Axes, scores: ka.Scores) -> None:
    """And by their own where there is none."""
    plots.score_contributions(scores, axes, names={"sales": "Past sales"})
    assert {"Past sales", "$fit$"} <= set(legend(axes))


def test_negative_contributions_go_to_the_left(axes: Axes) -> None:
    """A ratio can be below 0: what is above 0 is stacked on its own."""
    scorer = ka.CompositeScorer(
        criteria=[
            ka.Criterion(n, column=n, value=ka.Ratio(to="max", reference=10.0)) for n in "ab"
        ],
        weights={"a": 0.5, "b": 0.5},
    )
    plots.score_contributions(scorer.score({"a": [-4.0], "b": [8.0]}), axes)
    assert [spans(part) for part in axes.containers] == [[0.0, -0.2], [0.0, 0.4]]


def test_contributions_that_multiply_are_refused(axes: Axes) -> None:
    """Bars would add them."""
    products = numbers((0.5, 0.9))
    with pytest.raises(ka.SpecError, match="needs contributions that add up"):
        plots.score_contributions(products, axes)
    with pytest.raises(ka.SpecError, match="needs contributions that add up"):
        plots.score_waterfall(products, 0, axes)


def test_a_selection_of_plain_numbers_has_no_criteria(axes: Axes) -> None:
    """It is told what would have."""
    chosen = ka.select([0.5, 0.7], ka.TopCount(1))
    with pytest.raises(ka.SpecError, match="needs scores with their criteria"):
        plots.score_contributions(chosen, axes)


@pytest.mark.parametrize("top", [0, -1, 1.5, True, "3"])
def test_how_many_is_a_whole_number(top: object, axes: Axes, scores: ka.Scores) -> None:
    """Above 0."""
    with pytest.raises(ka.SpecError, match=r"score_contributions\(top\) must be a whole number"):
        plots.score_contributions(scores, axes, top=top)  # type: ignore[arg-type]


def test_ids_are_one_per_account(axes: Axes, scores: ka.Scores) -> None:
    """No fewer."""
    with pytest.raises(ka.ColumnError, match="differ in length: 'ids' 2, 'scores' 4"):
        plots.score_contributions(scores, axes, ids=["a", "b"])


# --- Waterfall -----------------------------------------------------------------------------------


def test_steps_lead_from_0_to_the_score(axes: Axes, chosen: ka.Selection) -> None:
    """Each starts where the one before ended, and the last bar is the score."""
    plots.score_waterfall(chosen, "b", axes)
    assert spans(axes.patches) == pytest.approx([0.0, 0.15, 0.15, 0.2, 0.0, 0.35])
    assert ticks(axes) == ["sales", "$fit$", "score"]
    texts = [t.get_text() for t in axes.texts]
    assert texts == ["+0.15 of 0.75", "+0.20 of 0.25", "0.35", "cut 0.45"]
    assert axes.get_title(loc="left") == "b: score 0.35, 0.10 below the cut"


def test_above_the_cut_is_said(axes: Axes, chosen: ka.Selection) -> None:
    """By how much."""
    plots.score_waterfall(chosen, HARD, axes)
    assert axes.get_title(loc="left") == f"{HARD}: score 0.85, 0.40 above the cut"


def test_an_account_without_a_score_says_so(axes: Axes) -> None:
    """Where a criterion that must be known is not."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1), missing="reject")],
        weights={"a": 1.0},
    )
    plots.score_waterfall(scorer.score({"a": [np.nan]}), 0, axes)
    assert axes.texts[0].get_text() == "Nothing to show\nthe account has no score"


def test_an_unknown_criterion_is_marked(axes: Axes, chosen: ka.Selection) -> None:
    """It gave nothing because nobody knows."""
    plots.score_waterfall(chosen, "c", axes)
    assert axes.texts[1].get_text() == "+0.00 of 0.25 (unknown)"


def test_the_hold_of_an_incumbent_is_a_step_of_its_own(axes: Axes, scores: ka.Scores) -> None:
    """It stands between the score and the cut."""
    chosen = ka.select(scores, ka.TopCount(2), ids=["a", "b", "c", "d"], incumbents=["b"], hold=0.2)
    plots.score_waterfall(chosen, "b", axes)
    assert ticks(axes)[-1] == "hold of an incumbent"
    assert spans(axes.patches[-1:]) == pytest.approx([0.35, 0.2])
    assert axes.get_title(loc="left") == "b: score 0.35 + 0.20, at the cut"


def test_without_ids_an_account_is_its_position(axes: Axes, scores: ka.Scores) -> None:
    """Counted from 0."""
    plots.score_waterfall(scores, 1, axes, language="en")
    assert axes.get_title(loc="left") == "row 1: score 0.35"
    with pytest.raises(ka.RowError, match="no row 4 in 4 rows"):
        plots.score_waterfall(scores, 4, axes)


def test_an_account_that_is_not_there_is_told(axes: Axes, chosen: ka.Selection) -> None:
    """With those that are."""
    with pytest.raises(ka.SpecError, match=r"score_waterfall\(account\) must be one of"):
        plots.score_waterfall(chosen, "x", axes)


# --- Distribution --------------------------------------------------------------------------------


def test_every_account_with_a_score_is_in_a_bar(axes: Axes) -> None:
    """Key ones and others apart; those without a score in none."""
    chosen = ka.select([0.9, 0.2, np.nan, 0.5, 0.7, 0.21], ka.TopCount(2))
    plots.score_distribution(chosen, axes, bins=7)
    others, key = axes.containers
    assert (heights(others), heights(key)) == (3, 2)
    assert {"key (2)", "other accounts (3)"} <= set(legend(axes))


def test_the_band_is_the_margin_around_the_cut(axes: Axes) -> None:
    """And counts the borderline."""
    chosen = ka.select([0.9, 0.2, 0.5, 0.7, 0.69], ka.TopCount(2), margin=0.05)
    plots.score_distribution(chosen, axes)
    assert spans(axes.patches[:1]) == pytest.approx([0.65, 0.1])
    assert "borderline (2)" in legend(axes)


def test_overrides_are_marked_at_their_scores(axes: Axes) -> None:
    """One in, one out."""
    rules = {"reason": "r", "approved_by": "x"}
    chosen = ka.select(
        [0.9, 0.2, 0.5, 0.7],
        ka.TopCount(2),
        ids=list("abcd"),
        overrides=[
            ka.Override(account="a", include=False, **rules),
            ka.Override(account="b", include=True, **rules),
        ],
    )
    plots.score_distribution(chosen, axes)
    assert xs(axes, "in by override (1)") == [0.2]
    assert xs(axes, "out by override (1)") == [0.9]


def test_groups_are_drawn_by_the_distance_to_their_own_cut(axes: Axes) -> None:
    """The cut is then at 0."""
    chosen = ka.select([0.9, 0.2, 0.5, 0.1], ka.TopCount(1), within=["x", "x", "y", "y"])
    plots.score_distribution(chosen, axes)
    assert axes.get_xlabel() == "score less the cut"
    assert xs(axes, "cut") == [0.0, 0.0]


@pytest.mark.parametrize("values", [[], [np.nan], [np.nan, np.nan]])
def test_where_nobody_has_a_score_the_figure_says_so(values: list[float], axes: Axes) -> None:
    """Nothing else is drawn."""
    plots.score_distribution(ka.select(values, ka.TopCount(1)), axes)
    assert axes.texts[0].get_text() == "Nothing to show\nno account has a score"
    assert not axes.patches


def test_one_account_is_enough(axes: Axes) -> None:
    """It is key, and without others there is no cut."""
    plots.score_distribution(ka.select([0.5], ka.TopCount(1)), axes)
    assert legend(axes) == ["other accounts (0)", "key (1)"]


# --- Weights -------------------------------------------------------------------------------------


def test_bars_span_the_weights_that_change_nothing(axes: Axes, sensitivity: ka.Sensitivity) -> None:
    """To 0 or 1 where no weight changes anything."""
    plots.weight_sensitivity(sensitivity, axes)
    low = np.where(np.isnan(sensitivity.lower), 0.0, sensitivity.lower)
    high = np.where(np.isnan(sensitivity.upper), 1.0, sensitivity.upper)
    assert spans(axes.patches) == pytest.approx(
        np.stack([low, high - low], axis=1).ravel().tolist()
    )
    assert xs(axes, "weight now") == sensitivity.weights.tolist()


def test_marks_and_numbers_stand_where_something_changes(
    axes: Axes, sensitivity: ka.Sensitivity
) -> None:
    """And nowhere else."""
    plots.weight_sensitivity(sensitivity, axes, account="b")
    row = sensitivity.ids.tolist().index("b")  # type: ignore[union-attr]
    ends = [*sensitivity.account_lower[row], *sensitivity.account_upper[row]]
    known = [e for e in ends if not np.isnan(e)]
    assert known
    assert xs(axes, "changes beyond") == known
    assert [t.get_text() for t in axes.texts] == [f"{e:.2f}" for e in known]
    assert axes.get_title(loc="left") == "Weights that keep b where it is"


def test_a_single_criterion_has_no_range(axes: Axes) -> None:
    """Its weight has nowhere to go."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1))], weights={"a": 1.0}
    )
    found = ka.sensitivity(ka.select(scorer.score({"a": [0.5, 0.7]}), ka.TopCount(1)))
    plots.weight_sensitivity(found, axes)
    assert spans(axes.patches) == [1.0, 0.0]


def test_an_account_that_was_not_looked_at_is_told(axes: Axes, sensitivity: ka.Sensitivity) -> None:
    """With those that were."""
    with pytest.raises(ka.SpecError, match=r"weight_sensitivity\(account\) must be one of"):
        plots.weight_sensitivity(sensitivity, axes, account="x")


# --- What is close to the cut --------------------------------------------------------------------


def close(*values: float) -> ka.Selection:
    """Give a selection of one from scores of one criterion."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1))], weights={"a": 1.0}
    )
    return ka.select(
        scorer.score({"a": list(values)}), ka.TopCount(1), ids=list("abcdef")[: len(values)]
    )


def test_no_bar_mixes_who_is_above_the_cut_with_who_is_below(axes: Axes) -> None:
    """One starts at the cut, to the bit."""
    chosen = ka.select(np.linspace(0.0, 1.0, 997) ** 2, ka.TopShare(0.13))
    plots.score_distribution(chosen, axes, bins=7)
    others, key = axes.containers
    assert chosen.cut in [bar.get_x() for bar in key]
    assert all(b.get_height() == 0 for b in key if b.get_x() < chosen.cut)
    assert all(b.get_height() == 0 for b in others if b.get_x() >= chosen.cut)
    many = int(np.count_nonzero(chosen.is_key))
    assert (heights(others), heights(key)) == (997 - many, many)


@pytest.mark.parametrize("values", [[0.5], [0.5] * 9, [0.0, 1e9], [-3.0, -2.0, -1.0]])
def test_every_account_is_in_a_bar(values: list[float], axes: Axes) -> None:
    """Of one score, of equal ones, of far ones, of negative ones."""
    plots.score_distribution(ka.select(values, ka.TopCount(1)), axes)
    assert sum(heights(part) for part in axes.containers) == len(values)


def test_accounts_without_a_score_are_told(axes: Axes) -> None:
    """They are in no bar."""
    plots.score_distribution(ka.select([0.5, np.nan, 0.7], ka.TopCount(1)), axes)
    assert axes.get_xlabel() == "score (1 without one left out)"


def test_a_score_is_as_far_from_the_cut_as_is_written(axes: Axes) -> None:
    """Not 0.58 and 0.01 below 0.58."""
    plots.score_waterfall(close(0.578, 0.584), "a", axes)
    assert axes.get_title(loc="left") == "a: score 0.578, 0.006 below the cut"
    assert "cut 0.584" in [t.get_text() for t in axes.texts]


def test_a_hair_below_the_cut_is_not_at_it(axes: Axes) -> None:
    """However many digits."""
    plots.score_waterfall(close(0.5, 0.5 + 1e-9), "a", axes)
    assert axes.get_title(loc="left").replace("\n", " ").endswith(", a hair below the cut")
    plots.score_waterfall(close(0.5, 0.5 + 1e-9), "b", axes)
    assert axes.get_title(loc="left").replace("\n", " ").endswith(", at the cut")


def test_scores_beside_the_cut_are_not_written_as_the_cut(axes: Axes) -> None:
    """With more digits, all of them alike; the cut too."""
    plots.score_contributions(close(0.578, 0.584, 0.2), axes)
    assert [t.get_text() for t in axes.texts] == ["0.584", "0.578", "0.200"]
    assert "cut 0.584" in legend(axes)


def test_a_score_that_could_be_higher_says_how_high(axes: Axes, scores: ka.Scores) -> None:
    """The number stands where the line ends."""
    plots.score_contributions(scores, axes, top=2)
    assert [t.get_text() for t in axes.texts][1] == "0.45–0.70"


def test_bars_start_at_nothing_also_where_all_are_nothing(axes: Axes) -> None:
    """An axis around 0 would show a range that is none."""
    plots.score_contributions(close(0.0), axes)
    assert axes.get_xlim()[0] == 0.0


def test_weights_that_hardly_move_are_told_from_the_weight(axes: Axes) -> None:
    """And the axis ends where the weights do."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion(n, column=n, value=ka.Linear(0, 10)) for n in "ab"],
        weights={"a": 0.75, "b": 0.25},
    )
    scores = scorer.score({"a": [5.0, 4.999], "b": [4.0, 4.0028]})
    found = ka.sensitivity(ka.select(scores, ka.TopCount(1)))
    plots.weight_sensitivity(found, axes)
    weights = {f"{w:.2f}" for w in found.weights.tolist()}
    assert not weights & {t.get_text() for t in axes.texts}
