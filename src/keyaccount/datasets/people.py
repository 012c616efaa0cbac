"""The people of the customers: who decides, who uses, who helps, who stands against us."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Objects
from keyaccount.datasets.catalogue import texts
from keyaccount.datasets.names import PERSONS, person_names
from keyaccount.datasets.team import Team
from keyaccount.datasets.truth import DAYS, Truth, logistic

__all__ = ["people_columns"]

_ROLES = ("decision_maker", "user", "technical_expert", "influencer", "user, coach")
_COACH = 4
_KNOWN = ((0.45, 0.5), (0.6, 0.35), (0.35, 0.5), (0.15, 0.5))
"""The chance that we know somebody of the role at the smallest account, and what is added."""
_MORE = 1.5
"""How many more users we know at the largest accounts, on average."""
_INFLUENCE = ((4, 6), (1, 4), (2, 5), (2, 5), (1, 4))
_STANCES = ("supports", "neutral", "opposes")
_UNKNOWN_STANCE, _OUT_OF_TOUCH, _UNKNOWN_DAY = 0.25, 0.15, 0.05
_SUPPORT, _OPPOSE, _BOND = -0.4, -1.6, 0.9
"""Log odds of supporting and opposing us, and what a standard deviation of relationship adds."""
_BY_SECOND = 0.4
"""The share of contacts that the solution responsible has, where there is one."""
_SINCE_MET = 70.0
_STRIDE = 363


def people_columns(truth: Truth, team: Team, rng: np.random.Generator) -> dict[str, Objects]:
    """Draw the people we know; a coach supports us, and good relationships help."""
    account, role = _known(truth, rng)
    n = len(account)
    low, high = np.array(_INFLUENCE)[role].T
    ours = team.on[0][account]
    second = team.on[1][account]
    ours = np.where((second >= 0) & (rng.random(n) < _BY_SECOND), second, ours)
    ours[rng.random(n) < _OUT_OF_TOUCH] = -1
    met = np.minimum(truth.until[account], DAYS) - 1.0 - _SINCE_MET * rng.standard_exponential(n)
    unseen = (ours < 0) | (rng.random(n) < _UNKNOWN_DAY) | (met < truth.since[account])
    first = rng.integers(PERSONS, size=len(truth))
    nth = np.arange(n) - np.searchsorted(account, account)
    return {
        "account_id": truth.ids[account],
        "person": person_names((first[account] + _STRIDE * nth) % PERSONS),
        "role": texts(_ROLES, role),
        "stance": texts(_STANCES, _stances(truth, account, role, rng)),
        "influence": rng.integers(low, high),
        "contact": team.named(ours),
        "last_met": truth.date(np.where(unseen, np.inf, met)),
    }


def _known(truth: Truth, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Draw for each account whom we know: its people, account by account."""
    n = len(truth)
    parts = [np.flatnonzero(rng.random(n) < low + more * truth.rank) for low, more in _KNOWN]
    parts.append(np.flatnonzero(truth.has_coach))
    parts.append(np.repeat(np.arange(n), rng.poisson(_MORE * truth.rank**2)))
    roles = [0, 1, 2, 3, _COACH, 1]
    account = np.concatenate(parts)
    role = np.repeat(roles, [len(p) for p in parts])
    order = np.argsort(account, kind="stable")
    return account[order], role[order]


def _stances(truth: Truth, account: Codes, role: Codes, rng: np.random.Generator) -> Codes:
    """Draw where people stand, -1 where we do not know."""
    n, bond = len(account), truth.bond[account]
    draw = rng.random(n)
    opposed = logistic(_OPPOSE - _BOND * bond)
    stance = np.select(
        [draw < opposed, draw > 1.0 - (1.0 - opposed) * logistic(_SUPPORT + _BOND * bond)],
        [2, 0],
        1,
    )
    stance[rng.random(n) < _UNKNOWN_STANCE] = -1
    return np.where(role == _COACH, 0, stance)
