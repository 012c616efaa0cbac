"""Made-up data that look like real ones, for demos, docs and tests."""

from keyaccount.datasets.book import SyntheticBook, synthetic_book

__all__ = ["SyntheticBook", "synthetic_book"]
