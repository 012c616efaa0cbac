"""What a reader should know of a quarter beside what was met in the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from keyaccount._columns import Objects, as_floats
from keyaccount.cli.judged import Judged
from keyaccount.cli.settings import CRITERIA, USUAL_GROUP, Settings
from keyaccount.evaluation import Quarter
from keyaccount.findings import Finding
from keyaccount.groups import ByGroup
from keyaccount.hierarchy import RollUp
from keyaccount.intake import Book
from keyaccount.intake.window import window_start
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Override
from keyaccount.stats.shrinkage import ShrunkRates

__all__ = [
    "about_criteria",
    "asked_otherwise",
    "half_seen",
    "not_carried",
    "not_compared",
    "outgrown",
    "subsidiaries_named",
    "unmeasured",
]

_MONTH = np.timedelta64(31, "D")
"""So late the first purchase of a log may be that is taken to cover a window."""

_MANY = 0.1
"""Where more than this share of the accounts are at the top of a criterion, it should learn."""


def about_criteria(
    judged: Judged, settings: Settings, scorer: CompositeScorer
) -> tuple[Finding, ...]:
    """Say what a reader should know of the criteria."""
    return (
        *not_compared(settings, judged.group),
        *unmeasured(scorer),
        *_telling_nothing(scorer, judged.columns),
        *_alike(judged.rates),
        *_unused_ratings(judged.columns, {*CRITERIA.values(), *scorer.reads}),
    )


def not_compared(settings: Settings, group: str | None) -> tuple[Finding, ...]:
    """Say so where accounts were to be compared within sectors and have none."""
    if group == settings.compare_within:
        return ()
    message = f"accounts have no column {USUAL_GROUP!r}: each is compared with the whole book"
    return (
        Finding(code="no_groups", message=message, count=1, where=USUAL_GROUP, severity="info"),
    )


def unmeasured(scorer: CompositeScorer) -> tuple[Finding, ...]:
    """Name the criteria that are unknown for every account."""
    return tuple(
        Finding(
            code="unmeasured_criterion",
            message=f"nobody has measured {c.name!r}: it is unknown for every account, and the "
            "bounds of the score show it",
            count=1,
            where=_where(c),
        )
        for c in scorer.criteria
        if c.column is None
    )


def _where(criterion: Criterion) -> str:
    """Name the column that a criterion reads, or would."""
    return criterion.column or CRITERIA.get(criterion.name, criterion.name)


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
            where = _where(criterion)
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


def subsidiaries_named(
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


def _unused_ratings(columns: Mapping[str, Objects], read: set[str]) -> tuple[Finding, ...]:
    """Say which ratings no criterion reads."""
    rated = [name.removesuffix("_raters") for name in columns if name.endswith("_raters")]
    unread = [name for name in rated if f"{name}_rating" not in read]
    message = f"no criterion reads the ratings of {', '.join(map(repr, unread))}"
    found = Finding(code="unused_ratings", message=message, count=len(unread), where="ratings")
    return (found,) if unread else ()


def not_carried(
    previous: Quarter | None, overrides: Sequence[Override], day: date | None
) -> tuple[Finding, ...]:
    """Say which special approvals of the quarter before hold still, and were not given again."""
    if previous is None:
        return ()
    given = {o.account for o in overrides}
    held = sorted(o.account for o in previous.overrides if o.holds_on(day))
    lost = [account for account in held if account not in given]
    message = f"{len(lost)} overrides of the quarter before hold still and are not given again"
    found = Finding(
        code="override_not_carried",
        message=message,
        count=len(lost),
        where="overrides",
        examples=tuple(lost[:5]),
    )
    return (found,) if lost else ()


def asked_otherwise(
    asked: Mapping[str, object], before: Mapping[str, object]
) -> tuple[Finding, ...]:
    """Say which options differ from those of the quarter before: what moved may be theirs."""
    differ = [n for n in asked if n in before and asked[n] != before[n]]
    shown = ", ".join(f"{n} {_said(asked[n])} (was {_said(before[n])})" for n in differ)
    message = f"options differ from those of the quarter before: {shown}"
    found = Finding(code="asked_otherwise", message=message, count=len(differ), where="--previous")
    return (found,) if differ else ()


def _said(option: object) -> str:
    return "not given" if option is None else str(option)


def half_seen(previous: Quarter | None, book: Book) -> tuple[Finding, ...]:
    """Say so where purchases begin inside the window of the quarter before.

    That window was not full: what was sold then and now is of unlike lengths of time.
    """
    days = book.logs["purchases"]["date"] if "purchases" in book.logs else np.empty(0, "M8[D]")
    months = book.trailing.get("sales")
    if previous is None or book.as_of is None or months is None or not len(days):
        return ()
    first, now = days.min(), np.datetime64(book.as_of, "D")
    then = np.datetime64(previous.as_of, "D")
    if not first > window_start(then, months) + _MONTH:
        return ()
    seen = [
        int((day - max(first, window_start(day, months))).astype(np.int64)) for day in (then, now)
    ]
    message = (
        f"purchases begin on {first}, inside the window of {months} months to {then}: sales were "
        f"those of {seen[0]} days then and are those of {seen[1]} now, so they and their scores "
        "grew with the log too; a shorter --months compares like with like"
    )
    return (Finding(code="window_half_seen", message=message, count=1, where="sales"),)


def outgrown(
    scorer: CompositeScorer, scores: Scores, previous: Quarter | None
) -> tuple[Finding, ...]:
    """Say where a constant that was kept no longer tells the best accounts apart."""
    stored = () if previous is None else previous.scorer.criteria
    told: tuple[Finding, ...] = ()
    for place, criterion in enumerate(scorer.criteria):
        value = criterion.value
        learns = any(f.learns for f in (value if isinstance(value, ByGroup) else [value]))
        top = int(np.count_nonzero(scores.worths[:, place] >= 1.0))
        if criterion in stored and learns and top > _MANY * len(scores):
            message = (
                f"{top} of {len(scores)} accounts are at the top of what {criterion.name!r} was "
                "learned from and not told apart; --refit learns it anew"
            )
            where = _where(criterion)
            told += (Finding(code="constants_outgrown", message=message, count=top, where=where),)
    return told
