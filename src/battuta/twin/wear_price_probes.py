"""What an ageing model says of one cycle, and of one hour of rest: the questions behind a wear price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DAY_S, duty_days
from battuta.twin.outside_box import outside_shares

if TYPE_CHECKING:
    from battuta.physics.ageing.ageing_law import AgeingLaw
    from battuta.physics.ageing.duty_days import DutyDays

STEP_S = 60.0
OUTSIDE_SHARE = 0.5
"""Share of the time, or of the throughput, from which a duty counts as outside a model's box. [-]"""
_STEPS = round(DAY_S / STEP_S)


def cycle_stresses(law: AgeingLaw, c_rate: FloatArray, depth: FloatArray, temperature_c: float) -> FloatArray:
    """Stress of days with one cycle around soc 0.5 each, by rate and depth.

    Parameters
    ----------
    law : AgeingLaw
        The model.
    c_rate, depth : ndarray, shape (n_rates,), (n_depths,)
        Rates above 0 and depths from 0 to 1, half a cycle in less than half a day. [1/h], [-]
    temperature_c : float
        Cell temperature. [degC]

    Returns
    -------
    ndarray, shape (n_rates, n_depths, n_slots)
        Stresses; those of cycle terms are the cycle's alone, for a resting cell has none.
    """
    found = np.zeros((c_rate.size, depth.size, law.n_slots))
    for at, rate in enumerate(c_rate.tolist()):
        for place, deep in enumerate(depth.tolist()):
            if deep > 0.0:
                found[at, place] = law.stresses(_cycle_day(rate, deep, temperature_c))[0]
    return found


def _cycle_day(c_rate: float, depth: float, temperature_c: float) -> DutyDays:
    n_half = max(round(depth / c_rate * 3600.0 / STEP_S), 1)
    if 2 * n_half >= _STEPS:
        message = (
            f"a cycle of depth {depth:g} at {c_rate:g} C takes more than a day; ask for a rate above {depth / 12:g}"
        )
        raise UsageError(message)
    low, high = 0.5 - 0.5 * depth, 0.5 + 0.5 * depth
    up = np.linspace(low, high, n_half + 1)[1:]
    soc = np.full(_STEPS, low)
    soc[1 : n_half + 1], soc[n_half + 1 : 2 * n_half + 1] = up, up[::-1] - depth / n_half
    rate = np.zeros(_STEPS)
    exact = depth / (n_half * STEP_S / 3600.0)
    rate[1 : n_half + 1], rate[n_half + 1 : 2 * n_half + 1] = -exact, exact
    return duty_days(np.clip(soc, 0.0, 1.0), np.full(_STEPS, temperature_c), rate, STEP_S)


def rest_stresses(law: AgeingLaw, temperature_c: FloatArray, soc: FloatArray) -> FloatArray:
    """Stress of days of rest, by temperature and state of charge.

    Parameters
    ----------
    law : AgeingLaw
        The model.
    temperature_c, soc : ndarray, shape (n_temperatures,), (n_socs,)
        Where it rests. [degC], [-]

    Returns
    -------
    ndarray, shape (n_temperatures, n_socs, n_slots)
        Stresses of a day.
    """
    found = np.empty((temperature_c.size, soc.size, law.n_slots))
    still = np.zeros(24)
    for at, warm_c in enumerate(temperature_c.tolist()):
        for place, level in enumerate(soc.tolist()):
            day = duty_days(np.full(24, level), np.full(24, warm_c), still, 3600.0)
            found[at, place] = law.stresses(day)[0]
    return found


def outside_of(law: AgeingLaw, duty: DutyDays) -> tuple[str, ...]:
    """Say on which sides of a model's box most of a duty lies outside; slower than its tests does not count.

    Parameters
    ----------
    law : AgeingLaw
        The model.
    duty : DutyDays
        A year of a cell.

    Returns
    -------
    tuple of str
        One half sentence a side; empty where the duty lies mostly inside.
    """
    return tuple(
        f"{100.0 * each.share:.0f} % of {each.of_what} outside {each.side}"
        for each in outside_shares(law, duty, slower_is_outside=False)
        if each.share > OUTSIDE_SHARE
    )


def inside_box(law: AgeingLaw, name: str, nodes: FloatArray) -> FloatArray:
    """Which nodes of a quantity a model was fitted for, as shares 0 or 1, shape of `nodes`; 1 where it has no side."""
    for side in law.card.validity:
        if side.name == name:
            return ((nodes >= side.low) & (nodes <= side.high)).astype(np.float64)
    return np.ones(nodes.shape)
