"""An axis is checked when it is built, and reads states in any wording it knows."""

from __future__ import annotations

from typing import Any

import pytest

import keyaccount as ka


def numeric(**changes: Any) -> ka.Axis:
    """Make an axis of three bands, with changes."""
    given: dict[str, Any] = {"bands": (10, 20), "codes": ("3", "2", "1"), **changes}
    return ka.Axis("size", "staff", **given)


def states(**changes: Any) -> ka.Axis:
    """Make an axis of two states, with changes."""
    given: dict[str, Any] = {"bands": ("lead", "customer"), "codes": ("L", "C"), **changes}
    return ka.Axis("status", "status", **given)


def test_plain_numbers_are_cuts_and_plain_names_states() -> None:
    """Either way of writing gives an equal axis."""
    assert numeric() == numeric(bands=ka.Cuts((10, 20)))
    assert states() == states(bands=ka.States(("lead", "customer")))
    assert hash(numeric()) == hash(numeric())


def test_no_cut_makes_one_band() -> None:
    """Zero cuts make one band that holds everything."""
    assert numeric(bands=(), codes=("all",)).size == 1


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: numeric(bands=(20, 10)), "Cuts.edges must be finite numbers, each above"),
        (lambda: numeric(bands=(10, float("nan"))), "Cuts.edges must be finite numbers"),
        (lambda: numeric(bands=7), "Axis.bands must be Cuts, States or a ByGroup of Cuts"),
        (lambda: numeric(bands="lead"), "Axis.bands must be Cuts, States or a ByGroup of Cuts"),
        (lambda: numeric(bands=ka.ByGroup({})), "Axis.bands must be Cuts, States or a ByGroup"),
        (
            lambda: numeric(bands=ka.ByGroup({"a": ka.States(("x", "y", "z"))})),
            "Axis.bands must be Cuts, States or a ByGroup of Cuts",
        ),
        (
            lambda: numeric(bands=ka.ByGroup({"a": (1,)}, pool=(1, 2))),
            "Axis.bands must have as many cuts in every group",
        ),
        (
            lambda: numeric(bands=ka.States(()), codes=()),
            "Axis.bands must have at least one state",
        ),
        (lambda: numeric(codes=("2", "1")), "Axis.codes must be 3, one per band or state"),
        (lambda: numeric(codes=("1", "1", "2")), "Axis.codes must have unique names"),
        (lambda: numeric(codes="321"), "Axis.codes must be texts"),
        (lambda: numeric(codes=("3", "2", " ")), "Axis.codes must be texts that are not blank"),
        (lambda: numeric(names=("small",)), "Axis.names must be 3, one per band or state"),
        (lambda: numeric(names_zh=("小",)), "Axis.names_zh must be 3, one per band or state"),
        (lambda: numeric(unit=None), "Axis.unit must be a text"),
        (lambda: numeric(lowest=float("inf")), "Axis.lowest must be a finite number"),
        (lambda: numeric(lowest=1, highest=0), r"Axis.highest must not be below lowest=1.0"),
        (lambda: numeric(lowest=11), "Axis.bands of 'size' must be cut within 11 and inf"),
        (lambda: ka.rad(share_cuts=(25, 50)), "Axis.bands of 'share_of_wallet' must be cut within"),
        (lambda: ka.pcv(thresholds=(-1, 1)), "Axis.bands of 'output' must be cut within 0 and inf"),
        (
            lambda: numeric(bands=ka.ByGroup({"a": (1, 2)}, pool=(1, 9)), highest=5),
            "Axis.bands of 'size' must be cut within -inf and 5",
        ),
        (lambda: numeric(aliases={"big": "1"}), "Axis.aliases are for states"),
        (lambda: states(aliases={"x": "custmer"}), "Axis.aliases must be one of 'lead'"),
        (lambda: states(aliases="lead"), "Axis.aliases must map other words to states"),
        (lambda: states(aliases=[("x",)]), "Axis.aliases must map other words to states"),
        (lambda: states(aliases=5), "Axis.aliases must map other words to states"),
        (
            lambda: states(aliases=[("x", "lead"), ("x", "lead")]),
            "Axis.aliases must name each word once",
        ),
        (lambda: states(aliases={"c": "lead"}), "must each mean one state"),
        (lambda: states(names=("C", "L")), "must each mean one state"),
        (lambda: states(names_zh=("客户", "客户 ")), "must each mean one state"),
        (lambda: ka.Axis("", "x", bands=(1,), codes=("a", "b")), "Axis.name must be a text"),
        (lambda: ka.Axis("x", " ", bands=(1,), codes=("a", "b")), "Axis.column must be a text"),
    ],
)
def test_an_axis_that_makes_no_sense_is_refused(build: Any, message: str) -> None:
    """A typed error names the field."""
    with pytest.raises(ka.SpecError, match=message):
        build()


def test_words_differ_by_more_than_case() -> None:
    """Code, state, labels and aliases are read without regard to case and blanks."""
    axis = states(names_zh=("线索", "客户"), aliases={"Prospect": "lead"})
    assert axis.positions == {
        "prospect": 0,
        "lead": 0,
        "customer": 1,
        "l": 0,
        "c": 1,
        "线索": 0,
        "客户": 1,
    }


def test_labels_fall_back_to_states_and_codes() -> None:
    """Without names, a state is called by its word and a band by its code."""
    assert states().labels == ("lead", "customer")
    assert numeric().labels == ("3", "2", "1")
    assert numeric(names=("s", "m", "l")).labels == ("s", "m", "l")
