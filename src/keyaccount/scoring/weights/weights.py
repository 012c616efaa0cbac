"""Weights by name: finite, not negative, unique, and summing to 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, Self, TypeAlias, final

import attrs
import numpy as np
from numpy.typing import DTypeLike, NDArray

from keyaccount._validators import exact_float
from keyaccount._view import Spec
from keyaccount.errors import WeightsError

Pairs: TypeAlias = tuple[tuple[str, float], ...]
"""Names and weights in declared order."""

WeightsInput: TypeAlias = Mapping[str, float] | Iterable[tuple[str, float]]
"""What weights can be built from: a mapping of names to numbers, or pairs of the two."""

SUM_TOLERANCE = 1e-9
_WEIGHTS, _NAME, _SUM, _COPY = "weights", "the name of a weight", "the sum of the weights", "copy"
_BY_NAME = 'give a mapping of names to numbers, such as {"sales": 0.6, "potential": 0.4}.'


class HasWeights(Protocol):
    """A result which carries weights beside other things, such as `AhpWeights`."""

    @property
    def weights(self) -> Weights:
        """The weights by name."""
        ...


def _as_pairs(value: WeightsInput) -> Pairs:
    """Read a mapping, or pairs, as a tuple of names and exact floats."""
    items: Any = getattr(value, "items", None)
    try:
        pairs: Any = items() if items else value
        return tuple((name, exact_float(weight)) for name, weight in pairs)
    except (TypeError, ValueError):
        raise _no_names(value) from None


def _no_names(value: object) -> WeightsError:
    return WeightsError.from_field(_WEIGHTS, "must be given by name", value, _BY_NAME)


def _check_pairs(pairs: Pairs) -> None:
    """Refuse no weights at all, bad names, and numbers that no weight can be."""
    if not pairs:
        raise WeightsError.from_field(_WEIGHTS, "must name at least one criterion", {}, _BY_NAME)
    for name, weight in pairs:
        _check_name(name)
        _check_weight(name, weight)
    _check_unique([name for name, _ in pairs])


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not name.strip():
        raise WeightsError.from_field(_NAME, "must be a text that is not blank", name, _BY_NAME)


def _check_weight(name: str, weight: object) -> None:
    if not isinstance(weight, float) or not math.isfinite(weight) or weight < 0.0:
        field = f"the weight of {name!r}"
        raise WeightsError.from_field(
            field,
            "must be a finite number of at least 0",
            weight,
            "turn a criterion round by a falling value function, not by a negative weight.",
        )


def _check_unique(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise WeightsError.from_field(
            _WEIGHTS, "must have unique names", twice, "give each criterion one weight."
        )


def _total(pairs: Pairs) -> float:
    """Add up the weights, exactly rounded, whatever their order."""
    try:
        return math.fsum(weight for _, weight in pairs)
    except OverflowError:
        raise WeightsError.from_field(
            _SUM, "must be a finite number", math.inf, "give smaller numbers."
        ) from None


def _validate(_instance: object, _attribute: object, pairs: Pairs) -> None:
    """Refuse pairs that are no weights, or that do not sum to 1."""
    _check_pairs(pairs)
    total = _total(pairs)
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise WeightsError.from_sum(dict(pairs), total)


@final
@attrs.frozen(repr=False)
class Weights(Mapping[str, float], Spec):
    """How much each criterion counts, by name, summing to 1.

    A read-only mapping in declared order, which numpy reads as a vector. Two of them are equal
    when names, weights and order are.

    Parameters
    ----------
    pairs
        A mapping of names to weights, or pairs of the two. At least one; the names are unique and
        not blank; the weights are finite, at least 0, and sum to 1 within 1e-9.

    Raises
    ------
    WeightsError
        If any of this does not hold. Where only the sum is wrong, the error offers the normalised
        weights.

    See Also
    --------
    market_weights, equal_weights, rank_order_centroid_weights, ahp_weights, entropy_weights
    critic_weights

    Examples
    --------
    >>> import keyaccount as ka
    >>> import numpy as np
    >>> weights = ka.Weights({"sales": 0.6, "potential": 0.4})
    >>> weights["sales"], weights.names
    (0.6, ('sales', 'potential'))
    >>> np.asarray(weights)
    array([0.6, 0.4])
    >>> ka.Weights({"sales": 3, "potential": 1})
    Traceback (most recent call last):
        ...
    keyaccount.errors.WeightsError: weights must sum to 1 (got 4.0)
    <BLANKLINE>
    Hint: use Weights.normalised(...), which gives {'sales': 0.75, 'potential': 0.25}.
    """

    pairs: Pairs = attrs.field(converter=_as_pairs, validator=_validate)

    @classmethod
    def normalised(cls, weights: WeightsInput) -> Self:
        """Divide the weights by their sum.

        Parameters
        ----------
        weights
            A mapping of names to numbers, or pairs of the two: finite, at least 0, one above 0.

        Returns
        -------
        Weights
            The same proportions, summing to 1.

        Raises
        ------
        WeightsError
            If a number is negative, NaN or infinite, or if all are 0.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.Weights.normalised({"sales": 3, "potential": 1})
        Weights({'sales': 0.75, 'potential': 0.25})
        """
        pairs = _as_pairs(weights)
        _check_pairs(pairs)
        total = _total(pairs)
        if total == 0.0:
            raise WeightsError.from_sum(dict(pairs), total)
        return cls((name, weight / total) for name, weight in pairs)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in declared order."""
        return tuple(name for name, _ in self.pairs)

    def __getitem__(self, name: str) -> float:
        """Return the weight of one criterion."""
        return dict(self.pairs)[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names in declared order."""
        return iter(self.names)

    def __len__(self) -> int:
        """Count the weights."""
        return len(self.pairs)

    def __array__(
        self,
        dtype: DTypeLike | None = None,
        copy: bool | None = None,  # noqa: FBT001 - numpy's signature
    ) -> NDArray[np.float64]:
        """Return the vector of weights in declared order, as numpy asks for it."""
        if copy is False:
            # numpy's protocol asks for a ValueError where no view can be given
            raise WeightsError.from_field(
                _COPY, "must not be False", copy, "use np.asarray(weights), which copies."
            )
        return np.array([weight for _, weight in self.pairs], dtype=dtype or np.float64)

    def __repr__(self) -> str:
        """Write the weights as they would be declared."""
        return f"Weights({dict(self.pairs)!r})"


def as_weights(value: Weights | Mapping[str, float] | HasWeights) -> Weights:
    """Read weights wherever a spec or a function accepts them.

    Parameters
    ----------
    value
        `Weights`, a plain mapping of names to numbers, or a result that carries ``.weights``, such
        as that of `ahp_weights`.

    Returns
    -------
    Weights
        The same weights, validated.

    Raises
    ------
    WeightsError
        If the numbers come without names, or are no weights.

    Notes
    -----
    A plain sequence is refused: its order would have to match the criteria, and nothing would
    notice when it does not.

    Examples
    --------
    >>> from keyaccount.scoring.weights import as_weights
    >>> as_weights({"sales": 0.6, "potential": 0.4})
    Weights({'sales': 0.6, 'potential': 0.4})
    >>> as_weights([0.6, 0.4])
    Traceback (most recent call last):
        ...
    keyaccount.errors.WeightsError: weights must be given by name (got [0.6, 0.4])
    <BLANKLINE>
    Hint: give a mapping of names to numbers, such as {"sales": 0.6, "potential": 0.4}.
    """
    if isinstance(value, Weights):
        return value
    # a mapping first: one of its names may well be "weights"
    inner: Any = value if hasattr(value, "items") else getattr(value, "weights", None)
    if isinstance(inner, Weights):
        return inner
    if not hasattr(inner, "items"):
        raise _no_names(value)
    return Weights(inner)
