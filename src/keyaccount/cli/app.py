"""The commands, their defaults and their help."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.rule import Rule
from rich.text import Text

from keyaccount.cli import options as opt
from keyaccount.cli.asked import review_rules_of, rule_of
from keyaccount.cli.by_playbook import (
    compared_within,
    constants_kept,
    options_given,
    playbook_of,
    stored_record,
    stored_rule,
)
from keyaccount.cli.files import Files, Reading
from keyaccount.cli.kept import carried, carried_judging, options_told, weights_now
from keyaccount.cli.output import write_all
from keyaccount.cli.page import PageOptions
from keyaccount.cli.playbook_commands import playbook_app
from keyaccount.cli.previous import (
    stored_options,
    stored_quarter,
    stored_specs,
    streamed_policy,
)
from keyaccount.cli.quarter import review_quarter
from keyaccount.cli.replay_command import HELP as REPLAY_HELP
from keyaccount.cli.replay_command import replay
from keyaccount.cli.running import STRICT, Job, errors_shown
from keyaccount.cli.settings import Settings
from keyaccount.cli.streamed import (
    Streaming,
    finish_streamed,
    refuse_unstreamed,
)
from keyaccount.cli.target import target_of, within_reach
from keyaccount.datasets import SyntheticBook, synthetic_book
from keyaccount.findings import Finding
from keyaccount.scoring.selection import TopShare

app: typer.Typer = typer.Typer(
    name="keyaccount",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Who is a key account, why, and how sure: from a CRM export.",
)
app.add_typer(playbook_app, name="playbook")
app.command("replay", help=REPLAY_HELP)(replay)


def _unwrapped(text: str) -> str:
    """Put each paragraph on one line, for the terminal to wrap; a backspace keeps its lines."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(p if p.startswith("\b") else " ".join(p.split()) for p in paragraphs)


_REVIEW = _unwrapped("""
Read a CRM export, score and select its key accounts, write each with its reasons.

[bold]keyaccount review[/bold] needs the accounts and a rule; deals make it worth while:

\b
  keyaccount review --accounts accounts.csv --deals deals.csv
    --products products.csv --stage-map "Prospecting=A,Engaging=B"
    --as-of 2017-12-31 --top-share 0.2 --out q4

[bold]Next quarter[/bold], add --previous q4 --hold 0.03: a key account keeps its seat unless a
challenger is that far ahead; what the scorer learned stays; and the review says what changed and
why, and decides: promote, keep, hold, watch or demote.

[bold]Written[/bold] are accounts.parquet (or .csv), best first, with score, bounds, contributions,
rank, decision and reason; review.json with the specs, their digests and every finding; report.html
to read; decisions.jsonl, a log that [bold]keyaccount replay[/bold] takes again; and leavers.parquet
with those that left the book. In the .csv, a text that a spreadsheet would run as a formula has an
apostrophe in front.

[bold]More accounts than fit into the memory[/bold]: with --stream the accounts are a Parquet file
or a folder of them, one ready row each, and the result is written part by part; --resume goes on
with a run that was stopped.

[bold]Exit codes[/bold]: 0 done; 1 the data or the options cannot be used; 2 usage; 3 done, but data
were rejected ([bold]--strict[/bold]).
""")

_DEMO = _unwrapped("""
Make a customer book, review two quarters of it, and say where the page is.

The book is synthetic, and dirty as real ones are: deals without an account, a misspelt sector, a
product that is in no price list. What [bold]review[/bold] does with it is what it does with yours.
""")
_DEMO_BEFORE, _DEMO_DAY = "2026-06-30", "2026-09-30"
_DEMO_HOLD, _DEMO_STALLED, _DEMO_CONTACT = 0.03, 60.0, 90.0
"""Choices of the demo, as its book is: what a company asks for is its own."""
_REVIEW_FOLDER, _DEMO_FOLDER = Path("review"), Path("demo-output")


@app.command(help=_REVIEW)
def review(  # noqa: PLR0917 - typer reads the options from the parameters
    context: typer.Context,
    accounts: opt.AccountsFile,
    deals: opt.DealsFile = None,
    orders: opt.OrdersFile = None,
    products: opt.ProductsFile = None,
    ratings: opt.RatingsFile = None,
    team: opt.TeamFile = None,
    assignments: opt.AssignmentsFile = None,
    plans: opt.PlansFile = None,
    tasks: opt.TasksFile = None,
    contacts: opt.ContactsFile = None,
    stalled_after: opt.StalledAfter = None,
    contact_every: opt.ContactEvery = None,
    growth_months: opt.GrowthMonths = 12,
    review_rules: opt.ReviewRulesFile = None,
    as_of: opt.AsOf = None,
    months: opt.Months = 24,
    stage_map: opt.StageText = None,
    columns: opt.ColumnFile = None,
    column: opt.ColumnList = None,
    aliases: opt.AliasList = None,
    date_format: opt.DateFormat = None,
    playbook: opt.PlaybookFile = None,
    market: opt.MarketState = opt.Market.STEADY_GROWTH,
    weights: opt.WeightText = None,
    level: opt.JudgedLevel = opt.LevelChoice.GROUP,
    compare_within: opt.CompareWithin = "sector",
    min_group: opt.MinGroup = None,
    top_share: opt.TopShareOf = None,
    top_count: opt.TopCountOf = None,
    at_least: opt.AtLeastScore = None,
    owners: opt.Owners = None,
    accounts_per_owner: opt.AccountsPerOwner = None,
    select_within: opt.SelectWithin = None,
    overrides: opt.OverrideFile = None,
    incumbents: opt.IncumbentFile = None,
    previous: opt.PreviousFolder = None,
    refit: opt.Refit = False,
    hold: opt.Hold = None,
    min_tenure_days: opt.MinTenure = None,
    max_changes: opt.MaxChanges = None,
    ties: opt.Ties = None,
    out: opt.OutFolder = _REVIEW_FOLDER,
    table_format: opt.TableFormatOf = opt.FormatChoice.PARQUET,
    language: opt.LanguageOf = opt.LanguageChoice.EN,
    currency: opt.Currency = "",
    target: opt.TargetAmount = None,
    target_period: opt.TargetPeriod = None,
    stream: opt.Stream = False,
    resume: opt.Resume = False,
    strict: opt.Strict = False,
    quiet: opt.Quiet = False,
) -> None:
    """Read a CRM export, score and select its key accounts, write each with its reasons."""
    job = Job(out, quiet=quiet)
    with errors_shown():
        given = options_given(context)
        rules = playbook_of(playbook, given)
        stream = stream or resume
        before = None if stream else stored_quarter(previous, incumbents, out)
        policy = streamed_policy(previous) if stream else None if before is None else before.policy
        weighed, kept = weights_now(market.value, weights, given, before)
        settings = Settings(
            rule=rule_of(
                top_share=top_share,
                top_count=top_count,
                at_least=at_least,
                owners=owners,
                accounts_per_owner=accounts_per_owner,
                stored=stored_rule(rules, policy),
            ),
            weights=weighed,
            level=level.value,
            compare_within=compared_within(rules, compare_within or None),
            **carried_judging(before, select_within=select_within, min_group=min_group),
            **carried(
                policy,
                ties=None if ties is None else ties.value,
                hold=hold,
                min_tenure_days=min_tenure_days,
                max_changes=max_changes,
            ),
            refit=refit or not constants_kept(rules, stored_record(None if stream else previous)),
            growth_months=growth_months,
            stalled_after=stalled_after,
            contact_every=contact_every,
            review_rules=review_rules_of(review_rules),
            playbook=rules,
        )
        reading = Reading(
            as_of=as_of,
            months=months,
            stage_map=stage_map,
            columns=columns,
            column=column,
            aliases=aliases,
            date_format=date_format,
        )
        if stream:
            refuse_unstreamed(given)
            found = finish_streamed(
                Streaming(
                    accounts=accounts,
                    out=out,
                    reading=reading,
                    settings=settings,
                    overrides=overrides,
                    incumbents=incumbents,
                    previous=previous,
                    resume=resume,
                    given=given,
                ),
                quiet=quiet,
            )
            _end(found.findings, strict=strict)
            return
        page = PageOptions(
            language=language.value,
            currency=currency,
            target=target_of(target, target_period, as_of, sold_by=(deals, orders)),
        )
        job.ready()
        tables = (team, assignments, plans, tasks, contacts)
        book = job.read(Files(accounts, deals, orders, products, ratings, *tables), reading)
        earlier, learned = stored_options(previous), stored_specs(previous)
        asked = options_told(
            reading, settings, market=market.value, weights=weights, kept=kept, earlier=earlier
        )
        quarter = job.judge(
            book,
            settings,
            overrides,
            incumbents,
            before,
            asked=asked,
            asked_before=earlier,
            learned=learned,
        )
        job.finish(quarter, table_format.value, page)
    _end(quarter.findings, strict=strict)


def _end(findings: Iterable[Finding], *, strict: bool) -> None:
    """End with a code of its own where data were rejected and that was asked for."""
    if strict and any(finding.severity == "error" for finding in findings):
        raise typer.Exit(STRICT)


@app.command(help=_DEMO)
def demo(
    out: opt.OutFolder = _DEMO_FOLDER,
    accounts: Annotated[
        int, typer.Option(metavar="N", help="How many accounts to make.", min=20)
    ] = 400,
    seed: Annotated[
        int, typer.Option(metavar="N", help="The same seed makes the same book.", min=0)
    ] = 7,
    language: opt.LanguageOf = opt.LanguageChoice.EN,
) -> None:
    """Make a customer book, review it, and say where the page is."""
    job = Job(out)
    with errors_shown():
        job.ready()
        with job.step(f"making up {accounts:,} accounts"):
            made = synthetic_book(accounts, seed=seed, as_of=_DEMO_DAY)
            files = made.write(out / "book")
        named = Files.among(files)
        reading = Reading(as_of=_DEMO_DAY)
        book = job.read(named, reading)
        goal = within_reach(book)
        _say_what_was_made(job, made, files, seed, goal)
        settings = Settings(
            rule=TopShare(0.2),
            hold=_DEMO_HOLD,
            stalled_after=_DEMO_STALLED,
            contact_every=_DEMO_CONTACT,
        )
        market = opt.Market.STEADY_GROWTH.value  # what `review` takes where nobody gives another
        asked = options_told(reading, settings, market=market, weights=None)
        with job.step("the quarter before"):
            early = Reading(as_of=_DEMO_BEFORE).read(named)
            first = review_quarter(early, settings, asked=asked)
            _ = write_all(first, out / "before", "parquet")
        before = first.reviewable
        learned = first.programme.found.learned
        quarter = job.judge(
            book, settings, previous=before, asked=asked, asked_before=asked, learned=learned
        )
        page = PageOptions(language=language.value, target=target_of(goal, None, _DEMO_DAY))
        job.finish(quarter, "parquet", page)


def _say_what_was_made(
    job: Job, made: SyntheticBook, files: tuple[Path, ...], seed: int, goal: float
) -> None:
    """Say what the book holds, and how to review it by hand."""
    tables = [(path, getattr(made, path.stem)) for path in files]
    sizes = [f"{len(next(iter(table.values()))):,} {path.stem}" for path, table in tables]
    given = " ".join(f"--{path.stem} {path}" for path in files)
    job.stdout.print(Rule(Text(f"a synthetic book, seed {seed}", style="bold"), align="left"))
    job.stdout.print(Text(f"{', '.join(sizes)}: CSV files in {files[0].parent}"))
    job.stdout.print(Text("The same by hand:", style="dim"))
    before = files[0].parent.parent / "before"
    command = (
        f"keyaccount review {given} --as-of {_DEMO_DAY} --previous {before} --hold {_DEMO_HOLD} "
        f"--stalled-after {_DEMO_STALLED:g} --contact-every {_DEMO_CONTACT:g} --target {goal:.0f}"
    )
    job.stdout.print(Text(command, style="dim"), soft_wrap=True)
