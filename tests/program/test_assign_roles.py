"""Several roles in one call: one capacity, kept seats first, nobody twice on an account."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns, programme_accounts, teams

TRIANGLE = ka.iron_triangle()
BOOK: dict[str, list[Any]] = {
    "account": ["A", "B", "C"],
    "worth": [50, 30, 20],
    "tier": ["key", "other", "other"],
    "owner": ["li", "li", None],
    "engineer": [None, "he", None],
}
TEAM: dict[str, list[Any]] = {
    "person": ["li", "wu", "he"],
    "grade": ["senior", "junior", "senior"],
    "room": [2, 2, 2],
}
HOLDERS = {"AR": "owner", "SR": "engineer"}


def by_role(found: ka.Assigned) -> dict[str, list[Any]]:
    """Give the people proposed by role."""
    assert found.role is not None
    return {code: found.of(code).person.tolist() for code in dict.fromkeys(found.role.tolist())}


def test_a_book_worked_by_hand() -> None:
    """Six seats for two roles of three accounts: li keeps two, he keeps one, the rest is even."""
    found = ka.assign(
        BOOK, TEAM, capacity="room", value="worth", roles=TRIANGLE[:2], incumbents=HOLDERS
    )
    assert by_role(found) == {"AR": ["li", "li", "wu"], "SR": ["wu", "he", "he"]}
    assert found.of("SR").labels.tolist() == ["new", "kept", "new"]
    assert found.role is not None
    assert found.role.tolist() == ["AR"] * 3 + ["SR"] * 3
    assert found.account.tolist() == ["A", "B", "C"] * 2
    assert found.seats.taken.tolist() == [2, 2, 2]
    assert found.seats.free.tolist() == [0, 0, 0]
    covered = ka.coverage(found.columns(), accounts=BOOK, roles=TRIANGLE[:2])
    assert covered.covered.all()
    assert not covered.one_hand.any()
    assert found.row(3)["role"] == "SR"
    assert "6 roles" in found.title


def test_who_holds_a_later_role_is_not_pushed_out_by_an_earlier_one() -> None:
    """He has one seat and holds it as engineer: nobody is left to own the account."""
    book = {"account": ["A", "B"], "engineer": ["he", None]}
    team = {"person": ["he", "li"]}
    found = ka.assign(
        book, team, capacity=1, roles=TRIANGLE[:2], incumbents={"解决方案责任人": "engineer"}
    )
    assert by_role(found) == {"AR": ["li", None], "SR": ["he", None]}
    told = {(f.code, f.where): f.count for f in found.findings}
    assert told["capacity_used_up", "AR"] == 1
    assert told["capacity_used_up", "SR"] == 1


def test_roles_cost_what_they_cost() -> None:
    """A fifth each: five accounts are a full seat; what is left is told in accounts."""
    book = {"account": [f"A{i}" for i in range(10)]}
    found = ka.assign(book, {"person": ["li"]}, capacity=1, roles=TRIANGLE[:1], load=0.1)
    assert found.placed.all()
    assert found.seats.load.tolist() == [1.0]
    assert found.seats.free.tolist() == [0]
    assert found.seats.row(0)["why"] == "10 roles, a load of 1 of 1"
    less = ka.assign(book, {"person": ["li"]}, capacity=1, roles=TRIANGLE[:1], load={"AR": 0.11})
    assert np.count_nonzero(less.placed) == 9
    tenth = ka.assign(
        {"account": ["A", "B"]},
        {"person": ["li"]},
        capacity=1,
        roles=TRIANGLE[:2],
        load={"AR": 0.9, "SR": 0.1},
    )
    assert by_role(tenth) == {"AR": ["li", None], "SR": [None, "li"]}
    team = {"person": ["li", "wu"]}
    both = ka.assign(
        {"account": ["A", "B", "C"]}, team, capacity=2, roles=TRIANGLE[:2], load={"SR": 0.25}
    )
    assert both.of("AR").placed.all()
    assert sorted(both.seats.load.tolist()) == [1.5, 2.0]
    assert np.count_nonzero(both.of("SR").placed) == 2


def test_nobody_is_proposed_for_a_second_role_of_an_account() -> None:
    """But who has two of them keeps them, and may have one of them back."""
    one = {"person": ["li"]}
    found = ka.assign({"account": ["A"]}, one, capacity=5, roles=TRIANGLE)
    assert by_role(found) == {"AR": ["li"], "SR": [None], "FR": [None]}
    assert found.of("SR").labels.tolist() == ["no_eligible_person"]
    book = {"account": ["A"], "owner": ["li"], "engineer": ["li"], "free": [True]}
    kept = ka.assign(book, one, capacity=5, roles=TRIANGLE, incumbents=HOLDERS)
    assert by_role(kept) == {"AR": ["li"], "SR": ["li"], "FR": [None]}
    back = ka.assign(
        book, one, capacity=5, roles=TRIANGLE, incumbents=HOLDERS, released={"SR": "free"}
    )
    assert back.of("SR").labels.tolist() == ["returned"]


def test_levels_and_pairs_by_role() -> None:
    """A key account asks for a senior owner; only he may be engineer of A."""
    pairs = {"account": ["A", "A"], "person": ["wu", "he"], "role": [None, "sr"], "fit": [1, 2]}
    found = ka.assign(
        {"account": ["A"], "tier": ["key"]},
        TEAM,
        capacity=3,
        roles=TRIANGLE[:2],
        eligibility=pairs,
        fit="fit",
        role="role",
        tier="tier",
        required={"key": {"SR": "senior"}},
        level="grade",
        levels=("junior", "senior"),
    )
    assert by_role(found) == {"AR": ["wu"], "SR": ["he"]}
    assert found.fit.tolist() == [1.0, 2.0]


def test_why_an_account_could_not_stay() -> None:
    """The holder is full with roles that come first."""
    book = {"account": ["A", "B"], "owner": ["li", None], "engineer": [None, "li"]}
    found = ka.assign(
        book, {"person": ["li", "wu"]}, capacity=1, roles=TRIANGLE[:2], incumbents=HOLDERS
    )
    assert found.of("SR").row(1)["why"] == (
        "nobody eligible has a free seat; li is full with what comes first: other roles, or "
        "accounts of at least its value"
    )


@settings(max_examples=30, deadline=None)
@given(programme_accounts(), teams(), st.sampled_from([0.25, 0.5, 1.0]), st.integers(0, 9))
def test_laws_of_several_roles(book: Any, team: Any, cost: float, seed: int) -> None:
    """Loads within capacities, one role each per account, any order; the first role as if alone."""
    team = {**team, "room": [2, 1, 0]}
    options: dict[str, Any] = {"capacity": "room", "value": "worth", "load": {"SR": cost}}
    found = ka.assign(book, team, roles=TRIANGLE[:2], **options)
    assert (found.seats.load <= found.seats.capacity + 1e-9).all()
    owner, engineer = (found.of(code).person for code in ("AR", "SR"))
    assert not any(a is not None and a == b for a, b in zip(owner, engineer, strict=True))
    alone = ka.assign(book, team, capacity="room", value="worth")
    assert owner.tolist() == alone.person.tolist()
    order = np.random.default_rng(seed).permutation(len(book["account"]))
    turned = {name: [column[i] for i in order] for name, column in book.items()}
    again = ka.assign(turned, team, roles=TRIANGLE[:2], **options)
    for code in ("AR", "SR"):
        there, here = again.of(code).columns(), found.of(code).columns()
        assert_same_columns(there, {name: column[order] for name, column in here.items()})


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"roles": []}, ka.SpecError, "roles.* must not be empty"),
        ({"roles": ["AR"]}, ka.SpecError, "must be a list of CoverageRole"),
        ({"load": 1}, ka.SpecError, "needs roles"),
        ({"roles": TRIANGLE, "load": 0}, ka.SpecError, "must be a number above 0"),
        ({"roles": TRIANGLE, "load": {"AR": None}}, ka.SpecError, "must be a number above 0"),
        ({"roles": TRIANGLE, "load": {"cook": 1}}, ka.SpecError, "role must be one of 'AR'"),
        ({"roles": TRIANGLE, "incumbents": "owner"}, ka.SpecError, "a column for each role"),
        ({"incumbents": {"AR": "owner"}}, ka.SpecError, "needs roles"),
        ({"roles": TRIANGLE, "role": "role"}, ka.SpecError, "needs eligibility"),
        ({"eligibility": {"account": [], "person": []}, "role": "x"}, ka.SpecError, "needs roles"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        ka.assign(BOOK, TEAM, capacity=1, **options)
    assert "Hint:" in str(caught.value)


def test_a_role_that_is_not_there_has_no_rows() -> None:
    """Nor has one owner any role; the role may be written in any case."""
    found = ka.assign(BOOK, TEAM, capacity=1, roles=TRIANGLE)
    assert found.of("ar").account.tolist() == ["A", "B", "C"]
    with pytest.raises(ka.SpecError, match="must be one of 'AR'"):
        found.of("cook")
    with pytest.raises(ka.SpecError, match="role"):
        ka.assign(BOOK, TEAM, capacity=1).of("AR")
