"""How often each person is met: by hand, laws of counting, rhythms by role, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

DAY = "2026-09-30"
PEOPLE: dict[str, list[Any]] = {
    "account": ["A", "A", "A", "B", "B"],
    "person": ["chen", "lin", "zhao", "chen", "wei"],
    "role": ["decision_maker", "coach, user", "influencer", "coach", "coach"],
    "stance": ["neutral", "supports", "opposes", None, None],
    "influence": [5, 3, 2, 1, 1],
    "met": ["2026-09-25", "2026-01-01", None, None, None],
}
LOG: dict[str, list[Any]] = {
    "account": ["A"] * 6 + ["B", "B", "A", "A", "B", None],
    "person": ["lin", "lin", "lin", "lin", "zhao", "chen", "chen", "wei", "li", None, "wei", "lin"],
    "at": [
        "2026-07-02",  # outside a window of 90 days that ends on the day
        "2026-07-03",
        "2026-09-01",
        "2026-09-01",
        "2026-08-01",
        "2026-08-30",
        "2026-09-10",
        "2026-09-20",
        "2026-09-01",
        "2026-09-01",
        "2026-10-01",
        "2026-09-01",
    ],
    "by": [
        "visit",
        "visit",
        "phone",
        "拜访",
        "微信",
        None,
        "phone",
        "phone",
        "fax",
        "fax",
        "fax",
        "fax",
    ],
}


def chain(log: Any = LOG, **options: Any) -> ka.DecisionChain:
    """Read the small book with its meetings."""
    given: dict[str, Any] = {
        "stance": "stance",
        "influence": "influence",
        "last_met": "met",
        "meetings": log,
        "channel": "by",
        "window": 90,
        "as_of": DAY,
    }
    return ka.decision_chain(PEOPLE, **{**given, **options})


def test_meetings_worked_by_hand() -> None:
    """Lin on 3 July and, twice on one day, 1 September; wei's meeting of October is to come."""
    people = chain().people
    assert people.person.tolist() == ["chen", "lin", "zhao", "chen", "wei"]
    assert people.meetings.tolist() == [1.0, 2.0, 1.0, 1.0, 1.0]
    assert people.mean_interval[1] == 60.0
    assert np.isnan(people.mean_interval[[0, 2, 3, 4]]).all()
    assert people.last_met.astype(str).tolist() == [
        "2026-09-25",  # what people say and what the log says: the later one
        "2026-09-01",
        "2026-08-01",
        "2026-09-10",
        "2026-09-20",
    ]
    assert people.since.tolist() == [5.0, 29.0, 60.0, 20.0, 10.0]
    columns = people.columns()
    assert columns["met:visit"].tolist() == [0, 2, 0, 0, 0]
    assert columns["met:phone"].tolist() == [0, 1, 0, 1, 1]
    assert columns["met:wechat"].tolist() == [0, 0, 1, 0, 0]
    assert people.row(1)["why"] == "has several roles: user, coach; met on 2 days, every 60 days"
    assert people.row(2)["why"] == "met once"


def test_the_coach_and_the_opponent_are_shown_with_how_often_they_are_met() -> None:
    """B has two coaches: met on two days, ten days apart, whoever it was."""
    found = chain()
    assert found.coach_meetings.tolist() == [2.0, 2.0]
    assert found.coach_interval.tolist() == [60.0, 10.0]
    assert found.opponent_meetings.tolist()[0] == 1.0
    assert np.isnan(found.opponent_meetings[1])  # nobody opposes
    assert found.row(0)["why"] == (
        "nobody is known as technical_expert; coach lin met on 2 days, every 60 days; "
        "zhao opposes, met once"
    )
    assert "several coaches: chen, wei, met on 2 days, every 10 days" in found.row(1)["why"]
    told = {f.code: f.count for f in found.findings}
    assert told["not_in_chain"] == 1 + 1  # li of A, and lin of no account
    assert told["no_person"] == 1
    assert told["later"] == 1
    assert told["no_channel"] == 1


def test_the_window_counts_and_the_last_meeting_may_be_before_it() -> None:
    """Ninety days end with the day itself; without a window the whole log counts."""
    assert chain(window=None).people.meetings[1] == 3.0
    assert chain(window=91).people.meetings[1] == 3.0
    short = chain(window=1).people
    assert short.meetings.tolist() == [0.0] * 5
    assert short.row(0)["why"] == "not met"
    assert short.last_met.tolist() == chain().people.last_met.tolist()


def test_without_a_log_nothing_is_said_of_meetings() -> None:
    """Unknown, not never."""
    found = ka.decision_chain(PEOPLE, stance="stance", influence="influence")
    assert np.isnan(found.people.meetings).all()
    assert np.isnan(found.coach_meetings).all()
    assert "met" not in found.row(0)["why"]


def test_contacts_lapse_by_role_and_tier() -> None:
    """The role goes before the whole tier, the shortest of several roles counts."""
    book = {"account": ["A", "B", "C"], "tier": ["key", "other", None]}
    rhythm = [
        ka.Rhythm(4, tier="key", role="决策者"),
        ka.Rhythm(100, tier="key", role="user"),
        ka.Rhythm(28, tier="key", role="coach"),
        ka.Rhythm(60, tier="key"),
        ka.Rhythm(15, role="coach"),
    ]
    found = chain(accounts=book, tier="tier", rhythm=rhythm)
    assert found.people.every.tolist() == [4.0, 28.0, 60.0, 15.0, 15.0]
    assert found.people.lapsed.tolist() == [True, True, False, True, False]
    assert found.lapsed.tolist() == [2, 1, 0]
    nested = {"key": {"decision_maker": 4, "user": 100, "coach": 28, "": 60}, "": {"coach": 15}}
    same = chain(accounts=book, tier="tier", rhythm=nested)
    assert_same_columns(same.people.columns(), found.people.columns())
    one = chain(rhythm=ka.Rhythm(9)).people
    assert one.every.tolist() == [9.0] * 5


def test_who_was_never_met_is_asked_for_where_a_rhythm_is() -> None:
    """Nobody is known to have met zhao; a rhythm for users is not for zhao."""
    log = {name: column[:1] for name, column in LOG.items()}
    found = chain(log, last_met=None, rhythm={"": {"influencer": 30}})
    assert found.never_met.tolist() == [1, 0]
    assert chain(log, last_met=None, rhythm={"": {"user": 30}}).never_met.tolist() == [0, 0]


def test_a_tier_with_a_rhythm_that_no_account_has_is_named() -> None:
    """A slip must not switch a rhythm off."""
    book = {"account": ["A", "B"], "tier": ["key", "other"]}
    found = chain(accounts=book, tier="tier", rhythm={"kei": 30, "other": 60})
    told = next(f for f in found.findings if f.code == "unknown_tier")
    assert told.examples == ("kei",)
    assert told.message == "1 tier with a rhythm and no account (did you mean 'key'?)"


@given(st.permutations(range(12)))
def test_the_order_of_meetings_does_not_matter(order: list[int]) -> None:
    """To the bit; and a log written twice is one log."""
    shuffled = {name: [column[i] for i in order] for name, column in LOG.items()}
    assert_same_columns(chain(shuffled).people.columns(), chain().people.columns())
    twice = {name: column * 2 for name, column in shuffled.items()}
    assert_same_columns(chain(twice).columns(), chain().columns())


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(1, 400))
def test_intervals_span_what_was_counted(ago: list[int], window: int) -> None:
    """Interval times steps is the span; more window never counts less."""
    day = np.datetime64(DAY, "D")
    log = {
        "account": ["A"] * len(ago),
        "person": ["a"] * len(ago),
        "at": [str(day - np.timedelta64(d, "D")) for d in ago],
    }
    people = {"account": ["A"], "person": ["a"], "role": ["user"]}

    def of(days: int) -> ka.ChainPeople:
        return ka.decision_chain(people, meetings=log, window=days, as_of=day).people

    found = of(window)
    inside = {d for d in ago if d < window}
    assert found.meetings[0] == len(inside)
    if len(inside) > 1:
        steps = found.mean_interval[0] * (found.meetings[0] - 1.0)
        assert steps == pytest.approx(max(inside) - min(inside))
    assert of(window + 30).meetings[0] >= found.meetings[0]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"as_of": None}, ka.SpecError, "must be a date"),
        ({"window": 0}, ka.SpecError, "days above 0"),
        ({"window": "90"}, ka.SpecError, "days above 0"),
        ({"meetings": None}, ka.SpecError, "needs meetings"),
        ({"meetings": None, "window": None}, ka.SpecError, r"\(channel\) needs meetings"),
        ({"at": "on"}, ka.ColumnNotFoundError, "on"),
        ({"channel": "person"}, ka.RowError, "no known word"),
        ({"channels": [ka.Term("a", "A"), ka.Term("A", "B")]}, ka.SpecError, "unique"),
        ({"rhythm": {"": {"boss": 30}}}, ka.SpecError, "role must be one of"),
        ({"rhythm": {"key": 30}}, ka.SpecError, "needs the tier of each account"),
        ({"rhythm": ka.Rhythm(30, channel="visit")}, ka.SpecError, "goes by role"),
        ({"rhythm": [ka.Rhythm(30), ka.Rhythm(31)]}, ka.SpecError, "one rhythm for each tier"),
        ({"rhythm": {"": {"coach": 3, "线人": 4}}}, ka.SpecError, "one rhythm for each tier"),
        ({"rhythm": {"": {"coach": -3}}}, ka.SpecError, "above 0"),
        ({"rhythm": []}, ka.SpecError, "above 0"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        chain(**options)
    assert "Hint:" in str(caught.value)


@pytest.mark.parametrize("days", [0, -1, float("nan"), "30", None, True])
def test_a_rhythm_is_days_above_0(days: Any) -> None:
    """The spec itself."""
    with pytest.raises(ka.SpecError):
        ka.Rhythm(days)


def test_an_empty_log_and_an_empty_chain() -> None:
    """Nobody was met; nobody is there."""
    none: dict[str, list[Any]] = {"account": [], "person": [], "at": []}
    assert chain(none, channel=None).people.meetings.tolist() == [0.0] * 5
    nobody: dict[str, list[Any]] = {"account": [], "person": [], "role": []}
    found = ka.decision_chain(nobody, meetings=none, as_of=DAY)
    assert len(found) == len(found.people) == 0
    alone = ka.decision_chain(nobody, accounts={"account": "A"}, meetings=none, as_of=DAY)
    assert np.isnan(alone.coach_meetings).all()
