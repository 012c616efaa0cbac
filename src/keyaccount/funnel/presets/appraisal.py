"""`AppraisalShares`: how much each role counts in the appraisal of each stage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import attrs
import numpy as np

from keyaccount._validators import exact_float, field_name, is_finite
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets.slips import refuse_no_funnel

__all__ = ["AppraisalShares", "SharesInput"]

SharesInput: TypeAlias = Mapping[str, Mapping[str, float]] | Iterable[tuple[str, str, float]]
"""Shares by stage and role, or rows of stage, role and share."""

_SHAPE = 'give stage, role and share, such as {"lead": {"AR": 0.7, "SR": 0.3}}.'


def _rows(value: Any) -> Any:
    """Turn shares by stage and role, or rows of the three, into rows; leave the rest."""
    try:
        rows: Any = _flat(value) if isinstance(value, Mapping) else value
        return tuple((stage, role, exact_float(share)) for stage, role, share in rows)
    except (AttributeError, TypeError, ValueError):
        return value


def _flat(by_stage: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    return [(stage, role, v) for stage, roles in by_stage.items() for role, v in roles.items()]


def _are_rows(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and all(
            isinstance(row, tuple)
            and len(row) == 3  # noqa: PLR2004 - stage, role and share
            and all(isinstance(word, str) and word.strip() for word in row[:2])
            for row in value
        )
    )


def _are_shares(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is not one share in [0, 1] per stage and role."""
    name = field_name(instance, attribute)
    if not _are_rows(value):
        raise SpecError.from_field(name, "must be shares by stage and role", value, _SHAPE)
    for stage, role, given in value:
        if not is_finite(given) or not 0.0 <= given <= 1.0:
            rule = f"must be shares in [0, 1], also for {role!r} in {stage!r}"
            raise SpecError.from_field(name, rule, given, "write 20 % as 0.2.")
    pairs = [row[:2] for row in value]
    twice = sorted({p for p in pairs if pairs.count(p) > 1})
    if twice:
        rule = "must have one share per stage and role"
        raise SpecError.from_field(name, rule, twice, "keep one of them.")


@attrs.frozen
class AppraisalShares(Spec):
    """How much each role counts in the appraisal of each stage: a company's own figures.

    The published method says that roles share in the appraisal of every phase, and gives no
    figures: there is no default, and nothing has to add up to 1.

    Parameters
    ----------
    shares
        ``{stage: {role: share}}``, or rows of stage, role and share in [0, 1].

    Raises
    ------
    SpecError
        A share is none, or a stage and role occur twice.

    Examples
    --------
    >>> import keyaccount as ka
    >>> shares = ka.AppraisalShares({"lead": {"AR": 0.75, "SR": 0.25}, "delivery": {"FR": 1}})
    >>> shares.of("lead", "AR"), shares.of("payment", "AR")
    (0.75, None)
    >>> shares.columns(ka.lead_to_cash())["AR"]
    array([ nan, 0.75,  nan,  nan,  nan,  nan,  nan,  nan])
    """

    shares: tuple[tuple[str, str, float], ...] = attrs.field(
        default=(), converter=_rows, validator=_are_shares
    )

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that have a share, in the order in which they are first named."""
        return tuple(dict.fromkeys(role for _, role, _ in self.shares))

    def of(self, stage: str, role: str) -> float | None:
        """Give the share of a role in a stage; None where nobody stated one."""
        return next((v for s, r, v in self.shares if (s, r) == (stage, role)), None)

    def columns(self, funnel: Funnel) -> dict[str, Any]:
        """Give the shares as columns: the stages of a funnel, and one column per role.

        Parameters
        ----------
        funnel
            Whose stages the rows are, in order.

        Returns
        -------
        dict
            ``stage``: the codes; then ``(n,)`` float64 per role, NaN where nobody stated a share.

        Raises
        ------
        SpecError
            A share is of a stage that the funnel does not have, or it is no funnel.
        """
        refuse_no_funnel("funnel", funnel)
        codes = [stage.code for stage in funnel.stages]
        for stage, _, _ in self.shares:
            if stage not in codes:
                raise SpecError.from_choice("AppraisalShares.shares", stage, codes)
        table: dict[str, Any] = {"stage": np.array(codes, dtype=object)}
        for role in self.roles:
            found = (self.of(code, role) for code in codes)
            table[role] = np.array([math.nan if v is None else v for v in found])
        return table
