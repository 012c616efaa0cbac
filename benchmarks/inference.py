"""Experience inference: a million customers × 20 questions, beside the bare score in Polars."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare

N = 1_000_000
GATES, QUESTIONS = 4, 5
MARK = 0.5
CLAIM = "infer 1,000,000 customers × 20 questions, all results"


def made() -> ka.ExperienceInference:
    """Make four gates of five questions."""
    return ka.ExperienceInference(
        [
            ka.Gate(
                f"gate {g}",
                [ka.Question(f"q{g}{i}", "?", weight=i + 1) for i in range(QUESTIONS)],
                pass_mark=MARK,
            )
            for g in range(GATES)
        ]
    )


def run() -> Iterator[Ratio]:
    import polars as pl

    inference = made()
    rng = np.random.default_rng(0)
    book = {
        q.column: np.where(rng.random(N) < 0.1, np.nan, rng.integers(0, 11, N) / 10)
        for q in inference.questions
    }

    def ours() -> Any:
        return inference.infer(book)

    frame = pl.DataFrame(book)
    score = _score(inference)

    def polars() -> Any:
        return frame.select(score)

    assert np.allclose(ours().score, polars()["score"].to_numpy())
    yield compare(CLAIM, ours, "Polars, all cores, the score alone", polars)


def _score(inference: ka.ExperienceInference) -> Any:
    """Write the score, and nothing but the score, as an expression."""
    import polars as pl

    means = []
    for gate in inference.gates:
        total = sum(q.weight for q in gate.questions)
        terms = [pl.col(q.column).fill_nan(0.0) * q.weight for q in gate.questions]
        means.append(reduce(add, terms) / total)
    passed = reduce(lambda a, b: a * b, means) ** (1 / len(means)) + len(means)
    for g, mean in reversed(list(enumerate(means))):
        passed = pl.when(mean >= MARK - 1e-12).then(passed).otherwise(mean + g)
    return (passed / (len(means) + 1)).alias("score")
