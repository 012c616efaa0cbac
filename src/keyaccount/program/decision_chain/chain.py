"""`decision_chain`: the people of each customer by buyer role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Floats, common_length
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.book import about, day_given, marked, optional_labels, per_tier
from keyaccount.program.decision_chain.reading import Known, read_people
from keyaccount.program.decision_chain.reckoning import reckoned
from keyaccount.program.decision_chain.result import DecisionChain
from keyaccount.program.decision_chain.roles import buyer_roles
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
    tier: str | None = None,
    rhythm: float | Mapping[str, float] | None = None,
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
    tier
        Column of `accounts`: the tier.
    rhythm
        Days after which a contact lapses: one number, or one by tier. A tier not named has none.
        There is no default.
    as_of
        The day that `rhythm` counts back from.

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
    """
    wanted: tuple[Term, ...] = (
        buyer_roles() if roles is None else terms_given(roles, Term, "decision_chain(roles)")
    )
    named = {
        "account": account,
        "person": person,
        "role": role,
        "stance": stance,
        "influence": influence,
        "contact": contact,
        "last_met": last_met,
    }
    if scale is not None and influence is None:
        hint = "name the column of influence with influence=."
        raise SpecError.from_field("decision_chain(scale)", "needs influence", scale, hint)
    day = _day(last_met, rhythm, as_of)
    known = read_people(people, accounts, named, wanted, (scale, day))
    since = _since(known.last_met, day)
    limit, rhythm_told = _limits(accounts, known, tier, rhythm)
    lapsed = since > limit[known.position]
    if contact is not None:
        lapsed &= known.has_contact
    found = reckoned(known, wanted, (since, lapsed, limit), contact_given=contact is not None)
    told = known.findings + rhythm_told
    weighed = stance is not None and influence is not None
    return attrs.evolve(found, findings=told + _findings(found, weighed=weighed))


def _day(name: str | None, rhythm: Any, as_of: Any) -> np.datetime64 | None:
    """Take the day to count back from; None where it is not asked."""
    if as_of is None:
        if rhythm is not None:
            hint = "say as_of=, the day to count back from."
            raise SpecError.from_field("decision_chain(as_of)", "must be a date", None, hint)
        return None
    if rhythm is not None and name is None:
        hint = "name the column of last meetings with last_met=."
        raise SpecError.from_field("decision_chain(rhythm)", "needs last_met", rhythm, hint)
    return day_given(as_of, "decision_chain(as_of)")


def _since(last_met: Days, day: np.datetime64 | None) -> Floats:
    """Count the days since each last meeting."""
    if day is None:
        return np.full(len(last_met), np.nan)
    gone = (day - last_met).astype(np.float64)
    return np.where(np.isnat(last_met), np.nan, gone)


def _limits(
    accounts: Columns | None, known: Known, tier: str | None, rhythm: Any
) -> tuple[Floats, tuple[Finding, ...]]:
    n = len(known.book)
    if rhythm is None:
        return np.full(n, np.nan), ()
    tiers = None if accounts is None else optional_labels(accounts, tier)
    if tiers is not None:
        common_length({"account": known.book.ids, str(tier): tiers})
    limit = per_tier(rhythm, tiers, n, "decision_chain(rhythm)")
    ids = marked(known.book.ids, np.isnan(limit))
    said = f"{counted(len(ids), 'account')} of a tier without a rhythm"
    return limit, about("no_rhythm", said, ids, "tier", severity="info")


def _findings(found: DecisionChain, *, weighed: bool) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for j, role in enumerate(found.role_codes):
        for code, mask, said in (
            ("unknown_in_role", found.is_unknown, f"with nobody known as {role}"),
            ("uncovered_role", found.is_uncovered, f"without a contact to the {role}"),
        ):
            told += _told(found, code, mask[:, j], said, role)
    people = found.people
    several = _of_people(found, people.several_roles)
    for code, which, said in (
        ("several_coaches", found.coaches > 1, "with several coaches"),
        ("several_roles", several, "where one person has several roles"),
        ("opponents_tied", found.opponents_tied, "where several opponents tie"),
        (
            "influence_unknown",
            _of_people(found, np.isnan(people.influence)) & weighed,
            "with people of unknown influence: their support has no bounds",
        ),
        (
            "no_support_known",
            np.isnan(found.support) & weighed,
            "without a known influence and stance",
        ),
        ("lapsed", found.lapsed > 0, "with lapsed contacts"),
        ("no_meeting", found.never_met > 0, "with a person whom nobody is known to have met"),
    ):
        told += _told(found, code, which, said)
    return told


def _of_people(found: DecisionChain, which: Bools) -> Bools:
    """Mark the accounts of the people marked."""
    marks = np.zeros(len(found), dtype=np.bool_)
    marks[found.people.position[which]] = True
    return marks


def _told(
    found: DecisionChain, code: str, which: Bools, said: str, where: str = ""
) -> tuple[Finding, ...]:
    ids: Codes | list[str] = marked(found.account, which)
    return about(code, f"{counted(len(ids), 'account')} {said}", ids, where)
