"""`Met`: the findings of a page, those about the data apart from those about the programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from keyaccount.report.finding_names import OF_PROGRAMME_ZH

__all__ = ["Met", "met"]


@attrs.frozen(kw_only=True)
class Met:
    """Findings as plain data, the gravest first."""

    rejected: tuple[Mapping[str, Any], ...]
    odd: tuple[Mapping[str, Any], ...]
    notes: tuple[Mapping[str, Any], ...]
    of_programme: tuple[Mapping[str, Any], ...]


def met(record: Mapping[str, Any]) -> Met:
    """Gather what was met while reading, judging and reviewing."""
    told = [*record["findings"], *((record["changes"] or {}).get("notes") or ())]
    ours = [f for f in told if f["code"] not in OF_PROGRAMME_ZH]
    by = {s: tuple(f for f in ours if f["severity"] == s) for s in ("error", "warning", "info")}
    return Met(
        rejected=by["error"],
        odd=by["warning"],
        notes=by["info"],
        of_programme=tuple(f for f in told if f["code"] in OF_PROGRAMME_ZH),
    )
