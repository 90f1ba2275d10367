"""A recorded frequency as the grid of simulated sites: the recording begins when the world does."""

from __future__ import annotations

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.world.recorded_frequency import RecordedFrequency


class RecordedGrid:
    """A grid that plays a recording back, as a meter of the recording's pace shows it.

    Repeated, the recording begins anew with each end, which may be a step that no grid has made, and has done so before
    the world began. Else the frequency is NaN before and after: it was not recorded.

    Parameters
    ----------
    recorded : RecordedFrequency
        The recording.
    start_s : int
        Second since 1970 at which its first sample is played. [s]
    is_repeated : bool
        Whether it begins anew where it ends.

    Examples
    --------
    >>> trace = RecordedFrequency(np.arange(3.0), np.array([50.0, 49.9, 49.8]), 50.0)
    >>> RecordedGrid(trace, 100).samples(99, 5, 1).ravel()
    array([49.8, 50. , 49.9, 49.8, 50. ])
    >>> RecordedGrid(trace, 100, is_repeated=False).samples(102, 2, 1).ravel()
    array([49.8,  nan])
    """

    def __init__(self, recorded: RecordedFrequency, start_s: int, *, is_repeated: bool = True) -> None:
        self.recorded = recorded
        self.start_s = start_s
        self.is_repeated = is_repeated

    @property
    def nominal_hz(self) -> float:
        """Nominal frequency of the grid that was recorded. [Hz]"""
        return self.recorded.nominal_hz

    def samples(self, start_s: int, n_seconds: int, rate_hz: int = 20) -> FloatArray:
        """Frequency at the start of each part of each second.

        Parameters
        ----------
        start_s : int
            First second since 1970. [s]
        n_seconds : int
            Number of seconds. [-]
        rate_hz : int
            Samples a second; the last recorded sample is repeated where the recording has fewer. [Hz]

        Returns
        -------
        ndarray, shape (n_seconds, rate_hz)
            Frequency, NaN where it was not recorded. [Hz]
        """
        seconds = start_s - self.start_s + np.arange(n_seconds)
        played_s = (seconds[:, None] + np.arange(rate_hz) / rate_hz).ravel()
        duration_s = self.recorded.duration_s
        held_hz = self.recorded.held(played_s % duration_s + self.recorded.first_s)
        if not self.is_repeated:
            held_hz = np.where((played_s < 0.0) | (played_s >= duration_s), np.nan, held_hz)
        return held_hz.reshape(n_seconds, rate_hz)
