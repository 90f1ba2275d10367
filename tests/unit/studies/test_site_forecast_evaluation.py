"""Scores of site forecasts: a known answer by hand, naive rivals in the right place, sites of unlike size."""

from datetime import timedelta

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.forecast import Forecast, Quantiles, percent_levels
from battuta.domain.time import NS_PER_HOUR
from battuta.forecast.site_series import SiteSeries
from battuta.studies.site_forecast_evaluation import BANDS_H, evaluate_site, mean_scores

START_NS = 20_003 * 24 * NS_PER_HOUR
HOUR = timedelta(hours=1)


class Constant:
    """Says 10 kW, give or take, and remembers how much it was told."""

    def __init__(self, width_kw: float) -> None:
        self.width_kw, self.n_told, self.issues = width_kw, 0, []

    def update(self, time_ns, values_kw, /) -> None:
        assert time_ns.shape == values_kw.shape
        self.n_told += values_kw.size

    def predict(self, now_ns: int, /) -> Forecast:
        self.issues.append(now_ns)
        levels = percent_levels()
        values = 10.0 + self.width_kw * (levels - 0.5) * np.ones((48, 1))
        return Forecast(
            time_ns=now_ns + NS_PER_HOUR * np.arange(48), known_at_ns=now_ns, point=np.full(48, 10.0),
            quantiles=Quantiles(levels=levels, values=values), unit="kW", model="constant",
        )  # fmt: skip


def climbing(n_days: int = 14) -> SiteSeries:
    """A load that climbs by 1 kW every hour."""
    hour = np.arange(24 * n_days)
    return SiteSeries(time_ns=START_NS + NS_PER_HOUR * hour, values_kw=hour.astype(float), step=HOUR, zone="UTC")


def test_naive_errors_on_a_slope_are_known_by_hand() -> None:
    series = climbing()
    bands = evaluate_site(Constant(1.0), series, START_NS + 10 * 24 * NS_PER_HOUR, timedelta(hours=2))
    assert [(each.low_h, each.high_h) for each in bands] == list(BANDS_H)
    first, second, third, fourth = bands
    assert first.mae_last_kw == 1.0
    assert abs(second.mae_last_kw - 4.0) < 0.05
    for band, yesterday_kw in zip(bands, (24.0, 24.0, 24.0, 48.0), strict=True):
        assert band.mae_yesterday_kw == yesterday_kw
        assert band.mae_week_kw == 168.0
    assert third.coverage_90 == 0.0
    assert fourth.mae_kw > 200.0
    assert fourth.n_values < third.n_values * 24 / 18


def test_the_model_hears_everything_once_and_issues_on_time() -> None:
    series, model = climbing(), Constant(1.0)
    evaluate_site(model, series, START_NS + 10 * 24 * NS_PER_HOUR, timedelta(hours=5))
    assert len(model.issues) == 20
    assert model.n_told == 19 * 5
    assert set(np.diff(model.issues).tolist()) == {5 * NS_PER_HOUR}


def test_coverage_and_crps_of_a_uniform_forecast() -> None:
    rng = np.random.default_rng(1)
    hour = np.arange(24 * 60)
    series = SiteSeries(
        time_ns=START_NS + NS_PER_HOUR * hour, values_kw=10.0 + rng.uniform(-2.0, 2.0, hour.size), step=HOUR, zone="UTC"
    )  # fmt: skip
    band = evaluate_site(Constant(4.0), series, START_NS + 10 * 24 * NS_PER_HOUR)[2]
    assert abs(band.coverage_90 - 0.9) < 0.02
    assert abs(band.crps_kw - 4.0 / 6.0) < 0.05
    assert abs(band.mae_kw - 1.0) < 0.05


def test_a_large_site_does_not_speak_for_all() -> None:
    start_ns = START_NS + 10 * 24 * NS_PER_HOUR
    small = evaluate_site(Constant(1.0), climbing(), start_ns)
    large_series = SiteSeries(
        time_ns=climbing().time_ns, values_kw=1000.0 * climbing().values_kw, step=HOUR, zone="UTC"
    )  # fmt: skip
    large = evaluate_site(Constant(1.0), large_series, start_ns)
    mean = mean_scores([small, large], [100.0, 100_000.0])[3]
    assert mean.mae_week_kw == pytest.approx(1.68)
    assert mean.n_values == 2 * small[3].n_values


def test_a_test_without_a_week_before_it_is_refused() -> None:
    with pytest.raises(DataError, match="give a week before"):
        evaluate_site(Constant(1.0), climbing(), START_NS + 6 * 24 * NS_PER_HOUR)


def test_a_band_of_which_nothing_came_has_no_score() -> None:
    series = climbing(n_days=11)
    first, second, third, fourth = evaluate_site(Constant(1.0), series, START_NS + 10 * 24 * NS_PER_HOUR)
    assert first.n_values > 0
    assert np.isfinite(third.mae_kw)
    assert fourth.n_values == 0
    assert np.isnan([fourth.mae_kw, fourth.mae_week_kw, fourth.crps_kw, fourth.coverage_90]).all()
    long = evaluate_site(Constant(1.0), climbing(), START_NS + 10 * 24 * NS_PER_HOUR)
    mean = mean_scores([(first, second, third, fourth), long], [1.0, 1.0])[3]
    assert mean.mae_kw == long[3].mae_kw
    assert np.isnan(mean_scores([(fourth,)], [1.0])[0].coverage_90)


def test_a_band_without_a_width_has_errors_and_no_coverage() -> None:
    class Night(Constant):
        """Says 0 kW for certain."""

        def predict(self, now_ns: int, /) -> Forecast:
            dark = np.zeros((48, 99))
            levels = percent_levels()
            return Forecast(
                time_ns=now_ns + NS_PER_HOUR * np.arange(48), known_at_ns=now_ns, point=dark[:, 0],
                quantiles=Quantiles(levels=levels, values=dark), unit="kW", model="night",
            )  # fmt: skip

    bands = evaluate_site(Night(0.0), climbing(), START_NS + 10 * 24 * NS_PER_HOUR)
    assert all(np.isnan(each.coverage_90) and each.mae_kw > 200.0 for each in bands)
