"""Cells and the air of their string over some minutes, and what temperature does to resistance, leak and channels."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit_in_place
from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_rows import (
    AIR_C,
    COOLED_W_PER_K,
    COOLING,
    FAST_OHM,
    FAST_OHM_NOW,
    HEAT_W_SUM,
    MODULE,
    NOISE_V_NOW,
    OFFSET_V,
    OFFSET_V_NOW,
    OFFSET_V_PER_K,
    PACK,
    PLACE_K,
    SELF_A,
    SELF_A_NOW,
    SERIES_OHM,
    SERIES_OHM_NOW,
    SLOW_OHM,
    SLOW_OHM_NOW,
    TEMPERATURE_C,
    CellLaw,
    StringLaw,
)
from battuta.world.sensors_kernels import mixed_row, normal_number

ZERO_CELSIUS_K, REFERENCE_K = 273.15, 298.15
"""Melting ice, and the temperature at which resistances are stated. [K]"""
NOISE_STEPS = 4
"""Slow noise is the sum of the hashed numbers of this many thermal steps, so it needs no memory."""


@jit_in_place
def warm_string(
    packs: FloatArray, memory: FloatArray, law: CellLaw, run: StringLaw, n_cells: int, outdoor_c: float, cooled: float
) -> None:
    """Carry all temperatures over a thermal step; the heat that was added up is spent.

    Parameters
    ----------
    packs : ndarray, shape (n_packs, N_ROWS * PACK)
        Cells; `TEMPERATURE_C` and `HEAT_W_SUM` change.
    memory : ndarray, shape (N_MEMORY,)
        Memory of the string; `AIR_C` and `COOLING` change.
    law, run : CellLaw, StringLaw
        Equations of cells and string.
    n_cells : int
        Cells of the string without the copies that fill up the last pack.
    outdoor_c : float
        Outdoor temperature. [degC]
    cooled : float
        Share of the cooling that works. [-]
    """
    seconds = run.step_s * run.steps_thermal
    air_c = memory[AIR_C]
    per_j, per_step = seconds / law.heat_j_per_k, 1.0 / run.steps_thermal
    into_w, into_w_per_k = 0.0, 0.0
    for k in range(packs.shape[0]):
        cells = packs[k]
        for c in range(PACK):
            gap_k = cells[TEMPERATURE_C + c] - air_c - cells[PLACE_K + c]
            cells[TEMPERATURE_C + c] += per_j * (cells[HEAT_W_SUM + c] * per_step - cells[COOLED_W_PER_K + c] * gap_k)
            cells[HEAT_W_SUM + c] = 0.0
        for c in range(min(PACK, n_cells - k * PACK)):
            conductance = cells[COOLED_W_PER_K + c]
            into_w += conductance * (cells[TEMPERATURE_C + c] - cells[PLACE_K + c])
            into_w_per_k += conductance
    if memory[COOLING] == 0.0:
        if air_c > run.chiller_c_on or air_c < run.heater_c_on:
            memory[COOLING] = 1.0
    elif run.heater_c_on + 2.0 < air_c < run.chiller_c_off:
        memory[COOLING] = 0.0
    chiller = memory[COOLING] * cooled * run.chiller_w_per_k
    stored = run.air_j_per_k / seconds
    gained_w = stored * air_c + into_w + run.wall_w_per_k * outdoor_c + chiller * run.chiller_c
    memory[AIR_C] = gained_w / (stored + into_w_per_k + run.wall_w_per_k + chiller)


@jit_in_place
def temper_string(
    packs: FloatArray, memory: FloatArray, law: CellLaw, run: StringLaw, key: np.uint64, thermal_step: int
) -> None:
    """Find what depends on temperature, and the slow noise of the channels.

    Parameters
    ----------
    packs : ndarray, shape (n_packs, N_ROWS * PACK)
        Cells; the rows from `SERIES_OHM_NOW` to `NOISE_V_NOW` change.
    memory : ndarray, shape (N_MEMORY,)
        Memory of the string.
    law, run : CellLaw, StringLaw
        Equations of cells and string.
    key : uint64
        Address of the noise.
    thermal_step : int
        Number of the thermal step since the start of the string. [-]
    """
    board_k = memory[AIR_C] - 25.0
    scale = 1.0 / math.sqrt(NOISE_STEPS)
    for k in range(packs.shape[0]):
        cells = packs[k]
        for c in range(PACK):
            per_k = 1.0 / (cells[TEMPERATURE_C + c] + ZERO_CELSIUS_K) - 1.0 / REFERENCE_K
            series, slow = math.exp(law.series_k * per_k), math.exp(law.slow_k * per_k)
            cells[SERIES_OHM_NOW + c] = cells[SERIES_OHM + c] * series
            cells[FAST_OHM_NOW + c] = cells[FAST_OHM + c] * series
            cells[SLOW_OHM_NOW + c] = cells[SLOW_OHM + c] * slow
            cells[SELF_A_NOW + c] = cells[SELF_A + c] * math.exp(-law.self_k * per_k)
            cells[OFFSET_V_NOW + c] = cells[OFFSET_V + c] + cells[OFFSET_V_PER_K + c] * board_k
            cells[NOISE_V_NOW + c] = 0.0
        for back in range(NOISE_STEPS):
            row = mixed_row(key, thermal_step - back)
            for c in range(PACK):
                cell = k * PACK + c
                own = normal_number(row, cell)
                board = normal_number(row, -1 - cell // MODULE)
                cells[NOISE_V_NOW + c] += scale * (run.noise_v_slow * own + run.noise_v_module * board)
