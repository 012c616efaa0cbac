"""Texts that a spreadsheet would run as formulas, made safe in CSV files and read back."""

from __future__ import annotations

__all__ = ["guarded", "unguarded"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula."""


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    One that looks as if it had been given one gets another, so that each text comes back.
    """
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """Take that apostrophe away again."""
    had_one = text.startswith("'") and text.lstrip("'").startswith(_FORMULA)
    return text[1:] if had_one else text
