"""`BetaGeometricNBD`: a customer may leave after each repeat order."""

from __future__ import annotations

import attrs

from keyaccount._validators import choice, exact_float, optional, positive
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.geometric import Geometric
from keyaccount.lifecycle.buying.kernel import Kernel
from keyaccount.lifecycle.buying.model import BuyingModel, BuyingUnit, a_fit

__all__ = ["BetaGeometricNBD"]

_KERNEL = Geometric(extra=0)


@attrs.frozen(kw_only=True)
class BetaGeometricNBD(BuyingModel):
    """The BG/NBD: orders at a Gamma rate, and a chance to leave after each repeat order.

    Parameters
    ----------
    r, alpha
        Rates of ordering scatter as Gamma(r, alpha): r / alpha orders per unit of time on average.
    a, b
        Chances of leaving scatter as Beta(a, b): a / (a + b) on average.
    time_unit
        Unit of all times, ``"day"`` or ``"week"``; None where it is not said.
    facts
        How it was fitted; None where the parameters were given.

    Raises
    ------
    SpecError
        A parameter is not above 0.

    Notes
    -----
    Customers without a repeat order cannot have left: their `probability_alive` is 1.
    `ModifiedBetaGeometricNBD` lets them leave after the first order too.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005), "Counting your customers" the easy way: an
    alternative to the Pareto/NBD model, Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> import keyaccount as ka
    >>> model = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="week")
    >>> model.expected_orders(2, 30.43, 38.86, 39).round(3)  # the example of the paper
    array([1.226])
    >>> model.probability_alive([2, 0], [30.43, 0.0], [38.86, 38.86]).round(3)
    array([0.727, 1.   ])
    """

    r: float = attrs.field(converter=exact_float, validator=positive)
    alpha: float = attrs.field(converter=exact_float, validator=positive)
    a: float = attrs.field(converter=exact_float, validator=positive)
    b: float = attrs.field(converter=exact_float, validator=positive)
    time_unit: BuyingUnit | None = attrs.field(
        default=None, validator=optional(choice("day", "week"))
    )
    facts: BuyingFit | None = attrs.field(default=None, validator=a_fit)

    @classmethod
    def kernel(cls) -> Kernel:
        """Return the arithmetic of the model, for code that extends it."""
        return _KERNEL
