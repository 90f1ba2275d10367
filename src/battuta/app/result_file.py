"""A result on the disk: a file that is there whole, or as it was before."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from battuta.domain.errors import DataError


def write_result(path: Path, content: bytes, *, makes_folder: bool = False) -> None:
    """Write a file under another name beside its own, and give it its own once all of it is written.

    Parameters
    ----------
    path : Path
        The file. A link is followed, a pipe or a device takes what comes.
    content : bytes
        All of it.
    makes_folder : bool
        Whether its folder is made where it is not there; otherwise that is refused.

    Raises
    ------
    DataError
        If the disk does not take it; nothing half is left behind, and an older file stays as it was.
    """
    target = path.resolve()
    try:
        if makes_folder:
            target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        message = (
            f"{path} cannot be written: {error.strerror or error}; nothing of it is left half, an older file stays as"
            " it was: choose another place, or free space"
        )
        raise DataError(message) from None


def _replace(target: Path, content: bytes) -> None:
    part = target.with_name(f".part-{secrets.token_hex(8)}")
    try:
        with part.open("xb") as file:
            file.write(content)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
