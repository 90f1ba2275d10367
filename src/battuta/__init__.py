"""Battuta: the software layer above grid batteries.

``import battuta as bt`` gives the names below. Each is fetched from its room when it is first used, so that the import
itself costs nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

_ROOM_OF: dict[str, str] = {}

__all__ = ["__version__", *_ROOM_OF]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    """Fetch a public name from its room on first use."""
    if name not in _ROOM_OF:
        message = f"module 'battuta' has no attribute '{name}'"
        raise AttributeError(message)
    value: object = getattr(import_module(_ROOM_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what there is, fetched or not."""
    return sorted(__all__)
