"""Which version of the price models this is: a change of a line, or of a library that they lean on, makes another."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_ROOMS = ("forecast", "numerics")
_FILES = ("_jit.py", "domain/errors.py", "studies/short_history.py")
_LIBRARIES = ("battuta", "numpy", "numba", "lightgbm")


@cache
def model_release() -> str:
    """Name what the members of a price model say depends on beside their inputs.

    Returns
    -------
    str
        Versions of Battuta, Python, the machine and the libraries, and a hash of the source of the models, as they were
        when this process first asked.
    """
    package = files("battuta")
    sources = [package.joinpath(name) for name in _FILES]
    for room in _ROOMS:
        there = (each for each in package.joinpath(room).iterdir() if each.name.endswith(".py"))
        sources += sorted(there, key=lambda each: each.name)
    versions = ",".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"{versions},Python {platform.python_version()},{platform.machine()},{source_hash(sources)}"


def source_hash(sources: list[Traversable]) -> str:
    """Hash the names and bytes of source files, in hexadecimal digits."""
    whole = hashlib.sha256()
    for source in sources:
        content = source.read_bytes()
        whole.update(f"|{source.name}|{len(content)}|".encode())
        whole.update(content)
    return whole.hexdigest()
