"""`aalen_johansen`: estimate the share gone by each cause, while some have not gone yet."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Floats
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.stats.survival.incidence import CumulativeIncidence
from keyaccount.stats.survival.observations import (
    Observations,
    coded_groups,
    observations,
    read_causes,
)
from keyaccount.stats.survival.product_limit import open_share
from keyaccount.stats.survival.risk import RiskTable
from keyaccount.stats.survival.segments import accumulated, entry_before

__all__ = ["aalen_johansen", "incidence_of"]


def aalen_johansen(
    durations: Any,
    outcomes: Any,
    causes: int = 2,
    *,
    groups: Any = None,
    entered: Any = None,
) -> CumulativeIncidence:
    """Estimate the share gone by each cause as time goes on.

    Parameters
    ----------
    durations
        ``(n,)`` how long each row was watched, at least 0, in any unit of time.
    outcomes
        ``(n,)`` 0 where it was still open at the last look (right-censored), else the cause from 1.
    causes
        How many causes there are.
    groups
        ``(n,)`` labels; each group gets curves of its own. None: one group.
    entered
        ``(n,)`` how long it had been open when it was first seen (left truncation): it is at risk
        after that time only. None: seen from the start.

    Returns
    -------
    CumulativeIncidence
        Steps at the times of events. What is unknown is left out, with a finding.

    Raises
    ------
    RowError
        A duration is below 0, an outcome is no such number, or an entry lies after the end.
    ColumnError
        Columns differ in length or hold no numbers.
    SpecError
        `causes` is no count from 1.

    Notes
    -----
    ``F_c(t) = Σ S(s−)·d_c(s)/n(s)`` over the times ``s ≤ t``, with ``S`` the Kaplan-Meier share not
    gone by any cause: the estimator of Aalen, O. O. and Johansen, S. (1978), Scandinavian Journal
    of Statistics 5, for competing risks. Of an event and a censoring at one time the event comes
    first; several events at one time are one step. Book-wise: counts are whole and products run in
    the order of time, so the order of rows changes no bit, nor do other groups.

    Examples
    --------
    >>> from keyaccount.stats.survival import aalen_johansen
    >>> curves = aalen_johansen([2, 4, 6, 8], [1, 2, 0, 1])
    >>> curves.incidence.tolist()
    [[0.25, 0.25, 0.75], [0.0, 0.25, 0.25]]
    """
    n_causes = _how_many(causes)
    found = observations(
        durations,
        read_causes(outcomes, n_causes),
        n_causes=n_causes,
        groups=None if groups is None else coded_groups(groups),
        entered=entered,
    )
    return incidence_of(found)


def incidence_of(found: Observations) -> CumulativeIncidence:
    """Estimate the curves of observations already read."""
    risk = found.risk()
    still_open = open_share(risk)
    before = entry_before(still_open, risk.offsets, 1.0)
    gained = before * (risk.events / risk.at_risk)
    incidence = np.minimum(accumulated(np.add, gained, risk.offsets), 1.0)
    told = (*found.findings, *_ran_empty(risk, still_open))
    return CumulativeIncidence(risk.times, incidence, still_open, risk, found.labels, told)


def _ran_empty(risk: RiskTable, still_open: Floats) -> tuple[Finding, ...]:
    """Tell of groups in which all had gone before others, seen late, came to be at risk."""
    before = entry_before(still_open, risk.offsets, 1.0)
    count = len(np.unique(risk.step_group[before == 0.0]))
    fate = "with nobody at risk for a time: what happened after it does not count"
    return note("nobody_at_risk", f"{counted(count, 'group')} {fate}", count, "entered")


def _how_many(causes: Any) -> int:
    if isinstance(causes, bool) or not isinstance(causes, int) or causes < 1:
        raise SpecError.from_field(
            "aalen_johansen(causes)",
            "must be a whole number from 1",
            causes,
            "give the number of ways to leave, 2 for advanced and lost.",
        )
    return causes
