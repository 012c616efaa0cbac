"""Read one number per state: by name, or in the order of the states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keyaccount._columns import Floats, as_floats
from keyaccount.errors import SpecError

__all__ = ["by_state", "position_of"]


def by_state(given: Any, states: Sequence[str], what: str) -> Floats:
    """Read finite numbers by state; a mapping may leave states out, which are then 0."""
    if isinstance(given, Mapping):
        for name in given:
            _ = position_of(name, states, what)
        given = [given.get(state, 0.0) for state in states]
    values = as_floats(given, what)
    if len(values) != len(states):
        raise SpecError.from_field(
            what,
            f"must be {len(states)} numbers, one per state",
            f"{len(values)} of them",
            "give them in the order of the states, or by name.",
        )
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        name, hint = f"{what} of {states[int(wrong[0])]!r}", "give a plain number."
        raise SpecError.from_field(name, "must be finite", float(values[wrong[0]]), hint)
    return values


def position_of(state: Any, states: Sequence[str], what: str) -> int:
    """Give the position of a state."""
    if state not in states:
        raise SpecError.from_choice(what, state, tuple(states))
    return tuple(states).index(state)
