"""A finding: one fact about the data that a reader should know, with its count and examples."""

from __future__ import annotations

import attrs

from keyaccount._validators import choice, count, exact_tuple, text

__all__ = ["Finding"]


@attrs.frozen(kw_only=True)
class Finding:
    """One fact about the data that a reader should know.

    Parameters
    ----------
    code
        What kind of fact, as a fixed word (``"infinite"``, ``"unknown_product"``).
    message
        The fact in one sentence.
    count
        How many rows, labels or accounts it concerns.
    where
        The table or column it was met in.
    severity
        ``"info"`` (nothing to do), ``"warning"`` (have a look) or ``"error"`` (data were rejected).
    examples
        The first few values or ids it concerns.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Finding(code="infinite", message="2 values are infinite", count=2, where="sales").count
    2
    """

    code: str = attrs.field(validator=text)
    message: str = attrs.field(validator=text)
    count: int = attrs.field(validator=count)
    where: str = ""
    severity: str = attrs.field(default="warning", validator=choice("info", "warning", "error"))
    examples: tuple[str, ...] = attrs.field(default=(), converter=exact_tuple)
