"""Spark: Arrow batches go through the spec on the workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from pyspark.sql import types
from pyspark.sql.pandas.types import to_arrow_schema

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding
from keyaccount.engines.arrow import added_to_batches
from keyaccount.engines.encoding import as_text

__all__ = ["SparkEngine"]

_TYPES = {
    "float": types.DoubleType(),
    "code": types.StringType(),
    "day": types.DateType(),
    "bool": types.BooleanType(),
}


class SparkEngine:
    """Data frames of Spark, classic or over Connect."""

    folds_case = True

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.columns)

    def empty(self, frame: Any) -> Columns:
        """Give columns of the same types without a row."""
        return to_arrow_schema(frame.schema).empty_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a frame that adds the columns when it is run."""
        added = [types.StructField(n, _TYPES[c.kind]) for n, c in adding.written.items()]
        return frame.mapInArrow(_Batches(adding), types.StructType([*frame.schema, *added]))

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Run the query for these columns alone, and collect them."""
        return frame.select([_quoted(name) for name in names]).toArrow()


def _quoted(name: str) -> str:
    doubled = name.replace("`", "``")
    return f"`{doubled}`"


@attrs.frozen(eq=False)
class _Batches:
    """What runs on a worker: all batches of one partition."""

    adding: Adding

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        return added_to_batches(batches, self.adding, as_text)
