"""Findings as the intake writes them: a count, one sentence, the first few distinct examples."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Literal, TypeAlias

from keyaccount.findings import Finding

__all__ = ["Severity", "note", "rows", "said"]

Severity: TypeAlias = Literal["info", "warning", "error"]
"""Nothing to do; have a look; data were rejected."""

_SHOWN = 5


def note(
    code: str,
    message: str,
    count: int,
    where: str,
    severity: Severity = "warning",
    *,
    examples: Iterable[object] = (),
) -> tuple[Finding, ...]:
    """Write a finding, or none where nothing was met."""
    if not count:
        return ()
    shown = tuple(islice(dict.fromkeys(str(e) for e in examples), _SHOWN))
    found = Finding(
        code=code, message=message, count=count, where=where, severity=severity, examples=shown
    )
    return (found,)


def rows(count: int, noun: str = "row") -> str:
    """Write a count with its noun: ``1 row``, ``1,425 deals``."""
    ending = "es" if noun.endswith("s") else "s"
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}{ending}"


def said(error: Exception) -> str:
    """Say what Python said of a file, in its own words but without its class names."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, KeyError):
        return f"there is no column {error.args[0]!r}"
    return str(error)
