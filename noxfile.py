"""The suite on every supported Python, and the checks, each in an environment of its own."""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.5.1"
nox.options.sessions = ["tests", "check", "docs"]


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the whole test suite."""
    install(session, "test")
    session.run("pytest", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Lint, formatting, types, imports."""
    install(session, "check")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("basedpyright")
    session.run("basedpyright", "--verifytypes", "keyaccount", "--ignoreexternal")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation."""
    install(session, "docs")
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session(python=["3.11", "3.13"])
def lowest(session: nox.Session) -> None:
    """Run the suite with the oldest versions of the run-time dependencies that are allowed."""
    install(session, "test")
    project = nox.project.load_toml("pyproject.toml")["project"]
    session.install(*(bound.replace(">=", "==") for bound in project["dependencies"]))
    session.run("pytest", *session.posargs)


def install(session: nox.Session, group: str) -> None:
    """Install the project with every extra, and one dependency group."""
    session.install("--upgrade", "pip>=25.1")
    session.install("--editable", ".[all]", "--group", group)
