"""Locks of files that the system gives back by itself when who holds them is gone, killed or not."""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from battuta.app.clock import utc_now
from battuta.domain.errors import StorageError, UsageError

POLL_S = 0.02
"""How long is waited before a lock is tried again. [s]"""


@contextmanager
def folder_lock(path: Path, wait_s: float = 20.0) -> Generator[None]:
    """Be the only one, of all processes and threads, who writes in a folder.

    Parameters
    ----------
    path : Path
        File of the lock; made where it is missing. It says who held it last.
    wait_s : float
        How long another is waited for. [s]

    Raises
    ------
    StorageError
        If the file cannot be made, or another holds the lock for longer.
    """
    with taken(path, wait_s):
        yield


@contextmanager
def taken(path: Path, wait_s: float) -> Generator[int]:
    """Hold a lock, and give its descriptor, which a process that is started may hold on to; see `folder_lock`."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _refused(path, error) from None
    try:
        _wait(descriptor, path, wait_s)
        sign(descriptor, os.getpid())
        yield descriptor
    finally:
        os.close(descriptor)


def sign(descriptor: int, pid: int) -> None:
    """Write into a lock that is held who holds it, and since when."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{pid} {utc_now():%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)
    except OSError:  # a disk that is full: the lock holds without a name in it
        return


def holder(path: Path) -> int | None:
    """Process that holds a lock; 0 where it does not say who, None where nobody holds it.

    Raises
    ------
    StorageError
        If it cannot be looked at.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, error) from None
    try:
        if _try(descriptor, path, is_shared=True):
            return None
        words = os.pread(descriptor, 64, 0).split()
        return int(words[0]) if words and words[0].isdigit() else 0
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, wait_s: float) -> None:
    until_s = monotonic() + wait_s
    while not _try(descriptor, path):
        if monotonic() >= until_s:
            who = os.pread(descriptor, 64, 0).decode(errors="replace").strip() or "another process"
            raise StorageError(str(path), f"it is held by process {who}", f"wait, or end it; {wait_s:g} s were waited")
        sleep(POLL_S)


def _try(descriptor: int, path: Path, *, is_shared: bool = False) -> bool:
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        message = "jobs need locks that Linux and macOS have and this system has not; ask battuta twin without --job"
        raise UsageError(message) from None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES}:
            return False
        raise _refused(path, error) from None
    return True


def _refused(path: Path, error: OSError) -> StorageError:
    reason = error.strerror or str(error)
    return StorageError(str(path), reason, "jobs need a folder of this machine that can be written: --jobs-dir")
