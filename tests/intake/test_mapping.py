"""Columns are found by their usual names; what is unclear is asked, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyaccount.errors import ColumnNotFoundError, IntakeError, SpecError
from keyaccount.intake import ColumnMapping, StageMap
from keyaccount.intake.mapping import resolve

NOTHING = ColumnMapping()


def test_a_salesforce_like_export_is_understood() -> None:
    """A salesforce like export is understood."""
    names = ["Id", "AccountId", "StageName", "Amount", "CreatedDate", "CloseDate"]
    assert resolve(NOTHING, "deals", names, "x") == {
        "id": "Id",
        "account": "AccountId",
        "stage": "StageName",
        "amount": "Amount",
        "opened": "CreatedDate",
        "closed": "CloseDate",
    }


def test_a_chinese_export_is_understood() -> None:
    """A chinese export is understood."""
    names = ["客户编号", "客户名称", "行业", "上级客户"]
    assert list(resolve(NOTHING, "accounts", names, "x")) == ["id", "name", "sector", "parent"]


def test_an_id_comes_before_a_name() -> None:
    """An id comes before a name."""
    assert resolve(NOTHING, "accounts", ["account", "account_id"], "x") == {
        "id": "account_id",
        "name": "account",
    }
    assert resolve(NOTHING, "accounts", ["account"], "x") == {"id": "account"}


def test_two_columns_that_could_be_meant_are_an_error() -> None:
    """Two columns that could be meant are an error."""
    names = ["account", "stage", "close_date", "amount", "close_value"]
    with pytest.raises(IntakeError, match=r"'amount' and 'close_value' could both be the amount"):
        resolve(NOTHING, "deals", names, "x")
    stated = ColumnMapping({"deals.amount": "amount"})
    assert resolve(stated, "deals", names, "x")["amount"] == "amount"


def test_a_needed_column_that_is_missing_lists_what_there_is() -> None:
    """A needed column that is missing lists what there is."""
    with pytest.raises(IntakeError, match=r"the stage or the closed of deals; there is 'acount'"):
        resolve(ColumnMapping({"deals.account": "acount"}), "deals", ["acount"], "x")


def test_a_stated_column_must_be_there() -> None:
    """A stated column must be there."""
    with pytest.raises(ColumnNotFoundError, match="did you mean 'amount'"):
        resolve(ColumnMapping({"deals.amount": "amout"}), "deals", ["amount"], "x")


def test_a_role_that_does_not_exist_is_refused() -> None:
    """A role that does not exist is refused."""
    with pytest.raises(SpecError, match=r"deals\.amount"):
        ColumnMapping({"deals": {"amont": "x"}})


def test_toml_and_options_say_the_same(tmp_path: Path) -> None:
    """Toml and options say the same."""
    path = tmp_path / "columns.toml"
    path.write_text('[deals]\namount = "close_value"\n[accounts]\nid = "key"\n', "utf-8")
    read = ColumnMapping.from_toml(path)
    assert read == ColumnMapping({"accounts.id": "key"}).override({"deals.amount": "close_value"})
    assert hash(read) == hash(ColumnMapping(read.columns))
    path.write_text("[deals", "utf-8")
    with pytest.raises(IntakeError, match="no column mapping"):
        ColumnMapping.from_toml(path)


def test_stages_are_mapped_whatever_their_case() -> None:
    """Stages are mapped whatever their case."""
    stages = StageMap.parse(" Prospecting = a ,Engaging=B,Signed=Won")
    assert stages.meaning("PROSPECTING") == "A"
    assert stages.meaning("signed") == "won"
    assert stages.meaning("Closed  Lost") == "lost"
    assert stages.meaning("negotiate") == "D"
    assert stages == StageMap({"Prospecting": "A", "Engaging": "B", "Signed": "won"})


@pytest.mark.parametrize("text", ["Prospecting=G", "=A", "Prospecting", "x=A,X=B"])
def test_a_stage_map_refuses_what_it_cannot_hold(text: str) -> None:
    """A stage map refuses what it cannot hold."""
    with pytest.raises(SpecError):
        StageMap.parse(text)


def test_an_unknown_stage_is_an_error_with_counts_and_the_way_out() -> None:
    """An unknown stage is an error with counts and the way out."""
    stages = StageMap({"Prospecting": "A"})
    with pytest.raises(IntakeError) as caught:
        stages.meanings({"Prospectng": 3, "Demo": 5, "Won": 1}, "deals.csv")
    assert "'Demo' (5), 'Prospectng' (3)" in caught.value.fact
    assert "'Prospecting', written 'Prospectng'?" in caught.value.hint


def test_a_few_slips_of_the_pen_are_left_out() -> None:
    """One label that nobody mapped, on one deal in fifty, does not stop the rest."""
    stages = StageMap({"Prospecting": "A"})
    assert stages.meanings({"Prospecting": 49, "Wonn": 1}, "deals.csv") == {"Prospecting": "A"}
    with pytest.raises(IntakeError, match="Wonn"):
        stages.meanings({"Prospecting": 48, "Wonn": 1}, "deals.csv")


def test_the_first_open_stage_is_the_earliest_that_is_named() -> None:
    """The first open stage is the earliest that is named."""
    assert StageMap.parse("Engaging=B,Offer=C").first_open.letter == "B"
    assert StageMap().first_open.letter == "A"
