"""`Book`: the deals of an attainment as read: what is certain, what is open, what is left out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Floats,
    as_floats,
    as_labels,
    common_length,
    is_scalar,
    refuse_rows,
)
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.attainment.blocks import Block, blocks_of
from keyaccount.funnel.attainment.shock import CommonShock
from keyaccount.funnel.attainment.units import Units, in_units
from keyaccount.stats.sums import exact_sum

_SHOWN = 5


@attrs.frozen(eq=False)
class Book:
    """Deals as read, aligned with the input by position, and what is open of them in blocks."""

    amounts: Floats
    probabilities: Floats
    known: Bools
    units: Units
    """The amount of each row in units, 0 where unknown."""
    certain: int
    """Units that are there in any case, what open negative deals take away among them."""
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.amounts)

    @property
    def moved(self) -> tuple[Block, ...]:
        """The blocks without deals of no amount, which move no sum."""
        kept = [b.take([i for i, v in enumerate(b.values) if v]) for b in self.blocks]
        return tuple(b for b in kept if len(b))

    @property
    def expected(self) -> float:
        """The exact expectation of the sum."""
        shares = self.amounts[self.known] * self.probabilities[self.known]
        return exact_sum(shares) if len(shares) else 0.0

    @property
    def sd(self) -> float:
        """The exact standard deviation of the sum."""
        largest = max((v for b in self.blocks for v in b.values), default=0)
        if not largest:
            return 0.0
        scaled = [b.variance(np.array([v / largest for v in b.values])) for b in self.blocks]
        return math.sqrt(math.fsum(scaled)) * self.units.money(largest)


def read_deals(amounts: Any, probabilities: Any, shock: Any, group: Any, caller: str) -> Book:
    """Read and check the deals."""
    if shock is not None and not isinstance(shock, CommonShock):
        raise SpecError.from_field(
            f"{caller}(shock)",
            "must be a CommonShock",
            shock,
            "build one of ka.CommonShock(((weight, odds), …)), or leave it out.",
        )
    if group is not None and shock is None:
        raise SpecError.from_field(
            f"{caller}(group)",
            "needs a shock",
            "shock=None",
            "say with shock=CommonShock(...) what the deals of a group share.",
        )
    amount = as_floats(amounts, "amounts")
    stated = as_floats(probabilities, "probabilities")
    columns: dict[str, Any] = {"amounts": amount, "probabilities": stated}
    codes: Codes | None = None
    if group is not None:
        columns["group"] = found = as_labels(group, "group")
        codes = found.codes
    common_length(columns)
    _refuse_outside(stated)
    return _book(amount, stated, shock, codes)


def _book(amount: Floats, stated: Floats, shock: CommonShock | None, codes: Codes | None) -> Book:
    known = np.isfinite(amount) & np.isfinite(stated)
    exact_sum(np.abs(amount[known]))  # refuses amounts whose sum no float could hold
    units = in_units(np.where(known, amount, 0.0))
    opened = known & (stated > 0.0) & (stated < 1.0)
    rows = np.flatnonzero(opened).tolist()
    values = [units.values[i] for i in rows]
    certain = sum(units.values[i] for i in np.flatnonzero(known & (stated == 1.0)).tolist())
    return Book(
        amount,
        stated,
        known,
        units,
        certain + sum(v for v in values if v < 0),
        blocks_of(values, stated[opened], rows, shock, None if codes is None else codes[opened]),
        _findings(amount, stated),
    )


def read_targets(target: Any, caller: str) -> tuple[list[float], bool]:
    """Read one target, or several; say whether it is one."""
    found = as_floats(target, "target")
    hint = f"{caller} asks for the probability that the sum is at least the target: state it."
    refuse_rows("target", found, ~np.isfinite(found), "are no finite amount", hint)
    return found.tolist(), is_scalar(target)


def _refuse_outside(stated: Floats) -> None:
    hint = "write 20 % as 0.2."
    refuse_rows(
        "probabilities",
        stated,
        np.isfinite(stated) & ((stated < 0.0) | (stated > 1.0)),
        "are outside [0, 1]",
        hint,
    )


def _findings(amount: Floats, stated: Floats) -> tuple[Finding, ...]:
    """Tell which deals are left out; they bring nothing."""
    told = []
    for column, where in ((amount, "amounts"), (stated, "probabilities")):
        told.append(_left_out("infinite", "infinite", np.isinf(column), where))
        told.append(_left_out("missing", "unknown", np.isnan(column), where))
    return tuple(finding for finding in told if finding is not None)


def _left_out(code: str, what: str, marked: NDArray[np.bool_], where: str) -> Finding | None:
    rows: Sequence[int] = np.flatnonzero(marked).tolist()
    if not rows:
        return None
    are = f"{len(rows)} of them are" if len(rows) > 1 else "1 of them is"
    return Finding(
        code=code,
        message=f"{where}: {are} {what}; the deals are left out and bring nothing",
        count=len(rows),
        where=where,
        examples=tuple(f"row {r}" for r in rows[:_SHOWN]),
    )
