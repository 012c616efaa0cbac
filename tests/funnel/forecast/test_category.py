"""Categories by probability are data, and say what they are called elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import forecast_categories


def test_a_deal_on_a_threshold_belongs_to_the_surer_category() -> None:
    """Half-open bands, as everywhere."""
    found = ka.Categories().of([1.0, 0.9, 0.8999, 0.5, 0.4999, 0.0, float("nan")])
    assert found.tolist() == ["commit", "commit", *["best_case"] * 2, *["pipeline"] * 2, None]


def test_the_preset_has_labels_in_two_languages() -> None:
    """English and Chinese."""
    assert [(c.name, c.name_zh) for c in ka.Categories().steps] == [
        ("Commit", "承诺"),
        ("Best case", "力争"),
        ("Pipeline", "储备"),
    ]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), "must be categories"),
        (("commit",), "must be categories"),
        ((ka.Category("a", 0.5),), "the last one to 0"),
        ((ka.Category("a", 0.5), ka.Category("b", 0.5), ka.Category("c", 0)), "that fall"),
        ((ka.Category("Best Case", 0.5), ka.Category("best_case", 0)), "words of their own"),
        ((ka.Category("won", 0.5), ka.Category("b", 0)), "words of their own"),
    ],
)
def test_what_makes_no_categories(steps: Any, said: str) -> None:
    """Thresholds fall to 0, and words are not shared."""
    with pytest.raises(ka.SpecError, match=said):
        ka.Categories(steps)


@given(forecast_categories(), st.lists(st.floats(0, 1), min_size=1))
def test_a_likelier_deal_is_never_in_a_less_sure_category(
    categories: ka.Categories, chances: list[float]
) -> None:
    """The surest category comes first."""
    places = categories.by_probability(sorted(chances)).tolist()
    assert places == sorted(places, reverse=True)
    assert {categories.codes[p] for p in places} == set(categories.of(chances).tolist())
