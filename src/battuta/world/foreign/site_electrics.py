"""Contactors, pre-charge, fuses, joints, supplies and the fire panel of a site under its duty and planted faults."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.foreign.site_cooling import lagged
from battuta.world.foreign.site_duty import STRING_VOLTAGE_V, SiteDuty
from battuta.world.foreign.site_faults import SiteFault, SiteFaultKind, share_of

_K = SiteFaultKind
JOINTS_PER_STRING = 2
JOINT_K_PER_A2 = 6.0e-4
"""A joint is 12 K above the air at 140 A. [K/A2]"""
PRECHARGE_S = 0.8
SUPPLY_V, UPS_V = 24.0, 23.4


def switching_columns(
    seed: int, day: FloatArray, duty: SiteDuty, faults: tuple[SiteFault, ...]
) -> dict[str, FloatArray]:
    """Read strings, contactors and pre-charge.

    Parameters
    ----------
    seed : int
        Seed of the site.
    day : ndarray, shape (n_times,)
        Days since the start of the site. [d]
    duty : SiteDuty
        What the site does.
    faults : tuple of SiteFault
        What breaks.

    Returns
    -------
    dict of str to ndarray
        Columns of a `SiteLog`; a contactor for each string.
    """
    rng = generator(seed, "world.foreign.site.switching")
    n, n_strings = day.size, int(duty.string_current_a.shape[1])
    step_days = float(day[1]) - float(day[0])
    current = duty.string_current_a.copy()
    command = np.repeat((~duty.is_open).astype(np.float64)[:, None], n_strings, axis=1)
    state, broken = command.copy(), np.full((n, n_strings), np.nan)
    opens = np.zeros((n, n_strings), dtype=np.bool_)
    opens[1:] = command[1:] < command[:-1]
    broken[opens] = np.abs(rng.normal(0.0, 2.0, int(opens.sum())))
    trips = rng.random((n, n_strings)) < 1.5 / 365.0 * step_days
    broken[trips] = np.abs(current[trips])
    for part in range(n_strings):
        welded = share_of(faults, _K.CONTACTOR_WELDED, day, part) > 0.0
        state[welded, part] = 1.0
        blown = share_of(faults, _K.FUSE_BLOWN, day, part) > 0.0
        current[blown, part] = 0.0
        hunts = rng.random(n) < share_of(faults, _K.CONTACTOR_HUNTING, day, part) * step_days
        broken[hunts, part] = np.abs(current[hunts, part]) + 60.0
    flicker = rng.random((n, n_strings)) < 2e-6
    state[flicker] = 1.0 - state[flicker]
    closes = np.zeros(n, dtype=np.bool_)
    closes[1:] = command[1:, 0] > command[:-1, 0]
    drift = share_of(faults, _K.PRECHARGE_DRIFT, day) - 0.02 * day / 365.0
    noise = 1.0 + rng.normal(0.0, 0.02, n)
    precharge = float(rng.normal(PRECHARGE_S, 0.05)) * (1.0 + drift) * noise
    volts = STRING_VOLTAGE_V - 0.12 * current + rng.normal(0.0, 1.0, (n, n_strings))
    return {
        "string_current_a": current + rng.normal(0.0, 0.3, (n, n_strings)),
        "string_voltage_v": volts,
        "bus_voltage_v": np.where(duty.is_open, 20.0, np.median(volts, axis=1)),
        "contactor_command": command,
        "contactor_state": state,
        "contactor_open_current_a": broken,
        "precharge_s": np.where(closes, precharge, np.nan),
        "precharge_share": np.where(closes, 0.985 + rng.normal(0.0, 0.003, n), np.nan),
    }


def joint_columns(
    seed: int, day: FloatArray, current_a: FloatArray, air_c: FloatArray, faults: tuple[SiteFault, ...]
) -> dict[str, FloatArray]:
    """Read the temperatures of joints, which follow the square of the current with a lag and grow with themselves.

    Parameters
    ----------
    seed : int
        Seed of the site.
    day : ndarray, shape (n_times,)
        Days since the start of the site. [d]
    current_a : ndarray, shape (n_times, n_strings)
        Current of each string. [A]
    air_c : ndarray, shape (n_times,)
        Air inside. [degC]
    faults : tuple of SiteFault
        What breaks.

    Returns
    -------
    dict of str to ndarray
        Columns of a `SiteLog`.
    """
    rng = generator(seed, "world.foreign.site.joints")
    n, n_strings = day.size, int(current_a.shape[1])
    share = min((float(day[1]) - float(day[0])) * 1440.0 / 25.0, 0.9)
    joints = np.empty((n, n_strings * JOINTS_PER_STRING))
    for joint in range(joints.shape[1]):
        grown = 1.0 + share_of(faults, _K.JOINT_LOOSE, day, joint)
        rise = JOINT_K_PER_A2 * rng.lognormal(0.0, 0.15) * grown * current_a[:, joint // JOINTS_PER_STRING] ** 2
        rise = lagged(rise * (1.0 + 0.004 * np.minimum(rise, 100.0)), share)
        joints[:, joint] = air_c + rng.normal(1.0, 0.6) + rise + rng.normal(0.0, 0.3, n)
    return {"joint_c": joints}


def panel_columns(seed: int, day: FloatArray, duty: SiteDuty, faults: tuple[SiteFault, ...]) -> dict[str, FloatArray]:
    """Read supplies, the fire panel and the sensors on the floor.

    Parameters
    ----------
    seed : int
        Seed of the site.
    day : ndarray, shape (n_times,)
        Days since the start of the site. [d]
    duty : SiteDuty
        What the site does.
    faults : tuple of SiteFault
        What breaks.

    Returns
    -------
    dict of str to ndarray
        Columns of a `SiteLog`.
    """
    rng = generator(seed, "world.foreign.site.panel")
    n = day.size
    supply = rng.normal(SUPPLY_V, 0.15) + rng.normal(0.0, 0.05, n) - share_of(faults, _K.SUPPLY_SAG, day)
    supply -= 0.4 * (rng.random(n) < 0.01)
    is_test = np.zeros(n, dtype=np.bool_)
    is_test[np.searchsorted(day, np.arange(3.1, float(day[-1]), 7.0))] = True
    ups = rng.normal(UPS_V, 0.2) - 0.25 * day / 365.0 - share_of(faults, _K.UPS_WEAK, day) + rng.normal(0.0, 0.06, n)
    fault = np.maximum(_glitches(rng, n, 3e-5), share_of(faults, _K.PANEL_FAULT, day) > 0.0)
    disabled = np.maximum(duty.worked_on, share_of(faults, _K.PANEL_DISABLED, day) > 0.0)
    water = np.column_stack([_glitches(rng, n, 1e-5), _glitches(rng, n, 1e-5)])
    water[:, 0] = np.maximum(water[:, 0], share_of(faults, _K.WATER_INSIDE, day) > 0.0)
    return {
        "auxiliary_voltage_v": supply[:, None],
        "ups_test_voltage_v": np.where(is_test, ups, np.nan),
        "fire_panel_fault": fault.astype(np.float64),
        "fire_panel_disabled": disabled.astype(np.float64),
        "water": water,
    }


def _glitches(rng: Generator, n_times: int, chance: float) -> FloatArray:
    """Rows in which a flag is up for nothing. [-]"""
    return (rng.random(n_times) < chance).astype(np.float64)
