"""Learning win evidence from 1,000,000 deals × 6 fields, beside scikit-learn's CategoricalNB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import keyaccount as ka
from benchmarks.harness import Ratio, compare

N = 1_000_000
SIZES = {"product": 4, "sector": 8, "region": 30, "agent": 60, "city": 200, "campaign": 1_000}
PEER = "CategoricalNB"


def run() -> Iterator[Ratio]:
    codes, won = _deals()
    fields = list(SIZES)
    table = np.column_stack([codes[f] for f in fields])
    _assert_same(ka.WinEvidence.fit({**codes, "won": won}, fields), codes, _learned(table, won))

    yield compare(
        f"evidence, {N:,} deals × 6 integer fields",
        lambda: ka.WinEvidence.fit({**codes, "won": won}, fields),
        PEER,
        lambda: _learned(table, won),
        floor=1.0,
    )
    texts = {f: np.array([f"{f} {c}" for c in range(n)], dtype=object) for f, n in SIZES.items()}
    named = {f: texts[f][codes[f]] for f in fields}
    frame = pd.DataFrame(named)
    yield compare(
        f"evidence, {N:,} deals × 6 fields of texts",
        lambda: ka.WinEvidence.fit({**named, "won": won}, fields),
        f"OrdinalEncoder, {PEER}",
        lambda: _learned(_encoded(frame), won),
        floor=1.0,
        pairs=3,
    )
    categories = frame.astype("category")
    with_won = categories.assign(won=won)
    yield compare(
        f"evidence, {N:,} deals × 6 categorical fields",
        lambda: ka.WinEvidence.fit(with_won, fields),
        f"OrdinalEncoder, {PEER}",
        lambda: _learned(_encoded(categories), won),
        floor=1.0,
        pairs=3,
    )


def _deals() -> tuple[dict[str, NDArray[np.int64]], NDArray[np.bool_]]:
    """Make deals whose fields carry a little signal each."""
    rng = np.random.default_rng(0)
    codes = {f: rng.integers(0, n, N) for f, n in SIZES.items()}
    odds = sum(rng.normal(0.0, 0.2, n)[codes[f]] for f, n in SIZES.items())
    return codes, rng.random(N) < 1.0 / (1.0 + np.exp(-odds))


def _learned(table: Any, won: Any) -> Any:
    from sklearn.naive_bayes import CategoricalNB

    return CategoricalNB(alpha=1.0).fit(table, won)


def _encoded(frame: Any) -> Any:
    from sklearn.preprocessing import OrdinalEncoder

    return OrdinalEncoder(dtype=np.int64).fit_transform(frame)


def _assert_same(evidence: ka.WinEvidence, codes: dict[str, Any], peer: Any) -> None:
    """Hold both to the same probabilities on the first rows."""
    head = {f: column[:10_000] for f, column in codes.items()}
    theirs = peer.predict_proba(np.column_stack([head[f] for f in SIZES]))[:, 1]
    np.testing.assert_allclose(evidence.predict(head).probability, theirs, rtol=1e-10)
