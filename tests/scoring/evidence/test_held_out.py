"""Held-out evidence: learned before a day, judged after it, and never dressed up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_bits, deals

SPLIT = "2026-07-01"


def market(signal: float, n: int = 4_000, seed: int = 0) -> dict[str, Any]:
    """Make deals of a year whose sector turns the odds by a signal."""
    rng = np.random.default_rng(seed)
    sector = rng.integers(0, 4, n)
    odds = 0.3 + signal * (sector - 1.5)
    return {
        "sector": sector,
        "agent": rng.integers(0, 30, n),
        "won": rng.random(n) < 1.0 / (1.0 + np.exp(-odds)),
        "closed": np.datetime64("2026-01-01", "D") + rng.integers(0, 365, n),
    }


def judged(book: Any, fields: Any = ("sector", "agent"), **options: Any) -> ka.HeldOut:
    """Learn and judge, but for what is said."""
    return ka.held_out_evidence(book, fields, **{"closed": "closed", "split": SPLIT, **options})


def test_signal_is_found() -> None:
    """Where the sector matters, the verdict says better, and the forecasts are calibrated."""
    found = judged(market(1.0))
    assert found.verdict.startswith("better than the base rate")
    table = found.calibration.table
    many = table.count > 100
    assert many.any()
    assert (np.abs(table.forecast - table.observed)[many] < 0.12).all()


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_not_dressed_up(seed: int) -> None:
    """Where no field matters, the verdict never says better."""
    found = judged(market(0.0, seed=seed))
    assert not found.verdict.startswith("better")


@settings(max_examples=40)
@given(deals(min_size=1))
def test_every_deal_is_somewhere(book: Any) -> None:
    """Learned from, judged, open, undated or later: together all of them."""
    more = {"sector": "retail", "product": 1, "amount": 5.0, "team": "east"}
    for won, closed in ((True, "2026-01-01"), (False, "2026-01-01"), (True, "2026-08-01")):
        for name, cells in book.items():
            cells.append({**more, "won": won, "closed": closed}[name])
    found = judged(book, ["sector"], until="2026-09-01")
    rows = found.learned_from + found.judged + found.open + found.undated + found.later
    assert rows == len(book["won"])
    assert len(found) == found.judged == len(found.rows) == found.calibration.n
    assert found.calibration.base_rate == found.evidence.base_rate


@pytest.mark.parametrize("options", [{}, {"team": "agent", "min_team": 20}])
def test_it_is_fit_and_predict_and_calibration(options: Any) -> None:
    """The three verbs, one after the other, say the same to the last bit."""
    book = market(0.5)
    found = judged(book, ["sector"], until="2026-10-01", **options)
    evidence = ka.WinEvidence.fit(book, ["sector"], closed="closed", before=SPLIT, **options)
    assert found.evidence == evidence
    days = book["closed"]
    later = (days >= np.datetime64(SPLIT, "D")) & (days < np.datetime64("2026-10-01", "D"))
    assert found.rows.tolist() == np.flatnonzero(later).tolist()
    p = evidence.predict({n: column[later] for n, column in book.items()}).probability
    assert_same_bits(found.probabilities.probability, p, "held out")
    alone = ka.calibration(p, book["won"][later], base_rate=evidence.base_rate)
    assert repr(found.calibration.summary()) == repr(alone.summary())
    assert found.later == np.count_nonzero(days >= np.datetime64("2026-10-01", "D"))


def test_it_shows_what_it_found() -> None:
    """Counts and figures as a record, judged deals as columns and rows."""
    found = judged(market(0.5, 500))
    summary = found.summary()
    assert summary["learned_from"] == found.learned_from
    assert summary["verdict"] == found.verdict
    assert found.verdict in found._repr_html_()
    assert found.columns()["row"].tolist() == found.rows.tolist()
    assert list(found.row(0)["evidence"]) == ["sector", "agent"]
    assert found.findings == found.probabilities.findings


def test_findings_speak_of_the_judged_deals() -> None:
    """An infinite amount or a new label among the deals learned from is no finding here."""
    book = {
        "amount": [1.0, np.inf, 5.0, np.inf],
        "sector": ["a", "b", "c", "a"],
        "won": [True, False, True, False],
        "closed": ["2026-01-01", "2026-01-01", "2026-08-01", "2026-08-01"],
    }
    found = judged(book, ["amount", "sector"], bands={"amount": (2,)})
    told = [(f.code, f.where, f.count) for f in found.findings]
    assert told == [("infinite", "amount", 1), ("unseen", "amount", 1), ("unseen", "sector", 1)]


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"split": "2027-07-01"}, ka.NotEnoughDataError, "closed from 2027-07-01 on is there"),
        ({"until": SPLIT}, ka.NotEnoughDataError, "from 2026-07-01 to before 2026-07-01"),
        ({"split": "2025-07-01"}, ka.NotEnoughDataError, "got 0 won and 0 lost"),
        ({"split": "soon"}, ka.SpecError, r"held_out_evidence\(split\) must be a date"),
        ({"split": None}, ka.SpecError, r"held_out_evidence\(split\)"),
        ({"until": 5}, ka.SpecError, r"held_out_evidence\(until\)"),
        ({"closed": "close"}, ka.ColumnNotFoundError, "did you mean 'closed'"),
        ({"fields": ["sector", "closed"]}, ka.SpecError, "only known with the outcome"),
        ({"bins": -1}, ka.SpecError, "bins"),
        ({"won": "win"}, ka.ColumnNotFoundError, "did you mean 'won'"),
    ],
)
def test_what_cannot_be_judged_is_refused(change: Any, error: Any, said: str) -> None:
    """Typed errors in plain words."""
    with pytest.raises(error, match=said):
        judged(market(0.0, 200), **change)


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_deals_does_not_matter(random: Any) -> None:
    """Permuted, the deals give the same figures, to the bit."""
    book = market(0.5, 300)
    rows = list(range(300))
    random.shuffle(rows)
    turned = judged({name: column[rows] for name, column in book.items()})
    assert repr(turned.summary()) == repr(judged(book).summary())
