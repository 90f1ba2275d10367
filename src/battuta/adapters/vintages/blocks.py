"""Calibrated blocks in a folder: one NumPy file each, whose name holds the hash of its key and that of its bytes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from battuta.adapters.vintages.whole_file import write_whole
from battuta.domain.errors import DataError, StorageError, UsageError
from battuta.forecast.member import MemberRow
from battuta.numerics.arrays import FloatArray

_KEY_DIGITS, _HASH_DIGITS = 32, 24
_FORMAT = "block 2"
"""How a file is written: one that was written otherwise has another name and is not found."""
_MEND = "choose another folder, or free space"


class FolderBlocks:
    """Blocks as files; see `battuta.ports.calibrated_blocks.CalibratedBlocks`.

    Parameters
    ----------
    folder : Path
        Made if it is not there; that it takes a file is tried before anything long is done.
    release : str
        Version of all that calibrates; what another one kept has other names and is not found.

    Raises
    ------
    UsageError
        If it is a file.
    StorageError
        If it takes nothing.
    """

    def __init__(self, folder: Path, release: str) -> None:
        if folder.is_file():
            message = f"{folder} is a file; calibrated days are kept in a folder"
            raise UsageError(message)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise StorageError(str(folder), error.strerror or str(error), _MEND) from None
        self.folder = folder
        self._release = release
        self._findings: list[str] = []
        self._n_days_found = 0

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found wanting so far."""
        return tuple(self._findings)

    @property
    def n_days_found(self) -> int:
        """Days that were read so far."""
        return self._n_days_found

    def read(self, key: str, days: Sequence[int]) -> list[MemberRow] | None:
        """Return the days of a block, None where they are not there; see the port."""
        full_key = self._full(key)
        for path in sorted(self.folder.glob(f"{_stem(full_key)}-*.npz")):
            try:
                rows = _checked(path, full_key, days)
            except DataError as error:
                self._findings.append(f"{error}; its days are calibrated again")
                continue
            self._n_days_found += len(rows)
            return rows
        return None

    def keep(self, key: str, rows: Sequence[MemberRow]) -> None:
        """Keep the days of a block; see the port."""
        full_key = self._full(key)
        content = to_npz(full_key, rows)
        path = self.folder / f"{_stem(full_key)}-{_hash(content)}.npz"
        try:
            write_whole(path, content)
        except OSError as error:
            self._findings.append(str(StorageError(str(path), error.strerror or str(error), _MEND)))

    def _full(self, key: str) -> str:
        return f"{_FORMAT}|{self._release}|{key}"


def to_npz(key: str, rows: Sequence[MemberRow]) -> bytes:
    """Write days as a NumPy file: their key, the days, then one line for each day and member that said something."""
    said = [(row.day, name, values) for row in rows for name, values in row.values.items()]
    content = BytesIO()
    np.savez(
        content,
        key=np.array(key, dtype=np.str_),
        day=np.array([row.day for row in rows], dtype=np.int64),
        said_day=np.array([day for day, _, _ in said], dtype=np.int64),
        said_by=np.array([name for _, name, _ in said], dtype=np.str_),
        said=np.array([values for _, _, values in said], dtype=np.float64),
    )
    return content.getvalue()


def from_npz(content: bytes) -> tuple[str, list[MemberRow]]:
    """Read a key and its days; raises ValueError, KeyError or BadZipFile where that is no such file."""
    with np.load(BytesIO(content), allow_pickle=False) as held:
        key = str(held["key"])
        said: dict[int, dict[str, FloatArray]] = {int(day): {} for day in held["day"]}
        for day, name, values in zip(held["said_day"], held["said_by"], held["said"], strict=True):
            said[int(day)][str(name)] = np.array(values, dtype=np.float64)
    return key, [MemberRow(day=day, values=values) for day, values in said.items()]


def _checked(path: Path, full_key: str, days: Sequence[int]) -> list[MemberRow]:
    """Read a file whole, of this key and of these days, or say what is wrong with it."""
    try:
        content = path.read_bytes()
        kept = from_npz(content) if _hash(content) == path.stem.rpartition("-")[2] else None
    except (OSError, BadZipFile, ValueError, KeyError) as error:
        message = f"{path} cannot be read: {error}"
        raise DataError(message) from None
    if kept is None:
        message = f"{path} is damaged: its {len(content):,} bytes are not those that were written"
        raise DataError(message)
    kept_key, rows = kept
    if kept_key != full_key:
        message = f"{path} holds a block of another key than its name says; it was renamed, remove it"
        raise DataError(message)
    if [row.day for row in rows] != list(days):
        there = ", ".join(str(row.day) for row in rows) or "none"
        message = f"{path} holds the days {there}, not those of its block; remove it"
        raise DataError(message)
    return rows


def _stem(full_key: str) -> str:
    return hashlib.sha256(full_key.encode()).hexdigest()[:_KEY_DIGITS]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]
