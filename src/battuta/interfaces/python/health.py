"""The health of cells in a notebook: telemetry in, findings out, from files or arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import polars as pl

from battuta.app.clock import utc_now
from battuta.app.health_blocks import open_blocks
from battuta.app.health_example import write_example
from battuta.app.health_scan import TimedScan, open_stated, scan_with_state
from battuta.app.health_scan import scan_health as _scan_health
from battuta.domain.errors import UsageError
from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.interfaces.python.arguments import (
    listed_kind,
    listed_names,
    require_count,
    require_numbers,
    require_path,
    require_text,
)
from battuta.interfaces.python.health_tables import findings_frame
from battuta.interfaces.python.tables import notebook_html
from battuta.interfaces.reports.health_report import write_health_report
from battuta.ports.telemetry import TelemetryFinding, TelemetrySource

WHERE = "bt.scan_health"
_MEND = "give a path, or a list of blocks of telemetry"


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
        """One row per finding: where, by number and name, what, since when, how surely, days to a limit, evidence."""
        return findings_frame(self.findings, [self._timed.scan.label(each) for each in self.findings])

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

    @property
    def unjudged(self) -> tuple[str, ...]:
        """Strings and cells of which nothing can be said, each with its reason; no finding says nothing of them."""
        return self._timed.scan.unjudged

    def __repr__(self) -> str:
        """Show the findings as text."""
        silent = "".join(f"\nnot judged: {said}" for said in self.unjudged)
        said = "1 finding" if len(self.findings) == 1 else f"{len(self.findings)} findings"
        label = "SYNTHETIC: " if self._timed.scan.is_synthetic else ""
        return f"{label}{said} in {self.cells:,} cells\n{self.table}{silent}"

    def _repr_html_(self) -> str:
        """Show the findings in a notebook."""
        return notebook_html(self.table)


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
        If nothing can be read, voltages are in another unit, or the state was kept under other settings or of another
        fleet.
    StaleDataError
        If nothing at all could be judged, as in less than 17 days without a state; a report is written before.
    """
    _require_words(cell=cell, format=format, capacity_ah=capacity_ah, stated=stated)
    place, kept, page = (
        None if value is None else require_path(WHERE, name, value)
        for name, value in (("layout", layout), ("state", state), ("report", report))
    )
    path = Path(telemetry) if isinstance(telemetry, str | Path) else None
    if path is None and (format != "auto" or layout is not None or stated):
        message = f"{WHERE}: format, layout and stated are for files; blocks in memory say all by themselves"
        raise UsageError(message)
    if path is not None:
        require_path(WHERE, "telemetry", telemetry)
        _leave_alone(path, place, *(each for each in (kept, page) if each is not None))
    blocks = () if path is not None else listed_kind(WHERE, "telemetry", telemetry, Block, neither="a path", mend=_MEND)

    def opened(seen_ns: Mapping[str, int]) -> TelemetrySource:
        if path is None:
            return open_blocks(blocks, seen_ns)
        return open_stated(path, form=format, layout=place, stated=stated, seen_ns=seen_ns).source

    is_recorded = page is not None
    timed = (
        _scan_health(opened({}), cell=cell, capacity_ah=capacity_ah, is_recorded=is_recorded)
        if kept is None
        else scan_with_state(opened, kept, cell=cell, capacity_ah=capacity_ah, is_recorded=is_recorded)
    )
    if page is not None:
        named = "blocks in memory" if path is None else str(path)
        write_health_report(timed.scan, page, telemetry=named, cell=cell, created_at=utc_now())
    timed.scan.require_judged()
    return HealthScan(timed)


def _require_words(*, cell: object, format: object, capacity_ah: object, stated: object) -> None:  # noqa: A002
    """Refuse words and numbers of another type."""
    require_text(WHERE, cell=cell, format=format)
    require_numbers(WHERE, capacity_ah=capacity_ah)
    if stated is not None and not isinstance(stated, Mapping):
        message = f"{WHERE}: stated is of type {type(stated).__name__}, not a mapping; write it as {{'clock': 'utc'}}"
        raise UsageError(message)
    for name, value in cast("Mapping[object, object]", stated or {}).items():
        require_text(WHERE, **{"a name in stated": name, f"stated[{name!r}]": value})


def _leave_alone(telemetry: Path, layout: Path | None, *results: Path) -> None:
    """Refuse, before anything is read, results that would take the place of what is read."""
    read = {each.resolve() for each in (telemetry, layout) if each is not None}
    for path in results:
        if path.resolve() in read:
            message = f"{WHERE}: {path} is read; name another file for the result"
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
    place = require_path("bt.example_telemetry", "folder", folder)
    return write_example(place, seed=seed, n_strings=n_strings, n_cells=n_cells, n_days=n_days, faults=words)
