"""What figures stand on, light or dark, and the colours that go with it."""

from __future__ import annotations

from typing import Any

import attrs
import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb, to_rgba

from keyaccount.plots._palette import FAINT, GRID, INK, contrast, ink_on, luminance, mixed

__all__ = ["Ground"]

_DARK = 0.179
"""The luminance below which white stands out more than black."""
_SEEN, _READ = 3.0, 4.5
"""Contrasts that WCAG 2.1 asks of marks and of texts."""
_OPAQUE = 0.5
_SHARE_OF_FAINT, _SHARE_OF_GRID = 0.24, 0.16
"""How much of the ink is in these where the ground is dark."""


@attrs.frozen
class Ground:
    """What axes stand on.

    Parameters
    ----------
    colour
        Of the axes, of the figure where the axes are see-through.
    ink
        Of texts and lines beside the bars, as the style in use has it.
    """

    colour: str
    ink: str

    @classmethod
    def of(cls, ax: Axes) -> Ground:
        """Look at axes and the style in use."""
        ink = to_hex(mpl.rcParams["text.color"])
        parts: list[Any] = [ax, ax.figure, ax.figure.figure]
        for part in parts:
            colour = to_rgba(part.get_facecolor())
            if part.patch.get_visible() and colour[3] > _OPAQUE:
                return cls(to_hex(colour), ink)
        return cls("#ffffff" if luminance(ink) < _DARK else INK, ink)

    @property
    def is_dark(self) -> bool:
        """Whether light stands out on it."""
        return luminance(self.colour) < _DARK

    @property
    def faint(self) -> str:
        """The colour of what is to be seen and not to be read; the ink is read on it."""
        return mixed(self.ink, self.colour, _SHARE_OF_FAINT) if self.is_dark else FAINT

    @property
    def grid(self) -> str:
        """The colour of lines that guide the eye."""
        return mixed(self.ink, self.colour, _SHARE_OF_GRID) if self.is_dark else GRID

    def line(self, colour: str) -> str:
        """Give a colour for lines and marks on it: lighter where it would be lost in the dark."""
        steps = (mixed("#ffffff", colour, k / 10) for k in range(10))
        fitting = (c for c in steps if contrast(c, self.colour) >= _READ)
        return next(fitting, "#ffffff") if self.is_dark else colour

    def ink_on(self, colour: str) -> str:
        """Give the colour of a text that is read best on another colour."""
        return self.ink if colour == self.faint else ink_on(to_rgb(colour))
