"""Potential from the customer's own budget, stated or estimated."""

from keyaccount.lifecycle.wallet.budgets import Budgets
from keyaccount.lifecycle.wallet.combined import combined_potential
from keyaccount.lifecycle.wallet.peers import peer_budgets
from keyaccount.lifecycle.wallet.potential import Potential
from keyaccount.lifecycle.wallet.regression import BudgetRegression
from keyaccount.lifecycle.wallet.wallet_potential import wallet_potential

__all__ = [
    "BudgetRegression",
    "Budgets",
    "Potential",
    "combined_potential",
    "peer_budgets",
    "wallet_potential",
]
