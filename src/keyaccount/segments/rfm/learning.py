"""What a cut rule learns from: the measures of a book, group by group where there are groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import attrs
import numpy as np

from keyaccount._columns import Floats, Labels
from keyaccount.errors import NotEnoughDataError
from keyaccount.groups import learn_by_group
from keyaccount.segments.rfm.measures import Measure, oriented

__all__ = ["Lesson"]

T = TypeVar("T")


@attrs.frozen(eq=False)
class Lesson:
    """The measures of a book, and the groups they are compared within.

    Attributes
    ----------
    values
        Each measure in its own units; NaN and ±inf are missing.
    names
        The column each measure was read from.
    labels
        The group of each account; None where all are compared together.
    min_group
        How many known values a group needs to learn thresholds of its own.
    """

    values: Mapping[Measure, Floats]
    names: Mapping[Measure, str]
    labels: Labels | None
    min_group: int

    def learned(self, learn: Callable[[Measure, Floats], T]) -> dict[str, Any]:
        """Learn a constant of each measure, or one per group and the pool's.

        `learn` is given known values, turned so that more is better, in rising order.

        Raises
        ------
        NotEnoughDataError
            A measure has no known value at all.
        """
        return {measure: self._one(measure, partial(learn, measure)) for measure in self.values}

    def _one(self, measure: Measure, learn: Callable[[Floats], T]) -> Any:
        values = self.values[measure]
        if not np.isfinite(values).any():
            hint = "give at least one known value, or state the thresholds with FixedCut."
            what = f"the threshold of {measure}"
            raise NotEnoughDataError.from_column(what, self.names[measure], hint)
        return learn_by_group(learn, oriented(measure, values), self.labels, self.min_group)
