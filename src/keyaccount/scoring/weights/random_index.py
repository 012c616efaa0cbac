"""Random consistency indices: what the consistency index of random judgements is on average.

Published tables disagree in the second decimal, since each is a simulation of its own, so a table
is a named choice and a consistency ratio is reported with its name.

References
----------
``saaty_1980``
    Saaty, T. L. (1980). *The Analytic Hierarchy Process*. McGraw-Hill.
``saaty_2005``
    Saaty, T. L. (2005). *Theory and Applications of the Analytic Network Process*. RWS
    Publications, p. 31.
``tummala_ling_1998``
    Tummala, V. M. R., & Ling, H. (1998). A note on the computation of the mean random consistency
    index of the analytic hierarchy process (AHP). *Theory and Decision* 44(3), 221-230.
``donegan_dodd_1991``
    Donegan, H. A., & Dodd, F. J. (1991). A note on Saaty's random indexes. *Mathematical and
    Computer Modelling* 15(10), 135-137.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from keyaccount.errors import SpecError

RandomIndexTable: TypeAlias = Literal[
    "saaty_1980", "saaty_2005", "tummala_ling_1998", "donegan_dodd_1991"
]
"""The name of a published table of random consistency indices."""

# two things compared are always consistent: below this order there is no index to divide by
FIRST_ORDER: Final = 3


def _from_first_order(*indices: float) -> dict[int, float]:
    return dict(enumerate(indices, start=FIRST_ORDER))


_SAATY_1980 = _from_first_order(0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)

_SAATY_2005 = _from_first_order(
    *(0.52, 0.89, 1.11, 1.25, 1.35, 1.4, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59)
)

_TUMMALA_LING_1998 = _from_first_order(
    *(0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537),
    *(1.4882, 1.5117, 1.5356, 1.5571, 1.5714, 1.5831),
)

_DONEGAN_DODD_1991 = _from_first_order(
    *(0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213),
    *(1.4497, 1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371),
) | {
    25: 1.5619,
    30: 1.5772,
    40: 1.5976,
    50: 1.6102,
    60: 1.6178,
    70: 1.6237,
    80: 1.6277,
    90: 1.6213,
    100: 1.6339,
}

RANDOM_INDEX_TABLES: Final[Mapping[str, Mapping[int, float]]] = MappingProxyType(
    {
        "saaty_1980": MappingProxyType(_SAATY_1980),
        "saaty_2005": MappingProxyType(_SAATY_2005),
        "tummala_ling_1998": MappingProxyType(_TUMMALA_LING_1998),
        "donegan_dodd_1991": MappingProxyType(_DONEGAN_DODD_1991),
    }
)
"""Tables of random consistency indices: name of the publication, order of the matrix, index."""


_FIELD = "random_index"


def table_of(name: str) -> Mapping[int, float]:
    """Return the table of that name."""
    if name not in tuple(RANDOM_INDEX_TABLES):
        raise SpecError.from_choice(_FIELD, name, tuple(RANDOM_INDEX_TABLES))
    return RANDOM_INDEX_TABLES[name]


def random_index_for(order: int, name: str) -> float:
    """Return the random index of matrices of this order (at least 3) in the named table."""
    table = table_of(name)
    if order not in table:
        field, rule = f"{_FIELD}={name!r}", f"must hold matrices of order {order}"
        raise SpecError.from_field(field, rule, f"orders up to {max(table)}", _others(order))
    return table[order]


def _others(order: int) -> str:
    """Name the tables that hold this order."""
    reach = [repr(name) for name, table in RANDOM_INDEX_TABLES.items() if order in table]
    if reach:
        return f"use random_index={' or '.join(reach)}."
    return "no table holds this order: compare criteria in groups, and groups with each other."
