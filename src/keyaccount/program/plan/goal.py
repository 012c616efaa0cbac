"""`PlanGoal`: what an account plan wants to reach."""

from __future__ import annotations

import attrs

from keyaccount._validators import finite, optional, optional_float, text, text_or_empty
from keyaccount._view import Spec

__all__ = ["PlanGoal"]


@attrs.frozen
class PlanGoal(Spec):
    """What a plan wants to reach.

    Parameters
    ----------
    code
        Fixed word that initiatives name it by.
    name
        What is to be reached.
    target, unit
        The figure, and what it counts; None where there is no figure.

    Raises
    ------
    SpecError
        A text is blank or the target is not finite.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.PlanGoal("share", "Share of wallet", target=0.4).target
    0.4
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    target: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(finite)
    )
    unit: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
