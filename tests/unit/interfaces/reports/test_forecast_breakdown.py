"""Errors cut by hour, weekday, month and day: a planted error is found in its place, and nowhere else."""

import numpy as np
import pytest

from battuta.interfaces.reports.forecast_breakdown import (
    breakdown_figure,
    breakdown_table,
    by_hour,
    by_month,
    by_weekday,
    calendar_figure,
)
from unit.interfaces.reports.forecast_case import evaluation, price_series, record


def planted(n_days=60, steps_per_hour=1, missing=(), **where):
    """Right everywhere but for 8 EUR/MWh at one place."""
    made = evaluation(n_days, prices=price_series(n_days, steps_per_hour), missing=missing)
    made.point[:] = made.price_per_mwh
    made.point[where.get("day", slice(None)), where.get("slot", slice(None))] += 8.0
    return record(made)


def test_an_hour_is_found():
    cut = by_hour(planted(slot=17))
    assert cut.mae[17] == pytest.approx(8.0)
    assert np.delete(cut.mae, 17) == pytest.approx(0.0, abs=1e-9)
    assert cut.mae_similar_day == pytest.approx(10.0)
    assert (cut.n_scored == 60).all()


def test_quarter_hours_are_gathered():
    cut = by_hour(planted(steps_per_hour=4, n_days=14, slot=70))
    assert cut.mae[17] == pytest.approx(2.0)
    assert cut.n_scored[17] == 4 * 14


def test_a_weekday_is_found():
    cut = by_weekday(planted(day=slice(5, None, 7)))  # the test begins on a Monday
    assert [name for name, mae in zip(cut.names, cut.mae, strict=True) if mae > 1.0] == ["Sat"]


def test_a_weekday_that_never_came_is_unknown():
    cut = by_weekday(planted(n_days=3))
    assert np.isnan(cut.mae[3:]).all()
    assert cut.n_scored.tolist() == [24, 24, 24, 0, 0, 0, 0]


def test_months_stand_in_order():
    cut = by_month(planted(day=0))
    assert cut.names == ("2026-01", "2026-02", "2026-03")
    assert cut.n_scored.tolist() == [13 * 24, 28 * 24, 19 * 24]
    assert cut.mae == pytest.approx([8.0 / 13.0, 0.0, 0.0], abs=1e-9)


def test_bars_stand_beside_the_similar_day():
    own, other = breakdown_figure(planted(slot=17), by_hour(planted(slot=17))).data
    assert (own.name, other.name) == ("this forecast", "similar day")
    assert own.y[17] == pytest.approx(8.0)
    assert other.y[3] == pytest.approx(10.0)


def test_the_table_has_the_same_numbers():
    words = breakdown_table(planted(slot=17), by_hour(planted(slot=17)))
    assert '<th scope="row">17</th><td>60</td><td>8.00</td><td>10.00</td>' in words.replace(' class="w"', "")


def test_each_day_has_its_cell():
    heat = calendar_figure(planted(day=slice(13, 14), missing=[1])).data[0]  # 1 February
    assert list(heat.y) == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert heat.z[1][0] == pytest.approx(8.0)
    assert heat.text[1][0] == "Sun 2026-02-01<br>MAE 8.00 EUR/MWh"
    assert heat.z[0][19] is None  # no prices
    assert heat.z[0][17] is None  # before the test
    assert heat.z[1][30] is None  # there is no such day
