"""The JSON Schema takes whatever is dumped, and tells slips."""

from __future__ import annotations

import copy
import json
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.playbook.docstrings import parameters, summary
from keyaccount.playbook.fields import fields_of, takes_none
from keyaccount.playbook.kinds import KINDS, spec_class

_ROUND_TRIP = util.spec_from_file_location(
    "round_trip", Path(__file__).with_name("test_round_trip.py")
)
assert _ROUND_TRIP is not None
assert _ROUND_TRIP.loader is not None
round_trip = util.module_from_spec(_ROUND_TRIP)
_ROUND_TRIP.loader.exec_module(round_trip)
STRATEGIES: dict[str, st.SearchStrategy[Any]] = round_trip.STRATEGIES


@cache
def validator(kind: str) -> Any:
    """Make what validates the files of a kind."""
    return jsonschema.Draft202012Validator(ka.json_schema(kind))


def stored(spec: Any) -> Any:
    """Give what a JSON file of a spec holds."""
    return json.loads(json.dumps({"schema_version": 1, **ka.to_data(spec)}))


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=6)
@given(data=st.data())
def test_whatever_is_dumped_is_valid(kind: str, data: st.DataObject) -> None:
    """Every spec of every kind."""
    validator(kind).validate(stored(data.draw(STRATEGIES[kind])))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_schema_that_is_one(kind: str) -> None:
    """Valid itself, plain JSON, and the same each time."""
    schema = ka.json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.dumps(schema) == json.dumps(ka.json_schema(spec_class(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described(kind: str) -> None:
    """By the words of the documentation."""
    cls = spec_class(kind)
    assert summary(cls).endswith(".")
    assert {field.key for field in fields_of(cls)} <= set(parameters(cls))
    for name, words in parameters(cls).items():
        assert words.strip(), name
        assert "`" not in words
        assert "===" not in words


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_misspelt_key_is_not_valid(data: st.DataObject) -> None:
    """At any depth of a playbook."""
    found = stored(data.draw(STRATEGIES["playbook"]))
    tables = list(tables_of(found))
    table = data.draw(st.sampled_from(tables))
    key = data.draw(st.sampled_from(sorted(table)))
    table[f"{key}_"] = table.pop(key)
    assert not validator("playbook").is_valid(found)


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_an_unknown_kind_is_not_valid(data: st.DataObject) -> None:
    """At any depth of a playbook."""
    found = stored(data.draw(STRATEGIES["playbook"]))
    table = data.draw(st.sampled_from(list(tables_of(found))))
    table["kind"] += "s"
    assert not validator("playbook").is_valid(found)


def tables_of(data: Any) -> Any:
    """List the tables that stand for specs."""
    if isinstance(data, list):
        for item in data:
            yield from tables_of(item)
    if isinstance(data, dict):
        if isinstance(data.get("kind"), str):
            yield data
        for item in data.values():
            yield from tables_of(item)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["name"], ""),
        (["valid_from"], 5),
        (["schema_version"], 2),
        (["selection", "ties"], "all"),
        (["selection", "hold"], -0.1),
        (["selection", "hold"], "0.1"),
        (["selection", "max_changes"], 1.5),
        (["selection", "rule"], {"share": 0.2}),
        (["selection", "rule"], {"kind": "linear", "low": 0, "high": 1}),
        (["scorer", "criteria", 0, "value", "knots"], [[1, 2, 3]]),
        (["scorer", "weights"], {"sales": "much"}),
        (["segmenters", "pcv"], {"kind": "top_share", "share": 0.2}),
        (["program", "upkeep", 0, "days"], 0),
        (["selection", "max_changes"], -1),
        (["selection", "rule", "rules", 0, "share"], 20),
        (["selection", "rule", "rules"], []),
        (["valid_from"], "soon"),
        (["valid_from"], "20260930"),
        (["scorer", "weights", "sales"], -5),
        (["scorer", "weights"], {}),
        (["scorer", "criteria"], []),
        (["funnel", "stages", 0, "win_probability"], 5),
        (["fitted_on"], {"scorer": {"rows": -1, "columns": []}}),
    ],
)
def test_a_slip_is_not_valid(playbook: ka.Playbook, path: list[Any], value: Any) -> None:
    """Types, words, limits and kinds that cannot stand there."""
    good = stored(playbook)
    validator("playbook").validate(good)
    bad = copy.deepcopy(good)
    at = bad
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert not validator("playbook").is_valid(bad)


def test_a_kind_may_be_left_out_where_there_is_one(playbook: ka.Playbook) -> None:
    """As `load` allows."""
    data = stored(playbook)
    del data["selection"]["kind"], data["scorer"]["criteria"][0]["kind"]
    validator("playbook").validate(data)
    del data["selection"]["rule"]["kind"]
    assert not validator("playbook").is_valid(data)


def test_an_unknown_kind_is_told_with_the_nearest() -> None:
    """Did you mean."""
    with pytest.raises(ka.SpecError, match="did you mean 'playbook'"):
        ka.json_schema("playbok")
    with pytest.raises(ka.SpecError, match="must be one of"):
        ka.json_schema(int)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=4)
@given(data=st.data())
def test_whatever_load_takes_is_valid(kind: str, data: st.DataObject) -> None:
    """Also without its kind at the top, with null for what is not said, and with its schema."""
    found = stored(data.draw(STRATEGIES[kind]))
    del found["kind"]
    for field in fields_of(spec_class(kind)):
        if takes_none(field.type) and field.key not in found:
            found[field.key] = None
    found["$schema"] = "rules.schema.json"
    _ = ka.from_data(found, kind)
    validator(kind).validate(found)
