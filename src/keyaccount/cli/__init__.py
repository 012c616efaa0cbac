"""The command: ``keyaccount review`` and ``keyaccount demo``."""

from __future__ import annotations

import sys

from keyaccount.errors import MissingExtra


def main() -> None:
    """Run the command; say what to install where its libraries are not there."""
    try:
        from keyaccount.cli.app import app
    except ModuleNotFoundError as error:
        missing = MissingExtra.from_caller("the command keyaccount", "cli", str(error.name))
        sys.exit(str(missing))
    app()
