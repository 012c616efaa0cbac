"""A slip that is easily made: the preset itself, or its name, in place of what it returns."""

from __future__ import annotations

from keyaccount.errors import SpecError
from keyaccount.funnel.funnel import Funnel

__all__ = ["refuse_no_funnel"]


def refuse_no_funnel(name: str, value: object) -> None:
    """Refuse anything but a funnel."""
    if not isinstance(value, Funnel):
        hint = "call the preset, as in opportunity_funnel(), or make a Funnel of your own."
        raise SpecError.from_field(name, "must be a Funnel", value, hint)
