"""Judgement criteria: what several raters think of an account, on a scale with anchors.

Value as a showcase is a judgement, not a size. It is rated on a scale whose levels are described in
words, by named raters, on a date. Per account the ratings that still count become one mean, with
how far the raters are apart, how many they are and how old the latest rating is; where nobody
rated, it stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Labels,
    Objects,
    as_labels,
    common_length,
    days,
    floats,
    labels,
    one_day,
)
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_float, field_name, finite, text, text_or_empty
from keyaccount._view import Spec, View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.stats.sums import group_counts, group_max, group_means, group_sums

__all__ = ["Anchor", "AnchoredScale", "RatingSummary", "showcase_scale"]

_SHOWN = 5


@attrs.frozen
class Anchor(Spec):
    """One described level of a scale.

    Parameters
    ----------
    value
        Where on the scale it stands.
    name
        What a rating of this value means.
    name_zh
        The same in Chinese; may be empty.

    Examples
    --------
    >>> from keyaccount.scoring.judgement import Anchor
    >>> Anchor(1, "no reference value").value
    1.0
    """

    value: float = attrs.field(converter=exact_float, validator=finite)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", validator=text_or_empty)


def _anchors(value: object) -> Any:
    """Turn pairs and triples into anchors; leave the rest for the validator to refuse."""
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        return value
    return tuple(
        Anchor(*a) if isinstance(a, tuple | list) and len(a) in {2, 3} else a for a in value
    )


def _above_low(instance: Any, attribute: Any, value: Any) -> None:
    finite(instance, attribute, value)
    if value <= instance.low:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be above low, {instance.low!r}",
            value,
            "give the lowest and the highest rating of the scale.",
        )


def _rising_inside(instance: Any, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and all(isinstance(a, Anchor) for a in value)
    at = [a.value for a in value] if good else []
    rising = all(a < b for a, b in pairwise(at))
    if not good or not rising or not all(instance.low <= a <= instance.high for a in at):
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be (value, name) pairs rising inside [{instance.low!r}, {instance.high!r}]",
            value,
            "describe each level once, from low to high.",
        )


@attrs.frozen
class AnchoredScale(Spec):
    """A rating scale whose levels are described, so that raters mean the same by a number.

    Parameters
    ----------
    low, high
        The lowest and the highest rating; ratings between the anchors are allowed.
    anchors
        The described levels, rising: `Anchor` or ``(value, name)`` or ``(value, name, name_zh)``.
    name, name_zh
        What is rated, in English and Chinese; may be empty.

    Notes
    -----
    Smith, P. C. and Kendall, L. M. (1963), Retranslation of expectations: an approach to the
    construction of unambiguous anchors for rating scales, Journal of Applied Psychology 47.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scale = ka.AnchoredScale(1, 5, anchors=((1, "nobody knows them"), (5, "all follow them")))
    >>> summary = scale.summarise(
    ...     {
    ...         "account": ["A", "A", "B", "C"],
    ...         "by": ["li", "wang", "li", "li"],
    ...         "on": ["2026-05-01", "2026-06-01", "2026-06-30", "2026-07-01"],
    ...         "rating": [3, 4, 2, 9],
    ...     },
    ...     account="account",
    ...     rating="rating",
    ...     rater="by",
    ...     at="on",
    ...     as_of="2026-09-30",
    ... )
    >>> print(summary.row(0))
    account   A
    rating    3.5
    spread    0.707107
    raters    2
    latest    2026-06-01
    age_days  121
    >>> [f.message for f in summary.findings]
    ['1 rating has a value off the scale from 1 to 5']
    """

    low: float = attrs.field(converter=exact_float, validator=finite)
    high: float = attrs.field(converter=exact_float, validator=_above_low)
    anchors: tuple[Anchor, ...] = attrs.field(
        default=(), converter=_anchors, validator=_rising_inside, kw_only=True
    )
    name: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    name_zh: str = attrs.field(default="", validator=text_or_empty, kw_only=True)

    def summarise(
        self,
        ratings: Columns,
        *,
        account: str,
        rating: str,
        rater: str,
        at: str,
        as_of: Any,
        max_age_days: float | None = None,
    ) -> RatingSummary:
        """Summarise ratings to one row per rated account, as of a day.

        Parameters
        ----------
        ratings
            One rating per row, in any container of columns.
        account, rating, rater, at
            The columns of accounts, ratings, raters and days.
        as_of
            The day to summarise for: later ratings are left out.
        max_age_days
            How old a rating may be; older ones are left out. None: any age.

        Returns
        -------
        RatingSummary
            Of each rater the latest rating of an account counts; several on that same day count as
            their mean. Every row that does not count is counted in a finding: rejected ones
            (``"error"``: no account, no rater, no date, no rating, or one off the scale), those
            after `as_of` and those too old (``"warning"``), and those a later one replaced
            (``"info"``). The order of the rows does not matter, to the last bit.
        """
        read = _read(ratings, account=account, rating=rating, rater=rater, at=at)
        day = _as_of(as_of)
        counts, findings = _sift(self, read, day, _max_age(max_age_days))
        return _summarised(read.kept(counts), day, account, tuple(findings))


@attrs.frozen(eq=False)
class RatingSummary(Viewed):
    """What the raters think of each account, one row per rated account, sorted by id.

    Parameters
    ----------
    accounts
        The ids of the accounts with at least one rating that counts.
    rating
        The mean over raters.
    spread
        The sample standard deviation over raters (n − 1); NaN with a single rater.
    raters
        How many raters count.
    latest
        The day of the latest rating.
    age_days
        How old that one is.
    as_of
        The day of the summary.
    findings
        The ratings that do not count, and why, with their number.
    account_column
        The name of the column of accounts.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ratings = {"account": "A", "rating": 4, "rater": "li", "at": "2026-06-30"}
    >>> columns = {name: name for name in ratings}
    >>> summary = ka.showcase_scale().summarise(ratings, **columns, as_of="2026-09-30")
    >>> summary.for_accounts(["B", "A"], "showcase")["showcase_rating"]
    array([nan,  4.])
    """

    accounts: Objects
    rating: Floats
    spread: Floats
    raters: Codes
    latest: Days
    age_days: Floats
    as_of: np.datetime64
    findings: tuple[Finding, ...]
    account_column: str

    def __len__(self) -> int:
        return len(self.accounts)

    def columns(self, prefix: str = "") -> dict[str, NDArray[Any]]:
        """Return the summary as columns, the accounts under their own name.

        ``columns("showcase")`` writes ``showcase_rating``, ``showcase_spread``,
        ``showcase_raters``, ``showcase_latest`` and ``showcase_age_days``.
        """
        return {self.account_column: self.accounts, **_prefixed(self._measures(), prefix)}

    def for_accounts(self, ids: Any, prefix: str = "") -> dict[str, NDArray[Any]]:
        """Return the measures aligned with any column of account ids.

        Where nobody rated, the rating is NaN and the number of raters is 0.
        """
        row_of = {account: row for row, account in enumerate(self.accounts.tolist())}
        asked = as_labels(ids, self.account_column)
        rows = np.array([*(row_of.get(a, -1) for a in asked.labels), -1])[asked.codes]
        unrated = (np.nan, np.nan, 0, np.datetime64("NaT", "D"), np.nan)
        measures = zip(self._measures().items(), unrated, strict=True)
        aligned = {
            name: np.append(values, np.array([none], dtype=values.dtype))[rows]
            for (name, values), none in measures
        }
        return _prefixed(aligned, prefix)

    def unmatched(self, ids: Any) -> tuple[str, ...]:
        """List the rated accounts that are not among these ids.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ratings = {"account": "A", "rating": 4, "rater": "li", "at": "2026-06-30"}
        >>> columns = {name: name for name in ratings}
        >>> summary = ka.showcase_scale().summarise(ratings, **columns, as_of="2026-09-30")
        >>> summary.unmatched(["B"])
        ('A',)
        """
        known = set(as_labels(ids, self.account_column).labels)
        return tuple(a for a in self.accounts.tolist() if a not in known)

    def _view(self) -> View:
        return View(f"RatingSummary of {len(self):,} accounts", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one account as a record."""
        i = checked_row(i, len(self))
        return Record({name: column[i] for name, column in self.columns().items()})

    def _measures(self) -> dict[str, NDArray[Any]]:
        return {
            "rating": self.rating,
            "spread": self.spread,
            "raters": self.raters,
            "latest": self.latest,
            "age_days": self.age_days,
        }


def showcase_scale() -> AnchoredScale:
    """Return a scale for the value of an account as a showcase (示范作用), in five levels.

    The source of the method asks for the judgement and gives no levels: the number of levels and
    the wording of the anchors are ours.

    Examples
    --------
    >>> import keyaccount as ka
    >>> for anchor in ka.showcase_scale().anchors:
    ...     print(f"{anchor.value:g} {anchor.name} {anchor.name_zh}")
    1 no reference value 无参考价值
    2 known to its direct neighbours 仅在周边有影响
    3 a useful reference in its region or segment 区域或细分领域内的有效参考
    4 its choice is noticed across the industry 选择受到全行业关注
    5 the industry follows its choice 行业标杆，同行跟随其选择
    """
    return AnchoredScale(
        1,
        5,
        anchors=(
            Anchor(1, "no reference value", "无参考价值"),
            Anchor(2, "known to its direct neighbours", "仅在周边有影响"),
            Anchor(3, "a useful reference in its region or segment", "区域或细分领域内的有效参考"),
            Anchor(4, "its choice is noticed across the industry", "选择受到全行业关注"),
            Anchor(5, "the industry follows its choice", "行业标杆，同行跟随其选择"),
        ),
        name="showcase value",
        name_zh="示范作用",
    )


@attrs.frozen(eq=False)
class _Ratings:
    """Ratings as read, with the names of their columns."""

    accounts: Labels
    raters: Labels
    rating: Floats
    at: Days
    names: dict[str, str]

    def kept(self, rows: Bools) -> _Ratings:
        return attrs.evolve(
            self,
            accounts=Labels(self.accounts.codes[rows], self.accounts.labels),
            raters=Labels(self.raters.codes[rows], self.raters.labels),
            rating=self.rating[rows],
            at=self.at[rows],
        )


def _read(ratings: Columns, *, account: str, rating: str, rater: str, at: str) -> _Ratings:
    read = _Ratings(
        _sorted_labels(labels(ratings, account)),
        _sorted_labels(labels(ratings, rater)),
        floats(ratings, rating),
        days(ratings, at),
        {"account": account, "rating": rating, "rater": rater, "at": at},
    )
    common_length({account: read.accounts, rater: read.raters, rating: read.rating, at: read.at})
    return read


def _sorted_labels(found: Labels) -> Labels:
    """Give labels the codes of their sorted order, and blank ones the code of missing."""
    order = sorted((text, i) for i, text in enumerate(found.labels) if text.strip())
    table = np.full(len(found.labels) + 1, -1, dtype=np.int64)
    table[[i for _, i in order]] = np.arange(len(order))
    return Labels(table[found.codes], tuple(text for text, _ in order))


def _as_of(value: Any) -> np.datetime64:
    day = one_day(value, "as_of")
    if np.isnat(day):
        field = "summarise(as_of)"
        raise SpecError.from_field(field, "must be a day", value, "write it as YYYY-MM-DD.")
    return day


def _max_age(value: Any) -> float:
    age = np.inf if value is None else exact_float(value)
    if not isinstance(age, float) or not age >= 0.0:
        field = "summarise(max_age_days)"
        raise SpecError.from_field(
            field,
            "must be a number of at least 0",
            value,
            "give the number of days after which a rating counts as unknown, or None.",
        )
    return age


def _sift(
    scale: AnchoredScale, read: _Ratings, as_of: np.datetime64, max_age: float
) -> tuple[Bools, list[Finding]]:
    """Mark the ratings that count; each other row is counted once, under the first that applies."""
    left = np.ones(len(read.rating), dtype=np.bool_)
    findings: list[Finding] = []
    for code, severity, column, fails, problem in _tests(scale, read, as_of, max_age):
        caught = left & fails
        left &= ~caught
        if caught.any():
            findings.append(_finding(read.kept(caught), code, severity, column, problem))
    replaced = left & ~_is_latest(read, left)
    if replaced.any():
        replaced_by = "been replaced by a later one of the same rater"
        findings.append(_finding(read.kept(replaced), "replaced", "info", "at", replaced_by))
    return left & ~replaced, findings


_Test = tuple[str, str, str, Bools, str]
"""Code, severity, column, the rows it catches, and what these ratings have."""


def _tests(
    scale: AnchoredScale, read: _Ratings, as_of: np.datetime64, max_age: float
) -> tuple[_Test, ...]:
    age = _age(read.at, as_of)
    off = (read.rating < scale.low) | (read.rating > scale.high)
    on_scale = f"a value off the scale from {scale.low:g} to {scale.high:g}"
    return (
        ("missing_account", "error", "account", read.accounts.codes < 0, "no account"),
        ("missing_rater", "error", "rater", read.raters.codes < 0, "no rater"),
        ("missing_date", "error", "at", np.isnat(read.at), "no date"),
        ("missing_rating", "error", "rating", ~np.isfinite(read.rating), "no finite value"),
        ("off_scale", "error", "rating", off, on_scale),
        ("after_as_of", "warning", "at", age < 0.0, f"a date after {as_of}"),
        ("too_old", "warning", "at", age > max_age, f"an age above {max_age:g} days"),
    )


def _age(at: Days, as_of: np.datetime64) -> Floats:
    """Return the age of each day in days, NaN where the day is unknown."""
    ages: Floats = (as_of - at) / np.timedelta64(1, "D")
    return ages


def _finding(rows: _Ratings, code: str, severity: str, column: str, problem: str) -> Finding:
    n = len(rows.rating)
    return Finding(
        code=code,
        message=f"{n} rating{'s have' if n != 1 else ' has'} {problem}",
        count=n,
        where=rows.names[column],
        severity=severity,
        examples=_examples(rows, code),
    )


def _examples(rows: _Ratings, code: str) -> tuple[str, ...]:
    """Show ratings off the scale, else accounts: sorted, since the order of rows says nothing."""
    if code == "off_scale":
        return tuple(f"{value:g}" for value in np.unique(rows.rating)[:_SHOWN])
    codes = np.unique(rows.accounts.codes)
    return tuple(rows.accounts.labels[c] for c in codes[codes >= 0][:_SHOWN])


def _pairs(read: _Ratings) -> tuple[Codes, Codes]:
    """Return the distinct pairs of account and rater, and the pair of each row."""
    keys = read.accounts.codes * len(read.raters.labels) + read.raters.codes
    pairs, pair = np.unique(keys, return_inverse=True)
    return pairs // max(len(read.raters.labels), 1), pair


def _is_latest(read: _Ratings, left: Bools) -> Bools:
    """Mark the rows on the last day on which their rater rated their account."""
    kept = read.kept(left)
    accounts, pair = _pairs(kept)
    at = kept.at.astype(np.float64)
    marked = np.zeros(len(left), dtype=np.bool_)
    marked[left] = at == group_max(at, pair, len(accounts))[pair]
    return marked


def _summarised(
    read: _Ratings, as_of: np.datetime64, account_column: str, findings: tuple[Finding, ...]
) -> RatingSummary:
    """Average each rater's ratings of the day, then the raters of each account."""
    accounts, pair = _pairs(read)
    opinion = group_means(read.rating, pair, len(accounts))
    rated, row = np.unique(accounts, return_inverse=True)
    latest = group_max(read.at.astype(np.float64), row[pair], len(rated))
    day = latest.astype(np.int64).astype("datetime64[D]")
    return RatingSummary(
        accounts=np.array([*read.accounts.labels, None], dtype=object)[rated],
        rating=group_means(opinion, row, len(rated)),
        spread=_spread(opinion, row, len(rated)),
        raters=group_counts(row, len(rated)),
        latest=day,
        age_days=_age(day, as_of),
        as_of=as_of,
        findings=findings,
        account_column=account_column,
    )


def _spread(values: Floats, codes: Codes, n_groups: int) -> Floats:
    """Return the sample standard deviation of each group, NaN where it has one value."""
    deviation = values - group_means(values, codes, n_groups)[codes]
    freedom = (group_counts(codes, n_groups) - 1).astype(np.float64)
    freedom[freedom == 0.0] = np.nan
    return np.sqrt(group_sums(np.square(deviation), codes, n_groups) / freedom)


def _prefixed(columns: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {f"{prefix}_{name}" if prefix else name: column for name, column in columns.items()}
