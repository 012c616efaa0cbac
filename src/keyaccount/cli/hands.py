"""In whose hands each judged account is, and what hangs on whom: by owner, manager, region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import fsum
from typing import Any, Final

import numpy as np

from keyaccount._columns import Bools, Objects
from keyaccount._plain import plain
from keyaccount.cli.found import Found
from keyaccount.findings import Finding
from keyaccount.program.coverage import (
    Coverage,
    CoverageRole,
    PeopleDependence,
    coverage,
    iron_triangle,
)

__all__ = ["SHARES", "hands", "held_by"]

SHARES: Final = (0.5, 0.8)
"""The shares of the value of the key accounts for which the holders are counted; they judge
nothing."""

_OPTIONAL: Final = ("time", "small_deals", "representative", "division", "start", "end")
_NEEDS: Final = {"small_deals": "time", "division": "representative"}

Log = Mapping[str, Any]


def hands(
    logs: Mapping[str, Log],
    columns: Mapping[str, Objects],
    day: date,
    asked: tuple[CoverageRole, ...] | None = None,
) -> tuple[Found, Log | None]:
    """Judge who is on each account.

    Assignments say it, with the roles that are asked for, else those of the iron triangle. Without
    them the owners of the deals and of the accounts are taken for those responsible: what they do
    not tell, the other roles, is not judged, and told.

    Returns
    -------
    tuple
        The columns, and who is on which account as it was judged; None where nobody says.
    """
    given = logs.get("assignments")
    on = _owners(logs, columns) if given is None else given
    if on is None:
        return Found({}), None
    roles = (asked or iron_triangle()) if given is not None else iron_triangle()[:1]
    found = _covered(
        on, columns["id"], columns["sales"], roles=roles, team=logs.get("team"), day=day
    )
    named = given is not None or "owner" in columns
    told = found.findings if given is not None else (_one_role(on, roles[0]),)
    return Found(_columns(found, on, columns, named=named), told), on


def _covered(
    on: Log,
    ids: Objects,
    value: Objects,
    *,
    roles: tuple[CoverageRole, ...],
    team: Log | None,
    day: date,
) -> Coverage:
    given: dict[str, Any] = {
        n: n if n in on and _NEEDS.get(n, n) in on else None for n in _OPTIONAL
    }
    can = team is not None and "capacity" in team
    dated = given["start"] is not None or given["end"] is not None
    return coverage(
        on,
        accounts={"account": ids, "sales": value},
        people=team if can else None,
        roles=roles,
        as_of=day if dated else None,
        value="sales",
        capacity="capacity" if can else None,
        **given,
    )


def _owners(logs: Mapping[str, Log], columns: Mapping[str, Objects]) -> Log | None:
    """Take the owners of deals and accounts for those responsible."""
    deals = logs.get("deal_people")
    parts: list[tuple[list[Any], list[Any], list[Any]]] = []
    if deals is not None:
        region = _by_person(deals, logs.get("team"), "region")
        parts.append((deals["account"].tolist(), deals["owner"].tolist(), region))
    if "owner" in columns:
        parts.append(
            (columns["id"].tolist(), columns["owner"].tolist(), [None] * len(columns["id"]))
        )
    if not parts:
        return None
    account, person, region = ([cell for part in parts for cell in part[k]] for k in range(3))
    on: dict[str, Objects] = {"account": _objects(account), "person": _objects(person)}
    on["role"] = _objects(["AR"] * len(account))
    if any(cell is not None for cell in region):
        on["representative"] = _objects(region)
    rest = [0.0] * (len(account) - (0 if deals is None else len(deals["won"])))
    on["won"] = np.array([*([] if deals is None else deals["won"].tolist()), *rest])
    return on


def _by_person(deals: Log, team: Log | None, what: str) -> list[Any]:
    """Say of each row what the deals, else the team, know of its person."""
    if what in deals:
        found: list[Any] = deals[what].tolist()
        return found
    known = (
        {}
        if team is None or what not in team
        else dict(zip(team["person"], team[what], strict=True))
    )
    return [known.get(person) for person in deals["owner"].tolist()]


def _objects(cells: list[Any]) -> Objects:
    return np.array([*cells, None], dtype=object)[:-1]


def _one_role(on: Log, role: CoverageRole) -> Finding:
    message = (
        f"coverage is judged for {role.code} ({role.name.lower()}) alone: owners of deals and "
        "accounts are taken for it; --assignments tells the other roles"
    )
    where = "assignments"
    return Finding(
        code="roles_not_given",
        message=message,
        count=len(on["account"]),
        where=where,
        severity="info",
    )


def _columns(
    found: Coverage, on: Log, columns: Mapping[str, Objects], *, named: bool
) -> dict[str, Objects]:
    """Give what a review reads; where nobody is seen and nobody was asked, nothing is known.

    Where nobody says anywhere how work is divided, one region alone needs no division, and whether
    that of several is missing is not known.
    """
    unseen: Bools = (found.people_on == 0) & (not named)
    result: dict[str, Objects] = {
        "covered": np.where(unseen, np.nan, found.covered.astype(np.float64)),
        "people": np.where(unseen, np.nan, found.people_on.astype(np.float64)),
        "missing_roles": found.missing,
        "only_person": found.only_person,
    }
    if "representative" in on:
        kinds = found.representatives.astype(np.float64)
        result["representatives"] = np.where(unseen, np.nan, kinds)
        missing = found.division_missing.astype(np.float64)
        unsaid = unseen | (("division" not in on) & (missing > 0.0))
        result["division_missing"] = np.where(unsaid, np.nan, missing)
    if "owner" not in columns:
        result["owner"] = _main_owner(on, columns["id"])
    return result


def _main_owner(on: Log, ids: Objects) -> Objects:
    """Name who is responsible: who won most money there, then who is on most rows, then by name."""
    won = on.get("won", np.zeros(len(on["account"])))
    sums: dict[str, dict[str, list[float]]] = {}
    for account, person, role, money in zip(
        on["account"], on["person"], on["role"], won.tolist(), strict=True
    ):
        if person is not None and role is not None and _is_responsible(role):
            sums.setdefault(account, {}).setdefault(person, []).append(money)
    best = {account: _most(mine) for account, mine in sums.items()}
    return _objects([best.get(account) for account in ids.tolist()])


def _most(won: Mapping[str, list[float]]) -> str:
    """Name who won most, then who is there most often, then the first by name."""
    return min(won, key=lambda person: (-fsum(won[person]), -len(won[person]), person))


def _is_responsible(role: str) -> bool:
    first = iron_triangle()[0]
    words = {first.code.casefold(), first.name.casefold(), first.name_zh}
    return role.strip().casefold() in words


def held_by(
    logs: Mapping[str, Log], on: Log, columns: Mapping[str, Objects], is_key: Bools, day: date
) -> dict[str, Any]:
    """Say what each person, manager and region holds of the key accounts, and how few hold most."""
    ids, value = columns["id"][is_key], columns["sales"][is_key]
    key = np.isin(on["account"].astype(str), ids.astype(str))
    rows = {name: column[key] for name, column in on.items()}
    found = {"person": _holders(rows, ids, value, logs.get("team"), day)}
    _mark_overloaded(found["person"]["holders"], on, columns, logs.get("team"), day)
    for what in ("manager", "region"):
        whose = _group_of_person(logs, what)
        if whose:
            groups = _objects([whose.get(person) for person in rows["person"].tolist()])
            others = {n: c for n, c in rows.items() if n not in _OPTIONAL}
            found[what] = _holders({**others, "person": groups}, ids, value, None, day)
    return found


def _mark_overloaded(
    holders: list[dict[str, Any]],
    on: Log,
    columns: Mapping[str, Objects],
    team: Log | None,
    day: date,
) -> None:
    """Say who is over capacity, which all accounts count for, key or not."""
    people = _covered(
        on, columns["id"], columns["sales"], roles=iron_triangle()[:1], team=team, day=day
    ).people
    over = dict(zip(people.person.tolist(), people.over_capacity.tolist(), strict=True))
    for holder in holders:
        holder["over_capacity"] = bool(over.get(holder["name"], False))


def _group_of_person(logs: Mapping[str, Log], what: str) -> dict[str, Any]:
    """Say who leads each person, or where they sit: the team, else the deals."""
    team, deals = logs.get("team"), logs.get("deal_people")
    if team is not None and what in team:
        return dict(zip(team["person"].tolist(), team[what].tolist(), strict=True))
    if deals is not None and what in deals:
        return dict(zip(deals["owner"].tolist(), deals[what].tolist(), strict=True))
    return {}


def _holders(on: Log, ids: Objects, value: Objects, team: Log | None, day: date) -> dict[str, Any]:
    """List the holders of these accounts, the largest first, and count the few who hold most."""
    found = _covered(on, ids, value, roles=iron_triangle()[:1], team=team, day=day)
    everybody = found.dependence(1.0)
    held = dict(zip(everybody.person.tolist(), everybody.value_share.tolist(), strict=True))
    rows = np.flatnonzero(found.people.accounts > 0).tolist()
    holders = [_holder(found, i, held) for i in rows]
    return {
        "few": [_few(found.dependence(share)) for share in SHARES],
        "holders": sorted(holders, key=lambda holder: (-holder["held"], holder["name"])),
    }


def _few(found: PeopleDependence) -> dict[str, Any]:
    """Say how few hold a share; None where all together do not."""
    return {
        "share": found.share,
        "people": len(found) if found.reached else None,
        "of": found.people,
        "unheld": found.unheld_share,
    }


def _holder(found: Coverage, i: int, held: Mapping[str, float]) -> dict[str, Any]:
    """Say what one person holds."""
    people = found.people
    return {
        "name": people.person[i],
        "accounts": int(people.accounts[i]),
        "capacity": plain(people.capacity[i]),
        "over_capacity": bool(people.over_capacity[i]),
        "held": held.get(people.person[i], 0.0),
        "alone": int(people.alone[i]),
        "leaves": plain(people.leaves_share[i]),
    }
