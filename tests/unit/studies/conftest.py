"""Ten days of prices in real time, and the gate of one of them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.asset import Battery, Site
from battuta.domain.prices import History, PriceSeries
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.studies.strategies.strategy import DayContext, StudyInputs
from battuta.trading.schedule import Engine

DAY = np.array([40.0, 30, 10, 10, 20, 40, 60, 70, 60, 50, 40, 30, 30, 30, 40, 50, 60, 80, 100, 90, 70, 60, 50, 45])


@pytest.fixture(scope="session")
def series():
    prices = np.concatenate([DAY + 0.37 * day for day in range(10)])
    return PriceSeries(
        time_ns=to_ns(datetime(2026, 1, 5, tzinfo=UTC)) + np.arange(240) * NS_PER_HOUR,
        price_per_mwh=prices.round(2),
        step=timedelta(hours=1),
        currency="EUR",
        zone="UTC",
    )


@pytest.fixture(scope="session")
def site():
    battery = Battery(power_kw=1000.0, energy_kwh=2000.0, efficiency_charge=0.9, efficiency_discharge=0.9, soc_end=0.0)
    return Site(battery=battery)


@pytest.fixture(scope="session")
def make_context(series, site):
    def make(day, *, forecast_per_mwh=None, test_days=(8, 9)):
        history = History(series)
        steps = history.days.steps(day)
        inputs = StudyInputs(
            history=history,
            site=site,
            test_days=test_days,
            forecast_per_mwh=forecast_per_mwh,
            engine=Engine.AUTO,
        )
        return DayContext(
            inputs=inputs,
            view=history.view(int(history.days.start_ns[day]) - 12 * NS_PER_HOUR),
            day=day,
            steps=steps,
            minutes=history.minutes[steps],
            time_ns=series.time_ns[steps],
            soc_start=0.0,
        )

    return make
