"""What a pipeline tells beyond the state of its deals: stays, owners, reasons, ties."""

from __future__ import annotations

from typing import Any

import pytest

import keyaccount as ka

FUNNEL = ka.opportunity_funnel()
START = {"deal": ["1", "1"], "event": ["open", "advance"], "at": ["2026-01-01", "2026-01-02"]}


def stages() -> ka.Funnel:
    """Two open stages, no gates."""
    made = [ka.Stage("a", "A"), ka.Stage("b", "B"), ka.Stage("won", "Won", outcome="won")]
    return ka.Funnel("stages", [*made, ka.Stage("lost", "Lost", outcome="lost")])


@pytest.mark.parametrize("flags", [[False, False], [0, 0], [True, True], [None, False]])
@pytest.mark.parametrize("column", ["override", "reason"])
def test_a_flag_is_no_reason(column: str, flags: list[Any]) -> None:
    """A false override would open the gate: texts that say why are asked for."""
    with pytest.raises(ka.ColumnError, match="texts that say why"):
        FUNNEL.replay({**START, column: flags})


def test_a_stay_is_the_owners_who_has_the_deal() -> None:
    """Of an open stay the last owner, of an ended one the owner at its end."""
    deal = FUNNEL.open("1", at="2026-01-01", owner="li")
    deal = FUNNEL.reassign(deal, "wang", at="2026-01-05")
    pipeline = FUNNEL.replay(ka.event_log(deal.history))
    assert pipeline.visits().owner.tolist() == ["wang"]
    assert pipeline.visits("2026-01-03").owner.tolist() == ["li"]
    deal = FUNNEL.advance(deal, at="2026-01-08", override="agreed")
    deal = FUNNEL.reassign(deal, "chen", at="2026-01-09")
    visits = FUNNEL.replay(ka.event_log(deal.history)).visits()
    assert visits.owner.tolist() == ["wang", "chen"]
    assert visits.cohort.tolist() == ["2026-01", "2026-01"]


def went_back(n: int, *, lost: bool) -> list[ka.Event]:
    """A deal that comes to B, goes back to A and may be lost there."""
    funnel = stages()
    deal = funnel.open(f"back {n}", at="2026-01-01")
    deal = funnel.advance(deal, at="2026-01-02")
    deal = funnel.regress(deal, at="2026-01-07")
    if lost:
        deal = funnel.lose(deal, at="2026-01-10", reason="price")
    return list(deal.history)


def test_who_went_back_and_was_lost_is_lost_to_the_stage() -> None:
    """A decided deal does not come back: its stays end as it did; an open one may."""
    funnel = stages()
    won = funnel.advance(funnel.open("won", at="2026-01-01"), at="2026-01-02")
    won = funnel.win(won, at="2026-01-12")
    log = [*won.history, *went_back(1, lost=True)]
    table = funnel.replay(ka.event_log(log)).conversion(60)
    assert table.stage.tolist() == ["a", "b"]
    assert (table.at.advanced[1], table.at.lost[1]) == (0.5, 0.5)
    open_too = funnel.replay(ka.event_log([*won.history, *went_back(1, lost=False)]))
    assert open_too.conversion(60).at.lost[1] == 0.0
    assert open_too.conversion(60, reentry="each").at.lost[1] == 0.5


def test_ties_whose_order_matters_are_told() -> None:
    """Two moves of one day, without a sequence; a confirmation and a move are no tie."""
    log = {
        "deal": ["1"] * 4,
        "event": ["open", "advance", "advance", "advance"],
        "at": ["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-03"],
        "stage": [None, "b", "won", None],
    }
    (found, *_) = stages().replay(log).findings
    assert (found.code, found.count) == ("tied_events", 1)
    with_sequence = {**log, "seq": [0, 1, 2, 3]}
    assert "tied_events" not in {f.code for f in stages().replay(with_sequence).findings}
    amounts = {**START, "event": ["open", "set_amount"], "at": ["2026-01-01"] * 2}
    assert not stages().replay({**amounts, "amount": [1.0, 2.0]}).findings


def test_deals_come_in_the_order_of_their_ids() -> None:
    """Whatever the order of the log."""
    for deals in (["b", "a"], ["a", "b"]):
        log = {"deal": deals, "event": ["open"] * 2, "at": ["2026-01-01"] * 2}
        assert stages().replay(log).now.deal.tolist() == ["a", "b"]


def test_dates_and_reasons_of_many_deals() -> None:
    """Signing and collection dated apart; why deals were lost."""
    deal = FUNNEL.open("w", at="2026-01-01", stage="E")
    deal = FUNNEL.confirm(deal, "signed", at="2026-02-01")
    deal = FUNNEL.win(deal, at="2026-03-01")
    deal = FUNNEL.confirm(deal, "collected", at="2026-04-01")
    lost = FUNNEL.lose(FUNNEL.open("l", at="2026-01-01"), at="2026-01-05", reason="too dear")
    with pytest.raises(ka.TransitionRefused, match="won or lost"):
        FUNNEL.confirm(lost, "collected", at="2026-04-01")
    now = FUNNEL.replay(ka.event_log([*deal.history, *lost.history])).now
    assert now.date_of("signed").astype(str).tolist() == ["NaT", "2026-02-01"]
    assert now.date_of("collected").astype(str).tolist() == ["NaT", "2026-04-01"]
    assert now.lost_reason.tolist() == ["too dear", None]
    with pytest.raises(ka.SpecError, match="must be one of"):
        now.date_of("paid")
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'stge'"):
        now["stge"]


def test_a_history_may_begin_with_the_decision() -> None:
    """The first row of a deal says it is lost: it is, and may be reopened."""
    log = {"deal": ["1", "2"], "at": ["2026-01-01"] * 2, "stage": ["lost", "won"]}
    pipeline = stages().replay(log)
    assert pipeline.now.outcome.tolist() == ["lost", "won"]
    assert not pipeline.findings
    again = {"deal": ["1"] * 2, "at": ["2026-01-01", "2026-01-02"], "stage": ["lost", "a"]}
    assert stages().replay(again).now.outcome.tolist() == ["open"]


def test_minus_zero_is_zero() -> None:
    """In columns as in a deal."""
    log = {"deal": ["1"], "event": ["open"], "at": ["2026-01-01"], "amount": [-0.0]}
    assert str(stages().replay(log).now.amount) == "[0.]"
