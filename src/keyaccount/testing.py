"""Hypothesis strategies and assertions for code that builds on this library.

Strategies draw specs and books as they come in practice: missing and infinite values, ties,
columns in which everybody is equal, credit notes, accounts without a group, groups nobody has seen
before. `assert_row_wise` holds any spec to the contract that engines rely on. Needs the extra
``testing``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import names_of, to_numpy
from keyaccount.errors import MissingExtra, SpecError
from keyaccount.groups import ByGroup
from keyaccount.rowwise import RowWise
from keyaccount.scoring.aggregation import Ideal
from keyaccount.scoring.composite import Aggregate, CompositeScorer
from keyaccount.scoring.criterion import Criterion, MissingPolicy
from keyaccount.scoring.values import (
    Bands,
    Linear,
    Log,
    Logistic,
    ObservedRange,
    Percentile,
    PiecewiseLinear,
    Ratio,
    ValueFunction,
)
from keyaccount.scoring.weights import Weights

try:
    from hypothesis import strategies as st
except ImportError:  # pragma: no cover - the tests run with the extra
    raise MissingExtra.from_caller("keyaccount.testing", "testing", "hypothesis") from None

__all__ = [
    "AGGREGATES",
    "CONTAINERS",
    "GROUPS",
    "LEARNING",
    "POLICIES",
    "VALUE_FUNCTIONS",
    "Book",
    "amounts",
    "as_container",
    "assert_row_wise",
    "assert_same_bits",
    "books",
    "by_group",
    "columns_of_numbers",
    "containers",
    "criteria",
    "ideals",
    "scorers",
    "value_functions",
    "weights",
]

Book: TypeAlias = dict[str, list[Any]]
"""A book as columns: names to one value per account."""

Direction: TypeAlias = Literal["rising", "falling"]
"""Whether more or less is better."""

AGGREGATES: tuple[Aggregate, ...] = ("sum", "product", "topsis")
"""Every way to bring worths together."""

POLICIES: tuple[MissingPolicy, ...] = ("worst", "neutral", "reweight", "reject")
"""Every policy for what is unknown."""

VALUE_FUNCTIONS: tuple[type[ValueFunction], ...] = (
    Bands,
    Linear,
    Log,
    Logistic,
    ObservedRange,
    Percentile,
    PiecewiseLinear,
    Ratio,
)
"""Every kind of value function."""

LEARNING: tuple[type[ValueFunction], ...] = (ObservedRange, Percentile, Ratio)
"""The kinds that learn their constants from a book."""

GROUPS: tuple[str, ...] = ("carriers", "finance", "retail")
"""The labels that groups are drawn from."""

CONTAINERS: tuple[str, ...] = (
    "lists",
    "arrays",
    "strided",
    "masked",
    "structured",
    "pandas",
    "pandas_nullable",
    "polars",
    "pyarrow",
    "pyarrow_chunked",
)
"""Every container that `as_container` can make."""

_DIRECTIONS: tuple[Direction, ...] = ("rising", "falling")
_NUMBER = st.floats(-1e9, 1e9)
_SHARE = st.floats(0.0, 1.0)
_GAPS = (math.nan, math.nan, math.nan, math.inf, math.nan, math.nan, math.nan, -math.inf)


# --- Numbers and books ---------------------------------------------------------------------------


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
    return st.one_of(ratings, money, _SHARE, _NUMBER, st.just(-0.0), st.floats(-1e300, 1e300))


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


# --- Specs ---------------------------------------------------------------------------------------


def value_functions(
    *kinds: type[ValueFunction], fitted: bool | None = True, direction: Direction | None = None
) -> st.SearchStrategy[ValueFunction]:
    """Draw value functions.

    Parameters
    ----------
    kinds
        The kinds to draw from: all of `VALUE_FUNCTIONS` when none is named.
    fitted
        Whether functions that learn have learned; None draws both.
    direction
        Only functions that never fall (``"rising"``) or never rise; None draws any, among them
        those that do both.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(value_functions(Linear, Percentile, direction="rising"))
    ... def they_rise(function):
    ...     low, high = function.value([1.0, 2.0])
    ...     assert low <= high
    >>> they_rise()
    """
    states = (True, False) if fitted is None else (fitted,)
    made = [
        _MAKERS[kind](Wish(state, direction))
        for kind in kinds or VALUE_FUNCTIONS
        for state in (states if kind in LEARNING else (True,))
    ]
    return st.one_of(made)


def by_group(
    constants: st.SearchStrategy[Any], labels: Sequence[str] = GROUPS
) -> st.SearchStrategy[ByGroup[Any]]:
    """Draw constants for some of the groups, and one for the pool.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(by_group(value_functions(Linear)))
    ... def there_is_one_for_any_group(functions):
    ...     assert isinstance(functions.of("never seen"), Linear)
    >>> there_is_one_for_any_group()
    """
    groups = st.dictionaries(st.sampled_from(labels), constants, max_size=len(labels))
    return st.builds(lambda own, pool: ByGroup(own, pool=pool), groups, constants)


def weights(names: Sequence[str]) -> st.SearchStrategy[Weights]:
    """Draw weights for the names, some of them 0.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(weights(["sales", "potential"]))
    ... def they_sum_to_1(weights):
    ...     assert math.isclose(sum(weights.values()), 1.0)
    >>> they_sum_to_1()
    """
    parts = st.lists(st.integers(0, 20), min_size=len(names), max_size=len(names)).filter(any)
    return parts.map(lambda drawn: Weights.normalised(dict(zip(names, drawn, strict=True))))


@st.composite
def criteria(
    draw: st.DrawFn,
    name: str,
    *,
    functions: st.SearchStrategy[ValueFunction] | None = None,
    policies: Sequence[MissingPolicy] = POLICIES,
    grouped: bool = False,
    column: bool = True,
) -> Criterion:
    """Draw a criterion that reads the column of its own name.

    Parameters
    ----------
    name
        Its name.
    functions
        A strategy for the value function; any fitted one when left out.
    policies
        What may happen to unknown values. Under ``"neutral"`` a stated worth is drawn.
    grouped
        Whether constants may differ by group.
    column
        Whether there is a column at all; without, the criterion is unknown for everybody.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(criteria("sales", policies=["worst"]))
    ... def it_is_ready_to_use(criterion):
    ...     assert criterion.is_fitted
    >>> it_is_ready_to_use()
    """
    value: st.SearchStrategy[Any] = value_functions() if functions is None else functions
    neutral: st.SearchStrategy[Any] = _SHARE
    if grouped:
        value, neutral = st.one_of(value, by_group(value)), st.one_of(neutral, by_group(neutral))
    policy = draw(st.sampled_from(list(policies)))
    return Criterion(
        name,
        column=name if column else None,
        value=draw(value),
        missing=policy,
        neutral=draw(neutral) if policy == "neutral" else None,
    )


def ideals(*, grouped: bool = False) -> st.SearchStrategy[Any]:
    """Draw the ideals of one criterion under TOPSIS, some of them equal.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(ideals())
    ... def the_best_is_no_worse_than_the_worst(ideal):
    ...     assert ideal.worst <= ideal.best
    >>> the_best_is_no_worse_than_the_worst()
    """
    one = st.tuples(_SHARE, _SHARE).map(lambda pair: Ideal(min(pair), max(pair)))
    return st.one_of(one, by_group(one)) if grouped else one


@st.composite
def scorers(
    draw: st.DrawFn,
    *,
    aggregates: Sequence[Aggregate] = AGGREGATES,
    functions: st.SearchStrategy[ValueFunction] | None = None,
    policies: Sequence[MissingPolicy] = POLICIES,
    group: str | None = None,
    max_criteria: int = 4,
    all_columns: bool = False,
) -> CompositeScorer:
    """Draw scorers that are ready to use, their constants stated.

    Their criteria are named ``a``, ``b``, … and read the columns of these names.

    Parameters
    ----------
    aggregates
        How worths come together.
    functions
        A strategy for the value functions; any fitted ones when left out.
    policies
        What may happen to unknown values.
    group
        The name of the column of groups; None draws scorers without groups.
    max_criteria
        How many criteria at most.
    all_columns
        Whether every criterion has a column; else one in five has none.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(deadline=None, max_examples=20)
    ... @given(scorers(), books("abcd"))
    ... def rows_stand_for_themselves(scorer, book):
    ...     assert_row_wise(scorer, book)
    >>> rows_stand_for_themselves()
    """
    names = "abcdefghij"[: draw(st.integers(1, max_criteria))]
    judged = [
        draw(
            criteria(
                name,
                functions=functions,
                policies=policies,
                grouped=group is not None,
                column=all_columns or draw(st.integers(0, 4)) > 0,
            )
        )
        for name in names
    ]
    aggregate = draw(st.sampled_from(list(aggregates)))
    ends = [draw(ideals(grouped=group is not None)) for _ in names]
    return CompositeScorer(
        criteria=tuple(judged),
        weights=draw(weights(list(names))),
        group=group,
        aggregate=aggregate,
        ideals=tuple(ends) if aggregate == "topsis" else None,
    )


# --- How each kind of value function is drawn ----------------------------------------------------


class Wish(NamedTuple):
    """What is asked of a value function."""

    fitted: bool
    way: Direction | None


def _falls(wish: Wish) -> st.SearchStrategy[bool]:
    return st.booleans() if wish.way is None else st.just(wish.way == "falling")


def _accepted(kind: Callable[..., Any]) -> Callable[[Any], bool]:
    """Say whether constants make a spec: two ends may be too close for a slope, say."""

    def accept(constants: Any) -> bool:
        try:
            kind(*constants)
        except SpecError:
            return False
        return True

    return accept


def _ends(
    kind: Callable[..., ValueFunction], number: st.SearchStrategy[float], wish: Wish
) -> st.SearchStrategy[ValueFunction]:
    pairs = st.tuples(number, number).filter(_accepted(kind))
    turned = st.tuples(pairs, _falls(wish)).map(lambda p: sorted(p[0], reverse=p[1]))
    return turned.map(lambda ends: kind(*ends))


def _linears(wish: Wish) -> st.SearchStrategy[ValueFunction]:
    return _ends(Linear, st.one_of(_NUMBER, st.integers(-5, 100)), wish)


def _logs(wish: Wish) -> st.SearchStrategy[ValueFunction]:
    return _ends(Log, st.floats(1e-3, 1e9), wish)


def _logistics(wish: Wish) -> st.SearchStrategy[ValueFunction]:
    signs = _falls(wish).map(lambda falls: -1.0 if falls else 1.0)
    slopes = st.builds(lambda sign, slope: sign * slope, signs, st.floats(1e-6, 1e3))
    return st.builds(Logistic, st.floats(-1e6, 1e6), slopes)


def _worths(size: int, wish: Wish) -> st.SearchStrategy[list[float]]:
    drawn = st.lists(_SHARE, min_size=size, max_size=size)
    falling = wish.way == "falling"
    return drawn if wish.way is None else drawn.map(lambda ys: sorted(ys, reverse=falling))


def _rising_numbers(max_size: int) -> st.SearchStrategy[list[float]]:
    numbers = st.one_of(_NUMBER, st.integers(-5, 20).map(float))
    return st.lists(numbers, min_size=1, max_size=max_size, unique=True).map(sorted)


@st.composite
def _piecewise(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    xs = draw(_rising_numbers(8))
    return PiecewiseLinear(zip(xs, draw(_worths(len(xs), wish)), strict=True))


@st.composite
def _bands(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    cuts = draw(st.one_of(_rising_numbers(5), st.integers(24, 40).map(range)))
    return Bands(cuts, draw(_worths(len(cuts) + 1, wish)))


@st.composite
def _observed(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    shares = st.tuples(_SHARE, _SHARE).filter(lambda p: p[0] != p[1]).map(sorted)
    lower, upper = draw(st.one_of(st.just([0.0, 1.0]), shares))
    low, high = sorted(draw(st.tuples(_NUMBER, _NUMBER))) if wish.fitted else (None, None)
    if wish.fitted and draw(st.integers(0, 4)) == 0:
        high = low  # everybody in the book was equal
    return ObservedRange(lower, upper, low=low, high=high, falling=draw(_falls(wish)))


@st.composite
def _percentiles(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    parts = draw(st.sampled_from([100, 4, 1]))
    function = Percentile(parts=parts, falling=draw(_falls(wish)))
    if not wish.fitted:
        return function
    numbers = st.one_of(_NUMBER, st.integers(-3, 9).map(float))
    return function.fit(np.sort(draw(st.lists(numbers, min_size=1, max_size=30))))


@st.composite
def _ratios(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    to = draw(st.sampled_from(["max", "min", "sum", "norm"]))
    reference = draw(st.floats(1e-3, 1e9)) if wish.fitted else None
    return Ratio(to=to, falling=draw(_falls(wish)), reference=reference)


_MAKERS: dict[type[ValueFunction], Callable[..., st.SearchStrategy[ValueFunction]]] = {
    Bands: _bands,
    Linear: _linears,
    Log: _logs,
    Logistic: _logistics,
    ObservedRange: _observed,
    Percentile: _percentiles,
    PiecewiseLinear: _piecewise,
    Ratio: _ratios,
}


# --- Containers ----------------------------------------------------------------------------------


def containers() -> st.SearchStrategy[str]:
    """Draw the name of a container whose library is installed.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(containers())
    ... def it_holds_columns(kind):
    ...     assert kind in CONTAINERS
    >>> it_holds_columns()
    """
    needed = {kind: kind.partition("_")[0] for kind in CONTAINERS}
    libraries = {"pandas", "polars", "pyarrow"}
    usable = [k for k, lib in needed.items() if lib not in libraries or find_spec(lib)]
    return st.sampled_from(usable)


def as_container(columns: Mapping[str, Sequence[Any]], kind: str) -> Any:
    """Put columns of numbers and of labels into a container of another kind, bit for bit.

    Parameters
    ----------
    columns
        Names to lists: floats, NaN where missing, or texts, None where missing.
    kind
        One of `CONTAINERS`. Where a container can write a missing number as null, it does.

    Raises
    ------
    SpecError
        There is no such kind.
    MissingExtra
        The library of the container is not installed.

    Examples
    --------
    >>> import keyaccount as ka
    >>> table = as_container({"sales": [1.0, math.nan]}, "structured")
    >>> table["sales"]
    array([ 1., nan])
    """
    if kind not in CONTAINERS:
        field = "kind"
        raise SpecError.from_choice(field, kind, CONTAINERS)
    library = kind.partition("_")[0]
    if library in {"pandas", "polars", "pyarrow"} and find_spec(library) is None:
        caller = f"container {kind!r}"
        raise MissingExtra.from_caller(caller, "all", library)
    return _PUT[kind](columns)


def _array(values: Sequence[Any]) -> NDArray[Any]:
    text = any(v is None or isinstance(v, str) for v in values)
    return np.array(list(values), dtype=object if text else np.float64)


def _nulls(values: Sequence[Any]) -> list[Any]:
    """Write a missing number as None."""
    return [None if isinstance(v, float) and math.isnan(v) else v for v in values]


def _in_arrays(columns: Mapping[str, Sequence[Any]]) -> Any:
    return {name: _array(values) for name, values in columns.items()}


def _in_strided(columns: Mapping[str, Sequence[Any]]) -> Any:
    return {name: np.repeat(_array(values), 3)[::3] for name, values in columns.items()}


def _in_masked(columns: Mapping[str, Sequence[Any]]) -> Any:
    return {
        name: _array(values)
        if _array(values).dtype == object
        else np.ma.masked_array(_array(values), mask=np.isnan(_array(values)))
        for name, values in columns.items()
    }


def _in_structured(columns: Mapping[str, Sequence[Any]]) -> Any:
    arrays = _in_arrays(columns)
    n = len(next(iter(arrays.values()), ()))
    table = np.empty(n, dtype=[(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        table[name] = array
    return table


def _in_pandas(columns: Mapping[str, Sequence[Any]]) -> Any:
    pd: Any = import_module("pandas")

    return pd.DataFrame(_in_arrays(columns))


def _in_pandas_nullable(columns: Mapping[str, Sequence[Any]]) -> Any:
    pd: Any = import_module("pandas")

    kinds = {
        name: "string" if _array(v).dtype == object else "Float64" for name, v in columns.items()
    }
    return pd.DataFrame(
        {name: pd.array(_nulls(v), dtype=kinds[name]) for name, v in columns.items()}
    )


def _in_polars(columns: Mapping[str, Sequence[Any]]) -> Any:
    pl: Any = import_module("polars")

    return pl.DataFrame(
        {
            name: pl.Series(_nulls(v), dtype=pl.String if _array(v).dtype == object else pl.Float64)
            for name, v in columns.items()
        }
    )


def _in_pyarrow(columns: Mapping[str, Sequence[Any]]) -> Any:
    pa: Any = import_module("pyarrow")

    return pa.table(
        {
            name: pa.array(_nulls(v), pa.string() if _array(v).dtype == object else pa.float64())
            for name, v in columns.items()
        }
    )


def _in_pyarrow_chunked(columns: Mapping[str, Sequence[Any]]) -> Any:
    pa: Any = import_module("pyarrow")

    table = _in_pyarrow(columns)
    half = table.num_rows // 2
    return pa.concat_tables([table.slice(0, half), table.slice(half)])


_PUT: dict[str, Callable[[Mapping[str, Sequence[Any]]], Any]] = {
    "lists": dict,
    "arrays": _in_arrays,
    "strided": _in_strided,
    "masked": _in_masked,
    "structured": _in_structured,
    "pandas": _in_pandas,
    "pandas_nullable": _in_pandas_nullable,
    "polars": _in_polars,
    "pyarrow": _in_pyarrow,
    "pyarrow_chunked": _in_pyarrow_chunked,
}


# --- Assertions ----------------------------------------------------------------------------------


def _fail(message: str) -> NoReturn:
    raise AssertionError(message)


def assert_same_bits(found: Any, expected: Any, what: str = "the arrays") -> None:
    """Hold two arrays to be the same to the last bit; NaN equals NaN, and -0.0 is not 0.0.

    Raises
    ------
    AssertionError
        They differ: the message names the first few places.

    Examples
    --------
    >>> assert_same_bits([0.5, math.nan], [0.5, math.nan])
    >>> assert_same_bits([0.1 + 0.2], [0.3], "totals")
    Traceback (most recent call last):
        ...
    AssertionError: totals differ at [0]: [0.30000000000000004] instead of [0.3]
    """
    left, right = np.asarray(found), np.asarray(expected)
    if left.shape != right.shape:
        _fail(f"{what} differ in shape: {left.shape} instead of {right.shape}")
    if left.dtype != right.dtype:
        _fail(f"{what} differ in kind: {left.dtype} instead of {right.dtype}")
    differs = left != right
    if left.dtype.kind == "f":
        both_missing = np.isnan(left) & np.isnan(right)
        differs = (differs | (np.signbit(left) != np.signbit(right))) & ~both_missing
    elif left.dtype.kind == "M":
        differs &= ~(np.isnat(left) & np.isnat(right))
    if differs.any():
        where = np.argwhere(differs)[:3].squeeze(axis=-1).tolist() if left.ndim == 1 else None
        where = np.argwhere(differs)[:3].tolist() if where is None else where
        _fail(
            f"{what} differ at {where}: {left[differs][:3].tolist()} "
            f"instead of {right[differs][:3].tolist()}"
        )


def assert_row_wise(
    spec: RowWise, columns: Any, *, rng: np.random.Generator | None = None, singles: int = 40
) -> None:
    """Hold a spec to the row-wise contract on a book, to the last bit.

    The result for a row depends on that row alone: the same whatever the order of the rows, however
    they are cut into parts, for an empty part, for one account in a batch of one, and for one
    account as a dict of scalars. The columns it says it writes are the ones it writes, and what it
    reads is left as it was.

    Parameters
    ----------
    spec
        A fitted spec.
    columns
        A book: any container of columns.
    rng
        What rows are shuffled and cut with; the same every time when left out.
    singles
        How many rows are tried alone.

    Raises
    ------
    AssertionError
        Something does not hold: the message says what, and where.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("potential", column="potential", value=ka.Linear(0, 100))],
    ...     weights={"potential": 1.0},
    ... )
    >>> assert_row_wise(scorer, {"potential": [10.0, None, 250.0]})
    """
    rng = np.random.default_rng(0) if rng is None else rng
    book = _read(spec, columns)
    n = max((len(array) for array in book.values()), default=0)
    whole = spec.apply(columns)
    _assert_declared(spec, whole, n if book else None)
    for name, array in _read(spec, columns).items():
        if array.dtype != object:
            assert_same_bits(array, book[name], f"input {name!r}, before and after,")
    if not book:
        return
    for what, parts in _arrangements(n, rng, singles):
        for rows in parts:
            found = spec.apply({name: array[rows] for name, array in book.items()})
            _assert_agrees(found, whole, rows, what)
    for i in _some(n, rng, singles).tolist():
        row = {name: _cell(array, i) for name, array in book.items()}
        _assert_agrees(spec.apply(row), whole, np.array([i]), f"one account alone (row {i})")


def _read(spec: RowWise, columns: Any) -> dict[str, NDArray[Any]]:
    """Copy the columns that a spec reads."""
    known = names_of(columns)
    return {name: to_numpy(columns[name], name).copy() for name in spec.reads if name in known}


def _cell(array: NDArray[Any], i: int) -> Any:
    """Give one cell as Python writes it."""
    return array[i] if array.dtype.kind == "M" else array[i : i + 1].tolist()[0]


def _assert_declared(spec: RowWise, found: Mapping[str, NDArray[Any]], n: int | None) -> None:
    """Hold the columns written to what the spec says it writes."""
    if set(found) != set(spec.writes):
        _fail(f"{sorted(found)} are written, {sorted(spec.writes)} declared")
    kinds = {"float": "f", "code": "i", "day": "M", "bool": "b"}
    for name, column in spec.writes.items():
        array = found[name]
        if array.dtype.kind != kinds[column.kind]:
            _fail(f"{name!r} is {array.dtype}, declared {column.kind!r}")
        if array.ndim != 1 or (n is not None and len(array) != n):
            _fail(f"{name!r} has shape {array.shape} for {n} rows")


def _assert_agrees(
    found: Mapping[str, NDArray[Any]],
    whole: Mapping[str, NDArray[Any]],
    rows: NDArray[np.int64],
    what: str,
) -> None:
    for name, array in whole.items():
        assert_same_bits(found[name], array[rows], f"{what}: {name!r}")


def _some(n: int, rng: np.random.Generator, most: int) -> NDArray[np.int64]:
    """Choose some rows, all of them where they are few."""
    if n <= most:
        return np.arange(n)
    return np.sort(rng.choice(n, size=most, replace=False))


def _arrangements(
    n: int, rng: np.random.Generator, singles: int
) -> Iterator[tuple[str, list[NDArray[np.int64]]]]:
    """Give the rows in other orders and in other parts."""
    rows = np.arange(n)
    yield "rows in reverse", [rows[::-1]]
    yield "rows in another order", [rng.permutation(n)]
    cuts = np.sort(rng.integers(0, n + 1, size=3))
    yield "rows in parts", np.split(rows, cuts)
    yield "no rows", [rows[:0]]
    yield "a batch of one", [rows[i : i + 1] for i in _some(n, rng, singles)]
