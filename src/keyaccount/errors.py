"""Every error this library raises, and the wording of each.

A message states the fact with the value that was met, then a blank line, then ``Hint:`` with the
way out. The parts of the message are attributes, so that a service can answer with its own words.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "ColumnError",
    "ColumnNotFoundError",
    "DigestError",
    "DuplicateIdError",
    "HierarchyError",
    "IntakeError",
    "KeyAccountError",
    "MissingExtra",
    "NotEnoughDataError",
    "NotFittedError",
    "RowError",
    "SelectionError",
    "SerialisationError",
    "SpecError",
    "TransitionRefused",
    "WeightsError",
    "closest",
]

_HINT = "\n\nHint: "
_SHOWN = 5
_DRAWN = 12
_OF_ONE = {
    "are": "is",
    "begin": "begins",
    "count": "counts",
    "have": "has",
    "hold": "holds",
    "lie": "lies",
    "occur": "occurs",
}
"""What one does, by what several do."""


def closest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of the known names that look like `name`, best first."""
    by_folded = {k.casefold(): k for k in known}
    found = get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.6)
    return tuple(by_folded[f] for f in found)


def _listed(items: Sequence[object], shown: int = _SHOWN) -> str:
    """Write the first few items, and how many more there are."""
    head = ", ".join(repr(i) for i in items[:shown])
    return head if len(items) <= shown else f"{head} and {len(items) - shown} more"


def _agreeing(said: str, count: int) -> str:
    """Write what several do (``hold nothing``) as one does it, where it is one."""
    verb, space, rest = said.partition(" ")
    return f"{_OF_ONE.get(verb, verb)}{space}{rest}" if count == 1 else said


def _did_you_mean(name: str, known: Sequence[str], what: str) -> str:
    near = closest(str(name), known)  # what is asked for may be no text at all
    if near:
        return f"did you mean {' or '.join(repr(n) for n in near)}?"
    return f"there is {_listed(known, 12)}." if known else f"there is no {what} at all."


class KeyAccountError(ValueError):
    """Root of every error raised by this library.

    Attributes
    ----------
    fact
        What was met, with the value.
    hint
        The way out.
    parts
        The pieces of the message by name, for callers that word it themselves.

    Examples
    --------
    >>> import keyaccount as ka
    >>> try:
    ...     ka.Linear(3, 3)
    ... except ka.KeyAccountError as error:
    ...     print(error)
    Linear.high must differ from low (got 3.0)
    <BLANKLINE>
    Hint: give the two raw values that are worth 0 and 1.
    """

    def __init__(self, fact: str, hint: str | None = None, **parts: Any) -> None:
        if hint is None:  # Polars makes an error of its type and its text alone, adding to the text
            fact, _, hint = fact.partition(_HINT)
        super().__init__(f"{fact}{_HINT}{hint}")
        self.fact = fact
        self.hint = hint
        self.parts: dict[str, Any] = parts

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep fact, hint and parts when an error crosses a process border."""
        return _rebuild, (type(self), self.fact, self.hint, self.parts)


def _rebuild(
    kind: type[KeyAccountError], fact: str, hint: str, parts: dict[str, Any]
) -> KeyAccountError:
    return kind(fact, hint, **parts)


class SpecError(KeyAccountError):
    """A spec was built from a value that it cannot hold."""

    @classmethod
    def from_field(cls, field: str, rule: str, got: object, hint: str) -> Self:
        """Say which field broke which rule, with the value that was met."""
        fact = f"{field} {rule} (got {got!r})"
        return cls(fact, hint, field=field, rule=rule, got=got)

    @classmethod
    def from_choice(cls, field: str, got: object, allowed: Sequence[str]) -> Self:
        """Say what was allowed where one of a few words is expected."""
        hint = _did_you_mean(str(got), allowed, "choice")
        words = ", ".join(repr(a) for a in allowed)
        rule = f"must be one of {words}" if words else "names nothing that is there"
        return cls.from_field(field, rule, got, hint)


class WeightsError(SpecError):
    """Weights are not finite, not positive, not unique or do not sum to 1."""

    @classmethod
    def from_sum(cls, weights: Mapping[str, float], total: float) -> Self:
        """Offer the normalised weights where the sum is not 1."""
        normalised = {name: value / total for name, value in weights.items()} if total > 0 else {}
        offer = (
            f"use Weights.normalised(...), which gives {normalised!r}."
            if normalised
            else "give at least one criterion a weight above 0."
        )
        return cls(
            f"weights must sum to 1 (got {total!r})", offer, total=total, normalised=normalised
        )

    @classmethod
    def from_names(cls, missing: Sequence[str], unknown: Sequence[str]) -> Self:
        """Say which criteria have no weight and which weights have no criterion."""
        said = [f"no weight for {_listed(missing)}"] if missing else []
        said += [f"no criterion named {_listed(unknown)}"] if unknown else []
        return cls(
            f"weights and criteria differ: {'; '.join(said)}",
            "give exactly one weight per criterion, by its name.",
            missing=tuple(missing),
            unknown=tuple(unknown),
        )


class ColumnError(KeyAccountError):
    """A column is there but cannot be read as what it should be."""

    @classmethod
    def from_kind(cls, column: str, wanted: str, got: str, hint: str) -> Self:
        """Say what the column was read as and what it holds."""
        fact = f"column {column!r} must hold {wanted} (got {got})"
        return cls(fact, hint, column=column, wanted=wanted, got=got)

    @classmethod
    def from_container(cls, got: str, hint: str) -> Self:
        """Say what was met where a container of columns is expected."""
        return cls(f"columns must come in a container that names them (got {got})", hint, got=got)

    @classmethod
    def from_odd_name(cls, name: object) -> Self:
        """Say which name of a column is no text."""
        kind = type(name).__name__
        fact = f"the name of a column must be a text (got {name!r}, of type {kind})"
        return cls(fact, f"rename it: {str(name)!r}.", name=name)

    @classmethod
    def from_lengths(cls, lengths: Mapping[str, int]) -> Self:
        """Say which columns differ in length."""
        said = ", ".join(f"{name!r} {n}" for name, n in lengths.items())
        return cls(
            f"columns differ in length: {said}",
            "give every column one value per row.",
            lengths=dict(lengths),
        )


class ColumnNotFoundError(ColumnError):
    """A column that was asked for is not there."""

    @classmethod
    def from_name(cls, column: str, known: Sequence[str]) -> Self:
        """Name the column and the closest ones there are."""
        hint = _did_you_mean(column, known, "column")
        return cls(f"no column {column!r}", hint, column=column, known=tuple(known))


class RowError(KeyAccountError):
    """Some rows hold what cannot be read, or a row is asked for that is not there."""

    @classmethod
    def from_position(cls, row: object, rows: int) -> Self:
        """Say which row was asked for, and how many there are."""
        there = f"0 to {rows - 1}" if rows else "none, for there are no rows"
        return cls(f"no row {row!r} in {rows} rows", f"rows are counted from 0: {there}.", row=row)

    @classmethod
    def from_rows(
        cls, column: str, problem: str, rows: Sequence[int], values: Sequence[object], hint: str
    ) -> Self:
        """Say how many rows are wrong and show the first few.

        The problem is worded for several rows (``"hold no number"``); of one row its verb is put
        in the singular.
        """
        shown = ", ".join(
            f"row {r}: {v!r}" for r, v in zip(rows[:_SHOWN], values[:_SHOWN], strict=True)
        )
        count = f"{len(rows)} row{'s' if len(rows) != 1 else ''}"
        return cls(
            f"column {column!r}: {count} {_agreeing(problem, len(rows))} ({shown})",
            hint,
            column=column,
            rows=tuple(rows),
            values=tuple(values[:_SHOWN]),
        )


class DuplicateIdError(RowError):
    """An id that must be unique occurs more than once."""

    @classmethod
    def from_ids(cls, what: str, ids: Sequence[str]) -> Self:
        """Show the first few ids that occur more than once."""
        said = _agreeing("occur more than once", len(ids))
        return cls(
            f"{what} must be unique: {len(ids)} {said} ({_listed(ids)})",
            "merge or drop the duplicate rows first.",
            ids=tuple(ids),
        )


class NotFittedError(KeyAccountError):
    """A spec with learned constants is used before it has learned them."""

    @classmethod
    def from_spec(cls, what: str) -> Self:
        """Name the part that has still to learn."""
        return cls(
            f"{what} has learned nothing yet",
            "call .fit(columns) first and use the spec it returns.",
            what=what,
        )


class NotEnoughDataError(KeyAccountError):
    """There is too little to learn a constant from."""

    @classmethod
    def from_column(cls, what: str, column: str, hint: str) -> Self:
        """Name the part that could not learn, and the column it reads."""
        fact = f"{what} cannot learn from column {column!r}: it holds no known value"
        return cls(fact, hint, what=what, column=column)

    @classmethod
    def from_problem(cls, problem: str, hint: str, **parts: Any) -> Self:
        """Say what there is too little of."""
        return cls(problem, hint, **parts)


class TransitionRefused(KeyAccountError):  # noqa: N818 - named for what happens, not for a fault
    """An event would break a rule of the funnel; the deal stays as it is."""

    @classmethod
    def from_event(
        cls, deal: str, event: str, rule: str, missing: Sequence[str], hint: str
    ) -> Self:
        """Say which event was refused by which rule, and what is missing."""
        lacking = f": {_listed(missing, _DRAWN)}" if missing else ""
        return cls(
            f"deal {deal!r} cannot {event}: {rule}{lacking}",
            hint,
            deal=deal,
            event=event,
            rule=rule,
            missing=tuple(missing),
        )


class SelectionError(KeyAccountError):
    """A selection is asked for that cannot be made."""

    @classmethod
    def from_quota(cls, included: Sequence[str], seats: int, group: str | None) -> Self:
        """Say that more accounts are included by override than there are seats."""
        where = "" if group is None else f" in group {group!r}"
        return cls(
            f"{len(included)} accounts are included by override{where}, "
            f"but the rule gives {seats} seats ({_listed(included)})",
            "raise the quota, or let some of the overrides go: they take seats inside it.",
            included=tuple(included),
            seats=seats,
            group=group,
        )

    @classmethod
    def from_problem(cls, problem: str, hint: str) -> Self:
        """Say what is in the way."""
        return cls(problem, hint)

    @classmethod
    def from_missing_argument(cls, argument: str, reason: str, hint: str) -> Self:
        """Say which argument the selection needs, and why."""
        return cls(f"{argument}= is needed: {reason}", hint, argument=argument)


class HierarchyError(KeyAccountError):
    """Parent links do not form a hierarchy."""

    @classmethod
    def from_chain(cls, chain: Sequence[str]) -> Self:
        """Name the chain of accounts that leads back to itself."""
        shown = chain if len(chain) <= _DRAWN else (*chain[: _DRAWN - 4], "…", *chain[-3:])
        drawn = " -> ".join(repr(c) for c in shown)
        rule = "is its own parent" if len(set(chain)) == 1 else "form a cycle"
        return cls(
            f"parent links {rule}: {drawn}"
            if rule == "form a cycle"
            else f"account {chain[0]!r} {rule}: {drawn}",
            "clear the parent of the account at the top of the group.",
            chain=tuple(chain),
        )

    @classmethod
    def from_unknown(cls, links: Sequence[tuple[str, str]], known: Sequence[str]) -> Self:
        """Name the accounts whose parent is not in the book."""
        drawn = ", ".join(f"{child!r} -> {parent!r}" for child, parent in links[:_SHOWN])
        more = f" and {len(links) - _SHOWN} more" if len(links) > _SHOWN else ""
        accounts = "account names" if len(links) == 1 else "accounts name"
        return cls(
            f"{len(links)} {accounts} a parent that is not in the book: {drawn}{more}",
            _did_you_mean(links[0][1], known, "account"),
            links=tuple(links),
        )


class SerialisationError(KeyAccountError):
    """Stored data does not describe a spec."""

    @classmethod
    def from_path(cls, path: str, problem: str, hint: str) -> Self:
        """Say where in the data the problem is."""
        return cls(f"{problem} @ {path}", hint, path=path)


class IntakeError(KeyAccountError):
    """A file cannot be read as the table it should be."""

    @classmethod
    def from_file(cls, path: str, problem: str, hint: str) -> Self:
        """Name the file and what is wrong with it."""
        return cls(f"{path}: {problem}", hint, path=path)


class DigestError(IntakeError):
    """A stored file is not what was written: it was changed, or half of it is of another run."""

    @classmethod
    def from_digests(cls, path: str, what: str, expected: str, actual: str) -> Self:
        """Name the file, what in it differs, and both digests."""
        return cls(
            f"{path}: {what} is not what was written (digest {actual}, the record says {expected})",
            "restore the folder from where it was kept, or review that quarter again.",
            path=path,
            what=what,
            expected=expected,
            actual=actual,
        )


class MissingExtra(KeyAccountError, ImportError):  # noqa: N818 - named for the state, not the fault  # pyright: ignore[reportUnsafeMultipleInheritance] - ImportError has nothing to initialise
    """An optional dependency is not installed."""

    @classmethod
    def from_caller(cls, caller: str, extra: str, module: str) -> Self:
        """Say who asked, for what, and how to install it."""
        return cls(
            f"{caller} needs {module!r}, which is not installed",
            f"pip install 'keyaccount[{extra}]'",
            caller=caller,
            extra=extra,
            module=module,
        )
