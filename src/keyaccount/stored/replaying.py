"""`replay_folder`: the decisions of a stored review, taken again from what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keyaccount.errors import DigestError, IntakeError
from keyaccount.evaluation import Quarter, Replay, replay_log
from keyaccount.playbook import digest, from_data
from keyaccount.stored.reading import load_quarter, read_record
from keyaccount.stored.record import RECORD, quarter_digest
from keyaccount.stored.writing import LOG

__all__ = ["replay_folder"]


def replay_folder(folder: str | Path, previous: str | Path | None = None) -> Replay:
    """Take the decisions of a stored review again, from stored specs and data.

    Parameters
    ----------
    folder
        Where the review is stored.
    previous
        Where the quarter before it is stored. None: it is looked for by its digest in the folders
        beside; a first review has none.

    Returns
    -------
    Replay
        How many decisions came out as logged, and those that did not.

    Raises
    ------
    DigestError
        What is stored is not what was written, or `previous` is another quarter than the one this
        one was reviewed against.
    IntakeError
        A file is not there or cannot be read; the quarter before is nowhere; or the folder holds no
        decisions.

    Examples
    --------
    >>> import tempfile
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> quarter = ka.Quarter(
    ...     {"id": ["a", "b"], "size": [0.9, 0.5]},
    ...     scorer,
    ...     policy=ka.SelectionPolicy(ka.AtLeast(0.6)),
    ...     as_of="2026-09-30",
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = ka.dump_quarter(quarter, folder, review=ka.review(None, quarter))
    ...     found = ka.replay_folder(folder)
    >>> found.entries, found.differences
    (2, ())
    """
    place = Path(folder)
    quarter, record = load_quarter(place), read_record(place)
    if LOG not in record["files"]:
        hint = "dump_quarter(…, review=…) and `keyaccount review` store them."
        raise IntakeError.from_file(str(place), f"holds no {LOG}", hint)
    before = _previous(place, record["previous"], previous)
    log = (place / LOG).read_text("utf-8")
    rules = from_data(record["spec"]["rules"])
    return replay_log(log, [before, quarter], digest, rules=rules)


def _previous(
    folder: Path, wanted: Mapping[str, Any] | None, given: str | Path | None
) -> Quarter | None:
    """Read the quarter before: the one that is given, else the one near by that is it."""
    if wanted is None:
        return None
    place = _near(folder, wanted) if given is None else Path(given)
    found = load_quarter(place)
    actual = quarter_digest(found)
    if actual != wanted["quarter"]:
        what = "the quarter"
        raise DigestError.from_digests(str(place / RECORD), what, str(wanted["quarter"]), actual)
    return found


def _near(folder: Path, wanted: Mapping[str, Any]) -> Path:
    """Look for the quarter before in the folders beside, then in those inside."""
    here = folder.resolve()
    beside, inside = here.parent.glob(f"*/{RECORD}"), here.glob(f"*/{RECORD}")
    for record in (*sorted(beside), *sorted(inside)):
        try:
            if read_record(record.parent)["digest"]["quarter"] == wanted["quarter"]:
                return record.parent
        except (IntakeError, KeyError, TypeError):
            continue  # some other folder
    quarter = f"the quarter of {wanted['as_of']}"
    problem = f"was reviewed against {quarter}, which is neither beside it nor inside"
    raise IntakeError.from_file(str(folder), problem, "say where it is: --previous FOLDER.")
