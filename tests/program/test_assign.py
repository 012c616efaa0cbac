"""Owners proposed under capacity: optimal, stable, and told where nobody is left."""

from __future__ import annotations

import itertools
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

BOOK: dict[str, list[Any]] = {
    "account": ["A", "B", "C", "D", "E"],
    "worth": [50, 40, 30, 20, 10],
    "region": ["N", "N", "N", "S", "W"],
    "owner": ["li", "li", "zu", None, None],
}
TEAM: dict[str, list[Any]] = {
    "person": ["li", "wu", "he"],
    "region": ["N", "N", "S"],
    "room": [1, 1, 1],
}


def test_a_book_worked_by_hand() -> None:
    """Li keeps the larger account, the other goes to wu; C finds everybody full, E nobody."""
    found = ka.assign(
        BOOK, TEAM, capacity="room", value="worth", match=["region"], incumbents="owner"
    )
    assert found.person.tolist() == ["li", "wu", None, "he", None]
    assert found.labels.tolist() == [
        "kept",
        "moved",
        "capacity_used_up",
        "new",
        "no_eligible_person",
    ]
    assert found.placed.tolist() == [True, True, False, True, False]
    assert found.row(1)["why"] == (
        "goes from li to wu; li is full with accounts of at least its value"
    )
    assert found.seats.taken.tolist() == [1, 1, 1]
    assert found.seats.free.tolist() == [0, 0, 0]
    told = {f.code: f.examples for f in found.findings}
    assert told["holder_gone"] == ("C",)
    assert told["not_kept"] == ("B",)
    assert told["no_eligible_person"] == ("E",)
    assert found.seats.row(0)["why"] == "1 of 1 seats taken"


def test_without_incumbents_nobody_holds_a_seat() -> None:
    """The most valuable accounts are placed, whoever had them."""
    found = ka.assign(BOOK, TEAM, capacity=1, value="worth")
    assert found.placed.tolist() == [True, True, True, False, False]
    assert set(found.labels.tolist()[:3]) == {"new"}


def test_a_released_account_moves_only_for_more_value() -> None:
    """Least change breaks the tie between equally good ways; a better fit moves it."""
    pairs = {"account": ["A", "A"], "person": ["li", "wu"], "fit": [0.5, 0.5]}
    book = {"account": ["A"], "owner": ["wu"], "free": [True]}
    options: dict[str, Any] = {"fit": "fit", "incumbents": "owner", "released": "free"}
    same = ka.assign(book, TEAM, capacity=1, eligibility=pairs, **options)
    assert (same.person.tolist(), same.labels.tolist()) == (["wu"], ["returned"])
    pairs["fit"] = [0.6, 0.5]
    moved = ka.assign(book, TEAM, capacity=1, eligibility=pairs, **options)
    assert (moved.person.tolist(), moved.labels.tolist()) == (["li"], ["moved"])
    assert moved.fit.tolist() == [0.6]


def test_one_cent_more_outweighs_any_number_of_changes() -> None:
    """Value goes first: both accounts change hands for a cent."""
    pairs = {
        "account": ["A", "A", "B", "B"],
        "person": ["li", "wu", "li", "wu"],
        "fit": [1.01, 1.0, 1.0, 1.0],
    }
    book = {"account": ["A", "B"], "owner": ["wu", "li"], "free": [True, True]}
    options: dict[str, Any] = {"fit": "fit", "incumbents": "owner", "released": "free"}
    found = ka.assign(book, TEAM, capacity=1, eligibility=pairs, **options)
    assert found.person.tolist() == ["li", "wu"]
    pairs["fit"] = [1.0, 1.0, 1.0, 1.0]
    same = ka.assign(book, TEAM, capacity=1, eligibility=pairs, **options)
    assert same.person.tolist() == ["wu", "li"]


def test_more_accounts_placed_outweigh_fewer_changes() -> None:
    """At equal value the account that nobody else can take goes to its only candidate."""
    pairs = {"account": ["A", "A", "B"], "person": ["li", "wu", "li"], "fit": [0.0, 0.0, 0.0]}
    book = {"account": ["A", "B"], "owner": ["li", None], "free": [True, False]}
    options: dict[str, Any] = {"fit": "fit", "incumbents": "owner", "released": "free"}
    found = ka.assign(book, TEAM, capacity=1, eligibility=pairs, **options)
    assert found.person.tolist() == ["wu", "li"]


def test_an_incumbent_who_may_not_hold_it_loses_it() -> None:
    """Eligibility goes before keeping."""
    pairs = {"account": ["A"], "person": ["wu"]}
    book = {"account": ["A"], "owner": ["li"]}
    found = ka.assign(book, TEAM, capacity=1, eligibility=pairs, incumbents="owner")
    assert found.person.tolist() == ["wu"]
    assert {f.code for f in found.findings} == {"not_kept"}


def gains(value: list[int], fit: list[list[int]], room: list[int]) -> float:
    """Try every way, for the largest sum of value times fit; fit 0 stands for not eligible."""
    seats = [p for p, r in enumerate(room) for _ in range(r)]
    n = len(value)
    slots = [*seats, *([-1] * n)]
    best = 0.0
    for way in set(itertools.permutations(slots, n)):
        best = max(
            best,
            sum(v * fit[i][p] for i, (v, p) in enumerate(zip(value, way, strict=True)) if p >= 0),
        )
    return best


@given(st.data())
def test_no_other_way_places_more_value(data: st.DataObject) -> None:
    """Exact: every way is tried; capacity and eligibility hold."""
    n, p = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    value = data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    room = data.draw(st.lists(st.integers(0, 2), min_size=p, max_size=p))
    cells = st.lists(st.integers(0, 3), min_size=p, max_size=p)
    fit = data.draw(st.lists(cells, min_size=n, max_size=n))
    pairs = [(str(i), f"p{j}", float(fit[i][j])) for i in range(n) for j in range(p) if fit[i][j]]
    found = ka.assign(
        {"account": [str(i) for i in range(n)], "worth": value},
        {"person": [f"p{j}" for j in range(p)], "room": room},
        capacity="room",
        value="worth",
        eligibility={
            name: [row[k] for row in pairs] for k, name in enumerate(("account", "person", "fit"))
        },
        fit="fit",
    )
    total = float(np.nansum(found.value * found.fit))
    assert total == gains(value, fit, room)
    assert (found.seats.taken <= found.seats.capacity).all()
    for i, who in enumerate(found.person.tolist()):
        assert who is None or (str(i), who) in {row[:2] for row in pairs}
    full = found.seats.free == 0
    for i, label in enumerate(found.labels.tolist()):
        mine = [j for j in range(p) if fit[i][j]]
        assert label != "no_eligible_person" or not mine
        assert label != "capacity_used_up" or full[mine].all()


@given(st.permutations(range(5)), st.permutations(range(3)))
def test_the_order_of_the_rows_does_not_matter(order: list[int], people: list[int]) -> None:
    """Ties fall by id."""
    tied: dict[str, list[Any]] = {**BOOK, "worth": [1, 1, 1, 1, 1], "region": ["N"] * 5}
    team: dict[str, list[Any]] = {**TEAM, "region": ["N"] * 3}
    options: dict[str, Any] = {"capacity": "room", "value": "worth", "match": ["region"]}
    same = ka.assign(tied, team, incumbents="owner", **options)
    found = ka.assign(
        {k: [v[i] for i in order] for k, v in tied.items()},
        {k: [v[i] for i in people] for k, v in team.items()},
        incumbents="owner",
        **options,
    )
    assert_same_columns(found.columns(), {k: v[order] for k, v in same.columns().items()})
    assert_same_columns(
        found.seats.columns(), {k: v[people] for k, v in same.seats.columns().items()}
    )


@given(st.lists(st.integers(0, 5), min_size=3, max_size=3))
def test_more_room_never_places_less(room: list[int]) -> None:
    """Monotone in capacity."""
    few = ka.assign(BOOK, {**TEAM, "room": room}, capacity="room", value="worth")
    more = ka.assign(BOOK, {**TEAM, "room": [r + 1 for r in room]}, capacity="room", value="worth")
    assert few.value[few.placed].sum() <= more.value[more.placed].sum()


def test_empty_books_and_teams() -> None:
    """No account: no row. Nobody there: nobody is eligible."""
    assert len(ka.assign({"account": []}, TEAM, capacity=1)) == 0
    found = ka.assign(BOOK, {"person": []}, capacity=1, incumbents="owner")
    assert set(found.labels.tolist()) == {"no_eligible_person"}


def test_scalars_are_one_account() -> None:
    """One account, one person."""
    found = ka.assign({"account": "A"}, {"person": "li"}, capacity=1)
    assert found.person.tolist() == ["li"]


def test_a_missing_cell_matches_nothing() -> None:
    """Two unknown regions are not the same region."""
    found = ka.assign(
        {"account": ["A"], "region": [None]},
        {"person": ["li"], "region": [None]},
        capacity=1,
        match=["region"],
    )
    assert found.labels.tolist() == ["no_eligible_person"]


def test_missing_values_are_placed_last_and_told() -> None:
    """A missing value counts 0, and the account is still placed where there is room."""
    book = {"account": ["A", "B"], "worth": [None, 5]}
    found = ka.assign(book, TEAM, capacity="room", value="worth")
    assert found.placed.all()
    one = ka.assign(book, {"person": ["li"]}, capacity=1, value="worth")
    assert one.placed.tolist() == [False, True]
    assert [f.code for f in one.findings] == ["missing", "capacity_used_up"]


def test_a_negative_value_counts_0_in_every_verb() -> None:
    """Refunds are told alike, and take nobody's owner away."""
    book: dict[str, list[Any]] = {
        "account": ["A", "B", "C"],
        "worth": [-1.0, 5.0, None],
        "owner": ["li", "wu", "li"],
        "is_key": [True] * 3,
    }
    held = ka.assign(book, TEAM, capacity=2, value="worth", incumbents="owner")
    on = {"account": book["account"], "person": book["owner"], "role": ["AR"] * 3}
    covered = ka.coverage(on, accounts=book, value="worth")
    symptoms = ka.programme_symptoms(book, owner="owner", value="worth", stars=1)
    told = [
        [(f.code, f.message.replace("key account", "account")) for f in found.findings][:2]
        for found in (held, covered, symptoms)
    ]
    assert told[0] == told[1] == told[2]
    assert told[0][1] == ("negative", "1 account of negative value, which counts 0")
    assert held.labels.tolist() == ["kept"] * 3
    assert held.value.tolist() == covered.value.tolist() == [0.0, 5.0, 0.0]
    assert (symptoms.part[1], symptoms.whole[1]) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"capacity": -1}, ka.SpecError, "whole number"),
        ({"capacity": 1.5}, ka.SpecError, "whole number"),
        ({"capacity": True}, ka.SpecError, "whole number"),
        ({"capacity": "rom"}, ka.ColumnNotFoundError, "did you mean 'room'"),
        ({"capacity": 1, "fit": "fit"}, ka.SpecError, "eligibility"),
        ({"capacity": 1, "released": "owner"}, ka.SpecError, "incumbents"),
        ({"capacity": 1, "match": ["worth"]}, ka.ColumnNotFoundError, "worth"),
        ({"capacity": 1, "value": "region"}, ka.KeyAccountError, "number"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        ka.assign(BOOK, TEAM, **options)
    assert "Hint:" in str(caught.value)


def test_values_too_large_and_books_too_large_are_refused() -> None:
    """What cannot be weighed is not weighed."""
    pair = {"account": ["A"], "person": ["li"], "fit": [10.0]}
    book = {"account": ["A"], "worth": [1e308]}
    with pytest.raises(ka.SpecError, match="too large"):
        ka.assign(book, TEAM, capacity=1, value="worth", eligibility=pair, fit="fit")
    many = {"account": np.arange(9_000)}
    with pytest.raises(ka.NotEnoughDataError, match="too many to weigh"):
        ka.assign(many, {"person": np.arange(3_000)}, capacity=9)
    with pytest.raises(ka.RowError, match="whole number"):
        ka.assign(BOOK, {"person": ["li"], "room": [None]}, capacity="room")


def test_without_scipy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """`MissingExtra` says how to install it."""
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ka.MissingExtra, match=r"keyaccount\[assign\]"):
        ka.assign(BOOK, TEAM, capacity=1)


@pytest.mark.parametrize("unit", [1e-300, 1e-9, 0.001, 1.0, 1e6, 1e15, 1e300])
def test_the_unit_of_the_values_does_not_matter(unit: float) -> None:
    """Thousandths of a cent are weighed like billions."""
    book = {"account": ["A", "B"], "worth": [1 * unit, 4 * unit]}
    found = ka.assign(book, {"person": ["p"]}, capacity=1, value="worth")
    assert found.person.tolist() == [None, "p"]


def test_fits_are_not_rounded() -> None:
    """The better fit wins, however little better it is."""
    pairs = {"account": ["A", "A"], "person": ["p", "q"], "fit": [0.846, 0.8460000001]}
    found = ka.assign(
        {"account": ["A"]}, {"person": ["p", "q"]}, capacity=1, eligibility=pairs, fit="fit"
    )
    assert found.person.tolist() == ["q"]


def test_ordinary_large_money_is_weighed() -> None:
    """Four hundred accounts of three hundred million; the largest are placed, few move."""
    n = 400
    book: dict[str, Any] = {
        "account": [f"{i:03}" for i in range(n)],
        "worth": [3e8 + i for i in range(n)],
        "owner": [f"p{i % 20:02}" for i in range(n)],
        "free": [True] * n,
    }
    team = {"person": [f"p{i:02}" for i in range(20)]}
    options: dict[str, Any] = {"value": "worth", "incumbents": "owner", "released": "free"}
    found = ka.assign(book, team, capacity=10, **options)
    assert found.placed.tolist() == [False] * 200 + [True] * 200
    assert (found.labels[200:] == "returned").all()


def _ways(n: int, seats: list[int]) -> set[tuple[int, ...]]:
    return set(itertools.permutations([*seats, *([-1] * n)], n))


@given(st.data())
def test_no_way_is_better_in_value_then_accounts_then_changes(data: st.DataObject) -> None:
    """Every way is tried, in whole numbers."""
    n, p = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 2))
    value = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    room = data.draw(st.lists(st.integers(0, 2), min_size=p, max_size=p))
    holder = data.draw(st.lists(st.integers(-1, p - 1), min_size=n, max_size=n))
    fit = {
        (i, j): data.draw(st.sampled_from([None, 0, 1, 2]), label=f"fit {i} {j}")
        for i in range(n)
        for j in range(p)
    }

    def score(way: tuple[int, ...]) -> tuple[float, int, int] | None:
        pairs = [(i, j) for i, j in enumerate(way) if j >= 0]
        fits = [fit[pair] for pair in pairs]
        if None in fits:
            return None
        worth = [value[i] * (fit[i, j] or 0) for i, j in pairs]
        return sum(worth), len(pairs), sum(holder[i] == j for i, j in pairs)

    known = [pair for pair, one in fit.items() if one is not None]
    found = ka.assign(
        {
            "account": [str(i) for i in range(n)],
            "worth": value,
            "owner": [None if h < 0 else f"p{h}" for h in holder],
            "free": [True] * n,
        },
        {"person": [f"p{j}" for j in range(p)], "room": room},
        capacity="room",
        value="worth",
        incumbents="owner",
        released="free",
        eligibility={
            "account": [str(i) for i, _ in known],
            "person": [f"p{j}" for _, j in known],
            "fit": [float(fit[pair] or 0) for pair in known],
        },
        fit="fit",
    )
    seats = [j for j, r in enumerate(room) for _ in range(r)]
    best = max(s for way in _ways(n, seats) if (s := score(way)) is not None)
    chosen = tuple(-1 if who is None else int(who[1:]) for who in found.person.tolist())
    assert score(chosen) == best


def test_reasons_are_true() -> None:
    """A kept account is not worth more than one left out, and who is pushed is told why."""
    kept = ka.assign(
        {"account": ["A", "B"], "worth": [1, 100], "owner": ["p", None]},
        {"person": ["p"]},
        capacity=1,
        value="worth",
        incumbents="owner",
    )
    assert kept.row(1)["why"] == "nobody eligible has a free seat"
    book = {
        "account": ["A", "B", "C", "D"],
        "owner": ["p", "p", "gone", "nil"],
        "region": ["N", "N", "N", "N"],
        "worth": [9, 5, 4, 3],
    }
    team = {"person": ["p", "q", "nil"], "room": [1, 5, 0], "region": ["N", "N", "N"]}
    options: dict[str, Any] = {"value": "worth", "incumbents": "owner", "match": ["region"]}
    found = ka.assign(book, team, capacity="room", **options)
    assert [found.row(i)["why"] for i in range(4)] == [
        "stays with p",
        "goes from p to q; p is full with accounts of at least its value",
        "goes from gone to q; gone is not among the people",
        "goes from nil to q; nil may take none",
    ]
    team["region"] = ["S", "N", "N"]
    moved = ka.assign(book, team, capacity="room", **options)
    assert moved.row(0)["why"] == "goes from p to q; p is not eligible"


@pytest.mark.parametrize("room", [10**30, [1e30, 1.0, 1.0]])
def test_a_capacity_beyond_any_is_refused(room: Any) -> None:
    """Not an overflow."""
    team = TEAM if isinstance(room, int) else {**TEAM, "room": room}
    with pytest.raises((ka.SpecError, ka.RowError), match="Hint"):
        ka.assign(BOOK, team, capacity=room if isinstance(room, int) else "room")


def test_the_load_is_even_where_nothing_else_decides() -> None:
    """As many accounts for each of one capacity; more for those who can carry more."""
    book = {"account": [f"A{i:02d}" for i in range(40)]}
    found = ka.assign(book, {"person": list("abcd")}, capacity=40)
    assert found.seats.taken.tolist() == [10, 10, 10, 10]
    team = {"person": list("abcd"), "room": [48, 24, 8, 0]}
    assert ka.assign(book, team, capacity="room").seats.taken.tolist() == [24, 12, 4, 0]


def test_what_is_kept_counts_into_the_load() -> None:
    """Li keeps three of eight; the five others go where there is less to do."""
    book = {"account": list("ABCDEFGH"), "owner": ["li"] * 3 + [None] * 5}
    found = ka.assign(book, {"person": ["li", "wu"]}, capacity=8, incumbents="owner")
    assert found.seats.taken.tolist() == [4, 4]
    assert found.labels.tolist()[:3] == ["kept"] * 3


def test_an_even_load_moves_nothing_that_may_stay() -> None:
    """Value, places and fewest changes go first, however uneven the load."""
    book = {"account": list("ABCD"), "owner": ["li"] * 4, "free": [True] * 4}
    team = {"person": ["li", "wu"]}
    options: dict[str, Any] = {"incumbents": "owner", "released": "free"}
    found = ka.assign(book, team, capacity=4, **options)
    assert found.seats.taken.tolist() == [4, 0]
    pairs = {
        "account": list("ABCD") * 2,
        "person": ["li"] * 4 + ["wu"] * 4,
        "fit": [9] * 4 + [1] * 4,
    }
    found = ka.assign({"account": list("ABCD")}, team, capacity=4, eligibility=pairs, fit="fit")
    assert found.seats.taken.tolist() == [4, 0]


@given(
    st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5),
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
)
def test_no_other_way_to_place_as_many_is_more_even(
    able: list[list[bool]], room: list[int]
) -> None:
    """All ways tried: squares of accounts over capacity."""
    pairs = [(f"A{i}", "abc"[j]) for i, row in enumerate(able) for j in range(3) if row[j]]
    book = {"account": [f"A{i}" for i in range(len(able))]}
    found = ka.assign(
        book,
        {"person": list("abc"), "room": room},
        capacity="room",
        eligibility={"account": [a for a, _ in pairs], "person": [p for _, p in pairs]},
    )
    best = (0, 0.0)
    for way in itertools.product(*([None, *(j for j in range(3) if row[j])] for row in able)):
        taken = [way.count(j) for j in range(3)]
        if all(t <= r for t, r in zip(taken, room, strict=True)):
            load = sum(t * t / r for t, r in zip(taken, room, strict=True) if r)
            best = min(best, (-sum(taken), round(load, 9)))
    taken = found.seats.taken.tolist()
    load = sum(t * t / r for t, r in zip(taken, room, strict=True) if r)
    assert (-sum(taken), round(load, 9)) == best


def test_nobody_holds_what_is_to_be_determined() -> None:
    """A word that names nobody is no holder who is gone."""
    book = {"account": ["A", "B"], "owner": ["TBD", "li"]}
    found = ka.assign(book, {"person": ["li"]}, capacity=2, incumbents="owner")
    assert found.labels.tolist() == ["new", "kept"]
    assert found.before.tolist() == [None, "li"]
    assert [(f.code, f.count, f.where) for f in found.findings] == [("nobody", 1, "owner")]


def test_an_owner_is_of_the_level_that_the_tier_asks_for() -> None:
    """As coverage has it: juniors hold no key account, nor does anybody of unknown level."""
    book = {
        "account": list("ABCD"),
        "tier": ["key", "key", "other", None],
        "owner": [None, "ju", "ju", None],
    }
    team = {"person": ["ju", "se", "un"], "grade": ["junior", "senior", None]}
    options: dict[str, Any] = {
        "tier": "tier",
        "required": {"key": "senior"},
        "level": "grade",
        "levels": ("junior", "senior"),
    }
    found = ka.assign(book, team, capacity=4, incumbents="owner", **options)
    assert found.person.tolist() == ["se", "se", "ju", "un"]
    assert found.row(1)["why"] == "goes from ju to se; ju is not eligible"
    alone = {"person": ["un"], "grade": [None]}
    found = ka.assign(book, alone, capacity=4, **options)
    assert found.labels.tolist() == ["no_eligible_person"] * 2 + ["new"] * 2
    refused: list[tuple[dict[str, Any], str]] = [
        ({"tier": "tier"}, "tier. needs required"),
        ({"required": {"key": "senior"}}, "needs tiers"),
        ({"levels": ("junior",)}, "levels. needs level"),
        ({"level": "grade"}, "level. needs levels"),
        ({**options, "required": {"key": "chief"}}, "required"),
        ({**options, "levels": ("junior",), "required": {"key": "junior"}}, "level"),
    ]
    for wrong, said in refused:
        with pytest.raises(ka.SpecError, match=said):
            ka.assign(book, team, capacity=4, **wrong)
