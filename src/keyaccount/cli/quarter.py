"""A quarter's review: from a book to key accounts, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats, Objects, as_floats
from keyaccount.cli.references import best_references
from keyaccount.cli.settings import CRITERIA, Settings
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.findings import Finding
from keyaccount.hierarchy import How, RollUp, roll_up
from keyaccount.intake import Book
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Override, Selection, SelectionPolicy
from keyaccount.stats.shrinkage import ShrunkRates, shrink_rates

_ADDED = ("sales", "potential", "wins", "losses", "trials", "won_deals", "open_deals", "orders")
"""What accounts of a group bring together; of all else the group has what its head has."""
_USUAL = "sector"
"""The column compared within where nobody asks for another; it may be missing."""


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

    @property
    def order(self) -> Codes:
        """The rows from the best score to the worst, equal ones by id, those without one last."""
        ids = np.argsort(np.argsort(self.columns["id"].astype(str), kind="stable"))
        worst_first = np.where(np.isnan(self.scores.value), -np.inf, self.scores.value)
        return np.lexsort((ids, -worst_first))

    def title(self, i: int) -> str:
        """Give the name of a judged account, its id where it has none."""
        names = self.columns.get("name")
        return str(self.columns["id"][i] if names is None or names[i] is None else names[i])

    def table(self) -> dict[str, Any]:
        """Give one row per judged account, best first: its score, the decision, why, and its data.

        The order does not depend on that of the input. A column of the accounts table that is
        called as one of the review's keeps its values under ``accounts_…``.
        """
        scores, chosen = self.scores.columns(), self.chosen.columns()
        own = {
            "account": self.columns["id"],
            "is_key": chosen["is_key"],
            "reason": chosen["reason"],
            **scores,
            **chosen,
            "override": self._override_texts(),
        }
        known = {
            f"accounts_{name}" if name in own else name: column
            for name, column in self.columns.items()
            if name != "id"
        }
        order = self.order
        return {name: np.asarray(column)[order] for name, column in (own | known).items()}

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
    incumbents: Mapping[str, date | None] | None = None,
) -> Quarter:
    """Score the accounts of a book, select the key ones, and keep the reasons."""
    rolled, columns = _judged_rows(book, settings)
    group = _group_of(columns, settings)
    sectors = None if group is None else columns[group]
    rates = _win_rates(columns, sectors)
    if rates is not None:
        columns["win_rate"] = rates.mean
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
    found = (
        *book.findings,
        *_not_compared(settings, group),
        *_unmeasured(scorer),
        *_telling_nothing(scorer, columns),
        *_alike(rates),
        *_unused_ratings(columns),
        *_subsidiaries_named(rolled, [o.account for o in overrides], "overrides"),
        *_subsidiaries_named(rolled, list(incumbents or ()), "incumbents"),
        *scores.findings,
        *chosen.findings,
    )
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


def _judged_rows(book: Book, settings: Settings) -> tuple[RollUp | None, dict[str, Objects]]:
    """Give the rows that are judged: groups of accounts, or each account on its own.

    A group is shown by its best reference; that is a choice of this library.
    """
    if settings.level == "account" or "parent" not in book.columns:
        return None, dict(book.columns)
    how: dict[str, How] = {name: "own" for name in book.columns if name not in {"id", "parent"}}
    how |= {name: "sum" for name in _ADDED if name in book.columns}
    rolled = roll_up(book.columns, id="id", parent="parent", how=how)
    columns = rolled.columns() | best_references(book.columns, rolled)
    return rolled, columns | {
        "group_size": rolled.size,
        "group_members": _members(rolled),
    }


def _members(rolled: RollUp) -> Objects:
    """List the accounts of each group of several, in the order of their ids."""
    found = np.full(len(rolled), None, dtype=object)
    for i in np.flatnonzero(rolled.size > 1).tolist():
        found[i] = "; ".join(sorted(rolled.members(rolled.ids[i]).tolist()))
    return found


def _group_of(columns: Mapping[str, Objects], settings: Settings) -> str | None:
    """Tell the column of groups; one that was asked for must be there."""
    name = settings.compare_within
    if name in columns:
        return name
    if settings.select_within:
        rule = "needs a column of groups to give seats within"
        hint = "name one with --compare-within."
        raise SpecError.from_field("--select-within", rule, name, hint)
    if name is not None and name != _USUAL:
        raise ColumnNotFoundError.from_name(name, tuple(columns))
    return None


def _not_compared(settings: Settings, group: str | None) -> tuple[Finding, ...]:
    """Say so where accounts were to be compared within sectors and have none."""
    if group == settings.compare_within:
        return ()
    message = f"accounts have no column {_USUAL!r}: each is compared with the whole book"
    return (Finding(code="no_groups", message=message, count=1, where=_USUAL, severity="info"),)


def _win_rates(columns: Mapping[str, Objects], sectors: Objects | None) -> ShrunkRates | None:
    """Shrink win rates toward those of the sector: three wins of three are no rate of 1 yet."""
    trials = _or_none(columns, "trials")
    if not trials.any():
        return None
    return shrink_rates(_or_none(columns, "wins"), trials, group=sectors)


def _or_none(columns: Mapping[str, Objects], name: str) -> Floats:
    """Read a column of counts; where nobody counted, there was nothing."""
    return np.nan_to_num(as_floats(columns[name], name))


def _known_columns(columns: Mapping[str, Objects]) -> dict[str, str | None]:
    """Say where each criterion is read: nowhere, if nobody has measured it."""
    return {
        criterion: name if name in columns and _any_known(columns[name], name) else None
        for criterion, name in CRITERIA.items()
    }


def _any_known(column: Objects, name: str) -> bool:
    return bool(np.isfinite(as_floats(column, name)).any())


def _unmeasured(scorer: CompositeScorer) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code="unmeasured_criterion",
            message=f"nobody has measured {c.name!r}: it is unknown for every account, and the "
            "bounds of the score show it",
            count=1,
            where=CRITERIA[c.name],
        )
        for c in scorer.criteria
        if c.column is None
    )


def _telling_nothing(
    scorer: CompositeScorer, columns: Mapping[str, Objects]
) -> tuple[Finding, ...]:
    """Say so where a criterion is the same for everybody: no deal in the window, say."""
    told: tuple[Finding, ...] = ()
    for criterion in scorer.criteria:
        values = np.empty(0) if criterion.column is None else columns[criterion.column]
        known = np.unique(values[np.isfinite(as_floats(values, criterion.name))])
        if len(values) > 1 and len(known) == 1:
            message = (
                f"{criterion.name!r} is {float(known[0]):g} wherever it is known: it tells no "
                "account apart"
            )
            where = CRITERIA[criterion.name]
            told += (Finding(code="constant_criterion", message=message, count=1, where=where),)
    return told


def _alike(rates: ShrunkRates | None) -> tuple[Finding, ...]:
    """Say so where win rates differ no more than chance makes them: they can tell nobody apart."""
    if rates is None or rates.fit is None or rates.fit.at_bound != "high":
        return ()
    message = (
        "win rates differ no more than chance makes them: each account has nearly that of its group"
    )
    return (
        Finding(
            code="win_rates_alike",
            message=message,
            count=len(rates),
            where=CRITERIA["win_and_deliver"],
            severity="info",
        ),
    )


def _subsidiaries_named(
    rolled: RollUp | None, named: Sequence[str], where: str
) -> tuple[Finding, ...]:
    """Say which accounts that somebody named are judged with the one at the top."""
    if rolled is None:
        return ()
    top = dict(zip(rolled.accounts.tolist(), rolled.ids[rolled.group].tolist(), strict=True))
    found = [f"{name} (with {top[name]})" for name in named if top.get(name, name) != name]
    message = f"{where} name {len(found)} accounts that are judged with the one at the top"
    told = Finding(
        code="subsidiary_named",
        message=message,
        count=len(found),
        where=where,
        examples=tuple(found[:5]),
    )
    return (told,) if found else ()


def _unused_ratings(columns: Mapping[str, Objects]) -> tuple[Finding, ...]:
    """Say which ratings no criterion reads."""
    rated = [name.removesuffix("_raters") for name in columns if name.endswith("_raters")]
    unread = [name for name in rated if f"{name}_rating" not in CRITERIA.values()]
    message = f"no criterion reads the ratings of {', '.join(map(repr, unread))}"
    found = Finding(code="unused_ratings", message=message, count=len(unread), where="ratings")
    return (found,) if unread else ()
