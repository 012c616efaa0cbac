"""The commands, their options and their exit codes."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from keyaccount.cli.console import show_error, show_places, show_quarter
from keyaccount.cli.output import TableFormat, write_all
from keyaccount.cli.quarter import Quarter, review_quarter
from keyaccount.cli.settings import Settings
from keyaccount.cli.sheets import read_incumbents, read_overrides
from keyaccount.errors import KeyAccountError, SpecError
from keyaccount.intake import Aliases, Book, ColumnMapping, StageMap, read_book
from keyaccount.scoring.selection import AtLeast, Capacity, Rule, TopCount, TopShare
from keyaccount.scoring.weights import Weights, market_weights

app: typer.Typer = typer.Typer(
    name="keyaccount",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Who is a key account, why, and how sure: from a CRM export.",
)

T = TypeVar("T")

_DATA, _STRICT = 1, 3


class Market(StrEnum):
    """The state of the market, which says which criteria lead."""

    NEW = "new"
    STEADY_GROWTH = "steady_growth"
    SATURATED = "saturated"


class LevelChoice(StrEnum):
    """Whether subsidiaries count with the account at the top."""

    GROUP = "group"
    ACCOUNT = "account"


class TiesChoice(StrEnum):
    """What becomes of accounts tied at the cut."""

    INCLUDE_ALL = "include_all"
    EXCLUDE_ALL = "exclude_all"
    BY_ID = "by_id"


class FormatChoice(StrEnum):
    """How the table of accounts is written."""

    PARQUET = "parquet"
    CSV = "csv"


def _file(text: str, panel: str = "Tables (CSV or Parquet)") -> Any:
    return typer.Option(
        help=text, exists=True, readable=True, rich_help_panel=panel, show_default=False
    )


def _option(text: str, panel: str, **more: Any) -> Any:
    return typer.Option(help=text, rich_help_panel=panel, **more)


_READING = "Reading"
_JUDGING = "Judging"
_CHOOSING = "Choosing (at least one of the first four)"
_WRITING = "Writing"


@app.command()
def review(  # noqa: PLR0917 - typer reads the options from the parameters
    accounts: Annotated[Path, _file("One row per account.")],
    deals: Annotated[
        Path | None, _file("Opportunities: account, stage, amount, opened, closed.")
    ] = None,
    orders: Annotated[
        Path | None, _file("Orders: account, date, amount; sales are theirs.")
    ] = None,
    products: Annotated[
        Path | None, _file("List prices, for open deals without an amount.")
    ] = None,
    ratings: Annotated[
        Path | None, _file("Ratings by people: account, criterion, rating, rater, date.")
    ] = None,
    as_of: Annotated[
        str | None, _option("The day asked about, YYYY-MM-DD.", _READING, show_default=False)
    ] = None,
    columns: Annotated[
        Path | None,
        _file("TOML with a table per file: which column plays which part.", _READING),
    ] = None,
    column: Annotated[
        list[str] | None,
        _option("One part: deals.amount=close_value. Repeat.", _READING, show_default=False),
    ] = None,
    stage_map: Annotated[
        str | None,
        _option(
            "What the stages mean: Prospecting=A,Engaging=B,Won=won,Lost=lost.",
            _READING,
            show_default=False,
        ),
    ] = None,
    aliases: Annotated[
        list[str] | None,
        _option(
            "Repairs of labels: a TOML or CSV file, or product:GTXPro=GTX Pro. Repeat.",
            _READING,
            show_default=False,
        ),
    ] = None,
    date_format: Annotated[
        str | None,
        _option("How texts write dates, such as %m/%d/%Y.", _READING, show_default=False),
    ] = None,
    months: Annotated[int, _option("Length of the window of sales.", _READING, min=1)] = 24,
    market: Annotated[
        Market, _option("The state of the market, which sets the weights.", _JUDGING)
    ] = Market.STEADY_GROWTH,
    weights: Annotated[
        str | None,
        _option(
            "Weights of your own: sales=.4,potential=.3,showcase=.15,win_and_deliver=.15.",
            _JUDGING,
            show_default=False,
        ),
    ] = None,
    level: Annotated[
        LevelChoice, _option("Judge groups with their subsidiaries, or each account.", _JUDGING)
    ] = LevelChoice.GROUP,
    compare_within: Annotated[
        str, _option("Column of groups to compare within; empty: the whole book.", _JUDGING)
    ] = "sector",
    min_group: Annotated[
        int, _option("Known values a group needs to be compared within.", _JUDGING, min=1)
    ] = 10,
    top_share: Annotated[
        float | None, _option("The best share of the accounts.", _CHOOSING, show_default=False)
    ] = None,
    top_count: Annotated[
        int | None, _option("The best so many accounts.", _CHOOSING, show_default=False)
    ] = None,
    at_least: Annotated[
        float | None, _option("Every account with this score.", _CHOOSING, show_default=False)
    ] = None,
    owners: Annotated[
        float | None,
        _option("How many people own key accounts.", _CHOOSING, show_default=False),
    ] = None,
    accounts_per_owner: Annotated[
        float | None,
        _option("How many accounts each can carry.", _CHOOSING, show_default=False),
    ] = None,
    select_within: Annotated[bool, _option("Give seats group by group.", _CHOOSING)] = False,
    overrides: Annotated[
        Path | None,
        _file("Special approvals: account, include, reason, approved_by, expires.", _CHOOSING),
    ] = None,
    incumbents: Annotated[
        Path | None,
        _file("Last quarter's accounts table, or account and since.", _CHOOSING),
    ] = None,
    hold: Annotated[
        float, _option("How far a challenger must be ahead of an incumbent.", _CHOOSING)
    ] = 0.0,
    min_tenure_days: Annotated[
        int, _option("How long a new key account stays.", _CHOOSING, min=0)
    ] = 0,
    max_changes: Annotated[
        int | None,
        _option("How many may enter, and leave, by rank.", _CHOOSING, show_default=False),
    ] = None,
    ties: Annotated[
        TiesChoice, _option("Accounts tied at the cut.", _CHOOSING)
    ] = TiesChoice.INCLUDE_ALL,
    out: Annotated[Path, _option("Where the files go.", _WRITING)] = Path("review"),
    table_format: Annotated[
        FormatChoice, _option("How the table of accounts is written.", _WRITING)
    ] = FormatChoice.PARQUET,
    strict: Annotated[
        bool, _option("End with exit code 3 where data were rejected.", _WRITING)
    ] = False,
    quiet: Annotated[bool, _option("Print nothing but errors.", _WRITING)] = False,
) -> None:
    """Read a CRM export, score and select its key accounts, and write each with its reasons.

    Writes [bold]accounts.parquet[/bold] (or .csv), [bold]review.json[/bold] with the spec used, its
    digest and every finding, and [bold]review.html[/bold] to read. Exit codes: 0 done, 1 the data
    or options cannot be used, 2 usage, 3 done but data were rejected ([bold]--strict[/bold]).

    keyaccount review --accounts accounts.csv --deals deals.csv --products products.csv
    --stage-map "Prospecting=A,Engaging=B" --as-of 2017-12-31 --top-share 0.2 --out q4
    """
    quietly = Console(stderr=True, quiet=quiet)

    def run() -> Quarter:
        rule = _rule(top_share, top_count, at_least, owners, accounts_per_owner)
        settings = Settings(
            rule=rule,
            weights=_weights(market, weights),
            level=level.value,
            compare_within=compare_within or None,
            select_within=select_within,
            min_group=min_group,
            ties=ties.value,
            hold=hold,
            min_tenure_days=min_tenure_days,
            max_changes=max_changes,
        )
        mapping = ColumnMapping() if columns is None else ColumnMapping.from_toml(columns)
        stated = mapping.override(_pairs("--column", column or []))
        with quietly.status("reading"):
            book = read_book(
                accounts,
                deals,
                products,
                ratings,
                orders=orders,
                mapping=stated,
                stage_map=None if stage_map is None else StageMap.parse(stage_map),
                aliases=_aliases(aliases or []),
                as_of=as_of,
                date_format=date_format,
                months=months,
            )
        return _judged(book, settings, overrides, incumbents, quietly)

    quarter = _or_exit(run)
    _finish(quarter, out, table_format.value, quiet=quiet)
    if strict and any(f.severity == "error" for f in quarter.findings):
        raise typer.Exit(_STRICT)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where the files go.")] = Path("demo-output"),
    accounts: Annotated[int, typer.Option(help="How many accounts to make.", min=20)] = 400,
    seed: Annotated[int, typer.Option(help="The same seed makes the same book.")] = 7,
) -> None:
    """Make a customer book, review it, and say where the page is.

    The book is synthetic, and dirty as real ones are: blank accounts, a misspelt sector, a product
    in no price list. What [bold]review[/bold] does with it is what it does with yours.
    """
    from keyaccount.datasets import synthetic_book

    console = Console(stderr=True)
    made = synthetic_book(accounts, seed=seed)
    places = made.write(out / "book")

    def run() -> Quarter:
        book = read_book(
            places["accounts"],
            places["deals"],
            places["products"],
            places["ratings"],
            as_of=made.as_of,
        )
        return _judged(book, Settings(rule=TopShare(0.2)), None, None, console)

    _finish(_or_exit(run), out, "parquet", quiet=False)


def _judged(
    book: Book,
    settings: Settings,
    overrides: Path | None,
    incumbents: Path | None,
    console: Console,
) -> Quarter:
    with console.status(f"judging {len(book):,} accounts"):
        return review_quarter(
            book,
            settings,
            overrides=() if overrides is None else read_overrides(overrides),
            incumbents=None if incumbents is None else read_incumbents(incumbents),
        )


def _finish(quarter: Quarter, out: Path, table_format: TableFormat, *, quiet: bool) -> None:
    places = _or_exit(lambda: write_all(quarter, out, table_format))
    console = Console(quiet=quiet)
    show_quarter(quarter, console)
    show_places(places, console)


def _or_exit(run: Callable[[], T]) -> T:
    """Run, and turn an error of the library into a message and an exit code."""
    try:
        return run()
    except KeyAccountError as error:
        show_error(error, Console(stderr=True))
        raise typer.Exit(_DATA) from error


def _rule(
    top_share: float | None,
    top_count: int | None,
    at_least: float | None,
    owners: float | None,
    accounts_per_owner: float | None,
) -> Rule:
    """Join the rules that were asked for: the smaller set."""
    if (owners is None) != (accounts_per_owner is None):
        option = "--owners" if owners is None else "--accounts-per-owner"
        raise SpecError.from_field(option, "must be given too", None, "a capacity is both.")
    rules: list[Rule] = []
    rules += [] if top_share is None else [TopShare(top_share)]
    rules += [] if top_count is None else [TopCount(top_count)]
    rules += [] if at_least is None else [AtLeast(at_least)]
    if owners is not None and accounts_per_owner is not None:
        rules.append(Capacity(owners=owners, accounts_per_owner=accounts_per_owner))
    if not rules:
        raise SpecError.from_field(
            "the rule",
            "must say how many accounts are key",
            None,
            "give --top-share, --top-count, --at-least, or --owners with --accounts-per-owner.",
        )
    return reduce(and_, rules)


def _weights(market: Market, stated: str | None) -> Weights:
    if stated is None:
        return market_weights(market.value)
    pairs = _pairs("--weights", stated.split(","))
    try:
        return Weights({name: float(text) for name, text in pairs.items()})
    except ValueError as error:
        if isinstance(error, KeyAccountError):
            raise
        raise SpecError.from_field(
            "--weights", "must be numbers", stated, "write sales=.4,potential=.6."
        ) from error


def _pairs(option: str, texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise SpecError.from_field(
                option, "must be written name=value", text, "separate name and value by =."
            )
        found[name.strip()] = value.strip()
    return found


def _aliases(given: list[str]) -> Aliases:
    """Join alias files and aliases written out."""
    found = Aliases.parse([g for g in given if ":" in g and not Path(g).is_file()])
    for path in [g for g in given if Path(g).is_file() or ":" not in g]:
        found = found | Aliases.from_file(path)
    return found
