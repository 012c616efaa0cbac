"""Who each row of a log belongs to: a slot per row, and the id each slot stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Labels, Objects
from keyaccount.findings import Finding
from keyaccount.ledger.packing import text_slots
from keyaccount.ledger.slots import slots_of
from keyaccount.ledger.texts import Texts

__all__ = ["Customers", "from_labels", "from_numbers", "from_texts"]


@attrs.frozen(eq=False)
class Customers:
    """Who each row of a log belongs to.

    Attributes
    ----------
    codes
        The slot of each row; meaningless where the id is missing.
    size
        How many slots there are; some may stand for no row.
    missing
        Which rows have no id; None: every row has one.
    ids
        Gives the ids of some slots.
    ordered
        Sorts some slots by their ids.
    findings
        What a reader should know of the ids.
    """

    codes: Codes
    size: int
    missing: Bools | None
    ids: Callable[[Codes], Objects]
    ordered: Callable[[Codes], Codes]
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.codes)


def from_texts(texts: Texts, missing: Bools | None) -> Customers | None:
    """Make customers of texts; None where they cannot be told apart by packing or hashing."""
    found = text_slots(texts)
    if found is None:
        return None
    slots, row_of, rising, may_be_blank = found
    if may_be_blank and len(texts):
        present = np.flatnonzero(np.bincount(slots.codes, minlength=slots.size))
        blank = np.zeros(slots.size, dtype=np.bool_)
        blank[present] = [not t.strip() for t in _written(texts, row_of[present])]
        lost = blank[slots.codes]
        missing = lost if missing is None else missing | lost

    def ids(wanted: Codes) -> Objects:
        return texts.write(row_of[wanted])

    def ordered(wanted: Codes) -> Codes:
        return wanted if rising else wanted[texts.order(row_of[wanted])]

    return Customers(slots.codes, slots.size, missing, ids, ordered)


def _written(texts: Texts, rows: Codes) -> list[str]:
    return ["" if cell is None else cell for cell in texts.write(rows).tolist()]


def from_numbers(numbers: NDArray[Any], missing: Bools | None) -> Customers:
    """Make customers of whole numbers."""
    dtype = numbers.dtype
    slots = slots_of(numbers)

    def ids(wanted: Codes) -> Objects:
        return slots.numbers(wanted).astype(dtype)

    lost = missing if missing is not None and missing.any() else None
    return Customers(slots.codes, slots.size, lost, ids, np.sort)


def from_labels(labels: Labels, findings: tuple[Finding, ...] = ()) -> Customers:
    """Make customers of labels, which are texts with codes already."""
    table = np.array([*labels.labels, None], dtype=object)
    lost = labels.codes < 0

    def ids(wanted: Codes) -> Objects:
        return table[wanted]

    def ordered(wanted: Codes) -> Codes:
        return wanted[np.argsort(table[wanted], kind="stable")]

    missing = lost if lost.any() else None
    codes = labels.codes if missing is None else np.where(lost, 0, labels.codes)
    return Customers(codes, max(len(labels.labels), 1), missing, ids, ordered, findings)
