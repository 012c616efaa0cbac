"""`rad` and `rad_by_share`: the key-account managers' views of VIP customers' projects."""

from __future__ import annotations

from keyaccount.segments.axis import Axis, CutsLike
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.treatment import (
    Advice,
    money_cuts,
    stated_cuts,
    three_bands,
    treated_cells,
)

__all__ = ["rad", "rad_by_share"]

_PRINTED = (1e5, 5e5)
_SHARES = (0.25, 0.5)
_USED_BY = "key-account managers, for VIP (V) customers' solution projects"

_BY_BUDGET = {
    "D": Advice("develop the budget", "培育预算"),
    "A": Advice("win the projects to come", "争取后续项目"),
    "R": Advice("protect the running business", "守住持续采购"),
}

_BY_SHARE = {
    "3": Advice("find out why our share is low", "查明份额低的原因"),
    "2": Advice("raise our share", "提升份额"),
    "1": Advice("hold our share", "守住份额"),
}

_LETTER_BY_SHARE = {
    "A": Advice("win the customer's next project", "争取客户下一个项目"),
    "D": Advice("raise our share", "提升份额"),
    "R": Advice("hold our share", "守住份额"),
}


def rad(
    *,
    thresholds: CutsLike | None = None,
    share_cuts: CutsLike = _SHARES,
    unit: str = "CNY",
    budget: str = "budget",
    share_of_wallet: str = "share_of_wallet",
    group: str | None = None,
) -> Matrix:
    """Return the RAD matrix: key-account managers' view of VIP (V) customers' projects.

    The letter is the project budget: R retention (持续) from 5 × 10⁵ CNY, A acquisition
    (后续可开发) from 10⁵, D development (可发展) below. The digit is our share of wallet (拥有率):
    1 from 50 %, 2 from 25 %, 3 below.

    Parameters
    ----------
    thresholds
        The two cuts between the letters D, A and R, rising; a `ByGroup` of them where they differ
        by group. None: as printed, in CNY.
    share_cuts
        The two cuts between the digits 3, 2 and 1 as shares.
    unit
        The currency of `budget` and `thresholds`.
    budget
        The column of the project budget: purchasing power (购买力).
    share_of_wallet
        The column of our share of what the customer spends, in [0, 1]: 45 % is 0.45. A number above
        1 has no cell and is told of; where most are above 1, as percentages.
    group
        The column of groups, where cuts differ by group.

    Returns
    -------
    Matrix
        Nine cells, ``D3`` to ``R1``, qualified as ``RAD:D2``: ``D`` means something else in NDF.

    Raises
    ------
    SpecError
        Another unit is named without thresholds, or there are not two rising ones.

    See Also
    --------
    rad_by_share : the reading in which the letter goes by share of wallet.

    Notes
    -----
    The bands are those of the published method, whose printed shares leave a hole at 49–50 %: it is
    read as [25 %, 50 %). That a tie belongs to the upper band, and the short treatments, are
    choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"budget": [500_000, 499_999.99, 99_999], "share_of_wallet": [0.5, 0.495, 0.1]}
    >>> ka.rad().assign(book).labels
    array(['R1', 'A2', 'D3'], dtype=object)
    """
    cuts = money_cuts("rad", thresholds, unit, _PRINTED)
    axes = (
        Axis(
            "budget",
            budget,
            bands=cuts,
            codes=("D", "A", "R"),
            names=("development", "acquisition", "retention"),
            names_zh=("可发展", "后续可开发", "持续"),
            unit=unit,
            lowest=0.0,
            name_zh="项目预算",
        ),
        three_bands(
            "share_of_wallet",
            share_of_wallet,
            cuts=stated_cuts("rad(share_cuts)", share_cuts),
            what="share",
            name_zh="拥有率",
            unit="share",
            lowest=0.0,
            highest=1.0,
        ),
    )
    return Matrix(
        "rad",
        axes=axes,
        cells=treated_cells(axes, _BY_BUDGET, _BY_SHARE),
        group=group,
        name_zh="贵宾客户项目矩阵",
        used_by=_USED_BY,
    )


def rad_by_share(
    *,
    share_cuts: CutsLike = _SHARES,
    share_of_wallet: str = "share_of_wallet",
    group: str | None = None,
) -> Matrix:
    """Return RAD with the letter by share of wallet: another reading, never mixed with `rad`.

    R retention from 50 %, D development from 25 %, A acquisition below. There is no digit.

    Parameters
    ----------
    share_cuts
        The two cuts between the letters A, D and R as shares, rising.
    share_of_wallet
        The column of our share of what the customer spends, in [0, 1].
    group
        The column of groups, where cuts differ by group.

    Returns
    -------
    Matrix
        Three cells, ``A``, ``D``, ``R``, qualified as ``RADS:R``.

    See Also
    --------
    rad : the matrix as printed, with the letter by budget.

    Notes
    -----
    The cuts and the treatments are choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.rad_by_share().assign({"share_of_wallet": [0.5, 0.25, 0.1]}).qualified
    array(['RADS:R', 'RADS:D', 'RADS:A'], dtype=object)
    """
    axis = Axis(
        "share_of_wallet",
        share_of_wallet,
        bands=stated_cuts("rad_by_share(share_cuts)", share_cuts),
        codes=("A", "D", "R"),
        names=("acquisition", "development", "retention"),
        names_zh=("后续可开发", "可发展", "持续"),
        unit="share",
        lowest=0.0,
        highest=1.0,
        name_zh="拥有率",
    )
    return Matrix(
        "rad_by_share",
        axes=(axis,),
        cells=treated_cells((axis,), _LETTER_BY_SHARE),
        group=group,
        prefix="RADS",
        name_zh="按拥有率分级",
        used_by=_USED_BY,
    )
