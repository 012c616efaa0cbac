"""What a reader should know of the snapshots a chain was learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keyaccount.findings import Finding, counted

if TYPE_CHECKING:
    from keyaccount.lifecycle.chain.chain import StageChain

__all__ = ["findings_on"]

_UNLIKELY = 0.05
_UNEVEN = 1.5


def findings_on(chain: StageChain) -> tuple[Finding, ...]:
    """Tell what was met; the limits of 5 % and of half as long again are ours."""
    told = [*_rows(chain), *_tests(chain)]
    if chain.skipped:
        said = f"{counted(chain.skipped, 'row')} without an account, a period or a state left out"
        told.append(Finding(code="skipped_rows", message=said, count=chain.skipped))
    if chain.gaps:
        said = f"{counted(chain.gaps, 'gap')} between snapshots of an account: no transition"
        told.append(Finding(code="gaps", message=said, count=chain.gaps, severity="info"))
    if chain.spacing is not None and chain.spacing[1] > _UNEVEN * chain.spacing[0]:
        short, long = chain.spacing
        said = f"periods are {short:g} to {long:g} apart: one matrix takes them for equal"
        told.append(Finding(code="uneven_periods", message=said, count=1))
    return tuple(told)


def _rows(chain: StageChain) -> list[Finding]:
    told = []
    if chain.unseen:
        n = len(chain.unseen)
        said = f"no transition seen from {counted(n, 'state')}: even by smoothing alone"
        told.append(Finding(code="unseen_rows", message=said, count=n, examples=chain.unseen))
    for state in chain.absorbing if chain.counts is not None else ():
        i = chain.states.index(state)
        left = int(sum(chain.counts[i]) - chain.counts[i][i]) if chain.counts else 0
        if left:
            said = f"{counted(left, 'transition')} out of {state!r}, which is absorbing, set aside"
            told.append(Finding(code="left_absorbing", message=said, count=left, where=state))
    return told


def _tests(chain: StageChain) -> list[Finding]:
    told = []
    for code, test, said in (
        ("not_constant", chain.constancy, "the matrix differs from period to period"),
        ("longer_memory", chain.order, "the state before the last one matters"),
    ):
        if test is not None and test.p_value < _UNLIKELY:
            message = f"{said} (p = {test.p_value:.2g}): read the chain as an average"
            told.append(Finding(code=code, message=message, count=1))
    return told
