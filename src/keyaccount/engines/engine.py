"""`Engine` and `LazyEngine`: what the library must know of a kind of frame."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding
from keyaccount.errors import ColumnError

__all__ = ["FEW_AT_HOME", "Engine", "LazyEngine"]

T = TypeVar("T")

FEW_AT_HOME: Final = 4_000_000
"""So many values of a column are brought home rather than counted once more: 32 MB of them."""


class Engine(abc.ABC):
    """One kind of frame: how its columns are named, read and added to.

    An engine knows the row-wise protocol and nothing of any spec.
    """

    def folds_case(self, frame: Any) -> bool:
        """Say whether ``score`` and ``Score`` are one name there."""
        del frame
        return False

    @abc.abstractmethod
    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns, without running anything."""

    def refuse_alike(self, frame: Any, names: Iterable[str]) -> None:
        """Refuse to read a column that is there twice, by what the engine takes for one name."""
        held = str.casefold if self.folds_case(frame) else str
        there: dict[str, list[str]] = {}
        for name in self.names(frame):
            there.setdefault(held(name), []).append(name)
        for name in names:
            alike = there.get(held(name), [])
            if len(alike) > 1:
                raise ColumnError.from_kind(
                    name,
                    "one value per row",
                    f"{len(alike)} columns of that name: {', '.join(map(repr, alike))}",
                    "rename or drop one of them.",
                )

    @abc.abstractmethod
    def empty(self, frame: Any) -> Columns:
        """Give columns of the same types without a row, without running anything."""

    @abc.abstractmethod
    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a frame of the same kind with the columns added, lazily where it is lazy."""

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Give these columns, and maybe others, in memory."""
        del names
        rows: Columns = frame
        return rows


class LazyEngine(Engine, abc.ABC):
    """A kind of frame that runs when it is asked to: it counts where the rows are."""

    @abc.abstractmethod
    def narrow(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Return a frame of the same kind with these columns alone."""

    def on_parts(
        self, frame: Any, names: tuple[str, ...], work: Callable[[Any], T]
    ) -> Iterable[T] | None:
        """Do some work on these columns of each part, where the parts are, and bring it home.

        None: the library groups and counts better by itself.
        """
        del frame, names, work
        return None
