"""`Quarter`: what was known on one day, and who was key by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Objects, as_ids, names_of, pick
from keyaccount._validators import (
    a_date,
    exact_date,
    exact_int,
    exact_tuple,
    field_name,
    optional,
    text,
)
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Override, Selection, SelectionPolicy
from keyaccount.scoring.selection.inputs import named_incumbents

__all__ = ["Quarter"]


def _a_scorer(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, CompositeScorer) or not value.is_fitted:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a CompositeScorer that has learned its constants",
            value,
            "pass what scorer.fit(columns) returned.",
        )


def _a_policy(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, SelectionPolicy):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a SelectionPolicy",
            value,
            "such as SelectionPolicy(TopShare(0.2)).",
        )


def _incumbents(value: Any) -> dict[str, np.datetime64] | None:
    return None if value is None else named_incumbents(value)


def _trailing(value: Any) -> Any:
    return {k: exact_int(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _windows(instance: Any, attribute: Any, value: Any) -> None:
    good = isinstance(value, dict) and all(
        isinstance(k, str) and k and isinstance(v, int) and v > 0 for k, v in value.items()
    )
    if not good:
        name, hint = field_name(instance, attribute), 'write for instance {"sales": 24}.'
        raise SpecError.from_field(name, "must map columns to months above 0", value, hint)


@attrs.frozen(eq=False, slots=False)
class Quarter:
    """What was known of the accounts on one day, and who was key by it.

    A quarter holds what it rests on: the columns, the specs, and what people decided. Scores and
    seats follow from these alone, so that a stored quarter gives the same ones again.

    Parameters
    ----------
    columns
        One row per account: any container of columns.
    scorer
        The fitted scorer.
    policy
        How key accounts are chosen from scores.
    as_of
        The day of the quarter's review.
    id
        The column of ids, each of them once.
    overrides
        Special approvals (特批), in or out.
    incumbents
        Who was key before: the earlier `Selection`, ids, or ids to the day since when.
    within
        The column of groups that seats are given in; None: all accounts compete together.
    trailing
        Columns that are sums over a window to the day of the quarter, to the months of it, such as
        ``{"sales": 24}``. Such a column is compared with that of another quarter only where the two
        windows do not overlap: what they share says nothing of a change.

    Attributes
    ----------
    ids
        ``(n,)`` str: the id of each account.
    scores
        What the scorer says of each account.
    selection
        Who is key, and why.

    Raises
    ------
    SpecError
        A field is not what it should be.
    ColumnNotFoundError
        There is no column of ids, or none that `trailing` names.
    DuplicateIdError, RowError
        An id occurs twice, or an account has none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[
    ...         ka.Criterion("sales", column="sales", value=ka.Linear(0, 100)),
    ...         ka.Criterion("potential", column="potential", value=ka.Linear(0, 100)),
    ...     ],
    ...     weights={"sales": 0.5, "potential": 0.5},
    ... )
    >>> quarter = ka.Quarter(
    ...     {"id": ["a", "b"], "sales": [80.0, 20.0], "potential": [60.0, 90.0]},
    ...     scorer,
    ...     policy=ka.SelectionPolicy(ka.TopCount(1)),
    ...     as_of="2026-09-30",
    ... )
    >>> quarter.selection.key_ids, quarter.scores.value
    (('a',), array([0.7 , 0.55]))
    """

    columns: Any = attrs.field(repr=False)
    scorer: CompositeScorer = attrs.field(repr=False, validator=_a_scorer)
    policy: SelectionPolicy = attrs.field(kw_only=True, validator=_a_policy)
    as_of: date = attrs.field(kw_only=True, converter=exact_date, validator=a_date)
    id: str = attrs.field(default="id", kw_only=True, validator=text)
    overrides: tuple[Override, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, repr=False
    )
    incumbents: Mapping[str, np.datetime64] | None = attrs.field(
        default=None, kw_only=True, converter=_incumbents, repr=False
    )
    within: str | None = attrs.field(default=None, kw_only=True, validator=optional(text))
    trailing: Mapping[str, int] = attrs.field(
        factory=dict, kw_only=True, converter=_trailing, validator=_windows, repr=False
    )

    def __attrs_post_init__(self) -> None:
        _ = self.ids  # a quarter whose accounts have no ids of their own does not exist
        there = names_of(self.columns)
        for name in self.trailing:
            if name not in there:
                raise ColumnNotFoundError.from_name(name, there)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def ids(self) -> Objects:
        """The id of each account."""
        return as_ids(pick(self.columns, self.id), self.id)

    @cached_property
    def scores(self) -> Scores:
        """What the scorer says of each account."""
        return self.scorer.score(self.columns)

    @cached_property
    def selection(self) -> Selection:
        """Who is key, and why."""
        return self._select(self.overrides)

    @cached_property
    def plain_selection(self) -> Selection:
        """Who would be key if nobody had decided otherwise."""
        return self._select(()) if self.overrides else self.selection

    def seated(self, policy: SelectionPolicy, scores: Scores, within: str | None) -> Selection:
        """Choose from these accounts by another policy or other scores, without any override."""
        return self._chosen(policy, scores, within)

    def seated_at(self, later: Quarter) -> Selection:
        """Choose on the day and with the incumbents of another quarter, without any override."""
        return self._chosen(self.policy, self.scores, self.within, at=later)

    def _select(self, overrides: tuple[Override, ...]) -> Selection:
        return self._chosen(self.policy, self.scores, self.within, overrides)

    def _chosen(
        self,
        policy: SelectionPolicy,
        scores: Scores,
        within: str | None,
        overrides: tuple[Override, ...] = (),
        at: Quarter | None = None,
    ) -> Selection:
        then = self if at is None else at
        return policy.select(
            scores,
            ids=self.ids,
            as_of=then.as_of,
            overrides=overrides,
            incumbents=then.incumbents,
            within=None if within is None else pick(self.columns, within),
        )
