"""The three kinds of array inside the library, and the names of their types."""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""One-dimensional, contiguous float64; NaN is missing."""

Codes: TypeAlias = NDArray[np.int64]
"""One-dimensional, contiguous codes into a tuple of labels; -1 is missing."""

Days: TypeAlias = NDArray[np.datetime64]
"""One-dimensional, contiguous ``datetime64[D]``; NaT is missing."""

Bools: TypeAlias = NDArray[np.bool_]
"""One-dimensional, contiguous booleans."""

Objects: TypeAlias = NDArray[Any]
"""One-dimensional array of Python objects, None where missing."""


@attrs.frozen(eq=False)
class Labels:
    """A column of labels: codes into a tuple of distinct texts, -1 where missing.

    Attributes
    ----------
    codes
        One code per row, ``int64``.
    labels
        The distinct labels, in the order in which they are first seen.
    """

    codes: Codes
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def texts(self) -> Objects:
        """Write the labels out, one per row, None where missing."""
        table = np.array([*self.labels, None], dtype=object)
        return table[self.codes]
