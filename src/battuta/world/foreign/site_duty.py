"""What a site does through its days: currents of its strings, when it is switched off, and who works on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.numerics.sampling import generator

CURRENT_A_MAX = 140.0
STRING_VOLTAGE_V = 1330.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteDuty:
    """What a site does.

    Attributes
    ----------
    string_current_a : ndarray, shape (n_times, n_strings)
        Current of each string, discharge positive. [A]
    is_open : ndarray, shape (n_times,)
        Whether its contactors are told to be open.
    worked_on : ndarray, shape (n_times,)
        Whether people are there: pump off, part of the fire panel switched off.
    filter_days, pump_days, refill_days : ndarray, shape (n_events,)
        When a filter was changed, a pump exchanged, coolant refilled. [d]
    """

    string_current_a: FloatArray
    is_open: BoolArray
    worked_on: BoolArray
    filter_days: FloatArray
    pump_days: FloatArray
    refill_days: FloatArray


def site_duty(seed: int, n_days: int, n_per_day: int, n_strings: int) -> SiteDuty:
    """Draw what a site does.

    Parameters
    ----------
    seed : int
        Seed of the site.
    n_days, n_per_day : int
        Days, and rows of a day. [-]
    n_strings : int
        Strings. [-]

    Returns
    -------
    SiteDuty
        Its currents and its visits.
    """
    rng = generator(seed, "world.foreign.site.duty")
    hour = 24.0 * np.arange(n_per_day) / n_per_day
    strength = np.clip(rng.beta(3.0, 1.6, (n_days, 2)) * rng.choice([1.0, 1.0, 1.0, 0.2], (n_days, 1)), 0.0, 1.0)
    noon = rng.normal(12.5, 0.8, (n_days, 1))
    evening = rng.normal(19.5, 0.8, (n_days, 1))
    charge = strength[:, :1] * (np.abs(hour - noon) < 1.8)
    discharge = strength[:, 1:] * (np.abs(hour - evening) < 1.5)
    shape = (discharge - charge + 0.04 * rng.normal(0.0, 1.0, (n_days, n_per_day))).reshape(-1)
    sharing = rng.normal(1.0, 0.02, n_strings)
    is_open = np.zeros(n_days * n_per_day, dtype=np.bool_)
    for day in np.flatnonzero(rng.random(n_days) < 0.4):
        at = int(day) * n_per_day + int(rng.integers(1, max(n_per_day // 6, 2)))
        is_open[at : at + max(n_per_day // 24, 1)] = True
    filter_days = np.sort(rng.uniform(0.0, n_days, int(rng.poisson(n_days / 250.0))))
    pump_days = rng.uniform(0.0, n_days, int(rng.poisson(n_days / 1800.0)))
    refill_days = rng.uniform(0.0, n_days, int(rng.poisson(n_days / 500.0)))
    worked_on = np.zeros(is_open.size, dtype=np.bool_)
    other_days = rng.uniform(0.0, n_days, int(rng.poisson(n_days / 120.0)))
    for day in np.concatenate([filter_days, pump_days, refill_days, other_days]):
        at = int(day) * n_per_day + n_per_day * 9 // 24
        worked_on[at : at + int(rng.integers(1, 5)) * max(n_per_day // 24, 1)] = True
    is_open |= worked_on
    current = CURRENT_A_MAX * np.clip(shape, -1.0, 1.0)[:, None] * sharing
    return SiteDuty(
        string_current_a=np.where(is_open[:, None], 0.0, current),
        is_open=is_open,
        worked_on=worked_on,
        filter_days=filter_days,
        pump_days=pump_days,
        refill_days=refill_days,
    )
