"""The climate of a study from a file of temperatures: a year of minutes from 1 January, 00:00 UTC."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from battuta.adapters.files.series_columns import TIME, columns_of, one_column, read_table
from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray
from battuta.twin.climate import year_of_samples_c

TEMPERATURES = ("temperature_c", "Temperature_C", "T_degC")
"""Columns that are known as temperatures. [degC]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClimateYear:
    """A year of temperatures around a battery.

    Attributes
    ----------
    ambient_c : ndarray, shape (525600,)
        Temperature of each minute, from 1 January, 00:00 UTC. [degC]
    source : str
        The file, as the user named it.
    is_synthetic : bool
        Whether the file says that it is made up.
    """

    ambient_c: FloatArray
    source: str
    is_synthetic: bool = False


def read_climate(path: Path, *, utc_offset_h: float = 0.0) -> ClimateYear:
    r"""Read a year of temperatures.

    Parameters
    ----------
    path : Path
        CSV (also ``.csv.gz``) or Parquet with one column of times (``time`` with offset; ``Time_s``, ``time_s`` or
        ``t_hours`` since 1 January) and one of temperatures (``temperature_c``, ``Temperature_C``, ``T_degC``).
    utc_offset_h : float
        How far ahead of UTC the clock of times without offset is: -5 for Miami. [h]

    Returns
    -------
    ClimateYear
        Temperatures by straight lines between those of the file. One that begins later in the year goes on in January
        where it ends.

    Raises
    ------
    DataError
        If the file cannot be read, has not one column of each, or is no year without gaps.
    ClockError
        If ``time`` carries no offset.
    InvalidQuantityError, UsageError
        If there is no such clock, or the times carry their offset already.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "place.csv"
    ...     _ = path.write_text("t_hours,T_degC\n" + "".join(f"{each},{each % 24}\n" for each in range(8760)))
    ...     read_climate(path).ambient_c[[0, 60, 90]], read_climate(path, utc_offset_h=-5.0).ambient_c[300]
    (array([0. , 1. , 1.5]), np.float64(0.0))
    """
    source = str(path)
    if not -12.0 <= utc_offset_h <= 14.0:
        raise InvalidQuantityError("utc_offset_h", utc_offset_h, -12.0, 14.0, "h", where=source)
    frame = read_table(path, "temperatures of a year")
    read = columns_of(frame, one_column(frame, TEMPERATURES, "temperatures", source), source)
    if utc_offset_h and read.time_column == TIME:
        message = f"{source}: its times carry their offset already; leave utc_offset_h out"
        raise UsageError(message)
    year_c = year_of_samples_c(read.time_s, read.values, source)
    begins_minute = round(float(read.time_s[0]) / 60.0 - 60.0 * utc_offset_h)
    return ClimateYear(ambient_c=np.roll(year_c, begins_minute), source=source, is_synthetic=read.is_synthetic)
