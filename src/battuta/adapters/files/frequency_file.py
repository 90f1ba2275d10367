"""The frequency of a grid from a file: whole days of one value a second, means of what is finer, without a gap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from battuta.adapters.files.series_columns import ROW_OF_FIRST, columns_of, one_column, read_table
from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.numerics.arrays import FloatArray, IntArray

FREQUENCY_HZ = "frequency_hz"
_SECONDS_PER_DAY = 86_400
_FREQUENCY_HZ_RANGE = (40.0, 70.0)
_FULL_SHARE = 0.9
"""Share of its samples that a second needs. [-]"""
_JITTER_SHARE = 0.25
"""Share of a step by which times may be rounded. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrequencyDays:
    """Whole days of frequency.

    Attributes
    ----------
    frequency_hz : ndarray, shape (86400 * n_days,)
        Mean of each second, from midnight UTC. [Hz]
    source : str
        The file, as the user named it.
    is_synthetic : bool
        Whether the file says that it is made up.
    """

    frequency_hz: FloatArray
    source: str
    is_synthetic: bool = False


def read_frequency(path: Path) -> FrequencyDays:
    """Read whole days of frequency.

    Parameters
    ----------
    path : Path
        Parquet or CSV (also ``.csv.gz``) with one column of times (``time`` with offset; ``Time_s``, ``time_s`` or
        ``t_hours`` since a midnight UTC) and ``frequency_hz``, a value each second or finer. A year is best kept as
        Parquet: the cells of a CSV are text while it is read.

    Returns
    -------
    FrequencyDays
        A value a second; days are those of UTC, so summer time takes and gives no hour.

    Raises
    ------
    DataError
        If the file cannot be read, is coarser than a second, has gaps, or holds no whole days.
    ClockError
        If ``time`` carries no offset.
    InvalidQuantityError
        If a value is no frequency of a grid.

    Examples
    --------
    >>> import polars as pl
    >>> from tempfile import TemporaryDirectory
    >>> tenths_s = np.arange(864_000) / 10.0
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "day.parquet"
    ...     pl.DataFrame({"time_s": tenths_s, "frequency_hz": 50.0 + tenths_s % 1.0 / 10.0}).write_parquet(path)
    ...     read_frequency(path).frequency_hz[:2].round(6)
    array([50.045, 50.045])
    """
    source = str(path)
    frame = read_table(path, "frequencies of whole days")
    read = columns_of(frame, one_column(frame, (FREQUENCY_HZ,), "frequencies", source), source)
    _refuse_values(read.values, source)
    second, per_second = _seconds(read.time_s, source)
    n_seconds = int(second[-1]) + 1
    counts = np.bincount(second, minlength=n_seconds)
    short = np.flatnonzero(counts < _FULL_SHARE * per_second)
    if short.size:
        message = (
            f"{source}: {short.size} seconds have no value, or too few, the first is {_clock(int(short[0]))}; a gap is "
            "not filled: take days without one"
        )
        raise DataError(message)
    if n_seconds % _SECONDS_PER_DAY:
        message = (
            f"{source}: it ends {n_seconds % _SECONDS_PER_DAY} s after midnight UTC; a study needs whole days of "
            f"{_SECONDS_PER_DAY} s: cut the last one"
        )
        raise DataError(message)
    mean_hz = np.bincount(second, weights=read.values, minlength=n_seconds) / counts
    return FrequencyDays(frequency_hz=mean_hz, source=source, is_synthetic=read.is_synthetic)


def _refuse_values(frequency_hz: FloatArray, source: str) -> None:
    missing = np.flatnonzero(~np.isfinite(frequency_hz))
    if missing.size:
        message = (
            f"{source}: {missing.size} of {frequency_hz.size} frequencies are missing, the first in row "
            f"{missing[0] + ROW_OF_FIRST}; a gap is not filled: take days without one"
        )
        raise DataError(message)
    low, high = _FREQUENCY_HZ_RANGE
    far = np.flatnonzero((frequency_hz < low) | (frequency_hz > high))
    if far.size:
        where = f"{source}, row {far[0] + ROW_OF_FIRST} (per unit and deviations in mHz are to be made Hz)"
        raise InvalidQuantityError(FREQUENCY_HZ, float(frequency_hz[far[0]]), low, high, "Hz", where=where)


def _seconds(time_s: FloatArray, source: str) -> tuple[IntArray, int]:
    """Second of each sample since the first midnight, and how many samples a second has."""
    steps_s = np.diff(time_s)
    back = np.flatnonzero(steps_s <= 0.0)
    if not steps_s.size or back.size:
        row = (back[0] if back.size else 0) + 1 + ROW_OF_FIRST
        message = f"{source}, row {row}: no later than the one before; sort by time, keep one of each, and round none"
        raise DataError(message)
    step_s = float(np.median(steps_s))
    if step_s > 1.01:
        message = (
            f"{source}: a value every {step_s:g} s; regulation is answered second by second, and what is coarser hides "
            "part of the throughput: take a recording of 1 s or finer"
        )
        raise DataError(message)
    begins_s = float(time_s[0]) % _SECONDS_PER_DAY
    if min(begins_s, _SECONDS_PER_DAY - begins_s) > _JITTER_SHARE * step_s:
        message = f"{source}: it begins {begins_s:g} s after midnight UTC; cut it to whole days from midnight on"
        raise DataError(message)
    return np.floor(time_s - time_s[0] + _JITTER_SHARE * step_s).astype(np.int64), max(round(1.0 / step_s), 1)


def _clock(second: int) -> str:
    hour, rest = divmod(second % _SECONDS_PER_DAY, 3600)
    return f"day {second // _SECONDS_PER_DAY + 1}, {hour:02d}:{rest // 60:02d}:{rest % 60:02d} UTC"
