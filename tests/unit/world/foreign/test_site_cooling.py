"""Coolant, air and insulation answer to weather and duty, and to what is planted."""

import numpy as np
import pytest

from battuta.world.foreign.site_cooling import INSULATION_OHM_MAX, air_columns, coolant_columns, lagged
from battuta.world.foreign.site_duty import site_duty
from battuta.world.foreign.site_faults import SiteFault, SiteFaultKind
from battuta.world.foreign.site_weather import site_weather

K = SiteFaultKind
N_DAYS, N_PER_DAY = 60, 24
DAY = np.arange(N_DAYS * N_PER_DAY) / N_PER_DAY
LATE = DAY > 45.0


def coolant(*faults):
    weather, duty = site_weather(1, N_DAYS, N_PER_DAY), site_duty(1, N_DAYS, N_PER_DAY, 2)
    return coolant_columns(1, DAY, weather, duty, faults)


def air(*faults):
    weather = site_weather(1, N_DAYS, N_PER_DAY)
    return air_columns(1, DAY, weather, np.full(DAY.size, 18.0), faults)


@pytest.mark.parametrize(
    ("kind", "size", "column"),
    [
        (K.COOLANT_LEAK, 0.3, "coolant_level"),
        (K.PUMP_WEAR, 0.3, "coolant_flow_l_per_min"),
        (K.FILTER_CLOGGED, 0.3, "coolant_flow_l_per_min"),
        (K.PUMP_STOP, 1.0, "pump_speed"),
        (K.PRESSURE_LOSS, 0.5, "coolant_pressure_bar"),
    ],
)
def test_what_is_planted_in_the_coolant_is_read(kind, size, column) -> None:
    fault = SiteFault(kind=kind, start_day=20.0, size=size, growth_days=20.0)
    healthy, faulty = coolant()[column], coolant(fault)[column]
    assert np.array_equal(healthy[DAY < 20.0], faulty[DAY < 20.0])
    assert faulty[LATE].mean() < 0.9 * healthy[LATE].mean()


def test_insulation_falls_when_it_is_damp_and_more_when_it_is_broken() -> None:
    healthy = air()
    known = np.isfinite(healthy["insulation_ohm"])
    outside = lagged(site_weather(1, N_DAYS, N_PER_DAY).humidity, 0.3)
    assert np.corrcoef(outside[known], np.log(healthy["insulation_ohm"][known]))[0, 1] < -0.5
    assert np.nanmax(healthy["insulation_ohm"]) <= INSULATION_OHM_MAX
    worn = air(SiteFault(kind=K.INSULATION_FALL, start_day=20.0, size=0.9, growth_days=20.0))["insulation_ohm"]
    assert worn[LATE & known] == pytest.approx(0.1 * healthy["insulation_ohm"][LATE & known])
    earthed = air(SiteFault(kind=K.EARTH_FAULT, start_day=20.0, size=1e4))["insulation_ohm"]
    assert np.nanmax(earthed[DAY >= 20.0]) < 1e4


def test_without_drying_the_air_is_damper() -> None:
    lost = SiteFault(kind=K.DEHUMIDIFIER_LOST, start_day=20.0, size=1.0)
    assert air(lost)["humidity"][LATE].mean() > air()["humidity"][LATE].mean() + 0.05


def test_a_lag_follows() -> None:
    assert lagged(np.array([0.0, 1.0, 1.0]), 0.5).tolist() == [0.0, 0.5, 0.75]
