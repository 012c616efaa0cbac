"""`ReviewSign`: one thing to be seen in a column of the book, in one quarter or between two."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Floats, Labels
from keyaccount._validators import (
    choice,
    exact_float,
    exact_tuple,
    field_name,
    finite,
    optional,
    optional_float,
    text,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.evaluation.joined import Joined, When
from keyaccount.evaluation.truth import Truth, truth_of

__all__ = ["Measure", "ReviewSign"]

Measure: TypeAlias = Literal["value", "share", "before", "change", "growth", "worth"]
"""What is looked at: the value now (a share), or then; the difference; the relative one; the worth.
"""

_PER_CENT = ("growth", "share")
_CALLED = {
    "value": "{}",
    "share": "{}",
    "before": "{} before",
    "change": "change of {}",
    "growth": "growth of {}",
}


def _any_asked(instance: ReviewSign, attribute: Any, value: Any) -> None:
    del attribute
    numeric = instance.at_least is not None or instance.below is not None
    if numeric == bool(value):
        raise SpecError.from_field(
            f"ReviewSign({instance.column!r})",
            "must have limits (at_least, below) or states, one or the other",
            {"at_least": instance.at_least, "below": instance.below, "states": value},
            "write for instance at_least=1, or states=('churn',).",
        )
    if value and instance.of not in {"value", "before"}:
        raise SpecError.from_field(
            f"ReviewSign({instance.column!r}).of",
            "must be 'value' or 'before' where states are named",
            instance.of,
            "a state has no growth.",
        )


def _above_at_least(instance: Any, attribute: Any, value: float | None) -> None:
    if value is not None and instance.at_least is not None and value <= instance.at_least:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be above at_least ({instance.at_least:g})",
            value,
            "a sign between them would never be seen.",
        )


@attrs.frozen
class ReviewSign(Spec):
    """One thing to be seen in a column: a number within limits, or one of some states.

    Parameters
    ----------
    column
        The column; under ``of="worth"`` the name of a criterion of the scorer.
    of
        ``"value"`` the value in the later quarter; ``"share"`` the same, told in per cent, for a
        column such as a growth of your own, where 0.1 is a tenth more; ``"before"`` the value in
        the earlier; ``"change"`` the later less the earlier; ``"growth"`` that change as a share of
        the earlier, which is 0 from 0 to 0, infinite from 0 to anything, and unknown from a value
        below 0. Both are unknown where the column holds sums of windows that overlap, or that
        differ in length (`Quarter.trailing`). ``"worth"`` is what the later scorer makes of the
        criterion, in [0, 1].
    at_least, below
        The sign is seen where the number is at least the one and below the other; either alone.
    states
        The sign is seen where the label is one of these, in capitals or not.

    Raises
    ------
    SpecError
        Neither limits nor states are given, or both, or the limits leave nothing between.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.ReviewSign("sales", of="growth", below=-0.10).reads
    ('sales',)
    """

    column: str = attrs.field(validator=text)
    of: Measure = attrs.field(
        default="value",
        kw_only=True,
        validator=choice("value", "share", "before", "change", "growth", "worth"),
    )
    at_least: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(finite)
    )
    below: float | None = attrs.field(
        default=None,
        kw_only=True,
        converter=optional_float,
        validator=attrs.validators.and_(optional(finite), _above_at_least),
    )
    states: tuple[str, ...] = attrs.field(
        default=(),
        kw_only=True,
        converter=exact_tuple,
        validator=attrs.validators.and_(unique_names, _any_asked),
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it reads; none where the scorer does."""
        return () if self.of == "worth" else (self.column,)

    @property
    def compares(self) -> bool:
        """Whether it compares the quarters."""
        return self.of in {"change", "growth"}

    def lacks(self, joined: Joined) -> bool:
        """Say whether nobody gave what it reads."""
        if self.of == "worth":
            return self.column not in joined.after.scores.names
        return not all(joined.has(self.column, when) for when in self._quarters())

    def truth(self, joined: Joined) -> Truth:
        """Say of each account whether the sign is seen, is not, or cannot be told."""
        seen = self.seen(joined)
        if isinstance(seen, Labels):
            states = {state.casefold() for state in self.states}
            named = [label.strip().casefold() in states for label in seen.labels]
            wanted = np.array([*named, False])
            return truth_of(wanted[seen.codes], seen.codes >= 0)
        said = np.ones(len(seen), dtype=np.bool_)
        said &= True if self.at_least is None else seen >= self.at_least
        said &= True if self.below is None else seen < self.below
        return truth_of(said, ~np.isnan(seen))

    def seen(self, joined: Joined) -> Floats | Labels:
        """Give what is looked at, one value per account."""
        if self.states:
            return joined.labels(self.column, self._quarters()[0])
        if self.of == "worth":
            return _worths(joined, self.column)
        numbers = [joined.floats(self.column, when) for when in self._quarters()]
        if len(numbers) == 1:
            return numbers[0]
        before, after = numbers
        if joined.window_problem(self.column):
            return np.full(len(joined), np.nan)
        return _growth(before, after) if self.of == "growth" else after - before + 0.0

    def words(self, seen: Floats | Labels, i: int) -> str:
        """Tell what was seen of one account, and what was asked."""
        if isinstance(seen, Labels):
            code = int(seen.codes[i])
            found = "unknown" if code < 0 else seen.labels[code]
        else:
            found = "unknown" if np.isnan(seen[i]) else _number(float(seen[i]), self.of)
        called = _CALLED.get(self.of, "worth of {}").format(self.column)
        return f"{called} {found} ({self.asked()})"

    def asked(self) -> str:
        """Write the limits, or the states, in words."""
        if self.states:
            return " or ".join(self.states)
        limits = [] if self.at_least is None else [f"at least {_number(self.at_least, self.of)}"]
        limits += [] if self.below is None else [f"below {_number(self.below, self.of)}"]
        return ", ".join(limits)

    def _quarters(self) -> tuple[When, ...]:
        if self.compares:
            return ("before", "after")
        return ("before",) if self.of == "before" else ("after",)


def _growth(before: Floats, after: Floats) -> Floats:
    """Give the change as a share of what was before; see `ReviewSign` for nothing and less."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (after - before) / before
    share = np.where((before == 0.0) & (after == 0.0), 0.0, share)
    grown: Floats = np.where(before < 0.0, np.nan, share) + 0.0
    return grown


def _worths(joined: Joined, criterion: str) -> Floats:
    """Read what the later scorer makes of a criterion; unknown where its value is."""
    scores = joined.after.scores
    if criterion not in scores.names:
        return np.full(len(joined), np.nan)
    place = scores.names.index(criterion)
    known = np.where(scores.known[:, place], scores.worths[:, place], np.nan)
    return joined.spread(known, "after")


def _number(value: float, of: Measure) -> str:
    """Write a number as people do: growth and shares in per cent, the rest in six digits."""
    if of in _PER_CENT:
        if np.isinf(value):
            return "from nothing" if value > 0.0 else "from nothing to below 0"
        return f"{exact_float(value) * 100:+.3g} %"
    return f"{value:,.6g}"
