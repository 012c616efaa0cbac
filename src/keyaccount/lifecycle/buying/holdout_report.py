"""`holdout_report`: whether a model of buying earns its place beside two rules of thumb."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats, common_length, floats, names_of, refuse_rows
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.lifecycle.buying.history import History, read_history
from keyaccount.lifecycle.buying.holdout_result import HoldoutReport, RuleScore, score_of
from keyaccount.lifecycle.buying.holdout_split import HoldoutSplit
from keyaccount.lifecycle.buying.model import BuyingModel
from keyaccount.lifecycle.buying.outlook import outlook
from keyaccount.stats._levels import checked_share

__all__ = ["holdout_report"]

_HALF = 0.5


def holdout_report(
    model: BuyingModel,
    customers: Any,
    *,
    horizon: float | None = None,
    hiatus: float | None = None,
    most: int = 7,
    level: float = 0.95,
) -> HoldoutReport:
    """Hold a model against what customers did afterwards, beside two simple rules.

    - *hiatus*: who has been silent for longer than the hiatus is gone; all others go on at their
      own past rate (Wübben and von Wangenheim 2008).
    - *last period*: everyone repeats what it did in the time before, of the same length.

    Parameters
    ----------
    model
        Fitted on histories until a day, not on what came after it.
    customers
        Columns `frequency`, `recency`, `T` by that day and `actual`, the orders after it, one row
        per customer; `last_period`, the repeat orders in a time before that day as long as the
        horizon, or without it no such rule. `holdout_split` makes them from a log.
    horizon
        Time over which `actual` was counted, in the unit of T; a `HoldoutSplit` knows it.
    hiatus
        The silence after which a customer is called gone, in the unit of T; a `HoldoutSplit`
        learned one before the cut.
    most
        Customers of at least this frequency are one line of the table; 7 as in the paper.
    level
        How often the intervals of the comparison hold. The default of 0.95 is a choice of this
        library.

    Returns
    -------
    HoldoutReport
        By frequency: customers, orders and each forecast; per rule: total, errors, share of
        customers rightly called active; and a verdict. Customers of whom something is unknown are
        left out and told.

    Raises
    ------
    SpecError
        No horizon or hiatus is known, or an option is not what it should be.
    NotEnoughDataError
        No customer has a history and an outcome.
    ColumnNotFoundError, ColumnError, RowError
        A column is not there, or holds what cannot be.

    References
    ----------
    Fader, Hardie and Lee (2005), Marketing Science 24(2), figure 4. Wübben, M. & von Wangenheim, F.
    (2008), Instant customer base analysis: managerial heuristics often "get it right", Journal of
    Marketing 72(3), 82-93. Diebold, F. X. & Mariano, R. S. (1995), Comparing predictive accuracy,
    Journal of Business & Economic Statistics 13, for the interval.

    Examples
    --------
    >>> import keyaccount as ka
    >>> model = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> seen = {
    ...     "frequency": [0, 2, 5],
    ...     "recency": [0.0, 30.4, 20.0],
    ...     "T": [38.9, 38.9, 38.9],
    ...     "actual": [0, 1, 0],
    ...     "last_period": [0, 2, 5],
    ... }
    >>> report = ka.holdout_report(model, seen, horizon=39.0, hiatus=12.0)
    >>> report.scores[0].rule, round(report.scores[0].expected, 2), report.actual_total
    ('model', 2.51, 1.0)
    """
    ahead = _time(horizon, customers, "horizon")
    silence = _time(hiatus, customers, "hiatus")
    _check(model, most)
    read = _read(customers)
    sure = checked_share(level, "holdout_report(level)")
    forecasts, active = _rules(read, model, ahead, silence)
    return HoldoutReport(
        horizon=ahead,
        hiatus=silence,
        level=sure,
        frequency=np.minimum(read.frequency, float(most)),
        most=most,
        actual=read.actual,
        forecasts=forecasts,
        scores=_scores(forecasts, active, read.actual, sure),
        findings=read.findings,
    )


@attrs.frozen(eq=False)
class _Judged:
    """The customers that are judged: their history, what they ordered then and the period before.

    `last_period` is None where nobody said.
    """

    frequency: Floats
    recency: Floats
    age: Floats
    actual: Floats
    last_period: Floats | None
    findings: tuple[Finding, ...]


def _read(customers: Any) -> _Judged:
    history = read_history(*(floats(customers, n) for n in ("frequency", "recency", "T")))
    actual = floats(customers, "actual")
    columns = {"frequency": history.frequency, "actual": actual}
    last = floats(customers, "last_period") if _has(customers, "last_period") else None
    common_length(columns if last is None else columns | {"last_period": last})
    refuse_rows("actual", actual, actual < 0.0, "are below 0", "count the orders after the cut.")
    judged = history.known & np.isfinite(actual)
    if last is not None:
        judged &= np.isfinite(last)
    if not judged.any():
        raise NotEnoughDataError.from_problem(
            f"no customer of {len(judged)} has a history and an outcome",
            "give frequency, recency, T and actual of the same customers.",
        )
    return _Judged(
        history.frequency[judged],
        history.recency[judged],
        history.age[judged],
        actual[judged],
        None if last is None else last[judged],
        _findings(history, judged, customers),
    )


def _rules(
    read: _Judged, model: BuyingModel, ahead: float, silence: float
) -> tuple[dict[str, Floats], dict[str, Bools]]:
    """Give what each way to forecast expects of each customer, and whom it takes for active."""
    x, tx, age = read.frequency, read.recency, read.age
    forecasts = {"model": model.expected_orders(x, tx, age, ahead)}
    active = {"model": _likely(model, x, tx, age, ahead), "hiatus": age - tx <= silence}
    forecasts["hiatus"] = np.where(active["hiatus"], _own_rate(x, age) * ahead, 0.0)
    if read.last_period is not None:
        forecasts["last_period"] = read.last_period
        active["last_period"] = read.last_period > 0.0
    return forecasts, active


def _scores(
    forecasts: dict[str, Floats], active: dict[str, Bools], truth: Floats, level: float
) -> tuple[RuleScore, ...]:
    return tuple(
        score_of(rule, forecast, active[rule], actual=truth, model=forecasts["model"], level=level)
        for rule, forecast in forecasts.items()
    )


def _likely(model: BuyingModel, x: Floats, tx: Floats, age: Floats, ahead: float) -> Bools:
    """Say who is likelier than not to order at all."""
    p = np.array(list(model.parameters.values()))
    look = outlook(model.kernel(), p, x, age, np.full(len(x), ahead))
    some: Floats = model.probability_alive(x, tx, age) * (
        1.0 - look.probability[look.start][look.pattern]
    )
    likely: Bools = some >= _HALF
    return likely


def _own_rate(x: Floats, age: Floats) -> Floats:
    lived = age > 0.0
    return np.where(lived, x / np.where(lived, age, 1.0), 0.0)


def _time(given: float | None, customers: Any, name: str) -> float:
    value = (
        getattr(customers, name) if given is None and isinstance(customers, HoldoutSplit) else given
    )
    found = exact_float(value)
    if not is_finite(found) or found < 0.0 or (name == "horizon" and found == 0.0):
        raise SpecError.from_field(
            f"holdout_report({name})",
            "must be a time above 0" if name == "horizon" else "must be a time of at least 0",
            given,
            "give it in the unit of T, or pass the split that ka.holdout_split made.",
        )
    return float(found)


def _check(model: Any, most: Any) -> None:
    if not isinstance(model, BuyingModel):
        field = "holdout_report(model)"
        hint = "fit one first: ka.BetaGeometricNBD.fit(...)."
        raise SpecError.from_field(field, "must be a BuyingModel", model, hint)
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        field = "holdout_report(most)"
        raise SpecError.from_field(field, "must be a whole number above 0", most, "write 7.")


def _has(customers: Any, name: str) -> bool:
    return isinstance(customers, HoldoutSplit) or name in names_of(customers)


def _findings(history: History, judged: Bools, customers: Any) -> tuple[Finding, ...]:
    left = int(np.count_nonzero(history.known & ~judged))
    have = "has" if left == 1 else "have"
    said = f"{counted(left, 'customer')} {have} no known outcome and count for nothing"
    told = (*history.findings, *note("not_judged", said, left, severity="info"))
    if _has(customers, "last_period"):
        return told
    said = "there is no column 'last_period': the rule that the last period repeats is left out"
    return told + note("no_last_period", said, 1, severity="info")
