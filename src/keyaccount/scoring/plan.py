"""A fitted scorer made ready to run: kernels with weights folded in, groups as positions.

The plan reads a block of each criterion's column and writes worths; what is done with the worths is
the aggregation's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, TypeAlias

import attrs
import numpy as np

from keyaccount._blocks import blocks
from keyaccount._columns import Bools, Codes, Columns, Floats, is_scalar, one_float, pick, row_count
from keyaccount._columns import floats as read_floats
from keyaccount._columns import labels as read_labels
from keyaccount._columns.lengths import common_length
from keyaccount.groups import ByGroup, GroupIndex
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.values import Linear
from keyaccount.scoring.values.grouped import GroupedKernel, grouped_kernel

Ends: TypeAlias = tuple[Sequence[float], Sequence[float]]
"""What the worst and the best are worth, each by group position."""

_NEVER_READ = Linear(0.0, 1.0)
"""Stands in for the value function of a criterion without a column, which may have to learn yet."""


class Fill(Enum):
    """What stands in for an unknown value."""

    POLICY = "policy"
    LOW = "low"
    HIGH = "high"


@attrs.frozen(eq=False)
class Part:
    """One criterion made ready to run.

    `top` is what its worths are multiplied by: the weight where the aggregation adds them up,
    else 1. `low`, `high` and `neutral` are what an unknown value is worth, by group position.
    """

    criterion: Criterion
    weight: float
    top: float
    kernel: GroupedKernel
    low: Floats
    high: Floats
    neutral: Floats
    grouped: bool
    ends: Ends

    @property
    def name(self) -> str:
        """The criterion's name."""
        return self.criterion.name

    @property
    def reweights(self) -> bool:
        """Whether an unknown value takes the criterion out of the account's score."""
        return self.criterion.missing == "reweight"

    def stand_ins(self, fill: Fill) -> Floats:
        """Give what an unknown value is worth, by group position."""
        if fill is Fill.HIGH:
            return self.high
        policy = self.criterion.missing
        if fill is Fill.POLICY and policy == "neutral":
            return self.neutral
        if fill is Fill.POLICY and policy == "reject":
            return np.full(len(self.low), np.nan)
        return self.low

    def worths(self, x: Floats, codes: Codes | None, fill: Fill, out: Floats) -> Bools | None:
        """Write the worth of one block into `out`; return which rows are unknown, if any are."""
        if np.isfinite(np.add.reduce(x)):  # a sum is finite only where every value is
            self.kernel.into(x, codes, out)
            return None
        missing = ~np.isfinite(x)
        self.kernel.into(np.where(missing, 0.0, x), codes, out)
        stand_ins = self.stand_ins(fill)
        out[missing] = stand_ins[codes[missing] if codes is not None else 0]
        return missing

    def worth(self, x: float, group: int) -> float | None:
        """Give the worth of one value; None where it is unknown."""
        if x - x != 0.0:
            return None
        worth = self.kernel.one(x, group)
        return None if worth != worth else worth  # noqa: PLR0124 - NaN: it cannot be judged


def make_part(
    criterion: Criterion, weight: float, top: float, index: GroupIndex, ends: Ends
) -> Part:
    """Make one criterion ready to run; `ends` are the worths of the worst and best by position."""
    lows, highs = ends
    value = _NEVER_READ if criterion.column is None else criterion.value
    neutral = criterion.neutral
    middles = index.spread(neutral) if isinstance(neutral, ByGroup) else [neutral or 0.0]
    positions = len(index.position) + 1
    return Part(
        criterion=criterion,
        weight=weight,
        top=top,
        kernel=grouped_kernel(value, index, top),
        low=np.array(lows) * top,
        high=np.array(highs) * top,
        neutral=np.array(middles * (positions // len(middles))) * top,
        grouped=isinstance(criterion.value, ByGroup),
        ends=ends,
    )


def added(weights: Sequence[float]) -> float:
    """Add weights in declared order, as every row does with those it knows."""
    total = 0.0
    for weight in weights:
        total += weight
    return total


@attrs.frozen(eq=False)
class Plan:
    """All criteria of a scorer made ready to run."""

    parts: tuple[Part, ...]
    index: GroupIndex
    group: str | None
    total: float
    """The sum of the weights, added in declared order."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the criteria, in declared order."""
        return tuple(p.name for p in self.parts)

    def with_weights(self, weights: Sequence[float], top: Callable[[float], float]) -> Plan:
        """Give the same plan with other weights; `top` is what worths are multiplied by."""
        parts = [
            make_part(p.criterion, w, top(w), self.index, p.ends)
            for p, w in zip(self.parts, weights, strict=True)
        ]
        return Plan(tuple(parts), self.index, self.group, added(weights))

    def worths(self, inputs: Inputs, fill: Fill) -> Floats:
        """Give the worth of every account under every criterion, unweighted, as (n, k)."""
        plain = self.with_weights([p.weight for p in self.parts], lambda _: 1.0)
        out = np.empty((len(self.parts), inputs.n))
        with np.errstate(all="ignore"):
            for part, x, worth in zip(plain.parts, inputs.xs, out, strict=True):
                for rows in blocks(inputs.n):
                    codes = None if inputs.codes is None else inputs.codes[rows]
                    part.worths(x[rows], codes, fill, worth[rows])
        return out.T

    def read(self, columns: Columns) -> Inputs:
        """Take the columns the plan needs out of any container."""
        by_name: dict[str, Floats] = {}
        for part in self.parts:
            name = part.criterion.column
            if name is not None and name not in by_name:
                by_name[name] = read_floats(columns, name)
        codes = None
        lengths: dict[str, Any] = dict(by_name)
        if self.group is not None:
            found = read_labels(columns, self.group)
            lengths[self.group] = found
            codes = self.index.codes(found)
        n = common_length(lengths) if lengths else row_count(columns)
        unknown = np.full(n, np.nan) if None in self._column_names() else np.empty(0)
        raw = [unknown if c is None else by_name[c] for c in self._column_names()]
        return self.inputs(raw, codes, n)

    def inputs(self, raw: list[Floats], codes: Codes | None, n: int) -> Inputs:
        """Keep of each criterion's column what its value function can judge."""
        xs = [_defined(p, x, codes, self.index) for p, x in zip(self.parts, raw, strict=True)]
        return Inputs(xs, raw, codes, n)

    def _column_names(self) -> list[str | None]:
        return [p.criterion.column for p in self.parts]

    def read_one(self, row: Mapping[str, Any]) -> tuple[list[float], int]:
        """Take one account's numbers and the position of its group out of a dict of scalars."""
        xs = []
        for part in self.parts:
            name = part.criterion.column
            if name is None:
                xs.append(np.nan)
                continue
            raw = row[name] if name in row else pick(row, name)
            xs.append(raw if type(raw) is float else one_float(raw, name))
        if self.group is None:
            return xs, 0
        label = row[self.group] if self.group in row else pick(row, self.group)
        return xs, self.index.one(label)

    def is_one_account(self, columns: Mapping[str, Any]) -> bool:
        """Say whether a mapping holds scalars: one account."""
        for part in self.parts:
            name = part.criterion.column
            if name is not None and name in columns:
                return is_scalar(columns[name])
        return False


@attrs.frozen(eq=False)
class Inputs:
    """The columns of a book as the plan reads them.

    `xs` is NaN where a value function cannot judge the value; `raw` is as it came.
    """

    xs: list[Floats]
    raw: list[Floats]
    codes: Codes | None
    n: int


def _defined(part: Part, x: Floats, codes: Codes | None, index: GroupIndex) -> Floats:
    value = part.criterion.value
    if not isinstance(value, ByGroup):
        return value.defined(x)
    functions = index.spread(value)
    judged = x
    for position, function in enumerate(functions):
        found = function.defined(x)
        if found is not x:
            assert codes is not None
            judged = np.where(codes == position, found, judged)
    return judged
