"""The one door to the compiler: loops over arrays become machine code on first call, kept on disk."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

__all__ = ["jit"]

P = ParamSpec("P")
R = TypeVar("R")


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel on its first call; cached on disk, the interpreter lock released while it runs.

    Parameters
    ----------
    function : callable
        A loop over arrays and floats, without Python objects.

    Returns
    -------
    callable
        The same function to its callers and to type checkers, compiled.

    Examples
    --------
    >>> @jit
    ... def total_kwh(energy_kwh: float, steps: int) -> float:
    ...     total = 0.0
    ...     for _ in range(steps):
    ...         total += energy_kwh
    ...     return total
    >>> total_kwh(0.5, 4)
    2.0
    """
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no place to keep it: typed at a prompt, or no folder may be written
        return numba.njit(nogil=True)(function)
