"""`LifecycleModel`: which stage each account is in, by stated rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns, Floats, common_length, floats, labels
from keyaccount._validators import (
    count,
    exact_float,
    exact_int,
    field_name,
    is_finite,
    not_negative,
    optional,
    positive,
    share,
    text,
)
from keyaccount._view import Spec
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.groups import ByGroup, GroupIndex, learn_by_group
from keyaccount.lifecycle.classified import LifecycleStages
from keyaccount.lifecycle.judging import Limits, Thresholds, judge
from keyaccount.lifecycle.reading import MEASURES, read_facts
from keyaccount.lifecycle.stages import LIMIT_SOURCES, RULES, STAGES
from keyaccount.rowwise import Column
from keyaccount.stats._levels import inner_share

__all__ = ["LifecycleModel"]

_GROUP, _POOL, _DEFAULT = (LIMIT_SOURCES.index(s) for s in ("group", "pool", "default"))


def _below_one(instance: object, attribute: Any, value: Any) -> None:
    share(instance, attribute, value)
    if value == 1.0:
        name, hint = field_name(instance, attribute), "0.2 moves a threshold by a fifth."
        raise SpecError.from_field(name, "must be below 1", value, hint)


def _exact_days(value: Any) -> Any:
    return value.map(exact_float) if isinstance(value, ByGroup) else exact_float(value)


def _days(instance: Any, attribute: Any, value: Any) -> None:
    constants: list[Any] = [*value, value.pool] if isinstance(value, ByGroup) else [value]
    if not all(is_finite(c) and c > 0.0 for c in constants):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be days above 0, in all or by group with a pool",
            value,
            "leave it out: fit learns it.",
        )


def _group(instance: Any, attribute: Any, value: Any) -> None:
    optional(text)(instance, attribute, value)
    if value is None and isinstance(instance.hiatus_days, ByGroup):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must name the column of groups: hiatus_days differ by group",
            value,
            'say for instance group="industry".',
        )


@final
@attrs.frozen(kw_only=True, slots=False)
class LifecycleModel(Spec):
    """The lifecycle stage of each account, by rules whose every threshold is stated.

    Asked in this order: **churn** (流失): its contract ended and no order came since; or it is
    silent for longer than its buying rhythm allows, unless a contract is running. **Acquisition**
    (获取): a prospect; or an account of short tenure or few order days. **Growth** (提升) and
    **decline** (衰退): the whole interval of its slope of spend is on one side of 0, and the slope
    matters; or its level of spend made a step that lasts, and matters as much; or, for decline, it
    spent nothing in the whole window and is silent beyond its limit under a running contract.
    **Maturity** (成熟): anything else. An account without any order is unknown, unless `prospect`
    says that it is being won; so is one whose tenure or order days are.

    Row-wise: a stage depends on that account alone. Its stage of the time before is a column.

    Parameters
    ----------
    patience
        How many times its high gap an account may be silent.
    min_gaps
        How many gaps it takes for a rhythm of its own. With fewer, the rhythm of its group counts,
        or its own longest gap where that is longer.
    hiatus_days
        Learned by `fit`: how long a gap of accounts of that kind may be, in all or by group.
    default_days
        The days of silence that count as churn while nothing was learned.
    gap_quantile
        For `fit`: which quantile of the accounts' median gaps is `hiatus_days`. Every account
        counts once, so that frequent buyers, who have most of the gaps, do not speak for all.
    group
        The column of groups whose rhythm is learned; the features can carry one.
    min_group
        How many accounts with a gap a group needs; smaller ones fall back to the pool.
    grace_days
        How long after the end of its contract an account is not yet lost.
    acquisition_days, acquisition_orders
        An account is past acquisition when its first order is at least so many days ago, and it
        ordered on at least so many days.
    growth, decline
        The least slope that matters, per period and as a share of the typical spend.
    hold
        By what share the limit of silence and the least slopes move against a change of stage,
        where `previous` is known; contracts and acquisition are not moved. Whatever `hold` is, an
        account that was in growth stays while its slope itself matters, unless a rule asked before
        holds, and decline likewise: the interval decides who comes in, not who stays.
        In a simulation of 1,000 accounts that order at random, every 20 days on average, for random
        amounts (lognormal, sigma 0.5), and do not change, over 12 quarters, 11.2 % changed their
        stage from one quarter to the next (14.6 % with `hold` 0, 15.5 % without `previous`). The
        price: what is taken for growth or decline by chance is kept for a while, 12 % of such
        accounts and quarters, and 7 % without `previous`. It does not add up from quarter to
        quarter: 12 % in the last one too.
    previous
        The column of each account's stage of the time before (English or Chinese); None: there is
        none, and nothing is held. A missing one holds nothing.
    prospect
        The column that says which accounts without orders are being won.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Notes
    -----
    The method names the five stages and gives no thresholds: the rules and every default are
    choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> account = {
    ...     "days_since": 90,
    ...     "tenure_days": 800,
    ...     "order_days": 13,
    ...     "gaps": 12,
    ...     "gap_high": 41,
    ...     "slope": 0.01,
    ...     "slope_low": -0.1,
    ...     "slope_high": 0.1,
    ...     "days_to_end": None,
    ... }
    >>> found = ka.LifecycleModel().classify(account)
    >>> found.labels
    array(['churn'], dtype=object)
    >>> print(found.row(0)["why"])
    silent for 90 days; counts as churn beyond 61.5: 1.5 times the high gap of 41 days of its own 12
    """

    patience: float = attrs.field(default=1.5, converter=exact_float, validator=positive)
    min_gaps: int = attrs.field(default=9, converter=exact_int, validator=count)
    hiatus_days: float | ByGroup[float] | None = attrs.field(
        default=None, converter=_exact_days, validator=optional(_days)
    )
    default_days: float = attrs.field(default=180.0, converter=exact_float, validator=positive)
    gap_quantile: float = attrs.field(default=0.9, converter=exact_float, validator=inner_share)
    group: str | None = attrs.field(default=None, validator=_group)
    min_group: int = attrs.field(default=10, converter=exact_int, validator=count)
    grace_days: float = attrs.field(default=0.0, converter=exact_float, validator=not_negative)
    acquisition_days: float = attrs.field(
        default=182.0, converter=exact_float, validator=not_negative
    )
    acquisition_orders: int = attrs.field(default=3, converter=exact_int, validator=count)
    growth: float = attrs.field(default=0.05, converter=exact_float, validator=not_negative)
    decline: float = attrs.field(default=0.05, converter=exact_float, validator=not_negative)
    hold: float = attrs.field(default=0.2, converter=exact_float, validator=_below_one)
    previous: str | None = attrs.field(default=None, validator=optional(text))
    prospect: str | None = attrs.field(default=None, validator=optional(text))

    @property
    def is_fitted(self) -> bool:
        """Whether the rhythm of the groups was learned; it judges by `default_days` until then."""
        return self.hiatus_days is not None

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        group = self.group if isinstance(self.hiatus_days, ByGroup) else None
        others = (self.prospect, self.previous, group)
        return tuple(dict.fromkeys([*MEASURES, *(name for name in others if name is not None)]))

    @property
    def learns_from(self) -> tuple[str, ...]:
        """The columns that `fit` needs."""
        return ("gap_median",) if self.group is None else ("gap_median", self.group)

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        return {
            "stage": Column("code", STAGES),
            "stage_rule": Column("code", RULES),
            "stage_held": Column("bool"),
            "hiatus_limit": Column("float"),
            "limit_source": Column("code", LIMIT_SOURCES),
        }

    def fit(self, columns: Columns) -> LifecycleModel:
        """Learn the buying rhythm of each group, and of all accounts, from a whole book.

        Parameters
        ----------
        columns
            The book: `lifecycle_features`, or any container with ``gap_median`` (and the groups).

        Returns
        -------
        LifecycleModel
            The same model with `hiatus_days` filled in; the same in any order of the rows.

        Raises
        ------
        NotEnoughDataError
            No account has a gap between two orders.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or holds no numbers.
        """
        gaps = floats(columns, "gap_median")
        gaps = np.where(gaps > 0.0, gaps, np.nan)
        if not np.isfinite(gaps).any():
            hint = "no account ordered on two days: state default_days and do not fit."
            raise NotEnoughDataError.from_column("LifecycleModel", "gap_median", hint)
        groups = None if self.group is None else labels(columns, self.group)
        if groups is not None:
            _ = common_length({"gap_median": gaps, str(self.group): groups.codes})
        learned = learn_by_group(self._typical, gaps, groups, self.min_group)
        return attrs.evolve(self, hiatus_days=learned)

    def classify(self, columns: Columns) -> LifecycleStages:
        """Say which stage each account is in, and by which rule.

        Parameters
        ----------
        columns
            `lifecycle_features`, any container of columns with the same names, or a dict of scalars
            for one account.

        Returns
        -------
        LifecycleStages
            Stages with their evidence, aligned with the input by position.

        Raises
        ------
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or cannot be read; or a slope is outside its own interval.
        SpecError
            A previous stage is none of the five.
        """
        read = read_facts(columns, self.prospect, self.previous)
        facts, at = read.facts, self._thresholds
        limits = self._limits(columns, len(facts.days_since))
        verdict = judge(facts, limits, at)
        afresh = verdict.stage
        if self.previous is not None:
            nothing = np.full(len(afresh), -1, dtype=np.int64)
            afresh = judge(attrs.evolve(facts, previous=nothing), limits, at).stage
        return LifecycleStages(self, facts, verdict, afresh, read.findings)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        found = self.classify(columns)
        return {
            "stage": found.stage,
            "stage_rule": found.rule_code,
            "stage_held": found.held,
            "hiatus_limit": found.hiatus_limit,
            "limit_source": found.limit_source_code,
        }

    @property
    def _thresholds(self) -> Thresholds:
        names = [a.name for a in attrs.fields(Thresholds)]
        return Thresholds(**{name: float(getattr(self, name)) for name in names})

    def _typical(self, gaps: Floats) -> float:
        """Interpolate a quantile of rising gaps at rank ``q (n + 1)``, never beyond the last."""
        n = len(gaps)
        rank = min(max(self.gap_quantile * (n + 1), 1.0), float(n))
        below = int(rank)
        low, high = float(gaps[below - 1]), float(gaps[min(below, n - 1)])
        return low + (rank - below) * (high - low)

    def _limits(self, columns: Columns, n: int) -> Limits:
        days = self.hiatus_days
        if not isinstance(days, ByGroup):
            limit, source = (
                (self.default_days, _DEFAULT) if days is None else (self.patience * days, _POOL)
            )
            return Limits(np.full(n, limit), np.full(n, source, dtype=np.int16))
        index = GroupIndex.of([days])
        codes = index.codes(labels(columns, str(self.group)))
        _ = common_length({"days_since": np.empty(n), str(self.group): codes})
        table = np.array([self.patience * d for d in index.spread(days)])
        owned = np.where(index.owned(days), _GROUP, _POOL).astype(np.int16)
        return Limits(table[codes], owned[codes])
