"""Core tasks and upkeep: by hand, laws, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

LOG: dict[str, list[Any]] = {
    "account": ["A", "A", "A", "A", "B", "B", "A"],
    "task": [
        "price_acceptance",
        "价格接受度",
        "closer_relationships",
        "manage_and_report",
        "Deal-winning skills",
        "closer_relationships",
        "project_behaviour",
    ],
    "status": ["done", "under_way", "done", "进行中", "done", "done", None],
    "date": [
        "2026-01-01",
        "2026-06-01",
        "2026-09-01",
        "2026-09-01",
        None,
        "2026-12-01",
        "2026-09-01",
    ],
    "proof": [None, None, "minutes", None, None, "minutes", None],
}
BOOK = {"account": ["B", "A", "C"], "team": ["south", "north", "south"]}


def status(log: Any = LOG, **options: Any) -> ka.TaskStatus:
    """Read the small log."""
    return ka.task_status(
        log,
        as_of="2026-09-30",
        stalled_after=90,
        accounts=BOOK,
        evidence="proof",
        team="team",
        **options,
    )


def test_tasks_worked_by_hand() -> None:
    """The latest status counts; what comes after the day does not."""
    found = status()
    assert found.completion.tolist() == [1 / 8, 1 / 8, 0.0]
    assert found.completion_high.tolist() == [1.0, 6 / 8, 1.0]
    columns = found.columns()
    assert columns["stalled"].tolist() == ["", "price_acceptance", ""]
    assert columns["unproven"].tolist() == ["deal_winning_skills", "", ""]
    assert columns["price_acceptance"].tolist() == [None, "under_way", None]
    assert found.row(1)["why"].startswith(
        "price_acceptance has not moved for 121 days; to be asked"
    )
    assert {f.code for f in found.findings} == {
        "later",
        "no_status",
        "no_date",
        "task_unknown",
        "task_stalled",
        "task_unproven",
    }


def test_teams_add_up() -> None:
    """Means and counts per team; accounts without a team come last."""
    teams = status().by_team()
    assert teams.team.tolist() == ["north", "south"]
    assert teams.accounts.tolist() == [1, 2]
    assert teams.completion.tolist() == [1 / 8, 1 / 16]
    assert teams.stalled.tolist() == [1, 0]
    assert teams.unknown.tolist() == [5, 7 + 8]
    assert teams.row(0)["why"] == "1 task stalled; 5 tasks to be asked for"
    alone = ka.task_status(LOG, as_of="2026-09-30").by_team()
    assert alone.team.tolist() == [None]
    assert alone.accounts.tolist() == [2]


def test_ties_of_one_day_take_the_least_advanced() -> None:
    """The cautious reading, in any order."""
    log = {
        "account": ["A"] * 2,
        "task": ["price_acceptance"] * 2,
        "status": ["done", "not_started"],
        "date": ["2026-09-01"] * 2,
    }
    assert ka.task_status(log, as_of="2026-09-30").status[0, 6] == 0


def test_a_task_stalls_after_its_days() -> None:
    """121 days ago: stalled after 120, not after 121."""
    for days, stalled in ((120, True), (121, False)):
        found = ka.task_status(LOG, as_of="2026-09-30", stalled_after=days)
        assert bool(found.stalled[0, 6]) is stalled


def test_without_a_limit_nothing_stalls() -> None:
    """No figure of our own."""
    assert not ka.task_status(LOG, as_of="2036-09-30").stalled.any()


@given(st.permutations(range(7)))
def test_the_order_of_the_log_does_not_matter(order: list[int]) -> None:
    """To the bit."""
    shuffled = {name: [column[i] for i in order] for name, column in LOG.items()}
    assert_same_columns(status(shuffled).columns(), status().columns())


def test_eight_tasks_and_eight_channels_in_two_languages() -> None:
    """As the method has them; three channels are our own."""
    assert len(ka.core_tasks()) == 8
    assert [c.code for c in ka.upkeep_channels()[5:]] == ["visit", "wechat", "event"]
    assert all(term.name_zh for term in (*ka.core_tasks(), *ka.upkeep_channels()))


CALLS: dict[str, list[Any]] = {
    "account": ["A", "A", "B", "B", "A"],
    "channel": ["phone", "短信", "visit", None, "E-mail"],
    "date": ["2026-09-01", "2026-08-01", None, "2026-01-01", "2026-11-01"],
}


def kept(calls: Any = CALLS) -> ka.Upkeep:
    """Read the small contact log."""
    return ka.upkeep(
        calls,
        rhythm={"north": 29, "south": 30},
        tier="team",
        accounts={"account": ["A", "B", "C", "D"], "team": ["north", "south", "south", None]},
        as_of="2026-09-30",
    )


def test_upkeep_worked_by_hand() -> None:
    """29 days ago with a rhythm of 29 is in time; nobody known is overdue; no rhythm never is."""
    found = kept()
    assert found.since.tolist()[:2] == [29.0, 272.0]
    assert found.overdue.tolist() == [False, True, True, False]
    assert found.never.tolist() == [False, False, True, True]
    assert [str(d) for d in found.due] == ["2026-09-30", "2026-01-31", "2026-09-30", "NaT"]
    assert found.columns()["sms"].tolist() == [1, 0, 0, 0]
    assert found.contacts.sum(axis=1).tolist() == [2, 0, 0, 0]
    assert found.row(2)["why"] == "no contact is known, every 30 days asked for"
    assert {f.code for f in found.findings} == {
        "later",
        "no_date",
        "no_channel",
        "overdue",
        "no_contact",
        "no_rhythm",
    }


@given(st.permutations(range(5)))
def test_the_order_of_contacts_does_not_matter(order: list[int]) -> None:
    """To the bit."""
    shuffled = {name: [column[i] for i in order] for name, column in CALLS.items()}
    assert_same_columns(kept(shuffled).columns(), kept().columns())


@given(st.lists(st.integers(0, 300), min_size=1, max_size=6), st.integers(0, 300))
def test_one_more_contact_is_never_longer_ago(gone: list[int], more: int) -> None:
    """Monotone in contacts."""
    day = np.datetime64("2026-09-30", "D")

    def since(days: list[int]) -> float:
        dates = [str(day - np.timedelta64(d, "D")) for d in days]
        calls = {"account": ["A"] * len(days), "channel": ["phone"] * len(days), "date": dates}
        return float(ka.upkeep(calls, rhythm=30, as_of=day).since[0])

    assert since([*gone, more]) == min(since(gone), more)


def test_empty_logs() -> None:
    """No row; and accounts nobody says anything of."""
    none: dict[str, list[Any]] = {"account": [], "task": [], "status": [], "date": []}
    assert len(ka.task_status(none, as_of="2026-09-30")) == 0
    assert len(ka.task_status(none, as_of="2026-09-30").by_team()) == 0
    alone = ka.task_status(none, as_of="2026-09-30", accounts={"account": "A"})
    assert alone.completion_high.tolist() == [1.0]
    calls: dict[str, list[Any]] = {"account": [], "channel": [], "date": []}
    assert len(ka.upkeep(calls, rhythm=30, as_of="2026-09-30")) == 0


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"as_of": None}, ka.SpecError, "date"),
        ({"as_of": "2026-13-01"}, ka.SpecError, "date"),
        ({"stalled_after": 0}, ka.SpecError, "above 0"),
        ({"stalled_after": "90"}, ka.SpecError, "above 0"),
        ({"team": "team"}, ka.SpecError, "accounts, which are not given"),
        ({"core": "tasks"}, ka.SpecError, "Term"),
        ({"task": "status"}, ka.RowError, "no known word"),
        ({"status": "task"}, ka.RowError, "no known word"),
        ({"date": "dat"}, ka.ColumnNotFoundError, "did you mean 'date'"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        ka.task_status(LOG, **{"as_of": "2026-09-30", **options})
    assert "Hint:" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"rhythm": 0}, ka.SpecError, "above 0"),
        ({"rhythm": {"A": 30}}, ka.SpecError, "tier"),
        ({"rhythm": None}, ka.SpecError, "above 0"),
        ({"rhythm": 30, "channel": "account"}, ka.RowError, "no known word"),
        ({"rhythm": 30, "accounts": {"account": ["A", "A"]}}, ka.DuplicateIdError, "unique"),
    ],
)
def test_what_upkeep_cannot_read_is_refused(
    options: Any, error: type[Exception], said: str
) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said):
        ka.upkeep(CALLS, as_of="2026-09-30", **options)


def test_evidence_that_was_not_asked_for_is_not_there() -> None:
    """Neither shown nor missed."""
    log = {"account": ["A"], "task": ["deal_winning_skills"], "status": ["done"], "date": [None]}
    found = ka.task_status(log, as_of="2026-09-30")
    assert not found.evidence.any()
    assert not found.is_unproven.any()


def test_a_rhythm_beyond_the_calendar_has_no_next_day() -> None:
    """Not an overflow."""
    calls = {"account": ["A"], "channel": ["phone"], "date": ["2026-09-20"]}
    found = ka.upkeep(calls, rhythm=1e300, as_of="2026-09-30")
    assert np.isnat(found.due).all()


def by_channel(rhythm: Any) -> ka.Upkeep:
    """Read a log of visits and calls against rhythms by tier and channel."""
    log = {
        "account": ["A", "A", "B", "B"],
        "channel": ["phone", "拜访", "phone", "微信"],
        "date": ["2026-09-20", "2026-06-01", "2026-09-29", "2026-09-30"],
    }
    book = {"account": ["A", "B", "C", "D"], "tier": ["key", "key", "other", None]}
    return ka.upkeep(log, accounts=book, tier="tier", rhythm=rhythm, as_of="2026-09-30")


def test_each_channel_has_its_rhythm() -> None:
    """A call does not stand for a visit; contact by any channel is asked for besides."""
    found = by_channel({"key": {"": 14, "visit": 90, "Phone": 7}, "other": {"wechat": 30}})
    assert found.overdue_any.tolist() == [False, False, False, False]
    assert found.overdue_channels.tolist() == ["phone, visit", "visit", "wechat", ""]
    assert found.overdue.tolist() == [True, True, True, False]
    columns = found.columns()
    assert columns["since:phone"].tolist()[:2] == [10.0, 1.0]
    assert columns["every:visit"].tolist()[:2] == [90.0, 90.0]
    assert columns["wechat"].tolist() == [0, 1, 0, 0]
    assert [str(d) for d in found.due] == ["2026-08-30", "2026-09-30", "2026-09-30", "NaT"]
    assert found.row(0)["why"] == (
        "last contact 10 days ago, every 14 days asked for; "
        "last contact by phone 10 days ago, every 7 days asked for; "
        "last contact by visit 121 days ago, every 90 days asked for"
    )
    assert found.row(2)["why"] == (
        "no contact is known; no contact by wechat is known, every 30 days asked for"
    )
    told = {(f.code, f.where): f.count for f in found.findings}
    assert told == {
        ("no_rhythm", ""): 1,
        ("channel_overdue", "phone"): 1,
        ("channel_overdue", "visit"): 2,
        ("channel_overdue", "wechat"): 1,
    }


def test_rhythms_as_specs_are_those_of_the_mapping() -> None:
    """A tier goes before any tier; numbers for every tier need no tiers at all."""
    rhythms = [
        ka.Rhythm(14, tier="key"),
        ka.Rhythm(90, tier="key", channel="visit"),
        ka.Rhythm(30),
        ka.Rhythm(10, channel="visit"),
    ]
    found = by_channel(rhythms)
    assert found.every.tolist() == [14.0, 14.0, 30.0, 30.0]
    assert found.every_by[:, 5].tolist() == [90.0, 90.0, 10.0, 10.0]
    same = by_channel({"key": {"": 14, "拜访": 90}, "": {"": 30, "visit": 10}})
    assert_same_columns(same.columns(), found.columns())
    assert ka.upkeep(CALLS, rhythm=rhythms[2:], as_of="2026-09-30").every.tolist() == [30.0, 30.0]


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        ({"key": {"vist": 90}}, "did you mean 'visit'"),
        ({"key": {"visit": 90, "Visit": 80}}, "one rhythm for each tier and channel"),
        ({"key": {"visit": 0}}, "above 0"),
        ([ka.Rhythm(30, role="coach")], "goes by channel"),
        ([ka.Rhythm(30), 30], "above 0"),
    ],
)
def test_rhythms_that_cannot_be_are_refused(rhythm: Any, said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(ka.SpecError, match=said) as caught:
        by_channel(rhythm)
    assert "Hint:" in str(caught.value)


def test_a_misspelt_tier_is_named() -> None:
    """Its accounts are without a rhythm, and the slip is told."""
    told = {f.code: f for f in by_channel({"keys": 30, "gone": 60, "other": 60}).findings}
    assert told["unknown_tier"].examples == ("gone", "keys")
    assert told["no_rhythm"].count == 3
    assert "unknown_tier" not in {f.code for f in by_channel({"key": 30}).findings}


def test_channels_are_data() -> None:
    """A company's own channels, in its own words."""
    own = [ka.Term("board", "Board meeting", name_zh="高层会晤"), ka.Term("fair", "Fair")]
    log = {"account": ["A", "A"], "channel": ["高层会晤", "FAIR"], "date": ["2026-09-01"] * 2}
    found = ka.upkeep(log, channels=own, rhythm={"": {"board": 180}}, as_of="2026-09-30")
    assert found.contacts.tolist() == [[1, 1]]
    assert found.overdue.tolist() == [False]


UNDATED = {
    "account": ["A", "A", "B", "B"],
    "task": ["closer_relationships", "price_acceptance", "closer_relationships", "方案认可度"],
    "status": ["under_way", "done", "under_way", "under_way"],
    "date": [None, None, "2026-09-01", None],
    "proof": ["plan agreed", None, "minutes", "plan agreed"],
}


def test_each_task_has_its_evidence_date_and_age() -> None:
    """As columns, with the words of the evidence."""
    columns = status().columns()
    assert columns["evidence:closer_relationships"].tolist() == [None, "minutes", None]
    assert columns["date:closer_relationships"].astype(str).tolist() == ["NaT", "2026-09-01", "NaT"]
    assert columns["age:closer_relationships"].tolist()[1] == 29.0
    assert np.isnan(columns["age:deal_winning_skills"]).all()
    assert len(columns) == 7 + 5 * 8


def test_an_undated_task_under_way_is_told() -> None:
    """Nobody can say whether it stalled: not silently moving for ever."""
    found = ka.task_status(UNDATED, as_of="2026-09-30", stalled_after=10, evidence="proof")
    assert found.columns()["undated"].tolist() == ["closer_relationships", "solution_acceptance"]
    assert found.columns()["stalled"].tolist() == ["", "closer_relationships"]
    assert found.row(0)["why"].startswith("under way since an unknown day: closer_relationships; ")
    told = {(f.code, f.where): f for f in found.findings}
    assert told["task_undated", "closer_relationships"].severity == "warning"
    assert told["task_undated", "solution_acceptance"].examples == ("B",)
    team = found.by_team()
    assert (team.stalled.tolist(), team.undated.tolist()) == ([1], [2])
    assert team.row(0)["why"].startswith("1 task stalled; 2 tasks under way since an unknown day")
    calm = ka.task_status(UNDATED, as_of="2026-09-30")
    assert {f.severity for f in calm.findings if f.code == "task_undated"} == {"info"}


@given(st.permutations(range(4)))
def test_evidence_of_one_day_is_that_of_the_first_word(order: list[int]) -> None:
    """Rows that differ in their evidence alone: no evidence first, then by the word."""
    proofs = ["z", "b", "c", None]
    log: dict[str, list[Any]] = {
        "account": ["A"] * 4,
        "task": ["price_acceptance"] * 4,
        "status": ["done"] * 4,
        "date": ["2026-09-01"] * 4,
        "proof": [proofs[i] for i in order],
    }
    assert status(log).columns()["evidence:price_acceptance"].tolist() == [None, None, None]
    some = {name: [v for v, p in zip(c, log["proof"], strict=True) if p] for name, c in log.items()}
    assert status(some).columns()["evidence:price_acceptance"].tolist() == [None, "b", None]


def test_saying_it_again_moves_nothing() -> None:
    """The age runs from the first row of the last run; a row without a status breaks none."""
    log = {
        "account": ["A"] * 6 + ["B"] * 2 + ["C"] * 2,
        "task": ["price_acceptance"] * 10,
        "status": [
            *("under_way", "not_started", "under_way", None, "under_way", "under_way"),
            *("under_way", "under_way", "under_way", "done"),
        ],
        "date": [
            *("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-09-01", "2026-09-29"),
            *(None, "2026-05-01", "2026-03-01", "2026-09-01"),
        ],
    }
    found = ka.task_status(log, as_of="2026-09-30", stalled_after=90)
    assert found.date[:, 6].astype(str).tolist() == ["2026-03-01", "2026-05-01", "2026-09-01"]
    confirmed = found.columns()["confirmed:price_acceptance"]
    assert confirmed.astype(str).tolist() == ["2026-09-29", "2026-05-01", "2026-09-01"]
    assert found.stalled[:, 6].tolist() == [True, True, False]
    assert found.age[:, 6].tolist() == [213.0, 152.0, 29.0]
    # several rows of one day: the least advanced speaks for it, and breaks the run
    day = {
        "account": ["A"] * 4,
        "task": ["price_acceptance"] * 4,
        "status": ["under_way", "under_way", "not_started", "under_way"],
        "date": ["2026-01-01", "2026-02-01", "2026-02-01", "2026-03-01"],
    }
    assert str(ka.task_status(day, as_of="2026-09-30").date[0, 6]) == "2026-03-01"


def test_a_rhythm_never_met_is_due_today() -> None:
    """A call next week does not make up for a visit that never was; parts of a day count down."""
    found = by_channel({"key": {"": 14, "visit": 90}, "other": {"wechat": 30}})
    late = found.overdue & ~np.isnat(found.due)
    assert (found.due[late] <= found.as_of).all()
    assert not np.isnat(found.due[found.overdue]).any()
    calls = {"account": ["A"], "channel": ["phone"], "date": ["2026-09-20"]}
    assert str(ka.upkeep(calls, rhythm=10.5, as_of="2026-09-30").due[0]) == "2026-09-30"
    assert str(ka.upkeep(calls, rhythm=9.5, as_of="2026-09-30").due[0]) == "2026-09-29"


def test_masks_of_tasks_and_upkeep_are_made_once() -> None:
    """Saying why of every account does not go through the book once for each."""
    tasks, touch = status(), kept()
    for name in ("stalled", "is_undated", "is_unproven"):
        assert getattr(tasks, name) is getattr(tasks, name), name
    for name in ("overdue", "overdue_any", "overdue_by", "due"):
        assert getattr(touch, name) is getattr(touch, name), name


def test_a_rhythm_of_nothing_is_refused() -> None:
    """An empty mapping states no rhythm."""
    with pytest.raises(ka.SpecError, match="must state a rhythm"):
        ka.upkeep(CALLS, rhythm={}, as_of="2026-09-30")
