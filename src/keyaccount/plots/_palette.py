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
    "HATCHES",
    "INK",
    "MUTED",
    "RAMP",
    "SERIES",
    "ink_on",
    "look",
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
INK: Final = "#000000"
"""Text on a light ground: with white, one of the two stands out on any colour by 4.5 to 1."""

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
    if i < len(SERIES):
        return colour
    r, g, b = (0.45 * c + 0.55 for c in to_rgb(colour))
    return to_hex((r, g, b))


def ink_on(colour: object) -> str:
    """Give the colour of a text that is read best on another colour: dark or white."""
    dark, ground = _luminance(INK), _luminance(colour)
    against_dark = (ground + 0.05) / (dark + 0.05)
    return INK if against_dark >= 1.05 / (ground + 0.05) else "#ffffff"


def _luminance(colour: object) -> float:
    """Compute the relative luminance as WCAG 2 has it."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))  # noqa: PLR2004 - sRGB
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _rgb(colour: object) -> tuple[float, float, float]:
    return to_rgb(colour)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
