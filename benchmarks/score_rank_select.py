"""Score 1,000,000 accounts × 8 linear criteria, rank all, take the top 10 %."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

import keyaccount as ka
from benchmarks.books import CRITERIA, scorer, uniform_columns
from benchmarks.harness import Ratio, compare

N = 1_000_000
CLAIM = "score 1,000,000 × 8 linear, rank all, take the top 10 %"


def run() -> Iterator[Ratio]:
    columns = uniform_columns(N)
    matrix = np.column_stack(list(columns.values()))
    weights = np.full(CRITERIA, 1.0 / CRITERIA)
    fitted = scorer(ka.ObservedRange()).fit(columns)

    def ours() -> ka.Selection:
        scores = fitted.score(columns)
        assert len(scores.rank) == N
        return ka.select(scores, ka.TopShare(0.1))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # skcriteria warns of its own modules on import
        import skcriteria
        from skcriteria.agg.simple import WeightedSumModel
        from skcriteria.pipeline import mkpipe
        from skcriteria.preprocessing.scalers import MinMaxScaler, SumScaler

        decision = skcriteria.mkdm(matrix, [max] * CRITERIA, weights=weights)
        pipe = mkpipe(MinMaxScaler("matrix"), SumScaler("weights"), WeightedSumModel())
        theirs = np.asarray(pipe.evaluate(decision).e_.score)
    assert np.allclose(fitted.score(columns).value, theirs)
    yield compare(
        CLAIM,
        ours,
        "scikit-criteria, pipeline and rank",
        lambda: pipe.evaluate(decision),
        floor=1 / 20,
    )

    from pymcdm.helpers import rankdata
    from pymcdm.methods import WSM

    def pymcdm() -> None:
        rankdata(WSM()(matrix, weights, np.ones(CRITERIA)), reverse=True)

    yield compare(CLAIM, ours, "pymcdm, WSM with its defaults", pymcdm, floor=1 / 100, warm_up=0)
