"""`ProgrammeSymptoms`: which symptoms of a weak programme a book shows."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.findings import Finding, counted
from keyaccount.program.symptoms.check_item import CheckItem
from keyaccount.program.table import Table, amount

__all__ = ["ProgrammeSymptoms"]

_NO_BUDGET = "undefined"


@attrs.frozen(eq=False)
class ProgrammeSymptoms(Table):
    """The six symptoms of a weak programme: one row each.

    Parameters
    ----------
    symptoms
        The symptoms.
    figure
        ``(6,)`` float64: the share measured, the higher the weaker; NaN where data do not answer.
    part, whole
        ``(6,)`` float64: the two that the share is of: accounts, value or time as they were given;
        NaN where data do not answer.
    measures
        What each share says, in words.
    known, concerned
        ``(6,)`` int64: accounts of which it is known, and all accounts that it is asked of.
    limit
        ``(6,)`` float64: the share above which the symptom counts as shown; NaN where not said.
    findings
        What is shown, and what has to be asked.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"is_key": [True, True, False], "alone": [True, False, True]}
    >>> found = ka.programme_symptoms(book, one_hand="alone", limits={"thin_bench": 0.3})
    >>> found.figure.tolist()[-1], found.shown[-1]
    (0.5, True)
    """

    symptoms: tuple[CheckItem, ...]
    figure: Floats
    part: Floats
    whole: Floats
    measures: tuple[str, ...]
    known: Codes
    concerned: Codes
    limit: Floats
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.symptoms)

    @property
    def title(self) -> str:
        """What the rows are."""
        return "Symptoms of a weak programme"

    @property
    def measured(self) -> Bools:
        """``(6,)`` bool: data answer it."""
        return ~np.isnan(self.figure)

    @property
    def shown(self) -> Objects:
        """``(6,)`` True, False, or None where it is not measured or no limit was said."""
        judged = self.measured & ~np.isnan(self.limit)
        above = (self.figure > self.limit).tolist()
        pairs = zip(judged.tolist(), above, strict=True)
        return np.array([is_above if known else None for known, is_above in pairs], dtype=object)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the symptoms as columns, for any DataFrame constructor."""
        words = ("code", "name", "name_zh", "question", "question_zh")
        texts = {w: np.array([getattr(s, w) for s in self.symptoms], dtype=object) for w in words}
        return {
            **texts,
            "measured": self.measured,
            "figure": self.figure,
            "part": self.part,
            "whole": self.whole,
            "measure": np.array(self.measures, dtype=object),
            "known": self.known,
            "concerned": self.concerned,
            "limit": self.limit,
            "shown": self.shown,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what one symptom was measured by, or what to ask."""
        if not self.measured[i]:
            return (f"asked: {self.symptoms[i].question}",)
        limit = self.limit[i]
        tail = "" if np.isnan(limit) else f"; limit {100 * limit:g} %"
        return (f"{self._measured(i)}{tail}",)

    def _measured(self, i: int) -> str:
        """Say what share it is, of how much, and of how many accounts that is not known."""
        if not self.concerned[i]:
            return "no account is a key account"
        of = f"{amount(self.part[i])} of {amount(self.whole[i])}"
        said = f"{100 * self.figure[i]:.1f} % {self.measures[i]}: {of}"
        silent = int(self.concerned[i] - self.known[i])
        if not silent:
            return said
        if self.symptoms[i].code == _NO_BUDGET:  # what nobody states is none
            return f"{said}, {silent:,} of them because none is stated"
        return f"{said}, not known of {counted(silent, 'account')}"
