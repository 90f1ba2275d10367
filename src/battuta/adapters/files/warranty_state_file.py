"""What the log of a warranty remembers, kept in a file between one look and the next."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray

_KEY = "key"


def state_bytes(arrays: Mapping[str, FloatArray | IntArray], key: str) -> bytes:
    """Arrays of a log as the bytes of a file, with the key of what it was opened with."""
    held = io.BytesIO()
    np.savez(held, allow_pickle=False, **{_KEY: np.frombuffer(key.encode(), dtype=np.uint8)}, **arrays)
    return held.getvalue()


def read_state(path: Path, key: str) -> dict[str, FloatArray | IntArray]:
    """Read the arrays of a log.

    Parameters
    ----------
    path : Path
        File that `state_bytes` was written to.
    key : str
        What the log is opened with now.

    Returns
    -------
    dict of str to ndarray
        The arrays.

    Raises
    ------
    DataError
        If it cannot be read, or is of another warranty, start or battery.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "site.state"
    ...     _ = path.write_bytes(state_bytes({"soh_capacity": np.array([0.97])}, "mine"))
    ...     read_state(path, "mine")
    {'soh_capacity': array([0.97])}
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except (OSError, ValueError, EOFError, KeyError, TypeError, zipfile.BadZipFile) as error:
        message = f"{path} is no memory of a warranty's log ({error}); remove it, and feed the whole record again"
        raise DataError(message) from error
    if arrays.pop(_KEY, np.zeros(0)).tobytes() != key.encode():
        message = (
            f"{path} was kept for another warranty, start, or energy installed; name another file, or remove it and "
            "feed the whole record again"
        )
        raise DataError(message)
    return arrays
