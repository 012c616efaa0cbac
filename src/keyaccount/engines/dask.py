"""Dask: each partition is a pandas frame, and stays where it is."""

from __future__ import annotations

from typing import Any

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding
from keyaccount.engines.pandas import with_columns

__all__ = ["DaskEngine"]


class DaskEngine:
    """Data frames of Dask."""

    folds_case = False

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(str(name) for name in frame.columns)

    def empty(self, frame: Any) -> Columns:
        """Give columns of the same types without a row."""
        return frame._meta.iloc[:0]  # noqa: SLF001 - the one place where Dask keeps the types

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a frame that adds the columns to each partition when it is computed."""
        meta = with_columns(self.empty(frame), adding)
        return frame.map_partitions(with_columns, adding, meta=meta)

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Compute these columns alone."""
        return frame[list(names)].compute()
