"""What an ageing model says of one cycle, and of one hour of rest: the questions behind a wear price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.errors import UsageError
from battuta.numerics.arrays import FloatArray
from battuta.physics.ageing.duty_days import DAY_S, duty_days

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
    moved = duty.cycle_depth * duty.cycle_count
    moved = moved / max(float(moved.sum()), 1e-12)
    still = np.full(duty.soc.shape, 1.0 / duty.soc.size)
    seen: dict[str, tuple[FloatArray, FloatArray, str]] = {
        "temperature_c": (duty.temperature_c, still, "the time"),
        "soc": (duty.soc, still, "the time"),
        "c_rate": (duty.cycle_c_rate, moved, "the throughput"),
        "depth": (duty.cycle_depth, moved, "the throughput"),
    }
    said: list[str] = []
    for side in law.card.validity:
        if side.name not in seen:
            continue
        values, weight, of_what = seen[side.name]
        low = -np.inf if side.name == "c_rate" else side.low  # slower is milder than what was tested
        share = float(weight[(values < low) | (values > side.high)].sum())
        if share > OUTSIDE_SHARE:
            said.append(f"{100.0 * share:.0f} % of {of_what} outside {side}")
    return tuple(said)


def inside_box(law: AgeingLaw, name: str, nodes: FloatArray) -> FloatArray:
    """Which nodes of a quantity a model was fitted for, as shares 0 or 1, shape of `nodes`; 1 where it has no side."""
    for side in law.card.validity:
        if side.name == name:
            return ((nodes >= side.low) & (nodes <= side.high)).astype(np.float64)
    return np.ones(nodes.shape)
