"""A day of a string: charge balance, limits by its weakest cell, balancing at the top only, the log against NumPy."""

from dataclasses import fields, replace

import numpy as np
import pytest

from battuta.world.foreign import cell_rows as rows
from battuta.world.foreign.cell_law import cell_law
from battuta.world.foreign.day_conditions import day_conditions
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.string_draws import draw_cells, draw_string
from battuta.world.foreign.string_kernels import EMPTY_V, FULL_V, run_day
from battuta.world.foreign.string_rows import take_row
from battuta.world.foreign.string_state import first_state, put_conditions
from battuta.world.sensors import noise_key
from battuta.world.sensors_kernels import normal_noise

N = 60
CHARACTER = draw_string(2, 0, N, 60.0, 0.001)
LAW, KEY = cell_law(CHARACTER.form), noise_key(1, "test")


def day(
    target, *, balances=1.0, faults=(), noise=0.0, unseen=0.0, rate=0.3, state=None, kept=None, steps=1440, first=0
):
    if state is None:
        draws = draw_cells(2, 0, N, 8, CHARACTER)
        state = first_state(draws)
        put_conditions(state, day_conditions(draws, 0, faults, 1))
    kept = np.ones(steps) if kept is None else kept
    asked = rows.DayRequest(
        target_soc=np.broadcast_to(target, steps).astype(float), rate_c=np.full(steps, rate),
        noise_c=np.full(steps, noise), unseen_c=np.full(steps, unseen),
        contact_on=np.zeros(steps), kept=kept, outdoor_c=np.full(steps // 10, 20.0),
    )  # fmt: skip
    n_kept = int(kept.sum())
    current_a, voltage_v, bleed_ah = np.empty(steps), np.empty((n_kept, N)), np.zeros((n_kept, N))
    temperature_c = np.empty((steps // 10, N))
    before = take_row(state.packs, rows.SOC, N)
    assert n_kept == run_day(
        state.packs, state.memory, LAW, CHARACTER.law, asked, 1.0, balances, KEY, first, current_a, voltage_v, bleed_ah,
        temperature_c,
    )  # fmt: skip
    return state, before, current_a, voltage_v, bleed_ah, temperature_c


def up_and_down(steps=1440):
    return np.where(np.arange(steps) < 600, 1.05, 0.02)


def test_charge_is_conserved() -> None:
    leak = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=7, start_day=0, size=3.3)
    state, before, current_a, *_ = day(up_and_down(), faults=(leak,), unseen=0.01)
    capacity_ah = 1.0 / take_row(state.packs, rows.PER_AH, N)
    mean_a = np.where(current_a == 0.0, 0.0, current_a + 0.01 * CHARACTER.law.capacity_ah)
    gone_ah = mean_a.sum() / 60.0 + take_row(state.packs, rows.LEAKED_AH, N) + take_row(state.packs, rows.BLED_AH, N)
    moved_ah = (before - take_row(state.packs, rows.SOC, N)) * capacity_ah
    np.testing.assert_allclose(moved_ah, gone_ah, atol=1e-9)
    leaked = take_row(state.packs, rows.LEAKED_AH, N)
    assert leaked[7] == pytest.approx(22.5, rel=0.1)
    assert np.delete(leaked, 7).max() < 0.5


def test_the_weakest_cell_stops_the_string() -> None:
    state, _, current_a, voltage_v, *_ = day(up_and_down())
    assert FULL_V - 0.02 < voltage_v[:600].max() < 3.75
    assert EMPTY_V - 0.4 < voltage_v[600:].min() < EMPTY_V + 0.02
    assert current_a.min() == pytest.approx(-0.3 * CHARACTER.law.capacity_ah)
    assert not current_a[560:600].any()
    assert np.all(current_a[600:] >= 0.0)
    assert state.memory[rows.SOC_BMS] < 0.05


def test_a_target_is_reached_and_kept() -> None:
    _, _, current_a, *_ = day(0.8)
    assert current_a[:30].max() < 0.0
    assert not current_a[700:].any()


def test_the_balancer_bleeds_the_highest_cells_at_the_top_only() -> None:
    state, _, _, voltage_v, bleed_ah, _ = day(up_and_down())
    bled = bleed_ah.sum(axis=0)
    np.testing.assert_allclose(bled, take_row(state.packs, rows.BLED_AH, N), rtol=1e-12)
    assert 0 < np.count_nonzero(bled) < N
    highest = np.concatenate([[0.0], voltage_v[:-1].max(axis=1)])
    assert highest[bleed_ah.any(axis=1)].min() > CHARACTER.law.bleed_v_min - 0.004
    lowest = np.concatenate([[0.0], voltage_v[:-1].min(axis=1)])
    row, cell = np.nonzero(bleed_ah)
    assert np.all(voltage_v[row - 1, cell] - lowest[row] > CHARACTER.law.bleed_spread_v - 0.005)
    assert not day(up_and_down(), balances=0.0)[4].any()
    assert not day(0.5)[4].any()


def test_cells_alike_are_not_bled() -> None:
    draws = draw_cells(2, 0, N, 8, CHARACTER)
    alike = replace(draws, **{field.name: np.full(N, getattr(draws, field.name).mean()) for field in fields(draws)
                              if field.name != "sensor_offset_k"})  # fmt: skip
    state = first_state(alike)
    put_conditions(state, day_conditions(alike, 0, (), 1))
    _, _, _, voltage_v, bleed_ah, _ = day(up_and_down(), state=state)
    assert voltage_v.max() > 3.5
    assert not bleed_ah.any()


def test_what_is_bled_in_lost_rows_comes_with_the_next() -> None:
    kept = np.ones(1440)
    kept[300:500] = 0.0
    whole, parted = day(up_and_down())[4], day(up_and_down(), kept=kept)[4]
    np.testing.assert_allclose(parted.sum(axis=0), whole.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(parted[300], whole[300:501].sum(axis=0), rtol=1e-12)


@pytest.mark.parametrize("first", [0, 7200])
def test_the_log_is_the_reading_with_noise_in_steps(first) -> None:
    state, _, _, voltage_v, *_ = day(0.6, first=first)
    noise = np.empty((1, N))
    normal_noise(KEY, first + 1439, 0, noise)
    reads_v = take_row(state.packs, rows.READ_V, N) + take_row(state.packs, rows.NOISE_V_NOW, N)
    reads_v += CHARACTER.law.noise_v * noise[0]
    np.testing.assert_allclose(voltage_v[-1], np.floor(1000.0 * reads_v + 0.5) / 1000.0, rtol=1e-12)


def test_a_day_is_the_plain_twin_without_limits() -> None:
    """Steady discharge from the middle: each minute of a few cells in plain NumPy."""
    n_steps = 60
    state, before, current_a, _, _, temperature_c = day(0.1, rate=0.2, steps=n_steps, balances=0.0)
    fresh, *_ = day(0.5, steps=10)
    amps = current_a[0]
    np.testing.assert_allclose(current_a, amps)
    soc, fast_v, slow_v = before.copy(), np.zeros(N), np.zeros(N)
    ohms = [take_row(fresh.packs, row, N) for row in (rows.SERIES_OHM, rows.FAST_OHM, rows.SLOW_OHM)]
    grid = np.linspace(-0.06, 1.06, 2241)
    plays = [before.copy() for _ in range(3)]
    for t in range(n_steps):
        per_k = 1.0 / (temperature_c[t // 10] + 273.15) - 1.0 / 298.15
        series, slow = np.exp(LAW.series_k * per_k), np.exp(LAW.slow_k * per_k)
        leak_a = take_row(fresh.packs, rows.SELF_A, N) * np.exp(-LAW.self_k * per_k)
        soc -= (amps + leak_a) / 60.0 * take_row(fresh.packs, rows.PER_AH, N)
        flat, low, high = LAW.shape_discharge
        shape = flat + low / (soc + 0.09) + high * soc**4
        fast_v = (
            np.exp(-60.0 / LAW.fast_s) * (fast_v - amps * ohms[1] * series * shape) + amps * ohms[1] * series * shape
        )
        slow_v = np.exp(-60.0 / LAW.slow_s) * (slow_v - amps * ohms[2] * slow * shape) + amps * ohms[2] * slow * shape
        lag = 0.0
        for k, (width, weight) in enumerate(
            (
                (LAW.play_narrow, LAW.weight_narrow),
                (LAW.play_middle, LAW.weight_middle),
                (LAW.play_wide, LAW.weight_wide),
            )
        ):
            plays[k] = np.clip(plays[k], soc - width, soc + width)
            lag = lag + weight * (soc - plays[k]) / width
    placed = soc + 4.0 * take_row(fresh.packs, rows.CURVE_SHIFT, N) * soc * (1.0 - soc)
    volt = np.interp(placed, grid, LAW.curve_v[0]) + lag * np.interp(placed, grid, LAW.curve_v[1])
    volt -= amps * ohms[0] * series * shape + fast_v + slow_v
    np.testing.assert_allclose(take_row(state.packs, rows.SOC, N), soc, rtol=1e-12)
    np.testing.assert_allclose(take_row(state.packs, rows.VOLT, N), volt, rtol=1e-9)
