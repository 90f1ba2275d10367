"""Telemetry in Parquet: one file per string and day, written, found and read one day at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import numpy as np
import polars as pl

from battuta.adapters.telemetry.findings import Findings
from battuta.adapters.telemetry.inspection import checked
from battuta.adapters.telemetry.millivolts import packed
from battuta.adapters.telemetry.parquet_index import MARKS, Stretch, stretches
from battuta.adapters.telemetry.parquet_rows import BLEED, COLUMNS, VOLTS, guarded, rows_of
from battuta.adapters.telemetry.plausible import PlausibleRange
from battuta.adapters.telemetry.rows import Rows
from battuta.adapters.telemetry.runs_of_shape import days_of, in_runs
from battuta.adapters.telemetry.same_fleet import require_same_fleet
from battuta.adapters.telemetry.site_parquet import SITE_FILE
from battuta.domain.errors import DataError, StorageError, UsageError
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY, from_ns
from battuta.numerics.arrays import FloatArray
from battuta.ports.telemetry import BlockImport, TelemetryFlaw

N_VALUES_MAX = 16_000_000
"""Voltages that are decoded at once from files that hold many days; one day always is. [-]"""


def write_block(block: Block, folder: str | Path, *, is_compact: bool = False) -> Path:
    """Write a block as ``folder/<string>/<day>.parquet``.

    Lists are float32: a voltage comes back to 0.2 uV. A file that is there is replaced as a whole.

    Parameters
    ----------
    block : Block
        Rows of a single UTC day.
    folder : str or Path
        Made where it is not there.
    is_compact : bool
        Write voltages as whole millivolts of two bytes each, which are read in less time; those that are none stay
        lists.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        If the block is empty or reaches into another day.
    StorageError
        If the disk does not take it.
    """
    days = np.unique(block.time_ns // NS_PER_DAY)
    if days.size != 1:
        message = f"string {block.string_id}: a file holds rows of one UTC day, these touch {days.size}; cut the block"
        raise DataError(message)
    day = from_ns(int(days[0]) * NS_PER_DAY).date().isoformat()
    path = Path(folder) / quote(block.string_id, safe=" ") / f"{day}.parquet"
    values = (block.string_id, block.time_ns[0], block.time_ns[-1], block.n_times, block.n_cells)
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _frame(block, is_compact=is_compact).write_parquet(
            part, metadata=dict(zip(MARKS, map(str, values), strict=True))
        )
        part.replace(path)
    except OSError as error:
        raise StorageError(str(path), error.strerror or str(error), "free space, or name another folder") from error
    finally:
        with suppress(OSError):  # where its folder cannot be, nor can it
            part.unlink(missing_ok=True)
    return path


def _frame(block: Block, *, is_compact: bool) -> pl.DataFrame:
    whole_mv = packed(block.voltage_v) if is_compact else None
    columns = [
        pl.Series("time", block.time_ns).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        pl.Series("string_id", [block.string_id]).new_from_index(0, block.n_times),
        pl.Series("current_a", block.current_a),
        _lists(VOLTS, block.voltage_v) if whole_mv is None else whole_mv,
        _lists("temperature_c", block.temperature_c),
    ]
    return pl.DataFrame(columns if block.bleed_ah is None else [*columns, _lists(BLEED, block.bleed_ah)])


def _lists(name: str, values: FloatArray) -> pl.Series:
    if not values.shape[-1]:
        return pl.Series(name, [[]] * values.shape[0], dtype=pl.List(pl.Float32))
    return pl.Series(name, np.ascontiguousarray(values, dtype=np.float32)).arr.to_list()


class ParquetTelemetry:
    """Reads a folder of telemetry, or a single file; a `battuta.ports.telemetry.TelemetrySource`.

    Parameters
    ----------
    path : str or Path
        A Parquet file, or a folder with such files at any depth, a site's own log among them passed over. A file may
        hold several strings and days.
    limits : PlausibleRange, optional
        What a sensor can have measured.
    seen_ns : mapping of str to int, optional
        Last row of each string that an earlier run has seen; files without later ones are left out. [ns]

    Raises
    ------
    DataError
        If there is no file that can be opened, or the earlier run saw other strings.
    """

    __slots__ = ("_limits", "_of_string", "_refused", "_seen_ns", "source")

    def __init__(
        self, path: str | Path, limits: PlausibleRange | None = None, seen_ns: Mapping[str, int] | None = None
    ) -> None:
        self.source = str(path)
        self._seen_ns = seen_ns or {}
        self._limits = limits
        place = Path(path)
        is_folder = place.is_dir()
        paths = sorted(each for each in place.rglob("*.parquet") if each.name != SITE_FILE) if is_folder else [place]
        found, refused = stretches(paths)
        if not found:
            reasons = "".join(f"\n  - {reason}" for reason in refused) or " no file ends in .parquet"
            message = f"{path} holds no telemetry that can be read:{reasons}"
            raise DataError(message)
        require_same_fleet({each.string_id for each in found}, self._seen_ns, self.source)
        self._refused = tuple(refused)
        self._of_string: dict[str, list[Stretch]] = {}
        for stretch in sorted(found, key=lambda each: (each.string_id, each.first_ns, each.path)):
            if stretch.last_ns > self._seen_ns.get(stretch.string_id, stretch.last_ns - 1):
                self._of_string.setdefault(stretch.string_id, []).append(stretch)

    @property
    def refused(self) -> tuple[str, ...]:
        """Files that could not be opened and are left out, each with its reason; empty if all is well."""
        return self._refused

    def strings(self) -> tuple[str, ...]:
        """Names of the strings."""
        return tuple(self._of_string)

    def days(self, string_id: str) -> tuple[int, ...]:
        """UTC days of a string, counted from 1970-01-01; of a file of several days all between its ends."""
        return tuple(sorted({day for stretch in self._stretches(string_id) for day in stretch.days}))

    def read(self, string_id: str) -> Iterator[BlockImport]:
        """Read a string block by block, decoding a day at a time where files hold a day each.

        Parameters
        ----------
        string_id : str
            One of `strings`.

        Yields
        ------
        BlockImport
            A block of at most one UTC day, and what was seen.
        """
        own = self._stretches(string_id)
        findings = Findings(string_id)
        for name in sorted({name for stretch in own for name in stretch.columns} - set(COLUMNS)):
            findings.note(TelemetryFlaw.UNKNOWN_COLUMN, name, "no column of telemetry; left out")
        yield from checked(
            self._parts(own), findings, self._limits, source=self.source, seen_ns=self._seen_ns.get(string_id)
        )

    def _stretches(self, string_id: str) -> list[Stretch]:
        if string_id not in self._of_string:
            names = list(self._of_string)
            known = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
            message = f"{self.source} has no string {string_id!r}; it has {known}"
            raise UsageError(message)
        return self._of_string[string_id]

    def _parts(self, own: list[Stretch]) -> Iterator[Rows]:
        for days in _plan(own):
            low_ns, high_ns = days.start * NS_PER_DAY, days.stop * NS_PER_DAY
            parts: list[Rows] = []
            for stretch in own:
                if stretch.first_ns < high_ns and stretch.last_ns >= low_ns:
                    parts.extend(_decoded(stretch, low_ns, high_ns))
            for rows in days_of(parts):
                yield from in_runs(rows, self.source)


def _plan(own: list[Stretch]) -> Iterator[range]:
    """Days to decode together: one, or as many as fit where a file goes on into the next day."""
    days = sorted({day for stretch in own for day in stretch.days})
    weight = dict.fromkeys(days, 0.0)
    goes_on = dict.fromkeys(days, False)
    for stretch in own:
        for day in stretch.days:
            weight[day] += stretch.n_times * stretch.n_cells / len(stretch.days)
            goes_on[day] |= day + 1 in stretch.days
    start, held = days[0], 0.0
    for at, day in enumerate(days):
        held += weight[day]
        following = days[at + 1] if at + 1 < len(days) else None
        if following is None or not goes_on[day] or held + weight[following] > N_VALUES_MAX:
            yield range(start, day + 1)
            start, held = following or 0, 0.0


def _decoded(stretch: Stretch, low_ns: int, high_ns: int) -> list[Rows]:
    columns = [name for name in COLUMNS if name in stretch.columns]
    if stretch.is_alone and stretch.first_ns >= low_ns and stretch.last_ns < high_ns:
        frame = guarded(stretch.path, lambda: pl.read_parquet(stretch.path, columns=columns, glob=False))
        _require_as_noted(frame, stretch)
    else:
        dtype = guarded(stretch.path, lambda: pl.scan_parquet(stretch.path, glob=False).collect_schema())["time"]
        stamps = [pl.lit(from_ns(edge_ns)).cast(dtype) for edge_ns in (low_ns, high_ns)]
        wanted = (
            (pl.col("string_id").cast(pl.String) == stretch.string_id)
            & (pl.col("time") >= stamps[0])
            & (pl.col("time") < stamps[1])
        )
        frame = guarded(
            stretch.path, lambda: pl.scan_parquet(stretch.path, glob=False).select(columns).filter(wanted).collect()
        )
    return rows_of(frame, stretch.string_id, stretch.path) if frame.height else []


def _require_as_noted(frame: pl.DataFrame, stretch: Stretch) -> None:
    """Refuse a file whose footer says something else than its rows."""
    time = frame["time"].cast(pl.Datetime("ns", "UTC")).to_physical()
    seen = (time.min(), time.max(), frame.height)
    names = frame["string_id"].cast(pl.String)
    if seen != (stretch.first_ns, stretch.last_ns, stretch.n_times) or not (names == stretch.string_id).all():
        message = f"{stretch.path}: its footer tells of other rows than it holds; write it again"
        raise DataError(message)
