"""The kernel compares days by what was known at the gate, on scales that a fit has set."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from battuta.domain.errors import StaleDataError
from battuta.forecast.day_table import KnownDays
from battuta.forecast.kernel_inputs import (
    COLUMN_LIKENESS,
    PRICE_LIKENESS,
    PRICE_LINE,
    SEASON_LIKENESS,
    WEEKDAY_LIKENESS,
    kernel_rows,
    kernel_scales,
    usable_columns,
)

N_DAYS = 60
RNG = np.random.default_rng(7)
PRICE = 50.0 + 12.0 * RNG.normal(size=(N_DAYS, 24))
LOAD = 100.0 + 10.0 * RNG.normal(size=(N_DAYS + 1, 24))
WIND = 30.0 + 9.0 * RNG.normal(size=(N_DAYS + 1, 24))
COLUMNS = {"load_forecast_mw": LOAD, "wind_forecast_mw": WIND}


def known(price=PRICE, columns=COLUMNS):
    dates = tuple(date(2026, 1, 5) + timedelta(days=k) for k in range(N_DAYS + 1))
    return KnownDays(day=N_DAYS, dates=dates, price_per_mwh=price, columns=columns)


def changed(rows, place, value):
    other = rows.copy()
    other[place] = value
    return other


def test_lags_stand_beside_their_targets():
    here = known()
    scales = kernel_scales(here, 20)
    rows = kernel_rows(here, 20, N_DAYS + 1, scales)
    assert rows.number.tolist() == list(range(20, N_DAYS + 1))
    assert rows.likeness.shape == (41, len(PRICE_LIKENESS) + 3 * len(COLUMN_LIKENESS), 24)
    for group, lag in enumerate(PRICE_LIKENESS):
        expected = scales.price.apply(PRICE[20 - lag : N_DAYS + 1 - lag])
        np.testing.assert_allclose(rows.likeness[:, group], np.sqrt(PRICE_LIKENESS[lag]) * expected, rtol=1e-12)
        at = slice(group * 24, (group + 1) * 24)
        np.testing.assert_allclose(rows.line[:, at], np.sqrt(PRICE_LINE[lag]) * expected, rtol=1e-12)
    np.testing.assert_allclose(rows.target[:-1], scales.price.apply(PRICE[20:]), rtol=1e-12)
    left = scales.columns["residual_load_mw"].apply(LOAD - WIND)
    np.testing.assert_allclose(rows.likeness[:, -3], np.sqrt(COLUMN_LIKENESS[0]) * left[20:], rtol=1e-12)
    assert rows.is_usable.tolist() == [True] * 40 + [False]


def test_all_slots_share_one_price_scale_that_outlasts_the_fit():
    scales = kernel_scales(known(), 20)
    assert scales.price.centre[0] == np.median(PRICE[20:])
    higher = known(price=np.vstack([PRICE[:50], 3.0 * PRICE[50:]]))
    later = kernel_rows(higher, 50, N_DAYS, scales)
    np.testing.assert_allclose(later.target, scales.price.apply(3.0 * PRICE[50:]), rtol=1e-12)


def test_the_calendar_knows_weekday_and_season():
    here = known()
    rows = kernel_rows(here, 20, N_DAYS + 1, kernel_scales(here, 20))
    assert rows.calendar[:, :7].argmax(axis=1).tolist() == [each.weekday() for each in here.dates[20:]]
    assert np.unique(rows.calendar[:, :7]).tolist() == [0.0, np.sqrt(WEEKDAY_LIKENESS)]
    np.testing.assert_allclose(np.square(rows.calendar[:, 7:]).sum(axis=1), SEASON_LIKENESS)


@pytest.mark.parametrize(
    ("wind", "why"),
    [
        (WIND[:-1], "published after the gate"),
        (changed(WIND, (-1, 5), np.nan), "a gap on the day itself"),
        (changed(WIND, slice(20, 40), np.nan), "a third of the window is missing"),
        (np.full_like(WIND, 4.0), "it never changes"),
    ],
)
def test_a_series_that_cannot_serve_is_left_out_with_what_is_made_of_it(wind, why):
    found = usable_columns(known(columns={**COLUMNS, "wind_forecast_mw": wind}), 10)
    assert list(found) == ["load_forecast_mw"], why
    assert list(usable_columns(known(), 10)) == ["load_forecast_mw", "wind_forecast_mw", "residual_load_mw"]


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_a_dull_or_holed_week_does_not_throw_out_a_series_of_the_fit(value):
    scales = kernel_scales(known(), 20)
    wind = changed(WIND, slice(N_DAYS - 9, N_DAYS), value)
    if np.isfinite(value):
        wind[-1] = value  # nine days of calm, the day to forecast among them
    today = kernel_rows(known(columns={**COLUMNS, "wind_forecast_mw": wind}), N_DAYS, N_DAYS + 1, scales)
    expected = np.sqrt(COLUMN_LIKENESS[0]) * scales.columns["wind_forecast_mw"].apply(wind[-1])
    np.testing.assert_allclose(today.likeness[0, len(PRICE_LIKENESS) + len(COLUMN_LIKENESS)], expected, rtol=1e-12)
    assert np.isfinite(today.likeness).all()


def test_a_gap_is_looked_back_on_as_a_week_before_from_whatever_day():
    here = known(price=changed(PRICE, (-1, 3), np.nan))
    scales = kernel_scales(here, 20)
    whole = kernel_rows(here, 20, N_DAYS + 1, scales)
    today = kernel_rows(here, N_DAYS, N_DAYS + 1, scales)
    np.testing.assert_array_equal(today.likeness[0], whole.likeness[-1])
    expected = np.sqrt(PRICE_LIKENESS[1]) * scales.price.apply(PRICE[-8, 3])
    np.testing.assert_allclose(today.likeness[0, 0, 3], expected[0], rtol=1e-12)
    assert whole.is_usable.tolist() == [True] * 39 + [False, False]


def test_quarter_hours_are_compared_by_the_hour_and_forecast_each():
    here = known(price=np.repeat(PRICE, 4, axis=1), columns={})
    rows = kernel_rows(here, 20, N_DAYS, kernel_scales(here, 20))
    assert (rows.likeness.shape[1:], rows.target.shape) == ((4, 24), (40, 96))


def test_no_known_price_is_refused():
    with pytest.raises(StaleDataError, match="no price of the 40 days"):
        kernel_scales(known(price=np.full_like(PRICE, np.nan)), 20)


def test_a_holiday_is_like_a_sunday_and_on_its_line():
    here = known()
    free = replace(here, holidays=frozenset({date(2026, 2, 6)}))
    scales = kernel_scales(here, 20)
    plain, rows = kernel_rows(here, 20, N_DAYS + 1, scales), kernel_rows(free, 20, N_DAYS + 1, scales)
    (changed_row,) = np.flatnonzero(np.any(rows.calendar != plain.calendar, axis=1))
    assert here.dates[20 + changed_row] == date(2026, 2, 6)
    assert (int(plain.calendar[changed_row, :7].argmax()), int(rows.calendar[changed_row, :7].argmax())) == (4, 6)
    np.testing.assert_array_equal(rows.line[changed_row, -7:], plain.line[changed_row + 2, -7:])
    np.testing.assert_array_equal(rows.calendar[:, 7:], plain.calendar[:, 7:])
