"""Work on the cores of this machine, in threads: kernels, BLAS and boosted trees let go of the interpreter.

While they run side by side each piece has BLAS on one thread: threads of its own would fight the pieces for the cores.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, CancelledError, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs]

from battuta.domain.errors import UsageError
from battuta.ports.compute import Done

T = TypeVar("T")
R = TypeVar("R")


class LocalCompute:
    """Threads of this process; see `battuta.ports.compute.Compute`.

    Parameters
    ----------
    n_threads : int or None
        How many pieces run at once; left out, one per core.

    Raises
    ------
    UsageError
        If it is less than 1.
    """

    def __init__(self, n_threads: int | None = None) -> None:
        if n_threads is not None and n_threads < 1:
            message = f"n_threads = {n_threads} must be at least 1"
            raise UsageError(message)
        self.n_threads = n_threads or os.cpu_count() or 1

    def map(self, work: Callable[[T], R], pieces: Sequence[T], done: Done | None = None) -> list[R]:
        """Do all pieces; see the port."""
        errors: list[BaseException] = []

        def unless_broken(piece: T) -> R:
            """Begin no piece after one that failed: nobody waits for it."""
            if errors:
                raise CancelledError
            try:
                return work(piece)
            except BaseException as error:
                errors.append(error)
                raise

        with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(max_workers=self.n_threads) as pool:
            futures: list[Future[R]] = [pool.submit(unless_broken, piece) for piece in pieces]
            waiting = set(futures)
            try:
                while waiting:
                    _, waiting = wait(waiting, timeout=0.5, return_when=FIRST_EXCEPTION)
                    if errors:
                        raise errors[0]
                    if done is not None:
                        done(sum(each.done() for each in futures), len(pieces))
            finally:
                for each in waiting:
                    each.cancel()
        return [each.result() for each in futures]
