"""A million deals through their events: the rules of `step`, in columns.

The k-th events of all deals are taken in one round, so that each round has every deal at most once.
Deals are put in the order of how many events they have: those still in the game are a prefix.
"""

from __future__ import annotations

import numpy as np

from keyaccount.funnel.pipeline.log import Log
from keyaccount.funnel.pipeline.machine import Machine
from keyaccount.funnel.pipeline.trace import WORD, Trace
from keyaccount.funnel.rules import Rules

__all__ = ["run"]


def run(rules: Rules, log: Log) -> Trace:
    """Take every deal through its events."""
    words = -(-len(rules.code) // WORD)
    out = Trace.blank(len(log), words)
    if not len(log):
        return out
    starts = np.flatnonzero(np.diff(log.deal, prepend=-1))
    counts = np.diff(np.append(starts, len(log)))
    most_first = np.argsort(-counts, kind="stable")
    starts, counts = starts[most_first], counts[most_first]
    machine = Machine(rules, log, Trace.blank(len(starts), words))
    kept = list(zip(out.arrays(log.said), machine.deals.arrays(log.said), strict=True))
    for k in range(int(counts[0])):
        active = int(np.searchsorted(-counts, -k))  # deals with more than k events
        events = starts[:active] + k
        machine.round(events)
        for into, state in kept:
            into[events] = state[:active]
    return out
