"""What a site's meter said, from a file: time and load or PV power; a gap stays a gap, nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.adapters.files.site_series_cells import Cells
from battuta.domain.errors import DataError, UsageError
from battuta.domain.imports import FindingKind, ImportFinding
from battuta.domain.time import NS_PER_HOUR, from_ns, zone_of
from battuta.forecast.site_series import SiteSeries, far_readings, require_one_unit
from battuta.numerics.arrays import FloatArray, IntArray

TIME, IS_SYNTHETIC = "time", "is_synthetic"
ROW_OF_FIRST = 2
MEMORY_DAYS = 400
"""Of older days no model of a site learns. [d]"""
N_STEP_CHANGE = 24
"""So many equal distances in a row of another length are a change of step, not gaps. [-]"""
_GRID_PER_ROW_MAX = 20
_NS_PER_MINUTE = NS_PER_HOUR // 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteImport:
    """A series of a site, where it came from, and what was seen while it was read.

    Attributes
    ----------
    series : SiteSeries
        The series, NaN where nothing was measured.
    source : str
        The file, as the user named it.
    findings : tuple of ImportFinding
        What was told; none of it is refused.
    """

    series: SiteSeries
    source: str
    findings: tuple[ImportFinding, ...] = ()

    @property
    def label(self) -> str:
        """What must stand beside every figure of it; empty for what was measured."""
        return f"SYNTHETIC: {self.source}, made up, not measured" if self.series.is_synthetic else ""


def read_site_series(path: Path, column: str, zone: str) -> SiteImport:
    r"""Read a series of a site.

    Parameters
    ----------
    path : Path
        CSV (also ``.csv.gz``) or Parquet: ``time``, the start of each interval with its offset, and the column asked
        for. Rows that are not there and empty cells are gaps. ``is_synthetic`` marks what is made up.
    column : str
        ``load_kw`` or ``pv_kw``: mean power of the interval, a magnitude. [kW]
    zone : str
        IANA zone in which the site lives its days.

    Returns
    -------
    SiteImport
        The series on a regular grid, and what was seen.

    Raises
    ------
    DataError
        If the file cannot be read, or holds what must be mended first.
    ClockError
        If times carry no offset, or the step is no whole part of an hour.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "meter.csv"
    ...     _ = path.write_text("time,load_kw\n2026-01-01T00:00Z,4\n2026-01-01T00:15Z,5\n2026-01-01T00:45Z,6\n")
    ...     read_site_series(path, "load_kw", "Europe/Berlin").series.values_kw
    array([ 4.,  5., nan,  6.])
    """
    if not path.is_file():
        message = f"{path} is no file; name a CSV or Parquet file of the site's meter"
        raise DataError(message)
    try:
        is_parquet = path.suffix == ".parquet"
        frame = pl.read_parquet(path, glob=False) if is_parquet else pl.read_csv(path, infer_schema=False, glob=False)
    except (PolarsError, OSError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{path} cannot be read: {reason}"
        raise DataError(message) from error
    return site_series_of(frame, column, zone, source=path.name)


def site_series_of(frame: pl.DataFrame, column: str, zone: str, *, source: str) -> SiteImport:
    """Take a series of a site out of a frame, checked as a file is; see `read_site_series`.

    Parameters
    ----------
    frame : DataFrame
        Columns ``time``, the one asked for, maybe ``is_synthetic``; rows count from 2, as in a file with a header.
    column : str
        ``load_kw`` or ``pv_kw``. [kW]
    zone : str
        IANA zone.
    source : str
        What errors and labels call it.

    Returns
    -------
    SiteImport
        The series on a regular grid, and what was seen.
    """
    zone_of(zone)
    names = [name.strip() for name in frame.columns]
    if len(set(names)) < len(names):
        message = f"{source} has two columns of one name: {', '.join(names)}; remove one"
        raise DataError(message)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    _require_columns(frame, column, source)
    cells = Cells(source, np.arange(frame.height, dtype=np.int64) + ROW_OF_FIRST)
    time_ns = cells.times(frame[TIME])
    values_kw = cells.magnitudes(frame[column])
    is_synthetic = IS_SYNTHETIC in frame.columns and cells.is_marked(frame[IS_SYNTHETIC])
    cells.raise_if_refused()
    _refuse_disorder(time_ns, cells)
    cells.raise_if_refused()
    step_ns = _step_ns(time_ns, source)
    _refuse_what_is_off(time_ns, step_ns, cells)
    cells.raise_if_refused()
    laid_kw = _on_grid(time_ns, values_kw, step_ns, cells)
    series = SiteSeries(
        time_ns=time_ns[0] + step_ns * np.arange(laid_kw.size, dtype=np.int64), values_kw=laid_kw,
        step=timedelta(microseconds=step_ns // 1000), zone=zone, name=column, is_synthetic=is_synthetic,
    )  # fmt: skip
    if not series.n_known:
        message = f"{source}: column {column} has no value at all; export it again"
        raise DataError(message)
    series = _without_far_readings(series, (time_ns - time_ns[0]) // step_ns, cells)
    return SiteImport(series=series, source=source, findings=cells.findings)


def _require_columns(frame: pl.DataFrame, column: str, source: str) -> None:
    has = ", ".join(frame.columns)
    if TIME not in frame.columns:
        message = f"{source} has no column time; name the start of the interval so, with its offset; it has {has}"
        raise DataError(message)
    if column not in frame.columns:
        others = [name for name in ("load_kw", "pv_kw") if name in frame.columns]
        mend = (
            f"it has {others[0]}: ask for that with --what {others[0].removesuffix('_kw')}"
            if others
            else f"name the mean power of the interval so, in kW, 0 or above; it has {has}"
        )
        message = f"{source} has no column {column}; {mend}"
        raise UsageError(message) if others else DataError(message)
    if not frame.height:
        message = f"{source} has a header and no rows; export it again"
        raise DataError(message)


def _refuse_disorder(time_ns: IntArray, cells: Cells) -> None:
    distance_ns = np.diff(time_ns)
    back, twice = np.flatnonzero(distance_ns < 0) + 1, np.flatnonzero(distance_ns == 0) + 1
    if back.size:
        cells.refuse(
            FindingKind.UNSORTED, f"{_stamp(time_ns, back)} comes after a later time", "sort the rows by time",
            TIME, back,
        )  # fmt: skip
    if twice.size:
        cells.refuse(
            FindingKind.DUPLICATE, f"{_stamp(time_ns, twice)} stands in the row before already",
            "keep the right one of them", TIME, twice,
        )  # fmt: skip


def _step_ns(time_ns: IntArray, source: str) -> int:
    """The commonest distance between rows. [ns]"""
    if time_ns.size == 1:
        message = f"{source} holds a single interval, so its length is not known; give at least two rows"
        raise DataError(message)
    lengths_ns, n_times = np.unique(np.diff(time_ns), return_counts=True)
    return int(lengths_ns[np.argmax(n_times)])


def _refuse_what_is_off(time_ns: IntArray, step_ns: int, cells: Cells) -> None:
    """Refuse rows off the grid of the others, a change of step, and a time of a wrong year."""
    minutes = f"{step_ns / _NS_PER_MINUTE:g} min"
    off = np.flatnonzero(time_ns % step_ns)
    if off.size:
        cells.refuse(
            FindingKind.IRREGULAR_STEP, f"{_stamp(time_ns, off)} is off the grid of {minutes} in UTC",
            "remove or correct the rows, or bring them to means of a quarter-hour or an hour", TIME, off,
        )  # fmt: skip
        return
    distance_ns = np.diff(time_ns)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(distance_ns)) + 1))
    lengths = np.diff(np.concatenate((starts, [distance_ns.size])))
    changes = starts[(lengths >= N_STEP_CHANGE) & (distance_ns[starts] != step_ns)]
    if changes.size:
        other = f"{distance_ns[changes[0]] / _NS_PER_MINUTE:g} min"
        cells.refuse(
            FindingKind.IRREGULAR_STEP,
            f"from {_stamp(time_ns, changes)} on rows are {other} apart, elsewhere {minutes}",
            "split the file where the step changes, or bring it to one step", TIME, changes,
        )  # fmt: skip
    n_all = int(time_ns[-1] - time_ns[0]) // step_ns + 1
    if n_all > _GRID_PER_ROW_MAX * (time_ns.size + 100):
        widest = np.array([int(np.argmax(distance_ns)) + 1])
        cells.refuse(
            FindingKind.GAP, f"{time_ns.size} rows for {n_all} intervals, the widest gap before this one",
            "look for a time of a wrong year, or give the file from here on", TIME, widest,
        )  # fmt: skip


def _on_grid(time_ns: IntArray, values_kw: FloatArray, step_ns: int, cells: Cells) -> FloatArray:
    place = (time_ns - time_ns[0]) // step_ns
    laid_kw = np.full(int(place[-1]) + 1, np.nan)
    laid_kw[place] = values_kw
    after = np.flatnonzero(np.diff(place) > 1) + 1
    if after.size:
        n_missing = laid_kw.size - place.size
        told = "1 interval has no row" if n_missing == 1 else f"{n_missing} intervals have no row"
        cells.note(FindingKind.GAP, f"{told}, the first before {_stamp(time_ns, after)}; they stay gaps", TIME, after)
    return laid_kw


def _without_far_readings(series: SiteSeries, place: IntArray, cells: Cells) -> SiteSeries:
    """Leave out readings far beyond all before, once kW and W are known not to meet; `place` is that of each row."""
    require_one_unit(series.tail(MEMORY_DAYS))
    is_far = far_readings(series)
    at = np.flatnonzero(is_far[place])
    if not at.size:
        return series
    read_kw = series.values_kw[place[at]]
    highest_kw = float(read_kw.max())
    when = from_ns(int(series.time_ns[place[at[np.argmax(read_kw)]]]))
    told = (
        f"{at.size} reading{'s' if at.size > 1 else ''} far beyond all before, the highest {highest_kw:g} kW at "
        f"{when:%Y-%m-%dT%H:%MZ}; left out as missing"
    )
    cells.note(FindingKind.IMPLAUSIBLE_VALUE, told, series.name, at)
    return replace(series, values_kw=np.where(is_far, np.nan, series.values_kw))


def _stamp(time_ns: IntArray, at: IntArray) -> str:
    """Say the time of the first of some rows."""
    return f"{from_ns(int(time_ns[at[0]])):%Y-%m-%dT%H:%MZ}"
