"""`RfmMap`: which levels of the measures make which segment, as data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product
from typing import Any, Final, final

import attrs

from keyaccount._validators import exact_tuple, field_name, optional, text, text_or_empty, texts
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.segments.rfm.measures import MEASURES, Measure

__all__ = ["RfmMap", "RfmSegment"]

_PART: Final = re.compile(r"\[(.)-(.)\]|\[(.)\]|(.)", re.DOTALL)
_MOST_SYMBOLS = 9


def _expanded(value: Any) -> Any:
    """Write ``"[1-2]5"`` out as the cells ``"15"`` and ``"25"``; leave what is no text."""
    cells = exact_tuple(value)
    if not isinstance(cells, tuple) or not all(isinstance(c, str) for c in cells):
        return cells
    return tuple(cell for pattern in cells for cell in _cells(pattern))


def _cells(pattern: str) -> list[str]:
    parts = [_symbols(*found) for found in _PART.findall(pattern)]
    return ["".join(cell) for cell in product(*parts)]


def _symbols(first: str, last: str, alone: str, plain: str) -> list[str]:
    if not first:
        return [alone or plain]
    return [chr(c) for c in range(ord(first), ord(last) + 1)]


def _has_cells(instance: object, attribute: Any, value: Any) -> None:
    texts(instance, attribute, value)
    if not value:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be cells, at least one",
            value,
            'write for instance ("HLH",) or ("[1-2]5",).',
        )


@final
@attrs.frozen
class RfmSegment(Spec):
    """One segment of an RFM map: its cells, its names and what to do with its accounts.

    Parameters
    ----------
    code
        The word the segment goes by in results.
    cells
        The levels it covers, one symbol per measure: ``"HLH"``, or ``"54"`` for recency score 5 and
        frequency score 4. A range in brackets stands for several: ``"[4-5]4"``.
    name, name_zh
        English and Chinese label; empty: the code stands for it.
    treatment, treatment_zh
        What to do with these accounts, in English and Chinese; None where nobody says.

    Raises
    ------
    SpecError
        There is no cell, or a field is no text.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.RfmSegment("at_risk", ("[1-2][3-4]",), name="at risk").cells
    ('13', '14', '23', '24')
    """

    code: str = attrs.field(validator=text)
    cells: tuple[str, ...] = attrs.field(converter=_expanded, validator=_has_cells)
    name: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    treatment: str | None = attrs.field(default=None, kw_only=True, validator=optional(text))
    treatment_zh: str | None = attrs.field(default=None, kw_only=True, validator=optional(text))


def _are_segments(instance: object, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and all(isinstance(s, RfmSegment) for s in value)
    if not value or not good:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be segments, at least one",
            value,
            "see RfmSegment.",
        )
    codes = [segment.code for segment in value]
    twice = sorted({c for c in codes if codes.count(c) > 1})
    if twice:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must have unique codes",
            twice,
            "give one segment all of its cells.",
        )


def _are_measures(instance: object, attribute: Any, value: Any) -> None:
    in_order = isinstance(value, tuple) and value == tuple(m for m in MEASURES if m in value)
    if not value or not in_order:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be some of {', '.join(MEASURES)}, in this order",
            value,
            'write for instance ("recency", "frequency").',
        )


def _are_symbols(instance: object, attribute: Any, value: Any) -> None:
    text(instance, attribute, value)
    if len(set(value)) < len(value) or not 1 < len(value) <= _MOST_SYMBOLS:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be 2 to {_MOST_SYMBOLS} different symbols, from the lowest level up",
            value,
            'write "LH" for letters, "12345" for scores.',
        )


def _each_cell_once(instance: RfmMap) -> None:
    given = Counter(cell for segment in instance.segments for cell in segment.cells)
    wanted = instance.cells
    holes = [cell for cell in wanted if cell not in given]
    twice = [cell for cell, count in given.items() if count > 1]
    unknown = [cell for cell in given if cell not in set(wanted)]
    said = [("no segment for", holes), ("more than one for", twice), ("no such", unknown)]
    problems = [f"{what} {_shown(cells)}" for what, cells in said if cells]
    if problems:
        raise SpecError(
            f"{instance.name!r} must cover each of its {len(wanted)} cells once: "
            f"{'; '.join(problems)}",
            "give every cell to exactly one segment.",
            field="RfmMap.segments",
            holes=tuple(holes),
            overlaps=tuple(twice),
            unknown=tuple(unknown),
        )


def _shown(cells: Iterable[str], most: int = 12) -> str:
    listed = list(cells)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


@final
@attrs.frozen(slots=False)
class RfmMap(Spec):
    """Which levels of the measures make which segment; every combination has exactly one.

    Parameters
    ----------
    name
        What the map is called, and the column it writes (``"rfm"``); in capitals it marks a code
        as one of this map (``"RFM:important_value"``).
    segments
        The segments, from the best to the last: "better" means earlier here.
    measures
        The measures the map reads, in the order of the symbols of a cell.
    symbols
        The symbols of the levels, from the lowest up: ``"LH"`` for letters, ``"12345"`` for scores.

    Raises
    ------
    SpecError
        A cell has no segment or more than one, or a code occurs twice.

    See Also
    --------
    eight_segments, rfm_map_5x5

    Examples
    --------
    >>> import keyaccount as ka
    >>> map = ka.RfmMap(
    ...     "rf",
    ...     (
    ...         ka.RfmSegment("active", ("HH", "HL"), name_zh="活跃"),
    ...         ka.RfmSegment("quiet", ("LH", "LL"), name_zh="沉寂"),
    ...     ),
    ...     measures=("recency", "frequency"),
    ... )
    >>> map.codes, map.qualified[0]
    (('active', 'quiet'), 'RF:active')
    """

    name: str = attrs.field(validator=text)
    segments: tuple[RfmSegment, ...] = attrs.field(converter=exact_tuple, validator=_are_segments)
    measures: tuple[Measure, ...] = attrs.field(
        default=MEASURES, kw_only=True, converter=exact_tuple, validator=_are_measures
    )
    symbols: str = attrs.field(default="LH", kw_only=True, validator=_are_symbols)

    def __attrs_post_init__(self) -> None:
        _each_cell_once(self)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the segments, best first."""
        return tuple(segment.code for segment in self.segments)

    @property
    def qualified(self) -> tuple[str, ...]:
        """The code of each segment with its map: ``RFM:general_value``."""
        return tuple(f"{self.name.upper()}:{code}" for code in self.codes)

    @property
    def cells(self) -> tuple[str, ...]:
        """Every combination of levels, the lowest first."""
        return tuple(map("".join, product(self.symbols, repeat=len(self.measures))))

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of the segment of each cell."""
        return {cell: i for i, segment in enumerate(self.segments) for cell in segment.cells}
