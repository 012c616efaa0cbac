"""`select`: from scores to key accounts, in a stated order of precedence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import (
    Bools,
    Codes,
    Days,
    Floats,
    Objects,
    as_floats,
    as_ids,
    as_labels,
    common_length,
    label_text,
    one_day,
)
from keyaccount._validators import (
    Validator,
    choice,
    count,
    exact_date,
    exact_float,
    exact_int,
    field_name,
    not_negative,
    optional,
)
from keyaccount.errors import SelectionError, SpecError
from keyaccount.findings import Finding
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection.override import Override, override_findings
from keyaccount.scoring.selection.reasons import Reason
from keyaccount.scoring.selection.rules import Rule
from keyaccount.scoring.selection.seating import Manners, Pool, Seating, Ties, seat
from keyaccount.scoring.selection.selection import GroupCut, Selection


def _is_a(kind: type, hint: str) -> Validator:
    def validate(instance: object, attribute: Any, value: Any) -> None:
        if not isinstance(value, kind):
            raise SpecError.from_field(
                field_name(instance, attribute), f"must be a {kind.__name__}", value, hint
            )

    return validate


@attrs.frozen
class SelectionPolicy:
    """How key accounts are chosen from scores, quarter after quarter.

    Parameters
    ----------
    rule
        How many: `TopShare`, `TopCount`, `AtLeast`, `Capacity`, or several joined by ``&``.
    ties
        What becomes of accounts tied at the cut when there are fewer seats than of them:
        ``"include_all"`` takes all, even beyond the quota; ``"exclude_all"`` none; ``"by_id"`` in
        the order of their ids.
    hold
        How far, in score units, a challenger must be ahead of an incumbent to take its seat.
    min_tenure_days
        How long a new key account stays before its score can cost it the seat.
    max_changes
        How many accounts may enter by rank, and how many may leave, in one review; None: any
        number. Overrides do not count, and the quota goes before it.
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
    max_changes: int | None = attrs.field(default=None, kw_only=True, validator=optional(count))
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
        incumbents: Selection | Mapping[Any, Any] | Iterable[Any] | None = None,
        within: Any = None,
    ) -> Selection:
        """Choose the key accounts; see `select` for the arguments."""
        inputs = _read(self, scores, ids, as_of, tuple(overrides), incumbents, within)
        seatings = [_seat_group(self, inputs, g) for g in range(len(inputs.labels))]
        return _selection(self, inputs, seatings)


def select(
    scores: Scores | ArrayLike,
    rule: Rule,
    *,
    ids: Any = None,
    as_of: date | str | None = None,
    overrides: Iterable[Override] = (),
    incumbents: Selection | Mapping[Any, Any] | Iterable[Any] | None = None,
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


@attrs.frozen(eq=False)
class _Inputs:
    """The arguments of a selection, read and checked."""

    value: Floats
    scores: Scores | None
    ids: Objects | None
    day: date | None
    overrides: tuple[Override, ...]
    excluded: Bools
    included: Bools
    incumbent: Bools
    since: Days
    tenured: Bools
    pool: Codes
    labels: tuple[str | None, ...]
    within: bool
    findings: list[Finding]

    def rows(self, group: int) -> Codes | slice:
        """List the rows of one group."""
        return np.flatnonzero(self.pool == group) if len(self.labels) > 1 else slice(None)


def _read(
    policy: SelectionPolicy,
    scores: Scores | ArrayLike,
    raw_ids: Any,
    as_of: date | str | None,
    overrides: tuple[Override, ...],
    incumbents: Any,
    within: Any,
) -> _Inputs:
    value = scores.value if isinstance(scores, Scores) else as_floats(scores, "scores")
    value = np.where(np.isfinite(value), value, np.nan)
    ids = None if raw_ids is None else as_ids(raw_ids, "ids")
    common_length({"scores": value, **({} if ids is None else {"ids": ids})})
    day = _day(policy, as_of, overrides)
    position = _positions(ids, overrides, incumbents)
    since, incumbent, gone = _incumbents(policy, incumbents, position, len(value))
    pool, labels = _pools(within, len(value))
    return _Inputs(
        value=value,
        scores=scores if isinstance(scores, Scores) else None,
        ids=ids,
        day=day,
        overrides=overrides,
        excluded=_overridden(overrides, position, day, len(value), include=False),
        included=_overridden(overrides, position, day, len(value), include=True),
        incumbent=incumbent,
        since=since,
        tenured=_tenured(policy, incumbent, since, day),
        pool=pool,
        labels=labels,
        within=within is not None,
        findings=[*override_findings(overrides, tuple(position), day), *gone],
    )


def _day(
    policy: SelectionPolicy, as_of: date | str | None, overrides: Sequence[Override]
) -> date | None:
    if as_of is not None:
        day = exact_date(as_of)
        if not isinstance(day, date):
            day = one_day(as_of, "as_of").item()
        return day
    dated = [o.account for o in overrides if o.is_dated]
    if dated or policy.min_tenure_days:
        reason = f"the override of {dated[0]!r} is dated" if dated else "a minimum tenure is asked"
        raise SelectionError.from_missing_argument(
            "as_of", reason, "say the day of the selection, as YYYY-MM-DD."
        )
    return None


def _positions(
    ids: Objects | None, overrides: Sequence[Override], incumbents: Any
) -> dict[str, int]:
    """Find the row of each id, where anything is said of single accounts."""
    if not overrides and incumbents is None:
        return {}
    if ids is None:
        raise SelectionError.from_missing_argument(
            "ids",
            "overrides and incumbents name accounts by id",
            'pass ids=accounts["account_id"].',
        )
    return {name: i for i, name in enumerate(ids.tolist())}


def _overridden(
    overrides: Sequence[Override],
    position: Mapping[str, int],
    day: date | None,
    n: int,
    *,
    include: bool,
) -> Bools:
    found = np.zeros(n, dtype=np.bool_)
    rows = [
        position[o.account]
        for o in overrides
        if o.include is include and o.holds_on(day) and o.account in position
    ]
    found[rows] = True
    return found


def _incumbents(
    policy: SelectionPolicy, incumbents: Any, position: Mapping[str, int], n: int
) -> tuple[Days, Bools, list[Finding]]:
    since = np.full(n, "NaT", dtype="datetime64[D]")
    incumbent = np.zeros(n, dtype=np.bool_)
    gone = []
    for name, day in _named_incumbents(incumbents).items():
        row = position.get(name)
        if row is None:
            gone.append(name)
            continue
        incumbent[row] = True
        since[row] = day
    if policy.min_tenure_days and incumbent.any() and np.isnat(since).all():
        raise SelectionError.from_missing_argument(
            "incumbents",
            "a minimum tenure is asked, and it is not said since when accounts are key",
            "pass last quarter's Selection, or a mapping of ids to dates.",
        )
    if not gone:
        return since, incumbent, []
    message = f"{len(gone)} incumbents are not in the book any more"
    finding = Finding(
        code="incumbent_gone",
        message=message,
        count=len(gone),
        where="incumbents",
        examples=gone[:5],
    )
    return since, incumbent, [finding]


def _named_incumbents(incumbents: Any) -> dict[str, Any]:
    if incumbents is None:
        return {}
    if isinstance(incumbents, Selection):
        days = incumbents.since[incumbents.is_key]
        return dict(zip(incumbents.key_ids, days, strict=True))
    if isinstance(incumbents, Mapping):
        return {str(label_text(k)): one_day(v, "incumbents") for k, v in incumbents.items()}
    if isinstance(incumbents, str):
        raise SelectionError.from_missing_argument(
            "incumbents", f"ids are expected, not one text ({incumbents!r})", "pass a list of ids."
        )
    return {str(label_text(k)): np.datetime64("NaT", "D") for k in incumbents}


def _tenured(policy: SelectionPolicy, incumbent: Bools, since: Days, day: date | None) -> Bools:
    if not policy.min_tenure_days or day is None:
        return np.zeros(len(incumbent), dtype=np.bool_)
    tenure = (np.datetime64(day, "D") - since).astype(np.int64)
    return incumbent & (tenure < policy.min_tenure_days)


def _pools(within: Any, n: int) -> tuple[Codes, tuple[str | None, ...]]:
    """Give each row the code of its group, groups in the order of their labels."""
    if within is None:
        return np.zeros(n, dtype=np.int64), (None,)
    if isinstance(within, str):
        raise SelectionError.from_missing_argument(
            "within",
            f"one label per account is expected, not one text ({within!r})",
            f"pass within=accounts[{within!r}].",
        )
    found = as_labels(within, "within")
    common_length({"scores": range(n), "within": found})
    order = sorted(range(len(found.labels)), key=found.labels.__getitem__)
    table = np.empty(len(order) + 1, dtype=np.int64)
    table[order] = np.arange(len(order))
    table[-1] = len(order)
    names: list[str | None] = [found.labels[i] for i in order]
    missing = (found.codes < 0).any() or not names
    return table[found.codes], tuple([*names, None] if missing else names)


def _seat_group(policy: SelectionPolicy, inputs: _Inputs, group: int) -> tuple[Seating, GroupCut]:
    rows = inputs.rows(group)
    label = inputs.labels[group]
    pool = Pool(
        value=inputs.value[rows],
        ids=None if inputs.ids is None else inputs.ids[rows],
        label=label,
        excluded=inputs.excluded[rows],
        included=inputs.included[rows],
        tenured=inputs.tenured[rows],
        incumbent=inputs.incumbent[rows],
    )
    quota = policy.rule.quota(len(pool.value), label)
    manners = Manners(ties=policy.ties, hold=policy.hold, max_changes=policy.max_changes)
    found = seat(pool, quota, manners)
    if pool.included.any():
        plain = seat(pool.without_overrides(), quota, manners)
        displaced = plain.is_key & ~found.is_key & ~pool.excluded
        found.reason[displaced] = Reason.DISPLACED_BY_OVERRIDE
    selected = int(np.count_nonzero(found.is_key))
    return found, GroupCut(
        label, len(pool.value), quota.seats, selected, quota.threshold, found.cut
    )


def _selection(
    policy: SelectionPolicy, inputs: _Inputs, seatings: list[tuple[Seating, GroupCut]]
) -> Selection:
    n = len(inputs.value)
    is_key, reason = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.int64)
    for group, (seating, _) in enumerate(seatings):
        rows = inputs.rows(group)
        is_key[rows], reason[rows] = seating.is_key, seating.reason
    if inputs.scores is not None:
        reason[(reason == Reason.UNSCORED) & inputs.scores.rejected] = Reason.REJECTED
    new = is_key & ~inputs.incumbent
    since = np.where(is_key, inputs.since, np.datetime64("NaT", "D"))
    if inputs.day is not None:
        since[new] = np.datetime64(inputs.day, "D")
    findings = [*inputs.findings, *_seating_findings(policy, inputs, seatings, reason)]
    return Selection(
        is_key=is_key,
        value=inputs.value,
        hold=np.where(inputs.incumbent, policy.hold, 0.0),
        ids=inputs.ids,
        groups=tuple(cut for _, cut in seatings),
        findings=tuple(findings),
        since=since,
        overrides=tuple(o for o in inputs.overrides if o.holds_on(inputs.day)),
        margin=policy.margin,
        reason=reason,
        pool=inputs.pool,
        scores=inputs.scores,
        within=inputs.within,
    )


def _seating_findings(
    policy: SelectionPolicy,
    inputs: _Inputs,
    seatings: list[tuple[Seating, GroupCut]],
    reason: Codes,
) -> list[Finding]:
    found = []
    for seating, cut in seatings:
        if seating.tied:
            where = "" if cut.group is None else f" of group {cut.group!r}"
            message = (
                f"{seating.tied} accounts{where} are tied at the cut {cut.cut:.6g} and not all "
                f"have a seat by right: {policy.ties!r} decides"
            )
            found.append(Finding(code="tie_at_cut", message=message, count=seating.tied))
    displaced = np.flatnonzero(reason == Reason.DISPLACED_BY_OVERRIDE)
    if len(displaced) and inputs.ids is not None:
        message = f"{len(displaced)} accounts lose their seat to accounts put in by override"
        names = [str(i) for i in inputs.ids[displaced[:5]]]
        found.append(
            Finding(
                code="displaced_by_override",
                message=message,
                count=len(displaced),
                where="overrides",
                examples=names,
            )
        )
    crowded = int(np.count_nonzero(inputs.tenured & (reason == Reason.BELOW_CUT)))
    if crowded:
        message = f"{crowded} accounts within their minimum tenure have no seat: the quota is full"
        found.append(Finding(code="tenure_without_seat", message=message, count=crowded))
    undated = int(np.count_nonzero(inputs.incumbent & np.isnat(inputs.since)))
    if policy.min_tenure_days and undated:
        message = f"{undated} incumbents have no day since when: no minimum tenure protects them"
        found.append(Finding(code="tenure_unknown", message=message, count=undated))
    return found
