"""Findings about rows of a log: how many, and the first few of them."""

from __future__ import annotations

from typing import Literal, Self

import attrs

from keyaccount._columns import Codes
from keyaccount.findings import Finding

__all__ = ["Met", "about_met", "about_rows", "counted"]

_SHOWN = 5


@attrs.frozen
class Met:
    """How many rows were met, and the first few of them where rows have numbers."""

    count: int = 0
    shown: tuple[str, ...] = ()

    @classmethod
    def among(cls, rows: Codes) -> Self:
        """Count some rows, and show the first few."""
        return cls(len(rows), tuple(f"row {r}" for r in rows[:_SHOWN].tolist()))


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: ``1 order``, ``1,425 orders``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def about_rows(
    code: str,
    message: str,
    rows: Codes,
    *,
    where: str = "",
    severity: Literal["info", "warning", "error"] = "warning",
) -> tuple[Finding, ...]:
    """Tell a fact about some rows, or nothing where there are none."""
    return about_met(code, message, Met.among(rows), where=where, severity=severity)


def about_met(
    code: str,
    message: str,
    met: Met,
    *,
    where: str = "",
    severity: Literal["info", "warning", "error"] = "warning",
) -> tuple[Finding, ...]:
    """Tell a fact about rows that were met, or nothing where there are none."""
    if not met.count:
        return ()
    return (
        Finding(
            code=code,
            message=message,
            count=met.count,
            where=where,
            severity=severity,
            examples=met.shown,
        ),
    )
