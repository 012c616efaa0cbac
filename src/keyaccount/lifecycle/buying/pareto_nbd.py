"""`ParetoNBD`: a customer may leave at any time."""

from __future__ import annotations

import attrs

from keyaccount._validators import choice, exact_float, optional, positive
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.kernel import Kernel
from keyaccount.lifecycle.buying.model import BuyingModel, BuyingUnit, a_fit
from keyaccount.lifecycle.buying.pareto import Pareto

__all__ = ["ParetoNBD"]

_KERNEL = Pareto()


@attrs.frozen(kw_only=True)
class ParetoNBD(BuyingModel):
    """The Pareto/NBD: orders at a Gamma rate, until a death at any time.

    Parameters
    ----------
    r, alpha
        Rates of ordering scatter as Gamma(r, alpha): r / alpha orders per unit of time on average.
    s, beta
        Rates of leaving scatter as Gamma(s, beta): s / beta per unit of time on average.
    time_unit
        Unit of all times, ``"day"`` or ``"week"``; None where it is not said.
    facts
        How it was fitted; None where the parameters were given.

    Raises
    ------
    SpecError
        A parameter is not above 0.

    References
    ----------
    Schmittlein, D. C., Morrison, D. G. & Colombo, R. (1987), Counting your customers: who are they
    and what will they do next?, Management Science 33(1), 1-24. Fader, P. S. & Hardie, B. G. S.
    (2005), A note on deriving the Pareto/NBD model and related expressions.

    Examples
    --------
    >>> import keyaccount as ka
    >>> model = ka.ParetoNBD(r=0.553, alpha=10.578, s=0.606, beta=11.669, time_unit="week")
    >>> model.probability_alive([2, 26], [30.43, 30.86], [38.86, 31.0]).round(3)
    array([0.869, 0.998])
    """

    r: float = attrs.field(converter=exact_float, validator=positive)
    alpha: float = attrs.field(converter=exact_float, validator=positive)
    s: float = attrs.field(converter=exact_float, validator=positive)
    beta: float = attrs.field(converter=exact_float, validator=positive)
    time_unit: BuyingUnit | None = attrs.field(
        default=None, validator=optional(choice("day", "week"))
    )
    facts: BuyingFit | None = attrs.field(default=None, validator=a_fit)

    @classmethod
    def kernel(cls) -> Kernel:
        """Return the arithmetic of the model, for code that extends it."""
        return _KERNEL
