"""Limits of what stands around the cells: each with its source, or marked as an assumption to be replaced.

Source of 100 ohm/V: UN Regulation No. 100, 5.1.3.1, DC buses of vehicles; stationary batteries have standards of their
own (IEC 62477, IEC 61557-8), whose values were not verified here. All other defaults are assumptions, none from a data
sheet: set those of your own equipment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from battuta.domain.health import FindingLevel
from battuta.health.site_checks_trend import TrendLimits

EVENT_WINDOWS = ((4, 0), (8, 0), (4, 6), (6, 16))


def _trend(watch: float, plan: float, bad_sign: int, score: float = 4.0) -> TrendLimits:
    return TrendLimits(score=score, watch=watch, plan=plan, bad_sign=bad_sign)


def _events(watch: float, plan: float, bad_sign: int, score: float = 3.0) -> TrendLimits:
    return TrendLimits(score=score, watch=watch, plan=plan, bad_sign=bad_sign, windows_days=EVENT_WINDOWS, past_days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLimits:
    """Limits of all checks of a site.

    Attributes
    ----------
    voltage_v : float
        Highest DC voltage to earth that insulation is held against. [V]
    insulation_ohm_per_v_plan, insulation_ohm_per_v_act : float
        Insulation per volt below which something has to be planned (assumed), and done (UN R100). [ohm/V]
    insulation_step : float
        Decades that insulation falls at once below all it has been in a month before it is an earth fault; assumed. [-]
    flow_share_min : float
        Share of its own flow below which a pump is no longer enough; assumed. [-]
    pressure_bar_min : float
        Least static pressure; assumed. [bar]
    level_min : float
        Level of the tank at which a circuit stops; assumed. [-]
    joint_rise_k_plan, joint_rise_k_act : float
        Rise of a joint over the air at the highest current seen; assumed. [K]
    joint_share_of_others : float
        Times the rise of the others by which a joint stands out from the first days on; assumed. [-]
    precharge_share_min : float
        Share of the string's voltage that the bus has to reach before contactors close; assumed. [-]
    dew_margin_k : float
        Distance of the coldest surface to the dew point below which water may condense; assumed. [K]
    supply_v_min, ups_v_min : float
        Least voltage of the supply of the controls, 24 V less 15 %, and of its battery in a test; assumed. [V]
    fuse_share : float
        Share of the other strings' current below which a string carries none; assumed. [-]
    insulation, flow, pressure, level, joint, dew, supply, precharge, ups : TrendLimits
        When a value that moved speaks; in decades, logarithms, bar, shares, logarithms, K, V, logarithms, V.
    faults_per_site_year : float
        How often one class of fault begins at a site, assumed, for the probability of a finding. [1/year]
    false_per_site_year : float
        False findings of a class, for the same; `benchmarks/health_site.py` counts them on SYNTHETIC sites. [1/year]
    """

    voltage_v: float = 1500.0
    insulation_ohm_per_v_plan: float = 150.0
    insulation_ohm_per_v_act: float = 100.0
    insulation_step: float = 0.4
    flow_share_min: float = 0.65
    pressure_bar_min: float = 0.8
    level_min: float = 0.3
    joint_rise_k_plan: float = 45.0
    joint_rise_k_act: float = 60.0
    joint_share_of_others: float = 2.0
    precharge_share_min: float = 0.95
    dew_margin_k: float = 0.0
    supply_v_min: float = 20.4
    ups_v_min: float = 21.5
    fuse_share: float = 0.05
    insulation: TrendLimits = field(default_factory=lambda: _trend(0.2, 0.5, -1))
    flow: TrendLimits = field(default_factory=lambda: _trend(0.08, 0.2, -1))
    pressure: TrendLimits = field(default_factory=lambda: _trend(0.12, 0.3, -1))
    level: TrendLimits = field(default_factory=lambda: _trend(0.045, 0.1, -1))
    joint: TrendLimits = field(default_factory=lambda: _trend(0.2, 0.6, 1))
    dew: TrendLimits = field(default_factory=lambda: _trend(2.0, 4.0, -1))
    supply: TrendLimits = field(default_factory=lambda: _trend(0.3, 1.0, -1))
    precharge: TrendLimits = field(default_factory=lambda: _events(0.12, 0.3, 0))
    ups: TrendLimits = field(default_factory=lambda: _events(0.3, 0.8, -1))
    faults_per_site_year: float = 0.05
    false_per_site_year: float = 0.02

    def probability(self, level: FindingLevel) -> float:
        """How likely a finding is no false alarm, faults and false alarms being as common as set. [-]

        Examples
        --------
        >>> round(SiteLimits().probability(FindingLevel.WATCH), 2)
        0.71
        """
        rarer = {FindingLevel.WATCH: 1.0, FindingLevel.PLAN: 0.5, FindingLevel.ACT: 0.25}[level]
        return self.faults_per_site_year / (self.faults_per_site_year + rarer * self.false_per_site_year)
