"""`labels_there`: the labels of a column that is not in memory."""

from __future__ import annotations

from functools import partial
from typing import Any

from keyaccount._columns import Columns, as_labels, labels, pick
from keyaccount.engines.engine import LazyEngine
from keyaccount.engines.renaming import renamed
from keyaccount.engines.tally import narwhal

__all__ = ["labels_there"]


def labels_there(engine: LazyEngine, frame: Any, group: str) -> tuple[str, ...]:
    """List the labels there are, in their order as texts."""
    parts = engine.on_parts(frame, (group,), partial(_labels_of, group))
    if parts is not None:
        return tuple(sorted({label for part in parts for label in part}))
    named = narwhal().from_native(renamed(engine, frame, {"label": group})).lazy()
    found = engine.read(named.unique().to_native(), ("label",))
    return tuple(sorted(as_labels(pick(found, "label"), group).labels))


def _labels_of(group: str, rows: Columns) -> tuple[str, ...]:
    return labels(rows, group).labels
