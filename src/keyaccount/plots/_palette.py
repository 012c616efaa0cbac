"""The colours and hatches of all figures, to be told apart in print and by the colour-blind.

Each series colour has a contrast of at least 3 to 1 with white, and any two of them are far apart
for full colour vision, deuteranopia and protanopia alike; the tests compute both. Hatches go with
the colours, so that nothing rests on colour alone. All are choices of this library.
"""

from __future__ import annotations

from typing import Final

from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

__all__ = [
    "AGAINST",
    "FAINT",
    "FOR",
    "GRID",
    "HATCHES",
    "INK",
    "MUTED",
    "RAMP",
    "SERIES",
    "contrast",
    "ink_on",
    "look",
    "luminance",
    "mixed",
    "tint",
]

SERIES: Final = ("#1f5aa6", "#d95f02", "#14a466", "#073a59", "#7f92b8", "#314518", "#0b6c60")
"""One colour per series, in order."""

HATCHES: Final = ("", "///", "...", "\\\\\\", "xxx", "--", "oo", "++")
"""One hatch per series, in order: with seven colours, 56 series look different."""

FOR: Final = SERIES[0]
"""What speaks for an account or adds to a sum; key accounts, deals that advance."""
AGAINST: Final = SERIES[1]
"""What speaks against or takes away; deals that are lost."""
MUTED: Final = "#6b7280"
"""What is neither: axes of comparison, open deals, unknown values."""
FAINT: Final = "#d5d9e0"
"""Backgrounds of what is to be seen and not to be read."""
GRID: Final = "#e3e6eb"
"""Lines that guide the eye."""
INK: Final = "#010101"
"""Text on a light colour: with white, one of the two stands out on any colour by 4.5 to 1.

A hair off black, which is the ink beside the bars: a page may turn that into another.
"""

RAMP: Final = LinearSegmentedColormap.from_list(
    "keyaccount", ["#f4f7fb", "#c3d5ea", "#7fa6d1", "#3d74b4", "#1f5aa6", "#0b2f5f"]
)
"""From little to much, ever darker: it can be read in grey."""


def look(i: int) -> tuple[str, str]:
    """Give the colour and the hatch of the i-th series."""
    return SERIES[i % len(SERIES)], HATCHES[i % len(HATCHES)]


def tint(i: int) -> str:
    """Give the colour of the i-th area: the series colours, then these mixed with white."""
    colour = SERIES[i % len(SERIES)]
    return colour if i < len(SERIES) else mixed("#ffffff", colour, 0.55)


def mixed(one: str, other: str, share: float) -> str:
    """Mix a share of one colour into another."""
    r, g, b = (
        share * c + (1.0 - share) * d for c, d in zip(to_rgb(one), to_rgb(other), strict=True)
    )
    return to_hex((r, g, b))


def ink_on(colour: object) -> str:
    """Give the colour of a text that is read best on another colour: dark or white."""
    return INK if contrast(INK, colour) >= contrast("#ffffff", colour) else "#ffffff"


def contrast(one: object, other: object) -> float:
    """Give the contrast of two colours, from 1 to 21, as WCAG 2 has it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: object) -> float:
    """Compute the relative luminance as WCAG 2 has it."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))  # noqa: PLR2004 - sRGB
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _rgb(colour: object) -> tuple[float, float, float]:
    return to_rgb(colour)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
