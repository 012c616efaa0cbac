"""What there is to say about the coverage of a book, as findings."""

from __future__ import annotations

import attrs

from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, marked
from keyaccount.program.coverage.result import Coverage

__all__ = ["with_findings"]


def with_findings(found: Coverage, read: tuple[Finding, ...]) -> Coverage:
    """Add the findings about accounts and people to those about the rows read."""
    return attrs.evolve(found, findings=(*read, *_about_accounts(found), *_about_people(found)))


def _about_accounts(found: Coverage) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for j, role in enumerate(found.role_codes):
        for code, mask, said in (
            ("missing_role", found.is_missing, f"without {role}"),
            ("too_junior", found.is_too_junior, f"whose {role} is below the level of the tier"),
            ("level_unknown", found.is_level_unknown, f"whose {role} is of unknown level"),
        ):
            ids = marked(found.account, mask[:, j] & found.is_key)
            told += about(code, f"{counted(len(ids), 'account')} {said}", ids, role)
    for code, which, said in (
        ("one_hand", found.one_hand, "in one person's hands only"),
        ("no_division", found.division_missing, "with representatives but no division of work"),
        ("represented_twice", found.represented_twice, "with several representatives of one kind"),
    ):
        ids = marked(found.account, which & found.is_key)
        told += about(code, f"{counted(len(ids), 'account')} {said}", ids)
    return told


def _about_people(found: Coverage) -> tuple[Finding, ...]:
    team = found.people
    told: tuple[Finding, ...] = ()
    for code, which, said in (
        ("over_capacity", team.over_capacity, "over capacity"),
        ("over_time", team.over_time, "with more than all of their time given away"),
        ("on_no_account", team.accounts == 0, "on no account"),
    ):
        ids = marked(team.person, which)
        severity = "info" if code == "on_no_account" else "warning"
        message = f"{counted(len(ids), 'person')} {said}"
        told += about(code, message, ids, "people", severity=severity)
    return told
