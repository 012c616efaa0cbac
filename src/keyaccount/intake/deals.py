"""Read the deals table: each row with the account it belongs to, or why it belongs to none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Days, Floats, Objects
from keyaccount.findings import Finding, counted, note
from keyaccount.funnel import opportunity_stages
from keyaccount.intake.accounts import UNKNOWN, Accounts
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.cells import label_counts
from keyaccount.intake.duplicates import duplicates
from keyaccount.intake.labels import unknown_labels
from keyaccount.intake.mapping import Roles
from keyaccount.intake.reconcile import in_cents
from keyaccount.intake.stage_map import StageMap
from keyaccount.intake.tables import Table

__all__ = ["FAULTS", "LOST", "NOT_ATTRIBUTED", "NO_STAGE", "OPEN", "WON", "Deals", "read_deals"]

_PEOPLE = ("owner", "manager", "region")

OPEN, WON, LOST, NO_STAGE = 0, 1, 2, -1
"""What the stage of a deal says."""

FAULTS = ("", "copy of another row", "id with different contents", "no account", "unknown account")
"""Why a deal can be attributed to no account; code 0 if it can."""

NOT_ATTRIBUTED = ("no account", "unknown account")
"""The faults of deals that are there all the same."""


@attrs.frozen(kw_only=True, eq=False)
class Deals:
    """Deals as clean columns, one row per row of the table.

    Parameters
    ----------
    account
        Row of the account, negative where there is none.
    fault
        Code into `FAULTS`.
    outcome
        ``OPEN``, ``WON``, ``LOST`` or ``NO_STAGE``.
    stage
        Letter of the stage of an open deal, else None.
    probability
        Chance of winning at the stage of an open deal, else NaN.
    amount
        Amount in whole cents, NaN where unknown.
    list_price
        List price of the product, NaN where unknown.
    opened, closed
        Days; NaT where unknown. For an open deal `closed` is a plan.
    expected
        The day an open deal is planned to close: that of a column of its own, else `closed`.
    ids
        What the table calls its deals; None where it has no ids.
    first_stage, first_probability
        Letter of the first open stage of the stage map, and the chance of winning there.
    people
        Who is on the deal: ``owner``, ``manager``, ``region`` to texts, where the table has them.
    where
        What the findings call the table.
    findings
        What was met while reading.
    """

    account: Codes
    fault: Codes
    outcome: Codes
    stage: Objects
    probability: Floats
    amount: Floats
    list_price: Floats
    opened: Days
    closed: Days
    expected: Days
    first_stage: str
    first_probability: float
    ids: Objects | None = None
    people: Mapping[str, Objects] = attrs.field(factory=dict)
    where: str = "deals"
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)


def read_deals(
    table: Table,
    roles: Roles,
    accounts: Accounts,
    *,
    prices: Mapping[str, float] | None = None,
    stages: StageMap | None = None,
    aliases: Aliases | None = None,
    date_format: str | None = None,
) -> Deals:
    """Read the deals table.

    Parameters
    ----------
    table
        The raw table.
    roles
        Which column plays which part.
    accounts
        The accounts that deals belong to.
    prices
        List price per product; None if there is no product list.
    stages
        What the stage labels mean.
    aliases
        What labels should be called.
    date_format
        How dates are written, where more than one way is possible.

    Returns
    -------
    Deals
        One row per row of the table, each with its fault where it has one.

    Raises
    ------
    IntakeError
        A stage has no meaning.
    ColumnError
        Dates can be read in more than one way.
    """
    mapped = stages or StageMap()
    names = aliases or Aliases()
    account, fault, told = _attributed(table, roles, accounts, names)
    stage, staged = _staged(table, roles, mapped)
    amount, read = _amounts(table, roles)
    price, priced = _prices(table, roles, prices, names)
    opened, dated = _days(table, roles, "opened", date_format)
    closed, ended = _days(table, roles, "closed", date_format)
    expected, planned = _expected(table, roles, closed, date_format)
    people = {role: table.texts(roles[role])[0].texts() for role in _PEOPLE if role in roles}
    return Deals(
        account=account,
        fault=fault,
        **stage,
        amount=amount,
        list_price=price,
        opened=opened,
        closed=closed,
        expected=expected,
        first_stage=mapped.first_open.letter,
        first_probability=mapped.first_open.win_probability or 0.0,
        ids=table.texts(roles["id"])[0].texts() if "id" in roles else None,
        people=people,
        where=table.source,
        findings=told + staged + read + priced + dated + ended + planned,
    )


def _attributed(
    table: Table, roles: Roles, accounts: Accounts, aliases: Aliases
) -> tuple[Codes, Codes, tuple[Finding, ...]]:
    """Find the account of each deal, and what keeps a deal from being attributed."""
    where = table.where(roles["account"])
    texts, told = table.texts(roles["account"])
    names, repaired = aliases.repair("account", texts, also=roles["account"], where=where)
    account, unknown = accounts.find(names, "account", where)
    fault = np.select([account == -1, account == UNKNOWN], [3, 4], 0).astype(np.int64)
    told += repaired + unknown
    if "id" in roles:
        ids, spaces = table.texts(roles["id"])
        copy, conflict, said = duplicates(table, ids, table.where(roles["id"]))
        fault[conflict] = 2
        fault[copy] = 1
        n = int(np.count_nonzero(ids.codes < 0))
        message = (
            f"{table.where(roles['id'])}: {counted(n, 'deal')} without an id; copies go unnoticed"
        )
        told += spaces + said + note("no_id", message, n, table.where(roles["id"]))
    return account, fault, told


def _staged(
    table: Table, roles: Roles, stages: StageMap
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Tell the outcome of each deal and, where it is open, its stage and its chance."""
    where = table.where(roles["stage"])
    texts, told = table.texts(roles["stage"])
    counts = label_counts(texts)
    meanings = stages.meanings(counts, where)
    read = [_outcome_of(meanings.get(label)) for label in texts.labels]
    slips = {label: counts[label] for label in texts.labels if label not in meanings}
    n = sum(slips.values())
    said = f"{where}: {counted(n, 'deal')} rejected for a stage that nobody mapped"
    told += note("unknown_stage", said, n, where, "error", examples=slips)
    found = {
        "outcome": np.array([*(outcome for outcome, _, _ in read), NO_STAGE], dtype=np.int64),
        "stage": np.array([*(letter for _, letter, _ in read), None], dtype=object),
        "probability": np.array([*(chance for _, _, chance in read), np.nan], dtype=np.float64),
    }
    blank = int(np.count_nonzero(texts.codes < 0))
    message = f"{where}: {counted(blank, 'deal')} rejected for having no stage"
    told += note("no_stage", message, blank, where, "error")
    return {name: values[texts.codes] for name, values in found.items()}, told


def _outcome_of(meaning: str | None) -> tuple[int, str | None, float]:
    """Give the outcome that a stage stands for and, where it is open, its letter and chance."""
    if meaning is None:
        return NO_STAGE, None, np.nan
    if meaning in {"won", "lost"}:
        return (WON if meaning == "won" else LOST), None, np.nan
    stage = next(s for s in opportunity_stages() if s.letter == meaning)
    if stage.outcome == "won":
        return WON, None, np.nan
    return OPEN, meaning, np.nan if stage.win_probability is None else stage.win_probability


def _amounts(table: Table, roles: Roles) -> tuple[Floats, tuple[Finding, ...]]:
    if "amount" not in roles:
        message = f"{table.source}: no column of amounts; every amount is unknown"
        return np.full(len(table), np.nan), note("no_amounts", message, len(table), table.source)
    raw, told = table.numbers(roles["amount"])
    amounts, rounded = in_cents(raw, table.where(roles["amount"]))
    return amounts, told + rounded


def _prices(
    table: Table, roles: Roles, prices: Mapping[str, float] | None, aliases: Aliases
) -> tuple[Floats, tuple[Finding, ...]]:
    """Look up the list price of each deal's product."""
    unknown = np.full(len(table), np.nan)
    if "product" not in roles:
        return unknown, ()
    where = table.where(roles["product"])
    texts, told = table.texts(roles["product"])
    names, repaired = aliases.repair("product", texts, also=roles["product"], where=where)
    if prices is None:
        return unknown, told + repaired
    told += repaired + unknown_labels(label_counts(names), prices, where, "product", "product list")
    by_label = [prices.get(label, np.nan) for label in names.labels]
    return np.array([*by_label, np.nan], dtype=np.float64)[names.codes], told


def _days(
    table: Table, roles: Roles, role: str, date_format: str | None
) -> tuple[Days, tuple[Finding, ...]]:
    if role in roles:
        return table.dates(roles[role], date_format)
    message = f"{table.source}: no column says when a deal was {role}"
    found = note(f"no_{role}", message, len(table), table.source)
    return np.full(len(table), "NaT", dtype="datetime64[D]"), found


def _expected(
    table: Table, roles: Roles, closed: Days, date_format: str | None
) -> tuple[Days, tuple[Finding, ...]]:
    """Read when open deals are to close; CRMs without a column for it write it as the close day."""
    if "expected" not in roles:
        return closed, ()
    days, told = table.dates(roles["expected"], date_format)
    return np.where(np.isnat(days), closed, days), told
