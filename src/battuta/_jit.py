"""The one door to the compiler: loops over arrays become machine code on first call, kept on disk."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

__all__ = ["jit", "jit_in_place", "jit_inlined"]

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


def jit_in_place(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel that writes only into the arrays it is given, and returns numbers.

    Such a kernel owns no memory, so no reference is counted: `jit` counts one, atomically, for each array of each tuple
    that one kernel hands another and for each slice, which took 4 of the 5 microseconds of a container's step. The
    caller keeps the arrays alive, as any caller does. Kernels called from it are compiled the same way.

    Parameters
    ----------
    function : callable
        A loop over arrays and floats that makes no array; ``np.empty`` or ``a + b`` in it is refused at its first call.

    Returns
    -------
    callable
        The same function to its callers and to type checkers, compiled.

    Examples
    --------
    >>> import numpy as np
    >>> @jit_in_place
    ... def double(values):
    ...     for i in range(values.size):
    ...         values[i] *= 2.0
    >>> load_kw = np.array([1.5, 2.0])
    >>> double(load_kw)
    >>> load_kw
    array([3., 4.])
    """
    return _without_memory(function, inlined=False)


def jit_inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a stage of a kernel in place as part of each kernel that calls it, as if written there.

    A call from kernel to kernel copies some seven numbers for each array; where a stage takes a few dozen nanoseconds
    that counts.

    Parameters
    ----------
    function : callable
        As for `jit_in_place`.

    Returns
    -------
    callable
        The same function to its callers and to type checkers, compiled.

    Examples
    --------
    >>> @jit_inlined
    ... def square(current_a: float) -> float:
    ...     return current_a * current_a
    >>> square(3.0)
    9.0
    """
    return _without_memory(function, inlined=True)


def _without_memory(function: Callable[P, R], *, inlined: bool) -> Callable[P, R]:
    """Compile without the runtime that counts references; the stubs of numba lack both options."""
    compiler = cast("Callable[..., Callable[[Callable[P, R]], Callable[P, R]]]", numba.njit)
    try:
        return compiler(cache=True, nogil=True, _nrt=False, forceinline=inlined)(function)
    except RuntimeError:  # as in `jit`
        return compiler(nogil=True, _nrt=False, forceinline=inlined)(function)
