"""`Deal`: one deal as a value; each event makes a new one, with its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs

from keyaccount._record import Record
from keyaccount.funnel.events import Event

__all__ = ["Confirmation", "Deal"]


@attrs.frozen
class Confirmation:
    """A key result, key action or milestone on record: when, by whom, in which buyer's name.

    Attributes
    ----------
    code
        Which of the funnel's codes.
    at, by
        When it was confirmed, and by whom.
    buyer
        In whose name of the buyers; empty where nobody said.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", amount=5_000, at="2026-09-01", by="li")
    >>> deal = funnel.confirm(deal, "needs_understood", at="2026-09-03", by="wang")
    >>> deal.confirmed[0].code, deal.confirmed[0].by
    ('needs_understood', 'wang')
    """

    code: str
    at: datetime
    by: str = ""
    buyer: str = ""


@attrs.frozen(kw_only=True)
class Deal:
    """One deal at one moment. Made by a `Funnel`, never changed.

    Attributes
    ----------
    id, account, origin
        Which deal, whose, and whether it was explicit or created.
    stage
        The code of the stage it stands in; of a lost deal, the stage it was lost in, unless the
        funnel has a stage for that.
    outcome
        ``"open"``, ``"won"`` or ``"lost"``.
    amount
        Money, None where nobody said.
    stage_probability, hand_probability
        The chance of winning that the stage states, and the one set by hand; None where there is
        none. They stand side by side: a change of stage never touches the hand's, and 0 is a
        statement.
    owner, expected, deferred_until, lost_reason
        Who owns it, when it is expected to close, to when it is put off, why it was lost.
    opened, entered, closed
        When it was opened, when it came to its stage, when it was won or lost.
    last_open_stage
        The stage it last was open in: where it comes back to.
    confirmed
        What is on record as confirmed, in the order in which it was.
    history
        Every event that was taken, in order.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", amount=5_000, at="2026-09-01", by="li")
    >>> deal.stage, deal.probability, deal.weighted
    ('understand', 0.1, 500.0)
    """

    id: str
    account: str = ""
    origin: str = ""
    stage: str = ""
    outcome: str = "open"
    amount: float | None = None
    stage_probability: float | None = None
    hand_probability: float | None = None
    owner: str = ""
    expected: date | None = None
    deferred_until: date | None = None
    lost_reason: str = ""
    opened: datetime | None = None
    entered: datetime | None = None
    closed: datetime | None = None
    last_open_stage: str = ""
    confirmed: tuple[Confirmation, ...] = ()
    history: tuple[Event, ...] = ()

    @property
    def probability(self) -> float | None:
        """The chance of winning: 1 or 0 once it is decided, else the hand's, else the stage's."""
        if self.outcome != "open":
            return 1.0 if self.outcome == "won" else 0.0
        by_hand = self.hand_probability
        return self.stage_probability if by_hand is None else by_hand

    @property
    def weighted(self) -> float | None:
        """Amount times probability, None where one of them is not known."""
        if self.amount is None or self.probability is None:
            return None
        return self.amount * self.probability

    @property
    def last(self) -> datetime | None:
        """When the last event happened."""
        return self.history[-1].at if self.history else None

    def has(self, code: str) -> bool:
        """Say whether a key result, key action or milestone is confirmed."""
        return any(c.code == code for c in self.confirmed)

    def date_of(self, code: str) -> date | None:
        """Give the day on which something was first confirmed: of a milestone, its date."""
        return next((c.at.date() for c in self.confirmed if c.code == code), None)

    def record(self) -> Record:
        """Give the deal as a readable record."""
        skipped = {"history", "confirmed"}
        shown: dict[str, Any] = {
            f.name: getattr(self, f.name)
            for f in attrs.fields(type(self))
            if f.name not in skipped and getattr(self, f.name) not in {None, ""}
        }
        return Record(
            {**shown, "confirmed": ", ".join(c.code for c in self.confirmed) or "nothing"}
        )
