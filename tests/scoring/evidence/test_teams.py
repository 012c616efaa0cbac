"""Evidence by team: own counts where there are enough, shrunk toward those of all teams."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka


def team_deals(team: Any, label: str, won: int, lost: int) -> list[tuple[Any, str, bool]]:
    """List deals of a team with one label."""
    return [(team, label, True)] * won + [(team, label, False)] * lost


def book(*parts: list[tuple[Any, str, bool]]) -> dict[str, list[Any]]:
    """Put deals together as columns."""
    rows = [row for part in parts for row in part]
    return {name: [row[i] for row in rows] for i, name in enumerate(("team", "sector", "won"))}


PAST = book(
    team_deals("east", "retail", 20, 10),
    team_deals("east", "finance", 10, 20),
    team_deals("west", "retail", 5, 25),
    team_deals("west", "finance", 25, 5),
    team_deals("new", "retail", 3, 1),
    team_deals(None, "media", 2, 2),
)


def fitted(past: Any = None, **options: Any) -> ka.WinEvidence:
    """Learn by team from the past above, but for what is said."""
    given: dict[str, Any] = {"team": "team", "min_team": 10, "team_strength": 20.0, **options}
    return ka.WinEvidence.fit(past or PAST, ["sector"], **given)


def test_a_team_with_enough_deals_of_both_kinds_has_its_own_counts() -> None:
    """The small team and the deals of no team are judged by all deals, and the result says so."""
    evidence = fitted()
    assert evidence.counts is not None
    assert [team for team, _ in evidence.counts.groups] == ["east", "west"]
    assert evidence.counts.of("east").won == 30
    found = evidence.predict(
        {"team": ["east", "new", None, "unheard of"], "sector": ["retail"] * 4}
    )
    assert found.pooled.tolist() == [False, True, True, True]
    assert len(set(found.log_odds[1:].tolist())) == 1
    assert [(f.code, f.count) for f in found.findings] == [("pooled", 3)]
    assert found.row(1)["evidence"]["sector"].endswith("28 won and 36 lost deals of all teams")
    assert found.row(0)["evidence"]["sector"].endswith("20 won and 10 lost deals of the team")
    assert found.row(0)["before any fact"].endswith("(30 won and 30 lost deals of the team)")


@pytest.mark.parametrize(
    ("min_team", "teams"), [(30, ["east", "west"]), (31, []), (0, ["east", "new", "west"])]
)
def test_enough_is_the_stated_number_of_won_and_of_lost_deals(min_team: int, teams: Any) -> None:
    """East and west have 30 of each; a team without a lost deal never has enough."""
    past = book(team_deals("sure", "retail", 50, 0), [*zip(*PAST.values(), strict=True)])
    counts = fitted(past, min_team=min_team).counts
    assert counts is not None
    assert [team for team, _ in counts.groups] == teams


@pytest.mark.parametrize("sector", [None, "unheard of"])
def test_what_is_not_known_is_neutral_in_every_team(sector: Any) -> None:
    """Whatever the other teams know of it."""
    found = fitted().predict({"team": ["east", "west", "new", None], "sector": [sector] * 4})
    assert found.factors.tolist() == [[0.0]] * 4
    assert found.deals_behind.tolist() == [[0]] * 4


def test_the_shrunk_factor_done_by_hand() -> None:
    """Both rates are shrunk by 20 deals: the prior toward the pool, the label toward its say."""
    found = fitted().predict({"team": ["west"], "sector": ["retail"]})
    rate = 65 / 128
    prior = (30 + 20 * rate) / (30 + 20 * (1 - rate))
    assert found.prior[0] == pytest.approx(math.log(prior))
    ratio = ((28 + 1) / (65 + 3)) / ((36 + 1) / (63 + 3))
    expected = prior * ratio / (1 + prior * ratio)
    odds = (5 + 20 * expected) / (25 + 20 * (1 - expected))
    assert found.factors[0, 0] == pytest.approx(math.log(odds / prior))
    assert found.log_odds[0] == pytest.approx(math.log(odds))


def test_a_label_the_team_never_met_has_the_factor_of_all_deals() -> None:
    """Media is known of other deals alone: they speak, and the row says so."""
    found = fitted().predict({"team": ["east", "new"], "sector": ["media", "media"]})
    assert found.factors[0, 0] == found.factors[1, 0]
    assert found.deals_behind[:, 0].tolist() == [4, 4]
    assert found.row(0)["evidence"]["sector"].endswith("2 won and 2 lost deals of all teams")


@settings(max_examples=40)
@given(st.floats(1.0, 1e6))
def test_a_team_lies_between_its_own_deals_and_those_of_all(strength: float) -> None:
    """The factor moves from the team's own ratio to the pool's as the strength grows."""
    deal = {"team": ["west", None], "sector": ["retail", "retail"]}
    weak, found, strong = (fitted(team_strength=s).predict(deal) for s in (1e-9, strength, 1e9))
    own, pool = math.log(5 / 25), found.factors[1, 0]
    assert weak.log_odds[0] == pytest.approx(own, abs=1e-6)
    assert strong.factors[0, 0] == pytest.approx(pool, abs=1e-6)
    assert own <= found.factors[0, 0] <= pool


@settings(max_examples=40)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_a_team_of_all_deals_says_nearly_what_the_pool_says(a: int, b: int, c: int, d: int) -> None:
    """Its prior is the pool's, and its factors lie between the pool's and the plain ratio."""
    past = book(team_deals("one", "retail", a, b), team_deals("one", "finance", c, d))
    found = fitted(past, min_team=1).predict({"team": ["one", None], "sector": ["retail"] * 2})
    assert found.prior[0] == pytest.approx(found.prior[1])
    plain = math.log((a / b) / ((a + c) / (b + d)))
    low, high = sorted((plain, float(found.factors[1, 0])))
    assert low - 1e-9 <= found.factors[0, 0] <= high + 1e-9


def test_many_teams_and_labels_are_counted_the_same_way() -> None:
    """Counted in a table or by sorting, each team's counts are those of its deals alone."""
    rng = np.random.default_rng(2)
    n = 3_000
    past = {
        "team": rng.choice(list("abc"), n),
        "id": rng.permutation(n) // 2,  # far more pairs of team and label than deals
        "sector": rng.choice(["x", "y"], n),
        "won": rng.random(n) < 0.5,
    }
    evidence = ka.WinEvidence.fit(past, ["id", "sector"], team="team")
    assert evidence.counts is not None
    for team in "abc":
        own = past["team"] == team
        alone = ka.WinEvidence.fit({k: v[own] for k, v in past.items()}, ["id", "sector"])
        assert alone.counts is not None
        assert evidence.counts.of(team) == alone.counts.of(None)


def test_a_hand_written_team_may_know_a_label_that_nobody_else_does() -> None:
    """It stays unseen: the pool has no say on it."""
    data = ka.to_data(fitted())
    data["counts"]["groups"]["east"]["fields"][0]["counts"] = {"rare": [1, 1]}
    found = ka.from_data(data).predict({"team": "east", "sector": "rare"})
    assert not found.known.any()
    assert found.factors.tolist() == [[0.0]]


def test_a_missing_column_of_teams_is_named() -> None:
    """Fitting and predicting both need it."""
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'team'"):
        ka.WinEvidence.fit(PAST, ["sector"], team="teams")
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'team'"):
        fitted().predict({"sector": ["retail"]})
    assert fitted().reads == ("sector", "team")
