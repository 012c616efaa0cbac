"""Coverage: a small book worked by hand, laws of counting, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.program.coverage.divided import Divided
from keyaccount.testing import as_container, assert_same_columns, assignments, containers

ASSIGNMENTS: dict[str, list[Any]] = {
    "account": ["A", "A", "A", "B", "B", "C", "A"],
    "person": ["li", "wu", "he", "li", "wu", "li", "wu"],
    "role": ["AR", "SR", "FR", "客户责任人", "solution responsible", "AR", "SR"],
    "kind": ["region", "industry", None, "region", "industry", "region", "industry"],
    "division": ["talks", "designs", None, None, "", None, "designs"],
    "time": [0.5, 0.25, 0.5, 0.5, 0.25, 0.25, None],
    "small": [0.2, 0.0, 0.0, 0.6, None, 1.0, None],
}
BOOK = {"account": ["A", "B", "C", "D"], "worth": [50, 30, 15, 5], "tier": ["k", "k", "s", None]}
TEAM = {"person": ["he", "li", "wu", "zu"], "grade": ["x", "x", "y", "z"], "room": [2, 2, None, 1]}

GRADES: dict[str, Any] = {"people": TEAM, "level": "grade", "levels": ("x", "y", "z")}


def covered() -> ka.Coverage:
    """Cover the small book."""
    return ka.coverage(
        ASSIGNMENTS,
        accounts=BOOK,
        people=TEAM,
        time="time",
        small_deals="small",
        representative="kind",
        division="division",
        value="worth",
        tier="tier",
        level="grade",
        levels=("x", "y", "z"),
        required={"k": "y"},
        capacity="room",
    )


def codes(found: Any) -> dict[tuple[str, str], int]:
    """Count findings by code and place."""
    return {(f.code, f.where): f.count for f in found.findings}


def test_accounts_worked_by_hand() -> None:
    """Roles missing, roles too junior, one hand, division of work."""
    found = covered()
    assert found.role_codes == ("AR", "SR", "FR")
    assert found.holders.tolist() == [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert found.missing.tolist() == ["", "FR", "SR, FR", "AR, SR, FR"]
    assert found.too_junior.tolist() == ["AR, FR", "AR", "", ""]
    assert found.covered.tolist() == [False, False, False, False]
    assert found.people_on.tolist() == [3, 2, 1, 0]
    assert found.only_person.tolist() == [None, None, "li", None]
    assert found.one_hand.tolist() == [False, False, True, False]
    assert found.division_missing.tolist() == [False, True, False, False]


def test_people_worked_by_hand() -> None:
    """Load, value in any role, what leaves with them, and time."""
    people = covered().people
    assert people.accounts.tolist() == [1, 3, 2, 0]
    assert people.over_capacity.tolist() == [False, True, False, False]
    assert people.load[1] == 1.5
    assert people.value.tolist() == [50.0, 95.0, 80.0, 0.0]
    assert people.value_share.tolist() == [0.5, 0.95, 0.8, 0.0]
    assert people.leaves.tolist() == [0.0, 15.0, 0.0, 0.0]
    assert people.leaves_share.tolist() == [0.0, 0.15, 0.0, 0.0]
    assert people.time.tolist()[:3] == [0.5, 1.25, 0.5]
    assert people.over_time.tolist() == [False, True, False, False]
    assert people.small_deal_time.tolist()[:3] == [0.0, 0.52, 0.0]
    assert np.isnan(people.small_deal_time[3])


def test_findings_say_how_many_and_who() -> None:
    """One finding per kind and role, with the first ids."""
    found = covered()
    told = codes(found)
    assert told["missing_role", "FR"] == 3
    assert told["too_junior", "AR"] == 2
    assert told["one_hand", ""] == 1
    assert told["no_required_level", "tier"] == 2
    assert told["no_division", ""] == 1
    assert told["over_capacity", "people"] == 1
    assert told["on_no_account", "people"] == 1
    missing = next(f for f in found.findings if (f.code, f.where) == ("missing_role", "SR"))
    assert missing.examples == ("C", "D")


def test_rows_say_why() -> None:
    """Each record carries its reasons."""
    found = covered()
    assert found.row(1)["why"] == (
        "nobody is FR; AR is x, where the tier asks for y; "
        "representatives of 2 kinds, and no division of work is stated"
    )
    assert found.people.row(1)["why"] == (
        "3 accounts for a capacity of 2; 125 % of their time is given away; "
        "the only one on 1 account, worth 15"
    )
    assert "Coverage of 4 accounts" in found._repr_html_()
    with pytest.raises(ka.RowError):
        found.row(4)


def test_dependence_is_the_smallest_number_of_holders() -> None:
    """Li holds 95 % as account responsible; as solution responsible wu holds 80 %."""
    found = covered()
    few = found.dependence(0.9)
    assert few.person.tolist() == ["li"]
    assert few.value_share.tolist() == [0.95]
    assert few.unheld_share == 0.05
    assert few.reached
    assert few.row(0)["why"] == "AR of 3 accounts, 95.0 % of the value"
    assert found.dependence(0.8, role="SR").person.tolist() == ["wu"]
    assert not found.dependence(1.0, role="FR").reached


def test_an_account_held_by_two_is_held_in_equal_parts() -> None:
    """Two account responsibles share an account."""
    on = {"account": ["A", "A", "B"], "person": ["li", "wu", "wu"], "role": ["AR"] * 3}
    book = {"account": ["A", "B"], "worth": [60, 40]}
    few = ka.coverage(on, accounts=book, value="worth").dependence(0.5)
    assert few.person.tolist() == ["wu"]
    assert few.value.tolist() == [70.0]


def test_assignments_hold_on_their_days_only() -> None:
    """First and last day included; a missing day is no limit."""
    on = {
        "account": ["A"] * 4,
        "person": ["li", "wu", "he", "zu"],
        "role": ["AR", "SR", "FR", "FR"],
        "from": ["2026-01-01", "2026-07-01", None, "2025-01-01"],
        "to": ["2026-06-30", None, None, "2025-12-31"],
    }

    def on_day(day: str) -> list[str]:
        found: list[str] = ka.coverage(on, start="from", end="to", as_of=day).missing.tolist()
        return found

    assert on_day("2026-06-30") == ["SR"]
    assert on_day("2026-07-01") == ["AR"]
    found = ka.coverage(on, start="from", end="to", as_of="2026-07-01")
    assert codes(found)["not_valid", ""] == 2
    with pytest.raises(ka.SpecError, match="as_of"):
        ka.coverage(on, start="from")
    with pytest.raises(ka.RowError, match="end before they start"):
        ka.coverage(on, start="to", end="from", as_of="2026-01-01")


def test_more_roles_are_data() -> None:
    """A company adds an executive sponsor."""
    roles = (*ka.iron_triangle(), ka.CoverageRole("ES", "Executive sponsor"))
    found = ka.coverage({"account": ["A"], "person": ["li"], "role": ["es"]}, roles=roles)
    assert found.missing.tolist() == ["AR, SR, FR"]


def test_what_is_missing_or_strange_is_told() -> None:
    """A strange role, a blank id, an account outside the book: told, never silent."""
    on = {
        "account": ["A", None, "Z", "A"],
        "person": ["li", "li", "li", None],
        "role": ["boss", "AR", "AR", "AR"],
    }
    found = ka.coverage(on, accounts={"account": ["A"]})
    assert found.only_person.tolist() == ["li"]
    assert found.missing.tolist() == ["AR, SR, FR"]
    told = {f.code for f in found.findings}
    assert {"unknown_role", "no_account", "unknown_account", "no_person"} <= told


def test_values_missing_below_0_and_infinite_count_0_and_are_told() -> None:
    """Money policy of dependence."""
    book = {"account": list("ABCD"), "worth": [10, None, -5, np.inf]}
    on = {"account": list("ABCD"), "person": ["li"] * 4, "role": ["AR"] * 4}
    found = ka.coverage(on, accounts=book, value="worth")
    assert found.value.tolist() == [10.0, 0.0, 0.0, 0.0]
    assert {
        ("missing", "worth"): 2,
        ("negative", "worth"): 1,
        ("infinite", "worth"): 1,
    }.items() <= (codes(found).items())


def test_empty_tables_give_empty_results() -> None:
    """No assignment at all; and accounts in nobody's hands."""
    none: dict[str, list[Any]] = {"account": [], "person": [], "role": []}
    found = ka.coverage(none)
    assert len(found) == len(found.people) == 0
    assert found.columns()["missing_roles"].tolist() == []
    assert len(found.dependence(0.8)) == 0
    alone = ka.coverage(none, accounts={"account": ["A"]})
    assert alone.missing.tolist() == ["AR, SR, FR"]
    assert alone.dependence(0.8).unheld_share == 1.0


def test_scalars_are_one_row() -> None:
    """One account with one assignment."""
    found = ka.coverage({"account": "A", "person": "li", "role": "AR"}, accounts={"account": "A"})
    assert found.missing.tolist() == ["SR, FR"]


@given(order=st.permutations(range(7)), kind=containers())
def test_neither_order_nor_container_of_assignments_matters(order: list[int], kind: str) -> None:
    """Book-wise, to the bit."""
    shuffled = {name: [column[i] for i in order] for name, column in ASSIGNMENTS.items()}
    options: dict[str, Any] = {
        "time": "time",
        "small_deals": "small",
        "representative": "kind",
        "division": "division",
    }
    table = {
        k: [np.nan if k in {"time", "small"} and v is None else v for v in c]
        for k, c in shuffled.items()
    }
    if kind == "structured":
        table = {k: v for k, v in table.items() if k in {"time", "small"}} | {
            k: v for k, v in table.items() if k not in {"time", "small"}
        }
    found = ka.coverage(as_container(table, kind), accounts=BOOK, value="worth", **options)
    same = ka.coverage(ASSIGNMENTS, accounts=BOOK, value="worth", **options)
    assert_same_columns(found.columns(), same.columns())
    assert_same_columns(found.people.columns(), same.people.columns())


@given(assignments(), assignments())
def test_more_assignments_never_uncover(rows: Any, more: Any) -> None:
    """Monotone: roles get filled, people get more."""
    book = {"account": list("ABCD")}
    team = {"person": list("xyz")}
    both = {name: rows[name] + more[name] for name in rows}
    few = ka.coverage(rows, accounts=book, people=team)
    many = ka.coverage(both, accounts=book, people=team)
    assert (many.holders >= few.holders).all()
    assert (many.covered >= few.covered).all()
    assert (many.people.accounts >= few.people.accounts).all()
    assert (many.people.leaves <= few.people.leaves + many.people.value).all()


@given(assignments())
def test_repeated_rows_count_once_and_accounts_can_be_split(rows: Any) -> None:
    """Twice the same assignment is one; half the accounts give half the rows."""
    book = {"account": list("ABCD")}
    whole = ka.coverage(rows, accounts=book)
    assert_same_columns(
        ka.coverage({name: column * 2 for name, column in rows.items()}, accounts=book).columns(),
        whole.columns(),
    )
    half = ka.coverage(rows, accounts={"account": list("AB")})
    assert half.missing.tolist() == whole.missing.tolist()[:2]
    assert half.only_person.tolist() == whole.only_person.tolist()[:2]


@given(assignments(), st.floats(0.05, 1.0))
def test_dependence_is_minimal(rows: Any, share: float) -> None:
    """One holder fewer does not reach the share."""
    found = ka.coverage(rows, accounts={"account": list("ABCD")}).dependence(share)
    if found.reached:
        assert float(found.value_share[:-1].sum()) < share
    assert (np.diff(found.value) <= 0.0).all()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"account": "acount"}, ka.ColumnNotFoundError, "did you mean"),
        ({"roles": []}, ka.SpecError, "must not be empty"),
        ({"roles": [ka.Term("AR", "x")]}, ka.SpecError, "CoverageRole"),
        ({"value": "worth"}, ka.SpecError, "accounts, which are not given"),
        ({"level": "grade"}, ka.SpecError, "people, which are not given"),
        ({"required": {"k": "y"}}, ka.SpecError, "needs tiers"),
        ({"capacity": -1}, ka.SpecError, "at least 0"),
        ({"capacity": float("nan")}, ka.SpecError, "at least 0"),
        ({"time": "person"}, ka.KeyAccountError, "number"),
        ({"accounts": {"account": ["A", "A"]}}, ka.DuplicateIdError, "unique"),
        (
            {"people": TEAM, "level": "grade", "levels": ("x", "y")},
            ka.SpecError,
            "must be one of 'x', 'y'",
        ),
        (
            {"accounts": BOOK, "tier": "tier", "required": {"k": "w"}, **GRADES},
            ka.SpecError,
            "required",
        ),
        (
            {"accounts": BOOK, "tier": "tier", "required": {"k": {"XX": "x"}}, **GRADES},
            ka.SpecError,
            "did you mean|must be one of 'AR'",
        ),
        ({"accounts": BOOK, "tier": "tier"}, ka.SpecError, "tier. needs required"),
        ({"people": TEAM, "level": "grade"}, ka.SpecError, "level. needs levels"),
        ({"levels": ("x", "y")}, ka.SpecError, "levels. needs level"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        ka.coverage(ASSIGNMENTS, **options)
    assert "Hint:" in str(caught.value)


@pytest.mark.parametrize("share", [0.0, 1.1, "most", float("nan"), True])
def test_a_share_of_dependence_is_a_share(share: Any) -> None:
    """And the role one of the roles."""
    with pytest.raises(ka.SpecError):
        covered().dependence(share)
    with pytest.raises(ka.SpecError, match="AR"):
        covered().dependence(0.5, role="ar2")


def test_times_outside_0_to_1_are_refused() -> None:
    """A percentage is a slip."""
    on = {"account": ["A"], "person": ["li"], "role": ["AR"], "time": [50]}
    with pytest.raises(ka.RowError, match="above 1"):
        ka.coverage(on, time="time")


def test_who_is_not_among_the_people_still_holds() -> None:
    """A holder missing from the table of people is kept, of unknown level and capacity."""
    found = ka.coverage(
        {"account": ["A", "A", "A"], "person": ["li", "wu", "he"], "role": ["AR", "SR", "FR"]},
        accounts={"account": ["A"], "tier": ["key"]},
        people={"person": ["li"], "grade": ["senior"], "most": [3]},
        tier="tier",
        level="grade",
        levels=("junior", "senior"),
        required={"key": "senior"},
        capacity="most",
    )
    assert found.missing.tolist() == [""]
    assert found.one_hand.tolist() == [False]
    assert found.covered.tolist() == [False]  # what is not known does not suffice
    assert found.people.person.tolist() == ["li", "he", "wu"]
    assert np.isnan(found.people.capacity[1:]).all()
    told = next(f for f in found.findings if f.code == "unknown_person")
    assert (told.count, told.severity, told.examples) == (2, "warning", ("he", "wu"))
    assert {f.code for f in found.findings} == {"unknown_person", "level_unknown"}
    assert found.row(0)["why"].startswith("the level of SR is not known")


def test_kinds_of_representative_are_counted_by_meaning() -> None:
    """Spelling makes no kind, and one person has nobody to divide the work with."""
    on = {
        "account": ["A", "A", "B", "B", "C", "C"],
        "person": ["li", "wu", "li", "li", "li", "wu"],
        "role": ["AR", "SR", "AR", "SR", "AR", "SR"],
        "kind": ["region", "Region ", "region", "industry", "region", "industry"],
    }
    found = ka.coverage(on, representative="kind")
    assert found.representatives.tolist() == [1, 1, 2]
    assert found.division_missing.tolist() == [False, False, True]


def test_the_same_row_twice_takes_its_time_once() -> None:
    """Two roles on one account take time each; one row twice is one row."""
    on = {
        "account": ["A", "A", "A"],
        "person": ["li", "li", "li"],
        "role": ["AR", "AR", "SR"],
        "t": [0.6, 0.6, 0.25],
    }
    assert ka.coverage(on, time="t").people.time.tolist() == [0.85]


def test_money_is_written_for_reading() -> None:
    """Thousands apart, without an exponent, in the reasons and in the printed row."""
    on = {"account": ["A"], "person": ["li"], "role": ["AR"]}
    book = {"account": ["A"], "worth": [1_330_000]}
    people = ka.coverage(on, accounts=book, value="worth").people
    assert people.row(0)["why"] == "the only one on 1 account, worth 1,330,000"
    assert "value            1,330,000\n" in f"{people.row(0)}\n"
    assert people.row(0)["value"] == 1_330_000.0


def test_who_leaves_a_role_empty_on_leaving() -> None:
    """Li is not the only one on A and B, but the only account responsible of both."""
    people = covered().people
    assert people.person.tolist() == ["he", "li", "wu", "zu"]
    assert people.sole_holder.tolist() == [1, 3, 2, 0]
    assert people.sole_value.tolist() == [50.0, 95.0, 80.0, 0.0]
    shared = {"account": ["A", "A"], "person": ["li", "wu"], "role": ["AR", "AR"]}
    assert ka.coverage(shared).people.sole_holder.tolist() == [0, 0]


def test_time_of_accounts_feeds_the_symptoms() -> None:
    """A gets 1.25 people, a tenth of one in small deals; of B a part is not known."""
    found = covered()
    assert found.time.tolist()[:3] == [1.25, 0.75, 0.25]
    assert np.isnan(found.time[3])
    assert found.small_deal_time.tolist()[0] == 0.1
    assert np.isnan(found.small_deal_time[1])
    assert found.small_deal_time[2] == 0.25
    book = {**found.columns(), "is_key": [True] * 4}
    symptoms = ka.programme_symptoms(book, time="time", small_deal_time="small_deal_time")
    assert symptoms.figure[2] == 0.35 / 1.5
    assert symptoms.known[2] == 2


def test_representatives_are_named_with_their_division_of_work() -> None:
    """By kind and person, in any order of the rows; two of one kind are told."""
    on: dict[str, list[Any]] = {
        "account": ["A", "A", "A", "B", "B", "B", "C"],
        "person": ["li", "wu", "li", "li", "he", "wu", "wu"],
        "role": ["AR", "SR", "FR", "AR", "AR", "SR", None],
        "kind": ["region", "industry", "Region", "region", " REGION", "industry", None],
        "work": ["talks", "designs", "collects", "north", None, None, None],
    }
    found = ka.coverage(on, representative="kind", division="work")
    assert found.division.tolist() == [
        "industry: wu (designs); region: li (collects, talks)",
        "industry: wu; region: he, li (north)",
        "",
    ]
    assert found.represented_twice.tolist() == [False, True, False]
    assert found.representatives.tolist() == [2, 2, 0]
    assert "several representatives of one kind (" in found.row(1)["why"]
    told = next(f for f in found.findings if f.code == "represented_twice")
    assert (told.count, told.examples) == (1, ("B",))
    back = {name: column[::-1] for name, column in on.items()}
    again = ka.coverage(back, representative="kind", division="work")
    assert_same_columns(again.columns(), found.columns())


def test_only_rows_that_are_equal_in_every_column_are_one() -> None:
    """Unknown accounts and roles differ by their words, pieces of work and days by themselves."""
    on: dict[str, list[Any]] = {
        "account": ["A", "X", "Y"],
        "person": ["li"] * 3,
        "role": ["AR"] * 3,
        "t": [0.5, 0.3, 0.3],
    }
    found = ka.coverage(on, accounts={"account": ["A"]}, time="t")
    assert found.people.time.tolist() == [1.1]
    told = next(f for f in found.findings if f.code == "unknown_account")
    assert (told.count, told.severity) == (2, "warning")
    strange = {**on, "account": ["A"] * 3, "role": ["AR", "cook", "clerk"]}
    assert ka.coverage(strange, time="t").people.time.tolist() == [1.1]
    twice = {"account": ["A"] * 2, "person": ["li"] * 2, "role": ["AR"] * 2, "t": [0.3, 0.3]}
    cases: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("division", ["bids", "visits"], {"representative": "kind", "division": "division"}),
        ("kind", ["region", "industry"], {"representative": "kind"}),
        ("start", ["2025-01-01", None], {"start": "start", "as_of": "2026-09-30"}),
        ("end", ["2027-01-01", None], {"end": "end", "as_of": "2026-09-30"}),
    ]
    for name, column, options in cases:
        differ = {"kind": ["region"] * 2, **twice, name: column}
        assert ka.coverage(differ, time="t", **options).people.time.tolist() == [0.6], name
        equal = {**differ, name: column[:1] * 2}
        assert ka.coverage(equal, time="t", **options).people.time.tolist() == [0.3], name


def test_only_representatives_divide_the_work() -> None:
    """Words of somebody else divide nothing, and each kind must have some."""
    on: dict[str, list[Any]] = {
        "account": ["A"] * 3 + ["B"] * 2 + ["C"] * 3 + ["D"],
        "person": ["li", "wu", "he", "li", "wu", "li", "wu", "he", "he"],
        "role": ["AR", "SR", "FR", "AR", "SR", "AR", "SR", "FR", "FR"],
        "kind": [*("region", "industry", None), *("region", "industry") * 2, None, None],
        "work": [None, None, "delivers", None, "designs", "talks", "designs", "sends", "sends"],
    }
    found = ka.coverage(on, representative="kind", division="work")
    assert found.division_missing.tolist() == [True, True, False, False]
    assert found.division_stated.tolist() == [False, False, True, False]


def test_a_word_that_names_nobody_is_nobody() -> None:
    """Nobody holds an account that is TBD; the rest are who they were."""
    on = {
        "account": ["A", "A", "B", "C"],
        "person": ["TBD", "li", "待定", "wu"],
        "role": ["AR", "SR", "AR", "AR"],
    }
    found = ka.coverage(on)
    assert found.people.person.tolist() == ["li", "wu"]
    assert found.holders.tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 0]]
    assert found.only_person.tolist() == ["li", None, "wu"]
    told = next(f for f in found.findings if f.code == "nobody")
    assert (told.count, told.where) == (2, "person")
    assert told.message == "2 rows with a word that names nobody ('TBD', '待定'), read as blank"


def test_a_full_time_is_not_too_much() -> None:
    """Tenths that add up to a bit more than 1 are the whole of it, and no more."""
    shares = [0.1] * 10
    on = {"account": [f"A{i}" for i in range(10)], "person": ["li"] * 10, "role": ["AR"] * 10}
    assert not ka.coverage({**on, "t": shares}, time="t").people.over_time[0]
    assert ka.coverage({**on, "t": [0.101, *shares[1:]]}, time="t").people.over_time[0]
    parts = {"account": list("AB"), "person": ["li", "wu"], "role": ["AR"] * 2, "t": [0.7, 0.4]}
    parts = {**parts, "account": ["A"] * 2, "person": ["li"] * 2, "role": ["AR", "SR"]}
    assert ka.coverage(parts, time="t").people.over_time[0]
    parts["t"] = [0.7, 0.3 + 2e-16]
    assert not ka.coverage(parts, time="t").people.over_time[0]


def test_a_share_that_parts_almost_reach_is_reached() -> None:
    """Three tenths in three parts, each rounded, are three tenths."""
    people = [f"p{i}" for i in range(10)]
    on = {"account": people, "person": people, "role": ["AR"] * 10}
    book = {"account": people, "worth": [0.1] * 10}
    found = ka.coverage(on, accounts=book, value="worth")
    for share in (0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9, 1.0):
        assert len(found.dependence(share)) == round(10 * share), share
        assert found.dependence(share).reached


def test_masks_of_the_book_are_made_once() -> None:
    """Saying why of every account does not go through the book once for each."""
    found = covered()
    for name in ("is_missing", "is_too_junior", "is_level_unknown", "division_missing"):
        assert getattr(found, name) is getattr(found, name), name
    for name in ("over_capacity", "over_time"):
        assert getattr(found.people, name) is getattr(found.people, name), name


def test_a_tier_may_ask_for_another_level_in_each_role() -> None:
    """By code or name of the role; a role that is not named asks for none."""
    found = ka.coverage(
        ASSIGNMENTS,
        accounts=BOOK,
        tier="tier",
        required={"k": {"AR": "y", "解决方案责任人": "z"}, "s": "x"},
        **GRADES,
    )
    assert found.required.tolist() == [[1, 2, -1], [1, 2, -1], [0, 0, 0], [-1, -1, -1]]
    assert found.too_junior.tolist() == ["AR, SR", "AR, SR", "", ""]
    assert found.why(0)[:2] == (
        "AR is x, where the tier asks for y",
        "SR is y, where the tier asks for z",
    )


def test_who_represents_what_is_written_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for a hundred thousand accounts of which nobody reads the text."""
    read: list[int] = []
    write = Divided.texts

    def counting(self: Divided) -> Any:
        read.append(self.size)
        return write(self)

    monkeypatch.setattr(Divided, "texts", counting)
    found = covered()
    assert found.division_missing.tolist() == [False, True, False, False]
    assert found.row(1)["why"]
    assert read == [4]  # the record has all columns
    assert found.division is found.division
    assert read == [4]


KEY = {"account": ["A", "B", "C"], "worth": [60.0, 30.0, 900.0], "key": [True, True, False]}
ON = {"account": ["A", "B", "C", "C"], "person": ["li", "wu", "li", "wu"], "role": ["AR"] * 4}


def test_load_counts_all_accounts_and_value_the_key_ones() -> None:
    """Li is on two accounts, one of them key: that is what leaves with li."""
    found = ka.coverage(ON, accounts=KEY, key="key", value="worth", capacity=1)
    people = found.people
    assert people.accounts.tolist() == [2, 2]
    assert people.over_capacity.tolist() == [True, True]
    assert people.value.tolist() == [60.0, 30.0]
    assert people.value_share.tolist() == [60 / 90, 30 / 90]
    assert (people.alone.tolist(), people.leaves.tolist()) == ([1, 1], [60.0, 30.0])
    assert people.sole_holder.tolist() == [1, 1]
    few = found.dependence(1.0)
    assert few.value.tolist() == [60.0, 30.0]
    assert few.unheld_share == 0.0
    told = codes(found)
    assert told["missing_role", "SR"] == 2
    assert found.value.tolist() == [60.0, 30.0, 900.0]
    assert found.covered.tolist() == [False] * 3
    every = ka.coverage(ON, accounts={**KEY, "key": [1, 1, 1]}, key="key", value="worth")
    assert_same_columns(every.columns(), ka.coverage(ON, accounts=KEY, value="worth").columns())


def test_other_accounts_leave_with_nobody() -> None:
    """Li alone is on C, which is not key: it is load, and no more."""
    on = {"account": ["A", "C"], "person": ["li", "li"], "role": ["AR", "AR"]}
    found = ka.coverage(on, accounts=KEY, key="key", value="worth")
    people = found.people
    assert (people.accounts[0], people.alone[0], people.leaves[0]) == (2, 1, 60.0)
    assert people.sole_holder[0] == 1
    told = {f.code: f for f in found.findings}
    assert (told["one_hand"].count, told["one_hand"].examples) == (1, ("A",))
    assert found.one_hand.tolist() == [True, False, True]


def test_of_other_accounts_nothing_is_told() -> None:
    """Neither of their value nor of their tier; whether it is key may be unknown."""
    book = {**KEY, "key": [True, None, False], "worth": [1.0, None, -2.0], "tier": ["k", "x", "x"]}
    found = ka.coverage(
        ON, accounts=book, key="key", value="worth", tier="tier", required={"k": "x"}, **GRADES
    )
    told = {f.code for f in found.findings}
    assert not told & {"missing", "negative", "no_required_level"}
    unknown = next(f for f in found.findings if f.code == "key_unknown")
    assert (unknown.count, unknown.examples, unknown.where) == (1, ("B",), "key")
    with pytest.raises(ka.SpecError, match="accounts, which are not given"):
        ka.coverage(ON, key="key")
    with pytest.raises(ka.RowError, match="neither true nor false"):
        ka.coverage(ON, accounts={**KEY, "key": [2, 0, 1]}, key="key")


def test_holders_have_the_share_that_is_stated() -> None:
    """Stated shares first; who states none has what is left, in equal parts."""
    on = {
        "account": ["A", "A", "A", "B", "B", "C", "D", "D"],
        "person": ["li", "wu", "he", "li", "wu", "he", "li", "wu"],
        "role": ["AR"] * 8,
        "part": [0.5, None, None, 0.25, 0.5, 0.4, None, None],
    }
    book = {"account": list("ABCD"), "worth": [100.0, 40.0, 10.0, 20.0]}
    found = ka.coverage(on, accounts=book, value="worth", share="part").dependence(1.0)
    held = dict(zip(found.person.tolist(), found.value.tolist(), strict=True))
    assert held == {"li": 50.0 + 10.0 + 10.0, "wu": 25.0 + 20.0 + 10.0, "he": 25.0 + 4.0}
    assert found.unheld_share == (10.0 + 6.0) / 170.0
    assert not found.reached
    equal = ka.coverage(on, accounts=book, value="worth")
    blank = ka.coverage({**on, "part": [None] * 8}, accounts=book, value="worth", share="part")
    for role in ("AR", "SR"):
        assert_same_columns(
            blank.dependence(0.7, role=role).columns(), equal.dependence(0.7, role=role).columns()
        )


def test_shares_of_one_role_are_at_most_the_whole() -> None:
    """Of each role by itself; equal rows count once, and rows of one person add up."""
    on: dict[str, list[Any]] = {
        "account": ["A"] * 4,
        "person": ["li", "li", "wu", "wu"],
        "role": ["AR", "AR", "AR", "SR"],
        "part": [0.3, 0.3, 0.7, 1.0],
    }
    found = ka.coverage(on, share="part")
    assert found.dependence(1.0).value.tolist() == [0.7, 0.3]
    assert found.dependence(1.0, role="SR").person.tolist() == ["wu"]
    split = ka.coverage({**on, "part": [0.1, 0.2, 0.7, 1.0]}, share="part").dependence(1.0)
    assert split.value.tolist() == pytest.approx([0.7, 0.3])
    assert split.unheld_share == 0.0
    with pytest.raises(ka.RowError, match="more than the whole of one account and role") as caught:
        ka.coverage({**on, "part": [0.3, 0.4, 0.7, 1.0]}, share="part")
    assert caught.value.parts["rows"] == (0, 1, 2)
    with pytest.raises(ka.RowError, match="above 1"):
        ka.coverage({**on, "part": [0.3, 0.3, 1.7, 1.0]}, share="part")


def test_shares_of_a_book_without_accounts_are_nobodys() -> None:
    """No account, no share, and no error."""
    on = {"account": ["A"], "person": ["li"], "role": ["AR"], "part": [0.5]}
    found = ka.coverage(on, accounts={"account": []}, share="part")
    assert len(found.dependence(0.5)) == 0


@settings(max_examples=40)
@given(assignments(), st.lists(st.sampled_from([0.0, 0.25, 0.3, None]), min_size=12, max_size=12))
def test_what_is_held_and_what_is_not_are_the_whole(table: Any, parts: list[Any]) -> None:
    """Whatever shares are stated, in any order of the rows."""
    on = {**table, "part": parts[: len(table["role"])]}
    try:
        found = ka.coverage(on, share="part").dependence(1.0)
    except ka.RowError as error:
        assert "more than the whole" in str(error)  # noqa: PT017 - drawn shares may be too many
        return
    assert found.value_share.sum() + found.unheld_share == pytest.approx(1.0)
    back = {name: column[::-1] for name, column in on.items()}
    again = ka.coverage(back, share="part").dependence(1.0)
    assert_same_columns(again.columns(), found.columns())
