"""A strategy's own forecast is what the test of forecasts issues, made at each gate, for the asked days only."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.errors import StaleDataError
from battuta.domain.prices import Column, History
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE
from battuta.forecast.price_model import PriceModel, by_family
from battuta.studies.forecast_evaluation import evaluate_forecasts
from battuta.studies.own_forecast import forecast_steps
from battuta.studies.serial_compute import SerialCompute

SERIES = simulated_prices(5, date(2026, 1, 10), 80)
SPRING = 78  # 2026-03-29 has 23 hours


@pytest.fixture(scope="module")
def own():
    said = []
    history = History(SERIES)
    forecast = forecast_steps(history, (76, 78, 79), LocalCompute(1), lambda *done: said.append(done))
    return history, forecast.price_per_mwh, said


def test_it_is_what_a_test_of_forecasts_issues(own):
    history, forecast, _ = own
    issued = evaluate_forecasts(SERIES, 4, PriceModel(), LocalCompute(1), warm_up_days=0)
    assert issued.days == (76, 77, 78, 79)
    for place, day in ((0, 76), (3, 79)):
        np.testing.assert_array_equal(forecast[history.days.steps(day)], issued.point[place])
    skipped = np.delete(issued.point[2], 2)
    np.testing.assert_array_equal(forecast[history.days.steps(SPRING)], skipped)


def test_on_its_first_day_the_families_weigh_alike_whatever_a_test_of_forecasts_learned_before(own):
    history, forecast, _ = own
    steps = history.days.steps(76)
    tested = evaluate_forecasts(SERIES, 4, PriceModel(), LocalCompute(1), warm_up_days=10)
    said = by_family({name: values[0] for name, values in tested.members.items()})
    alike = np.mean([said["linear"], said["kernel"]], axis=0)
    np.testing.assert_allclose(forecast[steps], alike, rtol=0.0, atol=1e-9)
    assert np.abs(tested.point[0] - alike).max() > 1e-3


def test_nothing_is_made_for_other_days(own):
    history, forecast, said = own
    wanted = np.zeros(SERIES.n_times, dtype=bool)
    for day in (76, 78, 79):
        wanted[history.days.steps(day)] = True
    np.testing.assert_array_equal(np.isfinite(forecast), wanted)
    assert said[-1][0] == "calibrating"
    assert said[-1][1] == said[-1][2]


def test_what_comes_after_the_gate_changes_nothing(own):
    history, forecast, _ = own
    price = SERIES.price_per_mwh.copy()
    price[history.days.steps(77).start :] = 1000.0
    changed = forecast_steps(History(replace(SERIES, price_per_mwh=price)), (76, 78), LocalCompute(1)).price_per_mwh
    steps = history.days.steps(76)
    np.testing.assert_array_equal(changed[steps], forecast[steps])
    assert not np.array_equal(changed[history.days.steps(78)], forecast[history.days.steps(78)])


def test_too_little_history_is_named():
    with pytest.raises(StaleDataError, match="2026-01-23 has 13 days of history; give at least 14"):
        forecast_steps(History(SERIES), (13, 14), SerialCompute())


def test_what_a_forecast_had_to_do_without_is_noted():
    load = Column(values=SERIES.price_per_mwh * 3.0, unit="MW", rule=BEFORE_DAY_AHEAD_GATE)
    history = History(replace(SERIES, columns={"load": load}))
    load.values[history.days.steps(77)] = np.nan
    made = forecast_steps(history, (76, 77), SerialCompute())
    assert set(made.notes) == {76, 77}
    assert "load: 24 of 24 values of the day are missing, forecast without it" in made.notes[77]
    assert not any("load" in note for note in made.notes[76])


def test_a_stand_in_is_noted():
    made = forecast_steps(History(SERIES), (15,), SerialCompute())
    assert made.notes[15][-1] == "no model can speak: the similar day stands in"
