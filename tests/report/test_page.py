"""The page is one file that needs nothing, shows every text as text, and reads without colours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import pytest
from matplotlib import style

import keyaccount as ka
from keyaccount._words import Words
from keyaccount.cli.page import PageOptions, report_of
from keyaccount.cli.quarter import Quarter, review_quarter
from keyaccount.cli.record import review_record
from keyaccount.cli.settings import Settings
from keyaccount.errors import SpecError
from keyaccount.intake import read_book
from keyaccount.report import Report, render_report
from keyaccount.report.finding_names import FINDINGS_ZH
from keyaccount.report.sections.accounts import ON_PAGE
from keyaccount.report.sections.holes import hole_facts
from keyaccount.report.sections.risk import risk_facts

LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")
ENGLISH = Words("en")
EVIL = "<script>alert(1)</script>\"'&"
VOID = {"meta", "br", "input", "rect", "line"}


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
        if self.open and self.open[-1] not in {"style", "script"}:
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


def report(quarter: Quarter, **options: Any) -> Report:
    """Gather what the page of a quarter is made of."""
    return report_of(quarter, review_record(quarter), PageOptions(**options))


def read(text: str) -> str:
    """Give what is there to read on a page, on one line."""
    return " ".join("".join(Page(text).text).split())


@pytest.fixture(scope="module")
def page() -> str:
    """Render the page of the hostile book."""
    return render_report(report(quarter_of()))


def test_every_text_is_a_text(page: str) -> None:
    """Names, sectors and reasons are text, whatever they look like; every element is closed."""
    found = Page(page)
    assert len(list(found.of("script"))) == 1  # that which sorts
    assert found.open == []
    text = "".join(found.text)
    assert text.count(EVIL) == 5  # name, sector, reason; the largest account, the kind of sector
    assert "制造业" in text


def test_the_page_asks_nobody_for_anything(page: str) -> None:
    """The page loads nothing: no link, picture, font or script from anywhere."""
    found = Page(page)
    assert not [tag for tag, _ in found.elements if tag in {"link", "img", "iframe", "object"}]
    assert not re.search(r"src=|url\([^#]|@import|fetch\(|XMLHttp", page)
    targets = [a["href"] for a in found.of("a")] + [u.get("xlink:href") for u in found.of("use")]
    assert all(str(target).startswith("#") for target in targets)
    addresses = set(re.findall(r"https?://[^\"' ]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_every_link_leads_to_something(page: str) -> None:
    """What a link, a label or a description points to is on the page, once."""
    found = Page(page)
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(set(ids)) == len(ids)
    pointed = [str(a["href"])[1:] for a in found.of("a")]
    for name in ("aria-labelledby", "aria-describedby", "aria-controls"):
        pointed += [str(a[name]) for _, a in found.elements if name in a]
    assert set(pointed) <= set(ids)


def test_who_cannot_see_the_bars_is_told_what_they_show(page: str) -> None:
    """Each bar says in words what it shows; tables have heads of columns and rows."""
    found = Page(page)
    bars = [b["aria-label"] for b in found.of("svg") if b.get("class") == "bar"]
    assert len(bars) == 2
    assert bars[0] == "sales 0.350, potential unknown, showcase unknown, win and deliver unknown"
    assert all(b.get("role") == "img" and b["aria-label"] for b in found.of("svg"))
    assert {h.get("scope") for h in found.of("th")} == {"col", "row"}
    assert next(found.of("html"))["lang"] == "en"


def test_what_is_unknown_or_missing_is_a_dash(page: str) -> None:
    """What is unknown is a dash; a minus is a minus sign; no NaN, None or inf is seen."""
    text = read(page)
    assert not re.search(r"\b(nan|none|inf)\b", text, re.IGNORECASE)
    assert "–" in text
    assert "−1" in text


def test_reason_override_and_subsidiaries_are_shown(page: str) -> None:
    """Why an account is key is shown, with who approved it and what it counts for."""
    text = read(page)
    assert "2 key accounts of 3" in text
    assert "in: by special approval" in text
    assert "(approved by VP)" in text
    assert "1 subsidiary" in text
    assert "4 accounts read, 3 judged" in text
    assert "where fewer than 10 values of a sector are known" in text


def test_no_bar_is_wider_than_the_score_can_be(page: str) -> None:
    """The parts of a bar start where the one before ends, and none goes past 100."""
    for bar in re.findall(r'<svg class="bar".*?</svg>', page, re.DOTALL):
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
    text = read(render_report(report(quarter)))
    assert "None: no account reaches the rule." in text
    assert "Compared within" not in text
    assert "Where the money went" not in text


def test_the_same_review_gives_the_same_page(page: str) -> None:
    """The same review gives the same page, byte by byte."""
    assert render_report(report(quarter_of())) == page


def test_a_page_of_very_many_key_accounts_stays_readable() -> None:
    """Of very many key accounts the page shows the best thousand, and counts the rest."""
    n = ON_PAGE + 500
    book = read_book({"account": [f"A{i:04d}" for i in range(n)], "sales": list(range(n))})
    text = render_report(report(review_quarter(book, Settings(rule=ka.TopCount(ON_PAGE + 7)))))
    rows = re.findall(r'<tr id="account-\d+">\s*<th scope="row"><bdi>(\w+)', text)
    assert len(rows) == ON_PAGE
    assert rows[0] == f"A{n - 1:04d}"
    assert "and 7 more in the table of accounts" in text


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
        books.append(render_report(report(first)))
    assert "What changed since" not in books[0]
    assert Page(books[1]).open == []
    text = read(books[1])
    assert "What changed since 30 Jun 2026" in text
    assert "promote1 keep0 hold0 demote1 watch0" in text.replace("</dt>", "").replace(" 1", "1")
    assert "What moved seats: " in text
    assert "100% of the sales to key accounts are those of accounts that entered." in text
    assert "100% of last quarter’s were those of accounts that are key no longer." in text
    assert EVIL in text
    assert "Which key accounts hang on a single person?" in text
    assert "is it in the right hands?" in text
    assert not re.search(r"\b(nan|none|inf)\b", text, re.IGNORECASE)


def test_a_narrow_window_shows_why_in_full(page: str) -> None:
    """Where a window is narrow rows are wrapped, each figure under its head, and why has a line."""
    narrow = page[page.index("@media screen and (max-width: 40rem)") :]
    assert ".rows td.why { flex: 1 0 100%" in narrow
    heads = {cell.get("data-head") for cell in Page(page).of("td")} - {None}
    assert {"Score", "To the cut", "Sold", "Open, weighted", "Owner, stage", "Why"} <= heads


def test_no_word_stands_twice() -> None:
    """A measured symptom reads as a sentence."""
    accounts = {"account": ["A", "B"], "sales": [5.0, 3.0], "people": [1.0, 2.0]}
    book = read_book(accounts, as_of="2026-09-30")
    text = render_report(report(review_quarter(book, Settings(rule=ka.TopCount(2)))))
    assert "share of key accounts are in one person&#39;s hands" in text
    assert "of of" not in text


@pytest.fixture(scope="module")
def reviewed() -> Quarter:
    """Review two quarters of a synthetic book with everything that the command reads."""
    made = ka.synthetic_book(150, seed=5, as_of="2026-09-30")
    before: Quarter | None = None
    for day in ("2026-06-30", "2026-09-30"):
        book = read_book(
            made.accounts,
            made.deals,
            made.products,
            made.ratings,
            team=made.team,
            assignments=made.assignments,
            plans=made.plans,
            tasks=made.tasks,
            contacts=made.contacts,
            as_of=day,
        )
        settings = Settings(rule=ka.TopShare(0.2), contact_every=90, stalled_after=60)
        previous = None if before is None else before.reviewable
        before = review_quarter(book, settings, previous=previous)
    assert before is not None
    return before


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_section(reviewed: Quarter, language: Literal["en", "zh"]) -> None:
    """All sections are there, linked and named; every element is closed."""
    options = {"target": ka.SalesTarget.by_quarter(1e6, 2026)}
    text = render_report(report(reviewed, **options), language=language, currency="€")
    found = Page(text)
    assert found.open == []
    sections = ["short", "accounts", "changes", "money", "pipeline", "risk", "coverage", "data"]
    assert [s["id"] for s in found.of("section")] == [*sections, "rules"]
    assert [a["href"] for a in found.of("a")][1:9] == [f"#{s}" for s in [*sections[1:], "rules"]]
    figures = [a for a in found.of("svg") if a.get("class") != "bar"]
    assert len(figures) == 3
    assert "€" in "".join(found.text)


def test_the_chinese_page_speaks_chinese(reviewed: Quarter) -> None:
    """What is English on it says so, or comes from the data."""
    text = render_report(report(reviewed), language="zh", currency="元")
    found = Page(text)
    assert next(found.of("html"))["lang"] == "zh-CN"
    said = re.sub(r"<(style|script|svg).*?</\1>", "", text, flags=re.DOTALL)
    said = re.sub(r'<(\w+)[^>]*lang="en".*?</\1>', "", said, flags=re.DOTALL)
    for words in ("Who is", "Score", "Sold", "in: by", "promote", "maturity", "cannot", "of sales"):
        assert words not in said
    for words in ("大客户", "入选：凭得分", "晋升", "成熟", "留不住", "2026年9月30日", "元"):
        assert words in said


def test_every_finding_of_a_page_has_a_chinese_name(reviewed: Quarter) -> None:
    """No code of a finding is left as it is."""
    record = review_record(reviewed)
    codes = {f["code"] for f in [*record["findings"], *record["changes"]["notes"]]}
    assert len(codes) > 20
    assert codes <= set(FINDINGS_ZH)


def test_what_is_at_risk_and_what_is_missing_are_those_of_the_review(reviewed: Quarter) -> None:
    """The accounts at risk show a way to fail, the holes have a finding, most sales first."""
    page, found = report(reviewed), reviewed.review
    assert found is not None
    risk, holes = risk_facts(page, ENGLISH), hole_facts(page, ENGLISH)
    assert risk is not None
    assert holes is not None
    key = [i for i in range(len(page.ids)) if page.is_key[i]]
    assert {row.id for row in risk.rows} == {page.ids[i] for i in key if found.ways.shown(i)}
    asked = ("coverage", "plan", "tasks")
    missing = {
        page.ids[i] for i in key if any(found.findings.answer(q)[i] == "finding" for q in asked)
    }
    assert {row.id for row in holes.rows} == missing
    for rows in (risk.rows, holes.rows):
        sold = [row.sales for row in rows]
        assert sold == sorted(sold, reverse=True)
    assert all(row.seen and row.ways for row in risk.rows)


def test_the_record_has_the_figures_of_the_page(reviewed: Quarter) -> None:
    """Concentration and pipeline are plain data too, which JSON takes as they are."""
    target = ka.SalesTarget.by_quarter(1e6, 2026)
    figures = report(reviewed, target=target).figures()
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert figures["pipeline"]["open_deals"] == sum(
        stage["deals"] for stage in figures["pipeline"]["stages"]
    )
    assert figures["concentration"]["customers"] == len(reviewed.columns["id"])


@pytest.mark.parametrize(
    ("options", "said"), [({"language": "fr"}, "language"), ({"currency": 3}, "currency")]
)
def test_a_page_speaks_what_it_can(options: Any, said: str) -> None:
    """A language that is neither, and a currency that is no text, are refused."""
    with pytest.raises(SpecError, match=said):
        _ = render_report(report(quarter_of()), **options)


def test_the_style_of_the_user_does_not_reach_the_page(page: str) -> None:
    """Whatever somebody set of matplotlib, the page is the same, byte by byte."""
    more = {"font.size": 20.0, "axes.grid": True, "lines.linewidth": 9.0}
    with style.context(["dark_background", more]):
        assert render_report(report(quarter_of())) == page
        assert mpl.rcParams["font.size"] == 20.0


def test_what_everyday_reviews_tell_has_a_chinese_name() -> None:
    """Ties, incumbents that are gone, refunds, and who cannot be judged."""
    everyday = {"tie_at_cut", "incumbent_gone", "tenure_unknown", "refunds_only", "default_limit"}
    everyday |= {"unknown", "after_the_day", "no_close_date", "too_junior", "expired"}
    assert everyday <= set(FINDINGS_ZH)
    assert all(re.search("[\u4e00-\u9fff]", name) for name in FINDINGS_ZH.values())
