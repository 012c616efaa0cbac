"""`upkeep`: whether each account is kept in touch with as often as its tier asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Columns
from keyaccount.findings import Finding, counted
from keyaccount.program.book import Keys, about, day_given, free_codes, marked, read_keys
from keyaccount.program.contact_log import ContactLog, read_contacts
from keyaccount.program.rhythm import RhythmInput, limits_of, rhythms_given
from keyaccount.program.tasks.core_tasks import UPKEEP_COLUMNS, upkeep_channels
from keyaccount.program.tasks.upkept import Upkeep
from keyaccount.program.term import Term, terms_given
from keyaccount.stats.sums import group_counts, group_min

__all__ = ["upkeep"]


def upkeep(
    contacts: Columns,
    *,
    rhythm: RhythmInput,
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
        Days between contacts: one number; by tier one number, or numbers by channel, such as
        ``{"A": {"visit": 90, "phone": 14}}``; or `Rhythm`. A number without a channel is for
        contacts by any channel. A tier that is not named asks for nothing; one that no account has
        is told. There is no default: the method gives no figure.
    as_of
        The day; contacts after it are left out, with a finding.
    accounts
        Columns, one row per account, with the column that `account` names. None: the accounts that
        have contacts, sorted by id; those never contacted are then not seen.
    channels
        The channels there are; None: `upkeep_channels()`.
    account, channel, date
        Columns of `contacts`: the id, the channel in either language, and the day. A contact
        without a known channel counts as a contact by none of them; one without a day does not
        count.
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
    free_codes(wanted, UPKEEP_COLUMNS, "upkeep(channels)")
    rhythms = rhythms_given(rhythm, "channel", "upkeep(rhythm)")
    names = {"account": account, "person": None, "channel": channel, "date": date}
    log = read_contacts(contacts, names, wanted, day)
    book = read_keys(log.account, accounts, account, "account")
    where = (accounts, tier, len(book))
    every, told = limits_of(rhythms, wanted, where, "channel", "upkeep(rhythm)")
    found = _reckoned(log, book, wanted, every, day)
    return attrs.evolve(found, findings=(*book.findings, *log.findings, *told, *_findings(found)))


def _reckoned(
    log: ContactLog, book: Keys, channels: tuple[Term, ...], every: Any, day: np.datetime64
) -> Upkeep:
    """Count the contacts of each account by channel, and find the last ones."""
    n, c = len(book), len(channels)
    by_channel = (book.rows >= 0) & (log.channel >= 0)
    cell = np.where(by_channel, book.rows * c + log.channel, -1)
    return Upkeep(
        account=book.ids,
        channels=channels,
        contacts=group_counts(cell, n * c, ~np.isnan(log.age)).reshape(n, c),
        since=group_min(log.age, book.rows, n),
        every=every[:, 0],
        since_by=group_min(log.age, cell, n * c).reshape(n, c),
        every_by=every[:, 1:],
        as_of=day,
    )


def _findings(found: Upkeep) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    late, no_rhythm = found.overdue_any, ~found.is_asked
    rows = [
        ("overdue", "", late & ~found.never, "not kept in touch with as often as asked"),
        ("no_contact", "", late & found.never, "without any known contact"),
        ("no_rhythm", "", no_rhythm, "of a tier without a rhythm"),
    ]
    for j, channel in enumerate(found.channels):
        said = f"where contact by {channel.code} is longer ago than asked for, or not known"
        rows.append(("channel_overdue", channel.code, found.overdue_by[:, j], said))
    for code, where, which, said in rows:
        ids = marked(found.account, which)
        severity = "info" if code == "no_rhythm" else "warning"
        told += about(code, f"{counted(len(ids), 'account')} {said}", ids, where, severity=severity)
    return told
