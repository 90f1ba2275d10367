"""NREL's ageing model of a large prismatic LFP cell as an ageing law: exact steps, mean rates of each day.

Its cycle term ages less when the cell is hotter, an artefact of its fit: it may judge a plan, never make one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing import prismatic_kernels as kernels
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.card import ModelCard, ValidityRange
from battuta.physics.ageing.parameter_rows import parameter_row

if TYPE_CHECKING:
    from battuta.physics.ageing.duty_days import DutyDays

ROW = {
    "calendar": ("scale", "temperature_k", "potential_k_per_v", "exponent"),
    "cycle": ("offset", "depth", "c_rate_h", "warm_k", "hot_k", "exponent"),
}
CARD = ModelCard(
    name="NREL LFP 250 Ah prismatic",
    fitted_on=(
        "large prismatic LFP/graphite cells of more than 250 Ah made for six-hour storage, calendar and cycle ageing "
        "at rates that their maker advises: charge at most 0.16 C at 10 degC and 0.65 C above"
    ),
    validity=(
        ValidityRange(name="temperature_c", low=10.0, high=45.0, unit="degC"),
        ValidityRange(name="soc", low=0.0, high=1.0, unit="-"),
        ValidityRange(name="depth", low=0.8, high=1.0, unit="-"),
        ValidityRange(name="c_rate", low=0.0, high=1.0, unit="1/h"),
        ValidityRange(name="charge_c_rate", low=0.0, high=0.65, unit="1/h"),
    ),
    accuracy=("equal to BLAST-Lite 1.1.1 in its own walk; the test data behind it are not at hand",),
    limits=(
        (
            "its cycle term ages less when hotter: the cells cycled alike at 10 to 45 degC, so the fit balances its "
            "own calendar term; an optimiser that used it would heat the cells"
        ),
        "no resistance: a study takes its growth from another model, and says which",
        "shallow cycles (below 80 % depth) and fast ones are extrapolated; the cold and plating are unknown to it",
    ),
    citations=(
        "test data: doi 10.1016/j.est.2023.109042",
        "P. Gasper et al., BLAST-Lite 1.1.1, NREL (BSD-3)",
    ),
    family="large prismatic 250 Ah",
)


def prismatic_row() -> FloatArray:
    """Parameters as the loops take them, shape (10,)."""
    return parameter_row("lfp_250ah", ROW)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrismaticLaw:
    """The model as a law; see `CARD`."""

    row: FloatArray = field(default_factory=prismatic_row)
    name: str = "lfp_250ah"
    card: ModelCard = CARD
    n_slots: int = 2
    is_for_optimiser: bool = False

    @property
    def terms(self) -> tuple[AgeingTerm, ...]:
        """Calendar and cycles, each a power of its own."""
        capacity, power = AgedQuantity.CAPACITY, TermKind.POWER
        calendar, cycle = (float(self.row[at]) for at in (kernels.CALENDAR_EXPONENT, kernels.CYCLE_EXPONENT))
        return (
            AgeingTerm(
                name="capacity_calendar", quantity=capacity, kind=power, exponent=calendar, slot=0, cause="calendar"
            ),
            AgeingTerm(name="capacity_cycle", quantity=capacity, kind=power, exponent=cycle, slot=1, cause="cycle"),
        )

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day.

        Parameters
        ----------
        duty : DutyDays
            The days.

        Returns
        -------
        ndarray, shape (n_days, 2)
            Calendar and cycles, each rate to the power of one over its exponent. [-]
        """
        days = kernels.prismatic_days(duty.soc, duty.temperature_c, self.row)
        depth, c_rate = duty.daily_depth(), duty.daily_c_rate()
        slots = np.empty((duty.n_days, 2))
        calendar, cycle = (each.exponent for each in self.terms)
        slots[:, 0] = days[:, 0] ** (1.0 / calendar)
        slope = self.row[kernels.CYCLE_DEPTH] * depth + self.row[kernels.CYCLE_C_RATE] * c_rate
        rate = (self.row[kernels.CYCLE_OFFSET] + slope) * days[:, 1]
        slots[:, 1] = rate ** (1.0 / cycle) * duty.full_cycles
        return slots
