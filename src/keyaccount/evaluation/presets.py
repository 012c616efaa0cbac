"""The checks that a review makes where nobody says otherwise."""

from __future__ import annotations

from keyaccount.evaluation.check import ReviewCheck
from keyaccount.evaluation.sign import ReviewSign

__all__ = ["review_checks"]


def review_checks(*, growth: str | None = None) -> tuple[ReviewCheck, ...]:
    """List the checks of coverage, plan, tasks and the three ways to fail.

    Parameters
    ----------
    growth
        The column that holds the growth of sales, as a share: 0.1 for a tenth more. None: it is
        read from the ``sales`` of the two quarters, whose windows must not overlap.

    Returns
    -------
    tuple of ReviewCheck
        Coverage reads ``covered``, ``people`` and ``division_missing`` as `coverage` gives them;
        the plan ``holds`` and ``late`` as `PlanCheck` does; the tasks ``tasks_stalled``, how many
        of them are: ``found.stalled.sum(axis=1)`` of a `TaskStatus`, missing where nobody speaks of
        any task of the account (``found.status`` below 0 in all). An account that we cannot get
        into has lost a deal (``losses``) and won none (``wins``). One that we cannot grow has
        potential (worth at least half) and ``sales`` that neither grow by a twentieth nor fall by a
        tenth. One that we cannot retain is in decline or churn (``lifecycle_stage``), or its sales
        fall by more than a tenth.

    Notes
    -----
    The questions and the ways are those of the method; the columns and every figure are a choice of
    this library. Leave out what you have no data for, or the answer stays unknown.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [check.code for check in ka.review_checks() if check.about == "retain"]
    ['declining', 'sales_fall']
    """
    return (
        ReviewCheck(
            "not_covered",
            about="coverage",
            signs=[ReviewSign("covered", below=1)],
            name="a role is not held, or by nobody senior enough",
            name_zh="角色缺失或级别不足",
        ),
        ReviewCheck(
            "nobody",
            about="coverage",
            signs=[ReviewSign("people", below=1)],
            name="in nobody's hands",
            name_zh="无人负责",
        ),
        ReviewCheck(
            "one_person",
            about="coverage",
            signs=[ReviewSign("people", at_least=1, below=2)],
            name="in one person's hands",
            name_zh="仅由一人负责",
        ),
        ReviewCheck(
            "division_missing",
            about="coverage",
            signs=[ReviewSign("division_missing", at_least=1)],
            name="nobody says who of the representatives does what",
            name_zh="代表之间分工不明",
        ),
        ReviewCheck(
            "plan_fails",
            about="plan",
            signs=[ReviewSign("holds", below=1)],
            name="the plan does not hold what the tier asks for",
            name_zh="客户规划不符合要求",
        ),
        ReviewCheck(
            "plan_late",
            about="plan",
            signs=[ReviewSign("late", at_least=1)],
            name="initiatives are late",
            name_zh="举措逾期",
        ),
        ReviewCheck(
            "tasks_stalled",
            about="tasks",
            signs=[ReviewSign("tasks_stalled", at_least=1)],
            name="core tasks are stalled",
            name_zh="核心任务停滞",
        ),
        *_ways(growth),
    )


def _grown(column: str | None, *, below: float, at_least: float | None = None) -> ReviewSign:
    """Ask for the growth of sales, told or from quarter to quarter."""
    if column is None:
        return ReviewSign("sales", of="growth", at_least=at_least, below=below)
    return ReviewSign(column, of="share", at_least=at_least, below=below)


def _ways(growth: str | None) -> tuple[ReviewCheck, ...]:
    """Say how each of the three ways to fail shows."""
    return (
        ReviewCheck(
            "lost_without_a_win",
            about="get_in",
            signs=[ReviewSign("wins", below=1), ReviewSign("losses", at_least=1)],
            name="deals lost and none won",
            name_zh="有丢单而无赢单",
        ),
        ReviewCheck(
            "flat_with_potential",
            about="grow",
            signs=[
                _grown(growth, at_least=-0.10, below=0.05),
                ReviewSign("potential", of="worth", at_least=0.5),
            ],
            name="sales stand still where there is potential",
            name_zh="潜力大而销售停滞",
        ),
        ReviewCheck(
            "declining",
            about="retain",
            signs=[ReviewSign("lifecycle_stage", states=("decline", "churn"))],
            name="in decline or gone",
            name_zh="处于衰退或流失阶段",
        ),
        ReviewCheck(
            "sales_fall",
            about="retain",
            signs=[_grown(growth, below=-0.10)],
            name="sales fall",
            name_zh="销售下滑",
        ),
    )
