"""A site's log in Parquet, a row per time; and the bare rows of strings, with what no sensor can have measured kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from battuta.adapters.telemetry.lists import list_lengths, lists_to_array
from battuta.adapters.telemetry.parquet_index import stretches
from battuta.adapters.telemetry.parquet_rows import COLUMNS, guarded, instants_ns, rows_of
from battuta.domain.errors import ClockError, DataError, StorageError
from battuta.domain.site_log import SITE_COLUMNS, SiteLog
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.numerics.arrays import FloatArray

SITE_FILE = "site.parquet"
"""How a site's log is named beside the telemetry of its strings."""
SILENCE_TOLD = "insulation_ohm"
"""What counts as a fault where it is logged and says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteImport:
    """A site's log and what was seen while it was read.

    Attributes
    ----------
    log : SiteLog
        The log, NaN where a value is missing.
    remarks : tuple of str
        Columns that no log has or that hold no data, and values that no instrument can have measured, counted.
    """

    log: SiteLog
    remarks: tuple[str, ...]


def write_site_log(log: SiteLog, path: str | Path) -> Path:
    """Write a log as one Parquet file; a file that is there is replaced as a whole.

    Parameters
    ----------
    log : SiteLog
        The log.
    path : str or Path
        The file.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StorageError
        If the disk does not take it.
    """
    place = Path(path)
    part = place.with_suffix(".part")
    columns = [
        pl.Series("time", log.time_ns).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        pl.Series("site_id", [log.site_id]).new_from_index(0, log.n_times),
    ]
    for name, values in log.logged().items():
        series = pl.Series(name, np.ascontiguousarray(values))
        columns.append(series.arr.to_list() if SITE_COLUMNS[name].is_wide else series)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(columns).write_parquet(part)
        part.replace(place)
    except OSError as error:
        raise StorageError(str(place), error.strerror or str(error), "free space, or name another folder") from error
    finally:
        with suppress(OSError):  # where its folder cannot be, nor can it
            part.unlink(missing_ok=True)
    return place


def read_site_log(path: str | Path) -> SiteImport:
    """Read a log.

    Parameters
    ----------
    path : str or Path
        A Parquet file with ``time`` (with its zone), ``site_id`` and columns of `SITE_COLUMNS`, lists where they are
        wide.

    Returns
    -------
    SiteImport
        The log; nothing is filled.

    Raises
    ------
    DataError
        If the file cannot be read, holds several sites, or a column that is no numbers.
    ClockError
        If its times carry no zone.
    """
    place = Path(path)
    frame = guarded(place, lambda: pl.read_parquet(place, glob=False))
    site_id = _site_of(frame, place)
    time = frame["time"].dtype
    if not isinstance(time, pl.Datetime) or time.time_zone is None:
        message = f"{place}: column time holds {time}; write timestamps in UTC"
        raise ClockError(message)
    remarks: list[str] = []
    columns: dict[str, FloatArray] = {}
    for name in frame.columns:
        if name in SITE_COLUMNS:
            columns[name] = _values(frame[name], name, place, remarks)
        elif name not in {"time", "site_id"}:
            remarks.append(f"{place}: {name} is no column of a site's log; left out")
    time_ns = instants_ns(frame["time"], place)
    columns = _with_data(columns, int(time_ns.max() - time_ns.min()), place, remarks)
    return SiteImport(log=SiteLog(site_id=site_id, time_ns=time_ns, **columns), remarks=tuple(remarks))


def _with_data(
    columns: dict[str, FloatArray], length_ns: int, place: Path, remarks: list[str]
) -> dict[str, FloatArray]:
    """Leave out columns without a single value, as nothing can be looked for in them, and name silent channels.

    An insulation monitor that says nothing for a day or more stays, since its silence is a finding itself.
    """
    kept: dict[str, FloatArray] = {}
    for name, values in columns.items():
        known = np.isfinite(values)
        if known.any() or (name == SILENCE_TOLD and length_ns >= NS_PER_DAY):
            kept[name] = values
        if not known.any():
            end = "said as a finding" if name in kept else "what it tells of is not looked for"
            remarks.append(f"{place}: {name} has no data, not one value in {values.shape[0]:,} rows; {end}")
        elif SITE_COLUMNS[name].is_wide and not known.any(axis=0).all():
            silent = ", ".join(map(str, np.flatnonzero(~known.any(axis=0)).tolist()))
            remarks.append(f"{place}: {name} has no data of channel {silent} (from 0); nothing is known of it")
    return kept


def _site_of(frame: pl.DataFrame, place: Path) -> str:
    absent = [name for name in ("time", "site_id") if name not in frame.columns]
    if absent or not frame.height:
        wrong = f"no column {', '.join(absent)}" if absent else "no rows"
        message = f"{place} has {wrong}; a site's log needs time, site_id, and what it logs; see docs/site_faults.md"
        raise DataError(message)
    names = frame["site_id"].cast(pl.String).unique().to_list()
    if len(names) != 1 or names[0] is None:
        message = f"{place} holds {len(names)} sites ({', '.join(map(str, names[:5]))}); write a file for each"
        raise DataError(message)
    return str(names[0])


def _values(column: pl.Series, name: str, place: Path, remarks: list[str]) -> FloatArray:
    """Return a column as numbers, NaN where it is empty or cannot have been measured."""
    known = SITE_COLUMNS[name]
    if known.is_wide:
        lengths = list_lengths(column, str(place))
        width = int(lengths.max())
        if width < 1 or np.any((lengths > 0) & (lengths != width)):
            message = f"{place}: lists of {name} have {int(lengths.min())} to {width} values; write as many in each row"
            raise DataError(message)
        values = lists_to_array(column, lengths, width)
    else:
        is_number = column.dtype.is_numeric() or column.dtype == pl.Boolean
        if not is_number:
            message = f"{place}: column {name} holds {column.dtype}, not numbers in {known.unit}"
            raise DataError(message)
        values = np.array(column.cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)
    values = np.array(values, dtype=np.float64)
    out = np.isfinite(values) & ((values < known.low) | (values > known.high)) | np.isinf(values)
    if out.any():
        first = float(values[out][0])
        remarks.append(
            f"{place}: {name} has {int(out.sum())} values outside {known.low:g} to {known.high:g} {known.unit}, such "
            f"as {first:g}; taken as missing"
        )
        values[out] = np.nan
    return values


def bare_blocks(folder: str | Path) -> tuple[list[Block], list[str]]:
    """Read the strings of a folder as they are logged, a negative voltage and a frozen channel among them.

    Parameters
    ----------
    folder : str or Path
        Parquet files of telemetry, or one file; a site's log among them is passed over.

    Returns
    -------
    blocks : list of Block
        A string each.
    refused : list of str
        Files that could not be opened.

    Raises
    ------
    DataError
        If there is no string, or the rows of one repeat an instant or change their number of cells.
    """
    place = Path(folder)
    paths = sorted(place.rglob("*.parquet")) if place.is_dir() else [place]
    found, refused = stretches([path for path in paths if path.name != SITE_FILE])
    if not found:
        reasons = "".join(f"\n  - {reason}" for reason in refused) or " no file of strings ends in .parquet"
        message = f"{place} holds no telemetry that can be read:{reasons}"
        raise DataError(message)
    blocks: list[Block] = []
    for string_id in sorted({stretch.string_id for stretch in found}):
        parts = [
            rows
            for stretch in sorted(found, key=lambda each: each.first_ns)
            if stretch.string_id == string_id
            for rows in rows_of(_rows_of_string(stretch.path, stretch.columns, string_id), string_id, stretch.path)
        ]
        if len({rows.shape for rows in parts}) > 1:
            message = f"{place}: string {string_id} changes its number of cells or sensors; give one record of it"
            raise DataError(message)
        time_ns = np.concatenate([rows.time_ns for rows in parts])
        order = np.argsort(time_ns, kind="stable")
        bleeds = [rows.bleed_ah for rows in parts if rows.bleed_ah is not None]
        blocks.append(
            Block(
                string_id=string_id,
                time_ns=time_ns[order],
                current_a=np.concatenate([rows.current_a for rows in parts])[order],
                voltage_v=np.concatenate([rows.voltage_v for rows in parts])[order],
                temperature_c=np.concatenate([rows.temperature_c for rows in parts])[order],
                bleed_ah=np.concatenate(bleeds)[order] if len(bleeds) == len(parts) else None,
            )
        )
    return blocks, refused


def _rows_of_string(path: Path, columns: tuple[str, ...], string_id: str) -> pl.DataFrame:
    wanted = [name for name in COLUMNS if name in columns]
    frame = guarded(path, lambda: pl.read_parquet(path, columns=wanted, glob=False))
    return frame.filter(pl.col("string_id").cast(pl.String) == string_id)
