"""Tables of many rows per account: who is on it, plans, tasks, contacts, purchases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from keyaccount._columns import Bools, Codes, Labels, Objects
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.accounts import Accounts
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.deal_state import DealState
from keyaccount.intake.deals import FAULTS, NOT_ATTRIBUTED, Deals
from keyaccount.intake.mapping import Roles
from keyaccount.intake.tables import Table

__all__ = ["deal_people", "deal_purchases", "deal_sales", "open_deals", "read_log", "read_team"]

_DAYS: Final = {"start", "end", "due", "date"}
_NUMBERS: Final = {"time", "small_deals", "capacity"}
_FLAGS: Final = {"done"}
_YES: Final = {"true", "yes", "y", "1", "done", "是", "已完成"}
_NO: Final = {"false", "no", "n", "0", "open", "否", "未完成"}

Log = dict[str, Objects]
"""Columns by role, one row per row of the table that belongs to an account."""


def read_log(
    table: Table,
    roles: Roles,
    accounts: Accounts,
    *,
    aliases: Aliases | None = None,
    date_format: str | None = None,
) -> tuple[Log, tuple[Finding, ...]]:
    """Read a table of rows about accounts; rows of no known account are rejected, and told.

    Returns
    -------
    tuple
        Columns by role, ``account`` as the id in the accounts table; and what was met.
    """
    where = table.where(roles["account"])
    texts, told = table.texts(roles["account"])
    names, repaired = (aliases or Aliases()).repair(
        "account", texts, also=roles["account"], where=where
    )
    codes, unknown = accounts.find(names, "account", where)
    kept = codes >= 0
    lost = int(np.count_nonzero(~kept))
    message = f"{where}: {counted(lost, 'row')} of no known account rejected"
    told += repaired + unknown + note("no_account", message, lost, where, "error")
    found: Log = {"account": accounts.columns["id"][codes[kept]]}
    for role, name in roles.items():
        if role != "account":
            column, said = _read(table, role, name, date_format)
            found[role] = column[kept]
            told += said
    return found, told


def read_team(table: Table, roles: Roles) -> tuple[Log, tuple[Finding, ...]]:
    """Read the people of ours: one row each; a person who is there twice is rejected, and told."""
    where = table.where(roles["person"])
    texts, told = table.texts(roles["person"])
    kept = _first_of_each(texts)
    lost = int(np.count_nonzero(~kept))
    fault = "without a person, or of one who is there already"
    message = f"{where}: {counted(lost, 'row')} {fault}, rejected"
    told += note("no_person", message, lost, where, "error")
    found: Log = {}
    for role, name in roles.items():
        column, said = _read(table, role, name, None)
        found[role] = column[kept]
        told += said
    return found, told


def deal_people(deals: Deals, state: DealState, start: np.datetime64, ids: Objects) -> Log:
    """List who is on which account by the deals: those open on the day, or ended in the window."""
    ended = (state.won | state.lost) & (deals.closed > start)
    rows_of = (deals.fault == 0) & (deals.account >= 0) & (state.open | state.reopened | ended)
    won = np.where(state.won & (deals.closed > start), np.nan_to_num(deals.amount), 0.0)
    people = {role: column[rows_of] for role, column in deals.people.items()}
    return {"account": ids[deals.account[rows_of]], **people, "won": won[rows_of]}


def deal_purchases(deals: Deals, state: DealState, ids: Objects) -> Log:
    """List the deals won by the day as purchases."""
    bought: Bools = (deals.fault == 0) & (deals.account >= 0) & state.won & ~np.isnan(deals.amount)
    return {
        "account": ids[deals.account[bought]],
        "date": deals.closed[bought],
        "amount": deals.amount[bought],
    }


def deal_sales(deals: Deals, state: DealState) -> Log:
    """List what the deals won by the day brought the company, those of no known account too."""
    sold: Bools = _of_company(deals) & state.won & ~np.isnan(deals.amount)
    return {"date": deals.closed[sold], "amount": deals.amount[sold]}


def _of_company(deals: Deals) -> Bools:
    """Leave out copies, and deals that contradict another of their id."""
    found: Bools = np.isin(deals.fault, [0, *(FAULTS.index(f) for f in NOT_ATTRIBUTED)])
    return found


def open_deals(deals: Deals, state: DealState, ids: Objects) -> Log:
    """List the deals that are open on the day: what each brings if it is won, and its chance.

    Those of no known account are the company's all the same: their account is None. Of a deal that
    closed later than the day, the day it was expected is not known.
    """
    shown: Bools = _of_company(deals) & (state.open | state.reopened)
    accounts: Objects = np.array([*ids.tolist(), None], dtype=object)
    named = {} if deals.ids is None else {"deal": deals.ids[shown]}
    unknown = np.datetime64("NaT", "D")
    return {
        **named,
        "account": accounts[np.maximum(deals.account[shown], -1)],
        "stage": state.stage[shown],
        "amount": state.price[shown],
        "probability": state.chance[shown],
        "expected": np.where(state.reopened, unknown, deals.expected)[shown],
    }


def _read(
    table: Table, role: str, name: str, date_format: str | None
) -> tuple[Objects, tuple[Finding, ...]]:
    if role in _DAYS:
        return table.dates(name, date_format)
    if role in _NUMBERS:
        return table.numbers(name)
    texts, told = table.texts(name)
    if role in _FLAGS:
        flags, said = _flags(texts, table.where(name))
        return flags, told + said
    return texts.texts(), told


def _flags(texts: Labels, where: str) -> tuple[Objects, tuple[Finding, ...]]:
    """Read yes and no; what is neither is missing, and told."""
    meanings = [_yes_or_no(label) for label in texts.labels]
    table: Mapping[int, bool | None] = dict(enumerate([*meanings, None]))
    table = {**table, -1: None}
    strange: Codes = np.array([m is None for m in meanings] + [False])[texts.codes]
    n = int(np.count_nonzero(strange & (texts.codes >= 0)))
    message = f"{where}: {counted(n, 'cell')} neither yes nor no"
    examples = [label for label, m in zip(texts.labels, meanings, strict=True) if m is None]
    told = note("no_flag", message, n, where, "error", examples=examples)
    found = np.empty(len(texts.codes), dtype=object)
    found[:] = [table[code] for code in texts.codes.tolist()]
    return found, told


def _yes_or_no(label: str) -> bool | None:
    word = label.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def _first_of_each(texts: Labels) -> Bools:
    kept = np.zeros(len(texts.codes), dtype=np.bool_)
    there = np.flatnonzero(texts.codes >= 0)
    first = np.unique(texts.codes[there], return_index=True)[1]
    kept[there[first]] = True
    return kept
