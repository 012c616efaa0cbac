"""`pcv`: the company's matrix of all customers, status by output value."""

from __future__ import annotations

from keyaccount.segments.axis import Axis, CutsLike
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.treatment import Advice, money_cuts, three_bands, treated_cells

__all__ = ["pcv"]

_PRINTED = (3e7, 3e8)

_BY_STATUS = {
    "P": Advice("win the first deal", "争取首单"),
    "C": Advice("an account manager keeps and grows it", "由客户经理维护并提升"),
    "V": Advice("a key-account manager plans its projects", "由大客户经理规划项目"),
}

_BY_OUTPUT = {
    "3": Advice("standard service at low cost", "低成本标准服务"),
    "2": Advice("steady effort", "稳步投入"),
    "1": Advice("first in line for people and time", "人力与时间优先投入"),
}


def pcv(
    *,
    thresholds: CutsLike | None = None,
    unit: str = "CNY",
    status: str = "status",
    output: str = "output",
    group: str | None = None,
) -> Matrix:
    """Return the PCV matrix: the company's view of all customers.

    The letter is the status: P potential (潜在), C common (价值), V VIP (贵宾). The digit is the
    customer's own output value: 1 from 3 × 10⁸ CNY, 2 from 3 × 10⁷, 3 below.

    Parameters
    ----------
    thresholds
        The two cuts between the digits 3, 2 and 1, rising; a `ByGroup` of them where they differ by
        group. None: as printed, in CNY.
    unit
        The currency of `output` and `thresholds`.
    status
        The column of ``potential``, ``common`` or ``vip`` (P, C, V and the Chinese words will do).
    output
        The column of the customer's own output value: its purchasing power (购买力), and not our
        revenue from it.
    group
        The column of groups, where thresholds differ by group.

    Returns
    -------
    Matrix
        Nine cells, ``P3`` to ``V1``, qualified as ``PCV:V1``.

    Raises
    ------
    SpecError
        Another unit is named without thresholds, or there are not two rising ones.

    Notes
    -----
    The bands are those of the published method. That a tie belongs to the upper band, and the short
    treatments, are choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"status": ["vip", "potential", "贵宾"], "output": [3e8, 299_999_999.99, 100.0]}
    >>> ka.pcv().assign(book).labels
    array(['V1', 'P2', 'V3'], dtype=object)
    """
    axes = (
        Axis(
            "status",
            status,
            bands=("potential", "common", "vip"),
            codes=("P", "C", "V"),
            names=("potential", "common", "VIP"),
            names_zh=("潜在", "价值", "贵宾"),
            name_zh="客户状态",
        ),
        three_bands(
            "output",
            output,
            cuts=money_cuts("pcv", thresholds, unit, _PRINTED),
            what="output",
            name_zh="产值",
            unit=unit,
            lowest=0.0,
        ),
    )
    return Matrix(
        "pcv",
        axes=axes,
        cells=treated_cells(axes, _BY_STATUS, _BY_OUTPUT),
        group=group,
        name_zh="全体客户矩阵",
        used_by="the company, for all customers",
    )
