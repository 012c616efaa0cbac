"""`BuyingModel`: what the buy-till-you-die models have in common, every verb of them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any, Literal, Self, TypeAlias

import numpy as np

from keyaccount._columns import Floats, as_floats, common_length, floats
from keyaccount._record import Record
from keyaccount._validators import field_name
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.summary import PurchaseSummary
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.history import read_history, read_times
from keyaccount.lifecycle.buying.kernel import Kernel
from keyaccount.lifecycle.buying.learning import learn
from keyaccount.lifecycle.buying.reading import (
    errors_of,
    findings_of,
    on_distinct,
    read_counts,
)

__all__ = ["BuyingModel", "BuyingUnit", "a_fit"]

BuyingUnit: TypeAlias = Literal["day", "week"]

_UNIT_OF_DAYS: dict[int, BuyingUnit] = {1: "day", 7: "week"}
_UNITS: dict[str, BuyingUnit] = {unit: unit for unit in _UNIT_OF_DAYS.values()}


def a_fit(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but what a fit says of itself, for these parameters."""
    name = field_name(instance, attribute)
    if value is None:
        return
    if not isinstance(value, BuyingFit):
        raise SpecError.from_field(
            name, "must be a BuyingFit", value, "leave it to fit, or leave it out."
        )
    width = len(_names(instance))
    if value.covariance is not None and len(value.covariance) != width:
        raise SpecError.from_field(
            name,
            f"must have a covariance of {width} parameters",
            len(value.covariance),
            "keep a fit with the model that it belongs to.",
        )


def _names(instance: Any) -> tuple[str, ...]:
    names: tuple[str, ...] = instance.parameter_names
    return names


class BuyingModel(Spec, ABC):
    """Customers who order at a rate of their own until they leave, unseen: the common part.

    Attributes
    ----------
    time_unit
        Unit of `recency`, `T` and the parameters that are times: ``"day"`` or ``"week"``; None
        where it is not said. It matters to `order_potential` alone, which looks years ahead.
    facts
        How the model was fitted; None where its parameters were given.

    Notes
    -----
    A first order begins each history and is not counted: `frequency` counts the repeat orders,
    `recency` is the time from the first order to the last, `T` the time from the first order to the
    day of the count. `ka.purchase_summary(..., same_day="merge")` gives all three.

    Examples
    --------
    >>> import keyaccount as ka
    >>> model = ka.ParetoNBD(r=0.55, alpha=10.6, s=0.61, beta=11.7, time_unit="week")
    >>> isinstance(model, ka.BuyingModel)
    True
    """

    __slots__ = ()

    time_unit: BuyingUnit | None
    facts: BuyingFit | None

    @classmethod
    @abstractmethod
    def kernel(cls) -> Kernel:
        """Return the arithmetic of the model, for code that extends it."""

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of the parameters, in order."""
        return self.kernel().names

    @property
    def parameters(self) -> Record:
        """The parameters by name."""
        return Record({name: getattr(self, name) for name in self.parameter_names})

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood reached by the fit; NaN where the parameters were given."""
        return math.nan if self.facts is None else self.facts.log_likelihood

    @property
    def standard_errors(self) -> Record:
        """Standard errors by parameter, from the observed information by the delta method.

        NaN where the parameters were given or the information cannot be inverted.
        """
        return errors_of(self.parameters, self.facts)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the fit."""
        return findings_of(self.parameters, self.facts)

    @classmethod
    def fit(
        cls,
        frequency: Any,
        recency: Any,
        T: Any,  # noqa: N803 - the symbol of the models
        *,
        time_unit: BuyingUnit | None = None,
    ) -> Self:
        """Estimate the parameters by maximum likelihood.

        Equal customers are counted once, the logarithms of the parameters are searched from several
        starts with analytic slopes, and Newton steps settle the last digits.

        Parameters
        ----------
        frequency
            ``(n,)`` whole numbers: repeat orders. A customer with a NaN in any column is left out.
        recency, T
            ``(n,)`` times from the first order to the last, and to the day of the count, in any
            unit.
        time_unit
            That unit, where it is a day or a week.

        Returns
        -------
        BuyingModel
            A model of the same class, with `facts`.

        Raises
        ------
        RowError
            A row cannot be a history: a frequency below 0 or no whole number, a recency below 0 or
            beyond T, above 0 without a repeat order or 0 in spite of one.
        NotEnoughDataError
            Fewer than 30 customers, or fewer than 10 of them with a repeat order: a choice of this
            library.
        ColumnError
            A column is not numbers, or the lengths differ.
        MissingExtra
            scipy is not installed.

        Notes
        -----
        Book-wise: the same to the last bit in any order of the customers.
        """
        return cls._learned(frequency, recency, T, time_unit)

    @classmethod
    def fit_summary(cls, summary: Any, *, time_unit: BuyingUnit | None = None) -> Self:
        """Estimate the parameters from the columns `frequency`, `recency` and `T`.

        Parameters
        ----------
        summary
            A `PurchaseSummary`, or any container of columns.
        time_unit
            The unit of the times; a `PurchaseSummary` and a `HoldoutSplit` know their own.

        Raises
        ------
        ColumnNotFoundError
            A column is not there.
        KeyAccountError
            As for `fit`.
        """
        unit = _unit_of(summary) if time_unit is None else time_unit
        x, tx, age = (floats(summary, name) for name in ("frequency", "recency", "T"))
        return cls._learned(x, tx, age, unit)

    @classmethod
    def _learned(cls, frequency: Any, recency: Any, age: Any, unit: BuyingUnit | None) -> Self:
        found, facts = learn(cls.kernel(), read_history(frequency, recency, age))
        names = cls.kernel().names
        given = dict(zip(names, found.tolist(), strict=True))
        made: Any = cls
        model: Self = made(**given, time_unit=unit, facts=facts)
        return model

    def probability_alive(self, frequency: Any, recency: Any, T: Any) -> Floats:  # noqa: N803 - the papers' T
        """Return the probability that each customer has not left by the day of the count.

        Parameters
        ----------
        frequency, recency, T
            As for `fit`; one value each for one customer.

        Returns
        -------
        ndarray
            In [0, 1]; NaN where a value is unknown.

        Raises
        ------
        RowError, ColumnError
            As for `fit`.
        """
        h = read_history(frequency, recency, T)
        return on_distinct(
            lambda x, tx, age: self.kernel().alive(self._p, x, tx, age),
            h.frequency,
            h.recency,
            h.age,
        )

    def expected_orders(
        self,
        frequency: Any,
        recency: Any,
        T: Any,  # noqa: N803 - the symbol of the models
        horizon: Any,
    ) -> Floats:
        """Return the orders expected of each customer within `horizon` after the count.

        Parameters
        ----------
        frequency, recency, T
            As for `fit`; one value each for one customer.
        horizon
            Time ahead, one for all or one per customer, in the unit of T.

        Returns
        -------
        ndarray
            At least 0, and 0 for a horizon of 0; NaN where a value is unknown.

        Raises
        ------
        RowError, ColumnError
            As for `fit`, or a horizon below 0.
        """
        h = read_history(frequency, recency, T)
        t = read_times(horizon, "horizon", len(h))
        here = self.probability_alive(frequency, recency, T)
        found: Floats = here * on_distinct(
            lambda x, age, ahead: self.kernel().orders(self._p, x, age, ahead),
            h.frequency,
            h.age,
            t,
        )
        return found

    def expected_orders_new(self, t: Any) -> Floats:
        """Return the repeat orders expected within `t` of a customer's first order.

        Parameters
        ----------
        t
            Times, in the unit of T.

        Raises
        ------
        RowError
            A time below 0.
        """
        return on_distinct(lambda at: self.kernel().first_orders(self._p, at), _times(t, "t"))

    def probability_of_orders(self, n: Any, t: Any) -> Floats:
        """Return the probability of `n` repeat orders within `t` of a customer's first order.

        Parameters
        ----------
        n
            Whole numbers, one or one per time.
        t
            Times in the unit of T, one or one per number.

        Raises
        ------
        RowError
            A number that is no count, or a time below 0.
        ColumnError
            The lengths differ.
        """
        counted, times = read_counts(n, "n"), _times(t, "t")
        if 1 in {len(counted), len(times)}:
            counted, times = (c.copy() for c in np.broadcast_arrays(counted, times))
        common_length({"n": counted, "t": times})
        return on_distinct(lambda k, at: self.kernel().first_counts(self._p, at, k), counted, times)

    @property
    def _p(self) -> Floats:
        return np.array([getattr(self, name) for name in self.parameter_names])


def _times(values: Any, name: str) -> Floats:
    return read_times(values, name, len(as_floats(values, name)))


def _unit_of(summary: Any) -> BuyingUnit | None:
    """Read the unit of a summary's times: it says so, or its own days do."""
    if not isinstance(summary, PurchaseSummary):
        told = getattr(summary, "time_unit", None)
        return _UNITS.get(told) if isinstance(told, str) else None
    days = (summary.as_of - summary.first).astype(np.float64)
    known = summary.T > 0.0
    if not known.any():
        return None
    return _UNIT_OF_DAYS.get(round(float((days[known] / summary.T[known]).max())))
