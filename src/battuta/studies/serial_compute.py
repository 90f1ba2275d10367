"""Work done piece by piece, for those who were given no better place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from battuta.ports.compute import Done

T = TypeVar("T")
R = TypeVar("R")


class SerialCompute:
    """One piece after the other, here; see `battuta.ports.compute.Compute`.

    Examples
    --------
    >>> SerialCompute().map(lambda piece: piece**2, [1, 2, 3])
    [1, 4, 9]
    """

    def map(self, work: Callable[[T], R], pieces: Sequence[T], done: Done | None = None) -> list[R]:
        """Do all pieces; see the port."""
        results: list[R] = []
        for piece in pieces:
            results.append(work(piece))
            if done is not None:
                done(len(results), len(pieces))
        return results
