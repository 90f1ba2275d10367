"""Clearness as it was known, terms from a weather forecast, and classes of forecasts."""

from datetime import UTC, datetime, timedelta

import numpy as np

from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.site_profile import DayGrid
from battuta.forecast.site_pv_envelope import Envelope
from battuta.forecast.site_pv_learning import (
    N_OWN,
    PvPast,
    classes,
    clearness,
    errors,
    learn,
    usual_error_kw,
    weather_terms,
)
from battuta.forecast.site_regression import lead_nodes
from battuta.forecast.site_series import SiteSeries
from battuta.forecast.sky import clear_sky

HOUR = timedelta(hours=1)
N_DAYS = 40
TIME_NS = to_ns(datetime(2026, 5, 1, tzinfo=UTC)) + NS_PER_HOUR * np.arange(24 * N_DAYS)
SKY = clear_sky(TIME_NS, HOUR, 51.0, 9.0)
ENVELOPE = Envelope(np.array([0.0, 0.0, 0.1, 0.1]), 200.0, is_limit_seen=False)
CLEAR_KW = ENVELOPE.clear_kw(SKY)
NODES = lead_nodes(24)


def past_of(share, weather=None) -> PvPast:
    series = SiteSeries(time_ns=TIME_NS, values_kw=share * CLEAR_KW, step=HOUR, zone="UTC", name="pv_kw")
    return PvPast.of(series, ENVELOPE, SKY, np.full((TIME_NS.size, 3), np.nan) if weather is None else weather)


def test_a_steady_sky_is_its_own_clearness_over_all_windows() -> None:
    past = past_of(0.6)
    np.testing.assert_allclose(past.clearness.recent[-1, :4], 0.6, atol=0.03)
    noon = past.clearness.slot[-1, 12], past.clearness.same[-1, 12]
    np.testing.assert_allclose(noon, 0.6, atol=0.02)


def test_clearness_before_an_instant_does_not_know_what_follows() -> None:
    share = np.full(TIME_NS.size, 0.6)
    other = share.copy()
    other[600:] = 0.1
    one, two = (past_of(each).clearness.recent for each in (share, other))
    np.testing.assert_array_equal(one[:601], two[:601])
    assert not np.allclose(one[620:], two[620:])


def test_own_terms_are_missing_until_they_could_be_known() -> None:
    terms = past_of(0.6).terms(30)
    assert terms.shape == (TIME_NS.size, N_OWN)
    assert np.isnan(terms[:48]).all()
    assert np.isfinite(terms[48:]).all()


def test_steady_shares_are_learned_and_missed_by_nothing() -> None:
    past = past_of(0.6)
    weights = learn(past, NODES, with_weather=False)
    missed, number = errors(past, weights, NODES, with_weather=False)
    assert np.nanmean(np.abs(missed[:, 24 * 10 :])) < 0.03
    assert np.isnan(missed[:, CLEAR_KW == 0.0]).all()
    assert set(np.unique(number)) <= set(range(6))


def test_weather_is_worth_what_it_tells() -> None:
    share = np.repeat(np.random.default_rng(4).uniform(0.2, 1.0, N_DAYS), 24)
    weather = weather_terms(SKY, share * SKY.ghi_w_per_m2, np.full(share.size, 0.5))
    past = past_of(share, weather)
    wet, dry = (
        np.nanmean(np.abs(errors(past, learn(past, NODES, with_weather=each), NODES, with_weather=each)[0]))
        for each in (True, False)
    )
    assert wet < 0.5 * dry


def test_terms_of_weather_are_shares_of_the_clear_sky() -> None:
    noon = SKY.cut(slice(11, 12))
    terms = weather_terms(noon, 0.5 * noon.ghi_w_per_m2, np.array([1.0]))
    np.testing.assert_allclose(terms, [[0.5, 0.25, 0.25]])
    assert np.isnan(weather_terms(noon, np.array([np.nan]), np.array([np.nan]))).all()


def test_errors_near_night_are_measured_by_a_floor_and_classes_part_dull_from_bright() -> None:
    np.testing.assert_allclose(usual_error_kw(np.array([0.0, 50.0]), 100.0), [3.0, 50.0])
    assert classes(np.array([1.0, 5.0, 9.0]), np.full(3, 10.0), 100.0).tolist() == [0, 1, 2]


def test_a_gap_keeps_the_last_clearness() -> None:
    series_kw = 0.6 * CLEAR_KW
    series_kw[-24:] = np.nan
    series = SiteSeries(time_ns=TIME_NS, values_kw=series_kw, step=HOUR, zone="UTC", name="pv_kw")
    past = clearness(series, CLEAR_KW, DayGrid.of(series), float(CLEAR_KW.max()))
    np.testing.assert_allclose(past.recent[-1, 0], 0.6, atol=0.02)
    np.testing.assert_allclose(past.same[-1, 12], 0.6, atol=0.02)


def test_a_day_counts_half_after_25_days_and_as_much_as_one_of_a_higher_sun() -> None:
    past = past_of(0.6)
    noon = np.array([np.argmax(np.where(past.grid.day == day, CLEAR_KW, -1.0)) for day in (14, 39)])
    worth = past.weight[noon] * CLEAR_KW[noon]
    np.testing.assert_allclose(worth[1], 2.0 * worth[0], rtol=1e-9)
    assert CLEAR_KW[noon[0]] < CLEAR_KW[noon[1]]
