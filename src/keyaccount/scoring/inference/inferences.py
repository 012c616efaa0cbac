"""`Inferences`: what the gates say of each account, how sure, and what to ask next."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.scoring.inference.kernel import (
    ASK,
    VERDICTS,
    VERDICTS_ZH,
    Given,
    Outcome,
    judge,
    run,
)
from keyaccount.scoring.inference.question import Question
from keyaccount.scoring.ranking import competition_rank

if TYPE_CHECKING:
    from keyaccount.scoring.inference.experience import ExperienceInference


class Inferences(Stamped, Viewed):
    """What the gates say of each account, aligned with the input by position.

    Attributes
    ----------
    score, low
        ``(n,)`` float64: the score with everything unknown at its worst (0).
    high
        ``(n,)`` float64: the score with everything unknown at its best (1).
    coverage
        ``(n,)`` float64: the share of each gate's weight that is answered, averaged over the gates.
        It stands beside the score and is never multiplied in.
    gates_passed
        ``(n,)`` int16: how many gates are passed, in order, by what is known.
    verdict
        ``(n,)`` texts: ``"target"`` passes all gates whatever the unknown answers are;
        ``"rule_out"`` fails a gate about its industry whatever they are; ``"nurture"`` fails only
        a gate about the customer; ``"ask"`` depends on them.
    next_question
        ``(n,)`` texts: where the verdict is to ask, the code of the unknown question of the
        largest weight in the first gate that is undecided; None elsewhere.
    rank
        ``(n,)`` int64: by score, 1 is best, equal scores share the better rank.
    findings
        What a reader should know of the answers.

    Examples
    --------
    >>> import keyaccount as ka
    >>> inference = ka.experience_inference()
    >>> found = inference.infer({"industry_gene_many": [0.9], "industry_gene_large": [0.8]})
    >>> found.verdict.tolist(), found.next_question.tolist()
    (['ask'], ['industry_gene_often'])
    """

    def __init__(
        self, spec: ExperienceInference, given: Given, findings: tuple[Finding, ...]
    ) -> None:
        self._spec = spec
        self._gates = spec.gates
        self._given = given
        self._outcome: Outcome = run(spec.gates, given)
        self.score: Floats = self._outcome.low
        self.high: Floats = self._outcome.high
        self.coverage: Floats = self._outcome.coverage
        self.gates_passed: NDArray[np.int16] = self._outcome.gates_passed
        self.findings: tuple[Finding, ...] = findings
        for array in (self.score, self.high, self.coverage, self.gates_passed):
            array.flags.writeable = False  # ranks and selections rest on them

    def __len__(self) -> int:
        return len(self.score)

    def __repr__(self) -> str:
        counts = ", ".join(f"{n} {verdict}" for verdict, n in self.counts().items() if n)
        return f"<Inferences of {len(self)} accounts: {counts or 'none'}>"

    def _view(self) -> View:
        return View(f"Inferences of {len(self):,} accounts", self.columns(), len(self))

    @property
    def spec(self) -> ExperienceInference:
        """The spec that made it."""
        return self._spec

    @property
    def low(self) -> Floats:
        """The score with everything unknown at its worst, which is the score itself."""
        return self.score

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, gate by gate."""
        return tuple(q for g in self._gates for q in g.questions)

    @cached_property
    def verdict(self) -> Objects:
        """What becomes of each account."""
        return np.array(VERDICTS, dtype=object)[self._outcome.verdict]

    @cached_property
    def verdict_zh(self) -> Objects:
        """What becomes of each account, in Chinese."""
        return np.array(VERDICTS_ZH, dtype=object)[self._outcome.verdict]

    @cached_property
    def next_question(self) -> Objects:
        """What to ask of each account next, None where nothing would change the verdict."""
        codes = np.array([*(q.code for q in self.questions), None], dtype=object)
        return codes[self._outcome.next_question]

    @cached_property
    def rank(self) -> Codes:
        """By score: 1 is best, equal scores share the better rank."""
        return competition_rank(self.score)

    @cached_property
    def candidates(self) -> Floats:
        """The score of targets and of those to ask: what a short list is chosen from; else NaN.

        Whoever fails a gate for certain, to be nurtured or ruled out, is no candidate now, however
        high a score the earlier gates give.

        Examples
        --------
        >>> import keyaccount as ka
        >>> question = ka.Question("open", "Do they buy openly?", about="industry")
        >>> inference = ka.ExperienceInference([ka.Gate("match", [question], pass_mark=0.5)])
        >>> found = inference.infer({"open": [0.9, 0.1, 0.6]})
        >>> ka.select(found.candidates, ka.TopCount(2), ids=["a", "b", "c"]).key_ids
        ('a', 'c')
        """
        return np.where(self._outcome.verdict <= ASK, self.score, np.nan)

    def counts(self) -> dict[str, int]:
        """Count the accounts of each verdict."""
        counted = np.bincount(self._outcome.verdict, minlength=len(VERDICTS))
        return dict(zip(VERDICTS, counted.tolist(), strict=True))

    def asks(self) -> dict[str, int]:
        """Count the accounts that each question comes next for, most first: what to find out."""
        found = self._outcome.next_question
        counted = np.bincount(found[found >= 0], minlength=len(self.questions)).tolist()
        named = zip((q.code for q in self.questions), counted, strict=True)
        return dict(sorted(((c, n) for c, n in named if n), key=lambda pair: -pair[1]))

    def columns_of_codes(self) -> dict[str, NDArray[Any]]:
        """Give what depends on each account alone, labels as codes: what engines write."""
        return {
            "inference": self.score,
            "inference_low": self.low,
            "inference_high": self.high,
            "inference_coverage": self.coverage,
            "gates_passed": self.gates_passed,
            "verdict": self._outcome.verdict,
            "next_question": self._outcome.next_question,
        }

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        texts = {"verdict": self.verdict, "next_question": self.next_question}
        return {**self.columns_of_codes(), **texts, "rank": self.rank}

    def row(self, i: int) -> Record:
        """Give one account as a readable record: each gate, and what is missing there."""
        i = checked_row(i, len(self))
        record: dict[str, Any] = {
            "verdict": self.verdict[i],
            "score": float(self.score[i]),
            "high": float(self.high[i]),
            "coverage": float(self.coverage[i]),
            "gates passed": f"{self.gates_passed[i]} of {len(self._gates)}",
            "gates": {g.name or g.code: self._said(k, i) for k, g in enumerate(self._gates)},
        }
        code = self.next_question[i]
        if code is not None:
            asked = next(q for q in self.questions if q.code == code)
            record["ask next"] = f"{asked.text} ({code})"
        return Record(record)

    def _said(self, k: int, i: int) -> str:
        """Say in one line how an account stands at one gate."""
        gate, row = self._gates[k], slice(i, i + 1)
        answers = [a.block(row, self._given.industry) for a in self._given.gates[k]]
        one = judge(gate, answers)
        low, high = float(one.low[0]), float(one.high[0])
        state = "passed" if one.passes[0] else "open" if one.may_pass[0] else "failed"
        mark = f"pass mark {gate.pass_mark:g}" + (" for each" if gate.rule == "all" else "")
        span = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
        named = zip(gate.questions, answers, strict=True)
        unknown = [q.code for q, x in named if not np.isfinite(x[0])]
        missing = f"; unknown: {', '.join(unknown)}" if unknown else ""
        return f"{state}: {span} ({mark}){missing}"
