"""`Axis`: one column cut into bands or named states, each with a short code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from keyaccount._validators import (
    exact_tuple,
    field_name,
    finite,
    optional,
    optional_float,
    text,
    text_or_empty,
    texts,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.bands import Cuts, States
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup

__all__ = ["Axis", "CutsLike", "as_cuts", "folded"]

CutsLike: TypeAlias = Cuts | Sequence[float] | ByGroup[Cuts] | ByGroup[Sequence[float]]
"""Rising cuts, the same for all accounts or group by group."""


def as_cuts(value: Any) -> Any:
    """Turn numbers into `Cuts`, also group by group; leave the rest for the validator."""
    if isinstance(value, ByGroup):
        constants: ByGroup[Any] = value
        return constants.map(as_cuts)
    if isinstance(value, Mapping):
        raise SpecError.from_field(
            "cuts",
            "must be rising numbers, or a ByGroup of them",
            value,
            "write ByGroup({...}, pool=...) for cuts that differ by group, and name the group=.",
        )
    if isinstance(value, str | Cuts | States) or not isinstance(value, Iterable):
        return value
    return Cuts(tuple(value))


def _bands(value: Any) -> Any:
    """Turn names into `States` and numbers into `Cuts`."""
    plain = not isinstance(value, str | Mapping | ByGroup | Cuts | States)
    if plain and isinstance(value, Iterable):
        value = tuple(value)
        if value and all(isinstance(v, str) for v in value):
            return States(value)
    return as_cuts(value)


def _are_bands(instance: Any, attribute: Any, value: Any) -> None:
    given: tuple[Any, ...] = tuple(value) if isinstance(value, ByGroup) else (value,)
    kinds = Cuts if isinstance(value, ByGroup) else Cuts | States
    if not given or not all(isinstance(v, kinds) for v in given):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be Cuts, States or a ByGroup of Cuts",
            value,
            "give rising cuts such as (10, 20), or the names of the states.",
        )
    if len({_size(v) for v in given}) > 1:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must have as many cuts in every group",
            value,
            "the codes are the same for all groups, so the bands must be as many.",
        )
    if _size(given[0]) == 0:
        raise SpecError.from_field(
            field_name(instance, attribute), "must have at least one state", value, "name one."
        )


def _size(bands: Cuts | States) -> int:
    return len(bands.names) if isinstance(bands, States) else len(bands.edges) + 1


def _one_code_per_band(instance: Axis, attribute: Any, value: Any) -> None:
    unique_names(instance, attribute, value)
    _as_many(instance, attribute, value)


def _one_name_per_band(instance: Axis, attribute: Any, value: Any) -> None:
    texts(instance, attribute, value)
    if value:
        _as_many(instance, attribute, value)


def _as_many(instance: Axis, attribute: Any, value: tuple[str, ...]) -> None:
    if len(value) != instance.size:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be {instance.size}, one per band or state",
            value,
            "the lowest band comes first; k cuts make k + 1 bands.",
        )


def _pairs(value: Any) -> Any:
    given: Any = value.items() if isinstance(value, Mapping) else value
    if isinstance(given, str) or not isinstance(given, Iterable):
        return value
    return tuple(tuple(p) if isinstance(p, list) else p for p in given)


def _aliases(instance: Axis, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    pairs: tuple[Any, ...] = value if isinstance(value, tuple) else (value,)
    for pair in pairs:
        good = isinstance(pair, tuple) and len(pair) == 2  # noqa: PLR2004 - alias and state
        if not good or not all(isinstance(v, str) and v.strip() for v in pair):
            hint = 'write for instance {"prospect": "potential"}.'
            raise SpecError.from_field(name, "must map other words to states", value, hint)
    if not pairs:
        return
    words = [alias for alias, _ in pairs]
    if len(set(words)) < len(words):
        raise SpecError.from_field(name, "must name each word once", words, "drop one of them.")
    if not isinstance(instance.bands, States):
        raise SpecError.from_field(
            name, "are for states, and these are bands", value, "leave them out."
        )
    for _, state in pairs:
        if state not in instance.bands.names:
            raise SpecError.from_choice(name, state, instance.bands.names)


def _above_lowest(instance: Axis, attribute: Any, value: Any) -> None:
    optional(finite)(instance, attribute, value)
    if value is not None and instance.lowest is not None and value < instance.lowest:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must not be below lowest={instance.lowest!r}",
            value,
            "give the range within which a value makes sense.",
        )


def _refuse_cuts_out_of_range(axis: Axis) -> None:
    """Refuse cuts where no value makes sense: shares cut at 25 and 50 say."""
    if isinstance(axis.bands, States):
        return
    low = -math.inf if axis.lowest is None else axis.lowest
    high = math.inf if axis.highest is None else axis.highest
    given = axis.bands if isinstance(axis.bands, ByGroup) else (axis.bands,)
    for cuts in given:
        if not all(low <= edge <= high for edge in cuts.edges):
            share = axis.unit == "share"
            raise SpecError.from_field(
                "Axis.bands",
                f"of {axis.name!r} must be cut within {low:.6g} and {high:.6g}",
                cuts.edges,
                "write 25 % as 0.25." if share else "nothing outside makes sense here.",
            )


def folded(word: str) -> str:
    """Write a word as it is compared: without case or blanks around it."""
    return word.strip().casefold()


@attrs.frozen
class Axis(Spec):
    """One column of accounts, cut into half-open bands or read as named states.

    Bands and states are given from low to high: band 0 lies below the first cut, and a value equal
    to a cut belongs to the band above it. Where the printed digit 1 is the highest band, the codes
    are therefore ``("3", "2", "1")``.

    Parameters
    ----------
    name
        What the axis is called in results.
    column
        The column it reads.
    bands
        `Cuts` (or plain rising numbers), a `ByGroup` of them, or `States` (or plain names).
    codes
        One short code per band or state, from low to high.
    names, names_zh
        English and Chinese labels of the bands; empty: the states, or the codes.
    aliases
        States only: other words to the states they mean.
    unit
        The unit of the numbers (``"CNY"``), for messages; empty where there is none. Of a
        ``"share"``, 45 % is 0.45: a column mostly above `highest` is told of as percentages.
    lowest, highest
        The range within which a number makes sense. A number outside is told of in a finding. It
        keeps its band, but of a ``"share"`` a number above `highest` has none: 45 may well be
        meant as 0.45, and is not known to be high.
    name_zh
        Chinese label of the axis.

    Raises
    ------
    SpecError
        The cuts do not rise or lie where no value makes sense, there is not one code per band, or a
        word means two states.

    Notes
    -----
    A state is met by its own word, its code, its English or Chinese label or an alias, whatever
    the case and the blanks around it. Any other label is an error; a missing one is unknown.

    Examples
    --------
    >>> import keyaccount as ka
    >>> output = ka.Axis("output", "output", bands=(3e7, 3e8), codes=("3", "2", "1"), unit="CNY")
    >>> output.size
    3
    >>> status = ka.Axis("status", "status", bands=("potential", "common"), codes=("P", "C"))
    >>> status.positions["c"]
    1
    """

    name: str = attrs.field(validator=text)
    column: str = attrs.field(validator=text)
    bands: Cuts | States | ByGroup[Cuts] = attrs.field(
        converter=_bands, validator=_are_bands, kw_only=True
    )
    codes: tuple[str, ...] = attrs.field(
        converter=exact_tuple, validator=_one_code_per_band, kw_only=True
    )
    names: tuple[str, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=_one_name_per_band, kw_only=True
    )
    names_zh: tuple[str, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=_one_name_per_band, kw_only=True
    )
    aliases: tuple[tuple[str, str], ...] = attrs.field(
        default=(), converter=_pairs, validator=_aliases, kw_only=True
    )
    unit: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    lowest: float | None = attrs.field(
        default=None, converter=optional_float, validator=optional(finite), kw_only=True
    )
    highest: float | None = attrs.field(
        default=None, converter=optional_float, validator=_above_lowest, kw_only=True
    )
    name_zh: str = attrs.field(default="", validator=text_or_empty, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _ = self.positions  # a word for two states is refused here
        _refuse_cuts_out_of_range(self)

    @property
    def size(self) -> int:
        """How many bands or states there are."""
        bands = self.bands
        return _size(next(iter(bands)) if isinstance(bands, ByGroup) else bands)

    @property
    def ceiling(self) -> float:
        """Above which a number has no band: `highest` of a share, else infinity."""
        return self.highest if self.unit == "share" and self.highest is not None else math.inf

    @property
    def labels(self) -> tuple[str, ...]:
        """The English label of each band: the names, else the states, else the codes."""
        if self.names:
            return self.names
        return self.bands.names if isinstance(self.bands, States) else self.codes

    @property
    def positions(self) -> Mapping[str, int]:
        """Every word that is read as a state, folded, with the position of the state.

        Empty for bands of numbers.
        """
        if not isinstance(self.bands, States):
            return {}
        states = self.bands.names
        said = [(alias, states.index(state)) for alias, state in self.aliases]
        for words in (states, self.codes, self.names, self.names_zh):
            said += [(word, i) for i, word in enumerate(words)]
        found: dict[str, int] = {}
        for word, i in said:
            if found.setdefault(folded(word), i) != i:
                raise SpecError.from_field(
                    "Axis.codes",
                    "and labels must each mean one state",
                    word,
                    "case and blanks around a word do not count; rename one of them.",
                )
        return found
