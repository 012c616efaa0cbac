"""Find a font that has the characters of a text, where the usual one has not."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import lru_cache

from matplotlib import font_manager, rcParams
from matplotlib.ft2font import FT2Font

__all__ = ["MissingFontWarning", "families_for", "lacking", "warn_of_missing"]

_CANDIDATES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Heiti SC",
    "STHeiti",
    "SimHei",
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "Noto Serif CJK SC",
    "SimSun",
    "Songti SC",
    "DejaVu Sans",
)
"""Fonts with Chinese characters as systems come with them, the plainest first.

The last one comes with matplotlib: it has signs that the font in use may lack.
"""


class MissingFontWarning(UserWarning):
    """No font on this machine has the characters of a text.

    Labels are then given in English. Names from the data stay: pictures show boxes for what is
    missing, and SVG has the characters for the reader's fonts.
    """


def lacking(texts: Iterable[str]) -> str:
    """Give the characters that the font in use does not have, each once."""
    wanted = sorted({c for t in texts for c in t if not c.isspace()})
    known = _characters(font_manager.findfont(font_manager.FontProperties()))
    return "".join(c for c in wanted if ord(c) not in known)


def families_for(texts: Iterable[str]) -> tuple[list[str], str]:
    """Give the families to set so that texts are drawn, and the characters that none of them has.

    One sign that no font has takes nothing from the others: several fonts share them.
    """
    families = list(rcParams["font.family"])
    wanted = {ord(c) for c in lacking(texts)}
    fonts = {name: _characters(path) & wanted for name, path in _installed()} if wanted else {}
    while fonts and wanted:
        best = max(fonts, key=lambda name: len(fonts[name] & wanted))  # the first of equal ones
        if not fonts[best] & wanted:
            break
        families.append(best)
        wanted -= fonts.pop(best)
    return families, "".join(chr(c) for c in sorted(wanted))


def warn_of_missing(characters: str, instead: str, *, level: int) -> None:
    """Say which characters no font has, and what is done about it."""
    shown = characters[:12] + ("…" if len(characters) > 12 else "")  # noqa: PLR2004 - a few will do
    warnings.warn(
        f"no font on this machine has the characters {shown!r}: {instead}\n\n"
        "Hint: install a font with them, such as Noto Sans CJK SC, or name one in "
        'matplotlib.rcParams["font.family"].',
        MissingFontWarning,
        stacklevel=level,
    )


def _installed() -> list[tuple[str, str]]:
    """List the candidates that are there, the first choice first."""
    _learn_new_fonts()
    paths = {e.name: e.fname for e in font_manager.fontManager.ttflist}
    return [(name, paths[name]) for name in _CANDIDATES if name in paths]


@lru_cache(maxsize=1)
def _learn_new_fonts() -> None:
    """Tell matplotlib of candidates installed since it made its list, which it keeps for good."""
    known = {e.fname for e in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known and _family(path) in _CANDIDATES:
            font_manager.fontManager.addfont(path)


def _family(path: str) -> str:
    try:
        return str(FT2Font(path).family_name)
    except (OSError, RuntimeError):  # not a font that can be read
        return ""


@lru_cache(maxsize=16)
def _characters(path: str) -> frozenset[int]:
    return frozenset(FT2Font(path).get_charmap())
