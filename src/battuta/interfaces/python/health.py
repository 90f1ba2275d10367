"""The health of cells in a notebook: telemetry in, findings out, from files or arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from battuta.app.clock import utc_now
from battuta.app.health_example import write_example
from battuta.app.health_scan import TimedScan, open_stated, scan_with_state
from battuta.app.health_scan import scan_health as _scan_health
from battuta.domain.errors import UsageError
from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.interfaces.python.arguments import listed_names, require_count
from battuta.interfaces.python.health_tables import findings_frame
from battuta.interfaces.python.tables import notebook_html
from battuta.interfaces.reports.health_report import write_health_report
from battuta.ports.telemetry import BlockImport, TelemetryFinding, TelemetrySource


class HealthScan:
    """A finished scan.

    Parameters
    ----------
    timed : TimedScan
        What was found, and how long it took.
    """

    def __init__(self, timed: TimedScan) -> None:
        self._timed = timed

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, the gravest first."""
        return self._timed.scan.findings

    @property
    def table(self) -> pl.DataFrame:
        """One row per finding: where, what, since when, how surely, days to its limit, and evidence."""
        return findings_frame(self.findings)

    @property
    def cells(self) -> int:
        """Cells that were looked at."""
        return self._timed.scan.n_cells

    @property
    def samples(self) -> int:
        """Cell voltages that were looked at."""
        return self._timed.scan.n_samples

    @property
    def seconds(self) -> float:
        """How long it took. [s]"""
        return self._timed.seconds

    @property
    def remarks(self) -> tuple[TelemetryFinding, ...]:
        """What was wrong with the record, and what became of it."""
        return tuple(flaw for each in self._timed.scan.strings for flaw in each.flaws)

    @property
    def refused(self) -> tuple[str, ...]:
        """Files and strings that could not be read to their end, each with its reason."""
        broken = (f"{each.string_id}: {each.refused}" for each in self._timed.scan.strings if each.refused)
        return (*self._timed.scan.refused, *broken)

    def __repr__(self) -> str:
        """Show the findings as text."""
        return f"{len(self.findings)} findings in {self.cells:,} cells\n{self.table}"

    def _repr_html_(self) -> str:
        """Show the findings in a notebook."""
        return notebook_html(self.table)


class _Blocks:
    """Blocks in memory as a source of telemetry."""

    refused: tuple[str, ...] = ()

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._by_string: dict[str, list[Block]] = {}
        for block in blocks:
            if not isinstance(block, Block):  # pyright: ignore[reportUnnecessaryIsInstance]
                message = f"bt.scan_health: {type(block).__name__} is no block; give a path, or blocks of telemetry"
                raise UsageError(message)
            self._by_string.setdefault(block.string_id, []).append(block)

    def strings(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_string))

    def read(self, string_id: str) -> Iterator[BlockImport]:
        own = sorted(self._by_string[string_id], key=lambda block: int(block.time_ns[0]))
        return (BlockImport(block=block, findings=()) for block in own)


def scan_health(
    telemetry: str | Path | Iterable[Block],
    *,
    cell: str = "lfp_314ah",
    capacity_ah: float | None = None,
    format: str = "auto",  # noqa: A002  # the word of the command
    layout: str | Path | None = None,
    stated: Mapping[str, str] | None = None,
    state: str | Path | None = None,
    report: str | Path | None = None,
) -> HealthScan:
    """Say which cells differ from their string, since when, and how surely.

    Parameters
    ----------
    telemetry : str, Path, or iterable of Block
        A file or folder of Parquet, a CSV of a logger, or blocks in memory, any number of strings.
    cell : str
        Kind of cell, as parameter sets are named.
    capacity_ah : float or None
        Capacity of a cell; that of its kind if left out. [Ah]
    format : str
        ``auto``, ``parquet``, ``wide``, ``pylontech`` or ``battgp``.
    layout : str, Path or None
        TOML file that says what the columns of a CSV are.
    stated : mapping of str to str
        The same in single words, such as ``{"clock": "utc", "voltage": "v{n}"}``.
    state : str, Path or None
        Go on from this file, and keep in it where the next run is to go on from.
    report : str, Path or None
        Write a self-contained HTML report with the evidence.

    Returns
    -------
    HealthScan
        Findings with their evidence.

    Raises
    ------
    UsageError
        If it is no telemetry, the kind of cell does not exist, or blocks are given with a format.
    DataError
        If nothing can be read, or the state was kept under other settings.
    """
    is_file = isinstance(telemetry, str | Path)
    if not is_file and (format != "auto" or layout is not None or stated):
        message = "bt.scan_health: format, layout and stated are for files; blocks in memory say all by themselves"
        raise UsageError(message)
    place = None if layout is None else Path(layout)
    if is_file:
        _leave_alone(Path(telemetry), place, *(Path(each) for each in (state, report) if each is not None))
    blocks = None if is_file else _Blocks(telemetry)

    def opened(seen_ns: Mapping[str, int]) -> TelemetrySource:
        if blocks is not None:
            return blocks
        return open_stated(Path(str(telemetry)), form=format, layout=place, stated=stated, seen_ns=seen_ns).source

    is_recorded = report is not None
    timed = (
        _scan_health(opened({}), cell=cell, capacity_ah=capacity_ah, is_recorded=is_recorded)
        if state is None
        else scan_with_state(opened, Path(state), cell=cell, capacity_ah=capacity_ah, is_recorded=is_recorded)
    )
    if report is not None:
        named = str(telemetry) if is_file else "blocks in memory"
        write_health_report(timed.scan, Path(report), telemetry=named, cell=cell, created_at=utc_now())
    return HealthScan(timed)


def _leave_alone(telemetry: Path, layout: Path | None, *results: Path) -> None:
    """Refuse, before anything is read, results that would take the place of what is read."""
    read = {each.resolve() for each in (telemetry, layout) if each is not None}
    for path in results:
        if path.resolve() in read:
            message = f"bt.scan_health: {path} is read; name another file for the result"
            raise UsageError(message)


def example_telemetry(
    folder: str | Path,
    *,
    n_strings: int = 2,
    n_cells: int = 240,
    n_days: int = 60,
    seed: int = 1,
    faults: Iterable[str] = (),
) -> int:
    """Write SYNTHETIC telemetry of an invented fleet, one Parquet file per string and day.

    Parameters
    ----------
    folder : str or Path
        Where; not there yet, or empty.
    n_strings, n_cells, n_days : int
        How much.
    seed : int
        Same seed, same bytes.
    faults : iterable of str
        What breaks, as ``leak,string=0,cell=17,size=100,start=20`` (ohm, days).

    Returns
    -------
    int
        Files that were written.
    """
    require_count("bt.example_telemetry", n_strings=n_strings, n_cells=n_cells, n_days=n_days, seed=seed)
    words = listed_names("bt.example_telemetry", "faults", faults)
    return write_example(Path(folder), seed=seed, n_strings=n_strings, n_cells=n_cells, n_days=n_days, faults=words)
