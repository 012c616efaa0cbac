"""`LoyaltyProfiles`: the level of each indicator, what is at the top, and what holds it back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.segments.assignment import Assignment

if TYPE_CHECKING:
    from keyaccount.segments.loyalty import Loyalty

__all__ = ["LoyaltyProfiles"]


class LoyaltyProfiles(Stamped, Viewed):
    """How loyal each customer is, aligned with the input by position.

    Attributes
    ----------
    profile
        The profile of each customer as a cell of the matrix of indicators.
    labels
        ``(n,)`` objects: the levels as digits (``"531"``), None where an indicator is unknown.
    levels
        ``(n, k)`` float64: the level of each indicator from 0 (lowest) to 1 (top), in declared
        order; NaN where unknown. That levels lie evenly apart is a choice of this library.
    is_top
        ``(n,)`` bool: every indicator is known and at its top.
    may_be_top
        ``(n,)`` bool: no known indicator is below its top.
    weakest
        ``(n,)`` objects: the known indicator with the lowest level, ties joined by commas; None
        where no known one is below its top. A choice of this library, as `level` is.
    level
        ``(n,)`` float64: the level of the weakest indicator; NaN where any is unknown.
    unknown
        ``(n,)`` objects: the indicators nobody knows, joined by commas; None where all are known.
    treatment, treatment_zh
        ``(n,)`` objects: what to do with the customer; None where nobody says, as below the top.
    findings
        What a reader should know of the data.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.loyalty().assign(
    ...     {"satisfaction": "5", "repurchase_probability": 0.5, "recommendation": None}
    ... )
    >>> print(found.row(0))
    loyalty           unknown
    top               False
    weakest           repurchase
    unknown           recommendation
    why
      satisfaction    5: 5 (very satisfied)
      repurchase      0.5 is in [0.3, 0.7): 2; 0.2 short of 3
      recommendation  unknown
    """

    def __init__(self, spec: Loyalty, profile: Assignment, weakest_labels: Sequence[str]) -> None:
        self._spec = spec
        self.profile: Assignment = profile
        self._weakest_labels: tuple[str, ...] = tuple(weakest_labels)

    @property
    def spec(self) -> Loyalty:
        """The spec that made it."""
        return self._spec

    def __len__(self) -> int:
        return len(self.profile)

    def __repr__(self) -> str:
        top = np.count_nonzero(self.is_top)
        return f"<loyalty of {counted(len(self), 'customer')}, {top} at the top>"

    def _view(self) -> View:
        return View(f"Loyalty of {counted(len(self), 'customer')}", self.columns(), len(self))

    @property
    def indicators(self) -> tuple[str, ...]:
        """The names of the indicators, in declared order."""
        return tuple(self.profile.bands)

    @property
    def labels(self) -> Objects:
        """The levels as digits, None where an indicator is unknown."""
        return self.profile.labels

    @cached_property
    def levels(self) -> Floats:
        """The level of each indicator from 0 to 1, as an (n, k) array; NaN where unknown."""
        found = np.empty((len(self), len(self.indicators)))
        for j, axis in enumerate(self.profile.matrix.axes):
            band = self.profile.bands[axis.name]
            found[:, j] = np.where(band < 0, np.nan, band / (axis.size - 1))
        return found

    @cached_property
    def is_top(self) -> Bools:
        """Whether every indicator is known and at its top."""
        top: Bools = np.logical_and.reduce(self.levels == 1.0, axis=1)
        return top

    @cached_property
    def may_be_top(self) -> Bools:
        """Whether no known indicator is below its top."""
        below: Bools = np.logical_or.reduce(self.levels < 1.0, axis=1)
        return ~below

    @cached_property
    def level(self) -> Floats:
        """The level of the weakest indicator; NaN where any is unknown."""
        level: Floats = np.minimum.reduce(self.levels, axis=1)
        return level

    @cached_property
    def weakest_code(self) -> Codes:
        """The position of the weakest in the labels of ties; -1 where there is none."""
        lowest: Floats = np.fmin.reduce(self.levels, axis=1)
        mask = np.zeros(len(self), dtype=np.int64)
        for j, level in enumerate(self.levels.T):
            mask += np.where(level == lowest, 1 << j, 0)
        found = self._position_of_mask[mask]
        found[self.may_be_top] = -1
        return found

    @property
    def _position_of_mask(self) -> Codes:
        """The label of each set of indicators, by the set's bits."""
        position = {label: i for i, label in enumerate(self._weakest_labels)}
        names = self.indicators
        sets = [
            ", ".join(name for j, name in enumerate(names) if mask >> j & 1)
            for mask in range(1 << len(names))
        ]
        return np.array([position.get(s, -1) for s in sets], dtype=np.int64)

    @cached_property
    def weakest(self) -> Objects:
        """The known indicator with the lowest level; None where none is below its top."""
        return np.array([*self._weakest_labels, None], dtype=object)[self.weakest_code]

    @cached_property
    def unknown(self) -> Objects:
        """The indicators nobody knows; None where all are known."""
        mask = np.zeros(len(self), dtype=np.int64)
        for j, level in enumerate(self.levels.T):
            mask += np.where(np.isnan(level), 1 << j, 0)
        table = np.array([*self._weakest_labels, None], dtype=object)
        return table[self._position_of_mask[mask]]

    @property
    def treatment(self) -> Objects:
        """What to do with each customer; None where nobody says."""
        return self.profile.treatment

    @property
    def treatment_zh(self) -> Objects:
        """What to do with each customer, in Chinese; None where nobody says."""
        return self.profile.treatment_zh

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data."""
        return self.profile.findings

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        name = self.profile.matrix.name
        levels = zip(self.indicators, self.levels.T, strict=True)
        return {
            name: self.labels,
            f"{name}_top": self.is_top,
            f"{name}_weakest": self.weakest,
            f"{name}_level": self.level,
            **{f"{name}_level_{indicator}": level for indicator, level in levels},
            f"{name}_unknown": self.unknown,
            f"{name}_treatment": self.treatment,
            f"{name}_treatment_zh": self.treatment_zh,
        }

    def row(self, i: int) -> Record:
        """Give one customer as a readable record: its profile, and what holds it back."""
        i = checked_row(i, len(self))
        found = self.profile.row(i)
        record: dict[str, Any] = {
            self.profile.matrix.name: self.labels[i],
            "top": bool(self.is_top[i]),
        }
        if self.treatment[i] is not None:
            said = ("name", "name_zh", "treatment", "treatment_zh")
            record |= {key: found[key] for key in said if key in found}
        if self.weakest[i] is not None:
            record["weakest"] = self.weakest[i]
        if self.unknown[i] is not None:
            record["unknown"] = self.unknown[i]
        return Record({**record, "why": found["why"]})
