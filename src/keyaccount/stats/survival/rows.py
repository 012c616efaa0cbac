"""One entry of each column as a record of plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._record import Record

__all__ = ["plain_row"]


def plain_row(columns: Mapping[str, NDArray[Any]], i: int) -> Record:
    """Turn entry `i` of each column into a record of plain values."""
    cells = {name: column[i] for name, column in columns.items()}
    return Record({n: c.item() if isinstance(c, np.generic) else c for n, c in cells.items()})
