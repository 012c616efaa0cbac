"""A font is looked for where the usual one lacks characters."""

from __future__ import annotations

import warnings

import pytest
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes

import keyaccount as ka
from keyaccount import plots
from keyaccount.plots import _fonts
from keyaccount.plots._fonts import families_for, lacking


def test_the_usual_font_is_kept_where_it_has_everything() -> None:
    """Latin, Greek and signs."""
    assert lacking(["Söhne → 80 %", "−1"]) == ""
    assert families_for(["Söhne → 80 %"]) == (["sans-serif"], "")


def test_characters_that_are_lacking_are_told_once_each() -> None:
    """In order, without blanks."""
    assert lacking(["客户 客", "户"]) == "客户"


def test_a_font_with_all_characters_comes_after_the_usual_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that Latin texts look as ever."""
    fonts = [("Small", "small.ttf"), ("Large", "large.ttf")]
    covers = {"small.ttf": frozenset("客"), "large.ttf": frozenset("客户")}
    usual = font_manager.findfont("DejaVu Sans")
    monkeypatch.setattr(_fonts, "_installed", lambda: fonts)
    monkeypatch.setattr(
        _fonts,
        "_characters",
        lambda path: frozenset(map(ord, covers.get(path, map(chr, range(0x250))))),
    )
    assert usual not in covers
    assert families_for(["客户 A"]) == (["sans-serif", "Large"], "")
    assert families_for(["客"]) == (["sans-serif", "Small"], "")
    assert families_for(["龍"]) == (["sans-serif"], "龍")


def test_a_sign_that_no_font_has_takes_nothing_from_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Several fonts share the characters, each as few as need be."""
    fonts = [("Han", "han.ttf"), ("Signs", "signs.ttf"), ("None", "none.ttf")]
    covers = {"han.ttf": frozenset("客户"), "signs.ttf": frozenset("☃"), "none.ttf": frozenset()}
    monkeypatch.setattr(_fonts, "_installed", lambda: fonts)
    monkeypatch.setattr(
        _fonts,
        "_characters",
        lambda path: frozenset(map(ord, covers.get(path, map(chr, range(0x250))))),
    )
    assert families_for(["客户 ☃ 🚀"]) == (["sans-serif", "Han", "Signs"], "🚀")


def test_names_without_a_font_are_told_and_drawn_all_the_same(
    monkeypatch: pytest.MonkeyPatch, axes: Axes
) -> None:
    """The names are the user's; there is no other word for them."""
    monkeypatch.setattr(_fonts, "_installed", list)
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1))], weights={"a": 1.0}
    )
    chosen = ka.select(scorer.score({"a": [0.5, 0.7]}), ka.TopCount(1), ids=["客户", "b"])
    with pytest.warns(
        plots.MissingFontWarning, match="'客户': boxes stand for them in names"
    ) as told:
        plots.score_contributions(chosen, axes)
    assert told[0].filename == __file__
    assert [t.get_text() for t in axes.get_yticklabels()] == ["b", "客户"]


def test_a_font_that_the_user_has_set_is_enough() -> None:
    """Nothing is looked for."""
    with rc_context({"font.family": ["DejaVu Serif"]}), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert families_for(["plain"]) == (["DejaVu Serif"], "")


def test_fonts_installed_since_matplotlib_made_its_list_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its list is kept for good; the files are looked at anew."""
    added: list[str] = []
    known = font_manager.fontManager.ttflist[0].fname
    monkeypatch.setattr(
        font_manager, "findSystemFonts", lambda: [known, "/f/new.ttf", "/f/plain.ttf"]
    )
    monkeypatch.setattr(
        _fonts, "_family", lambda path: "Noto Sans SC" if "new" in path else "Plain"
    )
    monkeypatch.setattr(font_manager.fontManager, "addfont", added.append)
    _fonts._learn_new_fonts.cache_clear()
    try:
        _fonts._learn_new_fonts()
    finally:
        _fonts._learn_new_fonts.cache_clear()
    assert added == ["/f/new.ttf"]


def test_a_file_that_is_no_font_is_passed_over(tmp_path: object) -> None:
    """System folders hold all kinds of files."""
    assert _fonts._family(f"{tmp_path}/none.ttf") == ""
