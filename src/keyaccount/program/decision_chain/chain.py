"""`decision_chain`: the people of each customer by buyer role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Columns, Days, Floats
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, day_given, marked
from keyaccount.program.decision_chain.meetings import Met, later_of, met, not_asked, window_given
from keyaccount.program.decision_chain.notes import chain_findings
from keyaccount.program.decision_chain.reading import Known, read_people
from keyaccount.program.decision_chain.reckoning import reckoned
from keyaccount.program.decision_chain.result import DecisionChain
from keyaccount.program.decision_chain.roles import buyer_roles
from keyaccount.program.rhythm import RhythmInput, limits_of, rhythms_given
from keyaccount.program.tasks.core_tasks import upkeep_channels
from keyaccount.program.term import Term, terms_given

__all__ = ["decision_chain"]


def decision_chain(
    people: Columns,
    *,
    accounts: Columns | None = None,
    roles: Iterable[Term] | None = None,
    account: str = "account",
    person: str = "person",
    role: str = "role",
    stance: str | None = None,
    influence: str | None = None,
    scale: tuple[float, float] | None = None,
    contact: str | None = None,
    last_met: str | None = None,
    meetings: Columns | None = None,
    at: str = "at",
    channel: str | None = None,
    channels: Iterable[Term] | None = None,
    window: float | None = None,
    tier: str | None = None,
    rhythm: RhythmInput | None = None,
    as_of: Any = None,
) -> DecisionChain:
    """Say of each account whom we know in its decision chain, who helps us, and who stands against.

    Parameters
    ----------
    people
        Columns, one row per person of a customer. Several rows about one person of an account are
        put together: all roles, the largest influence, the last meeting; stances that differ count
        as unknown, with a finding.
    accounts
        Columns, one row per account, with the column that `account` names. None: the accounts that
        have people, sorted by id.
    roles
        The buyer roles there are; None: `buyer_roles()`. The coach is the role of code ``coach``.
    account, person, role
        Columns of `people`: ids, and one or several roles as `roles_of` reads them.
    stance
        Column of `people`: supports, neutral or opposes, in either language; missing: unknown.
    influence, scale
        Column of `people`: how much the person counts, a number of at least 0; and the lowest and
        highest number there is, where that should be checked.
    contact
        Column of `people`: who of us is in contact; blank, false, no, none, 否, 无 or 0: nobody.
    last_met
        Column of `people`: the last meeting; one after `as_of` is left out, with a finding.
    meetings
        Columns, one row per meeting, with the columns of ids that `account` and `person` name. Who
        was met several times on one day was met once. The last meeting is the later one of this
        log and of `last_met`; rows about nobody in the chain are left out, with a finding.
    at, channel
        Columns of `meetings`: the day, and the channel in either language.
    channels
        The channels there are; None: `upkeep_channels()`.
    window
        How many days, the last one `as_of`, meetings are counted over; None: the whole log.
    tier
        Column of `accounts`: the tier.
    rhythm
        Days after which a contact lapses: one number; by tier one number, or numbers by role, such
        as ``{"A": {"decision_maker": 30, "user": 90}}``; or `Rhythm`. Of several roles the
        shortest counts; a number without a role is for each role without its own. A tier that is
        not named asks for nothing; one that no account has is told. There is no default.
    as_of
        The day that `rhythm` and `window` count back from.

    Returns
    -------
    DecisionChain
        One row per account; `.people`: one row per account and person.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        A stance is none, or an influence is below 0 or off the scale.
    DuplicateIdError
        An account occurs twice in `accounts`.
    SpecError
        An argument is not what it should be, or misses another that it needs.

    Notes
    -----
    ``support = Σ influence · stance / Σ influence`` over people with known stance and influence,
    supports 1, neutral 0, opposes -1: a choice of this library, as are all fields beyond the roles.
    The mean interval is the days from the first to the last meeting in the window over the number
    of steps between them.

    Examples
    --------
    >>> import keyaccount as ka
    >>> people = {
    ...     "account": ["A", "A", "B"],
    ...     "person": ["chen", "lin", "zhao"],
    ...     "role": ["决策者", "线人", "user"],
    ...     "met": ["2026-09-01", "2026-05-01", None],
    ...     "ours": ["li", "li", None],
    ... }
    >>> found = ka.decision_chain(
    ...     people, contact="ours", last_met="met", rhythm=60, as_of="2026-09-30"
    ... )
    >>> found.lapsed.tolist(), found.people.lapsed.tolist()
    ([1, 0], [False, True, False])
    >>> log = {"account": ["A"] * 3, "person": ["lin"] * 3}
    >>> log["at"] = ["2026-07-01", "2026-08-20", "2026-09-09"]
    >>> found = ka.decision_chain(people, meetings=log, window=120, as_of="2026-09-30")
    >>> print(found.row(0)["why"])
    nobody is known as user, technical_expert, influencer; coach lin met on 3 days, every 35 days
    """
    wanted = _roles_given(roles)
    _need(scale, "scale", influence=influence)
    _need(window, "window", meetings=meetings)
    day = _day(as_of, rhythm=rhythm, meetings=meetings)
    if rhythm is not None and last_met is None and meetings is None:
        hint = "name the column of last meetings with last_met=, or give meetings=."
        raise SpecError.from_field("decision_chain(rhythm)", "needs last_met", rhythm, hint)
    named = {
        "account": account,
        "person": person,
        "role": role,
        "stance": stance,
        "influence": influence,
        "contact": contact,
        "last_met": last_met,
    }
    known = read_people(people, accounts, named, wanted, (scale, day))
    log = {"account": account, "person": person, "date": at, "channel": channel}
    seen = _seen(meetings, known, log, channels, (day, window))
    known = _later(known, seen, day)
    every, told = _every(known, wanted, (accounts, tier, len(known.book)), rhythm)
    since = _since(known.last_met, day)
    lapsed = (since > every) & (known.has_contact | (contact is None))
    found = reckoned(known, wanted, (since, lapsed, every), seen, contact_given=contact is not None)
    weighed = stance is not None and influence is not None
    read = known.findings + seen.findings + told
    return attrs.evolve(found, findings=read + chain_findings(found, weighed=weighed))


def _roles_given(roles: Any) -> tuple[Term, ...]:
    if roles is None:
        return buyer_roles()
    found: tuple[Term, ...] = terms_given(roles, Term, "decision_chain(roles)")
    return found


def _need(given: object, name: str, **needed: object) -> None:
    """Refuse an argument that says nothing without another."""
    (other, value), *_ = needed.items()
    if given is not None and value is None:
        hint = f"give {other}= as well, or leave both out."
        raise SpecError.from_field(f"decision_chain({name})", f"needs {other}", given, hint)


def _day(as_of: Any, **asking: object) -> np.datetime64 | None:
    """Take the day to count back from; None where it is not asked."""
    if as_of is not None:
        return day_given(as_of, "decision_chain(as_of)")
    if any(value is not None for value in asking.values()):
        hint = "say as_of=, the day to count back from."
        raise SpecError.from_field("decision_chain(as_of)", "must be a date", None, hint)
    return None


def _seen(
    meetings: Columns | None,
    known: Known,
    names: dict[str, str | None],
    channels: Iterable[Term] | None,
    days: tuple[np.datetime64 | None, float | None],
) -> Met:
    """Read how often each person was met, where a log says so."""
    for name, given in (("channel", names["channel"]), ("channels", channels)):
        _need(given, name, meetings=meetings)
    day, window = days
    if meetings is None or day is None:
        return not_asked(len(known.person))
    wanted: tuple[Term, ...] = (
        upkeep_channels()
        if channels is None
        else terms_given(channels, Term, "decision_chain(channels)")
    )
    return met(meetings, known, names, wanted, (day, window_given(window)))


def _later(known: Known, seen: Met, day: np.datetime64 | None) -> Known:
    """Take the last meeting from the log where it is the later one."""
    if day is None:
        return known
    return attrs.evolve(known, last_met=later_of(known.last_met, seen.last, day))


def _since(last_met: Days, day: np.datetime64 | None) -> Floats:
    """Count the days since each last meeting."""
    if day is None:
        return np.full(len(last_met), np.nan)
    gone = (day - last_met).astype(np.float64)
    return np.where(np.isnat(last_met), np.nan, gone)


def _every(
    known: Known,
    roles: tuple[Term, ...],
    accounts: tuple[Columns | None, str | None, int],
    rhythm: RhythmInput | None,
) -> tuple[Floats, tuple[Finding, ...]]:
    """Give the days that each person's roles ask for, else those of the account's tier."""
    if rhythm is None:
        return np.full(len(known.person), np.nan), ()
    name = "decision_chain(rhythm)"
    rhythms = rhythms_given(rhythm, "role", name)
    limits, told = limits_of(rhythms, roles, accounts, "role", name)
    ids = marked(known.book.ids, np.all(np.isnan(limits), axis=1))
    said = f"{counted(len(ids), 'account')} of a tier without a rhythm"
    own = np.where(np.isnan(limits[:, 1:]), limits[:, :1], limits[:, 1:])[known.position]
    of_role = np.where(known.in_role, np.nan_to_num(own, nan=np.inf), np.inf)
    shortest = of_role.min(axis=1, initial=np.inf)
    every = np.where(np.isinf(shortest), limits[known.position, 0], shortest)
    return every, told + about("no_rhythm", said, ids, "tier", severity="info")
