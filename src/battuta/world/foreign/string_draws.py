"""What each string of the foreign fleet is like, and each of its cells, by seed; all spreads are invented.

They are of the order that incoming inspections and operators report: capacity within 1 %, resistance within some 6 %,
self-discharge of 2 % a month give or take a sixth, channels good to a millivolt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.foreign.cell_law import FAST_SHARE, FORMS, SLOW_SHARE
from battuta.world.foreign.cell_rows import MODULE, StringLaw
from battuta.world.foreign.duty import Duty, DutyCharacter

CAPACITY_AH, SERIES_OHM = 314.0, 0.00026
"""Nameplate of a cell, and the mean of its series resistance at 25 degC: 0.45 mohm after a minute. [Ah, ohm]"""
CAPACITY_SPREAD, RESISTANCE_SPREAD, SELF_SPREAD, SOC_SPREAD = 0.007, 0.06, 0.15, 0.005
"""Standard deviations within a string: of capacity, resistance, logarithm of self-discharge, first soc. [-]"""
SELF_PER_MONTH = 0.02
"""Share of its charge that a cell loses in a month at 25 degC. [-]"""
OFFSET_SPREAD_V, OFFSET_SPREAD_V_PER_K, OFFSET_SPREAD_V_PER_DAY = 0.0008, 0.00003, 0.0000012
"""Offsets of voltage channels: standard deviation, drift with temperature, drift with time (0.4 mV a year)."""
FADE_PER_ROOT_YEAR, FADE_PER_YEAR, GROWTH_PER_YEAR = 0.016, 0.008, 0.03
"""Loss of capacity with the root of age and with age, growth of resistance; each cell has its own speed. [-]"""
CURVE_SHIFT_SPREAD, CURVE_SHIFT_PER_FADE = 0.0025, -0.12
"""Where the steps of a cell's curve lie: standard deviation, and move with each share of capacity lost. [-]"""
FADE_SPREAD = 0.08
"""Standard deviation of a cell's speed of ageing. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StringCharacter:
    """A string.

    Attributes
    ----------
    form : int
        Number of its cells' curve in `battuta.world.foreign.cell_law.FORMS`.
    duty : DutyCharacter
        What it does at first.
    law : StringLaw
        How it is run and cooled.
    age_years : float
        Age when the fleet starts. [year]
    soc_start : float
        Mean state of charge at first. [-]
    outdoor_c_mean, outdoor_c_season, outdoor_c_day, outdoor_c_weather : float
        Climate: mean, half swing of the year and of the day, standard deviation of the weather. [degC]
    balances_always : bool
        The balancer may always work; else only in campaigns.
    campaign_spread : float
        Range of states of charge (5 to 95 % of the cells) at which somebody starts a campaign of balancing. [-]
    current_gain_share, current_offset_a, skew_s : float
        The current sensor: share too much, offset, and by how much its readings are early. [-, A, s]
    phase : int
        Shifts weekends and full charges. [-]
    """

    form: int
    duty: DutyCharacter
    law: StringLaw
    age_years: float
    soc_start: float
    outdoor_c_mean: float
    outdoor_c_season: float
    outdoor_c_day: float
    outdoor_c_weather: float
    balances_always: bool
    campaign_spread: float
    current_gain_share: float
    current_offset_a: float
    skew_s: float
    phase: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellDraws:
    """What each cell of a string is like when it is put in; arrays of shape (n_cells,), replaced with a module.

    Attributes
    ----------
    soc, capacity_ah, resistance_factor, self_a : ndarray
        First soc [-], capacity when new [Ah], factor on resistances [-], self-discharge at 25 degC [A].
    offset_v, offset_v_per_k, offset_v_per_day : ndarray
        The voltage channel. [V, V/K, V/day]
    curve_shift : ndarray
        How far the steps of its curve lie from those of its kind when new. [-]
    ageing_factor, born_day : ndarray
        Speed of ageing [-], and the day on which the cell was new, before 0 for the first ones. [d]
    cooled_w_per_k, place_k : ndarray
        Conductance to the air, and how much warmer than the mean that air is. [W/K, K]
    sensor_offset_k : ndarray, shape (n_sensors,)
        The temperature sensors. [K]
    """

    soc: FloatArray
    capacity_ah: FloatArray
    resistance_factor: FloatArray
    self_a: FloatArray
    offset_v: FloatArray
    offset_v_per_k: FloatArray
    offset_v_per_day: FloatArray
    curve_shift: FloatArray
    ageing_factor: FloatArray
    born_day: FloatArray
    cooled_w_per_k: FloatArray
    place_k: FloatArray
    sensor_offset_k: FloatArray


def draw_duty(seed: int, string: int, turn: int) -> DutyCharacter:
    """Draw what a string does after its `turn`-th change of duty, 0 for its first."""
    rng = generator(seed, "world.foreign.duty", site=string, cell=turn)
    kinds, odds = tuple(Duty), (0.40, 0.20, 0.20, 0.12, 0.08)
    full = (1, 7, 14, 28, 75)
    return DutyCharacter(
        duty=kinds[int(rng.choice(len(kinds), p=odds))],
        rate_c=float(rng.uniform(0.2, 0.5)),
        soc_low=float(rng.uniform(0.05, 0.14)),
        soc_high=float(rng.uniform(0.88, 0.97)),
        hold_h=float(rng.uniform(1.0, 4.0)),
        full_every_days=full[int(rng.choice(len(full), p=(0.1, 0.35, 0.25, 0.22, 0.08)))],
    )


def draw_string(seed: int, string: int, n_cells: int, step_s: float, resolution_v: float) -> StringCharacter:
    """Draw a string.

    Parameters
    ----------
    seed, string : int
        Seed of the fleet and number of the string.
    n_cells : int
        Cells in series, which set its walls and its chiller. [-]
    step_s, resolution_v : float
        Step of the log [s] and of the voltage converter. [V]

    Returns
    -------
    StringCharacter
        The same for the same numbers, whatever else is drawn.
    """
    rng = generator(seed, "world.foreign.string", site=string)
    sensor = rng.standard_normal(3)
    law = StringLaw(
        capacity_ah=CAPACITY_AH,
        step_s=step_s,
        steps_thermal=round(600.0 / step_s),
        bleed_a=float(rng.uniform(0.06, 0.1)),
        bleed_v_min=float(rng.uniform(3.345, 3.38)),
        bleed_spread_v=float(rng.uniform(0.008, 0.02)),
        drift_a=0.05 * 0.2 * float(sensor[0]),  # the controller zeroes its own shunt at each rest
        wall_w_per_k=0.12 * n_cells,  # a container of ten strings loses some 300 W/K
        chiller_w_per_k=float(rng.uniform(2.0, 4.0)) * n_cells,
        air_j_per_k=900.0 * n_cells,  # air, trays and frames
        chiller_c=18.0,
        chiller_c_on=float(rng.uniform(26.0, 29.0)),
        chiller_c_off=float(rng.uniform(22.0, 24.0)),
        heater_c_on=12.0,
        noise_v=0.00045,
        noise_v_slow=0.0003,
        noise_v_module=0.00025,
        resolution_v=resolution_v,
    )
    return StringCharacter(
        form=int(rng.integers(len(FORMS))),
        duty=draw_duty(seed, string, 0),
        law=law,
        age_years=float(rng.uniform(0.2, 6.0)),
        soc_start=float(rng.uniform(0.35, 0.65)),
        outdoor_c_mean=float(rng.uniform(6.0, 22.0)),
        outdoor_c_season=float(rng.uniform(4.0, 13.0)),
        outdoor_c_day=float(rng.uniform(2.0, 8.0)),
        outdoor_c_weather=float(rng.uniform(1.5, 4.0)),
        balances_always=bool(rng.random() < 0.7),
        campaign_spread=float(rng.uniform(0.03, 0.06)),
        current_gain_share=0.003 * float(sensor[1]),
        current_offset_a=0.2 * float(sensor[2]),
        skew_s=float(rng.uniform(0.0, 2.0)),
        phase=int(rng.integers(28)),
    )


def draw_cells(
    seed: int, string: int, n_cells: int, n_sensors: int, character: StringCharacter, *, delivery: int = 0
) -> CellDraws:
    """Draw the cells of a string; cell k is the same however many there are.

    Parameters
    ----------
    seed, string, n_cells : int
        Seed of the fleet, number of the string and cells in series.
    n_sensors : int
        Temperature sensors. [-]
    character : StringCharacter
        The string.
    delivery : int
        0 for the first cells, else the day on which fresh ones came. [-]

    Returns
    -------
    CellDraws
        Cells, new or of the string's age.
    """
    rng = generator(seed, "world.foreign.cells", site=string, cell=delivery)
    level = rng.standard_normal(3)
    batch = rng.standard_normal((n_cells // MODULE + 1, 3))[np.arange(n_cells) // MODULE]
    place = generator(seed, "world.foreign.places", site=string).standard_normal((n_cells, 3))
    deck = place[MODULE * (np.arange(n_cells) // MODULE), 2]
    d = generator(seed, "world.foreign.each", site=string, cell=delivery).standard_normal((n_cells, 9))
    edge = np.abs((np.arange(n_cells) % MODULE) / (MODULE - 1.0) - 0.5) * 2.0
    capacity = 1.0 + 0.01 * level[0] + CAPACITY_SPREAD * (0.4 * batch[:, 0] + 0.92 * d[:, 0])
    resistance = 1.0 + 0.08 * level[1] + RESISTANCE_SPREAD * (0.3 * batch[:, 1] - 0.3 * d[:, 0] + 0.9 * d[:, 1])
    self_a = CAPACITY_AH * SELF_PER_MONTH / (30.4 * 24.0) * np.exp(0.2 * level[2] + SELF_SPREAD * d[:, 2])
    sensors = generator(seed, "world.foreign.sensors", site=string).standard_normal(n_sensors)
    born_day = -365.25 * character.age_years if delivery == 0 else float(delivery)
    return CellDraws(
        soc=character.soc_start + SOC_SPREAD * d[:, 3],
        capacity_ah=CAPACITY_AH * capacity,
        resistance_factor=resistance,
        self_a=self_a,
        offset_v=OFFSET_SPREAD_V * d[:, 4],
        offset_v_per_k=OFFSET_SPREAD_V_PER_K * d[:, 5],
        offset_v_per_day=OFFSET_SPREAD_V_PER_DAY * d[:, 6],
        curve_shift=CURVE_SHIFT_SPREAD * d[:, 8],
        ageing_factor=np.exp(FADE_SPREAD * (0.7 * d[:, 7] - 0.5 * d[:, 0] + 0.5 * batch[:, 2])),
        born_day=np.full(n_cells, born_day),
        cooled_w_per_k=2.0 * np.exp(0.05 * place[:, 0]) * (1.0 + 0.12 * edge),  # liquid plate, better at the ends
        place_k=0.7 * deck + 0.5 * place[:, 1] - 0.8 * edge,
        sensor_offset_k=0.4 * sensors,
    )


def aged(draws: CellDraws, day: int) -> tuple[FloatArray, FloatArray]:
    """Share of the capacity that is left, and factor of the resistance, on a day; each shape (n_cells,). [-]"""
    years = np.maximum(day - draws.born_day, 0.0) / 365.25
    lost = draws.ageing_factor * (FADE_PER_ROOT_YEAR * np.sqrt(years) + FADE_PER_YEAR * years)
    return 1.0 - lost, 1.0 + draws.ageing_factor * GROWTH_PER_YEAR * years


def resistances_ohm(factor: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Series resistance and those of both relaxations from the factors of the cells; each shape (n_cells,). [ohm]"""
    series_ohm = SERIES_OHM * factor
    return series_ohm, FAST_SHARE * series_ohm, SLOW_SHARE * series_ohm
