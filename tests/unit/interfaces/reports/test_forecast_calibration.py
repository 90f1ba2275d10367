"""Widths that are honest look honest, those that are not do not."""

import numpy as np
import pytest

from battuta.interfaces.reports.forecast_calibration import (
    band_coverage,
    pit_figure,
    pit_histogram,
    reliability_figure,
    rolling_coverage,
    rolling_figure,
)
from battuta.numerics import scores
from unit.interfaces.reports.forecast_case import evaluation, record


def test_an_honest_forecast_fills_its_bins_evenly():
    found = pit_histogram(record(n_days=300))
    assert found.share.sum() == pytest.approx(1.0)
    assert ((found.low <= found.share) & (found.share <= found.high)).sum() >= 17
    assert found.low < 0.05 < found.high


def test_narrow_bands_have_high_ends():
    found = pit_histogram(record(n_days=100, width=0.5))
    assert min(found.share[0], found.share[-1]) > 2.0 * found.high
    assert found.share[9] < found.low


def test_chance_is_counted_by_days_not_by_hours():
    """Errors that are the same all day say as little as one hour: the band is wider by the root of 24."""
    loose = evaluation(200)
    bound = evaluation(200, point=loose.price_per_mwh - (loose.price_per_mwh - loose.point)[:, :1])
    spread = loose.quantiles - loose.point[..., None]
    bound = evaluation(200, point=bound.point, quantiles=bound.point[..., None] + spread)
    ratio = (pit_histogram(record(bound)).high - 0.05) / (pit_histogram(record(loose)).high - 0.05)
    assert ratio == pytest.approx(np.sqrt(24.0), rel=0.05)


def test_a_single_day_has_no_band():
    found = pit_histogram(record(n_days=1))
    assert np.isnan([found.low, found.high]).all()
    assert len(pit_figure(record(n_days=1)).layout.shapes) == 1


def test_bands_held_what_the_scores_say():
    found = record(n_days=50, missing=[2])
    nominal, held = band_coverage(found, found.evaluation.quantiles)
    assert nominal[[0, -1]] == pytest.approx([0.02, 0.98])
    assert held[np.isclose(nominal, 0.90)] == pytest.approx(found.scores.coverage_90)
    quantiles, price = found.evaluation.quantiles, found.price_per_mwh
    assert held[-1] == pytest.approx(scores.coverage(quantiles[..., 0], quantiles[..., 98], price))
    assert (np.diff(held) >= 0.0).all()


def test_rolling_coverage_is_that_of_its_days():
    found = record(n_days=120, missing=[100])
    window_days, share = rolling_coverage(found)
    assert window_days == 60
    inside, known = found.is_inside_90()
    assert share[110] == pytest.approx(inside[51:111][known[51:111]].mean())
    assert np.isnan(share[:59]).all()
    assert np.isfinite(share[59:]).all()


def test_a_long_test_looks_back_91_days():
    assert rolling_coverage(record(n_days=200))[0] == 91
    assert "last 91 days" in [line.name for line in rolling_figure(record(n_days=200)).data]


@pytest.mark.parametrize("n_days", [1, 3, 8])
def test_short_tests_are_drawn(n_days):
    window_days, share = rolling_coverage(record(n_days=n_days))
    assert window_days == 7
    assert np.isfinite(share).sum() == max(n_days - 6, 0)
    assert rolling_figure(record(n_days=n_days)).data[0].name == "all days"


def test_quarters_are_drawn_at_their_coverage():
    found = record(n_days=160)
    line = rolling_figure(found).data[0]
    assert [y for y in line.y if y is not None][::2] == pytest.approx(
        [100.0 * each for each in found.scores.coverage_90_quarters]
    )


def test_the_corridor_is_drawn():
    corridor, nominal = rolling_figure(record(n_days=20)).layout.shapes
    assert (corridor.y0, corridor.y1, nominal.y0) == (85.0, 95.0, 90.0)


def test_reliability_has_both_beside_the_diagonal():
    names = [line.name for line in reliability_figure(record(n_days=50)).data]
    assert names == ["honest", "rolling errors (baseline)", "this forecast"]
