"""Errors: one root, a fact, a hint, the parts; the same on the other side of a process border."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

import keyaccount as ka
from keyaccount import errors
from keyaccount.errors import closest

KINDS = [
    e
    for _, e in inspect.getmembers(errors, inspect.isclass)
    if issubclass(e, Exception) and e.__module__ == errors.__name__
]

EXAMPLES: list[ka.KeyAccountError] = [
    ka.SpecError.from_field("Linear.high", "must differ from low", 3.0, "give two values."),
    ka.SpecError.from_choice("aggregate", "summ", ("sum", "product")),
    ka.WeightsError.from_sum({"a": 1.0, "b": 2.0}, 3.0),
    ka.WeightsError.from_sum({"a": 0.0}, 0.0),
    ka.WeightsError.from_names(["a"], ["b"]),
    ka.ColumnError.from_kind("a", "numbers", "text", "convert it."),
    ka.ColumnError.from_lengths({"a": 1, "b": 2}),
    ka.ColumnNotFoundError.from_name("sale", ("sales",)),
    ka.ColumnNotFoundError.from_name("sale", ()),
    ka.RowError.from_rows("a", "hold no number", range(9), list("abcdefghi"), "convert them."),
    ka.DuplicateIdError.from_ids("ids", list("abcdefg")),
    ka.NotFittedError.from_spec("Percentile"),
    ka.NotEnoughDataError.from_column("criterion 'a'", "a", "state it."),
    ka.SelectionError.from_quota(["a", "b"], 1, "x"),
    ka.SelectionError.from_missing_argument("as_of", "overrides expire", "give a date."),
    ka.HierarchyError.from_chain(["a", "b", "a"]),
    ka.HierarchyError.from_chain(["a", "a"]),
    ka.HierarchyError.from_unknown([("a", "b")], ["c"]),
    ka.SerialisationError.from_path("$.criteria[2]", "no value", "add one."),
    ka.IntakeError.from_file("a.csv", "it is empty", "export it again."),
    ka.MissingExtra.from_caller("review", "cli", "pyarrow"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_one_root(kind: type[Exception]) -> None:
    """Callers catch KeyAccountError, or ValueError; every kind is public."""
    assert issubclass(kind, ka.KeyAccountError)
    assert issubclass(kind, ValueError)
    assert getattr(ka, kind.__name__) is kind
    assert kind.__name__ in errors.__all__


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda e: type(e).__name__)
def test_a_message_is_a_fact_a_blank_line_and_a_hint(error: ka.KeyAccountError) -> None:
    """The parts are attributes, and say what the message says."""
    assert str(error) == f"{error.fact}\n\nHint: {error.hint}"
    assert error.fact
    assert error.hint
    assert "\n" not in error.fact
    assert error.hint.endswith((".", "?", "'"))
    assert error.parts


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda e: type(e).__name__)
def test_an_error_is_whole_after_pickling(error: ka.KeyAccountError) -> None:
    """What a worker raises, the caller reads: kind, message and parts."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.parts == error.parts


def test_a_missing_extra_is_an_import_error_too() -> None:
    """It says who asked, for what, and the command that installs it."""
    error = ka.MissingExtra.from_caller("keyaccount.testing", "testing", "hypothesis")
    assert isinstance(error, ImportError)
    assert str(error) == (
        "keyaccount.testing needs 'hypothesis', which is not installed\n\n"
        "Hint: pip install 'keyaccount[testing]'"
    )


def test_only_the_first_rows_are_shown() -> None:
    """The message counts all rows and shows five; the parts hold every row."""
    error = ka.RowError.from_rows("a", "hold no number", range(9), list("abcdefghi"), "convert.")
    assert error.fact == (
        "column 'a': 9 rows hold no number "
        "(row 0: 'a', row 1: 'b', row 2: 'c', row 3: 'd', row 4: 'e')"
    )
    assert error.parts["rows"] == tuple(range(9))
    assert error.parts["values"] == tuple("abcde")
    many = ka.DuplicateIdError.from_ids("ids", list("abcdefg"))
    assert "('a', 'b', 'c', 'd', 'e' and 2 more)" in many.fact


@pytest.mark.parametrize(
    ("problem", "one"),
    [
        ("hold no number", "1 row holds no number"),
        ("are below 0, or happened in no exposure", "1 row is below 0, or happened in no exposure"),
        ("have no id", "1 row has no id"),
        ("lie outside [0, 1]", "1 row lies outside [0, 1]"),
        ("count fewer than 0", "1 row counts fewer than 0"),
        ("holds no number", "1 row holds no number"),
        ("without a number", "1 row without a number"),
    ],
)
def test_one_row_does_what_several_do(problem: str, one: str) -> None:
    """The verb agrees with the count; what is no verb stays."""
    assert f"'a': {one} (row 3: -1.0)" in str(ka.RowError.from_rows("a", problem, [3], [-1.0], "?"))
    two = ka.RowError.from_rows("a", problem, [3, 4], [-1.0, -2.0], "?")
    assert f"'a': 2 rows {problem} (row 3: -1.0, row 4: -2.0)" in str(two)


def test_one_id_occurs_more_than_once() -> None:
    """And several occur so."""
    assert "1 occurs more than once ('a')" in str(ka.DuplicateIdError.from_ids("ids", ["a"]))
    assert "2 occur more than once ('a', 'b')" in str(ka.DuplicateIdError.from_ids("ids", "ab"))


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("Sales", ["sales_24m", "SALES"], ("SALES", "sales_24m")),
        ("potentail", ["sales", "potential"], ("potential",)),
        ("x", ["sales"], ()),
        ("x", [], ()),
    ],
)
def test_the_closest_names(name: str, known: Any, found: tuple[str, ...]) -> None:
    """Whatever the case, what looks alike comes first, and nothing when nothing does."""
    assert closest(name, known) == found


def test_weights_of_nothing_offer_nothing() -> None:
    """Where all weights are 0 there is nothing to normalise, and the hint says what to do."""
    error = ka.WeightsError.from_sum({"a": 0.0}, 0.0)
    assert error.hint == "give at least one criterion a weight above 0."
    assert error.parts["normalised"] == {}
