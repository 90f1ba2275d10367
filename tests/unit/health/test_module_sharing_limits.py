"""Limits of a module at the edges of its window, in heat and cold, and with age."""

import numpy as np
import pytest

from battuta.health.module_sharing_limits import PowerLimits


def test_a_module_at_the_end_of_its_window_does_not_leave_it() -> None:
    limits = PowerLimits(horizon_s=10.0)
    state = {
        "rated_power_kw": np.full(3, 100.0),
        "capacity_kwh": np.full(3, 200.0),
        "soc": np.array([0.1, 0.1001, 0.9]),
        "soc_min": np.full(3, 0.1),
        "soc_max": np.full(3, 0.9),
        "temperature_c": np.full(3, 25.0),
        "soh_resistance": np.ones(3),
    }
    discharge, charge = limits.of(**state)
    np.testing.assert_allclose(discharge, [0.0, 0.0001 * 200.0 * 360.0, 100.0], rtol=1e-9)
    np.testing.assert_allclose(charge, [100.0, 100.0, 0.0])


@pytest.mark.parametrize(
    ("temperature_c", "soh_resistance", "discharge_kw", "charge_kw"),
    [
        (25.0, 1.0, 100.0, 100.0),
        (50.0, 1.0, 50.0, 50.0),
        (60.0, 1.0, 0.0, 0.0),
        (5.0, 1.0, 100.0, 50.0),
        (-1.0, 1.0, 100.0, 0.0),
        (25.0, 4.0, 50.0, 50.0),
        (25.0, 0.8, 100.0, 100.0),
        (float("nan"), 1.0, float("nan"), float("nan")),
    ],
)
def test_heat_cold_and_resistance_limit(temperature_c, soh_resistance, discharge_kw, charge_kw) -> None:
    one = np.ones(1)
    discharge, charge = PowerLimits().of(
        rated_power_kw=100.0 * one,
        capacity_kwh=200.0 * one,
        soc=0.5 * one,
        soc_min=0.1 * one,
        soc_max=0.9 * one,
        temperature_c=temperature_c * one,
        soh_resistance=soh_resistance * one,
    )
    np.testing.assert_allclose(discharge, [discharge_kw])
    np.testing.assert_allclose(charge, [charge_kw])
