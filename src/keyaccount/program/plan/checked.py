"""`PlanCheck`: what each account's plan lacks, and what is late."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.plan.template import PLAN_PARTS
from keyaccount.program.table import Table, listed

__all__ = ["PlanCheck"]


@attrs.frozen(eq=False)
class PlanCheck(Table):
    """What each account's plan holds and lacks: one row per account.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    goals, initiatives
        ``(n,)`` int64: how many there are.
    idle_goals
        ``(n,)`` int64: goals that no initiative serves.
    stray
        ``(n,)`` int64: initiatives that serve no goal of the plan.
    unowned, undated, late, done
        ``(n,)`` int64: initiatives without an owner, open ones without a date, open ones that were
        due before the day, and those that are done.
    resources, expected_return
        ``(n,)`` float64: what goes in and what should come out; NaN where not stated.
    concession, concession_limit
        ``(n,)`` float64: what is conceded and the limit of the tier; NaN where there is none.
    min_return
        ``(n,)`` float64: the least return asked for; NaN where none is.
    lacks
        ``(n, 6)`` bool: the parts of a plan that the tier asks for and that are not there.
    has_template
        ``(n,)`` bool: there is a template for the account's tier.
    findings
        What there is to say.
    """

    account: Objects
    goals: Codes
    initiatives: Codes
    idle_goals: Codes
    stray: Codes
    unowned: Codes
    undated: Codes
    late: Codes
    done: Codes
    resources: Floats
    expected_return: Floats
    concession: Floats
    concession_limit: Floats
    min_return: Floats
    lacks: Bools
    has_template: Bools
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Plans of {counted(len(self), 'account')}"

    @property
    def done_share(self) -> Floats:
        """``(n,)`` float64: the share of initiatives done; NaN where there are none."""
        total = np.where(self.initiatives == 0, np.nan, self.initiatives.astype(np.float64))
        found: Floats = self.done / total
        return found

    @property
    def return_per_resource(self) -> Floats:
        """``(n,)`` float64: return for one unit of resources; NaN where not known or 0."""
        base = np.where(self.resources > 0.0, self.resources, np.nan)
        found: Floats = self.expected_return / base
        return found

    @property
    def low_return(self) -> Bools:
        """``(n,)`` bool: less return than the tier asks for."""
        found: Bools = self.return_per_resource < self.min_return
        return found

    @property
    def over_limit(self) -> Bools:
        """``(n,)`` bool: more is conceded than the tier allows."""
        found: Bools = self.concession > self.concession_limit
        return found

    @property
    def holds(self) -> Bools:
        """``(n,)`` bool: a template is there, nothing is lacking or late, and limits are kept."""
        whole = self.has_template & np.logical_not(np.any(self.lacks, axis=1)) & (self.late == 0)
        found: Bools = whole & ~self.low_return & ~self.over_limit
        return found

    @cached_property
    def missing_parts(self) -> Objects:
        """``(n,)`` texts: what the plan lacks; empty where nothing."""
        return listed(self.lacks, PLAN_PARTS)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        return {
            "account": self.account,
            "holds": self.holds,
            "missing_parts": self.missing_parts,
            "goals": self.goals,
            "initiatives": self.initiatives,
            "done": self.done,
            "late": self.late,
            "unowned": self.unowned,
            "undated": self.undated,
            "idle_goals": self.idle_goals,
            "stray": self.stray,
            "resources": self.resources,
            "expected_return": self.expected_return,
            "return_per_resource": self.return_per_resource,
            "concession": self.concession,
            "over_limit": self.over_limit,
        }

    def why(self, i: int) -> tuple[str, ...]:
        """Say what one plan lacks."""
        said: list[str] = []
        for counts, one in (
            (self.unowned, "without an owner"),
            (self.undated, "without a date"),
            (self.late, "late"),
            (self.stray, "serving no goal"),
        ):
            if counts[i]:
                said.append(f"{counted(int(counts[i]), 'initiative')} {one}")
        if self.idle_goals[i]:
            said.append(f"{counted(int(self.idle_goals[i]), 'goal')} that no initiative serves")
        if self.missing_parts[i]:
            said.append(f"the plan lacks {self.missing_parts[i]}")
        if self.low_return[i]:
            ratio, least = self.return_per_resource[i], self.min_return[i]
            said.append(f"a return of {ratio:.3g} for one unit of resources, {least:g} asked for")
        if self.over_limit[i]:
            limit = self.concession_limit[i]
            said.append(f"concessions of {self.concession[i]:g}, above the limit of {limit:g}")
        if not self.has_template[i]:
            said.append("no template for its tier")
        return tuple(said)
