"""Temperatures against plain NumPy, the chiller's two thresholds, and what temperature does."""

import numpy as np
import pytest

from battuta.world.foreign import cell_rows as rows
from battuta.world.foreign.cell_law import cell_law
from battuta.world.foreign.string_draws import draw_string
from battuta.world.foreign.string_rows import empty_packs, put_row, take_row
from battuta.world.foreign.thermal_kernels import temper_string, warm_string
from battuta.world.sensors import noise_key
from battuta.world.sensors_kernels import normal_noise

LAW, RUN = cell_law(0), draw_string(4, 0, 60, 60.0, 0.001).law
N = 60


def warm_packs(air_c, cooling=0.0):
    rng = np.random.default_rng(2)
    packs, memory = empty_packs(N), np.zeros(rows.N_MEMORY)
    for row, values in (
        (rows.TEMPERATURE_C, rng.uniform(10.0, 40.0, N)), (rows.HEAT_W_SUM, rng.uniform(0.0, 100.0, N)),
        (rows.COOLED_W_PER_K, rng.uniform(1.5, 2.5, N)), (rows.PLACE_K, rng.normal(0.0, 0.5, N)),
        (rows.SERIES_OHM, rng.uniform(2e-4, 4e-4, N)), (rows.SLOW_OHM, rng.uniform(2e-4, 4e-4, N)),
        (rows.SELF_A, rng.uniform(0.007, 0.01, N)), (rows.OFFSET_V, rng.normal(0.0, 1e-3, N)),
        (rows.OFFSET_V_PER_K, rng.normal(0.0, 1e-4, N)),
    ):  # fmt: skip
        put_row(packs, row, values)
    memory[rows.AIR_C], memory[rows.COOLING] = air_c, cooling
    return packs, memory


@pytest.mark.parametrize(
    ("air_c", "cooling", "then"),
    [(31.0, 0.0, 1.0), (25.0, 0.0, 0.0), (25.0, 1.0, 1.0), (20.0, 1.0, 0.0), (8.0, 0.0, 1.0), (13.0, 1.0, 1.0)],
)
def test_temperatures_are_their_plain_twin(air_c, cooling, then) -> None:
    packs, memory = warm_packs(air_c, cooling)
    before = {row: take_row(packs, row, N) for row in (rows.TEMPERATURE_C, rows.HEAT_W_SUM)}
    conductance, place = take_row(packs, rows.COOLED_W_PER_K, N), take_row(packs, rows.PLACE_K, N)
    warm_string(packs, memory, LAW, RUN, N, 5.0, 0.7)
    out_w = conductance * (before[rows.TEMPERATURE_C] - air_c - place)
    warmer = before[rows.TEMPERATURE_C] + 600.0 / LAW.heat_j_per_k * (before[rows.HEAT_W_SUM] / 10.0 - out_w)
    np.testing.assert_allclose(take_row(packs, rows.TEMPERATURE_C, N), warmer, rtol=1e-12)
    assert not take_row(packs, rows.HEAT_W_SUM, N).any()
    assert memory[rows.COOLING] == then
    chiller = then * 0.7 * RUN.chiller_w_per_k
    new_air = memory[rows.AIR_C]
    balance_w = (
        np.sum(conductance * (warmer - place - new_air)) + RUN.wall_w_per_k * (5.0 - new_air)
        + chiller * (RUN.chiller_c - new_air) - RUN.air_j_per_k / 600.0 * (new_air - air_c)
    )  # fmt: skip
    assert balance_w == pytest.approx(0.0, abs=1e-8)


def test_what_temperature_does() -> None:
    packs, memory = warm_packs(35.0)
    key = noise_key(1, "test")
    temper_string(packs, memory, LAW, RUN, key, 20)
    per_k = 1.0 / (take_row(packs, rows.TEMPERATURE_C, N) + 273.15) - 1.0 / 298.15
    for now, at25, kelvin in (
        (rows.SERIES_OHM_NOW, rows.SERIES_OHM, LAW.series_k), (rows.SLOW_OHM_NOW, rows.SLOW_OHM, LAW.slow_k),
        (rows.SELF_A_NOW, rows.SELF_A, -LAW.self_k),
    ):  # fmt: skip
        np.testing.assert_allclose(take_row(packs, now, N), take_row(packs, at25, N) * np.exp(kelvin * per_k))
    drifted = take_row(packs, rows.OFFSET_V, N) + 10.0 * take_row(packs, rows.OFFSET_V_PER_K, N)
    np.testing.assert_allclose(take_row(packs, rows.OFFSET_V_NOW, N), drifted)
    own, board = np.empty((4, N)), np.empty((4, 4))
    normal_noise(key, 17, 0, own)
    normal_noise(key, 17, -4, board)
    boards = board[:, ::-1][:, np.arange(N) // rows.MODULE]
    twin = 0.5 * (RUN.noise_v_slow * own + RUN.noise_v_module * boards).sum(axis=0)
    np.testing.assert_allclose(take_row(packs, rows.NOISE_V_NOW, N), twin, atol=1e-15)
