"""`InformationAssessment`: what is known about each account, and what to ask next."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount._record import checked_row
from keyaccount._stamp import Stamped
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.information.state import FRESH, MISSING, STALE, STATES
from keyaccount.program.table import Table

if TYPE_CHECKING:
    from keyaccount.program.decision_chain import DecisionChain
    from keyaccount.program.information.map import InformationMap

__all__ = ["FRESH", "MISSING", "STALE", "InformationAssessment"]


@attrs.frozen(eq=False)
class InformationAssessment(Table, Stamped):
    """What is known about each account: one row per account.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    map
        The map that was assessed.
    state
        ``(n, f)`` int64 over the map's leaves: 0 missing, 1 known, 2 stale.
    age
        ``(n, f)`` float64: days since the latest entry; NaN where missing or without a date.
    weights
        ``(f,)`` float64: the weight of each leaf.
    order
        ``(n, m)`` int64: the leaves to ask for next, -1 where there are no more.
    findings
        Entries that say too little.

    Examples
    --------
    >>> import keyaccount as ka
    >>> entries = {"account": ["A"], "field": ["gap"], "value": ["late"], "date": ["2026-05-01"]}
    >>> known = ka.information_map().assess(entries, as_of="2026-09-30")
    >>> known.complete.round(3), known.row(0)["next_fields"]
    (array([0.033]), 'external_environment, customer_strategy, customers_customers')
    """

    account: Objects
    map: InformationMap
    state: Codes
    age: Floats
    weights: Floats
    order: Codes
    findings: tuple[Finding, ...] = ()

    @property
    def spec(self) -> InformationMap:
        """The spec that made it."""
        return self.map

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"What is known of {counted(len(self), 'account')}"

    @property
    def field_codes(self) -> tuple[str, ...]:
        """The codes of the leaves, in declared order."""
        return tuple(f.code for f in self.map.leaves)

    @cached_property
    def complete(self) -> Floats:
        """``(n,)`` float64: the weighted share of fields that are filled, however old."""
        return self._share(self.state != MISSING, np.ones(len(self.weights), dtype=np.bool_))

    @cached_property
    def fresh(self) -> Floats:
        """``(n,)`` float64: the weighted share of fields that are filled and not stale."""
        return self._share(self.state == FRESH, np.ones(len(self.weights), dtype=np.bool_))

    @property
    def branch_scores(self) -> dict[str, Floats]:
        """The completeness of each branch, by its code: ``(n,)`` float64 each."""
        paths = [{f.code for f in self.map.path(code)} for code in self.field_codes]
        return {
            branch.code: self._share(
                self.state != MISSING, np.array([branch.code in path for path in paths])
            )
            for branch in self.map.branches
        }

    def _share(self, mask: Bools, fields: Bools) -> Floats:
        """Add up weights field by field, in declared order: a row depends on that row alone."""
        total, found = 0.0, np.zeros(len(mask))
        for j in np.flatnonzero(fields).tolist():
            total += float(self.weights[j])
            found += np.where(mask[:, j], self.weights[j], 0.0)
        return found / total if total > 0.0 else np.full(len(mask), np.nan)

    @cached_property
    def next_fields(self) -> Objects:
        """``(n,)`` texts: the fields to ask for next; empty where nothing is missing or stale."""
        return self._listed([*self.field_codes, ""])

    @cached_property
    def ask(self) -> Objects:
        """``(n,)`` texts: the buyer roles to ask for them, each once."""
        return self._listed([*(", ".join(self.map.ask_for(c)) for c in self.field_codes), ""])

    def whom(self, chain: DecisionChain) -> Objects:
        """Name the people to ask, field by field, as the decision chain knows them.

        Parameters
        ----------
        chain
            What `decision_chain` says, of the same accounts or others.

        Returns
        -------
        ndarray
            ``(n,)`` texts: the fields to ask for next, each with the people in the roles to ask, or
            with the roles themselves where nobody is known in them; empty where nothing is to be
            asked.

        Raises
        ------
        SpecError
            It is no decision chain, or a field names a role to ask that the chain does not have.

        Examples
        --------
        >>> import keyaccount as ka
        >>> people = {"account": ["A"], "person": ["lin"], "role": ["coach"]}
        >>> entries = {"account": ["A"], "field": ["gap"], "value": ["late"], "date": [None]}
        >>> found = ka.information_map().assess(entries, as_of="2026-09-30", next_fields=2)
        >>> print(found.whom(ka.decision_chain(people))[0])
        external_environment: lin; customer_strategy: nobody known as decision_maker
        """
        _refuse_others(chain)
        place = {one: i for i, one in enumerate(chain.account.tolist())}
        at = [place.get(one, len(place)) for one in self.account.tolist()]
        codes = self.field_codes
        roles = [self.map.ask_for(code) for code in codes]
        people = {asked: [*chain.whom(asked).tolist(), ""] for asked in dict.fromkeys(roles)}
        known = [people[asked] for asked in roles]
        nobody = [_nobody(asked) for asked in roles]
        found: Objects = np.full(len(self), "", dtype=object)
        for i, (row, who) in enumerate(zip(self.order.tolist(), at, strict=True)):
            found[i] = "; ".join(f"{codes[j]}: {known[j][who] or nobody[j]}" for j in row if j >= 0)
        return found

    def _listed(self, words: list[str]) -> Objects:
        """Join the words of each row's fields, row by distinct row."""
        if not self.order.size:
            return np.full(len(self), "", dtype=object)
        rows, codes = np.unique(self.order, axis=0, return_inverse=True)
        table: Objects = np.empty(len(rows), dtype=object)
        for i, row in enumerate(rows.tolist()):
            parts = [part for j in row for part in words[j].split(", ") if part]
            table[i] = ", ".join(dict.fromkeys(parts))
        found: Objects = table[codes.reshape(-1)]
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        return {
            "account": self.account,
            "complete": self.complete,
            "fresh": self.fresh,
            "missing": np.count_nonzero(self.state == MISSING, axis=1),
            "stale": np.count_nonzero(self.state == STALE, axis=1),
            "next_fields": self.next_fields,
            "ask": self.ask,
            **{f"complete:{code}": share for code, share in self.branch_scores.items()},
        }

    def states_of(self, i: int) -> dict[str, str]:
        """Give the state of each field of one account, by code: missing, known or stale.

        Raises
        ------
        RowError
            There is no such row.
        """
        words = (STATES[s] for s in self.state[checked_row(i, len(self))].tolist())
        return dict(zip(self.field_codes, words, strict=True))

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what to ask for, and whom."""
        said: list[str] = []
        for j in self.order[i].tolist():
            if j >= 0:
                code = self.field_codes[j]
                whom = ", ".join(self.map.ask_for(code)) or "nobody named"
                again = " again" if self.state[i, j] == STALE else ""
                said.append(f"ask{again} for {code}: {whom}")
        return tuple(said)


def _refuse_others(chain: object) -> None:
    from keyaccount.program.decision_chain import DecisionChain

    if not isinstance(chain, DecisionChain):
        rule, hint = "must be a DecisionChain", "build it with ka.decision_chain(…)."
        raise SpecError.from_field("whom(chain)", rule, chain, hint)


def _nobody(roles: tuple[str, ...]) -> str:
    return f"nobody known as {', '.join(roles)}" if roles else "nobody named"
