"""Spark: Arrow batches go through the spec on the workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from keyaccount.engines.adding import Adding
from keyaccount.engines.arrow import added_to_batches
from keyaccount.engines.encoding import as_text
from keyaccount.engines.engine import LazyEngine

__all__ = ["SparkEngine"]

_TYPES = {"float": "DoubleType", "code": "StringType", "day": "DateType", "bool": "BooleanType"}


class SparkEngine(LazyEngine):
    """Data frames of Spark, classic or over Connect."""

    def folds_case(self, frame: Any) -> bool:
        """Ask the session whether ``score`` and ``Score`` are one name."""
        said: str = frame.sparkSession.conf.get("spark.sql.caseSensitive")
        return said.lower() != "true"

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.columns)

    def empty(self, frame: Any) -> Any:
        """Give columns of the same types without a row."""
        return frame.limit(0).toArrow()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a frame that adds the columns when it is run."""
        from pyspark.sql import types  # a frame of Spark proves that it is there

        added = [
            types.StructField(name, getattr(types, _TYPES[column.kind])())
            for name, column in adding.written.items()
        ]
        # Spark takes a dot in a name for a field within a column: the names are put back there
        plain = frame.toDF(*(f"c{i}" for i in range(len(frame.columns))))
        batches = _Batches(adding, self.names(frame))
        return plain.mapInArrow(batches, types.StructType([*frame.schema, *added]))

    def read(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Run the query for these columns alone, and collect them."""
        return self.narrow(frame, names).toArrow()

    def narrow(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Return a frame of these columns alone."""
        return frame.select([_quoted(name) for name in names])


def _quoted(name: str) -> str:
    doubled = name.replace("`", "``")
    return f"`{doubled}`"


@attrs.frozen(eq=False)
class _Batches:
    """What runs on a worker: all batches of one partition."""

    adding: Adding
    names: tuple[str, ...]

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        named = (batch.rename_columns(list(self.names)) for batch in batches)
        return added_to_batches(named, self.adding, as_text)
