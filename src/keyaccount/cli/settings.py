"""What a quarter's review is asked for: the market, the rule, the level, the small print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from keyaccount._validators import choice, count, exact_float, exact_int, flag, not_negative
from keyaccount.cli.by_playbook import judged_by
from keyaccount.evaluation import ReviewRules
from keyaccount.groups import ByGroup
from keyaccount.playbook.playbook import Playbook
from keyaccount.program.rules import ProgramRules
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.selection import Rule, SelectionPolicy
from keyaccount.scoring.selection.seating import Ties
from keyaccount.scoring.values import Linear, Percentile, ValueFunction
from keyaccount.scoring.weights import Weights, as_weights, market_weights

CRITERIA = {
    "sales": "sales",
    "potential": "potential",
    "showcase": "showcase_rating",
    "win_and_deliver": "win_rate",
}
"""Which column each criterion is read from."""

USUAL_GROUP = "sector"
"""The column compared within where nobody asks for another; it may be missing."""

Level: TypeAlias = Literal["group", "account"]
"""Judge the groups that accounts roll up to, or each account on its own."""


@attrs.frozen(kw_only=True)
class Settings:
    """What a quarter's review is asked for.

    Parameters
    ----------
    rule
        How many accounts are key.
    weights
        The weights of sales, potential, showcase and win_and_deliver.
    level
        ``"group"``: subsidiaries count with the account at the top; ``"account"``: each alone.
    compare_within
        The column of groups within which accounts are compared; None: the whole book.
    select_within
        Whether seats are given group by group too.
    min_group
        How many known values a group needs to be compared within; smaller ones use the pool.
    ties, hold, min_tenure_days, max_changes, margin
        See `SelectionPolicy`.
    refit
        Whether constants are learned anew where there is a quarter before; else they are kept.
    growth_months
        Length of the two windows whose sales make the growth. The default of a year, against the
        year before, is a choice of this library: it leaves no season in.
    stalled_after
        Days after which a core task that is under way has stalled; None: that is not judged.
    contact_every
        Days that may lie between contacts; None: that is not judged.
    review_rules
        By what the quarter is reviewed; None: by what the data allow.
    playbook
        Rules that go before all of these where it has them; None: there is none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount.cli.settings import Settings
    >>> Settings(rule=ka.TopShare(0.2)).weights["sales"]
    0.35
    """

    rule: Rule
    weights: Weights = attrs.field(
        factory=lambda: market_weights("steady_growth"), converter=as_weights
    )
    level: Level = attrs.field(default="group", validator=choice("group", "account"))
    compare_within: str | None = "sector"
    select_within: bool = attrs.field(default=False, validator=flag)
    min_group: int = attrs.field(default=10, converter=exact_int, validator=count)
    ties: Ties = "include_all"
    hold: float = attrs.field(default=0.0, converter=exact_float, validator=not_negative)
    min_tenure_days: int = attrs.field(default=0, converter=exact_int, validator=count)
    max_changes: int | None = None
    margin: float = attrs.field(default=0.02, converter=exact_float, validator=not_negative)
    refit: bool = attrs.field(default=False, validator=flag)
    growth_months: int = attrs.field(default=12, converter=exact_int, validator=count)
    stalled_after: float | None = None
    contact_every: float | None = None
    review_rules: ReviewRules | None = None
    playbook: Playbook | None = None

    @property
    def rules(self) -> ReviewRules | None:
        """The rules of the review that were given; None: none."""
        said = None if self.playbook is None else self.playbook.review
        return self.review_rules if said is None else said

    @property
    def program(self) -> ProgramRules:
        """The rules of the programme that were given; empty where none were."""
        said = None if self.playbook is None else self.playbook.program
        return ProgramRules() if said is None else said

    def policy(self) -> SelectionPolicy:
        """Give the policy that selects."""
        if self.playbook is not None and self.playbook.selection is not None:
            return self.playbook.selection
        return SelectionPolicy(
            self.rule,
            ties=self.ties,
            hold=self.hold,
            min_tenure_days=self.min_tenure_days,
            max_changes=self.max_changes,
            margin=self.margin,
        )

    def scorer(self, columns: Mapping[str, str | None], group: str | None) -> CompositeScorer:
        """Give the scorer; `columns` says where each criterion is read, None: nowhere."""
        if self.playbook is not None and self.playbook.scorer is not None:
            unread = [CRITERIA[name] for name, column in columns.items() if column is None]
            return judged_by(self.playbook.scorer, unread)
        functions: dict[str, ValueFunction | ByGroup[ValueFunction]] = {
            "sales": Percentile(),
            "potential": Percentile(),
            "showcase": Linear(1, 5),
            "win_and_deliver": Linear(0, 1),
        }
        criteria = [
            Criterion(name, column=columns.get(name), value=function)
            for name, function in functions.items()
        ]
        return CompositeScorer(
            criteria=criteria, weights=self.weights, group=group, min_group=self.min_group
        )
