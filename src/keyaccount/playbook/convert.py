"""`to_data` and `from_data`: a spec as plain data, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, overload

from keyaccount.playbook.faults import Fault, allowed_here
from keyaccount.playbook.kinds import KINDS, family_kinds, kind_of, spec_class
from keyaccount.playbook.reading import read_spec
from keyaccount.playbook.versions import upgraded
from keyaccount.playbook.writing import Form, written

__all__ = ["from_data", "to_data"]

T = TypeVar("T")


def to_data(spec: Any) -> dict[str, Any]:
    """Write a spec as plain data: dicts, lists, texts, numbers, true and false.

    Parameters
    ----------
    spec
        Any spec of this library.

    Returns
    -------
    dict
        What ``json.dumps`` takes as it is. Every spec is a dict with a fixed ``kind``; every field
        is written, in declared order, and left out only where it is None. Weights are a plain dict
        of names, cuts a plain list, dates ISO text.

    Raises
    ------
    SerialisationError
        It is no spec, or holds a text that UTF-8 cannot write.

    See Also
    --------
    from_data, dump, digest

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.to_data(ka.TopShare(0.2))
    {'kind': 'top_share', 'share': 0.2, 'rounding': 'nearest'}
    >>> ka.to_data(ka.AtLeast({"finance": 0.6, "carriers": 0.5}))["score"]
    {'kind': 'by_group', 'groups': {'carriers': 0.5, 'finance': 0.6}}
    """
    return written(spec, Form.JSON)


@overload
def from_data(data: Mapping[str, Any], kind: type[T]) -> T: ...
@overload
def from_data(data: Mapping[str, Any], kind: str | type[Any] | None = None) -> Any: ...
def from_data(data: Mapping[str, Any], kind: str | type[Any] | None = None) -> Any:
    """Build a spec from plain data, and refuse everything that is not exactly one.

    Parameters
    ----------
    data
        What `to_data` writes, or somebody by hand. A ``schema_version`` at the top is taken into
        account. Left out keys stand for the field's default, or for None.
    kind
        What must come of it, by kind (``"linear"``) or class (`Linear`, or all of `Rule`); the word
        in the data may then be left out where only one kind will do. None: any kind.

    Returns
    -------
    spec
        Equal to the one that was written.

    Raises
    ------
    SerialisationError
        A key is unknown or missing, a kind cannot stand where it does, a value has the wrong type,
        or the spec itself refuses it. The message ends with the path to the place.

    See Also
    --------
    to_data, load

    Notes
    -----
    Types are held to strictly: ``"5"`` is no number, ``5.0`` no whole number and ``1`` no true. A
    whole number will do where any number is asked for.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.from_data({"kind": "linear", "low": 1, "high": 5})
    Linear(low=1.0, high=5.0)
    >>> ka.from_data({"low": 1, "high": "5"}, ka.Linear)
    Traceback (most recent call last):
        ...
    keyaccount.errors.SerialisationError: expected a number (got '5') @ $.high
    <BLANKLINE>
    Hint: write it without quotes: 5
    """
    try:
        return read_spec(upgraded(data), _declared(kind))
    except Fault as fault:
        raise fault.error() from fault.__cause__
    except RecursionError:
        hint = "a spec is never more than a few levels deep."
        raise Fault(problem="the data is nested too deep", hint=hint).error() from None


def _declared(kind: str | type[Any] | None) -> Any:
    """Find the class that was asked for."""
    if kind is None:
        return None
    if isinstance(kind, str) and kind in KINDS:
        return spec_class(kind)
    if kind_of(kind) is None and not family_kinds(kind):
        hint = allowed_here(kind, KINDS, "kinds there are")
        raise Fault(
            problem=f"from_data(kind) must be a kind or a spec class (got {kind!r})", hint=hint
        )
    return kind
