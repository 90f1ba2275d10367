"""What a scan keeps of a string so that its findings can be shown: tracks over days, and the days that tell most.

A scan forgets as it goes. Whoever has to believe a finding wants to see the cell beside its string, before and after;
so a recorder stands beside the watch, takes no part in it, and lets go at the end of all but maps, bands and the cells
of which something was told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from battuta.domain.health import Finding
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.scan_record_day import DayVoltages, StringVoltages
from battuta.health.scan_record_tests import BAND, DecidingTest, VerdictRecord
from battuta.health.string_filter import StringDay
from battuta.health.verdicts import Verdict
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

TRACKS = ("charge", "resistance_ohm", "offset_v", "capacity_share")
"""What is kept of each cell and day: charge with what the balancer took given back, fast and slow resistance together,
offset of the channel, and capacity."""
MAPPED = TRACKS[:2]
MAP_DAYS_MAX, MAP_CELLS_MAX = 300, 240
MODULE_CELLS = 16
"""Neighbours that stand for a module, as nobody tells a log where modules begin."""
_SILENT_SHARE = 0.5
_LATELY_DAYS = 7
_TELLS_MORE = 1.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringRecord:
    """A string as a report shows it.

    Attributes
    ----------
    string_id : str
        The string.
    n_cells : int
        Most cells it ever had.
    first_ns, last_ns : int
        First and last row that was read. [ns]
    n_rows, n_sensors : int
        Rows, and sensors of temperature.
    has_bleed : bool
        Whether it is logged what the balancer took.
    is_resumed : bool
        Whether an earlier run has seen days that are not in here.
    days : ndarray, shape (n_days,)
        Days since 1970-01-01 that said something, ascending.
    doubt : ndarray, shape (4, n_days)
        Standard deviation of each track. [its unit]
    band : ndarray, shape (4, 3, n_days)
        Band of the cells for each of `TRACKS`. [its unit]
    tracks : mapping of int to ndarray, shape (4, n_days)
        Cells of which something was told. [its unit]
    maps : mapping of str to ndarray, shape (n_map_cells, n_map_days)
        Charge and resistance over calendar days from the first; of several the farthest from 0. NaN is nothing seen.
    modules : ndarray, shape (n_modules,)
        Charge of the cell that lay farthest off lately, for each sixteen neighbours. [-]
    voltages : mapping of int to DayVoltages
        The day that tells most of each such cell; -1 is the string as a whole.
    tests : mapping of int to DecidingTest
        How the test that decided went, by the place of the finding among those of the string.
    silent : tuple of int
        Cells that said nothing in most rows of most days.
    """

    string_id: str
    n_cells: int
    first_ns: int
    last_ns: int
    n_rows: int
    n_sensors: int
    has_bleed: bool
    is_resumed: bool
    days: IntArray
    doubt: FloatArray
    band: FloatArray
    tracks: Mapping[int, FloatArray]
    maps: Mapping[str, FloatArray]
    modules: FloatArray
    voltages: Mapping[int, DayVoltages]
    tests: Mapping[int, DecidingTest]
    silent: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class StringRecorder:
    """Looks on while a string is scanned.

    Attributes
    ----------
    string_id : str
        The string.
    is_resumed : bool
        Whether an earlier run has seen days before.
    n_told : int
        Findings that were told before; their days are not looked for.
    """

    string_id: str
    is_resumed: bool = False
    n_told: int = 0
    _open: list[Block] = field(default_factory=list[Block])
    _said: StringDay | None = None
    _days: list[int] = field(default_factory=list[int])
    _doubt: list[FloatArray] = field(default_factory=list[FloatArray])
    _values: list[np.ndarray[tuple[int, int], np.dtype[np.float32]]] = field(
        default_factory=list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]
    )
    _lacks: list[BoolArray] = field(default_factory=list[BoolArray])
    _tests: VerdictRecord = field(default_factory=VerdictRecord)
    _voltages: dict[int, DayVoltages] = field(default_factory=dict[int, DayVoltages])
    _period: tuple[int, int] | None = None
    _n_rows: int = 0
    _n_sensors: int = 0
    _has_bleed: bool = False

    def look(
        self,
        block: Block | None,
        said: StringDay | None,
        findings: Sequence[Finding],
        verdicts: Sequence[Verdict] = (),
    ) -> None:
        """Look at the next rows, and at what came of those before.

        Parameters
        ----------
        block : Block or None
            Rows that the scan took; None at the end.
        said : StringDay or None
            What the newest day that was decided on said.
        findings : sequence of Finding
            All findings of the string so far.
        verdicts : sequence of Verdict
            What the tests said of that newest day.
        """
        if block is not None and block.n_times:
            self._take_rows(block)
        if said is not None and said is not self._said:
            self._said = said
            self._take_day(said)
            self._tests.take(said.day, verdicts)
            self._take_voltages(said.day, findings)
        self.n_told = len(findings)
        newest = int(self._open[-1].time_ns[-1] // NS_PER_DAY) if self._open else 0
        self._open = [each for each in self._open if each.time_ns[-1] // NS_PER_DAY == newest]

    def _take_rows(self, block: Block) -> None:
        first_ns = int(block.time_ns[0]) if self._period is None else self._period[0]
        self._period = (first_ns, int(block.time_ns[-1]))
        self._n_rows += block.n_times
        self._n_sensors = max(self._n_sensors, block.temperature_c.shape[1])
        self._has_bleed |= block.bleed_ah is not None
        self._open.append(block)

    def _take_day(self, said: StringDay) -> None:
        charge = said.states[0] + said.bled - np.median(said.bled)
        values = np.array([charge, said.states[2] + said.states[3], said.states[4], said.states[1]])
        variance = np.array([said.variance[0], said.variance[2] + said.variance[3], said.variance[4], said.variance[1]])
        self._days.append(said.day)
        self._doubt.append(np.sqrt(variance))
        self._values.append(values.astype(np.float32))
        self._lacks.append(said.seen_share < _SILENT_SHARE)

    def _take_voltages(self, day: int, findings: Sequence[Finding]) -> None:
        """Keep a day for cells of which something is told by it, and for those that it shows clearer than before."""
        wanted = {-1 if each.cell is None else each.cell for each in findings}
        rows = [each for each in self._open if each.time_ns[0] // NS_PER_DAY == day]
        if not wanted or not rows or len({each.n_cells for each in rows}) > 1:
            return
        new = {-1 if each.cell is None else each.cell for each in findings[self.n_told :]}
        voltages = StringVoltages.of(rows)
        for cell in sorted(wanted):
            if cell >= rows[0].n_cells:
                continue
            kept = self._voltages.get(cell)
            if cell in new or kept is None or voltages.apart_v(cell) > _TELLS_MORE * kept.apart_v:
                self._voltages[cell] = voltages.day_of(cell)

    def close(self, findings: Sequence[Finding]) -> StringRecord | None:
        """Put together what a report shows.

        Parameters
        ----------
        findings : sequence of Finding
            All findings of the string.

        Returns
        -------
        StringRecord or None
            The record; None where there was no row.
        """
        if self._period is None:
            return None
        values = self._matrix()
        days = np.array(self._days, dtype=np.int64)
        doubt = np.array(self._doubt).T if self._doubt else np.empty((4, 0))
        cells = {each.cell for each in findings if each.cell is not None and each.cell < values.shape[2]}
        tests = {k: self._tests.deciding(each) for k, each in enumerate(findings)}
        charge = values[TRACKS.index("charge")]
        return StringRecord(
            string_id=self.string_id,
            n_cells=values.shape[2],
            first_ns=self._period[0],
            last_ns=self._period[1],
            n_rows=self._n_rows,
            n_sensors=self._n_sensors,
            has_bleed=self._has_bleed,
            is_resumed=self.is_resumed,
            days=days,
            doubt=doubt,
            band=np.moveaxis(np.nanquantile(values, BAND, axis=2), 0, 1)
            if days.size
            else np.empty((len(TRACKS), 3, 0)),
            tracks={cell: values[:, :, cell].copy() for cell in sorted(cells)},
            maps={name: _farthest(days, values[k]) for k, name in enumerate(MAPPED)},
            modules=_modules(charge[-_LATELY_DAYS:]),
            voltages=dict(self._voltages),
            tests={k: each for k, each in tests.items() if each is not None},
            silent=self._silent(),
        )

    def _matrix(self) -> FloatArray:
        """All days of all cells, shape (4, n_days, n_cells); NaN where a cell was not there."""
        n_cells = max((each.shape[1] for each in self._values), default=0)
        values = np.full((len(TRACKS), len(self._values), n_cells), np.nan)
        for k, each in enumerate(self._values):
            values[:, k, : each.shape[1]] = each
        return values

    def _silent(self) -> tuple[int, ...]:
        n_cells = max((each.size for each in self._lacks), default=0)
        lacking = np.zeros(n_cells, dtype=np.int64)
        for each in self._lacks:
            lacking[: each.size] += each
        return tuple(int(cell) for cell in np.flatnonzero(2 * lacking > len(self._lacks)))


def _farthest(days: IntArray, values: FloatArray) -> FloatArray:
    """Lay days by cells out as a map of calendar days, small enough to be drawn, shape (n_map_cells, n_map_days)."""
    if not days.size:
        return np.empty((0, 0))
    n_days, n_cells = int(days[-1] - days[0]) + 1, values.shape[1]
    calendar = np.full((n_days, n_cells), np.nan)
    calendar[days - days[0]] = values
    by_day = _largest(calendar, -(-n_days // MAP_DAYS_MAX))
    return _largest(by_day.T, -(-n_cells // MAP_CELLS_MAX)).astype(np.float32).astype(np.float64)


def _modules(values: FloatArray) -> FloatArray:
    """Of the mean of each cell, the one farthest from 0 among sixteen neighbours, shape (n_modules,)."""
    if not values.size:
        return np.empty(0)
    there = np.isfinite(values)
    n_there = there.sum(axis=0)
    mean = np.where(n_there > 0, np.where(there, values, 0.0).sum(axis=0) / np.maximum(n_there, 1), np.nan)
    return _largest(mean[:, None], MODULE_CELLS)[:, 0]


def _largest(values: FloatArray, n_rows: int) -> FloatArray:
    """Of each `n_rows` rows the value farthest from 0; NaN where there is none."""
    n_groups = -(-values.shape[0] // n_rows)
    padded = np.full((n_groups * n_rows, values.shape[1]), np.nan)
    padded[: values.shape[0]] = values
    grouped = padded.reshape(n_groups, n_rows, values.shape[1])
    place = np.argmax(np.where(np.isfinite(grouped), np.abs(grouped), -1.0), axis=1)
    return np.take_along_axis(grouped, place[:, None, :], axis=1)[:, 0, :]
