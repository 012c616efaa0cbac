"""What needs scipy, from the extra ``clv``: the linear programme of quantile regression."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from keyaccount._columns import Floats
from keyaccount.errors import KeyAccountError, MissingExtra

__all__ = ["quantile_plane"]


def quantile_plane(design: Floats, values: Floats, q: float) -> Floats:
    """Fit the plane that has a share `q` of the values below it, by the least absolute distance.

    Koenker, R. and Bassett, G. (1978), Regression quantiles, Econometrica 46, as the dual linear
    programme: as many bounded variables as rows, as many equations as coefficients.
    """
    try:
        linprog: Any = import_module("scipy.optimize").linprog
    except ImportError:
        raise MissingExtra.from_caller("BudgetRegression", "clv", "scipy") from None
    target = (1.0 - q) * design.sum(axis=0)
    found = linprog(0.0 - values, A_eq=design.T, b_eq=target, bounds=(0.0, 1.0), method="highs-ds")
    if found.status != 0:
        fact = f"the quantile regression found no plane: {found.message}"
        raise KeyAccountError(fact, "look for columns that say the same, or for wild values.")
    plane: Floats = 0.0 - np.asarray(found.eqlin.marginals, dtype=np.float64)
    return plane + 0.0
