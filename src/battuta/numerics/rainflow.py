"""Cycle counting by rainflow, streaming: equal to ASTM E1049-85 whatever the chunks in which the signal arrives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.rainflow_kernels import close_residue, count_closed, turning_points


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cycles:
    """Counted cycles.

    Attributes
    ----------
    depth : ndarray, shape (n_cycles,)
        Range of each cycle, in units of the signal.
    mean : ndarray, shape (n_cycles,)
        Mean of each cycle, in units of the signal.
    count : ndarray, shape (n_cycles,)
        1 for a full cycle, 0.5 for a half one. [-]
    """

    depth: FloatArray
    mean: FloatArray
    count: FloatArray

    def total(self, weight: FloatArray) -> float:
        """Sum of a weight per cycle, shape (n_cycles,), times its count."""
        return float(np.sum(weight * self.count))


@dataclass(slots=True)
class RainflowCounter:
    """A counter that is fed a signal in chunks of any length.

    Examples
    --------
    >>> counter = RainflowCounter()
    >>> counter.feed(np.array([-2.0, 1.0, -3.0, 5.0]))
    >>> counter.feed(np.array([-1.0, 3.0, -4.0, 4.0, -2.0]))
    >>> sorted(zip(counter.cycles().depth.tolist(), counter.cycles().count.tolist()))
    [(3.0, 0.5), (4.0, 0.5), (4.0, 1.0), (6.0, 0.5), (8.0, 0.5), (8.0, 0.5), (9.0, 0.5)]
    """

    _residue: FloatArray = field(default_factory=lambda: np.empty(0))
    _closed: list[FloatArray] = field(default_factory=list)

    def feed(self, signal: FloatArray) -> None:
        """Count the cycles that a chunk closes.

        Parameters
        ----------
        signal : ndarray, shape (n_times,)
            Next samples, e.g. state of charge.

        Raises
        ------
        ValueError
            If a sample is NaN or infinite.
        """
        if not np.all(np.isfinite(signal)):
            message = "rainflow needs finite samples: cut the signal at the gap and count each part"
            raise ValueError(message)
        points = turning_points(np.concatenate((self._residue, np.asarray(signal, dtype=np.float64))))
        if points.shape[0] < 2:
            self._residue = points
            return
        # The last point may still grow, so it is counted only when the signal turns again.
        closed, residue = count_closed(points[:-1])
        self._closed.append(closed)
        self._residue = np.concatenate((residue, points[-1:]))

    def cycles(self) -> Cycles:
        """All cycles so far; what is still open counts as ASTM E1049 counts a signal that ends here."""
        closed, residue = count_closed(turning_points(self._residue))
        rows = np.concatenate([*self._closed, closed, close_residue(residue)]).reshape(-1, 3)
        return Cycles(depth=rows[:, 0], mean=rows[:, 1], count=rows[:, 2])


def rainflow(signal: FloatArray) -> Cycles:
    """Count the cycles of a whole signal.

    Parameters
    ----------
    signal : ndarray, shape (n_times,)
        Samples, e.g. state of charge.

    Returns
    -------
    Cycles
        Full and half cycles.

    References
    ----------
    .. [1] ASTM E1049-85 (2017), Standard Practices for Cycle Counting in Fatigue Analysis, section 5.4.4.
    """
    counter = RainflowCounter()
    counter.feed(signal)
    return counter.cycles()
