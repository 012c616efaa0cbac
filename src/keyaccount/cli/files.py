"""The tables a review is given, and how they are to be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from keyaccount.cli.asked import aliases_of, mapping_of
from keyaccount.intake import Book, ColumnMapping, StageMap, read_book

__all__ = ["Files", "Reading"]


@attrs.frozen
class Files:
    """The tables a review is given; only that of accounts must be there."""

    accounts: Path
    deals: Path | None = None
    orders: Path | None = None
    products: Path | None = None
    ratings: Path | None = None
    team: Path | None = None
    assignments: Path | None = None
    plans: Path | None = None
    tasks: Path | None = None
    contacts: Path | None = None

    @classmethod
    def among(cls, paths: Iterable[Path]) -> Files:
        """Take the tables that are called as the options are, and leave the rest."""
        names = [field.name for field in attrs.fields(cls)]
        return cls(**{path.stem: path for path in paths if path.stem in names})

    @property
    def weight(self) -> str:
        """How many files there are to read, and how large they are."""
        given: list[Path | None] = list(attrs.astuple(self))
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

    def mapping(self) -> ColumnMapping:
        """Tell which column is what, as far as somebody says it."""
        return mapping_of(self.columns, self.column or [])

    def read(self, files: Files) -> Book:
        """Read the tables into one book."""
        return read_book(
            files.accounts,
            files.deals,
            files.products,
            files.ratings,
            orders=files.orders,
            team=files.team,
            assignments=files.assignments,
            plans=files.plans,
            tasks=files.tasks,
            contacts=files.contacts,
            mapping=self.mapping(),
            stage_map=None if self.stage_map is None else StageMap.parse(self.stage_map),
            aliases=aliases_of(self.aliases or []),
            as_of=self.as_of,
            date_format=self.date_format,
            months=self.months,
        )
