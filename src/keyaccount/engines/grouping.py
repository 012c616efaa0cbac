"""Group-bys of an engine, all of them counts, sums of whole numbers and extremes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import attrs
import narwhals as nw
import pyarrow as pa

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding
from keyaccount.engines.arrow import added_to_batches
from keyaccount.engines.encoding import as_text
from keyaccount.engines.known import engine_of

__all__ = ["DaskRows", "Groups", "LazyRows", "Rows", "StreamedRows", "Wanted", "brought_home"]

_WHOSE = ("customer", "state")
_COMPACTED_AT = 1_000_000
"""Rows of partial results that are kept before they are grouped again."""


@attrs.frozen
class Wanted:
    """What is wanted of each group, every column under its own name.

    Attributes
    ----------
    sums
        Columns of whole numbers to be added up.
    least, most
        Columns whose least or greatest number is wanted.
    """

    sums: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    most: tuple[str, ...] = ()


class Rows(Protocol):
    """Rows that an engine holds, to be grouped there.

    No row is left out before it is grouped: a filter is a reason for an engine to compute twice
    what the library says of a row, once to filter by it and once to use it.
    """

    def grouped(self, keys: tuple[str, ...], wanted: Wanted) -> Groups:
        """Add up and find extremes by group: one row each, which can be grouped again."""
        ...


class Groups(Rows, Protocol):
    """Rows that came of grouping: sums, which can be added up once more or brought home."""

    def after_first(self) -> Groups:
        """Keep the rows of a day after the first one of their customer and state."""
        ...

    def home(self) -> Columns:
        """Bring the rows home."""
        ...


_FIRST = Wanted(least=("day",))


@attrs.frozen(eq=False)
class LazyRows:
    """Rows of a frame that narwhals knows; where it is lazy nothing is run before it is read."""

    frame: Any

    def after_first(self) -> LazyRows:
        """Keep the rows of a day after the first one of their customer and state."""
        begun = nw.col("day").min().over(*_WHOSE)  # a join would run what led here twice
        return LazyRows(self.frame.filter(nw.col("day") > begun))

    def grouped(self, keys: tuple[str, ...], wanted: Wanted) -> LazyRows:
        """Write the query."""
        sums = tuple(nw.col(name).cast(nw.Int64) for name in wanted.sums)
        whole = self.frame.with_columns(*sums) if sums else self.frame
        found = whole.group_by(*keys).agg(
            *(nw.col(name).sum() for name in wanted.sums),
            *(nw.col(name).min() for name in wanted.least),
            *(nw.col(name).max() for name in wanted.most),
        )
        # a database may add up in a wider type
        return LazyRows(found.with_columns(*sums) if sums else found)

    def home(self) -> Columns:
        """Run the query."""
        return brought_home(nw.to_native(self.frame))


@attrs.frozen(eq=False)
class StreamedRows:
    """Rows of files, read batch by batch as often as they are grouped.

    Attributes
    ----------
    batches
        Begins to read, with the columns of the log under their roles.
    adding
        What is added to each batch.
    """

    batches: Callable[[], Iterator[Any]]
    adding: Adding

    def grouped(self, keys: tuple[str, ...], wanted: Wanted) -> LazyRows:
        """Group each batch, and what came of them again from time to time: sums of sums."""
        parts: list[LazyRows] = []
        rows, limit = 0, _COMPACTED_AT
        for batch in added_to_batches(self.batches(), self.adding, as_text):
            parts.append(_held(batch).grouped(keys, wanted))
            rows += len(parts[-1].frame)
            if rows > limit:
                parts = [_regrouped(parts, keys, wanted)]
                rows = len(parts[0].frame)
                limit = max(_COMPACTED_AT, 2 * rows)
        return _regrouped(parts, keys, wanted)


def _held(batch: Any) -> LazyRows:
    return LazyRows(nw.from_native(pa.Table.from_batches([batch]), eager_only=True))


def _regrouped(parts: list[LazyRows], keys: tuple[str, ...], wanted: Wanted) -> LazyRows:
    if len(parts) == 1:
        return parts[0]
    return LazyRows(nw.concat([part.frame for part in parts])).grouped(keys, wanted)


@attrs.frozen(eq=False)
class DaskRows:
    """Rows of Dask, in its own words."""

    frame: Any

    def after_first(self) -> DaskRows:
        """Keep the rows of a day after the first one of their customer and state."""
        firsts = self.grouped(_WHOSE, _FIRST).frame
        begun = firsts.rename(columns={"day": "begun"})
        joined = self.frame.merge(begun, on=list(_WHOSE), how="inner")
        return DaskRows(joined[joined["day"] > joined["begun"]])

    def grouped(self, keys: tuple[str, ...], wanted: Wanted) -> DaskRows:
        """Write the query; what is by day has as many rows as the log, and stays spread out."""
        whole = self.frame.astype(dict.fromkeys(wanted.sums, "int64"))
        asked = dict.fromkeys(wanted.sums, "sum")
        asked |= dict.fromkeys(wanted.least, "min") | dict.fromkeys(wanted.most, "max")
        spread = self.frame.npartitions if "day" in keys else 1
        groups = whole.groupby(list(keys), observed=True, sort=False, dropna=False)
        return DaskRows(groups.agg(asked, split_out=spread).reset_index())

    def home(self) -> Columns:
        """Compute the rows."""
        return brought_home(self.frame)


def brought_home(frame: Any) -> Columns:
    """Run a query, and bring its rows home."""
    engine = engine_of(frame)
    return engine.read(frame, engine.names(frame))
