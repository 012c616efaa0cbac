"""`upkeep`: whether each account is kept in touch with as often as its tier asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Columns, days, labels
from keyaccount.findings import Finding
from keyaccount.ledger.told import about_rows, counted
from keyaccount.program.book import (
    about,
    day_given,
    free_codes,
    marked,
    optional_labels,
    per_tier,
    read_keys,
    same_length,
)
from keyaccount.program.tasks.core_tasks import upkeep_channels
from keyaccount.program.tasks.upkept import Upkeep
from keyaccount.program.term import Term, code_rows, terms_given
from keyaccount.stats.sums import group_counts, group_min

__all__ = ["upkeep"]


def upkeep(
    contacts: Columns,
    *,
    rhythm: float | Mapping[str, float],
    as_of: Any,
    accounts: Columns | None = None,
    channels: Iterable[Term] | None = None,
    account: str = "account",
    channel: str = "channel",
    date: str = "date",
    tier: str | None = None,
) -> Upkeep:
    """Say of each account when it was last kept in touch with, and whether that is too long ago.

    Parameters
    ----------
    contacts
        Columns, one row per contact.
    rhythm
        Days between contacts: one number, or one by tier; a tier not named asks for none. There is
        no default: the method gives no figure.
    as_of
        The day; contacts after it are left out, with a finding.
    accounts
        Columns, one row per account, with the column that `account` names. None: the accounts that
        have contacts, sorted by id; those never contacted are then not seen.
    channels
        The channels there are; None: `upkeep_channels()`.
    account, channel, date
        Columns of `contacts`: the id, the channel in either language, and the day. A contact
        without a known channel counts as a contact; one without a day does not.
    tier
        Column of `accounts`: the tier.

    Returns
    -------
    Upkeep
        One row per account.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        A channel is none.
    DuplicateIdError
        An account occurs twice in `accounts`.
    SpecError
        An argument is not what it should be.

    Notes
    -----
    Upkeep (日常维护) by SMS, e-mail, phone, letter and fax. The order of the rows does not matter.

    Examples
    --------
    >>> import keyaccount as ka
    >>> calls = {"account": ["A"], "channel": ["phone"], "date": ["2026-09-20"]}
    >>> book = {"account": ["A", "B", "C"], "tier": ["key", "key", "small"]}
    >>> found = ka.upkeep(calls, accounts=book, tier="tier", rhythm={"key": 30}, as_of="2026-09-30")
    >>> found.overdue.tolist(), str(found.due[0])
    ([False, True, False], '2026-10-20')
    """
    day = day_given(as_of, "upkeep(as_of)")
    wanted: tuple[Term, ...] = (
        upkeep_channels() if channels is None else terms_given(channels, Term, "upkeep(channels)")
    )
    free_codes(wanted, ("account", "overdue", "since", "every", "due"), "upkeep(channels)")
    seen, by, when = labels(contacts, account), labels(contacts, channel), days(contacts, date)
    same_length(account=seen, channel=by, date=when)
    book = read_keys(seen, accounts, account, "account")
    codes = code_rows(by, wanted, channel)
    later, undated = when > day, np.isnat(when)
    counts = (book.rows >= 0) & ~later & ~undated
    n, c = len(book), len(wanted)
    gone = np.where(counts, (day - when).astype(np.float64), np.nan)
    tiers = None if accounts is None else optional_labels(accounts, tier)
    same_length(account=book.ids, tier=tiers)
    cell = book.rows * c + codes
    found = Upkeep(
        account=book.ids,
        channels=wanted,
        contacts=group_counts(cell, n * c, counts & (codes >= 0)).reshape(n, c),
        since=group_min(gone, book.rows, n),
        every=per_tier(rhythm, tiers, n, "upkeep(rhythm)"),
        as_of=day,
    )
    told = (
        *book.findings,
        *_rows("later", later, f"after {day}, left out"),
        *_rows("no_date", undated, "without a day, left out"),
        *_rows("no_channel", codes < 0, "without a channel"),
    )
    return attrs.evolve(found, findings=told + _findings(found))


def _rows(code: str, which: Bools, said: str) -> tuple[Finding, ...]:
    rows = np.flatnonzero(which)
    message = f"{counted(len(rows), 'contact')} {said}"
    return about_rows(code, message, rows, severity="info" if code == "later" else "warning")


def _findings(found: Upkeep) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for code, which, said in (
        ("overdue", found.overdue & ~found.never, "not kept in touch with as often as asked"),
        ("no_contact", found.overdue & found.never, "without any known contact"),
        ("no_rhythm", np.isnan(found.every), "of a tier without a rhythm"),
    ):
        ids = marked(found.account, which)
        severity = "info" if code == "no_rhythm" else "warning"
        told += about(code, f"{counted(len(ids), 'account')} {said}", ids, severity=severity)
    return told
