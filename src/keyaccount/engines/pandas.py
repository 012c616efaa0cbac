"""pandas: columns added as float64, categorical, datetime64 and bool."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keyaccount.engines.adding import Adding
from keyaccount.engines.engine import Engine
from keyaccount.errors import ColumnError
from keyaccount.rowwise import Column

__all__ = ["PandasEngine", "names_in_pandas", "with_columns"]


class PandasEngine(Engine):
    """Data frames of pandas."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return names_in_pandas(frame.columns)

    def empty(self, frame: Any) -> Any:
        """Give the frame without its rows."""
        return frame.iloc[:0]

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a new frame with the columns added; the one given is left as it is."""
        return with_columns(frame, adding)


def names_in_pandas(columns: Any) -> tuple[str, ...]:
    """List names as texts, unless each is several."""
    if columns.nlevels > 1:
        raise ColumnError.from_container(
            "columns with several levels of names",
            'flatten them first: frame.columns = ["_".join(names) for names in frame.columns].',
        )
    return tuple(str(name) for name in columns)


def with_columns(frame: Any, adding: Adding) -> Any:
    """Add the columns to a data frame, or to one part of a larger one."""
    found = adding.arrays(frame)
    added = {name: _held(found[name], column) for name, column in adding.written.items()}
    whole = pd.concat([frame, pd.DataFrame(added, index=frame.index, copy=False)], axis=1)
    whole.attrs = deepcopy(frame.attrs)  # as pandas does wherever it keeps them
    whole.columns.name = frame.columns.name
    return whole


def _held(values: NDArray[Any], column: Column) -> Any:
    if column.kind == "code":
        codes: Any = values
        return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(column.labels)))
    if column.kind == "day":
        return values.astype("M8[s]")  # the coarsest unit that pandas knows
    return np.ascontiguousarray(values)
