"""Special approval (特批): an account put in or out by a person, on record beside the score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs

from keyaccount._columns import label_text
from keyaccount._validators import a_date, exact_date, flag, optional, text
from keyaccount.findings import Finding


def _id_text(value: Any) -> Any:
    return label_text(value)


@attrs.frozen
class Override:
    """A person's decision that an account is key, or is not, whatever its score.

    Taking an account out by override is a choice of this library; the sources know only the other
    way.

    Parameters
    ----------
    account
        The id of the account.
    include
        True puts it in, False takes it out.
    reason
        Why.
    approved_by
        Who decided.
    approved_on
        From which day it holds; None: always has.
    expires
        The last day on which it holds; None: until it is withdrawn.

    Raises
    ------
    SpecError
        A text is blank, or a date is none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> flagship = ka.Override(
    ...     "A-17",
    ...     include=True,
    ...     reason="flagship reference",
    ...     approved_by="VP sales",
    ...     expires="2027-03-31",
    ... )
    >>> flagship.expires
    datetime.date(2027, 3, 31)
    """

    account: str = attrs.field(converter=_id_text, validator=text)
    include: bool = attrs.field(kw_only=True, validator=flag)
    reason: str = attrs.field(kw_only=True, validator=text)
    approved_by: str = attrs.field(kw_only=True, validator=text)
    approved_on: date | None = attrs.field(
        default=None, kw_only=True, converter=exact_date, validator=optional(a_date)
    )
    expires: date | None = attrs.field(
        default=None, kw_only=True, converter=exact_date, validator=optional(a_date)
    )

    @property
    def is_dated(self) -> bool:
        """Whether it depends on the day if it holds."""
        return self.expires is not None or self.approved_on is not None

    def holds_on(self, day: date | None) -> bool:
        """Say whether it holds on a day, both ends included."""
        if day is None:
            return True
        started = self.approved_on is None or self.approved_on <= day
        return started and (self.expires is None or day <= self.expires)


def override_findings(
    overrides: Sequence[Override], known: Sequence[str], as_of: date | None
) -> list[Finding]:
    """Report the overrides that do not hold, or name no account of the book."""
    names = set(known)
    idle = [o for o in overrides if not o.holds_on(as_of)]
    expired = [o for o in idle if o.expires is not None and as_of is not None and o.expires < as_of]
    early = [o for o in idle if o not in expired]
    unknown = [o for o in overrides if o.account not in names]
    both = {o.account for o in overrides if o.include and o.holds_on(as_of)} & {
        o.account for o in overrides if not o.include and o.holds_on(as_of)
    }
    found = [
        _finding("override_expired", "have expired", [o.account for o in expired]),
        _finding("override_not_in_force", "are not yet in force", [o.account for o in early]),
        _finding("override_unknown", "name no account of the book", [o.account for o in unknown]),
        _finding("override_contradicted", "contradict each other: out wins", sorted(both)),
    ]
    return [f for f in found if f is not None]


def _finding(code: str, what: str, accounts: list[str]) -> Finding | None:
    if not accounts:
        return None
    return Finding(
        code=code,
        message=f"overrides of {len(accounts)} accounts {what}",
        count=len(accounts),
        where="overrides",
        examples=accounts[:5],
    )
