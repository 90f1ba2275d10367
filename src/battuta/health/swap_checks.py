"""Two channels that carry each other's cell: each cell is known again by what it differs in, wherever it shows.

Resistance, offset and charge tell the cells of a string apart to within their noise of a day. If from one day on two
channels have exchanged all of it, they were exchanged. The likelihood of every pair comes from one product of matrices.
Where the log says what was bled, pairs that were wrong from the beginning show as well: one is bled though it reads
low, the other spared though it reads high.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.comparison_kernels import MAD, middle
from battuta.health.module_work import worked_on
from battuta.health.string_kernels import MIDDLE_CLIP_V, middle_of_string
from battuta.health.swap_checks_kernels import (
    HIGH,
    LOW,
    N_COUNTS,
    N_SUMS,
    PLATEAU,
    PLATEAU_X,
    ROWS,
    ROWS_HIGH,
    ROWS_LOW,
    XX,
    X,
    add_up_differences,
    judge_bleed,
)
from battuta.health.temperature_checks import PROBABILITY
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

EVERY_ROWS = 5
_LOW_V, _HIGH_V, _CLIP_V = 3.22, 3.375, 0.03
"""Ends of the plateau of LFP under load, and clips. [V]"""
_DRIVE_MIN = 2e4
"""Sum of squares of the current about its mean from which a day tells resistances. [A^2]"""
_FLOOR = np.array([1.5e-4, 3e-6, 4e-4, 4e-4])
"""Least noise of a day: differences on the plateau [V], resistance [ohm], differences above and below [V]."""
_ROWS_MIN, _EDGE_ROWS_MIN = 20, 4
_KEPT_DAYS, _GAP_DAYS, _BASELINE_DAYS_MIN = 20, 1, 5
_STEEP_SPREAD = 1.3
"""Spread of a string on its plateau, over that of its narrow days, beyond which a day was spent beside it. [-]"""
SPANS_DAYS = (1, 4)
"""Days that are looked at together: one for what is plain, some for cells that are much alike."""
_LIKELY, _LIKELY_ACT = 60.0, 120.0
_LEFT_SHARE = 0.2
"""Part of the change that may be left when both are exchanged back. [-]"""
_RESISTANCE, _RESISTANCE_LIKELY, _RESISTANCE_LIKELY_ACT, _AGAINST = 1, 8.0, 40.0, -4.0
"""Which kind is resistance, what it has to say for a pair by itself, and what any kind may say against one. [-]"""
_OTHERS_LIKELY, _NEIGHBOURS_LIKELY = 10.0, 30.0
"""What everything else has to say for a pair, and for neighbours, whose common joint may have come loose. [-]"""
_STIRRED, _MOVED = 60.0, 12.0
"""Squares of standard deviations from which a cell counts as stirred, and as moved at all. [-]"""
_SPARED_CELLS, _MARGIN_V = 3, 0.003
_WRONG_SHARE, _WRONG_ROWS_MIN = 0.6, 12.0
_WRONG_CELLS_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signature:
    """What a day said of what distinguishes the cells of a string.

    Attributes
    ----------
    day : int
        Days since 1970-01-01, UTC.
    values : ndarray, shape (4, n_cells)
        Difference on the plateau without current [V], of resistance at 25 degC [ohm], above the plateau and below it
        [V]; NaN where the day does not tell.
    """

    day: int
    values: FloatArray


def signature(block: Block, drive_a: FloatArray) -> Signature:
    """Read from a day what distinguishes the cells of a string.

    Parameters
    ----------
    block : Block
        Rows of one UTC day.
    drive_a : ndarray, shape (n_times,)
        Current times the factor of resistance at its temperature, NaN where missing. [A]

    Returns
    -------
    Signature
        What it said.
    """
    voltage_v = np.ascontiguousarray(block.voltage_v[::EVERY_ROWS])
    middle_v = np.empty(voltage_v.shape[0])
    middle_of_string(voltage_v, MIDDLE_CLIP_V, middle_v)
    sums, counts, seen = np.empty((N_SUMS, block.n_cells)), np.empty(N_COUNTS), np.empty(block.n_cells)
    drive_a = np.ascontiguousarray(drive_a[::EVERY_ROWS])
    add_up_differences(voltage_v, middle_v, drive_a, _LOW_V, _HIGH_V, _CLIP_V, sums, counts, seen)
    values = np.full((N_SUMS, block.n_cells), np.nan)
    rows = counts[ROWS]
    if rows >= _ROWS_MIN:
        mean_a, mean_v = counts[X] / rows, sums[PLATEAU] / rows
        spread = counts[XX] - rows * mean_a**2
        values[0] = mean_v
        if spread >= _DRIVE_MIN:
            values[1] = -(sums[PLATEAU_X] - mean_a * sums[PLATEAU]) / spread
            values[0] += values[1] * mean_a
    for which, place, n_rows in ((2, HIGH, counts[ROWS_HIGH]), (3, LOW, counts[ROWS_LOW])):
        if n_rows >= _EDGE_ROWS_MIN:
            values[which] = sums[place] / n_rows
    values[:, seen < 0.5 * np.max(seen)] = np.nan
    return Signature(day=int(block.time_ns[0] // NS_PER_DAY), values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwappedPair:
    """Two channels that seem to carry each other's cell.

    Attributes
    ----------
    cells : tuple of int
        Both channels, the lower number first.
    likelihood : float
        Logarithm of how much likelier the day is with both exchanged. [-]
    evidence : str
        What it comes from, as a name with its unit last.
    is_grave : bool
        Whether it is beyond doubt.
    """

    cells: tuple[int, int]
    likelihood: float
    evidence: str
    is_grave: bool = False


class SwapChecks:
    """Looks for exchanged channels of one string.

    Parameters
    ----------
    string_id : str
        The string.
    n_cells : int
        Cells in series.
    """

    def __init__(self, string_id: str, n_cells: int) -> None:
        self.string_id, self.n_cells = string_id, n_cells
        self._kept: list[Signature] = []
        self._candidates: dict[str, dict[tuple[int, int], int]] = {}
        self._told: dict[tuple[int, int], FindingLevel] = {}

    def take(self, seen: Signature) -> list[Finding]:
        """Take what distinguishes the cells today, and tell what is new.

        A day without resistances tells nothing, and neither does one on which the string stood beside its plateau.
        """
        if not np.isfinite(seen.values[1]).any():
            return []
        self._kept = [*self._kept[-_KEPT_DAYS + 1 :], seen]
        is_plain = on_plateau([each.values for each in self._kept])
        if not is_plain[-1]:
            return []
        plain = [each.values for each, is_so in zip(self._kept, is_plain, strict=True) if is_so]
        found: list[Finding] = []
        for span in SPANS_DAYS:
            before = plain[: -span - _GAP_DAYS]
            if len(before) < _BASELINE_DAYS_MIN:
                continue
            now = usual(plain[-span:], min(span, 2))
            pairs = exchanged(usual(before, 3), now, 1.0 / float(np.sqrt(span)))
            found += self._confirm(seen.day, pairs, f"likelihood_log_{span}d")
        return found

    def take_bleed(self, day: int, block: Block) -> list[Finding]:
        """Take what was bled in a day, and tell what is new by it; nothing where the log does not say."""
        if block.bleed_ah is None or block.n_times < EVERY_ROWS:
            return []
        return self._confirm(day, bled_crosswise(block.voltage_v, block.bleed_ah), "bled_crosswise_share")

    def _confirm(self, day: int, pairs: list[SwappedPair], name: str) -> list[Finding]:
        """Tell pairs that the last day with anything to say named as well."""
        since = self._candidates.get(name, {})
        self._candidates[name] = {pair.cells: since.get(pair.cells, day) for pair in pairs}
        found: list[Finding] = []
        for pair in pairs:
            level = FindingLevel.ACT if pair.is_grave else FindingLevel.WATCH
            if pair.cells in since and level > self._told.get(pair.cells, 0):
                self._told[pair.cells] = level
                found += [self._finding(day, since[pair.cells], pair, level, which) for which in (0, 1)]
        return found

    def _finding(self, day: int, since_day: int, pair: SwappedPair, level: FindingLevel, which: int) -> Finding:
        return Finding(
            string_id=self.string_id,
            cell=pair.cells[which],
            fault=FaultClass.SWAPPED_CHANNELS,
            level=level,
            since_ns=since_day * NS_PER_DAY,
            found_ns=(day + 1) * NS_PER_DAY,
            probability=PROBABILITY[level],
            evidence={"other_cell": float(pair.cells[1 - which]), pair.evidence: pair.likelihood},
        )


def on_plateau(days: list[FloatArray]) -> BoolArray:
    """Which days were spent on the plateau, shape (n_days,).

    A string that stands full for hours reads its differences of charge as differences on the plateau: all cells lie
    further apart. One such day among many would move what is usual of each cell, and more so the further off it is.

    Parameters
    ----------
    days : list of ndarray, shape (4, n_cells)
        What days said of each cell.

    Returns
    -------
    ndarray of bool
        Days on which the standard deviation of the cells is not above that of the narrow quarter of the days; an
        exchange does not change it.
    """
    spread_v = np.array([float(np.nanstd(each[0])) for each in days])
    return spread_v <= _STEEP_SPREAD * np.maximum(np.quantile(spread_v, 0.25), _FLOOR[0])


def usual(before: list[FloatArray], n_days_min: int) -> FloatArray:
    """Middle of what days said of each cell, NaN where fewer than `n_days_min` said anything; each shape (4, n_cells).

    Examples
    --------
    >>> days = [np.full((4, 1), value) for value in (1.0, 2.0, 30.0)]
    >>> usual(days, 3)[0].tolist(), usual(days, 4)[0].tolist()
    ([2.0], [nan])
    """
    stacked = np.array(before)
    n_there = np.isfinite(stacked).sum(axis=0)
    is_there = n_there >= max(n_days_min, 1)
    middles = np.full(stacked.shape[1:], np.nan)
    middles[is_there] = np.nanmedian(stacked[:, is_there], axis=0)
    return middles


def exchanged(before: FloatArray, now: FloatArray, floor_share: float = 1.0) -> list[SwappedPair]:
    """Pairs of cells that have exchanged all that distinguishes them.

    With ``b`` and ``a`` before and after in units of their noise, exchanging i and j makes a day likelier by
    ``-(a_i - a_j) (b_i - b_j)``.

    Parameters
    ----------
    before, now : ndarray, shape (n_kinds, n_cells)
        What distinguishes the cells; NaN is unknown. [any]
    floor_share : float
        Least noise over that of a day. [-]

    Returns
    -------
    list of SwappedPair
        Pairs, each cell in one at most.
    """
    n_cells = now.shape[1]
    is_known, moved2 = np.ones(n_cells, dtype=np.bool_), np.zeros(n_cells)
    told: list[tuple[int, FloatArray, FloatArray]] = []
    for kind, floor in enumerate(_FLOOR):
        moved = now[kind] - before[kind]
        there = np.isfinite(moved)
        if there.sum() < 0.5 * n_cells:
            continue
        is_known &= there
        moved = np.where(there, moved, 0.0) - middle(moved[there])
        noise = max(MAD * middle(np.abs(moved[there])), floor_share * floor)
        b = np.where(there, before[kind] - middle(before[kind][there]), 0.0) / noise
        told.append((kind, b + moved / noise, b))
        moved2 += (moved / noise) ** 2
    cells = np.flatnonzero(is_known & _quiet(moved2) & (moved2 >= _MOVED))
    return _likely_pairs(told, moved2, cells) if cells.size >= 2 else []


def _likely_pairs(
    told: list[tuple[int, FloatArray, FloatArray]], moved2: FloatArray, cells: IntArray
) -> list[SwappedPair]:
    """Pairs among some cells, from each kind's place now and before in units of its noise."""
    likely, others = np.zeros((cells.size, cells.size)), np.zeros((cells.size, cells.size))
    fits, is_grave = np.ones_like(likely, dtype=np.bool_), np.zeros_like(likely, dtype=np.bool_)
    for kind, now, before in told:
        product = np.outer(now[cells], before[cells])
        own = np.diag(product)
        by_kind = product + product.T - own[:, None] - own[None, :]
        fits &= by_kind >= (_RESISTANCE_LIKELY if kind == _RESISTANCE else _AGAINST)
        is_grave |= (by_kind >= _RESISTANCE_LIKELY_ACT) & (kind == _RESISTANCE)
        likely += by_kind
        others += by_kind if kind != _RESISTANCE else 0.0
    is_beside = np.abs(cells[:, None] - cells[None, :]) == 1
    fits &= others >= np.where(is_beside, _NEIGHBOURS_LIKELY, _OTHERS_LIKELY)
    total = moved2[cells][:, None] + moved2[cells][None, :]
    fits &= (likely >= _LIKELY) & (total - 2.0 * likely <= _LEFT_SHARE * total)
    return _best_pairs(cells, np.where(np.triu(fits, 1), likely, 0.0), is_grave & (likely >= _LIKELY_ACT))


def _quiet(moved2: FloatArray) -> BoolArray:
    """Cells of places where nobody worked."""
    return ~worked_on(moved2 >= _STIRRED)


def _best_pairs(cells: IntArray, likely: FloatArray, is_grave: BoolArray) -> list[SwappedPair]:
    pairs: list[SwappedPair] = []
    while float(likely.max()) > 0.0:
        i, j = divmod(int(likely.argmax()), likely.shape[1])
        pair = (int(cells[i]), int(cells[j]))
        pairs.append(
            SwappedPair(
                cells=pair, likelihood=float(likely[i, j]), evidence="likelihood_log", is_grave=bool(is_grave[i, j])
            )
        )
        likely[[i, j], :] = 0.0
        likely[:, [i, j]] = 0.0
    return pairs


def bled_crosswise(voltage_v: FloatArray, bleed_ah: FloatArray) -> list[SwappedPair]:
    """Pairs of which one is bled though it reads low and the other spared though it reads high.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages. [V]
    bleed_ah : ndarray, shape (n_times, n_cells)
        Charge that the balancer took since the row before. [Ah]

    Returns
    -------
    list of SwappedPair
        One pair at most: where more is out of line, the balancer follows another rule.
    """
    bled = np.ascontiguousarray(bleed_ah[EVERY_ROWS::EVERY_ROWS])
    rows = np.flatnonzero((bled > 0.0).any(axis=1))
    if rows.size < _WRONG_ROWS_MIN:
        return []
    read_v = np.ascontiguousarray(voltage_v[EVERY_ROWS - 1 : -1 : EVERY_ROWS][rows])
    wrong, counts = np.empty((2, voltage_v.shape[1])), np.empty(1)
    judge_bleed(read_v, bled[rows], _SPARED_CELLS, _MARGIN_V, wrong, counts)
    if counts[0] < _WRONG_ROWS_MIN:
        return []
    share = wrong / counts[0]
    bled_low, spared_high = (np.flatnonzero(each >= _WRONG_SHARE) for each in share)
    others = np.count_nonzero(share >= 0.5 * _WRONG_SHARE)
    if bled_low.size != 1 or spared_high.size != 1 or others > _WRONG_CELLS_MAX:
        return []
    i, j = sorted((int(bled_low[0]), int(spared_high[0])))
    least = float(min(share[0, bled_low[0]], share[1, spared_high[0]]))
    return [SwappedPair(cells=(i, j), likelihood=least, evidence="bled_crosswise_share")]
