"""Quarters on disk: written whole, read back with every digest checked, and replayed."""

from keyaccount.stored.reading import load_quarter
from keyaccount.stored.replaying import replay_folder
from keyaccount.stored.writing import dump_quarter

__all__ = ["dump_quarter", "load_quarter", "replay_folder"]
