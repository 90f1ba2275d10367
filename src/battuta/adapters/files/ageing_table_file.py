"""Points of an ageing table from a CSV or Parquet file: health by age or by full cycles, a row for each."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from battuta.adapters.files.series_columns import ROW_OF_FIRST, numbers, one_column, read_table
from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import DataError

_AGES = ("years", "full_cycles")
_GRADES = ("depth", "temperature_c")


def read_ageing_table(table: AgeingTable, folder: Path) -> AgeingTable:
    """Read the points of a table that names a file.

    Parameters
    ----------
    table : AgeingTable
        The table.
    folder : Path
        Where the file that it names is looked for.

    Returns
    -------
    AgeingTable
        The table with its points; one that names no file is given back as it is.

    Raises
    ------
    DataError
        If the file is absent, lacks a column, or a cell is empty or no number.
    """
    if table.path is None:
        return table
    source = f"{table.where}: {table.path}"
    frame = read_table(folder / table.path, "points: years or full_cycles, soh_capacity, maybe depth, temperature_c")
    age = one_column(frame, _AGES, "ages", source)
    soh = one_column(frame, ("soh_capacity",), "health", source)
    points: dict[str, tuple[float, ...]] = {}
    for name in (age, soh, *(each for each in _GRADES if each in frame.columns)):
        values = numbers(frame[name], source)
        empty = np.flatnonzero(~np.isfinite(values))
        if empty.size:
            message = f"{source}, row {empty[0] + ROW_OF_FIRST}, column {name}: no number; remove the row, or write it"
            raise DataError(message)
        points[name] = tuple(values.tolist())
    return table.with_points(**points)
