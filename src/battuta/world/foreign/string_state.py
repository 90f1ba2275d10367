"""The state of a string: set up from its draws, given its conditions each morning, its modules replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_rows import (
    AIR_C,
    CONTACT_OHM,
    COOLED_W_PER_K,
    CURVE_SHIFT,
    FAST_OHM,
    LEAK_S,
    N_MEMORY,
    OFFSET_V,
    OFFSET_V_PER_K,
    PER_AH,
    PLACE_K,
    PLAY_MIDDLE,
    PLAY_NARROW,
    PLAY_WIDE,
    READ_V,
    READ_V_MAX,
    READ_V_MIN,
    SELF_A,
    SERIES_OHM,
    SLOW_OHM,
    SOC,
    SOC_BMS,
    TAPER,
    TEMPERATURE_C,
    VOLT,
)
from battuta.world.foreign.day_conditions import DayConditions
from battuta.world.foreign.string_draws import CellDraws, resistances_ohm
from battuta.world.foreign.string_rows import empty_packs, put_row, take_row

START_V, START_C = 3.3, 22.0
"""Reading and temperature before the first step. [V, degC]"""


@dataclass(slots=True, kw_only=True, eq=False)
class StringState:
    """All that a string carries from day to day.

    Attributes
    ----------
    packs : ndarray, shape (n_packs, N_ROWS * PACK)
        Its cells.
    memory : ndarray, shape (N_MEMORY,)
        Its controller and its air.
    stuck_v : ndarray, shape (n_cells,)
        What frozen channels repeat, NaN for all others. [V]
    draws : CellDraws
        What its cells are like.
    zeroed_day : int
        Day on which its channels were last zeroed. [-]
    turns : int
        How often its duty has changed. [-]
    """

    packs: FloatArray
    memory: FloatArray
    stuck_v: FloatArray
    draws: CellDraws
    zeroed_day: int = 0
    turns: int = 0


def first_state(draws: CellDraws) -> StringState:
    """Return the state of a string before its first day: at rest, at its first state of charge."""
    n_cells = draws.soc.size
    packs = empty_packs(n_cells)
    for row in (SOC, PLAY_NARROW, PLAY_MIDDLE, PLAY_WIDE):
        put_row(packs, row, draws.soc)
    for row, value in ((VOLT, START_V), (READ_V, START_V), (TEMPERATURE_C, START_C)):
        put_row(packs, row, np.full(n_cells, value))
    memory = np.zeros(N_MEMORY)
    memory[SOC_BMS], memory[TAPER], memory[AIR_C] = float(np.mean(draws.soc)), 1.0, START_C
    memory[READ_V_MAX] = memory[READ_V_MIN] = START_V
    return StringState(packs=packs, memory=memory, stuck_v=np.full(n_cells, np.nan), draws=draws)


def put_conditions(state: StringState, conditions: DayConditions) -> None:
    """Give a string what its cells and channels are like today; states of charge stay."""
    draws, packs = state.draws, state.packs
    series_ohm, fast_ohm, slow_ohm = resistances_ohm(conditions.resistance_factor)
    for row, values in (
        (PER_AH, 1.0 / conditions.capacity_ah),
        (CURVE_SHIFT, conditions.curve_shift),
        (LEAK_S, conditions.leak_s),
        (SELF_A, draws.self_a),
        (SERIES_OHM, series_ohm),
        (FAST_OHM, fast_ohm),
        (SLOW_OHM, slow_ohm),
        (OFFSET_V, conditions.offset_v),
        (OFFSET_V_PER_K, draws.offset_v_per_k),
        (CONTACT_OHM, conditions.contact_ohm),
        (COOLED_W_PER_K, draws.cooled_w_per_k),
        (PLACE_K, draws.place_k),
    ):
        put_row(packs, row, values)


def replace_cells(state: StringState, fresh: CellDraws, first_cell: int, n_cells: int, soc_mean: float) -> None:
    """Put fresh cells in the place of some; their channels, places and sensors stay.

    Parameters
    ----------
    state : StringState
        The string.
    fresh : CellDraws
        A whole string of fresh cells, of which those in place are taken.
    first_cell, n_cells : int
        The cells. [-]
    soc_mean : float
        Mean state of charge of the fresh ones. [-]
    """
    there = slice(first_cell, first_cell + n_cells)
    draws = state.draws

    def mixed(old: FloatArray, new: FloatArray) -> FloatArray:
        values = old.copy()
        values[there] = new[there]
        return values

    state.draws = replace(
        draws,
        capacity_ah=mixed(draws.capacity_ah, fresh.capacity_ah),
        resistance_factor=mixed(draws.resistance_factor, fresh.resistance_factor),
        curve_shift=mixed(draws.curve_shift, fresh.curve_shift),
        self_a=mixed(draws.self_a, fresh.self_a),
        ageing_factor=mixed(draws.ageing_factor, fresh.ageing_factor),
        born_day=mixed(draws.born_day, fresh.born_day),
    )
    soc = soc_mean + fresh.soc - np.mean(fresh.soc[there])
    for row in (SOC, PLAY_NARROW, PLAY_MIDDLE, PLAY_WIDE):
        put_row(state.packs, row, mixed(take_row(state.packs, row, draws.soc.size), soc))
