"""`Positioning`: where we stand with each account, where we aim, and what is missing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.findings import Finding, counted
from keyaccount.program.positioning.level import PositionLevel
from keyaccount.program.table import Table, amount, listed
from keyaccount.program.term import terms_of

__all__ = ["STANDINGS", "Positioning"]

STANDINGS = terms_of(
    ("other", "Other", "其他客户"),
    ("important", "Important account", "重要客户"),
    ("strategic", "Strategic account", "战略客户"),
)


@attrs.frozen(eq=False)
class Positioning(Table):
    """Where we stand with each account: one row per account, aligned with the input.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    levels
        The levels, the loosest first.
    now, aim
        ``(n,)`` int64: the level now and the one aimed at; -1 where unknown.
    standing
        ``(n,)`` int64: 0 other, 1 important, 2 strategic; -1 where it cannot be known.
    resources
        ``(n,)`` float64: strategic resources the account takes; NaN where unknown or not given.
    on_steps
        ``(n,)`` float64: strategic resources taken by all steps; NaN where there is none.
    on_other_steps
        ``(n,)`` float64: strategic resources taken by steps known not to be strategic; NaN where no
        step is known.
    evidence
        The codes of evidence that the levels ask for, in order.
    unsupported
        ``(n, e)`` bool: evidence that the level now asks for, and that is not shown.
    required
        ``(n, e)`` bool: evidence still to be shown for the level aimed at.
    evidence_given
        Whether evidence was given; if not, none is unsupported and all of it is still required.
    findings
        What there is to say.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {
    ...     "account": ["A", "B"],
    ...     "now": ["business_partner", "vendor"],
    ...     "aim": ["战略伙伴", "vendor"],
    ...     "works_on_strategy": [True, False],
    ...     "budget": [40, 10],
    ... }
    >>> found = ka.positioning(book, now="now", aim="aim", resources="budget")
    >>> found.gap.tolist(), found.labels.tolist(), found.misplaced.tolist()
    ([1.0, 0.0], ['strategic', 'important'], [False, True])
    """

    account: Objects
    levels: tuple[PositionLevel, ...]
    now: Codes
    aim: Codes
    standing: Codes
    resources: Floats
    on_steps: Floats
    on_other_steps: Floats
    evidence: tuple[str, ...]
    unsupported: Bools
    required: Bools
    evidence_given: bool
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Positioning of {counted(len(self), 'account')}"

    @cached_property
    def gap(self) -> Floats:
        """``(n,)`` float64: levels from now to the aim, below 0 where it is lower; NaN: unknown."""
        known = (self.now >= 0) & (self.aim >= 0)
        found: Floats = np.where(known, (self.aim - self.now).astype(np.float64), np.nan)
        return found

    @cached_property
    def labels(self) -> Objects:
        """``(n,)`` texts: strategic, important or other; None where it cannot be known."""
        return np.array([*(s.code for s in STANDINGS), None], dtype=object)[self.standing]

    @cached_property
    def taken(self) -> Floats:
        """``(n,)`` float64: what the account takes; what its steps take where they take more."""
        return np.fmax(self.resources, self.on_steps)

    @cached_property
    def misplaced(self) -> Bools:
        """``(n,)`` bool: strategic resources go to it or to a step, and it is not strategic."""
        known = (self.standing >= 0) & (self.standing < 2)  # noqa: PLR2004 - strategic
        found: Bools = known & (self.taken > 0.0)
        return found

    @cached_property
    def misplaced_steps(self) -> Bools:
        """``(n,)`` bool: strategic, and steps that are not strategic take strategic resources."""
        found: Bools = (self.standing == 2) & (self.on_other_steps > 0.0)  # noqa: PLR2004 - strategic
        return found

    @cached_property
    def evidence_required(self) -> Objects:
        """``(n,)`` texts: the evidence still to be shown for the level aimed at."""
        return listed(self.required, self.evidence)

    @cached_property
    def evidence_lacking(self) -> Objects:
        """``(n,)`` texts: the evidence that the level now claims without showing it."""
        return listed(self.unsupported, self.evidence)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        words = np.array([*(level.code for level in self.levels), None], dtype=object)
        return {
            "account": self.account,
            "now": words[self.now],
            "aim": words[self.aim],
            "gap": self.gap,
            "standing": self.labels,
            "resources": self.resources,
            "misplaced": self.misplaced,
            "on_steps": self.on_steps,
            "on_other_steps": self.on_other_steps,
            "misplaced_steps": self.misplaced_steps,
            "evidence_lacking": self.evidence_lacking,
            "evidence_required": self.evidence_required,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what is missing on one account."""
        unknown = [
            word
            for word, value in (
                ("the level now", self.now),
                ("the aim", self.aim),
                ("whether it is strategic", self.standing),
            )
            if value[i] < 0
        ]
        said = [f"not known: {', '.join(unknown)}"] if unknown else []
        if self.evidence_lacking[i]:
            said.append(f"the level now is claimed without {self.evidence_lacking[i]}")
        if self.evidence_required[i]:
            said.append(f"the level aimed at asks for {self.evidence_required[i]}")
        if self.gap[i] < 0.0:
            said.append("the aim is below the level now")
        if self.misplaced[i]:
            label, put = self.labels[i], amount(self.taken[i])
            said.append(f"takes {put} of strategic resources and is {label}")
        if self.misplaced_steps[i]:
            put = amount(self.on_other_steps[i])
            said.append(f"{put} of strategic resources go to steps that are not strategic")
        return tuple(said)
