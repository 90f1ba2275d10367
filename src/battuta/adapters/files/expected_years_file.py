"""What somebody expects of the prices of each year: a row a year, level and spread over those of history."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from battuta.adapters.files.series_columns import numbers, read_table
from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.domain.market_history import ExpectedYear

COLUMNS = ("year", "energy_price_factor", "spread_factor")
_FACTOR_MAX = 100.0
_ROW_OF_FIRST = 2


def read_expected_years(path: Path) -> tuple[ExpectedYear, ...]:
    r"""Read a file of expected years.

    Parameters
    ----------
    path : Path
        CSV (also ``.csv.gz``) or Parquet with the columns ``year``, ``energy_price_factor`` and ``spread_factor``.

    Returns
    -------
    tuple of ExpectedYear
        A year each, ascending.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, or names a year twice.
    InvalidQuantityError
        If a factor is below 0 or so large that it is no factor.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "expected.csv"
    ...     _ = path.write_text("year,energy_price_factor,spread_factor\n2027,0.95,0.9\n")
    ...     read_expected_years(path)
    (ExpectedYear(year=2027, energy_price_factor=0.95, spread_factor=0.9),)
    """
    frame = read_table(path, "what is expected of the years")
    missing = [each for each in COLUMNS if each not in frame.columns]
    if missing:
        message = (
            f"{path} lacks {', '.join(missing)}; it has {', '.join(frame.columns)}, and needs {', '.join(COLUMNS)}"
        )
        raise DataError(message)
    rows = np.stack([numbers(frame[each], str(path)) for each in COLUMNS], axis=1).tolist()
    found: dict[int, ExpectedYear] = {}
    for number, row in enumerate(rows):
        where = f"{path}, row {number + _ROW_OF_FIRST}"
        if not all(map(math.isfinite, row)) or row[0] != int(row[0]):
            message = f"{where} holds {row}: it needs a calendar year and two numbers, and nothing is filled"
            raise DataError(message)
        year, level, spread = int(row[0]), float(row[1]), float(row[2])
        for name, value in zip(COLUMNS[1:], (level, spread), strict=True):
            if not 0.0 <= value <= _FACTOR_MAX:
                raise InvalidQuantityError(name, value, 0.0, _FACTOR_MAX, "-", where=f"{where} (1 is as in history)")
        if year in found:
            message = f"{where}: {year} stands there twice; keep one row for each year"
            raise DataError(message)
        found[year] = ExpectedYear(year=year, energy_price_factor=level, spread_factor=spread)
    return tuple(found[year] for year in sorted(found))
