"""What holds of every review: no order matters, nothing moved moves nothing, parts add up."""

from __future__ import annotations

import random
from typing import Any

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import quarter_pairs, quarters, review_rules

RANDOM = st.randoms(use_true_random=False)
FEWER = settings(max_examples=25, deadline=None)


def shuffled(quarter: ka.Quarter, order: random.Random) -> ka.Quarter:
    """Give the same quarter with its rows in another order."""
    rows = order.sample(range(len(quarter)), len(quarter))
    columns = {name: [column[i] for i in rows] for name, column in quarter.columns.items()}
    return attrs.evolve(quarter, columns=columns)


def by_id(found: ka.Review) -> dict[str, Any]:
    """Write down everything of a review, account by account."""
    rows = {found.ids[i]: repr(found.row(i)) for i in range(len(found))}
    return {name: rows[name] for name in sorted(rows)}


@FEWER
@given(quarter_pairs(), review_rules(), RANDOM)
def test_no_order_matters(
    pair: tuple[ka.Quarter, ka.Quarter], rules: ka.ReviewRules, order: random.Random
) -> None:
    """Rows in any order give the same of every account, of the programme and of the log."""
    found = ka.review(*pair, rules=rules)
    again = ka.review(*(shuffled(q, order) for q in pair), rules=rules)
    assert by_id(found) == by_id(again)
    assert found.counts == again.counts
    assert repr(found.symptoms.columns()) == repr(again.symptoms.columns())
    for name, moved in found.migration.items():
        assert moved.counts.tolist() == again.migration[name].counts.tolist()
        assert repr(moved.change) == repr(again.migration[name].change)
    assert ka.decision_log(found, ka.digest).text == ka.decision_log(again, ka.digest).text


@FEWER
@given(quarters())
def test_a_quarter_against_itself_moves_nothing(quarter: ka.Quarter) -> None:
    """On a later day nobody enters or leaves, no score moves, and nobody migrates."""
    found = ka.review(attrs.evolve(quarter, as_of="2026-06-30"), quarter)
    assert found.counts["promote"] == found.counts["demote"] == 0
    for part in (found.drivers.change, found.drivers.data, found.drivers.spec):
        assert not np.nan_to_num(part).any()
    assert not found.drivers.seat.any()
    assert all(moves.moved == moves.newcomers == moves.leavers == 0 for moves in moves_of(found))


@FEWER
@given(
    quarters(as_of="2026-06-30"), st.sets(st.integers(0, 16)), st.integers(0, 200), st.booleans()
)
def test_the_same_data_moves_seats_by_time_and_approvals_alone(
    quarter: ka.Quarter, named: set[int], tenure: int, approved: bool
) -> None:
    """Same data, scorer and policy: no seat is owed to any of them, whoever is incumbent."""
    since = dict.fromkeys([f"A{i}" for i in sorted(named)] or ["A0"], "2026-05-01")
    before = attrs.evolve(
        quarter,
        policy=attrs.evolve(quarter.policy, min_tenure_days=tenure),
        incumbents=since,
        overrides=quarter.overrides if approved else (),
    )
    after = attrs.evolve(
        before, as_of="2026-09-30", incumbents=before.selection, overrides=quarter.overrides
    )
    drivers = ka.review(before, after).drivers
    for name in ("data", "others", "scorer", "policy"):
        assert not getattr(drivers, f"seat_by_{name}").any()
    assert (drivers.seat_by_time + drivers.seat_by_override == drivers.seat).all()


def moves_of(found: ka.Review) -> list[ka.Migration]:
    """List the migrations of a review."""
    return list(found.migration.values())


@FEWER
@given(quarter_pairs())
def test_parts_add_up(pair: tuple[ka.Quarter, ka.Quarter]) -> None:
    """Data and spec make the change, criteria make each of them, and seats are whole."""
    drivers = ka.review(*pair).drivers
    split = ~np.isnan(drivers.data) & ~np.isnan(drivers.spec)
    whole = drivers.data + drivers.spec
    np.testing.assert_allclose(whole[split], drivers.change[split], rtol=1e-12, atol=1e-12)
    assert not np.isnan(drivers.change[split]).any()
    lost = int(np.count_nonzero(~split & ~np.isnan(drivers.change)))
    assert [n.count for n in drivers.notes if n.code == "not_split"] == ([lost] if lost else [])
    for whole, parts in ((drivers.data, drivers.data_by), (drivers.spec, drivers.spec_by)):
        if parts is not None:
            np.testing.assert_allclose(np.add.reduce(parts, axis=1), whole, rtol=1e-12, atol=1e-12)
    names = ("data", "others", "time", "scorer", "policy", "override")
    moves = [getattr(drivers, f"seat_by_{name}") for name in names]
    assert (np.add.reduce(moves) == drivers.seat).all()
    assert all(set(move.tolist()) <= {-1, 0, 1, -2, 2} for move in moves)
    assert (
        np.isnan(drivers.change).tolist()
        == (np.isnan(drivers.before) | np.isnan(drivers.after)).tolist()
    )


@FEWER
@given(quarter_pairs())
def test_decisions_follow_the_seats(pair: tuple[ka.Quarter, ka.Quarter]) -> None:
    """Promote, demote, stay, or nothing: by who was key and who is, and each with a reason."""
    found = ka.review(*pair)
    was = dict(zip(pair[0].ids, pair[0].selection.is_key.tolist(), strict=True))
    now = dict(zip(pair[1].ids, pair[1].selection.is_key.tolist(), strict=True))
    entered = {False: None, True: "promote"}
    for account, decision, reason in zip(found.ids, found.decision, found.reason, strict=True):
        if was.get(account, False) and now.get(account, False):
            assert decision in {"keep", "hold", "watch"}
        elif was.get(account, False):
            assert decision == "demote"
        else:
            assert decision == entered[now.get(account, False)]
        assert bool(reason) is (decision is not None)


@FEWER
@given(quarter_pairs(), review_rules())
def test_a_log_replays(pair: tuple[ka.Quarter, ka.Quarter], rules: ka.ReviewRules) -> None:
    """Through its text and back, every entry comes out again."""
    log = ka.decision_log(ka.review(*pair, rules=rules), ka.digest)
    assert ka.DecisionLog.parse(log.text).entries == log.entries
    assert ka.replay_log(log.text, pair, ka.digest, rules=rules).agrees


@FEWER
@given(quarter_pairs(), review_rules())
def test_what_is_not_given_is_never_fine(
    pair: tuple[ka.Quarter, ka.Quarter], rules: ka.ReviewRules
) -> None:
    """Without a column that a check reads, no answer turns into ok or not shown."""
    found = ka.review(*pair, rules=rules)
    gone = {n for check in rules.checks for n in check.reads} - set(pair[1].scorer.reads)
    bare = attrs.evolve(
        pair[1],
        columns={k: v for k, v in pair[1].columns.items() if k not in gone},
        trailing={k: v for k, v in pair[1].trailing.items() if k not in gone},
    )
    less = ka.review(pair[0], bare, rules=rules)
    for question in ("coverage", "plan", "tasks"):
        mine, theirs = less.findings.answer(question), found.findings.answer(question)
        assert not any(a == "ok" != b for a, b in zip(mine, theirs, strict=True))
    for way in ("get_in", "grow", "retain"):
        mine, theirs = less.ways.answer(way), found.ways.answer(way)
        assert not any(a == "not_shown" != b for a, b in zip(mine, theirs, strict=True))
