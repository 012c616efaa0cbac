"""Read the fields of deals as facts: labels as they are, numbers as the band they lie in."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Labels, floats, label_text, labels
from keyaccount.bands import Cuts

__all__ = ["Fact", "band_names", "read_fact"]


@attrs.frozen(eq=False)
class Fact:
    """One field of all deals.

    Attributes
    ----------
    field
        The column.
    values
        Its labels.
    infinite
        Rows whose number is infinite; it counts as missing.
    """

    field: str
    values: Labels
    infinite: Codes

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, taken: Bools) -> Fact:
        """Keep the deals that are marked."""
        values = Labels(self.values.codes[taken], self.values.labels)
        place = np.cumsum(taken) - 1
        return Fact(self.field, values, place[self.infinite[taken[self.infinite]]])


def band_names(cuts: Cuts) -> tuple[str, ...]:
    """Name each band by its ends: ``"< 10"``, ``"[10, 20)"``, ``"≥ 20"``."""
    ends = [str(label_text(edge)) for edge in cuts.edges]
    if not ends:
        return ("any",)
    inner = [f"[{low}, {high})" for low, high in pairwise(ends)]
    return (f"< {ends[0]}", *inner, f"≥ {ends[-1]}")


def read_fact(deals: Any, field: str, cuts: Cuts | None) -> Fact:
    """Read one field of deals.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        The column is not there, or one with bands holds no numbers.
    """
    if cuts is None:
        return Fact(field, labels(deals, field), np.empty(0, dtype=np.int64))
    numbers = floats(deals, field)
    infinite = np.isinf(numbers)
    known = np.where(infinite, np.nan, numbers)
    codes = cuts.codes(known).astype(np.int64)
    return Fact(field, Labels(codes, band_names(cuts)), np.flatnonzero(infinite))
