"""Dicts of columns, and numpy structured arrays: columns added come back in a dict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keyaccount._columns import Columns, names_of
from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import texts
from keyaccount.engines.engine import Engine

__all__ = ["MappingEngine"]


class MappingEngine(Engine):
    """Columns in a dict, or one account as a dict of scalars."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return names_of(frame)

    def empty(self, frame: Any) -> Columns:
        """Give the columns themselves: they are in memory, and reading them tells the same."""
        return dict.fromkeys(names_of(frame), np.empty(0))

    def add(self, frame: Any, adding: Adding) -> dict[str, Any]:
        """Return a dict with the columns added: arrays, texts in place of codes."""
        found = adding.arrays(frame)
        added = {
            name: texts(found[name], column.labels) if column.kind == "code" else found[name]
            for name, column in adding.written.items()
        }
        there = frame if isinstance(frame, Mapping) else {n: frame[n] for n in names_of(frame)}
        return {**there, **added}
