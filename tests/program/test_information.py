"""The information map: weights by hand, ages, what to ask next, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

FIELDS = (
    ka.InformationField("world", "World", name_zh="世界", weight=2, ask=["influencer"]),
    ka.InformationField("plan", "Plan", ask=["decision_maker"], max_age_days=100),
    ka.InformationField("plan.aims", "Aims", branch="plan", weight=3),
    ka.InformationField("plan.gap", "Gap", branch="plan", ask=["coach", "user"], max_age_days=10),
    ka.InformationField("idle", "Idle", weight=0),
)
MAP = ka.InformationMap("small", FIELDS, max_age_days=1_000)
ENTRIES: dict[str, list[Any]] = {
    "account": ["A", "A", "A", "B", "B", "B"],
    "field": ["世界", "plan.aims", "plan.gap", "plan.gap", "plan.aims", "World"],
    "value": ["calm", "grow", "wide", "wide", None, "calm"],
    "date": ["2026-01-01", "2026-06-22", "2026-09-19", "2026-09-20", "2026-09-29", None],
    "source": ["press", None, "chen", "chen", None, "press"],
}


def assess(entries: Any = ENTRIES, **options: Any) -> ka.InformationAssessment:
    """Assess the small book."""
    return MAP.assess(entries, as_of="2026-09-30", accounts={"account": ["B", "A", "C"]}, **options)


def test_a_map_worked_by_hand() -> None:
    """Weights 2, 3 and 1 of 6; aims are stale after 100 days, the gap after 10."""
    found = assess()
    assert found.field_codes == ("world", "plan.aims", "plan.gap", "idle")
    assert found.weights.tolist() == [2.0, 3.0, 1.0, 0.0]
    assert found.complete.tolist() == [3 / 6, 1.0, 0.0]
    assert found.fresh.tolist() == [3 / 6, 5 / 6, 0.0]
    assert found.branch_scores["plan"].tolist() == [1 / 4, 1.0, 0.0]
    assert found.states_of(1) == {
        "world": "known",
        "plan.aims": "known",
        "plan.gap": "stale",
        "idle": "missing",
    }
    assert found.age[1].tolist()[:3] == [272.0, 100.0, 11.0]
    assert np.isnan(found.age[0, 0])  # without a date: of unknown age, not stale


def test_what_to_ask_next_and_whom() -> None:
    """Missing before stale, heavy before light; what counts nothing is not asked for."""
    found = assess()
    assert found.next_fields.tolist() == [
        "plan.aims",
        "plan.gap",
        "plan.aims, world, plan.gap",
    ]
    assert found.ask.tolist()[2] == "decision_maker, influencer, coach, user"
    assert found.row(1)["why"] == "ask again for plan.gap: coach, user"
    assert assess(next_fields=1).next_fields.tolist()[2] == "plan.aims"
    assert assess(next_fields=0).next_fields.tolist() == ["", "", ""]


def test_a_light_missing_field_goes_before_a_heavy_stale_one() -> None:
    """What nobody ever asked is asked first."""
    entries = {
        "account": ["A"] * 2,
        "field": ["plan.aims", "world"],
        "value": ["x", "x"],
        "date": ["2020-01-01", "2026-09-01"],
    }
    found = MAP.assess(entries, as_of="2026-09-30")
    assert found.next_fields.tolist() == ["plan.gap, plan.aims"]


def test_the_latest_filled_entry_counts() -> None:
    """A later blank wipes nothing; what comes after the day is not known yet."""
    entries = {
        "account": ["A"] * 3,
        "field": ["plan.gap"] * 3,
        "value": ["old", None, "new"],
        "date": ["2026-01-01", "2026-09-29", "2026-10-01"],
    }
    found = assess(entries)
    assert found.states_of(1)["plan.gap"] == "stale"
    assert {f.code for f in found.findings} == {"later", "no_value"}


def test_what_entries_do_not_say_is_told() -> None:
    """No date, no source, a value on a branch, an account outside the book."""
    entries = {
        "account": ["A", "A", "Z", None],
        "field": ["world", "plan", "world", "world"],
        "value": ["x"] * 4,
        "date": [None, "2026-01-01", "2026-01-01", "2026-01-01"],
        "source": [None] * 4,
    }
    told = {f.code for f in assess(entries, source="source").findings}
    assert told == {"no_date", "no_source", "on_branch", "unknown_account", "no_account"}


def test_the_preset_has_every_part_of_the_method() -> None:
    """Four business strategies with six aspects each, in two languages, somebody to ask for all."""
    tree = ka.information_map()
    assert len(tree.leaves) == 3 + 4 * 6 + 2 + 1
    assert all(f.name_zh for f in tree.fields)
    assert all(tree.ask_for(f.code) for f in tree.leaves)
    roles = {role.code for role in ka.buyer_roles()}
    assert {r for f in tree.leaves for r in tree.ask_for(f.code)} <= roles
    assert tree.max_age_of("rd.system") is None
    assert ka.information_map(90).max_age_of("rd.system") == 90.0
    found = tree.assess({"account": [], "field": [], "value": [], "date": []}, as_of="2026-01-01")
    assert len(found) == 0


@given(st.permutations(range(6)))
def test_the_order_of_entries_does_not_matter(order: list[int]) -> None:
    """To the bit."""
    shuffled = {name: [column[i] for i in order] for name, column in ENTRIES.items()}
    assert_same_columns(assess(shuffled).columns(), assess().columns())


@given(
    st.lists(
        st.tuples(
            st.sampled_from("AB"),
            st.sampled_from(["world", "plan.aims", "plan.gap"]),
            st.sampled_from(["2026-01-01", "2026-09-25", None]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_more_entries_never_know_less(rows: list[Any]) -> None:
    """Monotone in entries; freshness within completeness within 1; accounts can be split."""

    def of(rows: list[Any], accounts: str = "AB") -> ka.InformationAssessment:
        names = ("account", "field", "date")
        table = {name: [row[i] for row in rows] for i, name in enumerate(names)}
        book = {"account": list(accounts)}
        return MAP.assess({**table, "value": ["x"] * len(rows)}, as_of="2026-09-30", accounts=book)

    few, many = of(rows[:-1]), of(rows)
    assert (few.complete <= many.complete).all()
    assert (many.fresh <= many.complete).all()
    assert (many.complete <= 1.0).all()
    assert of(rows, "B").complete.tolist() == many.complete.tolist()[1:]


def test_an_older_day_makes_nothing_stale() -> None:
    """Ages grow with the day."""
    early = MAP.assess(ENTRIES, as_of="2026-09-20")
    late = MAP.assess(ENTRIES, as_of="2027-09-20")
    assert (early.fresh >= late.fresh).all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ka.InformationMap("m", []), "must not be empty"),
        (lambda: ka.InformationMap("m", [FIELDS[0], FIELDS[0]]), "unique codes"),
        (lambda: ka.InformationMap("m", [FIELDS[2]]), "branch of 'plan.aims'"),
        (
            lambda: ka.InformationMap(
                "m",
                [
                    ka.InformationField("a", "A", branch="b"),
                    ka.InformationField("b", "B", branch="a"),
                ],
            ),
            "must be a tree",
        ),
        (lambda: ka.InformationMap("m", ["a"]), "InformationField"),
        (lambda: ka.InformationField("a", "A", weight=-1), "at least 0"),
        (lambda: ka.InformationField("a", "A", max_age_days=0), "above 0"),
        (lambda: MAP.path("plans"), "plan"),
        (lambda: assess(next_fields=-1), "whole number"),
        (lambda: MAP.assess(ENTRIES, as_of=None), "must be a date"),
    ],
)
def test_what_cannot_be_is_refused(make: Any, said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(ka.SpecError, match=said) as caught:
        make()
    assert "Hint:" in str(caught.value)


def test_unknown_fields_and_columns_are_refused() -> None:
    """A misspelt field must not vanish."""
    with pytest.raises(ka.RowError, match=r"did you mean 'plan\.gap'"):
        assess({**ENTRIES, "field": ["plan.gab"] * 6})
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'value'"):
        assess(value="valu")
    with pytest.raises(ka.DuplicateIdError):
        MAP.assess(ENTRIES, as_of="2026-09-30", accounts={"account": ["A", "A"]})


@pytest.mark.parametrize("word", [False, 0, "unknown", " Unknown ", "未知", "-", "N/A", ""])
def test_a_word_for_not_known_fills_nothing(word: Any) -> None:
    """Whoever writes that nothing is known has not filled the field."""
    entries = {"account": ["A"], "field": ["world"], "value": [word], "date": ["2026-09-01"]}
    assert MAP.assess(entries, as_of="2026-09-30").complete.tolist() == [0.0]


def test_the_order_of_asking() -> None:
    """Missing, then heavy, then long stale, then as declared; what is known or weighs 0 never."""
    weights = {"a": 1, "b": 1, "c": 2, "d": 1, "e": 1, "f": 0, "g": 3}
    tree = ka.InformationMap(
        "m",
        [ka.InformationField(c, c.upper(), weight=w) for c, w in weights.items()],
        max_age_days=9,
    )
    entries = {
        "account": ["A"] * 4,
        "field": ["d", "e", "c", "g"],
        "value": ["x"] * 4,
        "date": ["2026-09-01", "2026-08-01", "2026-09-10", "2026-09-29"],
    }
    found = tree.assess(entries, as_of="2026-09-30", next_fields=9)
    assert found.next_fields.tolist() == ["a, b, c, e, d"]
    for most in range(6):
        few = tree.assess(entries, as_of="2026-09-30", next_fields=most)
        assert few.order.tolist() == [found.order[0, :most].tolist()]


def test_what_nobody_dated_is_of_unknown_age_and_not_asked_for_again() -> None:
    """Beside entries that are long stale, and without a warning."""
    fields = [ka.InformationField(c, c.upper()) for c in "ab"]
    tree = ka.InformationMap("m", fields, max_age_days=9)
    entries = {
        "account": ["A", "A"],
        "field": ["a", "b"],
        "value": ["x", "x"],
        "date": ["1970-01-01", None],
    }
    found = tree.assess(entries, as_of="2026-09-30")
    assert found.next_fields.tolist() == ["a"]
    assert [f.code for f in found.findings] == ["no_date"]


def test_whom_to_ask_by_name() -> None:
    """The people in the roles; the roles where nobody is known; accounts outside the chain."""
    people = {
        "account": ["A", "A", "B"],
        "person": ["lin", "chen", "wu"],
        "role": ["coach", "user", "decision_maker"],
    }
    found = assess(next_fields=2)
    assert found.whom(ka.decision_chain(people)).tolist() == [
        "plan.aims: wu",
        "plan.gap: chen, lin",
        "plan.aims: nobody known as decision_maker; world: nobody known as influencer",
    ]
    silent = ka.InformationMap("m", [ka.InformationField("x", "X")])
    none: dict[str, list[Any]] = {"account": [], "field": [], "value": [], "date": []}
    asked = silent.assess(none, as_of="2026-09-30", accounts={"account": "A"})
    assert asked.whom(ka.decision_chain(people)).tolist() == ["x: nobody named"]
    own = ka.decision_chain(people | {"role": ["a"] * 3}, roles=[ka.Term("a", "A")])
    with pytest.raises(ka.SpecError, match="must be one of 'a'"):
        found.whom(own)
