"""Figures of a test, known by hand."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.forecast import percent_levels
from battuta.domain.prices import PriceSeries
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.error_quantiles import error_quantiles
from battuta.studies.forecast_evaluation import ForecastEvaluation
from battuta.studies.forecast_scores import baseline_quantiles, relative_mae, score_forecasts

LEVELS = percent_levels()
DAY = np.full((1, 24), 50.0)


def evaluation(n_days=2, n_before=40, **changed):
    """Prices of 50, forecast as 53 or 49 on every other day, with a uniform band of 10 to either side."""
    point = 50.0 + np.where(np.arange(n_days) % 2, -1.0, 3.0)[:, None] * np.ones(24)
    rng = np.random.default_rng(1)
    given = {
        "prices": PriceSeries(
            time_ns=to_ns(datetime(2026, 1, 1, tzinfo=UTC)) + np.arange(24) * NS_PER_HOUR,
            price_per_mwh=DAY[0],
            step=timedelta(hours=1),
            currency="EUR",
            zone="UTC",
        ),
        "model": "kernel",
        "days": tuple(range(n_before, n_before + n_days)),
        "dates": tuple(date(2026, 1, 1) + timedelta(days=k) for k in range(n_days)),
        "price_per_mwh": np.repeat(DAY, n_days, axis=0),
        "point": point,
        "quantiles": point[:, :, None] + 20.0 * (LEVELS - 0.5),
        "naive": np.repeat(DAY + 8.0, n_days, axis=0),
        "weekly": np.repeat(DAY - 5.0, n_days, axis=0),
        "members": {},
        "errors_before": rng.normal(size=(n_before, 24)),
        "notes": ((),) * n_days,
    }
    return ForecastEvaluation(**(given | changed))


def test_errors_are_those_of_the_hand():
    found = score_forecasts(evaluation())
    assert found.days == 2
    assert found.mae == pytest.approx(2.0)
    assert found.rmse == pytest.approx(np.sqrt(5.0))
    assert found.rmae == pytest.approx(0.4)
    assert found.smape == pytest.approx((2 * 3 / 103 + 2 * 1 / 99) / 2)
    assert found.mae_naive == pytest.approx(8.0)
    pinball = [np.mean(np.maximum(LEVELS * -e, (LEVELS - 1) * -e)) for e in (3.0 + 20 * (LEVELS - 0.5),)]
    other = np.mean(np.maximum(LEVELS * (1 - 20 * (LEVELS - 0.5)), (LEVELS - 1) * (1 - 20 * (LEVELS - 0.5))))
    assert found.crps == pytest.approx(2.0 * np.mean([*pinball, other]))


def test_each_part_is_scored_where_it_spoke_and_lear_by_the_mean_of_its_windows():
    half = np.vstack([DAY + 7.0, np.full((1, 24), np.nan)])
    members = {
        "lear_56d": np.repeat(DAY + 4.0, 2, axis=0),
        "lear_84d": np.repeat(DAY - 2.0, 2, axis=0),
        "trees": half,
        "kernel": np.full((2, 24), np.nan),
    }
    found = score_forecasts(evaluation(members=members)).mae_members
    assert found["lear_56d"] == pytest.approx(4.0)
    assert found["lear"] == pytest.approx(1.0)
    assert found["trees"] == pytest.approx(7.0)
    assert "kernel" not in found


def test_the_band_covers_what_lies_inside_it():
    price = np.repeat(DAY, 2, axis=0)
    price[0, :6] = 53.0 + 20.0 * 0.455
    price[0, 6:12] = 53.0 + 20.0 * 0.445
    price[1, :3] = 49.0 - 20.0 * 0.445
    assert score_forecasts(evaluation(price_per_mwh=price)).coverage_90 == pytest.approx(1.0 - 6 / 48)


def test_a_price_that_is_missing_is_left_out():
    price = np.repeat(DAY, 2, axis=0)
    price[1] = np.nan
    assert score_forecasts(evaluation(price_per_mwh=price)).mae == pytest.approx(3.0)


@pytest.mark.parametrize(("n_days", "n_quarters"), [(5, 1), (91, 1), (150, 1), (151, 2), (182, 2), (200, 2), (728, 8)])
def test_quarters_have_91_days_and_a_short_rest_joins_the_last(n_days, n_quarters):
    price = np.repeat(DAY, n_days, axis=0)
    price[91:] += 1e3
    found = score_forecasts(evaluation(n_days, price_per_mwh=price)).coverage_90_quarters
    assert len(found) == n_quarters
    assert found[0] == pytest.approx(min(91 / n_days, 1.0) if n_quarters == 1 else 1.0)
    assert set(found[1:]) <= {0.0}


def test_the_baseline_learns_from_earlier_days_alone():
    made = evaluation(3, n_before=200)
    found = baseline_quantiles(made)
    errors = np.vstack([made.errors_before, made.price_per_mwh - made.point])
    for day in range(3):
        expected = error_quantiles(made.point[day], errors[day + 200 - 182 : day + 200], LEVELS)
        np.testing.assert_array_equal(found[day], expected)
    later = made.price_per_mwh.copy()
    later[1:] = 1e3
    np.testing.assert_array_equal(baseline_quantiles(evaluation(3, n_before=200, price_per_mwh=later))[:2], found[:2])


def test_the_baseline_is_scored_beside_the_forecast():
    narrow = score_forecasts(evaluation(errors_before=0.1 * np.random.default_rng(0).normal(size=(40, 24))))
    wide = score_forecasts(evaluation(errors_before=40.0 * np.random.default_rng(0).normal(size=(40, 24))))
    assert narrow.crps == wide.crps
    assert 0.0 < narrow.crps_baseline < wide.crps_baseline


def test_prices_that_never_change_leave_no_relative_error_and_all_other_figures():
    found = score_forecasts(evaluation(weekly=np.repeat(DAY, 2, axis=0)))
    assert np.isnan(found.rmae)
    assert found.mae == pytest.approx(2.0)
    assert found.crps > 0.0
    assert np.isnan(relative_mae(DAY, DAY + 1.0, np.full_like(DAY, np.nan)))
    assert relative_mae(DAY, DAY + 1.0, DAY + 4.0) == pytest.approx(0.25)
