"""A string through a day: what is asked, what its weakest cell allows, the cells, the balancer, the log."""

from __future__ import annotations

import math

import numpy as np

from battuta._jit import jit_in_place, jit_inlined
from battuta.numerics.arrays import FloatArray
from battuta.world.foreign.cell_kernels import bend_pack, charge_pack, drop_pack
from battuta.world.foreign.cell_rows import (
    BLED_AH_ROW,
    EMPTY,
    FULL,
    NOISE_V_NOW,
    PACK,
    READ_V,
    READ_V_MAX,
    READ_V_MIN,
    SOC_BMS,
    TAPER,
    TEMPERATURE_C,
    CellLaw,
    DayRequest,
    StringLaw,
)
from battuta.world.foreign.thermal_kernels import temper_string, warm_string
from battuta.world.sensors_kernels import mixed_row, normal_number

FULL_V, TAPER_V_HIGH = 3.58, 3.45
"""Highest reading at which a charge ends, and from which it slows. [V]"""
EMPTY_V, TAPER_V_LOW = 2.80, 2.98
"""Lowest reading at which a discharge ends, and from which it slows. [V]"""
TAPER_MIN, TAPER_PER_MINUTE = 0.05, 0.7
"""Least share of the current, and what a minute near a limit leaves of it. [-]"""
NEAR_SOC, APPROACH_C = 0.004, 6.0
"""A target this near is met [-]; current per distance to the target. [1/h]"""


@jit_inlined
def string_current_a(memory: FloatArray, run: StringLaw, target_soc: float, rate_c: float, noise_c: float) -> float:
    """Current that the controller of a string lets flow in the next step, discharge positive. [A]

    Parameters
    ----------
    memory : ndarray, shape (N_MEMORY,)
        Memory of the string; `SOC_BMS`, `TAPER`, `FULL` and `EMPTY` change.
    run : StringLaw
        How the string is run.
    target_soc, rate_c, noise_c : float
        As in `DayRequest`. [-, 1/h, 1/h]
    """
    away = memory[SOC_BMS] - target_soc
    asked_c = noise_c
    if abs(away) > NEAR_SOC:
        asked_c += min(max(APPROACH_C * away, -rate_c), rate_c)
    current_a = asked_c * run.capacity_ah
    highest, lowest = memory[READ_V_MAX], memory[READ_V_MIN]
    if current_a < 0.0 and highest > FULL_V:
        memory[FULL], memory[SOC_BMS] = 1.0, 1.0
    elif current_a > 0.0 and lowest < EMPTY_V:
        memory[EMPTY], memory[SOC_BMS] = 1.0, 0.02
    if memory[SOC_BMS] < 0.97:
        memory[FULL] = 0.0
    if memory[SOC_BMS] > 0.05:
        memory[EMPTY] = 0.0
    if (current_a < 0.0 and memory[FULL] == 1.0) or (current_a > 0.0 and memory[EMPTY] == 1.0):
        current_a = 0.0
    if (current_a < 0.0 and highest > TAPER_V_HIGH) or (current_a > 0.0 and lowest < TAPER_V_LOW):
        memory[TAPER] = max(memory[TAPER] * TAPER_PER_MINUTE ** (run.step_s / 60.0), TAPER_MIN)
    else:
        memory[TAPER] = min(memory[TAPER] * 1.1, 1.0)
    current_a *= memory[TAPER]
    counted_a = current_a + run.drift_a if current_a != 0.0 else 0.0
    memory[SOC_BMS] -= counted_a * run.step_s / (3600.0 * run.capacity_ah)
    memory[SOC_BMS] = min(max(memory[SOC_BMS], 0.0), 1.0)
    return current_a


@jit_inlined
def extreme_readings(packs: FloatArray, memory: FloatArray) -> None:
    """Find the highest and the lowest reading of a string.

    Parameters
    ----------
    packs : ndarray, shape (n_packs, N_ROWS * PACK)
        Cells.
    memory : ndarray, shape (N_MEMORY,)
        `READ_V_MAX` and `READ_V_MIN` change.
    """
    high0, high1, high2, high3 = -np.inf, -np.inf, -np.inf, -np.inf
    low0, low1, low2, low3 = np.inf, np.inf, np.inf, np.inf
    for k in range(packs.shape[0]):
        cells = packs[k]
        for c in range(0, PACK, 4):  # four runners, as one would wait for itself at each cell
            v0, v1, v2, v3 = cells[READ_V + c], cells[READ_V + c + 1], cells[READ_V + c + 2], cells[READ_V + c + 3]
            high0, high1, high2, high3 = max(high0, v0), max(high1, v1), max(high2, v2), max(high3, v3)
            low0, low1, low2, low3 = min(low0, v0), min(low1, v1), min(low2, v2), min(low3, v3)
    memory[READ_V_MAX] = max(high0, high1, high2, high3)
    memory[READ_V_MIN] = min(low0, low1, low2, low3)


@jit_inlined
def log_row(
    packs: FloatArray, run: StringLaw, row: np.uint64, voltage_v: FloatArray, bleed_ah: FloatArray, bled: bool
) -> None:
    """Write what the channels of a string report, and what was bled since the row before.

    Parameters
    ----------
    packs : ndarray, shape (n_packs, N_ROWS * PACK)
        Cells; `BLED_AH_ROW` becomes 0.
    run : StringLaw
        Noise and steps of the channels.
    row : uint64
        Row of the noise, from `mixed_row`.
    voltage_v, bleed_ah : ndarray, shape (n_cells,)
        Replaced. [V, Ah]
    bled : bool
        Whether anything may have been bled since the row before; else `bleed_ah` is left alone.
    """
    whole = math.floor(1.0 / run.resolution_v + 0.5)
    n_cells = voltage_v.size
    for k in range(packs.shape[0]):
        cells = packs[k]
        first = k * PACK
        n = min(PACK, n_cells - first)
        reads_v = voltage_v[first : first + n]
        for c in range(n):
            noise_v = run.noise_v * normal_number(row, first + c)
            reads_v[c] = math.floor((cells[READ_V + c] + cells[NOISE_V_NOW + c] + noise_v) * whole + 0.5) / whole
        if bled:
            for c in range(n):
                bleed_ah[first + c] = cells[BLED_AH_ROW + c]
                cells[BLED_AH_ROW + c] = 0.0


@jit_in_place
def run_day(
    packs: FloatArray,
    memory: FloatArray,
    law: CellLaw,
    run: StringLaw,
    asked: DayRequest,
    cooled: float,
    balances: float,
    key: np.uint64,
    first_step: int,
    current_a: FloatArray,
    voltage_v: FloatArray,
    bleed_ah: FloatArray,
    temperature_c: FloatArray,
) -> int:
    """Carry a string over a day and log it.

    Parameters
    ----------
    packs, memory, law, run, asked
        As in the kernels above.
    cooled : float
        Share of the cooling that works. [-]
    balances : float
        1 where the balancer is allowed to work, else 0. [-]
    key : uint64
        Address of the noise.
    first_step : int
        Number of the day's first step since the start of the string. [-]
    current_a : ndarray, shape (n_steps,)
        Receives the current, discharge positive. [A]
    voltage_v : ndarray, shape (n_kept, n_cells)
        Receives the readings of the rows that are kept. [V]
    bleed_ah : ndarray, shape (n_kept, n_cells) or (n_kept, 0)
        All 0; receives what was bled since the row before. [Ah]
    temperature_c : ndarray, shape (n_thermal, n_cells)
        Receives the temperatures of the cells after each thermal step. [degC]

    Returns
    -------
    int
        Rows that were kept.
    """
    n_cells = voltage_v.shape[1]
    hours = run.step_s / 3600.0
    fast_kept, slow_kept = math.exp(-run.step_s / law.fast_s), math.exp(-run.step_s / law.slow_s)
    kept, bled, logs_bleed = 0, True, bleed_ah.shape[1] > 0
    for t in range(current_a.size):
        if t % run.steps_thermal == 0:
            thermal = t // run.steps_thermal
            warm_string(packs, memory, law, run, n_cells, asked.outdoor_c[thermal], cooled)
            temper_string(packs, memory, law, run, key, first_step // run.steps_thermal + thermal)
            for cell in range(n_cells):
                temperature_c[thermal, cell] = packs[cell // PACK, TEMPERATURE_C + cell % PACK]
        amps = string_current_a(memory, run, asked.target_soc[t], asked.rate_c[t], asked.noise_c[t])
        amps_mean = amps + asked.unseen_c[t] * run.capacity_ah if amps != 0.0 else 0.0
        shape = law.shape_discharge if amps > 0.0 else law.shape_charge
        bleed_a = run.bleed_a * balances if memory[READ_V_MAX] > run.bleed_v_min else 0.0
        above_v = memory[READ_V_MIN] + run.bleed_spread_v
        bled = bled or bleed_a > 0.0
        for k in range(packs.shape[0]):
            cells = packs[k]
            charge_pack(cells, amps_mean, hours, bleed_a, run.bleed_v_min, above_v)
            bend_pack(cells, law)
            drop_pack(cells, amps, amps_mean, shape, fast_kept, slow_kept, asked.contact_on[t])
        extreme_readings(packs, memory)
        current_a[t] = amps
        if asked.kept[t] > 0.0:
            log_row(packs, run, mixed_row(key, first_step + t), voltage_v[kept], bleed_ah[kept], bled and logs_bleed)
            kept, bled = kept + 1, False
    return kept
