"""`fit`: learn the constants of a spec from a frame of any library."""

from __future__ import annotations

from typing import Any, TypeVar

from keyaccount.engines.known import engine_of
from keyaccount.errors import SpecError
from keyaccount.rowwise import Fittable

__all__ = ["fit"]


T = TypeVar("T", bound=Fittable)


def fit(frame: Any, spec: T) -> T:
    """Learn what a spec takes from a whole book, from a frame of any library.

    Parameters
    ----------
    frame
        As in `apply`; a reader is read to its end.
    spec
        A spec that learns: a scorer, a matrix, an Rfm, a lifecycle model.

    Returns
    -------
    spec
        The same kind of spec with its constants filled in: the same to the last bit whatever
        library holds the book, and however its rows are split and ordered there.

    Raises
    ------
    SpecError
        The spec learns nothing.
    ColumnError, ColumnNotFoundError, RowError, NotEnoughDataError
        The columns cannot be read or teach too little.

    See Also
    --------
    apply

    Examples
    --------
    >>> import keyaccount as ka
    >>> import pyarrow as pa
    >>> scorer = ka.CompositeScorer(
    ...     criteria=(ka.Criterion("sales", column="sales", value=ka.ObservedRange()),),
    ...     weights={"sales": 1.0},
    ... )
    >>> fitted = ka.fit(pa.table({"sales": [10.0, None, 30.0]}), scorer)
    >>> fitted.criteria[0].value.low, fitted.criteria[0].value.high
    (10.0, 30.0)
    """
    if not isinstance(spec, Fittable) or isinstance(spec, type):
        hint = "give a scorer, a matrix, an Rfm or a lifecycle model."
        raise SpecError.from_field("spec", "must be a spec that learns", spec, hint)
    engine = engine_of(frame)
    names = engine.names(frame)
    return spec.fit(engine.read(frame, tuple(n for n in _learned_from(spec) if n in names)))


def _learned_from(spec: Any) -> tuple[str, ...]:
    """List the columns a spec learns from: what it reads, and its groups even before it has any."""
    group = getattr(spec, "group", None)
    return tuple(dict.fromkeys([*spec.reads, *([] if group is None else [group])]))
