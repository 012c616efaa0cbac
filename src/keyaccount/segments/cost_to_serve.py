"""`cost_to_serve`: four kinds of customer by value and by what it costs to serve them."""

from __future__ import annotations

from typing import Any

from keyaccount.groups import ByGroup
from keyaccount.segments.axis import Axis, as_cuts
from keyaccount.segments.cell import Cell
from keyaccount.segments.matrix import Matrix

__all__ = ["cost_to_serve"]

_KEY = Cell(
    "key",
    "high value, low cost to serve",
    name_zh="高价值低成本",
    treatment="keep close and grow: key accounts are among these",
    treatment_zh="重点维系并提升：大客户多在其中",
)
_DEMANDING = Cell(
    "demanding",
    "high value, high cost to serve",
    name_zh="高价值高成本",
    treatment="keep the value, agree on what service is worth its cost",
    treatment_zh="保住价值，约定与成本相称的服务",
)
_LIGHT = Cell(
    "light",
    "low value, low cost to serve",
    name_zh="低价值低成本",
    treatment="serve by standard channels",
    treatment_zh="标准渠道服务",
)
_COSTLY = Cell(
    "costly",
    "low value, high cost to serve",
    name_zh="低价值高成本",
    treatment="lower the cost of service or price it",
    treatment_zh="降低服务成本或收取服务费",
)


def cost_to_serve(
    value_cut: float | ByGroup[float],
    cost_cut: float | ByGroup[float],
    *,
    value: str = "value",
    cost: str = "cost_to_serve",
    unit: str = "",
    group: str | None = None,
) -> Matrix:
    """Return the quadrant of value and cost to serve.

    Key accounts are also those of high value and low cost to serve.

    Parameters
    ----------
    value_cut, cost_cut
        From where on value and cost are high; a tie is high. One number, or one per group.
    value, cost
        The columns of value and of the cost to serve, both of the same period.
    unit
        Their unit, for messages.
    group
        The column of groups, where cuts differ by group.

    Returns
    -------
    Matrix
        Four cells: ``key``, ``demanding``, ``light``, ``costly``.

    Raises
    ------
    SpecError
        A cut is no finite number.

    Notes
    -----
    The method gives no cuts: they are arguments. The names of the cells and their treatments are
    choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> quadrant = ka.cost_to_serve(1_000_000, 50_000, unit="CNY")
    >>> book = {"value": [2e6, 2e6, 3e5], "cost_to_serve": [1e4, 5e4, 9e4]}
    >>> quadrant.assign(book).labels
    array(['key', 'demanding', 'costly'], dtype=object)
    """
    worth = Axis(
        "value",
        value,
        bands=_one_cut(value_cut),
        codes=("low", "high"),
        names_zh=("低", "高"),
        unit=unit,
        name_zh="价值",
    )
    effort = Axis(
        "cost",
        cost,
        bands=_one_cut(cost_cut),
        codes=("low", "high"),
        names_zh=("低", "高"),
        unit=unit,
        lowest=0.0,
        name_zh="服务成本",
    )
    return Matrix(
        "cost_to_serve",
        axes=(worth, effort),
        cells=(_LIGHT, _COSTLY, _KEY, _DEMANDING),
        group=group,
        prefix="CTS",
        name_zh="价值与服务成本",
    )


def _one_cut(cut: Any) -> Any:
    """Make one cut of a number, group by group where there are groups."""
    if isinstance(cut, ByGroup):
        constants: ByGroup[Any] = cut
        return constants.map(_one_cut)
    return as_cuts((cut,))
