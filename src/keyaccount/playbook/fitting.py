"""Learn the constants of a playbook's parts, and keep what they were learned from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from keyaccount._columns import Columns, common_length, names_of, pick, to_numpy
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.evaluation.data_digest import data_digest
from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.playbook.canonical import digest
from keyaccount.playbook.fitted_on import FittedOn
from keyaccount.playbook.playbook import Playbook
from keyaccount.rowwise import Fittable
from keyaccount.scoring.inference import Bridge

__all__ = ["fitted_playbook", "taught_by"]


def taught_by(part: Any) -> tuple[str, ...]:
    """List the columns that a part must have to learn from: not always those it reads later."""
    if isinstance(part, LifecycleModel):
        return ("gap_median", *([part.group] if part.group else []))
    found: tuple[str, ...] = part.scorer.reads if isinstance(part, Bridge) else part.reads
    return found


def fitted_playbook(
    playbook: Playbook,
    columns: Columns,
    *,
    parts: Iterable[str] | str | None,
    id: str | None,
    as_of: date | str | None,
    day: date | str | None,
) -> Playbook:
    """Fit the parts; see `Playbook.fit`."""
    told = FittedOn(rows=0, columns=(), as_of=as_of, day=day)  # a wrong day is told first
    named = (parts,) if isinstance(parts, str) else parts
    chosen = _chosen(playbook, names_of(columns), named)
    if id is not None and chosen:
        _ = pick(columns, id)
    fitted = {name: part.fit(columns) for name, part in chosen.items()}
    records = dict(playbook.fitted_on)
    for name, part in chosen.items():
        seen = _seen(part, columns, id)
        rule = digest(fitted[name])
        records[name] = attrs.evolve(seen, as_of=told.as_of, day=told.day, part=rule)
    return _with_parts(playbook, fitted, records)


def _chosen(
    playbook: Playbook, names: tuple[str, ...], parts: Iterable[str] | None
) -> dict[str, Fittable]:
    """List the parts to fit: those named, or those whose columns are there."""
    learning = {n: p for n, p in playbook.parts.items() if isinstance(p, Fittable)}
    if parts is None:
        found = {n: p for n, p in learning.items() if set(taught_by(p)) <= set(names)}
        if not found and learning:
            raise _nothing_to_learn(learning, names)
        return found
    wanted = tuple(parts)
    for name in wanted:
        if name not in learning:
            raise SpecError.from_choice("Playbook.fit(parts)", name, tuple(learning))
    return {name: learning[name] for name in wanted}


def _nothing_to_learn(
    learning: Mapping[str, Fittable], names: tuple[str, ...]
) -> ColumnNotFoundError:
    """Name the first column that is missing from the first part."""
    first = next(iter(learning.values()))
    missing = [c for c in taught_by(first) if c not in names]
    return ColumnNotFoundError.from_name(missing[0], names)


def _seen(part: Any, columns: Columns, id: str | None) -> FittedOn:
    """Say what a part was learned from."""
    names = names_of(columns)
    also = part.inference.reads if isinstance(part, Bridge) else ()
    read = tuple(dict.fromkeys([*taught_by(part), *(c for c in also if c in names)]))
    rows = common_length({name: to_numpy(pick(columns, name), name) for name in read})
    data = None if id is None else data_digest(columns, id=id, names=read)
    return FittedOn(rows=rows, columns=read, data=data)


def _with_parts(
    playbook: Playbook, fitted: Mapping[str, Any], records: Mapping[str, FittedOn]
) -> Playbook:
    """Put fitted parts into their places."""
    changes: dict[str, Any] = {n: part for n, part in fitted.items() if "." not in n}
    for field in ("genes", "segmenters"):
        changes[field] = {
            name: fitted.get(f"{field}.{name}", spec) for name, spec in getattr(playbook, field)
        }
    parts = {**playbook.parts, **fitted}
    order = [name for name in parts if name in records and parts[name].is_fitted]
    return attrs.evolve(playbook, **changes, fitted_on={n: records[n] for n in order})
