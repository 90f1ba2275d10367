"""Fetch public data sets into a folder: verified or trusted on first use, each with its licence beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from battuta.adapters.datasets.checksum_lock import ChecksumLock, Seen
from battuta.adapters.datasets.download import Downloaded, checksum, discard, download
from battuta.adapters.datasets.listing import Dataset, DatasetFile, named
from battuta.domain.errors import BattutaError, DataError

NOTICE_NAME = "LICENCE-AND-ATTRIBUTION.md"
_HEAD_BYTES = 512


class Verdict(StrEnum):
    """What is known of a file that was asked for."""

    VERIFIED = "verified"
    """Its checksum is the published one."""
    AS_FIRST_SEEN = "as first seen"
    """No checksum is published; it equals what the first download showed."""
    FIRST_SEEN = "first seen, unverified"
    """No checksum is published; this was the first download, and it is now written down."""
    FAILED = "failed"
    """It could not be fetched, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFile:
    """One file that was asked for.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    name : str
        Name of the file.
    path : Path
        Where it lies, or should.
    verdict : Verdict
        What is known of it.
    sha256 : str
        Its checksum, empty where it failed.
    n_bytes : int
        Its size, 0 where it failed.
    is_new : bool
        True when it was downloaded now.
    licence : str
        Terms of use.
    problem : str
        Why it failed, and what to do; empty otherwise.
    """

    dataset: str
    name: str
    path: Path
    verdict: Verdict
    sha256: str = ""
    n_bytes: int = 0
    is_new: bool = False
    licence: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchProgress:
    """How far the download of a file is.

    Attributes
    ----------
    dataset : str
        Name of the data set.
    name : str
        Name of the file.
    n_bytes : int
        Bytes so far.
    n_bytes_total : int or None
        Bytes in all, None where the server does not say.
    """

    dataset: str
    name: str
    n_bytes: int
    n_bytes_total: int | None


def fetch(
    names: Sequence[str],
    target_dir: Path,
    base_url_override: str | None = None,
    progress: Callable[[FetchProgress], None] | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> list[FetchedFile]:
    """Fetch data sets; a file that fails does not keep the others from coming.

    Parameters
    ----------
    names : sequence of str
        Names of data sets; none means all.
    target_dir : Path
        Folder of the data; each set has a folder in it.
    base_url_override : str, optional
        Address of a mirror that keeps each file as ``<data set>/<file>``.
    progress : callable, optional
        Told of each piece that arrives.
    sleep : callable
        How waiting between attempts is done.

    Returns
    -------
    list of FetchedFile
        One entry per file, those that failed included.

    Raises
    ------
    UsageError
        If a name is not known.
    DataError
        If the folder cannot be written.
    """
    datasets = named(names)
    fetched: list[FetchedFile] = []
    try:
        target_dir.mkdir(parents=True, exist_ok=True)
        lock = ChecksumLock(target_dir)
        for dataset in datasets:
            folder = target_dir / dataset.name
            folder.mkdir(exist_ok=True)
            (folder / NOTICE_NAME).write_text(notice(dataset), encoding="utf-8")
            for file in dataset.files:
                url = file.url
                if base_url_override is not None:
                    url = f"{base_url_override.rstrip('/')}/{quote(dataset.name)}/{quote(file.name)}"
                fetched.append(_fetch_file(dataset, file, url, folder, lock, progress, sleep))
    except OSError as error:
        if isinstance(error, BattutaError):
            raise
        message = f"the folder {target_dir} cannot be written: {error.strerror or error}"
        raise DataError(message) from None
    return fetched


def notice(dataset: Dataset) -> str:
    """Write the note that lies beside a data set.

    Parameters
    ----------
    dataset : Dataset
        The data set.
    """
    return (
        f"# {dataset.title}\n\nSource: {dataset.homepage}\n\nLicence: {dataset.licence}\n\n"
        f"Please cite: {dataset.citation}\n\nClock of the labels: `{dataset.clock}`\n\n{dataset.note}\n"
    )


def _fetch_file(
    dataset: Dataset,
    file: DatasetFile,
    url: str,
    folder: Path,
    lock: ChecksumLock,
    progress: Callable[[FetchProgress], None] | None,
    sleep: Callable[[float], None],
) -> FetchedFile:
    path, partial = folder / file.name, folder / f".{file.name}.part"
    key = f"{dataset.name}/{file.name}"
    expected = _expected(file, lock.get(key))
    is_new = not (path.is_file() and expected and checksum(path) == expected)

    def told(n_bytes: int, n_bytes_total: int | None) -> None:
        if progress is not None:
            progress(FetchProgress(dataset=dataset.name, name=file.name, n_bytes=n_bytes, n_bytes_total=n_bytes_total))

    try:
        if is_new:
            arrived = download(url, partial, told=told, sleep=sleep)
            _check(arrived, file, lock, expected)
            arrived.path.replace(path)
            if not file.is_verified:
                lock.record(
                    key,
                    Seen(sha256=arrived.sha256, n_bytes=arrived.n_bytes, url=url, answered_at=arrived.answered_at),
                )
    except DataError as error:
        problem = f"{error} (by hand: {dataset.homepage}, to {path})"
        return FetchedFile(
            dataset=dataset.name,
            name=file.name,
            path=path,
            verdict=Verdict.FAILED,
            licence=dataset.licence,
            problem=problem,
        )
    verdict = Verdict.AS_FIRST_SEEN if expected else Verdict.FIRST_SEEN
    return FetchedFile(
        dataset=dataset.name,
        name=file.name,
        path=path,
        verdict=Verdict.VERIFIED if file.is_verified else verdict,
        sha256=checksum(path),
        n_bytes=path.stat().st_size,
        is_new=is_new,
        licence=dataset.licence,
    )


def _expected(file: DatasetFile, seen: Seen | None) -> str:
    return file.sha256 or (seen.sha256 if seen is not None else "")


def _check(arrived: Downloaded, file: DatasetFile, lock: ChecksumLock, expected: str) -> None:
    """Refuse what is not the file that was meant."""
    if expected and arrived.sha256 != expected:
        discard(arrived.path)
        held = "published" if file.is_verified else f"first seen (in {lock.path})"
        message = (
            f"{file.name} has sha256 {arrived.sha256}, not the {held} {expected}: the source has changed or the "
            "download was tampered with"
        )
        raise DataError(message)
    with arrived.path.open("rb") as content:
        head = content.read(_HEAD_BYTES).lstrip().lower()
    if not expected and (not head or head.startswith((b"<!doctype", b"<html"))):
        discard(arrived.path)
        message = f"{file.name}: the server sent {'a web page' if head else 'nothing'} instead of the file"
        raise DataError(message)
