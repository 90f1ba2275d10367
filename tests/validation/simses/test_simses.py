"""90 days at 60 s of a Sony pack against SimSES 2, whose numbers lie in `reference.json`.

SimSES adds its hysteresis table to the voltage in both directions and counts its work as heat; here it is added to the
open-circuit curve and, at 25 degC, to the entropy, so that both solve the same equations. What differs then is how:
SimSES takes curve and resistance at the start of a step and heat by explicit Euler, this model integrates the step.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.container import resting, step_container
from battuta.physics.container_parameters import ContainerParameters, container_parameters

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))
STEP_S, SERIAL, PARALLEL, BIAS = 60.0, 100, 10, 0.0036
AREA_M2 = np.pi * 0.026 * 0.065 + np.pi * 0.013**2


def duty(n_steps):
    """Power, discharge positive [kW], and ambient [degC]: the formula of benchmarks/peers/simses_duty.py."""
    t = np.arange(n_steps) * STEP_S
    daily = np.sin(2.0 * np.pi * t / 86_400.0)
    fast = np.sin(2.0 * np.pi * t / 5_400.0) + np.sin(2.0 * np.pi * t / 1_260.0)
    ambient_c = 22.0 + 6.0 * np.sin(2.0 * np.pi * t / (30.0 * 86_400.0)) + 4.0 * np.sin(2.0 * np.pi * t / 86_400.0)
    power_w_max = 0.5 * 3.0 * PARALLEL * 3.2 * SERIAL
    return -power_w_max * (BIAS - 0.08 * daily + 0.40 * fast) / 1000.0, ambient_c


def sony_pack(folder) -> ContainerParameters:
    """The fine tables of the cell, and a container that is nothing but air at the ambient's temperature."""
    grid = np.linspace(0.0, 1.0, 201)
    tables = {
        each: pd.read_csv(folder / f"sony_lfp_us26650_{each}.csv") for each in ("OCV", "HystV", "entropy", "Rint")
    }
    lag_v = np.interp(grid, tables["HystV"]["SOC"], tables["HystV"]["HystV"])
    rint = tables["Rint"]
    ohms = [
        [np.interp(grid, rint["SOC"], rint[f"R_{way}(T={kelvin})"]) for kelvin in (10, 25, 40)] for way in ("Ch", "DCh")
    ]
    cell = replace(
        cell_parameters("sony_lfp_3ah"),
        ocv_v=np.interp(grid, tables["OCV"]["SOC"], tables["OCV"]["OCV"]) + lag_v,
        entropy_v_per_k=np.interp(grid, tables["entropy"]["SOC"], tables["entropy"]["S"]) + lag_v / 298.15,
        resistance_ohm=np.array(ohms),
        temperature_c=np.array([10.0, 25.0, 40.0]),
        hysteresis_v=0.0,
        charge_taper=((0.0, 1.0), (60.0, 1.0)),
        discharge_taper=((0.0, 1.0), (60.0, 1.0)),
    )
    thermal = container_parameters("lfp_314ah").thermal._replace(
        cell_j_per_k=0.07 * 1001.0, cell_coolant_w_per_k=0.0, cell_air_w_per_k=15.0 * AREA_M2, air_j_per_k=1.0,
        wall_w_per_k=1e12, controls_w=0.0, pump_w=0.0, heat_on_c=-100.0, cool_on_k=1e3,
    )  # fmt: skip
    return ContainerParameters(
        label="Sony pack", cell=cell, cells_per_string=1, strings=1, thermal=thermal, setpoint_c=20.0,
        cells_per_node=SERIAL, strings_per_node=PARALLEL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lived(data_dir):
    """Daily soc, voltage and temperature, and the throughput, of the same 90 days here."""
    state = resting(sony_pack(data_dir / "health"), soc=0.5, temperature_c=22.0)
    power_kw, ambient_c = duty(90 * 1440)
    daily, throughput_kwh = [], 0.0
    for step, (power, ambient) in enumerate(zip(power_kw[:, None], ambient_c[:, None], strict=True)):
        step_container(state, power, ambient, STEP_S)
        throughput_kwh += abs(state.sites.power_kw[0]) * STEP_S / 3600.0
        if step % 1440 == 1439:
            cells = state.cells
            daily.append((cells.soc[0], cells.voltage_v_mean[0], cells.temperature_c[0]))
    return np.array(daily), throughput_kwh


def differences(lived, key):
    return np.abs(lived[0] - np.array(REFERENCE[key]["daily_soc_voltage_v_temperature_c"])).max(axis=0)


def test_voltage_and_temperature_follow_simses(lived) -> None:
    _, voltage_v, temperature_c = differences(lived, "at_60_s")
    assert voltage_v < 2.5e-3
    assert temperature_c < 0.02


def test_throughput_is_that_of_simses(lived) -> None:
    assert lived[1] == pytest.approx(REFERENCE["at_60_s"]["throughput_kwh"], rel=1e-6)


def test_simses_comes_closer_as_its_step_shrinks(lived) -> None:
    """Its voltage at the start of a step counts for the whole step: the soc drifts by 0.03 in 90 days at 60 s."""
    coarse, fine = differences(lived, "at_60_s")[0], differences(lived, "at_10_s")[0]
    assert fine < coarse / 4.5, "nearly first order in its step"
    start, end = (np.array(REFERENCE[key]["daily_soc_voltage_v_temperature_c"])[:, 0] for key in ("at_60_s", "at_10_s"))
    limit = end + (end - start) / 5.0  # Richardson: what its step of nothing would give
    assert np.abs(lived[0][:, 0] - limit).max() < 2e-3
