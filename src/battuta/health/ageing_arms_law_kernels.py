"""The loop in which a string lives by any ageing law: terms that add up, stresses read from a table of days.

It is that of `ageing_arms_kernels`, whose ways of sharing it calls; beside the life it counts what is delivered in each
year, also after the string has begun to deliver too little.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from battuta._jit import jit
from battuta.health import ageing_arms_kernels as arms
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.life_kernels import POWER, sigmoid_loss

NEARLY_DEAD: Final = 0.01  # share of its new capacity that a module keeps at least: nothing is divided by 0
_DAYS_PER_YEAR = 365.25


@jit
def _between(value: float, first: float, last: float, n_nodes: int) -> tuple[int, float]:
    """Node below a value among even ones, and how far along; held at both ends."""
    if n_nodes == 1 or last <= first:
        return 0, 0.0
    at = min(max((value - first) / (last - first) * (n_nodes - 1), 0.0), float(n_nodes - 1))
    node = min(int(at), n_nodes - 2)
    return node, at - node


@jit
def read_day(
    depth: float, place: float, temperature_c: float, nodes_c: FloatArray, table: FloatArray, out: FloatArray
) -> None:
    """Read the stress of a day between the nodes, by straight lines in all three.

    Parameters
    ----------
    depth, place : float
        Depth of the day, and 0 for a window on empty to 1 for one that reaches full. [-]
    temperature_c : float
        Of the module. [degC]
    nodes_c : ndarray, shape (n_temperatures,)
        Nodes, even. [degC]
    table : ndarray, shape (n_temperatures, n_depths, n_places, n_slots)
        Stress at the nodes.
    out : ndarray, shape (n_slots,)
        Written.
    """
    n_warm, n_deep, n_place = table.shape[0], table.shape[1], table.shape[2]
    k, z = _between(temperature_c, float(nodes_c[0]), float(nodes_c[n_warm - 1]), n_warm)
    i, x = _between(depth, 0.0, 1.0, n_deep)
    j, y = _between(place, 0.0, 1.0, n_place)
    up_j, up_k = min(j + 1, n_place - 1), min(k + 1, n_warm - 1)
    for slot in range(out.shape[0]):
        total = 0.0
        for warm, weight in ((k, 1.0 - z), (up_k, z)):
            if weight <= 0.0:
                continue
            low = (1.0 - y) * table[warm, i, j, slot] + y * table[warm, i, up_j, slot]
            high = (1.0 - y) * table[warm, i + 1, j, slot] + y * table[warm, i + 1, up_j, slot]
            total += weight * ((1.0 - x) * low + x * high)
        out[slot] = total


@jit
def age_by_law(
    window: int, energy_kwh: FloatArray, capacity_kwh: FloatArray, away_k: FloatArray, duty: FloatArray,
    nodes_c: FloatArray, table: FloatArray, grows: IntArray, kinds: IntArray, slot_of: IntArray, scale: FloatArray,
    state: FloatArray,
) -> None:  # fmt: skip
    """Age each module by one step of equal days; parameters as `live_by_law`, ``scale`` that on a term's stress."""
    slack = max(capacity_kwh.min() - energy_kwh.max(), 0.0)
    slots = np.empty(grows.shape[0])
    for i in range(capacity_kwh.shape[0]):
        depth = min(energy_kwh[i] / capacity_kwh[i], 1.0)
        place = 1.0
        if window == arms.LOW_STRING:
            room = 1.0 - depth
            place = max(1.0 - slack / capacity_kwh[i] - depth, 0.0) / room if room > 1e-9 else 1.0
        elif window == arms.LOW_MODULE:
            place = 0.0
        read_day(depth, place, duty[arms.TEMPERATURE_C] + away_k[i], nodes_c, table, slots)
        for slot in range(slots.shape[0]):
            if grows[slot] == 1:
                slots[slot] *= duty[arms.STEP_DAYS]
        for term in range(kinds.shape[0]):
            first = slot_of[term]
            if kinds[term] == POWER:
                state[i, term] += scale[term] * slots[first]
            else:
                end, moved, bend = scale[term] * slots[first], slots[first + 1], slots[first + 2]
                state[i, term] = sigmoid_loss(state[i, term], end, float(moved), float(bend))


@jit
def capacities_by_law(
    modules: FloatArray, state: FloatArray, kinds: IntArray, powers: FloatArray, out: FloatArray
) -> None:
    """What each module holds now, in nameplates; ``modules`` as `live_by_law`, ``out`` of shape (n_modules,)."""
    for i in range(out.shape[0]):
        lost = 0.0
        for term in range(kinds.shape[0]):
            own = state[i, term]
            if kinds[term] == POWER:
                own = math.sqrt(own) if powers[term] == 0.5 else own ** powers[term]
            lost += own
        out[i] = modules[2, i] * max(1.0 - modules[0, i] * lost, NEARLY_DEAD)


@jit
def _book(energy: float, year: float, step_years: float, delivered: FloatArray) -> float:
    """Add a step's equal days to the year or the two in which they lie; returns the days that count."""
    counted = 0.0
    first = int(year)
    for which in (first, first + 1):
        begins, ends = max(year, float(which)), min(year + step_years, which + 1.0)
        if which < delivered.shape[0] and ends > begins:
            delivered[which] += energy * (ends - begins) * _DAYS_PER_YEAR
            counted += (ends - begins) * _DAYS_PER_YEAR
    return counted


@jit
def live_by_law(
    way: int, window: int, rotates: bool, modules: FloatArray, spares: FloatArray, away_k: FloatArray,
    duty: FloatArray, converters: FloatArray, nodes_c: FloatArray, table: FloatArray, grows: IntArray,
    kinds: IntArray, slot_of: IntArray, rate: FloatArray, powers: FloatArray, swapped_year: FloatArray,
    delivered: FloatArray, result: FloatArray,
) -> None:  # fmt: skip
    """Let a string live until it delivers less than it must, and at least as many years as are counted.

    Parameters
    ----------
    way, window, rotates, modules, spares, away_k, duty, converters, swapped_year
        As `ageing_arms_kernels.live`.
    nodes_c, table : ndarray
        As `read_day`.
    grows : ndarray of int, shape (n_slots,)
        1 where a slot grows with the days.
    kinds, slot_of : ndarray of int, shape (n_terms,)
        Kind of each term, and its first slot.
    rate, powers : ndarray, shape (n_terms,)
        Multiplier of each term's loss, and its exponent. [-]
    delivered : ndarray, shape (n_years,)
        Written: energy of each year in nameplates; days on which less is there than asked give what is there. [-]
    result : ndarray, shape (5,)
        Written: life, energy lost in electronics over the years that are counted, least and most that a module holds at
        the end of its life, swaps.
    """
    n, n_terms, n_years = modules.shape[1], kinds.shape[0], delivered.shape[0]
    state, work, day = np.zeros((n, n_terms)), np.zeros((4, n)), duty.copy()
    scale = np.array([rate[k] ** (1.0 / powers[k]) if kinds[k] == POWER else rate[k] for k in range(n_terms)])
    capacity_kwh, put_in = modules[2].copy(), np.zeros(n)
    end, step_years = duty[arms.END_SHARE], duty[arms.STEP_DAYS] / _DAYS_PER_YEAR
    year, lost, n_swapped, visits = 0.0, 0.0, 0, 1
    given = arms.deliverable(way, capacity_kwh, duty, converters, work[1], work[2]) / n
    is_alive = given >= end
    life = duty[arms.YEARS_MAX] if is_alive else 0.0
    low, high = capacity_kwh.min(), capacity_kwh.max()
    while year < n_years or (is_alive and year < duty[arms.YEARS_MAX]):
        day[arms.ENERGY] = min(duty[arms.ENERGY], given)
        loss = arms.day_energies(way, capacity_kwh, modules[1], day, converters, work)
        age_by_law(window, work[0], capacity_kwh, away_k, duty, nodes_c, table, grows, kinds, slot_of, scale, state)
        if year < n_years:
            counted = _book(day[arms.ENERGY], year, step_years, delivered)
            lost += loss / n * counted
        capacities_by_law(modules, state, kinds, powers, capacity_kwh)
        before, given = given, arms.deliverable(way, capacity_kwh, duty, converters, work[1], work[2]) / n
        year += step_years
        if is_alive:
            low, high = capacity_kwh.min(), capacity_kwh.max()
            if given < end:
                is_alive = False
                life = min(year - step_years * (given - end) / (given - before), duty[arms.YEARS_MAX])
        if year >= visits:
            visits += 1
            n_swapped = arms.swap(end, year, capacity_kwh, put_in, modules, spares, state, swapped_year, n_swapped)
            given = arms.deliverable(way, capacity_kwh, duty, converters, work[1], work[2]) / n
            if rotates:
                arms.rotate(capacity_kwh, away_k)
    result[arms.LIFE_YEARS], result[arms.LOSS] = life, lost
    result[arms.SOH_LOW], result[arms.SOH_HIGH] = low, high
    result[arms.N_SWAPPED] = n_swapped
