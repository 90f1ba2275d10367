"""One life at full rate, its state of health renewed every day: the truth that the shared tables are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses
from battuta.physics.life_pack_walk import PackDuty, walk_pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.life_pack import LifePack
    from battuta.twin.lives_days import LifeDays

PASSES = (3, 2, 2, 2)
"""Walks of the first years, 1 after them: cycles close over weeks, so the health of the days of a year is guessed by
the slope of the year before, and walked again while that bends."""


def live_full_rate(
    pack: LifePack,
    duties: Sequence[PackDuty],
    law: AgeingLaw,
    rate: FloatArray,
    days: LifeDays,
    *,
    soh_resistance_new: float = 1.0,
) -> FloatArray:
    """Live one life with every step of every year.

    Parameters
    ----------
    pack : LifePack
        The battery.
    duties : sequence of PackDuty
        Years of duty, all with the same step.
    law : AgeingLaw
        Ageing model.
    rate : ndarray, shape (n_terms,)
        Multiplier of each term's loss. [-]
    days : LifeDays
        Days of the life.
    soh_resistance_new : float
        Resistance when new over that of the cell's card. [-]

    Returns
    -------
    ndarray, shape (n_years + 1, 2)
        Capacity over that when new, resistance over that of the cell's card when new. [-]
    """
    power_kw = np.concatenate([each.power_kw.reshape(each.n_days, -1) for each in duties])
    ambient_c = np.concatenate([each.ambient_c.reshape(each.n_days, -1) for each in duties])
    kinds, quantities, powers, slot_of = term_arrays(law)
    age, ends, state = np.zeros(len(law.terms)), np.ones((days.n_years + 1, 2)), None
    ends[0, 1] = soh_resistance_new
    slope = np.zeros(2)
    for year in range(days.n_years):
        rows = days.table_day[days.year_start[year] : days.year_start[year + 1]]
        health = ends[year] + slope * np.arange(rows.size)[:, None] / rows.size
        own_age, own_state = age, state
        for _ in range(PASSES[year] if year < len(PASSES) else 1):
            own_age, own_state = age.copy(), state
            parts: list[tuple[FloatArray, FloatArray, FloatArray]] = []
            for row, (capacity, resistance) in zip(rows, health, strict=True):
                asked = PackDuty(power_kw=power_kw[row], ambient_c=ambient_c[row], step_s=duties[0].step_s)
                day = walk_pack(
                    pack, asked, soh_capacity=float(capacity), soh_resistance=float(resistance), state=own_state
                )
                own_state = day.state
                parts.append((day.soc, day.temperature_c, day.c_rate))
            soc, temperature_c, c_rate = (np.concatenate([part[each] for part in parts]) for each in range(3))
            stress = law.stresses(duty_days(soc, temperature_c, c_rate, duties[0].step_s))
            health = np.empty((rows.size, 2))
            for number in range(rows.size):
                health[number] = _health(losses(own_age, kinds, quantities, powers), soh_resistance_new)
                advance_day(own_age, stress[number], rate, kinds, quantities, powers, slot_of)
        age, state = own_age, own_state
        ends[year + 1] = _health(losses(age, kinds, quantities, powers), soh_resistance_new)
        slope = ends[year + 1] - ends[year]
    return ends


def _health(lost: tuple[float, float], resistance_new: float) -> tuple[float, float]:
    return max(1.0 - lost[0], 0.02), resistance_new * (1.0 + lost[1])
