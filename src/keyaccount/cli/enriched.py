"""The judged accounts with what the other tables say of them: hands, stages, plans, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Objects
from keyaccount.cli.buying import GROWTH, Buying, bought
from keyaccount.cli.by_playbook import lifecycle_of, segments_of
from keyaccount.cli.found import Found
from keyaccount.cli.hands import hands
from keyaccount.cli.judged import Judged
from keyaccount.cli.settings import Settings
from keyaccount.cli.upkept import contacted, planned, tasked
from keyaccount.errors import KeyAccountError
from keyaccount.evaluation import Quarter, ReviewCheck, ReviewRules, ReviewSign, review_checks
from keyaccount.findings import Finding
from keyaccount.intake import Book
from keyaccount.segments.pcv import pcv

__all__ = ["Enriched", "enriched", "usual_rules"]


@attrs.frozen(eq=False)
class Enriched:
    """What the tables beside the accounts say of the judged rows.

    Parameters
    ----------
    found
        Columns, findings, what was learned, what is shown.
    logs
        The tables, with the judged account of each row.
    on
        Who is on which account; None where nobody says.
    """

    found: Found
    logs: Mapping[str, Mapping[str, Any]]
    on: Mapping[str, Any] | None


def enriched(
    book: Book,
    judged: Judged,
    settings: Settings,
    previous: Quarter | None,
    learned: Mapping[str, Any],
) -> Enriched:
    """Give the columns that a review reads beside the criteria, where the data are there.

    What the accounts table says itself is kept, and told.
    """
    day, columns = book.as_of, judged.columns
    if day is None:
        return Enriched(Found({}), {}, None)
    rules = settings.program
    logs = {name: _judged(log, judged) for name, log in book.logs.items()}
    found, on = hands(logs, columns, day, rules.roles)
    found |= _segmented(columns)
    if "purchases" in logs:
        asked = _asked(settings, previous, learned)
        found = bought(logs["purchases"], columns["id"], day, asked) | found
    if "plans" in logs:
        found |= planned(logs["plans"], columns, day, rules.plans)
    if "tasks" in logs:
        found |= tasked(logs["tasks"], columns["id"], day, settings.stalled_after, rules.tasks)
    if "contacts" in logs:
        rhythm = rules.upkeep or settings.contact_every
        found |= contacted(logs["contacts"], columns, day, rhythm, rules.channels)
    return Enriched(_without_clashes(found, columns), logs, on)


def usual_rules(columns: Mapping[str, Objects]) -> ReviewRules:
    """Give the rules of a review where nobody states others, for the columns there are."""
    checks = review_checks(growth=GROWTH if GROWTH in columns else None)
    if "contact_overdue" in columns:
        checks = (*checks, _CONTACT)
    return ReviewRules(checks=checks)


_CONTACT = ReviewCheck(
    "contact_overdue",
    about="coverage",
    signs=[ReviewSign("contact_overdue", at_least=1)],
    name="not kept in touch with as often as asked",
    name_zh="日常维护逾期",
)


def _judged(log: Mapping[str, Any], judged: Judged) -> Mapping[str, Any]:
    """Let the rows of a subsidiary count for the account that is judged."""
    rolled = judged.rolled
    if rolled is None or "account" not in log:
        return log
    top = dict(zip(rolled.accounts.tolist(), rolled.ids[rolled.group].tolist(), strict=True))
    heads = [top.get(account) for account in log["account"].tolist()]
    return {**log, "account": np.array([*heads, None], dtype=object)[:-1]}


def _asked(settings: Settings, previous: Quarter | None, learned: Mapping[str, Any]) -> Buying:
    """Keep what the quarter before learned, unless it is to be learned anew."""
    kept = {} if settings.refit else learned
    return Buying(
        months=settings.growth_months,
        lifecycle=lifecycle_of(settings.playbook, kept.get("lifecycle")),
        segments=segments_of(settings.playbook, kept.get("segments")),
        stages=_stages_of(previous),
    )


def _stages_of(previous: Quarter | None) -> dict[str, str]:
    """Read the stage of each account in the quarter before."""
    if previous is None or "lifecycle_stage" not in previous.columns:
        return {}
    pairs = zip(previous.ids.tolist(), previous.columns["lifecycle_stage"].tolist(), strict=True)
    return {account: stage for account, stage in pairs if stage is not None}


def _segmented(columns: Mapping[str, Objects]) -> Found:
    """Put accounts into the PCV matrix where the accounts table has status and output."""
    if not {"status", "output"} <= set(columns):
        return Found({})
    n, where = len(columns["id"]), "output"
    try:
        labels = pcv().assign(columns).labels
    except KeyAccountError as error:
        message = f"accounts have status and output, but not those of the PCV matrix: {error.fact}"
        told = Finding(code="no_pcv", message=message, count=n, where=where, severity="info")
        return Found({}, (told,))
    message = "segments are those of the PCV matrix: output is taken as CNY, in the printed bands"
    told = Finding(code="pcv", message=message, count=n, where=where, severity="info")
    return Found({"segment": labels}, (told,))


def _without_clashes(found: Found, columns: Mapping[str, Objects]) -> Found:
    """Leave out what the accounts table says itself, and say so."""
    own = [name for name in found.columns if name in columns]
    told = tuple(
        Finding(
            code="column_kept",
            message=f"accounts have a column {name!r} of their own: it is kept",
            count=1,
            where=f"accounts: {name}",
            severity="info",
        )
        for name in own
    )
    rest = {name: column for name, column in found.columns.items() if name not in columns}
    said = tuple(_of_no_order(finding) for finding in found.findings)
    return attrs.evolve(found, columns=rest, findings=said + told)


def _of_no_order(finding: Finding) -> Finding:
    """Leave out the numbers of rows: they are those of the file, whose order says nothing."""
    shown = tuple(example for example in finding.examples if not example.startswith("row "))
    return attrs.evolve(finding, examples=shown)
