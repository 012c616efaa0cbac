"""Snapshots of stages rebuilt from an order log, and the chain they make."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka
from keyaccount.lifecycle.stages import STAGES

NAMES: dict[str, Any] = {"customer": "who", "at": "day", "amount": "paid"}
LOG = {
    "who": ["A", "A", "A", "A", "B", "C"],
    "day": ["2025-01-05", "2025-02-04", "2025-03-06", "2025-12-20", "2025-06-10", "2025-12-28"],
    "paid": [10.0, 10.0, 10.0, 10.0, 20.0, 30.0],
}
DAYS = ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"]


def panel(**options: Any) -> ka.LifecyclePanel:
    """Rebuild four quarters."""
    given: dict[str, Any] = {**NAMES, "dates": DAYS, **options}
    return ka.lifecycle_panel(LOG, **given)


def test_each_day_knows_its_past_only() -> None:
    """A is lost and comes back; B and C are there from their first order on."""
    found = panel()
    assert found.account.tolist() == ["A", "A", "B", "A", "B", "A", "B", "C"]
    assert found.state.tolist() == [
        "acquisition",
        "acquisition",
        "acquisition",
        "maturity",  # 208 days of silence: over 180, and held until 216
        "acquisition",
        "maturity",
        "acquisition",  # 204 days: held
        "acquisition",
    ]
    free = panel(model=ka.LifecycleModel(hold=0))
    assert free.state.tolist()[3] == "churn"
    assert free.state.tolist()[6] == "churn"


def test_days_may_come_in_any_order_and_twice() -> None:
    """Sorted, each once."""
    first, second = panel(), panel(dates=[*DAYS[::-1], DAYS[0]])
    for name, column in first.columns().items():
        np.testing.assert_array_equal(column, second[name])


def test_each_day_is_what_the_features_of_that_day_say() -> None:
    """Without hold, a snapshot is `classify` of `lifecycle_features`."""
    model = ka.LifecycleModel(hold=0, acquisition_days=30, acquisition_orders=1)
    found = panel(model=model)
    for day in DAYS:
        features = ka.lifecycle_features(LOG, **NAMES, as_of=day)
        own = found.period == np.datetime64(day)
        assert found.state[own].tolist() == model.classify(features).labels.tolist()


def test_a_newcomer_is_held_by_nobody_elses_stage() -> None:
    """Silent for 200 days when first seen: lost, though its neighbours before it are not."""
    log = {
        "who": ["A", "C", "B", "A", "C"],
        "day": ["2025-01-10", "2025-01-10", "2025-02-12", "2025-08-20", "2025-08-20"],
        "paid": [1.0] * 5,
    }
    found = ka.lifecycle_panel(log, **NAMES, dates=["2025-01-31", "2025-08-31"])
    assert found.account[-2] == "B"
    assert found.state.tolist() == ["acquisition"] * 3 + ["churn", "acquisition"]


def test_groups_keep_the_name_they_have_in_the_log() -> None:
    """Fitted on the features of a log, and in a panel; a panel without them says what it misses."""
    log = {
        "who": ["A", "A", "B", "B"],
        "day": ["2025-01-10", "2025-02-10", "2025-01-05", "2025-01-25"],
        "paid": [1.0] * 4,
        "ind": ["x", "x", "y", "y"],
    }
    features = ka.lifecycle_features(log, **NAMES, as_of="2025-03-01", group="ind")
    assert features["ind"].tolist() == features["group"].tolist() == ["x", "y"]
    assert "ind" in features.columns()
    assert "group" not in features.columns()
    model = ka.LifecycleModel(group="ind", min_group=1).fit(features)
    days = ["2025-03-01"]
    assert len(ka.lifecycle_panel(log, **NAMES, dates=days, group="ind", model=model)) == 2
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'ind'"):
        ka.lifecycle_panel(log, **NAMES, dates=days, model=model)


def test_it_is_a_panel_for_a_chain() -> None:
    """Straight into `StageChain.fit`."""
    found = panel(model=ka.LifecycleModel(hold=0))
    chain = ka.StageChain.fit(found, states=["acquisition", "maturity", "churn"])
    assert np.array(chain.counts).tolist() == [[2, 0, 2], [0, 0, 0], [0, 1, 0]]
    assert chain.gaps == 0
    assert pd.DataFrame(found.columns()).shape == (8, 3)
    assert found.row(0)["account"] == "A"
    assert "8 snapshots on 4 days" in repr(found)
    assert "<table" in found._repr_html_()
    with pytest.raises(ka.ColumnNotFoundError):
        found["stage"]


def test_a_chain_of_a_panel_has_the_five_stages() -> None:
    """In their order, whichever occur; states that are asked for come first."""
    found = panel(model=ka.LifecycleModel(hold=0))
    assert ka.StageChain.fit(found).states == STAGES
    assert ka.StageChain.fit(found, absorbing=["churn"]).matrix[4] == (0.0, 0.0, 0.0, 0.0, 1.0)
    assert ka.StageChain.fit(found.columns()).states == ("acquisition", "churn", "maturity")


def test_stationary_accounts_keep_their_stage() -> None:
    """Random orders every 20 days: few change their stage from month to month."""
    rng = np.random.default_rng(7)
    days = np.cumsum(rng.exponential(20, (60, 80)), axis=1).astype(np.int64)
    who = np.repeat(np.arange(60), 80).reshape(60, 80)
    inside = days < 1_100
    log = {
        "who": who[inside],
        "day": np.datetime64("2021-01-01") + days[inside],
        "paid": rng.gamma(4, size=int(inside.sum())),
    }
    dates = np.datetime64("2023-06-01") + 30 * np.arange(8)
    found = ka.lifecycle_panel(log, **NAMES, dates=dates)
    stage = found.state_code.reshape(8, 60)
    assert (stage[1:] != stage[:-1]).mean() < 0.08


def test_chance_is_not_kept_for_long() -> None:
    """Random orders of random amounts: growth and decline do not add up over twelve quarters."""
    rng = np.random.default_rng(3)
    days = rng.integers(0, 2_500, (150, 125))  # 125 orders at random, every 20 days on average
    log = {
        "who": np.repeat(np.arange(150), 125),
        "day": np.datetime64("2020-01-01") + days.reshape(-1),
        "paid": rng.lognormal(5, 0.5, days.size),
    }
    dates = np.datetime64("2023-12-01") + 91 * np.arange(12)
    stage = ka.lifecycle_panel(log, **NAMES, dates=dates).state_code.reshape(12, 150)
    wrong = (stage == STAGES.index("growth")) | (stage == STAGES.index("decline"))
    assert wrong.mean() < 0.16
    assert wrong[-4:].mean() < 0.18


@pytest.mark.parametrize("dates", [[], "2025-03-31", [None], ["last month"]])
def test_days_must_be_days(dates: Any) -> None:
    """One or more."""
    with pytest.raises(ka.KeyAccountError):
        panel(dates=dates)


def test_rules_must_be_rules() -> None:
    """A model, and no number."""
    with pytest.raises(ka.SpecError, match="must be a LifecycleModel"):
        panel(model=3)


def test_a_day_before_the_log_has_no_snapshot() -> None:
    """And no error."""
    assert len(panel(dates=["2024-01-01"])) == 0
    assert len(panel(dates=["2024-01-01", *DAYS])) == 8
