"""The columns of a log in its engine, under the names of their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import attrs
import narwhals as nw
import pyarrow as pa
import pyarrow.compute

from keyaccount._columns import pick
from keyaccount.engines.adding import Adding
from keyaccount.engines.engine import Engine
from keyaccount.engines.grouping import DaskRows, LazyRows, Rows, StreamedRows, brought_home
from keyaccount.engines.renaming import renamed
from keyaccount.rowwise import RowWise

__all__ = ["LogFrame", "log_frame"]


class LogFrame(Protocol):
    """A log in its engine."""

    def distinct(self, role: str) -> Any:
        """Bring the distinct cells of one column home."""
        ...

    def rows(self, spec: RowWise) -> Rows:
        """Add what a spec says of each row."""
        ...


def log_frame(engine: Engine, frame: Any, roles: Mapping[str, str]) -> LogFrame:
    """Take the columns of a log, each under its role."""
    if type(engine).__name__ == "ArrowDatasetEngine":
        return _StreamedLog(frame, roles)
    narrowed = renamed(engine, frame, roles)
    if type(engine).__name__ == "DaskEngine":
        return _DaskLog(engine, narrowed)
    return _LazyLog(engine, narrowed)


@attrs.frozen(eq=False)
class _LazyLog:
    """A log in a lazy frame that narwhals knows."""

    engine: Engine
    frame: Any

    def distinct(self, role: str) -> Any:
        found = nw.from_native(self.frame).select(role).unique()
        return pick(brought_home(found.to_native()), role)

    def rows(self, spec: RowWise) -> Rows:
        adding = Adding(spec, "", spec.reads)
        return LazyRows(nw.from_native(self.engine.add(self.frame, adding)))


@attrs.frozen(eq=False)
class _DaskLog:
    """A log of Dask, whose partitions are frames of pandas."""

    engine: Engine
    frame: Any

    def distinct(self, role: str) -> Any:
        return self.frame[role].unique().compute()

    def rows(self, spec: RowWise) -> Rows:
        return DaskRows(self.engine.add(self.frame, Adding(spec, "", spec.reads)))


@attrs.frozen(eq=False)
class _StreamedLog:
    """A log in files that pyarrow reads batch by batch, as often as it is asked."""

    dataset: Any
    roles: Mapping[str, str]

    def distinct(self, role: str) -> Any:
        parts = [batch.column(role).unique() for batch in self._batches()]
        return pa.chunked_array(parts).unique()

    def rows(self, spec: RowWise) -> Rows:
        return StreamedRows(self._batches, Adding(spec, "", spec.reads))

    def _empty(self) -> Any:
        fields = [self.dataset.schema.field(name) for name in dict.fromkeys(self.roles.values())]
        return pa.RecordBatch.from_pylist([], schema=pa.schema(fields))

    def _batches(self) -> Iterator[Any]:
        yield self._renamed(self._empty())  # there may be no other one
        names = list(dict.fromkeys(self.roles.values()))
        for batch in self.dataset.to_batches(columns=names):
            yield self._renamed(batch)

    def _renamed(self, batch: Any) -> Any:
        columns = {role: _decoded(batch.column(name)) for role, name in self.roles.items()}
        columns["customer"] = _one_zero(columns["customer"])
        return pa.RecordBatch.from_pydict(columns)


def _decoded(column: Any) -> Any:
    """Write out the cells of a dictionary: each batch has one of its own."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _one_zero(ids: Any) -> Any:
    """Write -0.0 as 0.0, which pyarrow alone would take for two customers."""
    if not pa.types.is_floating(ids.type):
        return ids
    compute: Any = pyarrow.compute
    return compute.add(ids.cast(pa.float64()), pa.scalar(0.0))
