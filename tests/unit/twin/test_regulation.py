"""A year of frequency regulation: what is asked, what a cap takes away, what is refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.domain.study import FrequencyRegulation
from battuta.twin.regulation import regulation_year

DAY = 86_400
SWING = 50.0 + 0.1 * np.sin(2 * np.pi * np.arange(DAY) / 3600)


def asked(**given):
    return regulation_year(FrequencyRegulation(**given), SWING, power_kw=1000.0, energy_kwh=2000.0)


def test_low_frequency_asks_for_discharge_and_charge_stays_about_its_target():
    low = regulation_year(
        FrequencyRegulation(recovery_share=0.0), np.full(DAY, 49.9), power_kw=1000.0, energy_kwh=2000.0
    )
    assert np.allclose(low.power_kw[5:60], 500.0)
    year = asked()
    assert abs(year.power_kw.mean()) < 20.0
    assert np.abs(year.power_kw).max() <= 1000.0
    assert year.power_kw.shape == (525_600,)


def test_a_share_of_the_power_is_a_share_of_the_duty_and_a_cap_takes_away():
    whole, half, capped = asked(), asked(power_share=0.5), asked(full_cycles_per_day_max=1.0)
    assert half.sold_kw == 500.0
    assert np.abs(half.power_kw).sum() == pytest.approx(0.5 * np.abs(whole.power_kw).sum(), rel=0.02)
    cycles = np.abs(capped.power_kw).sum() / 60 / 2 / 2000 / 365
    assert 0.8 < cycles < 1.1 < np.abs(whole.power_kw).sum() / 60 / 2 / 2000 / 365


@pytest.mark.parametrize(
    ("given", "frequency_hz", "error", "words"),
    [
        ({"product": "nordic_ffr_49_5"}, SWING, UsageError, "choose one of ce_fcr"),
        ({"product": "nothing"}, SWING, UsageError, "no product with a droop named 'nothing'"),
        ({}, SWING[:-1], DataError, "whole days"),
        ({}, np.where(np.arange(DAY) == 5, np.nan, SWING), DataError, "1 of 86400 seconds"),
        ({}, SWING + 10.0, DataError, "of one grid"),
    ],
)
def test_what_cannot_be_answered_is_refused(given, frequency_hz, error, words):
    with pytest.raises(error, match=words):
        regulation_year(FrequencyRegulation(**given), frequency_hz, power_kw=1000.0, energy_kwh=2000.0)
