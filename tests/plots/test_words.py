"""How money, shares, days and names are written."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount import plots
from keyaccount._words import Words, shortened
from keyaccount.plots._words import labels_of, words_for

LANGUAGES: tuple[plots.Language, ...] = ("en", "zh")
UNITS = {
    "": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12,
}  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (0.0, "€0", "€0"),
        (7.5, "€7.5", "€7.5"),
        (999.0, "€999", "€999"),
        (9_990.0, "€9.99K", "€9,990"),
        (999_950.0, "€1M", "€100万"),
        (1_200_000.0, "€1.2M", "€120万"),
        (12_345_678.0, "€12.3M", "€1,230万"),
        (3e8, "€300M", "€3亿"),
        (2.5e12, "€2.5T", "€2.5万亿"),
        (-45_600.0, "−€45.6K", "−€4.56万"),
        (math.nan, "–", "–"),
    ],
)
def test_money_is_short_in_the_units_of_the_language(
    amount: float, english: str, chinese: str
) -> None:
    """Thousands and millions; 万 and 亿."""
    assert Words("en", "€").money(amount) == english
    assert Words("zh", "€").money(amount) == chinese


@pytest.mark.parametrize(
    ("currency", "written"),
    [("", "120万"), ("元", "120万元"), ("CNY", "CNY 120万"), ("US$", "US$120万"), ("¥", "¥120万")],
)
def test_currencies_stand_where_they_belong(currency: str, written: str) -> None:
    """Signs before, codes before with a space, 元 behind."""
    assert Words("zh", currency).money(1.2e6) == written


@example(amount=0.7152, language="en")  # 0.715 on the way would become 0.71
@settings(max_examples=60)
@given(
    amount=st.floats(-1e14, 1e14).filter(lambda x: x == 0 or abs(x) > 0.01),
    language=st.sampled_from(LANGUAGES),
)
def test_short_money_is_within_half_a_percent(amount: float, language: plots.Language) -> None:
    """Three digits count; the sign is that of the amount."""
    text = Words(language, "").money(amount).replace("−", "-").replace(",", "")
    number, unit = re.fullmatch(r"(-?[\d.]+)(\D*)", text).groups()  # type: ignore[union-attr]
    assert float(number) * UNITS[unit] == pytest.approx(amount, rel=0.0051, abs=0.0051)


def test_shares_that_are_not_quite_nothing_or_all_say_so() -> None:
    """A probability of 0.998 is no certainty."""
    words = Words()
    shares = [0.0, 0.001, 0.25, 0.994, 0.998, 1.0, math.nan]
    assert [words.share(s) for s in shares] == ["0%", "<1%", "25%", "99%", ">99%", "100%", "–"]


def test_a_score_just_below_0_is_0() -> None:
    """There is no minus 0."""
    assert Words().number(-0.001) == "0.00"
    assert Words().number(-0.5) == "−0.50"


def test_days_are_months_where_months_tell_them_apart() -> None:
    """In both languages."""
    ends = ["2025-12-31", "2026-03-31"]
    assert Words("en").days(ends) == ["Dec 2025", "Mar 2026"]
    assert Words("zh").days(ends) == ["2025年12月", "2026年3月"]
    close = ["2026-03-01", "2026-03-31"]
    assert Words("en").days(close) == ["1 Mar 2026", "31 Mar 2026"]
    assert Words("zh").days(close) == ["2026年3月1日", "2026年3月31日"]


def test_long_names_are_cut_on_one_line() -> None:
    """A Chinese character takes the room of two others."""
    assert shortened("a\nb  c") == "a b c"
    assert shortened("x" * 40) == "x" * 27 + "…"
    assert shortened("客" * 20) == "客" * 13 + "…"
    assert shortened("客" * 14) == "客" * 14


def test_labels_come_from_a_mapping_or_from_the_parts_of_a_spec() -> None:
    """What has no label goes by its code."""
    english, chinese = Words("en"), Words("zh")
    assert labels_of(["a", "b"], {"a": "Sales"}, english, "f") == ["Sales", "b"]
    funnel = ka.opportunity_funnel()
    codes = [funnel.stages[0].code, "other"]
    assert labels_of(codes, funnel, chinese, "f") == [funnel.stages[0].name_zh, "other"]
    assert labels_of(codes, funnel.stages, english, "f") == [funnel.stages[0].name, "other"]
    with pytest.raises(ka.SpecError, match=r"f\(names\) must map codes to labels"):
        labels_of(codes, 7, english, "f")


def test_a_currency_is_text() -> None:
    """None is no currency; leaving it out is."""
    with pytest.raises(ka.SpecError, match=r"f\(currency\) must be text"):
        words_for("en", None, figure="f")
