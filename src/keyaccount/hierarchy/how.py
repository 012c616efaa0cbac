"""How each column of a book rolls up: added, its largest, the deciding account's own, a mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

from keyaccount._columns import Columns, names_of
from keyaccount._validators import text
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = ["How", "WeightedMean", "rules_of"]


@attrs.frozen
class WeightedMean(Spec):
    """Roll a column up as its mean, weighted by another column.

    Parameters
    ----------
    weight
        The column of weights, each at least 0. A row counts where value and weight are known;
        where no row of a group has a known weight above 0, the plain mean stands in.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.WeightedMean(weight="sales")
    WeightedMean(weight='sales')
    """

    weight: str = attrs.field(validator=text)


How: TypeAlias = Literal["sum", "max", "own"] | WeightedMean
"""How one column rolls up: added, its largest, the deciding account's own, or a weighted mean."""


def rules_of(columns: Columns, links: set[str], how: object) -> dict[str, How | None]:
    """Return how each column rolls up, None where its values decide, in the book's order."""
    stated = _stated(how)
    for name, rule in stated.items():
        _refuse_rule(name, rule, links)
    names = dict.fromkeys([*names_of(columns), *stated])
    return {name: stated.get(name) for name in names if name not in links}


def _stated(how: Any) -> Mapping[str, How]:
    """Give the rules stated by column; one word for all of them is refused."""
    if how is None:
        return {}
    if not isinstance(how, Mapping):
        field = "roll_up(how)"
        hint = 'say it by column: how={"sales": "sum", "rating": "max"}.'
        raise SpecError.from_field(field, "must map columns to rules", how, hint)
    rules: dict[str, Any] = {str(name): rule for name, rule in how.items()}
    return rules


def _refuse_rule(name: str, rule: object, links: set[str]) -> None:
    if name in links:
        field = "roll_up(how)"
        raise SpecError.from_field(
            field,
            "must not name the columns of ids and parents",
            name,
            "leave it out: the links themselves say how these two roll up.",
        )
    if not isinstance(rule, WeightedMean) and rule not in ("sum", "max", "own"):
        words = ("sum", "max", "own", "WeightedMean(weight=…)")
        field = f"roll_up(how)[{name!r}]"
        raise SpecError.from_choice(field, rule, words)
