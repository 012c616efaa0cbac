"""Put the cells of a matrix together from what is to be done by band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import attrs

from keyaccount.errors import SpecError
from keyaccount.segments.axis import Axis, CutsLike
from keyaccount.segments.cell import Cell

__all__ = ["Advice", "money_cuts", "treated_cells"]


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


def money_cuts(
    preset: str, given: CutsLike | None, unit: str, printed: tuple[float, ...]
) -> CutsLike:
    """Give the cuts to use: those printed, which are CNY, or the caller's own in any unit.

    Raises
    ------
    SpecError
        Another unit is named without cuts in it.
    """
    if given is not None:
        return given
    if unit != "CNY":
        raise SpecError.from_field(
            f"{preset}(unit)",
            "must be 'CNY' while the printed thresholds are used",
            unit,
            f"give thresholds= in {unit}; the printed ones are {printed} CNY.",
        )
    return printed
