"""What a column of a stored table holds: numbers, days, yes and no, or texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from numbers import Real
from typing import Final, Literal, TypeAlias

import numpy as np

from keyaccount._columns import Objects, label_text

__all__ = ["ColumnKind", "kind_of"]

ColumnKind: TypeAlias = Literal["number", "day", "flag", "text"]
"""What a column holds; a CSV file cannot tell, so the record does."""

_OF_DTYPE: Final[dict[str, ColumnKind]] = {
    "M": "day",
    "b": "flag",
    "f": "number",
    "i": "number",
    "u": "number",
}


def kind_of(column: Objects) -> ColumnKind:
    """Tell what a column holds; one of nothing at all holds texts.

    It goes by the cells that are there, as `data_digest` does: what is stored reads back as data of
    the same digest.
    """
    if column.dtype.kind != "O":
        return _OF_DTYPE.get(column.dtype.kind, "text")
    cells = [cell for cell in column.tolist() if label_text(cell) is not None]
    if not cells:
        return "text"
    if all(isinstance(cell, bool | np.bool_) for cell in cells):
        return "flag"
    if all(isinstance(cell, Real | Decimal) for cell in cells):
        return "number"
    return "day" if all(isinstance(cell, date | np.datetime64) for cell in cells) else "text"
