"""How a selection words its findings."""

from __future__ import annotations

from collections.abc import Sequence

from keyaccount.findings import Finding


def said_of(
    code: str, count: int, what: tuple[str, str], *, where: str = "", examples: Sequence[str] = ()
) -> list[Finding]:
    """Say of how many something is so, in the singular or the plural; nothing where of none."""
    if not count:
        return []
    message = f"{count} {what[count > 1]}"
    return [
        Finding(code=code, message=message, count=count, where=where, examples=tuple(examples[:5]))
    ]
