"""Three voices speak of each day; each stands in where it can, and the mix leans to what held before."""

import numpy as np

from battuta.domain.forecast import percent_levels
from battuta.forecast.error_distribution import ErrorDistribution
from battuta.forecast.error_quantiles import error_quantiles
from battuta.forecast.error_scale import N_SIGNS, Signs
from battuta.forecast.error_voices import ErrorVoices

POINT, LEVELS = np.full(24, 50.0), percent_levels()


def voices_and_x():
    distribution = ErrorDistribution(24, 2)
    x = distribution.regressors(np.zeros((2, 24)), Signs(values=np.zeros((24, N_SIGNS)), base=1.0))
    return ErrorVoices(24, distribution), x


def walked(errors, width):
    """Voices that have lived through some days, and what they say of the day after."""
    voices, x = voices_and_x()
    for day, error in enumerate(errors):
        voices.learn(voices.spoken(POINT, width[day], x, day), POINT + error)
    return voices, voices.spoken(POINT, width[-1], x, len(errors))


def test_before_any_error_all_say_the_same():
    voices, x = voices_and_x()
    spoken = voices.spoken(POINT, np.ones(24), x, 0)
    np.testing.assert_array_equal(spoken.voices[1], spoken.voices[0])
    np.testing.assert_array_equal(spoken.voices[2], spoken.voices[0])
    np.testing.assert_allclose(voices.mixed(spoken), spoken.voices[0])


def test_the_third_voice_is_the_yardstick_of_rolling_errors():
    errors = np.random.default_rng(1).normal(size=(190, 24))
    _, spoken = walked(errors, np.ones((190, 24)))
    np.testing.assert_allclose(spoken.voices[2], error_quantiles(POINT, errors[-182:], LEVELS), rtol=1e-12)


def test_where_the_width_of_each_day_is_known_the_rolling_errors_lose():
    rng = np.random.default_rng(2)
    width = np.where(rng.random((150, 1)) < 0.5, 1.0, 6.0) * np.ones(24)
    width[-1] = 1.0
    voices, spoken = walked(rng.normal(size=width.shape) * width, width)
    band = np.ptp(voices.mixed(spoken)[:, [4, 94]], axis=1)
    assert np.all(band < 5.0)  # 3.3 is right for this day; errors of all days span 14
    assert np.ptp(spoken.voices[2][:, [4, 94]], axis=1).min() > 8.0


def test_a_day_without_prices_teaches_nothing():
    voices, spoken = walked(np.random.default_rng(3).normal(size=(50, 24)), np.ones((50, 24)))
    before = voices.mixed(spoken)
    voices.learn(spoken, np.full(24, np.nan))
    np.testing.assert_array_equal(voices.mixed(spoken), before)


def test_a_young_record_does_not_bend_by_its_few_errors_as_they_were():
    errors = np.full((20, 24), 9.0)
    _, spoken = walked(errors, np.full((20, 24), 3.0))
    np.testing.assert_array_equal(spoken.voices[2], spoken.voices[0])
    assert error_quantiles(POINT, errors, LEVELS)[0, 49] == 59.0
