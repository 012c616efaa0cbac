"""Importing the library: little is loaded, every public name is there, extras are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import keyaccount as ka

EXTRAS = (
    "duckdb",
    "hypothesis",
    "jinja2",
    "matplotlib",
    "narwhals",
    "pandas",
    "polars",
    "pyarrow",
    "rich",
    "scipy",
    "tomli_w",
    "typer",
)


def run(code: str) -> str:
    """Run code in a new interpreter, with warnings as errors, and give what it prints."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def loaded_by(code: str) -> set[str]:
    """Name the modules loaded once the code has run."""
    return set(run(f"{code}\nimport sys\nprint(*sys.modules)").split())


def test_importing_the_library_loads_no_room_and_no_extra() -> None:
    """`import keyaccount` leaves attrs and every room of the library for the first use."""
    loaded = loaded_by("import keyaccount")
    assert loaded.isdisjoint({*EXTRAS, "attrs", "attr", "cattrs"})
    assert {m for m in loaded if m.startswith("keyaccount.")} == set()


def test_scoring_needs_no_extra() -> None:
    """A scorer is built, fitted and used on the base install, and loads no other room."""
    loaded = loaded_by(
        "import keyaccount as ka\n"
        "s = ka.CompositeScorer(\n"
        "    criteria=[ka.Criterion('a', column='a', value=ka.Percentile())], weights={'a': 1.0})\n"
        "s.fit({'a': [1.0, 2.0]}).score({'a': [1.0]}).row(0)"
    )
    assert loaded.isdisjoint({*EXTRAS, "cattrs"})
    rooms = {m.split(".")[1] for m in loaded if m.startswith("keyaccount.")}
    assert rooms.isdisjoint(
        {"cli", "datasets", "funnel", "hierarchy", "intake", "playbook", "stats"}
    )


def test_every_public_name_resolves() -> None:
    """Each name in __all__ is there, once, in order, and comes from the library."""
    assert list(ka.__all__) == sorted(ka.__all__)
    assert len(set(ka.__all__)) == len(ka.__all__)
    for name in ka.__all__:
        assert getattr(ka, name) is not None
    assert set(ka._HOME) == set(ka.__all__) - {"__version__"}


def test_the_type_checker_sees_what_runs() -> None:
    """The imports for type checkers name the same things, from the same rooms or their parts."""
    found = run(
        "import ast, pathlib, keyaccount\n"
        "tree = ast.parse(pathlib.Path(keyaccount.__file__).read_text(encoding='utf-8'))\n"
        "block = next(n for n in tree.body if isinstance(n, ast.If))\n"
        "for n in block.body:\n"
        "    if isinstance(n, ast.ImportFrom):\n"
        "        for a in n.names: print(a.asname or a.name)"
    ).split()
    assert sorted(found) == sorted(set(ka.__all__) - {"__version__"})


def test_public_names_are_listed_before_they_are_loaded() -> None:
    """dir() helps in a notebook: it lists every public name at once."""
    listed = run("import keyaccount\nprint(*dir(keyaccount))").split()
    assert set(ka.__all__) <= set(listed)
    assert listed == sorted(listed)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As with any module, so that hasattr() and getattr() with a default work."""
    assert not hasattr(ka, "Linaer")
    with pytest.raises(AttributeError, match="module 'keyaccount' has no attribute 'Linaer'"):
        ka.Linaer  # noqa: B018 # type: ignore[attr-defined]


def test_the_version_is_that_of_the_installed_package() -> None:
    """Three numbers, as released."""
    assert run("import keyaccount\nprint(keyaccount.__version__)") == ka.__version__
    assert ka.__version__.count(".") >= 2


def test_the_strategies_say_what_they_need() -> None:
    """Without hypothesis, `keyaccount.testing` names the extra that brings it."""
    said = run(
        "import sys\n"
        "sys.modules['hypothesis'] = None\n"
        "try:\n"
        "    import keyaccount.testing\n"
        "except ImportError as error:\n"
        "    print(error)"
    )
    assert "keyaccount.testing needs 'hypothesis'" in said
    assert "pip install 'keyaccount[testing]'" in said
