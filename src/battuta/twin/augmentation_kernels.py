"""The loop of a site whose strings are of several ages: each ages under its share of the power, new ones come by rule.

Power is shared by the capacity that each cohort of strings has left, so all run at the same rate of their present
charge: the load of a cohort, its power per new capacity over that of the first strings alone, is ``q / sum(n q)``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from battuta._jit import jit_in_place
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.physics.ageing.life_kernels import POWER, sigmoid_loss

_CLOSE = 1e-9
_GAIN_MIN = 1e-6
CAPACITY, RESISTANCE = 0, 1


class CohortTables(NamedTuple):
    """Stress of a duty over load and state of health.

    Attributes
    ----------
    days : ndarray, shape (n_loads, n_capacities, n_resistances, n_days, n_slots + 3)
        Stresses, then delivered, drawn [MWh] and full cycles [-] of each day for as many strings as the first.
    usable : ndarray, shape (n_loads, n_capacities, n_resistances)
        AC energy of a full discharge over that when new, at load 1. [-]
    load_share, soh_capacity, soh_resistance : ndarray, shape (n_loads,), (n_capacities,), (n_resistances,)
        Nodes, ascending. [-]
    """

    days: FloatArray
    usable: FloatArray
    load_share: FloatArray
    soh_capacity: FloatArray
    soh_resistance: FloatArray


class TermNumbers(NamedTuple):
    """Terms of an ageing model as `term_arrays` gives them, and their cause: 0 calendar, 1 cycles."""

    kinds: IntArray
    quantities: IntArray
    slot_of: IntArray
    cause_of: IntArray


class LifeNumbers(NamedTuple):
    """What is drawn for each life.

    Attributes
    ----------
    powers : ndarray, shape (n_lives, n_terms)
        Exponent of each term. [-]
    scale : ndarray, shape (n_lives, n_cohorts, n_terms)
        What the stress of each term is multiplied with. [-]
    soh_resistance_new : ndarray, shape (n_lives,)
        Resistance of new strings over that of the cell's card. [-]
    """

    powers: FloatArray
    scale: FloatArray
    soh_resistance_new: FloatArray


class RuleNumbers(NamedTuple):
    """A plan of augmentation for the kernel: shares of the site when new, and of its strings."""

    floor: float
    target: float
    one_string: float
    installed_max: float
    times_max: int
    replaces: bool


@jit_in_place
def _place(nodes: FloatArray, value: float) -> tuple[int, int, float]:
    """Nodes on both sides of a value, and how far it is along; held beyond the ends."""
    last = nodes.shape[0] - 1
    if last == 0 or value <= nodes[0]:
        return 0, 0, 0.0
    if value >= nodes[last]:
        return last, last, 0.0
    first = 0
    while value >= nodes[first + 1]:
        first += 1
    return first, first + 1, (value - nodes[first]) / (nodes[first + 1] - nodes[first])


@jit_in_place
def read_day(
    tables: CohortTables, load_share: float, soh_capacity: float, soh_resistance: float, day: int, row: FloatArray
) -> None:
    """Write the row of a day between the nodes, shape (n_slots + 3,)."""
    days = tables.days
    a, b, z = _place(tables.load_share, load_share)
    i, k, x = _place(tables.soh_capacity, soh_capacity)
    j, m, y = _place(tables.soh_resistance, soh_resistance)
    w00, w01, w10, w11 = (1.0 - x) * (1.0 - y), (1.0 - x) * y, x * (1.0 - y), x * y
    for c in range(row.shape[0]):
        low = w00 * days[a, i, j, day, c] + w01 * days[a, i, m, day, c]
        row[c] = low + w10 * days[a, k, j, day, c] + w11 * days[a, k, m, day, c]
    if z > 0.0:
        for c in range(row.shape[0]):
            low = w00 * days[b, i, j, day, c] + w01 * days[b, i, m, day, c]
            high = low + w10 * days[b, k, j, day, c] + w11 * days[b, k, m, day, c]
            row[c] = (1.0 - z) * row[c] + z * high


@jit_in_place
def usable_share(tables: CohortTables, load_share: float, soh_capacity: float, soh_resistance: float) -> float:
    """Usable energy of a cohort between the nodes; below the lowest it ends with the capacity. [-]"""
    usable = tables.usable
    a, b, z = _place(tables.load_share, load_share)
    i, k, x = _place(tables.soh_capacity, soh_capacity)
    j, m, y = _place(tables.soh_resistance, soh_resistance)
    below = (1.0 - z) * usable[a, i, j] + z * usable[b, i, j]
    above = (1.0 - z) * usable[a, k, j] + z * usable[b, k, j]
    below_m = (1.0 - z) * usable[a, i, m] + z * usable[b, i, m]
    above_m = (1.0 - z) * usable[a, k, m] + z * usable[b, k, m]
    held = (1.0 - x) * ((1.0 - y) * below + y * below_m) + x * ((1.0 - y) * above + y * above_m)
    return held * min(soh_capacity / tables.soh_capacity[0], 1.0)


@jit_in_place
def site_soh_energy(tables: CohortTables, size: FloatArray, health: FloatArray, n_cohorts: int) -> float:
    """Usable energy of all cohorts over that of the site when new; size (n_cohorts,), health (n_cohorts, 4). [-]"""
    working, total = 0.0, 0.0
    for each in range(n_cohorts):
        working += size[each] * health[each, CAPACITY]
    for each in range(n_cohorts):
        if size[each] > 0.0 and working > 0.0:
            capacity = health[each, CAPACITY]
            total += size[each] * usable_share(tables, capacity / working, capacity, health[each, RESISTANCE])
    return total


@jit_in_place
def augmented(
    tables: CohortTables, rule: RuleNumbers, size: FloatArray, health: FloatArray, newest: int, soh_energy: float,
    soh_resistance_new: float,
) -> float:  # fmt: skip
    """Put whole strings into cohort `newest`, which is empty and new, until the site reaches the target.

    Returns
    -------
    float
        Strings that came, over those of the site when new; 0 where none were needed or there was no room. [-]
    """
    string, came, oldest = rule.one_string, 0.0, 0
    while soh_energy < rule.target - _CLOSE:
        if rule.replaces:
            while oldest < newest and size[oldest] <= 0.5 * string:
                oldest += 1
            worn = health[oldest, CAPACITY]
            gain = usable_share(tables, 1.0, 1.0, soh_resistance_new)
            gain -= usable_share(tables, 1.0, worn, health[oldest, RESISTANCE])
            if oldest == newest or gain < _GAIN_MIN:
                break
            room = size[oldest]
        else:
            gain, total = 1.0, 0.0
            for each in range(newest + 1):
                total += size[each]
            room = rule.installed_max - total
        strings = max(math.floor((rule.target - soh_energy) / gain / string), 1.0)
        strings = min(strings, math.floor(room / string + _CLOSE))
        if strings < 1.0:
            break
        size[newest] += strings * string
        came += strings * string
        if rule.replaces:
            left = size[oldest] - strings * string
            size[oldest] = left if left > 0.5 * string else 0.0
        soh_energy = site_soh_energy(tables, size, health, newest + 1)
    return came


@jit_in_place
def _age(
    terms: TermNumbers, powers: FloatArray, soh_resistance_new: float, row: FloatArray, scale: FloatArray,
    state: FloatArray, health: FloatArray,
) -> None:  # fmt: skip
    """Age one cohort by a day; arrays of its terms, and its four numbers of health."""
    health[CAPACITY], health[RESISTANCE], health[2], health[3] = 1.0, 1.0, 0.0, 0.0
    for term in range(terms.kinds.shape[0]):
        slot, power = int(terms.slot_of[term]), powers[term]
        if terms.kinds[term] == POWER:
            state[term] += scale[term] * row[slot]
            own = state[term] if power == 1.0 else math.sqrt(state[term]) if power == 0.5 else state[term] ** power
        else:
            own = sigmoid_loss(state[term], scale[term] * row[slot], row[slot + 1], row[slot + 2])
            state[term] = own
        if terms.quantities[term] == CAPACITY:
            health[2 + terms.cause_of[term]] += own
        else:
            health[RESISTANCE] += own
    health[CAPACITY] = max(1.0 - health[2] - health[3], 0.0)
    health[RESISTANCE] *= soh_resistance_new


@jit_in_place
def _begin(
    own: FloatArray, ends: FloatArray, state: FloatArray, health: FloatArray, soh_resistance_new: float
) -> None:  # fmt: skip
    """Make a site new: sizes (n_cohorts,) and health of year 0 (n_cohorts, 4), and the room to work in."""
    for each in range(own.shape[0]):
        own[each] = 1.0 if each == 0 else 0.0
        for c in range(4):
            health[each, c] = soh_resistance_new if c == RESISTANCE else 1.0 if c == CAPACITY else 0.0
            ends[each, c] = health[each, c]
        for term in range(state.shape[1]):
            state[each, term] = 0.0


@jit_in_place
def _live_day(
    tables: CohortTables, terms: TermNumbers, lives: LifeNumbers, life: int, day: int, n_cohorts: int,
    own: FloatArray, state: FloatArray, health: FloatArray, row: FloatArray, flows: FloatArray,
) -> None:  # fmt: skip
    """Age all cohorts at work by a day, each under its share; arrays of one life, flows (n_cohorts, 3) of its year."""
    working = 0.0
    for each in range(n_cohorts):
        working += own[each] * health[each, CAPACITY]
    for each in range(n_cohorts):
        if own[each] > 0.0:
            load_share = health[each, CAPACITY] / working if working > 0.0 else 1.0
            read_day(tables, load_share, health[each, CAPACITY], health[each, RESISTANCE], day, row)
            _age(
                terms, lives.powers[life], lives.soh_resistance_new[life], row, lives.scale[life, each], state[each],
                health[each],
            )  # fmt: skip
            for c in range(3):
                flows[each, c] += row[row.shape[0] - 3 + c]


@jit_in_place
def live_cohorts(
    first: int, last: int, tables: CohortTables, terms: TermNumbers, rule: RuleNumbers, lives: LifeNumbers,
    planned: IntArray, table_day: IntArray, year_start: IntArray, state: FloatArray, health: FloatArray,
    row: FloatArray, size: FloatArray, added: FloatArray, ends: FloatArray, flows: FloatArray, soh_energy: FloatArray,
) -> None:  # fmt: skip
    """Live some sites day by day, and give them strings as their years end.

    Parameters
    ----------
    first, last : int
        Range of lives.
    tables, terms, rule, lives : CohortTables, TermNumbers, RuleNumbers, LifeNumbers
        Stresses, ageing model, when strings come, and what is drawn for each life.
    planned : ndarray of int, shape (n_years + 1,)
        1 where strings come at the end of a year whatever the state.
    table_day, year_start : ndarray of int, shape (n_life_days,), (n_years + 1,)
        Days of a life, as for `live_range`.
    state, health, row : ndarray, shape (n_cohorts, n_terms), (n_cohorts, 4), (n_slots + 3,)
        Room to work in.
    size : ndarray, shape (n_lives, n_years, n_cohorts)
        Written: strings of each cohort in each year, over those of the site when new. [-]
    added : ndarray, shape (n_lives, n_years)
        Written: strings that come as each year ends. [-]
    ends : ndarray, shape (n_lives, n_years + 1, n_cohorts, 4)
        Written: capacity, resistance, capacity lost by calendar and by cycles, as a year ends. [-]
    flows : ndarray, shape (n_lives, n_years, n_cohorts, 3)
        Gains delivered, drawn [MWh] and full cycles [-] of each year for as many strings as the first; zeros before.
    soh_energy : ndarray, shape (n_lives, n_years + 1)
        Written: usable energy as a year ends, before strings come. [-]
    """
    n_years, n_cohorts = size.shape[1], size.shape[2]
    for life in range(first, last):
        newest, times = 0, 0
        _begin(size[life, 0], ends[life, 0], state, health, lives.soh_resistance_new[life])
        soh_energy[life, 0] = site_soh_energy(tables, size[life, 0], health, 1)
        for year in range(n_years):
            for t in range(year_start[year], year_start[year + 1]):
                _live_day(
                    tables, terms, lives, life, table_day[t], newest + 1, size[life, year], state, health, row,
                    flows[life, year],
                )  # fmt: skip
            for each in range(n_cohorts):
                for c in range(4):
                    ends[life, year + 1, each, c] = health[each, c]
            held = site_soh_energy(tables, size[life, year], health, newest + 1)
            soh_energy[life, year + 1], added[life, year] = held, 0.0
            if year + 1 == n_years:
                continue
            for each in range(n_cohorts):
                size[life, year + 1, each] = size[life, year, each]
            if (planned[year + 1] > 0 or held < rule.floor) and times < rule.times_max and newest + 1 < n_cohorts:
                added[life, year] = augmented(
                    tables, rule, size[life, year + 1], health, newest + 1, held, lives.soh_resistance_new[life]
                )
                if added[life, year] > 0.0:
                    newest, times = newest + 1, times + 1
