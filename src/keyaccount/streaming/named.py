"""`Named`: accounts that somebody names, found again among those of a book."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Days, as_days, bools
from keyaccount.errors import SelectionError
from keyaccount.scoring.selection.inputs import named_incumbents
from keyaccount.streaming.ids import Hashes, hashes_of, id_texts, refuse_missing_ids
from keyaccount.streaming.rows import naming_rows
from keyaccount.streaming.source import Source

_ROWS = 1_000_000


@attrs.frozen(eq=False)
class Named:
    """Some accounts by their ids, each with a day, in the order of their hashes."""

    texts: Any
    hashes: Hashes
    days: Days
    seed: int

    @classmethod
    def of(cls, texts: Iterable[str], days: Days | None = None) -> Named:
        """Take accounts named in memory."""
        import pyarrow as pa

        given = list(texts)
        known = np.full(len(given), "NaT", "datetime64[D]") if days is None else days
        try:
            return cls.ordered(pa.array(given, pa.large_string()), known)
        except UnicodeEncodeError as error:
            problem = f"{error.object!r} holds half a character, and no id does"
            raise SelectionError.from_problem(problem, "write it in UTF-8.") from error

    @classmethod
    def ordered(cls, texts: Any, days: Days) -> Named:
        """Put them in order, each once; what is said last holds."""
        for seed in range(64):
            hashes = _hashes(texts, seed)
            order = np.argsort(hashes, kind="stable")
            last = np.append(hashes[order][1:] != hashes[order][:-1], True)[: len(order)]
            same = np.flatnonzero(~last)
            if _equal(texts, order[same], texts, order[same + 1] if len(same) else same).all():
                kept = order[last]
                return cls(texts.take(kept), hashes[kept], days[kept], seed)
        raise AssertionError  # 64 different mixings of different texts would have to agree

    def __len__(self) -> int:
        return len(self.hashes)

    def find(self, texts: Any, hashes: Hashes) -> tuple[Codes, Codes]:
        """Find which rows are named, and each one's place among the named."""
        if not len(self):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        order = np.argsort(hashes)  # neighbours are looked up after each other, which is faster
        place = np.minimum(np.searchsorted(self.hashes, hashes[order]), len(self) - 1)
        alike = self.hashes[place] == hashes[order]
        rows, places = order[alike], place[alike]
        same = _equal(texts, rows, self.texts, places)
        back = np.argsort(rows[same])
        return rows[same][back], places[same][back]

    def first_texts(self, places: Codes, count: int) -> list[str]:
        """Give the first few ids of some of them, in the order of the texts."""
        import pyarrow.compute

        compute: Any = pyarrow.compute
        texts = self.texts.take(places)
        few = compute.select_k_unstable(
            texts, k=min(count, len(texts)), sort_keys=[("text", "ascending")]
        )
        found: list[str] = texts.take(few).to_pylist()
        return found

    def digest(self) -> str:
        """Name who is named, and since when."""
        found = sha256(self.hashes.astype("<u8").tobytes())
        found.update(self.days.astype("datetime64[D]").astype("<i8").tobytes())
        return found.hexdigest()


def _hashes(texts: Any, seed: int) -> Hashes:
    """Hash many texts a few at a time."""
    starts = range(0, len(texts), _ROWS)
    parts = [hashes_of(texts.slice(start, _ROWS), seed) for start in starts]
    return np.concatenate([np.empty(0, np.uint64), *parts])


def _equal(a: Any, rows: Codes, b: Any, others: Codes) -> Any:
    import pyarrow.compute

    compute: Any = pyarrow.compute
    return (
        compute.equal(a.take(rows), b.take(others)).to_numpy(zero_copy_only=False).astype(np.bool_)
    )


def read_named(incumbents: Any) -> Named:
    """Read who was key: an earlier selection, ids, ids to days, or where a review was written.

    Of a review that was streamed only those that are key are held, as texts of Arrow.
    """
    if not isinstance(incumbents, str | Path):
        named = named_incumbents(incumbents)
        return Named.of(named, np.array(list(named.values()), dtype="datetime64[D]"))
    path = Path(incumbents)
    tables = (path / "accounts", path / "accounts.parquet")  # of a review, streamed or in memory
    return _read_key_accounts(Source.of(next((t for t in tables if t.exists()), path)))


def _flagged(table: Any) -> Any:
    import pyarrow as pa

    return table.filter(pa.array(bools(table, "is_key")))


def _read_key_accounts(source: Source) -> Named:
    import pyarrow as pa

    dated, flagged = "since" in source.names, "is_key" in source.names
    wanted = ["account", *(["since"] if dated else []), *(["is_key"] if flagged else [])]
    source.need(wanted)
    texts: list[Any] = [pa.array([], pa.large_string())]
    days: list[Days] = [np.empty(0, "datetime64[D]")]
    for part in source.parts(wanted, _ROWS):
        with naming_rows(part):
            key = _flagged(part.table) if flagged else part.table
        own = id_texts(key.column("account"))
        refuse_missing_ids(own, "account", part.start)
        texts.append(own)
        unknown = np.full(len(key), "NaT", "datetime64[D]")
        days.append(as_days(key.column("since"), "since") if dated else unknown)
    together = pa.concat_arrays(texts)
    texts.clear()  # there may be millions
    return Named.ordered(together, np.concatenate(days))
