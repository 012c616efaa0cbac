"""The table of kinds says what is there, completely and lazily."""

from __future__ import annotations

import subprocess
import sys
from types import NoneType
from typing import get_args

import attrs
import pytest

import keyaccount as ka
from keyaccount.playbook.fields import fields_of, is_union
from keyaccount.playbook.kinds import FAMILIES, KINDS, PLAIN, kind_of, spec_class

RESULTS = {
    "Confirmation",  # what has happened to a deal is on record in its log
    "Deal",
    "Event",
    "Column",  # what a row-wise spec declares of a column it writes
    "Finding",
    "GroupCut",
    "Quota",
    "RfmStep",
    "SumQuantile",
}
"""Public attrs classes that are compared by value and are no specs."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_leads_to_a_frozen_class_and_back(kind: str) -> None:
    """The table names classes that are there, each once."""
    cls = spec_class(kind)
    assert kind_of(cls) == kind
    assert attrs.has(cls)
    assert cls.__setattr__ is not object.__setattr__


def test_every_public_spec_has_a_kind() -> None:
    """A new public attrs class compared by value is a spec with a kind, or a result named here."""
    found = {name: getattr(ka, name) for name in vars(ka)["__all__"]}
    specs = {
        name
        for name, cls in found.items()
        if isinstance(cls, type) and attrs.has(cls) and cls.__eq__ is not object.__eq__
    }
    assert {name for name in specs if kind_of(found[name]) is None} <= RESULTS


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_every_kind_below_its_class(family: str) -> None:
    """A new value function or rule must be added to its family, or files cannot hold it."""
    name = family.rpartition(".")[2]
    abstract = getattr(ka, name)
    below = [kind for kind in KINDS if issubclass(spec_class(kind), abstract)]
    assert sorted(FAMILIES[family]) == sorted(below)


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_may_be_none_is_none_by_default(kind: str) -> None:
    """None is written by leaving the key out: with another default it would read back as that."""
    cls = spec_class(kind)
    defaults = {a.name: a.default for a in attrs.fields(cls)}
    for field in fields_of(cls):
        if is_union(field.type) and NoneType in get_args(field.type):
            assert defaults[field.key] in {None, attrs.NOTHING}


@pytest.mark.parametrize("kind", PLAIN)
def test_what_is_written_plain_has_one_field(kind: str) -> None:
    """One field alone can stand for the spec."""
    assert [f.key for f in fields_of(spec_class(kind))] == [PLAIN[kind]]


def test_no_kind_is_a_key_of_its_own_fields() -> None:
    """The key `kind` is taken."""
    assert not [k for k in KINDS if "kind" in {f.key for f in fields_of(spec_class(k))}]


def test_the_table_is_imported_without_the_classes() -> None:
    """Importing the kinds loads no spec."""
    code = (
        "import sys; import keyaccount.playbook.kinds;"
        "assert not [m for m in sys.modules if m.startswith('keyaccount.scoring')]"
    )
    # the package's __init__ re-exports the verbs, which need no spec either
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
