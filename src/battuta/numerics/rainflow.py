"""Cycle counting by rainflow, streaming: equal to ASTM E1049-85 whatever the chunks in which the signal arrives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from battuta.numerics.arrays import FloatArray, IntArray
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
    span : ndarray, shape (n_cycles, 3)
        Samples at which it begins, turns, and is closed by a later reversal; what is open at the end closes there.
    """

    depth: FloatArray
    mean: FloatArray
    count: FloatArray
    span: IntArray

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
    _places: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    _closed: list[FloatArray] = field(default_factory=list)
    _spans: list[IntArray] = field(default_factory=list)
    _n_times: int = 0

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
        signal = np.ascontiguousarray(signal, dtype=np.float64)
        points, places = turning_points(self._residue, self._places, signal, self._n_times)
        self._n_times += signal.size
        if points.shape[0] < 2:
            self._residue, self._places = points, places
            return
        # The last point may still grow, so it is counted only when the signal turns again.
        closed, spans, residue, left = count_closed(points[:-1], places[:-1])
        self._closed.append(closed)
        self._spans.append(spans)
        self._residue = np.concatenate((residue, points[-1:]))
        self._places = np.concatenate((left, places[-1:]))

    def cycles(self) -> Cycles:
        """All cycles so far; what is still open counts as ASTM E1049 counts a signal that ends here."""
        closed, spans, residue, places = count_closed(self._residue, self._places)
        half, half_spans = close_residue(residue, places)
        rows = np.concatenate([*self._closed, closed, half])
        span = np.concatenate([*self._spans, spans, half_spans])
        return Cycles(depth=rows[:, 0], mean=rows[:, 1], count=rows[:, 2], span=span)


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

    Notes
    -----
    With fewer than three points left, the standard's rule 1 leads to its rule 6: each range that is not yet counted is
    half a cycle. So two samples that differ are half a cycle; the `rainflow` package 3.2.0 counts none of these two,
    but the same half cycle with a sample between them. A signal that never moves has no range and no cycle here; that
    package counts half a cycle of depth 0.

    References
    ----------
    .. [1] ASTM E1049-85 (2017), Standard Practices for Cycle Counting in Fatigue Analysis, section 5.4.4.

    Examples
    --------
    >>> half = rainflow(np.array([0.2, 0.9]))
    >>> half.depth, half.count
    (array([0.7]), array([0.5]))
    """
    counter = RainflowCounter()
    counter.feed(signal)
    return counter.cycles()
