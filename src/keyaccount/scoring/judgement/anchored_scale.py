"""`AnchoredScale`: a rating scale whose levels are described."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import attrs

from keyaccount._columns import Columns
from keyaccount._validators import exact_float, field_name, finite, text, text_or_empty
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.scoring.judgement.options import as_of_day, max_age
from keyaccount.scoring.judgement.rating_summary import RatingSummary
from keyaccount.scoring.judgement.ratings import read_ratings
from keyaccount.scoring.judgement.sifting import sift
from keyaccount.scoring.judgement.summarising import summarised

__all__ = ["Anchor", "AnchoredScale"]


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
        read = read_ratings(ratings, account=account, rating=rating, rater=rater, at=at)
        day = as_of_day(as_of)
        scale, oldest = (self.low, self.high), max_age(max_age_days)
        counts, findings = sift(read, scale, day, oldest)
        return summarised(read.kept(counts), day, account, tuple(findings))
