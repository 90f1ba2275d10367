"""Name plates choose a resolution that their power fits in."""

import pytest

from battuta.adapters.devices.simulated.site_plant import NamePlate


@pytest.mark.parametrize("power_kw", [0.5, 5.0, 30.0, 1000.0, 50_000.0])
@pytest.mark.parametrize("counts_max", [0x7FFF, 0xFFFE])
def test_one_and_a_half_times_the_power_fits_and_no_digit_is_given_away(power_kw, counts_max):
    exponent = NamePlate(power_kw_rated=power_kw).power_exponent(counts_max)
    counts = 1500.0 * power_kw / 10.0**exponent
    assert counts <= counts_max
    assert counts > counts_max / 10.0 or exponent == -3
