"""A seeded synthetic customer book: accounts, deals, products and ratings, with real-life flaws."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects, label_text, one_day
from keyaccount.datasets.names import company_names
from keyaccount.errors import SpecError

__all__ = ["SyntheticBook", "synthetic_book"]

_SECTORS = (
    ("technology", 0.22, 0.52),
    ("retail", 0.18, 0.42),
    ("medical", 0.15, 0.61),
    ("finance", 0.13, 0.47),
    ("manufacturing", 0.12, 0.57),
    ("software", 0.10, 0.66),
    ("logistics", 0.06, 0.37),
    ("education", 0.04, 0.55),
)
"""Sector, its share of the accounts, its win rate."""
_PRODUCTS = (
    ("Atlas One", "Atlas", 600.0),
    ("Atlas Plus", "Atlas", 1_150.0),
    ("Atlas Pro", "Atlas", 4_900.0),
    ("Borealis 200", "Borealis", 2_400.0),
    ("Borealis 500", "Borealis", 7_800.0),
    ("Meridian Core", "Meridian", 12_500.0),
    ("Meridian Max", "Meridian", 26_000.0),
)
_COUNTRIES = ("Canada", "China", "France", "Germany", "Japan", "Kenya", "Mexico", "United States")
_YEARS = 3
_DAYS = 365 * _YEARS
_RATERS = ("chen", "diaz", "okafor", "schmidt")
_OPEN_STAGES = np.array(["A", "B", "C", "D", "E"], dtype=object)


@attrs.frozen(eq=False)
class SyntheticBook:
    """Four tables of a customer book that never was.

    Parameters
    ----------
    accounts
        ``account_id``, ``account``, ``sector``, ``country``, ``founded``, ``employees``,
        ``subsidiary_of``.
    deals
        ``deal_id``, ``account_id``, ``product``, ``stage``, ``opened``, ``closed``, ``amount``.
    products
        ``product``, ``series``, ``list_price``.
    ratings
        ``account_id``, ``criterion``, ``rating``, ``rater``, ``rated_on``.
    """

    accounts: Mapping[str, Objects]
    deals: Mapping[str, Objects]
    products: Mapping[str, Objects]
    ratings: Mapping[str, Objects]

    def write(self, directory: str | Path) -> tuple[Path, ...]:
        """Write the tables as CSV files into a folder, which is made if it is not there."""
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            _written(folder / f"{name}.csv", getattr(self, name))
            for name in ("accounts", "deals", "products", "ratings")
        )


def _written(path: Path, columns: Mapping[str, Objects]) -> Path:
    texts = [[label_text(v) or "" for v in column.tolist()] for column in columns.values()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*texts, strict=True))
    return path


def synthetic_book(n: int = 500, seed: int = 7, *, as_of: Any = "2026-09-30") -> SyntheticBook:
    """Make up a customer book.

    A few accounts bring most of the money, win rates differ by sector, a tenth of the accounts are
    subsidiaries. It has the flaws of a real export: a misspelt sector, a product written in a
    second way, deals without an account, deals without an amount, accounts nobody has rated.

    Parameters
    ----------
    n
        How many accounts.
    seed
        Seed of the random generator; the same seed gives the same book, as far as numpy promises.
    as_of
        The day of the export. Deals go back three years from it.

    Examples
    --------
    >>> from keyaccount.datasets import synthetic_book
    >>> book = synthetic_book(50, seed=1)
    >>> book.accounts["account_id"][:2], len(book.products["product"])
    (array(['A-0001', 'A-0002'], dtype=object), 7)
    """
    if n < 1:
        raise SpecError.from_field("n", "must be at least 1", n, "ask for one account or more.")
    rng = np.random.default_rng(seed)
    day = one_day(as_of, "as_of")
    size = rng.lognormal(0.0, 1.25, n)
    sector = rng.choice(len(_SECTORS), n, p=[share for _, share, _ in _SECTORS])
    ids = np.array([f"A-{i + 1:04d}" for i in range(n)], dtype=object)
    return SyntheticBook(
        accounts=_accounts(ids, size, sector, rng),
        deals=_deals(ids, size, sector, day, rng),
        products=_products(),
        ratings=_ratings(ids, size, day, rng),
    )


def _accounts(
    ids: Objects, size: Floats, sector: Codes, rng: np.random.Generator
) -> dict[str, Objects]:
    n = len(ids)
    labels = np.array([name for name, _, _ in _SECTORS], dtype=object)[sector]
    technology = np.flatnonzero(sector == 0)
    labels[technology[:1]] = "technolgy"  # one slip of the pen
    return {
        "account_id": ids,
        "account": company_names(n, rng),
        "sector": labels,
        "country": np.array(_COUNTRIES, dtype=object)[rng.integers(len(_COUNTRIES), size=n)],
        "founded": rng.integers(1950, 2021, n),
        "employees": np.ceil(size * rng.lognormal(5.5, 0.5, n)).astype(np.int64),
        "subsidiary_of": _parents(ids, size, rng),
    }


def _parents(ids: Objects, size: Floats, rng: np.random.Generator) -> Objects:
    """Put a tenth of the accounts under some of the largest, which are under nobody."""
    parents: Objects = np.full(len(ids), None, dtype=object)
    by_size = np.argsort(-size, kind="stable")
    heads = by_size[: max(1, len(ids) // 30)]
    others = by_size[len(heads) :]
    children = rng.permutation(others)[: round(len(ids) / 10)]
    parents[children] = ids[heads[rng.integers(len(heads), size=len(children))]]
    return parents


def _products() -> dict[str, Objects]:
    names, series, prices = zip(*_PRODUCTS, strict=True)
    return {
        "product": np.array(names, dtype=object),
        "series": np.array(series, dtype=object),
        "list_price": np.array(prices, dtype=np.float64),
    }


def _deals(
    ids: Objects, size: Floats, sector: Codes, day: np.datetime64, rng: np.random.Generator
) -> dict[str, Objects]:
    account = np.repeat(np.arange(len(ids)), 1 + rng.poisson(9.0 * np.minimum(size, 6.0) ** 0.5))
    n = len(account)
    product = rng.choice(len(_PRODUCTS), n, p=[0.24, 0.20, 0.17, 0.16, 0.12, 0.08, 0.03])
    stage, opened, closed = _course(sector[account], day, rng)
    return {
        "deal_id": np.array([f"D-{i + 1:06d}" for i in range(n)], dtype=object),
        "account_id": _some_blank(ids[account], rng.random(n) < 0.05),  # noqa: PLR2004
        "product": _one_misspelt(product, rng.random(n)),
        "stage": stage,
        "opened": opened,
        "closed": closed,
        "amount": _amounts(product, size[account], stage, rng),
    }


def _course(
    sector: Codes, day: np.datetime64, rng: np.random.Generator
) -> tuple[Objects, Days, Days]:
    """Let each deal run its time: over by the day and won or lost, or somewhere on its way."""
    n = len(sector)
    age = rng.integers(0, _DAYS, n)
    runs = np.ceil(rng.gamma(2.0, 35.0, n)).astype(np.int64)
    over = runs <= age
    won = rng.random(n) < np.array([rate for _, _, rate in _SECTORS])[sector]
    stage = _OPEN_STAGES[np.minimum(age * len(_OPEN_STAGES) // runs, len(_OPEN_STAGES) - 1)]
    stage[over] = np.where(won[over], "won", "lost")
    stage[over & won & (age - runs < 30)] = "F"  # signed of late: being handed over  # noqa: PLR2004
    opened = day - age.astype("timedelta64[D]")
    closed = opened + runs.astype("timedelta64[D]")
    closed[~over] = np.datetime64("NaT", "D")
    return stage, opened, closed


def _some_blank(labels: Objects, blank: Bools) -> Objects:
    found = labels.copy()
    found[blank] = None
    return found


def _one_misspelt(product: Codes, draw: Floats) -> Objects:
    """Write one product in a second way in four deals of ten."""
    found = np.array([name for name, _, _ in _PRODUCTS], dtype=object)[product]
    found[(product == 2) & (draw < 0.4)] = "AtlasPro"  # noqa: PLR2004
    return found


def _amounts(product: Codes, size: Floats, stage: Objects, rng: np.random.Generator) -> Floats:
    """Price times pieces less a discount, to the cent; some are not entered."""
    price = np.array([p for _, _, p in _PRODUCTS])[product]
    pieces = 1 + rng.poisson(2.0 * size)
    amounts = np.round(price * pieces * (1.0 - 0.25 * rng.random(len(price))), 2)
    is_open = np.isin(stage, _OPEN_STAGES)
    amounts[rng.random(len(price)) < np.where(is_open, 0.35, 0.01)] = np.nan
    return amounts


def _ratings(
    ids: Objects, size: Floats, day: np.datetime64, rng: np.random.Generator
) -> dict[str, Objects]:
    """Let one to three people rate three accounts of ten as references."""
    rated = np.sort(rng.permutation(len(ids))[: round(0.3 * len(ids))])
    account = np.repeat(rated, rng.integers(1, 4, len(rated)))
    n = len(account)
    nth = np.arange(n) - np.searchsorted(account, account)
    ratings = np.clip(np.rint(2.6 + 0.6 * np.log(size[account]) + rng.normal(0.0, 0.8, n)), 1, 5)
    days = day - rng.integers(1, 365, n).astype("timedelta64[D]")
    return {
        "account_id": ids[account],
        "criterion": np.full(n, "showcase", dtype=object),
        "rating": ratings,
        "rater": np.array(_RATERS, dtype=object)[(account + nth) % len(_RATERS)],
        "rated_on": days,
    }
