"""`ExperienceInference`: gates in order, where there is no history to score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns, Floats, common_length, labels, names_of, row_count
from keyaccount._validators import exact_tuple, field_name, some_of, text
from keyaccount._view import Spec
from keyaccount.errors import ColumnNotFoundError, SpecError, closest
from keyaccount.findings import Finding
from keyaccount.rowwise import Column
from keyaccount.scoring.inference.gate import Gate
from keyaccount.scoring.inference.industry import (
    IndustryAnswers,
    answer_table,
    industry_codes,
    read_industries,
)
from keyaccount.scoring.inference.inferences import Inferences
from keyaccount.scoring.inference.kernel import VERDICTS, Answers, Given
from keyaccount.scoring.inference.question import Question

if TYPE_CHECKING:
    from keyaccount.scoring.composite import CompositeScorer
    from keyaccount.scoring.inference.bridge import Bridge


def _ask_once(instance: Any, attribute: Any, value: Any) -> None:
    codes = [q.code for g in value for q in g.questions]
    twice = sorted({c for c in codes if codes.count(c) > 1})
    if twice:
        name, rule = field_name(instance, attribute), "must have unique codes of questions"
        raise SpecError.from_field(name, rule, twice, "rename one.")


def _industries(instance: ExperienceInference, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    good = isinstance(value, tuple) and all(isinstance(i, IndustryAnswers) for i in value)
    names = [i.industry for i in value] if good else []
    if not good or len(set(names)) < len(names):
        hint = "give one IndustryAnswers per industry, or use with_industries(table)."
        raise SpecError.from_field(name, "must be answers, one set per industry", value, hint)
    asked = {q.code for q in instance.questions if q.about == "industry"}
    for code in (c for i in value for c, _ in i.answers):
        if code not in asked:
            raise SpecError.from_choice(f"{name}: question", code, sorted(asked))


def _by_label(value: Any) -> Any:
    """Sort by industry, so that equal specs are equal."""
    given = exact_tuple(value)
    if isinstance(given, tuple) and all(isinstance(i, IndustryAnswers) for i in given):
        return tuple(sorted(given, key=lambda i: i.industry))
    return given


@attrs.frozen
class ExperienceInference(Spec):
    """Gates that an account passes in order: experience inference (经验推算法).

    For a new product or a new market, where there is no history to score. An account that does not
    pass a gate gets nothing from the later ones.

    Parameters
    ----------
    gates
        The gates, in order.
    industry
        The column with the label of an account's industry, read where `industries` are given.
    industries
        Answers given once per industry and looked up for each of its customers. An answer on the
        account's own row comes first.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Notes
    -----
    With ``g`` of ``G`` gates passed in order the score is ``(g + t) / (G + 1)``, where ``t`` is the
    weighted mean of the first gate that is not passed or, where all are, the geometric mean of all
    gates. No better answer ever lowers it. The gates are those of the method; how their answers
    become a score is a choice of this library.

    Inferring is row-wise: rows can be permuted, split or sent to a cluster, and every result is the
    same to the last bit.

    Examples
    --------
    >>> import keyaccount as ka
    >>> inference = ka.ExperienceInference(
    ...     gates=[
    ...         ka.Gate("gene", [ka.Question("often", "Do they buy often?")], pass_mark=0.5),
    ...         ka.Gate("match", [ka.Question("fit", "Does it fit?")], pass_mark=0.5),
    ...     ]
    ... )
    >>> found = inference.infer({"often": [1.0, 0.2, 0.8], "fit": [0.5, 0.9, None]})
    >>> found.score.round(3), found.verdict.tolist(), found.next_question.tolist()
    (array([0.902, 0.067, 0.333]), ['target', 'nurture', 'ask'], [None, None, 'fit'])
    """

    gates: tuple[Gate, ...] = attrs.field(
        converter=exact_tuple, validator=[some_of(Gate, "gates", by="code"), _ask_once]
    )
    industry: str = attrs.field(default="industry", kw_only=True, validator=text)
    industries: tuple[IndustryAnswers, ...] = attrs.field(
        default=(), kw_only=True, converter=_by_label, validator=_industries
    )

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, gate by gate."""
        return tuple(q for g in self.gates for q in g.questions)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it reads; a question without its column is unknown for every account."""
        names = [q.column for q in self.questions]
        return tuple(dict.fromkeys([*names, *([self.industry] if self.industries else [])]))

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        floats = ("inference", "inference_low", "inference_high", "inference_coverage")
        return {
            **{name: Column("float") for name in floats},
            "gates_passed": Column("code", tuple(str(i) for i in range(len(self.gates) + 1))),
            "verdict": Column("code", VERDICTS),
            "next_question": Column("code", tuple(q.code for q in self.questions)),
        }

    def with_industries(self, table: Columns) -> ExperienceInference:
        """Return the same gates with the answers of a table of one row per industry.

        Parameters
        ----------
        table
            Columns: the label of the industry, and one per question that is answered there. What is
            not there, or NaN, stays unknown.

        Raises
        ------
        DuplicateIdError, RowError
            An industry has several rows, or a row names none.
        ColumnNotFoundError
            The table has no column of industries, answers no question about an industry, or has a
            column that only a slip of the pen keeps from answering one.
        NotEnoughDataError
            The table has no rows.

        Examples
        --------
        >>> import keyaccount as ka
        >>> gates = [ka.Gate("g", [ka.Question("open", "Open?", about="industry")], pass_mark=0.5)]
        >>> inference = ka.ExperienceInference(gates).with_industries(
        ...     {"industry": ["finance", "carriers"], "open": [0.9, 0.1]}
        ... )
        >>> inference.infer({"industry": ["carriers", "finance"]}).verdict.tolist()
        ['rule_out', 'target']
        """
        asked = [q for q in self.questions if q.about == "industry"]
        return attrs.evolve(self, industries=read_industries(table, self.industry, asked))

    def infer(self, answers: Columns) -> Inferences:
        """Take each account through the gates.

        Parameters
        ----------
        answers
            One column per question, in [0, 1], NaN or null where unknown; any container of columns,
            or a dict of scalars for one account. A question without a column is unknown for every
            account.

        Returns
        -------
        Inferences
            Score, bounds, coverage, verdict and the next question to ask, aligned with the input.

        Raises
        ------
        ColumnNotFoundError
            There is no column for any question, or none of industries where it is needed.
        ColumnError, RowError
            A column holds no answers.
        """
        known = names_of(answers)
        read = {q.code: q.read(answers) for q in self.questions if q.column in known}
        if not read and not self.industries:
            raise ColumnNotFoundError.from_name(self.questions[0].column, known)
        found = labels(answers, self.industry) if self.industries else None
        lengths = {**read, **({} if found is None else {self.industry: found})}
        given = Given(
            tuple(tuple(self._answers(q, read) for q in g.questions) for g in self.gates),
            None if found is None else industry_codes(self.industries, found),
            common_length(lengths) if lengths else row_count(answers),
        )
        return Inferences(self, given, self._findings(known, read, given))

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        return {**self.infer(columns).columns_of_codes()}

    def to_composite(
        self, scorer: CompositeScorer, *, at: float, full: float = 1.0, min_accounts: int = 10
    ) -> Bridge:
        """Move to a composite score, account by account, as real data come in.

        Parameters
        ----------
        scorer
            The score to move to: for a new market, with ``market_weights("new")``.
        at
            The coverage of real data, in [0, 1], from which an account begins to be judged by it.
        full
            The coverage from which it is judged by real data alone.
        min_accounts
            How many accounts must have come so far before any is moved. The default of 10 is a
            choice of this library.

        Returns
        -------
        Bridge
            To be fitted on a book that has both answers and data.
        """
        from keyaccount.scoring.inference.bridge import Bridge

        return Bridge(self, scorer, at=at, full=full, min_accounts=min_accounts)

    def _answers(self, question: Question, read: Mapping[str, Floats]) -> Answers:
        by_industry = None
        if question.about == "industry" and self.industries:
            by_industry = answer_table(self.industries, question.code)
        return Answers(read.get(question.code), by_industry)

    def _findings(
        self, known: tuple[str, ...], read: Mapping[str, Floats], given: Given
    ) -> tuple[Finding, ...]:
        found = [_infinite(q, read[q.code]) for q in self.questions if q.code in read]
        unused = [n for n in known if n not in self.reads]
        looked_up = {c for i in self.industries for c, _ in i.answers}
        silent = [q for q in self.questions if q.code not in read and q.code not in looked_up]
        near = {q.code: closest(q.column, unused) for q in silent}
        found += [_misspelt(q, near[q.code]) for q in silent if near[q.code]]
        found += [
            _not_asked([q for q in silent if not near[q.code]]),
            _no_industry(self, given),
        ]
        return tuple(f for f in found if f is not None)


def _infinite(question: Question, x: Floats) -> Finding | None:
    count = int(np.count_nonzero(np.isinf(x)))
    if not count:
        return None
    values = "answer is infinite and counts" if count == 1 else "answers are infinite and count"
    message = f"{count} {values} as unknown"
    return Finding(code="infinite", message=message, count=count, where=question.column)


def _misspelt(question: Question, near: tuple[str, ...]) -> Finding:
    meant = " or ".join(repr(n) for n in near)
    return Finding(
        code="not_asked",
        message=f"no column {question.column!r}: unknown for every account; did you mean {meant}?",
        count=1,
        where=question.column,
    )


def _not_asked(questions: list[Question]) -> Finding | None:
    if not questions:
        return None
    n = len(questions)
    has = "question has no column and is" if n == 1 else "questions have no column and are"
    return Finding(
        code="not_asked",
        message=f"{n} {has} unknown for every account",
        count=n,
        severity="info",
        examples=[q.column for q in questions[:5]],
    )


def _no_industry(inference: ExperienceInference, given: Given) -> Finding | None:
    if given.industry is None:
        return None
    count = int(np.count_nonzero(given.industry == len(inference.industries)))
    if not count:
        return None
    accounts = "account is" if count == 1 else "accounts are"
    message = f"{count} {accounts} in no industry that answers were given for"
    return Finding(code="no_industry", message=message, count=count, where=inference.industry)
