"""The loop in which a string of modules lives until it no longer delivers, under one way of using them.

A module is one of 1 kWh by its plate, so that a kilowatt-hour is a share of nameplate. Ageing is Naumann's, module by
module and through its own kernels; a module's own rate multiplies the loss. A day is charge, rest, discharge, rest, and
the same for many days, over which the stresses are constant and the sums of their squares exact.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from battuta._jit import jit
from battuta.health import module_sharing_kernels as sharing
from battuta.numerics.arrays import FloatArray
from battuta.physics import pcs_kernels
from battuta.physics.ageing import naumann_kernels as naumann

SERIES: Final = 0
REDISTRIBUTED: Final = 1
CONVERTERS: Final = 2

FULL_TOP: Final = 0
LOW_STRING: Final = 1
LOW_MODULE: Final = 2

ENERGY: Final = 0
MOVE_H: Final = 1
REST_HIGH_H: Final = 2
TEMPERATURE_C: Final = 3
END_SHARE: Final = 4
STEP_DAYS: Final = 5
YEARS_MAX: Final = 6
BALANCER_LOSS: Final = 7
BAND: Final = 8
SOH_END: Final = 9
STEERING: Final = 10
N_DUTY: Final = 11

LIFE_YEARS: Final = 0
LOSS: Final = 1
SOH_LOW: Final = 2
SOH_HIGH: Final = 3
N_SWAPPED: Final = 4
N_RESULT: Final = 5

_GAUSS_AT = np.array([0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262])
_GAUSS_BY = np.array([0.17392742256872693, 0.32607257743127307, 0.32607257743127307, 0.17392742256872693])
_DAYS_PER_YEAR = 365.25
_S_PER_H = 3600.0


@jit
def calendar_day(low: float, high: float, temperature_c: float, duty: FloatArray, row: FloatArray) -> float:
    """Square of the calendar loss of one day between two states of charge.

    Parameters
    ----------
    low, high : float
        Ends of the day's swing. [-]
    temperature_c : float
        Temperature of the cells. [degC]
    duty : ndarray, shape (11,)
        The day; see the constants.
    row : ndarray, shape (16,)
        Parameters of Naumann's model.

    Returns
    -------
    float
        Sum of the squares, exact on the way too: there it is a polynomial of degree 6 in the state of charge. [-]
    """
    moving = 0.0
    for k in range(4):
        rate = naumann.calendar_rate(low + (high - low) * _GAUSS_AT[k], temperature_c, row, 0, 3)
        moving += _GAUSS_BY[k] * rate * rate
    at_high = naumann.calendar_rate(high, temperature_c, row, 0, 3)
    at_low = naumann.calendar_rate(low, temperature_c, row, 0, 3)
    rest_low_h = 24.0 - 2.0 * duty[MOVE_H] - duty[REST_HIGH_H]
    hours = 2.0 * duty[MOVE_H] * moving + duty[REST_HIGH_H] * at_high * at_high + rest_low_h * at_low * at_low
    return _S_PER_H * hours


@jit
def capacities(rate: FloatArray, new: FloatArray, age: FloatArray, out: FloatArray) -> None:
    """What each module holds now, shape (n_modules,), in nameplates."""
    for i in range(out.shape[0]):
        lost = math.sqrt(age[i, naumann.CAPACITY_CALENDAR_SQUARED]) + math.sqrt(age[i, naumann.CAPACITY_CYCLE_SQUARED])
        out[i] = new[i] * max(1.0 - rate[i] * lost, 0.0)


@jit
def deliverable(
    way: int, capacity_kwh: FloatArray, duty: FloatArray, converters: FloatArray, limit: FloatArray, loss: FloatArray
) -> float:
    """What the string delivers from full to empty, in nameplates of all; writes what each converter could give."""
    n = capacity_kwh.shape[0]
    if way == SERIES:
        return n * capacity_kwh.min()
    if way == REDISTRIBUTED:
        return capacity_kwh.sum() - duty[BALANCER_LOSS] * 0.5 * np.abs(capacity_kwh - capacity_kwh.mean()).sum()
    pcs_kernels.dc_to_ac(capacity_kwh / duty[MOVE_H], converters, limit, loss)
    return limit.sum() * duty[MOVE_H]


@jit
def day_energies(
    way: int, capacity_kwh: FloatArray, known: FloatArray, duty: FloatArray, converters: FloatArray, work: FloatArray
) -> float:
    """Energy that each module gives in a day, into ``work[0]``; returns what is lost on the way out and in.

    ``work[1]`` holds what each converter can give, the rows below it are scratch.
    """
    n, asked = capacity_kwh.shape[0], duty[ENERGY]
    energy_kwh, limit = work[0], work[1]
    if way == SERIES:
        energy_kwh[:] = asked
        return 0.0
    if way == REDISTRIBUTED:
        moved_per = 0.5 * np.abs(capacity_kwh - capacity_kwh.mean()).sum() / capacity_kwh.sum()
        given = n * asked / (1.0 - duty[BALANCER_LOSS] * moved_per)
        energy_kwh[:] = given * capacity_kwh / capacity_kwh.sum()
        return 2.0 * duty[BALANCER_LOSS] * moved_per * given
    table, awake = np.empty((sharing.N_MODULE_FIELDS, n)), np.ones(n, dtype=np.bool_)
    table[sharing.RATED_KW] = converters[:, pcs_kernels.RATED_KW]
    table[sharing.DISCHARGE_KW_MAX] = limit
    table[sharing.CHARGE_KW_MAX] = limit
    table[sharing.NO_LOAD_PU] = converters[:, pcs_kernels.NO_LOAD_DISCHARGE_PU]
    table[sharing.QUADRATIC_PU] = converters[:, pcs_kernels.QUADRATIC_DISCHARGE_PU]
    for i in range(n):
        left = max(capacity_kwh[i] - duty[SOH_END], 0.01)
        table[sharing.WEIGHT, i] = capacity_kwh[i] ** (1.0 - duty[STEERING]) * (left / known[i]) ** duty[STEERING]
    sharing.share(n * asked / duty[MOVE_H], table, duty[BAND], 0.0, awake, work[2])
    pcs_kernels.ac_to_dc(work[2], converters, energy_kwh, work[3])
    lost = work[3].sum()
    pcs_kernels.dc_to_ac(-energy_kwh, converters, work[2], work[3])
    lost += work[3].sum()
    energy_kwh *= duty[MOVE_H]
    return lost * duty[MOVE_H]


@jit
def age_modules(
    window: int, energy_kwh: FloatArray, capacity_kwh: FloatArray, away_k: FloatArray, duty: FloatArray,
    row: FloatArray, age: FloatArray,
) -> None:  # fmt: skip
    """Age each module by one step of equal days, in the windows that the way of charging gives."""
    slack = max(capacity_kwh.min() - energy_kwh.max(), 0.0)
    days = duty[STEP_DAYS]
    for i in range(capacity_kwh.shape[0]):
        depth = min(energy_kwh[i] / capacity_kwh[i], 1.0)
        high = 1.0
        if window == LOW_STRING:
            high = max(1.0 - slack / capacity_kwh[i], depth)
        elif window == LOW_MODULE:
            high = depth
        calendar = calendar_day(high - depth, high, duty[TEMPERATURE_C] + away_k[i], duty, row)
        age[i, naumann.CAPACITY_CALENDAR_SQUARED] += calendar * days
        naumann.add_cycle(depth, depth / duty[MOVE_H], depth * days, row, age[i])


@jit
def rotate(capacity_kwh: FloatArray, away_k: FloatArray) -> None:
    """Give the weakest module the coldest place, and so on."""
    order, places = np.argsort(capacity_kwh), np.sort(away_k)
    for k in range(order.shape[0]):
        away_k[order[k]] = places[k]


@jit
def swap(
    end: float, year: float, capacity_kwh: FloatArray, put_in: FloatArray, modules: FloatArray, spares: FloatArray,
    age: FloatArray, swapped_year: FloatArray, n_swapped: int,
) -> int:  # fmt: skip
    """Exchange modules that would fall below the end within a year, the weakest first; returns how many so far.

    A year ahead is told by the square root of time since each was ``put_in``, as an operator would from its records.
    ``modules`` and ``spares`` hold rate, known rate and new capacity, shape (3, n).
    """
    order = np.argsort(capacity_kwh)
    for k in range(order.shape[0]):
        i = order[k]
        since = max(year - put_in[i], 1e-9)
        soon = modules[2, i] - (modules[2, i] - capacity_kwh[i]) * math.sqrt((since + 1.0) / since)
        if soon >= end or n_swapped >= spares.shape[1]:
            continue
        modules[:, i] = spares[:, n_swapped]
        age[i, :] = 0.0
        capacity_kwh[i] = modules[2, i]
        swapped_year[n_swapped] = put_in[i] = year
        n_swapped += 1
    return n_swapped


@jit
def live(
    way: int, window: int, rotates: bool, modules: FloatArray, spares: FloatArray, away_k: FloatArray,
    duty: FloatArray, converters: FloatArray, row: FloatArray, swapped_year: FloatArray, result: FloatArray,
) -> None:  # fmt: skip
    """Let a string live until it delivers less than it must.

    Parameters
    ----------
    way, window : int
        How modules share and where their windows lie; see the constants.
    rotates : bool
        Whether the weakest gets the coldest place once a year.
    modules : ndarray, shape (3, n_modules)
        Rate of ageing, the same as it is known, capacity when new; changed in place by swaps. [-]
    spares : ndarray, shape (3, n_spares)
        The same of modules that may be put in.
    away_k : ndarray, shape (n_modules,)
        Temperature less the mean; changed in place by rotation. [K]
    duty : ndarray, shape (11,)
        Day, place and law; see the constants.
    converters : ndarray, shape (n_modules, 6)
        Rows of `pcs_kernels`, rated power in nameplates per hour.
    row : ndarray, shape (16,)
        Parameters of Naumann's model.
    swapped_year : ndarray, shape (n_spares,)
        Written: when each spare was put in. [year]
    result : ndarray, shape (5,)
        Written: life, energy lost over it per module, least and most that a module holds at its end, swaps.
    """
    n = modules.shape[1]
    age, work = np.zeros((n, naumann.N_AGE)), np.zeros((4, n))
    capacity_kwh, put_in = modules[2].copy(), np.zeros(n)
    end, step_years = duty[END_SHARE], duty[STEP_DAYS] / _DAYS_PER_YEAR
    year, lost, n_swapped, visits = 0.0, 0.0, 0, 1
    given = deliverable(way, capacity_kwh, duty, converters, work[1], work[2]) / n
    life = 0.0 if given < end else duty[YEARS_MAX]
    while given >= end and year < duty[YEARS_MAX]:
        loss = day_energies(way, capacity_kwh, modules[1], duty, converters, work)
        age_modules(window, work[0], capacity_kwh, away_k, duty, row, age)
        capacities(modules[0], modules[2], age, capacity_kwh)
        before, given = given, deliverable(way, capacity_kwh, duty, converters, work[1], work[2]) / n
        part = 1.0 if given >= end else (before - end) / (before - given)
        lost += loss / n * duty[STEP_DAYS] * part
        year += step_years
        life = min(year - (1.0 - part) * step_years, duty[YEARS_MAX])
        if given >= end and year >= visits:
            visits += 1
            n_swapped = swap(end, year, capacity_kwh, put_in, modules, spares, age, swapped_year, n_swapped)
            given = deliverable(way, capacity_kwh, duty, converters, work[1], work[2]) / n
            if rotates:
                rotate(capacity_kwh, away_k)
    result[LIFE_YEARS], result[LOSS] = life, lost
    result[SOH_LOW], result[SOH_HIGH] = capacity_kwh.min(), capacity_kwh.max()
    result[N_SWAPPED] = n_swapped
