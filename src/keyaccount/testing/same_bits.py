"""Hold arrays to be the same to the last bit."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

__all__ = ["assert_same_bits", "fail"]


def fail(message: str) -> NoReturn:
    """Fail the test that is running, with a message."""
    raise AssertionError(message)


def assert_same_bits(found: Any, expected: Any, what: str = "the arrays") -> None:
    """Hold two arrays to be the same to the last bit; NaN equals NaN, and -0.0 is not 0.0.

    Raises
    ------
    AssertionError
        They differ: the message names the first few places.

    Examples
    --------
    >>> from math import nan
    >>> assert_same_bits([0.5, nan], [0.5, nan])
    >>> assert_same_bits([0.1 + 0.2], [0.3], "totals")
    Traceback (most recent call last):
        ...
    AssertionError: totals differ at [0]: [0.30000000000000004] instead of [0.3]
    """
    left, right = np.asarray(found), np.asarray(expected)
    if left.shape != right.shape:
        fail(f"{what} differ in shape: {left.shape} instead of {right.shape}")
    if left.dtype != right.dtype:
        fail(f"{what} differ in kind: {left.dtype} instead of {right.dtype}")
    differs = left != right
    if left.dtype.kind == "f":
        both_missing = np.isnan(left) & np.isnan(right)
        differs = (differs | (np.signbit(left) != np.signbit(right))) & ~both_missing
    elif left.dtype.kind == "M":
        differs &= ~(np.isnat(left) & np.isnat(right))
    if differs.any():
        where = np.argwhere(differs)[:3].squeeze(axis=-1).tolist() if left.ndim == 1 else None
        where = np.argwhere(differs)[:3].tolist() if where is None else where
        fail(
            f"{what} differ at {where}: {left[differs][:3].tolist()} "
            f"instead of {right[differs][:3].tolist()}"
        )
