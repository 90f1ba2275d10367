"""The planted market: labelled, and its weather explains what it was planted to explain."""

from datetime import date, timedelta

import numpy as np
import pytest

from battuta.adapters.weather.simulated import HeatWave, planted_market
from battuta.app.weather import with_weather
from battuta.domain.time import NS_PER_HOUR

N_TRAIN, N_DAYS, N_PER_DAY = 365, 730, 24
WAVES = tuple(
    HeatWave(first_day=first_day, n_days=2, temperature_c=temperature_c)
    for first_day, temperature_c in (
        (date(2025, 6, 10), 34.0),
        (date(2025, 6, 26), 36.0),
        (date(2025, 7, 14), 37.0),
        (date(2025, 8, 1), 35.0),
        (date(2025, 8, 19), 36.0),
        (date(2026, 6, 12), 35.0),
        (date(2026, 7, 2), 37.0),
        (date(2026, 7, 21), 36.0),
        (date(2026, 8, 12), 34.0),
    )
)


def ridge(known, answer, asked, penalty=0.01):
    centre, spread = known.mean(axis=0), known.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    known, asked = (known - centre) / spread, (asked - centre) / spread
    weight = np.linalg.solve(
        known.T @ known + penalty * len(known) * np.eye(known.shape[1]), known.T @ (answer - answer.mean())
    )
    return asked @ weight + answer.mean()


def regressors(price, weekday, weather, hour, days):
    """Yesterday's prices, those of two days and a week ago, weekdays, and the weather forecast of that hour."""
    columns = [price[days - 1], price[days - 2, hour, None], price[days - 7, hour, None]]
    columns.append(weekday[days, None] == np.arange(6))
    if weather:
        temperature_c, wind, sun = (
            weather[name][days, hour] for name in ("temperature_c", "wind_speed_m_per_s", "radiation_w_per_m2")
        )
        heating, cooling = np.maximum(15.0 - temperature_c, 0.0), np.maximum(temperature_c - 22.0, 0.0)
        columns.append(np.column_stack([heating, cooling, cooling**2, wind, wind**2, wind**3, sun, sun**2, wind * sun]))
    return np.concatenate([np.asarray(each, dtype=float) for each in columns], axis=1)


def errors(seed):
    """Absolute errors of a ridge regression without and with weather, shape (2, n_test_days, 24), and the days."""
    prices, weather = planted_market(seed, N_DAYS, heat_waves=WAVES, zone="UTC")
    joined = with_weather(prices, weather)
    price = joined.price_per_mwh.reshape(-1, N_PER_DAY)
    columns = {name: column.values.reshape(-1, N_PER_DAY) for name, column in joined.columns.items()}
    dates = joined.days().dates
    weekday = np.array([day.weekday() for day in dates])
    train, test = np.arange(7, N_TRAIN), np.arange(N_TRAIN, N_DAYS)
    answer = np.empty((2, test.size, N_PER_DAY))
    for index, seen in enumerate(({}, columns)):
        for hour in range(N_PER_DAY):
            known, asked = (regressors(price, weekday, seen, hour, days) for days in (train, test))
            answer[index, :, hour] = np.abs(price[test, hour] - ridge(known, price[train, hour], asked))
    hot = {wave.first_day + timedelta(days=k) for wave in WAVES for k in range(wave.n_days)}
    return answer, np.array([dates[day] in hot for day in test])


# seed: error without and with weather, gain on days of planted heat and on other days, as docs/weather.md prints them
FOUND_PER_MWH = {
    1: (22.84, 14.78, 10.1, 8.0),
    2: (28.76, 22.45, 9.9, 6.2),
    3: (24.52, 16.19, 16.0, 8.2),
    4: (26.66, 17.98, 6.3, 8.7),
}


@pytest.mark.slow
def test_weather_explains_the_price_and_a_heat_wave_most():
    gains_per_mwh = []
    for seed, found in FOUND_PER_MWH.items():
        (without, with_it), is_hot = errors(seed)
        assert is_hot.sum() == 8
        assert with_it.mean() < 0.85 * without.mean()
        gain_per_mwh = (without - with_it).mean(axis=1)
        gains_per_mwh.append((gain_per_mwh[is_hot].mean(), gain_per_mwh[~is_hot].mean()))
        assert (without.mean(), with_it.mean(), *gains_per_mwh[-1]) == pytest.approx(found, abs=0.06)
    hot_per_mwh, other_per_mwh = np.mean(gains_per_mwh, axis=0)
    assert hot_per_mwh > 1.25 * other_per_mwh


def test_it_is_labelled_and_publishes_no_load():
    prices, weather = planted_market(7, 3, heat_waves=(HeatWave(first_day=date(2025, 1, 2)),))
    assert prices.money_label == "SYNTHETIC: synthetic market driven by weather, seed 7, not market data"
    assert weather.is_synthetic
    assert dict(prices.columns) == {}
    assert weather.columns["temperature_c"].max() > 30.0


def test_every_hour_has_a_run_before_the_gate_and_one_that_comes_too_late():
    prices, weather = planted_market(7, 5)
    early, late = (
        weather.known_values("temperature_c", prices.time_ns, prices.known_at_ns() + hours * NS_PER_HOUR)
        for hours in (-1, 12)
    )
    assert np.isfinite(early).all()
    assert np.isfinite(late).all()
    assert (early != late).any()


def test_quarters_and_other_currencies():
    prices, _ = planted_market(1, 1, step=timedelta(minutes=15), zone="Europe/Paris", currency="USD")
    assert (prices.n_times, prices.currency, prices.zone) == (96, "USD", "Europe/Paris")
