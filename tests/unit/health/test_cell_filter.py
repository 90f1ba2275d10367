"""The absolute twin of cells: what it finds, what it cannot know, and slices, restarts and bad rows change nothing.

All telemetry is synthetic and comes from cells of other equations than the filter's (`benchmarks/health_soc.py`).
"""

import sys
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.telemetry import Block
from battuta.health.cell_filter import filter_cells, filter_millivolts, millivolts
from battuta.health.cell_filter_state import CellFilterState, start_cell_filter
from battuta.health.cell_filter_tables import cell_law
from battuta.physics.cell_parameters import cell_parameters

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
LAW = cell_law(cell_parameters("lfp_314ah"))


@pytest.fixture(scope="module")
def soc_study():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("health_soc")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def day(soc_study) -> Block:
    return next(soc_study.telemetry(LAW, soc_study.Truth(n_cells=40, days=1)))[0]


def started(n_cells=40) -> CellFilterState:
    return start_cell_filter(LAW, n_cells, soc=0.5)


def resting(n_times, voltage_v, current_a=0.0, n_cells=3):
    return Block(
        string_id="rest",
        time_ns=(np.arange(n_times) + 1) * 10_000_000_000,
        current_a=np.full(n_times, current_a),
        voltage_v=np.full((n_times, n_cells), voltage_v),
        temperature_c=np.full((n_times, 1), 25.0),
    )


def same(one: CellFilterState, other: CellFilterState) -> None:
    for name in ("time_ns", "string", "cells"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(("offset_a", "off_p99_max"), [(0.3, 0.04), (-1.0, 0.05)])
def test_four_weeks_of_partial_cycles_stay_within_two_percent(soc_study, offset_a, off_p99_max) -> None:
    rmse, p99, offset_off_a, _ = soc_study.soc_errors(soc_study.Truth(offset_a=offset_a))
    assert rmse <= 0.02
    assert p99 <= off_p99_max
    assert offset_off_a <= 0.1


def test_any_slicing_gives_the_same_bits(day) -> None:
    whole, at_once = filter_cells(LAW, started(), day, report_rows=np.array([99, 8639]))
    cut, reports = started(), []
    for first, last in pairwise((0, 1, 100, 101, 4321, day.n_times)):
        cut, estimates = filter_cells(LAW, cut, day.rows(slice(first, last)))
        reports.append(estimates)
    same(whole, cut)
    np.testing.assert_array_equal(at_once.soc, [reports[1].soc[0], reports[-1].soc[0]])
    np.testing.assert_array_equal(at_once.offset_a[-1:], reports[-1].offset_a)


def test_the_state_survives_a_restart(day, tmp_path) -> None:
    half, _ = filter_cells(LAW, started(), day.rows(slice(0, 3000)))
    np.savez(tmp_path / "state.npz", time_ns=half.time_ns, string=half.string, cells=half.cells)
    with np.load(tmp_path / "state.npz") as stored:
        read = CellFilterState(n_cells=40, **{name: stored[name] for name in ("time_ns", "string", "cells")})
    rest = day.rows(slice(3000, None))
    same(filter_cells(LAW, half, rest)[0], filter_cells(LAW, read, rest)[0])


def test_a_string_of_any_length_pads_its_last_block(day) -> None:
    """A cell of a block that is not full is followed as in a full one."""
    part = day.rows(slice(0, 2000))
    few = replace(part, voltage_v=np.ascontiguousarray(part.voltage_v[:, :33]))
    state, _ = filter_cells(LAW, started(33), few)
    assert state.soc.shape == (33,)
    assert np.isfinite(state.cells).all()


def test_missing_readings_currents_and_temperatures_never_enter(day) -> None:
    rng = np.random.default_rng(6)
    holes = day.voltage_v.copy()
    holes[rng.random(holes.shape) < 0.2] = np.nan
    holes[:, 3] = np.nan
    holes[100:200] = np.inf
    current_a, temperature_c = day.current_a.copy(), day.temperature_c.copy()
    current_a[rng.random(day.n_times) < 0.01] = np.nan
    temperature_c[::7, 1], temperature_c[500:600] = np.nan, np.nan
    state, estimates = filter_cells(
        LAW, started(), replace(day, voltage_v=holes, current_a=current_a, temperature_c=temperature_c)
    )
    assert np.isfinite(state.string).all()
    assert np.isfinite(state.cells).all()
    assert estimates.soc_deviation[0, 3] > 1.5 * np.median(estimates.soc_deviation[0])


def test_the_plateau_tells_little_and_the_knee_much() -> None:
    _, plateau = filter_cells(LAW, started(3), resting(1000, 3.292))
    _, knee = filter_cells(LAW, started(3), resting(1000, 3.10))
    assert (plateau.soc_deviation > 0.03).all()
    assert (knee.soc_deviation < 0.015).all()


def test_without_a_current_the_resistance_is_not_found() -> None:
    start = 0.15 * LAW.resistance_ohm
    _, idle = filter_cells(LAW, started(3), resting(1000, 3.3))
    np.testing.assert_allclose(idle.resistance_deviation_ohm, start, rtol=0.05)
    busy = resting(2000, 3.3)
    current_a = 100.0 * np.sign(np.sin(np.arange(2000) / 20.0))
    drop_v = 1.3 * LAW.resistance_ohm * current_a
    busy = replace(busy, current_a=current_a, voltage_v=3.2925 - np.repeat(drop_v[:, None], 3, axis=1))
    law = replace(LAW, relaxation_ohm=1e-9, hysteresis_v=0.0, model_share=0.01, correlation_s=60.0)
    _, found = filter_cells(law, start_cell_filter(law, 3, soc=0.5), busy)
    np.testing.assert_allclose(found.resistance_ohm, 1.3 * LAW.resistance_ohm, rtol=0.03)


def test_bled_charge_and_leaks_are_counted() -> None:
    block = resting(361, np.nan)
    bleed_ah = np.zeros((361, 3))
    bleed_ah[100, 1] = 3.14
    leak_a = np.array([0.0, 0.0, 6.28])
    state, _ = filter_cells(LAW, started(3).with_cells(leak_a=leak_a), replace(block, bleed_ah=bleed_ah))
    np.testing.assert_allclose(state.soc, [0.5, 0.49, 0.48], atol=1e-5)


def test_a_wrong_law_shows_in_the_consistency(day) -> None:
    _, fine = filter_cells(LAW, started(), day)
    _, wrong = filter_cells(replace(LAW, ocv_v=LAW.ocv_v + 0.03), started(), day)
    assert np.median(fine.consistency) < 1.5
    assert np.median(wrong.consistency) > 3.0 * np.median(fine.consistency)


def test_what_does_not_fit_is_refused(day) -> None:
    with pytest.raises(DataError, match=r"shape .8640, 40. do not fit 8640 rows of 39 cells"):
        filter_cells(LAW, started(39), day)
    state, _ = filter_cells(LAW, started(), day)
    with pytest.raises(DataError, match="not after the last one"):
        filter_cells(LAW, state, day)
    bleed_ah = np.zeros((day.n_times, 40))
    bleed_ah[17, 4] = np.nan
    with pytest.raises(DataError, match="not known at row 17, cell 4"):
        filter_cells(LAW, started(), replace(day, bleed_ah=bleed_ah))
    with pytest.raises(DataError, match="shape"):
        filter_millivolts(
            LAW, started(), time_ns=day.time_ns, current_a=day.current_a, voltage_mv=millivolts(day.voltage_v),
            temperature_c=day.temperature_c, bleed_ah=np.zeros((3, 2), np.float32),
        )  # fmt: skip
