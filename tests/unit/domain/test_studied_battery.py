"""A battery and a climate that cannot be are refused by name."""

import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.studied_battery import SteadyClimate, StudiedBattery

BATTERY = {"cell": "lfp_314ah", "converter": "bonfiglioli_field", "cells_in_series": 416, "strings": 12}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: StudiedBattery(**BATTERY, power_kw=-1.0), "power_kw = -1"),
        (lambda: StudiedBattery(**BATTERY, power_kw=1.0, soc_min=0.9, soc_max=0.5), "soc_max"),
        (lambda: StudiedBattery(**BATTERY, power_kw=1.0, temperature_c_max=10.0), "temperature_c_max"),
        (lambda: SteadyClimate(mean_c=300.0), "mean_c"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, words):
    with pytest.raises(InvalidQuantityError, match=words):
        make()
