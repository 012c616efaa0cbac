"""`relationship_levels`: Kotler's five levels by number of customers and margin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

from keyaccount.bands import States
from keyaccount.errors import SpecError
from keyaccount.segments.axis import Axis, CutsLike
from keyaccount.segments.cell import Cell
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.treatment import stated_cuts

__all__ = ["BasicOrReactive", "relationship_levels"]

BasicOrReactive: TypeAlias = Literal["basic", "reactive"]
"""How the cell that the grid leaves open is settled."""

_LEVELS = (
    Cell(
        "basic",
        "basic",
        name_zh="基本",
        treatment="sell, and leave further contact to the customer",
        treatment_zh="完成销售，不主动联系",
    ),
    Cell(
        "reactive",
        "reactive",
        name_zh="被动",
        treatment="sell, and invite questions and complaints",
        treatment_zh="完成销售，欢迎客户提问与投诉",
    ),
    Cell(
        "accountable",
        "accountable",
        name_zh="负责",
        treatment="ask after the sale whether it meets expectations and what could be better",
        treatment_zh="售后回访，了解是否满意与改进意见",
    ),
    Cell(
        "proactive",
        "proactive",
        name_zh="能动",
        treatment="get in touch from time to time with better uses and new products",
        treatment_zh="定期联系，提供更好的用法与新产品信息",
    ),
    Cell(
        "partnership",
        "partnership",
        name_zh="伙伴",
        treatment="work together all the time for the customer's own results",
        treatment_zh="长期合作，共同提升客户业绩",
    ),
)

_COLUMNS = ("high", "medium", "low")
_ROWS = ("many", "medium", "few")


def relationship_levels(
    *,
    customers: str = "customers",
    margin: str = "margin",
    customers_cuts: CutsLike | None = None,
    margin_cuts: CutsLike | None = None,
    open_cell: BasicOrReactive = "basic",
    grid: Sequence[Sequence[str]] | None = None,
    unit: str = "",
    group: str | None = None,
) -> Matrix:
    """Return the five relationship levels by number of customers and margin.

    basic (基本), reactive (被动), accountable (负责), proactive (能动) and partnership (伙伴): few
    customers with a high margin call for a partnership.

    Parameters
    ----------
    customers
        The column of the number of customers: ``many``, ``medium`` or ``few``, or numbers where
        `customers_cuts` are given.
    margin
        The column of the margin: ``high``, ``medium`` or ``low``, or numbers where `margin_cuts`
        are given.
    customers_cuts, margin_cuts
        The two cuts between few, medium and many, and between low, medium and high. The method
        gives no figures: without cuts the columns hold the words.
    open_cell
        What many customers with a low margin get: the grid says "basic or reactive".
    grid
        The level of each cell as the grid is printed: rows many, medium, few; columns high, medium,
        low margin. None: as published.
    unit
        The unit of a numeric margin.
    group
        The column of groups, where cuts differ by group.

    Returns
    -------
    Matrix
        Five cells, the closest relationship last.

    Raises
    ------
    SpecError
        The grid is not three rows of three levels, or the cuts are not two rising numbers.

    References
    ----------
    Kotler, P., *Marketing Management*: levels of relationship marketing.

    Notes
    -----
    ``basic`` for the open cell is a choice of this library. The treatments put the published
    meaning of each level in our own words.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"customers": ["few", "many", "many"], "margin": ["high", "high", "low"]}
    >>> ka.relationship_levels().assign(book).labels
    array(['partnership', 'accountable', 'basic'], dtype=object)
    >>> levels = ka.relationship_levels(customers_cuts=(20, 200), margin_cuts=(0.1, 0.3))
    >>> levels.assign({"customers": 12, "margin": 0.4}).labels
    array(['partnership'], dtype=object)
    """
    words = ("few", "medium", "many")
    how_many = Axis(
        "customers",
        customers,
        bands=_bands("customers_cuts", customers_cuts, words),
        codes=words,
        names_zh=("少", "中", "多"),
        lowest=None if customers_cuts is None else 0.0,
        name_zh="客户数量",
    )
    words = ("low", "medium", "high")
    how_much = Axis(
        "margin",
        margin,
        bands=_bands("margin_cuts", margin_cuts, words),
        codes=words,
        names_zh=("低", "中", "高"),
        unit="" if margin_cuts is None else unit,
        name_zh="利润水平",
    )
    return Matrix(
        "relationship",
        axes=(how_many, how_much),
        cells=_LEVELS,
        grid=_rising(_published(open_cell) if grid is None else grid),
        group=group,
        name_zh="关系层次",
    )


def _bands(argument: str, cuts: CutsLike | None, words: Sequence[str]) -> Any:
    """Read the words where there are no cuts, and numbers where there are."""
    if cuts is None:
        return States(words)
    return stated_cuts(f"relationship_levels({argument})", cuts)


def _published(open_cell: str) -> tuple[tuple[str, ...], ...]:
    allowed = ("basic", "reactive")
    if open_cell not in allowed:
        raise SpecError.from_choice("relationship_levels(open_cell)", open_cell, allowed)
    return (
        ("accountable", "reactive", open_cell),
        ("proactive", "accountable", "reactive"),
        ("partnership", "proactive", "accountable"),
    )


def _rising(grid: Any) -> tuple[str, ...]:
    """Turn the grid as printed, from high to low, into the order of the bands."""
    wanted = [len(_COLUMNS)] * len(_ROWS)
    rows = [tuple(r) for r in _texts(grid) if _texts(r)]
    if [len(r) for r in rows] != wanted or len(_texts(grid)) != len(_ROWS):
        raise SpecError.from_field(
            "relationship_levels(grid)",
            "must be three rows (many, medium, few) of three levels (high, medium, low margin)",
            grid,
            f"the levels are {', '.join(c.code for c in _LEVELS)}.",
        )
    return tuple(level for row in reversed(rows) for level in reversed(row))


def _texts(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
