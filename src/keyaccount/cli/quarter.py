"""A quarter's review: from a book to key accounts, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Objects
from keyaccount.cli.by_playbook import not_used, not_yet_valid
from keyaccount.cli.enriched import Enriched, enriched, usual_rules
from keyaccount.cli.hands import held_by
from keyaccount.cli.judged import Judged, judged_rows, known_columns
from keyaccount.cli.settings import Settings
from keyaccount.cli.told import (
    about_criteria,
    asked_otherwise,
    half_seen,
    not_carried,
    outgrown,
    subsidiaries_named,
)
from keyaccount.errors import SpecError
from keyaccount.evaluation import Quarter as Reviewable
from keyaccount.evaluation import Review, ReviewRules, review
from keyaccount.findings import Finding
from keyaccount.hierarchy import RollUp
from keyaccount.intake import Book
from keyaccount.playbook.playbook import Playbook
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Override, Selection, SelectionPolicy
from keyaccount.stats.shrinkage import ShrunkRates
from keyaccount.stored.table import quarter_table, rank_order


@attrs.frozen(eq=False, kw_only=True, slots=False)
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
    overrides, incumbents, within
        What the selection was given: special approvals, who was key before, the column of groups.
    previous
        The stored quarter before; None where there is none.
    findings
        All that a reader should know, in the order it was met.
    rules
        By what the quarter is reviewed.
    programme
        What the tables beside the accounts say: who is on them, stages, plans, tasks.
    trailing
        The columns that are sums over a window, to its months.
    asked
        The options that scores and money rest on, for the next quarter to compare.
    playbook
        The rules that were given in a file; None: there is none.
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
    overrides: tuple[Override, ...]
    incumbents: Mapping[str, date | None] | None
    within: str | None
    previous: Reviewable | None
    findings: tuple[Finding, ...]
    rules: ReviewRules
    programme: Enriched
    trailing: Mapping[str, int]
    asked: Mapping[str, object] = attrs.field(factory=dict)
    playbook: Playbook | None = None

    @cached_property
    def review(self) -> Review | None:
        """What changed since the quarter before, or a first review; None where there is no day."""
        if self.as_of is None:
            return None
        return review(self.previous, self.reviewable, rules=self.rules)

    @cached_property
    def reviewable(self) -> Reviewable:
        """The quarter as the next one is reviewed against; it needs a day."""
        return Reviewable(
            self.columns,
            self.scorer,
            policy=self.policy,
            as_of=self.as_of,
            overrides=self.chosen.inputs.overrides,  # those that hold: they alone are stored
            incumbents=self.incumbents,
            within=self.within,
            trailing=self.trailing,
        )

    @cached_property
    def held_by(self) -> dict[str, Any] | None:
        """What each person, manager and region holds of the key accounts; None: nobody says."""
        on, day = self.programme.on, self.as_of
        if on is None or day is None:
            return None
        return held_by(self.programme.logs, on, self.columns, self.chosen.is_key, day)

    @property
    def order(self) -> Codes:
        """The rows from the best score to the worst, equal ones by id, those without one last."""
        return rank_order(self.scores, self.columns["id"])

    def title(self, i: int) -> str:
        """Give the name of a judged account, its id where it has none."""
        names = self.columns.get("name")
        return str(self.columns["id"][i] if names is None or names[i] is None else names[i])

    def table(self) -> dict[str, Objects]:
        """Give one row per judged account, best first: its score, the decision, why, its data."""
        return self.stored[0]

    @cached_property
    def stored(self) -> tuple[dict[str, Objects], dict[str, str]]:
        """The table, and each column of the data to its name in the table."""
        more = {"override": self._override_texts(), **self._changes()}
        return quarter_table(self.columns, "id", self.scores, self.chosen, more)

    def _override_texts(self) -> Objects:
        """Write the override that decides of each account that has one."""
        texts = np.full(len(self.chosen), None, dtype=object)
        named = {o.account for o in self.chosen.inputs.overrides}
        for i, account in enumerate(self.columns["id"].tolist()) if named else ():
            texts[i] = self.chosen.row(i)["override"] if account in named else None
        return texts

    def _changes(self) -> dict[str, Objects]:
        """Give what the review says of the judged accounts, which come first in it."""
        found = self.review
        if found is None:
            return {}
        drivers = found.drivers
        columns = {
            "decision": found.decision,
            "decision_reason": found.reason,
            "score_before": drivers.before,
            "data_effect": drivers.data,
            "spec_effect": drivers.spec,
            "seat_moved_by": self._seats_moved_by(found),
            **{f"cannot_{way}": found.ways.answer(way) for way in ("get_in", "grow", "retain")},
        }
        return {name: column[: len(self.chosen)] for name, column in columns.items()}

    def _seats_moved_by(self, found: Review) -> Objects:
        """Say what each seat that moved owes its move to."""
        texts = np.full(len(found), None, dtype=object)
        for i in np.flatnonzero(found.drivers.seat).tolist():
            texts[i] = found.drivers.why_seat(i) or None
        return texts


def review_quarter(
    book: Book,
    settings: Settings,
    *,
    overrides: Sequence[Override] = (),
    incumbents: Mapping[str, date | None] | None = None,
    previous: Reviewable | None = None,
    asked: Mapping[str, object] | None = None,
    asked_before: Mapping[str, object] | None = None,
    learned: Mapping[str, Any] | None = None,
) -> Quarter:
    """Score the accounts of a book, select the key ones, and keep the reasons.

    Parameters
    ----------
    book
        The accounts with all that was read of them.
    settings
        What is asked for.
    overrides
        Special approvals.
    incumbents
        Who was key before, with the day since when; None: the key accounts of `previous`.
    previous
        The stored quarter before, whose constants the scorer keeps unless `Settings.refit`.
    asked, asked_before
        The options by their names, now and in the quarter before; a finding says where they differ.
    learned
        What the quarter before learned beside its scorer: the lifecycle model, the segments.

    Raises
    ------
    SpecError
        The quarter before has no account in common with this one.
    """
    judged = judged_rows(book, settings)
    _refuse_strangers(judged, previous)
    before = _incumbents_of(previous) if incumbents is None else incumbents
    scorer = _fitted(judged, settings, previous)
    scores = scorer.score(judged.columns)
    also = enriched(book, judged, settings, previous, learned or {})
    columns = {**judged.columns, **also.found.columns}
    within = judged.group if settings.select_within else None
    policy = settings.policy()
    chosen = policy.select(
        scores,
        ids=judged.columns["id"],
        as_of=book.as_of,
        overrides=overrides,
        incumbents=before,
        within=None if within is None else judged.columns[within],
    )
    return Quarter(
        book=book,
        rolled=judged.rolled,
        columns=columns,
        scorer=scorer,
        policy=policy,
        scores=scores,
        chosen=chosen,
        rates=judged.rates,
        as_of=book.as_of,
        overrides=tuple(overrides),
        incumbents=before,
        within=within,
        previous=previous,
        rules=settings.rules or usual_rules(columns),
        playbook=settings.playbook,
        programme=also,
        trailing=book.trailing,
        asked=asked or {},
        findings=(
            *book.findings,
            *not_yet_valid(settings.playbook, book.as_of),
            *not_used(settings.playbook, book.logs),
            *asked_otherwise(asked or {}, asked_before or {}),
            *half_seen(previous, book),
            *about_criteria(judged, settings, scorer),
            *outgrown(scorer, scores, previous),
            *also.found.findings,
            *subsidiaries_named(judged.rolled, [o.account for o in overrides], "overrides"),
            *subsidiaries_named(judged.rolled, list(before or ()), "incumbents"),
            *not_carried(previous, overrides, book.as_of),
            *scores.findings,
            *chosen.findings,
        ),
    )


def _refuse_strangers(judged: Judged, previous: Reviewable | None) -> None:
    """Refuse the quarter of another company, whose rule and constants mean nothing here."""
    if previous is None or not len(previous) or not len(judged.columns["id"]):
        return
    if set(previous.ids.tolist()).isdisjoint(map(str, judged.columns["id"].tolist())):
        rule = "must have accounts in common with this quarter"
        shown = ", ".join(sorted(previous.ids.tolist())[:3])
        hint = "give the folder of the same company, judged at the same --level."
        raise SpecError.from_field("--previous", rule, shown, hint)


def _fitted(judged: Judged, settings: Settings, previous: Reviewable | None) -> CompositeScorer:
    """Learn from the book, and keep what last quarter's scorer has learned of the same columns."""
    spec = settings.scorer(known_columns(judged.columns), judged.group)
    fitted = _learned_where_unfitted(spec, judged.columns, settings)
    if previous is None or settings.refit or previous.scorer.group != fitted.group:
        return fitted
    stored = {c.name: c for c in previous.scorer.criteria if c.column is not None}
    kept = [
        stored[c.name] if c.name in stored and stored[c.name].column == c.column else c
        for c in fitted.criteria
    ]
    return attrs.evolve(fitted, criteria=kept)


def _learned_where_unfitted(
    spec: CompositeScorer, columns: Mapping[str, Objects], settings: Settings
) -> CompositeScorer:
    """Learn from the book what the rules do not state: a fitted playbook stays as it is."""
    if settings.playbook is None or settings.playbook.scorer is None:
        return spec.fit(columns)
    if spec.is_fitted:
        return spec
    learned = spec.fit(columns)
    pairs = zip(spec.criteria, learned.criteria, strict=True)
    return attrs.evolve(learned, criteria=[c if c.is_fitted else new for c, new in pairs])


def _incumbents_of(previous: Reviewable | None) -> dict[str, date | None] | None:
    """List the key accounts of the quarter before, each with the day since when."""
    if previous is None:
        return None
    chosen = previous.selection
    return dict(zip(chosen.key_ids, chosen.key_since.tolist(), strict=True))
