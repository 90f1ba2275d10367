"""Ways of using unequal modules, compared on the cores of this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from battuta.adapters.compute.local import LocalCompute
from battuta.studies.uniform_ageing import UniformAgeing, UniformAgeingAsked, uniform_ageing

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimedComparison:
    """A comparison, and how long it took.

    Attributes
    ----------
    found : UniformAgeing
        What the ways came to.
    seconds : float
        Wall clock. [s]
    """

    found: UniformAgeing
    seconds: float


def compare_ways(
    asked: UniformAgeingAsked, *, n_threads: int | None = None, progress: Progress | None = None
) -> TimedComparison:
    """Let strings of unequal modules live in every way under every ageing model.

    Parameters
    ----------
    asked : UniformAgeingAsked
        What is compared.
    n_threads : int or None
        Pieces of work at once, one per core if left out; the answer does not depend on it.
    progress : callable or None
        Told of progress.

    Returns
    -------
    TimedComparison
        What they came to.
    """
    started = perf_counter()

    def done(now: int, total: int) -> None:
        if progress is not None:
            progress("strings", now, total)

    found = uniform_ageing(asked, LocalCompute(n_threads), done)
    return TimedComparison(found=found, seconds=perf_counter() - started)
