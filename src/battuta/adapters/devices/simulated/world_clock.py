"""Simulated time that runs with the machine's steady clock, the same in two processes that know its start."""

from __future__ import annotations

from time import monotonic_ns


class WorldClock:
    """Simulated time, so many times as fast as real time.

    Parameters
    ----------
    start_ns : int
        Simulated time at the start. [ns]
    steady_start_ns : int
        Steady time of the machine at the start. [ns]
    speed : float
        Factor of real time.
    """

    def __init__(self, start_ns: int, steady_start_ns: int, speed: float) -> None:
        self._start_ns = start_ns
        self._steady_start_ns = steady_start_ns
        self._speed = speed

    def now_ns(self) -> int:
        """Simulated time now; before the start, the start. [ns]"""
        return self._start_ns + int(max(0, monotonic_ns() - self._steady_start_ns) * self._speed)

    def real_s(self, simulated_ns: int) -> float:
        """Real time from now until a simulated instant, below 0 when it has passed. [s]"""
        return (simulated_ns - self.now_ns()) / 1e9 / self._speed
