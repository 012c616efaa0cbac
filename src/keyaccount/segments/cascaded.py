"""`Cascaded`: the codes of the three matrices for each customer, the most specific one first."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Objects
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.errors import closest
from keyaccount.findings import Finding, counted
from keyaccount.segments.assignment import Assignment

if TYPE_CHECKING:
    from keyaccount.segments.cascade import Cascade

__all__ = ["Cascaded"]


class Cascaded(Stamped, Viewed):
    """The codes of each customer through PCV, NDF and RAD, aligned with the input by position.

    Attributes
    ----------
    pcv, ndf, rad
        The assignment of each matrix, over all rows; rows that a matrix is not for have no cell.
    code
        ``(n,)`` int32: the position of the most specific code in the list of all codes of the three
        matrices; -1 where there is none.
    qualified
        ``(n,)`` objects: the most specific code with its matrix: ``NDF:D2`` for a common customer,
        ``RAD:R1`` for a VIP, else ``PCV:P3``; None where nothing is known.
    treatment, treatment_zh
        ``(n,)`` objects: what to do with the customer, by that code.
    findings
        What a reader should know of the data, matrix by matrix.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.cascade(
    ...     {
    ...         "status": ["common", "common"],
    ...         "output": [5e7, 5e7],
    ...         "deal_status": ["no_deal", None],
    ...         "profit": [2e7, 2e7],
    ...         "budget": [None, None],
    ...         "share_of_wallet": [None, None],
    ...     }
    ... )
    >>> found.qualified
    array(['NDF:N1', 'PCV:C2'], dtype=object)
    >>> [f.code for f in found.findings]
    ['missing', 'no_ndf']
    """

    def __init__(
        self,
        spec: Cascade,
        steps: tuple[Assignment, Assignment, Assignment],
        known: tuple[str, ...] = (),
    ) -> None:
        self._spec = spec
        self.pcv: Assignment = steps[0]
        self.ndf: Assignment = steps[1]
        self.rad: Assignment = steps[2]
        self._known: tuple[str, ...] = known

    @property
    def spec(self) -> Cascade:
        """The spec that made it."""
        return self._spec

    def __len__(self) -> int:
        return len(self.pcv)

    def __repr__(self) -> str:
        return (
            f"<{', '.join(a.matrix.name for a in self._steps)} of {counted(len(self), 'customer')}>"
        )

    def _view(self) -> View:
        return View(f"Segments of {counted(len(self), 'customer')}", self.columns(), len(self))

    @property
    def _steps(self) -> tuple[Assignment, ...]:
        return self.pcv, self.ndf, self.rad

    @cached_property
    def code(self) -> NDArray[np.int32]:
        """The position of the most specific code in the list of all; -1 where there is none."""
        code = self.pcv.code.astype(np.int32)
        before = len(self.pcv.matrix.cells)
        for step in (self.ndf, self.rad):
            np.putmask(code, step.code >= 0, before + step.code.astype(np.int32))
            before += len(step.matrix.cells)
        return code

    @cached_property
    def qualified(self) -> Objects:
        """The most specific code of each customer with its matrix, None where there is none."""
        codes = [code for step in self._steps for code in step.matrix.qualified]
        return np.array([*codes, None], dtype=object)[self.code]

    @cached_property
    def treatment(self) -> Objects:
        """What to do with each customer, by its most specific code."""
        said = [cell.treatment for step in self._steps for cell in step.matrix.cells]
        return np.array([*said, None], dtype=object)[self.code]

    @cached_property
    def treatment_zh(self) -> Objects:
        """What to do with each customer, in Chinese, by its most specific code."""
        said = [cell.treatment_zh for step in self._steps for cell in step.matrix.cells]
        return np.array([*said, None], dtype=object)[self.code]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data, matrix by matrix."""
        return (
            *self.pcv.findings,
            *_without_column(self.ndf, self._known),
            *self.ndf.findings,
            *_without_code(self.ndf, "common (C)"),
            *_without_column(self.rad, self._known),
            *self.rad.findings,
            *_without_code(self.rad, "VIP (V)"),
        )

    def counts(self) -> dict[str, dict[str, int]]:
        """Count the customers of each cell by matrix, empty cells included."""
        return {step.matrix.name: step.counts() for step in self._steps}

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        codes = {step.matrix.name: step.labels for step in self._steps}
        said = {"treatment": self.treatment, "treatment_zh": self.treatment_zh}
        return {**codes, "segment": self.qualified, **said}

    def row(self, i: int) -> Record:
        """Give one customer as a readable record: its codes, what to do, and why."""
        i = checked_row(i, len(self))
        record: dict[str, Any] = {"segment": self.qualified[i]}
        if self.treatment[i]:
            record["treatment"] = self.treatment[i]
        asked = [step for step in self._steps if step.is_for(i)]
        return Record({**record, **{step.matrix.name: step.row(i) for step in asked}})


def _without_column(step: Assignment, known: tuple[str, ...]) -> list[Finding]:
    """Tell of columns that are asked for and are not there."""
    asked = step.asked if known else 0
    if not asked:
        return []
    return [
        Finding(
            code="no_column",
            message=f"no column {name!r}: unknown for {counted(asked, 'customer')}",
            count=asked,
            where=name,
            examples=closest(name, known),
        )
        for name in step.matrix.reads
        if name not in known
    ]


def _without_code(step: Assignment, who: str) -> list[Finding]:
    """Tell of customers that a matrix is for and that have no cell in it."""
    if not step.unknown:
        return []
    have = "customer has" if step.unknown == 1 else "customers have"
    return [
        Finding(
            code=f"no_{step.matrix.name}",
            message=f"{step.unknown} {who} {have} no {step.matrix.prefix} code",
            count=step.unknown,
            where=step.matrix.name,
        )
    ]
