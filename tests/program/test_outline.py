"""The outline of the programme: as the method has it, in two languages."""

from __future__ import annotations

import pytest

import keyaccount as ka


def test_every_part_has_both_languages() -> None:
    """Five elements, five steps, four scenes, six lines, four questions."""
    lists = (
        ka.programme_elements(),
        ka.programme_steps(),
        ka.account_scenes(),
        ka.management_lines(),
        ka.evaluation_questions(),
        ka.buyer_roles(),
        ka.iron_triangle(),
    )
    assert [len(parts) for parts in lists] == [5, 5, 4, 6, 4, 5, 3]
    for parts in lists:
        assert len({part.code for part in parts}) == len(parts)
        assert all(part.name and part.name_zh for part in parts)


def test_the_iron_triangle_has_its_duties_in_both_languages() -> None:
    """As many in one as in the other; fulfilment takes five people."""
    for role in ka.iron_triangle():
        assert len(role.duties) == len(role.duties_zh) > 0
    assert len(ka.iron_triangle()[2].parts) == len(ka.iron_triangle()[2].parts_zh) == 5


def test_elements_are_made_of_parts() -> None:
    """Scenes, people of three sides, eight tasks, six lines; time has a model of its own."""
    parts = {element.code: element.parts for element in ka.programme_elements()}
    assert [len(found) for found in parts.values()] == [0, 4, 7, 8, 6]
    assert parts["scene"] == ka.account_scenes()
    assert [part.name_zh for part in parts["scene"]] == ["售前", "打单", "交付", "售后"]
    assert parts["tasks"] == ka.core_tasks()
    assert parts["main_line"] == ka.management_lines()
    sides = [part.code.partition(".")[0] for part in parts["people"]]
    assert sides == ["ours"] * 4 + ["customer"] * 2 + ["third_party"]
    assert all(part.name and part.name_zh for found in parts.values() for part in found)
    with pytest.raises(ka.SpecError, match="unique"):
        ka.ProgrammeElement("x", "X", parts=[ka.Term("a", "A"), ka.Term("A", "B")])
    with pytest.raises(ka.SpecError, match="list of Term"):
        ka.ProgrammeElement("x", "X", parts=["a"])


@pytest.mark.parametrize(("code", "name"), [("", "Coach"), ("coach", " "), (3, "Coach")])
def test_a_term_has_a_code_and_a_name(code: object, name: str) -> None:
    """Blank ones are refused."""
    with pytest.raises(ka.SpecError):
        ka.Term(code, name)  # type: ignore[arg-type]
