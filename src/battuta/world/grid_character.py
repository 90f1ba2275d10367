"""What a grid is like, and what a lost power station does to its frequency; every preset is synthetic.

The presets imitate the deviation, the swings at changes of schedule, the inertia and the stiffness of a grid, and
are named after what they imitate. None is fitted to a recording of that grid.

The shape was set beside one recorded day of a 60 Hz grid (GMLC, one sample a second, per unit of its nominal
frequency; its size was not used): deviation 264 ppm, kurtosis 2.93, autocorrelation 0.992 at 1 s, 0.77 at 60 s, 0.56
at 300 s. The presets have 0.986 to 0.995 at 1 s and 0.81 to 0.84 at 60 s, but only 0.35 to 0.44 at 300 s: real slow
wandering is slower. The two humps that deadbands give a real distribution are not imitated, nor are voltage and
splits of a grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray

EVENT_S_MAX = 3600.0
"""An event is forgotten after this time. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCharacter:
    """What a grid is like; every preset is synthetic and only imitates published statistics.

    Attributes
    ----------
    imitates : str
        What the numbers imitate.
    slow_hz, medium_hz, oscillation_hz : float
        Standard deviations of the slow noise, the medium noise, and the oscillation between areas. [Hz]
    slow_s, medium_s : float
        Memories of the slow and the medium noise. [s]
    oscillation_period_s, oscillation_memory_s : float
        Period and memory of the oscillation. [s]
    schedule_period_s : int
        Time between changes of schedule, a divisor of an hour. [s]
    hour_hz, between_hz : float
        Typical peaks after a change at the full hour and at the other changes. [Hz]
    schedule_width_s : float
        Time from a change to its peak. [s]
    system_mw : float
        Load of the whole grid. [MW]
    inertia_s : float
        Stored kinetic energy over the load. [s]
    stiffness_mw_per_hz : float
        Primary response and self-regulation of the load. [MW/Hz]
    governor_s : float
        Lag of the primary response. [s]
    restoration_s : float
        Memory of the secondary control that brings the frequency back. [s]
    events_per_week : float
        Mean number of sudden losses. [-]
    lost_power_mw_min, lost_power_mw_max : float
        Smallest and largest sudden loss. [MW]
    load_loss_share : float
        Share of events that lose load and raise the frequency. [-]
    """

    imitates: str
    slow_hz: float
    medium_hz: float
    oscillation_hz: float
    hour_hz: float
    between_hz: float
    system_mw: float
    inertia_s: float
    stiffness_mw_per_hz: float
    events_per_week: float
    lost_power_mw_min: float
    lost_power_mw_max: float
    slow_s: float = 420.0
    medium_s: float = 15.0
    oscillation_period_s: float = 4.0
    oscillation_memory_s: float = 6.0
    schedule_period_s: int = 900
    schedule_width_s: float = 140.0
    governor_s: float = 5.0
    restoration_s: float = 420.0
    load_loss_share: float = 0.2


CONTINENTAL_EUROPE_LIKE = GridCharacter(
    imitates="synthetic, like continental Europe: about 20 mHz, swings at the hour, losses up to 3 GW in 300 GW",
    slow_hz=0.0180,
    medium_hz=0.0045,
    oscillation_hz=0.0008,
    hour_hz=0.034,
    between_hz=0.010,
    system_mw=300_000.0,
    inertia_s=4.5,
    stiffness_mw_per_hz=27_000.0,
    events_per_week=3.0,
    lost_power_mw_min=400.0,
    lost_power_mw_max=3_000.0,
)
GREAT_BRITAIN_LIKE = GridCharacter(
    imitates="synthetic, like Great Britain: about 60 mHz, half-hours, losses up to 1.8 GW in 30 GW",
    slow_hz=0.0560,
    medium_hz=0.0120,
    oscillation_hz=0.0012,
    oscillation_period_s=2.0,
    hour_hz=0.045,
    between_hz=0.025,
    schedule_period_s=1800,
    system_mw=30_000.0,
    inertia_s=4.5,
    stiffness_mw_per_hz=3_600.0,
    governor_s=3.0,
    events_per_week=4.0,
    lost_power_mw_min=150.0,
    lost_power_mw_max=1_800.0,
)
NORDIC_LIKE = GridCharacter(
    imitates="synthetic, like the Nordic countries: about 40 mHz, losses up to 1.4 GW in 45 GW, slow hydro governors",
    slow_hz=0.0360,
    medium_hz=0.0100,
    oscillation_hz=0.0030,
    oscillation_period_s=3.0,
    hour_hz=0.045,
    between_hz=0.012,
    system_mw=45_000.0,
    inertia_s=4.5,
    stiffness_mw_per_hz=6_000.0,
    governor_s=8.0,
    events_per_week=3.0,
    lost_power_mw_min=200.0,
    lost_power_mw_max=1_400.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridEvent:
    """A sudden loss of generation, or of load where the power is negative.

    Attributes
    ----------
    at_s : float
        Instant, on the clock of the frequency. [s]
    lost_power_mw : float
        Generation lost; negative: load lost. [MW]
    """

    at_s: float
    lost_power_mw: float

    def rocof_hz_per_s(self, character: GridCharacter, nominal_hz: float = 50.0) -> float:
        """First rate of change of the frequency, by the swing equation. [Hz/s]

        Examples
        --------
        >>> event = GridEvent(at_s=0.0, lost_power_mw=1000.0)
        >>> round(event.rocof_hz_per_s(GREAT_BRITAIN_LIKE), 3)
        -0.185
        """
        return -self.lost_power_mw / character.system_mw * nominal_hz / (2.0 * character.inertia_s)

    def response(self, character: GridCharacter, nominal_hz: float = 50.0) -> FloatArray:
        """Numbers of the response of the grid, as the kernel `sample_path` reads them.

        The swing equation with a first-order governor: d(df)/dt = rocof - damping, lag `governor_s`; its steady
        deviation is restored by secondary control within an hour.

        Returns
        -------
        ndarray, shape (7,)
            Instant [s], steady deviation [Hz], decay [1/s], angular frequency [rad/s], share of the sine [-], memory
            and end of the restoration [s].

        References
        ----------
        .. [1] P. Kundur, "Power System Stability and Control" (1994), section 11.1.
        """
        per_hz_s = character.system_mw * 2.0 * character.inertia_s / nominal_hz
        load_mw_per_hz = 0.1 * character.stiffness_mw_per_hz
        square = character.stiffness_mw_per_hz / (per_hz_s * character.governor_s)
        decay = 0.5 * (1.0 / character.governor_s + load_mw_per_hz / per_hz_s)
        turn = math.sqrt(max(square - decay * decay, 1e-6))
        steady_hz = -self.lost_power_mw / character.stiffness_mw_per_hz
        sine = (decay - character.stiffness_mw_per_hz / per_hz_s) / turn
        return np.array([self.at_s, steady_hz, decay, turn, sine, character.restoration_s, EVENT_S_MAX])
