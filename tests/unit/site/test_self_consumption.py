"""The meter goes to zero, within power and window."""

import numpy as np

from battuta.site.self_consumption import follow_load_kw

ONE = np.ones(1)


def power(load_kw, pv_kw, soc=0.5, **other):
    return follow_load_kw(
        load_kw * ONE, pv_kw * ONE, 5 * ONE, soc * ONE, 200 * ONE, 50 * ONE, 60 * ONE, 0.1 * ONE, 0.9 * ONE, **other
    )[0]


def test_the_meter_goes_to_zero_within_the_power_of_the_battery() -> None:
    assert power(40, 10) == 35.0
    assert power(10, 40) == -25.0
    assert power(200, 0) == 60.0
    assert power(0, 200) == -50.0


def test_the_window_is_kept_and_reached_without_a_step() -> None:
    assert power(200, 0, soc=0.1) == 0.0
    assert power(200, 0, soc=0.05) == 0.0
    assert power(0, 200, soc=0.9) == 0.0
    np.testing.assert_allclose([power(200, 0, soc=0.103), power(0, 200, soc=0.897)], [36.0, -36.0])


def test_little_is_left_alone_and_a_missing_value_is_no_wish() -> None:
    assert power(10, 12, deadband_kw=4.0) == 0.0
    assert np.isnan(power(np.nan, 10))
    assert np.isnan(power(10, 10, soc=np.nan))
