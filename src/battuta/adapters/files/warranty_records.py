"""What a site logs of its battery, block by block, for its warranty: charge, temperature and power by time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.adapters.files.series_columns import IS_SYNTHETIC, ROW_OF_FIRST, TIME, numbers, texts
from battuta.adapters.files.site_series_cells import Cells
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray, IntArray

BLOCK_ROWS = 500_000
"""Rows that are held at once: a site's year of seconds has 31 million."""
_SUFFIXES = (".csv", ".csv.gz", ".parquet")
_VALUES = ("soc", "temperature_c", "power_kw")
_RATE_MAX = 20.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteRecords:
    """Some records, in the order of the file.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        End of what each record tells of, UTC. [ns]
    soc, temperature_c, power_kw : ndarray, shape (n_times,)
        State of charge, cell temperature, power with discharge positive; NaN where missing. [-, degC, kW]
    is_synthetic : bool
        Whether the file says of any of them that it is made up.
    """

    time_ns: IntArray
    soc: FloatArray
    temperature_c: FloatArray
    power_kw: FloatArray
    is_synthetic: bool


def record_blocks(path: Path, *, installed_mwh: float) -> Iterator[SiteRecords]:
    r"""Read a site's records.

    Parameters
    ----------
    path : Path
        A CSV (also ``.csv.gz``) or Parquet file with ``time`` and its offset, ``soc``, ``temperature_c``, ``power_kw``,
        or a folder of such files, which are read in the order of their names.
    installed_mwh : float
        Energy when new, by which powers are known to be in kW. [MWh]

    Yields
    ------
    SiteRecords
        Some hundred thousand records at a time.

    Raises
    ------
    DataError
        If a file cannot be read, lacks a column, or holds what cannot be.
    ClockError
        If times carry no offset.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "log.csv"
    ...     _ = path.write_text("time,soc,temperature_c,power_kw\n2027-01-01T00:01Z,0.5,,-200\n")
    ...     block = next(record_blocks(path, installed_mwh=5.0))
    >>> block.soc, block.temperature_c, block.power_kw
    (array([0.5]), array([nan]), array([-200.]))
    """
    for file in _files(path):
        yield from _blocks_of(file, installed_mwh)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = (
        sorted(each for each in path.glob("*") if each.name.endswith(_SUFFIXES) and each.is_file())
        if path.is_dir()
        else []
    )
    if not found:
        message = f"{path} is neither a file nor a folder of {', '.join(_SUFFIXES)}; name the telemetry of the site"
        raise DataError(message)
    return found


def _blocks_of(file: Path, installed_mwh: float) -> Iterator[SiteRecords]:
    source = str(file)
    try:
        is_parquet = file.suffix == ".parquet"
        lazy = pl.scan_parquet(file, glob=False) if is_parquet else pl.scan_csv(file, infer_schema=False, glob=False)
        columns = _columns(lazy, source)
        row = ROW_OF_FIRST
        for frame in lazy.select(columns).collect_batches(chunk_size=BLOCK_ROWS):
            if frame.height:
                yield _records(frame.rename(str.strip), row, source, installed_mwh)
                row += frame.height
    except (PolarsError, OSError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{source} cannot be read: {reason}"
        raise DataError(message) from error
    if row == ROW_OF_FIRST:
        message = f"{source} has a header and no rows; export it again"
        raise DataError(message)


def _columns(lazy: pl.LazyFrame, source: str) -> list[str]:
    has = lazy.collect_schema().names()
    stripped = [name.strip() for name in has]
    missing = [name for name in (TIME, *_VALUES) if stripped.count(name) != 1]
    if missing:
        message = (
            f"{source} needs one column each of {TIME}, {', '.join(_VALUES)}; it has {', '.join(stripped)}: rename "
            f"what is {' and '.join(missing)}, or add it, empty where nothing was measured"
        )
        raise DataError(message)
    wanted = (TIME, *_VALUES, IS_SYNTHETIC)
    return [name for name, known in zip(has, stripped, strict=True) if known in wanted]


def _records(frame: pl.DataFrame, first_row: int, source: str, installed_mwh: float) -> SiteRecords:
    cells = Cells(source, np.arange(frame.height, dtype=np.int64) + first_row)
    time_ns = cells.times(frame[TIME])
    cells.raise_if_refused()
    soc, temperature_c, power_kw = (numbers(frame[name], source, first_row) for name in _VALUES)
    power_kw_max = _RATE_MAX * 1000.0 * installed_mwh
    _refuse(soc, -0.1, 1.1, "soc", "write fractions: 85 % is 0.85", source, first_row)
    _refuse(temperature_c, -60.0, 150.0, "temperature_c", "write degC", source, first_row)
    _refuse(power_kw, -power_kw_max, power_kw_max, "power_kw", "write kW, and --installed-mwh", source, first_row)
    is_synthetic = IS_SYNTHETIC in frame.columns and bool(
        (texts(frame[IS_SYNTHETIC], source).str.to_lowercase() == "true").any()
    )
    return SiteRecords(
        time_ns=time_ns, soc=soc, temperature_c=temperature_c, power_kw=power_kw, is_synthetic=is_synthetic
    )


def _refuse(values: FloatArray, low: float, high: float, name: str, mend: str, source: str, first_row: int) -> None:
    wrong = np.flatnonzero((values < low) | (values > high))
    if wrong.size:
        at = int(wrong[0])
        message = (
            f"{source}, row {first_row + at}, column {name}: {values[at]:g} cannot be, from {low:g} to {high:g} can; "
            f"{mend}"
        )
        raise DataError(message)
