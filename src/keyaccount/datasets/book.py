"""A seeded synthetic customer book, whose tables hang together."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Objects, label_text
from keyaccount._validators import exact_float, exact_int, share
from keyaccount.datasets import catalogue
from keyaccount.datasets.accounts import account_columns
from keyaccount.datasets.deals import Deals
from keyaccount.datasets.dirt import dirty_accounts, dirty_deals, dirty_orders
from keyaccount.datasets.hierarchy import Hierarchy
from keyaccount.datasets.orders import Orders
from keyaccount.datasets.people import people_columns
from keyaccount.datasets.ratings import rating_columns
from keyaccount.datasets.streams import stream
from keyaccount.datasets.team import Team
from keyaccount.datasets.truth import Truth
from keyaccount.datasets.wallets import wallet_columns
from keyaccount.errors import SpecError
from keyaccount.program.book import day_given

__all__ = ["SyntheticBook", "synthetic_book"]

Table: TypeAlias = Mapping[str, Objects]

_REVIEWED = (
    "accounts",
    "deals",
    "products",
    "ratings",
    "team",
    "assignments",
    "plans",
    "tasks",
    "contacts",
)


def _day(value: Any) -> np.datetime64:
    return day_given(value, "as_of")


def _whole(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a whole number of at least the one that the attribute names."""
    least = attribute.metadata["least"]
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise SpecError.from_field(
            attribute.name,
            f"must be at least {least}",
            value,
            f"give a whole number, {least} or more.",
        )
    del instance


@attrs.frozen(eq=False, slots=False)
class SyntheticBook:
    """The tables of a customer book that never was; each is made when it is first asked for.

    They hang together: orders and deals come from the same customers, won deals that were handed
    over are in the orders to the cent, the history leads to where the deals stand, and owners are
    people of the team. What has to do with whom is one id: ``account_id``, ``deal_id``.

    Parameters
    ----------
    n
        How many accounts.
    seed
        Seed of the random generators.
    as_of
        The day of the export. The book goes back three years from it.
    dirt
        The share of deals with a clerical fault; other tables follow it. 0: a clean book, the same
        but for the faults.

    Notes
    -----
    Every figure is a choice of this library, and none was taken from a real book. The reference
    page lists the distributions.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = ka.synthetic_book(50, seed=1)
    >>> pipeline = ka.opportunity_funnel().replay(book.history)
    >>> len(pipeline.refused["deal"]), len(pipeline.now) == len(book.deals["deal_id"])
    (0, True)
    """

    n: int = attrs.field(converter=exact_int, validator=_whole, metadata={"least": 1})
    seed: int = attrs.field(converter=exact_int, validator=_whole, metadata={"least": 0})
    as_of: np.datetime64 = attrs.field(converter=_day)
    dirt: float = attrs.field(converter=exact_float, validator=share)

    # --- What the tables are made from ------------------------------------------------------------

    @cached_property
    def _truth(self) -> Truth:
        return Truth.draw(self.n, self.seed, self.as_of)

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return Hierarchy.draw(self._truth, self._stream("hierarchy"))

    @cached_property
    def _team(self) -> Team:
        return Team.draw(self._truth, self._stream("team"))

    @cached_property
    def _deals(self) -> Deals:
        return Deals.draw(self._truth, self._team, self._stream("deals"))

    @cached_property
    def _orders(self) -> Orders:
        return Orders.draw(self._truth, self._deals, self._stream("orders"))

    def _stream(self, name: str) -> np.random.Generator:
        return stream(self.seed, name)

    # --- Who they are -----------------------------------------------------------------------------

    @cached_property
    def accounts(self) -> Table:
        """Account by account: id, name, sector, country, founded, employees, subsidiary_of."""
        made = account_columns(self._truth, self._hierarchy, self._stream("accounts"))
        return dirty_accounts(made, self.dirt)

    @cached_property
    def hierarchy(self) -> Table:
        """Account by account: parent, level, group_id (the top of its tree), holds_budget."""
        return self._hierarchy.columns(self._truth.ids)

    @cached_property
    def wallets(self) -> Table:
        """Account by account: what it spent and can spend in a year, and our shares of that."""
        return wallet_columns(self._truth, self._orders, self._stream("wallets"))

    @cached_property
    def ratings(self) -> Table:
        """Judgements: account_id, criterion, rating from 1 to 5, rater, rated_on."""
        return rating_columns(self._truth, self._stream("ratings"))

    # --- What they buy ----------------------------------------------------------------------------

    @cached_property
    def products(self) -> Table:
        """The price list: product, series, list_price."""
        return catalogue.products()

    @cached_property
    def deals(self) -> Table:
        """Deals as they stand on the day: stage A to F, ``won`` (collected) or ``lost``."""
        made = self._deals.columns(self._truth, self._team)
        return dirty_deals(made, self.dirt, self._stream("dirty_deals"))

    @cached_property
    def history(self) -> Table:
        """The event log of the deals, with the column names that `Funnel.replay` reads."""
        from keyaccount.datasets.history import history_columns

        return history_columns(self._deals, self._truth, self._team, self._stream("history"))

    @cached_property
    def orders(self) -> Table:
        """The purchase log, day by day; amounts below 0 are refunds, of the order `refund_of`."""
        made = self._orders.columns(self._truth, self._deals)
        return dirty_orders(made, self.dirt, self._stream("dirty_orders"))

    # --- Who works on them ------------------------------------------------------------------------

    @cached_property
    def team(self) -> Table:
        """Our people: person, role, level, region, manager, capacity in accounts."""
        return self._team.columns()

    @cached_property
    def assignments(self) -> Table:
        """Who of us is on which account, in which role of the iron triangle, from when to when."""
        return self._team.assignments(self._truth)

    @cached_property
    def people(self) -> Table:
        """The customers' people: role, stance, influence, our contact, last meeting."""
        return people_columns(self._truth, self._team, self._stream("people"))

    @cached_property
    def information(self) -> Table:
        """Entries of the information map: account_id, field, value, date."""
        from keyaccount.datasets.information import information_columns

        return information_columns(self._truth, self._stream("information"))

    @cached_property
    def tasks(self) -> Table:
        """How the core tasks of the larger accounts stand: task, status, date, evidence."""
        from keyaccount.datasets.programme import task_columns

        return task_columns(self._truth, self._stream("tasks"))

    @cached_property
    def contacts(self) -> Table:
        """When an account was spoken to in the last year: channel, date, by whom."""
        from keyaccount.datasets.programme import contact_columns

        return contact_columns(self._truth, self._team, self._stream("contacts"))

    @cached_property
    def positions(self) -> Table:
        """Where we stand with the largest accounts: tier, position, aim, resources and more."""
        from keyaccount.datasets.programme import position_columns

        return position_columns(self._truth, self._stream("positions"))

    @cached_property
    def plans(self) -> Table:
        """Their plans: goal, initiative (missing: a goal that nobody serves), owner, due, done."""
        from keyaccount.datasets.programme import plan_columns

        return plan_columns(self._truth, self._team, self._stream("plans"))

    @cached_property
    def truth(self) -> Table:
        """What nobody knows of a real book: the rates behind each account, and when it left."""
        return self._truth.columns()

    # --- Files ------------------------------------------------------------------------------------

    def write(
        self, directory: str | Path, tables: str | Iterable[str] = _REVIEWED
    ) -> tuple[Path, ...]:
        """Write tables as CSV files into a folder, which is made if it is not there.

        Parameters
        ----------
        directory
            The folder.
        tables
            Names of tables, or one; by default those that ``keyaccount demo`` reviews.

        Returns
        -------
        tuple of Path
            The files, named after their tables, in that order.

        Raises
        ------
        SpecError
            There is no such table, or the folder is a file.
        """
        names = _named(tables)
        folder = Path(directory)
        if folder.exists() and not folder.is_dir():
            hint = "name a folder; it is made if it is not there."
            raise SpecError.from_field("directory", "must not be a file", str(directory), hint)
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_written(folder / f"{name}.csv", getattr(self, name)) for name in names)


_TABLES = tuple(
    name
    for name, value in vars(SyntheticBook).items()
    if isinstance(value, cached_property) and not name.startswith("_")
)


def _named(tables: Any) -> tuple[str, ...]:
    """Take names of tables; one may come alone."""
    names: tuple[Any, ...] = (tables,) if isinstance(tables, str) else tuple(tables)
    for name in names:
        if name not in _TABLES:
            raise SpecError.from_choice("tables", name, _TABLES)
    return names


def _written(path: Path, columns: Table) -> Path:
    texts = [[label_text(v) or "" for v in column.tolist()] for column in columns.values()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*texts, strict=True))
    return path


def synthetic_book(
    n: int = 500, seed: int = 7, *, as_of: Any = "2026-09-30", dirt: float = 0.05
) -> SyntheticBook:
    """Make up a customer book: accounts, orders, deals with their history, people, plans.

    A few accounts bring most of the money; win rates differ by sector and relationship; customers
    buy in season and leave without saying so. The book has the gaps of a real one (amounts not
    entered, budgets nobody knows, stances nobody asked for), and, unless `dirt` is 0, the faults of
    a real export: a misspelt sector, a product written in a second way, deals without an account,
    orders entered twice.

    Parameters
    ----------
    n
        How many accounts.
    seed
        Seed of the random generators; the same seed gives the same book, as far as numpy promises.
    as_of
        The day of the export. The book goes back three years from it.
    dirt
        The share of deals without an account, in [0, 1]; other faults follow it.

    Returns
    -------
    SyntheticBook
        Its tables are columns, made when they are first asked for.

    Raises
    ------
    SpecError
        An argument is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = ka.synthetic_book(50, seed=1)
    >>> book.accounts["account_id"][:2], len(book.products["product"])
    (array(['A-0001', 'A-0002'], dtype=object), 7)
    >>> {kind: int(sum(book.history["event"] == kind)) for kind in ("open", "win", "lose")}
    {'open': 243, 'win': 107, 'lose': 117}
    """
    return SyntheticBook(n, seed, as_of, dirt)
