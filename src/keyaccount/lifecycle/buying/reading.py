"""Small readings that the verbs of the models share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keyaccount._columns import Floats, as_floats, refuse_rows
from keyaccount._record import Record
from keyaccount.findings import Finding
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.patterns import distinct_rows

__all__ = ["errors_of", "findings_of", "on_distinct", "read_counts"]

_ROWS = 4096
_VAGUE = 2.0
"""A standard error of 2 in the logarithm: the parameter is known to a factor of fifty or so."""


def on_distinct(verb: Callable[..., Floats], *columns: Floats) -> Floats:
    """Apply a row-wise verb to each distinct row once; NaN where a value is missing."""
    found = np.full(len(columns[0]), np.nan)
    known = np.flatnonzero(np.logical_and.reduce([np.isfinite(c) for c in columns]))
    if not len(known):
        return found
    given = [c[known] for c in columns]
    starts, order = distinct_rows(*given)
    rows = [np.ascontiguousarray(c[order][starts]) for c in given]
    blocks = [slice(i, i + _ROWS) for i in range(0, len(starts), _ROWS)]
    values = np.concatenate([verb(*(c[block] for c in rows)) for block in blocks])
    found[known[order]] = np.repeat(values, np.diff(starts, append=len(order)))
    return found


def read_counts(values: Any, name: str) -> Floats:
    """Read whole numbers of at least 0; NaN where unknown."""
    found = as_floats(values, name)
    found = np.where(np.isfinite(found), found, np.nan)
    wrong = (found < 0.0) | (np.isfinite(found) & (np.floor(found) != found))
    refuse_rows(name, found, wrong, "are no count", "give whole numbers of at least 0.")
    return found + 0.0


def errors_of(parameters: Mapping[str, float], facts: BuyingFit | None) -> Record:
    """Write the standard errors by the delta method: value times that of its logarithm."""
    if facts is None or facts.covariance is None:
        return Record(dict.fromkeys(parameters, math.nan))
    spread = [math.sqrt(max(row[i], 0.0)) for i, row in enumerate(facts.covariance)]
    return Record({n: v * s for (n, v), s in zip(parameters.items(), spread, strict=True)})


def findings_of(parameters: Mapping[str, float], facts: BuyingFit | None) -> tuple[Finding, ...]:
    """Tell what makes the estimates of a fit less than they seem."""
    if facts is None:
        return ()
    found = []
    if not facts.converged:
        slope = f"the search ended on a slope of {facts.gradient:.2g}: the estimates are not final"
        found.append(Finding(code="not_converged", message=slope, count=1))
    if facts.at_bound:
        names = ", ".join(f"{n} = {parameters[n]:.3g}" for n in facts.at_bound)
        said = f"at the end of the range searched: {names}; the data ask for less of this model"
        found.append(_about("at_bound", said, facts.at_bound))
    if facts.covariance is None:
        said = "the information cannot be inverted: there are no standard errors"
        found.append(Finding(code="no_standard_errors", message=said, count=len(parameters)))
        return tuple(found)
    vague = [n for i, n in enumerate(parameters) if facts.covariance[i][i] > _VAGUE * _VAGUE]
    if vague:
        said = f"hardly determined by the data: {', '.join(vague)}"
        found.append(_about("vague", said, tuple(vague)))
    return tuple(found)


def _about(code: str, said: str, names: tuple[str, ...]) -> Finding:
    return Finding(code=code, message=said, count=len(names), examples=names)
