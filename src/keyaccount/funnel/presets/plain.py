"""Stages of which the source says little more than their names."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount.funnel.stages import Stage

__all__ = ["Row", "plain_stages"]

Row = tuple[str, str, str]
"""Code, name and Chinese name of a stage."""


def plain_stages(rows: Iterable[Row]) -> tuple[Stage, ...]:
    """Make open stages of rows: no odds, no plan, nobody in the lead."""
    return tuple(Stage(code, name, name_zh=name_zh) for code, name, name_zh in rows)
