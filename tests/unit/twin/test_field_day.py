"""A container's numbers are found from its telemetry, gaps and all (synthetic)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.numerics.sampling import generator
from battuta.twin.field_day import FieldDay, FieldPlate, field_state, observed

PLATE = FieldPlate(
    capacity_ah=1000.0,
    voltage_v=1300.0,
    resistance_ohm=0.05,
    power_kw_max=800.0,
    heat_capacity_kwh_per_k=2.5,
    conductance_kw_per_k=0.3,
    resistance_temperature_k=1800.0,
)
TRUE_AH, TRUE_OHM, TRUE_KW_PER_K, N_STEPS, HOURS = 930.0, 0.06, 0.4, 288, 1.0 / 12.0


def lived(number: int) -> FieldDay:
    """A day of a container that differs from its data sheet."""
    rng = generator(5, "test", cell=number)
    rate = np.zeros(N_STEPS)
    rate[120:168], rate[216:252] = -0.15, 0.2
    rate[120:168] += 0.02 * rng.standard_normal(48)
    current_a = rate * TRUE_AH
    soc = 0.15 - np.cumsum(rate) * HOURS
    ambient_c = 15.0 + 8.0 * np.sin(np.arange(N_STEPS) / 46.0)
    warm_c, ohm, now_c = np.empty(N_STEPS), np.empty(N_STEPS), 20.0
    for step in range(N_STEPS):
        ohm[step] = TRUE_OHM * np.exp(1800.0 * (1.0 / (now_c + 273.15) - 1.0 / 298.15))
        heat_kw = current_a[step] ** 2 * ohm[step] / 1000.0
        now_c += (heat_kw - TRUE_KW_PER_K * (now_c - ambient_c[step])) * HOURS / 2.5
        warm_c[step] = now_c
    voltage_v = 1250.0 + 100.0 * soc - current_a * ohm
    dc_kw = current_a * voltage_v / 1000.0
    gap = rng.random(N_STEPS) < 0.02
    columns = (dc_kw - 8.0 - 0.01 * np.abs(dc_kw), current_a, voltage_v, soc, warm_c, ambient_c)
    power_kw, current_a, voltage_v, soc, warm_c, ambient_c = (np.where(gap, np.nan, each) for each in columns)
    return FieldDay(
        step_s=300.0,
        ac_power_kw=power_kw,
        current_a=current_a,
        voltage_v=voltage_v,
        soc=soc + 0.003 * rng.standard_normal(N_STEPS),
        temperature_c=warm_c,
        ambient_c=ambient_c,
    )


def test_what_differs_from_the_data_sheet_is_found() -> None:
    state = field_state(PLATE)
    for number in range(40):
        state = observed(state, lived(number))
    assert state.capacity_ah == pytest.approx(TRUE_AH, rel=0.01)
    assert state.deviation_ah < 0.02 * TRUE_AH
    assert state.resistance_ohm == pytest.approx(TRUE_OHM, rel=0.05)
    assert state.conductance_kw_per_k == pytest.approx(TRUE_KW_PER_K, rel=0.1)
    power_kw = np.array([-200.0, 0.0, 200.0])
    assert state.ac_power_kw(power_kw) == pytest.approx(power_kw - 8.0 - 0.01 * np.abs(power_kw), abs=0.5)


def test_a_day_without_telemetry_teaches_nothing() -> None:
    day = lived(0)
    state = observed(field_state(PLATE), day)
    nothing = np.full(N_STEPS, np.nan)
    after = observed(state, replace(day, current_a=nothing, ac_power_kw=nothing, soc=nothing, temperature_c=nothing))
    assert after.capacity_ah == pytest.approx(state.capacity_ah)
    assert after.deviation_ah > state.deviation_ah


def test_temperatures_tend_to_the_ambient_at_rest() -> None:
    day, rest = lived(0), np.zeros(N_STEPS)
    quiet = replace(day, current_a=rest, ambient_c=np.full(N_STEPS, 10.0))
    path_c = field_state(PLATE).temperatures(quiet, 30.0)
    assert path_c[0] > path_c[100] > path_c[-1]
    assert path_c[-1] == pytest.approx(10.0, abs=1.5)


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(DataError, match="soc has shape"):
        replace(lived(0), soc=np.zeros(3))
