"""A place where many independent pieces of work are done: the cores of this machine, or many machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

Done = Callable[[int, int], None]
"""Told how many pieces are done, and how many there are."""


class Compute(Protocol):
    """Does pieces of work, in any order, and gives their results in the order of the pieces.

    Promises: the results do not depend on how many pieces run at once; a piece that raises stops the rest and its error
    comes through as it is; `done` is called from the calling thread.
    """

    def map(self, work: Callable[[T], R], pieces: Sequence[T], done: Done | None = None) -> list[R]:
        """Do all pieces.

        Parameters
        ----------
        work : callable
            What is done to each; it keeps no state between pieces.
        pieces : sequence
            What it is done to.
        done : callable or None
            Told of progress.

        Returns
        -------
        list
            One result per piece, in their order.
        """
        ...
