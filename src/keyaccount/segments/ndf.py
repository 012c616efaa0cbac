"""`ndf`: the account managers' matrix of common customers, deal status by profit."""

from __future__ import annotations

from keyaccount.segments.axis import Axis, CutsLike
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.treatment import Advice, money_cuts, three_bands, treated_cells

__all__ = ["ndf"]

_PRINTED = (2e6, 1e7)

_BY_STATUS = {
    "N": Advice("find the need and win the first deal", "发掘需求，促成首单"),
    "D": Advice("see the agreed or rescheduled deal through", "跟进已成交或转期的交易"),
    "F": Advice("ask for repeat business and referrals", "推动复购与转介绍"),
}

_BY_PROFIT = {
    "3": Advice("standard service at low cost", "低成本标准服务"),
    "2": Advice("regular visits", "定期拜访"),
    "1": Advice("first in line for visits", "优先拜访"),
}


def ndf(
    *,
    thresholds: CutsLike | None = None,
    unit: str = "CNY",
    status: str = "status",
    profit: str = "profit",
    group: str | None = None,
) -> Matrix:
    """Return the NDF matrix: the account managers' view of common (C) customers.

    The letter is consumption: N no deal (未成交), D deal or rescheduled (成交及转期), F finished
    (已完成). The digit is the customer's own profit: 1 from 10⁷ CNY, 2 from 2 × 10⁶, 3 below.

    Parameters
    ----------
    thresholds
        The two cuts between the digits 3, 2 and 1, rising; a `ByGroup` of them where they differ by
        group. None: as printed, in CNY.
    unit
        The currency of `profit` and `thresholds`.
    status
        The column of ``no_deal``, ``deal`` or ``finished`` (N, D, F and the Chinese words will do,
        and ``rescheduled`` for a deal). Beside PCV, which has a status of its own, name another
        column: ``ndf(status="deal_status")``.
    profit
        The column of the customer's own profit: its purchasing power (购买力), and not our margin
        from it. A loss is the lowest band.
    group
        The column of groups, where thresholds differ by group.

    Returns
    -------
    Matrix
        Nine cells, ``N3`` to ``F1``, qualified as ``NDF:D2``: ``D`` means something else in RAD.

    Raises
    ------
    SpecError
        Another unit is named without thresholds, or there are not two rising ones.

    Notes
    -----
    The bands are those of the published method. There, F is a customer that attended the open
    course; that it means delivered, that a tie belongs to the upper band, and the short treatments
    are choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.ndf().assign({"status": ["deal", "未成交"], "profit": [2e6, 1e7]}).qualified
    array(['NDF:D2', 'NDF:N1'], dtype=object)
    """
    axes = (
        Axis(
            "status",
            status,
            bands=("no_deal", "deal", "finished"),
            codes=("N", "D", "F"),
            names=("no deal", "deal or rescheduled", "finished"),
            names_zh=("未成交", "成交及转期", "已完成"),
            aliases={
                "成交": "deal",
                "rescheduled": "deal",
                "转期": "deal",
                "delivered": "finished",
                "已交付": "finished",
            },
            name_zh="消费量",
        ),
        three_bands(
            "profit",
            profit,
            cuts=money_cuts("ndf", thresholds, unit, _PRINTED),
            what="profit",
            name_zh="利润",
            unit=unit,
        ),
    )
    return Matrix(
        "ndf",
        axes=axes,
        cells=treated_cells(axes, _BY_STATUS, _BY_PROFIT),
        group=group,
        name_zh="价值客户矩阵",
        used_by="account managers, for common (C) customers",
    )
