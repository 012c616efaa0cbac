"""A quarter's review: from a book to key accounts, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Objects
from keyaccount.cli.settings import Settings
from keyaccount.findings import Finding
from keyaccount.hierarchy import How, RollUp, roll_up
from keyaccount.intake import Book
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Override, Selection, SelectionPolicy
from keyaccount.stats.shrinkage import ShrunkRates, shrink_rates

_ADDED = ("sales", "potential", "wins", "losses", "trials")
_CRITERIA = {
    "sales": "sales",
    "potential": "potential",
    "showcase": "showcase_rating",
    "win_and_deliver": "win_rate",
}
"""Which column each criterion is read from."""


@attrs.frozen(eq=False, kw_only=True)
class Quarter:
    """What a quarter's review found.

    Attributes
    ----------
    book
        What was read, with its findings and reconciliations.
    rolled
        The groups that subsidiaries count with; None where each account is judged alone.
    columns
        The judged rows: one per account or group.
    scorer, policy
        The fitted spec and the policy that chose.
    scores, chosen
        What they said.
    rates
        How win rates were shrunk; None where no deal is won or lost.
    as_of
        The day asked about.
    findings
        All that a reader should know, in the order it was met.
    """

    book: Book
    rolled: RollUp | None
    columns: Mapping[str, Objects]
    scorer: CompositeScorer
    policy: SelectionPolicy
    scores: Scores
    chosen: Selection
    rates: ShrunkRates | None
    as_of: date | None
    findings: tuple[Finding, ...]

    def table(self) -> dict[str, Any]:
        """Give one row per judged account: what is known of it, its score, the decision, why."""
        known = {name: column for name, column in self.columns.items() if name != "id"}
        scores, chosen = self.scores.columns(), self.chosen.columns()
        return {
            "account": self.columns["id"],
            "is_key": chosen["is_key"],
            "reason": chosen["reason"],
            **scores,
            **{k: v for k, v in chosen.items() if k not in {"account", "is_key", "reason"}},
            "override": self._override_texts(),
            **{name: column for name, column in known.items() if name not in scores},
        }

    def _override_texts(self) -> Objects:
        texts = np.full(len(self.chosen), None, dtype=object)
        said = {
            o.account: f"{o.reason} (approved by {o.approved_by})"
            for o in self.chosen.inputs.overrides
        }
        for i, account in enumerate(self.columns["id"].tolist()) if said else ():
            texts[i] = said.get(account)
        return texts


def review_quarter(
    book: Book,
    settings: Settings,
    *,
    overrides: Sequence[Override] = (),
    incumbents: Any = None,
) -> Quarter:
    """Score the accounts of a book, select the key ones, and keep the reasons."""
    rolled = _rolled(book) if settings.level == "group" and "parent" in book.columns else None
    columns = dict(book.columns if rolled is None else rolled.columns())
    if rolled is not None:
        columns["accounts"] = rolled.size
    sectors = columns.get(settings.compare_within) if settings.compare_within else None
    rates = _win_rates(columns, sectors)
    if rates is not None:
        columns["win_rate"] = rates.mean
    group = settings.compare_within if sectors is not None else None
    scorer = settings.scorer(_known_columns(columns), group).fit(columns)
    scores = scorer.score(columns)
    policy = settings.policy()
    chosen = policy.select(
        scores,
        ids=columns["id"],
        as_of=book.as_of,
        overrides=overrides,
        incumbents=incumbents,
        within=sectors if settings.select_within else None,
    )
    found = (*book.findings, *_unmeasured(scorer), *scores.findings, *chosen.findings)
    return Quarter(
        book=book,
        rolled=rolled,
        columns=columns,
        scorer=scorer,
        policy=policy,
        scores=scores,
        chosen=chosen,
        rates=rates,
        as_of=book.as_of,
        findings=found,
    )


def _rolled(book: Book) -> RollUp:
    """Roll up: money and counts are added, a group is shown by its best reference.

    The best reference (the highest rating) and the group's own value of every other column are
    choices of this library.
    """
    how: dict[str, How] = {name: "own" for name in book.columns if name not in {"id", "parent"}}
    how |= {name: "sum" for name in _ADDED}
    how |= {name: "max" for name in book.columns if name.endswith("_rating")}
    return roll_up(book.columns, id="id", parent="parent", how=how)


def _win_rates(columns: Mapping[str, Objects], sectors: Objects | None) -> ShrunkRates | None:
    """Shrink win rates toward those of the sector: three wins of three are no rate of 1 yet."""
    trials = np.nan_to_num(columns["trials"].astype(np.float64))
    if not trials.any():
        return None
    wins = np.nan_to_num(columns["wins"].astype(np.float64))
    return shrink_rates(wins, trials, group=sectors)


def _known_columns(columns: Mapping[str, Objects]) -> dict[str, str | None]:
    """Say where each criterion is read: nowhere, if nobody has measured it."""
    return {
        criterion: name if name in columns and _any_known(columns[name]) else None
        for criterion, name in _CRITERIA.items()
    }


def _any_known(column: Objects) -> bool:
    return bool(np.isfinite(column.astype(np.float64)).any())


def _unmeasured(scorer: CompositeScorer) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code="unmeasured_criterion",
            message=f"nobody has measured {c.name!r}: it is unknown for every account, and the "
            "bounds of the score show it",
            count=1,
            where=_CRITERIA[c.name],
        )
        for c in scorer.criteria
        if c.column is None
    )
