"""The columns of a log in its engine, under the names of their roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import attrs
import narwhals as nw
import pyarrow as pa

from keyaccount._columns import pick
from keyaccount.engines.adding import Adding
from keyaccount.engines.engine import Engine
from keyaccount.engines.grouping import DaskRows, LazyRows, Rows, StreamedRows, brought_home
from keyaccount.rowwise import RowWise

__all__ = ["LogFrame", "log_frame"]


class LogFrame(Protocol):
    """A log in its engine."""

    def types(self) -> dict[str, Any]:
        """Give the type of each column, by its role, in narwhals' words."""
        ...

    def distinct(self, role: str) -> Any:
        """Bring the distinct cells of one column home."""
        ...

    def rows(self, spec: RowWise) -> Rows:
        """Add what a spec says of each row."""
        ...


def log_frame(engine: Engine, frame: Any, roles: dict[str, str]) -> LogFrame:
    """Take the columns of a log, each under its role."""
    if type(engine).__name__ == "ArrowDatasetEngine":
        return _StreamedLog(frame, roles)
    if type(engine).__name__ == "SparkEngine":
        return _LazyLog(engine, _narrowed_in_spark(frame, roles))
    if type(engine).__name__ == "DaskEngine":
        return _DaskLog(engine, _narrowed_in_dask(frame, roles))
    taken = (nw.col(name).alias(role) for role, name in roles.items())
    return _LazyLog(engine, nw.from_native(frame).select(*taken).to_native())


def _narrowed_in_spark(frame: Any, roles: dict[str, str]) -> Any:
    """Quote the names: Spark takes a dot for the way into a struct."""
    quoted = {role: name.replace("`", "``") for role, name in roles.items()}
    return frame.select(*(frame[f"`{name}`"].alias(role) for role, name in quoted.items()))


def _narrowed_in_dask(frame: Any, roles: dict[str, str]) -> Any:
    return frame.assign(**{role: frame[name] for role, name in roles.items()})[list(roles)]


@attrs.frozen(eq=False)
class _LazyLog:
    """A log in a lazy frame that narwhals knows."""

    engine: Engine
    frame: Any

    def types(self) -> dict[str, Any]:
        return dict(nw.from_native(self.frame).collect_schema())

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

    def types(self) -> dict[str, Any]:
        empty: Any = self.engine.empty(self.frame)
        return dict(nw.from_native(empty).schema)

    def distinct(self, role: str) -> Any:
        return self.frame[role].unique().compute()

    def rows(self, spec: RowWise) -> Rows:
        return DaskRows(self.engine.add(self.frame, Adding(spec, "", spec.reads)))


@attrs.frozen(eq=False)
class _StreamedLog:
    """A log in files that pyarrow reads batch by batch, as often as it is asked."""

    dataset: Any
    roles: dict[str, str]

    def types(self) -> dict[str, Any]:
        return dict(nw.from_native(pa.Table.from_batches([self._renamed(self._empty())])).schema)

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
        columns = [_decoded(batch.column(name)) for name in self.roles.values()]
        return pa.RecordBatch.from_arrays(columns, names=list(self.roles))


def _decoded(column: Any) -> Any:
    """Write out the cells of a dictionary: each batch has one of its own."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
