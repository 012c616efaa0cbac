"""A finding: one fact about the data that a reader should know, with its count and examples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats
from keyaccount._validators import choice, count, exact_tuple, text

__all__ = [
    "Finding",
    "Met",
    "Severity",
    "about_met",
    "about_rows",
    "about_values",
    "counted",
    "note",
]

Severity: TypeAlias = Literal["info", "warning", "error"]
"""Nothing to do; have a look; data were rejected."""

_SHOWN = 5


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


def note(
    code: str,
    message: str,
    count: int,
    where: str = "",
    severity: Severity = "warning",
    *,
    examples: Iterable[object] = (),
) -> tuple[Finding, ...]:
    """Write a finding with the first few distinct examples, or none where nothing was met."""
    if not count:
        return ()
    shown: dict[str, None] = {}
    for example in examples:  # there may be a million: no more are looked at than are shown
        shown[str(example)] = None
        if len(shown) == _SHOWN:
            break
    found = Finding(
        code=code, message=message, count=count, where=where, severity=severity, examples=shown
    )
    return (found,)


@attrs.frozen
class Met:
    """How many rows were met, and the first few of them where rows have numbers."""

    count: int = 0
    shown: tuple[str, ...] = ()

    @classmethod
    def among(cls, rows: Codes) -> Self:
        """Count some rows, and show the first few."""
        return cls(len(rows), tuple(f"row {r}" for r in rows[:_SHOWN].tolist()))


def about_met(
    code: str, message: str, met: Met, *, where: str = "", severity: Severity = "warning"
) -> tuple[Finding, ...]:
    """Tell a fact about rows that were met, or nothing where there are none."""
    return note(code, message, met.count, where, severity, examples=met.shown)


def about_rows(
    code: str, message: str, rows: Codes, *, where: str = "", severity: Severity = "warning"
) -> tuple[Finding, ...]:
    """Tell a fact about some rows, or nothing where there are none."""
    return about_met(code, message, Met.among(rows), where=where, severity=severity)


def about_values(
    code: str,
    what: str,
    which: Bools,
    values: Floats,
    *,
    where: str = "",
    severity: Severity = "warning",
) -> tuple[Finding, ...]:
    """Tell of the values marked, as ``2 values are infinite``, or nothing where there are none."""
    rows = np.flatnonzero(which)
    verb = "is" if len(rows) == 1 else "are"
    examples = (f"row {i}: {values[i]:.15g}" for i in rows.tolist())
    said = f"{counted(len(rows), 'value')} {verb} {what}"
    return note(code, said, len(rows), where, severity, examples=examples)


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: ``1 order``, ``1,425 orders``, ``2 aliases``."""
    ending = "es" if noun.endswith("s") else "s"
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}{ending}"
