"""A file of capacity tests: when the capacity of a site was measured, and what was left of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from battuta.adapters.files.series_columns import ROW_OF_FIRST, TIME, numbers, read_table
from battuta.adapters.files.site_series_cells import Cells
from battuta.domain.errors import DataError

_CAPACITY = "soh_capacity"
_SOH_MAX = 1.5


def read_capacity_tests(path: Path) -> list[tuple[int, float]]:
    r"""Read capacity tests.

    Parameters
    ----------
    path : Path
        CSV (also ``.csv.gz``) or Parquet with ``time`` and its offset, and ``soh_capacity``.

    Returns
    -------
    list of (int, float)
        Instants of the tests, UTC, and the capacity over that when new. [ns], [-]

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, or holds a health that cannot be.
    ClockError
        If times carry no offset.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tests.csv"
    ...     _ = path.write_text("time,soh_capacity\n2028-01-03T08:00+01:00,0.975\n")
    ...     read_capacity_tests(path)
    [(1830495600000000000, 0.975)]
    """
    source = str(path)
    frame = read_table(path, "capacity tests")
    missing = [name for name in (TIME, _CAPACITY) if name not in frame.columns]
    if missing:
        message = f"{source} has no column {' and none '.join(missing)}; it has {', '.join(frame.columns)}"
        raise DataError(message)
    cells = Cells(source, np.arange(frame.height, dtype=np.int64) + ROW_OF_FIRST)
    time_ns = cells.times(frame[TIME])
    cells.raise_if_refused()
    soh = numbers(frame[_CAPACITY], source)
    wrong = np.flatnonzero(~((soh > 0.0) & (soh <= _SOH_MAX)))
    if wrong.size:
        row = int(wrong[0])
        message = (
            f"{source}, row {row + ROW_OF_FIRST}, column {_CAPACITY}: {soh[row]:g} is no share of the new capacity; "
            "97.5 % is 0.975"
        )
        raise DataError(message)
    return list(zip(time_ns.tolist(), soh.tolist(), strict=True))
