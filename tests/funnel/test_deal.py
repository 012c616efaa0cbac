"""A deal as a value: what each verb does, what it refuses, and what stays on record."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from typing import Any, cast

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import events, funnels


def gated(*, required: bool = False) -> ka.Funnel:
    """Two gated stages, a third without a gate, then won."""
    return ka.Funnel(
        "gated",
        [
            ka.Stage(
                "talk",
                "Talk",
                letter="A",
                win_probability=0.2,
                key_result=ka.KeyResult("need", "There is a need"),
                key_actions=[
                    ka.KeyAction("coach", "Find a coach", required=required, roles=["coach"]),
                    ka.KeyAction("rivals", "Know the rivals"),
                ],
            ),
            ka.Stage(
                "offer",
                "Offer",
                letter="B",
                win_probability=0.5,
                key_result=ka.KeyResult("price", "The price is agreed"),
            ),
            ka.Stage("sign", "Sign", letter="C", win_probability=0.9, milestones=["signed"]),
            ka.Stage("won", "Won", letter="D", win_probability=1, outcome="won"),
        ],
    )


def opened(funnel: ka.Funnel | None = None, **about: Any) -> ka.Deal:
    """A deal opened on the first of September."""
    return (funnel or gated()).open("OPP-1", at="2026-09-01", by="li", **about)


def in_offer(funnel: ka.Funnel) -> ka.Deal:
    """A deal that has come to the offer."""
    deal = funnel.confirm(opened(funnel), "need", at="2026-09-02", buyer="Ms Zhao")
    return funnel.advance(deal, at="2026-09-03")


# --- The gate ------------------------------------------------------------------------------------


def test_the_key_result_is_the_gate() -> None:
    """Without it a deal stays; confirmed, it goes on, and who confirmed it is on record."""
    funnel = gated()
    deal = opened(funnel, account="A-17", amount=120_000)
    with pytest.raises(ka.TransitionRefused) as caught:
        funnel.advance(deal, at="2026-09-08")
    assert str(caught.value) == (
        "deal 'OPP-1' cannot advance from 'talk' to 'offer': the key result of the stage is not "
        "confirmed: 'need'\n\nHint: confirm what is missing first, or pass override='the reason' "
        "where the rules may be set aside."
    )
    assert caught.value.parts["missing"] == ("need",)
    deal = funnel.confirm(deal, "need", at="2026-09-03", by="li", buyer="Ms Zhao")
    assert deal.confirmed == (
        ka.Confirmation("need", datetime(2026, 9, 3), "li", "Ms Zhao"),  # noqa: DTZ001
    )
    deal = funnel.advance(deal, at="2026-09-08", by="li")
    assert (deal.stage, deal.probability, deal.amount) == ("offer", 0.5, 120_000.0)
    assert [e.kind for e in deal.history] == ["open", "confirm", "advance"]


def test_key_actions_are_advisory_unless_marked() -> None:
    """Their completeness is shown; a required one is named when it is missing."""
    funnel = gated()
    deal = funnel.confirm(opened(funnel), "need", at="2026-09-02")
    assert (funnel.completeness(deal), funnel.missing(deal)) == (0.0, ())
    assert funnel.advance(deal, at="2026-09-03").stage == "offer"
    strict = gated(required=True)
    deal = strict.confirm(opened(strict), "need", at="2026-09-02")
    with pytest.raises(ka.TransitionRefused, match=r"a required key action .* not done: 'coach'"):
        strict.advance(deal, at="2026-09-03")
    deal = strict.confirm(deal, "coach", at="2026-09-03")
    assert strict.completeness(deal) == 0.5
    assert strict.advance(deal, at="2026-09-03").stage == "offer"
    assert strict.completeness(strict.advance(deal, at="2026-09-03")) is None


def test_both_are_missing_and_both_are_named() -> None:
    """The error lists everything the gate asks for."""
    strict = gated(required=True)
    with pytest.raises(ka.TransitionRefused) as caught:
        strict.advance(opened(strict), at="2026-09-03")
    assert caught.value.parts["missing"] == ("need", "coach")


def test_an_override_needs_a_reason_and_is_on_record() -> None:
    """The gate and the moves are set aside; why is kept."""
    funnel = gated()
    with pytest.raises(ka.TransitionRefused):
        funnel.advance(opened(funnel), at="2026-09-03", override=" ")
    deal = funnel.advance(opened(funnel), at="2026-09-03", to="C", override="the CEO wants it")
    assert (deal.stage, deal.history[-1].override) == ("sign", "the CEO wants it")


# --- Ways through the funnel ---------------------------------------------------------------------


def test_a_deal_is_won_at_the_end() -> None:
    """Won is the last advance; before it, winning is refused; milestones have their own dates."""
    funnel = gated()
    deal = in_offer(funnel)
    with pytest.raises(ka.TransitionRefused, match="cannot win from 'offer' to 'won'"):
        funnel.win(deal, at="2026-09-04")
    deal = funnel.confirm(deal, "price", at="2026-09-04")
    deal = funnel.advance(deal, at="2026-09-05")
    deal = funnel.confirm(deal, "signed", at="2026-09-06")
    assert (deal.probability, deal.date_of("signed")) == (0.9, date(2026, 9, 6))
    won = funnel.win(deal, at="2026-10-01", amount=99_000)
    assert (won.stage, won.outcome, won.probability, won.amount) == ("won", "won", 1.0, 99_000.0)
    assert won.closed == datetime(2026, 10, 1)  # noqa: DTZ001
    assert funnel.advance(deal, at="2026-10-01").outcome == "won"
    with pytest.raises(ka.TransitionRefused, match="the deal is won or lost"):
        funnel.set_amount(won, 1, at="2026-10-02")


def test_a_deal_without_a_won_stage_is_won_in_the_last() -> None:
    """Funnels that end before the decision."""
    funnel = ka.Funnel("two", [ka.Stage("a", "A"), ka.Stage("b", "B")])
    deal = opened(funnel)
    with pytest.raises(ka.TransitionRefused, match="no such move"):
        funnel.win(deal, at="2026-09-02")
    won = funnel.win(funnel.advance(deal, at="2026-09-02"), at="2026-09-03")
    assert (won.stage, won.outcome, won.probability) == ("b", "won", 1.0)


def test_going_back_takes_back_the_key_results() -> None:
    """The stage gone back to must be confirmed anew; actions stay on record."""
    funnel = gated()
    deal = funnel.confirm(in_offer(funnel), "price", at="2026-09-04")
    deal = funnel.confirm(deal, "coach", at="2026-09-04")
    deal = funnel.regress(deal, at="2026-09-05")
    assert (deal.stage, [c.code for c in deal.confirmed]) == ("talk", ["coach"])
    with pytest.raises(ka.TransitionRefused, match="'need'"):
        funnel.advance(deal, at="2026-09-06")
    with pytest.raises(ka.TransitionRefused, match="no such move"):
        funnel.regress(deal, at="2026-09-06")


def test_a_lost_deal_has_a_reason_and_may_come_back() -> None:
    """It keeps the stage it was lost in, and comes back there."""
    funnel = gated()
    with pytest.raises(ka.TransitionRefused, match="no reason is given"):
        funnel.lose(in_offer(funnel), at="2026-09-05", reason=" ")
    lost = funnel.lose(in_offer(funnel), at="2026-09-05", reason="too dear")
    assert (lost.stage, lost.outcome, lost.probability) == ("offer", "lost", 0.0)
    back = funnel.reopen(lost, at="2026-12-01")
    assert (back.stage, back.outcome, back.lost_reason, back.closed) == ("offer", "open", "", None)
    with pytest.raises(ka.TransitionRefused, match="still open"):
        funnel.reopen(back, at="2026-12-02")


# --- What is set by hand -------------------------------------------------------------------------


def test_the_hands_probability_stands_beside_the_stages() -> None:
    """A change of stage never touches it, 0 is a statement, None takes it back."""
    funnel = gated()
    deal = funnel.set_probability(opened(funnel, amount=100), 0, at="2026-09-02")
    assert (deal.probability, deal.stage_probability, deal.weighted) == (0.0, 0.2, 0.0)
    deal = funnel.advance(funnel.confirm(deal, "need", at="2026-09-03"), at="2026-09-04")
    assert (deal.probability, deal.stage_probability) == (0.0, 0.5)
    assert funnel.set_probability(deal, None, at="2026-09-05").probability == 0.5


def test_reopening_earlier_takes_back_what_came_after() -> None:
    """As going back does."""
    funnel = gated()
    lost = funnel.lose(in_offer(funnel), at="2026-09-05", reason="too dear")
    assert funnel.reopen(lost, at="2026-09-06").has("need")
    assert funnel.missing(funnel.reopen(lost, at="2026-09-06", to="A")) == ("need",)


def test_every_confirmation_is_on_record() -> None:
    """By another person, in another buyer's name."""
    funnel = gated()
    deal = funnel.confirm(opened(funnel), "coach", at="2026-09-02", by="li", buyer="Ms Zhao")
    deal = funnel.confirm(deal, "coach", at="2026-09-04", by="wang", buyer="Mr Sun")
    assert [(c.by, c.buyer) for c in deal.confirmed] == [("li", "Ms Zhao"), ("wang", "Mr Sun")]
    assert deal.date_of("coach") == date(2026, 9, 2)


def test_putting_off_rescheduling_and_another_owner() -> None:
    """Each is a date or a name that is there; a move ends the putting off."""
    funnel = gated()
    deal = funnel.defer(opened(funnel), until="2026-10-01", at="2026-09-02")
    assert deal.deferred_until == date(2026, 10, 1)
    with pytest.raises(ka.TransitionRefused, match="missing or out of range"):
        funnel.defer(deal, until="2026-09-03", at="2026-09-03")
    deal = funnel.reschedule(deal, "2026-12-31", at="2026-09-03")
    deal = funnel.reassign(deal, "wang", at="2026-09-03")
    assert (deal.expected, deal.owner) == (date(2026, 12, 31), "wang")
    with pytest.raises(ka.TransitionRefused, match="cannot reassign"):
        funnel.reassign(deal, " ", at="2026-09-03")
    deal = funnel.advance(deal, at="2026-09-04", override="why not")
    assert deal.deferred_until is None


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf")])
def test_amounts_are_money(amount: float) -> None:
    """Negative and infinite ones are refused, and the deal stays as it was."""
    funnel = gated()
    with pytest.raises(ka.TransitionRefused, match="cannot set amount"):
        funnel.set_amount(opened(funnel), amount, at="2026-09-02")
    assert funnel.set_amount(opened(funnel), 0, at="2026-09-02").amount == 0.0


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_probabilities_are_shares(probability: float) -> None:
    """Out of [0, 1] they are refused."""
    with pytest.raises(ka.TransitionRefused, match="cannot set probability"):
        gated().set_probability(opened(), probability, at="2026-09-02")


# --- Time ----------------------------------------------------------------------------------------


def test_time_does_not_run_backwards_unless_said() -> None:
    """A back-filled event goes where it belongs, and everything after it is taken again."""
    funnel = gated()
    deal = funnel.advance(opened(funnel), at="2026-09-08", override="in a hurry")
    with pytest.raises(ka.TransitionRefused, match="it lies before the last event"):
        funnel.confirm(deal, "need", at="2026-09-03")
    deal = funnel.confirm(deal, "need", at="2026-09-03", back_filled=True)
    assert [e.kind for e in deal.history] == ["open", "confirm", "advance"]
    assert deal.history[1].back_filled
    assert deal.date_of("need") == date(2026, 9, 3)


def test_a_back_fill_comes_after_what_happened_at_the_same_moment() -> None:
    """Opened and back-filled on one day: first opened."""
    funnel = gated()
    deal = funnel.set_amount(opened(funnel), 5, at="2026-09-08")
    deal = funnel.set_amount(deal, 3, at="2026-09-01", back_filled=True)
    assert [e.kind for e in deal.history] == ["open", "set_amount", "set_amount"]
    assert deal.amount == 5.0


def test_a_back_fill_that_breaks_a_later_event_is_refused() -> None:
    """Nothing is half done: the deal stays as it was."""
    funnel = gated()
    deal = funnel.set_amount(opened(funnel), 5, at="2026-09-08")
    with pytest.raises(ka.TransitionRefused, match="cannot set amount"):
        funnel.lose(deal, at="2026-09-05", reason="too dear", back_filled=True)
    assert deal.outcome == "open"


@pytest.mark.parametrize(
    "make",
    [
        lambda f, d: f.open("OPP-2", at="soon"),
        lambda f, d: f.open(" ", at="2026-09-01"),
        lambda f, d: f.defer(d, until="soon", at="2026-09-01"),
        lambda f, d: f.set_amount(d, "much", at="2026-09-01"),
        lambda f, d: ka.Event("OPP-1", cast("Any", "opened"), "2026-09-01"),
        lambda f, d: f.fold([]),
        lambda f, d: f.fold(None),
        lambda f, d: f.fold([1]),
        lambda f, d: f.fold([*d.history, ka.Event("OPP-2", "lose", "2026-09-02", reason="x")]),
        lambda f, d: f.open("OPP-2", at=pd.NaT),
        lambda f, d: f.open("OPP-2", at=np.datetime64("NaT", "D")),
        lambda f, d: f.advance("OPP-1", at="2026-09-02"),
        lambda f, d: f.missing(None),
        lambda f, d: f.completeness("OPP-1"),
        lambda f, d: f.stage(3),
        lambda f, d: ka.event_log(cast("Any", [1])),
        lambda f, d: ka.event_log(cast("Any", None)),
        lambda f, d: ka.plan_consistency(cast("Any", "f")),
        lambda f, d: ka.reminders(d, "2026-09-02"),
        lambda f, d: f.stage("Z"),
    ],
)
def test_what_is_no_event_is_a_typed_error(make: Any) -> None:
    """Before any rule is looked at."""
    funnel = gated()
    with pytest.raises(ka.SpecError, match="Hint: "):
        make(funnel, opened(funnel))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda f, d: f.confirm(d, "nothing", at="2026-09-02"), "no such key result"),
        (lambda f, d: f.advance(d, at="2026-09-02", to="Z"), "no such stage"),
        (lambda f, d: f.open("OPP-2", at="2026-09-02", stage="Z"), "no such stage"),
        (lambda f, d: f.open("OPP-2", at="2026-09-02", stage="won"), "no such move"),
        (lambda f, d: f.advance(d, at="2026-09-02", to="talk"), "no such move"),
        (lambda f, d: f.advance(d, at="2026-09-02", to="sign"), "no such move"),
    ],
)
def test_what_the_funnel_does_not_have(make: Any, said: str) -> None:
    """Words nobody knows, and ways there are not."""
    funnel = gated()
    with pytest.raises(ka.TransitionRefused, match=said):
        make(funnel, opened(funnel))


def test_a_deal_of_another_funnel_is_a_typed_error() -> None:
    """Its stage means nothing here, so that no verb moves it from there."""
    deal = ka.opportunity_funnel().open("OPP-1", at="2026-09-01")
    for verb in (gated().advance, gated().regress, gated().win):
        with pytest.raises(ka.SpecError, match=r"stage must be one of 'talk', 'offer'.*understand"):
            verb(deal, at="2026-09-02")


# --- Values --------------------------------------------------------------------------------------


@given(st.data())
def test_a_history_folds_to_its_deal(data: st.DataObject) -> None:
    """What is on record is enough to make the deal again."""
    funnel = data.draw(funnels())
    deal = ka.Deal(id="deal")
    for event in sorted(data.draw(events(funnel)), key=lambda e: e.at):
        try:
            deal = funnel.fold([*deal.history, event])
        except ka.TransitionRefused:
            continue
    if deal.history:
        assert funnel.fold(deal.history) == deal


def test_deals_and_errors_cross_processes() -> None:
    """Pickled, they are the same; a deal reads well."""
    deal = in_offer(gated())
    assert pickle.loads(pickle.dumps(deal)) == deal  # noqa: S301 - our own bytes
    funnel = gated()
    funnel.rules.stage_position("A")
    assert pickle.loads(pickle.dumps(funnel)) == funnel  # noqa: S301
    assert "offer" in str(deal.record())
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        deal.stage = "won"  # type: ignore[misc]
