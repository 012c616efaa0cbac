"""Checklists and the answers to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from keyaccount.scoring.inference import ExperienceInference, Gate, IndustryAnswers, Question
from keyaccount.scoring.inference.gate import GateRule
from keyaccount.scoring.inference.question import Scale, Subject
from keyaccount.testing.books import GROUPS, SHARE, Book

__all__ = ["answers", "inferences"]

_SUBJECTS: tuple[Subject, ...] = ("industry", "customer")
_RULES: tuple[GateRule, ...] = ("weighted_mean", "weighted_mean", "all")
_SCALES: tuple[Scale, ...] = ("graded", "graded", "yes_no")
_EVEN = st.integers(0, 10).map(lambda tenths: tenths / 10)
_ANSWER = st.one_of(_EVEN, SHARE, st.just(math.nan))
_YES_NO = st.sampled_from([0.0, 1.0, math.nan])


@st.composite
def inferences(
    draw: st.DrawFn, *, max_gates: int = 4, max_questions: int = 4, industries: bool = False
) -> ExperienceInference:
    """Draw checklists: gates of both rules, graded and yes-or-no questions, ties in weight.

    Parameters
    ----------
    max_gates, max_questions
        How many gates, and questions in each, at most.
    industries
        Whether answers are given once per industry, for some of `GROUPS`.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from keyaccount.testing import assert_row_wise
    >>> @settings(deadline=None, max_examples=20)
    ... @given(st.data())
    ... def rows_stand_for_themselves(data):
    ...     inference = data.draw(inferences())
    ...     assert_row_wise(inference, data.draw(answers(inference)))
    >>> rows_stand_for_themselves()
    """
    gates = tuple(
        _gate(draw, f"gate {g}", f"q{g}", draw(st.integers(1, max_questions)))
        for g in range(draw(st.integers(1, max_gates)))
    )
    about = [q for g in gates for q in g.questions if q.about == "industry"]
    known = draw(st.lists(st.sampled_from(GROUPS), unique=True)) if industries else []
    return ExperienceInference(
        gates, industries=[IndustryAnswers(name, _some(draw, about)) for name in known]
    )


def _gate(draw: st.DrawFn, code: str, prefix: str, size: int) -> Gate:
    about = draw(st.sampled_from(_SUBJECTS))
    questions = [
        Question(
            f"{prefix}.{i}",
            f"Question {i}?",
            weight=draw(st.sampled_from([1.0, 1.0, 2.0, 0.3])),
            scale=draw(st.sampled_from(_SCALES)),
            about=about,
        )
        for i in range(size)
    ]
    mark = draw(st.one_of(_EVEN, SHARE))
    rule = draw(st.sampled_from(_RULES))
    return Gate(code, questions, pass_mark=mark, rule=rule)


def _some(draw: st.DrawFn, questions: Sequence[Question]) -> dict[str, float]:
    drawn = {q.code: draw(_answer(q)) for q in questions}
    return {code: a for code, a in drawn.items() if not math.isnan(a)}


def _answer(question: Question) -> st.SearchStrategy[float]:
    return _YES_NO if question.scale == "yes_no" else _ANSWER


@st.composite
def answers(
    draw: st.DrawFn, inference: ExperienceInference, *, min_size: int = 0, max_size: int = 8
) -> Book:
    """Draw a book of answers to a checklist, some of them unknown.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(st.data())
    ... def every_question_has_a_column(data):
    ...     inference = data.draw(inferences())
    ...     book = data.draw(answers(inference))
    ...     assert set(book) == {*inference.reads, "industry"}
    >>> every_question_has_a_column()
    """
    n = draw(st.integers(min_size, max_size))
    book: Book = {
        q.column: draw(st.lists(_answer(q), min_size=n, max_size=n)) for q in inference.questions
    }
    labels: Any = st.sampled_from([*GROUPS, "never seen", None])
    book["industry"] = draw(st.lists(labels, min_size=n, max_size=n))
    return book
