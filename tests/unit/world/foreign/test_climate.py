"""Outdoor temperature: summer and afternoon are warm, days follow each other without a jump."""

import numpy as np

from battuta.world.foreign.climate import outdoor_c
from battuta.world.foreign.string_draws import draw_string
from battuta.world.sensors import noise_key

CHARACTER, KEY = draw_string(1, 0, 240, 60.0, 0.001), noise_key(1, "weather")
YEAR = np.stack([outdoor_c(CHARACTER, KEY, day, 1.0 + day, 144) for day in range(365)])


def test_season_and_day_are_as_stated() -> None:
    summer, winter = YEAR[185:217].mean(), YEAR[4:34].mean()
    assert abs(0.5 * (summer - winter) - CHARACTER.outdoor_c_season) < 2.0
    assert abs(YEAR.mean() - CHARACTER.outdoor_c_mean) < 1.5
    assert np.argmax(YEAR.mean(axis=0)) == 90


def test_days_follow_each_other() -> None:
    flat = YEAR.ravel()
    assert np.abs(np.diff(flat)).max() < 1.5


def test_weather_remembers_some_days() -> None:
    mean = YEAR.mean(axis=1) - CHARACTER.outdoor_c_season * np.cos(2 * np.pi * (np.arange(365) - 200.0) / 365.25)
    mean -= mean.mean()
    assert np.corrcoef(mean[1:], mean[:-1])[0, 1] > 0.5
    assert abs(np.corrcoef(mean[10:], mean[:-10])[0, 1]) < 0.3
    assert 0.5 < mean.std() / CHARACTER.outdoor_c_weather < 1.3
