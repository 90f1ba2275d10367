"""Means of a minute of images: fresh readings count, others do not."""

import numpy as np

from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.site.cooling_foresight_minute import AGE_S_MAX, MinuteSums


def image(cell_c, power_kw=0.0, setpoint_c=20.0, chiller_age_s=0.0):
    values, age_s = np.zeros((N_SIGNALS, 1)), np.zeros((N_SOURCES, 1))
    values[Signal.CELL_TEMPERATURE_C_MEAN], values[Signal.CONVERTER_POWER_KW] = cell_c, power_kw
    values[Signal.CHILLER_SETPOINT_C], values[Signal.COOLANT_TEMPERATURE_C] = setpoint_c, 25.0
    age_s[Source.CHILLER] = chiller_age_s
    return SiteImage(time_ns=0, values=values, age_s=age_s)


def test_a_minute_is_the_mean_of_what_was_read_and_power_its_root_mean_square() -> None:
    sums = MinuteSums.empty(1)
    for each in (image(30.0, 100.0), image(np.nan, -100.0), image(32.0, 0.0)):
        sums.add(each)
    assert sums.mean(Signal.CELL_TEMPERATURE_C_MEAN)[0] == 31.0
    np.testing.assert_allclose(sums.mean(Signal.CONVERTER_POWER_KW), np.sqrt(2.0 / 3.0) * 100.0)


def test_the_setpoint_is_the_newest_and_stale_readings_are_none() -> None:
    sums = MinuteSums.empty(1)
    sums.add(image(30.0, setpoint_c=20.0))
    sums.add(image(30.0, setpoint_c=35.0))
    sums.add(image(30.0, setpoint_c=14.0, chiller_age_s=AGE_S_MAX + 1.0))
    assert (sums.setpoint_c[0], sums.is_heard[0]) == (35.0, True)
    assert sums.counts[:, 0].tolist() == [3.0, 3.0, 2.0, 2.0, 2.0, 3.0]


def test_the_next_minute_knows_nothing_of_the_last() -> None:
    sums = MinuteSums.empty(1)
    sums.add(image(30.0))
    sums.clear()
    assert not sums.is_heard[0]
    assert np.isnan(sums.mean(Signal.CELL_TEMPERATURE_C_MEAN)[0])
    assert np.isnan(sums.mean(Signal.CONVERTER_POWER_KW)[0])


def test_an_image_is_not_changed() -> None:
    one = image(30.0, -3.0)
    MinuteSums.empty(1).add(one)
    assert one[Signal.CONVERTER_POWER_KW][0] == -3.0
