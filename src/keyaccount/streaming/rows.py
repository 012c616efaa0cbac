"""Errors about rows of a part, told of the book."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from keyaccount.errors import RowError
from keyaccount.streaming.source import Part


@contextmanager
def naming_rows(part: Part) -> Generator[None]:
    """Say of an error about rows which rows of the book are meant."""
    try:
        yield
    except RowError as error:
        if not part.start:
            raise
        where = f"counted from row {part.start:,} of the book"
        raise type(error)(f"{error.fact}, {where}", error.hint, **error.parts) from error
