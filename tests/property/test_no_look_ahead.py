"""No strategy but an oracle moves by a bit when prices change that nobody knew at its gate."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from battuta.domain.asset import Battery, Site
from battuta.domain.errors import LookAheadError
from battuta.domain.prices import History, PriceSeries
from battuta.domain.time import NS_PER_HOUR, local_instant_ns, to_ns
from battuta.studies.strategies.registry import STRATEGIES
from battuta.studies.strategies.strategy import DayContext, StudyInputs
from battuta.trading.schedule import Engine

ZONE = "Europe/Berlin"
SITE = Site(battery=Battery(power_kw=1000.0, energy_kwh=2000.0, soc_end=0.0), timezone=ZONE)
N_HOURS = 45 * 24 - 1  # 45 local days, one of them of 23 hours
START_NS = to_ns(datetime(2026, 2, 19, 23, tzinfo=UTC))
PRICES = np.random.default_rng(5).normal(50.0, 30.0, N_HOURS).round(2)
SERIES = PriceSeries(
    time_ns=START_NS + np.arange(N_HOURS) * NS_PER_HOUR,
    price_per_mwh=PRICES,
    step=timedelta(hours=1),
    currency="EUR",
    zone=ZONE,
)
FAIR = [name for name, strategy in STRATEGIES.items() if not strategy.is_oracle]


def gate_ns(days, day):
    return local_instant_ns(days.dates[day] - timedelta(days=1), time(12), ZONE)


def decision_of_last_day(name, series):
    history = History(series)
    day = len(history.days.dates) - 1
    steps = history.days.steps(day)
    inputs = StudyInputs(
        history=history, site=SITE, test_days=(day,), forecast_per_mwh=PRICES[::-1].copy(), engine=Engine.AUTO
    )
    context = DayContext(
        inputs=inputs,
        view=history.view(gate_ns(history.days, day)),
        day=day,
        steps=steps,
        minutes=history.minutes[steps],
        time_ns=series.time_ns[steps],
        soc_start=0.0,
    )
    return STRATEGIES[name].make(inputs)(context)


def perturbed():
    days = SERIES.days()
    is_later = SERIES.known_at_ns() > gate_ns(days, len(days.dates) - 1)
    assert np.count_nonzero(is_later) == 24
    return replace(SERIES, price_per_mwh=np.where(is_later, 1000.0 - 7.0 * PRICES, PRICES))


def bits(decision):
    request = None if decision.request_kw is None else decision.request_kw.tobytes()
    planned = decision.schedule and (decision.schedule.power_kw.tobytes(), decision.schedule.soc.tobytes())
    return request, decision.limits, planned


def test_the_series_crosses_a_change_of_clocks():
    assert sorted(set(np.diff(SERIES.days().start_index))) == [23, 24]


@pytest.mark.parametrize("name", FAIR)
def test_later_prices_do_not_move_a_decision(name):
    assert bits(decision_of_last_day(name, SERIES)) == bits(decision_of_last_day(name, perturbed()))


def test_an_oracle_does_move():
    assert bits(decision_of_last_day("oracle_day", SERIES)) != bits(decision_of_last_day("oracle_day", perturbed()))


def test_a_view_refuses_every_later_value():
    history = History(SERIES)
    for day in range(1, len(history.days.dates)):
        view = history.view(gate_ns(history.days, day))
        first = int(history.days.start_index[day])
        assert view.n_known() == first
        with pytest.raises(LookAheadError):
            view.values(first, first + 1)
