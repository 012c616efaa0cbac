"""`select`: from scores to key accounts, in a stated order of precedence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Bools
from keyaccount._validators import (
    Validator,
    choice,
    count,
    exact_float,
    exact_int,
    exact_tuple,
    field_name,
    not_negative,
    optional,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection.inputs import Arguments, Inputs, KeyAccounts, read_inputs
from keyaccount.scoring.selection.notes import said_of
from keyaccount.scoring.selection.override import Override
from keyaccount.scoring.selection.reasons import Reason, ReasonCodes
from keyaccount.scoring.selection.rules import Quota, Rule
from keyaccount.scoring.selection.seating import Manners, Seating, Ties, seat_group
from keyaccount.scoring.selection.selection import GroupCut, Selection


def _is_a(kind: type, hint: str) -> Validator:
    def validate(instance: object, attribute: Any, value: Any) -> None:
        if not isinstance(value, kind):
            raise SpecError.from_field(
                field_name(instance, attribute), f"must be a {kind.__name__}", value, hint
            )

    return validate


@attrs.frozen
class SelectionPolicy(Spec):
    """How key accounts are chosen from scores, quarter after quarter.

    Parameters
    ----------
    rule
        How many: `TopShare`, `TopCount`, `AtLeast`, `Capacity`, or several joined by ``&``.
    ties
        What becomes of accounts tied at the cut when there are fewer seats than of them:
        ``"include_all"`` takes all, even beyond the quota; ``"exclude_all"`` none; ``"by_id"``
        incumbents first, then in the order of their ids as texts.
    hold
        How far, in score units, a challenger must be ahead of an incumbent to take its seat; so far
        an incumbent may also fall below a threshold. At exactly the hold the challenger is ahead.
    min_tenure_days
        How long a new key account stays before its score can cost it the seat.
    max_changes
        How many accounts may enter by rank, and how many may leave, in one review, in each group
        where seats are given within groups; None: any number. Overrides and accounts that lose
        their score do not count, and the quota goes before it. A first selection, which follows no
        incumbents, is not capped.
    margin
        How near to the cut an account is borderline. The default of 0.02 is a choice of this
        library.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> policy = ka.SelectionPolicy(ka.TopCount(1), hold=0.03)
    >>> policy.select([0.50, 0.52], ids=["old", "new"], incumbents=["old"]).key_ids
    ('old',)
    """

    rule: Rule = attrs.field(validator=_is_a(Rule, "such as TopShare(0.2)."))
    ties: Ties = attrs.field(
        default="include_all",
        kw_only=True,
        validator=choice("include_all", "exclude_all", "by_id"),
    )
    hold: float = attrs.field(
        default=0.0, kw_only=True, converter=exact_float, validator=not_negative
    )
    min_tenure_days: int = attrs.field(
        default=0, kw_only=True, converter=exact_int, validator=count
    )
    max_changes: int | None = attrs.field(
        default=None, kw_only=True, converter=exact_int, validator=optional(count)
    )
    margin: float = attrs.field(
        default=0.02, kw_only=True, converter=exact_float, validator=not_negative
    )

    def select(
        self,
        scores: Scores | ArrayLike,
        *,
        ids: Any = None,
        as_of: date | str | None = None,
        overrides: Iterable[Override] = (),
        incumbents: KeyAccounts | Mapping[Any, Any] | Iterable[Any] | None = None,
        within: Any = None,
    ) -> Selection:
        """Choose the key accounts; see `select` for the arguments."""
        given = Arguments(
            ids=ids,
            as_of=as_of,
            overrides=exact_tuple(overrides),
            incumbents=incumbents,
            within=within,
            min_tenure_days=self.min_tenure_days,
            by_id=self.ties == "by_id",
        )
        return choose(self, read_inputs(scores, given))


def select(
    scores: Scores | ArrayLike,
    rule: Rule,
    *,
    ids: Any = None,
    as_of: date | str | None = None,
    overrides: Iterable[Override] = (),
    incumbents: KeyAccounts | Mapping[Any, Any] | Iterable[Any] | None = None,
    hold: float = 0.0,
    within: Any = None,
    ties: Ties = "include_all",
    min_tenure_days: int = 0,
    max_changes: int | None = None,
    margin: float = 0.02,
) -> Selection:
    """Choose the key accounts.

    A seat goes, in this order, by: exclusion by override, inclusion by override, minimum tenure,
    incumbents held, rank. All take seats inside the quota.

    Parameters
    ----------
    scores
        `Scores`, or one number per account; NaN is never chosen by rank.
    rule
        How many: `TopShare`, `TopCount`, `AtLeast`, `Capacity`, or several joined by ``&`` (the
        smaller set).
    ids
        One id per account, needed with overrides, incumbents and ties by id.
    as_of
        The day of the selection, needed where an override is dated or a tenure matters.
    overrides
        Special approvals (特批), in or out.
    incumbents
        Last quarter's key accounts: the `Selection` itself, ids, or ids to the day since when.
    hold
        How far, in score units, a challenger must be ahead of an incumbent to take its seat.
    within
        One group label per account: seats are given group by group, and shares and counts are of
        the group. Accounts without a label compete with each other.
    ties, min_tenure_days, max_changes, margin
        See `SelectionPolicy`.

    Returns
    -------
    Selection
        Who is key, why, the cut, and who is near it; aligned with the scores by position.

    Raises
    ------
    SelectionError
        More accounts are included by override than there are seats, or an argument that the
        others call for is not there.

    Examples
    --------
    >>> import keyaccount as ka
    >>> chosen = ka.select(
    ...     [0.9, 0.8, 0.4, 0.3],
    ...     ka.TopShare(0.5),
    ...     ids=["a", "b", "c", "d"],
    ...     overrides=[ka.Override("c", include=True, reason="reference", approved_by="VP")],
    ... )
    >>> chosen.key_ids, chosen.reason[1]
    (('a', 'c'), 'displaced_by_override')
    """
    policy = SelectionPolicy(
        rule,
        ties=ties,
        hold=hold,
        min_tenure_days=min_tenure_days,
        max_changes=max_changes,
        margin=margin,
    )
    return policy.select(
        scores, ids=ids, as_of=as_of, overrides=overrides, incumbents=incumbents, within=within
    )


def choose(policy: SelectionPolicy, inputs: Inputs) -> Selection:
    """Seat every group and put the answers together."""
    cap = policy.max_changes if inputs.follows else None
    manners = Manners(ties=policy.ties, hold=policy.hold, max_changes=cap)
    n = len(inputs.value)
    is_key, reason = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.int8)
    seated = []
    for group in range(len(inputs.labels)):
        seating, quota = seat_group(inputs, group, policy.rule, manners)
        rows = inputs.rows(group)
        is_key[rows], reason[rows] = seating.is_key, seating.reason
        seated.append((seating, _cut(inputs.labels[group], seating, quota)))
    unscored = reason == Reason.UNSCORED
    if inputs.scores is not None and unscored.any():
        reason[unscored & inputs.scores.rejected] = Reason.REJECTED
    found = [
        *_ties_found(policy.ties, seated),
        *_displaced_found(inputs, reason),
        *_crowded_found(inputs, is_key),
    ]
    return Selection(
        is_key=is_key,
        groups=tuple(cut for _, cut in seated),
        findings=(*inputs.findings, *found),
        margin=policy.margin,
        policy=policy,
        inputs=inputs,
        rule=policy.rule,
        manners=manners,
        reason_code=reason,
    )


def _cut(label: str | None, seating: Seating, quota: Quota) -> GroupCut:
    return GroupCut(
        group=label,
        accounts=len(seating.is_key),
        seats=quota.seats,
        selected=int(np.count_nonzero(seating.is_key)),
        threshold=quota.threshold,
        cut=seating.cut,
    )


def _ties_found(ties: Ties, seatings: list[tuple[Seating, GroupCut]]) -> list[Finding]:
    found = []
    for seating, cut in seatings:
        where = "" if cut.group is None else f" of group {cut.group!r}"
        what = (
            f"accounts{where} are tied at the cut {cut.cut:.6g} and not all have a seat by right: "
            f"{ties!r} decides, and {cut.selected} are key for {cut.seats} "
            f"{'seat' if cut.seats == 1 else 'seats'}"
        )
        found += said_of("tie_at_cut", seating.tied, (what, what))
    return found


def _displaced_found(inputs: Inputs, reason: ReasonCodes) -> list[Finding]:
    rows = np.flatnonzero(reason == Reason.DISPLACED_BY_OVERRIDE)
    names = [] if inputs.ids is None else sorted(inputs.ids[rows].tolist())
    what = (
        "account loses its seat to accounts put in by override",
        "accounts lose their seat to accounts put in by override",
    )
    return said_of("displaced_by_override", len(names), what, where="overrides", examples=names)


def _crowded_found(inputs: Inputs, is_key: Bools) -> list[Finding]:
    rows = np.flatnonzero(inputs.tenured & ~inputs.excluded & ~is_key)
    names = [] if inputs.ids is None else sorted(inputs.ids[rows].tolist())
    what = (
        "account within its minimum tenure has no seat: the quota is full",
        "accounts within their minimum tenure have no seat: the quota is full",
    )
    return said_of("tenure_without_seat", len(names), what, where="incumbents", examples=names)
