"""NREL's ageing model of the Sony/Murata LFP cell as an ageing law: exact steps, mean rates of each day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing import sony_kernels as kernels
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.card import ModelCard, ValidityRange
from battuta.physics.ageing.duty_days import DAY_S
from battuta.physics.ageing.parameter_rows import parameter_row

if TYPE_CHECKING:
    from battuta.physics.ageing.duty_days import DutyDays

ROW = {
    "calendar": (
        "end_scale",
        "end_inverse_square",
        "end_inverse",
        "per_day",
        "curve_scale",
        "curve_inverse_fourth",
        "curve_cube",
        "curve_inverse_cube",
        "curve_square",
    ),
    "cycle": ("offset", "depth", "growth", "exponent"),
    "break_in": (
        "scale",
        "soc_skew",
        "soc_width",
        "depth_skew",
        "depth_width",
        "depth_growth",
        "per_cycle",
        "exponent",
    ),
    "resistance": (
        "calendar_rate",
        "activation_j_per_mol",
        "soc_scale",
        "soc_offset",
        "c_rate_scale",
        "c_rate_offset",
        "depth_scale",
        "depth_offset",
    ),
}
CARD = ModelCard(
    name="NREL Sony/Murata LFP 3 Ah",
    fitted_on=(
        "Sony/Murata US26650 cells, LFP/graphite, 3 Ah: Naumann's calendar and cycle data, capacity fitted anew by "
        "NREL, resistance as Naumann gives it; cycled at 25 and 40 degC only"
    ),
    validity=(
        ValidityRange(name="temperature_c", low=20.0, high=40.0, unit="degC"),
        ValidityRange(name="soc", low=0.0, high=1.0, unit="-"),
        ValidityRange(name="depth", low=0.8, high=1.0, unit="-"),
        ValidityRange(name="c_rate", low=0.0, high=2.0, unit="1/h"),
        ValidityRange(name="charge_c_rate", low=0.0, high=1.0, unit="1/h"),
        ValidityRange(name="duration_days", low=0.0, high=885.0, unit="d"),
    ),
    accuracy=(
        "equal to BLAST-Lite 1.1.1 in its own walk",
        "resting resistance with (soc - 0.5)^2, as the calendar data prefer; BLAST-Lite has the cube",
    ),
    limits=(
        "cycle ageing does not depend on temperature; the cold and plating are unknown to it",
        "the break-in of fast cycling counts above 3 full cycles a day only, as its makers have it",
        "resistance gained by cycles would turn negative above 1.05 C: it is held at zero there",
        "calendar ageing bends towards an end; lives beyond 885 days are extrapolated",
    ),
    citations=(
        "P. Gasper et al., J. Electrochem. Soc. 169, 2022, doi 10.1149/1945-7111/ac86a8: the capacity model",
        "M. Naumann et al., doi 10.1016/j.est.2018.01.019 and 10.1016/j.jpowsour.2019.227666: data and resistance",
        "P. Gasper et al., BLAST-Lite 1.1.1, NREL (BSD-3)",
    ),
    family="Sony/Murata US26650",
)


def sony_row() -> FloatArray:
    """Parameters as the loops take them, shape (29,)."""
    return parameter_row("sony_lfp_3ah", ROW)


def sony_terms(cycle_exponent: float) -> tuple[AgeingTerm, ...]:
    """Calendar, cycles and break-in of the capacity, calendar and cycles of the resistance."""
    capacity, resistance = AgedQuantity.CAPACITY, AgedQuantity.RESISTANCE
    power, sigmoid = TermKind.POWER, TermKind.SIGMOID
    return (
        AgeingTerm(name="capacity_calendar", quantity=capacity, kind=sigmoid, exponent=1.0, slot=0, cause="calendar"),
        AgeingTerm(
            name="capacity_cycle", quantity=capacity, kind=power, exponent=cycle_exponent, slot=3, cause="cycle"
        ),
        AgeingTerm(name="capacity_break_in", quantity=capacity, kind=sigmoid, exponent=1.0, slot=4, cause="cycle"),
        AgeingTerm(name="resistance_calendar", quantity=resistance, kind=power, exponent=1.0, slot=7, cause="calendar"),
        AgeingTerm(name="resistance_cycle", quantity=resistance, kind=power, exponent=1.0, slot=8, cause="cycle"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SonyLaw:
    """The model as a law; see `CARD`."""

    row: FloatArray = field(default_factory=sony_row)
    name: str = "sony_lfp_3ah"
    card: ModelCard = CARD
    n_slots: int = 9
    is_for_optimiser: bool = True

    @property
    def terms(self) -> tuple[AgeingTerm, ...]:
        """Three of the capacity, two of the resistance."""
        return sony_terms(float(self.row[kernels.CYCLE_EXPONENT]))

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day.

        Parameters
        ----------
        duty : DutyDays
            The days.

        Returns
        -------
        ndarray, shape (n_days, 9)
            Calendar: end, progress, curvature; cycles; break-in: end, progress, curvature; resistance by both. [-]
        """
        days = kernels.sony_days(duty.soc, duty.temperature_c, self.row)
        by_cycles, cycles = kernels.sony_cycle_days(duty.daily_depth(), duty.daily_c_rate(), self.row), duty.full_cycles
        fast = np.where(cycles > kernels.BREAK_IN_CYCLES_PER_DAY, cycles, 0.0)
        slots = np.empty((duty.n_days, self.n_slots))
        slots[:, 0], slots[:, 1], slots[:, 2] = days[:, 0], self.row[kernels.PER_DAY], days[:, 1]
        slots[:, 3] = by_cycles[:, 0] * cycles
        slots[:, 4] = by_cycles[:, 1] * days[:, 2]
        slots[:, 5] = self.row[kernels.BREAK_PER_CYCLE] * fast
        slots[:, 6] = self.row[kernels.BREAK_EXPONENT]
        slots[:, 7] = days[:, 3] * DAY_S
        slots[:, 8] = by_cycles[:, 2] * cycles
        return slots
