"""Battuta's side of `simses_duty.py`: the same pack, the same duty, stepped by Battuta.

SimSES adds its hysteresis table to the voltage in both directions and counts its work as heat; here it is added to the
open-circuit curve and, at 25 degC, to the entropy, so that both solve the same equations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Protocol

import numpy as np
import polars as pl

from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters, cell_parameters
from battuta.physics.container import resting, step_container
from battuta.physics.container_parameters import ContainerParameters, container_parameters

STEP_S, SERIAL, PARALLEL = 60.0, 100, 10
POWER_KW_MAX = 0.5 * 3.0 * PARALLEL * 3.2 * SERIAL / 1000.0
BIAS_DC, BIAS_AC = 0.0036, 0.0129
AREA_M2 = np.pi * 0.026 * 0.065 + np.pi * 0.013**2


class Converter(Protocol):
    """What stands between the meter and the pack."""

    def dc_power_kw(self, ac_power_kw: FloatArray) -> tuple[FloatArray, FloatArray]:
        """DC power and loss for AC powers. [kW]"""
        ...


def duty(n_steps: int, bias: float) -> tuple[FloatArray, FloatArray]:
    """Power, discharge positive [kW], and ambient [degC]: the formula of `simses_duty.py`."""
    t = np.arange(n_steps) * STEP_S
    daily = np.sin(2.0 * np.pi * t / 86_400.0)
    fast = np.sin(2.0 * np.pi * t / 5_400.0) + np.sin(2.0 * np.pi * t / 1_260.0)
    ambient_c = 22.0 + 6.0 * np.sin(2.0 * np.pi * t / (30.0 * 86_400.0)) + 4.0 * np.sin(2.0 * np.pi * t / 86_400.0)
    return -POWER_KW_MAX * (bias - 0.08 * daily + 0.40 * fast), ambient_c


def sony_cell(folder: Path | None) -> CellParameters:
    """The cell SimSES takes: its fine tables from a folder, or the coarse ones that ship where there is none."""
    cell = cell_parameters("sony_lfp_3ah")
    cell = replace(
        cell,
        hysteresis_v=0.0,
        charge_taper=((0.0, 1.0), (60.0, 1.0)),
        discharge_taper=((0.0, 1.0), (60.0, 1.0)),
    )
    if folder is None:
        return cell
    grid = np.linspace(0.0, 1.0, 201)
    tables = {
        each: pl.read_csv(folder / f"sony_lfp_us26650_{each}.csv") for each in ("OCV", "HystV", "entropy", "Rint")
    }

    def column(table: str, name: str) -> FloatArray:
        soc, values = tables[table]["SOC"].to_numpy(), tables[table][name].to_numpy()
        return np.interp(grid, soc, values)

    lag_v = column("HystV", "HystV")
    ohms = [[column("Rint", f"R_{way}(T={celsius})") for celsius in (10, 25, 40)] for way in ("Ch", "DCh")]
    return replace(
        cell,
        ocv_v=column("OCV", "OCV") + lag_v,
        entropy_v_per_k=column("entropy", "S") + lag_v / 298.15,
        resistance_ohm=np.array(ohms),
        temperature_c=np.array([10.0, 25.0, 40.0]),
    )


def sony_pack(folder: Path | None) -> ContainerParameters:
    """A container that is nothing but that pack in air at the ambient's temperature."""
    thermal = container_parameters("lfp_314ah").thermal._replace(
        cell_j_per_k=0.07 * 1001.0, cell_coolant_w_per_k=0.0, cell_air_w_per_k=15.0 * AREA_M2, air_j_per_k=1.0,
        wall_w_per_k=1e12, controls_w=0.0, pump_w=0.0, heat_on_c=-100.0, cool_on_k=1e3,
    )  # fmt: skip
    return ContainerParameters(
        label="Sony pack", cell=sony_cell(folder), cells_per_string=1, strings=1, thermal=thermal, setpoint_c=20.0,
        cells_per_node=SERIAL, strings_per_node=PARALLEL,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a run left: samples at the end of each day, sums, and the time of its steps.

    Attributes
    ----------
    daily : ndarray, shape (n_days, 3)
        State of charge [-], mean cell voltage of the last step [V], cell temperature [degC].
    ac_throughput_kwh, ac_net_kwh, dc_throughput_kwh : float
        Magnitudes and net import at the meter, magnitudes at the pack. [kWh]
    energy_made_kwh : float
        Gain of stored energy less terminal energy less heat: what the books lack. [kWh]
    seconds : float
        Time of all steps. [s]
    """

    daily: FloatArray
    ac_throughput_kwh: float
    ac_net_kwh: float
    dc_throughput_kwh: float
    energy_made_kwh: float
    seconds: float


def live(parameters: ContainerParameters, n_days: int, converter: Converter | None = None) -> Life:
    """Step the pack through the duty, one call a step.

    Parameters
    ----------
    parameters : ContainerParameters
        The pack.
    n_days : int
        Days of the duty.
    converter : Converter, optional
        Turns the duty, then at the meter, into DC power.

    Returns
    -------
    Life
        Samples and sums.
    """
    ac_kw, ambient_c = duty(n_days * 1440, BIAS_AC if converter else BIAS_DC)
    state = resting(parameters, soc=0.5, temperature_c=22.0)
    sites, cells, before_j = state.sites, state.cells, float(state.stored_j()[0])
    daily: list[tuple[float, float, float]] = []
    dc_kwh, taken_kwh, started = 0.0, 0.0, perf_counter()
    dc_kw = converter.dc_power_kw(ac_kw)[0] if converter else ac_kw
    for step in range(ac_kw.size):
        step_container(state, dc_kw[step : step + 1], ambient_c[step : step + 1], STEP_S)
        delivered_kw = float(sites.power_kw[0])
        dc_kwh += abs(delivered_kw) * STEP_S / 3600.0
        taken_kwh += (delivered_kw + float(sites.heat_kw[0] + sites.hysteresis_kw[0])) * STEP_S / 3600.0
        if step % 1440 == 1439:
            daily.append((float(cells.soc[0]), float(cells.voltage_v_mean[0]), float(cells.temperature_c[0])))
    return Life(
        daily=np.array(daily),
        ac_throughput_kwh=float(np.sum(np.abs(ac_kw))) * STEP_S / 3600.0,
        ac_net_kwh=-float(np.sum(ac_kw)) * STEP_S / 3600.0,
        dc_throughput_kwh=dc_kwh,
        energy_made_kwh=(float(state.stored_j()[0]) - before_j) / 3.6e6 + taken_kwh,
        seconds=perf_counter() - started,
    )
