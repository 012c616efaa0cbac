"""Constants that differ from group to group, with a pool for the groups that have none.

Accounts of different industries or customer types are compared fairly when each is measured
against its own kind. A group too small to learn from falls back to the pool of all accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import suppress
from typing import Any, Generic, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Labels, label_text
from keyaccount._validators import field_name
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = [
    "ByGroup",
    "GroupIndex",
    "Laid",
    "Layout",
    "learn_by_group",
    "learn_laid",
    "sorted_known",
]

T = TypeVar("T")
U = TypeVar("U")
S = TypeVar("S", bound=Sized)
T_co = TypeVar("T_co", covariant=True)


def _sorted_pairs(value: Any) -> Any:
    """Turn a mapping or pairs into pairs sorted by label, so that equal specs are equal."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    given: Any = value.items() if isinstance(value, Mapping) else value
    pairs: list[Any] = list(given)
    if not all(isinstance(p, tuple | list) and len(p) == 2 for p in pairs):  # noqa: PLR2004 - a pair
        return pairs
    return tuple(sorted(((label_text(k), v) for k, v in pairs), key=lambda p: str(p[0])))


def _unique_labels(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, tuple):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must map labels of groups to constants",
            value,
            'write for instance {"finance": 0.6, "carriers": 0.5}.',
        )
    labels = [label for label, _ in value]
    if None in labels or len(set(labels)) < len(labels):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must name each group once",
            labels,
            "give one entry per group, by its label.",
        )


def _of_one_type(value: Any) -> Any:
    """Tell true from 1, as stored data does: Python takes them for equal."""
    if isinstance(value, tuple):
        return tuple(map(_of_one_type, value))
    return (bool, value) if isinstance(value, bool) else value


@attrs.frozen
class ByGroup(Spec, Generic[T_co]):
    """One constant per group, and one for all the others.

    Parameters
    ----------
    groups
        Label of a group to its constant; a mapping or pairs.
    pool
        The constant of every group without one of its own, and of accounts without a group.
        None: there is no fall-back, and a group without a constant is an error where it is used.

    Examples
    --------
    >>> import keyaccount as ka
    >>> cuts = ka.ByGroup({"finance": 0.6, "carriers": 0.5}, pool=0.7)
    >>> cuts.of("finance"), cuts.of("retail")
    (0.6, 0.7)
    """

    groups: tuple[tuple[str, T_co], ...] = attrs.field(
        converter=_sorted_pairs, validator=_unique_labels, eq=_of_one_type
    )
    pool: T_co | None = attrs.field(default=None, eq=_of_one_type, kw_only=True)

    def of(self, label: str | None) -> T_co:
        """Give the constant of one group, or the pool's.

        Raises
        ------
        SpecError
            The group has none and there is no pool.
        """
        for name, constant in self.groups:
            if name == label:
                return constant
        if self.pool is None:
            known = [name for name, _ in self.groups]
            raise SpecError.from_choice("group", label, known)
        return self.pool

    def __iter__(self) -> Iterator[T_co]:
        """Run over the constants of the groups, then the pool's."""
        yield from (constant for _, constant in self.groups)
        if self.pool is not None:
            yield self.pool

    def map(self, change: Callable[[T_co], U]) -> ByGroup[U]:
        """Apply a change to every constant."""
        pool = None if self.pool is None else change(self.pool)
        return ByGroup([(label, change(c)) for label, c in self.groups], pool=pool)


@attrs.frozen(eq=False)
class GroupIndex:
    """The labels of all groups that any constant of a spec is given for, as positions.

    The position after the last is the pool's: rows of unseen groups and of no group go there.
    """

    position: dict[str, int]

    @classmethod
    def of(cls, constants: Iterable[object]) -> GroupIndex:
        """Collect the labels of every `ByGroup` among the constants."""
        found = {label for c in constants if isinstance(c, ByGroup) for label, _ in c.groups}
        return cls({label: i for i, label in enumerate(sorted(found))})

    def codes(self, labels: Labels) -> Codes:
        """Give the position of each row's group."""
        pool = len(self.position)
        table = np.array(
            [self.position.get(label, pool) for label in labels.labels] + [pool], dtype=np.int64
        )
        return table[labels.codes]

    def one(self, label: Any) -> int:
        """Give the position of one account's group."""
        if type(label) is not str:
            label = label_text(label)
        return self.position.get(label, len(self.position))

    def spread(self, constants: ByGroup[T]) -> list[T]:
        """List the constants by position: the pool's where a group has none, and last."""
        own: dict[str, Any] = dict(constants.groups)
        fallback: Any = constants.pool
        spread: list[T] = [own.get(label, fallback) for label in self.position]
        return [*spread, fallback]

    def owned(self, constants: object) -> list[bool]:
        """Say by position whether a group has a constant of its own."""
        own = dict(constants.groups) if isinstance(constants, ByGroup) else {}
        return [label in own for label in self.position] + [False]


@attrs.frozen(eq=False)
class Laid:
    """A column of numbers laid out group after group, so that each group can be learned from.

    Attributes
    ----------
    values
        The numbers: first those of rows without a group, then those of one group after another.
    labels
        The labels of the groups; None where nobody asks for groups.
    ends
        Where the rows without a group end, and where each group does.
    """

    values: Floats
    labels: tuple[str, ...] | None
    ends: tuple[int, ...]

    def part(self, group: int) -> slice:
        """Tell the rows of one group; -1: of those without one."""
        return slice(self.ends[group] if group >= 0 else 0, self.ends[group + 1])

    def of(self, label: str) -> Floats:
        """Give the numbers of one group, none where there is no such group."""
        if self.labels is None or label not in self.labels:
            return self.values[:0]
        return self.values[self.part(self.labels.index(label))]

    def map(self, change: Callable[[Floats], Floats]) -> Laid:
        """Change every number."""
        return attrs.evolve(self, values=change(self.values))


@attrs.frozen(eq=False)
class Layout:
    """How the rows of a book are laid out group after group."""

    order: Codes | None
    labels: tuple[str, ...] | None
    ends: tuple[int, ...]

    @classmethod
    def of(cls, labels: Labels | None, n: int) -> Layout:
        """Find the order of the rows; without labels there is one group, of all rows."""
        if labels is None:
            return cls(None, None, (n,))
        codes = labels.codes
        order = order_of_codes(codes, len(labels.labels))
        counts = np.bincount(codes + 1, minlength=len(labels.labels) + 1)
        return cls(order, labels.labels, tuple(np.cumsum(counts).tolist()))

    def lay(self, values: Floats) -> Laid:
        """Lay out one column."""
        return Laid(values if self.order is None else values[self.order], self.labels, self.ends)


def order_of_codes(codes: NDArray[np.signedinteger[Any]], labels: int) -> Codes:
    """Give the rows group after group, in their own order within each.

    A stable sort of short integers is a radix sort, ten times faster than one of long ones.
    """
    short = codes.astype(np.int16, copy=False) if labels <= np.iinfo(np.int16).max else codes
    order: Codes = np.argsort(short, kind="stable")
    return order


def learn_by_group(
    learn: Callable[[Floats], T], values: Floats, labels: Labels | None, min_group: int
) -> T | ByGroup[T]:
    """Learn one constant from sorted known values, or one per group and the pool's.

    Groups with fewer than `min_group` known values, and groups whose values allow no constant, are
    left to the pool.
    """
    return learn_laid(learn, Layout.of(labels, len(values)).lay(values), min_group)


def learn_laid(learn: Callable[[Floats], T], column: Laid, min_group: int) -> T | ByGroup[T]:
    """Learn as `learn_by_group` does, from a column that is laid out by group."""
    pool = learn(sorted_known(column.values))
    if column.labels is None:
        return pool
    parts = (
        (label, sorted_known(column.values[column.part(code)]))
        for code, label in enumerate(column.labels)
    )
    return ByGroup(learn_each(learn, parts, min_group), pool=pool)


def learn_each(
    learn: Callable[[S], T], parts: Iterable[tuple[str, S]], min_group: int
) -> dict[str, T]:
    """Learn one constant from the sorted known values of each group that has enough of them."""
    groups: dict[str, T] = {}
    for label, own in parts:
        if len(own) >= max(min_group, 1):
            # A group of zeros has no ratio: it is left to the pool, and does not stop the others.
            with suppress(SpecError):
                groups[label] = learn(own)
    return groups


def sorted_known(values: Floats) -> Floats:
    """Give the known values in rising order."""
    known: Floats = values[np.isfinite(values)]
    known.sort()
    return known
