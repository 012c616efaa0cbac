"""By what a streamed book is judged: the playbook, the review before, or the usual criteria."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Self

import attrs
import numpy as np

from keyaccount._columns import floats
from keyaccount.cli.settings import CRITERIA, Settings
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.playbook import digest, from_data
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import Override
from keyaccount.scoring.weights import market_weights
from keyaccount.streaming.result import stored_review
from keyaccount.streaming.rows import naming_rows
from keyaccount.streaming.source import Source
from keyaccount.streaming.store import Store

__all__ = ["Before", "scorer_asked_for"]

_ROWS = 1 << 17
"""So many rows are read at a time to find one value that is known."""
_WEIGHTED = ("--market", "--weights")
_OF_THE_USUAL = (*_WEIGHTED, "--compare-within", "--min-group", "--refit")
"""Options about criteria that this command has put together itself."""


@attrs.frozen(kw_only=True)
class Before:
    """What the streamed review before says of how accounts were judged.

    Parameters
    ----------
    scorer
        Its scorer, with what it has learned.
    learned_by
        The digest of the playbook's scorer that had learned so; None: it was no playbook's.
    within
        The column that seats were given within; None: all competed together.
    overrides
        The special approvals that held.
    """

    scorer: CompositeScorer
    learned_by: str | None
    within: str | None
    overrides: tuple[Override, ...]

    @classmethod
    def of(cls, folder: Path | None) -> Self | None:
        """Read it; None where there is none.

        Raises
        ------
        IntakeError
            The folder holds no finished streamed review.
        """
        if folder is None:
            return None
        store = Store(folder)
        scorer, record = stored_review(store).scorer, store.record() or {}
        return cls(
            scorer=scorer,
            learned_by=(record.get("playbook") or {}).get("scorer"),
            within=record.get("seats_within"),
            overrides=tuple(from_data(o, Override) for o in record.get("overrides", ())),
        )

    @property
    def is_usual(self) -> bool:
        """Whether the scorer was put together here, of the usual criteria."""
        names = [c.name for c in self.scorer.criteria]
        return self.learned_by is None and names == list(CRITERIA)


def scorer_asked_for(
    source: Source,
    settings: Settings,
    group: str | None,
    before: Before | None,
    given: Collection[str],
) -> CompositeScorer:
    """Give the scorer, with the constants of the review before where it was learned by this rule.

    Parameters
    ----------
    source
        The book; a usual criterion without a known value in it is unknown for everybody.
    settings
        What is asked for.
    group
        The column that accounts are compared within.
    before
        The streamed review before; None: there is none.
    given
        The options that somebody gave.

    Raises
    ------
    ColumnNotFoundError
        The book has none of the usual criteria.
    SpecError
        Options speak of the usual criteria, and the scorer of the review before is not of them.
    """
    stated = None if settings.playbook is None else settings.playbook.scorer
    if stated is None and before is not None and not before.is_usual:
        _refuse_of_the_usual(given)
        return before.scorer
    spec = _usual(source, settings, group, before, given) if stated is None else stated
    by = None if stated is None else digest(stated)
    anew = "--refit" in given or (settings.playbook is None and settings.refit)
    if before is None or anew or before.learned_by != by or before.scorer.group != spec.group:
        return spec
    return _kept(spec, before.scorer)


def _refuse_of_the_usual(given: Collection[str]) -> None:
    odd = [option for option in _OF_THE_USUAL if option in given]
    if odd:
        fact = f"{', '.join(odd)} must not be given with --previous, which has criteria of its own"
        raise SpecError(fact, "give the playbook of that review with --playbook.", field=odd[0])


def _usual(
    source: Source,
    settings: Settings,
    group: str | None,
    before: Before | None,
    given: Collection[str],
) -> CompositeScorer:
    """Put the usual criteria together, weighed as was said now or before."""
    if not any(column in source.names for column in CRITERIA.values()):
        raise ColumnNotFoundError.from_name(CRITERIA["sales"], source.names)
    if before is not None and not _are_weighed(settings, given):
        settings = attrs.evolve(settings, weights=before.scorer.weights)
    if before is not None and before.scorer.group and "--min-group" not in given:
        settings = attrs.evolve(settings, min_group=before.scorer.min_group)
    columns = {name: c if _is_known(source, c) else None for name, c in CRITERIA.items()}
    return settings.scorer(columns, group)


def _are_weighed(settings: Settings, given: Collection[str]) -> bool:
    """Say whether somebody stated the weights: by an option, or settings other than the usual."""
    stated = any(option in given for option in _WEIGHTED)
    return stated or settings.weights != market_weights("steady_growth")


def _is_known(source: Source, name: str) -> bool:
    """Say whether a column has a value in any row."""
    if name not in source.names:
        return False
    for part in source.parts([name], _ROWS):
        with naming_rows(part):
            if np.isfinite(floats(part.table, name)).any():
                return True
    return False


def _kept(spec: CompositeScorer, before: CompositeScorer) -> CompositeScorer:
    """Keep what the scorer before has learned of the same columns."""
    stored = {c.name: c for c in before.criteria if c.column is not None}
    criteria = [
        stored[c.name] if c.name in stored and stored[c.name].column == c.column else c
        for c in spec.criteria
    ]
    ideals = before.ideals if criteria == list(before.criteria) else spec.ideals
    return attrs.evolve(spec, criteria=criteria, ideals=ideals)
