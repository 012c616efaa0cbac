"""One book, one spec, every engine, any partitioning: the same bytes.

What a spec writes, and what it learns, depends on the rows alone: not on the library that holds
them, nor on how they are split into chunks, batches, files, morsels or partitions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import (
    GROUPS,
    LEARNING,
    Book,
    answers,
    books,
    budget_regressions,
    deals,
    inferences,
    lifecycle_books,
    lifecycle_models,
    matrices,
    rfm_books,
    rfms,
    scorers,
    segment_books,
    value_functions,
    win_evidence,
)

EXAMPLES = {"spark": 8, "dask": 20, "dataset": 20}
"""How many examples each engine gets where it is slow."""

NAMES = (
    "pandas",
    "pandas of Arrow",
    "polars",
    "polars lazy",
    "polars streaming",
    "table",
    "batch",
    "reader",
    "dataset",
    "duckdb",
    "dask",
    "spark",
)


@attrs.frozen(eq=False)
class Case:
    """A fitted spec, maybe one that learns, and a book for both."""

    spec: Any
    book: Book
    learns: Any = None


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a spec of any kind, and a book as it comes in practice."""
    kind = draw(st.sampled_from(["scorer", "scorer", *MAKERS]))
    return MAKERS[kind](draw)


def _scorer(draw: Any) -> Case:
    group = draw(st.sampled_from([None, "g"]))
    spec = draw(scorers(group=group))
    learning = value_functions(*LEARNING, ka.Linear, fitted=None)
    unfitted = draw(scorers(group=group, functions=learning, all_columns=True))
    book = draw(books("abcd", group=group, max_size=30))
    learns = attrs.evolve(unfitted, ideals=None, min_group=draw(st.integers(0, 3)))
    return Case(spec, book, learns)


def _matrix(draw: Any) -> Case:
    matrix = draw(matrices(group=draw(st.sampled_from([None, "g"]))))
    return Case(matrix, _worded(draw(segment_books(matrix, max_size=30))))


def _loyalty(draw: Any) -> Case:
    spec = ka.Loyalty(draw(matrices(min_bands=2)))
    return Case(spec, _worded(draw(segment_books(spec.matrix, max_size=20))))


def _cascade(draw: Any) -> Case:
    n = draw(st.integers(0, 12))
    money = st.sampled_from([0.0, 1e4, 5e5, 1e6, 5e7, 4e8, math.nan])
    cells: dict[str, Any] = {
        "status": st.sampled_from(["potential", "common", "vip", None]),
        "output": money,
        "deal_status": st.sampled_from(["deal", None]),
        "profit": money,
        "budget": money,
        "share_of_wallet": st.sampled_from([0.0, 0.3, 0.7, math.nan]),
    }
    return Case(
        ka.Cascade(),
        {name: draw(st.lists(some, min_size=n, max_size=n)) for name, some in cells.items()},
    )


def _rfm(draw: Any) -> Case:
    group = draw(st.sampled_from([None, "g"]))
    learns = draw(rfms(group=group, fitted=False))
    return Case(draw(rfms(group=group)), draw(rfm_books(group=group)), learns)


def _lifecycle(draw: Any) -> Case:
    learns = draw(lifecycle_models(group="g", fitted=False))
    return Case(draw(lifecycle_models(group="g")), draw(lifecycle_books(group="g")), learns)


def _inference(draw: Any) -> Case:
    spec = draw(inferences(industries=draw(st.booleans())))
    return Case(spec, draw(answers(spec, max_size=20)))


def _bridge(draw: Any) -> Case:
    inference = draw(inferences(max_gates=2))
    stated = value_functions(ka.Linear, ka.Bands, ka.Log)
    scorer = draw(scorers(functions=stated, aggregates=["sum", "product"], all_columns=True))
    spec = inference.to_composite(scorer, at=0.25, min_accounts=2)
    n = draw(st.integers(1, 12))
    book = draw(answers(inference, min_size=n, max_size=n))
    known = draw(books("abcd", min_size=n, max_size=n, missing=False))
    book |= {name: [math.nan, *cells[1:]] if n > 1 else cells for name, cells in known.items()}
    return Case(spec.fit(book), book, spec)


def _evidence(draw: Any) -> Case:
    return Case(draw(win_evidence()), draw(deals(max_size=20)))


def _budget(draw: Any) -> Case:
    spec = draw(budget_regressions().filter(lambda s: s.is_fitted))
    return Case(spec, draw(books(spec.reads, max_size=20, values=st.floats(0.0, 1e9))))


def _gene(draw: Any) -> Case:
    past = {
        "industry": ["carriers"] * 4 + ["finance"] * 5 + ["retail"] * 3,
        "amount": [10.0, 200.0, 30.0, 900.0] * 3,
    }
    spec = ka.Gene.fit(past, by="industry", amount="amount", large=150.0)
    labels = st.sampled_from([*GROUPS, "never seen", None])
    return Case(spec, {"industry": draw(st.lists(labels, max_size=20))})


def _cut(draw: Any) -> Case:
    """Draw a cut whose groups are words, numbers or blanks, or the scores themselves."""
    within = draw(st.sampled_from([None, "g", "score"]))
    rule = draw(
        st.one_of(
            st.integers(0, 4).map(ka.TopCount),
            st.sampled_from([0.1, 0.5, 1.0]).map(ka.TopShare),
            st.sampled_from([0.0, 0.25, 1.0]).map(ka.AtLeast),
        )
    )
    ties = draw(st.sampled_from(["include_all", "exclude_all"]))
    n = draw(st.integers(0, 20))
    scores = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, math.nan])
    cells = draw(
        st.sampled_from(
            [
                st.sampled_from(["a", "b", "", "  ", None]),
                st.sampled_from([7.0, 8.5, -1.0, math.nan]),
            ]
        )
    )
    book: Book = {
        "score": draw(st.lists(scores, min_size=n, max_size=n)),
        "g": draw(st.lists(cells, min_size=n, max_size=n)),
    }
    learns = ka.ScoreCut(rule=rule, within=within, ties=ties)
    return Case(learns.fit(in_numpy(book)), book, learns)


MAKERS: dict[str, Callable[[Any], Case]] = {
    "cut": _cut,
    "scorer": _scorer,
    "matrix": _matrix,
    "loyalty": _loyalty,
    "cascade": _cascade,
    "rfm": _rfm,
    "lifecycle": _lifecycle,
    "inference": _inference,
    "bridge": _bridge,
    "evidence": _evidence,
    "budget": _budget,
    "gene": _gene,
}


def _worded(book: Book) -> Book:
    """Write positions among the words of a column of states as texts: a column has one type."""
    return {
        name: [c if c is None or isinstance(c, str) else str(c) for c in cells]
        if any(isinstance(c, str) for c in cells)
        else cells
        for name, cells in book.items()
    }


def in_numpy(book: Book) -> dict[str, Any]:
    """Put a book into one array per column."""
    return {
        name: np.array(
            cells, dtype=np.float64 if all(isinstance(c, float) for c in cells) else object
        )
        for name, cells in book.items()
    }


def in_arrow(book: Book, *, nan_is_null: bool) -> Any:
    """Put a book into a table that says where each row is; texts where nothing is known."""
    columns = {}
    for name, cells in book.items():
        known = any(c is not None for c in cells) or not cells
        told = [None if nan_is_null and c != c else c for c in cells]  # noqa: PLR0124 - NaN
        columns[name] = pa.array(told, None if known and cells else _nothing(name))
    n = len(next(iter(book.values())))
    return pa.table({"row": pa.array(range(n), pa.int64()), **columns})


def _nothing(name: str) -> Any:
    """Give the type of a column that holds nothing."""
    words = {"g", "industry", "before", "status", "deal_status", "sector", "team"}
    return pa.string() if name in words else pa.float64()


@pytest.mark.parametrize("name", NAMES)
def test_every_engine_gives_the_same_bytes(
    name: str, kinds: Callable[[str], Any], assert_written: Callable[..., None]
) -> None:
    """Whatever the book, the spec, the engine and the parts: what is written is the spec's own."""
    kind = kinds(name)

    @settings(max_examples=EXAMPLES.get(name, 30), deadline=None)
    @given(case=cases(), data=st.data())
    def holds(case: Case, data: st.DataObject) -> None:
        table = in_arrow(case.book, nan_is_null=data.draw(st.booleans()))
        cuts = data.draw(st.lists(st.integers(0, table.num_rows), max_size=2))
        found = kind.rows(ka.apply(kind.of(table, cuts), case.spec, prefix="new_"))
        assert_written(found, case.spec, in_numpy(case.book), prefix="new_", nulls=kind.nulls)

    holds()


@pytest.mark.parametrize("name", NAMES)
def test_every_engine_teaches_the_same(name: str, kinds: Callable[[str], Any]) -> None:
    """Whatever the book, the spec, the engine and the parts: what is learned is equal."""
    kind = kinds(name)
    learning = ("scorer", "scorer", "scorer", "cut", "cut", "rfm", "lifecycle", "bridge")

    @settings(max_examples=EXAMPLES.get(name, 30), deadline=None)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        case = MAKERS[data.draw(st.sampled_from(learning))](data.draw)
        table = in_arrow(case.book, nan_is_null=data.draw(st.booleans()))
        cuts = data.draw(st.lists(st.integers(0, table.num_rows), max_size=2))
        frame = kind.of(table, cuts)
        try:
            expected = case.learns.fit(in_numpy(case.book))
        except ka.KeyAccountError as error:
            with pytest.raises(type(error)):
                ka.fit(frame, case.learns)
        else:
            assert ka.fit(frame, case.learns) == expected

    holds()
