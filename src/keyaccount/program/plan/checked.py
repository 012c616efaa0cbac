"""`PlanCheck`: what each account's plan lacks, and what is late."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.findings import Finding, counted
from keyaccount.program.plan.template import PLAN_PARTS
from keyaccount.program.table import Table, amount, listed

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
    min_goals, min_initiatives
        ``(n,)`` int64: the least number of each that the tier asks for; 0 where it asks for none.
    lacks
        ``(n, 6)`` bool: the parts of a plan that the tier asks for and that are not there.
    has_template
        ``(n,)`` bool: there is a template for the account's tier.
    findings
        What there is to say.

    Examples
    --------
    >>> import keyaccount as ka
    >>> plan = ka.AccountPlan("A", goals=[ka.PlanGoal("share", "Share of wallet")])
    >>> found = plan.check(as_of="2026-09-30", template=ka.plan_template("important"))
    >>> print(found.row(0)["why"])
    1 goal that no initiative serves; the plan lacks initiatives, owners, due_dates, resources
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
    min_goals: Codes
    min_initiatives: Codes
    lacks: Bools
    has_template: Bools
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Plans of {counted(len(self), 'account')}"

    @cached_property
    def done_share(self) -> Floats:
        """``(n,)`` float64: the share of initiatives done; NaN where there are none."""
        total = np.where(self.initiatives == 0, np.nan, self.initiatives.astype(np.float64))
        found: Floats = self.done / total
        return found

    @cached_property
    def return_per_resource(self) -> Floats:
        """``(n,)`` float64: return for one unit of resources; NaN where not known or 0."""
        base = np.where(self.resources > 0.0, self.resources, np.nan)
        found: Floats = self.expected_return / base
        return found

    @cached_property
    def low_return(self) -> Bools:
        """``(n,)`` bool: less return than the tier asks for, or a loss where it asks for any."""
        loss = (self.expected_return < 0.0) & ~np.isnan(self.min_return)
        found: Bools = loss | (self.return_per_resource < self.min_return)
        return found

    @cached_property
    def return_unknown(self) -> Bools:
        """``(n,)`` bool: a least return is asked for, and whether it is kept is not known."""
        unknown = np.isnan(self.resources) | np.isnan(self.expected_return)
        return unknown & ~np.isnan(self.min_return) & ~self.low_return

    @cached_property
    def concession_unknown(self) -> Bools:
        """``(n,)`` bool: there is a limit, and what is conceded is not known."""
        found: Bools = np.isnan(self.concession) & ~np.isnan(self.concession_limit)
        return found

    @cached_property
    def no_plan(self) -> Bools:
        """``(n,)`` bool: no goal, no initiative, and nothing said of resources or return."""
        silent = np.isnan(self.resources) & np.isnan(self.expected_return)
        found: Bools = silent & (self.goals == 0) & (self.initiatives == 0)
        return found

    @cached_property
    def below_cost(self) -> Bools:
        """``(n,)`` bool: less should come out than goes in, where no least return is asked for."""
        found: Bools = (self.expected_return < self.resources) & np.isnan(self.min_return)
        return found

    @cached_property
    def idle(self) -> Bools:
        """``(n,)`` bool: the tier asks for initiatives, and some goal is served by none."""
        found: Bools = (self.idle_goals > 0) & (self.min_initiatives > 0)
        return found

    @cached_property
    def over_limit(self) -> Bools:
        """``(n,)`` bool: more is conceded than the tier allows."""
        found: Bools = self.concession > self.concession_limit
        return found

    @cached_property
    def holds(self) -> Bools:
        """``(n,)`` bool: nothing is lacking, late or idle, and limits are known to be kept.

        Without a template nothing is known to hold.
        """
        whole = self.has_template & np.logical_not(np.any(self.lacks, axis=1)) & (self.late == 0)
        unknown = self.return_unknown | self.concession_unknown
        found: Bools = whole & ~self.idle & ~unknown & ~self.low_return & ~self.over_limit
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
            "no_plan": self.no_plan,
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
            "concession_limit": self.concession_limit,
            "over_limit": self.over_limit,
            "low_return": self.low_return,
            "below_cost": self.below_cost,
            "return_unknown": self.return_unknown,
            "concession_unknown": self.concession_unknown,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what one plan lacks."""
        said: list[str] = ["there is no plan"] if self.no_plan[i] else []
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
        said += self._lacking(i)
        said += self._money(i)
        if not self.has_template[i]:
            said.append("no template for its tier")
        return tuple(said)

    def _lacking(self, i: int) -> list[str]:
        """Say which parts are not there, and how many of those that are counted."""
        lacks = [p for p, on in zip(PLAN_PARTS, self.lacks[i].tolist(), strict=True) if on]
        said: list[str] = []
        for part, there, least in (
            ("goals", self.goals, self.min_goals),
            ("initiatives", self.initiatives, self.min_initiatives),
        ):
            if part in lacks and there[i]:
                lacks.remove(part)
                said.append(f"{there[i]} of {counted(int(least[i]), part[:-1])}")
        return [*said, f"the plan lacks {', '.join(lacks)}"] if lacks else said

    def _money(self, i: int) -> list[str]:
        """Say what is wrong, or not known, about return and concessions."""
        said: list[str] = []
        least = self.min_return[i]
        ratio = self.return_per_resource[i]
        if self.low_return[i] and np.isnan(ratio):
            loss = amount(-self.expected_return[i])
            said.append(f"a loss of {loss}, a return of {least:g} asked for")
        elif self.low_return[i]:
            said.append(f"a return of {ratio:.3g} for one unit of resources, {least:g} asked for")
        if self.below_cost[i]:
            out, put = amount(self.expected_return[i]), amount(self.resources[i])
            said.append(f"a return of {out} for resources of {put}")
        if self.return_unknown[i]:
            said.append(f"return or resources not stated, a return of {least:g} asked for")
        if self.concession_unknown[i]:
            limit = amount(self.concession_limit[i])
            said.append(f"concessions not stated, with a limit of {limit}")
        if self.over_limit[i]:
            given, limit = amount(self.concession[i]), amount(self.concession_limit[i])
            said.append(f"concessions of {given}, above the limit of {limit}")
        return said
