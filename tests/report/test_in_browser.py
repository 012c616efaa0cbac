"""In a browser the page sorts, finds, leads on and can be used without a mouse, in both languages.

It is opened from the file system, without a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Pages: TypeAlias = Callable[[str], Path]

WIDE, NARROW = {"width": 1300, "height": 900}, {"width": 390, "height": 844}


class Opened:
    """A page in a browser, with what it complained of and what it asked the network for."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.context = browser.new_context(offline=True, reduced_motion="reduce", **options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def cells(self, table: str, place: int) -> list[str]:
        """Read a column of the rows that are shown."""
        rows = f"{table} tbody tr:not([hidden])"
        script = f"rows => rows.map(r => r.cells[{place}].firstChild.textContent.trim())"
        found: list[str] = self.page.eval_on_selector_all(rows, script)
        return found


@pytest.fixture(params=["en", "zh"])
def opened(request: pytest.FixtureRequest, browser: Any, pages: Pages) -> Iterator[Opened]:
    """Open the page of the demo in one language."""
    found = Opened(browser, pages(request.param), viewport=WIDE)
    try:
        yield found
        assert found.said == []
    finally:
        found.context.close()


def numbers(cells: list[str]) -> list[float]:
    """Read numbers as they are written."""
    return [float(cell.replace(",", "").replace("−", "-")) for cell in cells]


def test_nothing_is_asked_of_the_network(opened: Opened) -> None:
    """The page is one file: it is all that the browser asks for."""
    assert len(opened.asked) == 1
    assert opened.asked[0].startswith("file:")


def test_every_link_of_the_page_leads_somewhere(opened: Opened) -> None:
    """Each link of the head and of the summary brings its section into sight."""
    page = opened.page
    links = page.locator("nav a, ol.short a")
    assert links.count() >= 12
    for i in range(links.count()):
        links.nth(i).click()
        section = page.locator(page.evaluate("location.hash"))
        assert section.evaluate("e => e.getBoundingClientRect().top < innerHeight")
        assert section.locator("h2").first.is_visible()


def test_a_click_on_a_head_sorts_by_numbers_and_back(opened: Opened) -> None:
    """A column of numbers sorts from the largest, then from the smallest, and says so."""
    page, table = opened.page, "#near-table"
    head = page.locator(f"{table} thead th").nth(4)
    for order in ("descending", "ascending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == order
        found = numbers(opened.cells(table, 4))
        assert found == sorted(found, reverse=order == "descending")
        assert len(set(found)) > 1
    assert page.locator("#said").inner_text()
    assert page.locator(f"{table} th[aria-sort]").count() == 1


def test_the_keyboard_sorts_too(opened: Opened) -> None:
    """A head can be reached by Tab, and Enter or Space sorts by it."""
    page, table = opened.page, "#near-table"
    head = page.locator(f"{table} thead th").first
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator(f"{table} thead th").nth(1).get_attribute("aria-sort") == "descending"
    assert head.get_attribute("aria-sort") is None


def test_what_is_unknown_comes_last_both_ways(opened: Opened) -> None:
    """A cell without a number stands at the end, whether it rises or falls."""
    table = opened.page.locator("section#coverage table.rows")
    table.evaluate("t => { delete t.dataset.first; }")
    some = 0
    for place in (1, 3, 4, 5, 6):  # owner, coverage, roles, plan, tasks
        for _ in range(2):
            table.evaluate(f"t => t.tHead.rows[0].cells[{place}].querySelector('button').click()")
            cells = f"t => [...t.tBodies[0].rows].map(r => r.cells[{place}].textContent.trim())"
            blank = [cell == "–" for cell in table.evaluate(cells)]
            assert blank == sorted(blank)
            some += any(blank) and not all(blank)
    assert some >= 4


def test_an_unknown_number_comes_last_both_ways(opened: Opened) -> None:
    """A number that nobody knows stands at the end too."""
    table = opened.page.locator("#near-table")
    table.evaluate("t => { t.tBodies[0].rows[0].cells[4].dataset.v = ''; delete t.dataset.first; }")
    for _ in range(2):
        table.evaluate("t => t.tHead.rows[0].cells[4].querySelector('button').click()")
        told = table.evaluate("t => [...t.tBodies[0].rows].map(r => r.cells[4].dataset.v)")
        assert "" not in told[:-1]
        assert told[-1] == ""


def test_a_link_to_a_row_that_is_searched_away_brings_it_back(opened: Opened) -> None:
    """A second click on the same link works too, and the search is emptied."""
    page = opened.page
    link = page.locator("#risk a[href^='#account-']").first
    box = page.locator("input[aria-controls=key-table]")
    for _ in range(2):
        box.fill("nobody is called that")
        link.click()
        assert page.locator(str(link.get_attribute("href"))).is_visible()
        assert box.input_value() == ""


def test_an_account_is_found_by_its_name(opened: Opened) -> None:
    """What is typed leaves the rows that hold it, and says how many they are."""
    page = opened.page
    name = opened.cells("#key-table", 0)[-1]
    page.locator("input[aria-controls=key-table]").fill(name.upper())
    shown = opened.cells("#key-table", 0)
    assert name in shown
    assert len(shown) < page.locator("#key-table tbody tr").count()
    assert str(len(shown)) in page.locator("#said").inner_text()
    page.locator("input[aria-controls=key-table]").fill("")
    assert page.locator("#key-table tbody tr[hidden]").count() == 0


def test_a_long_table_shows_its_first_rows_until_asked(browser: Any, pages: Pages) -> None:
    """The rest of a long table is one click away, and a link to one of its rows shows it."""
    opened = Opened(browser, pages("en"), viewport=WIDE)
    page = opened.page
    table = page.locator("#key-table")
    rows = table.locator("tbody tr")
    assert rows.count() > 20
    assert table.locator("tbody tr:not([hidden])").count() == 15
    table.locator("xpath=..").locator("xpath=following-sibling::button[1]").click()
    assert table.locator("tbody tr[hidden]").count() == 0
    last = rows.last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{pages('en').as_uri()}#{last}")
    assert page.locator(f"#{last}").is_visible()
    opened.context.close()


def test_a_reader_of_screens_finds_its_way(opened: Opened) -> None:
    """There is one main part and one first heading, each section and table has a name."""
    page = opened.page
    assert page.locator("main").count() == page.locator("h1").count() == 1
    levels = page.eval_on_selector_all("h1, h2, h3", "hs => hs.map(h => Number(h.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for region in page.get_by_role("region").all():
        name = region.evaluate(
            """e => e.getAttribute('aria-label')
                || document.getElementById(e.getAttribute('aria-labelledby')).textContent"""
        )
        assert name.strip()
    assert all(image.get_attribute("aria-label") for image in page.get_by_role("img").all()[:40])
    assert page.get_by_role("status").count() == 1


def test_the_first_tab_skips_to_the_content(opened: Opened) -> None:
    """Who has no mouse need not go through the links first."""
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_texts_stand_out_on_light_and_dark(browser: Any, pages: Pages) -> None:
    """Texts and links have a contrast of at least 4.5 to 1 with what is behind them."""
    for scheme in ("light", "dark"):
        opened = Opened(browser, pages("en"), viewport=WIDE, color_scheme=scheme)
        low = opened.page.evaluate(CONTRASTS)
        assert min(low.values()) >= 4.5, (scheme, low)
        opened.context.close()


def test_a_phone_scrolls_one_way(browser: Any, pages: Pages) -> None:
    """On a narrow screen nothing is wider than it, and wide tables scroll on their own."""
    for language in ("en", "zh"):
        opened = Opened(browser, pages(language), viewport=NARROW)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        opened.context.close()


def test_it_prints(browser: Any, pages: Pages) -> None:
    """On paper there are no buttons and no links of the head, and it is no book."""
    opened = Opened(browser, pages("en"), viewport=WIDE)
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("nav").is_visible()
    assert not opened.page.locator("label.find").first.is_visible()
    assert opened.page.locator(".printed").first.is_visible()
    paper = opened.page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    pages_of = [int(found) for found in re.findall(rb"/Count (\d+)", paper)]
    assert 1 <= max(pages_of) <= 30
    opened.context.close()


def test_the_page_is_read_without_scripts(browser: Any, pages: Pages) -> None:
    """Where scripts are off every row is there, and nothing that would need them."""
    opened = Opened(browser, pages("en"), viewport=WIDE, java_script_enabled=False)
    page = opened.page
    assert page.locator("#key-table tbody tr").last.is_visible()
    assert not page.locator("label.find").first.is_visible()
    assert page.locator("th button").count() == 0
    opened.context.close()


CONTRASTS = """() => {
  const linear = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const read = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const [r, g, b, a = 1] = read(getComputedStyle(e).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = {};
  const texts = "h1, h2, p, a, td, th, dt, dd, small, summary, .error, .warning, .good, .info";
  for (const e of document.querySelectorAll(texts)) {
    const [a, b] = [light(read(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const key = e.tagName + "." + e.className;
    found[key] = Math.min(found[key] ?? 99, (a + 0.05) / (b + 0.05));
  }
  return found;
}"""
"""Measures the contrast of every kind of text, as WCAG 2 has it."""
