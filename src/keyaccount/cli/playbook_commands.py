"""``keyaccount playbook``: write, check, explain and compare the rules of a company."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from keyaccount.cli.running import errors_shown
from keyaccount.errors import SpecError
from keyaccount.intake import read_table
from keyaccount.playbook.checking import missing_columns, refuse_missing_columns
from keyaccount.playbook.diff import diff as spec_diff
from keyaccount.playbook.explain import explain as spec_explain
from keyaccount.playbook.files import style_of, write_text
from keyaccount.playbook.playbook import Playbook
from keyaccount.playbook.schema import json_schema
from keyaccount.playbook.starter import STARTER_PARTS, USUAL_PARTS, starter_text

__all__ = ["playbook_app"]

playbook_app: typer.Typer = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The rules of a company in one file: begin one, check it, read it, compare it.",
)

_File = Annotated[Path, typer.Argument(metavar="FILE", help="A playbook: .toml or .json.")]
_START = Path("playbook.toml")
_USUAL = ",".join(USUAL_PARTS)


def _say(text: str, style: str = "") -> None:
    Console().print(Text(text, style=style), soft_wrap=True)


@playbook_app.command()
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = _START,
    name: Annotated[str, typer.Option(metavar="NAME", help="Whose rules they are.")] = "my company",
    author: Annotated[str, typer.Option(metavar="NAME", help="Who answers for it.")] = "",
    with_parts: Annotated[
        str,
        typer.Option("--with", metavar="PARTS", help=f"Of: {', '.join(STARTER_PARTS)}."),
    ] = _USUAL,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Write a playbook of presets to begin with, every key explained."""
    with errors_shown():
        if style_of(file).name != "TOML":
            rule, hint = "must end in .toml", "JSON has no room for comments."
            raise SpecError.from_field("FILE", rule, str(file), hint)
        if file.exists() and not force:
            rule, hint = "must not be there", "give another name, or --force."
            raise SpecError.from_field("FILE", rule, str(file), hint)
        parts = [part.strip() for part in with_parts.split(",") if part.strip()]
        write_text(file, starter_text(name, parts, author=author))
        _say(f"written: {file}", "bold")
        _say(f"next: keyaccount playbook check {file}")


@playbook_app.command()
def check(
    file: _File,
    columns: Annotated[
        Path | None,
        typer.Option(metavar="TABLE", help="CSV or Parquet that must have what is read."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(metavar="PART", help="Only the columns of this part. Repeat."),
    ] = None,
) -> None:
    """Say whether a playbook can be used, and what has still to be learned."""
    with errors_shown():
        playbook = Playbook.load(file)
        if columns is not None:
            names = read_table(columns).names
            refuse_missing_columns(missing_columns(playbook, names, part), names)
        _say(f"ok: {playbook.name}, version {playbook.version}", "bold")
        _say(f"digest {playbook.digest}")
        _say(f"parts: {', '.join(playbook.parts) or 'none'}")
        _say(f"still to be learned: {', '.join(playbook.unfitted) or 'nothing'}")
        if columns is not None:
            _say(f"columns: {columns.name} has all that is needed")


@playbook_app.command()
def explain(file: _File) -> None:
    """Say in plain words what a playbook asks for."""
    with errors_shown():
        _say(spec_explain(Playbook.load(file)))


@playbook_app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The earlier playbook.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The later one.")],
) -> None:
    """Say what differs between two playbooks, place by place."""
    with errors_shown():
        found = spec_diff(Playbook.load(before), Playbook.load(after))
        _say(str(found) if len(found) else f"no difference: digest {found.digests[0]}")


@playbook_app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to write it.")
    ] = None,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Of which kind of spec; a playbook.")
    ] = "playbook",
) -> None:
    """Write the JSON Schema of playbooks, for editors and forms."""
    with errors_shown():
        text = json.dumps(json_schema(kind), ensure_ascii=False, indent=2) + "\n"
        if out is None:
            typer.echo(text, nl=False)
            return
        write_text(out, text)
        _say(f"written: {out}", "bold")
