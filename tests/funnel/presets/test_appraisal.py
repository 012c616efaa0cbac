"""Shares of appraisal are a company's own data: held, looked up, laid beside the stages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import keyaccount as ka

BY_STAGE = {"lead": {"AR": 0.75, "SR": 0.25}, "delivery": {"FR": 1, "AR": 0.0}}


def test_nothing_is_stated_by_default() -> None:
    """Nothing is stated by default: the source gives no figures."""
    nothing = ka.AppraisalShares()
    assert nothing.roles == ()
    assert nothing.of("lead", "AR") is None
    assert list(nothing.columns(ka.lead_to_cash())) == ["stage"]


def test_a_share_of_nothing_is_a_statement_and_an_absent_one_is_none() -> None:
    """A share of 0 is a statement, an absent one is None, and NaN in columns."""
    shares = ka.AppraisalShares(BY_STAGE)
    assert shares.roles == ("AR", "SR", "FR")
    assert shares.of("delivery", "AR") == 0.0
    assert shares.of("delivery", "SR") is None
    columns = shares.columns(ka.lead_to_cash())
    assert columns["stage"][1] == "lead"
    nan = np.nan
    np.testing.assert_array_equal(columns["AR"], [nan, 0.75, nan, nan, nan, 0.0, nan, nan])
    np.testing.assert_array_equal(columns["FR"], [nan, nan, nan, nan, nan, 1.0, nan, nan])


def test_a_mapping_and_its_rows_are_one_spec() -> None:
    """A mapping and its rows are one spec; -0.0 becomes 0.0."""
    rows = [
        ("lead", "AR", 0.75),
        ("lead", "SR", 0.25),
        ("delivery", "FR", 1),
        ("delivery", "AR", 0),
    ]
    assert ka.AppraisalShares(rows) == ka.AppraisalShares(BY_STAGE)
    assert str(ka.AppraisalShares([("lead", "AR", -0.0)]).of("lead", "AR")) == "0.0"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("lead", "by stage and role"),
        (0.5, "by stage and role"),
        (None, "by stage and role"),
        ({"lead": 0.5}, "by stage and role"),
        ([("lead", 0.5)], "by stage and role"),
        ([(" ", "AR", 0.5)], "by stage and role"),
        ([("lead", None, 0.5)], "by stage and role"),
        ({"lead": {"AR": 1.5}}, r"'AR' in 'lead' \(got 1\.5\)"),
        ({"lead": {"AR": -0.1}}, r"shares in \[0, 1\]"),
        ({"lead": {"AR": float("nan")}}, r"shares in \[0, 1\]"),
        ({"lead": {"AR": float("inf")}}, r"shares in \[0, 1\]"),
        ({"lead": {"AR": "half"}}, r"shares in \[0, 1\]"),
        ({"lead": {"AR": True}}, r"shares in \[0, 1\]"),
        ([("lead", "AR", 0.5), ("lead", "AR", 0.4)], "one share per stage and role"),
    ],
)
def test_what_is_no_share_is_refused(wrong: Any, message: str) -> None:
    """What is no share is refused by name."""
    with pytest.raises(ka.SpecError, match=r"AppraisalShares\.shares") as error:
        ka.AppraisalShares(wrong)
    assert error.match(message)


def test_a_stage_that_the_funnel_does_not_have_is_named() -> None:
    """A stage that the funnel does not have is named, and something that is no funnel refused."""
    shares = ka.AppraisalShares({"deliveries": {"FR": 1.0}})
    with pytest.raises(ka.SpecError, match="did you mean 'delivery'"):
        shares.columns(ka.lead_to_cash())
    wrong: Any = "lead_to_cash"
    with pytest.raises(ka.SpecError, match="funnel must be a Funnel"):
        shares.columns(wrong)
