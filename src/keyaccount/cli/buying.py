"""What purchases say of each judged account: growth, the stage of its lifecycle, its segment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats, Objects
from keyaccount.cli.found import Found
from keyaccount.errors import NotEnoughDataError
from keyaccount.findings import Finding
from keyaccount.intake.window import window_start
from keyaccount.lifecycle.features import LifecycleFeatures
from keyaccount.lifecycle.lifecycle_features import lifecycle_features
from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.segments.rfm import MeanCut, Rfm
from keyaccount.stats.sums import group_sums

__all__ = ["GROWTH", "STAGE_BEFORE", "Buying", "bought"]

GROWTH = "sales_growth"
"""The column that holds the growth of sales: one window against the one before it."""

STAGE_BEFORE = "stage_before"
"""The column by which the lifecycle model is told the stage of the quarter before."""


_MONTH = np.timedelta64(31, "D")
"""So late the first purchase of a log may be that is taken to cover a window."""


@attrs.frozen(kw_only=True)
class Buying:
    """By what purchases are judged.

    Parameters
    ----------
    months
        Length of the two windows whose sales make the growth.
    lifecycle
        The model of stages, as the quarter before learned it or a playbook states it; where it is
        not fitted it is learned. None: the usual one.
    segments
        The cuts of recency, frequency and money, likewise.
    stages
        The stage of each account in the quarter before.
    """

    months: int
    lifecycle: LifecycleModel | None = None
    segments: Rfm | None = None
    stages: Mapping[str, str] = attrs.field(factory=dict)


def bought(log: Mapping[str, Any], ids: Objects, day: date, asked: Buying) -> Found:
    """Give growth, lifecycle stage and segment of each account, in the order of the ids."""
    place = {account: row for row, account in enumerate(ids.tolist())}
    found = _growth(log, place, np.datetime64(day, "D"), asked.months)
    if not len(log["account"]):
        return found
    features = lifecycle_features(log, customer="account", at="date", amount="amount", as_of=day)
    rows = [place[account] for account in features.id.tolist()]
    return found | _stages(features, rows, len(ids), asked) | _segments(features, rows, ids, asked)


def _growth(
    log: Mapping[str, Any], place: Mapping[str, int], day: np.datetime64, months: int
) -> Found:
    """Compare the sales of the last months with those of as many months before."""
    middle, start = window_start(day, months), window_start(day, 2 * months)
    days, codes = log["date"], np.array([place[a] for a in log["account"].tolist()], dtype=np.int64)
    columns: dict[str, Objects] = {}
    for name, since, until in (("sales_recent", middle, day), ("sales_earlier", start, middle)):
        within = (days > since) & (days <= until)
        sums = group_sums(log["amount"][within], codes[within], len(place))
        columns[name] = np.nan_to_num(sums)
    if not len(days) or days.min() > start + _MONTH:
        columns["sales_earlier"] = np.full(len(place), np.nan)
        return Found(columns | {GROWTH: columns["sales_earlier"]}, (_too_short(days, months),))
    return Found(columns | {GROWTH: _share(columns["sales_earlier"], columns["sales_recent"])})


def _share(earlier: Floats, recent: Floats) -> Floats:
    """Give the growth as a share: 0 from nothing to nothing, unknown from nothing to anything."""
    base = np.where(earlier > 0.0, earlier, np.nan)
    share = np.where((earlier == 0.0) & (recent == 0.0), 0.0, (recent - earlier) / base)
    grown: Floats = share + 0.0
    return grown


def _too_short(days: Any, months: int) -> Finding:
    first = f"begin on {days.min()}" if len(days) else "are none"
    message = (
        f"the growth of sales is not known: purchases {first}, and it takes {2 * months} months of "
        "them; --growth-months compares shorter windows"
    )
    return Finding(code="growth_unknown", message=message, count=1, where=GROWTH)


def _stages(features: LifecycleFeatures, rows: list[int], n: int, asked: Buying) -> Found:
    """Judge the stage of each account that ever bought."""
    model, told = asked.lifecycle, features.findings
    if model is None or not model.is_fitted:
        model = model or LifecycleModel(previous=STAGE_BEFORE)
        try:
            model = model.fit(features)
        except NotEnoughDataError:
            told = (*told, _no_rhythm(model))
    columns: dict[str, Any] = {n: features[n] for n in features.column_names}
    if model.previous is not None:
        before = [asked.stages.get(account) for account in features.id.tolist()]
        columns[model.previous] = np.array([*before, None], dtype=object)[:-1]
    judged = model.classify(columns)
    stage = np.full(n, None, dtype=object)
    stage[rows] = judged.labels
    return Found({"lifecycle_stage": stage}, (*told, *judged.findings), {"lifecycle": model})


def _no_rhythm(model: LifecycleModel) -> Finding:
    message = (
        "no account bought on two days: nobody's rhythm is known, and silence counts as churn "
        f"after {model.default_days:g} days, a choice of this library"
    )
    return Finding(code="no_rhythm", message=message, count=1, where="lifecycle_stage")


def _segments(features: LifecycleFeatures, rows: list[int], ids: Objects, asked: Buying) -> Found:
    """Put each account that ever bought into one of the eight segments."""
    spec = asked.segments
    try:
        spec = spec or Rfm(cuts=MeanCut())
        spec = spec if spec.is_fitted else spec.fit(features)
    except NotEnoughDataError:
        return Found({})
    segment = np.full(len(ids), None, dtype=object)
    segment[rows] = spec.assign(features).labels
    return Found({"segment": segment}, (), {"segments": spec})
