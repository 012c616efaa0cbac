"""A table of raw cells, with what was met on the way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Days, Floats, Labels, Objects
from keyaccount._validators import count, exact_tuple, text
from keyaccount.errors import ColumnNotFoundError
from keyaccount.findings import Finding
from keyaccount.intake.cells import Column, is_arrow, read_texts
from keyaccount.intake.dates import read_dates
from keyaccount.intake.numeric import read_numbers

__all__ = ["Table"]


@attrs.frozen(kw_only=True, eq=False)
class Table:
    """A table of raw cells, with what was met on the way in.

    Parameters
    ----------
    source
        What findings and errors call the table: the name of its file.
    columns
        Column names to arrays: objects (None where missing), numbers or dates, or an Arrow column
        of texts.
    read
        Rows in the file, the rejected ones among them.
    rejected
        Rows that had too many or too few cells and are not in `columns`.
    findings
        What was met while reading.
    commas
        Whether a comma inside a number can only be a thousands separator.
    """

    source: str = attrs.field(validator=text)
    columns: Mapping[str, Column]
    read: int = attrs.field(validator=count)
    rejected: int = attrs.field(default=0, validator=count)
    findings: tuple[Finding, ...] = attrs.field(default=(), converter=exact_tuple)
    commas: bool = True

    def __len__(self) -> int:
        return self.read - self.rejected

    @property
    def names(self) -> tuple[str, ...]:
        """The column names."""
        return tuple(self.columns)

    def column(self, name: str) -> Column:
        """Give one column as it was read, texts of a file still in Arrow."""
        if name not in self.columns:
            raise ColumnNotFoundError.from_name(name, self.names)
        return self.columns[name]

    def raw(self, name: str) -> Objects:
        """Give one column as an array, as it was read."""
        return _as_array(self.column(name))

    def cells(self, rows_of: Codes) -> list[tuple[Any, ...]]:
        """Give some rows, cell by cell."""
        taken = [_as_array(c.take(rows_of)).tolist() for c in self.columns.values()]
        return list(zip(*taken, strict=True))

    def where(self, name: str) -> str:
        """Say where a column is: ``deals.csv: amount``."""
        return f"{self.source}: {name}"

    def numbers(self, name: str) -> tuple[Floats, tuple[Finding, ...]]:
        """Read a column as numbers; cells that cannot be read become missing, with a finding."""
        return read_numbers(self.column(name), self.where(name), commas=self.commas)

    def dates(self, name: str, date_format: str | None = None) -> tuple[Days, tuple[Finding, ...]]:
        """Read a column as days; cells that cannot be read become missing, with a finding."""
        return read_dates(self.column(name), self.where(name), date_format)

    def texts(self, name: str) -> tuple[Labels, tuple[Finding, ...]]:
        """Read a column as texts without spaces around them, missing where blank."""
        return read_texts(self.column(name), self.where(name))


def _as_array(column: Column) -> Objects:
    if not is_arrow(column):
        return np.asarray(column)
    array: Objects = np.empty(len(column), dtype=object)
    array[:] = column.to_pylist()  # to_numpy() would import pandas where it is installed
    return array
