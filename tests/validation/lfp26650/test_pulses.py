"""A 26650 LFP cell: resistances and relaxations fitted on one pulse of 10 % of charge predict the others.

Each window holds five minutes of a small sine, six minutes at 1 C and two hours of rest. Its open-circuit voltage is
known at both ends only, from rests, and taken as a straight line in soc between them; every tenth second is read.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.cells import drive_cells, resting_cells

TAUS_S = np.geomspace(5.0, 3000.0, 25)
CAPACITY_AH, SOC_START = 2.5, 0.5


def windows(path, run):
    """Time [s], current (discharge positive) [A] and voltage [V] of each whole pulse of a run."""
    rows = pd.read_parquet(path).query("run == @run")
    small = rows["stepindex"] == (4 if run.endswith("_Charge") else 5)
    starts = np.flatnonzero(small & ~small.shift(fill_value=False))
    found = []
    for start in starts:
        time = rows["time"].to_numpy()[start:]
        end = int(np.searchsorted(time, time[0] + 300.0 + 360.0 + 7190.0))
        if end < time.size:
            piece = rows.iloc[start - 1 : start + end : 10]
            found.append((piece["time"].to_numpy(), -piece["current"].to_numpy(), piece["voltage"].to_numpy()))
    return found


def charge_ah(time_s, current_a):
    return np.concatenate(([0.0], np.cumsum(np.diff(time_s) * current_a[1:]))) / 3600.0


def open_circuit_v(time_s, current_a, voltage_v):
    moved = charge_ah(time_s, current_a)
    return voltage_v[0] + (voltage_v[-1] - voltage_v[0]) * moved / moved[-1]


def fitted(window):
    """Series and two relaxations, (ohm, ohm, s, ohm, s): linear in the ohms, a grid over the times."""
    time_s, current_a, voltage_v = window
    drop = open_circuit_v(*window) - voltage_v
    columns = []
    for tau in TAUS_S:
        state, response = 0.0, [0.0]
        for dt, ampere in zip(np.diff(time_s), current_a[1:], strict=True):
            state = ampere + (state - ampere) * np.exp(-dt / tau)
            response.append(state)
        columns.append(np.array(response))
    best = (np.inf, None)
    for i in range(TAUS_S.size):
        for j in range(i + 1, TAUS_S.size):
            matrix = np.column_stack((current_a, columns[i], columns[j]))
            ohms, *_ = np.linalg.lstsq(matrix, drop, rcond=None)
            error = float(((matrix @ ohms - drop) ** 2).sum())
            if error < best[0] and ohms.min() > 0.0:
                best = (error, (ohms[0], ohms[1], TAUS_S[i], ohms[2], TAUS_S[j]))
    return best[1]


def rmse_mv(window, found):
    """Error of the kernel's voltage over a window, given its two rests. [mV]"""
    time_s, current_a, voltage_v = window
    series, first, first_s, last, last_s = found
    slope = (voltage_v[0] - voltage_v[-1]) * CAPACITY_AH / charge_ah(time_s, current_a)[-1]
    cell = replace(
        cell_parameters("sony_lfp_3ah"),
        capacity_ah=CAPACITY_AH,
        ocv_v=voltage_v[0] + slope * (np.linspace(0.0, 1.0, 3) - SOC_START),
        entropy_v_per_k=np.zeros(3),
        resistance_ohm=np.full((2, 5, 3), series),
        relaxation=np.array([[first, first_s], [last, last_s]]),
        hysteresis_v=0.0,
    )
    tables, cells = cell.tables(), resting_cells(cell, 1, soc=SOC_START, temperature_c=25.0)
    predicted = [voltage_v[0]]
    for dt, ampere in zip(np.diff(time_s), current_a[1:], strict=True):
        drive_cells(tables, cells, np.array([0, 1]), np.array([ampere]), float(dt))
        predicted.append(cells.voltage_v[0])
    return 1000.0 * float(np.sqrt(np.mean((np.array(predicted) - voltage_v) ** 2)))


@pytest.mark.parametrize("run", ["0.1A_Discharge", "0.1A_Charge"])
def test_one_pulse_predicts_the_others(data_dir, run) -> None:
    pulses = windows(data_dir / "health" / "lfp26650_cos_pulse_ocv.parquet", run)
    learnt = fitted(pulses[4])
    errors = [rmse_mv(each, learnt) for each in pulses]
    assert errors[4] < 1.0
    assert max(errors[1:8]) < 5.0, "unseen pulses between 15 and 85 % of charge"
    assert max(errors) < 20.0, "the ends, where resistance rises and the curve bends"
