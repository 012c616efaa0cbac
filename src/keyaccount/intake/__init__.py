"""From files to a customer book: clean columns per account, findings, and sums that balance."""

from keyaccount.intake.accounts import Accounts, read_accounts
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.book import Book, TableCount
from keyaccount.intake.deals import Deals, read_deals
from keyaccount.intake.features import DealFeatures, deal_features
from keyaccount.intake.files import read_table
from keyaccount.intake.labels import INDUSTRY_WORDS, misspelt, near_duplicates, unknown_labels
from keyaccount.intake.mapping import ColumnMapping
from keyaccount.intake.orders import OrderRows, order_features, read_orders
from keyaccount.intake.ratings import rating_features
from keyaccount.intake.reading import read_book
from keyaccount.intake.reconcile import Reconciliation
from keyaccount.intake.stage_map import Meaning, StageMap
from keyaccount.intake.tables import Table

__all__ = [
    "INDUSTRY_WORDS",
    "Accounts",
    "Aliases",
    "Book",
    "ColumnMapping",
    "DealFeatures",
    "Deals",
    "Meaning",
    "OrderRows",
    "Reconciliation",
    "StageMap",
    "Table",
    "TableCount",
    "deal_features",
    "misspelt",
    "near_duplicates",
    "order_features",
    "rating_features",
    "read_accounts",
    "read_book",
    "read_deals",
    "read_orders",
    "read_table",
    "unknown_labels",
]
