"""Write a file so that nobody ever sees a part of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PART = ".part-"
"""Begins the name of a file that somebody is about to finish."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, and give it its own once it is on the disk.

    Parameters
    ----------
    path : Path
        The file; its folder is there.
    content : bytes
        All of it.

    Raises
    ------
    OSError
        If the disk does not take it; nothing is left behind.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
