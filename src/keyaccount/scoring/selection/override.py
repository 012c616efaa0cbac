"""Special approval (特批): an account put in or out by a person, on record beside the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Any

import attrs

from keyaccount._columns import label_text
from keyaccount._validators import a_date, exact_date, field_name, flag, optional, text
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.scoring.selection.notes import said_of


def _id_text(value: Any) -> Any:
    return label_text(value)


def _not_before(instance: Override, attribute: Any, value: date | None) -> None:
    if value is not None and instance.approved_on is not None and value < instance.approved_on:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must not be before approved_on, {instance.approved_on}",
            str(value),
            "an override holds from the one to the other, both days included.",
        )


@attrs.frozen
class Override(Spec):
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
        A text is blank, a date is none, or it expires before it is approved.

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
        default=None,
        kw_only=True,
        converter=exact_date,
        validator=attrs.validators.and_(optional(a_date), _not_before),
    )

    @property
    def is_dated(self) -> bool:
        """Whether it depends on the day if it holds."""
        return self.expires is not None or self.approved_on is not None

    def holds_on(self, day: date | None) -> bool:
        """Say whether it holds on a day, both ends included.

        Parameters
        ----------
        day
            The day; None: no day is looked at, and it holds.

        Returns
        -------
        bool
            Whether the day lies from `approved_on` to `expires`.
        """
        if day is None:
            return True
        started = self.approved_on is None or self.approved_on <= day
        return started and (self.expires is None or day <= self.expires)


def override_findings(
    overrides: Sequence[Override], known: Container[str], as_of: date | None
) -> list[Finding]:
    """Report overrides that do not hold, name no account, or are given more than once."""
    holding = [o for o in overrides if o.holds_on(as_of)]
    early = [o for o in overrides if o.approved_on and as_of and as_of < o.approved_on]
    expired = [o for o in overrides if o.expires and as_of and o.expires < as_of]
    ways = {(o.account, o.include) for o in holding}
    both = [account for account, include in ways if include and (account, False) in ways]
    times = Counter(o.account for o in holding)
    again = [account for account, n in times.items() if n > 1 and account not in both]
    return [
        *_said("expired", "has expired", "have expired", [o.account for o in expired]),
        *_said(
            "not_in_force",
            "is not yet in force",
            "are not yet in force",
            [o.account for o in early],
        ),
        *_said(
            "unknown",
            "names no account of the book",
            "name no account of the book",
            [o.account for o in overrides if o.account not in known],
        ),
        *_said(
            "contradicted",
            "is both in and out, and out wins",
            "are both in and out, and out wins",
            both,
        ),
        *_said("repeated", "is given more than once", "are given more than once", again),
    ]


def _said(code: str, one: str, many: str, accounts: Iterable[str]) -> list[Finding]:
    named = sorted(set(accounts))
    what = (f"account's override {one}", f"accounts' overrides {many}")
    return said_of(f"override_{code}", len(named), what, where="overrides", examples=named)
