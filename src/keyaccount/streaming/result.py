"""`StreamedReview`: where a streamed review is, what it found, and any of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from keyaccount._columns import Objects, to_numpy
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.errors import IntakeError
from keyaccount.findings import Finding
from keyaccount.playbook import from_data
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import GroupCut, SelectionPolicy
from keyaccount.streaming.store import Store

_SHOWN = 16


@attrs.frozen(eq=False, kw_only=True, slots=False)
class StreamedReview(Stamped, Viewed):
    """A review of a book larger than the memory: its files, its counts, and any of its rows.

    Attributes
    ----------
    out
        The folder: ``accounts/part-00000.parquet`` and so on, ``review.json``, ``manifest.json``.
    scorer, policy
        The rule, the scorer with what it has learned.
    groups
        Seats, cut and counts of each group.
    summary
        How many accounts are judged, key, borderline, undecided; how many values of each criterion
        are known; how many accounts have which reason.
    findings
        What a reader should know of the data and of the selection.
    parts
        The Parquet files in the order of the book, each with its number of rows.

    Examples
    --------
    >>> import keyaccount as ka
    >>> import pyarrow as pa, pyarrow.parquet as pq
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("rating", column="rating", value=ka.Linear(1, 5))],
    ...     weights={"rating": 1},
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     source, out = Path(folder) / "book.parquet", Path(folder) / "q4"
    ...     pq.write_table(pa.table({"id": ["a", "b"], "rating": [2.0, 5.0]}), source)
    ...     policy = ka.SelectionPolicy(ka.AtLeast(0.5))
    ...     review = ka.stream_review(source, scorer, policy, out=out)
    ...     print(review.columns("score", "is_key"), review.groups[0].selected)
    {'score': array([0.25, 1.  ]), 'is_key': array([False,  True])} 1
    """

    out: Path
    scorer: CompositeScorer
    policy: SelectionPolicy
    groups: tuple[GroupCut, ...]
    summary: Mapping[str, Any]
    findings: tuple[Finding, ...]
    parts: tuple[tuple[Path, int], ...]

    def __len__(self) -> int:
        return sum(rows for _, rows in self.parts)

    def __repr__(self) -> str:
        key = self.summary["key_accounts"]
        return f"<StreamedReview of {key:,} key accounts among {len(self):,} in {self.out}>"

    @property
    def spec(self) -> SelectionPolicy:
        """The policy that chose."""
        return self.policy

    def _view(self) -> View:
        title = repr(self).strip("<>")
        return View(title, _first_rows(self.parts[0][0]), len(self)) if self else View(title, {}, 0)

    def columns(self, *names: str) -> dict[str, Objects]:
        """Read some columns of all rows, or all columns; they must fit into the memory.

        Parameters
        ----------
        names
            The columns to read; none: all of them.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not self.parts:
            return {}
        wanted = list(names) or None
        table = pa.concat_tables([pq.read_table(path, columns=wanted) for path, _ in self.parts])
        return {name: _array(table.column(name), name) for name in table.column_names}

    def row(self, i: int) -> Record:
        """Give one account as a readable record."""
        import pyarrow.parquet as pq

        i = checked_row(i, len(self))
        for path, rows in self.parts:
            if i < rows:
                with pq.ParquetFile(path) as file:
                    found = file.read().slice(i, 1).to_pylist()[0]
                return Record({k: v for k, v in found.items() if v is not None})
            i -= rows
        raise AssertionError  # the row was checked


def _array(column: Any, name: str) -> Objects:
    if str(column.type) == "bool" and not column.null_count:
        flags: Objects = column.to_numpy()
        return flags
    return to_numpy(column, name)


def _first_rows(part: Path) -> dict[str, list[Any]]:
    """Read a few rows."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(part) as file:
        batch: Any = next(file.iter_batches(_SHOWN))
        read: dict[str, list[Any]] = batch.to_pydict()
    return read


def stored_review(store: Store) -> StreamedReview:
    """Read what a finished review tells of itself."""
    record, manifest = store.record(), store.manifest()
    if record is None or manifest is None:
        hint = "let the review finish, with --resume where it was stopped."
        raise IntakeError.from_file(str(store.out), "holds no finished streamed review", hint)
    return StreamedReview(
        out=store.out,
        scorer=from_data(record["spec"]["scorer"], CompositeScorer),
        policy=from_data(record["spec"]["policy"], SelectionPolicy),
        groups=tuple(_cut(g) for g in record["cuts"]),
        summary=record["summary"],
        findings=tuple(Finding(**f) for f in record["findings"]),
        parts=tuple((store.parts / p["name"], p["rows"]) for p in manifest["parts"]),
    )


def _cut(data: Mapping[str, Any]) -> GroupCut:
    threshold, cut = data["threshold"], data["cut"]
    read: dict[str, Any] = {
        **data,
        "threshold": float("-inf") if threshold is None else threshold,
        "cut": float("nan") if cut is None else cut,
    }
    return GroupCut(**read)
