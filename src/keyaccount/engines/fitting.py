"""`fit`: learn the constants of a spec from a frame of any library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

from keyaccount._columns import pick
from keyaccount.engines.cutting import learned_cut
from keyaccount.engines.engine import FEW_AT_HOME, Engine, LazyEngine
from keyaccount.engines.known import engine_of, unwrapped
from keyaccount.engines.learning import learned_scorer
from keyaccount.engines.tally import row_count
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.rowwise import Fittable
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import ScoreCut

__all__ = ["fit"]


class Learning(Fittable, Protocol):
    """A spec that learns from columns, and says which."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        ...


T = TypeVar("T", bound=Learning)


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
    ...     criteria=(ka.Criterion("potential", column="sales", value=ka.ObservedRange()),),
    ...     weights={"potential": 1.0},
    ... )
    >>> fitted = ka.fit(pa.table({"sales": [10.0, None, 30.0]}), scorer)
    >>> fitted.criteria[0].value.low, fitted.criteria[0].value.high
    (10.0, 30.0)
    """
    _refuse_what_learns_nothing(spec)
    frame = unwrapped(frame)
    engine = engine_of(frame)
    learn = _BY_COUNTING.get(type(spec))
    if learn is None or not isinstance(engine, LazyEngine) or not spec.reads:
        return _learned_at_home(engine, frame, spec)
    types = engine.empty(frame)
    _ = [pick(types, name) for name in spec.reads]  # a misspelt column is told before a pass
    if row_count(engine, frame, spec.reads[0]) <= FEW_AT_HOME:  # two passes; counting takes more
        return _learned_at_home(engine, frame, spec)
    fitted: T = learn(engine, frame, spec)
    return fitted


def _learned_at_home(engine: Engine, frame: Any, spec: T) -> T:
    """Bring home the columns that a spec learns from, and learn there."""
    names = engine.names(frame)
    wanted = _learned_from(spec)
    there = tuple(name for name in wanted if name in names)
    if wanted and not there:
        _ = pick(engine.empty(frame), wanted[0])
    try:
        return spec.fit(engine.read(frame, there))
    except ColumnNotFoundError as error:  # say what is close among all columns, not those read
        raise ColumnNotFoundError.from_name(error.parts["column"], names) from error


_BY_COUNTING: Final[Mapping[type, Callable[[Any, Any, Any], Any]]] = {
    CompositeScorer: learned_scorer,
    ScoreCut: learned_cut,
}
"""What is learned where the rows are. Of other specs the columns they read are brought home."""


def _refuse_what_learns_nothing(spec: Any) -> None:
    if not isinstance(spec, Fittable) or isinstance(spec, type):
        hint = "give a scorer, a cut, an Rfm, a bridge or a lifecycle model."
        raise SpecError.from_field("spec", "must be a spec that learns", spec, hint)


def _learned_from(spec: Any) -> tuple[str, ...]:
    """List the columns a spec learns from: what it reads, and its groups even before it has any."""
    group = getattr(spec, "group", None)
    learned: tuple[str, ...] = getattr(spec, "learns_from", spec.reads)
    return tuple(dict.fromkeys([*learned, *([] if group is None else [group])]))
