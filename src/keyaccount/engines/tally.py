"""`tally`: count the rows of each bucket, with the lowest and the highest value in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Floats
from keyaccount.engines.adding import Adding
from keyaccount.engines.bucketing import BUCKET, VALUE, Bucketing, Counting
from keyaccount.engines.engine import LazyEngine
from keyaccount.errors import MissingExtra

__all__ = ["Tally", "narwhal", "row_count", "tally", "values_in_buckets"]


Buckets: TypeAlias = Bucketing | Counting
"""What says which bucket a row is in."""


@attrs.frozen(eq=False)
class Tally:
    """How many values each bucket has, and between what ends; buckets without one are left out."""

    bucket: Codes
    count: Codes
    low: Floats
    high: Floats


def narwhal() -> Any:
    """Import narwhals, which says group and count in the words of each engine."""
    try:
        import narwhals
    except ImportError:
        raise MissingExtra.from_caller("fit", "frames", "narwhals") from None
    return narwhals


def tally(engine: LazyEngine, frame: Any, bucketing: Buckets) -> Tally:
    """Let the engine count: only the buckets come home."""
    parts = engine.on_parts(frame, bucketing.reads, partial(_tally_of, bucketing))
    if parts is not None:
        return _merged(parts)
    nw = narwhal()
    value = nw.col(VALUE)
    found = (
        _in_buckets(engine, frame, bucketing)
        .group_by(BUCKET)
        .agg(nw.len().alias("count"), value.min().alias("low"), value.max().alias("high"))
    )
    columns = _home(found, (BUCKET, "count", "low", "high"))
    whole = [columns[name].astype(np.int64) for name in (BUCKET, "count")]
    return _counted(whole[0], whole[1], columns["low"], columns["high"])


def row_count(engine: LazyEngine, frame: Any, column: str) -> int:
    """Count the rows, by any column of theirs."""
    found = tally(engine, frame, Counting(column))
    return int(found.count.sum())


def _tally_of(bucketing: Buckets, rows: Columns) -> Tally:
    """Count one part of the rows."""
    buckets, values = _known(bucketing, rows)
    count = np.bincount(buckets, minlength=bucketing.size)
    low, high = np.full(len(count), np.inf), np.full(len(count), -np.inf)
    np.minimum.at(low, buckets, values)
    np.maximum.at(high, buckets, values)
    there = np.flatnonzero(count)
    return Tally(there, count[there], low[there], high[there])


def _merged(parts: Iterable[Tally]) -> Tally:
    """Add up the tallies of parts, one after another."""
    no_codes, none = np.empty(0, dtype=np.int64), np.empty(0)
    found = Tally(no_codes, no_codes, none, none)
    for part in parts:
        found = _counted(
            np.concatenate([found.bucket, part.bucket]),
            np.concatenate([found.count, part.count]),
            np.concatenate([found.low, part.low]),
            np.concatenate([found.high, part.high]),
        )
    return found


def _known(bucketing: Buckets, rows: Columns) -> tuple[Codes, Floats]:
    found = bucketing.apply(rows)
    keep = found[BUCKET] >= 0.0
    return found[BUCKET][keep].astype(np.int64), found[VALUE][keep]


def _counted(bucket: Codes, count: Codes, low: Floats, high: Floats) -> Tally:
    """Bring what belongs to one bucket together, the buckets in rising order."""
    order = np.argsort(bucket, kind="stable")
    kept = bucket[order]
    starts = np.flatnonzero(np.diff(kept, prepend=-1))
    if not len(starts):
        return Tally(kept, count, low, high)
    return Tally(
        kept[starts],
        np.add.reduceat(count[order], starts),
        np.minimum.reduceat(low[order], starts),
        np.maximum.reduceat(high[order], starts),
    )


def values_in_buckets(engine: LazyEngine, frame: Any, bucketing: Buckets) -> tuple[Codes, Floats]:
    """Bring the values home that are in any bucket, each with its bucket."""
    parts = engine.on_parts(frame, bucketing.reads, partial(_known, bucketing))
    if parts is not None:
        none: tuple[Codes, Floats] = (np.empty(0, dtype=np.int64), np.empty(0))
        buckets, values = zip(none, *parts, strict=True)
        return np.concatenate(buckets), np.concatenate(values)
    columns = _home(_in_buckets(engine, frame, bucketing), (BUCKET, VALUE))
    return columns[BUCKET].astype(np.int64), columns[VALUE]


def _in_buckets(engine: LazyEngine, frame: Any, bucketing: Buckets) -> Any:
    nw = narwhal()
    adding = Adding(bucketing, "", bucketing.reads)
    added = engine.add(engine.narrow(frame, bucketing.reads), adding)
    return nw.from_native(added).lazy().select(BUCKET, VALUE).filter(nw.col(BUCKET) >= 0.0)


def _home(frame: Any, names: Iterable[str]) -> dict[str, Floats]:
    found: Columns = frame.collect()
    return {name: np.asarray(found[name].to_numpy(), dtype=np.float64) for name in names}
