"""How fast a living run goes: as fast as it can, or so many times real time."""

from __future__ import annotations

import math
from time import monotonic, sleep

from battuta.domain.errors import UsageError


def parse_speed(text: str) -> float:
    """Read ``max`` or a factor of real time.

    Examples
    --------
    >>> parse_speed("max"), parse_speed("60")
    (inf, 60.0)
    """
    if text.strip().lower() == "max":
        return math.inf
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0.0 < speed < math.inf:
        message = f"speed {text!r} is neither 'max' nor a factor above 0, such as 1 or 60"
        raise UsageError(message)
    return speed


def parse_duration_s(text: str) -> int:
    """Read a duration such as ``90s``, ``15min``, ``6h`` or ``7d``; a bare number is days. [s]

    Examples
    --------
    >>> parse_duration_s("2d"), parse_duration_s("90s"), parse_duration_s("0.5h")
    (172800, 90, 1800)
    """
    units = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "": 86_400}
    body = text.strip().lower()
    unit = next((unit for unit in ("min", "s", "h", "d") if body.endswith(unit)), "")
    try:
        value = float(body.removesuffix(unit)) * units[unit]
    except ValueError:
        value = math.nan
    if not 1.0 <= value <= 366 * 86_400 or value != int(value):
        message = (
            f"duration {text!r} is not a whole number of seconds from 1 s to 366 days; write it as 90s, 15min, 6h or 7d"
        )
        raise UsageError(message)
    return int(value)


SOCKET_SPEED_MAX = 5.0
"""Sockets and devices have their own pace: faster than this they are late."""


class Pace:
    """Waits where the simulated time is ahead of the time it should have.

    Parameters
    ----------
    speed : float
        Factor of real time; infinite never waits.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start_s = monotonic()
        self._simulated_s = 0.0

    def wait(self) -> None:
        """Wait until one more simulated second may pass."""
        self._simulated_s += 1.0
        if math.isinf(self._speed):
            return
        ahead_s = self._start_s + self._simulated_s / self._speed - monotonic()
        if ahead_s > 0.0:
            sleep(ahead_s)


def refuse_speed(speed: float) -> None:
    """Check that devices behind sockets can keep a speed.

    Raises
    ------
    UsageError
        If they cannot.
    """
    if not 0.0 < speed <= SOCKET_SPEED_MAX:
        message = (
            f"speed {speed:g} is too fast for sockets; choose at most {SOCKET_SPEED_MAX:g}, or --devices simulated"
        )
        raise UsageError(message)
