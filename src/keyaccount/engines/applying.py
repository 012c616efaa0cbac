"""`apply`: any frame in, the same kind out, with the columns of a spec added."""

from __future__ import annotations

from typing import Any

from keyaccount.engines.adding import Adding
from keyaccount.engines.known import engine_of, unwrapped, wrapped_like
from keyaccount.rowwise import RowWise

__all__ = ["apply"]


def apply(frame: Any, spec: RowWise, prefix: str = "") -> Any:
    """Add the columns that a spec writes to a frame of any library.

    Parameters
    ----------
    frame
        A data frame of pandas, Polars, Dask or Spark, a query of Polars, a table, batch, reader or
        dataset of pyarrow, a relation of DuckDB, or a dict of columns (or of scalars: one account).
        A frame of narwhals stands for the one it holds.
    spec
        A fitted row-wise spec: a scorer, a matrix, an Rfm, a gate inference, a lifecycle model.
    prefix
        Put in front of the name of each added column.

    Returns
    -------
    frame
        The same kind of frame, the columns of ``spec.writes`` behind its own. Numbers are float64;
        codes are categories where the library has some (an Enum in Polars, a dictionary in
        pyarrow) and texts elsewhere. What is missing is null, in pandas and Dask NaN. Where the
        library is lazy nothing is run: a spec is checked against the types of the columns at once,
        and the rows follow when the frame is. A reader comes back for a reader and for a dataset of
        pyarrow, which can hold files but compute nothing: a stream that can be read once.

    Raises
    ------
    SpecError
        It is no row-wise spec, or one of your own that does not give what it says it writes.
    NotFittedError
        The spec has not learned its constants: see `fit`.
    ColumnError
        It is no such frame, it has a column of a name that would be written, or one the spec cannot
        read.
    ColumnNotFoundError
        The spec reads a column that is not there.
    RowError
        A cell cannot be read; for a lazy frame when it is run.

    See Also
    --------
    fit, summarise_purchases

    Notes
    -----
    A row's result depends on that row alone, to the last bit: the frame may be split, permuted and
    spread over a cluster in any way. Every engine hands Arrow batches (Dask: pandas frames) to the
    same code; none of them computes a score of its own.

    Examples
    --------
    >>> import keyaccount as ka
    >>> import polars as pl
    >>> scorer = ka.CompositeScorer(
    ...     criteria=(
    ...         ka.Criterion("sales", column="sales", value=ka.Linear(0, 100)),
    ...         ka.Criterion("showcase", column="rating", value=ka.Linear(1, 5)),
    ...     ),
    ...     weights={"sales": 0.75, "showcase": 0.25},
    ... )
    >>> accounts = pl.LazyFrame({"account": ["A", "B"], "sales": [80.0, 40.0], "rating": [4, None]})
    >>> ka.apply(accounts, scorer).select("account", "score", "score_high").collect().rows()
    [('A', 0.7875, 0.7875), ('B', 0.3, 0.55)]
    >>> ka.apply({"sales": 80.0, "rating": 4}, scorer)["score"]
    array([0.7875])
    """
    native = unwrapped(frame)
    engine = engine_of(native)
    adding = Adding.of(spec, prefix, engine.names(native), folded=engine.folds_case(native))
    _ = adding.arrays(engine.empty(native))  # what cannot work is said now, not on a worker
    return wrapped_like(frame, engine.add(native, adding))
