"""Which strings and times lie in which Parquet file, found without reading a single voltage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from battuta.adapters.telemetry import millivolts
from battuta.adapters.telemetry.parquet_rows import VOLTS, guarded, instants_ns, require_layout
from battuta.domain.errors import BattutaError, DataError
from battuta.domain.time import NS_PER_DAY

MARKS = ("battuta.string_id", "battuta.first_ns", "battuta.last_ns", "battuta.n_times", "battuta.n_cells")
"""What the writer notes in the footer of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The rows of one string in one file.

    Attributes
    ----------
    path : Path
        The file.
    string_id : str
        The string.
    first_ns, last_ns : int
        Earliest and latest row. [ns]
    n_times : int
        Number of rows.
    n_cells : int
        Cells of its first row, for a plan of what fits into memory.
    is_alone : bool
        True when no other string lies in the file.
    columns : tuple of str
        All columns of the file.
    """

    path: Path
    string_id: str
    first_ns: int
    last_ns: int
    n_times: int
    n_cells: int
    is_alone: bool
    columns: tuple[str, ...]

    @property
    def days(self) -> range:
        """UTC days that it touches, counted from 1970-01-01."""
        return range(self.first_ns // NS_PER_DAY, self.last_ns // NS_PER_DAY + 1)


def stretches(paths: Iterable[Path]) -> tuple[list[Stretch], list[str]]:
    """Look into the footers, and into two narrow columns where a footer says nothing.

    Parameters
    ----------
    paths : iterable of Path
        Parquet files.

    Returns
    -------
    found : list of Stretch
        What lies where.
    refused : list of str
        Why each of the other files was left out.
    """
    found: list[Stretch] = []
    refused: list[str] = []
    for path in paths:
        try:
            found.extend(_stretches_of(path))
        except BattutaError as error:
            refused.append(str(error))
    return found, refused


def _stretches_of(path: Path) -> list[Stretch]:
    schema = guarded(path, lambda: dict(pl.scan_parquet(path, glob=False).collect_schema()))
    require_layout(path, schema)
    marks = guarded(path, lambda: pl.read_parquet_metadata(path))
    if all(mark in marks for mark in MARKS):
        return [_noted(path, marks, tuple(schema))]
    narrow = guarded(path, lambda: pl.read_parquet(path, columns=["time", "string_id"], glob=False))
    if not narrow.height:
        message = f"{path} has no rows; remove it"
        raise DataError(message)
    if narrow["string_id"].has_nulls():
        message = f"{path}: {narrow['string_id'].null_count()} rows have no string_id; name the string in each"
        raise DataError(message)
    volts = millivolts.COLUMN if millivolts.COLUMN in schema else VOLTS
    first = guarded(path, lambda: pl.scan_parquet(path, glob=False).select(volts).head(1).collect())[volts]
    widths = (
        int(millivolts.millivolt_lengths(first, str(path))[0]) if first.dtype == pl.Binary else first.explode().len()
    )
    times = pl.Series("time_ns", instants_ns(narrow["time"], path))
    ends = (
        narrow.select(pl.col("string_id").cast(pl.String), times)
        .group_by("string_id")
        .agg(first=pl.col("time_ns").min(), last=pl.col("time_ns").max(), count=pl.len())
        .sort("string_id")
    )
    return [
        Stretch(
            path=path,
            string_id=str(string_id),
            first_ns=int(first_ns),
            last_ns=int(last_ns),
            n_times=int(count),
            n_cells=widths,
            is_alone=ends.height == 1,
            columns=tuple(schema),
        )
        for string_id, first_ns, last_ns, count in ends.iter_rows()
    ]


def _noted(path: Path, marks: Mapping[str, str], columns: tuple[str, ...]) -> Stretch:
    string_id, *numbers = (marks[mark] for mark in MARKS)
    first_ns, last_ns, n_times, n_cells = guarded(path, lambda: [int(number) for number in numbers])
    return Stretch(
        path=path,
        string_id=string_id,
        first_ns=first_ns,
        last_ns=last_ns,
        n_times=n_times,
        n_cells=n_cells,
        is_alone=True,
        columns=columns,
    )
