"""The stored quarter before, read from the folder of its review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keyaccount.errors import IntakeError, KeyAccountError, SpecError
from keyaccount.evaluation import Quarter
from keyaccount.playbook import from_data
from keyaccount.scoring.selection import SelectionPolicy
from keyaccount.stored import load_quarter
from keyaccount.stored.reading import read_record
from keyaccount.stored.record import RECORD
from keyaccount.streaming.result import stored_review
from keyaccount.streaming.store import Store

__all__ = ["stored_options", "stored_quarter", "stored_specs", "streamed_policy"]


def stored_quarter(folder: Path | None, incumbents: Path | None, out: Path) -> Quarter | None:
    """Read the quarter before where it is given; it says who was key, and nothing else may."""
    if folder is None:
        return None
    if folder.resolve() == out.resolve():
        rule = "must not be the folder of --previous"
        hint = "give another folder: this one keeps the quarter before."
        raise SpecError.from_field("--out", rule, str(out), hint)
    if incumbents is not None:
        rule = "must not be given with --previous"
        hint = "the quarter before says who was key: leave one of them out."
        raise SpecError.from_field("--incumbents", rule, str(incumbents), hint)
    return load_quarter(folder)


def streamed_policy(folder: Path | None) -> SelectionPolicy | None:
    """Give the policy of the streamed review before; None where there is none."""
    return None if folder is None else stored_review(Store(folder)).policy


def stored_options(folder: Path | None) -> dict[str, object]:
    """Read the options that the quarter before was asked for with; none where there are none."""
    asked = {} if folder is None else read_record(folder).get("asked")
    return dict(asked) if isinstance(asked, dict) else {}


def stored_specs(folder: Path | None) -> dict[str, Any]:
    """Read what the quarter before has learned beside its scorer, by name."""
    specs = {} if folder is None else read_record(folder).get("learned", {})
    found: dict[str, Any] = {}
    try:
        for name, spec in specs.items():
            found[name] = from_data(spec)
    except (KeyAccountError, AttributeError) as error:
        said = error.fact if isinstance(error, KeyAccountError) else f"got {specs!r}"
        problem = f"'learned' must hold specs by name ({said})"
        hint = "review that quarter again with this version, then this one."
        raise IntakeError.from_file(f"{folder}/{RECORD}", problem, hint) from error
    return found
