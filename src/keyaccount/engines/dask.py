"""Dask: each partition is a pandas frame, and stays where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from dask.base import compute
from dask.delayed import delayed

from keyaccount.engines.adding import Adding
from keyaccount.engines.engine import LazyEngine
from keyaccount.engines.pandas import names_in_pandas, with_columns

__all__ = ["DaskEngine"]

T = TypeVar("T")


class DaskEngine(LazyEngine):
    """Data frames of Dask."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return names_in_pandas(frame.columns)

    def empty(self, frame: Any) -> Any:
        """Give columns of the same types without a row."""
        return frame._meta.iloc[:0]  # noqa: SLF001 - the one place where Dask keeps the types

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a frame that adds the columns to each partition when it is computed."""
        meta = with_columns(self.empty(frame), adding)
        return frame.map_partitions(with_columns, adding, meta=meta)

    def read(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Compute these columns alone."""
        return self.narrow(frame, names).compute()

    def narrow(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Return a frame of these columns alone."""
        return frame[list(names)]

    def on_parts(self, frame: Any, names: tuple[str, ...], work: Callable[[Any], T]) -> Iterable[T]:
        """Do some work on these columns of each partition, on the workers."""
        parts = self.narrow(frame, names).to_delayed()
        done: tuple[T, ...] = compute(*(delayed(work)(part) for part in parts))  # type: ignore[no-untyped-call]
        return done
