"""When the tests of cells speak: limits that were chosen on fleets from which no figure comes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from battuta.domain.health import FindingLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """When a test speaks.

    Attributes
    ----------
    watch, act : float
        Standard deviations of the other cells at which it speaks. [-]
    effect, act_effect : float
        Smallest changes that matter, in the unit of what is tested.
    beyond_usual, act_beyond_usual : float
        How far it has to be beyond what cells of the same string did lately, the few farthest left out. [-]
    days, act_days : int
        Days in a row. [d]
    sure : float
        Change from which it says watch whatever the others did and however badly the voltages are explained, and act
        from half as much again, in the unit of what is tested.
    """

    watch: float
    act: float
    effect: float
    act_effect: float
    beyond_usual: float = 3.5
    act_beyond_usual: float = 5.5
    days: int = 2
    act_days: int = 2
    sure: float = math.inf


DRIFT_WINDOWS_DAYS = (4, 8, 16, 32, 64)
"""Windows over which charge that is lost is told. [d]"""
_CHANGE_PER_DAY = (1.4e-3, 7.5e-4, 3.5e-4, 1.8e-4, 1.4e-4)
_STAND_PER_DAY = (2.2e-3, 1.3e-3, 9e-4, 7e-4, 6e-4)
_DRIFT_DAYS, _DRIFT_ACT_DAYS = (2, 2, 3, 4, 6), (2, 3, 4, 6, 9)
_DRIFT_BEYOND = (3.2, 3.2, 4.2, 5.2, 6.0)
_SURE_PER_DAY = (8e-3, 5e-3, 2.6e-3, 1.9e-3, 1.2e-3)
"""A third more than any healthy cell seemed to lose for three days in 110 string-years."""


def _drift(per_day: tuple[float, ...]) -> tuple[Threshold, ...]:
    return tuple(
        Threshold(
            watch=6.0, act=9.0, effect=effect, act_effect=1.5 * effect, beyond_usual=beyond,
            act_beyond_usual=1.6 * beyond, days=days, act_days=act_days, sure=sure,
        )
        for effect, beyond, days, act_days, sure in zip(
            per_day, _DRIFT_BEYOND, _DRIFT_DAYS, _DRIFT_ACT_DAYS, _SURE_PER_DAY, strict=True
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSettings:
    """Limits of all tests, frozen on fleets that no figure comes from.

    Attributes
    ----------
    drift_change, drift : tuple of Threshold
        Charge lost a day, against the cell's own past and against the string, one for each window. [1/day]
    resistance_change, resistance : Threshold
        Resistance at 25 degC. [ohm]
    offset_change : Threshold
        Offset of a channel. [V]
    capacity_change : Threshold
        Capacity. [-]
    unrest_change : Threshold
        Logarithm of what the states of a cell do not explain, as where a joint comes and goes. [-]
    faults_per_cell_year : float
        How often a cell goes bad, assumed, for the probability of a finding. [1/year]
    false_watches_per_cell_year, false_acts_per_cell_year : float
        False alarms, for the same: 5 watches and no act in 26,233 cell-years of the SYNTHETIC fleets on which limits
        were first chosen, rounded up; for act the upper 95 % bound of that. A longer count since, under stricter limits
        and on other strings, came to 3.0e-4 and 3.2e-5, of which the bound is 8.4e-5. [1/year]
    """

    drift_change: tuple[Threshold, ...] = field(default_factory=lambda: _drift(_CHANGE_PER_DAY))
    drift: tuple[Threshold, ...] = field(default_factory=lambda: _drift(_STAND_PER_DAY))
    resistance_change: Threshold = field(
        default_factory=lambda: Threshold(
            watch=8.0, act=14.0, effect=4e-5, act_effect=6e-5, beyond_usual=5.5, act_beyond_usual=8.0
        )
    )
    resistance: Threshold = field(default_factory=lambda: Threshold(watch=9.0, act=14.0, effect=1e-4, act_effect=2e-4))
    offset_change: Threshold = field(
        default_factory=lambda: Threshold(
            watch=8.0, act=14.0, effect=6e-3, act_effect=7.2e-3, beyond_usual=5.0, act_beyond_usual=6.5
        )
    )
    capacity_change: Threshold = field(
        default_factory=lambda: Threshold(watch=8.0, act=14.0, effect=0.03, act_effect=0.05)
    )
    unrest_change: Threshold = field(
        default_factory=lambda: Threshold(watch=8.0, act=14.0, effect=2.1, act_effect=2.6, days=3, act_days=4)
    )
    faults_per_cell_year: float = 1e-4
    false_watches_per_cell_year: float = 2.5e-4
    false_acts_per_cell_year: float = 1.1e-4

    def probability(self, level: FindingLevel) -> float:
        """How likely a finding of a level is no false alarm, faults and false alarms being as common as set. [-]

        Examples
        --------
        >>> round(DecisionSettings().probability(FindingLevel.ACT), 3)
        0.476
        """
        false = self.false_acts_per_cell_year if level is FindingLevel.ACT else self.false_watches_per_cell_year
        return self.faults_per_cell_year / (self.faults_per_cell_year + false)
