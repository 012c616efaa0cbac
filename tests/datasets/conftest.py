"""Books made once: one as it comes, and a larger one without clerical faults."""

from __future__ import annotations

import pytest

from keyaccount.datasets import SyntheticBook, synthetic_book


@pytest.fixture(scope="session")
def made() -> SyntheticBook:
    """Make the book that comes when nobody asks for another."""
    return synthetic_book()


@pytest.fixture(scope="session")
def clean() -> SyntheticBook:
    """Make a larger, clean book: what holds by chance holds here."""
    return synthetic_book(4_000, seed=11, dirt=0.0)
