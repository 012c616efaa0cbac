"""Golden numbers: naive Bayes on the fourteen Saturday mornings."""

from __future__ import annotations

import numpy as np
import pytest

import keyaccount as ka

FIELDS = ("outlook", "temperature", "humidity", "wind")
MORNINGS = """
sunny    hot  high   weak   no
sunny    hot  high   strong no
overcast hot  high   weak   yes
rain     mild high   weak   yes
rain     cool normal weak   yes
rain     cool normal strong no
overcast cool normal strong yes
sunny    mild high   weak   no
sunny    cool normal weak   yes
rain     mild normal weak   yes
sunny    mild normal strong yes
overcast mild high   strong yes
overcast hot  normal weak   yes
rain     mild high   strong no
"""
ROWS = [line.split() for line in MORNINGS.split("\n") if line]
BOOK = {name: [row[i] for row in ROWS] for i, name in enumerate(FIELDS)}
PLAYED = [row[4] == "yes" for row in ROWS]

# CategoricalNB(alpha).fit(…).predict_proba(…) of scikit-learn 1.9, probability of playing
SCIKIT_LEARN = {
    1.0: (
        0.31203093017966776, 0.16274564074176578, 0.7514719978091192, 0.5733538799070177,
        0.8758578235790339, 0.7514719978091192, 0.9189551239115872, 0.4304989017885156,
        0.7987358616101131, 0.854638487208009, 0.5863247863247861, 0.6835222319093286,
        0.9297192642787997, 0.36545857126209047,
    ),
    0.5: (
        0.263999038692622, 0.12123385939741746, 0.8188255756170286, 0.5585908808407253,
        0.9013760020198194, 0.7785258681785967, 0.9576230143355289, 0.3923369974999007,
        0.823415787349363, 0.8757839099988414, 0.5804548212223808, 0.7578055801594333,
        0.961803355567418, 0.32737839001291413,
    ),
}  # fmt: skip


def learned(smoothing: float) -> ka.WinEvidence:
    """Learn from all mornings."""
    return ka.WinEvidence.fit({**BOOK, "played": PLAYED}, FIELDS, "played", smoothing=smoothing)


def test_mitchell_1997_section_6_9_1() -> None:
    """Mitchell (1997), Machine Learning, 6.9.1: a sunny, cool, humid, windy morning.

    Without smoothing the normalised probability of not playing is 0.0206 / (0.0206 + 0.0053), which
    is 0.795.
    """
    morning = {"outlook": "sunny", "temperature": "cool", "humidity": "high", "wind": "strong"}
    found = learned(1e-9).predict(morning)
    assert 1.0 - found.probability[0] == pytest.approx(0.795, abs=5e-4)
    # P(strong | yes) = 3/9 and P(strong | no) = 3/5, as printed there
    assert found.factors[0, 3] == pytest.approx(np.log((3 / 9) / (3 / 5)))
    assert found.prior[0] == pytest.approx(np.log((9 / 14) / (5 / 14)))


@pytest.mark.parametrize("smoothing", SCIKIT_LEARN)
def test_categorical_naive_bayes_of_scikit_learn(smoothing: float) -> None:
    """Where nothing is missing, the probabilities are those of CategoricalNB."""
    found = learned(smoothing).predict(BOOK)
    np.testing.assert_allclose(found.probability, SCIKIT_LEARN[smoothing], rtol=1e-12)


def test_the_formula_on_the_table() -> None:
    """(won + s) / (all won + s·K), over the same of the lost: four of nine against two of five."""
    table = learned(1.0).table()
    at = table["label"].tolist().index("mild")
    assert (table["won"][at], table["lost"][at]) == (4, 2)
    assert table["factor"][at] == pytest.approx(((4 + 1) / (9 + 3)) / ((2 + 1) / (5 + 3)))
