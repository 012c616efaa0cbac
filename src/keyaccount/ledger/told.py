"""Findings about rows of a log: how many, and the first few of them."""

from __future__ import annotations

from typing import Literal

from keyaccount._columns import Codes
from keyaccount.findings import Finding

__all__ = ["about_rows", "counted"]

_SHOWN = 5


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
    if not len(rows):
        return ()
    shown = tuple(f"row {r}" for r in rows[:_SHOWN].tolist())
    return (
        Finding(
            code=code,
            message=message,
            count=len(rows),
            where=where,
            severity=severity,
            examples=shown,
        ),
    )
