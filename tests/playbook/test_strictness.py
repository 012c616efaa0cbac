"""Data that is not exactly a spec is refused, saying where and what was allowed."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import keyaccount as ka
from keyaccount.playbook.fields import fields_of
from keyaccount.playbook.reading import _blamed

SCORER: dict[str, Any] = {
    "kind": "composite_scorer",
    "criteria": [
        {"name": "sales", "column": "sales", "value": {"kind": "percentile"}},
        {
            "name": "potential",
            "value": {
                "kind": "by_group",
                "pool": {"kind": "linear", "low": 0, "high": 1},
                "groups": {"fin tech": {"kind": "log", "low": 1, "high": 10}},
            },
        },
        {"name": "showcase", "value": {"kind": "linear", "low": 1, "high": 5}},
        {"name": "win", "value": {"kind": "bands", "cuts": [1, 2], "values": [0, 0.5, 1]}},
    ],
    "weights": {"sales": 0.25, "potential": 0.25, "showcase": 0.25, "win": 0.25},
    "group": "industry",
}
OVERRIDE: dict[str, Any] = {
    "kind": "override",
    "account": "A-17",
    "include": True,
    "reason": "flagship",
    "approved_by": "VP",
}
POLICY: dict[str, Any] = {
    "kind": "selection_policy",
    "rule": {"kind": "all_of", "rules": [{"kind": "top_share", "share": 0.2}]},
}


def refused(data: Any, kind: Any = None) -> ka.SerialisationError:
    """Read data that must be refused."""
    with pytest.raises(ka.SerialisationError) as caught:
        ka.from_data(data, kind)
    return caught.value


def changed(data: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """Change a copy."""
    made = copy.deepcopy(data)
    change(made)
    return made


def test_the_data_before_its_mistakes_is_read() -> None:
    """Hand-written data needs no kind where only one will do, and no defaults."""
    scorer = ka.from_data(SCORER)
    assert scorer.criteria[2] == ka.Criterion("showcase", column=None, value=ka.Linear(1, 5))
    assert scorer.min_group == 10
    assert ka.from_data(OVERRIDE).expires is None
    assert ka.from_data(POLICY).rule == ka.AllOf([ka.TopShare(0.2)])


def showcase(**changes: Any) -> dict[str, Any]:
    """Change the value function of the third criterion."""
    return changed(SCORER, lambda d: d["criteria"][2]["value"].update(changes))


def without(key: str) -> dict[str, Any]:
    """Leave a key of that value function out."""
    return changed(SCORER, lambda d: d["criteria"][2]["value"].pop(key))


MISTAKES: list[tuple[str, dict[str, Any], str, str, str]] = [
    # what, data, path, fact, hint
    (
        "text for number",
        showcase(low="1"),
        "$.criteria[2].value.low",
        "expected a number (got '1')",
        "write it without quotes: 1",
    ),
    (
        "true for number",
        showcase(low=True),
        "$.criteria[2].value.low",
        "expected a number (got True)",
        "write a plain number",
    ),
    (
        "not finite",
        showcase(low=math.nan),
        "$.criteria[2].value.low",
        "expected a finite number (got nan)",
        "leave it out",
    ),
    (
        "too large",
        showcase(high=10**400),
        "$.criteria[2].value.high",
        "expected a finite number (got 1000",
        "leave it out",
    ),
    (
        "validator",
        showcase(low=5),
        "$.criteria[2].value.high",
        "Linear.high must differ from low (got 5.0)",
        "give the two raw values",
    ),
    (
        "unknown key",
        showcase(lo=1),
        "$.criteria[2].value.lo",
        "unknown key 'lo'",
        "did you mean 'low'? Keys of linear: low, high.",
    ),
    (
        "unknown kind",
        showcase(kind="liner"),
        "$.criteria[2].value.kind",
        "unknown kind 'liner'",
        "did you mean 'linear'? Kinds allowed here: bands, by_group, linear, log,",
    ),
    (
        "kind of elsewhere",
        showcase(kind="top_share"),
        "$.criteria[2].value.kind",
        "kind 'top_share' cannot stand here",
        "kinds allowed here: bands, by_group",
    ),
    (
        "kind that is no word",
        showcase(kind=["linear"]),
        "$.criteria[2].value.kind",
        "unknown kind ['linear']",
        "Kinds allowed here: bands, by_group",
    ),
    (
        "missing kind",
        without("kind"),
        "$.criteria[2].value",
        "missing key 'kind'",
        "kinds allowed here: bands, by_group",
    ),
    (
        "missing key",
        without("low"),
        "$.criteria[2].value",
        "missing key 'low'",
        "keys of linear: low, high.",
    ),
    (
        "number for a spec",
        changed(SCORER, lambda d: d["criteria"][2].update(value=3)),
        "$.criteria[2].value",
        "expected a table (got 3)",
        "kinds allowed here: bands",
    ),
    (
        "word that is no choice",
        changed(SCORER, lambda d: d.update(aggregate="topsys")),
        "$.aggregate",
        "expected one of 'sum', 'product', 'topsis' (got 'topsys')",
        "did you mean 'topsis'?",
    ),
    (
        "number for a choice",
        changed(SCORER, lambda d: d.update(aggregate=1)),
        "$.aggregate",
        "expected one of 'sum', 'product', 'topsis' (got 1)",
        "allowed here: sum, product, topsis.",
    ),
    (
        "number with decimals for a whole one",
        changed(SCORER, lambda d: d.update(min_group=5.0)),
        "$.min_group",
        "expected a whole number (got 5.0)",
        "without decimals",
    ),
    (
        "true for a whole number",
        changed(SCORER, lambda d: d.update(min_group=True)),
        "$.min_group",
        "expected a whole number (got True)",
        "such as 10",
    ),
    (
        "nothing for a spec",
        changed(SCORER, lambda d: d["criteria"][2].update(value=None)),
        "$.criteria[2].value",
        "expected a table (got None)",
        "kinds allowed here: bands",
    ),
    (
        "the one field of a spec",
        {"kind": "weights", "pairs": {"sales": 0.5}},
        "$.pairs",
        "weights must sum to 1 (got 0.5)",
        "use Weights.normalised",
    ),
    (
        "number for a text",
        changed(SCORER, lambda d: d["criteria"][0].update(column=24)),
        "$.criteria[0].column",
        "expected a text (got 24)",
        'write it in quotes: "24"',
    ),
    (
        "text for an array",
        changed(SCORER, lambda d: d.update(criteria="sales")),
        "$.criteria",
        "expected an array (got 'sales')",
        "square brackets",
    ),
    (
        "pairs for a table",
        changed(SCORER, lambda d: d.update(weights=[["sales", 1.0]])),
        "$.weights",
        "expected a table (got [['sales', 1.0]])",
        "name = value",
    ),
    (
        "a weight",
        changed(SCORER, lambda d: d["weights"].update(sales="0.25")),
        "$.weights.sales",
        "expected a number (got '0.25')",
        "write it without quotes: 0.25",
    ),
    (
        "sum of the weights",
        changed(SCORER, lambda d: d["weights"].update(sales=0.5)),
        "$.weights",
        "weights must sum to 1 (got 1.25)",
        "use Weights.normalised",
    ),
    (
        "weights without criteria",
        changed(SCORER, lambda d: d.update(weights={"sales": 0.5, "fun": 0.5})),
        "$.weights",
        "weights and criteria differ: no weight for 'potential'",
        "one weight per criterion",
    ),
    (
        "in a plain spec",
        changed(SCORER, lambda d: d["criteria"][3]["value"].update(cuts=[2, 1])),
        "$.criteria[3].value.cuts",
        "Cuts.edges must be finite numbers, each above the one before",
        "from low to high",
    ),
    (
        "in an array",
        changed(SCORER, lambda d: d["criteria"][3]["value"].update(values=[0, None, 1])),
        "$.criteria[3].value.values[1]",
        "expected a number (got None)",
        "write a plain number",
    ),
    (
        "in a group",
        changed(SCORER, lambda d: d["criteria"][1]["value"]["groups"]["fin tech"].update(low=0)),
        '$.criteria[1].value.groups["fin tech"].low',
        "Log.low must be above 0 (got 0.0)",
        "above 0",
    ),
    (
        "in a pool",
        changed(SCORER, lambda d: d["criteria"][1]["value"].update(pool={"kind": "by_group"})),
        "$.criteria[1].value.pool.kind",
        "kind 'by_group' cannot stand here",
        "kinds allowed here: bands, linear",
    ),
    (
        "number or table",
        changed(SCORER, lambda d: d["criteria"][0].update(neutral="high")),
        "$.criteria[0].neutral",
        "expected a number (got 'high')",
        "A table may stand here, of kind by_group.",
    ),
    (
        "pairs of three",
        {"kind": "percentile", "knots": [[0, 0], [1, 1, 1]]},
        "$.knots[1]",
        "expected an array of 2 values (got [1, 1, 1])",
        "write 2 values",
    ),
    (
        "1 for true",
        {**OVERRIDE, "include": 1},
        "$.include",
        "expected true or false (got 1)",
        "without quotes",
    ),
    (
        "half a date",
        {**OVERRIDE, "expires": "2027-03"},
        "$.expires",
        "expected a date (got '2027-03')",
        "YYYY-MM-DD",
    ),
    (
        "a date in another form",
        {**OVERRIDE, "expires": "20270331"},
        "$.expires",
        "expected a date (got '20270331')",
        "YYYY-MM-DD",
    ),
    (
        "no day of the calendar",
        {**OVERRIDE, "expires": "2027-02-30"},
        "$.expires",
        "expected a date (got '2027-02-30')",
        "YYYY-MM-DD",
    ),
    (
        "a time of day",
        {**OVERRIDE, "expires": datetime(2027, 3, 31, 12)},  # noqa: DTZ001 - as TOML's local time
        "$.expires",
        "expected a date (got 2027-03-31T12:00:00)",
        "without a time of day",
    ),
    (
        "several missing keys",
        {"kind": "override", "include": True},
        "$",
        "missing keys 'account', 'reason', 'approved_by'",
        "keys of override: account, include, reason, approved_by, approved_on, expires.",
    ),
    (
        "deep in rules",
        changed(POLICY, lambda d: d["rule"]["rules"][0].update(share=20)),
        "$.rule.rules[0].share",
        "TopShare.share must be a share in [0, 1] (got 20.0)",
        "write 20 % as 0.2",
    ),
    (
        "version of the future",
        {**OVERRIDE, "schema_version": 2},
        "$.schema_version",
        "schema_version 2 is newer than this keyaccount knows (1)",
        "pip install --upgrade keyaccount",
    ),
]


@pytest.mark.parametrize(
    ("data", "path", "fact", "hint"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES]
)
def test_a_mistake_is_named_with_its_place_and_the_way_out(
    data: dict[str, Any], path: str, fact: str, hint: str
) -> None:
    """The first half ends with the path, the second says what was allowed."""
    error = refused(data)
    assert error.fact.startswith(fact)
    assert error.fact.endswith(f" @ {path}")
    assert error.parts["path"] == path
    assert hint in error.hint
    assert str(error) == f"{error.fact}\n\nHint: {error.hint}"


def test_what_a_validator_says_is_kept_in_parts() -> None:
    """A service can word the refusal itself, and the spec's own error is the cause."""
    error = refused(showcase(low=5))
    assert error.parts["field"] == "Linear.high"
    assert error.parts["got"] == 5.0
    assert isinstance(error.__cause__, ka.SpecError)
    weights = refused(changed(SCORER, lambda d: d["weights"].update(sales=0.5)))
    assert isinstance(weights.__cause__, ka.WeightsError)
    assert weights.parts["total"] == 1.25


def test_a_key_is_blamed_only_for_what_its_own_spec_says() -> None:
    """A part that a constructor makes itself may have a field of the same name."""
    fields = list(fields_of(ka.AnchoredScale))
    own = ka.SpecError.from_field("AnchoredScale.name", "must be a text", 1, "write one.")
    part = ka.SpecError.from_field("Anchor.name", "must be a text", 1, "write one.")
    assert _blamed(ka.AnchoredScale, fields, own) == "name"
    assert _blamed(ka.AnchoredScale, fields, part) is None


def test_a_long_value_is_cut_in_the_message() -> None:
    """The whole of it is among the parts."""
    error = refused(showcase(low="9" * 1_000 + "x"))
    assert len(error.fact) < 150
    assert len(error.parts["got"]) == 1_001


def test_an_error_crosses_a_process_border() -> None:
    """With its message and parts."""
    error = refused(showcase(lo=1))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert str(again) == str(error)
    assert again.parts == error.parts


@pytest.mark.parametrize("data", [[], "linear", 5, None])
def test_what_is_no_table_is_no_spec(data: Any) -> None:
    """The outermost value is one table."""
    assert refused(data).fact == f"expected a table (got {data!r}) @ $"


def test_the_kind_asked_for_must_come() -> None:
    """By word, by class or by family."""
    share = {"kind": "top_share", "share": 0.2}
    assert ka.from_data(share, "top_share") == ka.from_data(share, ka.Rule)
    assert refused(share, "top_count").parts["path"] == "$.kind"
    assert refused(share, ka.ValueFunction).fact.startswith("kind 'top_share' cannot stand here")
    assert "did you mean 'linear'" in refused(share, "liner").hint
    assert "must be a kind or a spec class (got <class 'int'>)" in refused(share, int).fact


def test_null_is_none_only_where_none_may_be() -> None:
    """JSON forms send null for what is left empty."""
    assert ka.from_data({**OVERRIDE, "expires": None}).expires is None
    assert refused({**OVERRIDE, "reason": None}).parts["path"] == "$.reason"


def test_whole_numbers_will_do_for_numbers() -> None:
    """And become exact floats, so that equal specs stay equal."""
    spec = ka.from_data({"kind": "linear", "low": 1, "high": 5})
    assert spec == ka.Linear(1.0, 5.0)
    assert type(spec.low) is float


def test_keys_that_are_no_texts_are_refused() -> None:
    """Python's dicts may hold them, files do not."""
    assert refused({1: 2, "kind": "linear"}).fact.startswith("unknown key 1")
    groups = {"kind": "at_least", "score": {"kind": "by_group", "groups": {7: 0.5}}}
    assert "expected a text as key (got 7)" in refused(groups).fact


def test_data_nested_without_end_is_refused() -> None:
    """In the one style of errors."""
    rule: dict[str, Any] = {"kind": "top_count", "count": 1}
    for _ in range(5_000):
        rule = {"kind": "all_of", "rules": [rule]}
    assert "nested too deep" in refused(rule).fact


def test_a_version_must_be_a_whole_number_from_1() -> None:
    """True is 1 for Python, not for us."""
    for version in (True, 0, -1, "1", 1.0, None):
        error = refused({**OVERRIDE, "schema_version": version})
        assert error.parts["path"] == "$.schema_version"
    assert ka.from_data({**OVERRIDE, "schema_version": 1}) == ka.from_data(OVERRIDE)


@pytest.mark.parametrize(
    ("spec", "fact"),
    [
        (object(), "a object has no kind and cannot be stored"),
        ({"kind": "linear"}, "a dict has no kind and cannot be stored"),
        (ka.ByGroup({"a": [1]}), "a list has no kind and cannot be stored (got [1]) @ $.groups.a"),
        (ka.ByGroup({"a": math.inf}), "expected a finite number (got inf) @ $.groups.a"),
        (ka.States(("ok", "\ud800")), "a text holds half a character"),
        (ka.ByGroup({"\ud800": 1.0}), "a text holds half a character"),
    ],
)
def test_what_cannot_be_stored_is_refused(spec: Any, fact: str) -> None:
    """Before anything is written, by every writer."""
    for write in (ka.to_data, ka.digest):
        with pytest.raises(ka.SerialisationError) as caught:
            write(spec)
        assert caught.value.fact.startswith(fact)


def test_dates_are_texts_in_plain_data() -> None:
    """JSON has no dates; dates themselves are read as well."""
    spec = ka.from_data({**OVERRIDE, "expires": date(2027, 3, 31)})
    assert ka.to_data(spec)["expires"] == "2027-03-31"
    assert ka.from_data(ka.to_data(spec)) == spec


@pytest.mark.parametrize(
    "text",
    [
        '{"schema_version": 1, "kind": "playbook", "name": "\\ud800", "version": "1"}',
        '{"schema_version": 1, "kind": "by_group", "groups": {"\\ud800": 1}}',
        '{"schema_version": 1, "kind": "by_group", "groups": {"a": "\\ud800"}}',
    ],
)
def test_half_a_character_is_refused(tmp_path: Path, text: str) -> None:
    """What cannot be written again is not read."""
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ka.SerialisationError, match="half a character"):
        ka.load(path)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("[[selection]]\nhold = 1", r"write \[name\], not \[\[name\]\]"),
        ("[[segmenters]]\nkind = 'matrix'", r"\[name.one\], \[name.two\]"),
        ("[scorer]\nweights = {}\n[scorer.criteria]\na = 1", r"write \[\[name\]\], not"),
    ],
)
def test_brackets_of_the_wrong_number_are_told(tmp_path: Path, body: str, hint: str) -> None:
    """One table, or many."""
    path = tmp_path / "a.toml"
    head = 'schema_version = 1\nkind = "playbook"\nname = "n"\nversion = "1"\n'
    path.write_text(head + body, "utf-8")
    with pytest.raises(ka.SerialisationError, match=hint):
        ka.load(path)


def test_a_misspelt_version_of_the_form_is_told(tmp_path: Path) -> None:
    """Did you mean."""
    path = tmp_path / "a.toml"
    path.write_text('shema_version = 1\nkind = "top_count"\ncount = 1\n', "utf-8")
    with pytest.raises(ka.SerialisationError, match="did you mean 'schema_version' by 'shema_v"):
        ka.load(path)


def test_a_file_may_name_its_schema(tmp_path: Path) -> None:
    """At the top alone."""
    path = tmp_path / "a.json"
    path.write_text('{"$schema": "x", "schema_version": 1, "kind": "top_count", "count": 1}')
    assert ka.load(path) == ka.TopCount(1)
    with pytest.raises(ka.SerialisationError, match="unknown key"):
        ka.from_data({"kind": "selection_policy", "rule": {"$schema": "x", "kind": "top_count"}})
