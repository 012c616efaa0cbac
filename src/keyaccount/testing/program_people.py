"""People around key accounts: ours, and the customers' own with what they think."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from keyaccount.testing.tables import table_of

__all__ = ["chain_people", "meetings", "programme_accounts", "teams"]

_DAYS = ["2026-01-31", "2026-06-30", "2026-08-01", "2026-09-29", "2026-09-30", "2026-10-01", None]


@st.composite
def programme_accounts(draw: st.DrawFn, *, accounts: str = "ABCD") -> dict[str, list[Any]]:
    """Draw tables of accounts with ``worth`` (missing and negative too) and ``tier``.

    Parameters
    ----------
    accounts
        The ids, one letter each; every account has its row.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> from keyaccount.testing import assignments
    >>> @given(assignments(), programme_accounts())
    ... def nobody_holds_more_than_all(table, book):
    ...     held = ka.coverage(table, accounts=book, value="worth").people.value_share
    ...     assert not (held > 1.0 + 1e-12).any()
    >>> nobody_holds_more_than_all()
    """
    worth = st.sampled_from([0.0, 10.0, 0.1, 1e6, -5.0, None])
    tier = st.sampled_from(["key", "other", None])
    rows = [(one, draw(worth), draw(tier)) for one in draw(st.permutations(accounts))]
    return table_of(["account", "worth", "tier"], rows)


@st.composite
def teams(draw: st.DrawFn, *, people: str = "xyz") -> dict[str, list[Any]]:
    """Draw tables of our people with ``grade`` (junior, senior or missing) and ``seats``.

    Parameters
    ----------
    people
        The ids, one letter each; every person has a row.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> from keyaccount.testing import assignments
    >>> @given(assignments(), teams())
    ... def who_has_no_capacity_stated_is_never_over_it(table, team):
    ...     found = ka.coverage(table, people=team, capacity="seats").people
    ...     assert not found.over_capacity[[seats is None for seats in team["seats"]]].any()
    >>> who_has_no_capacity_stated_is_never_over_it()
    """
    grade = st.sampled_from(["junior", "senior", None])
    seats = st.sampled_from([0, 1, 2, 7, None])
    rows = [(one, draw(grade), draw(seats)) for one in draw(st.permutations(people))]
    return table_of(["person", "grade", "seats"], rows)


@st.composite
def chain_people(
    draw: st.DrawFn, *, accounts: str = "AB", people: str = "abc", max_size: int = 8
) -> dict[str, list[Any]]:
    """Draw customers' people for `keyaccount.decision_chain`, some of them in several rows.

    Columns: ``account``, ``person``, ``role`` (one or several, in either language), ``stance``,
    ``influence``, ``ours`` and ``met``; stances, influence, contacts and meetings may be missing.

    Parameters
    ----------
    accounts, people
        The ids there are, one letter each.
    max_size
        How many rows there are at most; at least one.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(chain_people())
    ... def support_is_bounded(people):
    ...     found = ka.decision_chain(people, stance="stance", influence="influence").support
    ...     assert not (abs(found) > 1.0).any()
    >>> support_is_bounded()
    """
    row = st.tuples(
        st.sampled_from(accounts),
        st.sampled_from(people),
        st.sampled_from(["decision_maker", "使用者", "user, coach", "Influencer", "线人"]),
        st.sampled_from(["supports", "中立", "opposes", None]),
        st.sampled_from([0, 0.5, 3, None]),
        st.sampled_from(["li", "no", None]),
        st.sampled_from(_DAYS),
    )
    names = ["account", "person", "role", "stance", "influence", "ours", "met"]
    return table_of(names, draw(st.lists(row, min_size=1, max_size=max_size)))


@st.composite
def meetings(
    draw: st.DrawFn, *, accounts: str = "AB", people: str = "abc", max_size: int = 12
) -> dict[str, list[Any]]:
    """Draw logs of meetings: ``account``, ``person``, ``at`` and ``channel``, gaps among them.

    Parameters
    ----------
    accounts, people
        The ids there are, one letter each.
    max_size
        How many rows there are at most; perhaps none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(chain_people(), meetings())
    ... def nobody_is_met_more_often_than_the_log_is_long(people, log):
    ...     found = ka.decision_chain(people, meetings=log, as_of="2026-09-30").people.meetings
    ...     assert found.sum() <= len(log["at"])
    >>> nobody_is_met_more_often_than_the_log_is_long()
    """
    row = st.tuples(
        st.sampled_from([*accounts, None]),
        st.sampled_from([*people, None]),
        st.sampled_from(_DAYS),
        st.sampled_from(["phone", "拜访", "WeChat", None]),
    )
    rows = draw(st.lists(row, max_size=max_size))
    return table_of(["account", "person", "at", "channel"], rows)
