"""Who gets a seat, in which order: small tables worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import keyaccount as ka

LONG_AGO, LATELY, TODAY = "2024-01-01", "2026-08-01", "2026-09-30"


def put(account: str, *, include: bool, **dates: Any) -> ka.Override:
    """Put an account in, or out."""
    return ka.Override(account, include=include, reason="why", approved_by="VP", **dates)


def decided(chosen: ka.Selection) -> dict[str, str]:
    """Give the reason of each account."""
    assert chosen.ids is not None
    return dict(zip(chosen.ids.tolist(), chosen.reason.tolist(), strict=True))


def test_every_step_of_the_order_of_precedence() -> None:
    """Seven seats: one by override, one by tenure, one held, four by rank; out stays out."""
    scores = {
        "out": 0.99,
        "a": 0.95,
        "b": 0.90,
        "c": 0.85,
        "d": 0.80,
        "near": 0.72,  # ahead of the incumbent, not by the hold
        "held": 0.70,
        "low": 0.30,
        "new": 0.20,  # key since August
        "put": 0.10,
        "none": float("nan"),
    }
    chosen = ka.select(
        list(scores.values()),
        ka.TopCount(7),
        ids=list(scores),
        as_of=TODAY,
        overrides=[put("out", include=False), put("put", include=True)],
        incumbents={"held": LONG_AGO, "new": LATELY, "a": LONG_AGO},
        hold=0.03,
        min_tenure_days=180,
    )
    assert decided(chosen) == {
        "out": "excluded_by_override",
        "a": "rank",
        "b": "rank",
        "c": "rank",
        "d": "rank",
        "near": "displaced_by_tenure",  # without `new` there would be a seat for it
        "held": "held",
        "low": "below_cut",
        "new": "minimum_tenure",
        "put": "included_by_override",
        "none": "unscored",
    }
    assert chosen.cut == pytest.approx(0.73)
    assert chosen.groups[0].selected == chosen.groups[0].seats == 7


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        # Out goes before everything.
        ({"overrides": [put("a", include=False)]}, {"a": "excluded_by_override", "c": "rank"}),
        (
            {"overrides": [put("a", include=False), put("a", include=True)]},
            {"a": "excluded_by_override", "c": "rank"},
        ),
        (
            {
                "overrides": [put("d", include=False)],
                "incumbents": {"d": LATELY},
                "min_tenure_days": 180,
                "hold": 1.0,
            },
            {"d": "excluded_by_override", "a": "rank", "b": "rank"},
        ),
        # In goes before tenure.
        (
            {
                "overrides": [put("d", include=True), put("c", include=True)],
                "incumbents": {"a": LATELY},
                "min_tenure_days": 180,
            },
            {"c": "included_by_override", "d": "included_by_override", "b": "below_none"},
        ),
        # Tenure goes before incumbents held.
        (
            {
                "incumbents": {"c": LATELY, "d": LATELY, "a": LONG_AGO},
                "min_tenure_days": 180,
                "hold": 1.0,
            },
            {"c": "minimum_tenure", "d": "minimum_tenure", "a": "displaced_by_tenure"},
        ),
        # Incumbents held go before rank.
        (
            {"incumbents": ["c", "d"], "hold": 0.35},
            {"c": "held", "d": "held", "a": "displaced_by_hold", "b": "displaced_by_hold"},
        ),
        # The weakest incumbent is displaced first, and only by who is ahead by the hold.
        ({"incumbents": ["c", "d"], "hold": 0.25}, {"a": "rank", "c": "held", "d": "below_cut"}),
        ({"incumbents": ["c", "d"], "hold": 0.05}, {"a": "rank", "b": "rank", "c": "below_cut"}),
    ],
)
def test_who_goes_first(arguments: dict[str, Any], expected: dict[str, str]) -> None:
    """Two seats for a 0.9, b 0.8, c 0.7, d 0.6, and one claim against another."""
    chosen = ka.select(
        [0.9, 0.8, 0.7, 0.6], ka.TopCount(2), ids=list("abcd"), as_of=TODAY, **arguments
    )
    found = decided(chosen)
    if expected.get("b") == "below_none":  # a lost its seat to overrides, b too
        expected = expected | {"a": "displaced_by_override", "b": "displaced_by_override"}
    assert {account: found[account] for account in expected} == expected
    assert chosen.groups[0].selected == 2


def test_a_challenger_displaces_only_when_ahead_by_the_hold() -> None:
    """Ahead by less: the incumbent is held. By exactly the hold, or more: it goes."""
    for challenger, key in ((0.50, "old"), (0.5625, "old"), (0.625, "new"), (0.7, "new")):
        for ties in ("include_all", "exclude_all", "by_id"):
            chosen = ka.select(
                [0.5, challenger],
                ka.TopCount(1),
                ids=["old", "new"],
                incumbents=["old"],
                hold=0.125,
                ties=ties,
            )
            assert chosen.key_ids == (key,)
            assert not [f for f in chosen.findings if f.code == "tie_at_cut"]


def test_challengers_ahead_by_exactly_the_hold_are_tied_among_themselves() -> None:
    """Two challengers that reach the incumbent's bar together take what the ties rule gives."""
    found = {
        ties: ka.select(
            [0.5, 0.625, 0.625],
            ka.TopCount(1),
            ids=["old", "y", "x"],
            incumbents=["old"],
            hold=0.125,
            ties=ties,
        )
        for ties in ("include_all", "exclude_all", "by_id")
    }
    assert found["include_all"].key_ids == ("y", "x")
    assert found["exclude_all"].key_ids == ()
    assert found["by_id"].key_ids == ("x",)
    assert decided(found["by_id"]) == {"old": "below_cut", "y": "tied_at_cut", "x": "rank"}


def test_an_incumbent_may_fall_below_a_threshold_by_the_hold() -> None:
    """The band protects from a threshold as from a challenger."""
    chosen = ka.select(
        [0.60, 0.5, 0.49, 0.55, 0.2],
        ka.AtLeast(0.6),
        ids=["in", "held", "gone", "new", "far"],
        incumbents=["held", "gone", "in"],
        hold=0.1,
    )
    assert decided(chosen) == {
        "in": "rank",
        "held": "held",
        "gone": "below_threshold",
        "new": "below_threshold",
        "far": "below_threshold",
    }


def test_included_accounts_beyond_the_quota_are_an_error() -> None:
    """Overrides take seats inside the quota; the error names the accounts and the group."""
    overrides = [put(a, include=True) for a in "ba"]
    with pytest.raises(ka.SelectionError, match="2 accounts are included by override, but") as e:
        ka.select([0.1, 0.2, 0.3], ka.TopCount(1), ids=list("abc"), overrides=overrides)
    assert e.value.parts["included"] == ("a", "b")
    assert e.value.parts["seats"] == 1
    with pytest.raises(ka.SelectionError, match="in group 'x'"):
        ka.select(
            [0.1, 0.2, 0.3],
            ka.TopCount(1),
            ids=list("abc"),
            overrides=overrides,
            within=["x", "x", "y"],
        )
    chosen = ka.select([0.1, 0.2, 0.3], ka.TopCount(2), ids=list("abc"), overrides=overrides)
    assert chosen.key_ids == ("a", "b")


def test_included_accounts_need_no_score_and_no_threshold() -> None:
    """Special approval holds whatever the score, or without one; rank never takes NaN."""
    nan = float("nan")
    chosen = ka.select(
        [nan, 0.1, nan, nan, 0.7],
        ka.AtLeast(0.5),
        ids=list("abcde"),
        overrides=[put(a, include=True) for a in "ab"] + [put("c", include=False)],
    )
    assert decided(chosen) == {
        "a": "included_by_override",
        "b": "included_by_override",
        "c": "excluded_by_override",
        "d": "unscored",
        "e": "rank",
    }
    many = ka.select([nan, nan, 0.5], ka.TopShare(1.0))
    assert many.is_key.tolist() == [False, False, True]


def test_tenure_protects_from_the_score_only_as_long_as_it_lasts() -> None:
    """On the 180th day the score decides again; a lost score costs no seat before that."""
    ids, nan = ["early", "late", "lost", "top"], float("nan")
    since = {"early": "2026-04-03", "late": "2026-04-04", "lost": "2026-09-01"}
    chosen = ka.select(
        [0.1, 0.1, nan, 0.9],
        ka.TopCount(3),
        ids=ids,
        incumbents=since,
        as_of=TODAY,
        min_tenure_days=180,
    )
    assert decided(chosen) == {
        "early": "displaced_by_tenure",
        "late": "minimum_tenure",
        "lost": "minimum_tenure",
        "top": "rank",
    }


def test_more_recent_accounts_than_seats_are_seated_by_score_then_id() -> None:
    """The quota goes before tenure, and who has no seat is reported."""
    chosen = ka.select(
        [0.5, 0.5, 0.6, float("nan"), 0.9],
        ka.TopCount(2),
        ids=["z", "b", "c", "d", "top"],
        incumbents=dict.fromkeys(["z", "b", "c", "d"], LATELY),
        as_of=TODAY,
        min_tenure_days=180,
    )
    assert decided(chosen) == {
        "z": "no_seat",
        "b": "minimum_tenure",
        "c": "minimum_tenure",
        "d": "unscored",
        "top": "displaced_by_tenure",
    }
    (crowded,) = chosen.findings
    assert (crowded.code, crowded.count, crowded.examples) == ("tenure_without_seat", 2, ("d", "z"))
    assert np.isnan(chosen.cut)  # type: ignore[arg-type]


def test_a_recent_account_put_out_by_override_is_not_missed() -> None:
    """It has no seat because somebody decided so, not because the quota is full."""
    chosen = ka.select(
        [0.5, 0.9],
        ka.TopCount(1),
        ids=["a", "b"],
        incumbents={"a": LATELY},
        as_of=TODAY,
        min_tenure_days=180,
        overrides=[put("a", include=False)],
    )
    assert decided(chosen) == {"a": "excluded_by_override", "b": "rank"}
    assert chosen.findings == ()


def test_without_seats_nobody_has_one() -> None:
    """A quota of nothing leaves everybody out, with the reason."""
    chosen = ka.select([0.5, 0.1, float("nan")], ka.TopCount(0) & ka.AtLeast(0.2))
    assert chosen.reason.tolist() == ["no_seat", "below_threshold", "unscored"]
    assert chosen.key_ids == ()


@pytest.mark.parametrize(
    ("seats", "key"),
    [(1, ("z",)), (2, ("a", "z")), (3, ("a", "b", "z")), (4, ("a", "b", "c", "z"))],
)
def test_of_the_tenured_those_without_a_score_come_last_by_id(
    seats: int, key: tuple[str, ...]
) -> None:
    """Seats are few: the one that has a score goes first, then ids decide between the others."""
    chosen = ka.select(
        [np.nan, np.nan, np.nan, 0.1, 0.9],
        ka.TopCount(seats),
        ids=["c", "a", "b", "z", "new"],
        as_of="2026-09-30",
        min_tenure_days=90,
        incumbents=dict.fromkeys(["a", "b", "c", "z"], "2026-09-01"),
    )
    assert tuple(sorted(chosen.key_ids)) == tuple(sorted(key))
