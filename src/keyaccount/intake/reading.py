"""Read a customer book from files, table by table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Objects, one_day
from keyaccount.errors import IntakeError, KeyAccountError, SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.accounts import Accounts, read_accounts
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.book import Book, TableCount
from keyaccount.intake.deal_state import state_on
from keyaccount.intake.deals import read_deals
from keyaccount.intake.features import deal_features
from keyaccount.intake.files import table_of
from keyaccount.intake.logs import (
    deal_people,
    deal_purchases,
    deal_sales,
    open_deals,
    read_log,
    read_team,
)
from keyaccount.intake.mapping import ColumnMapping, Roles, resolve
from keyaccount.intake.orders import order_features, read_orders
from keyaccount.intake.products import read_prices
from keyaccount.intake.ratings import rating_features
from keyaccount.intake.reconcile import Reconciliation
from keyaccount.intake.stage_map import StageMap
from keyaccount.intake.tables import Table
from keyaccount.intake.window import window_start

__all__ = ["read_book"]

_CORE = ("sales", "potential", "wins", "losses", "trials")
"""Columns every book has, unknown where no table tells them."""


def read_book(
    accounts: Any,
    deals: Any = None,
    products: Any = None,
    ratings: Any = None,
    *,
    orders: Any = None,
    team: Any = None,
    assignments: Any = None,
    plans: Any = None,
    tasks: Any = None,
    contacts: Any = None,
    mapping: ColumnMapping | Mapping[str, Any] | None = None,
    stage_map: StageMap | Mapping[str, str] | str | None = None,
    aliases: Aliases | None = None,
    as_of: Any = None,
    date_format: str | None = None,
    months: int = 24,
) -> Book:
    """Read a customer book: accounts, and what other tables say about them.

    Parameters
    ----------
    accounts, deals, products, ratings, orders
        Paths (CSV or Parquet), or columns in memory. Only accounts are needed. Where there are
        orders, sales are theirs; potential, wins and losses are the deals'.
    team, assignments, plans, tasks, contacts
        The programme, in the same forms: our people; who is on which account in which role; goals
        and initiatives; core tasks and their status; contacts. They become `Book.logs`.
    mapping
        Which column plays which part, where the usual names do not say it.
    stage_map
        What the stages of the deals mean: ``"Prospecting=A,Engaging=B"``.
    aliases
        What labels should be called.
    as_of
        The day asked about; deals, orders and ratings after it are not looked at. Needed with any
        of them.
    date_format
        How texts write dates, where more than one way is possible (``"%d/%m/%Y"``).
    months
        Length of the window of sales, up to and with that day.

    Returns
    -------
    Book
        One row per account; every cell or row that could not be used is counted in its findings.

    Raises
    ------
    IntakeError
        A file cannot be read, a needed column is not there, a stage has no meaning.
    ColumnError
        Dates can be read in more than one way.

    Examples
    --------
    >>> from keyaccount.intake import read_book
    >>> accounts = {"id": ["A-1", "A-2"], "sector": ["retail", "retial"]}
    >>> deals = {
    ...     "account": ["A-1", "A-2", "A-9"],
    ...     "stage": ["won", "A", "lost"],
    ...     "amount": [100.5, 80.0, 5.0],
    ...     "opened": ["2026-01-05", "2026-08-01", "2026-02-01"],
    ...     "closed": ["2026-03-01", None, "2026-04-01"],
    ... }
    >>> book = read_book(accounts, deals, as_of="2026-09-30")
    >>> book.columns["sales"], book.columns["potential"]
    (array([100.5,   0. ]), array([0., 8.]))
    >>> [finding.code for finding in book.findings]
    ['misspelt_label', 'unknown_account', 'unknown_account_deals']
    """
    reading = _Reading(
        mapping=mapping if isinstance(mapping, ColumnMapping) else ColumnMapping(mapping or {}),
        aliases=aliases or Aliases(),
        as_of=_day_asked(as_of, needed=(deals, orders, ratings) != (None,) * 3),
        date_format=date_format,
        months=months,
    )
    book = reading.accounts(accounts)
    if deals is not None:
        reading.deals(deals, products, _stage_map(stage_map), book)
    if orders is not None:
        reading.orders(orders, book)
    if ratings is not None:
        reading.ratings(ratings, book)
    if team is not None:
        reading.team(team)
    logs = {"assignments": assignments, "plans": plans, "tasks": tasks, "contacts": contacts}
    for name, source in logs.items():
        if source is not None:
            reading.log(name, source, book)
    return reading.book(book)


def _day_asked(as_of: Any, *, needed: bool) -> date | None:
    day = None if as_of is None else _day(as_of)
    if day is None and needed:
        fact = "as_of= is needed: sales, open deals and ratings are those of a day"
        hint = "give the day the export was made, as YYYY-MM-DD."
        raise IntakeError(fact, hint, argument="as_of")
    return day


def _day(as_of: Any) -> date | None:
    try:
        day: date | None = one_day(as_of, "as_of").astype(object)
    except KeyAccountError as error:
        hint = "write a day that is in the calendar, as YYYY-MM-DD."
        raise SpecError.from_field("as_of", "must be a day", as_of, hint) from error
    return day


def _stage_map(given: StageMap | Mapping[str, str] | str | None) -> StageMap:
    if isinstance(given, str):
        return StageMap.parse(given)
    return given if isinstance(given, StageMap) else StageMap(given or {})


@attrs.define(kw_only=True)
class _Reading:
    """Collects columns, findings and sums while the tables of a book are read one by one."""

    mapping: ColumnMapping
    aliases: Aliases
    as_of: date | None
    date_format: str | None
    months: int
    derived: dict[str, Objects] = attrs.field(factory=dict)
    findings: list[Finding] = attrs.field(factory=list)
    sums: list[Reconciliation] = attrs.field(factory=list)
    tables: list[TableCount] = attrs.field(factory=list)
    logs: dict[str, dict[str, Objects]] = attrs.field(factory=dict)

    def accounts(self, source: Any) -> Accounts:
        table, roles = self._open(source, "accounts")
        found = read_accounts(table, roles, self.aliases)
        self.tables[-1] = attrs.evolve(
            self.tables[-1], rejected=self.tables[-1].rejected + found.rejected
        )
        self.findings += found.findings
        return found

    def deals(self, source: Any, products: Any, stages: StageMap, accounts: Accounts) -> None:
        prices = None if products is None else self._prices(products)
        table, roles = self._open(source, "deals")
        read = read_deals(
            table,
            roles,
            accounts,
            prices=prices,
            stages=stages,
            aliases=self.aliases,
            date_format=self.date_format,
        )
        found = deal_features(read, len(accounts), as_of=self.as_of, months=self.months)
        self.findings += (*read.findings, *found.findings)
        self.sums += found.reconciliations
        self.derived |= found.columns
        day, ids = one_day(self.as_of, "as_of"), accounts.columns["id"]
        start = window_start(day, self.months)
        state = state_on(read, day, start)
        self.logs["purchases"] = deal_purchases(read, state, ids)
        self.logs["pipeline"] = open_deals(read, state, ids)
        self.logs["sales"] = deal_sales(read, state)
        if "owner" in read.people:
            self.logs["deal_people"] = deal_people(read, state, start, ids)

    def team(self, source: Any) -> None:
        table, roles = self._open(source, "team")
        self.logs["team"], told = read_team(table, roles)
        self.findings += told

    def log(self, name: str, source: Any, accounts: Accounts) -> None:
        table, roles = self._open(source, name)
        self.logs[name], told = read_log(
            table, roles, accounts, aliases=self.aliases, date_format=self.date_format
        )
        self.findings += told

    def _prices(self, source: Any) -> dict[str, float]:
        table, roles = self._open(source, "products")
        prices, told = read_prices(table, roles)
        self.findings += told
        return prices

    def orders(self, source: Any, accounts: Accounts) -> None:
        table, roles = self._open(source, "orders")
        read = read_orders(
            table, roles, accounts, aliases=self.aliases, date_format=self.date_format
        )
        columns, told, total = order_features(
            read, len(accounts), as_of=self.as_of, months=self.months
        )
        self.logs["purchases"] = read.purchases(self.as_of, accounts.columns["id"])
        self.logs["sales"] = read.sales(self.as_of)
        self.findings += told
        self.sums.append(total)
        self.derived |= columns

    def ratings(self, source: Any, accounts: Accounts) -> None:
        table, roles = self._open(source, "ratings")
        columns, told = rating_features(
            table,
            roles,
            accounts,
            as_of=self.as_of,
            aliases=self.aliases,
            date_format=self.date_format,
        )
        self.findings += told
        self.derived |= columns

    def _open(self, source: Any, name: str) -> tuple[Table, Roles]:
        table = table_of(source, name)
        roles = resolve(self.mapping, name, table.names, table.source)
        self.findings += table.findings
        self.tables.append(
            TableCount(
                table=name,
                source=table.source,
                read=table.read,
                rejected=table.rejected,
                columns=tuple(roles.items()),
            )
        )
        return table, roles

    def _unused(self) -> tuple[Finding, ...]:
        """Name the aliases that met no label: a misspelt alias repairs nothing, silently."""
        used = {e for f in self.findings if f.code == "repaired_label" for e in f.examples}
        unused = [f"{c}:{a}={b}" for c, a, b in self.aliases.pairs if a not in used]
        said = f"aliases: {counted(len(unused), 'alias')} met no label"
        return note("unused_alias", said, len(unused), "aliases", "warning", examples=unused)

    def book(self, accounts: Accounts) -> Book:
        """Join what the tables say; a column of the accounts table gives way to a derived one."""
        own = dict(accounts.columns)
        for name in [n for n in own if n in self.derived]:
            own[f"accounts_{name}"] = own.pop(name)
            said = f"accounts: column {name!r} is kept as 'accounts_{name}': other tables tell it"
            self.findings += note("renamed_column", said, 1, f"accounts: {name}", "info")
        self.findings += self._unused()
        unknown = np.full(len(accounts), np.nan)
        core: dict[str, Objects] = dict.fromkeys(_CORE, unknown)
        return Book(
            columns={**core, **own, **self.derived},
            findings=tuple(self.findings),
            reconciliations=tuple(self.sums),
            tables=tuple(self.tables),
            as_of=self.as_of,
            logs=self.logs,
            trailing={"sales": self.months} if "sales" in self.derived else {},
        )
