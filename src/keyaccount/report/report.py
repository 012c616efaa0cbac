"""`Report`: all that a report page is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, Objects, as_floats, names_of, pick
from keyaccount.evaluation import Review
from keyaccount.funnel.forecast import SalesTarget
from keyaccount.playbook.playbook import Playbook
from keyaccount.report.money import MoneyFacts, money_facts
from keyaccount.report.pipeline import NO_DEALS, PipelineFacts, pipeline_facts
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection
from keyaccount.stored.table import rank_order

__all__ = ["Report"]

_KINDS: Final = ("segment", "lifecycle_stage", "sector")
"""Columns of kinds, by which accounts and money are counted."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Report:
    """All that a report page is made of: results of the library, one row per judged account.

    Parameters
    ----------
    record
        The review as plain data, as it is kept in ``review.json``.
    columns
        What is known of each account: ``id``; ``name``, ``sector``, ``sales``, ``potential``,
        ``owner``, ``segment``, ``lifecycle_stage``, ``group_size``, … where there are any.
    scores, selection
        Who is key, and why.
    as_of
        The day asked about; None: the page knows of no day, and of no review.
    review
        What changed; None where there is no day.
    compared
        Whether there is a quarter, or a list of key accounts, that `review` compares with.
    pipeline
        Open deals as columns: ``account``, ``stage`` (a letter), ``amount``, ``probability``,
        ``expected``, and ``deal`` where deals have ids; None: nobody gave deals.
    sold
        What was sold, to whomever: ``date`` and ``amount``; read for the target alone.
    target
        What is to be sold; None: nobody said.
    playbook
        The rules, where they come from a file.
    """

    record: Mapping[str, Any]
    columns: Columns
    scores: Scores
    selection: Selection
    as_of: date | None = None
    review: Review | None = None
    compared: bool = False
    pipeline: Mapping[str, Any] | None = None
    sold: Mapping[str, Any] | None = None
    target: SalesTarget | None = None
    playbook: Playbook | None = None

    @cached_property
    def ids(self) -> Objects:
        """The accounts, in the order of the columns."""
        found: Objects = np.asarray(pick(self.columns, "id"), dtype=object)
        return found

    @cached_property
    def is_key(self) -> Bools:
        """Which of them are key."""
        return self.selection.is_key

    @cached_property
    def order(self) -> Codes:
        """The rows from the best score to the worst, equal ones by id, those without one last."""
        return rank_order(self.scores, self.ids)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Each account to its row."""
        return {str(account): i for i, account in enumerate(self.ids.tolist())}

    def has(self, name: str) -> bool:
        """Say whether there is a column of that name."""
        return name in names_of(self.columns)

    def texts(self, name: str) -> Objects:
        """Give a column of texts; None everywhere where there is no such column."""
        if name not in self._read_texts:
            column = pick(self.columns, name) if self.has(name) else [None] * len(self.ids)
            self._read_texts[name] = np.asarray(column, dtype=object)
        return self._read_texts[name]

    def numbers(self, name: str) -> Floats:
        """Give a column of numbers; NaN everywhere where there is no such column."""
        if name not in self._read_numbers:
            known = as_floats(pick(self.columns, name), name) if self.has(name) else None
            self._read_numbers[name] = np.full(len(self.ids), np.nan) if known is None else known
        return self._read_numbers[name]

    # What was read once is kept: the page asks for cells one by one, and a book may be large.
    @cached_property
    def _read_texts(self) -> dict[str, Objects]:
        return {}

    @cached_property
    def _read_numbers(self) -> dict[str, Floats]:
        return {}

    def title(self, account: str) -> str:
        """Give the name of an account; its id where it has none, or is not in the book."""
        row = self.row_of.get(account)
        name = None if row is None else self.texts("name")[row]
        return account if name is None else str(name)

    @cached_property
    def money_facts(self) -> MoneyFacts | None:
        """Where the money concentrates; None where nobody knows of any."""
        kinds = {name: self.texts(name) for name in _KINDS if self.has(name)}
        return money_facts(self.numbers("sales"), self.is_key, self.ids, kinds)

    @cached_property
    def pipeline_facts(self) -> PipelineFacts | None:
        """What the open deals may bring; None where nobody gave deals or a target, or a day."""
        if self.as_of is None or (self.pipeline is None and self.target is None):
            return None
        return pipeline_facts(
            NO_DEALS if self.pipeline is None else self.pipeline,
            as_of=self.as_of,
            key_ids=set(map(str, self.ids[self.is_key].tolist())),
            target=self.target,
            sold=self.sold,
        )

    def figures(self) -> dict[str, Any]:
        """Give the figures of the page that the record does not have, as plain data."""
        money, deals = self.money_facts, self.pipeline_facts
        return {
            "concentration": None if money is None else money.record(),
            "pipeline": None if deals is None else deals.record(),
        }
