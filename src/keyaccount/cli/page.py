"""The page of a quarter: what it is made of, and how it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from keyaccount._words import Language
from keyaccount.cli.quarter import Quarter
from keyaccount.funnel.forecast import SalesTarget
from keyaccount.report import Report

__all__ = ["PageOptions", "report_of"]


@attrs.frozen(kw_only=True)
class PageOptions:
    """How the page speaks, and against what it holds the pipeline.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.
    currency
        What money is written with; empty: numbers alone.
    target
        What is to be sold; None: nobody said.
    """

    language: Language = "en"
    currency: str = ""
    target: SalesTarget | None = None


def report_of(quarter: Quarter, record: Mapping[str, Any], options: PageOptions) -> Report:
    """Gather what the page is made of."""
    logs = quarter.programme.logs
    return Report(
        record=record,
        columns=quarter.columns,
        scores=quarter.scores,
        selection=quarter.chosen,
        as_of=quarter.as_of,
        review=quarter.review,
        compared=quarter.previous is not None or quarter.incumbents is not None,
        pipeline=logs.get("pipeline"),
        sold=logs.get("sales"),
        target=options.target,
        playbook=quarter.playbook,
    )
