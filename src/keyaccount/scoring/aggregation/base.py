"""What every aggregation is: a way to bring an account's worths together into one value."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from typing import ClassVar, TypeAlias

import attrs
import numpy as np

from keyaccount._blocks import BLOCK, blocks
from keyaccount._columns import Bools, Codes, Floats
from keyaccount.scoring.plan import Fill, Inputs, Part, Plan

NOTHING = 1e-12
"""A sum of known weights at or below this is none at all."""

Worths: TypeAlias = Sequence[float | None]
"""The worth of one account under each criterion, None where unknown."""


@attrs.frozen(eq=False)
class Block:
    """A block of rows: each criterion's values, and the groups of the rows."""

    xs: list[Floats]
    codes: Codes | None
    n: int


def blocks_of(inputs: Inputs) -> Iterator[tuple[slice, Block]]:
    """Cut the inputs into blocks that fit the cache."""
    for rows in blocks(inputs.n):
        codes = None if inputs.codes is None else inputs.codes[rows]
        yield rows, Block([x[rows] for x in inputs.xs], codes, rows.stop - rows.start)


class Aggregation(abc.ABC):
    """A way to bring an account's worths together into one value.

    What a block of rows goes through, one account goes through as plain floats, with the same steps
    in the same order: the two agree to the last bit.
    """

    kind: ClassVar[str]
    """How contributions relate to the value: ``"sum"``, ``"product"`` or ``"topsis"``."""

    @abc.abstractmethod
    def top(self, weight: float) -> float:
        """Give what the worths of a criterion are multiplied by when they are computed."""

    @abc.abstractmethod
    def block(self, plan: Plan, block: Block, fill: Fill, out: Floats, work: Floats) -> None:
        """Write the values of one block into `out`; `work` is room for one criterion."""

    @abc.abstractmethod
    def block_contributions(self, plan: Plan, block: Block, out: Floats) -> None:
        """Write the contributions of one block into the rows of `out`, one row per criterion."""

    @abc.abstractmethod
    def one(self, plan: Plan, worths: Worths, group: int, fill: Fill) -> float:
        """Give the value of one account."""

    @abc.abstractmethod
    def one_contributions(self, plan: Plan, worths: Worths, group: int) -> list[float]:
        """Give the contributions of one account."""

    def values(self, plan: Plan, inputs: Inputs, fill: Fill) -> Floats:
        """Give the values of all rows."""
        out = np.empty(inputs.n)
        work = np.empty(min(BLOCK, inputs.n))
        with np.errstate(all="ignore"):
            for rows, block in blocks_of(inputs):
                self.block(plan, block, fill, out[rows], work[: block.n])
        return out

    def contributions(self, plan: Plan, inputs: Inputs) -> Floats:
        """Give the contributions of all rows as an (n, k) array."""
        out = np.empty((len(plan.parts), inputs.n))
        with np.errstate(all="ignore"):
            for rows, block in blocks_of(inputs):
                self.block_contributions(plan, block, out[:, rows])
        return out.T


class Dropped:
    """The weight taken out of each row of a block by criteria that reweight."""

    __slots__ = ("total", "weight")

    def __init__(self, total: float) -> None:
        self.total: float = total
        self.weight: Floats | None = None

    def add(self, part: Part, missing: Bools | None) -> None:
        """Take a criterion out of the rows where it is unknown, if that is its policy."""
        if missing is None or not part.reweights:
            return
        if self.weight is None:
            self.weight = np.zeros(len(missing))
        self.weight[missing] += part.weight

    def rows(self) -> tuple[Codes, Floats]:
        """List the rows that lost weight, and the known weight of each: NaN where none is left."""
        if self.weight is None:
            return np.empty(0, dtype=np.int64), np.empty(0)
        rows = np.flatnonzero(self.weight)
        known = self.total - self.weight[rows]
        return rows, np.where(known > NOTHING, known, np.nan)


def one_known_weight(plan: Plan, worths: Worths, fill: Fill) -> float | None:
    """Give the known weight of one account that lost some; None where it lost none."""
    if fill is not Fill.POLICY or None not in worths:
        return None
    dropped = 0.0
    for part, worth in zip(plan.parts, worths, strict=True):
        if worth is None and part.reweights:
            dropped += part.weight
    if dropped == 0.0:
        return None
    known = plan.total - dropped
    return known if known > NOTHING else float("nan")


class Termwise(Aggregation, abc.ABC):
    """An aggregation that brings one term per criterion together, in declared order."""

    combine: ClassVar[np.ufunc]

    @abc.abstractmethod
    def to_term(self, part: Part, missing: Bools | None, out: Floats) -> None:
        """Turn the worths of one block in `out` into terms, in place."""

    @abc.abstractmethod
    def one_term(self, part: Part, worth: float, *, known: bool) -> float:
        """Turn the worth of one account into its term."""

    @abc.abstractmethod
    def rescale(self, values: Floats, known: Floats) -> Floats:
        """Scale values whose terms carry only part of the weight."""

    def _term(
        self, part: Part, x: Floats, codes: Codes | None, fill: Fill, out: Floats
    ) -> Bools | None:
        missing = part.worths(x, codes, fill, out)
        self.to_term(part, missing if fill is Fill.POLICY else None, out)
        return missing if fill is Fill.POLICY else None

    def block(self, plan: Plan, block: Block, fill: Fill, out: Floats, work: Floats) -> None:
        """Write the values of one block into `out`; `work` is room for one criterion."""
        dropped = Dropped(plan.total)
        for i, (part, x) in enumerate(zip(plan.parts, block.xs, strict=True)):
            dropped.add(part, self._term(part, x, block.codes, fill, work if i else out))
            if i:
                self.combine(out, work, out=out)
        rows, known = dropped.rows()
        if len(rows):
            out[rows] = self.rescale(out[rows], known)

    def block_contributions(self, plan: Plan, block: Block, out: Floats) -> None:
        """Write the contributions of one block into the rows of `out`, one row per criterion."""
        dropped = Dropped(plan.total)
        for part, x, term in zip(plan.parts, block.xs, out, strict=True):
            dropped.add(part, self._term(part, x, block.codes, Fill.POLICY, term))
        rows, known = dropped.rows()
        for term in out if len(rows) else ():
            term[rows] = self.rescale(term[rows], known)

    def _one_terms(self, plan: Plan, worths: Worths, group: int, fill: Fill) -> list[float]:
        return [
            self.one_term(part, worth, known=True)
            if worth is not None
            else self.one_term(
                part, float(part.stand_ins(fill)[group]), known=fill is not Fill.POLICY
            )
            for part, worth in zip(plan.parts, worths, strict=True)
        ]

    def one(self, plan: Plan, worths: Worths, group: int, fill: Fill) -> float:
        """Give the value of one account."""
        value, *terms = self._one_terms(plan, worths, group, fill)
        for term in terms:
            value = self.one_combined(value, term)
        known = one_known_weight(plan, worths, fill)
        return value if known is None else self._one_rescaled(value, known)

    def one_contributions(self, plan: Plan, worths: Worths, group: int) -> list[float]:
        """Give the contributions of one account."""
        terms = self._one_terms(plan, worths, group, Fill.POLICY)
        known = one_known_weight(plan, worths, Fill.POLICY)
        return terms if known is None else [self._one_rescaled(t, known) for t in terms]

    @abc.abstractmethod
    def one_combined(self, value: float, term: float) -> float:
        """Bring one more term into the value of one account."""

    def _one_rescaled(self, value: float, known: float) -> float:
        return float(self.rescale(np.array([value]), np.array([known]))[0])
