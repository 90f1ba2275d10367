"""NREL's two lithium iron phosphate models as BLAST-Lite 1.1.1 walks them, quirks included, for comparison with it.

What it does and `ageing_law` does not: it loses the interval between two segments (20 of its years eat 20.8 years of a
profile with hourly samples), steps by explicit Euler, and takes the Sony cell's resting resistance in (soc - 0.5)^3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from battuta.domain.errors import DataError, UsageError
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.rainflow import rainflow
from battuta.physics.ageing import prismatic, sony
from battuta.physics.ageing.blast_kernels import FIRST_OWN, N_STRESS, PRISMATIC, SONY, breakpoints
from battuta.physics.ageing.blast_walk_kernels import prismatic_life, sony_life, stress_rows, walk_life
from battuta.physics.ageing.prismatic_kernels import CALENDAR_EXPONENT

N_NODES = 65  # of the state of health, 0 to 1, in the table that many lives share; filled only where lives go


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlastLives:
    """Lives as BLAST-Lite counts them, each value after the first segment that passes the year.

    Attributes
    ----------
    soh_capacity : ndarray, shape (n_lives, n_years + 1)
        Capacity left. [-]
    soh_resistance : ndarray, shape (n_lives, n_years + 1)
        Resistance, multiple of the new one; 1 for a model without. [-]
    full_cycles : ndarray, shape (n_lives, n_years + 1)
        Equivalent full cycles of the new capacity. [-]
    n_steps : ndarray, shape (n_lives,)
        Segments walked.
    """

    soh_capacity: FloatArray
    soh_resistance: FloatArray
    full_cycles: FloatArray
    n_steps: IntArray


def blast_lives(
    model: str,
    time_s: FloatArray,
    soc: FloatArray,
    temperature_c: FloatArray,
    *,
    keeps_throughput: bool = True,
    n_years: int = 20,
    scalars: FloatArray | None = None,
    shares_table: bool = False,
) -> BlastLives:
    """Repeat a profile until the years are past, as BLAST-Lite's ``simulate_battery_life`` does.

    Parameters
    ----------
    model : {"lfp_250ah", "sony_lfp_3ah"}
        The model.
    time_s, soc, temperature_c : ndarray, shape (n_times,)
        Profile. [s], [-], [degC]
    keeps_throughput : bool
        Its ``is_conserve_energy_throughput``: swings widen as the cell ages; otherwise its throughput falls.
    n_years : int
        Years of 365 days.
    scalars : ndarray, shape (n_lives,), or None
        Its ``degradation_scalar`` of each life; None is one life at 1. [-]
    shares_table : bool
        With kept throughput, interpolate each segment's stress in the state of health from a table that all lives
        share, which is fast and not exact; otherwise each life computes its own.

    Returns
    -------
    BlastLives
        The lives.

    Raises
    ------
    UsageError
        If the model is not one of the two.
    DataError
        If the profiles do not fit or have gaps.
    """
    number, row = _model(model)
    profile = _profile(time_s, soc, temperature_c)
    ends = blast_segments(profile.time_s, profile.soc)
    scalars = np.ones(1) if scalars is None else np.asarray(scalars, dtype=np.float64)
    years = np.full((scalars.size, n_years + 1, 3), np.nan)
    years[:, 0] = (1.0, 1.0, 0.0)
    if keeps_throughput and not shares_table:
        steps = [
            walk_life(number, *profile, ends, row, float(scalar), own)
            for scalar, own in zip(scalars, years, strict=True)
        ]
    else:
        table = _StressTable(number, row, profile, ends, N_NODES if keeps_throughput else 1)
        steps = [table.walk(float(scalar), own) for scalar, own in zip(scalars, years, strict=True)]
    return BlastLives(
        soh_capacity=years[:, :, 0],
        soh_resistance=years[:, :, 1],
        full_cycles=years[:, :, 2],
        n_steps=np.array(steps, dtype=np.int64),
    )


class _StressTable:
    """Stress of each segment by state of health; a node is computed when the first life comes by."""

    def __init__(
        self,
        number: int,
        row: FloatArray,
        profile: _Profile,
        ends: IntArray,
        n_nodes: int,
    ) -> None:
        self.number, self.row, self.profile, self.ends = number, row, profile, ends
        self.rows = np.zeros((n_nodes, ends.size, N_STRESS))
        self.is_ready = np.zeros(n_nodes, dtype=np.int64)
        self.filled: set[int] = set()
        if n_nodes == 1:
            self._fill(0, 1.0)

    def walk(self, scalar: float, years: FloatArray) -> int:
        """Age one life; see `prismatic_life`."""
        life = prismatic_life if self.number == PRISMATIC else sony_life
        while True:
            n_steps, missing = life(self.rows, self.is_ready, self.row, scalar, years)
            if missing < 0:
                return n_steps
            for node in (missing, missing + 1):
                self._fill(node, (self.rows.shape[0] - 1.0) / node)
            self.is_ready[missing] = 1

    def _fill(self, node: int, scale: float) -> None:
        if node in self.filled:
            return
        self.filled.add(node)
        own = self.rows[node]
        stress_rows(self.number, *self.profile, self.ends, scale, self.row, own)
        if self.number == PRISMATIC:
            own[:, FIRST_OWN + 2] = own[:, FIRST_OWN] ** (1.0 / self.row[CALENDAR_EXPONENT])


def blast_segments(
    time_s: FloatArray, soc: FloatArray, *, time_s_max: float = 86_400.0, full_cycles_max: float = 1.0
) -> IntArray:
    """Last sample of each segment into which BLAST-Lite cuts a profile.

    Parameters
    ----------
    time_s, soc : ndarray, shape (n_times,)
        Profile. [s], [-]
    time_s_max, full_cycles_max : float
        Length of a segment in time and in equivalent cycles. [s], [-]

    Returns
    -------
    ndarray, shape (n_segments,)
        Samples.
    """
    turns = np.unique(rainflow(soc).span[:, 1])
    if turns.size == 0:
        turns = np.array([soc.size - 1])
    full_cycles = np.cumsum(np.abs(np.diff(soc, prepend=soc[0]))) / 2.0
    return breakpoints(time_s, full_cycles, turns, time_s_max, full_cycles_max)


def _model(name: str) -> tuple[int, FloatArray]:
    """Number and parameters of a model."""
    match name:
        case "lfp_250ah":
            return PRISMATIC, prismatic.prismatic_row()
        case "sony_lfp_3ah":
            return SONY, sony.sony_row()
        case _:
            message = f"BLAST-Lite's walk knows lfp_250ah and sony_lfp_3ah, not {name!r}"
            raise UsageError(message)


class _Profile(NamedTuple):
    """A profile as the loops take it."""

    time_s: FloatArray
    soc: FloatArray
    temperature_c: FloatArray


def _profile(time_s: FloatArray, soc: FloatArray, temperature_c: FloatArray) -> _Profile:
    """Make a profile contiguous; refuse what cannot be walked."""
    if not time_s.shape == soc.shape == temperature_c.shape or time_s.ndim != 1 or time_s.size < 3:
        message = (
            f"time_s, soc and temperature_c have shapes {time_s.shape}, {soc.shape} and {temperature_c.shape}; "
            "give three or more samples of each"
        )
        raise DataError(message)
    if not (np.all(np.isfinite(soc)) and np.all(np.isfinite(temperature_c)) and np.all(np.diff(time_s) > 0.0)):
        message = "the profile has gaps, or time that does not rise; mend it where it comes from"
        raise DataError(message)
    time_s, soc, temperature_c = (np.ascontiguousarray(each, dtype=np.float64) for each in (time_s, soc, temperature_c))
    return _Profile(time_s, soc, temperature_c)
