"""A record of telemetry as a table of features: a row for each cell and day, empty where nothing was to be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import polars as pl

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.errors import DataError, UsageError
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.apparent_resistance import apparent_resistance
from battuta.health.charge_features import charge_features
from battuta.health.relaxation_features import relaxation_features
from battuta.health.string_kernels import MIDDLE_CLIP_V, middle_of_string
from battuta.health.string_scan import joined
from battuta.health.thermal_residual import ThermalResiduals
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.cell_parameters import cell_parameters
from battuta.ports.telemetry import TelemetrySource

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRun:
    """What was written.

    Attributes
    ----------
    strings, cells, days, rows : int
        Strings that were read, their cells, their days together, and rows of the table.
    seconds : float
        How long it took. [s]
    refused : tuple of str
        Files and strings that could not be read to their end, each with its reason.
    """

    strings: int
    cells: int
    days: int
    rows: int
    seconds: float
    refused: tuple[str, ...]


class StringFeatures:
    """Reads the features of one string day by day; temperatures are held against the days before.

    Parameters
    ----------
    capacity_ah : float
        Capacity of a cell. [Ah]
    """

    def __init__(self, capacity_ah: float) -> None:
        self._capacity_ah = capacity_ah
        self._warmth: ThermalResiduals | None = None

    def take(self, block: Block) -> pl.DataFrame:
        """Read the features of a day.

        Parameters
        ----------
        block : Block
            Rows of one UTC day, later than the last.

        Returns
        -------
        polars.DataFrame
            A row for each cell; null where nothing was to be seen.
        """
        middle_v = np.empty(block.n_times)
        middle_of_string(block.voltage_v, MIDDLE_CLIP_V, middle_v)
        day = int(block.time_ns[0] // NS_PER_DAY)
        heads = [
            pl.Series("string", [block.string_id] * block.n_cells, dtype=pl.String),
            pl.Series("date", [datetime.fromtimestamp(86_400 * day, UTC).date()] * block.n_cells, dtype=pl.Date),
            pl.Series("cell", np.arange(block.n_cells)),
        ]
        columns = {**self._electric(block, middle_v), **self._thermal(block, day)}
        values = [pl.Series(name, np.broadcast_to(each, block.n_cells).copy()) for name, each in columns.items()]
        return pl.DataFrame([*heads, *values]).fill_nan(None)

    def _electric(self, block: Block, middle_v: FloatArray) -> dict[str, FloatArray | IntArray | float]:
        charge = charge_features(block, self._capacity_ah, middle_v)
        rest = relaxation_features(block, self._capacity_ah, middle_v)
        jump = apparent_resistance(block, self._capacity_ah, middle_v)
        return {
            "charge_ah": charge.charge_ah,
            "charge_rate": charge.rate,
            "charge_rows": charge.n_rows,
            "between_ah": charge.between_ah,
            "between_deviation_ah": charge.between_deviation_ah,
            "between_share": charge.between_share,
            "between_share_deviation": charge.between_share_deviation,
            "lower_lead_ah": charge.lower_lead_ah,
            "lower_lead_deviation_ah": charge.lower_lead_deviation_ah,
            "upper_lead_ah": charge.upper_lead_ah,
            "upper_lead_deviation_ah": charge.upper_lead_deviation_ah,
            "upper_height_share": charge.upper_height_share,
            "peak_below_ah_per_v": charge.below_ah_per_v,
            "peak_below_deviation_ah_per_v": charge.below_deviation_ah_per_v,
            "peak_below_v": charge.below_v,
            "peak_above_ah_per_v": charge.above_ah_per_v,
            "peak_above_deviation_ah_per_v": charge.above_deviation_ah_per_v,
            "peak_above_v": charge.above_v,
            "rest_rows": rest.n_rows,
            "rest_v": rest.rest_v,
            "creep_v": rest.amplitude_v,
            "creep_deviation_v": rest.amplitude_deviation_v,
            "creep_time_s": rest.time_constant_s,
            "creep_time_deviation_s": rest.time_constant_deviation_s,
            "creep_time_of_string_s": rest.string_time_constant_s,
            "slow_ohm": rest.slow_resistance_ohm,
            "slow_deviation_ohm": rest.slow_resistance_deviation_ohm,
            "jumps": jump.n_jumps,
            "step_s": jump.step_s,
            "apparent_ohm": jump.resistance_ohm,
            "apparent_deviation_ohm": jump.resistance_deviation_ohm,
            "apparent_share": jump.share,
            "apparent_share_deviation": jump.share_deviation,
            "apparent_of_string_ohm": jump.string_resistance_ohm,
        }

    def _thermal(self, block: Block, day: int) -> dict[str, FloatArray | IntArray | float]:
        n_sensors = block.temperature_c.shape[1]
        if self._warmth is None or self._warmth.n_sensors != n_sensors:
            self._warmth = ThermalResiduals(n_sensors)
        time_s = (block.time_ns - day * NS_PER_DAY) / 1e9
        warm = self._warmth.take(day, time_s, block.current_a / self._capacity_ah, block.temperature_c)
        own = np.arange(block.n_cells) * n_sensors // block.n_cells
        unknown, none = np.full(block.n_cells, np.nan), np.zeros(block.n_cells, dtype=np.int64)
        return {
            "sensor": own if n_sensors else none - 1,
            "sensor_bins": warm.n_bins[own] if n_sensors else none,
            "warmer_k": warm.residual_k[own] if n_sensors else unknown,
            "warmer_deviation_k": warm.residual_deviation_k[own] if n_sensors else unknown,
            "warmer_at_heat_k": warm.warm_residual_k[own] if n_sensors else unknown,
            "heat_of_string_share": warm.heat_share,
            "heat_of_string_share_deviation": warm.heat_share_deviation,
        }


def features_of(blocks: Iterable[Block], capacity_ah: float) -> Iterator[pl.DataFrame]:
    """Read the features of one string.

    Parameters
    ----------
    blocks : iterable of Block
        Its telemetry in the order of time, in any pieces.
    capacity_ah : float
        Capacity of a cell. [Ah]

    Yields
    ------
    polars.DataFrame
        A day, a row for each cell.
    """
    reader = StringFeatures(capacity_ah)
    for day in _days(blocks):
        yield reader.take(day)


def write_features(
    source: TelemetrySource,
    out: Path,
    *,
    cell: str = "lfp_314ah",
    capacity_ah: float | None = None,
    progress: Progress | None = None,
) -> FeatureRun:
    """Write the features of a record into one file, string by string, so that memory does not grow with the fleet.

    Parameters
    ----------
    source : TelemetrySource
        The record.
    out : Path
        A ``.csv`` or ``.parquet`` file; its folder is there.
    cell : str
        Kind of cell, as parameter sets are named; its capacity is taken where none is given.
    capacity_ah : float or None
        Capacity of a cell. [Ah]
    progress : callable or None
        Told of progress.

    Returns
    -------
    FeatureRun
        What was written; a string that breaks off is named, with what could be read of it in the table.

    Raises
    ------
    UsageError
        If the kind does not exist, the capacity is none, or the file ends otherwise.
    DataError
        If nothing could be read, or the file cannot be written.
    """
    started = perf_counter()
    capacity_ah = cell_parameters(cell).capacity_ah if capacity_ah is None else capacity_ah
    if not 0.001 <= capacity_ah <= 10_000.0:
        message = f"a capacity of {capacity_ah} Ah is none; give that of one cell, from 0.001 to 10,000 Ah"
        raise UsageError(message)
    if out.suffix not in {".csv", ".parquet"}:
        message = f"{out} must end in .csv or .parquet"
        raise UsageError(message)
    names = source.strings()
    try:
        with TemporaryDirectory(dir=out.parent, prefix=".features-") as folder:
            parts = [(name, Path(folder) / f"{number:06d}.parquet") for number, name in enumerate(names)]
            work = partial(_write_string, source, capacity_ah)
            done = None if progress is None else partial(progress, "strings")
            written = list(LocalCompute().map(work, parts, done))
            tables = [part for _, part in parts if part.exists()]
            refused = (*source.refused, *(each.refused for each in written if each.refused))
            if not tables:
                message = f"no string could be read to a day: {'; '.join(refused) or 'the record is empty'}"
                raise DataError(message)
            _put_together(tables, Path(folder) / f"all{out.suffix}", out)
    except OSError as error:
        message = f"{out} cannot be written: {error.strerror or error}; choose another place, or free space"
        raise DataError(message) from error
    return FeatureRun(
        strings=len(tables),
        cells=sum(each.n_cells for each in written),
        days=sum(each.n_days for each in written),
        rows=sum(each.n_rows for each in written),
        seconds=perf_counter() - started,
        refused=refused,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    n_cells: int
    n_days: int
    n_rows: int
    refused: str


def _write_string(source: TelemetrySource, capacity_ah: float, part: tuple[str, Path]) -> _Written:
    """Write the features of one string into a file of its own."""
    name, path = part
    frames, refused = list[pl.DataFrame](), ""
    try:
        frames.extend(features_of((each.block for each in source.read(name)), capacity_ah))
    except DataError as error:
        refused = f"{name}: {error}"
    if frames:
        pl.concat(frames).write_parquet(path)
    heights = [frame.height for frame in frames]
    return _Written(n_cells=max(heights, default=0), n_days=len(frames), n_rows=sum(heights), refused=refused)


def _put_together(tables: list[Path], whole: Path, out: Path) -> None:
    """Write all tables into one file, and give it its name once all of it is written."""
    every = pl.scan_parquet(tables, glob=False)
    if out.suffix == ".csv":
        every.sink_csv(whole)
    else:
        every.sink_parquet(whole)
    whole.replace(out)


def _days(blocks: Iterable[Block]) -> Iterator[Block]:
    """Put pieces together to whole days; a day in which cells or sensors change is told in parts."""
    pending: list[Block] = []
    for block in blocks:
        days = block.time_ns // NS_PER_DAY
        for day in np.unique(days).tolist():
            first, stop = np.searchsorted(days, [day, day + 1]).tolist()
            piece = block.rows(slice(first, stop))
            if pending and _kind(pending[-1]) != _kind(piece):
                yield joined(pending)
                pending = []
            pending.append(piece)
    if pending:
        yield joined(pending)


def _kind(block: Block) -> tuple[int, int, int]:
    """Day, cells and sensors of a piece."""
    return int(block.time_ns[0] // NS_PER_DAY), block.n_cells, block.temperature_c.shape[1]
