"""`Assignment`: the cell of each account, and why it is there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._blocks import BLOCK, blocks
from keyaccount._columns import Bools, Objects, as_floats, common_length
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.segments.axis_findings import axis_findings
from keyaccount.segments.axis_reasons import reason
from keyaccount.segments.axis_rows import AxisRows, Bands16, all_bands
from keyaccount.stats.sums import group_counts, group_sums

if TYPE_CHECKING:
    from keyaccount.segments.matrix import Matrix

__all__ = ["Assignment"]

_SIGN = 15
"""The bit of an int16 that says negative."""


class Assignment(Stamped, Viewed):
    """The cell of each account, aligned with the input by position.

    Attributes
    ----------
    matrix
        The matrix that was applied.
    code
        ``(n,)`` int16: the position of the cell in ``matrix.cells``; -1 where an axis is unknown.
    labels
        ``(n,)`` objects: the bare code of the cell (``"D2"``), None where unknown.
    qualified
        ``(n,)`` objects: the code with its matrix (``"NDF:D2"``), None where unknown.
    treatment, treatment_zh
        ``(n,)`` objects: what to do with the account, None where unknown or not said.
    bands
        Name of an axis to the ``(n,)`` int16 band of each account on it, -1 where unknown.
    asked
        How many accounts the matrix is for.
    unknown
        How many accounts that the matrix is for have no cell.
    findings
        What a reader should know of the data.

    Notes
    -----
    Only `code` is computed at once. The others are computed from the caller's own columns when they
    are first asked for: a buffer that is to be filled anew must be copied before.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.pcv().assign({"status": ["vip", "common"], "output": [3e8, None]})
    >>> found.labels, found.qualified
    (array(['V1', None], dtype=object), array(['PCV:V1', None], dtype=object))
    >>> found.row(1)["possible"]
    ('C3', 'C2', 'C1')
    """

    def __init__(
        self, matrix: Matrix, axes: Sequence[AxisRows], asked: Bools | None = None
    ) -> None:
        self.matrix: Matrix = matrix
        self._asked: Bools | None = asked
        self._axes: tuple[AxisRows, ...] = tuple(axes)
        self.code: Bands16 = _codes(matrix, self._axes)
        self.code.flags.writeable = False  # counts and labels rest on it

    @property
    def spec(self) -> Matrix:
        """The spec that made it."""
        return self.matrix

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        return f"<{self.matrix.name} of {counted(len(self), 'account')}, {self.unknown} unknown>"

    def _view(self) -> View:
        return View(
            f"{self.matrix.name} of {counted(len(self), 'account')}", self.columns(), len(self)
        )

    @cached_property
    def labels(self) -> Objects:
        """The bare code of each account's cell, None where unknown."""
        return self._spread(self.matrix.codes)

    @cached_property
    def qualified(self) -> Objects:
        """The code of each account's cell with its matrix, None where unknown."""
        return self._spread(self.matrix.qualified)

    @cached_property
    def treatment(self) -> Objects:
        """What to do with each account, None where unknown or not said."""
        return self._spread([c.treatment for c in self.matrix.cells])

    @cached_property
    def treatment_zh(self) -> Objects:
        """What to do with each account, in Chinese; None where unknown or not said."""
        return self._spread([c.treatment_zh for c in self.matrix.cells])

    @cached_property
    def bands(self) -> dict[str, Bands16]:
        """The band of each account on each axis, by the name of the axis."""
        return {rows.axis.name: all_bands(rows) for rows in self._axes}

    @cached_property
    def unknown(self) -> int:
        """How many accounts that the matrix is for have no cell."""
        lost = self.code < 0
        return int(np.count_nonzero(lost if self._asked is None else lost & self._asked))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data."""
        return tuple(f for rows in self._axes for f in axis_findings(rows))

    def counts(self) -> dict[str, int]:
        """Count the accounts of each cell, empty cells included; see `unknown` for the rest."""
        found = group_counts(self.code.astype(np.int64), len(self.matrix.cells))
        return dict(zip(self.matrix.codes, found.tolist(), strict=True))

    def totals(self, values: Any) -> dict[str, float]:
        """Add a column of money up by cell.

        Parameters
        ----------
        values
            One number per account; NaN and ±inf are missing and left out.

        Returns
        -------
        dict
            The sum of each cell in the order of the matrix, independent of the order of the rows:
            0 for an empty cell, NaN for one without a single known value.

        Raises
        ------
        ColumnError, RowError
            There is not one number per account.
        """
        money = as_floats(values, "values")
        common_length({"values": money, self.matrix.name: self.code})
        sums = group_sums(money, self.code.astype(np.int64), len(self.matrix.cells)).tolist()
        return {
            code: 0.0 if count == 0 else total
            for (code, count), total in zip(self.counts().items(), sums, strict=True)
        }

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame.

        See `reasons` for why each account is where it is.
        """
        name, cells = self.matrix.name, self.matrix.cells
        by_axis = {
            f"{name}_{rows.axis.name}": _spread(rows.axis.codes, self.bands[rows.axis.name])
            for rows in self._axes
        }
        return {
            name: self.labels,
            f"{name}_qualified": self.qualified,
            f"{name}_name": self._spread([c.name or None for c in cells]),
            f"{name}_name_zh": self._spread([c.name_zh or None for c in cells]),
            **by_axis,
            f"{name}_treatment": self.treatment,
            f"{name}_treatment_zh": self.treatment_zh,
        }

    def reasons(self) -> dict[str, Objects]:
        """Give why each account is in its band of each axis, as columns.

        Returns
        -------
        dict
            ``pcv_status_why`` and its like, under the names of matrix and axis; None where the
            matrix is not for the account.

        Examples
        --------
        >>> import keyaccount as ka
        >>> found = ka.pcv().assign({"status": ["vip", "common"], "output": [3e8, None]})
        >>> found.reasons()["pcv_status_why"].tolist()
        ['vip: V (VIP)', 'common: C (common)']
        """
        asked = range(len(self)) if self._asked is None else np.flatnonzero(self._asked).tolist()
        found: dict[str, Objects] = {}
        for rows in self._axes:
            texts = np.full(len(self), None, dtype=object)
            for i in asked:
                texts[i] = reason(rows, i)
            found[f"{self.matrix.name}_{rows.axis.name}_why"] = texts
        return found

    def row(self, i: int) -> Record:
        """Give one account as a readable record: its cell, what to do, and why it is there."""
        i = checked_row(i, len(self))
        if not self.is_for(i):
            return Record({self.matrix.name: None, "why": "the matrix is not for this account"})
        why = {rows.axis.name: reason(rows, i) for rows in self._axes}
        if self.code[i] < 0:
            unknown = [r.axis.name for r in self._axes if self.bands[r.axis.name][i] < 0]
            return Record(
                {
                    self.matrix.name: None,
                    "why": why,
                    "unknown": ", ".join(unknown),
                    "possible": self.possible(i),
                }
            )
        cell = self.matrix.cells[int(self.code[i])]
        record: dict[str, Any] = {
            self.matrix.name: cell.code,
            "qualified": self.qualified[i],
            "name": cell.name,
            "name_zh": cell.name_zh,
            "treatment": cell.treatment,
            "treatment_zh": cell.treatment_zh,
        }
        return Record({**{k: v for k, v in record.items() if v}, "why": why})

    def is_for(self, i: int) -> bool:
        """Say whether the matrix is for an account: see ``where`` of `Matrix.assign`."""
        i = checked_row(i, len(self))
        return self._asked is None or bool(self._asked[i])

    @property
    def asked(self) -> int:
        """How many accounts the matrix is for: see ``where`` of `Matrix.assign`."""
        return len(self) if self._asked is None else int(np.count_nonzero(self._asked))

    def possible(self, i: int) -> tuple[str, ...]:
        """List the cells that an account may be in, given what is known of it."""
        i = checked_row(i, len(self))
        options: list[Sequence[int]] = []
        for rows in self._axes:
            band = int(self.bands[rows.axis.name][i])
            options.append(range(rows.axis.size) if band < 0 else (band,))
        codes = [self.matrix.code_at(bands) for bands in product(*options)]
        return tuple(dict.fromkeys(codes))

    def _spread(self, texts: Sequence[str | None]) -> Objects:
        return _spread(texts, self.code)


def _spread(texts: Sequence[str | None], code: Bands16) -> Objects:
    """Look a text up for each row, None where the code is -1."""
    table = np.array([*texts, None], dtype=object)
    return table[code]


def _codes(matrix: Matrix, axes: Sequence[AxisRows]) -> Bands16:
    """Cross the bands of all axes into cells, block by block."""
    n = len(axes[0])
    code = np.empty(n, dtype=np.int16)
    scratch = np.empty((2, min(n, BLOCK)), dtype=np.int16)
    cell_at = matrix.cell_at
    for rows in blocks(n):
        out, (band, lost) = code[rows], scratch[:, : rows.stop - rows.start]
        axes[0].into(rows, out)
        lost[:] = out
        for axis in axes[1:]:
            axis.into(rows, band)
            np.bitwise_or(lost, band, out=lost)  # negative once any band is
            np.multiply(out, axis.axis.size, out=out)
            np.add(out, band, out=out)
        if lost.min() < 0:
            out |= lost >> _SIGN  # −1 where negative, else 0
        if cell_at is not None:
            out[:] = cell_at[out]
    return code
