"""Group the registers that are wanted into few requests."""

from __future__ import annotations

from collections.abc import Iterable

from battuta.adapters.devices.modbus.connection import READ_REGISTERS_MAX


def spans(
    ranges: Iterable[tuple[int, int]], *, gap_max: int = READ_REGISTERS_MAX, n_registers_max: int = READ_REGISTERS_MAX
) -> tuple[tuple[int, int], ...]:
    """Group ranges of registers into as few requests as possible.

    Parameters
    ----------
    ranges : iterable of (int, int)
        First register and number of each.
    gap_max : int
        Most registers between two ranges that are read along unasked; 0 where a device may refuse them.
    n_registers_max : int
        Most registers of one request.

    Returns
    -------
    tuple of (int, int)
        First register and number of each request.

    Examples
    --------
    >>> spans([(10, 2), (0, 1), (200, 1)])
    ((0, 12), (200, 1))
    >>> spans([(10, 2), (0, 1), (12, 1)], gap_max=0)
    ((0, 1), (10, 3))
    """
    grouped: list[tuple[int, int]] = []
    for start, count in sorted(set(ranges)):
        first, known = grouped[-1] if grouped else (0, 0)
        fits = start + count - first <= n_registers_max and start - first - known <= gap_max
        if grouped and fits:
            grouped[-1] = (first, max(known, start + count - first))
        else:
            grouped.append((start, count))
    return tuple(grouped)
