"""What the command prints: a table that reads at a glance, findings, and where the files are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from keyaccount._columns import as_floats
from keyaccount.cli.changes import key_sales_moved, seats_moved_by
from keyaccount.cli.quarter import Quarter
from keyaccount.cli.record import summary
from keyaccount.errors import KeyAccountError
from keyaccount.evaluation import Review
from keyaccount.findings import Finding
from keyaccount.intake import Reconciliation

__all__ = ["show_error", "show_findings", "show_places", "show_quarter"]

_ACCOUNTS = 20
_FINDINGS = 12
_EXAMPLES = 2
_NAMED = 8
_LEFT = {"account", "sector", "why"}
_WIDE, _MEDIUM = 100, 72
"""From so many columns on there is room for sector and coverage, for the parts of the score."""
_NARROWEST = 12
"""What is left of a long name, at the least."""
_STYLE = {"error": "bold red", "warning": "yellow", "info": "dim"}
_SHORT = {"win_and_deliver": "win"}
_OF_SALES = {
    "entered": "are those of accounts that entered",
    "left": "of last quarter's were those of accounts that are key no longer",
}


def show_quarter(quarter: Quarter, console: Console) -> None:
    """Print the key accounts, the findings and the sums."""
    few = summary(quarter)
    share = few["share_of_sales"]
    title = f"{few['key_accounts']:,} key accounts of {few['judged']:,}"
    title += "" if share is None else f", {share:.0%} of sales"
    console.print(Rule(Text(title, style="bold"), align="left"))
    console.print(_key_table(quarter, console.width))
    more = few["key_accounts"] - _ACCOUNTS
    if more > 0:
        console.print(Text(f"and {more:,} more in the table of accounts", style="dim"))
    _show_holders(quarter, console)
    _show_changes(quarter, console)
    show_findings(quarter.findings, console)
    if quarter.book.reconciliations:
        console.print(Rule(Text("where the money went", style="bold"), align="left"))
        console.print(_money_table(quarter.book.reconciliations))


def _show_holders(quarter: Quarter, console: Console) -> None:
    """Say how few people hold how much of the key accounts."""
    for what, held in (quarter.held_by or {}).items():
        said = [
            f"{one['share']:.0%} by {one['people']} of {one['of']}"
            for one in held["few"]
            if one["people"] is not None
        ]
        if said:
            shared = "in equal parts where several are on one"
            text = f"sales to key accounts are held, by {what}: {', '.join(said)} ({shared})"
            console.print(Text(text, style="dim"))


def _show_changes(quarter: Quarter, console: Console) -> None:
    """Print what became of the key accounts since the quarter before: who entered and left, why."""
    found, before = quarter.review, quarter.previous
    if found is None:
        return
    if before is not None:
        title = f"what changed since {before.as_of}"
        console.print(Rule(Text(title, style="bold"), align="left"))
        console.print(Text(", ".join(f"{name} {count}" for name, count in found.counts.items())))
        _show_moves(quarter, found, console)
    _show_notes(found, console)


def _show_moves(quarter: Quarter, found: Review, console: Console) -> None:
    """Name who entered and who left, and count what their seats owe that to."""
    for decision in ("promote", "demote"):
        named = sorted(found.ids[found.decision == decision].tolist())
        if named:
            more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
            console.print(Text(f"{decision}: {', '.join(named[:_NAMED])}{more}", style="dim"))
    moved = seats_moved_by(found)
    if moved:
        said = [f"{by} ({n['won']} won, {n['lost']} lost)" for by, n in moved.items()]
        console.print(Text(f"what moved seats: {', '.join(said)}", style="dim"))
    shares = {k: s for k, s in key_sales_moved(quarter).items() if s is not None}
    if shares:
        words = ", ".join(f"{share:.0%} {_OF_SALES[which]}" for which, share in shares.items())
        console.print(Text(f"of the sales to key accounts: {words}", style="dim"))


def _show_notes(found: Review, console: Console) -> None:
    """Print what to know of the review, and how much it asks for."""
    notes = [note for note in found.notes if note.severity != "info"]
    if notes:
        title = "to know of the review"
        console.print(Rule(Text(title, style="bold"), align="left"))
        console.print(_finding_table(notes[:_FINDINGS]))
    asked = len(found.notes) - len(notes)
    if asked:
        said = "question is" if asked == 1 else "questions are"
        console.print(Text(f"{asked} {said} asked, on the page", style="dim"))


def _key_table(quarter: Quarter, width: int) -> Table:
    """Show the best key accounts; where it is narrow, names are cut short, numbers never."""
    key = [i for i in quarter.order.tolist() if quarter.chosen.is_key[i]][:_ACCOUNTS]
    columns = {"account": [quarter.title(i) for i in key]}
    columns |= _context(quarter, key) if width >= _WIDE else {}
    columns["score"] = [f"{quarter.scores.value[i]:.3f}" for i in key]
    columns |= _parts(quarter, key) if width >= _MEDIUM else {}
    sold = as_floats(quarter.columns["sales"], "sales")[key]
    columns["sold"] = ["–" if np.isnan(s) else f"{s:,.0f}" for s in sold]
    columns["why"] = [str(quarter.chosen.reason[i]).replace("_", " ") for i in key]
    return _table(columns, width, gap=2 if width >= _WIDE else 1)


def _context(quarter: Quarter, key: Sequence[int]) -> dict[str, list[str]]:
    """Show where an account belongs, and how well it is known."""
    sectors = quarter.columns.get("sector", np.full(len(quarter.chosen), None))
    return {
        "sector": ["–" if sectors[i] is None else str(sectors[i]) for i in key],
        "known": [f"{quarter.scores.coverage[i]:.0%}" for i in key],
    }


def _parts(quarter: Quarter, key: Sequence[int]) -> dict[str, list[str]]:
    """Show what each criterion brings; what is unknown is no zero."""
    parts, known = quarter.scores.contributions, quarter.scores.known
    return {
        _SHORT.get(name, name): [f"{parts[i, k]:.3f}" if known[i, k] else "–" for i in key]
        for k, name in enumerate(quarter.scores.names)
    }


def _table(columns: Mapping[str, Sequence[str]], width: int, gap: int) -> Table:
    """Lay out a table in which only the first column gives way."""
    found = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="dim")
    needed = [max(map(cell_len, (head, *cells))) for head, cells in columns.items()]
    room = width - sum(needed[1:]) - gap * len(columns)
    for place, head in enumerate(columns):
        found.add_column(
            head,
            justify="left" if head in _LEFT else "right",
            no_wrap=True,
            overflow="ellipsis",
            width=needed[place] if place else max(_NARROWEST, min(needed[0], room)),
        )
    for cells in zip(*columns.values(), strict=True):
        found.add_row(*map(Text, cells))
    return found


def _money_table(sums: Sequence[Reconciliation]) -> Table:
    """Show the sums, one figure per line, which fits any width."""
    found = Table.grid(padding=(0, 2, 0, 0))
    found.add_column(overflow="fold")
    found.add_column(justify="right", no_wrap=True)
    for total in sums:
        balance = "balances" if total.balances else f"{total.difference:,.2f} unaccounted for"
        style = "" if total.balances else "bold red"
        found.add_row(Text(f"{total.name}: {balance}", style=style), f"{total.read:,.2f}")
        for name in ("used", "outside", "rejected"):
            found.add_row(Text(f"  {name}", style="dim"), f"{getattr(total, name):,.2f}")
    return found


def show_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print the gravest findings, and say how many there are besides."""
    grave = [f for s in ("error", "warning") for f in findings if f.severity == s]
    infos = len(findings) - len(grave)
    if not findings:
        return
    title = f"{len(grave)} findings to look at" if len(grave) != 1 else "1 finding to look at"
    console.print(Rule(Text(title, style="bold"), align="left"))
    if grave:
        console.print(_finding_table(grave[:_FINDINGS]))
    left = [f"{len(grave) - _FINDINGS} more"] if len(grave) > _FINDINGS else []
    left += [f"{infos} of information only"] if infos else []
    if left:
        console.print(Text(f"and {' and '.join(left)}, in review.json", style="dim"))


def _finding_table(findings: Sequence[Finding]) -> RenderableType:
    found = Table.grid(padding=(0, 1, 0, 0))
    found.add_column(no_wrap=True)
    found.add_column(overflow="fold")
    for finding in findings:
        found.add_row(Text(finding.severity, style=_STYLE[finding.severity]), Text(_said(finding)))
    return found


def _said(finding: Finding) -> str:
    """Show what a finding is about where its sentence does not."""
    unsaid = [e for e in finding.examples[:_EXAMPLES] if e not in finding.message]
    return f"{finding.message} ({', '.join(unsaid)})" if unsaid else finding.message


def show_places(places: Mapping[str, Path], console: Console) -> None:
    """Print where the files are; the last line is the page alone, for a click or a script."""
    console.print(Rule(Text("written", style="bold"), align="left"))
    for what, place in places.items():
        if what != "page":
            console.print(Text(f"{what:<9}{place}"), soft_wrap=True)
    console.print(Text(f"{'page':<9}open this in a browser:"))
    console.print(Text(str(places["page"])), soft_wrap=True)


def show_error(error: KeyAccountError, console: Console) -> None:
    """Print an error in one style: the fact, then the way out."""
    console.print(Text(f"error: {error.fact}", style="bold red"), soft_wrap=True)
    console.print(Text(f"hint: {error.hint}"), soft_wrap=True)
