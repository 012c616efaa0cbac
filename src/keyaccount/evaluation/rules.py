"""`ReviewRules`: by what a review decides, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from keyaccount._validators import (
    count,
    exact_float,
    exact_int,
    exact_tuple,
    field_name,
    is_finite,
    not_negative,
    text,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.evaluation.check import ReviewCheck
from keyaccount.evaluation.presets import review_checks
from keyaccount.program.symptoms import weak_programme_symptoms

__all__ = ["ReviewRules"]


def _checks(instance: Any, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if not isinstance(value, tuple) or not all(isinstance(v, ReviewCheck) for v in value):
        rule = "must be a list of ReviewCheck"
        raise SpecError.from_field(name, rule, value, "see ReviewCheck.")
    codes = [v.code for v in value]
    twice = sorted({c for c in codes if codes.count(c) > 1})
    if twice:
        raise SpecError.from_field(name, "must have unique codes", twice, "rename one of them.")


def _some_people(instance: Any, attribute: Any, value: Any) -> None:
    if value is None:
        return
    count(instance, attribute, value)
    if value < 1:
        hint = "say how many people are the few."
        raise SpecError.from_field(field_name(instance, attribute), "must be above 0", value, hint)


def _exact_limits(value: Any) -> Any:
    pairs = exact_tuple(value.items() if isinstance(value, Mapping) else value)
    if not isinstance(pairs, tuple):
        return pairs
    return tuple((p[0], exact_float(p[1])) if _is_pair(p) else p for p in pairs)


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2  # noqa: PLR2004 - a code, a share


def _symptom_limits(instance: Any, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if not isinstance(value, tuple) or not all(_is_pair(p) for p in value):
        hint = 'write for instance {"thin_bench": 0.3}.'
        raise SpecError.from_field(name, "must map symptoms to shares", value, hint)
    known = [symptom.code for symptom in weak_programme_symptoms()]
    for code, limit in value:
        if code not in known:
            raise SpecError.from_choice(name, code, known)
        if not is_finite(limit) or not 0.0 <= limit <= 1.0:
            rule = f"must be a share in [0, 1] for {code!r}"
            raise SpecError.from_field(name, rule, limit, "write 20 % as 0.2.")
    if len(dict(value)) < len(value):
        raise SpecError.from_field(name, "must name each symptom once", value, "drop one.")


@attrs.frozen(kw_only=True)
class ReviewRules(Spec):
    """By what a quarterly review finds, decides and counts.

    Parameters
    ----------
    checks
        What is looked for: coverage, plan, tasks, and the three ways to fail.
    stars
        How many people count as the few who may hold most key accounts; None: that symptom of a
        weak programme is asked for.
    limits
        Pairs of a symptom's code and the share above which it is shown. Without a limit a share is
        measured and judges nothing.
    watch_fall
        A key account whose data let its score fall by more than this, under the earlier spec, is
        watched.
    moves
        The columns whose migration is shown: tier, segment, stage. Those that are not in both
        quarters are asked for. Who is key is shown in any case.
    money
        The column of money that moves with the accounts, where it is there.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Notes
    -----
    What is looked for by default, and every figure in it, is a choice of this library; so is the
    fall of 0.05.

    Examples
    --------
    >>> import keyaccount as ka
    >>> rules = ka.ReviewRules(checks=(), watch_fall=0.1)
    >>> rules.reads
    ('sales', 'tier', 'segment', 'lifecycle_stage')
    """

    checks: tuple[ReviewCheck, ...] = attrs.field(
        factory=review_checks, converter=exact_tuple, validator=_checks
    )
    watch_fall: float = attrs.field(default=0.05, converter=exact_float, validator=not_negative)
    moves: tuple[str, ...] = attrs.field(
        default=("tier", "segment", "lifecycle_stage"),
        converter=exact_tuple,
        validator=unique_names,
    )
    money: str = attrs.field(default="sales", validator=text)
    stars: int | None = attrs.field(default=None, converter=exact_int, validator=_some_people)
    limits: tuple[tuple[str, float], ...] = attrs.field(
        default=(), converter=_exact_limits, validator=_symptom_limits
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it reads where they are there, each once; symptoms read others besides."""
        names = [n for check in self.checks for n in check.reads]
        return tuple(dict.fromkeys([self.money, *self.moves, *names]))
