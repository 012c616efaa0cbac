"""A spec as TOML in which every key is explained by the words of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from keyaccount.errors import MissingExtra
from keyaccount.playbook.docstrings import parameters, summary
from keyaccount.playbook.faults import key_step
from keyaccount.playbook.files import inline_numbers
from keyaccount.playbook.kinds import KINDS, spec_class
from keyaccount.playbook.versions import SCHEMA_VERSION, VERSION_KEY
from keyaccount.playbook.writing import Form, written

__all__ = ["commented_toml"]

_WIDTH = 96
_BRIEF = 260


def commented_toml(spec: Any, remarks: Mapping[str, str] | None = None) -> str:
    """Write a spec as TOML, with a comment above each key the first time it is met.

    Parameters
    ----------
    spec
        Any spec.
    remarks
        What else to say, by path: ``{"$.scorer.weights": "as agreed in May"}``.

    Raises
    ------
    MissingExtra
        ``tomli-w`` is not installed.
    """
    data = {VERSION_KEY: SCHEMA_VERSION, **written(spec, Form.TOML)}
    lines = _Writer(remarks or {}).table(data, (), "$")
    return inline_numbers("\n".join(lines).strip() + "\n")


class _Writer:
    """Writes tables, and remembers what was explained."""

    def __init__(self, remarks: Mapping[str, str]) -> None:
        self.remarks = remarks
        self.said: set[tuple[str, str]] = set()

    def table(self, data: Mapping[str, Any], keys: tuple[str, ...], path: str) -> Iterator[str]:
        """Write what stands in a table: plain values, then the tables in it."""
        kind = data.get("kind")
        words = parameters(spec_class(kind)) if kind in KINDS else {}
        inner = {key: value for key, value in data.items() if _is_table(value)}
        for key, value in data.items():
            if key not in inner and value != {}:
                yield from self._comment(kind, key, words, path + key_step(key))
                yield _pair(key, value)
        yield from self._unsaid(kind, [key for key in words if data.get(key, {}) == {}], words)
        for key, value in inner.items():
            at = path + key_step(key)
            several = isinstance(value, list)
            for i, one in enumerate(value if several else [value]):
                yield ""
                yield from self._comment(kind, key, words, at) if i == 0 else ()
                yield from _about(one, self.said)
                yield _header((*keys, key), several=several)
                yield from self.table(one, (*keys, key), f"{at}[{i}]" if several else at)

    def _comment(self, kind: Any, key: str, words: Mapping[str, str], path: str) -> Iterator[str]:
        """Explain a key once, and say what is remarked at this place."""
        if key in words and (kind, key) not in self.said:
            self.said.add((kind, key))
            yield from _wrapped(_brief(words[key]))
        if path in self.remarks:
            yield from _wrapped(self.remarks[path])

    def _unsaid(self, kind: Any, keys: list[str], words: Mapping[str, str]) -> Iterator[str]:
        """Name once what may be said too."""
        for key in keys:
            if (kind, key) not in self.said:
                self.said.add((kind, key))
                yield from _wrapped(f"({key}: {_brief(words[key])})")


def _about(data: Any, said: set[tuple[str, str]]) -> Iterator[str]:
    """Say once what a kind is."""
    kind = data.get("kind")
    if kind in KINDS and (kind, "") not in said:
        said.add((kind, ""))
        yield from _wrapped(f"{kind}: {summary(spec_class(kind))}")


def _is_table(value: Any) -> bool:
    """Say whether TOML writes a value under a header of its own."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping) and bool(value)


def _brief(text: str) -> str:
    """Leave out what is for the documentation: the sentences after the first few."""
    sentences = text.split(". ")
    while len(sentences) > 1 and len(". ".join(sentences)) > _BRIEF:
        _ = sentences.pop()
    return ". ".join(sentences).rstrip(".") + "."


def _wrapped(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, _WIDTH, break_on_hyphens=False)]


def _header(keys: tuple[str, ...], *, several: bool) -> str:
    name = ".".join(_key(key) for key in keys)
    return f"[[{name}]]" if several else f"[{name}]"


def _key(key: str) -> str:
    """Write a key as TOML does, in quotes where it has to be."""
    return _dumped({key: 0}).rpartition(" = ")[0]


def _pair(key: str, value: Any) -> str:
    return _dumped({key: value}).rstrip("\n")


def _dumped(data: Mapping[str, Any]) -> str:
    try:
        import tomli_w
    except ImportError:
        raise MissingExtra.from_caller("commented_toml", "toml", "tomli_w") from None
    return tomli_w.dumps(data)
