"""The heart of a worker: a small file, written again and again, that says it lives and what it does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from battuta.adapters.clock.system import SystemClock
from battuta.app.kept_jobs import keep_text
from battuta.domain.errors import StorageError
from battuta.domain.time import to_ns

FILE = "worker.json"
BEAT_S = 1.0
"""How often a worker says that it lives. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a worker said last.

    Attributes
    ----------
    attempt : int
        Which attempt at the job it is. [-]
    heard_ns : int
        When it said so. [ns]
    words : str
        What it does.
    """

    attempt: int
    heard_ns: int
    words: str = ""


def kept_beat(folder: Path) -> Beat | None:
    """Last beat of the worker of a job; None where there is none that can be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Beat(attempt=int(found["attempt"]), heard_ns=int(found["heard_ns"]), words=str(found["words"]))
    except (OSError, LookupError, TypeError, ValueError):
        return None


class Heart:
    """Beats while it is open.

    Parameters
    ----------
    folder : Path
        Folder of the job.
    attempt : int
        Which attempt at it this is. [-]
    beat_s : float
        Time between two beats. [s]
    """

    def __init__(self, folder: Path, attempt: int, beat_s: float = BEAT_S) -> None:
        self._folder = folder
        self._attempt = attempt
        self._beat_s = beat_s
        self._words = ""
        self._writing = Lock()
        self._over = Event()
        self._thread = Thread(target=self._live, name="heart", daemon=True)

    def say(self, words: str) -> None:
        """Say what is being done, at once."""
        self._words = words
        self._beat()

    def __enter__(self) -> Self:
        """Begin to beat."""
        self._beat()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Beat no more."""
        self._over.set()
        self._thread.join()

    def _live(self) -> None:
        while not self._over.wait(self._beat_s):
            self._beat()

    def _beat(self) -> None:
        beat = {"attempt": self._attempt, "heard_ns": to_ns(SystemClock().now()), "words": self._words}
        try:
            with self._writing:
                keep_text(self._folder / FILE, json.dumps(beat))
        except StorageError:  # a full disk is no reason to die: who keeps the answer will say so
            return
