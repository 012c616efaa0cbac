"""What there is to say about the plans of a book, as findings."""

from __future__ import annotations

from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, marked
from keyaccount.program.plan.checked import PlanCheck
from keyaccount.program.plan.template import PLAN_PARTS

__all__ = ["plan_findings"]


def plan_findings(found: PlanCheck) -> tuple[Finding, ...]:
    """Tell what plans lack of what is asked for, and what is wrong with them anyway."""
    told: tuple[Finding, ...] = ()
    for j, part in enumerate(PLAN_PARTS):
        ids = marked(found.account, found.lacks[:, j])
        fewer = "with fewer" if part in {"goals", "initiatives"} else "without"
        asked = " than asked for" if fewer == "with fewer" else ""
        said = f"{counted(len(ids), 'plan')} {fewer} {part}{asked}"
        told += about("plan_lacks", said, ids, part)
    return told + _about_plans(found)


def _about_plans(found: PlanCheck) -> tuple[Finding, ...]:
    """Tell what is wrong whatever the tier asks for, and once: not what is lacking anyway."""
    told: tuple[Finding, ...] = ()
    unowned = (found.unowned > 0) & ~found.lacks[:, PLAN_PARTS.index("owners")]
    undated = (found.undated > 0) & ~found.lacks[:, PLAN_PARTS.index("due_dates")]
    for code, which, said in (
        ("no_plan", found.no_plan, "that are not there at all"),
        ("no_owner", unowned, "with initiatives that nobody owns"),
        ("no_due_date", undated, "with open initiatives without a date"),
        ("late", found.late > 0, "with late initiatives"),
        ("idle_goals", found.idle_goals > 0, "with goals that no initiative serves"),
        ("stray", found.stray > 0, "with initiatives that serve no goal"),
        ("low_return", found.low_return, "of less return than the tier asks for"),
        ("below_cost", found.below_cost, "of less return than the resources that go in"),
        ("return_unknown", found.return_unknown, "whose return for the resources is not known"),
        ("concession_unknown", found.concession_unknown, "with a limit and no known concession"),
        ("over_limit", found.over_limit, "with concessions above the limit of the tier"),
        ("no_template", ~found.has_template, "of a tier without a template"),
    ):
        ids = marked(found.account, which)
        told += about(code, f"{counted(len(ids), 'plan')} {said}", ids)
    return told
