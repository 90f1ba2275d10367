"""Work that says how far it is: a place to compute in, and whoever looks told of its pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import get_ident
from typing import TypeAlias, TypeVar

from battuta.ports.compute import Compute, Done

T = TypeVar("T")
R = TypeVar("R")

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told the name of a stage, how many of its pieces are done, and how many there are."""


class ShownCompute:
    """A Compute that tells of each round of pieces under the name of the stage that it belongs to.

    Rounds that pieces themselves ask for, in threads of their own, are part of those pieces and not told.

    Parameters
    ----------
    compute : Compute
        Does the work.
    progress : callable
        Told of it.
    """

    def __init__(self, compute: Compute, progress: Progress) -> None:
        self._compute, self._progress = compute, progress
        self._stage, self._round, self._thread = "working", 0, get_ident()

    def begin(self, stage: str) -> None:
        """Name what is done from now on, by the words before a colon."""
        self._stage, self._round = stage.split(":", maxsplit=1)[0], 0

    def map(self, work: Callable[[T], R], pieces: Sequence[T], done: Done | None = None) -> list[R]:
        """Do all pieces; see the port."""
        if done is not None or get_ident() != self._thread or not pieces:
            return self._compute.map(work, pieces, done)
        self._round += 1
        name = self._stage if self._round == 1 else f"{self._stage}, round {self._round}"
        self._progress(name, 0, len(pieces))
        return self._compute.map(work, pieces, lambda n_done, n_all: self._progress(name, n_done, n_all))
