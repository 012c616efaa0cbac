"""A fault in stored data on its way up to the error that says where it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from keyaccount.errors import KeyAccountError, SerialisationError, closest

__all__ = ["Fault", "allowed_here", "expected", "failed", "index_step", "key_step", "shown"]

_LONGEST = 60


class Fault(Exception):  # noqa: N818 - never leaves this package; `error` makes the error
    """What is wrong with one value; each level adds its step on the way up.

    Parameters
    ----------
    problem, hint
        The two halves of the message.
    parts
        What the error carries beside the path.
    """

    def __init__(self, problem: str, hint: str, **parts: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.parts = parts
        self.steps: list[str] = []

    @classmethod
    def from_error(cls, error: KeyAccountError) -> Fault:
        """Take over what a spec's own validator says."""
        return cls(error.fact, error.hint, **error.parts)

    def at(self, step: str) -> Fault:
        """Add the step that leads to where this fault was met."""
        self.steps.append(step)
        return self

    def error(self) -> SerialisationError:
        """Make the error, with the whole path."""
        path = "$" + "".join(reversed(self.steps))
        error = SerialisationError.from_path(path, self.problem, self.hint)
        error.parts = {**self.parts, **error.parts}
        return error


def key_step(key: object) -> str:
    """Write the step into a table: ``.low``, or ``["two words"]``."""
    text = str(key)
    return f".{text}" if text.isidentifier() else f"[{json.dumps(text, ensure_ascii=False)}]"


def index_step(i: int) -> str:
    """Write the step into an array: ``[2]``."""
    return f"[{i}]"


def shown(value: object) -> str:
    """Write a value as it was met, cut where it is long."""
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def expected(got: object, what: str, hint: str) -> Fault:
    """Say what was expected in place of a value."""
    return Fault(f"expected {what} (got {shown(got)})", hint, expected=what, got=got)


def allowed_here(got: object, allowed: Iterable[str], what: str) -> str:
    """Write the hint of a word that is none of the allowed ones: the nearest, then all."""
    words = tuple(allowed)
    near = closest(str(got), words)
    every = f"{what}: {', '.join(words)}."
    if not near:
        return every
    return f"did you mean {' or '.join(map(repr, near))}? {every[0].upper()}{every[1:]}"


def failed(file: Path, what: str, error: OSError | ValueError) -> SerialisationError:
    """Say what could not be done with a file; a name that can be none is no OSError."""
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return SerialisationError.from_path(
        str(file), f"the file {what}: {said}", "check the path and the rights on it."
    )
