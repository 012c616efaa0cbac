"""The roles that owners are proposed for, and what each of them costs and reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.term import placed_words, terms_given

__all__ = ["Asked", "asked_roles"]


@attrs.frozen
class Asked:
    """One role: what it costs of a person's capacity, and the columns that are its own."""

    load: float
    incumbents: str | None
    released: str | None


def asked_roles(
    roles: Any, load: Any, incumbents: Any, released: Any
) -> tuple[tuple[CoverageRole, ...], tuple[Asked, ...]]:
    """Take the roles, none of them for one owner, and what is said by role.

    Raises
    ------
    SpecError
        The roles are none, or something is said of a role that is not there.
    """
    held: tuple[CoverageRole, ...] = (
        () if roles is None else terms_given(roles, CoverageRole, "assign(roles)")
    )
    if load is not None and not held:
        hint = "list the roles with roles=, or leave both out."
        raise SpecError.from_field("assign(load)", "needs roles", load, hint)
    if isinstance(incumbents, str) and len(held) > 1:
        rule, hint = "must name a column for each role", 'write for instance {"AR": "owner"}.'
        raise SpecError.from_field("assign(incumbents)", rule, incumbents, hint)
    n = max(len(held), 1)
    loads = [_load(one) for one in _by_role(1.0 if load is None else load, held, n, "load", 1.0)]
    holders = _by_role(incumbents, held, n, "incumbents", None)
    free = _by_role(released, held, n, "released", None)
    asked = zip(loads, holders, free, strict=True)
    return held, tuple(Asked(*one) for one in asked)


def _by_role(
    given: Any, roles: tuple[CoverageRole, ...], n: int, name: str, other: Any
) -> list[Any]:
    """Give what is said of each role: one thing for all, or things by role."""
    if not isinstance(given, Mapping):
        return [given] * n
    if not roles:
        hint = "list the roles with roles=, or name one column."
        raise SpecError.from_field(f"assign({name})", "needs roles", given, hint)
    found = [other] * n
    for place, (_, said) in placed_words(given, roles, f"assign({name}): role").items():
        found[place] = said
    return found


def _load(raw: Any) -> float:
    found: Any = exact_float(raw)
    if not is_finite(found) or found <= 0.0:
        hint = "1 is the load of an account with one owner; a role that is less work has less."
        raise SpecError.from_field("assign(load)", "must be a number above 0", raw, hint)
    load: float = found
    return load
