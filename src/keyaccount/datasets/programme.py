"""What is done about the larger accounts: core tasks, plans, upkeep."""

from __future__ import annotations

from typing import Final

import numpy as np

from keyaccount._columns import Bools, Codes, Objects
from keyaccount.datasets.catalogue import texts
from keyaccount.datasets.team import Team
from keyaccount.datasets.truth import DAYS, Truth, logistic
from keyaccount.program.positioning.level import position_levels
from keyaccount.program.tasks.core_tasks import core_tasks, upkeep_channels

__all__ = ["contact_columns", "plan_columns", "position_columns", "task_columns"]

_TASKS: Final = tuple(task.code for task in core_tasks())
_CHANNELS: Final = tuple(channel.code for channel in upkeep_channels())
_STATUSES = ("not_started", "under_way", "done")
_WITH_TASKS, _WITH_PLAN = 0.8, 0.85
"""Accounts larger than this share of the book have tasks; or a plan."""
_TASK_KNOWN, _EVIDENCE = 0.75, 0.5
_TASK_DONE, _TASK_BEGUN = 0.6, 0.7
_TASK_AGE = 80.0
_CONTACTS = 14.0
_POSITIONS: Final = tuple(level.code for level in position_levels())
_STRATEGIC = 0.97
"""Accounts larger than this share of the book are of the strategic tier."""
_RESOURCES, _RETURN = 0.06, (1.2, 0.5)
"""What goes into an account, as a share of its yearly orders; the log of what should come out."""
_NO_RESOURCES, _NO_RETURN = 0.1, 0.15
_GOALS = ("larger share of wallet", "second division", "contract renewed")
_STEPS = ("visit the plant", "run a pilot", "review the contract", "train the users")
_GOAL_SHARE, _STEPS_PER_GOAL = 0.6, 1.3
_NO_OWNER, _NO_DUE, _NO_GOAL, _DONE = 0.08, 0.08, 0.04, 0.7
_DUE = (-60, 180)
"""Days from the day of the export to those on which initiatives are due."""


def task_columns(truth: Truth, rng: np.random.Generator) -> dict[str, Objects]:
    """Draw how the core tasks of the larger accounts stand; better where relationships are."""
    account, task = _pairs(truth.rank >= _WITH_TASKS, len(_TASKS), _TASK_KNOWN, rng)
    n = len(account)
    done = logistic(truth.bond[account])
    status = np.select([rng.random(n) < _TASK_DONE * done, rng.random(n) < _TASK_BEGUN], [2, 1], 0)
    set_on = truth.until[account] - 1.0 - _TASK_AGE * rng.standard_exponential(n)
    shown = (status > 0) & (rng.random(n) < _EVIDENCE)
    return {
        "account_id": truth.ids[account],
        "task": texts(_TASKS, task),
        "status": texts(_STATUSES, status),
        "date": truth.date(truth.within(account, set_on)),
        "evidence": texts(("minutes of the meeting",), np.where(shown, 0, -1)),
    }


def contact_columns(truth: Truth, team: Team, rng: np.random.Generator) -> dict[str, Objects]:
    """Draw when customers were spoken to in the last year: large ones more often."""
    account = np.repeat(np.arange(len(truth)), rng.poisson(_CONTACTS * truth.rank**2))
    time = DAYS - 1.0 - rng.integers(0, 365, len(account))
    kept = (time < truth.until[account]) & (time >= truth.since[account])
    account, time = account[kept], time[kept]
    channel = rng.integers(len(_CHANNELS), size=len(account))
    return {
        "account_id": truth.ids[account],
        "channel": texts(_CHANNELS, channel),
        "date": truth.date(time),
        "by": team.named(team.on[0][account]),
    }


def position_columns(truth: Truth, rng: np.random.Generator) -> dict[str, Objects]:
    """Draw where we stand with the largest accounts, where we aim, and what goes into it."""
    account = np.flatnonzero(_planned(truth))
    n, bond = len(account), truth.bond[account]
    strategic = truth.rank[account] >= _STRATEGIC
    now = np.clip(np.rint(1.0 + bond + rng.normal(0.0, 0.5, n)), 0, len(_POSITIONS) - 1)
    aim = np.minimum(now + rng.integers(0, 3, n), len(_POSITIONS) - 1)
    yearly = truth.rate[account] * truth.value[account]
    resources = np.round(yearly * _RESOURCES * rng.lognormal(0.0, 0.4, n), -2)
    returns = np.round(resources * rng.lognormal(*_RETURN, n), -2)
    return {
        "account_id": truth.ids[account],
        "tier": texts(("strategic", "important"), np.where(strategic, 0, 1)),
        "position": texts(_POSITIONS, now.astype(np.int64)),
        "aim": texts(_POSITIONS, aim.astype(np.int64)),
        "works_on_strategy": rng.random(n) < logistic(bond - np.where(strategic, 0.0, 2.5)),
        "resources": np.where(rng.random(n) < _NO_RESOURCES, np.nan, resources),
        "expected_return": np.where(rng.random(n) < _NO_RETURN, np.nan, returns),
    }


def plan_columns(truth: Truth, team: Team, rng: np.random.Generator) -> dict[str, Objects]:
    """Draw the plans of the largest accounts: one row per initiative, or per goal without any.

    Some initiatives have no owner, no day or no goal, and some are late.
    """
    account, goal = _pairs(_planned(truth), len(_GOALS), _GOAL_SHARE, rng)
    steps = rng.poisson(_STEPS_PER_GOAL, len(goal))
    row = np.repeat(np.arange(len(goal)), np.maximum(steps, 1))
    account, goal, bare, n = account[row], goal[row], steps[row] == 0, len(row)
    step = np.where(bare, -1, rng.integers(len(_STEPS), size=n))
    owner = np.where(bare | (rng.random(n) < _NO_OWNER), -1, team.on[0][account])
    due = np.maximum(DAYS - 1.0 + rng.integers(*_DUE, n), truth.since[account])
    undated = bare | (rng.random(n) < _NO_DUE)
    stray = ~bare & (rng.random(n) < _NO_GOAL)
    ahead = ~undated & (due > DAYS - 1.0)
    done = (~ahead & (rng.random(n) < _DONE)).astype(object)
    done[bare] = None
    return {
        "account_id": truth.ids[account],
        "goal": texts(_GOALS, np.where(stray, -1, goal)),
        "initiative": texts(_STEPS, step),
        "owner": team.named(owner),
        "due": truth.date(np.where(undated, np.inf, due)),
        "done": done,
    }


def _planned(truth: Truth) -> Bools:
    """Mark the largest accounts that are still there; of a small book, the largest one."""
    there = np.isinf(truth.left)
    largest = there & (truth.rank == np.max(truth.rank, where=there, initial=-1.0))
    found: Bools = (there & (truth.rank >= _WITH_PLAN)) | largest
    return found


def _pairs(some: Bools, items: int, share: float, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Draw for some accounts which of the items they have, account by account; one at least."""
    rows = np.flatnonzero(some)
    drawn = rng.random((len(rows), items))
    if not (drawn < share).any():
        drawn[:1, 0] = 0.0  # the tables of a small book have rows, too
    account, item = np.nonzero(drawn < share)
    return rows[account], item
