"""Write a file so that nobody ever sees a part of it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

PART = ".part-"
"""Begins the name of a file that somebody is about to finish."""
_PART_AGE_S_MAX = 86_400.0
"""A file that has waited so long to be finished was left by a process that was killed. [s]"""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, and give it its own once it is on the disk.

    What killed processes left unfinished in the folder a day ago or longer is removed.

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
            written_s = os.fstat(file.fileno()).st_mtime
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _remove_left_parts(path.parent, written_s)


def _remove_left_parts(folder: Path, now_s: float) -> None:
    """Remove old unfinished files, by the clock of the disk that wrote them; what cannot be removed stays."""
    for left in folder.glob(f"{PART}*"):
        with suppress(OSError):
            if now_s - left.stat().st_mtime > _PART_AGE_S_MAX:
                left.unlink()
