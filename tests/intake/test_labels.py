"""Labels that are probably not what was meant are told with the alias to state."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.intake import misspelt, near_duplicates, unknown_labels
from keyaccount.intake.labels import edits, folded


def ones(*labels: str) -> dict[str, int]:
    """Count each label once."""
    return dict.fromkeys(labels, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Inc.", "ACME"),
        ("GTX Pro", "GTXPro"),
        ("Acme_Ltd", "acme ltd"),
        ("Ａｃｍｅ", "Acme"),
        ("Initech", "Initecch"),
        ("Umbrella", "Umbrlela"),
        ("Globex North", "Globxe North"),
    ],
)
def test_two_ways_to_write_one_label_are_a_pair(one: str, other: str) -> None:
    """Two ways to write one label are a pair."""
    found = near_duplicates(ones(one, other, "Something else"), "names")
    assert found[0].count == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Plant 1", "Plant 2"), ("X-Texon", "J-Texon"), ("Store A", "Store B"), ("Ford", "Fort")],
)
def test_labels_that_differ_on_purpose_are_no_pair(one: str, other: str) -> None:
    """Labels that differ on purpose are no pair."""
    assert near_duplicates(ones(one, other), "names") == ()


def test_a_misspelt_sector_is_told_with_its_alias() -> None:
    """A misspelt sector is told with its alias."""
    found = misspelt({"technolgy": 12, "retail": 17}, "sector", "sector")
    assert [f.count for f in found] == [12]
    assert "alias: sector:technolgy=technology" in found[0].message


@pytest.mark.parametrize(
    "label", ["retail", "Retail & Services", "retailers", "cosmology", "it", "Media 24", "零售"]
)
def test_right_words_unknown_words_and_plurals_are_left_alone(label: str) -> None:
    """Right words unknown words and plurals are left alone."""
    assert misspelt(ones(label), "sector", "sector") == ()


def test_the_case_of_a_misspelt_word_is_kept() -> None:
    """The case of a misspelt word is kept."""
    found = misspelt(ones("Softwre Services"), "sector", "sector")
    assert "'Software Services'" in found[0].message


def test_an_unknown_label_comes_with_the_closest_known_one() -> None:
    """An unknown label comes with the closest known one."""
    found = unknown_labels(
        {"GTXPro": 1480, "MG Special": 2}, ["GTX Pro", "MG Special"], "product", "product", "list"
    )
    assert [f.count for f in found] == [1480]
    assert "alias: product:GTXPro=GTX Pro" in found[0].message


def test_many_unknown_labels_are_summed_up() -> None:
    """Many unknown labels are summed up."""
    found = unknown_labels(ones(*(f"thing {i}" for i in range(50))), [], "x", "product", "list")
    assert len(found) == 21
    assert found[-1].count == 30


@given(st.text("abcd", max_size=7), st.text("abcd", max_size=7), st.text("abcd", max_size=7))
def test_edits_are_symmetric_and_zero_only_for_the_same(a: str, b: str, c: str) -> None:
    """Edits are symmetric and zero only for the same."""
    assert edits(a, b) == edits(b, a)
    assert (edits(a, b) == 0) == (a == b)
    assert edits(a + c, b + c) <= edits(a, b)


@given(st.text())
def test_folding_twice_is_folding_once_but_for_the_legal_form(label: str) -> None:
    """Folding twice is folding once but for the legal form."""
    assert folded(label.upper()) == folded(label) or label.upper().casefold() != label.casefold()


@given(st.lists(st.text("abcdefg ", min_size=5, max_size=8), unique=True, max_size=20))
def test_pairs_do_not_depend_on_order(labels: Sequence[str]) -> None:
    """Pairs do not depend on order."""
    assert near_duplicates(ones(*labels), "x") == near_duplicates(ones(*reversed(labels)), "x")
