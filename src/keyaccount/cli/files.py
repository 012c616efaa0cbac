"""The tables a review is given, and how they are to be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from keyaccount.cli.asked import aliases_of, mapping_of
from keyaccount.intake import Book, StageMap, read_book

__all__ = ["Files", "Reading"]


@attrs.frozen
class Files:
    """The tables a review is given; only that of accounts must be there."""

    accounts: Path
    deals: Path | None = None
    orders: Path | None = None
    products: Path | None = None
    ratings: Path | None = None

    @property
    def weight(self) -> str:
        """How many files there are to read, and how large they are."""
        given = (self.accounts, self.deals, self.orders, self.products, self.ratings)
        there = [f for f in given if f is not None and f.is_file()]
        size = sum(f.stat().st_size for f in there) / 1e6
        return f"{len(there)} file{'s' if len(there) != 1 else ''}, {size:,.1f} MB"


@attrs.frozen(kw_only=True)
class Reading:
    """How the tables are to be read, in the words of the options."""

    as_of: str | None = None
    months: int = 24
    stage_map: str | None = None
    columns: Path | None = None
    column: Sequence[str] | None = None
    aliases: Sequence[str] | None = None
    date_format: str | None = None

    def read(self, files: Files) -> Book:
        """Read the tables into one book."""
        return read_book(
            files.accounts,
            files.deals,
            files.products,
            files.ratings,
            orders=files.orders,
            mapping=mapping_of(self.columns, self.column or []),
            stage_map=None if self.stage_map is None else StageMap.parse(self.stage_map),
            aliases=aliases_of(self.aliases or []),
            as_of=self.as_of,
            date_format=self.date_format,
            months=self.months,
        )
