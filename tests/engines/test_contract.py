"""Specs of somebody else's making: what is not as it was said is told, on every kind of frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pytest

import keyaccount as ka

FLOAT = {"f": ka.Column("float")}
CODE = {"c": ka.Column("code", ("a", "b"))}
DAY = np.datetime64("2026-09-30", "ns")


@attrs.frozen
class Own:
    """A spec that says one thing and may do another."""

    writes: Mapping[str, Any]
    gives: Callable[[int], Any]
    reads: tuple[str, ...] = ("x",)

    def apply(self, columns: Any) -> Any:
        """Give what it was made to give, whatever was said."""
        return self.gives(len(columns["x"]))


BROKEN: dict[str, tuple[Own, str]] = {
    "too long": (Own(FLOAT, lambda n: {"f": np.zeros(n + 1)}), "must have the shape"),
    "too many dimensions": (Own(FLOAT, lambda n: {"f": np.zeros((n, 1))}), "must have the shape"),
    "a name short": (Own(FLOAT, lambda n: {}), r"every column \(got \['f'\]\)"),
    "no dict": (Own(FLOAT, np.zeros), "every column"),
    "a list": (Own(FLOAT, lambda n: {"f": [1.0] * n}), "array of float64 .got list"),
    "integers for numbers": (Own(FLOAT, lambda n: {"f": np.ones(n, int)}), "got int64"),
    "nanoseconds for days": (
        Own({"d": ka.Column("day")}, lambda n: {"d": np.full(n, DAY)}),
        "datetime64.D. .got datetime64.ns",
    ),
    "numbers for truths": (
        Own({"b": ka.Column("bool")}, lambda n: {"b": np.ones(n)}),
        "array of bool .got float64",
    ),
    "floats for codes": (Own(CODE, lambda n: {"c": np.zeros(n)}), "array of integers"),
    "nothing is written": (Own({}, lambda n: {}), "must say what is written"),
    "a text for a column": (Own({"f": "float"}, lambda n: {}), "must say what is written"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_as_it_was_said_is_told_at_once(kind: Any, case: str) -> None:
    """On every kind of frame, before a row is run."""
    spec, message = BROKEN[case]
    with pytest.raises(ka.SpecError, match=message):
        ka.apply(kind.of(pa.table({"x": [1.0, 2.0, 3.0]})), spec)


@pytest.mark.parametrize(("code", "met"), [(2, "got 2"), (-2, "got -2")])
def test_a_code_without_a_label_is_told(code: int, met: str) -> None:
    """Codes go from -1, which is none, to the last label."""
    frame = {"x": [1.0, 2.0]}
    assert ka.apply(frame, Own(CODE, lambda n: {"c": np.full(n, 1)}))["c"].tolist() == ["b", "b"]
    assert ka.apply(frame, Own(CODE, lambda n: {"c": np.full(n, -1)}))["c"].tolist() == [None] * 2
    with pytest.raises(ka.SpecError, match=f"codes from -1 to 1 .{met}"):
        ka.apply(frame, Own(CODE, lambda n: {"c": np.full(n, code)}))


def test_small_codes_and_columns_read_twice_will_do(kind: Any) -> None:
    """Codes may be of any integers, and a name that is said twice is read once."""
    if kind.name == "spark":
        pytest.skip("a worker of Spark cannot import a spec of this file")
    spec = Own(CODE, lambda n: {"c": np.full(n, 1, np.int8)}, reads=("x", "x"))
    found = kind.rows(ka.apply(kind.of(pa.table({"x": [1.0, 2.0]})), spec))
    assert found["c"].to_pylist() == ["b", "b"]


def test_a_scalar_beside_columns_is_no_row_count() -> None:
    """A dict may hold a word about the whole book beside its columns."""
    found = ka.apply(
        {"source": "crm", "x": [1.0, 2.0]}, Own(FLOAT, lambda n: {"f": np.arange(n) + 0.5})
    )
    assert found["f"].tolist() == [0.5, 1.5]


def test_a_column_says_what_it_is() -> None:
    """The kind is one of four, labels are texts and unique, however many there are."""
    odd: Any = "strng"
    with pytest.raises(ka.SpecError, match="'float', 'code', 'day', 'bool'"):
        ka.Column(odd)
    with pytest.raises(ka.SpecError, match=r"must be unique \(got \['a'\]\)"):
        ka.Column("code", ("a", "b", "a"))
    numbers: Any = (1, 2)
    with pytest.raises(ka.SpecError, match="must be texts"):
        ka.Column("code", numbers)
    with pytest.raises(ka.SpecError, match="must be texts"):
        ka.Column("code", "ab")
    assert len(ka.Column("code", tuple(map(str, range(100_000)))).labels) == 100_000


def test_a_playbook_is_refused_in_few_words() -> None:
    """Its parts are row-wise, the whole of it is not: the message does not show all of them."""
    criteria = [ka.Criterion(f"c{i}", column="x", value=ka.Linear(0, 1)) for i in range(20)]
    names = [criterion.name for criterion in criteria]
    scorer = ka.CompositeScorer(criteria=criteria, weights=ka.equal_weights(names))
    playbook: Any = ka.Playbook(name="policy", version="1", scorer=scorer)
    with pytest.raises(ka.SpecError, match="must be a row-wise spec") as caught:
        ka.apply({"x": [1.0]}, playbook)
    assert len(str(caught.value)) < 300
    assert "playbook.scorer" in caught.value.hint
    assert caught.value.parts["got"] is playbook


def test_names_written_that_differ_by_case_alone(kind: Any) -> None:
    """Where an engine takes them for one they are refused, elsewhere both are written."""
    spec = ka.CompositeScorer(
        criteria=[
            ka.Criterion("S", column="x", value=ka.Linear(0, 4)),
            ka.Criterion("s", column="x", value=ka.Linear(0, 2)),
        ],
        weights={"S": 0.5, "s": 0.5},
    )
    frame = kind.of(pa.table({"x": [1.0]}))
    if kind.name in {"duckdb", "spark"}:
        with pytest.raises(ka.ColumnError, match="'contribution_S', 'contribution_s'"):
            ka.apply(frame, spec)
    else:
        found = kind.rows(ka.apply(frame, spec))
        assert found["contribution_S"].to_pylist() == [0.125]
        assert found["contribution_s"].to_pylist() == [0.25]
