"""The streaming loops against a plain NumPy walk; steps of any length agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.physics.ageing.naumann import naumann, new_cells
from battuta.physics.ageing.naumann_kernels import (
    CAPACITY_CALENDAR_SQUARED,
    CAPACITY_CYCLE_SQUARED,
    FULL_CYCLES,
    RESISTANCE_CALENDAR,
    RESISTANCE_CYCLE,
    add_cycle,
    calendar_days,
    calendar_rate,
    cycle_rate,
    cycle_stresses,
    naumann_step,
    naumann_walk,
)

ROW = naumann().parameters()


def plain(soc, temperature_c, dt_s):
    """One cell: calendar by vectors, half-cycles by turning points."""
    arrhenius = [np.exp(-e / 8.31446261815324 * (1 / (temperature_c + 273.15) - 1 / 298.15)) for e in (17126, 71827)]
    k_q = 1.2571e-5 * arrhenius[0] * (2.8575 * (soc - 0.5) ** 3 + 0.60225)
    k_r = 3.4194e-10 * arrhenius[1] * (-3.3903 * (soc - 0.5) ** 2 + 1.5604)
    turns = [0, *(i for i in range(1, len(soc) - 1) if (soc[i] - soc[i - 1]) * (soc[i + 1] - soc[i]) < 0)]
    depth = np.abs(np.diff(soc[turns]))
    c_rate = depth / (np.diff(turns) * dt_s / 3600.0)
    q = (0.0630 * c_rate + 0.0971) * (4.0253 * (depth - 0.6) ** 3 + 1.0923) / 100.0
    r = np.maximum((-0.0020 * c_rate + 0.0021) * (6.8477 * (depth - 0.5) ** 3 + 0.9182), 0.0) / 100.0
    return (
        np.sum(k_q**2) * dt_s,
        np.sum(q**2 * depth / 2.0),
        np.sum(k_r) * dt_s,
        np.sum(r * depth / 2.0),
        depth.sum() / 2,
    )


def test_the_stream_is_the_plain_walk():
    rng = np.random.default_rng(11)
    soc = 0.5 + 0.4 * np.sin(np.cumsum(rng.normal(0.0, 0.3, 3000)))
    temperature = 25.0 + 10.0 * np.sin(np.arange(3000) / 300.0)
    age = new_cells(1)
    naumann_walk(soc[:, np.newaxis], temperature[:, np.newaxis], 900.0, 0.0, ROW, age)
    got = age[
        0, [CAPACITY_CALENDAR_SQUARED, CAPACITY_CYCLE_SQUARED, RESISTANCE_CALENDAR, RESISTANCE_CYCLE, FULL_CYCLES]
    ]
    assert got == pytest.approx(plain(soc, temperature, 900.0), rel=1e-10)


def test_rates_at_hand():
    assert calendar_rate(0.5, 25.0, ROW, 0, 3) == pytest.approx(1.2571e-5 * 0.60225)
    assert calendar_rate(1.0, 25.0, ROW, 8, 2) == pytest.approx(3.4194e-10 * (1.5604 - 3.3903 / 4))
    assert cycle_rate(0.6, 1.0, ROW, 0, 0.6) == pytest.approx(0.001601 * 1.0923)
    assert cycle_rate(0.6, 2.0, ROW, 8, 0.5) == 0.0
    age = new_cells(1)
    add_cycle(0.6, 1.0, 100.0, ROW, age[0])
    assert np.sqrt(age[0, CAPACITY_CYCLE_SQUARED]) == pytest.approx(0.001601 * 1.0923 * 10.0)


@given(soc=st.floats(0.0, 1.0), temperature=st.floats(-10.0, 60.0), parts=st.integers(2, 50))
def test_time_may_be_cut_as_one_likes(soc, temperature, parts):
    whole, cut = new_cells(1), new_cells(1)
    naumann_step(np.array([soc]), np.array([temperature]), 86_400.0, 0.0, ROW, whole)
    for _ in range(parts):
        naumann_step(np.array([soc]), np.array([temperature]), 86_400.0 / parts, 0.0, ROW, cut)
    assert cut == pytest.approx(whole, rel=1e-9)


def test_calls_of_any_length_give_the_same_bytes():
    rng = np.random.default_rng(12)
    soc, temperature = rng.uniform(0.0, 1.0, (200, 3)), rng.uniform(0.0, 45.0, (200, 3))
    whole, cut = new_cells(3), new_cells(3)
    naumann_walk(soc, temperature, 60.0, 0.02, ROW, whole)
    for step in range(200):
        naumann_step(soc[step], temperature[step], 60.0, 0.02, ROW, cut)
    assert cut.tobytes() == whole.tobytes()


def test_noise_below_the_gate_closes_no_half_cycles():
    ramp = np.concatenate((np.linspace(0.9, 0.1, 400), np.linspace(0.1, 0.9, 400), np.linspace(0.9, 0.5, 200)))
    noisy = ramp + np.random.default_rng(1).uniform(-0.004, 0.004, len(ramp))
    temperature = np.full((len(ramp), 1), 25.0)
    clean, gated, raw = new_cells(1), new_cells(1), new_cells(1)
    naumann_walk(ramp[:, np.newaxis], temperature, 60.0, 0.0, ROW, clean)
    naumann_walk(noisy[:, np.newaxis], temperature, 60.0, 0.02, ROW, gated)
    naumann_walk(noisy[:, np.newaxis], temperature, 60.0, 0.0, ROW, raw)
    assert clean[0, FULL_CYCLES] == pytest.approx(0.8)
    assert gated[0, CAPACITY_CYCLE_SQUARED] == pytest.approx(clean[0, CAPACITY_CYCLE_SQUARED], rel=0.03)
    assert raw[0, CAPACITY_CYCLE_SQUARED] < 0.9 * clean[0, CAPACITY_CYCLE_SQUARED]


def test_a_rest_is_not_part_of_the_rate():
    up = np.linspace(0.1, 0.9, 61)
    straight = np.concatenate((up, up[::-1]))
    rested = np.concatenate((up[:30], np.full(500, up[29]), up[30:], up[::-1]))
    ages = []
    for soc in (straight, rested):
        age = new_cells(1)
        naumann_walk(soc[:, np.newaxis], np.full((len(soc), 1), 25.0), 60.0, 0.0, ROW, age)
        ages.append(age[0, CAPACITY_CYCLE_SQUARED])
    assert ages[1] == pytest.approx(ages[0], rel=1e-12)


def test_missing_values_are_the_last_known_ones():
    known, missing, never = new_cells(1), new_cells(1), new_cells(1)
    soc = np.full((10, 1), 0.7)
    gap = soc.copy()
    gap[3:6] = np.nan
    naumann_walk(soc, np.full((10, 1), 30.0), 60.0, 0.0, ROW, known)
    naumann_walk(gap, np.where(np.isnan(gap), np.nan, 30.0), 60.0, 0.0, ROW, missing)
    naumann_walk(np.full((10, 1), np.nan), np.full((10, 1), 30.0), 60.0, 0.0, ROW, never)
    assert missing.tobytes() == known.tobytes()
    assert np.all(never == 0.0)


def test_stress_of_days_and_cycles_is_the_plain_sum():
    rng = np.random.default_rng(13)
    soc, temperature = rng.uniform(0.0, 1.0, (3, 24)), rng.uniform(0.0, 45.0, (3, 24))
    age = new_cells(1)
    naumann_walk(soc[:1].T, temperature[:1].T, 3600.0, 2.0, ROW, age)
    days = calendar_days(soc, temperature, 3600.0, ROW)
    assert days[0] == pytest.approx(age[0, [CAPACITY_CALENDAR_SQUARED, RESISTANCE_CALENDAR]])
    depth, c_rate, count = np.array([0.2, 0.8]), np.array([0.3, 1.5]), np.array([3.0, 0.5])
    stress = cycle_stresses(depth, c_rate, count, ROW)
    for i in range(2):
        cell = new_cells(1)
        add_cycle(depth[i], c_rate[i], count[i], ROW, cell[0])
        assert stress[i] == pytest.approx(cell[0, [CAPACITY_CYCLE_SQUARED, RESISTANCE_CYCLE]])
