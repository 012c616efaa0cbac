"""Hypothesis strategies and assertions for code that builds on this library.

Strategies draw specs and books as they come in practice: missing and infinite values, ties,
columns in which everybody is equal, credit notes, accounts without a group, groups nobody has seen
before. `assert_row_wise` holds any spec to the contract that engines rely on. Needs the extra
``testing``.
"""

from importlib import import_module

from keyaccount.errors import MissingExtra

try:
    import_module("hypothesis")
except ImportError:  # pragma: no cover - the tests run with the extra
    raise MissingExtra.from_caller("keyaccount.testing", "testing", "hypothesis") from None

from keyaccount.testing.books import GROUPS, Book, amounts, books, columns_of_numbers
from keyaccount.testing.containers import CONTAINERS, as_container, containers
from keyaccount.testing.inference import answers, inferences
from keyaccount.testing.row_wise import assert_row_wise
from keyaccount.testing.same_bits import assert_same_bits
from keyaccount.testing.scorers import AGGREGATES, POLICIES, criteria, ideals, scorers, weights
from keyaccount.testing.values import LEARNING, VALUE_FUNCTIONS, by_group, value_functions

__all__ = [
    "AGGREGATES",
    "CONTAINERS",
    "GROUPS",
    "LEARNING",
    "POLICIES",
    "VALUE_FUNCTIONS",
    "Book",
    "amounts",
    "answers",
    "as_container",
    "assert_row_wise",
    "assert_same_bits",
    "books",
    "by_group",
    "columns_of_numbers",
    "containers",
    "criteria",
    "ideals",
    "inferences",
    "scorers",
    "value_functions",
    "weights",
]
