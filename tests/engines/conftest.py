"""Every engine that the library knows, started for real, and one way to fill and to empty each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from numpy.typing import NDArray

from keyaccount.rowwise import Column, RowWise
from keyaccount.testing import assert_same_bits

pa: Any = pytest.importorskip("pyarrow")
compute: Any = pytest.importorskip("pyarrow.compute")
dataset: Any = pytest.importorskip("pyarrow.dataset")
parquet: Any = pytest.importorskip("pyarrow.parquet")

ROW = "row"
"""The column that says where a row was, for engines that promise no order."""

OLDEST_JAVA = 17
"""What Spark 4 asks for."""

SPARK_KNOWS_NO_PANDAS_3 = (
    # Spark says so of every pandas from 3.0 on, wherever it touches Arrow; nothing fails by it.
    "ignore:PySpark does not yet fully support pandas:FutureWarning"
)


@attrs.frozen
class Kind:
    """One kind of frame: how it is made of a table cut into parts, and how it comes home again."""

    name: str
    make: Callable[[Any, Sequence[int]], Any]
    home: Callable[[Any], Any]
    nulls: bool = True
    """Whether what is missing is null; else NaN."""
    lazy: bool = False

    def __str__(self) -> str:
        return self.name

    def of(self, table: Any, cuts: Sequence[int] = ()) -> Any:
        """Make a frame of a table, in parts that end at the cuts where the kind has parts."""
        return self.make(table, [0, *sorted(cuts), table.num_rows])

    def rows(self, frame: Any) -> Any:
        """Bring a frame home as a table, its rows where they were."""
        table = self.home(frame)
        return table.sort_by(ROW) if ROW in table.column_names else table


def parts(table: Any, edges: Sequence[int]) -> list[Any]:
    """Cut a table; parts may be empty."""
    return [table.slice(a, b - a) for a, b in pairwise(edges)]


def chunked(table: Any, edges: Sequence[int]) -> Any:
    """Give a table of several chunks; one chunk may be empty."""
    return pa.concat_tables(parts(table, edges))


def batches(table: Any, edges: Sequence[int]) -> list[Any]:
    """Cut a table into record batches, some of them empty."""
    empty = pa.RecordBatch.from_pylist([], schema=table.schema)
    return [
        part.combine_chunks().to_batches()[0] if part.num_rows else empty
        for part in parts(table, edges)
    ]


def columns_of(table: Any) -> dict[str, list[Any]]:
    """Give a table as a dict of Python lists."""
    found: dict[str, list[Any]] = table.to_pydict()
    return found


# --- kinds that need no server ---------------------------------------------------------------


def _from_pandas(frame: Any) -> Any:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _pandas(table: Any, edges: Sequence[int]) -> Any:
    return chunked(table, edges).to_pandas()


def _pandas_arrow(table: Any, edges: Sequence[int]) -> Any:
    pd: Any = pytest.importorskip("pandas")
    return chunked(table, edges).to_pandas(types_mapper=pd.ArrowDtype)


def _polars(table: Any, edges: Sequence[int]) -> Any:
    pl: Any = pytest.importorskip("polars")
    return pl.concat([pl.from_arrow(part) for part in parts(table, edges)], rechunk=False)


def _polars_lazy(table: Any, edges: Sequence[int]) -> Any:
    return _polars(table, edges).lazy()


def _reader(table: Any, edges: Sequence[int]) -> Any:
    return pa.RecordBatchReader.from_batches(table.schema, iter(batches(table, edges)))


def _batch(table: Any, edges: Sequence[int]) -> Any:
    return batches(table, [edges[0], edges[-1]])[0]


def _in_files(folder: Path) -> Callable[[Any, Sequence[int]], Any]:
    """Write each part as a file of small row groups."""

    def made(table: Any, edges: Sequence[int]) -> Any:
        home = folder / f"book-{len(list(folder.iterdir()))}"
        home.mkdir()
        for i, part in enumerate(parts(table, edges)):
            parquet.write_table(part, home / f"part-{i:04d}.parquet", row_group_size=3)
        return dataset.dataset(home)

    return made


def _in_duckdb(connection: Any) -> Callable[[Any, Sequence[int]], Any]:
    def made(table: Any, edges: Sequence[int]) -> Any:
        return connection.from_arrow(chunked(table, edges))

    return made


def _in_dask(table: Any, edges: Sequence[int]) -> Any:
    dd: Any = pytest.importorskip("dask.dataframe")
    cut = [part.to_pandas(types_mapper=_kept_by_dask) for part in parts(table, edges)]
    return dd.from_map(_itself, cut, meta=cut[0].iloc[:0])


def _kept_by_dask(kind: Any) -> Any:
    """Give types of their own to cells that would be objects, which Dask turns into texts."""
    pd: Any = pytest.importorskip("pandas")
    return pd.ArrowDtype(kind) if pa.types.is_decimal(kind) or pa.types.is_boolean(kind) else None


def _itself(frame: Any) -> Any:
    return frame


def _from_dask(frame: Any) -> Any:
    return _from_pandas(frame.compute(scheduler="synchronous"))


def _in_spark(spark: Any) -> Callable[[Any, Sequence[int]], Any]:
    """Put each part into a frame of its own, and the frames one behind the other."""

    def made(table: Any, edges: Sequence[int]) -> Any:
        frames = [spark.createDataFrame(part) for part in parts(table, edges)]
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionAll(frame)
        return whole

    return made


LOCAL: Mapping[str, Callable[[], Kind]] = {
    "pandas": lambda: Kind("pandas", _pandas, _from_pandas, nulls=False),
    "pandas of Arrow": lambda: Kind("pandas of Arrow", _pandas_arrow, _from_pandas, nulls=False),
    "polars": lambda: Kind("polars", _polars, lambda f: f.to_arrow()),
    "polars lazy": lambda: Kind(
        "polars lazy", _polars_lazy, lambda f: f.collect().to_arrow(), lazy=True
    ),
    "polars streaming": lambda: Kind(
        "polars streaming",
        _polars_lazy,
        lambda f: f.collect(engine="streaming").to_arrow(),
        lazy=True,
    ),
    "table": lambda: Kind("table", chunked, lambda f: f),
    "batch": lambda: Kind("batch", _batch, lambda f: pa.Table.from_batches([f])),
    "reader": lambda: Kind("reader", _reader, lambda f: f.read_all(), lazy=True),
}
"""Kinds of frame of which one makes as many as one likes, by name."""

NEEDED = {"pandas": "pandas", "polars": "polars", "duckdb": "duckdb", "dask": "dask"}


@pytest.fixture(params=[*LOCAL, "dataset", "duckdb", "dask", "spark"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Give each kind of frame in turn."""
    return request.getfixturevalue("kinds")(request.param)  # type: ignore[no-any-return]


@pytest.fixture
def kinds(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Kind]:
    """Give the kind of a name, its engine started."""

    def named(name: str) -> Kind:
        needed = NEEDED.get(name.partition(" ")[0])
        if needed is not None and find_spec(needed) is None:
            lacking(request.config, f"{needed} is not installed")
        if name in LOCAL:
            return LOCAL[name]()
        if name == "dataset":
            return Kind(name, _in_files(tmp_path), lambda f: f.read_all(), lazy=True)
        if name == "duckdb":
            connection = request.getfixturevalue("duckdb_connection")
            return Kind(name, _in_duckdb(connection), lambda f: f.to_arrow_table(), lazy=True)
        if name == "dask":
            return Kind(name, _in_dask, _from_dask, nulls=False, lazy=True)
        spark = request.getfixturevalue("spark")
        return Kind(name, _in_spark(spark), lambda f: f.toArrow(), lazy=True)

    return named


def lacking(config: pytest.Config, what: str) -> None:
    """Skip what cannot run here; fail where every engine is asked for."""
    if config.getoption("--every-engine"):
        pytest.fail(f"{what}, and --every-engine asks for all of them")
    pytest.skip(what)


# --- servers -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def duckdb_connection() -> Iterator[Any]:
    """Give a connection of DuckDB in memory."""
    duckdb: Any = pytest.importorskip("duckdb")
    connection = duckdb.connect(config={"threads": 2})
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def dask_client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Start two worker processes of Dask."""
    if find_spec("distributed") is None:
        lacking(request.config, "distributed is not installed")
    distributed: Any = import_module("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def spark(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Start Spark on this machine, with two threads and little memory."""
    if find_spec("pyspark") is None:
        lacking(request.config, "pyspark is not installed")
    java = java_home()
    if java is None:
        lacking(request.config, f"no Java {OLDEST_JAVA} or later, by JAVA_HOME or on the PATH")
    os.environ["JAVA_HOME"] = str(java)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    settings: dict[str, Any] = {
        "spark.driver.memory": "1g",
        "spark.log.level": "OFF",  # errors on workers are part of the tests
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    yield session
    session.stop()


def java_home() -> Path | None:
    """Find a Java that is new enough: by JAVA_HOME, else on the PATH."""
    stated = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    homes = [Path(stated)] if stated else []
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    return next((home for home in homes if _java_version(home) >= OLDEST_JAVA), None)


def _java_version(home: Path) -> int:
    try:
        told = subprocess.run(  # noqa: S603 - the Java that Spark would run
            [home / "bin" / "java", "-version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = told.stderr.partition('"')[2].partition(".")[0]  # openjdk version "17.0.15" …
    digits = version.partition("-")[0].rstrip('"\n')
    return int(digits) if digits.isdigit() else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Spark's word on pandas 3 pass in this folder; any other warning is an error."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(SPARK_KNOWS_NO_PANDAS_3))


# --- what is compared --------------------------------------------------------------------------


@pytest.fixture
def assert_written() -> Callable[..., None]:
    """Give what holds a frame that came home to the numbers of the spec itself."""
    return _assert_written


def _assert_written(
    table: Any, spec: RowWise, book: Any, *, prefix: str = "", nulls: bool = True
) -> None:
    """Hold the columns written to what the spec gives for a book in numpy, to the last bit."""
    expected = spec.apply(book)
    for name, column in spec.writes.items():
        found = table[prefix + name]
        if column.kind == "float" and nulls:
            assert not compute.any(compute.is_nan(found)).as_py(), f"{name}: NaN, not null"
        assert_same_bits(_cells(found, column), _told(expected[name], column), name)


def _cells(found: Any, column: Column) -> NDArray[Any]:
    if column.kind == "float":
        numbers = found.cast(pa.float64()).to_numpy()
        return np.asarray(numbers, dtype=np.float64)
    if column.kind == "day":
        return np.array(found.cast(pa.date32()).to_pylist(), dtype="M8[D]")
    texts = np.empty(len(found), dtype=object)
    texts[:] = found.to_pylist()
    return texts


def _told(values: NDArray[Any], column: Column) -> NDArray[Any]:
    if column.kind == "code":
        texts: NDArray[Any] = np.array([*column.labels, None], dtype=object)[values]
        return texts
    return values.astype(object) if column.kind == "bool" else values


# --- a spec of somebody else's making ----------------------------------------------------------


@attrs.frozen
class Dated:
    """Reads a day, and writes a column of each kind."""

    column: str = "at"

    @property
    def reads(self) -> tuple[str, ...]:
        """One column of days."""
        return (self.column,)

    @property
    def writes(self) -> Mapping[str, Column]:
        """One column of each kind."""
        return {
            "month": Column("code", ("none", "quarter", "other")),
            "next_day": Column("day"),
            "known": Column("bool"),
            "days": Column("float"),
        }

    def apply(self, columns: Any) -> dict[str, NDArray[Any]]:
        """Judge each day alone."""
        from keyaccount._columns import days

        found = days(columns, self.column)
        known = ~np.isnat(found)
        month = found.astype("M8[M]").astype(np.int64) % 12 + 1
        code = np.where(month % 3 == 0, 1, 2)
        number = (found - np.datetime64("2026-01-01", "D")) / np.timedelta64(1, "D")
        return {
            "month": np.where(known, code, -1),
            "next_day": found + np.timedelta64(1, "D"),
            "known": known,
            "days": np.where(known, number, np.nan) + 0.0,
        }


@pytest.fixture
def dated() -> Iterator[Dated]:
    """Give a spec that workers can take along: pickled by value, for they cannot import it."""
    module = sys.modules[__name__]
    picklers = [
        import_module(name)
        for name, package in (("cloudpickle", "cloudpickle"), ("pyspark.cloudpickle", "pyspark"))
        if find_spec(package)
    ]
    for pickler in picklers:
        pickler.register_pickle_by_value(module)
    yield Dated()
    for pickler in picklers:
        pickler.unregister_pickle_by_value(module)
