"""The documentation is complete and holds together: names, pages, links, commands, terms."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import FunctionType
from typing import Any

import attrs
import pytest

import keyaccount as ka
from keyaccount.playbook.kinds import FAMILIES, KINDS

PUBLIC: list[str] = vars(ka)["__all__"]
ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
MADE = set(
    re.findall(r'"(example/[\w-]+\.html)"', (DOCS / "hooks/report_page.py").read_text("utf-8"))
)
"""Pages that are made while the site is built."""
READ_ELSEWHERE = ("README.md", "CONTRIBUTING.md")
"""Pages that are read in the repository, not on the site."""


@cache
def text_of(page: str) -> str:
    """Read a page of the site, or one beside it."""
    return (ROOT / page if page in READ_ELSEWHERE else DOCS / page).read_text("utf-8")


def prose_of(page: str) -> str:
    """Read a page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)


def blocks_of(page: str) -> list[tuple[str, str]]:
    """Give the language and the text of each block of code of a page."""
    return re.findall(r"^```(\w*)[^\n]*\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


def identifiers(page: str) -> list[str]:
    """List what a page of the reference documents."""
    return re.findall(r"^::: (\S+)$", text_of(page), re.MULTILINE)


def documented(identifier: str) -> Any:
    """Find what an entry of the reference is about: a module, or a name in one."""
    try:
        return import_module(identifier)
    except ModuleNotFoundError:
        module, _, name = identifier.rpartition(".")
        return getattr(import_module(module), name)


# --- The reference ---------------------------------------------------------------------------


@cache
def entries() -> tuple[tuple[str, Any], ...]:
    """Pair each page of the reference with what it documents, entry by entry."""
    pages = [page for page in PAGES if page.startswith("reference/")]
    return tuple((page, documented(name)) for page in pages for name in identifiers(page))


def pages_about(thing: Any) -> list[str]:
    """List the pages of the reference that document a thing."""
    return [page for page, known in entries() if known is thing]


def test_reference_names_every_public_name_once() -> None:
    """Every name of the library's map stands in one place of the reference."""
    public = {name: getattr(ka, name) for name in PUBLIC if name != "__version__"}
    errors = {
        name
        for name, thing in public.items()
        if isinstance(thing, type) and issubclass(thing, ka.KeyAccountError)
    }
    found = {name: len(pages_about(thing)) for name, thing in public.items() if name not in errors}
    assert {name: count for name, count in found.items() if count != 1} == {}
    assert errors <= set(vars(import_module("keyaccount.errors")))


def test_reference_names_every_kind_of_a_playbook_once() -> None:
    """Whatever may stand in a playbook, and each family of it, has its place in the reference."""
    classes = [f"keyaccount.{module}.{name}" for module, name in KINDS.values()]
    addresses = [*classes, *(f"keyaccount.{family}" for family in FAMILIES)]
    counts = {address: len(pages_about(documented(address))) for address in addresses}
    assert {address: count for address, count in counts.items() if count != 1} == {}


@pytest.mark.parametrize("room", ["intake", "plots"])
def test_reference_names_what_a_room_of_its_own_offers(room: str) -> None:
    """Figures and reading, which are not at the top of the library, are in the reference too."""
    module = import_module(f"keyaccount.{room}")
    offered = {name: getattr(module, name) for name in module.__all__}
    # A type alias or a constant is told of where it is used.
    own = (type, FunctionType)
    named = {name: thing for name, thing in offered.items() if isinstance(thing, own)}
    assert [name for name, thing in named.items() if len(pages_about(thing)) != 1] == []


def test_public_functions_say_what_they_take_give_and_show() -> None:
    """A public function has its parameters, what it returns, and an example."""
    lacking = {}
    for name in PUBLIC:
        verb = getattr(ka, name)
        if not inspect.isfunction(verb):
            continue
        asked = {"Parameters"} if inspect.signature(verb).parameters else set()
        asked |= {"Examples"} if verb is ka.dump else {"Returns", "Examples"}
        told = re.findall(r"^([A-Z][\w ]+)\n-{3,}$", inspect.getdoc(verb) or "", re.MULTILINE)
        # A context manager yields.
        lacking[name] = asked - {"Returns" if part == "Yields" else part for part in told}
    assert lacking
    assert {name: sections for name, sections in lacking.items() if sections} == {}


def test_public_classes_show_an_example() -> None:
    """A public class shows itself at work; an error shows its message where it is raised."""
    classes = {name: getattr(ka, name) for name in PUBLIC}
    classes = {name: cls for name, cls in classes.items() if isinstance(cls, type)}
    shown = {
        name: "Examples\n--------\n" in (inspect.getdoc(cls) or "")
        for name, cls in classes.items()
        if not issubclass(cls, ka.KeyAccountError | Warning)
    }
    assert len(shown) > 150
    assert [name for name, has_one in shown.items() if not has_one] == []


# --- Pages, links, anchors -------------------------------------------------------------------


def nav() -> list[str]:
    """List the pages that the site's navigation names."""
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    section = re.search(r"^nav:\n((?:[ #].*\n|\n)*)", config, re.MULTILINE)
    assert section
    return re.findall(r"[ :]([\w/-]+\.md)\s*$", section[1], re.MULTILINE)


def test_every_page_stands_in_the_navigation_once() -> None:
    """No page is hidden, none is named twice, none is missing."""
    assert Counter(nav()) == Counter(PAGES)


def slug(heading: str) -> str:
    """Make the anchor that Markdown makes of a heading."""
    plain = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def anchors(page: str) -> set[str]:
    """List the places of a page that a link may lead to."""
    headings = re.findall(r"^#+ (.+?)\s*$", prose_of(page), re.MULTILINE)
    return {slug(heading) for heading in headings} | set(identifiers(page))


def links(page: str) -> Iterator[tuple[str, str, str]]:
    """Give each link of a page within the project: as written, its page, its anchor."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        yield target, path, anchor


def fault(page: str, path: str, anchor: str) -> str | None:
    """Say what is wrong with a link of a page; None where it is right."""
    here = ROOT / page if page in READ_ELSEWHERE else DOCS / page
    led = (here.parent / path).resolve() if path else here
    if not led.exists():
        made = led.is_relative_to(DOCS) and led.relative_to(DOCS).as_posix() in MADE
        return None if made else "no such file"
    if page in PAGES and not led.is_relative_to(DOCS):
        return "not on the site"
    if not anchor:
        return None
    there = led.relative_to(DOCS if led.is_relative_to(DOCS) else ROOT).as_posix()
    return None if anchor in anchors(there) else "no such heading"


@pytest.mark.parametrize("page", [*PAGES, *READ_ELSEWHERE])
def test_links_lead_somewhere(page: str) -> None:
    """Every link within the project leads to a page that is there, and to a heading of it."""
    wrong = {target: fault(page, path, anchor) for target, path, anchor in links(page)}
    assert {target: problem for target, problem in wrong.items() if problem} == {}


def test_there_are_links_to_check() -> None:
    """The pages do link to each other, with anchors too: the test above sees them."""
    every = [link for page in PAGES for link in links(page)]
    assert len(every) > 100
    assert sum(1 for _, _, anchor in every if anchor) > 5


# --- What a reader types ---------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, *READ_ELSEWHERE])
def test_python_that_is_not_run_is_python_all_the_same(page: str) -> None:
    """A block without prompts, for an engine or a bucket that no test has, at least compiles."""
    for language, text in blocks_of(page):
        if language in {"python", "pycon"} and ">>>" not in text:
            compile(text, page, "exec")


def spoken(page: str) -> Iterator[list[str]]:
    """Give the words of each call of the command on a page, in blocks and within lines."""
    lines = [text.replace("\\\n", " ") for language, text in blocks_of(page) if language != "pycon"]
    written = "\n".join(lines).splitlines()
    written += re.findall(r"`(keyaccount [^`]+)`", prose_of(page))
    for line in written:
        words = re.sub(r"#.*", "", line).replace('"', "").split()
        if words[:1] == ["keyaccount"]:
            yield words[1:]


def unknown_words(words: list[str]) -> list[str]:
    """List what the command would not understand: commands and options that are not there."""
    typer = pytest.importorskip("typer")
    from keyaccount.cli.app import app

    command = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands"):
        if not rest or rest[0] == "|":
            return []
        if rest[0] not in command.commands:
            return [rest[0]]
        command = command.commands[rest.pop(0)]
    options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    return [word for word in rest if word.startswith("-") and word not in options]


def test_commands_that_are_shown_are_understood() -> None:
    """Every command on the pages is one of the command's own, with options that it has."""
    calls = [(page, words) for page in [*PAGES, *READ_ELSEWHERE] for words in spoken(page)]
    assert len(calls) > 10
    assert [(page, words) for page, words in calls if unknown_words(words)] == []


def test_options_that_are_named_are_there() -> None:
    """Every option that a page speaks of belongs to one of the commands."""
    typer = pytest.importorskip("typer")
    from keyaccount.cli.app import app

    known = {"--help", "--every-engine", "--shared", "--strict", "--group", "--port"}
    waiting = [typer.main.get_command(app)]
    while waiting:
        command = waiting.pop()
        waiting += list(getattr(command, "commands", {}).values())
        known |= {name for parameter in command.params for name in parameter.opts}
    for page in [*PAGES, *READ_ELSEWHERE]:
        named = re.findall(r"`(--[a-z][a-z-]*)", prose_of(page))
        assert [option for option in named if option not in known] == [], page


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_installs_can_be_installed(page: str) -> None:
    """An extra that a page names is one that the project has."""
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known = set(extras["optional-dependencies"])
    named = re.findall(r"keyaccount\[([\w,]+)\]", text_of(page))
    named += re.findall(r"extras? `(\w+)`", prose_of(page))
    assert {name for group in named for name in group.split(",")} <= known


# --- The glossary ----------------------------------------------------------------------------

SENTENCES = (ka.KeyResult, ka.KeyAction, ka.Anchor, ka.ReviewCheck)
"""Whole sentences, not terms: they stand with their preset."""
COMBINED = (ka.Cell,)
"""Cells of a matrix are called by the words of its axes, which are terms."""


def presets() -> list[Any]:
    """Make every preset that asks for nothing, and those that ask for a figure."""
    made = [ka.LifecycleModel(), ka.Categories(), ka.cost_to_serve(1, 1)]
    for name in PUBLIC:
        verb = getattr(ka, name)
        if inspect.isfunction(verb):
            asked = inspect.signature(verb).parameters.values()
            if all(p.default is not p.empty for p in asked):
                made.append(verb())
    return made


def chinese_labels(thing: Any) -> Iterator[str]:
    """Give the Chinese name of each part of a preset, and the words of its axes."""
    if isinstance(thing, tuple):
        for part in thing:
            yield from chinese_labels(part)
    elif attrs.has(type(thing)) and not isinstance(thing, (*SENTENCES, *COMBINED)):
        if getattr(thing, "name_zh", ""):
            yield thing.name_zh
        yield from getattr(thing, "names_zh", ())
        for field in attrs.fields(type(thing)):
            yield from chinese_labels(getattr(thing, field.name))


def test_glossary_has_the_chinese_label_of_every_preset() -> None:
    """Each Chinese term that a preset shows is in the glossary, word for word."""
    known = set(re.findall(r"[\u4e00-\u9fff、]+", text_of("glossary.md")))
    labels = {label for preset in presets() for label in chinese_labels(preset)}
    assert len(labels) > 150
    # A label of parts, such as a field of the information map, is known by its parts.
    parts = {part for label in labels for part in re.split("[：，]", label)}
    assert parts - known == set()


def test_glossary_has_both_languages() -> None:
    """Every row of the glossary has a term, its Chinese, and what it means."""
    rows = re.findall(r"^\| (?!---)(.*) \|$", text_of("glossary.md"), re.MULTILINE)
    cells = [row.split(" | ") for row in rows]
    assert {len(row) for row in cells} == {3}
    body = [row for row in cells if row[1] != "中文"]
    assert [row[0] for row in body if not re.search(r"[\u4e00-\u9fff]|^PCV", row[1])] == []
    assert all(all(cell.strip() for cell in row) for row in body)


# --- The hooks of the site -------------------------------------------------------------------


def hook(name: str) -> Any:
    """Load a hook from its file, as the site does."""
    spec = spec_from_file_location(f"docs_{name}", DOCS / "hooks" / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_entry_says_where_its_name_comes_from() -> None:
    """A name at the top stands by itself, any other with its module; both below their heading."""
    page = "::: keyaccount.bands.Cuts\n\n## More\n\n::: keyaccount.stats.sums.exact_sum\n"
    top, more = re.findall(
        r"^::: .*\n((?: .*\n)+)", hook("entries").on_page_markdown(page), re.MULTILINE
    )
    assert "show_root_full_path: false" in top
    assert "heading_level: 2" in top
    assert "show_root_full_path: true" in more
    assert "heading_level: 3" in more
    stated = "::: keyaccount.testing\n    options:\n      members: false\n"
    assert hook("entries").on_page_markdown(stated) == stated


@pytest.fixture(scope="module")
def shown() -> Any:
    """Read the library as the reference does."""
    griffe = pytest.importorskip("griffe")
    package = griffe.load(
        "keyaccount",
        search_paths=[ROOT / "src"],
        extensions=griffe.load_extensions(hook("reference").Reference),
        docstring_parser="numpy",
        docstring_options={"warnings": False},
    )
    return lambda path: package[path]


def types_of(thing: Any, kind: str) -> dict[str, tuple[str, str]]:
    """Give the type and the default of what a section of a docstring names."""
    (section,) = [s for s in thing.docstring.parsed if s.kind.value == kind]
    return {n.name: (str(n.annotation), str(n.value)) for n in section.value}


def test_the_reference_shows_how_a_spec_is_made(shown: Any) -> None:
    """A spec has the constructor that attrs makes, with the types of its fields."""
    scorer = shown("scoring.composite.CompositeScorer")
    made = scorer.members["__init__"].parameters
    real = inspect.signature(ka.CompositeScorer).parameters
    assert [p.name for p in made][1:] == list(real)
    assert {p.kind.value for p in list(made)[1:]} == {"keyword-only"}
    assert types_of(scorer, "parameters")["min_group"] == ("int", "10")


def test_parameters_that_share_a_description_have_types_of_their_own(shown: Any) -> None:
    """Of ``ties, min_tenure_days, max_changes, margin`` each has its own type and default."""
    told = types_of(shown("scoring.selection.select.select"), "parameters")
    assert told["ties"] == ("Ties", "'include_all'")
    assert told["min_tenure_days"] == ("int", "0")
    assert told["margin"] == ("float", "0.02")


def test_a_result_shows_no_constructor(shown: Any) -> None:
    """A result is made by a verb: its reader is told what it holds, not how it is made."""
    scores = shown("scoring.scores.Scores")
    assert "__init__" not in scores.members
    assert [str(base) for base in scores.bases] == []
