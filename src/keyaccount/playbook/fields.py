"""What a spec class declares of its fields, as reader and writer need it."""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NamedTuple,
    Union,  # pyright: ignore[reportDeprecated]  # what `T | None` makes of a TypeVar before 3.14
    get_args,
    get_origin,
    get_type_hints,
)

import attrs

__all__ = ["Field", "fields_of", "is_table", "is_union", "takes_none"]


_UNIONS = {UnionType, Union}  # pyright: ignore[reportDeprecated]


class Field(NamedTuple):
    """One field: its key in stored data, the argument it becomes, and its declared type.

    A key that is not there is refused, stands for None, or leaves the field to its default.
    """

    key: str
    argument: str
    type: Any
    if_missing: Literal["refuse", "none", "default"]


def is_union(declared: Any) -> bool:
    """Say whether a type is one of several."""
    return get_origin(declared) in _UNIONS


def takes_none(declared: Any) -> bool:
    """Say whether a type admits None, which stored data has no word for: the key is left out."""
    return is_union(declared) and NoneType in get_args(declared)


def is_table(declared: Any) -> bool:
    """Say whether a type is pairs of a text and something: what files write as a table."""
    args = get_args(declared)
    if get_origin(declared) is not tuple or len(args) != 2 or args[1] is not Ellipsis:  # noqa: PLR2004 - tuple[item, ...]
        return False
    pair = get_args(args[0])
    return get_origin(args[0]) is tuple and len(pair) == 2 and pair[0] is str  # noqa: PLR2004 - a pair


@cache
def fields_of(declared: Any) -> tuple[Field, ...]:
    """List the fields of a spec class, or of one for a given type: ``ByGroup[float]``."""
    cls, given = get_origin(declared) or declared, get_args(declared)
    hints = get_type_hints(cls)
    return tuple(
        _field(a, hints[a.name][given] if given and _is_open(hints[a.name]) else hints[a.name])
        for a in attrs.fields(cls)
        if a.init
    )


def _is_open(hint: Any) -> bool:
    """Say whether a type has still to be told what it holds."""
    return bool(getattr(hint, "__parameters__", ()))


def _field(attribute: Any, hint: Any) -> Field:
    if attribute.default is not attrs.NOTHING:
        return Field(attribute.name, attribute.alias, hint, "default")
    # `Criterion.column` must be said in code, but data has no word for None
    return Field(attribute.name, attribute.alias, hint, "none" if takes_none(hint) else "refuse")
