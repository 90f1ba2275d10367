"""What is learned of a load: only from what was known, errors that last, and what temperature is worth."""

from datetime import timedelta

import numpy as np

from battuta.domain.time import NS_PER_HOUR
from battuta.forecast.site_load_learning import LoadPast, latest, learn, recent_means
from battuta.forecast.site_load_terms import N_MEANS
from battuta.forecast.site_regression import lead_nodes
from battuta.forecast.site_series import SiteSeries

START_NS = (20_003 * 24 - 2) * NS_PER_HOUR  # midnight of 2024-10-07 in Berlin
N_DAYS = 60
NODES = lead_nodes(24)


def past_of(load_kw, temperature_c=None) -> LoadPast:
    series = SiteSeries(
        time_ns=START_NS + NS_PER_HOUR * np.arange(load_kw.size), values_kw=load_kw, step=timedelta(hours=1),
        zone="Europe/Berlin",
    )  # fmt: skip
    return LoadPast(series, np.full(load_kw.size, 17.5) if temperature_c is None else temperature_c, ())


def wandering(memory: float, seed: int = 4) -> np.ndarray:
    """A steady site with an error that lasts."""
    shocks = np.random.default_rng(seed).normal(size=24 * N_DAYS)
    error = np.zeros(shocks.size)
    for hour in range(1, shocks.size):
        error[hour] = memory * error[hour - 1] + shocks[hour]
    return 100.0 + 3.0 * error


def test_errors_that_last_are_carried_on_the_less_the_further_ahead() -> None:
    past = past_of(wandering(0.9))
    weights = learn(past, NODES)
    step = np.abs(weights.carried[:, [0, 1, -1]]).sum(axis=1)
    assert step[0] > 0.6
    assert step[0] > 2.0 * step[NODES.tolist().index(16)]
    errors = past.errors(weights, NODES)
    mean = np.nanmean(np.abs(errors), axis=1)
    assert mean[0] < 0.6 * mean[-1]


def test_what_came_after_a_forecast_does_not_move_its_error() -> None:
    load_kw = wandering(0.8)
    weights = learn(past_of(load_kw), NODES)
    other_kw = load_kw.copy()
    other_kw[-24:] *= 2.0
    before, after = (past_of(each).errors(weights, NODES) for each in (load_kw, other_kw))
    np.testing.assert_array_equal(before[:, :-24], after[:, :-24])
    assert np.nanmax(np.abs(before[:, -24:] - after[:, -24:])) > 1.0


def test_terms_of_a_day_before_are_not_used_before_that_day_has_come() -> None:
    past = past_of(wandering(0.5))
    assert not past.is_causal(25)[:48].any()
    assert past.is_causal(24)[24]
    assert not past.is_causal(24)[23]
    # After the 25-hour day of 2024-10-27, a day ahead by the wall clock is 25 intervals.
    assert past.is_causal(24).sum() == past.is_causal(25).sum() + 24


def test_temperature_takes_its_share_and_its_absence_is_wider() -> None:
    rng = np.random.default_rng(8)
    temperature_c = np.repeat(np.clip(5.0 + 6.0 * rng.normal(size=N_DAYS), -10.0, 14.0), 24)
    load_kw = 50.0 + 4.0 * (15.0 - temperature_c) + rng.normal(size=temperature_c.size)
    weights = learn(past_of(load_kw, temperature_c), NODES)
    assert 3.0 < weights.daily[0, N_MEANS] < 5.0
    assert weights.widening > 2.0
    assert learn(past_of(load_kw), NODES).widening == 1.0


def test_means_of_recent_errors_see_only_what_is_known() -> None:
    recent = recent_means(np.array([1.0, np.nan, 3.0]), 24)
    assert recent.shape == (4, 5)
    np.testing.assert_allclose(recent[:, 0], [0.0, 1.0, 0.0, 3.0])
    np.testing.assert_allclose(recent[3, 2], 2.0)
    np.testing.assert_array_equal(latest(np.array([1.0, np.nan, 3.0])), [np.nan, 1.0, 1.0, 3.0])
