"""`StrategicRule`: when a key account is strategic, and not merely important."""

from __future__ import annotations

import attrs

from keyaccount._validators import exact_tuple, optional, text, unique_names
from keyaccount._view import Spec

__all__ = ["StrategicRule"]


@attrs.frozen(kw_only=True)
class StrategicRule(Spec):
    """When an account is strategic (战略客户), and not merely important (重要客户).

    Strategic means that we work on the customer's strategy. An account that only matters to us is
    important.

    Parameters
    ----------
    all_of
        Columns of true and false that must all be true. The default, one column
        ``works_on_strategy``, is the method's definition under a name of this library.
    from_level
        Code of the lowest level the account must have now; None: any.

    Raises
    ------
    SpecError
        A name is blank or occurs twice.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.StrategicRule(from_level="business_partner").all_of
    ('works_on_strategy',)
    """

    all_of: tuple[str, ...] = attrs.field(
        default=("works_on_strategy",), converter=exact_tuple, validator=unique_names
    )
    from_level: str | None = attrs.field(default=None, validator=optional(text))
