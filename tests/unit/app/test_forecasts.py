"""Forecasts through the app: scored, compared with others', issued into a folder."""

from dataclasses import replace
from datetime import date, time
from importlib.metadata import version
from types import MappingProxyType

import numpy as np
import pytest

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.markets.simulated import simulated_prices
from battuta.adapters.vintages.folder import FolderVintages
from battuta.app import forecasts
from battuta.app.model_release import model_release
from battuta.domain.errors import DataError, StaleDataError, UsageError
from battuta.domain.publication import AFTER_DAY_AHEAD_GATE, AFTER_INTERVAL, BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY
from battuta.studies.forecast_issue import issue_forecast

SERIES = simulated_prices(8, date(2026, 1, 1), 60)
LEAR = ("lear",)


@pytest.fixture(scope="module")
def scored():
    return forecasts.evaluate(SERIES, 4, LEAR, compute=LocalCompute(1))


def with_rule(rule):
    column = SERIES.columns["wind_forecast_mw"]
    return replace(SERIES, columns=MappingProxyType({**SERIES.columns, "wind_forecast_mw": replace(column, rule=rule)}))


def test_a_test_has_figures_and_notes(scored):
    assert scored.scores.days == 4
    assert scored.scores.mae < scored.scores.mae_naive
    assert scored.seconds > 0.0
    assert scored.notes == {}


def test_a_short_history_says_what_stands_in():
    scored = forecasts.evaluate(SERIES.slice(slice(0, 24 * 20)), 3, LEAR, compute=LocalCompute(1))
    assert scored.notes == {"no model can speak: the similar day stands in": 3}
    assert scored.scores.mae == pytest.approx(scored.scores.mae_naive)


@pytest.mark.parametrize(("n_days", "test_days", "what"), [(60, 47, "at most 46"), (10, 1, "cover 10 days")])
def test_too_much_is_refused(n_days, test_days, what):
    with pytest.raises(StaleDataError, match=what):
        forecasts.evaluate(SERIES.slice(slice(0, 24 * n_days)), test_days, LEAR)


def test_prices_that_never_move_have_no_relative_error_and_every_other_figure():
    flat = replace(SERIES, price_per_mwh=np.full(SERIES.n_times, 50.0), columns=MappingProxyType({}))
    scores = forecasts.evaluate(flat, 2, LEAR, compute=LocalCompute(1)).scores
    assert np.isnan(scores.rmae)
    assert scores.mae == pytest.approx(0.0, abs=1e-6)
    assert scores.coverage_90 == 1.0


def test_columns_that_tell_nothing_are_named():
    wind = SERIES.columns["wind_forecast_mw"]
    for values, what in ((np.nan, "has no value at all"), (0.0, "is 0 throughout"), (81.5, "is 81.5 throughout")):
        column = replace(wind, values=np.full(SERIES.n_times, values))
        series = replace(SERIES, columns=MappingProxyType({**SERIES.columns, "wind_forecast_mw": column}))
        assert forecasts.idle_columns(series) == (f"wind_forecast_mw: {what}, forecast without it",)
    assert forecasts.idle_columns(SERIES) == ()


def test_families_are_looked_up():
    with pytest.raises(UsageError, match="'magic' is not known"):
        forecasts.evaluate(SERIES, 2, ("magic",))
    with pytest.raises(UsageError, match="no family is named"):
        forecasts.issue(SERIES, ())


def test_late_columns_are_taken_as_known_and_said():
    late = with_rule(AFTER_DAY_AHEAD_GATE)
    assert forecasts.unused_columns(late) == {"wind_forecast_mw": "D-1 18:00 local"}
    taken, said = forecasts.assumed_known(late, late_columns=True)
    assert said == ("assumes that wind_forecast_mw was published before the gate",)
    assert taken.columns["wind_forecast_mw"].rule == BEFORE_DAY_AHEAD_GATE
    assert forecasts.unused_columns(taken) == {}
    assert forecasts.assumed_known(late) == (late, ())


def test_late_is_what_comes_after_the_gate_of_these_prices():
    early_gate = replace(with_rule(BEFORE_DAY_AHEAD_GATE), gate=time(9, 0))
    assert set(forecasts.unused_columns(early_gate)) >= {"wind_forecast_mw"}
    taken, said = forecasts.assumed_known(early_gate, late_columns=True)
    assert "wind_forecast_mw" in said[0]
    assert forecasts.unused_columns(taken) == {}
    for rule in (BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY):  # in time for a gate at noon; and what settles a day is no guess
        with pytest.raises(UsageError, match="takes columns that are stated to come after the gate, D-1 12:00 local"):
            forecasts.assumed_known(with_rule(rule), late_columns=True)


def test_late_columns_where_none_is_stated_to_be_late_are_refused_and_not_taken():
    measured = with_rule(AFTER_INTERVAL)
    with pytest.raises(UsageError, match=r"here there is none .*wind_forecast_mw: end of interval.*known_columns"):
        forecasts.assumed_known(measured, late_columns=True)
    with pytest.raises(UsageError, match="no columns beside the price"):
        forecasts.assumed_known(replace(SERIES, columns=MappingProxyType({})), late_columns=True)


def test_a_family_is_named_once_and_courses_are_not_without_end():
    for families in (("lear", "kernel", "lear"), ["lear", "lear"]):
        with pytest.raises(UsageError, match="'lear' is named 2 times; name each once"):
            forecasts.evaluate(SERIES, 2, families)
        with pytest.raises(UsageError, match="'lear' is named 2 times; name each once"):
            forecasts.issue(SERIES, families)
    for n_paths in (-1, 10_001):
        with pytest.raises(UsageError, match="ask for 0 to 10,000"):
            forecasts.evaluate(SERIES, 2, LEAR, n_paths=n_paths)
        with pytest.raises(UsageError, match="ask for 0 to 10,000"):
            forecasts.issue(SERIES, LEAR, n_paths=n_paths)


def test_a_column_is_known_early_where_somebody_says_so():
    measured = with_rule(AFTER_INTERVAL)
    taken, said = forecasts.assumed_known(measured, known_columns=["wind_forecast_mw"])
    assert said == ("assumes that wind_forecast_mw was published before the gate",)
    assert forecasts.unused_columns(taken) == {}
    with pytest.raises(UsageError, match="no column rain beside the price; there are: load_forecast_mw"):
        forecasts.assumed_known(SERIES, known_columns=["rain"])


def test_another_forecast_is_held_against_this_one(scored):
    rng = np.random.default_rng(1)
    good = replace(SERIES, price_per_mwh=SERIES.price_per_mwh + 0.1 * rng.standard_normal(SERIES.n_times))
    better = forecasts.score_published(scored, good, "insider")
    assert better.mae == pytest.approx(0.08, abs=0.02)
    assert better.mae_here == pytest.approx(scored.scores.mae)
    assert better.p_worse < 0.01
    assert better.p_better > 0.99
    poor = replace(SERIES, price_per_mwh=SERIES.price_per_mwh + 100.0 + rng.standard_normal(SERIES.n_times))
    assert forecasts.score_published(scored, poor, "blind").p_better < 0.01


def test_only_what_both_say_is_compared(scored):
    price = SERIES.price_per_mwh.copy()
    price[-24:] = np.nan
    part = forecasts.score_published(scored, replace(SERIES, price_per_mwh=price), "part")
    three = np.abs(scored.evaluation.price_per_mwh - scored.evaluation.point)[:3].mean()
    assert (part.mae, part.mae_here) == (0.0, pytest.approx(three))
    with pytest.raises(DataError, match="old has no value from 2026-02-26 to 2026-03-01"):
        forecasts.score_published(scored, SERIES.slice(slice(0, 480)), "old")


def test_an_issue_is_kept_where_one_says(tmp_path):
    first = forecasts.issue(SERIES, LEAR, folder=tmp_path / "kept", compute=LocalCompute(1))
    assert first.n_calibrated > 1
    assert len(list((tmp_path / "kept" / "lear").glob("*.parquet"))) == first.n_calibrated
    assert forecasts.issue(SERIES, LEAR, folder=tmp_path / "kept").n_calibrated == 0
    assert forecasts.issue(SERIES, LEAR, compute=LocalCompute(1)).n_calibrated == first.n_calibrated


def test_what_other_models_kept_is_not_used_again(tmp_path):
    first = forecasts.issue(SERIES, LEAR, folder=tmp_path, compute=LocalCompute(1))

    def n_calibrated(release):
        kept = FolderVintages(tmp_path)
        return issue_forecast(SERIES, LEAR, LocalCompute(1), vintages=kept, release=release).n_calibrated

    assert n_calibrated(model_release()) == 0
    for other in (version("battuta"), model_release()[:-1]):
        assert n_calibrated(other) == first.n_calibrated, "another source or library is another release"
