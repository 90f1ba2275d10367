"""The watches of all strings in one file between two runs: plain arrays, written aside and put in place at the end.

The file is a ZIP of NumPy arrays, as `numpy.load` reads them, with a list of the strings in JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Self, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from battuta.domain.errors import DataError, StorageError

FILE_VERSION = 1
_MARK, _INDEX = "battuta health scan", "strings.json"
_MEND = "name another file, and scan the record anew"


class StateFile:
    """Keeps strings between runs; see `battuta.studies.fleet_scan.ScanStates`. Use it with ``with``.

    What the run before kept is read, what this run keeps goes to a file aside, which takes the place of the first when
    all went well; a run that breaks off leaves the first as it was.

    Parameters
    ----------
    path : Path
        The file; there after the first run.
    settings_hash : str
        Of what decides on findings; a file of another one is refused.

    Raises
    ------
    DataError
        If there is a file that is none of these, is broken, or was kept under other settings.
    """

    def __init__(self, path: Path, settings_hash: str) -> None:
        self.path, self._settings_hash = path, settings_hash
        self._part = path.with_name(f"{path.name}.{os.getpid()}.part")
        self._lock = Lock()
        self._kept: dict[str, int | None] = {}
        self._file: IO[bytes] | None = None
        self._new: ZipFile | None = None
        self._old: ZipFile | None = None
        self._known: dict[str, int | None] = {}
        if _is_there(path):
            try:
                self._old = ZipFile(path)
                self._known = self._listed(self._old)
            except (BadZipFile, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                self._close()
                raise self._broken(error) from error

    @property
    def last_ns(self) -> Mapping[str, int]:
        """Last row of each string that the run before saw. [ns]"""
        return {name: last_ns for name, last_ns in self._known.items() if last_ns is not None}

    def strings(self) -> tuple[str, ...]:
        """Names of the strings that the run before kept."""
        return tuple(self._known)

    def load(self, string_id: str) -> Mapping[str, NDArray[np.generic]] | None:
        """Arrays that the run before kept of a string.

        Raises
        ------
        DataError
            If the file is broken.
        """
        if self._old is None or string_id not in self._known:
            return None
        place = f"{list(self._known).index(string_id):06d}/"
        try:
            names = cast("list[str]", json.loads(self._old.read(f"{place}names.json")))
            return {name: _array(self._old.read(f"{place}{at}.npy")) for at, name in enumerate(names)}
        except (BadZipFile, OSError, ValueError, KeyError, EOFError, TypeError) as error:
            raise self._broken(error) from error

    def keep(self, string_id: str, saved: Mapping[str, NDArray[np.generic]], last_ns: int | None) -> None:
        """Keep a string for the next run.

        Raises
        ------
        StorageError
            If the disk does not take it.
        """
        with self._lock:
            try:
                if self._new is None:
                    self._file = self._part.open("wb")
                    self._new = ZipFile(self._file, "w")
                place = f"{len(self._kept):06d}/"
                self._new.writestr(ZipInfo(f"{place}names.json"), json.dumps(list(saved)))
                for at, array in enumerate(saved.values()):
                    with self._new.open(ZipInfo(f"{place}{at}.npy"), "w", force_zip64=True) as stream:
                        npy.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
                self._kept[string_id] = last_ns
            except OSError as error:
                raise self._full(error) from error

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put what was kept in place of what was there, or take it away if something went wrong."""
        try:
            if kind is None and self._new is not None and self._file is not None:
                told = {"mark": _MARK, "version": FILE_VERSION, "settings": self._settings_hash, "strings": self._kept}
                self._new.writestr(ZipInfo(_INDEX), json.dumps(told))
                self._new.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._close()
                self._part.replace(self.path)
        except OSError as fault:
            raise self._full(fault) from fault
        finally:
            self._close()
            with suppress(OSError):  # a name that is too long was told before
                self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        for each in (self._old, self._new, self._file):
            if each is not None:
                with suppress(OSError):  # what matters was written before, or is thrown away
                    each.close()

    def _listed(self, old: ZipFile) -> dict[str, int | None]:
        told = cast("dict[str, object]", json.loads(old.read(_INDEX)))
        if told["mark"] != _MARK:
            message = "it is something else"
            raise ValueError(message)
        if (told["version"], told["settings"]) != (FILE_VERSION, self._settings_hash):
            message = (
                f"{self.path} was kept under another version of this program, kind of cell, capacity or limits of the "
                f"tests than are asked for now; ask for the same, or {_MEND}"
            )
            self._close()
            raise DataError(message)
        strings = cast("dict[str, object]", told["strings"])
        return {name: None if last is None else _instant_ns(last) for name, last in strings.items()}

    def _broken(self, error: BaseException) -> DataError:
        if isinstance(error, DataError):
            return error
        return DataError(f"{self.path} is no state of a scan that can be read ({error}); {_MEND}")

    def _full(self, error: OSError) -> StorageError:
        return StorageError(str(self.path), error.strerror or str(error), "free space, or name another folder")


def _is_there(path: Path) -> bool:
    """Whether there is a file; what is no file, as a device that never ends, is refused before anybody reads it.

    Raises
    ------
    DataError
        If it is something else, or its name cannot be one.
    """
    try:
        if not path.exists():
            return False
    except OSError as error:
        message = f"{path} cannot be a state of a scan: {error.strerror or error}; name another file"
        raise DataError(message) from error
    if not path.is_file():
        message = f"{path} cannot be a state of a scan: it is no file; {_MEND}"
        raise DataError(message)
    return True


def _instant_ns(last: object) -> int:
    if isinstance(last, bool) or not isinstance(last, int) or abs(last) >= 2**63:
        message = f"{last!r} is no instant"
        raise ValueError(message)
    return last


def _array(data: bytes) -> NDArray[np.generic]:
    return cast("NDArray[np.generic]", npy.read_array(BytesIO(data), allow_pickle=False))
