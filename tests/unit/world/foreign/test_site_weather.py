"""Weather has seasons, damp mornings and wet spells, and the same seed gives the same."""

import numpy as np

from battuta.world.foreign.site_weather import site_weather, vapour_kpa


def test_summer_is_warm_and_mornings_are_damp() -> None:
    weather = site_weather(1, 365, 24)
    warm, damp = weather.ambient_c.reshape(365, 24), weather.humidity.reshape(365, 24)
    assert warm[170:230].mean() > warm[:40].mean() + 5.0
    assert damp[:, 3].mean() > damp[:, 15].mean() + 0.05
    assert 0.15 <= damp.min() <= damp.max() <= 1.0


def test_wet_days_come_in_spells() -> None:
    daily = np.mean([site_weather(seed, 365, 4).humidity.reshape(365, 4).mean(axis=1) for seed in range(1)], axis=0)
    assert np.corrcoef(daily[1:], daily[:-1])[0, 1] > 0.3


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    first, again, other = (site_weather(seed, 5, 24).ambient_c for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_water_boils_at_one_atmosphere() -> None:
    assert abs(float(vapour_kpa(np.array(100.0))) - 101.3) < 2.0
