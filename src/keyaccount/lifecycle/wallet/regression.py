"""`BudgetRegression`: the budget of an account by quantile regression on what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Columns, Floats
from keyaccount._validators import (
    count,
    exact_int,
    exact_tuple,
    field_name,
    float_tuple,
    is_finite,
    optional,
    text,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import NotEnoughDataError, NotFittedError, SpecError
from keyaccount.lifecycle._scipy import quantile_plane
from keyaccount.lifecycle.wallet.budgets import Budgets
from keyaccount.lifecycle.wallet.likeness import read_alike, read_stated, rising_quantiles
from keyaccount.lifecycle.wallet.sources import FROM_REGRESSION, STATED, WALLET_SOURCES
from keyaccount.rowwise import Column

__all__ = ["BudgetRegression"]

_STATED, _REGRESSED = WALLET_SOURCES.index(STATED), WALLET_SOURCES.index(FROM_REGRESSION)
_PER_COEFFICIENT = 5


def _some(instance: object, attribute: Any, value: Any) -> None:
    unique_names(instance, attribute, value)
    if not value:
        hint = 'name columns of size, such as ["employees", "revenue"].'
        raise SpecError.from_field(
            field_name(instance, attribute), "must name a column or more", value, hint
        )


def _rising(instance: object, attribute: Any, value: Any) -> None:
    _ = rising_quantiles(value, field_name(instance, attribute))


def _planes(value: Any) -> Any:
    rows = exact_tuple(value)
    return tuple(float_tuple(row) for row in rows) if isinstance(rows, tuple) else rows


def _are_planes(instance: Any, attribute: Any, value: Any) -> None:
    size = 1 + len(instance.alike)
    rows = value if isinstance(value, tuple) else ()
    good = all(isinstance(r, tuple) and len(r) == size and all(map(is_finite, r)) for r in rows)
    if len(rows) != 3 or not good:  # noqa: PLR2004 - low, best, high
        name = field_name(instance, attribute)
        rule = f"must be three rows of {size} finite numbers, the first of each a constant"
        raise SpecError.from_field(name, rule, value, "leave it out: fit learns it.")


@final
@attrs.frozen
class BudgetRegression(Spec):
    """Budgets by quantile regression: three planes that have a share of all budgets below them.

    Parameters
    ----------
    alike
        The columns of numbers that a budget depends on; take logarithms first where it grows in
        proportion.
    budget
        The column of stated budgets a year, NaN where unknown.
    quantiles
        The shares below the low, the best and the high plane. The defaults are a choice of this
        library.
    planes
        Learned by `fit`: for each quantile a constant and a slope per column.
    basis
        Learned by `fit`: how many stated budgets it rests on.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Notes
    -----
    Koenker, R. and Bassett, G. (1978), Regression quantiles, Econometrica 46. `fit` needs the extra
    ``clv``; a fitted spec does not.

    See Also
    --------
    peer_budgets : the simple choice, by nearest peers.

    Examples
    --------
    >>> import keyaccount as ka
    >>> spec = ka.BudgetRegression(["staff"], planes=((0, 8), (0, 10), (0, 12)), basis=40)
    >>> found = spec.estimate({"staff": [5, 7], "budget": [None, 66.0]})
    >>> found.value, found.low
    (array([50., 66.]), array([40., 66.]))
    """

    alike: tuple[str, ...] = attrs.field(converter=exact_tuple, validator=_some)
    budget: str = attrs.field(default="budget", kw_only=True, validator=text)
    quantiles: tuple[float, float, float] = attrs.field(
        default=(0.1, 0.5, 0.9), kw_only=True, converter=float_tuple, validator=_rising
    )
    planes: tuple[tuple[float, ...], ...] | None = attrs.field(
        default=None, kw_only=True, converter=_planes, validator=optional(_are_planes)
    )
    basis: int = attrs.field(default=0, kw_only=True, converter=exact_int, validator=count)

    @property
    def is_fitted(self) -> bool:
        """Whether the planes are there."""
        return self.planes is not None

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        return tuple(dict.fromkeys([*self.alike, self.budget]))

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        return {
            "budget_estimate": Column("float"),
            "budget_low": Column("float"),
            "budget_high": Column("float"),
            "budget_source": Column("code", WALLET_SOURCES),
        }

    def fit(self, columns: Columns) -> BudgetRegression:
        """Learn the planes from the accounts whose budget is stated.

        Parameters
        ----------
        columns
            The book: any container of columns.

        Returns
        -------
        BudgetRegression
            The same spec with its planes filled in; the same in any order of the rows.

        Raises
        ------
        MissingExtra
            scipy is not installed.
        NotEnoughDataError
            Fewer than 5 stated budgets per coefficient (a choice of this library), or columns that
            say the same.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, holds no numbers, or a budget is below 0.
        """
        beside = read_alike(columns, self.alike)
        stated, _ = read_stated(columns, self.budget, len(beside))
        rows = np.flatnonzero(~np.isnan(stated) & ~np.isnan(beside).any(axis=1))
        table = np.column_stack([np.ones(len(rows)), beside[rows], stated[rows]])
        table = table[np.lexsort(table.T)]  # the solver sees the rows in one order
        self._refuse_little(table[:, :-1])
        planes = tuple(_plane(table[:, :-1], table[:, -1], q) for q in self.quantiles)
        return attrs.evolve(self, planes=planes, basis=len(rows))

    def estimate(self, columns: Columns) -> Budgets:
        """Give the stated budget of each account, or its estimate.

        Parameters
        ----------
        columns
            Any container of columns, or a dict of scalars for one account.

        Returns
        -------
        Budgets
            Aligned with the input by position; row-wise. An estimate is never below 0, and where
            planes cross, its range is put in order.

        Raises
        ------
        NotFittedError
            The planes have still to be learned.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, holds no numbers, or a budget is below 0.
        """
        if self.planes is None:
            raise NotFittedError.from_spec("BudgetRegression")
        beside = read_alike(columns, self.alike)
        stated, findings = read_stated(columns, self.budget, len(beside))
        known = ~np.isnan(stated)
        estimates = np.sort([_on(plane, beside) for plane in self.planes], axis=0)
        low, value, high = (np.where(known, stated, e) for e in estimates)
        source = np.where(known, _STATED, np.where(np.isnan(value), -1, _REGRESSED))
        basis: Codes = np.where(source == _REGRESSED, self.basis, 0)
        return Budgets((low, value, high), source, basis, findings)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        found = self.estimate(columns)
        return {
            "budget_estimate": found.value,
            "budget_low": found.low,
            "budget_high": found.high,
            "budget_source": found.source_code.astype(np.int16),
        }

    def _refuse_little(self, design: Floats) -> None:
        rows, size = design.shape
        if rows < _PER_COEFFICIENT * size:
            raise NotEnoughDataError.from_problem(
                f"{rows} stated budgets are too few for {size} coefficients",
                f"state {_PER_COEFFICIENT * size} or more, or take peer_budgets.",
                rows=rows,
            )
        scaled = design / np.abs(design).max(axis=0, initial=0.0, where=design != 0.0).clip(1e-300)
        if np.linalg.matrix_rank(scaled) < size:
            raise NotEnoughDataError.from_problem(
                f"the columns {', '.join(self.alike)} say the same of the accounts",
                "leave one out, or one that is the same for all.",
            )


def _plane(design: Floats, values: Floats, q: float) -> tuple[float, ...]:
    """Fit on columns of like size, which the solver needs, and undo it."""
    scale = np.abs(design).max(axis=0)
    unit = float(np.abs(values).max()) or 1.0
    found = quantile_plane(design / scale, values / unit, q) * unit / scale
    return tuple(found.tolist())


def _on(plane: tuple[float, ...], beside: Floats) -> Floats:
    """Give the height of a plane at each row, added in declared order; never below 0."""
    height = np.full(len(beside), plane[0])
    for slope, column in zip(plane[1:], beside.T, strict=True):
        height += slope * column
    kept: Floats = np.maximum(height, 0.0) + 0.0
    return kept
