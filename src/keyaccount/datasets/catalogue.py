"""What a synthetic book is made of: sectors, countries, products. All figures are made up."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats, Objects

__all__ = ["COUNTRIES", "PRODUCTS", "SECTORS", "Product", "Sector", "picked", "products", "texts"]


@attrs.frozen
class Sector:
    """A sector: its share of the accounts, how many of its deals are won, its best month."""

    name: str
    share: float
    win_rate: float
    peak_month: int


@attrs.frozen
class Product:
    """A product: its series, its list price, its share of the sales by number."""

    name: str
    series: str
    list_price: float
    share: float


SECTORS: Final = (
    Sector("technology", 0.22, 0.52, 12),
    Sector("retail", 0.18, 0.42, 11),
    Sector("medical", 0.15, 0.61, 12),
    Sector("finance", 0.13, 0.47, 12),
    Sector("manufacturing", 0.12, 0.57, 11),
    Sector("software", 0.10, 0.66, 12),
    Sector("logistics", 0.06, 0.37, 10),
    Sector("education", 0.04, 0.55, 8),
)
PRODUCTS: Final = (
    Product("Atlas One", "Atlas", 600.0, 0.24),
    Product("Atlas Plus", "Atlas", 1_150.0, 0.20),
    Product("Atlas Pro", "Atlas", 4_900.0, 0.17),
    Product("Borealis 200", "Borealis", 2_400.0, 0.16),
    Product("Borealis 500", "Borealis", 7_800.0, 0.12),
    Product("Meridian Core", "Meridian", 12_500.0, 0.08),
    Product("Meridian Max", "Meridian", 26_000.0, 0.03),
)
COUNTRIES: Final = (
    "Canada",
    "China",
    "France",
    "Germany",
    "Japan",
    "Kenya",
    "Mexico",
    "United States",
)


def texts(words: tuple[str, ...], codes: Codes) -> Objects:
    """Write codes as words, None for -1; equal words are one object."""
    return picked(np.array(words, dtype=object), codes)


def picked(values: Objects, places: Codes) -> Objects:
    """Give the values at some places, None for -1."""
    found: Objects = np.append(values, np.array([None], dtype=object))[places]
    return found


def products() -> dict[str, Objects | Floats]:
    """Give the price list."""
    return {
        "product": np.array([p.name for p in PRODUCTS], dtype=object),
        "series": np.array([p.series for p in PRODUCTS], dtype=object),
        "list_price": np.array([p.list_price for p in PRODUCTS], dtype=np.float64),
    }
