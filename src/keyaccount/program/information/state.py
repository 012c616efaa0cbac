"""What is known of a field: nothing, something, or something that is stale."""

from __future__ import annotations

__all__ = ["FRESH", "MISSING", "STALE", "STATES"]

STATES = ("missing", "known", "stale")
MISSING, FRESH, STALE = range(3)
