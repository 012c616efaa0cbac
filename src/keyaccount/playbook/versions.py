"""The version of stored data, and how older data is brought up to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from keyaccount.playbook.faults import Fault, expected, key_step

__all__ = ["SCHEMA_KEY", "SCHEMA_VERSION", "UPGRADES", "VERSION_KEY", "Upgrade", "upgraded"]

Upgrade: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
"""Turn data of one version into data of the next."""

SCHEMA_VERSION: Final = 1
"""The version this library writes."""

VERSION_KEY: Final = "schema_version"

SCHEMA_KEY: Final = "$schema"
"""By which a JSON file names its JSON Schema, for editors: read over."""

_OF_FILE: Final = {VERSION_KEY, SCHEMA_KEY}

UPGRADES: Final[Mapping[int, Upgrade]] = {}
"""Version to the function that makes the next one of it: ``{1: upgrade_1_to_2}``."""


def upgraded(
    data: Any,
    *,
    upgrades: Mapping[int, Upgrade] = UPGRADES,
    newest: int = SCHEMA_VERSION,
) -> dict[str, Any]:
    """Bring data up to the newest version and take the version off.

    Raises
    ------
    Fault
        It is no table, or its version is none that this library knows.
    """
    if not isinstance(data, Mapping):
        raise expected(data, "a table", "give the dict of one spec.")
    body = {key: value for key, value in data.items() if key not in _OF_FILE}
    for version in range(_version(data, newest), newest):
        body = upgrades[version](body)
    return body


def _version(data: Mapping[str, Any], newest: int) -> int:
    version = data.get(VERSION_KEY, newest)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        hint = f"this keyaccount writes {VERSION_KEY} = {newest}."
        raise expected(version, "a version, 1 or above", hint).at(key_step(VERSION_KEY))
    if version > newest:
        problem = f"schema_version {version} is newer than this keyaccount knows ({newest})"
        hint = "install a newer keyaccount: pip install --upgrade keyaccount"
        raise Fault(problem, hint, version=version, newest=newest).at(key_step(VERSION_KEY))
    return version
