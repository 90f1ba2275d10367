"""A frequency that was recorded, played back only as far as the recording supports.

A 60 Hz recording stays a 60 Hz recording, a slow one is not made fast, and what is missing stays missing.
"""

from __future__ import annotations

import numpy as np

from battuta.domain.errors import DataError, StaleDataError
from battuta.numerics.arrays import FloatArray

APART_SHARE_MAX = 0.25
"""A sample further than this from nominal is refused. [-]

Wider than the 10 % beyond which the guard takes a measurement for missing: a meter on a dying line shows such values
(40 Hz on 28 April 2025 in Toledo), and a recording of it is to be played back as it is.
"""

_APART_HZ_MAX = 3.0
_GAP_STEPS_MAX = 1.5
_ROUNDING = 1.02


class RecordedFrequency:
    """A trace handed over as arrays.

    Parameters
    ----------
    times_s : ndarray, shape (n_times,)
        Instants, ascending. [s]
    frequency_hz : ndarray, shape (n_times,)
        Recorded frequency, NaN where missing. [Hz]
    nominal_hz : float
        Nominal frequency of the grid that was recorded. [Hz]
    source : str
        File that the arrays were read from: errors then name it and the row in it, the first below the header being 2;
        left out, they name the sample, the first being 0.

    Raises
    ------
    DataError
        If the shapes differ, there are fewer than two samples, the times do not ascend, the trace is not about its
        nominal frequency, or a sample lies further from it than `APART_SHARE_MAX`.

    Examples
    --------
    >>> trace = RecordedFrequency(np.arange(4.0), np.array([50.0, 49.9, 49.8, 49.9]), 50.0)
    >>> trace.samples(1, 2, 1)
    array([[49.9],
           [49.8]])
    """

    def __init__(self, times_s: FloatArray, frequency_hz: FloatArray, nominal_hz: float, *, source: str = "") -> None:
        name = source or "RecordedFrequency"
        if times_s.ndim != 1 or times_s.shape != frequency_hz.shape:
            message = f"{name}: times_s {times_s.shape} and frequency_hz {frequency_hz.shape} must be equally long"
            raise DataError(message)
        _check_times(times_s, source)
        known_hz = frequency_hz[np.isfinite(frequency_hz)]
        if not known_hz.size or not abs(float(np.median(known_hz)) - nominal_hz) <= _APART_HZ_MAX:
            middle = f"{float(np.median(known_hz)):.3f} Hz" if known_hz.size else "missing"
            message = (
                f"{name}: the median is {middle}, the nominal frequency {nominal_hz:g} Hz; a trace is never "
                f"rescaled: state the nominal frequency of the grid that was recorded, or use from_per_unit"
            )
            raise DataError(message)
        is_far = np.abs(frequency_hz - nominal_hz) > APART_SHARE_MAX * nominal_hz
        if is_far.any():
            at = int(np.argmax(is_far))
            message = (
                f"{_place(source, at)}: {frequency_hz[at]:g} Hz is more than {APART_SHARE_MAX:.0%} from the nominal "
                f"{nominal_hz:g} Hz; write what is missing as {'an empty field' if source else 'NaN'}"
            )
            raise DataError(message)
        self.nominal_hz = nominal_hz
        self.step_s = float(np.median(np.diff(times_s)))
        self._times_s = np.ascontiguousarray(times_s, dtype=np.float64)
        self._frequency_hz = np.ascontiguousarray(frequency_hz, dtype=np.float64)

    @classmethod
    def from_per_unit(cls, times_s: FloatArray, frequency_pu: FloatArray, nominal_hz: float) -> RecordedFrequency:
        """Take a trace per unit of a nominal frequency that is stated, not guessed.

        Parameters
        ----------
        times_s : ndarray, shape (n_times,)
            Instants, ascending. [s]
        frequency_pu : ndarray, shape (n_times,)
            Frequency over nominal. [-]
        nominal_hz : float
            Nominal frequency of the grid that was recorded. [Hz]

        Returns
        -------
        RecordedFrequency
            The trace in Hz.
        """
        return cls(times_s, frequency_pu * nominal_hz, nominal_hz)

    @property
    def rate_hz_max(self) -> float:
        """Samples a second that the recording supports. [Hz]"""
        return 1.0 / self.step_s

    @property
    def first_s(self) -> float:
        """Instant of the first sample. [s]"""
        return float(self._times_s[0])

    @property
    def duration_s(self) -> float:
        """Time that the recording covers, the step of its last sample included. [s]"""
        return float(self._times_s[-1] - self._times_s[0]) + self.step_s

    def at(self, times_s: FloatArray) -> FloatArray:
        """Frequency at instants, straight between neighbours.

        Parameters
        ----------
        times_s : ndarray, shape (n_times,)
            Instants. [s]

        Returns
        -------
        ndarray, shape (n_times,)
            Frequency; NaN outside the recording, across gaps and beside missing samples. [Hz]
        """
        last = np.searchsorted(self._times_s, times_s, side="right") - 1
        low = np.clip(last, 0, self._times_s.size - 2)
        gap_s = self._times_s[low + 1] - self._times_s[low]
        share = (times_s - self._times_s[low]) / gap_s
        left, right = self._frequency_hz[low], self._frequency_hz[low + 1]
        between = np.where(gap_s <= _GAP_STEPS_MAX * self.step_s, left + share * (right - left), np.nan)
        value_hz = np.where(share == 0.0, left, np.where(share == 1.0, right, between))
        return np.where((share < 0.0) | (share > 1.0), np.nan, value_hz)

    def samples(self, start_s: int, n_seconds: int, rate_hz: int = 1, *, hold: bool = False) -> FloatArray:
        """Frequency at the start of each part of each second, as `GridFrequency.samples` gives it.

        Parameters
        ----------
        start_s, n_seconds : int
            Window. [s]
        rate_hz : int
            Samples a second. [Hz]
        hold : bool
            Repeat the last recorded sample, as a slow meter does; else a rate above the recording's is refused.

        Returns
        -------
        ndarray, shape (n_seconds, rate_hz)
            Frequency, NaN where it was not recorded. [Hz]

        Raises
        ------
        StaleDataError
            If the rate is more than the recording supports.
        """
        times_s = (start_s + np.arange(n_seconds)[:, None] + np.arange(rate_hz) / rate_hz).ravel()
        if hold:
            return self.held(times_s).reshape(n_seconds, rate_hz)
        if rate_hz > self.rate_hz_max * _ROUNDING:
            message = (
                f"RecordedFrequency: {rate_hz} samples a second asked of a recording with one each {self.step_s:g} s; "
                f"ask for at most {self.rate_hz_max:g} Hz, or hold=True to repeat samples as a slow meter does"
            )
            raise StaleDataError(message)
        return self.at(times_s).reshape(n_seconds, rate_hz)

    def held(self, times_s: FloatArray) -> FloatArray:
        """Last recorded sample at instants, as a slow meter shows it.

        Parameters
        ----------
        times_s : ndarray, shape (n_times,)
            Instants. [s]

        Returns
        -------
        ndarray, shape (n_times,)
            Frequency; NaN outside the recording, in gaps and where the sample is missing. [Hz]
        """
        last = np.searchsorted(self._times_s, times_s, side="right") - 1
        age_s = times_s - self._times_s[np.maximum(last, 0)]
        known = (last >= 0) & (age_s < _GAP_STEPS_MAX * self.step_s)
        return np.where(known, self._frequency_hz[np.maximum(last, 0)], np.nan)


def _place(source: str, at: int) -> str:
    """Where a sample is: a row of its file, the header being row 1, or a place in the arrays."""
    return f"{source}, row {at + 2}" if source else f"RecordedFrequency, sample {at}"


def _check_times(times_s: FloatArray, source: str) -> None:
    """Refuse times that are too few, no numbers, or do not ascend."""
    if times_s.size < 2:
        message = (
            f"{source or 'RecordedFrequency'}: a recording needs two samples or more, to know its pace; "
            f"this has {times_s.size}"
        )
        raise DataError(message)
    is_time = np.isfinite(times_s)
    if not is_time.all():
        at = int(np.argmin(is_time))
        message = f"{_place(source, at)}: the time is {times_s[at]:g}, no instant; give each sample its time"
        raise DataError(message)
    ascends = times_s[1:] > times_s[:-1]
    if not ascends.all():
        at = int(np.argmin(ascends))
        since = " (counted from the first row)" if source else ""
        message = (
            f"{_place(source, at + 1)}: its time, {times_s[at + 1]:.12g} s, does not come after the one before, "
            f"{times_s[at]:.12g} s{since}; sort by time and keep one sample of each instant"
        )
        raise DataError(message)
