"""Any column goes in; what cannot be read is named; results look like every other result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.funnel.attainment import plan
from keyaccount.testing import CONTAINERS, as_container

AMOUNTS, CHANCES = [400.0, 300.0, 300.0], [0.5, 0.5, 0.8]


@pytest.mark.parametrize("kind", CONTAINERS)
def test_columns_of_any_library(kind: str) -> None:
    """pandas, polars, pyarrow and numpy columns give the same."""
    table = as_container({"amount": AMOUNTS, "p": CHANCES, "group": ["a", "a", "b"]}, kind)
    shock = ka.CommonShock(((0.5, 2.0), (0.5, 0.5)))
    found = ka.attainment(table["amount"], table["p"], 700, shock=shock, group=table["group"])
    expected = ka.attainment(AMOUNTS, CHANCES, 700, shock=shock, group=["a", "a", "b"])
    assert found.probability == expected.probability


def test_what_is_missing_or_infinite_brings_nothing() -> None:
    """Left out, with a finding each; the others count as if they were alone."""
    found = ka.attainment([100.0, None, np.inf, 50.0, 25.0], [0.5, 0.9, 0.9, np.nan, -np.inf], 100)
    assert found.probability == 0.5
    assert [(f.code, f.where, f.count, f.examples) for f in found.findings] == [
        ("infinite", "amounts", 1, ("row 2",)),
        ("missing", "amounts", 1, ("row 1",)),
        ("infinite", "probabilities", 1, ("row 4",)),
        ("missing", "probabilities", 1, ("row 3",)),
    ]
    assert found.findings[0].message == (
        "amounts: 1 of them is infinite; the deals are left out and bring nothing"
    )


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        ({"probabilities": [0.5, 1.5, -0.1]}, ka.RowError, r"2 rows are outside \[0, 1\]"),
        ({"probabilities": [0.5, 0.5]}, ka.ColumnError, "columns differ in length"),
        ({"amounts": ["a", "b", "c"]}, ka.RowError, "hold no number"),
        ({"amounts": [[1.0], [2.0], [3.0]]}, ka.KeyAccountError, "'amounts'"),
        ({"amounts": [1e308, 1e308, 1e308]}, ka.KeyAccountError, "may not fit a float64"),
        ({"target": None}, ka.RowError, "is no finite amount"),
        ({"target": [1.0, np.nan, np.inf]}, ka.RowError, "2 rows are no finite amount"),
        ({"target": "much"}, ka.KeyAccountError, "'target'"),
        ({"width": 0.0}, ka.SpecError, r"attainment\(width\) must be a finite number above 0"),
        ({"width": "narrow"}, ka.SpecError, r"attainment\(width\)"),
        ({"shock": ((0.5, 2.0), (0.5, 0.5))}, ka.SpecError, "must be a CommonShock"),
        ({"group": ["a", "a", "b"]}, ka.SpecError, r"attainment\(group\) needs a shock"),
        (
            {"group": ["a"], "shock": ka.CommonShock(((1.0, 1.0),))},
            ka.ColumnError,
            "columns differ in length",
        ),
    ],
)
def test_what_cannot_be_read_is_named(call: dict[str, Any], error: Any, match: str) -> None:
    """A typed error with the fact and a hint."""
    given = {"amounts": AMOUNTS, "probabilities": CHANCES, "target": 700.0, **call}
    with pytest.raises(error, match=match) as caught:
        ka.attainment(**given)
    assert caught.value.hint


@pytest.mark.parametrize("share", [0.0, 1.01, float("nan"), "half", None, True])
def test_a_quantile_needs_a_share(share: Any) -> None:
    """Above 0 and up to 1."""
    with pytest.raises(ka.SpecError, match=r"Attainment.quantile\(share\)"):
        ka.attainment(AMOUNTS, CHANCES, 700).quantile(share)


def test_a_result_reads_like_the_others() -> None:
    """Length, columns, rows and a table; no targets at all are fine."""
    found = ka.attainment(AMOUNTS, CHANCES, [600, 700])
    assert len(found) == 2
    assert list(found.columns()) == ["target", "probability", "low", "high"]
    assert found.row(-1)["target"] == 700.0
    assert found.row(1)["why"].startswith("590 expected, sd ")
    assert repr(found) == "<Attainment of 2 targets by 3 deals>"
    assert "<table" in found._repr_html_()
    whole = found.distribution()
    assert len(whole) == len(whole.columns()["low"])
    assert whole.row(0)["probability"] == 1.0
    assert "<table" in whole._repr_html_()
    assert len(ka.attainment(AMOUNTS, CHANCES, [])) == 0
    with pytest.raises(ka.RowError, match="no row 2"):
        found.row(2)


def test_bounds_wider_than_asked_for_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the work is too much, the bounds stay wide, and still hold."""
    rng = np.random.default_rng(4)
    amounts, chances = rng.lognormal(9.0, 1.0, 120), rng.random(120)
    target = float((amounts * chances).sum())
    narrow = ka.attainment(amounts, chances, target)
    monkeypatch.setattr(plan, "_MOST_WORK", 1e5)
    wide = ka.attainment(amounts, chances, target)
    assert narrow.findings == ()
    assert narrow.high - narrow.low <= 1e-3
    (finding,) = wide.findings
    assert finding.code == "wide"
    assert "wider than the 0.001 asked for" in finding.message
    assert wide.low <= narrow.low <= narrow.high <= wide.high


def test_bounds_are_as_narrow_as_asked_for() -> None:
    """A smaller width narrows the bounds, inside the wider ones."""
    rng = np.random.default_rng(6)
    amounts, chances = rng.lognormal(9.0, 1.5, 80), rng.random(80)
    target = float((amounts * chances).sum())
    coarse, fine = (ka.attainment(amounts, chances, target, width=w) for w in (1e-2, 1e-4))
    assert 1e-3 < coarse.high - coarse.low <= 1e-2
    assert fine.high - fine.low <= 1e-4
    assert coarse.low <= fine.low <= fine.probability <= fine.high <= coarse.high
