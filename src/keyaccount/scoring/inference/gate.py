"""`Gate`: questions that decide together whether an account goes on."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from keyaccount._validators import (
    choice,
    exact_float,
    exact_tuple,
    share,
    some_of,
    text,
    text_or_empty,
)
from keyaccount._view import Spec
from keyaccount.scoring.inference.question import Question, Subject

GateRule: TypeAlias = Literal["weighted_mean", "all"]
"""What must reach the pass mark: the weighted mean of the answers, or every single one."""


@attrs.frozen
class Gate(Spec):
    """Questions that decide together whether an account goes on to the next gate.

    Parameters
    ----------
    code
        The gate's short name.
    questions
        What it asks.
    name, name_zh
        What it is called, in English and Chinese.
    pass_mark
        What the answers must reach, in [0, 1]. What equals it on paper reaches it: means of
        decimal answers are held to it within 1e-12.
    rule
        ``"weighted_mean"``: the weighted mean of the answers must reach the pass mark; ``"all"``:
        each of them must.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> gate = ka.Gate(
    ...     "fit",
    ...     (ka.Question("need", "Do they need it?"), ka.Question("trust", "Do they trust us?")),
    ...     pass_mark=0.6,
    ... )
    >>> gate.about
    'customer'
    """

    code: str = attrs.field(validator=text)
    questions: tuple[Question, ...] = attrs.field(
        converter=exact_tuple, validator=some_of(Question, "questions", by="code")
    )
    name: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    pass_mark: float = attrs.field(kw_only=True, converter=exact_float, validator=share)
    rule: GateRule = attrs.field(
        default="weighted_mean", kw_only=True, validator=choice("weighted_mean", "all")
    )

    @property
    def about(self) -> Subject:
        """Whom it judges: the industry where all its questions do, else the customer."""
        all_of_industry = all(q.about == "industry" for q in self.questions)
        return "industry" if all_of_industry else "customer"

    @property
    def asking_order(self) -> tuple[int, ...]:
        """The positions of the questions, the heaviest first, ties in declared order."""
        weights = [q.weight for q in self.questions]
        return tuple(sorted(range(len(weights)), key=lambda i: -weights[i]))
