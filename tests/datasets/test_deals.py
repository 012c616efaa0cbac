"""Deals, their history and the orders they bring are one story."""

from __future__ import annotations

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.datasets import SyntheticBook, synthetic_book

DAY = np.datetime64("2026-09-30")
FUNNEL = ka.opportunity_funnel()


@pytest.fixture(scope="module")
def pipeline(clean: SyntheticBook) -> ka.Pipeline:
    """Replay the log."""
    return FUNNEL.replay(clean.history)


def test_the_log_replays_without_a_refusal(pipeline: ka.Pipeline) -> None:
    """Nothing in the log breaks a rule of the funnel, and nothing has to be told."""
    assert len(pipeline.refused["deal"]) == 0
    assert pipeline.findings == ()


def test_the_log_needs_no_seq(clean: SyntheticBook, pipeline: ka.Pipeline) -> None:
    """The moments of the log tell its order: it replays to the same in any order of its rows."""
    rows = np.random.default_rng(1).permutation(len(clean.history["deal"]))
    shuffled = {name: column[rows] for name, column in clean.history.items() if name != "seq"}
    again = FUNNEL.replay(shuffled).now
    assert again.stage.tolist() == pipeline.now.stage.tolist()
    assert repr(again.amount.tolist()) == repr(pipeline.now.amount.tolist())


def test_the_history_leads_to_where_the_deals_stand(
    clean: SyntheticBook, pipeline: ka.Pipeline
) -> None:
    """Stage, outcome, money, days, owner and account of the table are those of the replay."""
    deals, now = clean.deals, pipeline.now
    assert now.deal.tolist() == deals["deal_id"].tolist()
    letter = {stage.code: stage.letter for stage in FUNNEL.stages}
    lost, won = now.outcome == "lost", now.outcome == "won"
    stages = np.array([letter[code] for code in now.stage], dtype=object)
    stages[lost] = "lost"
    assert (np.where(deals["stage"] == "won", "F", deals["stage"]) == stages).all()
    assert (np.isin(deals["stage"], ["won", "F"]) == won).all()
    assert repr(now.amount.tolist()) == repr(deals["amount"].tolist())
    assert (now.opened.astype("datetime64[D]") == deals["opened"]).all()
    open_ = ~lost & ~won
    assert np.isnat(deals["closed"][open_]).all()
    assert (now.closed.astype("datetime64[D]")[~open_] == deals["closed"][~open_]).all()
    assert now.owner.tolist() == deals["owner"].tolist()
    assert now.account.tolist() == deals["account_id"].tolist()
    assert (now.expected.astype("datetime64[D]") == deals["expected"]).all()


def test_only_what_is_collected_is_called_won(clean: SyntheticBook) -> None:
    """A deal is in F from its signature until it is collected."""
    history = clean.history
    collected = set(history["deal"][history["code"] == "collected"])
    deals = clean.deals
    assert set(deals["deal_id"][deals["stage"] == "won"]) == collected
    waits = (DAY - deals["closed"][deals["stage"] == "F"]).astype(int)
    assert waits.max() < 365


def test_a_deal_handed_over_is_one_order_to_the_cent(clean: SyntheticBook) -> None:
    """Each deal that was handed over has one order of its amount, and no other deal has any."""
    history, orders, deals = clean.history, clean.orders, clean.deals
    handed_over = set(history["deal"][history["code"] == "handed_over"])
    rows = np.flatnonzero([deal is not None for deal in orders["deal_id"]])
    assert sorted(orders["deal_id"][rows]) == sorted(handed_over)
    place = {deal: i for i, deal in enumerate(deals["deal_id"])}
    at = np.array([place[deal] for deal in orders["deal_id"][rows]])
    agreed = deals["amount"][at]
    known = ~np.isnan(agreed)
    assert known.mean() == pytest.approx(0.99, abs=0.01)
    assert (orders["amount"][rows][known] == agreed[known]).all()
    assert (orders["account_id"][rows] == deals["account_id"][at]).all()
    assert (orders["product"][rows] == deals["product"][at]).all()
    assert (orders["date"][rows] > deals["closed"][at]).all()


def test_days_run_forward(clean: SyntheticBook) -> None:
    """A deal is decided after it was opened."""
    deals = clean.deals
    ended = ~np.isnat(deals["closed"])
    assert (deals["closed"][ended] > deals["opened"][ended]).all()
    assert (deals["expected"] > deals["opened"]).all()


def test_stages_are_a_cascade(pipeline: ka.Pipeline) -> None:
    """Of the deals, fewer reach each later stage, and most losses come early."""
    visits = pipeline.visits(str(DAY)).columns()
    back = visits["outcome"] == "regressed"  # the deal goes on all the same
    visits["outcome"] = np.where(back, "open", visits["outcome"])
    table = ka.conversion_table(visits, horizon=365)
    row = [list(table.stage).index(stage.code) for stage in FUNNEL.stages[:5]]
    deals, forward = table.at.deals[row], table.at.advanced[row]
    assert (np.diff(deals) < 0).all()
    assert (np.diff(forward) > 0).all()
    assert forward[0] == pytest.approx(0.8, abs=0.06)


def test_win_rates_differ_by_sector(clean: SyntheticBook) -> None:
    """Of deals old enough to be decided on their merits, the stated share is won."""
    of = dict(zip(clean.accounts["account_id"], clean.accounts["sector"], strict=True))
    deals = clean.deals
    old = deals["opened"] < DAY - np.timedelta64(365, "D")
    judged = old & (deals["lost_reason"] != "customer left")
    sector = np.array([of[account] for account in deals["account_id"]])
    won = np.isin(deals["stage"], ["won", "F"])
    for name, rate in (("software", 0.66), ("technology", 0.52), ("logistics", 0.37)):
        assert won[judged & (sector == name)].mean() == pytest.approx(rate, abs=0.05)


def test_good_relationships_win_more(clean: SyntheticBook) -> None:
    """Accounts with a coach win a larger share of their deals."""
    coached = set(clean.people["account_id"][clean.people["role"] == "user, coach"])
    deals = clean.deals
    decided = ~np.isnat(deals["closed"])
    helped = np.array([account in coached for account in deals["account_id"]])
    won = np.isin(deals["stage"], ["won", "F"])
    assert won[decided & helped].mean() > won[decided & ~helped].mean() + 0.03


def test_losses_are_explained(clean: SyntheticBook) -> None:
    """Every lost deal has a reason; it is that the customer left only where it did."""
    deals = clean.deals
    lost = deals["stage"] == "lost"
    assert ([reason is not None for reason in deals["lost_reason"]] == lost).all()
    left = dict(zip(clean.truth["account_id"], clean.truth["left_on"], strict=True))
    gone = deals["lost_reason"] == "customer left"
    days = np.array([left[account] for account in deals["account_id"][gone]])
    assert gone.sum() > 0
    assert (days <= deals["closed"][gone]).all()
    won = np.isin(deals["stage"], ["won", "F"])
    until = np.array([left[account] for account in deals["account_id"][won]])
    late = (deals["closed"][won] - until).astype(float)
    assert not (late[~np.isnat(until)] > 45).any()


def test_amounts_are_entered_late(clean: SyntheticBook) -> None:
    """A third of the open deals carries no amount yet; of the decided ones, a hundredth never."""
    deals = clean.deals
    is_open = np.isin(deals["stage"], list("ABCDE"))
    assert is_open.mean() == pytest.approx(0.09, abs=0.03)
    assert np.isnan(deals["amount"][is_open]).mean() == pytest.approx(0.37, abs=0.04)
    assert np.isnan(deals["amount"][~is_open]).mean() == pytest.approx(0.01, abs=0.005)


def test_the_log_has_every_kind_of_event(clean: SyntheticBook) -> None:
    """Deals are opened, worked on, put off, handed on, fall back, and end."""
    kinds, counts = np.unique(clean.history["event"].astype(str), return_counts=True)
    found = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
    assert set(found) == {
        *("open", "confirm", "advance", "regress", "win", "lose"),
        *("set_amount", "reschedule", "reassign"),
    }
    assert found["open"] == len(clean.deals["deal_id"])
    assert found["win"] + found["lose"] == (~np.isnat(clean.deals["closed"])).sum()
    known = {code for stage in FUNNEL.stages for code in (a.code for a in stage.key_actions)}
    assert known <= set(clean.history["code"])


def test_coaches_do_what_needs_a_coach(clean: SyntheticBook) -> None:
    """Key actions through the coach are done only where there is one."""
    coached = set(clean.people["account_id"][clean.people["role"] == "user, coach"])
    account = dict(zip(clean.deals["deal_id"], clean.deals["account_id"], strict=True))
    done = clean.history["deal"][clean.history["code"] == "coach_developed"]
    assert len(done)
    assert {account[deal] for deal in done} <= coached


@pytest.mark.parametrize("seed", range(4))
def test_any_seed_replays(seed: int) -> None:
    """The log of any book replays without a refusal."""
    assert len(FUNNEL.replay(synthetic_book(300, seed).history).refused["deal"]) == 0
