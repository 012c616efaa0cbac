"""`Loyalty`: how loyal each customer is by three indicators, and which of them is the weakest."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns
from keyaccount._validators import field_name
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.rowwise import Column
from keyaccount.segments.axis import Axis, CutsLike
from keyaccount.segments.cell import Cell
from keyaccount.segments.loyalty_profiles import LoyaltyProfiles
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.treatment import stated_cuts

__all__ = ["Loyalty", "loyalty"]

_TOP = Cell(
    "533",
    "top of the pyramid",
    name_zh="死忠",
    treatment="keep the long-term relation, offer more at a fair price, let them speak for us",
    treatment_zh="维系长期关系，以公平价格提供更多产品与服务，支持其义务宣传",
)


def _indicators(instance: Any, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if not isinstance(value, Matrix):
        raise SpecError.from_field(name, "must be a Matrix", value, "its axes are the indicators.")
    flat = [axis.name for axis in value.axes if axis.size == 1]
    if flat:
        hint = "with one level there is no top to reach."
        raise SpecError.from_field(name, "must have two levels or more per axis", flat, hint)


@attrs.frozen
class Loyalty(Spec):
    """Loyalty as a profile of indicators, each from its lowest level to its highest.

    Row-wise: a customer's profile depends on that customer alone.

    Parameters
    ----------
    matrix
        The indicators as axes, each from low to high.

    Raises
    ------
    SpecError
        An indicator has a single level.

    See Also
    --------
    loyalty : the three published indicators.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.loyalty().reads
    ('satisfaction', 'repurchase_probability', 'recommendation')
    """

    matrix: Matrix = attrs.field(validator=_indicators)

    @property
    def indicators(self) -> tuple[str, ...]:
        """The names of the indicators."""
        return tuple(axis.name for axis in self.matrix.axes)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        return self.matrix.reads

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        name = self.matrix.name
        return {
            **self.matrix.writes,
            f"{name}_top": Column("bool"),
            f"{name}_weakest": Column("code", self.weakest_labels),
        }

    @property
    def weakest_labels(self) -> tuple[str, ...]:
        """Every set of indicators that may be the weakest, ties in one label."""
        sizes = range(1, len(self.indicators) + 1)
        return tuple(", ".join(c) for n in sizes for c in combinations(self.indicators, n))

    def assign(self, columns: Columns) -> LoyaltyProfiles:
        """Give the profile of each customer.

        Parameters
        ----------
        columns
            Any container of columns, or a dict of scalars for one customer.

        Returns
        -------
        LoyaltyProfiles
            Profile, top of the pyramid, weakest and unknown indicators, aligned with the input by
            position.

        Raises
        ------
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, holds no numbers, or holds a label that is no level.
        """
        return LoyaltyProfiles(self, self.matrix.assign(columns), self.weakest_labels)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        found, name = self.assign(columns), self.matrix.name
        return {
            name: found.profile.code,
            f"{name}_top": found.is_top,
            f"{name}_weakest": found.weakest_code.astype(np.int16),
        }


def loyalty(
    *,
    satisfaction: str = "satisfaction",
    repurchase: str = "repurchase_probability",
    recommendation: str = "recommendation",
    repurchase_cuts: CutsLike = (0.3, 0.7),
) -> Loyalty:
    """Return loyalty by satisfaction, repurchase and recommendation.

    The code reads digit by digit: satisfaction 1 to 5, repurchase 1 to 3, recommendation 1 to 3,
    the highest digit the best. ``533`` is the top of the pyramid (死忠): it keeps a long-term
    relation, pays a fair price for more products and services, and advocates for free.

    Parameters
    ----------
    satisfaction
        The column of overall satisfaction: ``very dissatisfied`` (很不满意), ``dissatisfied``
        (不满意), ``satisfied`` (满意), ``rather satisfied`` (比较满意), ``very satisfied``
        (很满意), or the digits 1 to 5.
    repurchase
        The column of the probability of buying again, in [0, 1]: 70 % is 0.7.
    recommendation
        The column of recommending us: ``impossible`` (不可能), ``possible`` (可能), ``very likely``
        (很可能), or the digits 1 to 3.
    repurchase_cuts
        The two cuts of the repurchase probability, as published.

    Returns
    -------
    Loyalty
        Three indicators, 45 profiles.

    Raises
    ------
    SpecError
        There are not two rising cuts.

    Notes
    -----
    The indicators and their levels are published; how they combine below the top is not, so the
    profile is kept as it is, and has no treatment: the source gives none. That of the top puts its
    published description into practice in our own words. The digits, and the weakest indicator as
    a summary, are choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.loyalty().assign(
    ...     {
    ...         "satisfaction": ["very satisfied", "很满意", "dissatisfied"],
    ...         "repurchase_probability": [0.7, 0.699, None],
    ...         "recommendation": ["very likely", "very likely", "possible"],
    ...     }
    ... )
    >>> found.labels, found.is_top
    (array(['533', '523', None], dtype=object), array([ True, False, False]))
    >>> found.weakest
    array([None, 'repurchase', 'satisfaction'], dtype=object)
    """
    axes = (
        Axis(
            "satisfaction",
            satisfaction,
            bands=(
                "very dissatisfied",
                "dissatisfied",
                "satisfied",
                "rather satisfied",
                "very satisfied",
            ),
            codes=("1", "2", "3", "4", "5"),
            names_zh=("很不满意", "不满意", "满意", "比较满意", "很满意"),
            name_zh="总体满意度",
        ),
        Axis(
            "repurchase",
            repurchase,
            bands=stated_cuts("loyalty(repurchase_cuts)", repurchase_cuts),
            codes=("1", "2", "3"),
            names=("repurchase unlikely", "repurchase uncertain", "repurchase likely"),
            names_zh=("复购可能低", "复购可能中", "复购可能高"),
            unit="share",
            lowest=0.0,
            highest=1.0,
            name_zh="复购概率",
        ),
        Axis(
            "recommendation",
            recommendation,
            bands=("impossible", "possible", "very likely"),
            codes=("1", "2", "3"),
            names_zh=("不可能", "可能", "很可能"),
            name_zh="推荐意愿",
        ),
    )
    matrix = Matrix("loyalty", axes=axes, name_zh="客户忠诚度")
    top = "".join(axis.codes[-1] for axis in axes)
    cells = [_TOP if cell.code == top else cell for cell in matrix.cells]
    return Loyalty(attrs.evolve(matrix, cells=cells))
