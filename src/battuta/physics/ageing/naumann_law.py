"""Naumann's model as an ageing law: cycles counted by rainflow, stresses summed by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing import naumann_kernels as kernels
from battuta.physics.ageing.ageing_term import AgedQuantity, AgeingTerm, TermKind
from battuta.physics.ageing.naumann import CARD, Naumann, naumann

if TYPE_CHECKING:
    from battuta.physics.ageing.card import ModelCard
    from battuta.physics.ageing.duty_days import DutyDays

_CAPACITY, _RESISTANCE = AgedQuantity.CAPACITY, AgedQuantity.RESISTANCE
TERMS = (
    AgeingTerm(
        name="capacity_calendar", quantity=_CAPACITY, kind=TermKind.POWER, exponent=0.5, slot=0, cause="calendar"
    ),
    AgeingTerm(name="capacity_cycle", quantity=_CAPACITY, kind=TermKind.POWER, exponent=0.5, slot=1, cause="cycle"),
    AgeingTerm(
        name="resistance_calendar", quantity=_RESISTANCE, kind=TermKind.POWER, exponent=1.0, slot=2, cause="calendar"
    ),
    AgeingTerm(name="resistance_cycle", quantity=_RESISTANCE, kind=TermKind.POWER, exponent=1.0, slot=3, cause="cycle"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NaumannLaw:
    """The model as a law.

    Attributes
    ----------
    model : Naumann
        Its parameters.
    """

    model: Naumann
    name: str = "naumann_lfp"
    card: ModelCard = CARD
    terms: tuple[AgeingTerm, ...] = TERMS
    n_slots: int = 4
    is_for_optimiser: bool = True

    def stresses(self, duty: DutyDays) -> FloatArray:
        """Stress of each day.

        Parameters
        ----------
        duty : DutyDays
            The days.

        Returns
        -------
        ndarray, shape (n_days, 4)
            Squares of the capacity lost and resistance gained: calendar, cycles; calendar, cycles. [-]
        """
        row = self.model.parameters()
        calendar = kernels.calendar_days(duty.soc, duty.temperature_c, duty.step_s, row)
        cycle = kernels.cycle_stresses(duty.cycle_depth, duty.cycle_c_rate, duty.cycle_full_cycles(), row)
        return np.column_stack(
            (calendar[:, 0], duty.sum_by_day(cycle[:, 0]), calendar[:, 1], duty.sum_by_day(cycle[:, 1]))
        )


def naumann_law() -> NaumannLaw:
    """Naumann's model with the parameters of SimSES."""
    return NaumannLaw(model=naumann())
