"""A study refuses what cannot be, and says which table it stands in."""

import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.study import (
    AgeingChoice,
    Availability,
    FrequencyRegulation,
    MarketOutlook,
    SteadyClimate,
    StudiedBattery,
)

BATTERY = {"cell": "lfp_314ah", "converter": "bonfiglioli_field", "cells_in_series": 416, "strings": 12}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: StudiedBattery(**BATTERY, power_kw=-1.0), r"power_kw = -1.* \[battery\]|\[battery\].*power_kw"),
        (lambda: StudiedBattery(**BATTERY, power_kw=1.0, soc_min=0.9, soc_max=0.5), "soc_max"),
        (lambda: StudiedBattery(**BATTERY, power_kw=1.0, temperature_c_max=10.0), "temperature_c_max"),
        (lambda: SteadyClimate(mean_c=300.0), "mean_c"),
        (lambda: FrequencyRegulation(power_share=1.5), "power_share"),
        (lambda: MarketOutlook(capacity_price_per_mw_h=1.0, energy_price_per_mwh=1.0, persistence=1.0), "persistence"),
        (lambda: Availability(mean=0.0), "mean"),
        (lambda: Availability(deviation=-1.0), "deviation"),
        (lambda: AgeingChoice(weights={"a": 0.0}), "weights.a"),
        (lambda: AgeingChoice(weights={"a": 1.0}, cell_deviation_share=2.0), "cell_deviation_share"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, words):
    with pytest.raises(InvalidQuantityError, match=words):
        make()


def test_an_ensemble_of_nothing_is_refused():
    with pytest.raises(UsageError, match="names no model"):
        AgeingChoice(weights={})
