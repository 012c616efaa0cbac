"""Which column of a file plays which part; guessed from the usual names where nobody says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Self, TypeAlias

import attrs

from keyaccount._validators import field_name
from keyaccount.errors import ColumnNotFoundError, IntakeError, SpecError, closest
from keyaccount.intake.said import said

__all__ = ["ColumnMapping", "Roles", "resolve"]

Roles: TypeAlias = dict[str, str]
"""The part a column plays to its name in the file; only those that are there."""

# Tiers of synonyms, the surest first: the first tier that meets a column decides, and two columns
# of one tier are ambiguous. Written without case, spaces and punctuation.
_ID = (
    "accountid accountnumber customerid clientid companyid 客户编号 客户id",
    "id recordid",
    "account accountname customer customername client company companyname 客户 客户名称",
    "name",
)
_REFERENCE = (
    "accountid accountnumber customerid clientid companyid 客户编号 客户id",
    "account accountname customer customername client company companyname associatedcompany 客户 客户名称",  # noqa: E501 - one line per name
)


def _each(words: str) -> tuple[str, ...]:
    """Make each word a tier of its own: of parts nobody need give, none is ever ambiguous."""
    return tuple(words.split())


_PERSON = _each(
    "salesagent salesrep salesperson salesrepresentative 销售 销售人员 "
    "owner ownername dealowner opportunityowner accountowner rep agent 负责人"
)
_MANAGER = _each("manager managername salesmanager 经理 上级")
_REGION = _each("regionaloffice salesregion salesoffice region office 区域 大区")
_SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {
        "id": _ID,
        "name": (
            "accountname customername companyname 客户名称",
            "name",
            "account customer company 客户",
        ),
        "sector": ("sector industry branch vertical 行业",),
        "parent": (
            "subsidiaryof parent parentid parentaccount parentaccountid parentcompany 上级客户",
        ),
        "owner": _each("accountowner 客户负责人 owner ownername accountmanager 负责人 客户经理"),
    },
    "deals": {
        "id": ("opportunityid dealid 商机编号 商机id", "id recordid", "opportunity deal"),
        "account": _REFERENCE,
        "stage": ("dealstage stage stagename opportunitystage salesstage 阶段 商机阶段", "status"),
        "amount": ("amount closevalue dealamount dealvalue 金额 商机金额", "value revenue"),
        "opened": ("engagedate opened openedon opendate created createdate createddate 创建日期",),
        "closed": ("closedate closeddate closed closedon 成交日期 关闭日期",),
        "expected": ("expected expectedclose expectedclosedate expectedon 预计成交日期 预计日期",),
        "product": ("product productname productid sku item 产品 产品名称",),
        "owner": _PERSON,
        "manager": _MANAGER,
        "region": _REGION,
    },
    "orders": {
        "account": _REFERENCE,
        "date": ("orderdate date invoicedate orderedon 订单日期 日期",),
        "amount": ("amount orderamount total value revenue dollars spend 金额 订单金额",),
    },
    "products": {
        "name": ("product productname 产品 产品名称", "productid sku item", "name"),
        "price": ("listprice salesprice unitprice price 标价 单价 价格",),
    },
    "ratings": {
        "account": _REFERENCE,
        "criterion": ("criterion criteria 要素 标准",),
        "rating": ("rating score value 评分",),
        "rater": ("rater ratedby author by 评分人",),
        "date": ("ratedon date ratingdate 评分日期",),
    },
    "team": {
        "person": (*_PERSON, *_each("person employee name 姓名")),
        "manager": _MANAGER,
        "region": _REGION,
        "capacity": ("capacity accountcapacity maxaccounts 容量",),
    },
    "assignments": {
        "account": _REFERENCE,
        "person": (*_each("person employee 人员 姓名"), *_PERSON),
        "role": ("role coveragerole 角色",),
        "start": ("start startdate since from validfrom 开始日期",),
        "end": ("end enddate until to validto 结束日期",),
        "representative": ("representative representativeof kind 代表",),
        "division": ("division divisionofwork 分工",),
        "time": ("time timeshare shareoftime 时间占比",),
        "small_deals": ("smalldeals smalldealtime 小单占比",),
    },
    "plans": {
        "account": _REFERENCE,
        "goal": ("goal objective target 目标",),
        "initiative": ("initiative action measure 举措 行动",),
        "owner": ("owner responsible 负责人",),
        "due": ("due duedate deadline 截止日期 到期日",),
        "done": ("done completed finished 完成 是否完成",),
    },
    "tasks": {
        "account": _REFERENCE,
        "task": ("task coretask 任务",),
        "status": ("status state 状态",),
        "date": ("date seton statusdate updated 日期",),
        "evidence": ("evidence proof 证据",),
    },
    "contacts": {
        "account": _REFERENCE,
        "channel": ("channel type medium 渠道 方式",),
        "date": ("date contactdate at day 日期",),
    },
}
_REQUIRED = {
    "accounts": ("id",),
    "deals": ("account", "stage", "closed"),
    "orders": ("account", "date", "amount"),
    "products": ("name", "price"),
    "ratings": ("account", "rating"),
    "team": ("person",),
    "assignments": ("account", "person", "role"),
    "plans": ("account", "goal"),
    "tasks": ("account", "task", "status", "date"),
    "contacts": ("account", "date"),
}


def _stated(value: Any) -> Any:
    """Turn nested mappings into sorted pairs of ``table.role`` and column: a hashable spec."""
    if not isinstance(value, Mapping):
        return tuple(sorted((str(k), str(v)) for k, v in value))
    flat: list[tuple[str, str]] = []
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            flat += [(f"{key}.{role}", str(column)) for role, column in inner.items()]
        else:
            flat.append((str(key), str(inner)))
    return tuple(sorted(flat))


def _known_roles(instance: object, attribute: Any, value: tuple[tuple[str, str], ...]) -> None:
    known = [f"{table}.{role}" for table, roles in _SYNONYMS.items() for role in roles]
    for name, _column in value:
        if name not in known:
            raise SpecError.from_choice(field_name(instance, attribute), name, known)


@attrs.frozen
class ColumnMapping:
    """Which column plays which part, where the usual names do not say it.

    Parameters
    ----------
    columns
        ``table.role`` to the name of the column: ``{"deals.amount": "close_value"}``, also nested
        ``{"deals": {"amount": "close_value"}}``. Tables and roles: accounts (id, name, sector,
        parent, owner), deals (id, account, stage, amount, opened, closed, expected, product, owner,
        manager, region), orders (account, date, amount), products (name, price), ratings (account,
        criterion, rating, rater, date), team (person, manager, region, capacity), assignments
        (account, person, role, start, end, representative, division, time, small_deals), plans
        (account, goal, initiative, owner, due, done), tasks (account, task, status, date,
        evidence), contacts (account, channel, date).

    Examples
    --------
    >>> from keyaccount.intake import ColumnMapping
    >>> mapping = ColumnMapping({"deals": {"amount": "close_value"}})
    >>> mapping.override({"deals.stage": "step"}).of("deals")
    {'amount': 'close_value', 'stage': 'step'}
    """

    columns: tuple[tuple[str, str], ...] = attrs.field(
        default=(), converter=_stated, validator=_known_roles
    )

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read a TOML file with a table each for accounts, deals, orders, products, ratings."""
        file = Path(path)
        try:
            return cls(tomllib.loads(file.read_text("utf-8")))
        except SpecError:
            raise
        except (OSError, ValueError) as error:
            raise IntakeError.from_file(
                file.name,
                f"is no column mapping ({said(error)})",
                'write TOML: [deals] amount = "close_value".',
            ) from error

    def override(self, columns: Mapping[str, Any]) -> Self:
        """Return the mapping with some parts stated anew."""
        return attrs.evolve(self, columns={**dict(self.columns), **dict(_stated(columns))})

    def of(self, table: str) -> Roles:
        """List what is stated for one table: role to column."""
        start = f"{table}."
        return {n.removeprefix(start): c for n, c in self.columns if n.startswith(start)}


def resolve(mapping: ColumnMapping, table: str, names: Sequence[str], source: str) -> Roles:
    """Find the column of each role of a table: the stated one, else the one of a usual name.

    Raises
    ------
    ColumnNotFoundError
        A stated column is not there.
    IntakeError
        A needed column is not there, or two could be meant.
    """
    stated = mapping.of(table)
    for column in stated.values():
        if column not in names:
            raise _not_there(column, names, source)
    found = dict(stated)
    for role, tiers in _SYNONYMS[table].items():
        if role not in stated:
            met = _first_tier(tiers, [n for n in names if n not in found.values()])
            if len(met) > 1:
                raise _ambiguous(table, role, met, source)
            if met:
                found[role] = met[0]
    missing = [role for role in _REQUIRED[table] if role not in found]
    if missing:
        free = [n for n in names if n not in found.values()]
        raise _missing(table, missing, (names, free), source)
    return found


def _first_tier(tiers: Sequence[str], names: Sequence[str]) -> list[str]:
    """Give the columns that the surest synonyms meet."""
    for tier in tiers:
        met = [n for n in names if _bare(n) in tier.split()]
        if met:
            return met
    return []


def _bare(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _ambiguous(table: str, role: str, met: Sequence[str], source: str) -> IntakeError:
    return IntakeError.from_file(
        source,
        f"{' and '.join(map(repr, met))} could both be the {role} of {table}",
        f"say which: --column {table}.{role}={met[0]}",
    )


def _not_there(column: str, names: Sequence[str], source: str) -> ColumnNotFoundError:
    error = ColumnNotFoundError.from_name(column, names)
    return ColumnNotFoundError(f"{source}: {error.fact}", error.hint, **error.parts)


def _missing(
    table: str, missing: Sequence[str], names: tuple[Sequence[str], Sequence[str]], source: str
) -> IntakeError:
    """Say which columns there are, and which of those that are free is likely meant."""
    there, free = names
    words = [word for tier in _SYNONYMS[table][missing[0]] for word in tier.split()]
    near = sorted(
        (n for n in free if closest(_bare(n), words)), key=lambda n: _likeness(_bare(n), words)
    )
    return IntakeError.from_file(
        source,
        f"no column is known to be the {' or the '.join(missing)} of {table}; "
        f"there is {', '.join(map(repr, there))}",
        f"say which: --column {table}.{missing[0]}={near[0] if near else 'COLUMN'}",
    )


def _likeness(name: str, words: Sequence[str]) -> float:
    """Say how unlike a name is to the word it is most like."""
    return -max(SequenceMatcher(None, name, word).ratio() for word in words)
