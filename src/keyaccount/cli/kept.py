"""What holds of the quarter before where no option says otherwise, and what is told if it differs.

`carried` gives the small print of the selection, `weights_now` the weights, and `options_told` the
options that the next quarter compares with its own.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from hashlib import sha256
from typing import Any, Final

from keyaccount.cli.asked import aliases_of, weights_of
from keyaccount.cli.by_playbook import playbook_named
from keyaccount.cli.files import Reading
from keyaccount.cli.settings import CRITERIA, Settings
from keyaccount.evaluation import Quarter
from keyaccount.intake import StageMap
from keyaccount.playbook import digest
from keyaccount.scoring.selection import SelectionPolicy
from keyaccount.scoring.weights import Weights
from keyaccount.scoring.weights.market import MarketState

__all__ = ["carried", "carried_judging", "options_told", "weights_now"]

_WEIGHTED: Final = ("--market", "--weights")
"""The options that say the weights."""

_MIN_GROUP: Final = 10
"""So many known values a group needs where nobody says."""


def carried(stored: SelectionPolicy | None, **given: Any) -> dict[str, Any]:
    """Give each option of the selection that was given, else what held in the quarter before.

    Parameters
    ----------
    stored
        The policy of the quarter before; None: there is none, and the usual values hold.
    **given
        Options by the names of `SelectionPolicy`, None where nobody gave them.
    """
    usual: dict[str, Any] = {"ties": "include_all", "hold": 0.0, "min_tenure_days": 0}
    held = {name: getattr(stored, name, usual.get(name)) for name in given}
    more = {} if stored is None else {"margin": stored.margin}
    return more | {name: held[name] if said is None else said for name, said in given.items()}


def carried_judging(
    before: Quarter | None, *, select_within: bool | None, min_group: int | None
) -> dict[str, Any]:
    """Give how accounts are compared and seats are given, likewise."""
    within = before is not None and before.within is not None
    least = before.scorer.min_group if before is not None and before.scorer.group else _MIN_GROUP
    return {
        "select_within": within if select_within is None else select_within,
        "min_group": least if min_group is None else min_group,
    }


def weights_now(
    market: MarketState, stated: str | None, given: Container[str], before: Quarter | None
) -> tuple[Weights, bool]:
    """Give the weights that were asked for, else those of the quarter before.

    Returns
    -------
    tuple
        The weights, and whether they are those of the quarter before. A scorer of other criteria,
        that of a playbook, has none that could be kept.
    """
    asked = any(option in given for option in _WEIGHTED)
    kept = None if before is None or asked else before.scorer.weights
    if kept is None or list(kept) != list(CRITERIA):
        return weights_of(market, stated), False
    return kept, True


def options_told(
    reading: Reading,
    settings: Settings,
    *,
    market: str | None,
    weights: str | None,
    kept: bool = False,
    earlier: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Give the options that scores and money rest on, as plain data for the next quarter.

    Files are told by what they say, never by where they are.

    Parameters
    ----------
    reading, settings
        How tables are read and accounts are judged.
    market, weights
        The options that say the weights, as they were given.
    kept
        Whether weights are those of the quarter before: then so are the two options.
    earlier
        The options of the quarter before.
    """
    rules = settings.playbook
    weighted: dict[str, object] = {"--market": market, "--weights": _ordered(weights)}
    if kept and earlier:
        weighted = {name: earlier.get(name, weighted[name]) for name in weighted}
    if rules is not None and rules.scorer is not None:
        weighted = {name: None for name in weighted}  # noqa: C420 - the type stays
    return {
        "--months": reading.months,
        "--level": settings.level,
        "--market": weighted["--market"],
        "--weights": weighted["--weights"],
        "--compare-within": settings.compare_within,
        "--min-group": settings.min_group if settings.compare_within else None,
        "--playbook": playbook_named(rules),
        "--growth-months": settings.growth_months,
        "--stalled-after": settings.stalled_after,
        "--contact-every": settings.contact_every,
        "--review-rules": _short(settings.review_rules),
        **_read_by(reading),
    }


def _read_by(reading: Reading) -> dict[str, object]:
    """Say what was said of columns, stages, labels and dates."""
    stages = None if reading.stage_map is None else StageMap.parse(reading.stage_map)
    repairs = aliases_of(reading.aliases or []).pairs
    return {
        "--stage-map": None if stages is None else _pairs(stages.pairs),
        "--columns": _pairs(reading.mapping().columns),
        "--aliases": _counted([f"{c}:{a}={b}" for c, a, b in repairs]),
        "--date-format": reading.date_format,
    }


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str | None:
    return ",".join(sorted(f"{name}={value}" for name, value in pairs)) or None


def _ordered(text: str | None) -> str | None:
    """Write what was given name by name, in one order."""
    return None if text is None else ",".join(sorted(part.strip() for part in text.split(",")))


def _counted(texts: list[str]) -> str | None:
    """Write a list that may be long: a few as they are, many by their number and a digest."""
    few = ",".join(sorted(texts))
    if len(texts) <= 3:  # noqa: PLR2004 - so many fit into a line
        return few or None
    return f"{len(texts)} of digest {sha256(few.encode('utf-8')).hexdigest()[:12]}"


def _short(spec: Any) -> str | None:
    return None if spec is None else digest(spec)[:12]
