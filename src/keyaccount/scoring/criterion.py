"""`Criterion`: one thing an account is judged by, and what is done where it is unknown."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import attrs

from keyaccount._validators import choice, exact_float, field_name, is_finite, text
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup
from keyaccount.scoring.values import ValueFunction

MissingPolicy: TypeAlias = Literal["worst", "neutral", "reweight", "reject"]
"""What an unknown value counts as: 0; the group's middle; nothing; or no score at all."""


def _value_function(instance: Any, attribute: Any, value: Any) -> None:
    if isinstance(value, ByGroup) and isinstance(value.pool, ValueFunction):
        wrong = [v for v in value if not isinstance(v, ValueFunction)]
        if not wrong:
            return
        value = wrong[0]
    if not isinstance(value, ValueFunction):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a value function, or a ByGroup of them with a pool",
            value,
            "use Linear(low, high), Percentile() or another of the value functions.",
        )


def _worths(instance: Any, attribute: Any, value: Any) -> None:
    constants = [*value, value.pool] if isinstance(value, ByGroup) else [value]
    whole = not isinstance(value, ByGroup) or value.pool is not None
    if not whole or not all(is_finite(c) for c in constants if c is not None):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be finite worths, in all or by group with a pool",
            value,
            "leave it out: fit learns it.",
        )


def _exact_worths(value: Any) -> Any:
    return value.map(exact_float) if isinstance(value, ByGroup) else exact_float(value)


def _column(instance: Any, attribute: Any, value: Any) -> None:
    if value is not None:
        text(instance, attribute, value)


@attrs.frozen
class Criterion(Spec):
    """One thing an account is judged by.

    Parameters
    ----------
    name
        The criterion's name, by which it is weighted.
    column
        The column it is read from. None: nobody has measured it yet, and it is unknown for every
        account.
    value
        What turns the raw values into worth, or one such function per group (`ByGroup`).
    missing
        What an unknown (or infinite) value counts as: ``"worst"`` 0; ``"neutral"`` the worth of the
        group's median, learned by fit; ``"reweight"`` nothing, the weights of the known criteria
        being scaled up; ``"reject"`` the account gets no score.
    neutral
        Learned under ``"neutral"``: the worth that an unknown value counts as.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Criterion("showcase", column="showcase_rating", value=ka.Linear(1, 5)).missing
    'worst'
    """

    name: str = attrs.field(validator=text)
    column: str | None = attrs.field(kw_only=True, validator=_column)
    value: ValueFunction | ByGroup[ValueFunction] = attrs.field(
        kw_only=True, validator=_value_function
    )
    missing: MissingPolicy = attrs.field(
        default="worst",
        kw_only=True,
        validator=choice("worst", "neutral", "reweight", "reject"),
    )
    neutral: float | ByGroup[float] | None = attrs.field(
        default=None, kw_only=True, converter=_exact_worths, validator=_worths
    )

    @property
    def is_fitted(self) -> bool:
        """Whether every constant is there."""
        functions = self.value if isinstance(self.value, ByGroup) else [self.value]
        learned = all(f.is_fitted for f in functions)
        return learned and (self.missing != "neutral" or self.neutral is not None)
