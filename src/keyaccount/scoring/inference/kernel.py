"""The gates run over blocks of rows: sums in declared order, so that rows stand for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._blocks import BLOCK, blocks
from keyaccount._columns import Bools, Codes, Floats
from keyaccount.scoring.inference.gate import Gate
from keyaccount.stats.roots import nth_root

VERDICTS = ("target", "ask", "nurture", "rule_out")
"""What becomes of an account, best first."""

VERDICTS_ZH = ("目标客户", "待了解", "培育", "排除")
"""The same in Chinese; the wording is a choice of this library."""

Short: TypeAlias = NDArray[np.int16]
"""Short codes, -1 where there is none."""

TARGET, ASK, NURTURE, RULE_OUT = range(4)

_SLACK = 1e-12
"""A mean of decimal answers may miss the pass mark by a bit where on paper it equals it."""

_NOTHING = np.full(BLOCK, np.nan)


@attrs.frozen(eq=False)
class Answers:
    """The answers to one question: a column, a table by industry behind it, both or neither."""

    column: Floats | None
    by_industry: Floats | None

    def block(self, rows: slice, industry: Codes | None) -> Floats:
        """Give the answers of some rows: the row's own where there is one."""
        if self.by_industry is None or industry is None:
            none = _NOTHING[: rows.stop - rows.start]
            return none if self.column is None else self.column[rows]
        behind: Floats = self.by_industry[industry[rows]]
        if self.column is None:
            return behind
        own = self.column[rows]
        return np.where(np.isfinite(own), own, behind)


@attrs.frozen(eq=False)
class Given:
    """All answers, by gate and question, and the position of each row's industry."""

    gates: tuple[tuple[Answers, ...], ...]
    industry: Codes | None
    n: int


@attrs.frozen(eq=False)
class Judged:
    """One gate's means and whether they pass, with the unknown at its worst and at its best."""

    low: Floats
    high: Floats
    passes: Bools
    may_pass: Bools
    known_weight: Floats


def judge(gate: Gate, answers: Sequence[Floats]) -> Judged:
    """Hold one block of answers to one gate."""
    n, mark = len(answers[0]), gate.pass_mark - _SLACK
    low, high, unknown = np.zeros(n), np.zeros(n), np.zeros(n)
    total = 0.0
    for question, x in zip(gate.questions, answers, strict=True):
        worst, best, missing = _bounds(x)
        low += question.weight * worst
        high += question.weight * best
        if missing is not None:
            unknown += question.weight * missing
        total += question.weight
    low /= total
    high /= total
    known_weight = 1.0 - unknown / total
    if gate.rule == "all":
        return Judged(low, high, *_every(answers, mark), known_weight)
    return Judged(low, high, low >= mark, high >= mark, known_weight)


def _bounds(x: Floats) -> tuple[Floats, Floats, Bools | None]:
    """Put the worst and the best in place of what is unknown; None where nothing is."""
    missing = ~np.isfinite(x)
    if not missing.any():
        return x, x, None
    return np.where(missing, 0.0, x), np.where(missing, 1.0, x), missing


def _every(answers: Sequence[Floats], mark: float) -> tuple[Bools, Bools]:
    """Say whether each answer reaches the mark, the unknown ones at their worst and best."""
    n = len(answers[0])
    passes, may_pass = np.ones(n, dtype=np.bool_), np.ones(n, dtype=np.bool_)
    for x in answers:
        worst, best, _ = _bounds(x)
        passes &= worst >= mark
        may_pass &= best >= mark
    return passes, may_pass


@attrs.frozen(eq=False)
class Outcome:
    """What the gates say of each row."""

    low: Floats
    high: Floats
    coverage: Floats
    gates_passed: Short
    verdict: Short
    next_question: Short

    @classmethod
    def empty(cls, n: int) -> Outcome:
        """Make room for the answers of `n` rows."""
        return cls(
            low=np.empty(n),
            high=np.empty(n),
            coverage=np.empty(n),
            gates_passed=np.empty(n, dtype=np.int16),
            verdict=np.empty(n, dtype=np.int16),
            next_question=np.empty(n, dtype=np.int16),
        )


def run(gates: Sequence[Gate], given: Given) -> Outcome:
    """Take every row through the gates."""
    out = Outcome.empty(given.n)
    for rows in blocks(given.n):
        answers = [[a.block(rows, given.industry) for a in gate] for gate in given.gates]
        judged = [judge(gate, x) for gate, x in zip(gates, answers, strict=True)]
        out.low[rows], out.gates_passed[rows] = _score(
            [j.low for j in judged], [j.passes for j in judged]
        )
        out.high[rows], _ = _score([j.high for j in judged], [j.may_pass for j in judged])
        out.coverage[rows] = _mean([j.known_weight for j in judged])
        out.verdict[rows] = verdict = _verdict(gates, judged)
        out.next_question[rows] = _next(gates, judged, answers, verdict == ASK)
    return out


def _score(means: Sequence[Floats], passes: Sequence[Bools]) -> tuple[Floats, Short]:
    """Give (g + t) / (G + 1), and g: how many gates are passed in order."""
    n, gates = len(means[0]), len(means)
    passed = np.zeros(n, dtype=np.int16)
    reached, rest = np.ones(n, dtype=np.bool_), np.zeros(n)
    for mean, ok in zip(means, passes, strict=True):
        np.copyto(rest, mean, where=reached & ~ok)
        reached &= ok
        passed += reached
    rest[reached] = _geometric_mean([m[reached] for m in means])
    return (passed + rest) / (gates + 1), passed


def _geometric_mean(means: Sequence[Floats]) -> Floats:
    product = means[0].copy()
    for mean in means[1:]:
        product *= mean
    return nth_root(product, len(means))


def _mean(columns: Sequence[Floats]) -> Floats:
    total = columns[0].copy()
    for column in columns[1:]:
        total += column
    return total / len(columns)


def _verdict(gates: Sequence[Gate], judged: Sequence[Judged]) -> Short:
    n = len(judged[0].low)
    certain, fails_industry = np.ones(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    fails_customer = np.zeros(n, dtype=np.bool_)
    for gate, one in zip(gates, judged, strict=True):
        certain &= one.passes
        fails = fails_industry if gate.about == "industry" else fails_customer
        fails |= ~one.may_pass
    verdict = np.full(n, ASK, dtype=np.int16)
    verdict[certain] = TARGET
    verdict[fails_customer] = NURTURE
    verdict[fails_industry] = RULE_OUT
    return verdict


def _next(
    gates: Sequence[Gate],
    judged: Sequence[Judged],
    answers: Sequence[Sequence[Floats]],
    asks: Bools,
) -> Short:
    """Find, in the first undecided gate, the unknown question of the largest weight."""
    found = np.full(len(asks), -1, dtype=np.int16)
    open_rows, offset = asks.copy(), 0
    for gate, one, columns in zip(gates, judged, answers, strict=True):
        here = open_rows & ~one.passes
        open_rows &= one.passes
        for i in reversed(gate.asking_order) if here.any() else ():
            found[here & ~np.isfinite(columns[i])] = offset + i  # the heaviest is written last
        offset += len(gate.questions)
    return found
