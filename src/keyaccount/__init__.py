"""keyaccount: composable primitives for key-account management.

Four questions about a customer book: who is a key account (scoring), what kind of customer each
one is (segments), where each deal stands (funnel), and how each account is doing (lifecycle).

Names are resolved when they are first used, so that ``import keyaccount`` loads nothing else.
"""

from importlib import import_module


def _homes() -> dict[str, str]:
    """Read where each public name lives: a line of ``__init__.pyi``, as type checkers read it."""
    # The loader finds the file in a zip too: Spark may send the library to its workers as one.
    stub: bytes = __loader__.get_data(f"{__path__[0]}/__init__.pyi")
    lines = stub.decode().splitlines()
    words = (line.split() for line in lines if line.startswith("from "))
    return {name: home for _, home, _, name, *_ in words}


_HOME = _homes()

# Computed, so that a name is written once; the stub tells type checkers what is public.
__all__ = sorted(["__version__", *_HOME])  # noqa: PLE0605 # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    """Load a public name from the room it lives in."""
    if name == "__version__":
        from importlib.metadata import version

        return version("keyaccount")
    if name not in _HOME:
        message = f"module 'keyaccount' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
