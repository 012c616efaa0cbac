"""The decision chain: worked by hand, laws, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

PEOPLE: dict[str, list[Any]] = {
    "account": ["A", "A", "A", "A", "B", "B", "A"],
    "person": ["chen", "lin", "zhao", "sun", "qian", "wei", "lin"],
    "role": ["决策者", "user", "influencer", "技术专家", "coach", "coach / user", "coach"],
    "stance": ["中立", "supports", "opposes", "反对", "supports", None, "Supports"],
    "influence": [5, 3, 2, 2, 1, None, 1],
    "ours": [None, "li", None, "wu", "li", "no", None],
    "met": [None, "2026-09-20", None, "2026-06-01", "2026-07-15", None, "2026-08-01"],
}
BOOK = {"account": ["B", "A", "Z"], "tier": ["big", "big", "small"]}


def chain(people: Any = PEOPLE, **options: Any) -> ka.DecisionChain:
    """Read the small book."""
    return ka.decision_chain(
        people,
        accounts=BOOK,
        stance="stance",
        influence="influence",
        scale=(0, 5),
        contact="ours",
        last_met="met",
        tier="tier",
        rhythm={"big": 60},
        as_of="2026-09-30",
        **options,
    )


def test_a_book_worked_by_hand() -> None:
    """A: (3 - 2 - 2) / 12; lin is user and coach, with the larger influence of two rows."""
    found = chain()
    assert found.account.tolist() == ["B", "A", "Z"]
    assert found.unknown_roles.tolist() == [
        "decision_maker, technical_expert, influencer",
        "",
        "decision_maker, user, technical_expert, influencer, coach",
    ]
    assert found.uncovered_roles.tolist() == ["user", "decision_maker, influencer", ""]
    assert found.coach.tolist() == ["qian, wei", "lin", ""]
    assert found.coaches.tolist() == [2, 1, 0]
    assert found.main_opponent.tolist() == ["", "sun, zhao", ""]
    assert found.opponents_tied.tolist() == [False, True, False]
    assert found.support.tolist()[:2] == [1.0, -1 / 12]
    assert np.isnan(found.support[2])
    assert found.lapsed.tolist() == [1, 1, 0]
    assert found.complete.tolist() == [False, False, False]


def test_people_are_put_together() -> None:
    """One row per account and person: roles joined, the latest meeting, days since."""
    people = chain().people
    assert people.person.tolist() == ["qian", "wei", "chen", "lin", "sun", "zhao"]
    assert people.roles.tolist()[3] == "user, coach"
    assert people.influence.tolist()[3] == 3.0
    assert people.since.tolist()[3] == 10.0
    assert people.several_roles.tolist() == [False, True, False, True, False, False]
    assert people.stances.tolist() == [
        "supports",
        None,
        "neutral",
        "supports",
        "opposes",
        "opposes",
    ]
    assert people.row(4)["why"] == "last met 121 days ago, every 60 days asked for"


def test_rows_and_findings_say_why() -> None:
    """Ties, several coaches and lapsed contacts are said."""
    found = chain()
    assert found.row(0)["why"] == (
        "nobody is known as decision_maker, technical_expert, influencer; no contact with user; "
        "several coaches: qian, wei; 1 contact lapsed"
    )
    told = {f.code for f in found.findings}
    assert {
        "several_coaches",
        "several_roles",
        "opponents_tied",
        "unknown_in_role",
        "uncovered_role",
        "no_support_known",
        "lapsed",
        "no_rhythm",
    } <= told


def test_bounds_fill_unknown_stances() -> None:
    """An unknown stance of influence 1 beside a supporter of influence 3."""
    people = {
        "account": ["A", "A"],
        "person": ["a", "b"],
        "role": ["user", "coach"],
        "stance": ["supports", None],
        "influence": [3, 1],
    }
    found = ka.decision_chain(people, stance="stance", influence="influence")
    assert found.support.tolist() == [1.0]
    assert (found.support_low.tolist(), found.support_high.tolist()) == ([0.5], [1.0])
    assert not found.is_uncovered.any()  # nobody said who is in contact


def test_an_unknown_influence_ranks_below_a_known_one() -> None:
    """And opponents of unknown influence only tie."""
    people = {
        "account": ["A", "A", "B", "B"],
        "person": list("abcd"),
        "role": ["user"] * 4,
        "stance": ["opposes"] * 4,
        "influence": [None, 0, None, None],
    }
    found = ka.decision_chain(people, stance="stance", influence="influence")
    assert found.main_opponent.tolist() == ["b", "c, d"]
    assert found.opponents_tied.tolist() == [False, True]
    assert np.isnan(found.support).all()


def test_stances_that_differ_are_unknown_and_told() -> None:
    """Two rows about one person that contradict each other."""
    people = {"account": ["A"] * 2, "person": ["a"] * 2, "role": ["user"] * 2}
    found = ka.decision_chain({**people, "stance": ["supports", "opposes"]}, stance="stance")
    assert found.people.stances.tolist() == [None]
    assert "stances_differ" in {f.code for f in found.findings}


def test_roles_of_texts() -> None:
    """The roles of key actions are read as they are written, in either language."""
    assert ka.roles_of("user, technical_expert") == ("user", "technical_expert")
    assert ka.roles_of("Decision maker and 线人；user") == ("decision_maker", "coach", "user")
    assert ka.roles_of("coach, Coach, gatekeeper") == ("coach", "gatekeeper")
    known = {role.code for role in ka.buyer_roles()}
    for stage in ka.opportunity_funnel().stages:
        for action in stage.key_actions:
            assert set(ka.roles_of(action.roles)) <= known
    for wrong in (None, 3, [None]):
        with pytest.raises(ka.SpecError):
            ka.roles_of(wrong)  # type: ignore[arg-type]


@given(st.permutations(range(7)))
def test_the_order_of_people_does_not_matter(order: list[int]) -> None:
    """To the bit."""
    found = chain({name: [column[i] for i in order] for name, column in PEOPLE.items()})
    assert_same_columns(found.columns(), chain().columns())
    assert_same_columns(found.people.columns(), chain().people.columns())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["supports", "neutral", "opposes", None]),
            st.sampled_from([0, 0.1, 1, 2.5, 1e9, None]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_support_is_bounded_and_turns_with_the_stances(rows: list[Any]) -> None:
    """Within its bounds, and the opposite book has the opposite support."""
    turn = {"supports": "opposes", "opposes": "supports"}

    def support(stances: list[Any]) -> ka.DecisionChain:
        people = {
            "account": ["A"] * len(rows),
            "person": [str(i) for i in range(len(rows))],
            "role": ["user"] * len(rows),
            "stance": stances,
            "influence": [w for _, w in rows],
        }
        return ka.decision_chain(people, stance="stance", influence="influence")

    found = support([s for s, _ in rows])
    other = support([turn.get(s, s) for s, _ in rows])
    if not np.isnan(found.support[0]):
        assert -1.0 <= found.support[0] <= 1.0
        if any(w is None for _, w in rows):  # which may outweigh all others
            assert np.isnan(found.support_low[0])
            assert np.isnan(found.support_high[0])
        else:
            assert found.support_low[0] - 1e-12 <= found.support[0]
            assert found.support[0] <= found.support_high[0] + 1e-12
        assert other.support[0] == -found.support[0]


def test_more_people_never_leave_a_role_unknown() -> None:
    """Monotone; and accounts can be split."""
    few = chain({name: column[:3] for name, column in PEOPLE.items()})
    assert (few.known <= chain().known).all()
    alone = ka.decision_chain(PEOPLE, accounts={"account": ["A"]}, contact="ours")
    assert alone.uncovered_roles.tolist() == ["decision_maker, influencer"]


def test_empty_and_single() -> None:
    """No people; one person as scalars."""
    none: dict[str, list[Any]] = {"account": [], "person": [], "role": []}
    assert len(ka.decision_chain(none)) == 0
    assert ka.decision_chain(none, accounts={"account": ["A"]}).coach.tolist() == [""]
    one = ka.decision_chain({"account": "A", "person": "a", "role": "coach"})
    assert one.coach.tolist() == ["a"]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"stance": "role"}, ka.RowError, "no known word"),
        ({"influence": "ours"}, ka.KeyAccountError, "number"),
        ({"influence": "influence", "scale": (0, 3)}, ka.RowError, "above 3"),
        ({"influence": "influence", "scale": (3, 0)}, ka.SpecError, "rising"),
        ({"rhythm": 60}, ka.SpecError, "as_of"),
        ({"rhythm": 60, "as_of": "2026-09-30"}, ka.SpecError, "last_met"),
        ({"rhythm": {"x": 1}, "as_of": "2026-09-30", "last_met": "met"}, ka.SpecError, "tier"),
        ({"rhythm": 0, "as_of": "2026-09-30", "last_met": "met"}, ka.SpecError, "above 0"),
        ({"rhythm": 60, "as_of": "soon", "last_met": "met"}, ka.SpecError, "date"),
        ({"roles": [ka.iron_triangle()[0]]}, ka.SpecError, "Term"),
        ({"person": "persom"}, ka.ColumnNotFoundError, "did you mean"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        ka.decision_chain(PEOPLE, **options)
    assert "Hint:" in str(caught.value)


def test_key_actions_point_at_people() -> None:
    """Whom a key action is about, by its roles."""
    found = chain()
    assert found.whom("user, technical_expert").tolist() == ["wei", "lin, sun", ""]
    assert found.whom(("user", "technical_expert")).tolist() == ["wei", "lin, sun", ""]
    assert found.whom("").tolist() == ["", "", ""]
    with pytest.raises(ka.SpecError, match="did you mean 'coach'"):
        found.whom("couch")


def test_a_contact_lapses_the_day_after_its_rhythm() -> None:
    """60 days ago is in time with a rhythm of 60; 61 is not."""
    people = {
        "account": ["A", "B"],
        "person": ["a", "b"],
        "role": ["user", "user"],
        "met": ["2026-08-01", "2026-07-31"],
    }
    found = ka.decision_chain(people, last_met="met", rhythm=60, as_of="2026-09-30")
    assert found.lapsed.tolist() == [0, 1]


def test_what_was_not_given_is_not_told_as_missing() -> None:
    """Without stances, contacts and meetings only the roles are looked at."""
    people = {"account": ["A"], "person": ["a"], "role": ["user"]}
    found = ka.decision_chain(people)
    assert {f.code for f in found.findings} == {"unknown_in_role"}
    met = ka.decision_chain(
        {**people, "ours": ["li"], "met": [None]},
        contact="ours",
        last_met="met",
        rhythm=30,
        as_of="2026-09-30",
    )
    assert {f.code for f in met.findings} == {"unknown_in_role", "no_meeting"}


def test_meetings_after_the_day_are_left_out_before_rows_are_put_together() -> None:
    """A planned meeting does not hide that the last one is long ago."""
    people = {
        "account": ["A", "A"],
        "person": ["chen", "chen"],
        "role": ["user", "user"],
        "met": ["2026-01-01", "2027-01-01"],
    }
    found = ka.decision_chain(people, last_met="met", rhythm=30, as_of="2026-09-30")
    assert found.people.last_met.astype(str).tolist() == ["2026-01-01"]
    assert found.people.since.tolist() == [272.0]
    assert found.lapsed.tolist() == [1]
    assert next(f for f in found.findings if f.code == "later").count == 1


def test_an_unknown_influence_leaves_support_without_bounds() -> None:
    """An opponent of unknown influence may outweigh everybody."""
    people = {
        "account": ["A", "A"],
        "person": ["chen", "lin"],
        "role": ["user", "coach"],
        "stance": ["supports", "opposes"],
        "influence": [1.0, None],
    }
    found = ka.decision_chain(people, stance="stance", influence="influence")
    assert found.support.tolist() == [1.0]
    assert np.isnan([found.support_low[0], found.support_high[0]]).all()
    assert "influence_unknown" in {f.code for f in found.findings}


def test_a_name_with_a_sign_in_it_stays_whole() -> None:
    """A role as it stands goes before the signs between roles; 和 is one of them."""
    assert ka.roles_of("R&D lead", [ka.Term("rd", "R&D lead")]) == ("rd",)
    assert ka.roles_of("决策者和线人") == ("decision_maker", "coach")


def test_contacts_are_only_what_was_said() -> None:
    """否 and 无 are nobody; where nobody was asked for contacts nothing is said of them."""
    people = {
        "account": ["A", "A", "A"],
        "person": ["chen", "lin", "zhao"],
        "role": ["user", "user", "coach"],
        "ours": ["否", "无", "li"],
        "met": [None, None, None],
    }
    found = ka.decision_chain(people, contact="ours", last_met="met", rhythm=30, as_of="2026-09-30")
    assert found.people.has_contact.tolist() == [False, False, True]
    assert found.never_met.tolist() == [1]
    assert found.row(0)["why"].endswith("no meeting is known with 1 person")
    assert found.people.row(2)["why"] == "no meeting is known"
    silent = ka.decision_chain(people)
    assert silent.people.row(0)["why"] == "nothing to say"


def test_the_general_rhythm_stands_in_for_each_role_without_its_own() -> None:
    """Of two roles, one with a rhythm of its own: the shorter of that and the general one."""
    people = {
        "account": ["A"] * 4,
        "person": ["chen", "lin", "sun", "wu"],
        "role": ["user, coach", "user", "coach", None],
        "met": ["2026-08-01"] * 4,
    }
    for general, every in ((30, [30.0, 90.0, 30.0, 30.0]), (120, [90.0, 90.0, 120.0, 120.0])):
        found = ka.decision_chain(
            people,
            last_met="met",
            rhythm=[ka.Rhythm(general), ka.Rhythm(90, role="user")],
            as_of="2026-09-30",
        )
        assert found.people.every.tolist() == every


def test_influence_of_nothing_is_not_unknown_influence() -> None:
    """Known and 0 is told as such; unknown as unknown."""
    people = {
        "account": ["A", "B", "C"],
        "person": ["lin", "sun", "wu"],
        "stance": ["supports", "supports", None],
        "weight": [0, None, 0],
        "role": ["user"] * 3,
    }
    found = ka.decision_chain(people, stance="stance", influence="weight")
    told = {f.code: f.examples for f in found.findings}
    assert told["no_influence"] == ("A",)
    assert told["no_support_known"] == ("B", "C")


def test_one_day_is_one_day() -> None:
    """Days are counted in words that fit the number."""
    people = {"account": ["A"], "person": ["lin"], "role": ["user"], "met": ["2026-09-28"]}
    options: dict[str, Any] = {"last_met": "met", "as_of": "2026-09-30"}
    found = ka.decision_chain(people, rhythm=1, **options)
    assert found.people.why(0) == ("last met 2 days ago, every 1 day asked for",)
    calls = {"account": ["A"], "channel": ["phone"], "date": ["2026-09-29"]}
    kept = ka.upkeep(calls, rhythm=0.5, as_of="2026-09-30")
    assert kept.why(0) == ("last contact 1 day ago, every 0.5 days asked for",)


def test_what_may_be_part_of_a_name_cuts_last() -> None:
    """A role is whole as it stands in its part of a list, whatever words are in it."""
    roles = (
        ka.Term("partner", "Partner", name_zh="参与者"),
        ka.Term("coach", "Coach", name_zh="线人"),
        ka.Term("rd", "R&D lead"),
    )
    assert ka.roles_of("参与者、线人", roles) == ("partner", "coach")
    assert ka.roles_of("线人和参与者", roles) == ("coach", "参", "者")
    assert ka.roles_of("R&D lead, coach", roles) == ("rd", "coach")
    assert ka.roles_of("R&D lead and coach, partner", (*roles[:2], ka.Term("r", "R"))) == (
        *("r", "D lead", "coach", "partner"),
    )
    assert ka.roles_of("决策者/使用者和线人") == ("decision_maker", "user", "coach")
    assert ka.roles_of(" ; , ") == ()


def test_a_person_to_be_named_is_nobody_in_the_chain() -> None:
    """A row about nobody is left out, and told."""
    people = {"account": ["A", "A"], "person": ["TBD", "lin"], "role": ["user", "coach"]}
    found = ka.decision_chain(people)
    assert found.people.person.tolist() == ["lin"]
    assert {"nobody", "no_person"} <= {f.code for f in found.findings}
