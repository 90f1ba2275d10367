"""The shape of our assumed 314 Ah LFP cell against PyBaMM's Prada2013 set (2.3 Ah cell), discharged at 25 degC.

Two different cells: levels and ohms cannot agree, shapes should. Each curve is taken relative to its own plateau, the
median voltage between 30 and 60 % depth. Depth counts charge over nominal capacity. Tolerances, set before comparing:

* flatness: fall of the slow discharge from 20 to 60 % depth, within 25 mV: both cells step once between two stages of
  graphite (about 40 mV), but not at the same depth;
* early knee: depth at which the slow discharge has come within 50 mV of its plateau, within 0.03: both curves leave
  full charge within a few percent of depth;
* late knee: depth at which it is 150 mV below its plateau, within 0.06: it belongs to the graphite;
* losses over current: extra drop of one hour's discharge over that of two hours', both against the slow one, mean of 20
  to 60 % depth. A circuit without a temperature of its own gives 0.9 / 0.4; within 20 % of PyBaMM's;
* straight fit: PyBaMM's curve as our open-circuit curve plus an offset less a resistance times current, for all three
  rates at once from 10 to 70 % depth: 20 mV rms, half the height of a graphite step.

Two do not fit and are kept as found: Prada2013's late knee stands at 83 % depth, ours at 92.5 % (and the straight fit
leaves 27 mV for the same reason). That set borrows its graphite from an NMC cell (Chen2020), whose potential climbs
from 55 % depth on; a measured LFP cell, the Sony of Naumann et al., has its knee at 92 %, where ours is.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.physics.cell_parameters import cell_parameters
from battuta.physics.cells import drive_cells, resting_cells

PEER = json.loads((Path(__file__).parent / "prada2013.json").read_text(encoding="utf-8"))
DEPTH = np.round(np.linspace(0.0, 1.0, 201), 10)
RATES = (0.1, 0.5, 1.0)


@pytest.fixture(scope="module")
def ours():
    """Voltage over depth of our cell at each rate; NaN once below 2.5 V."""
    parameters = cell_parameters("lfp_314ah")
    tables, found = parameters.tables(), {}
    for rate in RATES:
        cells = resting_cells(parameters, 1, soc=1.0, temperature_c=25.0)
        step_s, voltage_v = 0.0005 * 3600.0 / rate, []
        for _ in range(2000):
            drive_cells(tables, cells, np.array([0, 1]), np.array([rate * parameters.capacity_ah]), step_s)
            voltage_v.append(cells.voltage_v[0])
        curve = np.interp(DEPTH, np.arange(1, 2001) * 0.0005, voltage_v)
        curve[np.maximum.accumulate(curve < parameters.voltage_v_min)] = np.nan
        found[rate] = curve
    return found


@pytest.fixture(scope="module", params=["SPM", "SPMe"])
def theirs(request):
    """The same of PyBaMM; NaN beyond its discharge."""
    found = {}
    for each in PEER["discharges"]:
        if each["model"] == request.param:
            found[each["rate"]] = np.full(DEPTH.size, np.nan)
            found[each["rate"]][: len(each["voltage_v"])] = each["voltage_v"]
    return found


def between(curve, low, high):
    return curve[(low - 1e-9 <= DEPTH) & (high + 1e-9 >= DEPTH)]


def fall_v(curves):
    slow = curves[0.1]
    return np.interp(0.2, DEPTH, slow) - np.interp(0.6, DEPTH, slow)


def depth_at(curves, above_plateau_v):
    """Depth at which the slow discharge first falls below its plateau plus a voltage."""
    slow = curves[0.1]
    wanted_v = np.median(between(slow, 0.3, 0.6)) + above_plateau_v
    return DEPTH[np.flatnonzero(slow < wanted_v)[0]]


def growth_of_drop(curves):
    """Mean extra drop of the one-hour discharge over that of the two-hour one."""
    slow, half, full = (between(curves[rate], 0.2, 0.6) for rate in RATES)
    return np.mean(slow - full) / np.mean(slow - half)


def straight_fit_v(curves):
    """Remainder of their voltages after our open-circuit curve, an offset and a resistance. [V]"""
    parameters = cell_parameters("lfp_314ah")
    inside = (DEPTH >= 0.1 - 1e-9) & (DEPTH <= 0.7 + 1e-9)
    ocv_v = np.interp(1.0 - DEPTH[inside], np.linspace(0.0, 1.0, parameters.ocv_v.size), parameters.ocv_v)
    remainder = np.concatenate([curves[rate][inside] - ocv_v for rate in RATES])
    columns = np.column_stack((np.ones(remainder.size), -np.repeat(RATES, inside.sum())))
    fitted, *_ = np.linalg.lstsq(columns, remainder)
    return np.sqrt(np.mean((remainder - columns @ fitted) ** 2))


def test_plateau_is_as_flat(ours, theirs) -> None:
    assert fall_v(ours) == pytest.approx(fall_v(theirs), abs=0.025)


def test_early_knee_stands_at_the_same_depth(ours, theirs) -> None:
    assert depth_at(ours, 0.050) == pytest.approx(depth_at(theirs, 0.050), abs=0.03)


@pytest.mark.xfail(strict=True, reason="Prada2013 takes the graphite of an NMC cell: knee at 0.83, ours at 0.925")
def test_late_knee_stands_at_the_same_depth(ours, theirs) -> None:
    assert depth_at(ours, -0.150) == pytest.approx(depth_at(theirs, -0.150), abs=0.06)


def test_late_knee_stands_where_a_measured_cell_has_it(ours) -> None:
    sony = cell_parameters("sony_lfp_3ah")
    measured = {0.1: np.interp(1.0 - DEPTH, np.linspace(0.0, 1.0, sony.ocv_v.size), sony.ocv_v)}
    assert depth_at(ours, -0.150) == pytest.approx(depth_at(measured, -0.150), abs=0.06)


def test_losses_grow_alike_with_current(ours, theirs) -> None:
    assert growth_of_drop(ours) == pytest.approx(growth_of_drop(theirs), rel=0.20)


@pytest.mark.xfail(strict=True, reason="27 mV remain, from the slope of the borrowed graphite beyond 55 % depth")
def test_their_curves_are_ours_moved_and_resisted(theirs) -> None:
    assert straight_fit_v(theirs) < 0.020
