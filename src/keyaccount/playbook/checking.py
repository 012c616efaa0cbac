"""Whether a table has the columns that a playbook reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from keyaccount.errors import ColumnError, SpecError, closest
from keyaccount.playbook.fitting import taught_by
from keyaccount.playbook.playbook import Playbook
from keyaccount.rowwise import Fittable
from keyaccount.scoring.inference import Bridge, ExperienceInference
from keyaccount.segments.cascade import Cascade

__all__ = ["missing_columns", "refuse_missing_columns", "remarks"]


def missing_columns(
    playbook: Playbook, names: Sequence[str], parts: Iterable[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """List the columns that a table lacks, each with the parts that cannot do without it.

    Raises
    ------
    SpecError
        There is no part of a name that was given, or it reads no columns.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, part in _reading(playbook, parts).items():
        for column in _needed(part):
            if column not in names:
                found[column] = (*found.get(column, ()), name)
    return found


def refuse_missing_columns(missing: Mapping[str, tuple[str, ...]], names: Sequence[str]) -> None:
    """Refuse a table that lacks columns, and say which ones are close.

    Raises
    ------
    ColumnError
        Some columns are missing.
    """
    if not missing:
        return
    by_parts: dict[tuple[str, ...], list[str]] = {}
    for column, parts in missing.items():
        by_parts.setdefault(parts, []).append(repr(column))
    told = [f"{', '.join(c)} (for {', '.join(parts)})" for parts, c in by_parts.items()]
    near = {column: closest(column, names) for column in missing}
    meant = [f"{n[0]!r} for {column!r}" for column, n in near.items() if n]
    hint = f"did you mean {', '.join(meant)}?" if meant else f"there is {', '.join(names)}."
    fact = f"no column {'; '.join(told)}"
    raise ColumnError(fact, hint, missing=tuple(missing), known=tuple(names))


def remarks(playbook: Playbook) -> list[str]:
    """List what can be used as it is, but may not be what was meant."""
    return [
        *(f"criterion {n!r} has no column (not measured)" for n in playbook.unmeasured),
        *(
            f"{n} was changed since its constants were learned: fit it again if they depend on it"
            for n in playbook.changed_since_fit
        ),
        *(
            f"{', '.join(parts)} write the same column {column!r}: only one of them can be kept"
            for column, parts in _written_twice(playbook).items()
        ),
    ]


def _written_twice(playbook: Playbook) -> dict[str, list[str]]:
    """List the columns that several parts write."""
    found: dict[str, list[str]] = {}
    for name, part in playbook.row_wise.items():
        for column in part.writes:
            found.setdefault(column, []).append(name)
    return {column: parts for column, parts in found.items() if len(parts) > 1}


def _reading(playbook: Playbook, parts: Iterable[str] | None) -> Mapping[str, Any]:
    """Give the parts that read columns, or those of them that were named."""
    found = dict(playbook.row_wise)
    if parts is None:
        return found
    for name in (wanted := tuple(parts)):
        if name not in found:
            raise SpecError.from_choice("--part", name, tuple(found))
    return {name: found[name] for name in wanted}


def _needed(part: Any) -> tuple[str, ...]:
    """List the columns without which a part cannot be applied, or cannot learn."""
    if isinstance(part, ExperienceInference):
        return ()  # what is not asked is unknown
    if isinstance(part, Bridge):
        return part.scorer.reads
    needed: tuple[str, ...] = part.pcv.reads if isinstance(part, Cascade) else part.reads
    learns = isinstance(part, Fittable) and not part.is_fitted
    return tuple(dict.fromkeys([*needed, *(taught_by(part) if learns else ())]))
