"""Stated repairs of labels: what a column calls one thing, and what it should be called."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import attrs

from keyaccount._columns import Labels, as_labels
from keyaccount._validators import field_name
from keyaccount.errors import IntakeError, SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.cells import counts_of, relabelled
from keyaccount.intake.said import said

__all__ = ["Aliases"]


def _triples(value: Any) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(c).strip(), str(a).strip(), str(b).strip()) for c, a, b in value)


def _one_step(instance: object, attribute: Any, pairs: tuple[tuple[str, str, str], ...]) -> None:
    """Refuse repairs that contradict or chain: repairing twice must change nothing more."""
    table: dict[tuple[str, str], str] = {}
    for column, wrong, right in pairs:
        if not (column and wrong and right) or table.setdefault((column, wrong), right) != right:
            raise _refused(instance, attribute, f"{column}:{wrong}={right}", "contradict")
    for (column, wrong), right in table.items():
        if (column, right) in table:
            raise _refused(instance, attribute, f"{column}:{wrong}={right}", "chain")


def _refused(instance: object, attribute: Any, got: str, verb: str) -> SpecError:
    return SpecError.from_field(
        field_name(instance, attribute),
        f"must not be blank, contradict or chain; this one does: {verb}",
        got,
        "give each label one right form, which is not repaired again.",
    )


@attrs.frozen
class Aliases:
    """What labels should be called, column by column.

    Parameters
    ----------
    pairs
        Triples of column, label met, right label.

    Examples
    --------
    >>> from keyaccount.intake import Aliases
    >>> values, findings = Aliases.parse(["product:GTXPro=GTX Pro"]).repair("product", ["GTXPro"])
    >>> values.labels, findings[0].message
    (('GTX Pro',), "product: 1 row 'GTXPro' read as 'GTX Pro'")
    """

    pairs: tuple[tuple[str, str, str], ...] = attrs.field(
        default=(), converter=_triples, validator=_one_step
    )

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """Read repairs written ``"column:label met=right label"``."""
        found = []
        for text in texts:
            column, colon, rest = text.partition(":")
            wrong, equals, right = rest.partition("=")
            if not (colon and equals):
                raise SpecError.from_field(
                    cls.__name__, "must be written column:from=to", text, "product:GTXPro=GTX Pro"
                )
            found.append((column, wrong, right))
        return cls(found)

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """Read a TOML file (a table per column) or a CSV file with columns column, from, to."""
        file = Path(path)
        try:
            if file.suffix.casefold() == ".toml":
                return cls(_from_toml(tomllib.loads(file.read_text("utf-8"))))
            with file.open(encoding="utf-8-sig", newline="") as lines:
                return cls([(r["column"], r["from"], r["to"]) for r in csv.DictReader(lines)])
        except SpecError:
            raise
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise IntakeError.from_file(
                file.name,
                f"holds no aliases ({said(error)})",
                'write TOML ([product] "GTXPro" = "GTX Pro") or CSV with columns column,from,to.',
            ) from error

    def __or__(self, other: Aliases) -> Aliases:
        """Join the repairs of both."""
        return Aliases((*self.pairs, *(p for p in other.pairs if p not in self.pairs)))

    def table(self, *columns: str) -> dict[str, str]:
        """List the repairs of a column, which may go by several names."""
        return {wrong: right for column, wrong, right in self.pairs if column in columns}

    def repair(
        self, column: str, values: Any, *, also: str = "", where: str = ""
    ) -> tuple[Labels, tuple[Finding, ...]]:
        """Repair the labels of a column, one finding per repaired label.

        Parameters
        ----------
        column
            What the aliases call the column.
        values
            One text per row, None where missing; or labels that are read already.
        also
            A second name that aliases may call it by: its header in the file.
        where
            What the findings call it.
        """
        found = as_labels(values, column)
        table = self.table(column, also)
        if not table.keys() & set(found.labels):
            return found, ()
        place = where or column
        told: tuple[Finding, ...] = ()
        for label, n in zip(found.labels, counts_of(found.codes, len(found.labels)), strict=True):
            if label in table:
                message = f"{place}: {counted(n, 'row')} {label!r} read as {table[label]!r}"
                told += note("repaired_label", message, n, place, "info", examples=[label])
        return relabelled(found.codes, [table.get(t, t) for t in found.labels]), told


def _from_toml(data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(column, a, b) for column, table in data.items() for a, b in table.items()]
