"""`BuyingFit`: how a model was fitted, kept beside its parameters as plain data."""

from __future__ import annotations

from typing import Any

import attrs

from keyaccount._validators import (
    count,
    exact_float,
    exact_tuple,
    field_name,
    finite,
    flag,
    is_finite,
    not_negative,
    point_tuple,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = ["BuyingFit"]


def a_square(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a square table of finite numbers, or None."""
    if value is None:
        return
    rows = value if isinstance(value, tuple) else ()
    square = all(
        isinstance(r, tuple) and len(r) == len(rows) and all(is_finite(c) for c in r) for r in rows
    )
    if not rows or not square:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a square table of finite numbers",
            value,
            "give one row and one column per parameter, or None where it is unknown.",
        )


@attrs.frozen(kw_only=True)
class BuyingFit(Spec):
    """How a model was fitted.

    Parameters
    ----------
    log_likelihood
        The log-likelihood reached, constants that depend on the data alone left out as in the
        papers.
    customers
        Customers it was learned from.
    repeaters
        Those of them with at least one repeat order.
    iterations
        Steps of the search that found the estimates.
    gradient
        The largest slope left, of the mean log-likelihood in the logarithm of a parameter that is
        free to move: 0 at an exact maximum.
    converged
        Whether that slope is at most 10⁻⁶: a choice of this library.
    at_bound
        Parameters that ran into the end of the range searched: the data ask for 0 or infinity.
    covariance
        Of the logarithms of the parameters, from the observed information; None where that cannot
        be inverted.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.BuyingFit(
    ...     log_likelihood=-9582.43, customers=2357, repeaters=946, iterations=21, gradient=1e-9
    ... ).converged
    True
    """

    log_likelihood: float = attrs.field(converter=exact_float, validator=finite)
    customers: int = attrs.field(validator=count)
    repeaters: int = attrs.field(validator=count)
    iterations: int = attrs.field(validator=count)
    gradient: float = attrs.field(converter=exact_float, validator=not_negative)
    converged: bool = attrs.field(default=True, validator=flag)
    at_bound: tuple[str, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=unique_names
    )
    covariance: tuple[tuple[float, ...], ...] | None = attrs.field(
        default=None, converter=point_tuple, validator=a_square
    )
