"""`explain`: a playbook in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from keyaccount.errors import SpecError
from keyaccount.playbook.explained.words import Lines, indented, number
from keyaccount.playbook.kinds import kind_of
from keyaccount.playbook.playbook import Playbook

__all__ = ["explain"]

_TITLES = {
    "scorer": "What makes an account key",
    "selection": "Who is key",
    "inference": "Targets without data",
    "evidence": "Chance of winning",
    "genes": "Gene of large projects",
    "segmenters": "Kinds of customers",
    "funnel": "Where deals stand",
    "stall": "Stalled deals",
    "categories": "Forecast",
    "appraisal": "Appraisal",
    "lifecycle": "How an account is doing",
    "budgets": "Budgets",
    "program": "The programme",
    "review": "The quarterly review",
}


def explain(spec: Any) -> str:
    """Say in plain words what a playbook, or one of its parts, asks for.

    Parameters
    ----------
    spec
        A `Playbook`, or a spec that can be a part of one.

    Returns
    -------
    str
        Lines of text, in English; names are given in Chinese too where they are there.

    Raises
    ------
    SpecError
        It is neither.

    Examples
    --------
    >>> import keyaccount as ka
    >>> playbook = ka.Playbook("north", "2", selection=ka.SelectionPolicy(ka.TopShare(0.2)))
    >>> print(ka.explain(playbook))
    Playbook north, version 2
    <BLANKLINE>
    Who is key
      Key accounts are the best 20 % of all accounts.
      Accounts tied at the cut are all taken.
      Within 0.02 of the cut an account is borderline.
    """
    if isinstance(spec, Playbook):
        return "\n\n".join("\n".join(lines) for lines in _playbook(spec))
    say = _explainers().get(str(kind_of(type(spec))))
    if say is None:
        hint = f"kinds there are: {', '.join(['playbook', *_explainers()])}."
        rule = "must be a playbook or a part of one"
        raise SpecError.from_field("explain(spec)", rule, type(spec).__name__, hint)
    return "\n".join(say(spec))


def _playbook(spec: Playbook) -> list[Lines]:
    """Say what is in a playbook, part by part."""
    said = [] if spec.valid_from is None else [f"Valid from {spec.valid_from}."]
    said += [f"By {spec.author}."] if spec.author else []
    said += [spec.note] if spec.note else []
    return [[f"Playbook {spec.name}, version {spec.version}", *said], *_parts(spec)]


def _parts(spec: Playbook) -> list[Lines]:
    explainers = _explainers()
    found: list[Lines] = []
    for name, part in spec.parts.items():
        field, _, inner = name.partition(".")
        title = f"{_TITLES[field]}: {inner}" if inner else _TITLES[field]
        lines = explainers[str(kind_of(type(part)))](part)
        found.append([title, *indented([*lines, *_learned(spec, name)])])
    return found


def _learned(spec: Playbook, name: str) -> Lines:
    """Say what the constants of a part were learned from."""
    record = spec.learned_from(name)
    if record is None:
        return []
    as_of = "" if record.as_of is None else f", as of {record.as_of}"
    day = "" if record.day is None else f", on {record.day}"
    data = "" if record.data is None else f" (data {record.data[:12]}…)"
    changed = name in spec.changed_since_fit
    return [
        f"Learned from {number(record.rows)} rows{as_of}{day}{data}.",
        *(["It was changed since: fit it again where what is learned depends on it."] * changed),
    ]


@cache
def _explainers() -> Mapping[str, Callable[[Any], Lines]]:
    """Give what explains each kind; the rooms are loaded when somebody asks."""
    from keyaccount.playbook.explained import (
        deals,
        inferring,
        living,
        programme,
        reviewing,
        scoring,
        segmenting,
    )

    return {
        "composite_scorer": scoring.scorer_lines,
        "selection_policy": scoring.selection_lines,
        "experience_inference": inferring.inference_lines,
        "bridge": inferring.bridge_lines,
        "win_evidence": deals.evidence_lines,
        "gene": deals.gene_lines,
        "matrix": segmenting.matrix_lines,
        "cascade": segmenting.cascade_lines,
        "loyalty": segmenting.loyalty_lines,
        "rfm": segmenting.rfm_lines,
        "funnel": deals.funnel_lines,
        "stall_rule": deals.stall_lines,
        "categories": deals.categories_lines,
        "appraisal_shares": deals.appraisal_lines,
        "lifecycle_model": living.lifecycle_lines,
        "budget_regression": living.budget_lines,
        "program_rules": programme.program_lines,
        "review_rules": reviewing.review_lines,
    }
