"""Stages by rule: every rule at its threshold, what is held, and each row on its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.lifecycle.stages import NAMES_ZH, STAGES
from keyaccount.testing import assert_row_wise, lifecycle_books, lifecycle_models

STEADY: dict[str, Any] = {
    "days_since": 20.0,
    "tenure_days": 900.0,
    "order_days": 13.0,
    "gaps": 12.0,
    "gap_high": 40.0,
    "slope": 0.0,
    "slope_low": -0.1,
    "slope_high": 0.1,
    "days_to_end": None,
}
RISING = {"slope": 0.06, "slope_low": 0.02, "slope_high": 0.1}
FALLING = {"slope": -0.06, "slope_low": -0.1, "slope_high": -0.02}


def stage(model: ka.LifecycleModel | None = None, **facts: Any) -> tuple[str | None, str | None]:
    """Judge one account that is steady but for the facts given: its stage and rule."""
    found = (model or ka.LifecycleModel()).classify({**STEADY, **facts})
    return found.labels[0], found.rule[0]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("maturity", "steady")),
        (RISING, ("growth", "rising")),
        ({**RISING, "slope": 0.05}, ("growth", "rising")),
        ({**RISING, "slope": 0.049}, ("maturity", "steady")),  # too little to matter
        ({**RISING, "slope_low": 0.0}, ("maturity", "steady")),  # may be noise
        (FALLING, ("decline", "falling")),
        ({**FALLING, "slope_high": 0.0}, ("maturity", "steady")),
        ({"slope_low": None}, ("maturity", "no_trend")),
        ({"slope": None, "slope_low": None, "slope_high": None}, ("maturity", "no_trend")),
        ({"days_since": 60}, ("maturity", "steady")),  # 1.5 times 40 is still allowed
        ({"days_since": 60.5}, ("churn", "silent")),
        ({"days_since": 60.5, **RISING}, ("churn", "silent")),
        ({"gaps": 8, "days_since": 180}, ("maturity", "steady")),  # too few gaps of its own
        ({"gaps": 8, "days_since": 181}, ("churn", "silent")),
        ({"gaps": 2, "gap_high": 365, "days_since": 500}, ("maturity", "steady")),
        ({"gaps": 2, "gap_high": 365, "days_since": 548}, ("churn", "silent")),
        ({"gaps": 0, "gap_high": None, "days_since": 181}, ("churn", "silent")),
        ({"tenure_days": 181}, ("acquisition", "young")),
        ({"tenure_days": 182}, ("maturity", "steady")),
        ({"tenure_days": 181, **RISING}, ("acquisition", "young")),
        ({"order_days": 2}, ("acquisition", "few_orders")),
        ({"order_days": 3}, ("maturity", "steady")),
        ({"days_since": 400, "days_to_end": 0}, ("maturity", "steady")),  # a contract is running
        ({"days_since": 400, "days_to_end": -1}, ("churn", "contract_ended")),
        ({"days_since": 20, "days_to_end": -20}, ("churn", "contract_ended")),
        ({"days_since": 20, "days_to_end": -21}, ("maturity", "steady")),  # ordered since
        ({"days_since": 70, "days_to_end": -71}, ("churn", "silent")),
        ({"days_since": None, "days_to_end": -1}, ("churn", "contract_ended")),
        ({"days_since": None}, (None, None)),
        ({"days_since": float("inf")}, (None, None)),
    ],
)
def test_each_rule_at_its_threshold(facts: Any, expected: tuple[str, str]) -> None:
    """The defaults, which are choices of this library, one by one."""
    assert stage(**facts) == expected


def test_a_prospect_is_in_acquisition_only_where_a_column_says_so() -> None:
    """An account without orders is unknown by itself."""
    model = ka.LifecycleModel(prospect="lead")
    assert stage(model, days_since=None, lead=True) == ("acquisition", "prospect")
    assert stage(model, days_since=None, lead=False) == (None, None)
    assert stage(model, lead=True) == ("maturity", "steady")


def test_grace_after_a_contract() -> None:
    """Thirty days of grace."""
    model = ka.LifecycleModel(grace_days=30)
    assert stage(model, days_since=400, days_to_end=-30) == ("maturity", "steady")
    assert stage(model, days_since=400, days_to_end=-31) == ("churn", "contract_ended")


HELD = ka.LifecycleModel(previous="before")


@pytest.mark.parametrize(
    ("before", "facts", "expected", "held"),
    [
        ("maturity", {"days_since": 71}, "maturity", True),  # limit 60 × 1.2
        ("maturity", {"days_since": 73}, "churn", False),
        ("churn", {"days_since": 50}, "churn", True),  # limit 60 × 0.8
        ("流失", {"days_since": 50}, "churn", True),
        ("churn", {"days_since": 47}, "maturity", False),
        ("maturity", {"slope": 0.055, "slope_low": 0.02, "slope_high": 0.1}, "maturity", True),
        ("maturity", {**RISING, "slope": 0.061}, "growth", False),
        ("maturity", {**RISING, "slope_low": 0.005}, "maturity", True),
        ("growth", {**RISING, "slope": 0.041, "slope_low": -0.005}, "growth", True),
        (
            "growth",
            {"slope": 0.041, "slope_low": -0.1, "slope_high": 0.2},
            "growth",
            True,
        ),
        ("growth", {"slope": 0.039, "slope_low": -0.1, "slope_high": 0.2}, "maturity", False),
        ("growth", {**RISING, "slope": 0.039}, "maturity", False),
        ("growth", FALLING, "decline", False),
        ("growth", {"slope": None}, "maturity", False),
        ("decline", {"slope": -0.041, "slope_low": -0.2, "slope_high": 0.1}, "decline", True),
        ("decline", {"slope": -0.039, "slope_low": -0.2, "slope_high": 0.1}, "maturity", False),
        ("decline", {**FALLING, "slope": -0.041, "slope_high": 0.005}, "decline", True),
        ("decline", {"slope": 0.055, "slope_low": 0.02, "slope_high": 0.1}, "maturity", True),
        (None, {"days_since": 61}, "churn", False),
    ],
)
def test_the_stage_before_is_held_against_little_evidence(
    before: str | None, facts: Any, expected: str, held: bool
) -> None:
    """Thresholds move by a fifth towards the stage an account was in, and away from the others."""
    found = HELD.classify({**STEADY, **facts, "before": before})
    assert found.labels.tolist() == [expected]
    assert found.held.tolist() == [held]
    assert ("held" in found.row(0)) is held


def test_without_any_least_slope_the_sign_of_the_slope_holds_a_stage() -> None:
    """A threshold of 0 cannot be moved by a share; a slope of 0 is neither growth nor decline."""
    model = ka.LifecycleModel(previous="before", growth=0, decline=0, hold=0)

    def after(before: str, slope: float) -> Any:
        mixed = {**STEADY, "slope": slope, "slope_low": -0.1, "slope_high": 0.05}
        return model.classify({**mixed, "before": before})

    assert [after(b, -0.01).labels[0] for b in STAGES[1:4]] == ["maturity", "maturity", "decline"]
    assert [after(b, 0.01).labels[0] for b in STAGES[1:4]] == ["growth", "maturity", "maturity"]
    assert [after(b, 0.0).labels[0] for b in STAGES[1:4]] == ["maturity"] * 3
    said = str(after("decline", -0.01).row(0)["why"])
    assert said == (
        "it was in decline, and spend still falls by 1.0% of the typical one per period "
        "(-10.0% to +5.0%); 0.0% keeps it there"
    )
    held = HELD.classify({**STEADY, "slope": 0.045, "before": "growth"}).row(0)["why"]
    assert str(held).endswith(
        "rises by 4.5% of the typical one per period (-10.0% to +10.0%); 4.0% keeps it there"
    )


def test_unknown_facts_prove_nothing() -> None:
    """Neither past acquisition nor a stage where tenure or order days are unknown."""
    nothing = {**dict.fromkeys(STEADY), "days_since": 10}
    found = ka.LifecycleModel().classify(nothing)
    assert (found.labels.tolist(), found.rule.tolist()) == ([None], [None])
    assert "its tenure and order days are not known" in str(found.row(0)["why"])
    assert stage(tenure_days=None) == (None, None)
    assert stage(order_days=None) == (None, None)
    assert stage(order_days=None, tenure_days=12) == ("acquisition", "young")
    assert stage(ka.LifecycleModel(acquisition_days=0), tenure_days=None)[0] == "maturity"


def test_an_account_under_contract_that_spends_nothing_declines() -> None:
    """In the whole window, and longer than its rhythm allows; a slow one is no case of it."""
    dead: dict[str, Any] = {
        "slope": None,
        "slope_low": None,
        "slope_high": None,
        "covered_periods": 8,
    }
    assert stage(**dead, days_since=800, days_to_end=90) == ("decline", "no_spend")
    slow = {**STEADY, **dead, "gap_high": 800, "days_since": 800}
    found = ka.LifecycleModel().classify(slow)
    assert (found.labels[0], found.rule[0]) == ("maturity", "no_trend")
    assert "no spend in the last 8 periods" in str(found.row(0)["why"])
    assert stage(**{**dead, "covered_periods": 1}, days_since=800, days_to_end=9)[1] == "no_trend"


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        ([100] * 4 + [0] * 4, "stepped_down"),
        ([100] * 4 + [10] * 4, "stepped_down"),
        ([100] * 4 + [300] * 4, "stepped_up"),
        ([101, 99, 103, 100, 70, 71, 73, 72], "stepped_down"),
        ([100] * 4 + [90] * 4, "steady"),  # too little to matter
        ([100, 100, 100, 300, 100, 300, 300, 300], "steady"),
        ([0] * 8, "no_spend"),
    ],
)
def test_a_step_that_lasts_is_a_trend(spend: list[float], expected: str) -> None:
    """Equal amounts on either side put the end of the slope's interval at 0."""
    days = np.datetime64("2025-12-31") - (91 * np.arange(7, -1, -1) + 45)
    first = np.datetime64("2023-01-01") + np.arange(3)
    log = {
        "who": ["A"] * 11,
        "day": [*first, *days],
        "paid": [5.0] * 3 + [float(s) for s in spend],
        "end": ["2027-01-01"] * 11,
    }
    kept = [i for i, paid in enumerate(log["paid"]) if paid]
    features = ka.lifecycle_features(
        {name: [column[i] for i in kept] for name, column in log.items()},
        customer="who",
        at="day",
        amount="paid",
        end="end",
        as_of="2025-12-31",
    )
    found = ka.LifecycleModel().classify(features)
    assert found.rule.tolist() == [expected]
    if expected.startswith("stepped"):
        assert "of the later half is" in str(found.row(0)["why"])


def test_columns_of_groups_of_another_length_are_refused() -> None:
    """Neither broadcast nor an error of numpy."""
    model = ka.LifecycleModel(group="g", min_group=1)
    with pytest.raises(ka.ColumnError, match="differ in length"):
        model.fit({"gap_median": [10.0, 20.0, 30.0], "g": ["a", "b"]})
    fitted = model.fit({"gap_median": [10.0, 20.0], "g": ["a", "b"]})
    two = {name: [value, value] for name, value in STEADY.items()}
    for groups in (["a"], ["a", "b", "a"]):
        with pytest.raises(ka.ColumnError, match="differ in length"):
            fitted.classify({**two, "g": groups})


def test_an_account_at_a_threshold_does_not_flip() -> None:
    """Silence around the limit of 60 days: one change with hold, five without."""
    silent = [55, 62, 58, 63, 57, 61, 75]
    stages: dict[float, list[str]] = {}
    for hold in (0.0, 0.2):
        model, now = ka.LifecycleModel(previous="before", hold=hold), None
        for days in silent:
            now = model.classify({**STEADY, "days_since": days, "before": now}).labels[0]
            stages.setdefault(hold, []).append(str(now))
    assert stages[0.2] == ["maturity"] * 6 + ["churn"]
    assert sum(a != b for a, b in zip(stages[0.0], stages[0.0][1:], strict=False)) == 5


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"days_since": 90, "gap_high": 41},
            "silent for 90 days; counts as churn beyond 61.5: 1.5 times the high gap of 41 days of",
        ),
        ({"days_since": 200, "gaps": 1}, "beyond 180: the default, as nothing was learned"),
        (
            {"days_since": 900, "gaps": 2, "gap_high": 365},
            "beyond 547.5: 1.5 times 365 days, a high gap of its own 2",
        ),
        (
            {"days_since": 90, "days_to_end": -31},
            "its contract ended 31 days ago, and no order came since",
        ),
        ({"days_since": 90, "days_to_end": -1}, "ended 1 day ago, and no order"),
        ({"tenure_days": 1}, "its first order was 1 day ago"),
        ({"tenure_days": 12}, "its first order was 12 days ago, and acquisition lasts 182"),
        ({"order_days": 1}, "ordered on 1 day, and acquisition lasts until 3"),
        (RISING, "spend rises by 6.0% of the typical one per period (+2.0% to +10.0%)"),
        (FALLING, "spend falls by 6.0% of the typical one per period (-10.0% to -2.0%)"),
        ({}, "no trend that matters: +0.0% per period (-10.0% to +10.0%)"),
        ({"slope": None}, "too few periods to tell a trend"),
        ({"days_since": None}, "no orders are known"),
    ],
)
def test_each_row_says_why(facts: Any, said: str) -> None:
    """The numbers that decided, in words."""
    assert said in str(ka.LifecycleModel().classify({**STEADY, **facts}).row(0)["why"])


def test_a_moved_limit_says_so() -> None:
    """Beyond 72 days, not 60: the reason adds up."""
    found = HELD.classify({**STEADY, "days_since": 80, "before": "maturity"})
    assert str(found.row(0)["why"]).endswith("of its own 12, moved by +20% to hold its stage")
    assert found.hiatus_limit.tolist() == [pytest.approx(72)]
    back = HELD.classify({**STEADY, "days_since": 50, "before": "churn"})
    assert "beyond 48: " in str(back.row(0)["why"])


def book(n: int = 40) -> dict[str, Any]:
    """Accounts of two groups: one orders every 10 to 29 days, the other ten times as slowly."""
    gaps = np.arange(10.0, 10.0 + n / 2)
    return {
        **{name: np.full(n, np.nan if v is None else v) for name, v in STEADY.items()},
        "gaps": np.full(n, 2.0),
        "gap_high": np.full(n, 1.0),
        "gap_median": np.concatenate([gaps, 10 * gaps]),
        "industry": np.repeat(["fast", "slow"], n // 2),
    }


def test_fit_learns_the_rhythm_of_groups() -> None:
    """The 90 % quantile of the accounts' median gaps: rank 0.9 × 21 of 20."""
    fitted = ka.LifecycleModel(group="industry").fit(book())
    days = fitted.hiatus_days
    assert isinstance(days, ka.ByGroup)
    assert days.of("fast") == pytest.approx(10 + 17.9)
    assert days.of("slow") == pytest.approx(279)
    assert fitted.is_fitted
    assert not ka.LifecycleModel().is_fitted
    found = fitted.classify({**book(), "days_since": np.full(40, 43.0)})
    assert found.counts()["churn"] == 20
    assert found.limit_source[[0, 39]].tolist() == ["group", "group"]
    assert found.hiatus_limit[0] == pytest.approx(1.5 * 27.9)
    other = fitted.classify({**STEADY, "gaps": 0, "gap_high": None, "industry": "new"})
    assert other.limit_source.tolist() == ["pool"]
    assert other.findings == ()
    shuffled = {k: v[::-1] for k, v in book().items()}
    assert ka.LifecycleModel(group="industry").fit(shuffled) == fitted
    assert fitted.fit(book()) == fitted


def test_fit_without_groups_and_with_too_little() -> None:
    """The pool alone; a small group falls back; nothing to learn from is an error."""
    assert isinstance(ka.LifecycleModel().fit(book()).hiatus_days, float)
    small = ka.LifecycleModel(group="industry", min_group=21).fit(book())
    assert small.classify({**STEADY, "industry": "fast", "gaps": 0}).limit_source[0] == "pool"
    with pytest.raises(ka.NotEnoughDataError, match="gap_median"):
        ka.LifecycleModel().fit({"gap_median": [None, 0.0]})


def test_what_a_result_offers() -> None:
    """Columns, counts, names in Chinese, findings."""
    facts = pd.DataFrame(
        [{**STEADY, "gaps": 0}, {**STEADY, "days_since": None}, {**STEADY, **RISING}]
    )
    found = ka.LifecycleModel().classify(facts.astype(float))
    assert found.names_zh.tolist() == ["成熟", None, "提升"]
    assert found.counts() == {**dict.fromkeys(STAGES, 0), "maturity": 1, "growth": 1}
    assert [f.code for f in found.findings] == ["unknown", "default_limit"]
    assert pd.DataFrame(found.columns())["stage"].tolist()[2] == "growth"
    assert len(found) == 3
    assert "1 growth" in repr(found)
    assert "<table" in found._repr_html_()
    assert found.row(-1)["stage_zh"] == "提升"
    infinite = ka.LifecycleModel().classify({**STEADY, "slope": float("inf")})
    assert [(f.code, f.where) for f in infinite.findings] == [
        ("infinite", "slope"),
        ("no_trend", ""),
    ]
    assert len(ka.LifecycleModel().classify({name: [] for name in STEADY})) == 0


def test_it_takes_the_features_of_a_log() -> None:
    """Straight from `lifecycle_features`, fitted and not."""
    rng = np.random.default_rng(5)
    log = {
        "who": rng.integers(0, 60, 900),
        "day": np.datetime64("2024-01-01") + rng.integers(0, 700, 900).astype("timedelta64[D]"),
        "paid": rng.integers(1, 9_000, 900) / 100,
    }
    features = ka.lifecycle_features(
        log, customer="who", at="day", amount="paid", as_of="2025-12-01"
    )
    model = ka.LifecycleModel()
    for found in (model.classify(features), model.fit(features).classify(features)):
        assert sum(found.counts().values()) == 60
        table = pd.DataFrame(features.columns())
        assert (
            model.fit(features).classify(table).counts()
            == model.fit(table).classify(features).counts()
        )


@settings(max_examples=60)
@given(st.data())
def test_a_stage_depends_on_its_row_alone(data: st.DataObject) -> None:
    """In any order, in parts and one by one, to the last bit."""
    model = data.draw(lifecycle_models(group="industry"))
    assert_row_wise(model, data.draw(lifecycle_books(group="industry")))


@settings(max_examples=60)
@given(lifecycle_books(min_size=1), lifecycle_models())
def test_holding_the_stage_it_is_in_changes_nothing(
    facts: dict[str, Any], model: ka.LifecycleModel
) -> None:
    """Judged again with its own result as the stage before, every account stays."""
    afresh = ka.LifecycleModel(
        **{k: v for k, v in _fields(model).items() if k != "previous"}
    ).classify(facts)
    held = ka.LifecycleModel(**{**_fields(model), "previous": "now"})
    again = held.classify({**facts, "now": afresh.labels})
    assert again.labels.tolist() == afresh.labels.tolist()
    assert not again.held.any()


@settings(max_examples=60)
@given(lifecycle_books(min_size=1), lifecycle_models(), st.integers(1, 300))
def test_longer_silence_never_takes_an_account_out_of_churn(
    facts: dict[str, Any], model: ka.LifecycleModel, more: int
) -> None:
    """Monotonic: what was churned stays churned."""
    before = model.classify(facts)
    later = model.classify({**facts, "days_since": np.array(facts["days_since"]) + more})
    churn = STAGES.index("churn")
    assert (later.stage[before.stage == churn] == churn).all()


def _fields(model: ka.LifecycleModel) -> dict[str, Any]:
    return {name: getattr(model, name) for name in ka.LifecycleModel.__annotations__}


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.LifecycleModel(patience=0), ka.SpecError, "patience"),
        (lambda: ka.LifecycleModel(hold=1), ka.SpecError, "hold must be below 1"),
        (lambda: ka.LifecycleModel(hold=-0.1), ka.SpecError, "hold"),
        (lambda: ka.LifecycleModel(growth=-1), ka.SpecError, "growth"),
        (lambda: ka.LifecycleModel(min_gaps=1.5), ka.SpecError, "min_gaps"),
        (lambda: ka.LifecycleModel(hiatus_days=0), ka.SpecError, "hiatus_days"),
        (lambda: ka.LifecycleModel(hiatus_days={"a": 3}), ka.SpecError, "hiatus_days"),
        (
            lambda: ka.LifecycleModel(hiatus_days=ka.ByGroup({"a": 3.0}, pool=4.0)),
            ka.SpecError,
            "must name the column of groups",
        ),
        (lambda: ka.LifecycleModel(previous=" "), ka.SpecError, "previous"),
        (lambda: ka.LifecycleModel().classify({}), ka.ColumnNotFoundError, "days_since"),
        (
            lambda: ka.LifecycleModel().classify({**STEADY, "slope": "up"}),
            ka.RowError,
            "holds no number",
        ),
        (
            lambda: ka.LifecycleModel().classify({**STEADY, "slope": [0.1, 0.2]}),
            ka.ColumnError,
            "differ in length",
        ),
        (
            lambda: ka.LifecycleModel().classify({**STEADY, "days_since": -1}),
            ka.RowError,
            "below 0",
        ),
        (
            lambda: ka.LifecycleModel().classify(
                {**STEADY, "slope": 0.0, "slope_low": 0.2, "slope_high": -0.2}
            ),
            ka.RowError,
            r"'slope_low': 1 row is above slope_high \(row 0: 0.2\)",
        ),
        (
            lambda: ka.LifecycleModel().classify({**STEADY, "slope": -0.2}),
            ka.RowError,
            "'slope_low': 1 row is above slope ",
        ),
        (
            lambda: ka.LifecycleModel().classify({**STEADY, "slope": 0.2}),
            ka.RowError,
            "'slope': 1 row is above slope_high",
        ),
        (
            lambda: HELD.classify({**STEADY, "before": "mature"}),
            ka.SpecError,
            "must be one of 'acquisition'",
        ),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """A typed error that names the field or column."""
    with pytest.raises(error, match=said):
        call()


def test_the_five_stages_have_names_in_both_languages() -> None:
    """As the method names them."""
    assert dict(zip(STAGES, NAMES_ZH, strict=True)) == {
        "acquisition": "获取",
        "growth": "提升",
        "maturity": "成熟",
        "decline": "衰退",
        "churn": "流失",
    }
