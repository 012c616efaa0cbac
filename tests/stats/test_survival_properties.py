"""What holds of every set of durations: algebra of the estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.stats.survival import CumulativeIncidence, aalen_johansen, kaplan_meier
from keyaccount.stats.survival.cells import cells_of
from keyaccount.testing import assert_same_bits, stage_visits

CODES = {"open": 0, "advanced": 1, "lost": 2, None: None}
Visits = dict[str, Any]


def curves_of(visits: Visits, *, grouped: bool = True) -> CumulativeIncidence:
    """Estimate the curves of drawn visits."""
    return aalen_johansen(
        visits["days"],
        [CODES[o] for o in visits["outcome"]],
        groups=visits["group"] if grouped else None,
        entered=visits.get("entered"),
    )


def assert_same_curves(found: CumulativeIncidence, expected: CumulativeIncidence) -> None:
    """Hold two estimates to the same bits, variances and counts among them."""
    assert_same_bits(found.times, expected.times, "times")
    assert_same_bits(found.incidence, expected.incidence, "incidence")
    assert_same_bits(found.open, expected.open, "open")
    assert_same_bits(found.variance, expected.variance, "variance")
    assert_same_bits(found.risk.at_risk, expected.risk.at_risk, "at_risk")
    assert_same_bits(found.risk.censored, expected.risk.censored, "censored")


ANY = stage_visits(missing=True) | stage_visits(entered=True)


@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(visits: Visits, random: Any) -> None:
    """Book-wise: permuted rows give the same curves."""
    order = list(range(len(visits["days"])))
    random.shuffle(order)
    permuted = {name: [column[i] for i in order] for name, column in visits.items()}
    assert_same_curves(curves_of(permuted), curves_of(visits))


@given(ANY)
def test_a_group_is_what_it_is_alone(visits: Visits) -> None:
    """Curves by group are those of separate calls, to the bit."""
    together = curves_of(visits)
    for code, label in enumerate(together.labels):
        rows = [i for i, g in enumerate(visits["group"]) if g == label]
        alone = curves_of({n: [c[i] for i in rows] for n, c in visits.items()}, grouped=False)
        steps = slice(*together.risk.offsets[code : code + 2])
        assert_same_bits(together.times[steps], alone.times)
        assert_same_bits(together.incidence[:, steps], alone.incidence)
        assert_same_bits(together.variance[:, steps], alone.variance)
        at, own = together.at([0, 3.5, 99]), alone.at([0, 3.5, 99])
        assert_same_bits(at.watched[3 * code : 3 * code + 3], own.watched)
        assert_same_bits(at.open[3 * code : 3 * code + 3], own.open)


@given(ANY)
def test_shares_add_up_and_never_turn_back(visits: Visits) -> None:
    """Gone and open make 1; what is gone stays gone; everything lies in [0, 1]."""
    curves = curves_of(visits)
    np.testing.assert_allclose(curves.incidence.sum(axis=0) + curves.open, 1.0, atol=1e-12)
    assert ((curves.incidence >= 0.0) & (curves.incidence <= 1.0)).all()
    for start, end in zip(curves.risk.offsets[:-1], curves.risk.offsets[1:], strict=True):
        assert (np.diff(curves.incidence[:, start:end]) >= 0.0).all()
        assert (np.diff(curves.open[start:end]) <= 0.0).all()
    at = curves.at([0, 1, 2, 5, 12])
    for cause in (0, 1, 2):
        share = at.open if cause == 0 else at.incidence[cause - 1]
        low, high = at.interval(cause)
        known = ~np.isnan(low)
        assert ((low <= share + 1e-12) & (share <= high + 1e-12))[known].all()
        assert ((low >= 0.0) & (high <= 1.0))[known].all()


@given(stage_visits(open_deals=False, min_size=1))
def test_without_open_deals_shares_are_frequencies(visits: Visits) -> None:
    """Nothing is censored: counts over all, binomial variances, all rows effective."""
    days, outcomes = np.array(visits["days"]), np.array(visits["outcome"])
    n = len(days)
    at = curves_of(visits, grouped=False).at([0, 2, 6.5, 12])
    for cause, name in ((1, "advanced"), (2, "lost")):
        seen = [np.count_nonzero((days <= t) & (outcomes == name)) / n for t in at.horizon]
        share, variance = at.incidence[cause - 1], at.variance[cause - 1]
        np.testing.assert_allclose(share, seen, atol=1e-12)
        np.testing.assert_allclose(variance, share * (1 - share) / n, atol=1e-12)
        np.testing.assert_allclose(at.effective(cause), n, rtol=1e-6)


@given(stage_visits(min_size=1))
def test_no_more_deals_count_than_there_are(visits: Visits) -> None:
    """Open deals make the effective number smaller, never larger."""
    at = curves_of(visits).at([0, 1, 4, 12, 20])
    deals = curves_of(visits).risk.rows[at.group]
    for cause in (1, 2):
        assert (at.effective(cause) <= deals * (1 + 1e-6)).all()


@given(stage_visits(), st.sampled_from([0.25, 0.5, 8.0]))
def test_time_in_another_unit_moves_times_alone(visits: Visits, factor: float) -> None:
    """Scaled by a power of two, times scale and nothing else changes a bit."""
    scaled = {**visits, "days": [d * factor for d in visits["days"]]}
    found, expected = curves_of(scaled), curves_of(visits)
    if min(filter(None, visits["days"]), default=1.0) > 1e-300:  # no bits lost near 0
        assert_same_bits(found.times, expected.times * factor)
        assert_same_bits(found.incidence, expected.incidence)
        assert_same_bits(found.variance, expected.variance)


@given(ANY, st.integers(2, 4))
def test_every_row_repeated_leaves_the_curves(visits: Visits, times: int) -> None:
    """Shares stay; variances shrink by as much."""
    found = curves_of({name: list(column) * times for name, column in visits.items()})
    expected = curves_of(visits)
    assert_same_bits(found.incidence, expected.incidence)
    assert_same_bits(found.open, expected.open)
    np.testing.assert_allclose(found.variance * times, expected.variance, atol=1e-12)


@given(stage_visits())
def test_both_ways_of_counting_agree(visits: Visits) -> None:
    """Whole days are counted in a table, other times by sorting: shifted by half a day, alike."""
    days = np.floor(np.array(visits["days"], dtype=np.float64))
    causes = np.array([CODES[o] for o in visits["outcome"]], dtype=np.int64)
    groups = np.array([len(g) % 3 for g in visits["group"]], dtype=np.int64)
    whole = cells_of(days, causes, groups, n_groups=3, n_causes=2)
    half = cells_of(days + 0.5, causes, groups, n_groups=3, n_causes=2)
    assert_same_bits(half.time - 0.5, whole.time)
    assert_same_bits(half.group, whole.group)
    assert_same_bits(half.counts, whole.counts)


@given(stage_visits(min_size=1))
def test_dwell_is_the_curve_of_leaving_either_way(visits: Visits) -> None:
    """Kaplan-Meier of any end is what Aalen-Johansen leaves open."""
    left = [int(o != "open") for o in visits["outcome"]]
    curve = kaplan_meier(visits["days"], left, groups=visits["group"])
    assert_same_bits(curve.survival, curves_of(visits).open)
    assert_same_bits(curve.variance, curves_of(visits).open_variance)


@given(stage_visits(min_size=1), st.floats(0.05, 0.9))
def test_the_remaining_time_of_a_new_deal_is_the_quantile(visits: Visits, q: float) -> None:
    """Nothing spent and nobody gone at once: conditional and plain quantile are one."""
    left = [int(o != "open") for o in visits["outcome"]]
    curve = kaplan_meier([d + 1.0 for d in visits["days"]], left)
    assert_same_bits(curve.remaining([0.0], q), curve.quantile(q))
    spent = np.array([0.0, 1.0, 2.5, 6.0])
    together = curve.remaining(spent, q)
    assert_same_bits(together, np.concatenate([curve.remaining([s], q) for s in spent]))
    known = ~np.isnan(together)
    assert (together[known] > 0.0).all()
