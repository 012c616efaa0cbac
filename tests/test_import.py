"""Importing the library: little is loaded, every public name is there, extras are asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import keyaccount as ka

PACKAGE = Path(ka.__file__).parent
PUBLIC: list[str] = vars(ka)["__all__"]

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
    assert sorted(set(PUBLIC)) == PUBLIC
    for name in PUBLIC:
        assert getattr(ka, name) is not None


def test_the_library_reads_its_stub_as_python_does() -> None:
    """A line the library passed over would be a name for type checkers alone."""
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8"))
    homes = {
        str(alias.asname): imported.module
        for imported in stub.body
        if isinstance(imported, ast.ImportFrom)
        for alias in imported.names
    }
    assert vars(ka)["_HOME"] == homes
    assert sorted([*homes, "__version__"]) == PUBLIC


def test_a_star_brings_every_public_name() -> None:
    """As in a console, where all of the library is wanted at hand."""
    assert run("from keyaccount import *\nprint(*globals())").split()[-len(PUBLIC) :] == PUBLIC


def test_the_library_is_found_inside_a_zip(tmp_path: Path) -> None:
    """Spark may send it to its workers as one."""
    packed = tmp_path / "sent.zip"
    with zipfile.ZipFile(packed, "w") as sent:
        for path in PACKAGE.rglob("*.py*"):
            if path.suffix != ".pyc":
                sent.write(path, Path("keyaccount", path.relative_to(PACKAGE)))
    said = run(
        f"import sys\nsys.path.insert(0, {str(packed)!r})\nimport keyaccount as ka\n"
        "print(ka.__file__, ka.Cuts.__name__)"
    )
    assert said == f"{packed / 'keyaccount' / '__init__.py'} Cuts"


def test_public_names_are_listed_before_they_are_loaded() -> None:
    """dir() helps in a notebook: it lists every public name at once."""
    listed = run("import keyaccount\nprint(*dir(keyaccount))").split()
    assert set(PUBLIC) <= set(listed)
    assert listed == sorted(listed)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As with any module, so that hasattr() and getattr() with a default work."""
    assert not hasattr(ka, "Linaer")
    with pytest.raises(AttributeError, match="module 'keyaccount' has no attribute 'Linaer'"):
        ka.Linaer  # type: ignore[attr-defined]  # noqa: B018


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
