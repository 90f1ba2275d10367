"""The loop of the mode `compat` against SimSES's own formulas, written plainly."""

import math

import numpy as np
import pytest

from battuta.physics import life_pack_simses_kernels as kernels
from battuta.physics.ageing.naumann import naumann
from battuta.physics.life_pack_simses import live_as_simses
from unit.physics.test_life_pack_simses import CELL, PACK, duty

ROW = naumann().parameters()
GRID = np.linspace(0.0, 1.0, CELL.ocv_v.size)


def calendar(first, soc, kelvin, exponent):
    rate, energy, scale, offset = ROW[first : first + 4]
    stress = rate * math.exp(-energy / 8.31446261815324 * (1.0 / kelvin - 1.0 / 298.15))
    return stress * (scale * (soc - 0.5) ** exponent + offset)


def converted(share):
    table = PACK.numbers().dc_share
    return float(np.interp(share, np.linspace(-1.0, 1.0, table.size), table))


def ohm_of(soc, temperature, way):
    rows = np.array([np.interp(soc, GRID, row) for row in CELL.resistance_ohm[way]])
    return float(np.interp(temperature, CELL.temperature_c, rows))


def plain_life(power_kw, ambient_c):
    """SimSES 2.1.1, `Battery.step`, `Converter.step`, `AmbientThermalModel.step` and `DegradationModel.step`."""
    soc, temp, soh, grown, q_cal, q_cyc = 0.5, 22.0, 1.0, 1.0, 0.0, 0.0
    start, last, way_of, moved, fec, daily = 0.5, 0.5, 0, 0.0, 0.0, []
    for t, (kw, ambient) in enumerate(zip(power_kw, ambient_c, strict=True)):
        wanted = converted(float(np.clip(-kw / 4.8, -1.0, 1.0))) * 4800.0 / 1000.0
        ocv, entropy = np.interp(soc, GRID, CELL.ocv_v), np.interp(soc, GRID, CELL.entropy_v_per_k)
        source, ohm = ocv + 0.02, ohm_of(soc, temp, 0 if wanted > 0.0 else 1) * grown
        amp = -(source - math.sqrt(max(source**2 + 4.0 * ohm * wanted, 0.0))) / (2.0 * ohm) if wanted else 0.0
        most = min(3.0, (3.6 - source) / ohm, (1.0 - soc) * 3.0 * soh * 60.0)
        least = max(-19.8, (2.0 - source) / ohm, -soc * 3.0 * soh * 60.0)
        amp = min(max(amp, least), most)
        heat = (0.02 + ohm * amp) * amp + entropy * (temp + 273.15) * amp
        soc = min(max(soc + amp / 60.0 / (3.0 * soh), 0.0), 1.0)
        stress = calendar(0, soc, temp + 273.15, 3)
        gain = stress * math.sqrt((q_cal / stress) ** 2 + 60.0) - q_cal
        q_cal, soh = q_cal + gain, soh - gain
        grown += calendar(8, soc, temp + 273.15, 2) * 60.0
        if soc != last:
            now = 1 if soc > last else -1
            if way_of and now != way_of:
                depth = abs(last - start)
                rate = depth / (moved / 3600.0)
                stress = (ROW[4] * rate + ROW[5]) * (ROW[6] * (depth - 0.6) ** 3 + ROW[7])
                gain = stress * math.sqrt((q_cyc / stress) ** 2 + 0.5 * depth) - q_cyc
                q_cyc, soh, fec = q_cyc + gain, soh - gain, fec + 0.5 * depth
                grown += (ROW[12] * rate + ROW[13]) * (ROW[14] * (depth - 0.5) ** 3 + ROW[15]) * 0.5 * depth
                start, moved = last, 0.0
            way_of, moved, last = now, moved + 60.0, soc
        temp += (
            heat / CELL.heat_capacity_j_per_k + (ambient - temp) * CELL.air_w_per_k / CELL.heat_capacity_j_per_k
        ) * 60
        if t % 1440 == 1439:
            daily.append((soc, temp, soh, grown))
    return np.array(daily), fec


def test_loop_is_its_plain_twin() -> None:
    asked = duty(3)
    life, (daily, cycles) = live_as_simses(PACK, asked), plain_life(asked.power_kw, asked.ambient_c)
    found = np.column_stack((life.soc, life.temperature_c, life.soh_capacity, life.soh_resistance))
    np.testing.assert_allclose(found, daily, rtol=1e-9)
    assert life.full_cycles == pytest.approx(cycles, rel=1e-9)


def test_limits_cut_as_in_simses_and_the_converter_is_read_backwards() -> None:
    asked = duty(1)
    asked.power_kw[:] = -4.8
    life, (daily, _) = live_as_simses(PACK, asked), plain_life(asked.power_kw, asked.ambient_c)
    assert life.soc[0] == daily[0, 0] == 1.0
    assert life.ac_throughput_kwh < 8.0, "a full pack takes no more"


def test_a_turn_closes_half_a_cycle() -> None:
    asked = duty(1)
    state = np.zeros(kernels.N_STATE)
    state[[kernels.SOC, kernels.START_SOC, kernels.LAST_SOC]], state[kernels.TEMPERATURE_C] = 0.5, 22.0
    daily = np.empty((1, 4))
    power_w = -1000.0 * asked.power_kw
    assert kernels.live_simses(PACK.numbers(), ROW, power_w, asked.ambient_c, 60.0, state, daily) == -1
    assert state[kernels.FULL_CYCLES] > 1.0
