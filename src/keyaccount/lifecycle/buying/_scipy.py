"""The one door to scipy: the extra ``clv``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from keyaccount.errors import MissingExtra

__all__ = ["special"]


def special() -> Any:
    """Give scipy's special functions."""
    try:
        return import_module("scipy.special")
    except ModuleNotFoundError:
        raise MissingExtra.from_caller("a buying model", "clv", "scipy") from None
