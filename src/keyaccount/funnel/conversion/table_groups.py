"""The rows of a conversion table: which stage and groups each trial belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Columns, Objects, common_length, labels, pick
from keyaccount.errors import SpecError
from keyaccount.funnel.conversion.conversion_at import ConversionAt
from keyaccount.stats.survival.observations import coded_groups

__all__ = ["TableGroups", "grouped", "staged"]


@attrs.frozen(eq=False)
class TableGroups:
    """The rows of the table, and which of them each trial belongs to."""

    codes: Codes
    stage: Codes
    by: Mapping[str, Objects]

    def names(self, stages: Sequence[str]) -> tuple[str, ...]:
        """Name each row of the table by its stage and groups."""
        parts = zip(*([stages[s] for s in self.stage.tolist()], *self.by.values()), strict=True)
        return tuple(" / ".join(p) for p in parts)


def staged(
    visits: Columns,
    stage: str,
    stages: Sequence[str] | None,
    plan: Mapping[str, float | None] | None,
) -> tuple[Codes, tuple[str, ...]]:
    """Read the stages as codes into their order."""
    found = labels(visits, stage)
    if stages is not None:
        names = _named_stages(stages)
    else:
        first = tuple(plan) if isinstance(plan, Mapping) else ()
        names = (*first, *sorted(set(found.labels) - set(first)))
    position = {name: i for i, name in enumerate(names)}
    for label in found.labels:
        if label not in position:
            raise SpecError.from_choice(f"column {stage!r}", label, names)
    table = np.array([*(position[n] for n in found.labels), -1], dtype=np.int64)
    return table[found.codes], names


def _named_stages(stages: Any) -> tuple[str, ...]:
    listed = isinstance(stages, Iterable) and not isinstance(stages, str | bytes)
    names: tuple[Any, ...] = tuple(stages) if listed else ()
    if not names or not all(isinstance(n, str) for n in names) or len(set(names)) < len(names):
        raise SpecError.from_field(
            "conversion_table(stages)",
            "must be names of stages, each of them once",
            stages,
            'write for instance ("understand", "confirm").',
        )
    return names


def grouped(
    visits: Columns,
    by: str | Sequence[str] | None,
    stage: Codes,
    *,
    n_stages: int,
    rows: Codes,
) -> TableGroups:
    """Give a number to each pair of a stage and groups that occurs among some rows, in order."""
    if by is None:
        return TableGroups(stage[rows], np.arange(n_stages), {})
    keys = _free_names(by)
    given = {key: coded_groups(pick(visits, key), key) for key in keys}
    common_length({"stage": stage, **{key: codes for key, (codes, _) in given.items()}})
    read = {key: (codes[rows], names) for key, (codes, names) in given.items()}
    stage = stage[rows]
    code, known = stage, stage >= 0
    for codes, names in read.values():
        known = known & (codes >= 0)
        # Kept dense at each step: the product of many sizes would not fit an integer.
        code = _dense(code * (len(names) + 1) + codes, known)[0]
    last, first = _dense(code, known)
    there = {
        key: np.array(names, dtype=object)[codes[first]] for key, (codes, names) in read.items()
    }
    return TableGroups(last, stage[first], there)


def _free_names(by: Any) -> list[str]:
    """Refuse groups that go by the name of a column of the result, or twice by the same name."""
    keys = [by] if isinstance(by, str) or not isinstance(by, Iterable) else list(by)
    taken = {"stage", "planned"} | {field.name for field in attrs.fields(ConversionAt)}
    wrong = [
        key
        for key in keys
        if not isinstance(key, str) or key in taken - {"group"} or keys.count(key) > 1
    ]
    if wrong:
        raise SpecError.from_field(
            "conversion_table(by)",
            "must name other columns than the result has, each of them once",
            wrong,
            "write the name of a column; rename the one of the table if need be.",
        )
    return keys


def _dense(code: Codes, known: NDArray[np.bool_]) -> tuple[Codes, Codes]:
    """Give a number to each code that occurs, in order, and a row of each."""
    rows = np.flatnonzero(known)
    _, first, inverse = np.unique(code[rows], return_index=True, return_inverse=True)
    out = np.full(len(code), -1, dtype=np.int64)
    out[rows] = inverse
    return out, rows[first]
