"""`LifecycleStages`: the stage of each account, and why."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.lifecycle.judging import Facts, Verdict
from keyaccount.lifecycle.reasons import NUMBERS, Judged, reason
from keyaccount.lifecycle.stages import LIMIT_SOURCES, NAMES_ZH, RULES, STAGES

if TYPE_CHECKING:
    from keyaccount.lifecycle.model import LifecycleModel

__all__ = ["LifecycleStages"]


class LifecycleStages(Stamped, Viewed):
    """The lifecycle stage of each account, aligned with the input by position.

    Attributes
    ----------
    model
        The `LifecycleModel` that judged.
    stage
        ``(n,)`` int16: position in `stages`; -1 where unknown.
    labels, names_zh
        ``(n,)`` objects: the stage in English and in Chinese; None where unknown.
    rule
        ``(n,)`` objects: what decided: ``"contract_ended"``, ``"silent"``, ``"prospect"``,
        ``"young"``, ``"few_orders"``, ``"rising"``, ``"falling"``, ``"stepped_up"`` or
        ``"stepped_down"`` (a level that changed and lasts), ``"growth_held"`` or
        ``"decline_held"`` (in it the time before, and the slope still matters), ``"no_spend"``
        (silent beyond its limit under a contract, with nothing spent in the whole window),
        ``"no_trend"`` (past acquisition, and nothing to tell a trend from) or ``"steady"``; None
        where unknown.
    held
        ``(n,)`` bool: without its stage of the time before, the account would be in another one.
    hiatus_limit
        ``(n,)`` float64: days of silence beyond which the account counts as churned, with what is
        held; NaN where it has no orders.
    limit_source
        ``(n,)`` objects: whose rhythm that is: ``"own_rhythm"``, ``"own_longest_gap"``,
        ``"group"``, ``"pool"`` of all accounts, or the ``"default"`` of the model.
    findings
        What a reader should know of the data.

    Examples
    --------
    >>> import keyaccount as ka
    >>> account = {
    ...     "days_since": 70,
    ...     "tenure_days": 900,
    ...     "order_days": 13,
    ...     "gaps": 12,
    ...     "gap_high": 41,
    ...     "slope": 0.0,
    ...     "slope_low": -0.1,
    ...     "slope_high": 0.1,
    ...     "days_to_end": None,
    ...     "before": "maturity",
    ... }
    >>> found = ka.LifecycleModel(previous="before").classify(account)
    >>> print(found.row(0))
    stage     maturity
    stage_zh  成熟
    why       spend shows no trend that matters: +0.0% per period (-10.0% to +10.0%)
    held      it was in maturity: on its own, the evidence of today says churn
    """

    def __init__(
        self,
        model: Any,
        facts: Facts,
        verdict: Verdict,
        afresh: NDArray[np.int16],
        findings: tuple[Finding, ...],
    ) -> None:
        self.model: Any = model
        self._facts: Facts = facts
        self._read_findings: tuple[Finding, ...] = findings
        self.stage: NDArray[np.int16] = verdict.stage
        self.rule_code: NDArray[np.int16] = verdict.rule
        self.held: Bools = afresh != verdict.stage
        self._afresh: NDArray[np.int16] = afresh
        self.hiatus_limit: Floats = verdict.limit
        self.limit_source_code: NDArray[np.int16] = verdict.source

    @property
    def spec(self) -> LifecycleModel:
        """The spec that made it."""
        found: LifecycleModel = self.model
        return found

    def __len__(self) -> int:
        return len(self.stage)

    def __repr__(self) -> str:
        said = ", ".join(f"{n} {stage}" for stage, n in self.counts().items())
        return f"<LifecycleStages of {len(self)} accounts: {said}>"

    def _view(self) -> View:
        return View(f"Stages of {len(self):,} accounts", self.columns(), len(self))

    @property
    def stages(self) -> tuple[str, ...]:
        """The five stages, in their order."""
        return STAGES

    @property
    def labels(self) -> Objects:
        """The stage of each account in English; None where unknown."""
        return _written(STAGES, self.stage)

    @property
    def names_zh(self) -> Objects:
        """The stage of each account in Chinese; None where unknown."""
        return _written(NAMES_ZH, self.stage)

    @property
    def rule(self) -> Objects:
        """What decided; None where unknown."""
        return _written(RULES, self.rule_code)

    @property
    def limit_source(self) -> Objects:
        """Whose rhythm the silence is held against; None where there are no orders."""
        return _written(LIMIT_SOURCES, self.limit_source_code)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data."""
        by_default = np.count_nonzero(self.limit_source_code == LIMIT_SOURCES.index("default"))
        days = self.model.default_days
        told = (
            (
                "unknown",
                np.count_nonzero(self.stage < 0),
                "of unknown stage: orders or tenure unknown",
            ),
            (
                "no_trend",
                np.count_nonzero(self.rule_code == RULES.index("no_trend")),
                "past acquisition, with nothing to tell a trend from: taken as mature",
            ),
            (
                "default_limit",
                by_default,
                f"held against the default of {days:g} days: no rhythm of their own, none learned",
            ),
        )
        return self._read_findings + tuple(
            Finding(code=code, message=f"{counted(int(n), 'account')} {said}", count=int(n))
            for code, n, said in told
            if n
        )

    def counts(self) -> dict[str, int]:
        """Count the accounts of each stage; unknown ones are in none."""
        held: Codes = np.bincount(self.stage[self.stage >= 0], minlength=len(STAGES))
        return dict(zip(STAGES, held.tolist(), strict=True))

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {
            "stage": self.labels,
            "stage_zh": self.names_zh,
            "stage_rule": self.rule,
            "stage_held": self.held,
            "hiatus_limit": self.hiatus_limit,
            "limit_source": self.limit_source,
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record, with what decided in words."""
        i = checked_row(i, len(self))
        facts = {name: float(getattr(self._facts, name)[i]) for name in NUMBERS}
        judged = Judged(
            rule=self.rule[i],
            limit=float(self.hiatus_limit[i]),
            source=self.limit_source[i],
            patience=self.model.patience,
            moved=self._moved(i),
            acquisition_days=self.model.acquisition_days,
            acquisition_orders=self.model.acquisition_orders,
            growth=self._left_at(i, "growth"),
            decline=self._left_at(i, "decline"),
            **facts,
        )
        cells = {"stage": self.labels[i], "stage_zh": self.names_zh[i], "why": reason(judged)}
        if self.held[i]:
            was, now = (STAGES[int(c[i])] for c in (self._facts.previous, self._afresh))
            cells["held"] = f"it was in {was}: on its own, the evidence of today says {now}"
        return Record(cells)

    def _left_at(self, i: int, stage: str) -> float:
        """Say which slope keeps an account in growth or decline."""
        was = int(self._facts.previous[i]) == STAGES.index(stage)
        least: float = getattr(self.model, stage) * (1.0 - self.model.hold if was else 1.0)
        return least

    def _moved(self, i: int) -> float:
        """Say by what share the stage before moved the limit of silence."""
        was = int(self._facts.previous[i])
        hold: float = self.model.hold
        return 0.0 if was < 0 else -hold if was == STAGES.index("churn") else hold


def _written(words: tuple[str, ...], codes: NDArray[np.int16]) -> Objects:
    table = np.array([*words, None], dtype=object)
    found: Objects = table[codes]
    return found
