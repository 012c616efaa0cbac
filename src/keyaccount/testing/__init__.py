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

from keyaccount.testing.attainment import common_shocks, deals_at_stake
from keyaccount.testing.books import GROUPS, Book, amounts, books, columns_of_numbers
from keyaccount.testing.buying import buying_models, purchase_histories, spend_models
from keyaccount.testing.concentration import customer_values
from keyaccount.testing.containers import CONTAINERS, as_container, containers
from keyaccount.testing.durations import stage_visits
from keyaccount.testing.evidence import deals, win_evidence
from keyaccount.testing.forecast import deal_tables, forecast_categories, sales_targets
from keyaccount.testing.funnels import events, funnels
from keyaccount.testing.inference import answers, inferences
from keyaccount.testing.ledger import purchase_logs
from keyaccount.testing.lifecycle import (
    budget_regressions,
    chain_tests,
    lifecycle_books,
    lifecycle_models,
    panels,
    stage_chains,
)
from keyaccount.testing.playbooks import playbooks, program_rules, selection_policies
from keyaccount.testing.program import assert_same_columns, assignments, information_maps
from keyaccount.testing.program_logs import (
    contact_logs,
    information_entries,
    rhythms,
    symptom_books,
    task_logs,
)
from keyaccount.testing.program_people import (
    chain_people,
    meetings,
    programme_accounts,
    teams,
)
from keyaccount.testing.program_plans import (
    account_plans,
    account_steps,
    plan_templates,
    position_books,
)
from keyaccount.testing.reviews import quarter_pairs, quarters, review_rules, review_signs
from keyaccount.testing.rfm import rfm_books, rfm_cuts, rfm_maps, rfms
from keyaccount.testing.row_wise import assert_row_wise
from keyaccount.testing.same_bits import assert_same_bits
from keyaccount.testing.scorers import AGGREGATES, POLICIES, criteria, ideals, scorers, weights
from keyaccount.testing.segments import axes, matrices, segment_books
from keyaccount.testing.values import LEARNING, VALUE_FUNCTIONS, by_group, value_functions

__all__ = [
    "AGGREGATES",
    "CONTAINERS",
    "GROUPS",
    "LEARNING",
    "POLICIES",
    "VALUE_FUNCTIONS",
    "Book",
    "account_plans",
    "account_steps",
    "amounts",
    "answers",
    "as_container",
    "assert_row_wise",
    "assert_same_bits",
    "assert_same_columns",
    "assignments",
    "axes",
    "books",
    "budget_regressions",
    "buying_models",
    "by_group",
    "chain_people",
    "chain_tests",
    "columns_of_numbers",
    "common_shocks",
    "contact_logs",
    "containers",
    "criteria",
    "customer_values",
    "deal_tables",
    "deals",
    "deals_at_stake",
    "events",
    "forecast_categories",
    "funnels",
    "ideals",
    "inferences",
    "information_entries",
    "information_maps",
    "lifecycle_books",
    "lifecycle_models",
    "matrices",
    "meetings",
    "panels",
    "plan_templates",
    "playbooks",
    "position_books",
    "program_rules",
    "programme_accounts",
    "purchase_histories",
    "purchase_logs",
    "quarter_pairs",
    "quarters",
    "review_rules",
    "review_signs",
    "rfm_books",
    "rfm_cuts",
    "rfm_maps",
    "rfms",
    "rhythms",
    "sales_targets",
    "scorers",
    "segment_books",
    "selection_policies",
    "spend_models",
    "stage_chains",
    "stage_visits",
    "symptom_books",
    "task_logs",
    "teams",
    "value_functions",
    "weights",
    "win_evidence",
]
