"""DuckDB: tables larger than its memory, connections of one's own, queries run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.testing import assert_same_bits

duckdb: Any = pytest.importorskip("duckdb")

NAMES = ("a", "b", "c", "d")
MEMORY = 96 * 2**20
"""What DuckDB may hold, in bytes: less than the table below."""

ROWS = 4_000_000


@pytest.fixture(scope="module")
def scorer() -> ka.CompositeScorer:
    """Give a scorer of four columns."""
    return ka.CompositeScorer(
        criteria=[ka.Criterion(c, column=c, value=ka.Linear(0.1, 0.9)) for c in NAMES],
        weights={"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1},
    )


def test_a_table_larger_than_the_memory(scorer: ka.CompositeScorer, tmp_path: Path) -> None:
    """A table on disk that does not fit is scored, sorted by score and stored again."""
    connection = duckdb.connect(
        tmp_path / "book.duckdb",
        config={
            "memory_limit": f"{MEMORY}B",
            "temp_directory": str(tmp_path / "spilled"),
            "threads": 2,
        },
    )
    noise = ", ".join(f"hash(i * 4 + {k}) / 18446744073709551616.0 AS {NAMES[k]}" for k in range(4))
    connection.execute(f"CREATE TABLE book AS SELECT i AS row, {noise} FROM range({ROWS}) t(i)")  # noqa: S608
    connection.execute("CHECKPOINT")
    assert ROWS * len(NAMES) * 8 > MEMORY
    assert (tmp_path / "book.duckdb").stat().st_size > MEMORY
    limit = connection.sql("SELECT current_setting('memory_limit')").fetchall()
    assert limit == [("96.0 MiB",)]

    scored = ka.apply(connection.table("book"), scorer)
    scored.order("score").create("scored")  # sorts more than fits
    whole = connection.table("scored")
    [(count, low, high)] = whole.aggregate("count(*), min(score), max(score)").fetchall()
    assert count == ROWS
    assert 0.0 <= low < high <= 1.0

    some = connection.sql("SELECT * FROM scored WHERE row % 997 = 5 ORDER BY row").fetchnumpy()
    expected = scorer.apply({c: np.asarray(some[c]) for c in NAMES})
    for name, values in expected.items():
        assert_same_bits(np.asarray(some[name]), values, name)
    connection.close()


def test_a_connection_of_its_own(scorer: ka.CompositeScorer) -> None:
    """The function is made where the relation lives, also when nobody keeps the connection."""
    first, second = duckdb.connect(), duckdb.connect()
    book = "SELECT 0.5 AS a, 0.5 AS b, 0.5 AS c, 0.5 AS d"
    for connection in (first, second, first):
        found = ka.apply(connection.sql(book), scorer)
        assert found.select("coverage").fetchall() == [(1.0,)]
    assert ka.apply(duckdb.connect().sql(book), scorer).select("coverage").fetchall() == [(1.0,)]
    assert ka.apply(duckdb.sql(book), scorer).select("coverage").fetchall() == [(1.0,)]


def test_a_function_is_made_once(scorer: ka.CompositeScorer) -> None:
    """The same spec on columns of the same types needs one function, whatever the prefix else."""
    connection = duckdb.connect()
    relation = connection.sql("SELECT 0.5::DOUBLE AS a, 0.5 AS b, 0.5 AS c, 1 AS d")

    def made() -> int:
        query = "SELECT count(*) FROM duckdb_functions() WHERE function_name LIKE 'keyaccount_%'"
        number: int = connection.execute(query).fetchall()[0][0]
        return number

    for _ in range(3):
        ka.apply(relation, scorer)
    assert made() == 1
    ka.apply(relation, scorer, prefix="new_")
    assert made() == 2


def test_a_query_that_is_read_is_not_disturbed(scorer: ka.CompositeScorer) -> None:
    """Scoring a relation leaves a result alone that is read from the same connection."""
    connection = duckdb.connect()
    connection.execute("SELECT * FROM range(10_000)")
    assert connection.fetchmany(2) == [(0,), (1,)]
    relation = connection.cursor().sql("SELECT 0.5 AS a, 0.5 AS b, 0.5 AS c, 0.5 AS d")
    ka.apply(relation, scorer)
    assert connection.fetchmany(1) == [(2,)]


def test_a_relation_can_be_run_again_and_built_on(scorer: ka.CompositeScorer) -> None:
    """Joined, filtered and grouped, its columns are those of any relation."""
    connection = duckdb.connect()
    book = connection.sql(
        "SELECT i AS id, i / 10 AS a, i / 10 AS b, NULL::DOUBLE AS c, 0.5 AS d FROM range(10) t(i)"
    )
    scored = ka.apply(book, scorer)
    first = scored.fetchall()
    assert scored.fetchall() == first
    above = sum(row[5] > 0.5 for row in first)
    assert scored.filter("score > 0.5").aggregate("count(*)").fetchall() == [(above,)]
    joined = scored.set_alias("s").join(book.set_alias("b"), "s.id = b.id").select("s.score")
    assert sorted(joined.fetchall()) == sorted((row[5],) for row in first)


def test_constants_and_nothing_known(scorer: ka.CompositeScorer) -> None:
    """Columns that DuckDB knows to be constant, or null without a type, are columns like any."""
    connection = duckdb.connect()
    relation = connection.sql("SELECT 0.5 AS a, NULL AS b, NULL::DOUBLE AS c, 1 AS d FROM range(3)")
    found = ka.apply(relation, scorer).fetchall()
    assert len(found) == 3
    assert len(set(found)) == 1
    expected = scorer.apply({"a": 0.5, "b": None, "c": None, "d": 1.0})
    assert found[0][4:] == tuple(v[0] for v in expected.values())
