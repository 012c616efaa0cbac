"""`ModifiedBetaGeometricNBD`: a customer may leave after each order, the first one included."""

from __future__ import annotations

import attrs

from keyaccount._validators import choice, exact_float, optional, positive
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.geometric import Geometric
from keyaccount.lifecycle.buying.kernel import Kernel
from keyaccount.lifecycle.buying.model import BuyingModel, BuyingUnit, a_fit

__all__ = ["ModifiedBetaGeometricNBD"]

_KERNEL = Geometric(extra=1)


@attrs.frozen(kw_only=True)
class ModifiedBetaGeometricNBD(BuyingModel):
    """The MBG/NBD: as the BG/NBD, with a chance to leave after the first order too.

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

    References
    ----------
    Batislam, E. P., Denizel, M. & Filiztekin, A. (2007), Empirical validation and comparison of
    models for customer base analysis, International Journal of Research in Marketing 24(3),
    201-209.

    Examples
    --------
    >>> import keyaccount as ka
    >>> model = ka.ModifiedBetaGeometricNBD(r=0.525, alpha=6.18, a=0.891, b=1.61)
    >>> model.probability_alive(0, 0.0, 38.86).round(2)  # one order, then 39 weeks of silence
    array([0.39])
    >>> model.expected_orders(2, 30.43, 38.86, 39).round(2)
    array([1.26])
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
