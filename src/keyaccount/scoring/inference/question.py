"""`Question`: one thing a checklist asks, and how its answers are read."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Columns, Floats, as_floats, as_labels, pick, to_numpy
from keyaccount._validators import (
    choice,
    exact_float,
    exact_tuple,
    field_name,
    positive,
    text_or_empty,
    unique_names,
)
from keyaccount._validators import text as a_text
from keyaccount._view import Spec
from keyaccount.errors import RowError, SpecError

Scale: TypeAlias = Literal["graded", "yes_no"]
"""How a question is answered: by degree, or by yes or no."""

Subject: TypeAlias = Literal["industry", "customer"]
"""Whom a question is about: all customers of an industry alike, or one customer."""

_YES_NO = ("no", "yes")
_YES_NO_ZH = {"否": 0.0, "是": 1.0}


def _levels(instance: Any, attribute: Any, value: Any) -> None:
    unique_names(instance, attribute, value)
    if len(value) == 1 or (value and instance.scale == "yes_no"):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be two or more levels of a graded scale",
            value,
            'name the levels from worst to best, as ("no", "partly", "yes"), or none.',
        )


def _own_code(question: Question) -> str:
    return question.code


@attrs.frozen
class Question(Spec):
    """One thing a checklist asks of an industry or a customer.

    An answer lies in [0, 1], 1 speaking for the account; unknown is NaN or null. A yes-or-no
    question takes true and false, 1 and 0, or the texts ``yes`` and ``no`` (是, 否). A graded one
    takes any number in between, and the names of its `levels` where it has some. A text that spells
    a number is no answer.

    Parameters
    ----------
    code
        The question's short name.
    text
        The question.
    text_zh
        The question in Chinese.
    weight
        How much it counts beside the others of its gate, above 0.
    scale
        ``"graded"`` or ``"yes_no"``.
    levels
        Names for equal steps from 0 to 1, worst first.
    about
        ``"industry"``: the answer holds for every customer of an industry; ``"customer"``.
    column
        The column its answers are read from; its code when left out.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> question = ka.Question("trust", "Do they trust us?", levels=("no", "partly", "yes"))
    >>> question.read({"trust": ["partly", None, "yes"]})
    array([0.5, nan, 1. ])
    """

    code: str = attrs.field(validator=a_text)
    text: str = attrs.field(validator=a_text)
    text_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    weight: float = attrs.field(
        default=1.0, kw_only=True, converter=exact_float, validator=positive
    )
    scale: Scale = attrs.field(default="graded", kw_only=True, validator=choice("graded", "yes_no"))
    levels: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=_levels
    )
    about: Subject = attrs.field(
        default="customer", kw_only=True, validator=choice("industry", "customer")
    )
    column: str = attrs.field(
        default=attrs.Factory(_own_code, takes_self=True), kw_only=True, validator=a_text
    )

    def read(self, columns: Columns) -> Floats:
        """Read the answers, NaN where unknown; infinite ones are left for the caller to count.

        Raises
        ------
        ColumnNotFoundError, ColumnError, RowError
            The column is not there, or an answer is none of those the question takes.
        """
        raw = pick(columns, self.column)
        names = _YES_NO if self.scale == "yes_no" else self.levels
        array = to_numpy(raw, self.column)
        if names and array.dtype.kind in "OU" and _holds_text(array):
            return self._from_names(array.tolist(), names)
        return self._checked(as_floats(raw, self.column))

    def _from_names(self, cells: list[Any], names: tuple[str, ...]) -> Floats:
        """Read texts as names of levels, and all other cells as numbers."""
        found = as_labels([c if isinstance(c, str) else None for c in cells], self.column)
        worth = {name.casefold(): i / (len(names) - 1) for i, name in enumerate(names)}
        if self.scale == "yes_no":
            worth |= _YES_NO_ZH
        worths = [worth.get(label.strip().casefold()) for label in found.labels]
        wrong = [i for i, w in enumerate(worths) if w is None]
        if wrong:
            rows = np.flatnonzero(np.isin(found.codes, wrong)).tolist()
            hint = (
                f"answer with {', '.join(repr(n) for n in names)}, or with numbers: convert a "
                "column of numbers that are texts first."
            )
            shown = [cells[r] for r in rows[:5]]
            raise RowError.from_rows(self.column, "hold no answer of the scale", rows, shown, hint)
        numbers = as_floats([None if isinstance(c, str) else c for c in cells], self.column)
        said = np.array([*worths, np.nan], dtype=np.float64)[found.codes]
        return self._checked(np.where(found.codes < 0, numbers, said))

    def _checked(self, x: Floats) -> Floats:
        """Refuse answers that are no answers: a rating from 1 to 5, say."""
        out = (x < 0.0) | (x > 1.0)
        if self.scale == "yes_no":
            out |= (x > 0.0) & (x < 1.0)
        rows = np.flatnonzero(out & np.isfinite(x))
        if not len(rows):
            return x
        scale = "0 or 1" if self.scale == "yes_no" else "a number in [0, 1]"
        raise RowError.from_rows(
            self.column,
            f"hold an answer that is not {scale}",
            rows.tolist(),
            x[rows[:5]].tolist(),
            "write 1 for what speaks fully for the account and 0 for what does not; a rating from "
            "1 to 5 becomes an answer by Linear(1, 5).value(ratings).",
        )


def _holds_text(array: Any) -> bool:
    return array.dtype.kind == "U" or any(isinstance(v, str) for v in array.tolist())
