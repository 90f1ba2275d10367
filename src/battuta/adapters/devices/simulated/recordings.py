"""Files of recorded grid frequency as the grid of simulated sites."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from battuta.domain.errors import DataError
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray
from battuta.world.recorded_frequency import RecordedFrequency
from battuta.world.recorded_grid import RecordedGrid

FREQUENCY_COLUMNS = ("frequency_hz", "f")
TIME_COLUMN = "time"
FIRST_ROW = 2
"""Row of the first sample, as in a spreadsheet: the header is row 1, in Parquet too."""

NOMINALS_HZ = (50.0, 60.0)
_NEAR_HZ = 3.0


def recorded_grid(
    path: Path, start_ns: int, *, nominal_hz: float | None = None, is_repeated: bool = True
) -> RecordedGrid:
    """Read a recording and let it begin when a world does.

    Parameters
    ----------
    path : Path
        File as for `read_recording`.
    start_ns : int
        First instant of the world; what the recording says of its own dates is left behind. [ns]
    nominal_hz : float, optional
        As for `read_recording`. [Hz]
    is_repeated : bool
        Whether it begins anew where it ends; else the frequency is missing from there on.

    Returns
    -------
    RecordedGrid
        The grid.
    """
    return RecordedGrid(read_recording(path, nominal_hz=nominal_hz), start_ns // NS_PER_S, is_repeated=is_repeated)


def read_recording(path: Path, *, nominal_hz: float | None = None) -> RecordedFrequency:
    """Read a recorded frequency.

    Parameters
    ----------
    path : Path
        CSV or Parquet with the columns ``time`` (instants, or numbers of seconds, ascending) and ``frequency_hz`` (or
        ``f``), empty where missing.
    nominal_hz : float, optional
        Nominal frequency of the grid that was recorded; left out, 50 or 60 Hz, whichever the median lies within 3 Hz
        of. [Hz]

    Returns
    -------
    RecordedFrequency
        The recording, its first instant at 0 s.

    Raises
    ------
    DataError
        If the file does not exist, is neither CSV nor Parquet or has fewer than two rows; a column is missing or cannot
        be read; times do not ascend; or the frequency is about neither nominal value, as a whole or in a row.
    """
    table = _table(path)
    name = next((each for each in FREQUENCY_COLUMNS if each in table.columns), None)
    if name is None or TIME_COLUMN not in table.columns:
        message = f"{path}: a recording has the columns time and frequency_hz (or f); this has {table.columns}"
        raise DataError(message)
    if not table.height:
        message = f"{path}: a recording needs two rows or more, to know its pace; this has none"
        raise DataError(message)
    frequency_hz = _numbers(table[name], path)
    return RecordedFrequency(
        _seconds(table[TIME_COLUMN], path),
        frequency_hz,
        nominal_hz or _nominal(path, frequency_hz),
        source=str(path),
    )


def _table(path: Path) -> pl.DataFrame:
    if path.is_dir():
        message = f"recording {path} is a folder; name one .csv or .parquet file in it"
        raise DataError(message)
    if not path.exists():
        message = f"recording {path} does not exist; name a .csv or .parquet file"
        raise DataError(message)
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        if path.suffix == ".csv":
            return pl.read_csv(path, try_parse_dates=True)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"{path}: cannot be read as {path.suffix[1:]}: {error}"
        raise DataError(message) from error
    message = f"recording {path}: a recording is a .csv or .parquet file"
    raise DataError(message)


def _numbers(column: pl.Series, path: Path) -> FloatArray:
    if not column.dtype.is_numeric():
        message = f"{path}: the column {column.name} holds {column.dtype}, not numbers"
        raise DataError(message)
    return column.cast(pl.Float64).fill_null(np.nan).to_numpy().astype(np.float64)


def _seconds(column: pl.Series, path: Path) -> FloatArray:
    if column.null_count():
        message = f"{path}: row {int(column.is_null().arg_max() or 0) + FIRST_ROW} of the column {column.name} is empty"
        raise DataError(message)
    if isinstance(column.dtype, pl.Datetime):
        time_ns = column.dt.cast_time_unit("ns").to_physical().to_numpy()
        return (time_ns - time_ns[:1]) / float(NS_PER_S)
    if not column.dtype.is_numeric():
        message = f"{path}: the column {column.name} holds {column.dtype}, neither instants (ISO 8601) nor seconds"
        raise DataError(message)
    seconds = _numbers(column, path)
    with np.errstate(over="ignore"):  # what is no instant is refused with its row
        return seconds - (seconds[:1] if np.isfinite(seconds[0]) else 0.0)


def _nominal(path: Path, frequency_hz: FloatArray) -> float:
    known_hz = frequency_hz[np.isfinite(frequency_hz)]
    middle_hz = float(np.median(known_hz)) if known_hz.size else np.nan
    for nominal_hz in NOMINALS_HZ:
        if abs(middle_hz - nominal_hz) <= _NEAR_HZ:
            return nominal_hz
    message = (
        f"{path}: the median of the frequency is {middle_hz:g}, about neither 50 nor 60 Hz; "
        f"a recording is never rescaled: write it in Hz"
    )
    raise DataError(message)
