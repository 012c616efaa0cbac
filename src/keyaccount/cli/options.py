"""The options of ``keyaccount review``, each with its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

_TABLES = "Tables (CSV or Parquet)"
_PROGRAMME = "The programme, for the review"
_READING = "Reading"
_JUDGING = "Judging"
_RULE = "How many: at least one of these; of several, the smallest set"
_CHOOSING = "Choosing"
_WRITING = "Writing"
_KEPT = "Else as in --previous, or"


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


def _given(name: str, metavar: str, text: str, panel: str, **more: Any) -> Any:
    """Make an option that nobody need give."""
    return _option(name, metavar, text, panel, show_default=False, **more)


def _option(name: str, metavar: str, text: str, panel: str, **more: Any) -> Any:
    return typer.Option(name, metavar=metavar, help=text, rich_help_panel=panel, **more)


def _flag(name: str, text: str, panel: str) -> Any:
    return typer.Option(name, help=text, rich_help_panel=panel, show_default=False)


AccountsFile: TypeAlias = Annotated[
    Path, _given("--accounts", "FILE", "One row per account.", _TABLES)
]
DealsFile: TypeAlias = Annotated[
    Path | None,
    _given("--deals", "FILE", "Opportunities: account, stage, amount, opened, closed.", _TABLES),
]
OrdersFile: TypeAlias = Annotated[
    Path | None,
    _given("--orders", "FILE", "Orders: account, date, amount. Sales are theirs.", _TABLES),
]
ProductsFile: TypeAlias = Annotated[
    Path | None,
    _given("--products", "FILE", "List prices, for open deals without an amount.", _TABLES),
]
RatingsFile: TypeAlias = Annotated[
    Path | None,
    _given("--ratings", "FILE", "Ratings 1–5: account, criterion, rating, rater, date.", _TABLES),
]
TeamFile: TypeAlias = Annotated[
    Path | None,
    _given("--team", "FILE", "Our people: person, manager, region, capacity.", _PROGRAMME),
]
AssignmentsFile: TypeAlias = Annotated[
    Path | None,
    _given(
        "--assignments",
        "FILE",
        "Who is on which account: account, person, role. Else owners of deals and accounts are.",
        _PROGRAMME,
    ),
]
PlansFile: TypeAlias = Annotated[
    Path | None,
    _given(
        "--plans", "FILE", "Account plans: account, goal, initiative, owner, due, done.", _PROGRAMME
    ),
]
TasksFile: TypeAlias = Annotated[
    Path | None,
    _given("--tasks", "FILE", "The core tasks: account, task, status, date.", _PROGRAMME),
]
ContactsFile: TypeAlias = Annotated[
    Path | None,
    _given("--contacts", "FILE", "Contacts: account, channel, date.", _PROGRAMME),
]
StalledAfter: TypeAlias = Annotated[
    float | None,
    _given("--stalled-after", "DAYS", "A task under way for so long has stalled.", _PROGRAMME),
]
ContactEvery: TypeAlias = Annotated[
    float | None,
    _given("--contact-every", "DAYS", "So long may lie between two contacts.", _PROGRAMME),
]
GrowthMonths: TypeAlias = Annotated[
    int,
    _option(
        "--growth-months",
        "N",
        "Sales of so many months are compared with those of as many before.",
        _PROGRAMME,
        min=1,
    ),
]
ReviewRulesFile: TypeAlias = Annotated[
    Path | None,
    _given(
        "--review-rules",
        "FILE",
        "By what to review, as TOML or JSON of the kind review_rules.",
        _PROGRAMME,
    ),
]
AsOf: TypeAlias = Annotated[
    str | None,
    _given("--as-of", "DAY", "The day asked about, YYYY-MM-DD. Nothing later counts.", _READING),
]
Months: TypeAlias = Annotated[
    int, _option("--months", "N", "Length of the window of sales.", _READING, min=1)
]
ColumnFile: TypeAlias = Annotated[
    Path | None,
    _given("--columns", "FILE", 'TOML: which column is what. \\[deals] amount = "value"', _READING),
]
ColumnList: TypeAlias = Annotated[
    list[str] | None,
    _given("--column", "PART=NAME", "The same for one: deals.amount=value. Repeat.", _READING),
]
StageText: TypeAlias = Annotated[
    str | None,
    _given(
        "--stage-map",
        "MAP",
        "What the stages mean: A to F, won or lost. Prospecting=A,Engaging=B",
        _READING,
    ),
]
AliasList: TypeAlias = Annotated[
    list[str] | None,
    _given(
        "--aliases",
        "REPAIR",
        "Repair a label: 'product:GTXPro=GTX Pro', or a TOML or CSV file. Repeat.",
        _READING,
    ),
]
DateFormat: TypeAlias = Annotated[
    str | None, _given("--date-format", "FORMAT", "How texts write dates: %d/%m/%Y", _READING)
]
PlaybookFile: TypeAlias = Annotated[
    Path | None,
    _given(
        "--playbook",
        "FILE",
        "Rules from a file: scorer, selection, review. See keyaccount playbook.",
        _JUDGING,
    ),
]
MarketState: TypeAlias = Annotated[
    Market,
    _option(
        "--market",
        "STATE",
        "Which weights: new, steady_growth or saturated.",
        _JUDGING,
        case_sensitive=False,
    ),
]
WeightText: TypeAlias = Annotated[
    str | None,
    _given(
        "--weights",
        "MAP",
        "Weights of your own, which sum to 1: "
        "sales=.4,potential=.3,showcase=.15,win_and_deliver=.15",
        _JUDGING,
    ),
]
JudgedLevel: TypeAlias = Annotated[
    LevelChoice,
    _option("--level", "LEVEL", "Judge each group with its subsidiaries, or account.", _JUDGING),
]
CompareWithin: TypeAlias = Annotated[
    str,
    _option("--compare-within", "COLUMN", "Groups to compare within; '' for none.", _JUDGING),
]
MinGroup: TypeAlias = Annotated[
    int | None,
    _given(
        "--min-group",
        "N",
        f"Smaller groups are compared with all. {_KEPT} 10",
        _JUDGING,
        min=1,
    ),
]
TopShareOf: TypeAlias = Annotated[
    float | None, _given("--top-share", "SHARE", "The best share of the accounts: 0.2", _RULE)
]
TopCountOf: TypeAlias = Annotated[
    int | None, _given("--top-count", "N", "The best so many accounts.", _RULE)
]
AtLeastScore: TypeAlias = Annotated[
    float | None, _given("--at-least", "SCORE", "Every account with this score.", _RULE)
]
Owners: TypeAlias = Annotated[
    float | None,
    _given("--owners", "N", "So many people own accounts; with --accounts-per-owner.", _RULE),
]
AccountsPerOwner: TypeAlias = Annotated[
    float | None,
    _given("--accounts-per-owner", "N", "So many accounts each of them can carry.", _RULE),
]
SelectWithin: TypeAlias = Annotated[
    bool | None,
    _flag("--select-within/--no-within", f"Give seats group by group. {_KEPT} no", _CHOOSING),
]
OverrideFile: TypeAlias = Annotated[
    Path | None,
    _given(
        "--overrides",
        "FILE",
        "Special approvals: account, include, reason, approved_by, expires.",
        _CHOOSING,
    ),
]
IncumbentFile: TypeAlias = Annotated[
    Path | None,
    _given("--incumbents", "FILE", "The accounts table of last quarter's review.", _CHOOSING),
]
PreviousFolder: TypeAlias = Annotated[
    Path | None,
    _given(
        "--previous",
        "FOLDER",
        "Where last quarter's review is: its key accounts, rule, weights and constants hold.",
        _CHOOSING,
    ),
]
Refit: TypeAlias = Annotated[
    bool, _flag("--refit", "Learn constants anew in spite of --previous.", _JUDGING)
]
Hold: TypeAlias = Annotated[
    float | None,
    _given("--hold", "SCORE", f"How far ahead a challenger must be. {_KEPT} 0", _CHOOSING, min=0.0),
]
MinTenure: TypeAlias = Annotated[
    int | None,
    _given("--min-tenure-days", "N", f"How long a new one stays. {_KEPT} 0", _CHOOSING, min=0),
]
MaxChanges: TypeAlias = Annotated[
    int | None,
    _given(
        "--max-changes",
        "N",
        f"How many may enter, and leave, by rank. {_KEPT} any number",
        _CHOOSING,
        min=0,
    ),
]
Ties: TypeAlias = Annotated[
    TiesChoice | None,
    _given(
        "--ties",
        "RULE",
        f"Tied at the cut: include_all, exclude_all or by_id. {_KEPT} include_all",
        _CHOOSING,
    ),
]
Stream: TypeAlias = Annotated[
    bool,
    _flag(
        "--stream",
        "For books larger than the memory: --accounts is a Parquet file or a folder of them, one "
        "ready row per account.",
        _READING,
    ),
]
Resume: TypeAlias = Annotated[
    bool, _flag("--resume", "Go on with a streamed review that was stopped.", _WRITING)
]
OutFolder: TypeAlias = Annotated[Path, _option("--out", "FOLDER", "Where the files go.", _WRITING)]
TableFormatOf: TypeAlias = Annotated[
    FormatChoice,
    _option("--table-format", "FORMAT", "The accounts table: parquet or csv.", _WRITING),
]


class LanguageChoice(StrEnum):
    """The language of the page."""

    EN = "en"
    ZH = "zh"


LanguageOf: TypeAlias = Annotated[
    LanguageChoice, _option("--language", "LANGUAGE", "The language of the page.", _WRITING)
]
Currency: TypeAlias = Annotated[
    str,
    _given("--currency", "SIGN", "What the page writes money with: €, CNY, 元.", _WRITING),
]
TargetAmount: TypeAlias = Annotated[
    float | None,
    _given("--target", "AMOUNT", "What is to be sold; the page says how likely it is.", _WRITING),
]
TargetPeriod: TypeAlias = Annotated[
    str | None,
    _given(
        "--target-period",
        "PERIOD",
        "When: 2026, 2026-Q3, 2026-09 or FIRST:LAST day. Else the year of --as-of",
        _WRITING,
    ),
]
Strict: TypeAlias = Annotated[
    bool, _flag("--strict", "Exit code 3 where data were rejected.", _WRITING)
]
Quiet: TypeAlias = Annotated[bool, _flag("--quiet", "Print nothing but errors.", _WRITING)]
