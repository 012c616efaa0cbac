"""The rows that a quarter's review judges: accounts or groups, with what is known of them."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from keyaccount._columns import Floats, Objects, as_floats
from keyaccount.cli.references import best_references
from keyaccount.cli.settings import CRITERIA, USUAL_GROUP, Settings
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.hierarchy import How, RollUp, roll_up
from keyaccount.intake import Book
from keyaccount.stats.shrinkage import ShrunkRates, shrink_rates

__all__ = ["Judged", "judged_rows", "known_columns"]

_ADDED = ("sales", "potential", "wins", "losses", "trials", "won_deals", "open_deals", "orders")
"""What accounts of a group bring together; of all else the group has what its head has."""


@attrs.frozen(eq=False)
class Judged:
    """The rows that are judged, the column they are compared within, and their win rates."""

    rolled: RollUp | None
    columns: dict[str, Objects]
    group: str | None
    rates: ShrunkRates | None


def judged_rows(book: Book, settings: Settings) -> Judged:
    """Roll the accounts up where groups are judged, and shrink their win rates."""
    rolled, columns = _rows(book, settings)
    group = _group_of(columns, settings)
    rates = _win_rates(columns, None if group is None else columns[group])
    if rates is not None:
        columns["win_rate"] = rates.mean
    return Judged(rolled, columns, group, rates)


def _rows(book: Book, settings: Settings) -> tuple[RollUp | None, dict[str, Objects]]:
    """Give the rows that are judged: groups of accounts, or each account on its own.

    A group is shown by its best reference; that is a choice of this library.
    """
    if settings.level == "account" or "parent" not in book.columns:
        return None, dict(book.columns)
    how: dict[str, How] = {name: "own" for name in book.columns if name not in {"id", "parent"}}
    how |= {name: "sum" for name in _ADDED if name in book.columns}
    rolled = roll_up(book.columns, id="id", parent="parent", how=how)
    columns = rolled.columns() | best_references(book.columns, rolled)
    return rolled, columns | {
        "group_size": rolled.size,
        "group_members": _members(rolled),
    }


def _members(rolled: RollUp) -> Objects:
    """List the accounts of each group of several, in the order of their ids."""
    found = np.full(len(rolled), None, dtype=object)
    for i in np.flatnonzero(rolled.size > 1).tolist():
        found[i] = "; ".join(sorted(rolled.members(rolled.ids[i]).tolist()))
    return found


def _group_of(columns: Mapping[str, Objects], settings: Settings) -> str | None:
    """Tell the column of groups; one that was asked for must be there."""
    name = settings.compare_within
    if name in columns:
        return name
    if settings.select_within:
        rule = "needs a column of groups to give seats within"
        hint = "name one with --compare-within."
        raise SpecError.from_field("--select-within", rule, name, hint)
    if name is not None and name != USUAL_GROUP:
        raise ColumnNotFoundError.from_name(name, tuple(columns))
    return None


def _win_rates(columns: Mapping[str, Objects], sectors: Objects | None) -> ShrunkRates | None:
    """Shrink win rates toward those of the sector: three wins of three are no rate of 1 yet."""
    trials = _or_none(columns, "trials")
    if not trials.any():
        return None
    return shrink_rates(_or_none(columns, "wins"), trials, group=sectors)


def _or_none(columns: Mapping[str, Objects], name: str) -> Floats:
    """Read a column of counts; where nobody counted, there was nothing."""
    return np.nan_to_num(as_floats(columns[name], name))


def known_columns(columns: Mapping[str, Objects]) -> dict[str, str | None]:
    """Say where each criterion is read: nowhere, if nobody has measured it."""
    return {
        criterion: name if name in columns and _any_known(columns[name], name) else None
        for criterion, name in CRITERIA.items()
    }


def _any_known(column: Objects, name: str) -> bool:
    return bool(np.isfinite(as_floats(column, name)).any())
