"""What went wrong with a file, as an error message repeats it."""

from __future__ import annotations

__all__ = ["said"]


def said(error: Exception) -> str:
    """Say what Python said of a file, in its own words but without its class names."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, KeyError):
        return f"there is no column {error.args[0]!r}"
    return str(error)
