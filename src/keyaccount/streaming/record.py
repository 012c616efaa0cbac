"""The record of a streamed review, and the list of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import attrs
import numpy as np

from keyaccount.findings import Finding
from keyaccount.playbook import digest, to_data
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import GroupCut
from keyaccount.scoring.selection.reasons import Reason
from keyaccount.streaming.job import Job
from keyaccount.streaming.seats import Seats


def manifest_of(job: Job, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """List the parts with their digests, and what they were made from."""
    named = [{"name": p["name"], "rows": p["counts"]["rows"], "sha256": p["sha256"]} for p in parts]
    return {"made_from": job.fingerprint(), "modified": job.moments(), "parts": named}


def record_of(
    job: Job,
    fitted: CompositeScorer,
    seats: Seats,
    findings: Sequence[Finding],
    parts: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Give the record of a review: the specs used, their digests, counts and findings.

    Nothing in it depends on the clock or on where the files are: the same input gives the same
    record.
    """
    from keyaccount import __version__

    within = seats.chosen.inputs.within
    return {
        "schema_version": 1,
        "keyaccount": __version__,
        "streamed": True,
        "as_of": None if job.day is None else job.day.isoformat(),
        "summary": {
            **_summary(fitted, [p["counts"] for p in parts], findings),
            "moves": None if job.incumbents is None else seats.moves(),
        },
        "digest": {
            "scorer": digest(fitted),
            "policy": digest(job.policy),
            "data": sha256("".join(p["sha256"] for p in parts).encode()).hexdigest(),
        },
        "playbook": job.rules,
        "spec": {"scorer": to_data(fitted), "policy": to_data(job.policy)},
        "overrides": [to_data(o) for o in seats.chosen.inputs.overrides],
        "seats_within": job.within if within else None,
        "cuts": [cut_data(g) for g in seats.chosen.groups],
        "findings": [attrs.asdict(f) for f in findings],
    }


def cut_data(cut: GroupCut) -> dict[str, Any]:
    """Write what became of a group; JSON knows no NaN and no infinity: they are nothing."""
    data = attrs.asdict(cut)
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in data.items()}


def _summary(
    fitted: CompositeScorer, counts: Sequence[Mapping[str, Any]], findings: Sequence[Finding]
) -> dict[str, Any]:
    """Add up the counts of the parts."""
    known = [sum(c["known"][i] for c in counts) for i in range(len(fitted.criteria))]
    reasons = [sum(c["reasons"][int(r)] for c in counts) for r in Reason]
    return {
        "judged": sum(c["rows"] for c in counts),
        "key_accounts": sum(c["key"] for c in counts),
        "borderline": sum(c["borderline"] for c in counts),
        "undecided": sum(c["undecided"] for c in counts),
        "known": dict(zip((c.name for c in fitted.criteria), known, strict=True)),
        "reasons": {r.word: n for r, n in zip(Reason, reasons, strict=True) if n},
        "findings": {
            severity: sum(f.severity == severity for f in findings)
            for severity in ("error", "warning", "info")
        },
    }
