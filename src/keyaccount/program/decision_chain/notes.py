"""What there is to say about the decision chains of a book, as findings."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, marked
from keyaccount.program.decision_chain.result import DecisionChain

__all__ = ["chain_findings"]


def chain_findings(found: DecisionChain, *, weighed: bool) -> tuple[Finding, ...]:
    """Tell which roles are unknown or uncovered, and what is odd about people and meetings."""
    people = found.people
    several = _of_people(found, people.several_roles)
    dark = _of_people(found, np.isnan(people.influence)) & weighed
    silent = np.isnan(found.support) & weighed
    known = ~np.isnan(people.influence) & ~np.isnan(people.stance)
    idle = silent & _of_people(found, known)  # a sum of zeros weighs nothing
    told = _about_roles(found)
    for code, which, said in (
        ("several_coaches", found.coaches > 1, "with several coaches"),
        ("several_roles", several, "where one person has several roles"),
        ("opponents_tied", found.opponents_tied, "where several opponents tie"),
        (
            "influence_unknown",
            dark,
            "with people of unknown influence: their support has no bounds",
        ),
        (
            "no_support_known",
            silent & ~idle,
            "without a known influence and stance",
        ),
        ("no_influence", idle, "where nobody of known stance has any influence"),
        ("lapsed", found.lapsed > 0, "with lapsed contacts"),
        ("no_meeting", found.never_met > 0, "with a person whom nobody is known to have met"),
    ):
        told += _told(found, code, which, said)
    return told


def _about_roles(found: DecisionChain) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for j, role in enumerate(found.role_codes):
        for code, mask, said in (
            ("unknown_in_role", found.is_unknown, f"with nobody known as {role}"),
            ("uncovered_role", found.is_uncovered, f"without a contact to the {role}"),
        ):
            told += _told(found, code, mask[:, j], said, role)
    return told


def _of_people(found: DecisionChain, which: Bools) -> Bools:
    """Mark the accounts of the people marked."""
    marks = np.zeros(len(found), dtype=np.bool_)
    marks[found.people.position[which]] = True
    return marks


def _told(
    found: DecisionChain, code: str, which: Bools, said: str, where: str = ""
) -> tuple[Finding, ...]:
    ids = marked(found.account, which)
    return about(code, f"{counted(len(ids), 'account')} {said}", ids, where)
