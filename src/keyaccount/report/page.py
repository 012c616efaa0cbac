"""`render_report`: a review as one self-contained HTML page."""

from __future__ import annotations

from functools import cache
from typing import Any

from keyaccount._words import Language, Words, spoken
from keyaccount.errors import MissingExtra
from keyaccount.report.in_short import in_short
from keyaccount.report.met import met
from keyaccount.report.report import Report
from keyaccount.report.sections.accounts import accounts_section
from keyaccount.report.sections.changes import changes_section
from keyaccount.report.sections.deals import largest_deals
from keyaccount.report.sections.holes import hole_facts
from keyaccount.report.sections.risk import risk_facts
from keyaccount.report.sections.rules import rules_section
from keyaccount.report.tools import tools

__all__ = ["render_report"]


def render_report(report: Report, *, language: Language = "en", currency: str = "") -> str:
    """Write the page: one file that needs nothing but a browser.

    Parameters
    ----------
    report
        What the page is made of.
    language
        ``"en"`` or ``"zh"``. Sentences of findings and reasons, which hold names of the data, are
        English on both; on the Chinese page each has a Chinese name before it.
    currency
        What money is written with: ``"€"``, ``"CNY"``, ``"元"``; empty: numbers alone.

    Returns
    -------
    str
        HTML. The same report gives the same text; every text of the data is escaped.

    Raises
    ------
    SpecError
        The language is neither, or the currency is no text.
    MissingExtra
        jinja2 or matplotlib is not installed.
    """
    words = spoken(language, currency, where="render_report")
    template = _environment().get_template("report.html.j2")
    text: str = template.render(**_context(report, words), **tools(words))
    return text


def _context(report: Report, words: Words) -> dict[str, Any]:
    """Gather what the sections show."""
    try:
        from keyaccount.report.figures import figures
    except ModuleNotFoundError as error:
        raise MissingExtra.from_caller("the report page", "cli", "matplotlib") from error
    accounts, pipeline = accounts_section(report, words), report.pipeline_facts
    risk, holes = risk_facts(report, words), hole_facts(report, words)
    return {
        "report": report,
        "record": report.record,
        "few": report.record["summary"],
        "short": in_short(report, risk, holes, words),
        "met": met(report.record),
        "accounts": accounts,
        "anchors": {row.id: f"account-{i}" for i, row in enumerate(accounts["key"].rows, start=1)},
        "changes": changes_section(report, words),
        "money_facts": report.money_facts,
        "pipeline": pipeline,
        "largest_deals": [] if pipeline is None else largest_deals(report, pipeline, words),
        "risk": risk,
        "holes": holes,
        "rules": rules_section(report, words),
        "drawn": figures(report, words),
    }


@cache
def _environment() -> Any:
    try:
        import jinja2
    except ModuleNotFoundError as error:
        raise MissingExtra.from_caller("the report page", "cli", "jinja2") from error
    return jinja2.Environment(
        loader=jinja2.PackageLoader("keyaccount.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
