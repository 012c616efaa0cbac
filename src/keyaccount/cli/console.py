"""What the command prints: a table that reads at a glance, findings, and where the files are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from keyaccount.cli.output import summary
from keyaccount.cli.quarter import Quarter
from keyaccount.findings import Finding

_SHOWN = 20
_STYLE = {"error": "bold red", "warning": "yellow", "info": "dim"}


def show_quarter(quarter: Quarter, console: Console) -> None:
    """Print the key accounts, the findings and the sums."""
    console.print(_key_table(quarter))
    _show_findings(quarter.findings, console)
    for r in quarter.book.reconciliations:
        verdict = "balances" if r.balances else f"does not balance by {r.difference:,.2f}"
        console.print(
            Text(
                f"{r.name}: read {r.read:,.2f} = used {r.used:,.2f} + outside {r.outside:,.2f}"
                f" + rejected {r.rejected:,.2f} ({verdict})",
                style="" if r.balances else "bold red",
            )
        )


def _key_table(quarter: Quarter) -> Table:
    few = summary(quarter)
    share = few["share_of_sales"]
    title = f"{few['key_accounts']} key accounts of {few['judged']}"
    title += "" if share is None else f", {share:.0%} of sales"
    found = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for name in ("account", "sector"):
        found.add_column(name, overflow="fold")
    for name in ("score", "known", *quarter.scores.names, "sales"):
        found.add_column(name.replace("win_and_deliver", "win"), justify="right")
    found.add_column("why")
    order = np.argsort(-np.nan_to_num(quarter.scores.value), kind="stable")
    key = [int(i) for i in order if quarter.chosen.is_key[i]]
    for i in key[:_SHOWN]:
        found.add_row(*_cells(quarter, i))
    if len(key) > _SHOWN:
        found.caption = f"and {len(key) - _SHOWN} more in the table of accounts"
    return found


def _cells(quarter: Quarter, i: int) -> list[Text]:
    sector = quarter.columns.get("sector")
    texts = [
        str(quarter.columns["id"][i]),
        "" if sector is None or sector[i] is None else str(sector[i]),
        f"{quarter.scores.value[i]:.3f}",
        f"{quarter.scores.coverage[i]:.0%}",
        *(f"{c:.3f}" for c in quarter.scores.contributions[i]),
        f"{float(quarter.columns['sales'][i]):,.0f}",
        str(quarter.chosen.reason[i]).replace("_", " "),
    ]
    return [Text(t) for t in texts]


def _show_findings(findings: tuple[Finding, ...], console: Console) -> None:
    if not findings:
        return
    console.print(Text(f"{len(findings)} findings", style="bold"))
    for severity in ("error", "warning", "info"):
        for finding in findings:
            if finding.severity == severity:
                console.print(Text(f"  {severity:<8}{finding.message}", style=_STYLE[severity]))


def show_places(places: Mapping[str, Path], console: Console) -> None:
    """Print where the files are."""
    for what, place in places.items():
        console.print(Text.assemble((f"{what:<9}", "bold"), str(place)), soft_wrap=True)


def show_error(error: Any, console: Console) -> None:
    """Print an error in one style: the fact, then the way out."""
    console.print(Text(f"error: {error.fact}", style="bold red"), soft_wrap=True)
    console.print(Text(f"hint: {error.hint}"), soft_wrap=True)
