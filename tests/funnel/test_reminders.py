"""No deal is forgotten: what wants attention by a day, and the next step."""

from __future__ import annotations

import pytest

import keyaccount as ka


def pipeline() -> ka.Pipeline:
    """Deals with and without a reason to look at them."""
    funnel = ka.opportunity_funnel()
    late = funnel.open("late", at="2026-09-01", owner="li")
    asleep = funnel.defer(
        funnel.open("asleep", at="2026-09-01"), until="2026-12-01", at="2026-09-02"
    )
    woken = funnel.defer(funnel.open("woken", at="2026-09-01"), until="2026-09-15", at="2026-09-02")
    closing = funnel.open("closing", at="2026-09-18", expected="2026-09-19")
    lost = funnel.lose(funnel.open("lost", at="2026-09-01"), at="2026-09-02", reason="price")
    done = funnel.open("done", at="2026-09-10")
    for action in funnel.stages[0].key_actions:
        done = funnel.confirm(done, action.code, at="2026-09-11")
    done = funnel.confirm(done, "needs_understood", at="2026-09-11")
    deals = [late, asleep, woken, closing, lost, done]
    return funnel.replay(ka.event_log([e for d in deals for e in d.history]))


def test_reminders_are_due_in_order() -> None:
    """The earliest first; what is put off to later or decided is left alone."""
    found = ka.reminders(pipeline(), "2026-09-20")
    assert [
        (d, str(day), r) for d, day, r in zip(found.deal, found.due, found.reason, strict=True)
    ] == [
        ("late", "2026-09-08", "planned_days_over"),
        ("woken", "2026-09-15", "deferred_until"),
        ("done", "2026-09-17", "planned_days_over"),
        ("closing", "2026-09-19", "expected_to_close"),
    ]


def test_the_next_step_is_the_first_not_done() -> None:
    """Whom it is about, what it is, to what end; nothing where all is done."""
    found = ka.reminders(pipeline(), "2026-09-20")
    first = ka.opportunity_funnel().stages[0]
    assert (found.whom[0], found.what[0]) == (
        first.key_actions[0].roles[0],
        first.key_actions[0].name,
    )
    assert first.key_result is not None
    assert found.purpose[0] == first.key_result.name
    assert (found.whom[2], found.what[2], found.purpose[2]) == ("", "", "")


def test_what_nothing_else_reminds_of() -> None:
    """An open deal without any date, and a won one that is not collected."""
    funnel = ka.opportunity_funnel()
    signed = funnel.open("signed", at="2026-01-01", stage="E")
    won = funnel.win(funnel.open("won", at="2026-01-01", stage="E"), at="2026-02-01")
    paid = funnel.win(funnel.open("paid", at="2026-01-01", stage="E"), at="2026-02-01")
    for milestone in funnel.stages[-1].milestones:
        paid = funnel.confirm(paid, milestone, at="2026-03-01")
    log = ka.event_log([e for d in (signed, won, paid) for e in d.history])
    found = ka.reminders(funnel.replay(log), "2026-06-01")
    assert dict(zip(found.deal, found.reason, strict=True)) == {
        "signed": "nothing_planned",
        "won": "milestone_open",
    }


def test_a_deferral_is_over_when_something_has_happened_since() -> None:
    """Put off to February, spoken to in February: then it is the planned days that count."""
    funnel = ka.opportunity_funnel()
    deal = funnel.defer(funnel.open("1", at="2026-01-01"), until="2026-02-01", at="2026-01-02")
    deal = funnel.confirm(deal, "coach_developed", at="2026-02-10")
    found = ka.reminders(funnel.replay(ka.event_log(deal.history)), "2026-06-01")
    assert found.reason.tolist() == ["planned_days_over"]
    assert found.what_zh[0]


def test_looking_ahead() -> None:
    """What will be due within a few days."""
    assert ka.reminders(pipeline(), "2026-09-05").deal.tolist() == []
    assert ka.reminders(pipeline(), "2026-09-05", ahead=3).deal.tolist() == ["late"]
    assert ka.reminders(pipeline(), "2026-12-01").deal.tolist()[-1] == "asleep"


def test_a_book_without_deals() -> None:
    """Nothing is due."""
    empty = ka.opportunity_funnel().replay({"deal": [], "event": [], "at": []})
    assert len(ka.reminders(empty, "2026-09-05")) == 0


@pytest.mark.parametrize("ahead", [-1, 1.5, True])
def test_ahead_is_a_number_of_days(ahead: int) -> None:
    """Of at least 0."""
    with pytest.raises(ka.SpecError, match="whole number"):
        ka.reminders(pipeline(), "2026-09-05", ahead=ahead)
