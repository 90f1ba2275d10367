"""A year of frequency regulation: what is asked, what a cap takes away, what is refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.domain.study import FrequencyRegulation
from battuta.twin.regulation import regulation_year

DAY = 86_400
SWING = 50.0 + 0.1 * np.sin(2 * np.pi * np.arange(DAY) / 3600)


def asked(frequency_hz=SWING, *, power_share=1.0, **given):
    return regulation_year(FrequencyRegulation(power_share=power_share, **given), frequency_hz, power_kw=1000.0)


def test_low_frequency_asks_for_discharge_and_days_repeat():
    low = asked(np.full(DAY, 49.9))
    assert np.allclose(low.power_kw[1:], 500.0)
    year = asked()
    assert year.power_kw.shape == (525_600,)
    assert np.array_equal(year.power_kw[:1440], year.power_kw[1440:2880])
    assert np.corrcoef(year.power_kw[:1440], SWING[::60])[0, 1] < -0.9


def test_a_share_of_the_power_is_a_share_of_the_duty():
    half = asked(power_share=0.5)
    assert half.sold_kw == 500.0
    assert np.allclose(half.power_kw, 0.5 * asked().power_kw)


def test_what_turns_within_a_minute_is_said_to_be_hidden():
    assert asked().throughput_factor < 1.02
    fast = 50.0 + 0.1 * np.sin(2 * np.pi * np.arange(DAY) / 50.0)
    assert asked(fast).throughput_factor > 2.0


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
        asked(frequency_hz, **given)
