"""What is found of the judged accounts beside what they are scored by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from keyaccount._columns import Objects
from keyaccount.findings import Finding

__all__ = ["Found"]


@attrs.frozen(eq=False)
class Found:
    """Columns of the judged accounts, what was met, what was learned, and what is shown.

    Parameters
    ----------
    columns
        Columns by name, one value per judged account.
    findings
        What was met.
    learned
        Specs that the next quarter keeps, by name.
    shown
        Plain data for the record and the page, by name.
    """

    columns: Mapping[str, Objects]
    findings: tuple[Finding, ...] = ()
    learned: Mapping[str, Any] = attrs.field(factory=dict)
    shown: Mapping[str, Any] = attrs.field(factory=dict)

    def __or__(self, other: Found) -> Found:
        """Put two together."""
        return Found(
            {**self.columns, **other.columns},
            self.findings + other.findings,
            {**self.learned, **other.learned},
            {**self.shown, **other.shown},
        )
