"""Telemetry in wide CSV: a row per time, a column per cell, read as a stated layout says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl

from battuta.adapters.telemetry import csv_table
from battuta.adapters.telemetry.findings import Findings
from battuta.adapters.telemetry.inspection import checked
from battuta.adapters.telemetry.labels import NO_TIME, read_labels
from battuta.adapters.telemetry.plausible import PlausibleRange
from battuta.adapters.telemetry.rows import Rows
from battuta.adapters.telemetry.runs_of_shape import days_of, in_runs
from battuta.adapters.telemetry.wide_layout import (
    CHARGE_AH,
    CURRENT_A,
    DISCHARGE_SIGN,
    TEMPERATURE_C,
    VOLTAGE_V,
    WideLayout,
    numbered_columns,
)
from battuta.domain.errors import DataError, UsageError
from battuta.domain.time import Clock
from battuta.numerics.arrays import FloatArray
from battuta.ports.telemetry import BlockImport, TelemetryFlaw

_VOLTAGE_V_USUAL = (0.5, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where in a file the quantities of a layout stand."""

    header: tuple[str, ...]
    numbered: dict[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    text: tuple[str, ...]
    left_out: tuple[str, ...]


class WideCsvTelemetry:
    """Reads a wide CSV, or a folder of them, one string after the other; a `battuta.ports.telemetry.TelemetrySource`.

    The files of a string are held in memory as a whole while its blocks are taken: 8 bytes for each number that is
    used. Years of many cells belong into Parquet.

    Parameters
    ----------
    path : str or Path
        A CSV, plain or gzipped, or a folder of such files.
    layout : WideLayout
        What its columns mean.
    string_id : str
        Name of the string to which all files belong; where it is empty, and the layout names no column for it, each
        file is a string that is named after it.
    limits : PlausibleRange, optional
        What a sensor can have measured.
    ignored : collection of str
        Columns known to be of no use here, of which no finding tells.
    seen_ns : mapping of str to int, optional
        Last row of each string that an earlier run has seen. [ns]

    Raises
    ------
    DataError
        If there is no file that can be opened.
    UsageError
        If a name is given though a column has the names.
    """

    flag_current_word: ClassVar = "flag_current_a"
    """How the current of a balancer that has flags is stated."""
    __slots__ = ("_files", "_ignored", "_layout", "_limits", "_refused", "_seen_ns", "source")

    def __init__(
        self,
        path: str | Path,
        layout: WideLayout,
        *,
        string_id: str = "",
        limits: PlausibleRange | None = None,
        ignored: tuple[str, ...] = (),
        seen_ns: Mapping[str, int] | None = None,
    ) -> None:
        self.source = str(path)
        self._seen_ns = seen_ns or {}
        self._layout, self._limits, self._ignored = layout, limits, ignored
        place = Path(path)
        paths = sorted(each for each in place.glob("*.csv*") if each.is_file()) if place.is_dir() else [place]
        if string_id and layout.string:
            message = f"the names of strings stand in column {layout.string}; leave string_id = {string_id!r} out"
            raise UsageError(message)
        self._files: dict[str, list[Path]] = {}
        refused: list[str] = []
        for each in paths:
            try:
                self._columns(each)
                for name in [string_id] if string_id else self._names_in(each):
                    self._files.setdefault(name, []).append(each)
            except DataError as error:
                refused.append(str(error))
        if not self._files:
            reasons = "".join(f"\n  - {reason}" for reason in refused) or " no file is a .csv"
            message = f"{path} holds no telemetry that can be read:{reasons}"
            raise DataError(message)
        self._refused = tuple(refused)

    @property
    def refused(self) -> tuple[str, ...]:
        """Files that could not be opened and are left out, each with its reason; empty if all is well."""
        return self._refused

    def strings(self) -> tuple[str, ...]:
        """Names of the strings."""
        return tuple(sorted(self._files))

    def cell_names(self, string_id: str) -> tuple[str, ...]:
        """Columns of the cells of a string in their order; empty where its files do not agree on them.

        Parameters
        ----------
        string_id : str
            One of `strings`.

        Returns
        -------
        tuple of str
            Names of the columns.
        """
        named = {self._columns(path).numbered["voltage"] for path in self._files.get(string_id, ())}
        return named.pop() if len(named) == 1 else ()

    def read(self, string_id: str) -> Iterator[BlockImport]:
        """Read a string block by block.

        Parameters
        ----------
        string_id : str
            One of `strings`.

        Yields
        ------
        BlockImport
            A block of one UTC day, and what was seen; what concerns the file stands with the first.
        """
        if string_id not in self._files:
            message = f"{self.source} has no string {string_id!r}; it has {', '.join(self.strings())}"
            raise UsageError(message)
        findings = Findings(string_id)
        rows = [self._rows(path, string_id, findings) for path in self._files[string_id]]
        if len(rows) > 1:
            rows = [replace(each, number=None) for each in rows]  # whose rows would they be
        parts = (each for day in days_of([each for each in rows if each.n_times]) for each in in_runs(day, self.source))
        source = str(self._files[string_id][0]) if len(rows) == 1 else self.source
        yield from checked(parts, findings, self._limits, source=source, seen_ns=self._seen_ns.get(string_id))

    def _names_in(self, path: Path) -> list[str]:
        column = self._layout.string
        if not column:
            return [path.name.removesuffix(".gz").removesuffix(".csv")]
        header = self._columns(path).header
        frame, broken = csv_table.load(path, self._layout.separator, header, (column,), (), self._layout.time)
        n_without = frame[column].null_count() - int(broken.size)
        if n_without:
            message = f"{path}: {n_without} rows have no {column}; name the string in each"
            raise DataError(message)
        return sorted(map(str, frame[column].drop_nulls().str.strip_chars().unique().to_list()))

    def _columns(self, path: Path) -> _Columns:
        layout, header = self._layout, csv_table.read_header(path, self._layout.separator)
        single = [name for name in (layout.time, layout.current, layout.string) if name]
        absent = [name for name in single if name not in header]
        if absent:
            message = f"{path} has no column {', '.join(absent)}; it has {', '.join(header)}"
            raise DataError(message)
        numbered = {name: numbered_columns(pattern, header, str(path)) for name, pattern in layout.patterns().items()}
        n_cells = len(numbered["voltage"])
        for name in ("bleed", "balancer", "flag"):
            if name in numbered and len(numbered[name]) != n_cells:
                message = f"{path}: {n_cells} columns {layout.voltage} and {len(numbered[name])} for {name}; one each"
                raise DataError(message)
        in_use = {*single, *(column for columns in numbered.values() for column in columns)}
        left_out = tuple(name for name in header if name not in in_use and name not in self._ignored)
        text = (layout.time, *numbered.get("flag", ()), *((layout.string,) if layout.string else ()))
        numbers = tuple(name for name in header if name in in_use and name not in text)
        return _Columns(header=header, numbered=numbered, numbers=numbers, text=text, left_out=left_out)

    def _rows(self, path: Path, string_id: str, findings: Findings) -> Rows:
        layout, columns, source = self._layout, self._columns(path), str(path)
        frame, broken = csv_table.load(
            path, layout.separator, columns.header, columns.text, columns.numbers, layout.time
        )
        if columns.left_out:
            findings.note(
                TelemetryFlaw.UNKNOWN_COLUMN,
                ", ".join(columns.left_out[:5]) + (" ..." if len(columns.left_out) > 5 else ""),
                "the layout does not name what stands there; left out",
                count=len(columns.left_out),
            )
        if layout.string:
            own = pl.col(layout.string).str.strip_chars() == string_id
            frame = frame.with_row_index("row").filter(own | pl.col("row").is_in(broken))
        number = frame["row"].to_numpy() if layout.string else np.arange(frame.height)
        time_ns = read_labels(frame[layout.time], Clock.parse(layout.clock), layout.time_format, findings, source)
        factor, offset = TEMPERATURE_C[layout.temperature_unit] if layout.temperature else (1.0, 0.0)

        def values(name: str) -> FloatArray:
            return csv_table.floats(frame, columns.numbered.get(name, ()), findings, source)

        current_a = csv_table.floats(frame, (layout.current,), findings, source)[:, 0]
        rows = Rows(
            string_id=string_id,
            time_ns=time_ns,
            number=number.astype(np.int64) + 2,
            current_a=current_a * CURRENT_A[layout.current_unit] * DISCHARGE_SIGN[layout.current_sign],
            voltage_v=_plausible(values("voltage") * VOLTAGE_V[layout.voltage_unit], layout, source),
            temperature_c=values("temperature") * factor + offset,
            bleed_ah=values("bleed") * CHARGE_AH[layout.bleed_unit] if layout.bleed else None,
            bleed_a=self._bleed_a(frame, columns, findings, source),
        )
        return rows if np.all(time_ns != NO_TIME) else rows.take(time_ns != NO_TIME)

    def _bleed_a(self, frame: pl.DataFrame, columns: _Columns, findings: Findings, source: str) -> FloatArray | None:
        """Current out of each cell into its balancer. [A]"""
        layout = self._layout
        if layout.balancer:
            scale = CURRENT_A[layout.balancer_unit] * DISCHARGE_SIGN[layout.balancer_sign]
            return csv_table.floats(frame, columns.numbered["balancer"], findings, source) * scale
        if not layout.flag:
            return None
        up = csv_table.flags(frame, columns.numbered["flag"], findings)
        if layout.flag_current_a is None:
            detail = (
                f"flags are up in {int(np.nansum(up)):,} cells of the table, but nobody states the current of the "
                f"balancer ({self.flag_current_word}); the charge is not told"
            )
            findings.note(TelemetryFlaw.UNKNOWN_BLEED, layout.flag, detail, count=frame.height)
            return None
        return up * layout.flag_current_a


def _plausible(voltage_v: FloatArray, layout: WideLayout, source: str) -> FloatArray:
    """Refuse voltages whose size says another unit than the layout does."""
    known_v = voltage_v[np.isfinite(voltage_v) & (voltage_v > 0.0)]
    middle_v = float(np.median(known_v)) if known_v.size else 0.0
    low_v, high_v = _VOLTAGE_V_USUAL
    if not low_v <= middle_v <= high_v:
        message = (
            f"{source}: half of the voltages {layout.voltage} are above {middle_v:g} V if they are in "
            f"{layout.voltage_unit}, and cells have {low_v:g} to {high_v:g} V; state the right voltage_unit or columns"
        )
        raise DataError(message)
    return voltage_v
