"""Cell voltages of a row as whole millivolts, two bytes each: half the room in memory, and quickly read.

A column ``voltage_mv`` holds per row either the bytes of unsigned 16-bit numbers, low byte first, or a list of numbers.
65535 stands for a missing voltage. What is not measured in whole millivolts is not written so.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from battuta.adapters.telemetry.lists import NO_LIST, list_lengths, lists_to_array
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray

COLUMN = "voltage_mv"
MISSING_MV = 65_535
_PER_VOLT = 1000.0
_NEAR_MV = 1e-3
_TYPE = "<u2"


def packed(voltage_v: FloatArray) -> pl.Series | None:
    """Pack voltages.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages, NaN where there is none. [V]

    Returns
    -------
    Series, shape (n_times,), or None
        Bytes of each row; None where the voltages are no whole millivolts below 65.535 V.
    """
    known = np.isfinite(voltage_v)
    value_mv = np.where(known, voltage_v * _PER_VOLT, MISSING_MV)
    whole_mv = np.rint(value_mv)
    fits = (np.abs(value_mv - whole_mv) <= _NEAR_MV) & (whole_mv >= 0) & ((whole_mv < MISSING_MV) | ~known)
    if not voltage_v.size or not fits.all() or np.isinf(voltage_v).any():
        return None
    data, width = whole_mv.astype(_TYPE).tobytes(), 2 * voltage_v.shape[-1]
    rows = [data[at : at + width] for at in range(0, len(data), width)]
    return pl.Series(COLUMN, rows, dtype=pl.Binary)


def millivolt_lengths(column: pl.Series, where: str) -> IntArray:
    """Return how many voltages each row holds, `NO_LIST` where there is no row of them.

    Raises
    ------
    DataError
        If a row ends within a number, or the column holds neither bytes nor lists of numbers.
    """
    if column.dtype != pl.Binary:
        return list_lengths(column, where)
    n_bytes = column.bin.size().cast(pl.Int64).fill_null(2 * NO_LIST).to_numpy()
    if np.any(n_bytes % 2):
        message = f"{where}: column {column.name} has rows of an odd number of bytes; a voltage takes two"
        raise DataError(message)
    return n_bytes // 2


def millivolts_to_volts(column: pl.Series, lengths: IntArray, width: int) -> FloatArray:
    """Return voltages, NaN where there is none, shape (n_times, width). [V]"""
    if column.dtype != pl.Binary:
        value_mv = lists_to_array(column, lengths, width)
        return np.where(value_mv == MISSING_MV, np.nan, value_mv / _PER_VOLT)
    there = lengths == width
    own = column if there.all() else column.filter(pl.Series(there))
    whole_mv = np.frombuffer(b"".join(own.to_list()), dtype=_TYPE).reshape(-1, width)
    volts = whole_mv / _PER_VOLT
    volts[whole_mv == MISSING_MV] = np.nan
    if there.all():
        return volts
    laid = np.full((column.len(), width), np.nan)
    laid[there] = volts
    return laid
