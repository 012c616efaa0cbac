"""`IndustryAnswers`: what is known of an industry, given once for all of its customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Columns, Floats, Labels, labels, names_of, refuse_missing
from keyaccount._validators import exact_float, field_name, is_finite, text
from keyaccount._view import Spec
from keyaccount.errors import (
    ColumnNotFoundError,
    DuplicateIdError,
    NotEnoughDataError,
    SpecError,
)
from keyaccount.scoring.inference.question import Question

_ALMOST = 0.85
"""How alike two names are, of 1, where one is taken for a slip of the other."""


def _pairs(value: Any) -> Any:
    """Turn a mapping or pairs into pairs sorted by code, so that equal specs are equal."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    given: Any = value.items() if isinstance(value, Mapping) else value
    pairs: list[Any] = [tuple(p) if isinstance(p, list) else p for p in given]
    if not all(isinstance(p, tuple) and len(p) == 2 for p in pairs):  # noqa: PLR2004 - a pair
        return tuple(pairs)
    return tuple(sorted(((c, exact_float(a)) for c, a in pairs), key=lambda p: str(p[0])))


def _answers(instance: Any, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and all(
        isinstance(p, tuple) and isinstance(p[0], str) and is_finite(p[1]) and 0.0 <= p[1] <= 1.0
        for p in value
    )
    if not good or len({c for c, _ in value}) < len(value):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must map codes of questions to answers in [0, 1]",
            value,
            "leave out what is unknown.",
        )


@attrs.frozen
class IndustryAnswers(Spec):
    """What is known of one industry, given once for all of its customers.

    Parameters
    ----------
    industry
        The label of the industry.
    answers
        Code of a question to its answer in [0, 1]; a mapping or pairs. What is unknown is left out.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.IndustryAnswers("finance", {"industry_competition": 1}).answers
    (('industry_competition', 1.0),)
    """

    industry: str = attrs.field(validator=text)
    answers: tuple[tuple[str, float], ...] = attrs.field(converter=_pairs, validator=_answers)


def read_industries(
    columns: Columns, industry: str, questions: Sequence[Question]
) -> tuple[IndustryAnswers, ...]:
    """Read a table of one row per industry; questions without a column there stay unknown.

    Raises
    ------
    DuplicateIdError, RowError
        An industry has several rows, or a row names none.
    ColumnNotFoundError
        No column of the table answers any question about an industry.
    """
    found = labels(columns, industry)
    refuse_missing(found, industry)
    counts = np.bincount(found.codes, minlength=len(found.labels))
    if (counts > 1).any():
        twice = [found.labels[i] for i in np.flatnonzero(counts > 1)]
        raise DuplicateIdError.from_ids(f"industries in {industry!r}", twice)
    if not len(found):
        problem = f"the table of industries by {industry!r} has no rows"
        raise NotEnoughDataError.from_problem(problem, "give one row per industry.")
    known = names_of(columns)
    asked = [q for q in questions if q.column in known]
    _refuse_slips([q.column for q in questions], [n for n in known if n != industry])
    if not asked:
        raise ColumnNotFoundError.from_name(questions[0].column if questions else "", known)
    answers = {q.code: q.read(columns) for q in asked}
    return tuple(
        IndustryAnswers(name, {c: a[i] for c, a in answers.items() if np.isfinite(a[i])})
        for i, name in enumerate(found.labels)
    )


def _refuse_slips(asked: Sequence[str], known: Sequence[str]) -> None:
    """Refuse a column that is almost, but not quite, that of a question nobody answered."""
    unused = [name for name in known if name not in asked]
    for column in asked:
        if column not in known and get_close_matches(column, unused, n=1, cutoff=_ALMOST):
            raise ColumnNotFoundError.from_name(column, known)


def answer_table(industries: Sequence[IndustryAnswers], code: str) -> Floats:
    """List the answers to one question by industry, and NaN after the last for all others."""
    return np.array([*(dict(i.answers).get(code, np.nan) for i in industries), np.nan])


def industry_codes(industries: Sequence[IndustryAnswers], found: Labels) -> Any:
    """Give the position of each row's industry; rows of another or of none go after the last."""
    position = {i.industry: k for k, i in enumerate(industries)}
    table = [position.get(label, len(position)) for label in found.labels]
    return np.array([*table, len(position)], dtype=np.int64)[found.codes]
