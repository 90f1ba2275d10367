"""Wear by depth segments is wear by rainflow: two counts that share no code agree on closed cycles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.wear import Wear, depth_segments
from battuta.numerics.rainflow import rainflow
from battuta.trading import accounts
from battuta.trading.problem import storage_problem

SEGMENTS = 10
COST = 300_000.0
EFFICIENCY = 0.9


@given(st.lists(st.integers(0, SEGMENTS), min_size=1, max_size=40))
def test_segments_pay_what_rainflow_counts(levels):
    soc = np.array([SEGMENTS, *levels, SEGMENTS]) / SEGMENTS
    edges = np.linspace(0.0, 1.0, SEGMENTS + 1)
    stress = Curve(x=tuple(edges), y=tuple(1e-4 * edges**2))
    depth = depth_segments(stress, SEGMENTS, replacement_cost=COST, energy_kwh=1000.0, efficiency_discharge=EFFICIENCY)
    battery = Battery(
        power_kw=2000.0, energy_kwh=1000.0, efficiency_charge=1.0, efficiency_discharge=EFFICIENCY, soc_start=1.0,
        wear=Wear(depth=depth),
    )  # fmt: skip
    moved_kwh = -np.diff(soc) * 1000.0
    power_kw = np.where(moved_kwh > 0.0, moved_kwh * EFFICIENCY, moved_kwh)
    problem = storage_problem(Site(battery=battery), np.zeros(power_kw.shape[0]), 1.0)
    paid = accounts.wear(problem, power_kw, soc[1:] * 1000.0).sum()
    cycles = rainflow(soc)
    assert paid == pytest.approx(COST * cycles.total(1e-4 * cycles.depth**2), rel=1e-9, abs=1e-6)
