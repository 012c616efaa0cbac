"""Logs of tasks, contacts and what is known, and rhythms to hold them against."""

from __future__ import annotations

from typing import Any, Literal

from hypothesis import strategies as st

from keyaccount.program.information import InformationMap
from keyaccount.program.rhythm import Rhythm
from keyaccount.program.tasks import core_tasks
from keyaccount.testing.tables import table_of

__all__ = ["contact_logs", "information_entries", "rhythms", "symptom_books", "task_logs"]

_DAYS = st.sampled_from(
    ["2026-01-31", "2026-08-01", "2026-09-29", "2026-09-30", "2026-10-01", None]
)
_FLAGS = st.sampled_from([True, False, None])


@st.composite
def task_logs(draw: st.DrawFn, *, accounts: str = "AB", max_size: int = 10) -> dict[str, list[Any]]:
    """Draw logs of core tasks: ``account``, ``task``, ``status``, ``date``, ``proof``, with gaps.

    Parameters
    ----------
    accounts
        The ids there are, one letter each.
    max_size
        How many rows there are at most; perhaps none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(task_logs())
    ... def a_task_is_not_both_stalled_and_undated(log):
    ...     found = ka.task_status(log, as_of="2026-09-30", stalled_after=30)
    ...     assert not (found.stalled & found.is_undated).any()
    >>> a_task_is_not_both_stalled_and_undated()
    """
    words = [word for task in core_tasks() for word in (task.code, task.name_zh)]
    row = st.tuples(
        st.sampled_from([*accounts, None]),
        st.sampled_from(words),
        st.sampled_from(["not_started", "under_way", "已完成", None]),
        _DAYS,
        st.sampled_from(["minutes", "signed", None]),
    )
    rows = draw(st.lists(row, max_size=max_size))
    return table_of(["account", "task", "status", "date", "proof"], rows)


@st.composite
def contact_logs(
    draw: st.DrawFn, *, accounts: str = "AB", max_size: int = 10
) -> dict[str, list[Any]]:
    """Draw logs of contacts: ``account``, ``channel`` and ``date``, gaps among them.

    Parameters
    ----------
    accounts
        The ids there are, one letter each.
    max_size
        How many rows there are at most; perhaps none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(contact_logs(), rhythms(by="channel"))
    ... def a_channel_overdue_is_an_account_overdue(log, rhythm):
    ...     book = {"account": ["A", "B"], "tier": ["key", None]}
    ...     found = ka.upkeep(log, accounts=book, tier="tier", rhythm=rhythm, as_of="2026-09-30")
    ...     assert not (found.overdue_by.any(axis=1) & ~found.overdue).any()
    >>> a_channel_overdue_is_an_account_overdue()
    """
    row = st.tuples(
        st.sampled_from([*accounts, None]),
        st.sampled_from(["phone", "拜访", "WeChat", "E-mail", None]),
        _DAYS,
    )
    return table_of(["account", "channel", "date"], draw(st.lists(row, max_size=max_size)))


@st.composite
def rhythms(
    draw: st.DrawFn,
    *,
    by: Literal["role", "channel"],
    tiers: tuple[str, ...] = ("", "key", "other"),
    words: tuple[str, ...] | None = None,
) -> tuple[Rhythm, ...]:
    """Draw rhythms, one at most for each tier and word; at least one.

    Parameters
    ----------
    by
        What they go by: ``"role"`` for `keyaccount.decision_chain`, ``"channel"`` for
        `keyaccount.upkeep`.
    tiers
        The tiers there are, ``""`` for any.
    words
        The roles or channels there are, ``""`` for any; None: some of the presets.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(rhythms(by="role"))
    ... def days_are_above_0(drawn):
    ...     assert all(rhythm.days > 0.0 for rhythm in drawn)
    >>> days_are_above_0()
    """
    some = ("", "coach", "user") if by == "role" else ("", "phone", "visit")
    pair = st.tuples(st.sampled_from(tiers), st.sampled_from(some if words is None else words))
    pairs = draw(st.lists(pair, min_size=1, max_size=5, unique=True))
    days = st.sampled_from([1.0, 30.0, 59.5, 365.0])
    return tuple(Rhythm(draw(days), tier=tier, **{by: word}) for tier, word in pairs)


@st.composite
def information_entries(
    draw: st.DrawFn, tree: InformationMap, *, accounts: str = "AB", max_size: int = 10
) -> dict[str, list[Any]]:
    """Draw entries of an information map: ``account``, ``field``, ``value``, ``date``, ``source``.

    Parameters
    ----------
    tree
        The map; entries name its leaves by code.
    accounts
        The ids there are, one letter each.
    max_size
        How many rows there are at most; perhaps none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> tree = ka.information_map(90)
    >>> @given(information_entries(tree))
    ... def what_is_fresh_is_known(entries):
    ...     found = tree.assess(entries, as_of="2026-09-30")
    ...     assert (found.fresh <= found.complete).all()
    >>> what_is_fresh_is_known()
    """
    row = st.tuples(
        st.sampled_from([*accounts, None]),
        st.sampled_from([leaf.code for leaf in tree.leaves]),
        st.sampled_from(["known", "unknown", "不明", None]),
        _DAYS,
        st.sampled_from(["press", None]),
    )
    rows = draw(st.lists(row, max_size=max_size))
    return table_of(["account", "field", "value", "date", "source"], rows)


@st.composite
def symptom_books(draw: st.DrawFn, *, max_size: int = 6) -> dict[str, list[Any]]:
    """Draw the columns that `keyaccount.programme_symptoms` measures, gaps among them.

    Columns: ``is_key``, ``budget``, ``owner``, ``worth``, ``time``, ``small_deal_time`` (a part of
    the time), ``routine``, ``conflict``, ``chain_known``, ``one_hand``.

    Parameters
    ----------
    max_size
        How many accounts there are at most; perhaps none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(symptom_books())
    ... def a_share_is_a_share(book):
    ...     found = ka.programme_symptoms(book, owner="owner", value="worth", stars=1).figure
    ...     assert not ((found < 0.0) | (found > 1.0)).any()
    >>> a_share_is_a_share()
    """
    time = st.sampled_from([(0.0, 0.0), (2.0, 0.5), (1.0, 1.0), (None, 0.5), (1.0, None)])
    money = st.sampled_from([0.0, 0.1, 1e6, None])
    row = st.tuples(_FLAGS, money, st.sampled_from(["li", "wu", None]), money, time, *[_FLAGS] * 4)
    rows = [
        (key, budget, owner, worth, *spent, *flags)
        for key, budget, owner, worth, spent, *flags in draw(st.lists(row, max_size=max_size))
    ]
    names = ["is_key", "budget", "owner", "worth", "time", "small_deal_time"]
    return table_of([*names, "routine", "conflict", "chain_known", "one_hand"], rows)
