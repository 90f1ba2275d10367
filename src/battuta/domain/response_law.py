"""How a site answers grid frequency by itself: along a curve (droop), or once and fully below a threshold (triggered).

A law is a frozen value, and also one flat row of numbers, so that one kernel call runs many sites whose laws differ.
Power is per unit of the awarded power, discharge positive: positive parts are multiplied by ``up_kw`` of the
reservation, negative parts by its ``down_kw``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.numerics.arrays import FloatArray

NO_LAW: Final = 0
DROOP: Final = 1
TRIGGERED_STEP: Final = 2

N_POINTS_MAX: Final = 8

# Layout of a parameter row: places 0-6 mean the same for each law, 7-9 and 10-25 depend on its kind.
KIND: Final = 0
NOMINAL_HZ: Final = 1
HOLD_MISSING_S: Final = 2
MISSING_RAMP_PU_PER_S: Final = 3
RAMP_PU_PER_S: Final = 4
INITIATION_S: Final = 5
FULL_TIME_S: Final = 6
DEADBAND_HZ: Final = 7
RESTARTS_AT_ZERO: Final = 8
N_POINTS: Final = 9
POINTS_HZ: Final = 10
POINTS_PU: Final = POINTS_HZ + N_POINTS_MAX
TRIGGER_HZ: Final = 7
DIRECTION: Final = 8
STEP_RAMP_S: Final = 9
HOLD_S: Final = 10
RELEASE_PU_PER_S: Final = 11
REARM_S: Final = 12
N_PARAMETERS: Final = POINTS_PU + N_POINTS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Droop:
    """Power as a function of the frequency deviation, piecewise-linear and constant beyond its ends.

    Attributes
    ----------
    points_hz : tuple of float
        Deviations from nominal (measured less nominal), strictly ascending, at most 8. [Hz]
    points_pu : tuple of float
        Power at those deviations, never rising: low frequency asks for discharge. [-]
    deadband_hz : float
        Half width of the band around nominal without any response. [Hz]
    restarts_at_zero : bool
        True when the curve is 0 at the edge of the deadband (no jump there); False when it keeps its line through
        the origin, so that power jumps at the edge.
    initiation_s, full_time_s : float
        Latest start of a change, and latest full delivery, that the product admits. [s]
    nominal_hz : float
        Nominal frequency. [Hz]
    ramp_pu_per_s : float
        Largest change of the response, both ways; infinite when the product does not limit it. [1/s]
    hold_missing_s : float
        How long the last response stands when frequency is missing. [s]
    missing_ramp_pu_per_s : float
        How fast it goes to 0 after that. [1/s]

    Examples
    --------
    >>> law = Droop(points_hz=(-0.2, 0.2), points_pu=(1.0, -1.0), deadband_hz=0.01, full_time_s=30.0)
    >>> law.parameters().shape
    (26,)
    """

    points_hz: tuple[float, ...]
    points_pu: tuple[float, ...]
    deadband_hz: float = 0.0
    restarts_at_zero: bool = False
    initiation_s: float = 0.0
    full_time_s: float
    nominal_hz: float = 50.0
    ramp_pu_per_s: float = math.inf
    hold_missing_s: float = 0.5
    missing_ramp_pu_per_s: float = 0.1

    def __post_init__(self) -> None:
        """Refuse curves that push the grid the wrong way, and jumps where none are allowed."""
        n = len(self.points_hz)
        if not 2 <= n <= N_POINTS_MAX or len(self.points_pu) != n:
            message = f"a droop takes 2 to {N_POINTS_MAX} points, each with a power; got {n} and {len(self.points_pu)}"
            raise UsageError(message)
        if not np.all(np.diff(self.points_hz) > 0.0):
            message = f"points_hz must ascend strictly; got {self.points_hz}"
            raise UsageError(message)
        if not np.all(np.diff(self.points_pu) <= 0.0):
            message = f"points_pu must not rise with frequency (a droop opposes the deviation); got {self.points_pu}"
            raise UsageError(message)
        for value in self.points_pu:
            _require("points_pu", value, -1.0, 1.0, "-")
        _require("deadband_hz", self.deadband_hz, 0.0, 1.0, "Hz")
        _require("full_time_s", self.full_time_s, self.initiation_s, 900.0, "s")
        _require_shared(self)
        edges = np.interp([-self.deadband_hz, self.deadband_hz], self.points_hz, self.points_pu)
        if self.restarts_at_zero and np.any(np.abs(edges) > 1e-12):
            message = (
                f"restarts_at_zero, but the curve is {edges[0]:g} and {edges[1]:g} at the edges of its deadband of "
                f"{self.deadband_hz:g} Hz; add points of 0 there, or say restarts_at_zero = false"
            )
            raise UsageError(message)

    @property
    def kind(self) -> int:
        """Code of the law in a parameter row."""
        return DROOP

    def parameters(self) -> FloatArray:
        """Row of numbers that the kernels take, shape (26,)."""
        row = _row(self)
        row[DEADBAND_HZ] = self.deadband_hz
        row[RESTARTS_AT_ZERO] = float(self.restarts_at_zero)
        row[N_POINTS] = len(self.points_hz)
        row[POINTS_HZ : POINTS_HZ + len(self.points_hz)] = self.points_hz
        row[POINTS_PU : POINTS_PU + len(self.points_pu)] = self.points_pu
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggeredStep:
    """Full power once a threshold is met: latch, ramp, hold, limited release, and ready again after a time.

    A latched response runs its course whatever frequency does next, missing values included. It can fire again when it
    is released, the time is over, and frequency has been seen on the safe side of the threshold.

    Attributes
    ----------
    trigger_hz : float
        Threshold, met when it is reached. [Hz]
    direction : int
        1 discharges at or below the threshold, -1 charges at or above it.
    full_time_s : float
        Latest full delivery after the threshold is met, that the product admits. [s]
    ramp_s : float
        Time that the site itself takes for its ramp; 0 is a step. [s]
    hold_s : float
        Support at full power at the meter, for a site that is full within `full_time_s`. [s]
    release_pu_per_s : float
        Fastest return to the base; infinite when not limited. [1/s]
    rearm_s : float
        Time from the trigger until it is ready again. [s]
    initiation_s : float
        Latest start that the product admits. [s]
    nominal_hz, ramp_pu_per_s, hold_missing_s, missing_ramp_pu_per_s : float
        As for `Droop`.

    Examples
    --------
    >>> law = TriggeredStep(trigger_hz=49.5, full_time_s=0.7, hold_s=5.0, release_pu_per_s=0.2, rearm_s=900.0)
    >>> law.kind, law.direction
    (2, 1)
    """

    trigger_hz: float
    direction: int = 1
    full_time_s: float
    ramp_s: float = 0.0
    hold_s: float
    release_pu_per_s: float = math.inf
    rearm_s: float
    initiation_s: float = 0.0
    nominal_hz: float = 50.0
    ramp_pu_per_s: float = math.inf
    hold_missing_s: float = 0.5
    missing_ramp_pu_per_s: float = 0.1

    def __post_init__(self) -> None:
        """Refuse thresholds on the wrong side of nominal and times that cannot be kept."""
        if self.direction not in (-1, 1):
            message = f"direction is 1 (discharge when low) or -1 (charge when high); got {self.direction}"
            raise UsageError(message)
        low, high = (0.9, 1.0) if self.direction > 0 else (1.0, 1.1)
        _require("trigger_hz", self.trigger_hz, low * self.nominal_hz, high * self.nominal_hz, "Hz")
        _require("full_time_s", self.full_time_s, 0.0, 900.0, "s")
        _require("ramp_s", self.ramp_s, 0.0, self.full_time_s, "s")
        _require("hold_s", self.hold_s, 0.0, 86_400.0, "s")
        _require("rearm_s", self.rearm_s, 0.0, 86_400.0, "s")
        _require("release_pu_per_s", self.release_pu_per_s, 1e-6, math.inf, "1/s")
        _require_shared(self)

    @property
    def kind(self) -> int:
        """Code of the law in a parameter row."""
        return TRIGGERED_STEP

    def parameters(self) -> FloatArray:
        """Row of numbers that the kernels take, shape (26,)."""
        row = _row(self)
        row[TRIGGER_HZ] = self.trigger_hz
        row[DIRECTION] = float(self.direction)
        row[STEP_RAMP_S] = self.ramp_s
        row[HOLD_S] = self.hold_s
        row[RELEASE_PU_PER_S] = self.release_pu_per_s
        row[REARM_S] = self.rearm_s
        return row


ResponseLaw: TypeAlias = Droop | TriggeredStep


def law_rows(laws: tuple[ResponseLaw | None, ...]) -> FloatArray:
    """Rows of many sites for the kernels; a site without a law gets zeros and never responds.

    Parameters
    ----------
    laws : tuple of (Droop or TriggeredStep or None)
        The armed law of each site.

    Returns
    -------
    ndarray, shape (n_sites, 26)
        One parameter row a site.

    Examples
    --------
    >>> float(law_rows((None,))[0, KIND])
    0.0
    """
    rows = np.zeros((len(laws), N_PARAMETERS))
    for row, law in zip(rows, laws, strict=True):
        if law is not None:
            row[:] = law.parameters()
    return rows


def _row(law: ResponseLaw) -> FloatArray:
    row = np.zeros(N_PARAMETERS)
    row[KIND] = law.kind
    row[NOMINAL_HZ] = law.nominal_hz
    row[HOLD_MISSING_S] = law.hold_missing_s
    row[MISSING_RAMP_PU_PER_S] = law.missing_ramp_pu_per_s
    row[RAMP_PU_PER_S] = law.ramp_pu_per_s
    row[INITIATION_S] = law.initiation_s
    row[FULL_TIME_S] = law.full_time_s
    return row


def _require_shared(law: ResponseLaw) -> None:
    _require("nominal_hz", law.nominal_hz, 10.0, 100.0, "Hz")
    _require("initiation_s", law.initiation_s, 0.0, 900.0, "s")
    _require("ramp_pu_per_s", law.ramp_pu_per_s, 1e-6, math.inf, "1/s")
    _require("hold_missing_s", law.hold_missing_s, 0.0, 3600.0, "s")
    _require("missing_ramp_pu_per_s", law.missing_ramp_pu_per_s, 1e-6, math.inf, "1/s")


def _require(name: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise InvalidQuantityError(name, value, low, high, unit)
