"""Specs as data: read strictly, written completely, named by a digest."""

from keyaccount.playbook.canonical import digest
from keyaccount.playbook.convert import from_data, to_data
from keyaccount.playbook.files import dump, load
from keyaccount.playbook.versions import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "digest", "dump", "from_data", "load", "to_data"]
