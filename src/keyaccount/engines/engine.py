"""`Engine`: what the library must know of a kind of frame."""

from __future__ import annotations

from typing import Any, Protocol

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding

__all__ = ["Engine"]


class Engine(Protocol):
    """One kind of frame: how its columns are named, read and added to.

    An engine knows the row-wise protocol and nothing of any spec.
    """

    folds_case: bool
    """Whether ``score`` and ``Score`` are one name there."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns, without running anything."""
        ...

    def empty(self, frame: Any) -> Columns:
        """Give columns of the same types without a row, without running anything."""
        ...

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a frame of the same kind with the columns added, lazily where it is lazy."""
        ...

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Read these columns into memory, and no others."""
        ...
