"""`Cell`: one kind of customer in a matrix, and what to do with it."""

from __future__ import annotations

import attrs

from keyaccount._validators import optional, text, text_or_empty
from keyaccount._view import Spec

__all__ = ["Cell"]


@attrs.frozen
class Cell(Spec):
    """One kind of customer: its code, its names and the treatment it is to get.

    Parameters
    ----------
    code
        The short word of the cell (``"V1"``).
    name
        English label; empty: none.
    name_zh
        Chinese label.
    treatment, treatment_zh
        What to do with such customers; None where nobody says.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Cell("V1", "VIP, 1", treatment="assign a key-account manager").treatment_zh is None
    True
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(default="", validator=text_or_empty)
    name_zh: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    treatment: str | None = attrs.field(default=None, validator=optional(text), kw_only=True)
    treatment_zh: str | None = attrs.field(default=None, validator=optional(text), kw_only=True)
