"""What current takes from a voltage, by capacity and warmth."""

import numpy as np

from battuta.health.string_resistance import StringResistance, resistance_factor
from battuta.physics.cell_parameters import cell_parameters

PARAMETERS = cell_parameters("lfp_314ah")


def test_twice_the_capacity_has_half_the_resistance() -> None:
    one = StringResistance.of_kind(PARAMETERS, PARAMETERS.capacity_ah)
    two = StringResistance.of_kind(PARAMETERS, 2.0 * PARAMETERS.capacity_ah)
    np.testing.assert_allclose([two.fast_ohm, two.slow_ohm], np.array([one.fast_ohm, one.slow_ohm]) / 2.0)
    (fast_ohm, _), (slow_ohm, slow_s) = PARAMETERS.relaxation
    at_25 = int(np.argmin(np.abs(PARAMETERS.temperature_c - 25.0)))
    series_ohm = PARAMETERS.resistance_ohm.mean(axis=0)[at_25].mean()
    np.testing.assert_allclose([one.fast_ohm, one.slow_ohm, one.slow_s], [series_ohm + fast_ohm, slow_ohm, slow_s])
    assert two.slow_s == one.slow_s


def test_a_drop_is_what_flows_and_what_flowed_by_their_resistances() -> None:
    resistance = StringResistance(fast_ohm=3e-4, slow_ohm=1e-4, slow_s=600.0)
    drop_v = resistance.drop_v(np.array([100.0, -50.0, 0.0]), np.array([0.0, 20.0, 40.0]), np.array([1.0, 1.0, 2.0]))
    np.testing.assert_allclose(drop_v, [0.03, -0.013, 0.008])


def test_warmth_lowers_resistance_and_missing_sensors_say_nothing() -> None:
    temperature_c = np.array([[25.0, 25.0], [15.0, np.nan], [30.0, 40.0], [np.nan, np.nan]])
    found = resistance_factor(temperature_c)
    plain = [np.exp(25_000.0 / 8.314 * (1.0 / (mean_c + 273.15) - 1.0 / 298.15)) for mean_c in (25.0, 15.0, 35.0, 25.0)]
    np.testing.assert_allclose(found, plain, rtol=1e-3)
    assert found[0] == found[3] == 1.0
    assert resistance_factor(np.empty((2, 0))).tolist() == [1.0, 1.0]
