"""The page is one file that needs nothing, shows every text as text, and reads without colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import keyaccount as ka
from keyaccount.cli.quarter import Quarter, review_quarter
from keyaccount.cli.record import ON_PAGE, page_data
from keyaccount.cli.settings import Settings
from keyaccount.intake import read_book
from keyaccount.report import render_page

EVIL = "<script>alert(1)</script>\"'&"
VOID = {"meta", "br", "rect", "line"}


class Page(HTMLParser):
    """Reads a page: its elements, its text, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID - {"rect", "line"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """See that the element that ends is the one that began last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what is there to read."""
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def of(self, tag: str) -> Iterator[dict[str, str | None]]:
        """Give the attributes of the elements of a kind."""
        return (attributes for name, attributes in self.elements if name == tag)


def quarter_of(**more: Any) -> Quarter:
    """Review a small book in which every text is hostile."""
    accounts = {
        "account_id": ["1", "2", "3", "4"],
        "account": [EVIL, "北京大客户", "Acme", "Bits"],
        "sector": [EVIL, None, "制造业", "retail"],
        "subsidiary_of": [None, None, None, "1"],
        "sales": [5.0, 3.0, -1.0, None],
    }
    overrides = [ka.Override("3", include=True, reason=EVIL, approved_by="VP")]
    settings = Settings(rule=ka.TopCount(2), **more)
    return review_quarter(read_book(accounts), settings, overrides=overrides)


@pytest.fixture(scope="module")
def page() -> str:
    """Render the page of the hostile book."""
    return render_page(page_data(quarter_of()))


def test_every_text_is_a_text(page: str) -> None:
    """Names, sectors and reasons are text, whatever they look like; every element is closed."""
    read = Page(page)
    assert not list(read.of("script"))
    assert read.open == []
    text = "".join(read.text)
    assert text.count(EVIL) == 3
    assert "制造业" in text


def test_the_page_asks_nobody_for_anything(page: str) -> None:
    """The page loads nothing: no link, picture, font or script from anywhere."""
    read = Page(page)
    assert not [tag for tag, _ in read.elements if tag in {"link", "img", "iframe", "object"}]
    assert not re.search(r"(src|href)=|url\(|@import|https?://", page)


def test_who_cannot_see_the_bars_is_told_what_they_show(page: str) -> None:
    """Each bar says in words what it shows; tables have heads of columns and rows."""
    read = Page(page)
    bars = [b["aria-label"] for b in read.of("svg")]
    assert len(bars) == 2
    assert bars[0] == "sales 0.350, potential unknown, showcase unknown, win and deliver unknown"
    assert all("role" in b for b in read.of("svg"))
    assert {h.get("scope") for h in read.of("th")} == {"col", "row"}
    assert next(read.of("html"))["lang"] == "en"


def test_what_is_unknown_or_missing_is_a_dash(page: str) -> None:
    """What is unknown is a dash; a minus is a minus sign; no NaN, None or inf is seen."""
    text = " ".join("".join(Page(page).text).split())
    assert not re.search(r"\b(nan|none|inf)\b", text, re.IGNORECASE)
    assert "–" in text
    assert "−1" in text


def test_reason_override_and_subsidiaries_are_shown(page: str) -> None:
    """Why an account is key is shown, with who approved it and what it counts for."""
    text = " ".join("".join(Page(page).text).split())
    assert "2 key accounts of 3" in text
    assert "in: by special approval" in text
    assert "(approved by VP)" in text
    assert "1 subsidiary" in text
    assert "4 accounts read, 3 judged" in text
    assert "where fewer than 10 values of a sector are known" in text


def test_no_bar_is_wider_than_the_score_can_be(page: str) -> None:
    """The parts of a bar start where the one before ends, and none goes past 100."""
    for bar in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        end = 0.0
        for x, width in re.findall(r'<rect x="([\d.]+)"[^>]*? width="([\d.]+)"', bar):
            assert float(x) == pytest.approx(end, abs=0.002)
            end = float(x) + float(width)
        assert 0.0 < end <= 100.001


def test_dark_and_print_have_their_own_rules(page: str) -> None:
    """Dark rooms and paper have their own rules; paper keeps the bars and repeats the heads."""
    assert "prefers-color-scheme: dark" in page
    printed = page[page.index("@media print") :]
    assert "print-color-adjust: exact" in printed
    assert "table-header-group" in printed


def test_a_review_without_groups_or_key_accounts_has_a_page(tmp_path: Path) -> None:
    """A review without groups, sums or key accounts has a page as well."""
    book = read_book({"account": ["A"]})
    quarter = review_quarter(book, Settings(rule=ka.AtLeast(0.5), compare_within=None))
    text = " ".join("".join(Page(render_page(page_data(quarter))).text).split())
    assert "None: no account reaches the rule." in text
    assert "Compared within" not in text
    assert "Where the money went" not in text


def test_the_same_review_gives_the_same_page(page: str) -> None:
    """The same review gives the same page, byte by byte."""
    assert render_page(page_data(quarter_of())) == page


def test_a_page_of_very_many_key_accounts_stays_readable() -> None:
    """Of very many key accounts the page shows the best thousand, and counts the rest."""
    n = ON_PAGE + 500
    book = read_book({"account": [f"A{i:04d}" for i in range(n)], "sales": list(range(n))})
    data = page_data(review_quarter(book, Settings(rule=ka.TopCount(ON_PAGE + 7))))
    read = Page(render_page(data))
    assert len(data["key"]) == ON_PAGE
    assert data["key"][0]["id"] == f"A{n - 1:04d}"
    assert "and 7 more in the table of accounts" in "".join(read.text)


def test_what_changed_is_shown_as_text() -> None:
    """With a quarter before, the page says who entered and left, why, and who moved."""
    first: Quarter | None = None
    books: list[str] = []
    for day, sales in (("2026-06-30", [5.0, 3.0, 1.0]), ("2026-09-30", [1.0, 3.0, 9.0])):
        accounts = {"account": [EVIL, "北京大客户", "Acme"], "sales": sales}
        book = read_book(accounts, as_of=day)
        settings = Settings(rule=ka.TopCount(1))
        before = None if first is None else first.reviewable
        first = review_quarter(book, settings, previous=before)
        books.append(render_page(page_data(first)))
    assert "What changed" not in books[0]
    read = Page(books[1])
    assert read.open == []
    assert not list(read.of("script"))
    text = " ".join("".join(read.text).split())
    assert "What changed since 2026-06-30" in text
    assert "promote 1, keep 0, hold 0, demote 1, watch 0" in text
    assert "What moved seats: " in text
    assert "100% of the sales to key accounts are those of accounts that entered." in text
    assert "100% of last quarter’s were those of accounts that are key no longer." in text
    assert EVIL in text
    assert "Which key accounts hang on a single person?" in text
    assert "is it in the right hands?" in text
    assert not re.search(r"\b(nan|none|inf)\b", text, re.IGNORECASE)


def test_a_narrow_window_shows_why_in_full(page: str) -> None:
    """Where a window is narrow rows are wrapped, each figure under its head, and why has a line."""
    narrow = page[page.index("@media (max-width: 40rem)") :]
    assert ".rows td.why { flex: 1 0 100%" in narrow
    heads = {cell.get("data-head") for cell in Page(page).of("td")} - {None}
    assert {"Score", "Known", "To the cut", "Sold", "Open deals", "Why"} <= heads


def test_no_word_stands_twice() -> None:
    """A measured symptom reads as a sentence."""
    accounts = {"account": ["A", "B"], "sales": [5.0, 3.0], "people": [1.0, 2.0]}
    book = read_book(accounts, as_of="2026-09-30")
    text = render_page(page_data(review_quarter(book, Settings(rule=ka.TopCount(2)))))
    assert "share of key accounts are in one person&#39;s hands" in text
    assert "of of" not in text
