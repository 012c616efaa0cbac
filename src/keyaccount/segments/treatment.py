"""Put the cells of a matrix together from what is to be done by band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final, cast

import attrs

from keyaccount.bands import Cuts
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup
from keyaccount.segments.axis import Axis, CutsLike, as_cuts
from keyaccount.segments.cell import Cell

__all__ = ["Advice", "money_cuts", "stated_cuts", "three_bands", "treated_cells"]

_NUMBERS: Final = {1: "one", 2: "two"}


@attrs.frozen
class Advice:
    """What to do with the accounts of one band, in two languages."""

    english: str
    chinese: str


def treated_cells(axes: Sequence[Axis], *advice: Mapping[str, Advice]) -> tuple[Cell, ...]:
    """Make one cell per combination of bands, its treatment told axis by axis.

    Parameters
    ----------
    axes
        The axes of the matrix.
    advice
        For each axis, what to do by the code of the band.
    """
    bands = product(*(range(axis.size) for axis in axes))
    return tuple(_cell(axes, advice, chosen) for chosen in bands)


def _cell(
    axes: Sequence[Axis], advice: Sequence[Mapping[str, Advice]], bands: Sequence[int]
) -> Cell:
    chosen = list(zip(axes, bands, strict=True))
    codes = [axis.codes[band] for axis, band in chosen]
    said = [by_code[code] for by_code, code in zip(advice, codes, strict=True)]
    return Cell(
        "".join(codes),
        ", ".join(axis.labels[band] for axis, band in chosen),
        name_zh="，".join(axis.names_zh[band] for axis, band in chosen),
        treatment="; ".join(a.english for a in said),
        treatment_zh="；".join(a.chinese for a in said),
    )


def three_bands(
    name: str,
    column: str,
    *,
    cuts: CutsLike,
    what: str,
    name_zh: str,
    unit: str,
    lowest: float | None = None,
    highest: float | None = None,
) -> Axis:
    """Make the axis behind a printed digit: 3 low, 2 medium, 1 high of `what`."""
    return Axis(
        name,
        column,
        bands=cuts,
        codes=("3", "2", "1"),
        names=(f"low {what}", f"medium {what}", f"high {what}"),
        names_zh=(f"{name_zh}低", f"{name_zh}中", f"{name_zh}高"),
        unit=unit,
        lowest=lowest,
        highest=highest,
        name_zh=name_zh,
    )


def stated_cuts(field: str, value: CutsLike, count: int = 2) -> Cuts | ByGroup[Cuts]:
    """Read the cuts that an argument of a preset states, the same for all or group by group.

    Raises
    ------
    SpecError
        They are not so many rising numbers, or by group without being a `ByGroup`.
    """
    rule = f"must be {_NUMBERS[count]} rising numbers, or a ByGroup of them"
    if isinstance(value, Mapping):
        hint = "write ByGroup({...}, pool=...), and name the group=."
        raise SpecError.from_field(field, rule, value, hint)
    hint = "list the cuts from low to high."
    try:
        found = as_cuts(value)
    except SpecError as error:
        raise SpecError.from_field(field, rule, value, hint) from error
    given: tuple[Any, ...] = tuple(found) if isinstance(found, ByGroup) else (found,)
    if not given or not all(isinstance(c, Cuts) and len(c.edges) == count for c in given):
        raise SpecError.from_field(field, rule, value, hint)
    return cast("Cuts | ByGroup[Cuts]", found)


def money_cuts(
    preset: str, given: CutsLike | None, unit: str, printed: tuple[float, ...]
) -> Cuts | ByGroup[Cuts]:
    """Give the cuts to use: those printed, which are CNY, or the caller's own in any unit.

    Raises
    ------
    SpecError
        Another unit is named without cuts in it, or they are not as many as are printed.
    """
    if given is None and unit != "CNY":
        raise SpecError.from_field(
            f"{preset}(unit)",
            "must be 'CNY' while the printed thresholds are used",
            unit,
            f"give thresholds= in {unit}; the printed ones are {printed} CNY.",
        )
    cuts = printed if given is None else given
    return stated_cuts(f"{preset}(thresholds)", cuts, len(printed))
