"""Ties at the cut."""

from __future__ import annotations

from typing import Any

import pytest

import keyaccount as ka

TIED = [0.9, 0.5, 0.5, 0.5, 0.1]
IDS = ["a", "9", "10", "b", "z"]


@pytest.mark.parametrize(
    ("ties", "key", "out"),
    [
        ("include_all", ("a", "9", "10", "b"), {"z": "below_cut"}),
        ("exclude_all", ("a",), {"9": "tied_at_cut", "10": "tied_at_cut", "b": "tied_at_cut"}),
        ("by_id", ("a", "10"), {"9": "tied_at_cut", "b": "tied_at_cut", "z": "below_cut"}),
    ],
)
def test_accounts_tied_at_the_cut(ties: Any, key: tuple[str, ...], out: dict[str, str]) -> None:
    """Two seats, three tied for the second: all, none, or the first by id as text."""
    chosen = ka.select(TIED, ka.TopCount(2), ids=IDS, ties=ties)
    assert chosen.key_ids == key
    found = dict(zip(IDS, chosen.reason.tolist(), strict=True))
    assert found | out == found
    assert chosen.cut == 0.5
    (finding,) = chosen.findings
    assert (finding.code, finding.count) == ("tie_at_cut", 3)
    assert repr(ties) in finding.message


@pytest.mark.parametrize("ties", ["include_all", "exclude_all", "by_id"])
def test_a_tie_that_fits_is_none(ties: Any) -> None:
    """Where all of the tied have a seat by right, nothing is decided and nothing reported."""
    chosen = ka.select(TIED, ka.TopCount(4), ids=IDS, ties=ties)
    assert chosen.key_ids == ("a", "9", "10", "b")
    assert chosen.findings == ()
    assert set(chosen.reason[:4]) == {"rank"}


def test_all_tied() -> None:
    """A book of equals is in, out, or cut by id."""
    scores, ids = [0.5] * 4, list("dcba")
    found = [
        ka.select(scores, ka.TopShare(0.5), ids=ids, ties=ties).key_ids
        for ties in ("include_all", "exclude_all", "by_id")
    ]
    assert found == [("d", "c", "b", "a"), (), ("b", "a")]


def test_minus_zero_and_zero_are_tied() -> None:
    """The two zeros of floats are one score."""
    chosen = ka.select([0.0, -0.0, -1.0], ka.TopCount(1))
    assert chosen.is_key.tolist() == [True, True, False]


@pytest.mark.parametrize("ties", ["include_all", "exclude_all"])
def test_without_a_hold_incumbents_are_tied_like_anybody(ties: Any) -> None:
    """Equal scores are equal: an incumbent is in or out with the others."""
    chosen = ka.select(TIED, ka.TopCount(2), ids=IDS, incumbents=["b"], ties=ties)
    assert chosen.is_key.tolist() == ka.select(TIED, ka.TopCount(2), ties=ties).is_key.tolist()


def test_by_id_incumbents_go_first() -> None:
    """Nobody is ahead of an incumbent with an equal score, so no id costs it its seat."""
    chosen = ka.select(TIED, ka.TopCount(2), ids=IDS, incumbents=["b"], ties="by_id")
    assert chosen.key_ids == ("a", "b")
    assert chosen.reason.tolist() == ["rank", "tied_at_cut", "tied_at_cut", "rank", "below_cut"]
    several = ka.select(TIED, ka.TopCount(2), ids=IDS, incumbents=["b", "9"], ties="by_id")
    assert several.key_ids == ("a", "9")


def test_ties_meet_overrides_capacity_and_groups() -> None:
    """An override takes its seat before the tied are counted, group by group."""
    put = ka.Override("z", include=True, reason="why", approved_by="VP")
    rule = ka.TopShare(1.0) & ka.Capacity(owners=1, accounts_per_owner=3)
    within = ["x", "x", "x", "x", "x"]
    call: dict[str, Any] = {"ids": IDS, "overrides": [put], "within": within}
    assert ka.select(TIED, rule, ties="by_id", **call).key_ids == ("a", "10", "z")
    assert ka.select(TIED, rule, ties="exclude_all", **call).key_ids == ("a", "z")
    chosen = ka.select(TIED, rule, ties="include_all", **call)
    assert chosen.key_ids == ("a", "9", "10", "b", "z")
    (tie,) = [f for f in chosen.findings if f.code == "tie_at_cut"]
    assert "of group 'x'" in tie.message


def test_ties_at_a_threshold_are_all_in() -> None:
    """A threshold is reached by whoever equals it."""
    chosen = ka.select(TIED, ka.AtLeast(0.5), ties="exclude_all")
    assert chosen.is_key.tolist() == [True, True, True, True, False]


def test_ties_by_id_need_ids_whether_anybody_is_tied_or_not() -> None:
    """What is missing is said on the first run, not in the quarter that has a tie."""
    with pytest.raises(ka.SelectionError, match="ids= is needed: ties are decided by id"):
        ka.select([0.3, 0.2], ka.TopCount(1), ties="by_id")
