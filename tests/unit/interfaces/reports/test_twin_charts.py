from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_charts import (
    breach_charts,
    cause_chart,
    cycle_charts,
    duration_charts,
    fan_charts,
    model_charts,
    money_chart,
    spread_chart,
)
from battuta.interfaces.reports.twin_figures import study_figures
from unit.interfaces.reports.twin_case import N_LIVES, augmented, result


@pytest.fixture(scope="module")
def figures():
    return study_figures(result())


def test_duration_curves_fall(figures):
    charts = duration_charts(figures)
    assert len(charts) == 3
    for chart in charts:
        for line in chart.lines:
            order = np.argsort(line.x)
            assert (np.diff(line.y[order]) <= 0.0).all()
    assert charts[0].lines[0].y.max() == pytest.approx(55.0)


def test_bars_of_cycles_are_those_of_the_duty(figures):
    count, share = cycle_charts(figures)
    assert count.is_log
    assert count.bars[0].values[0] == 9000.0
    assert share.bars[0].values.sum() == pytest.approx(100.0)
    assert len(count.categories) == count.bars[0].values.size
    assert count.categories[0] == "0-1"


def test_no_cycle_no_logarithm(figures):
    still = tuple(
        replace(each, outcome=replace(each.outcome, summary=replace(each.outcome.summary, cycle_count=np.zeros(13))))
        for each in figures.strategies
    )
    count, _ = cycle_charts(replace(figures, strategies=still))
    assert (count.is_log, count.y_label, count.y_range[0]) == (False, "cycles", 0.0)


def test_models_and_causes_have_no_colour_of_the_first_strategies(figures):
    styles = {line.style for line in model_charts(figures)[0].lines} | {
        each.style for each in cause_chart(figures).bars
    }
    assert styles.isdisjoint({0, 1, 2})


def test_fans_share_an_axis_that_holds_all_of_them(figures):
    charts = fan_charts(figures, "soh_capacity")
    assert len({chart.y_range for chart in charts}) == 1
    low, high = charts[0].y_range
    for chart in charts:
        assert (chart.bands[0].low <= chart.bands[0].high).all()
        assert low < chart.bands[0].low.min()
        assert chart.bands[0].high.max() < high
    assert [line.name for line in charts[0].lines] == ["median", "promised floor"]


def test_other_states_of_health_have_no_floor(figures):
    assert [line.name for line in fan_charts(figures, "soh_energy")[0].lines] == ["median"]
    free = study_figures(result(has_warranty=False))
    assert [line.name for line in fan_charts(free, "soh_capacity")[0].lines] == ["median"]


def test_each_model_is_a_line_and_causes_add_up(figures):
    assert [line.name for line in model_charts(figures)[0].lines] == ["naumann_lfp", "sony_lfp_3ah"]
    causes = cause_chart(figures)
    lost = 100.0 * (1.0 - figures.strategies[1].outcome.lives.soh_capacity[:, -1].mean())
    assert sum(each.values[1] for each in causes.bars) == pytest.approx(lost)


def test_breaches_are_in_percent_of_lives(figures):
    promise, condition = breach_charts(figures)
    assert promise.lines[1].y[-1] == pytest.approx(100.0 * figures.strategies[1].warranty.promise_breach)
    assert not condition.lines[1].y.any()


def test_cash_is_in_thousands(figures):
    chart = money_chart(figures, 1)
    assert chart.bars[0].values[0] == pytest.approx(figures.strategies[1].money.rows["equity_flow"][0] / 1e3)
    assert len(chart.categories) == chart.bars[0].values.size


def test_exceedance_falls_from_all_lives_and_leaves_out_those_without(figures):
    line = spread_chart(figures, "npv", "t", "x", 1e-3).lines[0]
    assert line.y[0] == 100.0
    assert (np.diff(line.y) < 0.0).all()
    finance = figures.strategies[0].outcome.finance
    some = replace(finance, irr=np.where(np.arange(N_LIVES) < 10, np.nan, 0.1))
    changed = replace(figures.strategies[0], outcome=replace(figures.strategies[0].outcome, finance=some))
    line = spread_chart(replace(figures, strategies=(changed,)), "irr", "t", "x", 100.0).lines[0]
    assert line.y[0] == pytest.approx(75.0)


def test_a_site_with_new_strings_has_no_floor_of_the_first_ones():
    site = study_figures(augmented(result()))
    assert [line.name for line in fan_charts(site, "soh_capacity")[0].lines] == ["median"]
