"""Converters and validators of the fields of win evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keyaccount._validators import count, exact_int, field_name, is_finite, text, unique_names
from keyaccount.bands import Cuts
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup
from keyaccount.scoring.evidence.counts import WinCounts

_LEAST, _MOST = 1e-9, 1e9


def some_fields(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse anything but names of columns, each once, and at least one."""
    unique_names(instance, attribute, value)
    if not value:
        rule = "must name at least one column"
        hint = "name what is known of a deal before it is decided."
        raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)


def as_bands(value: Any) -> Any:
    """Turn a mapping of columns to cuts, or to numbers, into pairs sorted by column."""
    if value is None or isinstance(value, str) or not isinstance(value, Iterable):
        return () if value is None else value
    given: Any = value.items() if isinstance(value, Mapping) else value
    pairs: list[Any] = list(given)
    if not all(isinstance(p, tuple | list) and len(p) == 2 for p in pairs):  # noqa: PLR2004 - a pair
        return pairs
    cut = [(name, cuts if isinstance(cuts, Cuts) else Cuts(cuts)) for name, cuts in pairs]
    return tuple(sorted(cut, key=lambda p: str(p[0])))


def as_pairs(value: Any) -> Any:
    """Turn pairs of a reason and a number of deals into exact ones."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    pairs: list[Any] = list(value.items() if isinstance(value, Mapping) else value)
    if not all(isinstance(p, tuple | list) and len(p) == 2 for p in pairs):  # noqa: PLR2004 - a pair
        return pairs
    return tuple((reason, exact_int(n)) for reason, n in pairs)


def numbers_of_deals(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse anything but reasons, each with a number of deals."""
    if not isinstance(value, tuple):
        rule = "must map reasons to numbers of deals"
        hint = "leave it out: WinEvidence.fit counts them."
        raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)
    unique_names(instance, attribute, tuple(reason for reason, _ in value))
    for _, n in value:
        count(instance, attribute, n)


def bands_of_fields(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse bands of what is no field."""
    names = [name for name, _ in value] if isinstance(value, tuple) else []
    good = isinstance(value, tuple) and len(set(names)) == len(names)
    if not good or not all(name in instance.fields for name in names):
        rule = f"must map some of the fields {list(instance.fields)} to their cuts"
        hint = 'write for instance bands={"amount": (1_000, 5_000)}, and name "amount" in fields.'
        raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)


def no_field(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse a column of teams that is a field as well."""
    if value is None:
        return
    text(instance, attribute, value)
    if value in instance.fields:
        rule = "must be none of the fields"
        hint = "deals are compared within a team: the team itself is no further fact."
        raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)


def weight_in_deals(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse a weight so small or so large that its logarithm leaves float64."""
    if not is_finite(value) or not _LEAST <= value <= _MOST:
        rule = f"must be a number from {_LEAST:g} to {_MOST:g}"
        hint = "it is counted in deals; without any, one deal more would make a chance of 0 or 1."
        raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)


def counts_of_fields(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse counts that are not those of the fields, or hold deals of one outcome only."""
    if value is None:
        return
    tables: list[Any] = [*value] if isinstance(value, ByGroup) else []
    good = bool(tables) and all(isinstance(t, WinCounts) for t in tables)
    good = good and isinstance(value.pool, WinCounts) and min(value.pool.won, value.pool.lost) > 0
    if not good or any(tuple(f.field for f in t.fields) != instance.fields for t in tables):
        rule = "must count won and lost deals by the fields, with a pool that has both"
        hint = "leave it out: WinEvidence.fit learns it."
        raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)
