"""The walk of a pack against plain NumPy, step by step; the quick decay of the hysteresis is off by up to 5e-7."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.physics import life_pack_kernels as kernels
from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.life_pack import ChargeKeeping, LifePack, PackClimate
from battuta.physics.pcs import notton_pcs

CELL = cell_parameters("lfp_314ah")
PACK = LifePack(
    cell=CELL, cells_in_series=416, strings=12, pcs=notton_pcs("sungrow_sc1000tl_field", 2500.0),
    climate=PackClimate(
        wall_w_per_k=60.0, structure_j_per_k=2.7e6, cooling_kw_max=60.0, heating_kw_max=20.0, running_kw=2.2,
        controls_kw=0.8,
    ),
    keeping=ChargeKeeping(power_kw_max=300.0, full_cycles_per_day_max=1.5),
)  # fmt: skip
N_DAYS, STEP_S = 4, 300.0
N = N_DAYS * 288


def duty(seed=3):
    rng = np.random.default_rng(seed)
    power_kw = np.repeat(rng.uniform(-2600.0, 2600.0, N // 6), 6)
    power_kw[:12] = 0.0
    power_kw[300:330] = -2500.0
    power_kw[600:640] = 2500.0
    return power_kw, 20.0 + 25.0 * np.sin(np.linspace(0.0, 2.0 * np.pi, N))


def grid(values, position):
    k = min(max(int(position), 0), values.size - 2)
    return values[k] + (position - k) * (values[k + 1] - values[k])


def at(soc, values):
    return grid(values, soc * (values.size - 1))


def series_ohm(soc, temperature_c, way):
    axis = CELL.temperature_c
    held = min(max(temperature_c, axis[0]), axis[-1])
    by_soc = np.array([at(soc, row) for row in CELL.resistance_ohm[way]])
    return np.interp(held, axis, by_soc)


def decayed(x):
    return np.exp(-x), (1.0 if x == 0.0 else -np.expm1(-x) / x)


def plain_climate(p, temp, mode, heat, ambient, end, *, works):
    """Temperature after, mode and electric power of the machines."""
    cools = temp > 28.0 or (mode == 1 and temp > 25.0)
    warms = not cools and (temp < 10.0 or (mode == 2 and temp < 13.0))
    per_w = (1.0 - end) / p.wall_w_per_k
    free = ambient + (temp - ambient) * end + per_w * heat
    machine = p.controls_w + (p.running_w if works or cools or warms else 0.0)
    if cools:
        pulled = np.clip((free - 25.0) / per_w, 0.0, p.cooling_w)
        cop = min(0.4 * (temp - 8.0 + 273.15) / max(ambient - temp + 16.0, 1.0), 5.0)
        return free - per_w * pulled, 1, machine + pulled / cop
    if warms:
        given = np.clip((13.0 - free) / per_w, 0.0, p.heating_w)
        return free + per_w * given, 2, machine + given / 0.95
    return free, 0, machine


def plain_walk(pack, power_kw, ambient_c, soh_capacity, soh_resistance, start_c):
    """The same equations, with lists and NumPy alone."""
    p, pcs, limits = pack.numbers(soh_capacity, soh_resistance), pack.pcs, CELL
    soc, lag, v1, v2, temp, mode, cycles = pack.soc_start, 0.0, 0.0, 0.0, start_c, 0, 0.0
    (e1, m1), (e2, m2) = (decayed(STEP_S / tau) for tau in CELL.relaxation[:, 1])
    ohm1, ohm2 = CELL.relaxation[:, 0] * soh_resistance
    end = np.exp(-STEP_S * p.wall_w_per_k / p.cell_j_per_k)
    per_a = STEP_S / 3600.0 / p.capacity_ah
    rows, sums = [], np.zeros((N_DAYS, 6))
    for t in range(N):
        cycles = 0.0 if t % 288 == 0 else cycles
        base = p.keep_kw * np.clip((soc - 0.5) / 0.1, -1.0, 1.0)
        ac = float(np.clip((power_kw[t] if cycles < p.day_cycles_max else 0.0) + base, -2500.0, 2500.0))
        dc = pcs.dc_power_kw(np.array([ac]))[0][0]
        watt = 1000.0 * dc / p.n_cells
        ocv0 = at(soc, CELL.ocv_v)
        guess = np.clip(soc - watt / ocv0 * per_a, pack.soc_min, pack.soc_max)
        middle = 0.5 * (soc + guess)
        ocv = at(middle, CELL.ocv_v)
        towards = -1.0 if watt > 0.0 else 1.0
        lag_mean = towards + (lag - towards) * decayed(CELL.hysteresis_rate * abs(guess - soc))[1]
        ohms = soh_resistance * series_ohm(middle, temp, int(watt > 0.0))
        source = ocv + CELL.hysteresis_v * lag_mean - m1 * v1 - m2 * v2
        ohm = ohms + (1 - m1) * ohm1 + (1 - m2) * ohm2
        amp = (source - np.sqrt(source**2 - 4.0 * ohm * watt)) / (2.0 * ohm)
        rate, taper, edge, room = (
            (limits.discharge_rate_max, limits.discharge_taper, CELL.voltage_v_min, soc - pack.soc_min)
            if watt > 0.0
            else (limits.charge_rate_max, limits.charge_taper, CELL.voltage_v_max, pack.soc_max - soc)
        )
        share = np.interp(temp, [x for x, _ in taper], [y for _, y in taper])
        most = max(min(rate * CELL.capacity_ah * share, abs(source - edge) / ohm, room / per_a), 0.0)
        cut, taken = abs(amp) > most, float(np.clip(amp, -most, most))
        if cut:
            asked, ac = ac, pcs.ac_power_kw(np.array([taken * (source - ohm * taken) * p.n_cells / 1000.0]))[0][0]
            sums[t // 288, 3] += abs(asked - ac) * STEP_S / 3600.0
        w1, w2 = m1 * v1 + (1 - m1) * ohm1 * taken, m2 * v2 + (1 - m2) * ohm2 * taken
        heat = ohms * taken**2 + w1**2 / ohm1 + w2**2 / ohm2 + abs(taken) * CELL.hysteresis_v * lag_mean**2
        heat -= taken * (temp + 273.15) * at(middle, CELL.entropy_v_per_k)
        turned = abs(taken) * per_a if cut else abs(guess - soc)
        lag = towards + (lag - towards) * np.exp(-CELL.hysteresis_rate * turned) if taken else lag
        soc, v1, v2 = soc - taken * per_a, e1 * v1 + (1 - e1) * ohm1 * taken, e2 * v2 + (1 - e2) * ohm2 * taken
        temp, mode, machine = plain_climate(p, temp, mode, heat, ambient_c[t], end, works=bool(taken))
        cycles += 0.5 * abs(taken) / 314.0 * STEP_S / 3600.0
        auxiliary = machine * p.n_cells / 1000.0
        net = ac - auxiliary
        hours = STEP_S / 3600.0
        sums[t // 288, [0, 1, 2]] += [max(net, 0.0) * hours, max(-net, 0.0) * hours, auxiliary * hours]
        sums[t // 288, 4:] += [0.5 * abs(taken) / 314.0 * hours, heat * p.n_cells / 1000.0 * hours]
        rows.append((soc, temp, taken / 314.0, ac))
    return np.array(rows), sums


def walked(pack, power_kw, ambient_c, soh_capacity, soh_resistance, start_c):
    state = np.zeros(kernels.N_STATE)
    state[kernels.SOC], state[kernels.TEMPERATURE_C] = pack.soc_start, start_c
    out, sums = np.empty((4, N)), np.zeros((N_DAYS, kernels.N_SUMS))
    kernels.walk(
        pack.cell.tables(), pack.numbers(soh_capacity, soh_resistance), power_kw, ambient_c, STEP_S, state, out[0],
        out[1], out[2], out[3], sums,
    )  # fmt: skip
    return out.T, sums


@pytest.mark.parametrize(("soh_capacity", "soh_resistance", "start_c"), [(1.0, 1.0, 22.0), (0.7, 1.8, 44.0)])
def test_walk_is_its_plain_twin(soh_capacity, soh_resistance, start_c) -> None:
    power_kw, ambient_c = duty()
    found, sums = walked(PACK, power_kw, ambient_c, soh_capacity, soh_resistance, start_c)
    truth, true_sums = plain_walk(PACK, power_kw, ambient_c, soh_capacity, soh_resistance, start_c)
    np.testing.assert_allclose(found, truth, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(sums, true_sums, rtol=1e-6, atol=1e-6)
    assert sums[:, kernels.SHORTFALL_KWH].sum() > 100.0, "the duty must reach the limits"
    assert found[:, 1].max() > 24.0


def test_warming_and_a_converter_of_little_power() -> None:
    pack = replace(PACK, pcs=notton_pcs("bonfiglioli_field", 2500.0))
    power_kw, _ = duty(5)
    found, sums = walked(pack, power_kw, np.full(N, -15.0), 0.9, 1.2, 4.0)
    truth, true_sums = plain_walk(pack, power_kw, np.full(N, -15.0), 0.9, 1.2, 4.0)
    np.testing.assert_allclose(found, truth, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(sums, true_sums, rtol=1e-6, atol=1e-6)
    assert found[-1, 1] > 9.0


@pytest.mark.parametrize("ac_kw", [-2500.0, -400.0, -20.0, -5.0, 0.0, 5.0, 900.0, 2500.0])
def test_converter_goes_there_and_back(ac_kw) -> None:
    numbers = PACK.numbers()
    assert kernels.dc_kw_of(numbers, ac_kw) == pytest.approx(PACK.pcs.dc_power_kw(np.array([ac_kw]))[0][0], abs=1e-12)
    dc_kw = np.array([ac_kw])
    assert kernels.ac_kw_of(numbers, ac_kw) == pytest.approx(PACK.pcs.ac_power_kw(dc_kw)[0][0], abs=1e-12)
