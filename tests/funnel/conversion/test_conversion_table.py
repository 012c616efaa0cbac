"""Conversion per stage and group, against the plan, with a stated rule for deals that come back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.funnel.conversion.trials import Reentry
from keyaccount.testing import assert_same_bits, stage_visits

# planned, strength, deals, advanced: mean and sd of the posterior
REFERENCE = (
    (0.8, 10, 40, 26, 0.68, 0.06531972647421809),
    (0.7, 20, 26, 17, 0.6739130434782609, 0.06837852302303148),
    (0.6, 2, 12, 5, 0.4428571428571429, 0.12825357535693396),
    (0.5, 20, 3, 3, 0.5652173913043478, 0.10119014524470248),
)
RETURNS: dict[str, Any] = {
    "stage": ["A", "B", "A", "A", "B"],
    "days": [3.0, 4.0, 5.0, 1.0, 6.0],
    "outcome": ["open", "open", "advanced", "lost", "lost"],
    "deal": ["d1", "d1", "d1", "d2", "d1"],
    "began": ["2026-01-01", "2026-01-04", "2026-01-08", "2026-02-01", "2026-01-13"],
    "owner": ["li", "li", "wang", "wang", "wang"],
}


def visits_of(deals: int, advanced: int) -> dict[str, Any]:
    """Make visits without open deals."""
    return {
        "stage": ["A"] * deals,
        "days": [3.0] * deals,
        "outcome": ["advanced"] * advanced + ["lost"] * (deals - advanced),
    }


@pytest.mark.parametrize("row", REFERENCE)
def test_shrinkage_ref_beta_binomial_shrinkage(row: tuple[float, ...]) -> None:
    """Without open deals the effective number is the number, and the model is beta-binomial."""
    planned, strength, deals, advanced, mean, sd = row
    table = ka.conversion_table(
        visits_of(int(deals), int(advanced)), horizon=5, plan={"A": planned}, strength=strength
    )
    posterior = table.shrunk.posterior
    assert table.at.effective[0] == pytest.approx(deals, rel=1e-9)
    assert posterior.mean[0] == pytest.approx(mean, abs=1e-9)
    assert posterior.sd[0] == pytest.approx(sd, abs=1e-9)
    assert table.shrunk.low[0] < mean < table.shrunk.high[0]
    assert table.shrunk.strength == strength
    assert f"weighs {strength:g} deals" in table.row(0)["why"]


def test_open_deals_weigh_less_than_decided_ones() -> None:
    """The same share rests on fewer effective deals, and moves the plan less."""
    decided = visits_of(20, 10)
    waiting = {
        n: [*c, *([0.5] * 20 if n == "days" else ["A" if n == "stage" else "open"] * 20)]
        for n, c in decided.items()
    }
    tables = [
        ka.conversion_table(v, horizon=5, plan={"A": 0.9}, strength=10) for v in (decided, waiting)
    ]
    assert tables[0].at.advanced.tolist() == tables[1].at.advanced.tolist() == [0.5]
    assert tables[0].at.effective == pytest.approx(tables[1].at.effective)  # left before any event
    late = {**waiting, "days": [3.0] * 20 + [2.0] * 10 + [4.0] * 10}
    weighed = ka.conversion_table(late, horizon=5, plan={"A": 0.9}, strength=10)
    assert weighed.at.effective[0] < weighed.at.deals[0]


def test_stages_come_in_order_and_missing_ones_have_a_row() -> None:
    """The plan's order, then others by name; a stage without visits is the plan alone."""
    visits = {"stage": ["z", "b", "a"], "days": [1, 2, 3], "outcome": [1, 1, 1]}
    table = ka.conversion_table(visits, horizon=5, plan={"b": 0.5, "q": 0.4, "z": None}, strength=8)
    assert table.stage.tolist() == ["b", "q", "z", "a"]
    assert table.at.deals.tolist() == [1, 0, 1, 1]
    assert table.shrunk.posterior.mean[1] == pytest.approx(0.4)
    assert np.isnan(table.planned[2:]).all()
    assert np.isnan(table.shrunk.low[2:]).all()
    assert table.row(1)["why"] == "no deal was seen in this stage"
    (told,) = table.findings
    assert (told.code, told.examples) == ("stage_without_visits", ("q",))
    assert table.shrunk.row(1)["shrunk"] == pytest.approx(0.4)
    assert "shrunk" in table.shrunk._repr_html_()
    named = ka.conversion_table(visits, horizon=5, stages=("a", "z", "b"))
    assert named.stage.tolist() == ["a", "z", "b"]
    assert np.isnan(named.shrunk.strength)


def test_rows_by_several_columns_are_those_that_occur() -> None:
    """Stage order first, then the groups sorted; rows without a group are left out and told."""
    visits = {
        "stage": ["B", "A", "A", "A"],
        "days": [1, 2, 3, 4],
        "outcome": [1, 1, 2, 0],
        "owner": ["wang", "wang", "li", None],
        "team": ["x", "y", "y", "y"],
    }
    table = ka.conversion_table(visits, horizon=9, by=["team", "owner"], stages=["A", "B"])
    assert table.stage.tolist() == ["A", "A", "B"]
    assert table.by["owner"].tolist() == ["li", "wang", "wang"]
    assert table.conversion.groups == ("A / y / li", "A / y / wang", "B / x / wang")
    assert table.findings[0].message == "1 row with no known stage or group left out"
    assert table.findings[0].examples == ("row 3",)
    assert list(table.columns())[:3] == ["stage", "team", "owner"]
    assert "3 stages" in table._repr_html_()


@pytest.mark.parametrize(
    ("reentry", "deals", "days", "advanced", "lost"),
    [
        ("each", [3, 2], [3.0, 4.0, 5.0, 1.0, 6.0], [1, 0], [1, 1]),
        ("first", [2, 1], [3.0, 1.0, 4.0], [0, 0], [1, 0]),
        ("whole", [2, 1], [8.0, 1.0, 10.0], [1, 0], [1, 1]),
    ],
)
def test_deals_that_come_back_follow_the_rule(
    reentry: Reentry, deals: list[int], days: list[float], advanced: list[int], lost: list[int]
) -> None:
    """Deal d1 visits A and B twice each: each visit, the first one, or all as one trial."""
    table = ka.conversion_table(RETURNS, horizon=20, reentry=reentry, deal="deal", order="began")
    assert table.at.deals.tolist() == deals
    assert table.at.n_advanced.tolist() == advanced
    assert table.at.n_lost.tolist() == lost
    risk = table.conversion.curves.risk
    assert sorted(risk.exits.time.tolist()) == sorted(days)
    assert table.findings[0].code == "reentries"
    assert table.findings[0].count == 2


def test_the_groups_of_a_trial_are_those_of_the_visit_that_counts() -> None:
    """The first visit's owner, or the last one's where all visits are one trial."""
    first = ka.conversion_table(
        RETURNS, horizon=9, by="owner", reentry="first", deal="deal", order="began"
    )
    whole = ka.conversion_table(
        RETURNS, horizon=9, by="owner", reentry="whole", deal="deal", order="began"
    )
    assert first.by["owner"].tolist() == ["li", "wang", "li"]
    assert whole.by["owner"].tolist() == ["wang", "wang"]


def test_a_trial_of_several_visits_is_seen_from_the_first_one_on() -> None:
    """The first visit was first observed after two days; the last one from its start."""
    visits = {**RETURNS, "entered": [2.0, 0.0, 0.0, 0.0, 0.0]}
    table = ka.conversion_table(
        visits, horizon=20, reentry="whole", deal="deal", order="began", entered="entered"
    )
    assert table.conversion.times.tolist() == [1.0, 8.0, 10.0]
    assert table.conversion.at_risk.tolist() == [1, 1, 1]  # d1 is not yet seen when d2 is lost


def test_visits_to_no_known_stage_are_left_out_whatever_their_order() -> None:
    """They are no re-entries, and need not be told apart."""
    visits = {**RETURNS, "stage": [None, "B", None, "A", "B"], "began": [1, 2, 1, 3, 5]}
    table = ka.conversion_table(visits, horizon=20, reentry="first", deal="deal", order="began")
    assert table.at.deals.tolist() == [1, 1]
    assert table.findings[0].count == 1


def test_a_trial_with_an_unknown_part_is_left_out() -> None:
    """Days that cannot be added up are unknown."""
    visits = {**RETURNS, "days": [np.nan, 4.0, 5.0, 1.0, 6.0]}
    table = ka.conversion_table(visits, horizon=9, reentry="whole", deal="deal", order="began")
    assert table.at.deals.tolist() == [1, 1]
    assert [f.code for f in table.findings[:2]] == ["reentries", "no_duration"]
    assert table.findings[1].examples == ("row 2",)  # the visit whose outcome would have counted


@given(
    stage_visits(missing=True, min_size=1),
    st.sampled_from(["each", "first", "whole"]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_changes_no_bit(visits: Any, reentry: Reentry, random: Any) -> None:
    """Book-wise, with groups, re-entries and a learned strength."""
    n = len(visits["days"])
    visits = {**visits, "deal": [i % 4 for i in range(n)], "visit": list(range(n))}
    order = list(range(n))
    random.shuffle(order)

    def table(rows: list[int]) -> ka.ConversionTable:
        return ka.conversion_table(
            {name: [column[i] for i in rows] for name, column in visits.items()},
            horizon=6,
            stage="group",
            by="deal",
            plan={"finance": 0.7, "retail": 0.5},
            reentry=reentry,
            deal="deal",
            order="visit",
        )

    found, expected = table(order), table(list(range(n)))
    assert found.stage.tolist() == expected.stage.tolist()
    for name, column in expected.columns().items():
        if column.dtype.kind != "O":
            assert_same_bits(found.columns()[name], column, name)


@given(stage_visits(min_size=1, entered=True))
def test_rows_are_the_conversion_of_their_visits_alone(visits: Any) -> None:
    """A row of the table is `stage_conversion` of its own visits, to the bit."""
    table = ka.conversion_table(visits, horizon=6, stage="group", entered="entered")
    for i, label in enumerate(table.stage.tolist()):
        rows = [k for k, g in enumerate(visits["group"]) if g == label]
        days, outcome, entered = (
            [visits[name][k] for k in rows] for name in ("days", "outcome", "entered")
        )
        alone = ka.stage_conversion(days, outcome, entered=entered, horizon=6).at_horizon
        for name, column in alone.columns().items():
            assert_same_bits(table.at.columns()[name][i : i + 1], column, name)


def test_a_learned_strength_is_never_worth_more_than_the_deals() -> None:
    """Conversions on plan: the search ends at its bound, and says so."""
    table = ka.conversion_table(visits_of(20, 16), horizon=5, plan={"A": 0.8})
    assert table.shrunk.strength == pytest.approx(20)
    assert table.findings[-1].code == "strength_at_bound"
    far = ka.conversion_table(visits_of(200, 16), horizon=5, plan={"A": 0.8})
    assert far.shrunk.strength < 5
    assert far.shrunk.behind_plan[0] > 0.999


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"horizon": None}, ka.SpecError, "horizon"),
        ({"horizon": {}}, ka.SpecError, "must be one time"),
        ({"reentry": np.array([1, 2])}, ka.SpecError, "reentry"),
        ({"horizon": -1}, ka.RowError, "horizon"),
        ({"plan": [0.8]}, ka.SpecError, "must map stages"),
        ({"plan": {"A": 80}}, ka.SpecError, r"plan\)\['A'\].*80"),
        ({"plan": {"A": 0.5}, "strength": 0}, ka.SpecError, "strength"),
        ({"stages": "AB"}, ka.SpecError, "stages"),
        ({"stages": 5}, ka.SpecError, r"stages\).*each of them once"),
        ({"stages": ["A"]}, ka.SpecError, "'B'"),
        ({"stages": ["A", "B", "A"]}, ka.SpecError, "each of them once"),
        ({"by": ["owner", "short"]}, ka.ColumnError, "'short' 1"),
        ({"entered": "short"}, ka.ColumnError, "'short' 1"),
        ({"by": "open"}, ka.SpecError, "other columns"),
        ({"by": ["owner", "owner"]}, ka.SpecError, "each of them once"),
        ({"by": 5}, ka.SpecError, r"by\).*got \[5\]"),
        ({"by": ["owner", None]}, ka.SpecError, r"by\).*None"),
        ({"by": "ownr"}, ka.ColumnNotFoundError, "ownr"),
        ({"reentry": "last"}, ka.SpecError, "reentry"),
        ({"reentry": "first"}, ka.SpecError, "deal= and order="),
        ({"reentry": "first", "deal": "deal", "order": "owner"}, ka.RowError, "owner"),
        ({"reentry": "each", "deal": "owner", "order": "days2"}, ka.ColumnNotFoundError, "days2"),
        ({"dwell": 2}, ka.SpecError, "dwell"),
        ({"level": 1}, ka.SpecError, "level"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors that show the value."""
    with pytest.raises(error, match=said):
        ka.conversion_table({**RETURNS, "short": [0.0]}, **{"horizon": 9, **options})


def test_visits_that_cannot_be_ordered_are_refused() -> None:
    """Two visits at one time, no time, no deal, and days below 0 name their rows."""
    options: Any = {"horizon": 9, "reentry": "whole", "deal": "deal", "order": "began"}
    same = {**RETURNS, "began": ["2026-01-01"] * 5}
    with pytest.raises(ka.RowError, match=r"2 rows begin with another visit.*row 2: 'd1'"):
        ka.conversion_table(same, **options)
    with pytest.raises(ka.RowError, match="row 0: None"):
        ka.conversion_table({**RETURNS, "began": [None, *RETURNS["began"][1:]]}, **options)
    with pytest.raises(ka.RowError, match="no id"):
        ka.conversion_table({**RETURNS, "deal": [None, *RETURNS["deal"][1:]]}, **options)
    with pytest.raises(ka.RowError, match=r"'days'.*row 2: -5\.0"):
        ka.conversion_table({**RETURNS, "days": [3.0, 4.0, -5.0, 1.0, 6.0]}, **options)
