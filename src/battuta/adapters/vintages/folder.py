"""Issued forecasts in a folder: one Parquet file each, whose name says the day, what it looked at, and its own hash."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO
from pathlib import Path

from battuta.adapters.vintages.parquet import from_parquet, to_parquet
from battuta.adapters.vintages.whole_file import PART, write_whole
from battuta.domain.errors import DataError, StorageError, UsageError
from battuta.ports.vintages import Vintage

_HASH_DIGITS = 24
_FOREIGN_TOLD = 3
_NAME_PARTS = 5  # year-month-day-inputs-bytes


class FolderVintages:
    """Vintages as files; see `battuta.ports.vintages.Vintages`.

    A file ``MODEL/2026-01-31-INPUTS-BYTES.parquet`` is written whole and never changed. Its name ends in the hash of
    its bytes, so that damage is seen before anything is read from it.

    Parameters
    ----------
    folder : Path
        Made when the first vintage is kept.

    Raises
    ------
    UsageError
        If it is a file.
    """

    __slots__ = ("_findings", "_listed", "folder")

    def __init__(self, folder: Path) -> None:
        if folder.is_file():
            message = f"{folder} is a file; vintages are kept in a folder"
            raise UsageError(message)
        self.folder = folder
        self._findings: list[str] = []
        self._listed: dict[str, dict[str, list[Path]]] = {}
        self._tell_foreign(folder, [path.name for path in self._entries(folder) if path.is_file()])

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found wanting so far."""
        return tuple(self._findings)

    def read(self, model: str, day: date, inputs: str) -> Vintage | None:
        """Return a vintage, None where there is no sound one; see the port."""
        for path in self._files(model).get(_stem(day, inputs), ()):
            try:
                content = path.read_bytes()
            except OSError as error:
                self._findings.append(f"{path} cannot be read: {error.strerror or error}; the forecast is made again")
                continue
            if _hash(content) != path.stem.rpartition("-")[2]:
                self._findings.append(
                    f"{path} is damaged: its {len(content):,} bytes are not those that were written; "
                    "the forecast is made again"
                )
                continue
            try:
                return _checked(from_parquet(BytesIO(content), str(path)), path, model, day, inputs)
            except DataError as error:
                self._findings.append(str(error))
        return None

    def keep(self, vintage: Vintage) -> None:
        """Keep a vintage; see the port."""
        folder = self.folder / vintage.model
        content = to_parquet(vintage)
        stem = _stem(vintage.day, vintage.inputs)
        path = folder / f"{stem}-{_hash(content)}.parquet"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != content:
                write_whole(path, content)
        except OSError as error:
            raise StorageError(
                str(path), error.strerror or str(error), "choose another folder, or free space"
            ) from None
        listed = self._files(vintage.model).setdefault(stem, [])
        if path not in listed:
            listed.append(path)

    def _files(self, model: str) -> dict[str, list[Path]]:
        if model not in self._listed:
            listed: dict[str, list[Path]] = {}
            foreign: list[str] = []
            for path in self._entries(self.folder / model):
                if path.suffix == ".parquet" and path.stem.count("-") == _NAME_PARTS - 1:
                    listed.setdefault(path.stem.rpartition("-")[0], []).append(path)
                else:
                    foreign.append(path.name)
            self._tell_foreign(self.folder / model, foreign)
            self._listed[model] = listed
        return self._listed[model]

    def _entries(self, folder: Path) -> list[Path]:
        """What lies in a folder, in order, but for files that somebody is about to finish; none where there is none."""
        try:
            return sorted(path for path in folder.iterdir() if not path.name.startswith(PART))
        except FileNotFoundError:
            return []
        except OSError as error:
            reason = error.strerror or error
            self._findings.append(f"{folder} cannot be listed: {reason}; all that it holds is made again")
            return []

    def _tell_foreign(self, folder: Path, names: list[str]) -> None:
        if names:
            more = f" and {len(names) - _FOREIGN_TOLD} more" if len(names) > _FOREIGN_TOLD else ""
            told = ", ".join(names[:_FOREIGN_TOLD])
            self._findings.append(f"{folder} holds what is no vintage and is passed over: {told}{more}")


def _stem(day: date, inputs: str) -> str:
    return f"{day.isoformat()}-{inputs}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]


def _checked(vintage: Vintage, path: Path, model: str, day: date, inputs: str) -> Vintage:
    if (vintage.model, vintage.day, vintage.inputs) != (model, day, inputs):
        message = (
            f"{path} holds the forecast of {vintage.day} by {vintage.model}, not what its name says; "
            "it was renamed and is passed over: remove it"
        )
        raise DataError(message)
    return vintage
