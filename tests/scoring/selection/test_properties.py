"""What holds of any selection."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import keyaccount as ka

TODAY = "2026-09-30"
FEW = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
# A coarse lattice makes ties common; a fine one makes every score its own.
SCORES = st.one_of(
    st.integers(0, 5).map(lambda k: k / 8),
    st.floats(0.0, 1.0),
    st.sampled_from([float("nan")]),
)
TIES = st.sampled_from(["include_all", "exclude_all", "by_id"])
RULES = st.one_of(
    st.integers(0, 6).map(ka.TopCount),
    st.integers(0, 10).map(lambda k: ka.TopShare(k / 10)),
    st.integers(0, 6).map(lambda k: ka.AtLeast(k / 8)),
    st.tuples(st.integers(0, 6), st.integers(0, 6)).map(
        lambda p: ka.TopCount(p[0]) & ka.AtLeast(p[1] / 8)
    ),
)


@st.composite
def quarters(draw: st.DrawFn, *, rule: Any = RULES, capped: bool = True) -> dict[str, Any]:
    """Draw all arguments of a selection; ids of which the texts sort otherwise than the numbers."""
    n = draw(st.integers(0, 9))
    ids = draw(st.permutations([str(i + 5) for i in range(n)]))
    some = st.sampled_from([*ids, "gone"])
    forced = draw(st.dictionaries(some, st.booleans(), max_size=2))
    days = st.sampled_from([None, "2020-01-01", "2026-09-01"])
    return {
        "scores": np.array(draw(st.lists(SCORES, min_size=n, max_size=n))),
        "rule": draw(rule),
        "ids": ids,
        "as_of": TODAY,
        "within": draw(
            st.none() | st.lists(st.sampled_from(["x", "y", None]), min_size=n, max_size=n)
        ),
        "ties": draw(TIES),
        "hold": draw(st.sampled_from([0.0, 0.125, 0.3])),
        "incumbents": draw(st.dictionaries(some, days, max_size=5)) | {"dated": "2020-01-01"},
        "min_tenure_days": draw(st.sampled_from([0, 90])),
        "max_changes": draw(st.none() | st.integers(0, 3)) if capped else None,
        "overrides": [
            ka.Override(account, include=include, reason="why", approved_by="VP")
            for account, include in forced.items()
        ],
    }


def chosen(quarter: dict[str, Any], **changed: Any) -> ka.Selection:
    """Choose, with some arguments changed; more included than seats is no case."""
    given = quarter | changed
    scores, rule = given.pop("scores"), given.pop("rule")
    try:
        return ka.select(scores, rule, **given)
    except ka.SelectionError as error:
        assume("are included by override" not in error.fact)
        raise


def of(selection: ka.Selection, account: str) -> bool:
    """Say whether an account is key."""
    return account in selection.key_ids


def same(a: NDArray[Any], b: NDArray[Any]) -> None:
    """Hold two columns to be the same, bit by bit."""
    np.testing.assert_array_equal(a, b, strict=True)


@given(quarters(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_does_not_matter(quarter: dict[str, Any], random: Any) -> None:
    """Rows and ids permuted along give the same decisions, reasons, cuts and findings."""
    n = len(quarter["scores"])
    order = random.sample(range(n), n)
    within = quarter["within"]
    permuted = chosen(
        quarter,
        scores=quarter["scores"][order],
        ids=[quarter["ids"][i] for i in order],
        within=None if within is None else [within[i] for i in order],
        overrides=quarter["overrides"][::-1],
        incumbents=dict(reversed(quarter["incumbents"].items())),
    )
    plain = chosen(quarter)
    for name, column in plain.columns().items():
        same(column[order], permuted.columns()[name])
    assert repr(plain.groups) == repr(permuted.groups)
    assert plain.findings == permuted.findings


@given(quarters())
@FEW
def test_decision_and_reason_agree(quarter: dict[str, Any]) -> None:
    """Whoever is in has a reason to be in, and the row says in words what the code says."""
    selection = chosen(quarter)
    for i in range(len(selection)):
        row = selection.row(i)
        assert row["meaning"].startswith("in: " if row["is_key"] else "out: ")
        assert row["is_key"] == selection.is_key[i]
        str(row)


@given(quarters())
@FEW
def test_seats_go_inside_the_quota(quarter: dict[str, Any]) -> None:
    """Nobody is key beyond the seats but where all of the tied are let in."""
    selection = chosen(quarter)
    for group in selection.groups:
        beyond = group.seats is not None and group.selected > group.seats
        assert not beyond or quarter["ties"] == "include_all"
    for override in quarter["overrides"]:
        if override.account in quarter["ids"]:
            assert of(selection, override.account) == override.include


@given(quarters())
@FEW
def test_groups_do_not_know_each_other(quarter: dict[str, Any]) -> None:
    """Selecting within groups is selecting in each group on its own."""
    assume(quarter["within"] is not None)
    selection = chosen(quarter)
    within = np.array(quarter["within"], dtype=object)
    for label in set(quarter["within"]):
        rows = np.flatnonzero(within == label)
        ids = [quarter["ids"][i] for i in rows]
        alone = chosen(quarter, scores=quarter["scores"][rows], ids=ids, within=None)
        same(alone.reason, selection.reason[rows])
        same(alone.is_key, selection.is_key[rows])


@given(quarters(capped=False), st.data())
@FEW
def test_a_better_score_never_costs_a_seat(quarter: dict[str, Any], data: st.DataObject) -> None:
    """Raise one account's score, or give it one: if it was in it stays in."""
    before = chosen(quarter)
    assume(before.key_ids)
    account = data.draw(st.sampled_from(before.key_ids))
    i = quarter["ids"].index(account)
    scores = quarter["scores"].copy()
    scores[i] = np.nan_to_num(scores[i]) + data.draw(st.sampled_from([0.125, 0.01, 1.0]))
    assert of(chosen(quarter, scores=scores), account)


@given(quarters(rule=st.integers(0, 6), capped=False))
@FEW
def test_more_seats_never_cost_one(quarter: dict[str, Any]) -> None:
    """Everybody in by a count is in by a higher count."""
    fewer = chosen(quarter, rule=ka.TopCount(quarter["rule"]))
    more = chosen(quarter, rule=ka.TopCount(quarter["rule"] + 1))
    assert not (fewer.is_key & ~more.is_key).any()


@given(quarters(rule=st.tuples(st.integers(0, 6), st.integers(0, 6)), capped=False))
@FEW
def test_rules_joined_give_what_both_give(quarter: dict[str, Any]) -> None:
    """By rank alone, the accounts of `a & b` are those of `a` that are accounts of `b`."""
    count, bar = ka.TopCount(quarter["rule"][0]), ka.AtLeast(quarter["rule"][1] / 8)
    quarter |= {"overrides": [], "min_tenure_days": 0}
    both = chosen(quarter, rule=count & bar)
    same(both.is_key, chosen(quarter, rule=count).is_key & chosen(quarter, rule=bar).is_key)


@given(quarters())
@FEW
def test_a_longer_hold_never_costs_an_incumbent_its_seat(quarter: dict[str, Any]) -> None:
    """What holds an incumbent holds it the better the longer it reaches."""
    quarter |= {"max_changes": None}
    short, long = (chosen(quarter, hold=hold) for hold in (0.1, 0.25))
    incumbent = np.isin(quarter["ids"], list(quarter["incumbents"]))
    assert not (incumbent & short.is_key & ~long.is_key).any()


@given(quarters())
@FEW
def test_without_hold_or_tenure_only_ids_know_incumbents(quarter: dict[str, Any]) -> None:
    """Where nothing favours them, incumbents change nothing."""
    assume(quarter["ties"] != "by_id")
    quarter |= {"hold": 0.0, "min_tenure_days": 0, "max_changes": None}
    same(chosen(quarter).is_key, chosen(quarter, incumbents=None).is_key)


@given(quarters())
@FEW
def test_choosing_again_from_the_same_scores_changes_nothing(quarter: dict[str, Any]) -> None:
    """Last quarter's key accounts, chosen again, are this quarter's, with the day they had."""
    assume(quarter["ties"] != "exclude_all")
    quarter |= {"max_changes": None, "min_tenure_days": 0}
    first = chosen(quarter)
    again = chosen(quarter, incumbents=first, as_of="2026-12-31")
    same(again.is_key, first.is_key)
    same(again.since, first.since)


@given(quarters())
@FEW
def test_the_cap_caps(quarter: dict[str, Any]) -> None:
    """By rank no more enter than may, and no more leave unless their seats are gone."""
    assume(quarter["max_changes"] is not None)
    quarter |= {"within": None, "overrides": [], "min_tenure_days": 0}
    cap, selection = quarter["max_changes"], chosen(quarter)
    incumbent = np.isin(quarter["ids"], list(quarter["incumbents"]))
    entered = np.count_nonzero(selection.is_key & ~incumbent)
    assert entered <= cap
    scored = incumbent & ~np.isnan(quarter["scores"])
    left = np.count_nonzero(scored & ~selection.is_key)
    seats = selection.groups[0].seats
    gone = 0 if seats is None else max(np.count_nonzero(scored) - seats, 0)
    assert left <= max(cap, gone)
    free = chosen(quarter, max_changes=None)
    same(chosen(quarter, max_changes=len(quarter["ids"])).reason, free.reason)


@given(quarters(), st.integers(0, 9))
@FEW
def test_taking_out_an_account_that_is_out_changes_nobody_else(
    quarter: dict[str, Any], pick: int
) -> None:
    """An exclusion of somebody without a seat frees none."""
    quarter |= {"max_changes": None}
    before = chosen(quarter)
    out = [i for i in range(len(before)) if not before.is_key[i]]
    assume(out and quarter["ties"] != "exclude_all")
    account = quarter["ids"][out[pick % len(out)]]
    assume(account not in {o.account for o in quarter["overrides"]})
    ban = ka.Override(account, include=False, reason="why", approved_by="VP")
    after = chosen(quarter, overrides=[*quarter["overrides"], ban])
    same(after.is_key, before.is_key)


@given(quarters())
@FEW
def test_cells_are_arrays_of_their_own(quarter: dict[str, Any]) -> None:
    """Choosing leaves its input as it was."""
    scores = quarter["scores"].copy()
    copy = attrs.evolve(quarter["overrides"][0]) if quarter["overrides"] else None
    chosen(quarter)
    np.testing.assert_array_equal(scores, quarter["scores"])
    assert copy is None or copy == quarter["overrides"][0]
