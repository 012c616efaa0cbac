"""A playbook holds the rules of a company, learns, and says what from."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs
import pandas as pd
import polars as pl
import pytest

import keyaccount as ka
from keyaccount.playbook.checking import remarks
from keyaccount.playbook.playbook import PARTS
from keyaccount.playbook.reading import read_spec
from keyaccount.playbook.versions import upgraded

Book = dict[str, Any]


# --- What it holds --------------------------------------------------------------------------------


def test_name_and_version_are_enough() -> None:
    """Every other part may be left out."""
    bare = ka.Playbook("north", "1")
    assert dict(bare.parts) == {}
    assert bare.is_fitted
    assert bare.reads == ()


def test_parts_go_by_their_names(playbook: ka.Playbook) -> None:
    """One spec by its field, one of several by field and name."""
    assert playbook.parts["scorer"] is playbook.scorer
    assert playbook.parts["segmenters.pcv"] == ka.pcv()
    assert set(playbook.parts) == {
        *(name for name in PARTS if name not in {"segmenters", "genes", "evidence"}),
        *(f"segmenters.{name}" for name in ("pcv", "rfm", "cascade", "loyalty")),
    }
    assert playbook.segmenter("rfm") == playbook.parts["segmenters.rfm"]


def test_row_wise_are_the_parts_that_write_columns(playbook: ka.Playbook) -> None:
    """Each can be applied, and says what it reads and writes."""
    assert set(playbook.row_wise) == {
        "scorer",
        "inference",
        "lifecycle",
        "budgets",
        *(f"segmenters.{name}" for name in ("pcv", "rfm", "cascade", "loyalty")),
    }
    for name, spec in playbook.row_wise.items():
        assert set(spec.reads) <= set(playbook.reads), name
        assert spec.writes


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"name": " "}, "Playbook.name must be a text that is not blank"),
        ({"version": ""}, "Playbook.version must be a text"),
        ({"version": True}, "Playbook.version must be a text"),
        ({"valid_from": "soon"}, "Playbook.valid_from must be a date"),
        ({"author": None}, "Playbook.author must be a text"),
        ({"scorer": ka.TopShare(0.2)}, "Playbook.scorer must be a CompositeScorer, or None"),
        ({"selection": ka.TopShare(0.2)}, "Playbook.selection must be a SelectionPolicy, or None"),
        ({"inference": 5}, "Playbook.inference must be an ExperienceInference or Bridge, or None"),
        ({"segmenters": ka.pcv()}, "Playbook.segmenters must map names to Matrix or Cascade"),
        ({"segmenters": {"": ka.pcv()}}, "Playbook.segmenters must map names"),
        ({"segmenters": {"x": ka.TopShare(0.2)}}, "Playbook.segmenters must map names"),
        (
            {"segmenters": [("x", ka.pcv()), ("x", ka.rad())]},
            "Playbook.segmenters must have unique names",
        ),
        (
            {"fitted_on": {"scorer": ka.FittedOn(rows=1, columns=())}},
            "Playbook.fitted_on names nothing that is there",
        ),
        (
            {"stall": ka.StallRule(), "fitted_on": {"stal": ka.FittedOn(rows=1, columns=())}},
            "Playbook.fitted_on must be one of 'stall'",
        ),
        (
            {
                "lifecycle": ka.LifecycleModel(),
                "fitted_on": {"lifecycle": ka.FittedOn(rows=1, columns=())},
            },
            "Playbook.fitted_on must be of fitted parts",
        ),
    ],
)
def test_what_does_not_fit_is_refused(given: Book, fact: str) -> None:
    """With the name of the field."""
    with pytest.raises(ka.SpecError, match=f"^{fact}"):
        ka.Playbook(**{"name": "north", "version": "1", **given})


def test_a_whole_number_is_a_version() -> None:
    """In code; a file says it in quotes."""
    assert ka.Playbook("north", 3).version == "3"


def test_an_unknown_segmenter_is_told_with_the_nearest(playbook: ka.Playbook) -> None:
    """Did you mean."""
    with pytest.raises(ka.SpecError, match="did you mean 'pcv'"):
        playbook.segmenter("pvc")


def test_a_playbook_crosses_processes(playbook: ka.Playbook) -> None:
    """Pickled, with everything it has computed."""
    digest = playbook.digest
    again = pickle.loads(pickle.dumps(playbook))  # noqa: S301 - our own
    assert again == playbook
    assert again.digest == digest == ka.digest(playbook)


# --- Learning -------------------------------------------------------------------------------------


def test_fit_learns_what_the_columns_can_teach(playbook: ka.Playbook, book: Book) -> None:
    """The rest stays as it is, and says so."""
    assert playbook.unfitted == ("scorer", "segmenters.rfm", "lifecycle", "budgets")
    fitted = playbook.fit(book, as_of="2026-09-30", day=date(2026, 10, 2))
    assert fitted.unfitted == ("lifecycle", "budgets")
    assert fitted.scorer == playbook.parts["scorer"].fit(book)
    assert fitted.segmenter("rfm") == playbook.parts["segmenters.rfm"].fit(book)
    assert dict(fitted.fitted_on) == {
        "scorer": ka.FittedOn(
            rows=3,
            columns=("sales", "showcase", "reach", "industry"),
            as_of="2026-09-30",
            data=ka.data_digest(book, names=["sales", "showcase", "reach", "industry"]),
            day="2026-10-02",
            part=ka.digest(fitted.scorer),
        ),
        "segmenters.rfm": ka.FittedOn(
            rows=3,
            columns=("days_since", "count", "total"),
            as_of="2026-09-30",
            data=ka.data_digest(book, names=["days_since", "count", "total"]),
            day="2026-10-02",
            part=ka.digest(fitted.segmenter("rfm")),
        ),
    }
    untouched: Book = {"fitted_on": (), "scorer": None, "segmenters": ()}
    assert attrs.evolve(fitted, **untouched) == attrs.evolve(playbook, **untouched)


def test_lifecycle_learns_from_gaps(playbook: ka.Playbook) -> None:
    """From the one column that fit needs, which is not one that it reads later."""
    fitted = playbook.fit({"gap_median": [10.0, 20.0]}, id=None)
    assert fitted.learned_from("lifecycle") == ka.FittedOn(
        rows=2, columns=("gap_median",), part=ka.digest(fitted.lifecycle)
    )
    assert fitted.lifecycle is not None
    assert fitted.lifecycle.is_fitted
    assert fitted.learned_from("scorer") is None


@pytest.mark.parametrize("make", [dict, pd.DataFrame, lambda b: pl.DataFrame(b, strict=False)])
def test_the_same_is_learned_from_any_container_in_any_order(
    playbook: ka.Playbook, book: Book, make: Any
) -> None:
    """Constants, record and digest of the whole."""
    turned = {name: column[::-1] for name, column in book.items()}
    assert playbook.fit(make(turned)) == playbook.fit(book)
    assert playbook.fit(make(turned)).digest == playbook.fit(book).digest


def test_parts_can_be_named(playbook: ka.Playbook, book: Book) -> None:
    """Then the others stay, and what is missing is an error."""
    fitted = playbook.fit(book, parts=["segmenters.rfm"])
    assert fitted.unfitted == ("scorer", "lifecycle", "budgets")
    with pytest.raises(ka.ColumnNotFoundError, match="gap_median"):
        playbook.fit(book, parts=["lifecycle"])
    with pytest.raises(ka.SpecError, match="did you mean 'scorer'"):
        playbook.fit(book, parts=["score"])
    with pytest.raises(ka.SpecError, match=r"Playbook.fit\(parts\) must be one of"):
        playbook.fit(book, parts=["funnel"])  # learns nothing


def test_fitting_again_replaces_the_record_of_what_is_fitted(
    playbook: ka.Playbook, book: Book
) -> None:
    """And of nothing else."""
    first = playbook.fit(book, as_of="2026-06-30")
    second = first.fit({**book, "sales": [9, 8, 7]}, parts=["scorer"], as_of="2026-09-30")
    assert str(second.parts["scorer"]) != str(first.parts["scorer"])
    days = {name: str(record.as_of) for name, record in second.fitted_on}
    assert days == {"scorer": "2026-09-30", "segmenters.rfm": "2026-06-30"}


def test_columns_that_teach_nothing_are_told(playbook: ka.Playbook, book: Book) -> None:
    """The first part names what it misses, and what is near."""
    misspelt = {"id": [1], "sale": [2.0]}
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'sale'"):
        playbook.fit(misspelt)
    without = {name: column for name, column in book.items() if name != "id"}
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'id'"):
        playbook.fit(without)
    assert playbook.fit(without, id=None).learned_from("scorer") is not None
    unknown = {**book, "sales": [None, None, None]}
    with pytest.raises(ka.NotEnoughDataError):
        playbook.fit(unknown)


def test_what_learns_nothing_is_left_alone() -> None:
    """A playbook without such parts is fitted by anything."""
    bare = ka.Playbook("north", "1", funnel=ka.opportunity_funnel())
    assert bare.fit({"anything": [1]}) == bare


def test_a_bridge_learns_from_answers_and_data() -> None:
    """And the record names both."""
    inference = ka.ExperienceInference([ka.Gate("g", [ka.Question("fit", "Fit?")], pass_mark=0.5)])
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("p", column="p", value=ka.Linear(0, 9))], weights={"p": 1.0}
    )
    bridge = inference.to_composite(scorer, at=0.5, min_accounts=2)
    book = {"id": [1, 2, 3], "fit": [0.1, 0.5, 0.9], "p": [1.0, 2.0, 3.0]}
    fitted = ka.Playbook("north", "1", inference=bridge).fit(book)
    record = fitted.learned_from("inference")
    assert record is not None
    assert record.columns == ("p", "fit")
    assert fitted.is_fitted


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"rows": -1}, "FittedOn.rows must be a whole number"),
        ({"columns": ["a", "a"]}, "FittedOn.columns must have unique names"),
        ({"data": "abc"}, "FittedOn.data must be the 64 hexadecimal digits"),
        ({"as_of": "soon"}, "FittedOn.as_of must be a date"),
    ],
)
def test_a_record_is_checked(given: Book, fact: str) -> None:
    """Field by field."""
    with pytest.raises(ka.SpecError, match=f"^{fact}"):
        ka.FittedOn(**{"rows": 1, "columns": (), **given})


# --- Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_dump_load_dump_gives_the_same_bytes(
    playbook: ka.Playbook, book: Book, tmp_path: Path, suffix: str
) -> None:
    """Fitted, with records; and the digest says it is the same."""
    fitted = playbook.fit(book, as_of="2026-09-30")
    fitted.dump(tmp_path / f"a{suffix}")
    loaded = ka.Playbook.load(tmp_path / f"a{suffix}")
    loaded.dump(tmp_path / f"b{suffix}")
    assert loaded == fitted
    assert loaded.digest == fitted.digest
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_segmenters_are_named_tables(playbook: ka.Playbook, tmp_path: Path) -> None:
    """`[segmenters.pcv]`, as a person would write it."""
    playbook.dump(tmp_path / "a.toml")
    lines = (tmp_path / "a.toml").read_text("utf-8").splitlines()
    assert {"[segmenters.pcv]", "[segmenters.rfm]", "[program.strategic]"} <= set(lines)


def test_a_file_of_another_kind_is_no_playbook(tmp_path: Path) -> None:
    """`Playbook.load` takes playbooks alone."""
    ka.dump(ka.TopShare(0.2), tmp_path / "a.toml")
    with pytest.raises(ka.SerialisationError, match="kind 'top_share' cannot stand here"):
        ka.Playbook.load(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low = 1.0", 'low = "1"', r"expected a number \(got '1'\) @ \$.scorer.criteria\[1\]"),
        ("low = 1.0", "lwo = 1.0", r"did you mean 'low'"),
        ("hold = 0.03", "hold = -1", r"SelectionPolicy.hold must be .* @ \$.selection.hold"),
        ('ties = "include_all"', 'ties = "all"', r"@ \$.selection.ties"),
        ('kind = "percentile"', 'kind = "percentil"', r"did you mean 'percentile'"),
        ("share = 0.2", "share = 2", r"@ \$.selection.rule.rules\[0\].share"),
        ("[segmenters.pcv]", "[segmnters.pcv]", r"did you mean 'segmenters'"),
        ('version = "2026.3"', "version = 2026.3", r"expected a text .* @ \$.version"),
        ("valid_from = 2026-10-01", 'valid_from = "1.10."', r"@ \$.valid_from"),
        ("from_level =", "form_level =", r"@ \$.program.strategic"),
        ('kind = "matrix"', 'kind = "linear"', r"kind 'linear' cannot stand here .*segmenters.pcv"),
    ],
)
def test_a_slip_is_told_with_its_place(
    playbook: ka.Playbook, tmp_path: Path, old: str, new: str, said: str
) -> None:
    """The path, what was allowed, and what was probably meant; and the name of the file."""
    path = tmp_path / "rules.toml"
    playbook.dump(path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ka.SerialisationError, match=said) as caught:
        ka.Playbook.load(path)
    assert caught.value.fact.startswith("rules.toml: ")


def test_an_older_playbook_is_brought_up_to_date() -> None:
    """A file of an invented older version, in which `selection` was called `choice`."""

    def rename(data: Book) -> Book:
        return {("selection" if k == "choice" else k): v for k, v in data.items()}

    def split(data: Book) -> Book:
        name, _, version = data.pop("title").partition(" ")
        return {**data, "name": name, "version": version}

    old = {
        "schema_version": 1,
        "kind": "playbook",
        "title": "north 7",
        "choice": {"rule": {"kind": "top_count", "count": 9}},
    }
    new = upgraded(old, upgrades={1: rename, 2: split}, newest=3)
    expected = ka.Playbook("north", "7", selection=ka.SelectionPolicy(ka.TopCount(9)))
    assert read_spec(new, ka.Playbook) == expected


# --- Programme ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"roles": [ka.Term("a", "A")]}, "ProgramRules.roles must be a list of CoverageRole"),
        ({"levels": list(ka.position_levels()) * 2}, "ProgramRules.levels must have unique codes"),
        ({"strategic": "yes"}, "ProgramRules.strategic must be a StrategicRule or None"),
        ({"plans": [ka.PlanTemplate("a")] * 2}, "ProgramRules.plans must have one template per"),
        ({"plans": ["a"]}, "ProgramRules.plans must be a list of PlanTemplate"),
        ({"upkeep": "often"}, "ProgramRules.upkeep must be a number above 0"),
        ({"upkeep": {"key": 0}}, r"ProgramRules.upkeep\['key'\] must be a number above 0"),
        ({"upkeep": [ka.Rhythm(1), ka.Rhythm(2)]}, "ProgramRules.upkeep must have one rhythm for"),
        ({"upkeep": ka.Rhythm(1, role="user")}, "ProgramRules.upkeep goes by channel, not by role"),
        ({"meetings": ka.Rhythm(1, channel="x")}, "ProgramRules.meetings goes by role"),
    ],
)
def test_a_programme_is_checked(given: Book, fact: str) -> None:
    """Field by field."""
    with pytest.raises(ka.SpecError, match=f"^{fact}"):
        ka.ProgramRules(**given)


# --- What was learned, and what became of it ------------------------------------------------------


def test_a_part_that_was_changed_since_it_was_learned_is_told(
    playbook: ka.Playbook, book: Book
) -> None:
    """Its record speaks of what it was."""
    fitted = playbook.fit(book)
    assert fitted.changed_since_fit == ()
    assert fitted.scorer is not None
    scorer = attrs.evolve(fitted.scorer, min_group=7)
    changed = attrs.evolve(fitted, scorer=scorer)
    assert changed.changed_since_fit == ("scorer",)
    assert "changed since" in ka.explain(changed)
    assert "changed since" not in ka.explain(fitted)
    assert any(r.startswith("scorer was changed") for r in remarks(changed))
    assert changed.fit(book).changed_since_fit == ()


def test_a_record_of_what_is_not_there_is_told_in_its_place() -> None:
    """Also where there is no part at all."""
    data = {"kind": "playbook", "name": "n", "version": "1"}
    record = {"rows": 1, "columns": []}
    with pytest.raises(ka.SerialisationError, match=r"names nothing .*@ \$\.fitted_on\.scorer"):
        ka.from_data({**data, "fitted_on": {"scorer": record}})
    selection = ka.to_data(ka.SelectionPolicy(ka.TopCount(3)))
    with pytest.raises(ka.SerialisationError, match=r"fitted parts .*@ \$\.fitted_on\.selection"):
        ka.from_data({**data, "selection": selection, "fitted_on": {"selection": record}})


def test_one_part_may_be_named_by_its_name_alone(playbook: ka.Playbook, book: Book) -> None:
    """A text is no list of letters."""
    assert playbook.fit(book, parts="scorer") == playbook.fit(book, parts=["scorer"])


def test_a_day_that_is_none_is_told_before_anything_is_learned(playbook: ka.Playbook) -> None:
    """Learning may take long."""
    with pytest.raises(ka.SpecError, match=r"as_of must be a date"):
        playbook.fit({"nothing": [1]}, as_of="soon")


@pytest.mark.parametrize("day", ["20261001", "2026-W40-4", "2026-274", "2026-10-1"])
def test_a_date_is_written_in_one_way(day: str) -> None:
    """In code as in files."""
    with pytest.raises(ka.SpecError, match="valid_from must be a date"):
        ka.Playbook("n", "1", valid_from=day)


def test_what_was_computed_cannot_be_changed_and_is_not_kept(playbook: ka.Playbook) -> None:
    """Parts are read, and a pickle holds the fields alone."""
    for computed in (playbook.parts, playbook.row_wise):
        assert isinstance(computed, MappingProxyType)
    assert playbook.digest
    again = pickle.loads(pickle.dumps(playbook))  # noqa: S301 - our own
    assert not {"digest", "parts", "row_wise"} & set(vars(again))
    assert dict(again.parts) == dict(playbook.parts)


def test_what_may_not_be_meant_is_remarked(playbook: ka.Playbook) -> None:
    """A criterion whose column was forgotten, and two parts that write one column."""
    assert playbook.scorer is not None
    first, *rest = playbook.scorer.criteria
    scorer = attrs.evolve(playbook.scorer, criteria=[attrs.evolve(first, column=None), *rest])
    twice = attrs.evolve(
        playbook, scorer=scorer, segmenters={"a": ka.pcv(), "b": ka.pcv(), "rad": ka.rad()}
    )
    told = remarks(twice)
    assert told[0] == "criterion 'sales' has no column (not measured)"
    assert any("segmenters.a, segmenters.b write the same column" in r for r in told)
    assert not any("segmenters.rad" in r for r in told)
