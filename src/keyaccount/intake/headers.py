"""The names of the columns of a file."""

from __future__ import annotations

from keyaccount.errors import IntakeError
from keyaccount.findings import Finding, counted, note

__all__ = ["named"]


def named(header: list[str], source: str) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Strip the names; leave out columns without one, refuse two columns of one name."""
    broken = [raw for raw in header if "\n" in raw or "\r" in raw]
    if broken:
        raise IntakeError.from_file(
            source, f"a column name holds a line break: {broken[0]!r}", "write names on one line."
        )
    stripped = {raw: raw.strip() for raw in header if raw.strip()}
    names = [raw.strip() for raw in header if raw.strip()]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise IntakeError.from_file(
            source,
            f"more than one column is named {', '.join(map(repr, twice))}",
            "rename one of them, so that it is clear which one to read.",
        )
    blank = len(header) - len(names)
    message = f"{source}: {counted(blank, 'column')} without a name left out"
    return stripped, note("unnamed_column", message, blank, source)
