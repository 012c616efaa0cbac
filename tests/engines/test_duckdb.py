"""DuckDB: tables larger than its memory, connections of one's own, queries run again."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, ClassVar

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


def _made(connection: Any) -> int:
    query = "SELECT count(*) FROM duckdb_functions() WHERE function_name LIKE 'keyaccount_%'"
    number: int = connection.execute(query).fetchall()[0][0]
    return number


def test_a_function_is_made_once(scorer: ka.CompositeScorer) -> None:
    """The same spec on columns of the same types needs one function, whatever the prefix else."""
    connection = duckdb.connect()
    relation = connection.sql("SELECT 0.5::DOUBLE AS a, 0.5 AS b, 0.5 AS c, 1 AS d")

    for _ in range(3):
        ka.apply(relation, scorer)
    assert _made(connection) == 1
    ka.apply(relation, scorer, prefix="new_")
    assert _made(connection) == 2


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


# --- functions outlive who made them -----------------------------------------------------------

BOOK = "SELECT i / 10 AS a, i / 10 AS b, NULL::DOUBLE AS c, 0.5::DOUBLE AS d FROM range(10) t(i)"

DYING = f"""
import duckdb, gc, sys
import keyaccount as ka

def scorer(high):
    return ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, high))], weights={{"a": 1.0}}
    )

def top(connection, spec):
    return ka.apply(connection.table("book"), spec).aggregate("max(score)").fetchall()[0][0]

def by_cursors():
    whole = duckdb.connect()
    whole.execute({BOOK!r}.join(["CREATE TABLE book AS ", ""]))
    for high in (1.0, 2.0, 1.0, 2.0, 1.0):
        with whole.cursor() as cursor:
            print(top(cursor, scorer(high)))
        del cursor
        gc.collect()

def by_connections(path):
    first, second = duckdb.connect(path), duckdb.connect(path)
    first.execute({BOOK!r}.join(["CREATE TABLE book AS ", ""]))
    print(top(first, scorer(1.0)))
    first.close()
    del first
    gc.collect()
    print(top(second, scorer(1.0)))

by_cursors() if len(sys.argv) == 1 else by_connections(sys.argv[1])
"""
"""What reads freed memory, if anything does, must do so in a process of its own."""


def _run(*arguments: str) -> list[str]:
    told = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", DYING, *arguments], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


def test_a_cursor_per_request() -> None:
    """A function made by a cursor that is closed is called through others."""
    assert _run() == ["0.9", "0.45", "0.9", "0.45", "0.9"]


def test_two_connections_to_one_file(tmp_path: Path) -> None:
    """The first scores and is closed, the second scores on."""
    assert _run(str(tmp_path / "book.duckdb")) == ["0.9", "0.9"]


def test_threads_with_a_cursor_each(scorer: ka.CompositeScorer) -> None:
    """The first use of a spec in several threads at once makes one function, without an error."""
    for _ in range(5):
        connection = duckdb.connect()
        connection.execute(f"CREATE TABLE book AS {BOOK}")
        together = Barrier(4)

        def scored(_: int, whole: Any = connection, together: Barrier = together) -> Any:
            cursor = whole.cursor()
            together.wait()
            return ka.apply(cursor.table("book"), scorer).fetchall()

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(scored, range(4)))
        assert all(rows == found[0] for rows in found)
        assert _made(connection) == 1


def test_a_transaction_that_is_rolled_back(scorer: ka.CompositeScorer) -> None:
    """Scoring within a transaction, twice, leaves nothing behind that ends with it."""
    connection = duckdb.connect()
    connection.execute("BEGIN")
    connection.execute(f"CREATE TABLE book AS {BOOK}")
    first = ka.apply(connection.table("book"), scorer).fetchall()
    assert ka.apply(connection.table("book"), scorer).fetchall() == first
    connection.execute("ROLLBACK")
    assert ka.apply(connection.sql(BOOK), scorer).fetchall() == first


def test_a_transaction_older_than_the_function(scorer: ka.CompositeScorer) -> None:
    """A transaction that has looked at the functions sees none made since, and scores all the same.

    This is also so for the function that another transaction beside it has made.
    """
    connection = duckdb.connect()
    other = connection.cursor()
    for each in (connection, other):
        each.execute("BEGIN")
        each.execute("SELECT count(*) FROM range(3)").fetchall()
    found = [ka.apply(each.sql(BOOK), scorer).fetchall() for each in (connection, other, other)]
    assert found[0] == found[1] == found[2]
    connection.execute("ROLLBACK")
    other.execute("COMMIT")
    assert ka.apply(connection.sql(BOOK), scorer).fetchall() == found[0]


def test_a_file_that_is_only_read(scorer: ka.CompositeScorer, tmp_path: Path) -> None:
    """Nothing is written to the file."""
    path = tmp_path / "book.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(f"CREATE TABLE book AS {BOOK}")
    with duckdb.connect(path, read_only=True) as connection:
        assert len(ka.apply(connection.table("book"), scorer).fetchall()) == 10


def test_a_spec_of_ones_own_has_one_function() -> None:
    """One object is one function however often it is applied; another one is another."""

    class Doubled:
        """A spec that no file can hold."""

        reads = ("a",)
        writes: ClassVar = {"twice": ka.Column("float")}

        def __init__(self, by: float) -> None:
            self.by = by

        def apply(self, columns: Any) -> Any:
            """Multiply."""
            return {"twice": np.asarray(columns["a"], dtype=np.float64) * self.by}

    connection = duckdb.connect()
    spec, other = Doubled(2.0), Doubled(3.0)
    for _ in range(3):
        found = ka.apply(connection.sql("SELECT 1.5::DOUBLE AS a"), spec)
        assert found.fetchall() == [(1.5, 3.0)]
    assert _made(connection) == 1
    assert ka.apply(connection.sql("SELECT 1.5::DOUBLE AS a"), other).fetchall() == [(1.5, 4.5)]
    assert _made(connection) == 2


def test_a_summary_makes_no_function_twice() -> None:
    """Logs that are summarised again and again leave one function in the catalogue."""
    connection = duckdb.connect()
    log = "SELECT i % 5 AS id, DATE '2026-01-01' + i::INT AS at, 10.0 AS paid FROM range(50) t(i)"
    made = set()
    for _ in range(3):
        relation = connection.sql(log)
        ka.summarise_purchases(relation, customer="id", at="at", amount="paid", as_of="2026-09-30")
        made.add(_made(connection))
    assert made == {1}


def test_a_result_on_the_same_connection_is_read_on(scorer: ka.CompositeScorer) -> None:
    """It is not ended; a function it cannot see is asked for in the library's own words."""
    connection = duckdb.connect()
    relation = connection.sql(BOOK)
    connection.execute("SELECT count(*) + i FROM range(10_000) t(i) GROUP BY i ORDER BY i")
    assert connection.fetchmany(2) == [(1,), (2,)]
    with pytest.raises(ka.KeyAccountError, match="in the middle of something else") as caught:
        ka.apply(relation, scorer)
    assert "cursor()" in caught.value.hint
    assert len(ka.apply(connection.cursor().sql(BOOK), scorer).fetchall()) == 10
    assert connection.fetchmany(1) == [(3,)]
    assert len(connection.fetchall()) == 9_997
    assert len(ka.apply(relation, scorer).fetchall()) == 10


def test_a_type_of_ones_own_in_a_transaction(scorer: ka.CompositeScorer) -> None:
    """Types that nobody else sees yet are read as what they are made of."""
    connection = duckdb.connect()
    connection.execute("BEGIN")
    connection.execute("CREATE TYPE mood AS ENUM ('good', 'bad')")
    relation = connection.sql(f"SELECT *, 'bad'::mood AS mood FROM ({BOOK})")  # noqa: S608
    assert ka.apply(relation, scorer).select("mood").fetchall() == [("bad",)] * 10


def test_a_connection_that_is_closed_is_told(scorer: ka.CompositeScorer) -> None:
    """At once, in the library's own words."""
    connection = duckdb.connect()
    relation = connection.sql(BOOK)
    connection.close()
    for work in (ka.apply, ka.fit):
        with pytest.raises(ka.ColumnError, match="connection of the relation is closed"):
            work(relation, scorer)


def test_a_name_that_two_columns_share_is_refused(scorer: ka.CompositeScorer) -> None:
    """DuckDB would read the first one of the name in any case; others may share theirs."""
    read = scorer.reads[0]
    relation = duckdb.sql(f"SELECT *, 1.0 AS {read.upper()} FROM ({BOOK})")  # noqa: S608
    unread = duckdb.sql(f"SELECT *, 1 AS x, 2 AS X FROM ({BOOK})")  # noqa: S608
    for work in (ka.apply, ka.fit):
        with pytest.raises(ka.ColumnError, match=f"2 columns of that name: '{read}'"):
            work(relation, scorer)
    assert len(ka.apply(unread, scorer).fetchall()) == 10
