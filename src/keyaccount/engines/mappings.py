"""Dicts of columns, and numpy structured arrays: columns added come back in a dict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keyaccount._columns import Columns, names_of
from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import texts

__all__ = ["MappingEngine"]


class MappingEngine:
    """Columns in a dict, or one account as a dict of scalars."""

    folds_case = False

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
        return {name: frame[name] for name in names_of(frame)} | added

    def read(self, frame: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
        """Give the columns by name."""
        return {name: frame[name] for name in names}
