"""Energy is conserved to 1e-9: what came in, less losses, less what went out, is what is stored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.domain.asset import Battery, Site
from battuta.trading.execution import follow
from battuta.trading.problem import storage_problem


@given(
    requests=st.lists(st.floats(-3000.0, 3000.0), min_size=1, max_size=60),
    efficiencies=st.tuples(st.floats(0.5, 1.0), st.floats(0.5, 1.0)),
    loss_per_day=st.just(0.0) | st.floats(0.0, 0.2),
    soc_start=st.floats(0.1, 0.9),
    step_h=st.sampled_from([1.0 / 12.0, 0.25, 1.0]),
)
def test_in_less_losses_less_out_is_stored(requests, efficiencies, loss_per_day, soc_start, step_h):
    charging, discharging = efficiencies
    battery = Battery(
        power_kw=1000.0,
        energy_kwh=2000.0,
        efficiency_charge=charging,
        efficiency_discharge=discharging,
        soc_min=0.1,
        soc_max=0.9,
        soc_start=soc_start,
        self_discharge_per_day=loss_per_day,
    )
    problem = storage_problem(Site(battery=battery), np.zeros(len(requests)), step_h)
    power_kw, energy_kwh = follow(problem, np.array(requests))
    into = np.maximum(-power_kw, 0.0) * step_h
    out = np.maximum(power_kw, 0.0) * step_h
    before = np.concatenate(([soc_start * 2000.0], energy_kwh[:-1]))
    standing = before * (1.0 - (1.0 - loss_per_day) ** (step_h / 24.0))
    conversion = into * (1.0 - charging) + out * (1.0 / discharging - 1.0)
    stored = before + into - out - conversion - standing
    assert energy_kwh == pytest.approx(stored, rel=1e-9, abs=1e-9 * 2000.0)
    assert np.all((energy_kwh >= 200.0 - 1e-9 * 2000.0) & (energy_kwh <= 1800.0 + 1e-9 * 2000.0))
