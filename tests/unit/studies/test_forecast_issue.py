"""The next day is issued alike with and without a store, and a store saves all but the new day."""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.adapters.vintages.folder import FolderVintages
from battuta.domain.errors import StaleDataError
from battuta.domain.forecast import Forecast
from battuta.forecast.price_model import PriceModel
from battuta.studies.forecast_evaluation import evaluate_forecasts
from battuta.studies.forecast_issue import issue_forecast
from battuta.studies.serial_compute import SerialCompute

FAMILIES = ("lear",)
WARM_UP_DAYS = 20
START = date(2026, 1, 25)


def known_on(day, *, columns=True, seed=4):
    """Prices up to day number `day`, with the forecasts of load, sun and wind for that day too."""
    series = simulated_prices(seed, START, day + 1)
    series.price_per_mwh[int(series.days().start_index[day]) :] = np.nan
    return series if columns else replace(series, columns=MappingProxyType({}))


def issue(series, folder=None, **settings):
    vintages = None if folder is None else FolderVintages(folder)
    given = {"warm_up_days": WARM_UP_DAYS} | settings
    return issue_forecast(series, FAMILIES, SerialCompute(), vintages=vintages, **given)


def assert_same(one: Forecast, two: Forecast):
    np.testing.assert_array_equal(one.point, two.point)
    np.testing.assert_array_equal(one.quantiles.values, two.quantiles.values)
    assert one.notes == two.notes
    for name in two.members:
        np.testing.assert_array_equal(one.members[name], two.members[name])


def test_the_next_issue_calibrates_one_day_and_is_the_same(tmp_path):
    first = issue(known_on(62), tmp_path)
    assert (first.n_calibrated, first.day) == (62 - 42 + 1, START + timedelta(days=62))
    second = issue(known_on(63), tmp_path)
    assert second.n_calibrated == 1
    assert_same(second.forecast, issue(known_on(63)).forecast)
    assert issue(known_on(63), tmp_path).n_calibrated == 0
    # 2026-03-29 has 23 hours; the slot that the clock skips is kept for the days after it.
    third, fourth = issue(known_on(64), tmp_path), issue(known_on(65), tmp_path)
    assert (third.n_calibrated, fourth.n_calibrated) == (1, 1)
    assert [each.forecast.time_ns.shape[0] for each in (first, second, third)] == [24, 23, 24]
    assert_same(fourth.forecast, issue(known_on(65)).forecast)
    assert fourth.findings == ()


def test_a_price_that_was_mended_makes_its_followers_anew(tmp_path):
    issue(known_on(61), tmp_path)
    mended = known_on(61)
    mended.price_per_mwh[int(mended.days().start_index[58])] += 5.0
    again = issue(mended, tmp_path)
    assert again.n_calibrated == 61 - 58  # days 59 to 61
    assert_same(again.forecast, issue(mended).forecast)


def test_what_another_release_kept_is_not_used(tmp_path):
    issue(known_on(61), tmp_path, release="1")
    assert issue(known_on(61), tmp_path, release="2").n_calibrated == 61 - 42 + 1


def test_a_damaged_vintage_is_made_again(tmp_path):
    issue(known_on(61), tmp_path)
    path = sorted(tmp_path.rglob("*.parquet"))[5]
    path.write_bytes(path.read_bytes()[:-9])
    again = issue(known_on(61), tmp_path)
    assert again.n_calibrated == 1
    assert str(path) in again.findings[0]
    assert issue(known_on(61), tmp_path).findings == ()


def test_a_store_that_takes_nothing_loses_no_forecast(tmp_path):
    alone = issue(known_on(61)).forecast
    (tmp_path / alone.model).write_text("in the way")
    issued = issue(known_on(61), tmp_path)
    assert_same(issued.forecast, alone)
    assert f"{tmp_path / alone.model}" in str(issued.storage_error)
    assert "choose another folder, or free space" in str(issued.storage_error)
    assert issue(known_on(61), tmp_path / "other").storage_error is None


def test_it_is_what_a_test_of_that_day_would_have_issued():
    series = simulated_prices(4, START, 62)
    tested = evaluate_forecasts(series, 1, PriceModel(families=FAMILIES), SerialCompute(), warm_up_days=WARM_UP_DAYS)
    issued = issue(known_on(61)).forecast
    np.testing.assert_array_equal(issued.point, tested.point[0])
    np.testing.assert_array_equal(issued.quantiles.values, tested.quantiles[0])


def test_the_gate_is_noon_of_the_day_before():
    forecast = issue(known_on(61)).forecast
    assert forecast.time_ns[0] - forecast.known_at_ns == 12 * 3_600_000_000_000
    assert (forecast.unit, forecast.model, forecast.is_synthetic) == ("EUR/MWh", "lear", True)


def test_prices_alone_are_enough():
    issued = issue(simulated_prices(4, START, 61))
    assert issued.day == START + timedelta(days=61)
    assert any("load_forecast_mw" in note for note in issued.forecast.notes)
    assert issue(known_on(61, columns=False)).forecast.notes == ()


def test_paths_are_courses_of_the_day():
    series = known_on(63)
    issued = issue(series, n_paths=50)
    assert issued.paths.values.shape == (50, 23)
    np.testing.assert_array_equal(issued.paths.time_ns, issued.forecast.time_ns)
    np.testing.assert_array_equal(issued.paths.values, issue(series, n_paths=50).paths.values)
    lowest = issued.paths.values.min(axis=0)
    np.testing.assert_allclose(lowest, issued.forecast.quantiles.values[:, 0], rtol=1e-9)
    assert issue(series).paths is None


def test_little_history_is_named_and_less_refused():
    issued = issue(known_on(20))
    assert issued.forecast.notes == ("no model can speak: the similar day stands in",)
    with pytest.raises(StaleDataError, match="cover 10 days; a forecast needs at least 14"):
        issue(known_on(10))


def test_the_first_prices_of_the_day_move_the_rest(tmp_path):
    waiting = known_on(63)
    steps = waiting.days().steps(63)
    before = issue(waiting, tmp_path)
    begun = known_on(63)
    begun.price_per_mwh[steps.start : steps.start + 8] = before.forecast.quantiles.values[:8, -1]
    after = issue(begun, tmp_path, n_paths=20)
    assert after.day == before.day
    assert after.n_calibrated == 0
    np.testing.assert_array_equal(after.forecast.point[:8], begun.price_per_mwh[steps.start : steps.start + 8])
    assert after.forecast.point[8] > before.forecast.point[8]
    width = [each.forecast.quantiles.values[8, 94] - each.forecast.quantiles.values[8, 4] for each in (before, after)]
    assert width[1] < width[0]
    assert after.forecast.known_at_ns > before.forecast.known_at_ns
    assert after.forecast.notes[-1] == "8 of 23 prices of the day are known, the rest moved by them"
    assert np.ptp(after.paths.values[:, :8], axis=0).max() < 1e-9


def test_the_first_of_two_hours_in_autumn_stays_as_it_is_known():
    series = simulated_prices(4, date(2025, 8, 25), 63)
    steps = series.days().steps(62)
    assert steps.stop - steps.start == 25
    series.price_per_mwh[steps.start + 3 :] = np.nan
    issued = issue(series, n_paths=20)
    known = series.price_per_mwh[steps.start : steps.start + 3]
    assert issued.forecast.notes[-1] == "3 of 25 prices of the day are known, the rest moved by them"
    np.testing.assert_array_equal(issued.forecast.point[:3], known)
    np.testing.assert_allclose(issued.forecast.quantiles.values[:3], np.broadcast_to(known[:, None], (3, 99)))
    np.testing.assert_allclose(issued.paths.values[:, :3], np.broadcast_to(known, (20, 3)))
    assert np.ptp(issued.forecast.quantiles.values[3]) > 0.0
