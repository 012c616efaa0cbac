"""`StreamedReview`: where a streamed review is, what it found, and any of its rows."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from keyaccount._columns import Objects, to_numpy
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError, IntakeError, SerialisationError
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
        are known; how many accounts have which reason; where there are incumbents, how many key
        accounts are new, stayed, lost their seats or are gone from the book.
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
        return View(title, _first_rows(self.parts[0][0]), len(self))

    def columns(self, *names: str) -> dict[str, Objects]:
        """Read some columns of all rows, or all columns; they must fit into the memory.

        Parameters
        ----------
        names
            The columns to read; none: all of them.

        Raises
        ------
        ColumnNotFoundError
            There is no such column.
        IntakeError
            A part is not there any more, or cannot be read.
        """
        import pyarrow as pa

        wanted = list(dict.fromkeys(names))
        tables: list[Any] = [_read_part(path, wanted or None) for path, _ in self.parts]
        table = pa.concat_tables(tables)
        return {name: _array(table.column(name), name) for name in wanted or table.column_names}

    def row(self, i: int) -> Record:
        """Give one account as a readable record."""
        i = checked_row(i, len(self))
        for path, rows in self.parts:
            if i < rows:
                found = _read_part(path).slice(i, 1).to_pylist()[0]
                return Record({k: v for k, v in found.items() if v is not None})
            i -= rows
        raise AssertionError  # the row was checked


def _array(column: Any, name: str) -> Objects:
    if str(column.type) == "bool" and not column.null_count:
        flags: Objects = column.to_numpy()
        return flags
    return to_numpy(column, name)


@contextmanager
def _opened(part: Path) -> Generator[Any]:
    """Open a part; what is in the way is told with its name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(part) as file:
            yield file
    except (OSError, pa.ArrowException) as error:
        said = str(error).partition("\n")[0]
        hint = "review again with --resume: what is missing is made anew."
        raise IntakeError.from_file(str(part), f"cannot be read ({said})", hint) from error


def _read_part(part: Path, names: list[str] | None = None) -> Any:
    with _opened(part) as file:
        for name in names or ():
            if name not in file.schema_arrow.names:
                raise ColumnNotFoundError.from_name(name, file.schema_arrow.names)
        return file.read(columns=names)


def _first_rows(part: Path) -> dict[str, list[Any]]:
    """Read a few rows."""
    with _opened(part) as file:
        batch: Any = next(file.iter_batches(_SHOWN), file.schema_arrow.empty_table())
        read: dict[str, list[Any]] = batch.to_pydict()
    return read


def stored_review(store: Store) -> StreamedReview:
    """Read what a finished review tells of itself.

    Raises
    ------
    IntakeError
        There is none, or it is not as it was written.
    """
    record, manifest = store.record(), store.manifest()
    if record is not None and not record.get("streamed"):
        hint = "give the folder of a streamed review, or review without --stream."
        raise IntakeError.from_file(str(store.out), "holds a review that was not streamed", hint)
    if record is None or manifest is None:
        hint = "let the review finish, with --resume where it was stopped."
        raise IntakeError.from_file(str(store.out), "holds no finished streamed review", hint)
    try:
        return _told(store, record, manifest)
    except (KeyError, TypeError, AttributeError, SerialisationError) as error:
        said = error.fact if isinstance(error, SerialisationError) else repr(error)
        problem = f"what tells of the review is damaged ({said})"
        hint = "review again with --resume: the words are written anew."
        raise IntakeError.from_file(str(store.out), problem, hint) from error


def _told(store: Store, record: Mapping[str, Any], manifest: Mapping[str, Any]) -> StreamedReview:
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
