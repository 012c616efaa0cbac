"""`migration`: accounts and money that moved between the segments of two dates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats, Labels, Objects, as_floats, as_ids, as_labels, common_length
from keyaccount._validators import exact_tuple
from keyaccount.errors import SpecError
from keyaccount.segments.migrated import ABSENT, UNKNOWN, Migration, Side

__all__ = ["migration"]


def migration(
    before: Any,
    after: Any,
    *,
    ids_before: Any,
    ids_after: Any,
    money_before: Any = None,
    money_after: Any = None,
    order: Sequence[str] | None = None,
) -> Migration:
    """Count the accounts, and add up the money, that moved between the segments of two dates.

    Parameters
    ----------
    before, after
        The segment of each account on the first and on the second date: any column of labels, such
        as the ``labels`` of an RFM result or of a matrix; None is unknown.
    ids_before, ids_after
        The id of each account, by which the two dates are joined.
    money_before, money_after
        The money of each account on each date; NaN and ±inf are missing. None: no money.
    order
        The segments in the order wanted, such as ``rfm.segments.codes``; None: by name.

    Returns
    -------
    Migration
        Counts and exact sums per pair of segments, with newcomers and leavers, independent of the
        order of the rows.

    Raises
    ------
    DuplicateIdError
        An id occurs twice on one date.
    RowError
        An account has no id, or money is no number.
    ColumnError
        The columns of one date differ in length.
    SpecError
        A segment is not in `order`, or is called as the states for unknown and absent accounts are.

    Examples
    --------
    >>> import keyaccount as ka
    >>> moves = ka.migration(
    ...     ["important_value", "general_value"],
    ...     ["important_maintain", "general_value", "general_value"],
    ...     ids_before=["a", "b"],
    ...     ids_after=["a", "b", "c"],
    ...     money_before=[900.0, 80.0],
    ...     money_after=[500.0, 90.0, 30.0],
    ... )
    >>> moves
    <Migration: 1 stayed, 1 moved, 1 came, 0 left>
    >>> for i in range(len(moves)):
    ...     print(*moves.flows[i], moves.columns()["change"][i])
    general_value general_value 10.0
    important_value important_maintain -400.0
    (absent) general_value 30.0
    """
    first = _read("before", ids_before, before, money_before)
    second = _read("after", ids_after, after, money_after)
    states = _states(first.labels, second.labels, order)
    return Migration(states, _side(first, second, states), _side(second, first, states))


@attrs.frozen(eq=False, slots=False)
class _Read:
    """The columns of one date as read."""

    when: str
    ids: Objects
    labels: Labels
    money: Floats | None

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each id."""
        return {id_: row for row, id_ in enumerate(self.ids.tolist())}


def _side(own: _Read, other: _Read, states: tuple[str, ...]) -> Side:
    position = {state: i for i, state in enumerate(states)}
    table = [position[label] for label in own.labels.labels]
    state = np.array([*table, position[UNKNOWN]], dtype=np.int64)[own.labels.codes]
    row_of = other.rows.get
    rows = (row_of(id_, -1) for id_ in own.ids.tolist())
    beside = np.fromiter(rows, dtype=np.int64, count=len(own.ids))
    return Side(own.when, own.ids, state, own.money, beside)


def _read(when: str, ids: Any, labels: Any, money: Any) -> _Read:
    names = {"ids": f"ids_{when}", "labels": when, "money": f"money_{when}"}
    found = as_ids(ids, names["ids"])
    segments = as_labels(labels, names["labels"])
    amounts = None if money is None else as_floats(money, names["money"])
    read = {names["ids"]: found, names["labels"]: segments}
    _ = common_length(read if amounts is None else {**read, names["money"]: amounts})
    return _Read(when, found, segments, amounts)


def _states(before: Labels, after: Labels, order: Sequence[str] | None) -> tuple[str, ...]:
    """List the segments, as ordered or by name, then the states of unknown and absent accounts."""
    met = {*before.labels, *after.labels}
    segments: tuple[str, ...] = tuple(sorted(met)) if order is None else exact_tuple(order)
    for label in sorted(met):
        if label not in segments:
            raise SpecError.from_choice("a segment of migration", label, segments)
    if len(set(segments)) < len(segments):
        field, hint = "migration(order)", "name none of them twice."
        raise SpecError.from_field(field, "must name each segment once", segments, hint)
    for word in (UNKNOWN, ABSENT):
        if word in segments:
            rule = f"must not be called {word!r}"
            hint = "rename it: the word stands for accounts without a segment."
            raise SpecError.from_field("a segment of migration", rule, word, hint)
    return (*segments, UNKNOWN, ABSENT)
