"""Whatever is passed for an argument: a verb works, or raises an error of this library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

import keyaccount as ka

DAY = "2026-09-30"
LONG: dict[str, list[Any]] = {
    "account": ["A", "B"],
    "person": ["x", "y"],
    "role": ["AR", "SR"],
    "stance": ["supports", "opposes"],
    "influence": [1.0, 2.0],
    "share": [0.5, 0.5],
    "day": ["2026-01-01", "2026-02-01"],
    "words": ["some", None],
    "field": ["gap", "gap"],
    "task": ["price_acceptance"] * 2,
    "status": ["done"] * 2,
    "channel": ["phone"] * 2,
    "goal": ["g", "h"],
    "flag": [True, False],
    "level": ["vendor", "vendor"],
}
CHAIN = {**LONG, "role": ["user", "coach"]}
BOOK: dict[str, list[Any]] = {
    **LONG,
    "now": ["vendor"] * 2,
    "aim": ["vendor"] * 2,
    "works_on_strategy": [True, False],
}
NONSENSE: tuple[Any, ...] = (
    3,
    -1.5,
    float("nan"),
    True,
    "nonsense",
    "account",
    "words",
    "",
    [],
    ["A", "B"],
    {},
    {"account": 3},
    object(),
    date(2026, 1, 1),
    np.array([1.0, 2.0, 3.0]),
    ka,
    b"x",
)
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any], tuple[str, ...]]] = {
    "coverage": (
        ka.coverage,
        {
            "accounts": BOOK,
            "people": {"person": ["x", "y"], "level": ["a", "b"], "share": [1, 2]},
            "value": "influence",
            "tier": "role",
            "required": {"AR": "b"},
            "level": "level",
            "levels": ("a", "b"),
            "capacity": "share",
            "time": "share",
            "small_deals": "share",
            "representative": "words",
            "division": "words",
            "start": "day",
            "as_of": DAY,
        },
        ("roles", "end", "account", "person", "role"),
    ),
    "assign": (
        ka.assign,
        {
            "people": {"person": ["x", "y"], "share": [1, 2], "role": ["AR", "SR"]},
            "capacity": "share",
            "value": "influence",
            "match": ["role"],
            "eligibility": LONG,
            "fit": "share",
            "incumbents": "person",
            "released": "flag",
        },
        ("account", "person"),
    ),
    "decision_chain": (
        ka.decision_chain,
        {
            "accounts": BOOK,
            "stance": "stance",
            "influence": "influence",
            "scale": (0, 9),
            "contact": "words",
            "last_met": "day",
            "meetings": LONG,
            "at": "day",
            "channel": "channel",
            "window": 60,
            "tier": "role",
            "rhythm": {"AR": 30},
            "as_of": DAY,
        },
        ("roles", "account", "person", "role", "channels"),
    ),
    "assess": (
        ka.information_map().assess,
        {"accounts": BOOK, "value": "words", "date": "day", "source": "words", "as_of": DAY},
        ("account", "field", "next_fields"),
    ),
    "positioning": (
        ka.positioning,
        {
            "key": "flag",
            "resources": "influence",
            "evidence": LONG,
            "shown": "words",
            "steps": LONG,
            "strategic": "flag",
            "taken": "share",
        },
        ("account", "now", "aim", "levels", "rule"),
    ),
    "check_plans": (
        ka.check_plans,
        {
            "goals": LONG,
            "initiatives": {**LONG, "owner": ["x", None], "due": LONG["day"], "done": [True] * 2},
            "templates": [ka.PlanTemplate("AR"), ka.PlanTemplate("SR")],
            "as_of": DAY,
            "tier": "role",
            "resources": "share",
            "expected_return": "share",
            "concession": "share",
        },
        ("account", "goal", "owner", "due", "done"),
    ),
    "task_status": (
        ka.task_status,
        {
            "accounts": BOOK,
            "date": "day",
            "evidence": "words",
            "team": "role",
            "as_of": DAY,
            "stalled_after": 30,
        },
        ("core", "account", "task", "status"),
    ),
    "upkeep": (
        ka.upkeep,
        {"accounts": BOOK, "date": "day", "tier": "role", "rhythm": {"AR": 3}, "as_of": DAY},
        ("channels", "account", "channel"),
    ),
    "programme_symptoms": (
        ka.programme_symptoms,
        {
            "key": "flag",
            "budget": "share",
            "owner": "person",
            "value": "share",
            "stars": 1,
            "time": "share",
            "small_deal_time": "share",
            "routine": "flag",
            "conflict": "flag",
            "chain_known": "flag",
            "one_hand": "flag",
            "limits": {"few_stars": 0.5},
        },
        (),
    ),
}
TABLES = {"decision_chain": CHAIN, "positioning": BOOK, "assign": BOOK, "check_plans": BOOK}


@pytest.mark.parametrize("name", CALLS)
def test_the_arguments_taken_here_are_good(name: str) -> None:
    """What the nonsense below replaces works as it stands."""
    verb, options, _ = CALLS[name]
    found = verb(TABLES.get(name, LONG), **options)
    assert len(found.columns()) > 2
    assert [found.row(i)["why"] for i in range(len(found))]
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("name", "argument"), [(n, a) for n, (_, given, more) in CALLS.items() for a in (*given, *more)]
)
def test_nonsense_is_an_error_of_this_library_or_no_error(name: str, argument: str) -> None:
    """Never a bare error of numpy, attrs or Python."""
    verb, options, _ = CALLS[name]
    for wrong in (None, *NONSENSE):
        try:
            found = verb(TABLES.get(name, LONG), **{**options, argument: wrong})
        except ka.KeyAccountError as error:
            assert "Hint:" in str(error)  # noqa: PT017 - either way will do
        else:
            assert found.columns()


@pytest.mark.parametrize("name", CALLS)
def test_a_nonsensical_table_is_an_error_of_this_library(name: str) -> None:
    """The table itself."""
    verb, options, _ = CALLS[name]
    for wrong in (None, 3, "nonsense", [], ["A"], object(), np.array([1.0]), {}, {"account": []}):
        with pytest.raises(ka.KeyAccountError):
            verb(wrong, **options)


def test_a_code_that_is_a_column_of_the_result_is_refused() -> None:
    """It would overwrite that column."""
    calls = {"account": ["A"], "channel": ["due"], "date": ["2026-09-20"]}
    with pytest.raises(ka.SpecError, match="column of the result"):
        ka.upkeep(calls, channels=[ka.Term("due", "Due")], rhythm=7, as_of="2026-09-30")
    log = {"account": ["A"], "task": ["completion"], "status": ["done"], "date": ["2026-09-20"]}
    with pytest.raises(ka.SpecError, match="column of the result"):
        ka.task_status(log, core=[ka.Term("completion", "Completion")], as_of="2026-09-30")


@pytest.mark.parametrize("alone", [["yes", "no"], ["TRUE", "false"], ["是", "否"]])
def test_flags_come_in_words(alone: list[str]) -> None:
    """As spreadsheets write them; any other word is refused."""
    book: dict[str, Any] = {"is_key": [True, True], "alone": alone}
    assert ka.programme_symptoms(book, one_hand="alone").figure[-1] == 0.5
    with pytest.raises(ka.RowError, match="neither true nor false"):
        ka.programme_symptoms({**book, "alone": ["yes", "maybe"]}, one_hand="alone")


def test_no_argument_is_dropped_silently() -> None:
    """What says nothing without another argument is refused; keys that match nothing are told."""
    on = {"account": ["A"], "person": ["li"], "role": ["AR"], "x": [0.5]}
    with pytest.raises(ka.SpecError, match="needs time"):
        ka.coverage(on, small_deals="x")
    with pytest.raises(ka.SpecError, match="needs representative"):
        ka.coverage(on, division="role")
    with pytest.raises(ka.SpecError, match="must be a date"):
        ka.coverage(on, as_of="rubbish")
    with pytest.raises(ka.SpecError, match="needs influence"):
        ka.decision_chain(on, scale=(0, 1))
    found = ka.coverage(
        on,
        accounts={"account": ["A"], "tier": [1]},
        people={"person": ["li"], "grade": ["junior"]},
        tier="tier",
        level="grade",
        levels=("junior", "senior"),
        required={1: "senior", 7: "senior"},  # type: ignore[dict-item]
    )
    assert found.too_junior.tolist() == ["AR"]
    told = next(f for f in found.findings if f.code == "unknown_tier")
    assert told.examples == ("7",)
    pairs = {"account": ["A", "Z"], "person": ["li", "nobody"]}
    seats = ka.assign({"account": ["A"]}, {"person": ["li"]}, capacity=1, eligibility=pairs)
    assert [f.code for f in seats.findings] == ["unknown_account", "unknown_person"]


ON = {"account": ["A"], "person": ["li"], "role": ["AR"]}
RESULTS: list[Any] = [
    ka.coverage(ON),
    ka.coverage(ON).people,
    ka.coverage(ON).dependence(0.5),
    ka.assign({"account": ["A"]}, {"person": ["li"]}, capacity=1),
    ka.assign({"account": ["A"]}, {"person": ["li"]}, capacity=1).seats,
    ka.decision_chain({**ON, "role": ["user"]}),
    ka.decision_chain({**ON, "role": ["user"]}).people,
    ka.programme_symptoms({"is_key": [True]}),
    ka.information_map().assess(
        {"account": ["A"], "field": ["gap"], "value": ["x"], "date": [None]}, as_of="2026-09-30"
    ),
]


@pytest.mark.parametrize("found", RESULTS, ids=[type(r).__name__ for r in RESULTS])
@pytest.mark.parametrize("row", [10**9, -(10**9), "a", 1.0, None])
def test_a_row_that_is_not_there_is_refused(found: Any, row: Any) -> None:
    """Asking why of no row is an error with a hint, as asking for the row is."""
    with pytest.raises(ka.RowError):
        found.why(row)
    if hasattr(found, "states_of"):
        with pytest.raises(ka.RowError):
            found.states_of(row)
        assert found.states_of(-1) == found.states_of(0)
    assert found.why(-len(found)) == found.why(0)


def test_whom_asks_for_a_decision_chain() -> None:
    """Anything else is refused by name."""
    entries = {"account": ["A"], "field": ["gap"], "value": ["x"], "date": [None]}
    found = ka.information_map().assess(entries, as_of="2026-09-30")
    other: Any = 3
    with pytest.raises(ka.SpecError, match="must be a DecisionChain"):
        found.whom(other)


def test_no_row_is_dropped_without_a_word() -> None:
    """Blank tasks, fields and values are told."""
    log = {
        "account": ["A"] * 2,
        "task": [None, "price_acceptance"],
        "status": ["done"] * 2,
        "date": ["2026-09-01"] * 2,
    }
    told = {f.code: f.count for f in ka.task_status(log, as_of="2026-09-30").findings}
    assert told["no_task"] == 1
    entries = {"account": ["A"] * 3, "field": [None, "gap", "gap"], "value": ["x", None, "y"]}
    assess = ka.information_map().assess
    said = {f.code: f for f in assess(entries, as_of="2026-09-30", date=None).findings}
    assert said["no_field"].message == "1 row without a field, left out"
    assert said["no_value"].message == "1 row without a value, left out"


def test_true_and_false_are_read_in_one_way() -> None:
    """Words for yes and no are read wherever a flag is, and other words refused."""
    plan: dict[str, Any] = {
        "account": ["A"] * 3,
        "goal": ["g"] * 3,
        "owner": ["li"] * 3,
        "due": ["2026-01-01"] * 3,
    }
    options: dict[str, Any] = {"templates": ka.plan_template("other"), "as_of": "2026-09-30"}
    plan["done"] = ["是", "no", None]
    found = ka.check_plans({"account": ["A"]}, goals=plan, initiatives=plan, **options)
    assert (found.done.tolist(), found.late.tolist()) == ([1], [2])
    plan["done"] = ["perhaps", "no", None]
    with pytest.raises(ka.RowError, match="neither true nor false"):
        ka.check_plans({"account": ["A"]}, goals=plan, initiatives=plan, **options)
    book = {"account": ["A"], "owner": ["li"], "free": ["yes"]}
    moved = ka.assign(book, {"person": ["li"]}, capacity=1, incumbents="owner", released="free")
    assert moved.labels.tolist() == ["returned"]
