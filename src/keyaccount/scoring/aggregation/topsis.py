"""TOPSIS: how near an account is to the best there is, and how far from the worst."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats
from keyaccount._validators import exact_float, field_name, finite
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup, GroupIndex
from keyaccount.scoring.aggregation.base import (
    NOTHING,
    Aggregation,
    Block,
    Dropped,
    Worths,
    one_known_weight,
)
from keyaccount.scoring.plan import Fill, Part, Plan


def _not_below_worst(instance: Any, attribute: Any, value: float) -> None:
    if value < instance.worst:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be at least the worst ({instance.worst})",
            value,
            "worths rise from the worst to the best, also where less of a column is better.",
        )


@attrs.frozen
class Ideal(Spec):
    """The worst and the best worth of one criterion among the accounts of a book.

    Parameters
    ----------
    worst, best
        The extremes, learned by fit.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Ideal(0.2, 0.9).best
    0.9
    """

    worst: float = attrs.field(converter=exact_float, validator=finite)
    best: float = attrs.field(converter=exact_float, validator=[finite, _not_below_worst])


def ideal_ends(ideal: Ideal | ByGroup[Ideal], index: GroupIndex) -> tuple[list[float], list[float]]:
    """List the worst and best worths by group position."""
    if isinstance(ideal, Ideal):
        positions = len(index.position) + 1
        return [ideal.worst] * positions, [ideal.best] * positions
    ideals = index.spread(ideal)
    return [i.worst for i in ideals], [i.best for i in ideals]


class Topsis(Aggregation):
    """Closeness to the ideal: d⁻ / (d⁺ + d⁻), Euclidean distances of weighted worths.

    A worth beyond an ideal counts as the ideal, so that the value never falls when a worth rises.
    Accounts that nothing tells apart (both ideals equal) are worth one half.
    """

    kind: ClassVar[str] = "topsis"

    def top(self, weight: float) -> float:
        """Give what the worths of a criterion are multiplied by: nothing."""
        del weight
        return 1.0

    def block(self, plan: Plan, block: Block, fill: Fill, out: Floats, work: Floats) -> None:
        """Write the values of one block into `out`; `work` is room for one criterion."""
        from_best, from_worst = np.zeros(block.n), np.zeros(block.n)
        dropped = Dropped(plan.total)
        for part, x in zip(plan.parts, block.xs, strict=True):
            missing = part.worths(x, block.codes, fill, work)
            known = missing if fill is Fill.POLICY else None
            dropped.add(part, known)
            from_best += _distance(part, work, block.codes, part.high, known)
            from_worst += _distance(part, work, block.codes, part.low, known)
        np.sqrt(from_best, out=from_best)
        np.sqrt(from_worst, out=out)
        _closeness(from_best, out)
        rows, weight = dropped.rows()
        out[rows[np.isnan(weight)]] = np.nan

    def block_contributions(self, plan: Plan, block: Block, out: Floats) -> None:
        """Write the contributions of one block into the rows of `out`, one row per criterion."""
        value, work, total = np.empty(block.n), np.empty(block.n), np.zeros(block.n)
        self.block(plan, block, Fill.POLICY, value, work)
        for part, x, row in zip(plan.parts, block.xs, out, strict=True):
            missing = part.worths(x, block.codes, Fill.POLICY, work)
            row[:] = _distance(part, work, block.codes, part.low, missing)
            total += row
        nowhere = total == 0.0
        for row in out:
            np.divide(row, total, out=row)
            row[nowhere] = 1.0 / len(plan.parts)
            np.multiply(row, value, out=row)

    def one(self, plan: Plan, worths: Worths, group: int, fill: Fill) -> float:
        """Give the value of one account."""
        from_best = from_worst = 0.0
        for part, worth in zip(plan.parts, worths, strict=True):
            best, worst = _one_distances(part, worth, group, fill)
            from_best += best
            from_worst += worst
        known = one_known_weight(plan, worths, fill)
        if known is not None and not known > NOTHING:
            return math.nan
        best, worst = math.sqrt(from_best), math.sqrt(from_worst)
        if worst == 0.0:
            return 0.5 if best == 0.0 else 0.0
        return 1.0 / (1.0 + best / worst)

    def one_contributions(self, plan: Plan, worths: Worths, group: int) -> list[float]:
        """Give the contributions of one account."""
        value = self.one(plan, worths, group, Fill.POLICY)
        shares = [
            _one_distances(part, worth, group, Fill.POLICY)[1]
            for part, worth in zip(plan.parts, worths, strict=True)
        ]
        total = 0.0
        for share in shares:
            total += share
        if total == 0.0:
            return [1.0 / len(shares) * value for _ in shares]
        return [share / total * value for share in shares]


def _closeness(from_best: Floats, out: Floats) -> None:
    """Turn the distance from the worst in `out` into closeness: 1 / (1 + d⁺/d⁻).

    Each step of this form rises or falls with the distances to the last bit, which the quotient
    d⁻ / (d⁺ + d⁻) does not.
    """
    nowhere = (from_best == 0.0) & (out == 0.0)
    np.divide(from_best, out, out=out)
    np.add(out, 1.0, out=out)
    np.divide(1.0, out, out=out)
    out[nowhere] = 0.5


def _at(ends: Floats, codes: Codes | None) -> Floats | float:
    """Give an end by row where there are groups, else the one there is."""
    return float(ends[0]) if codes is None else ends[codes]


def _distance(
    part: Part, worths: Floats, codes: Codes | None, end: Floats, missing: Bools | None
) -> Floats:
    """Square the weighted distance of each worth from one ideal."""
    held = np.minimum(np.maximum(worths, _at(part.low, codes)), _at(part.high, codes))
    np.subtract(held, _at(end, codes), out=held)
    np.multiply(held, part.weight, out=held)
    np.multiply(held, held, out=held)
    if missing is not None and part.reweights:
        held[missing] = 0.0
    return held


def _one_distances(part: Part, worth: float | None, group: int, fill: Fill) -> tuple[float, float]:
    """Square the weighted distances of one worth from the best and from the worst."""
    if worth is None:
        if fill is Fill.POLICY and part.reweights:
            return 0.0, 0.0
        worth = float(part.stand_ins(fill)[group])
    low, high = float(part.low[group]), float(part.high[group])
    if not math.isnan(worth):  # min() and max() would lose it
        worth = min(max(worth, low), high)
    best, worst = (worth - high) * part.weight, (worth - low) * part.weight
    return best * best, worst * worst


def learn_ideal(worths: Sequence[float] | Floats) -> Ideal:
    """Learn the extremes from known worths in rising order."""
    return Ideal(worths[0], worths[-1])
