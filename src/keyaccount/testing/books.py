"""Numbers, columns and books as they come in practice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

__all__ = ["GROUPS", "NUMBER", "SHARE", "Book", "amounts", "books", "columns_of_numbers"]

Book: TypeAlias = dict[str, list[Any]]
"""A book as columns: names to one value per account."""

GROUPS: tuple[str, ...] = ("carriers", "finance", "retail")
"""The labels that groups are drawn from."""

NUMBER = st.floats(-1e9, 1e9)
SHARE = st.floats(0.0, 1.0)
_GAPS = (math.nan, math.nan, math.nan, math.inf, math.nan, math.nan, math.nan, -math.inf)


def amounts() -> st.SearchStrategy[float]:
    """Draw finite numbers as columns hold them: money in cents, ratings, shares, any float.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(amounts())
    ... def amounts_are_finite(amount):
    ...     assert math.isfinite(amount)
    >>> amounts_are_finite()
    """
    money = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)
    ratings = st.integers(-2, 7).map(float)
    return st.one_of(ratings, money, SHARE, NUMBER, st.just(-0.0), st.floats(-1e300, 1e300))


@st.composite
def columns_of_numbers(
    draw: st.DrawFn, size: int, *, missing: bool = True, values: Any = None
) -> list[float]:
    """Draw a column: spread out, heavily tied or all equal, with or without gaps.

    Parameters
    ----------
    size
        How many values.
    missing
        Whether some may be NaN or infinite.
    values
        A strategy for the known values; `amounts` when left out.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(columns_of_numbers(3, missing=False))
    ... def columns_have_the_size_asked_for(column):
    ...     assert len(column) == 3
    >>> columns_have_the_size_asked_for()
    """
    most = draw(st.sampled_from([1, 3, 12]))  # all equal, heavily tied, spread out
    pool = draw(st.lists(amounts() if values is None else values, min_size=1, max_size=most))
    gaps = draw(st.integers(0, 2)) if missing else 0
    cells = st.sampled_from([*pool, *_GAPS[: gaps * 4]])
    return draw(st.lists(cells, min_size=size, max_size=size))


@st.composite
def books(
    draw: st.DrawFn,
    columns: Sequence[str],
    *,
    group: str | None = None,
    min_size: int = 0,
    max_size: int = 8,
    missing: bool = True,
    values: Any = None,
) -> Book:
    """Draw a book of accounts as a dict of columns.

    Parameters
    ----------
    columns
        The names of its columns of numbers.
    group
        The name of a column of groups, if it has one: labels of `GROUPS`, one that no spec knows,
        and None.
    min_size, max_size
        How many accounts.
    missing
        Whether values may be NaN or infinite.
    values
        A strategy for the known values; `amounts` when left out.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(books(["sales"], group="industry", min_size=1))
    ... def books_have_the_columns_asked_for(book):
    ...     assert list(book) == ["sales", "industry"]
    >>> books_have_the_columns_asked_for()
    """
    n = draw(st.integers(min_size, max_size))
    book: Book = {c: draw(columns_of_numbers(n, missing=missing, values=values)) for c in columns}
    if group is not None:
        labels = st.sampled_from([*GROUPS, *GROUPS, "never seen", None])
        book[group] = draw(st.lists(labels, min_size=n, max_size=n))
    return book
