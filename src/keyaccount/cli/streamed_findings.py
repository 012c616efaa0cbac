"""What a reader of a streamed review should know beside what its rows say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from keyaccount._validators import exact_date
from keyaccount.cli.by_playbook import not_yet_valid
from keyaccount.cli.settings import Settings
from keyaccount.cli.streamed_rule import Before
from keyaccount.cli.told import not_compared, unmeasured
from keyaccount.findings import Finding
from keyaccount.playbook.playbook import Playbook
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import Override
from keyaccount.scoring.selection.notes import said_of

__all__ = ["found_before"]

_USED = ("scorer", "selection")
"""What a streamed review takes from a playbook."""


def found_before(
    settings: Settings,
    scorer: CompositeScorer,
    before: Before | None,
    overrides: Sequence[Override],
    as_of: str | None,
) -> tuple[Finding, ...]:
    """Say what a reader should know beside what the rows say.

    Parameters
    ----------
    settings, scorer
        What was asked for, and by what accounts are judged.
    before
        The streamed review before; None: there is none.
    overrides
        The special approvals that were given.
    as_of
        The day of the review, as it was given.
    """
    said = exact_date(as_of)
    playbook = settings.playbook
    day = said if isinstance(said, date) else None
    return (
        *not_yet_valid(playbook, day),
        *_not_used(playbook),
        *(not_compared(settings, scorer.group) if before is None else ()),
        *unmeasured(scorer),
        *_not_carried(() if before is None else before.overrides, overrides, day),
    )


def _not_used(playbook: Playbook | None) -> tuple[Finding, ...]:
    """Name the parts of a playbook that a stream has no use for."""
    parts = [] if playbook is None else [n for n in playbook.parts if n not in _USED]
    message = f"a streamed review takes nothing from {', '.join(parts)} of the playbook"
    found = Finding(
        code="part_not_used", message=message, count=1, where="--playbook", severity="info"
    )
    return (found,) if parts else ()


def _not_carried(
    before: Sequence[Override], now: Sequence[Override], day: date | None
) -> tuple[Finding, ...]:
    """Say which special approvals of the review before hold still, and were not given again."""
    given = {o.account for o in now}
    lost = sorted(o.account for o in before if o.holds_on(day) and o.account not in given)
    words = (
        "override of the quarter before holds still and is not given again",
        "overrides of the quarter before hold still and are not given again",
    )
    found = said_of("override_not_carried", len(lost), words, where="overrides", examples=lost[:5])
    return tuple(found)
