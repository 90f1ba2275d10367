"""Coolant, air and insulation of a site under its weather, its duty, its visits and its planted faults."""

from __future__ import annotations

import math

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.foreign.site_duty import SiteDuty
from battuta.world.foreign.site_faults import SiteFault, SiteFaultKind, share_of
from battuta.world.foreign.site_weather import SiteWeather, vapour_kpa

_K = SiteFaultKind
INSULATION_OHM_MAX = 1e7
"""An insulation monitor reads no more. [ohm]"""
FLOW_L_PER_MIN = 210.0
PRESSURE_BAR = 1.6
_LAG_H = 3.0


def lagged(values: FloatArray, share: float) -> FloatArray:
    """Follow values with a first-order lag, taking a share of the distance each row; shape (n_times,)."""
    followed = np.empty_like(values)
    now = float(values[0])
    for at, value in enumerate(values.tolist()):
        now += share * (value - now)
        followed[at] = now
    return followed


def coolant_columns(
    seed: int, day: FloatArray, weather: SiteWeather, duty: SiteDuty, faults: tuple[SiteFault, ...]
) -> dict[str, FloatArray]:
    """Read the coolant circuit.

    Parameters
    ----------
    seed : int
        Seed of the site.
    day : ndarray, shape (n_times,)
        Days since the start of the site. [d]
    weather, duty : SiteWeather, SiteDuty
        What it is exposed to.
    faults : tuple of SiteFault
        What breaks.

    Returns
    -------
    dict of str to ndarray
        Columns of a `SiteLog`.
    """
    rng = generator(seed, "world.foreign.site.coolant")
    n = day.size
    heat = lagged((duty.string_current_a[:, 0] / 140.0) ** 2, 0.15)
    command = np.clip(0.45 + 0.4 * heat + 0.01 * (weather.ambient_c - 15.0), 0.35, 1.0)
    stopped = share_of(faults, _K.PUMP_STOP, day) > 0.0
    command = np.where(duty.worked_on, 0.0, command)
    speed = np.where(stopped | duty.worked_on, 0.0, command + rng.normal(0.0, 0.004, n))
    inlet = 18.0 + 1.5 * heat + 0.04 * (weather.ambient_c - 15.0) + rng.normal(0.0, 0.15, n)
    outlet = inlet + (0.8 + 4.5 * heat) / np.maximum(speed, 0.2)
    middle = 0.5 * (inlet + outlet) + 0.06 * (weather.ambient_c - 15.0)
    clogged = rng.uniform(0.02, 0.07) * _since(day, duty.filter_days) / 365.0
    pump = np.ones(n)
    for each in duty.pump_days:
        pump[day >= each] *= 1.0 + rng.normal(0.0, 0.03)
    lost = share_of(faults, _K.PUMP_WEAR, day) + share_of(faults, _K.FILTER_CLOGGED, day)
    viscosity = 1.0 + 0.004 * (middle - 20.0)
    flow = FLOW_L_PER_MIN * pump * speed**0.95 * viscosity * (1.0 - clogged) * np.maximum(1.0 - lost, 0.0)
    pressure = rng.normal(PRESSURE_BAR, 0.08) + 0.008 * (middle - 20.0) + 0.35 * speed**2
    pressure -= rng.uniform(0.0, 0.1) * day / 365.0 + share_of(faults, _K.PRESSURE_LOSS, day)
    level = rng.uniform(0.72, 0.85) + 0.008 * (middle - 20.0) - rng.uniform(0.0, 1.5e-4) * day
    level -= share_of(faults, _K.COOLANT_LEAK, day)
    for each in duty.refill_days:
        level[day >= each] += rng.uniform(0.04, 0.1)
    return {
        "coolant_flow_l_per_min": np.maximum(flow * (1.0 + rng.normal(0.0, 0.012, n)), 0.0),
        "coolant_pressure_bar": pressure + rng.normal(0.0, 0.012, n),
        "coolant_level": np.clip(level + rng.normal(0.0, 0.006, n), 0.0, 1.0),
        "coolant_in_c": inlet,
        "coolant_out_c": outlet,
        "pump_command": command,
        "pump_speed": np.maximum(speed, 0.0),
    }


def _since(day: FloatArray, events: FloatArray) -> FloatArray:
    """Days since the last event, or since some time before the start. [d]"""
    last = np.full(day.size, -90.0)
    for each in np.sort(events):
        last[day >= each] = each
    return day - last


def air_columns(
    seed: int, day: FloatArray, weather: SiteWeather, inlet_c: FloatArray, faults: tuple[SiteFault, ...]
) -> dict[str, FloatArray]:
    """Read the air inside and the insulation that stands in it.

    Parameters
    ----------
    seed : int
        Seed of the site.
    day : ndarray, shape (n_times,)
        Days since the start of the site. [d]
    weather : SiteWeather
        Air outside.
    inlet_c : ndarray, shape (n_times,)
        Coolant, which is the coldest surface. [degC]
    faults : tuple of SiteFault
        What breaks.

    Returns
    -------
    dict of str to ndarray
        Columns of a `SiteLog`.
    """
    rng = generator(seed, "world.foreign.site.air")
    n = day.size
    share = 1.0 - math.exp(-24.0 * (float(day[1]) - float(day[0])) / _LAG_H)
    air = 24.0 + 0.15 * (lagged(weather.ambient_c, share) - 15.0) + rng.normal(0.0, 0.2, n)
    outside = lagged(weather.humidity * vapour_kpa(weather.ambient_c), share)
    dry_to = rng.uniform(0.42, 0.5) * vapour_kpa(air)
    lost = np.clip(share_of(faults, _K.DEHUMIDIFIER_LOST, day), 0.0, 1.0)
    moist = outside + 0.35 * lost
    inside = np.minimum(moist, dry_to) + lost * np.maximum(moist - dry_to, 0.0)
    humidity = np.clip(inside / vapour_kpa(air) + rng.normal(0.0, 0.01, n), 0.0, 1.0)
    wet = lagged(np.maximum(0.5 * weather.humidity + 0.5 * humidity - 0.5, 0.0) / 0.3, share)
    log_r = rng.normal(6.5, 0.22) - 0.5 * wet**1.3 - 0.008 * (air - 20.0) - 0.004 * (weather.ambient_c - 15.0)
    log_r += rng.normal(0.0, 0.02, n) - rng.uniform(0.0, 0.06) * day / 365.0
    siemens = 10.0**-log_r
    for each in faults:
        if each.kind is _K.EARTH_FAULT:
            siemens += each.grown(day) / each.size
        elif each.kind is _K.INSULATION_FALL:
            siemens /= (1.0 - each.size) ** each.grown(day)
    insulation = np.minimum(1.0 / siemens, INSULATION_OHM_MAX)
    insulation[rng.random(n) < 0.004] = np.nan
    return {
        "insulation_ohm": insulation,
        "humidity": humidity,
        "air_c": air,
        "surface_c": inlet_c + 0.8 + rng.normal(0.0, 0.1, n),
        "ambient_c": weather.ambient_c + rng.normal(0.0, 0.2, n),
    }
