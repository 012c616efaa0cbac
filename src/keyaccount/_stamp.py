"""What a result says of the spec that made it."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Any

__all__ = ["Stamped"]

_ROOM = "keyaccount.playbook"
"""Where specs are digested: named, and loaded when somebody asks, since it knows every spec and so
stands above all of them."""


class Stamped:
    """A result that says which spec made it."""

    @property
    def spec(self) -> Any:
        """The spec that made it."""
        raise NotImplementedError

    def __getstate__(self) -> Any:
        """Leave the digest out: it is computed where it is asked for."""
        state: Any = super().__getstate__()
        return (
            {n: v for n, v in state.items() if n != "digest"} if isinstance(state, dict) else state
        )

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the spec that made it, by which stored results are told apart."""
        found: str = import_module(_ROOM).digest(self.spec)
        return found
