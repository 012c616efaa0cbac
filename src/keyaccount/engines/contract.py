"""What a row-wise spec must keep to, its own or somebody else's: checked once per part of a frame.

What is not as it was said would else reach the libraries, each of which fails in its own way, or
does not fail at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from keyaccount.errors import SpecError
from keyaccount.rowwise import Column, RowWise

__all__ = [
    "refuse_odd_prefix",
    "refuse_odd_writes",
    "refuse_other_arrays",
    "refuse_what_is_no_spec",
]

_SHOWN: Final = 80
"""So many signs of what was met say what it is."""

_HELD: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "float": (lambda kind: bool(kind == np.float64), "float64"),
    "code": (lambda kind: kind.kind in "iu", "integers"),
    "day": (lambda kind: bool(kind == np.dtype("datetime64[D]")), "datetime64[D]"),
    "bool": (lambda kind: bool(kind == np.bool_), "bool"),
}
"""Which dtypes an array of each kind may have, and their name."""


def refuse_what_is_no_spec(given: Any) -> None:
    """Refuse what is no row-wise spec, in few words: a playbook would fill pages."""
    if isinstance(given, RowWise) and not isinstance(given, type):
        return
    rule, said = "must be a row-wise spec", repr(given)
    shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    hint = "give a fitted scorer, matrix, Rfm, gate inference or lifecycle model."
    if hasattr(given, "scorer"):
        hint = "give one part of it: playbook.scorer, or playbook.segmenter(name)."
    raise SpecError(f"spec {rule} (got {shown})", hint, field="spec", rule=rule, got=given)


def refuse_odd_prefix(given: Any) -> None:
    """Refuse what is no text."""
    if not isinstance(given, str):
        raise SpecError.from_field("prefix", "must be a text", given, 'write "" for none.')


def refuse_odd_writes(writes: Any) -> None:
    """Refuse a spec that does not say by name and `Column` what it writes."""
    if (
        isinstance(writes, Mapping)
        and writes
        and all(isinstance(n, str) and isinstance(c, Column) for n, c in writes.items())
    ):
        return
    hint = 'give a name and a column for each: {"score": ka.Column("float")}.'
    raise SpecError.from_field("spec.writes", "must say what is written", writes, hint)


def refuse_other_arrays(found: Any, writes: Mapping[str, Column], rows: int) -> None:
    """Refuse arrays that are not what a spec says it writes, for so many rows."""
    lacking = [name for name in writes if not isinstance(found, Mapping) or name not in found]
    if lacking:
        hint = "return a dict with one array for each name in spec.writes."
        raise SpecError.from_field("spec.apply", "must give every column", lacking, hint)
    for name, column in writes.items():
        _refuse_other_array(name, found[name], column, rows)


def _refuse_other_array(name: str, values: Any, column: Column, rows: int) -> None:
    held, named = _HELD[column.kind]
    if not isinstance(values, np.ndarray) or not held(values.dtype):
        got = values.dtype if isinstance(values, np.ndarray) else type(values).__name__
        hint = f"a column of kind {column.kind!r} holds {named}."
        raise _broken(name, f"must be an array of {named}", str(got), hint)
    if values.shape != (rows,):
        hint = "give one value per row of the columns that came in."
        raise _broken(name, f"must have the shape ({rows},)", values.shape, hint)
    if column.kind != "code" or not rows:
        return
    low, high = int(values.min()), int(values.max())
    if low < -1 or high >= len(column.labels):
        rule = f"must hold codes from -1 to {len(column.labels) - 1}"
        raise _broken(
            name, rule, low if low < -1 else high, "a code is a place among the labels; -1 is none."
        )


def _broken(name: str, rule: str, got: object, hint: str) -> SpecError:
    field = f"spec.apply(...)[{name!r}]"
    return SpecError(f"{field} {rule} (got {got})", hint, field=field, rule=rule, got=got)
