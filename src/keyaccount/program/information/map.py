"""`InformationMap`: what there is to know about a customer, as a tree of fields."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs

from keyaccount._columns import Columns
from keyaccount._validators import (
    exact_tuple,
    field_name,
    optional,
    optional_float,
    positive,
    text,
    text_or_empty,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.program.information.assessing import assessed
from keyaccount.program.information.assessment import InformationAssessment
from keyaccount.program.information.field import InformationField
from keyaccount.program.term import has_unique_codes, refuse_clashes

__all__ = ["InformationMap"]


def _is_tree(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse fields whose branch is not there, or that are above themselves; and none at all."""
    name = field_name(instance, attribute)
    above = {f.code: f.branch for f in value}
    if not above:
        raise SpecError.from_field(name, "must not be empty", value, "list at least one field.")
    for one in value:
        if one.branch and one.branch not in above:
            raise SpecError.from_choice(f"{name}: branch of {one.code!r}", one.branch, list(above))
        seen, at = {one.code}, one.branch
        while at:
            if at in seen:
                rule = "must be a tree"
                raise SpecError.from_field(name, rule, sorted(seen), "clear the topmost branch.")
            seen.add(at)
            at = above[at]


def _siblings_differ(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse two fields of one branch that go by one name."""
    for branch in dict.fromkeys(f.branch for f in value):
        name = field_name(instance, attribute) + (f": branch {branch!r}" if branch else "")
        refuse_clashes([f for f in value if f.branch == branch], name)


@attrs.frozen
class InformationMap(Spec):
    """What there is to know about a customer (客户信息地图), as a tree of fields.

    Parameters
    ----------
    name
        What the map is called.
    fields
        The fields: branches name no values, what is below them does. Codes are unique, and names
        within a branch; case, width and spaces make no difference. Entries may use a name that
        only one field has.
    name_zh
        The Chinese name.
    max_age_days
        Days after which an entry is stale, where a field does not say. None: nothing gets stale.

    Raises
    ------
    SpecError
        A field is not what it should be, two go by one code, or by one name in one branch, or the
        fields are no tree.

    Examples
    --------
    >>> import keyaccount as ka
    >>> fields = [
    ...     ka.InformationField("strategy", "Strategy", ask=["decision_maker"]),
    ...     ka.InformationField("aims", "Aims", branch="strategy"),
    ...     ka.InformationField("budget", "Budget", branch="strategy", weight=3),
    ... ]
    >>> entries = {"account": ["A"], "field": ["budget"], "value": ["2 M"], "date": ["2026-01-05"]}
    >>> found = ka.InformationMap("short", fields, max_age_days=365).assess(
    ...     entries, as_of="2026-09-30"
    ... )
    >>> found.complete.tolist(), found.next_fields.tolist(), found.row(0)["why"]
    ([0.75], ['aims'], 'ask for aims: decision_maker')
    """

    name: str = attrs.field(validator=text)
    fields: tuple[InformationField, ...] = attrs.field(
        converter=exact_tuple,
        validator=[has_unique_codes(InformationField), _is_tree, _siblings_differ],
    )
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    max_age_days: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(positive)
    )

    @cached_property
    def branches(self) -> tuple[InformationField, ...]:
        """The fields that others belong to, in declared order."""
        above = {f.branch for f in self.fields}
        return tuple(f for f in self.fields if f.code in above)

    @cached_property
    def leaves(self) -> tuple[InformationField, ...]:
        """The fields that hold values, in declared order."""
        above = {f.branch for f in self.fields}
        return tuple(f for f in self.fields if f.code not in above)

    def path(self, code: str) -> tuple[InformationField, ...]:
        """List a field and the branches above it, the field first.

        Raises
        ------
        SpecError
            There is no such field.
        """
        by_code = {f.code: f for f in self.fields}
        if code not in by_code:
            raise SpecError.from_choice("InformationMap.path(code)", code, list(by_code))
        found: list[InformationField] = []
        while code:
            found.append(by_code[code])
            code = by_code[code].branch
        return tuple(found)

    def weight_of(self, code: str) -> float:
        """Give the weight of a field: its own times those of its branches."""
        found = 1.0
        for one in self.path(code):
            found *= one.weight
        return found

    def max_age_of(self, code: str) -> float | None:
        """Give the age limit of a field: its own, that of the nearest branch, or the map's."""
        said = (f.max_age_days for f in self.path(code) if f.max_age_days is not None)
        return next(said, self.max_age_days)

    def ask_for(self, code: str) -> tuple[str, ...]:
        """List whom to ask: the roles of the field, or of the nearest branch that names any."""
        return next((f.ask for f in self.path(code) if f.ask), ())

    def assess(
        self,
        entries: Columns,
        *,
        as_of: Any,
        accounts: Columns | None = None,
        account: str = "account",
        field: str = "field",
        value: str = "value",
        date: str | None = "date",
        source: str | None = None,
        next_fields: int = 3,
    ) -> InformationAssessment:
        """Say of each account what is known, how old it is, and what to ask next.

        Parameters
        ----------
        entries
            Columns, one row per account, field and time. A blank value fills
            nothing, nor does one that says so ("-", "N/A", "unknown", "未知", false, 0); of several
            entries of a field the latest that is filled counts.
        as_of
            The day that ages count back from; entries after it are left out, with a finding.
        accounts
            Columns, one row per account, with the column that `account` names. None: the accounts
            that have entries, sorted by id.
        account, field, value
            Columns of `entries`: the id, the code or name of the field, and what is known.
        date
            Column of `entries`: when it was learned. None: ages are unknown. An entry without a
            date counts as filled and of unknown age, never as stale.
        source
            Column of `entries`: where it is from; entries without one are told.
        next_fields
            How many fields to ask for next: missing ones before stale ones, then the heavier
            before the lighter, then the longer stale before the less, then in declared order; a
            field of weight 0 never. That order, and 3, are choices of this library.

        Returns
        -------
        InformationAssessment
            One row per account.

        Raises
        ------
        ColumnNotFoundError, ColumnError
            A column is not there or holds something else.
        RowError
            A field is none of the map's.
        DuplicateIdError
            An account occurs twice in `accounts`.
        SpecError
            An argument is not what it should be.

        Notes
        -----
        Completeness is the share of the weights whose fields are filled; freshness the share filled
        and not stale. Age limits and weights are choices of this library or of the company.
        """
        columns = {
            "account": account,
            "field": field,
            "value": value,
            "date": date,
            "source": source,
        }
        return assessed(self, entries, accounts, columns, (as_of, next_fields))
