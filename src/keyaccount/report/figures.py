"""The figures of the page, as SVG to stand in it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import attrs
import matplotlib as mpl
from matplotlib import style
from matplotlib.figure import Figure

from keyaccount._words import Words
from keyaccount.plots import (
    MissingFontWarning,
    attainment_distribution,
    lorenz_curve,
    score_distribution,
    svg,
)
from keyaccount.report.report import Report

__all__ = ["Drawn", "figures"]

_SIZE = (6.0, 3.4)
"""Inches; on the page a figure is as wide as there is room for."""


@attrs.frozen(kw_only=True)
class Drawn:
    """The figures by name, and whether a font for their language was missing."""

    svg: dict[str, str]
    without_font: bool


def figures(report: Report, words: Words) -> Drawn:
    """Draw the figures for which there are data."""
    money, pipeline, language = report.money_facts, report.pipeline_facts, words.language
    wanted: dict[str, Callable[[Any], Any]] = {}
    if len(report.ids):
        wanted["scores"] = lambda ax: score_distribution(report.selection, ax, language=language)
    if money is not None:
        wanted["money"] = lambda ax: lorenz_curve(money.concentration, ax, language=language)
    if pipeline is not None and pipeline.reached is not None:
        wanted["target"] = lambda ax: attainment_distribution(
            pipeline.attainment, ax, language=language, currency=words.currency
        )
    with warnings.catch_warnings(record=True) as told, _usual_style():
        warnings.simplefilter("always", MissingFontWarning)
        drawn = {name: _drawn(draw, name) for name, draw in wanted.items()}
    missing = [w for w in told if issubclass(w.category, MissingFontWarning)]
    for other in told:
        if other not in missing:
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    return Drawn(svg=drawn, without_font=bool(missing))


@contextmanager
def _usual_style() -> Generator[None]:
    """Draw in the style of matplotlib, whatever that of the user; the font alone stays theirs."""
    fonts = mpl.rcParams["font.family"]
    with style.context("default"):
        mpl.rcParams["font.family"] = fonts  # a font with the characters that names need
        yield


def _drawn(draw: Callable[[Any], Any], name: str) -> str:
    ax = Figure(figsize=_SIZE, layout="constrained").subplots()
    return svg(draw(ax), prefix=f"{name}-", ground="page")
