"""Positioning: where we stand with each account, where we aim; strategic or merely important."""

from keyaccount.program.positioning.level import PositionLevel, position_levels
from keyaccount.program.positioning.positioning import positioning
from keyaccount.program.positioning.result import Positioning
from keyaccount.program.positioning.rule import StrategicRule

__all__ = ["PositionLevel", "Positioning", "StrategicRule", "position_levels", "positioning"]
