"""Two invented cells as BPX files, discharged here as circuits and by PyBaMM as porous electrodes (`pybamm.json`).

Tolerances, set before the first comparison:

* open circuit 1 mV at each soc: the same formulas, only the grid between;
* a tenth of the capacity an hour: 10 mV rms from 10 to 90 % of the discharge, as losses are about that large;
* once the capacity an hour: 15 mV rms and 30 mV at most from 10 to 85 %, as the chord of the kinetics is drawn at half
  that current and one slope of the potentials stands for all; charge to the cut-off within 4 %, since the knee that
  diffusion brings forward is not in a circuit; 10 mV more against the full model, whose reaction is not uniform.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.files.bpx_file import read_bpx
from battuta.physics.cells import drive_cells, resting_cells

HERE = Path(__file__).parent
PEER = json.loads((HERE / "pybamm.json").read_text(encoding="utf-8"))["cases"]
CELLS = ("made_up_lfp", "made_up_nmc")


def discharged_here(parameters, current_a):
    """Charge given [Ah] and voltage [V] of a constant-current discharge in steps of 0.05 % to the lower cut-off."""
    tables, step_s = parameters.tables(), 0.0005 * 3600.0 * parameters.capacity_ah / current_a
    cells = resting_cells(parameters, 1, soc=1.0, temperature_c=25.0)
    charge_ah, voltage_v = [], []
    for step in range(1, 2001):
        drive_cells(tables, cells, np.array([0, 1]), np.array([current_a]), step_s)
        charge_ah.append(step * step_s * current_a / 3600.0)
        voltage_v.append(cells.voltage_v[0])
        if voltage_v[-1] < parameters.voltage_v_min:
            break
    return np.array(charge_ah), np.array(voltage_v)


def apart(cell, model, rate, low, high):
    """Our voltage less PyBaMM's at each hundredth of its discharge from low to high [V], and both charges [Ah]."""
    parameters = read_bpx(HERE / f"{cell}.json").parameters
    theirs = next(each for each in PEER[cell]["discharges"] if (each["model"], each["rate"]) == (model, rate))
    charge_ah, voltage_v = discharged_here(parameters, theirs["current_a"])
    shares = np.linspace(0.0, 1.0, 101)
    inside = (shares >= low - 1e-9) & (shares <= high + 1e-9)
    places_ah = shares[inside] * theirs["discharged_ah"]
    assert places_ah[-1] <= charge_ah[-1], "both still discharge"
    off_v = np.interp(places_ah, charge_ah, voltage_v) - np.array(theirs["voltage_v"])[inside]
    return off_v, charge_ah[-1], theirs["discharged_ah"]


@pytest.mark.parametrize("cell", CELLS)
def test_open_circuit_voltage_is_that_of_the_file(cell) -> None:
    ocv_v = read_bpx(HERE / f"{cell}.json").parameters.ocv_v
    soc = np.linspace(0.0, 1.0, 101)
    ours = np.interp(soc, np.linspace(0.0, 1.0, ocv_v.size), ocv_v)
    assert np.max(np.abs(ours - np.array(PEER[cell]["open_circuit_v_at_101_soc"]))) < 1e-3


@pytest.mark.parametrize(("model", "extra_v"), [("SPMe", 0.0), ("DFN", 0.010)])
@pytest.mark.parametrize("cell", CELLS)
def test_slow_discharge_follows(cell, model, extra_v) -> None:
    off_v, _, _ = apart(cell, model, 0.1, 0.10, 0.90)
    assert np.sqrt(np.mean(off_v**2)) < 0.010 + extra_v


@pytest.mark.parametrize(("model", "extra_v"), [("SPMe", 0.0), ("DFN", 0.010)])
@pytest.mark.parametrize("cell", CELLS)
def test_one_hour_discharge_has_the_same_shape(cell, model, extra_v) -> None:
    off_v, ours_ah, theirs_ah = apart(cell, model, 1.0, 0.10, 0.85)
    assert np.sqrt(np.mean(off_v**2)) < 0.015 + extra_v
    assert np.max(np.abs(off_v)) < 0.030 + extra_v
    assert ours_ah == pytest.approx(theirs_ah, rel=0.04)
