"""One set of rules, two ways to run them: a deal as a value, a million deals as columns."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.funnel.step import refusal_of, taken
from keyaccount.testing import assert_same_bits, events, funnels


def folded(funnel: ka.Funnel, log: list[ka.Event]) -> tuple[ka.Deal, list[tuple[int, ka.Deal]]]:
    """Take one deal through its events in order of time, one by one."""
    deal = ka.Deal(id="none")
    steps = []
    for event in sorted(log, key=lambda e: e.at):
        deal = ka.Deal(id=event.deal) if deal.id == "none" else deal
        refusal = refusal_of(funnel.rules, deal, event)
        deal = deal if refusal else taken(funnel.rules, deal, event)
        steps.append((int(refusal), deal))
    return deal, steps


def number(value: float | None) -> float:
    """None as a column holds it."""
    return math.nan if value is None else value


@given(st.data())
def test_the_fold_of_a_deal_is_the_replay_of_its_log(data: st.DataObject) -> None:
    """Event by event: the same refusals for the same rule, the same state after each."""
    funnel = data.draw(funnels())
    assert_same_steps(funnel, data.draw(events(funnel)))


def gated() -> ka.Funnel:
    """A gate in each open stage, then won or lost."""
    stages = [
        ka.Stage(f"s{i}", f"S{i}", key_result=ka.KeyResult(f"r{i}", "Result")) for i in range(3)
    ]
    ends = [ka.Stage("won", "Won", outcome="won"), ka.Stage("lost", "Lost", outcome="lost")]
    return ka.Funnel("gated", [*stages, *ends])


WALKS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "going back takes back the key results": [
        ("confirm", {"code": "r0"}),
        ("advance", {}),
        ("confirm", {"code": "r1"}),
        ("regress", {}),
        ("advance", {}),
        ("confirm", {"code": "r0"}),
        ("advance", {}),
        ("advance", {}),
        ("confirm", {"code": "r1"}),
        ("advance", {}),
    ],
    "a move brings a decided deal back": [
        ("move", {"stage": "lost"}),
        ("move", {"stage": "won"}),
        ("confirm", {"code": "r0"}),
        ("move", {"stage": "s1"}),
        ("move", {"stage": "s1", "amount": 5.0}),
        ("move", {"stage": "s0"}),
    ],
    "won, reopened, lost": [
        ("advance", {"stage": "s2", "override": "why not"}),
        ("win", {}),
        ("confirm", {"code": "r2"}),
        ("win", {"amount": 7.0}),
        ("reopen", {}),
        ("lose", {"reason": "price"}),
        ("reopen", {"stage": "s1"}),
    ],
}
"""What usually happens, in an order that chance seldom finds."""


@pytest.mark.parametrize("walk", WALKS)
def test_usual_walks_are_the_same_in_both_ways(walk: str) -> None:
    """Step by step, one event a day."""
    days = (np.datetime64("2026-01-02") + np.arange(len(WALKS[walk]))).tolist()
    log = [ka.Event("1", "open", "2026-01-01")]
    log += [
        ka.Event("1", cast("Any", kind), day, **about)
        for (kind, about), day in zip(WALKS[walk], days, strict=True)
    ]
    assert_same_steps(gated(), log)


def assert_same_steps(funnel: ka.Funnel, log: list[ka.Event]) -> None:
    """Hold the replay of a log to its fold, event by event."""
    pipeline = funnel.replay(ka.event_log(log))
    _, steps = folded(funnel, log)
    trace, names = pipeline.trace, [s.code for s in funnel.stages]
    owners = [*pipeline.log.owners, ""]
    assert trace.refusal.tolist() == [r for r, _ in steps]
    for i, (_, deal) in enumerate(steps):
        assert (names[trace.stage[i]] if trace.stage[i] >= 0 else "") == deal.stage
        assert ("open", "won", "lost")[trace.outcome[i]] == deal.outcome
        np.testing.assert_equal(trace.amount[i], number(deal.amount))
        np.testing.assert_equal(trace.by_hand[i], number(deal.hand_probability))
        assert owners[trace.owner[i]] == deal.owner
    bits = [
        {
            c
            for k, c in enumerate(funnel.codes)
            if trace.confirmed[k // 64][i] >> np.uint64(k % 64) & 1
        }
        for i in range(len(steps))
    ]
    assert bits == [{c.code for c in deal.confirmed} for _, deal in steps]


@given(st.data())
def test_the_standing_is_that_of_the_deals(data: st.DataObject) -> None:
    """At the end of any day: of each deal the events up to then, and no other."""
    funnel = data.draw(funnels())
    logs = {name: data.draw(events(funnel, deal=name)) for name in ("a", "b", "c")}
    day = np.datetime64("2026-09-01", "D") + np.timedelta64(data.draw(st.integers(-2, 10)), "D")
    pipeline = funnel.replay(ka.event_log([e for log in logs.values() for e in log]))
    standing = pipeline.at(day)
    found = dict(zip(standing.deal.tolist(), range(len(standing)), strict=True))
    for name, log in logs.items():
        past = [e for e in log if np.datetime64(e.at, "D") <= day]
        deal, _ = folded(funnel, past)
        assert (name in found) == bool(deal.stage)
        if name not in found:
            continue
        i = found[name]
        assert [standing.stage[i], standing.outcome[i]] == [deal.stage, deal.outcome]
        np.testing.assert_equal(standing.probability[i], number(deal.probability))
        assert (standing.owner[i] or "") == deal.owner
        for column, value in (
            ("expected", deal.expected),
            ("deferred_until", deal.deferred_until),
            ("opened", deal.opened),
            ("entered", deal.entered),
            ("closed", deal.closed),
        ):
            expected = np.datetime64("NaT", "D") if value is None else np.datetime64(value, "D")
            np.testing.assert_equal(getattr(standing, column)[i], expected)
        stage = funnel.stage(deal.stage)
        assert standing.actions_done[i] == sum(deal.has(a.code) for a in stage.key_actions)


@given(st.data())
def test_no_order_of_the_log_has_any_influence(data: st.DataObject) -> None:
    """Shuffled and with copies: the same bits, without a sequence too."""
    funnel = data.draw(funnels())
    logs = [e for name in ("a", "b", "c") for e in data.draw(events(funnel, deal=name))]
    if data.draw(st.booleans()):
        log = ka.event_log(logs)
    else:
        log = {k: v for k, v in ka.event_log(logs).items() if k != "seq"}
    rows = data.draw(st.permutations(range(len(logs))))
    rows = [*rows, *data.draw(st.lists(st.sampled_from(rows), max_size=3))] if logs else rows
    shuffled = {name: [column[r] for r in rows] for name, column in log.items()}
    before, after = funnel.replay(log).now, funnel.replay(shuffled).now
    order = np.argsort(before.deal.astype(str)), np.argsort(after.deal.astype(str))
    for name, column in before.columns().items():
        other = after.columns()[name]
        if column.dtype == object:
            assert column[order[0]].tolist() == other[order[1]].tolist()
        else:
            assert_same_bits(other[order[1]], column[order[0]], name)


@given(st.data())
def test_visits_are_the_deals_own_stays(data: st.DataObject) -> None:
    """Stays follow each other, end when the next begins, and the last one stands."""
    funnel = data.draw(funnels())
    log = data.draw(events(funnel))
    pipeline = funnel.replay(ka.event_log(log))
    visits, (deal, _) = pipeline.visits(), folded(funnel, log)
    assert (visits.days >= 0).all()
    still = visits.outcome == "open"
    assert still.sum() == (1 if deal.stage and deal.outcome == "open" else 0)
    if still.any():
        assert still[-1]
        assert visits.stage[-1] == deal.stage
    assert (visits.entered[1:] >= visits.left[:-1]).all()
    for stage in set(visits.stage):
        counts = visits.visit[visits.stage == stage]
        assert counts.tolist() == list(range(1, len(counts) + 1))


# --- Logs as they come ---------------------------------------------------------------------------


def steps() -> ka.Funnel:
    """Three open stages, won and lost, no gates; stages may be skipped."""
    stages = [
        ka.Stage("q", "Qualify", win_probability=0.1),
        ka.Stage("p", "Propose", win_probability=0.5),
        ka.Stage("n", "Negotiate", win_probability=0.9),
        ka.Stage("won", "Closed Won", win_probability=1, outcome="won"),
        ka.Stage("lost", "Closed Lost", outcome="lost"),
    ]
    return ka.Funnel("steps", stages, moves=ka.any_move_forward(stages))


def test_a_history_of_stages_is_a_log() -> None:
    """Without kinds of event each row says where the deal stands; names are as good as codes."""
    log = {
        "opportunity": ["1", "1", "1", "1", "2", "2"],
        "changed": ["2026-01-01", "2026-01-05", "2026-02-01", "2026-03-01"] + ["2026-01-02"] * 2,
        "stage": ["Qualify", "negotiate", "Propose", "Closed Won", "Qualify", "Closed Lost"],
        "amount": [10.0, 20.0, 20.0, 15.0, 1.0, 1.0],
    }
    log["event"] = ["open", "move", "move", "move", "open", "move"]
    pipeline = steps().replay(log, deal="opportunity", at="changed")
    assert pipeline.now.outcome.tolist() == ["won", "lost"]
    assert pipeline.now.amount.tolist() == [15.0, 1.0]
    visits = pipeline.visits()
    assert visits.outcome.tolist() == ["advanced", "regressed", "advanced", "lost"]
    assert visits.days.tolist() == [4, 27, 28, 0]
    assert pipeline.at("2026-01-31").stage.tolist() == ["n", "lost"]


def test_a_bare_history_opens_its_deals() -> None:
    """A log of deal, moment and stage alone: the first row of a deal opens it."""
    log = {"deal": ["1", "1", "2"], "at": ["2026-01-01", "2026-01-05", "2026-01-02"]}
    pipeline = steps().replay({**log, "stage": ["Qualify", "Propose", "Negotiate"]})
    assert pipeline.now.stage.tolist() == ["p", "n"]
    assert not pipeline.findings


def test_refused_events_are_told() -> None:
    """Each with its row, its rule and its deal; they change nothing."""
    log = {
        "deal": ["1", "1", "2", "1"],
        "event": ["open", "lose", "advance", "open"],
        "at": ["2026-01-01", "2026-01-02", "2026-01-01", "2026-01-03"],
    }
    pipeline = steps().replay(log)
    assert pipeline.refused["row"].tolist() == [1, 3, 2]
    assert pipeline.refused["event"].tolist() == ["lose", "open", "advance"]
    assert [ka.Refusal(r).name for r in pipeline.refused["refusal"]] == [
        "NO_REASON",
        "ALREADY_OPEN",
        "NOT_OPENED",
    ]
    assert len(pipeline.findings) == 3
    assert pipeline.now.outcome.tolist() == ["open"]


def test_copies_and_unusable_rows_are_counted() -> None:
    """Nothing is lost silently."""
    log = {
        "deal": ["1", "1", None, "1"],
        "event": ["open", "open", "open", "advance"],
        "at": ["2026-01-01", "2026-01-01", "2026-01-01", None],
    }
    pipeline = steps().replay(log)
    assert {f.code: f.count for f in pipeline.findings} == {
        "no_deal": 1,
        "no_moment": 1,
        "copies": 1,
    }


def test_an_empty_log() -> None:
    """No deals, no events, no errors."""
    pipeline = steps().replay({"deal": [], "event": [], "at": []})
    assert len(pipeline) == len(pipeline.now) == len(pipeline.visits()) == 0
    assert pipeline.refused["deal"].tolist() == []


@pytest.mark.parametrize(
    ("log", "options", "error"),
    [
        ({"deal": ["1"], "at": ["2026-01-01"]}, {}, ka.ColumnNotFoundError),
        ({"deal": ["1"], "event": ["open"]}, {}, ka.ColumnNotFoundError),
        ({"dael": ["1"], "at": ["2026-01-01"], "event": ["open"]}, {}, ka.ColumnNotFoundError),
        ({"deal": ["1"], "at": ["2026-01-01"], "event": ["opened"]}, {}, ka.SpecError),
        ({"deal": ["1"], "at": ["soon"], "event": ["open"]}, {}, ka.RowError),
        ({"deal": ["1"], "at": ["2026-01-01"], "event": ["open"]}, {"id": "deal"}, ka.SpecError),
        (
            {"deal": ["1"], "at": ["2026-01-01"], "event": ["open"], "amount": ["much"]},
            {},
            ka.RowError,
        ),
    ],
)
def test_wrong_logs(log: dict[str, Any], options: dict[str, str], error: type[Exception]) -> None:
    """Each is named, with the way out."""
    with pytest.raises(error, match="Hint: "):
        steps().replay(log, **options)


def test_moments_of_one_day_keep_their_order() -> None:
    """Dates and moments, texts and datetimes."""
    log = {
        "deal": ["1", "1", "1"],
        "event": ["regress", "advance", "open"],
        "at": ["2026-01-01T15:00", "2026-01-01 09:30:00", "2026-01-01"],
    }
    pipeline = steps().replay(log)
    assert pipeline.now.stage.tolist() == ["q"]
    assert not pipeline.refused["deal"].tolist()


def test_a_pipeline_reads_well() -> None:
    """In a terminal and in a notebook."""
    log = {"deal": ["1"], "event": ["open"], "at": ["2026-01-01"], "account": ["A-17"]}
    pipeline = steps().replay(log)
    assert repr(pipeline) == "<Pipeline of 1 deals, 1 events, 0 refused>"
    assert "A-17" in pipeline._repr_html_()
    assert pipeline.now.row(0)["account"] == "A-17"
    assert pipeline.row("1")["events"] == {"0": "2026-01-01 open, then q"}
    with pytest.raises(ka.SpecError, match="must be a deal of the pipeline"):
        pipeline.row("2")
