"""``keyaccount playbook``: write, check, explain and compare the rules of a company."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from keyaccount.cli.running import DATA, errors_shown
from keyaccount.errors import SpecError, closest
from keyaccount.intake import read_table
from keyaccount.playbook.checking import missing_columns, refuse_missing_columns, remarks
from keyaccount.playbook.diff import diff as spec_diff
from keyaccount.playbook.explain import explain as spec_explain
from keyaccount.playbook.files import style_of, write_text
from keyaccount.playbook.kinds import KINDS
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


_DIFFERENT, _TROUBLE = 1, 2


def _say(text: str, style: str = "") -> None:
    """Print a text; what the terminal has no letter for becomes a question mark."""
    console = Console()
    said = text.encode(console.encoding, errors="replace").decode(console.encoding)
    console.print(Text(said, style=style), soft_wrap=True)


def _refuse_unknown(option: str, words: Iterable[str], allowed: Sequence[str]) -> None:
    """Refuse a word that is none of those there are: with the nearest, or else with all."""
    for word in words:
        if word not in allowed:
            near = closest(word, allowed)
            meant = f"did you mean {' or '.join(map(repr, near))}?"
            hint = meant if near else f"there is {', '.join(allowed)}."
            raise SpecError.from_field(option, "is unknown", word, hint)


def _refuse_existing(file: Path, *, force: bool) -> None:
    if file.exists() and not force:
        rule, hint = "must not be there", "give another name, or --force."
        raise SpecError.from_field("FILE", rule, str(file), hint)


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
        _refuse_existing(file, force=force)
        parts = [part.strip() for part in with_parts.split(",") if part.strip()]
        _refuse_unknown("--with", parts, STARTER_PARTS)
        if not name.strip():
            raise SpecError.from_field("--name", "must not be blank", name, "say whose rules.")
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
        if part and columns is None:
            rule, hint = "needs --columns", "say with --columns which table must have them."
            raise SpecError.from_field("--part", rule, ", ".join(part), hint)
        if columns is not None:
            names = read_table(columns).names
            refuse_missing_columns(missing_columns(playbook, names, part), names)
        _say(f"ok: {playbook.name}, version {playbook.version}", "bold")
        _say(f"digest {playbook.digest}")
        _say(f"parts: {', '.join(playbook.parts) or 'none'}")
        _say(f"still to be learned: {', '.join(playbook.unfitted) or 'nothing'}")
        for remark in remarks(playbook):
            _say(f"note: {remark}")
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
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 where they differ, with 2 on an error.")
    ] = False,
) -> None:
    """Say what differs between two playbooks, place by place."""
    with errors_shown(_TROUBLE if exit_code else DATA):
        found = spec_diff(Playbook.load(before), Playbook.load(after))
        _say(str(found) if len(found) else f"no difference: digest {found.digests[0]}")
    if exit_code and len(found):
        raise typer.Exit(_DIFFERENT)


@playbook_app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to write it.")
    ] = None,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Of which kind of spec; a playbook.")
    ] = "playbook",
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Write the JSON Schema of playbooks, for editors and forms."""
    with errors_shown():
        _refuse_unknown("--kind", [kind], tuple(KINDS))
        plain = out is None and not Console().encoding.startswith("utf")
        text = json.dumps(json_schema(kind), ensure_ascii=plain, indent=2) + "\n"
        if out is None:
            typer.echo(text, nl=False)
            return
        if out.suffix.casefold() != ".json":
            rule, hint = "must end in .json", "a JSON Schema is JSON."
            raise SpecError.from_field("--out", rule, str(out), hint)
        _refuse_existing(out, force=force)
        write_text(out, text)
        _say(f"written: {out}", "bold")
