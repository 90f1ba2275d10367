"""The law gives what the model gives: at rest, in equal cycles, and by rainflow over a wandering profile."""

import numpy as np
import pytest

from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses
from battuta.physics.ageing.naumann import aged_by_rainflow, naumann, new_cells
from battuta.physics.ageing.naumann_law import naumann_law


def life(duty):
    law = naumann_law()
    state, arrays = np.zeros(4), term_arrays(law)
    for day in law.stresses(duty):
        advance_day(state, day, np.ones(4), *arrays)
    return state, losses(state, arrays.kinds, arrays.quantities, arrays.powers)


def test_at_rest_it_is_the_calendar():
    n_days = 100
    rest = np.full(24 * n_days, 0.8)
    _, (capacity, resistance) = life(duty_days(rest, np.full(rest.size, 35.0), np.zeros(rest.size), 3600.0))
    at = {"soc": 0.8, "temperature_c": 35.0, "duration_s": 86_400.0 * n_days}
    assert capacity == pytest.approx(naumann().calendar_capacity_share(**at), rel=1e-12)
    assert resistance == pytest.approx(naumann().calendar_resistance_share(**at), rel=1e-12)


def test_cycles_are_those_of_rainflow():
    rng = np.random.default_rng(3)
    soc = 0.5 + 0.4 * np.sin(np.cumsum(rng.normal(0.0, 0.3, 960)))
    change = np.diff(soc, prepend=soc[0])
    days = duty_days(soc, np.full(soc.size, 25.0), np.full(soc.size, 0.3), 900.0)
    same_throughput = duty_days(soc, np.full(soc.size, 25.0), -change * 4.0, 900.0)
    assert same_throughput.cycle_full_cycles().sum() == pytest.approx(np.abs(change).sum() / 2.0)
    expected = aged_by_rainflow(naumann(), soc, new_cells(1), c_rate=0.3)[0]
    scale = days.cycle_full_cycles().sum() / (days.cycle_depth @ days.cycle_count)
    state, _ = life(days)
    assert state[[1, 3]] == pytest.approx(expected[[1, 2 + 1]] * scale, rel=1e-9)
