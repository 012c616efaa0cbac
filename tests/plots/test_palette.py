"""Colours can be told apart: by contrast, and at a distance for every kind of colour vision."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from keyaccount.plots._palette import (
    AGAINST,
    FAINT,
    FOR,
    HATCHES,
    INK,
    MUTED,
    RAMP,
    SERIES,
    ink_on,
    look,
    tint,
)

Floats = NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), A Physiologically-based Model for Simulation of Color
# Vision Deficiency, IEEE TVCG 15(6): severity 1.0, on linear RGB.
VISIONS = {
    "full": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
# IEC 61966-2-1: linear sRGB to CIE XYZ, white D65.
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Floats:
    """Give linear RGB."""
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    found: Floats = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return found


def lab(colour: str, vision: str = "full") -> Floats:
    """Give CIE L*a*b* as somebody sees a colour."""
    seen = np.clip(VISIONS[vision] @ linear(colour), 0.0, 1.0)
    xyz = TO_XYZ @ seen / WHITE
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1 to 21 (WCAG 2)."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", VISIONS)
def test_series_are_far_apart_for_everybody(vision: str) -> None:
    """Any two are 20 apart in CIE 1976 units, some ten times what is just noticed."""
    seen = [lab(c, vision) for c in SERIES]
    distances = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(distances) > 20


@pytest.mark.parametrize("vision", VISIONS)
def test_for_against_and_neither_are_far_apart_for_everybody(vision: str) -> None:
    """The colours that carry a meaning."""
    seen = [lab(c, vision) for c in (FOR, AGAINST, FAINT)]
    assert min(np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]) > 40


@pytest.mark.parametrize("colour", [*SERIES, MUTED, INK])
def test_marks_stand_out_on_white(colour: str) -> None:
    """By 3 to 1, as WCAG 2.1 asks of graphics (1.4.11)."""
    assert contrast(colour, "#ffffff") >= 3


@pytest.mark.parametrize("ground", [*SERIES, FAINT, MUTED, *(tint(i) for i in range(7, 14))])
def test_texts_stand_out_on_bars(ground: str) -> None:
    """By 4.5 to 1, as WCAG 2.1 asks of texts (1.4.3), whatever the bar."""
    assert contrast(ink_on(ground), ground) >= 4.5


def test_texts_stand_out_on_every_shade_of_the_ramp() -> None:
    """All of them."""
    steps = [RAMP(k / 255) for k in range(256)]
    grounds = ["#" + "".join(f"{round(255 * c):02x}" for c in s[:3]) for s in steps]
    assert min(contrast(ink_on(g), g) for g in grounds) >= 4.5


def test_the_ramp_gets_darker_all_the_way() -> None:
    """So it can be read in grey, and by those who see no colours."""
    steps = [RAMP(k / 20) for k in range(21)]
    grounds = ["#" + "".join(f"{round(255 * c):02x}" for c in s[:3]) for s in steps]
    lightness = [lab(g)[0] for g in grounds]
    assert all(a > b for a, b in pairwise(lightness))


def test_many_series_look_different() -> None:
    """Colours and hatches repeat at different turns."""
    looks = [look(i) for i in range(len(SERIES) * len(HATCHES))]
    assert len(set(looks)) == len(looks)
    assert len({tint(i) for i in range(14)}) == 14
