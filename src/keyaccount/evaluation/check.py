"""`ReviewCheck`: a named rule, which finds something where all of its signs are seen."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

import attrs

from keyaccount._validators import choice, exact_tuple, field_name, text, text_or_empty
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.evaluation.sign import ReviewSign
from keyaccount.program.symptoms import ways_to_fail

__all__ = ["QUESTIONS", "WAYS", "ReviewCheck", "Subject"]

Subject: TypeAlias = Literal["coverage", "plan", "tasks", "get_in", "grow", "retain"]
"""What a check is about: one of the questions, or one of the ways to fail."""

QUESTIONS: Final = {
    "still_key": ("is it still a key account?", "是否仍为大客户"),
    "coverage": ("is it in the right hands?", "客户覆盖是否合理"),
    "plan": ("are strategy and tactics right?", "策略与战术是否正确"),
    "tasks": ("how do the core tasks stand?", "核心任务进展如何"),
}
"""The four questions of the quarterly review (动态评估), in English and Chinese."""

WAYS: Final = {
    way.code.removeprefix("cannot_"): (way.name.lower(), way.name_zh) for way in ways_to_fail()
}
"""The three ways to fail, in English and Chinese."""


def _signs(instance: Any, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and all(isinstance(s, ReviewSign) for s in value)
    if not good or not value:
        raise SpecError.from_field(
            field_name(instance, attribute), "must be signs, at least one", value, "see ReviewSign."
        )


@attrs.frozen
class ReviewCheck(Spec):
    """A named rule of the review: it finds something where all of its signs are seen.

    Parameters
    ----------
    code
        A fixed word for what is found, each of them once in a review.
    about
        The question it belongs to (``"coverage"``, ``"plan"``, ``"tasks"``), or the way to fail
        (``"get_in"``, ``"grow"``, ``"retain"``).
    signs
        What must be seen, all of it. Where one of them is not, nothing is found, whatever is
        unknown of the others; else the unknown makes the answer unknown.
    name, name_zh
        What is found, in English and Chinese.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> check = ka.ReviewCheck(
    ...     "no_responsible",
    ...     about="coverage",
    ...     signs=[ka.ReviewSign("missing_roles", at_least=1)],
    ...     name="a role is missing",
    ...     name_zh="角色缺失",
    ... )
    >>> check.reads
    ('missing_roles',)
    """

    code: str = attrs.field(validator=text)
    about: Subject = attrs.field(
        kw_only=True,
        validator=choice("coverage", "plan", "tasks", "get_in", "grow", "retain"),
    )
    signs: tuple[ReviewSign, ...] = attrs.field(
        kw_only=True, converter=exact_tuple, validator=_signs
    )
    name: str = attrs.field(kw_only=True, validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it reads, each once."""
        return tuple(dict.fromkeys(column for sign in self.signs for column in sign.reads))
