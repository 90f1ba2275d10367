"""Fan charts: bands lie inside one another, the menu leads to every fortnight, and the worst day is the worst."""

import numpy as np
import pytest

from battuta.interfaces.reports.forecast_fans import STEPS_MAX, day_figure, fortnights_figure, telling_days
from unit.interfaces.reports.forecast_case import evaluation, price_series, record


def lines(figure):
    return {line.name: np.asarray(line.y) for line in figure.data}


def test_bands_hold_one_another_and_the_median():
    drawn = lines(day_figure(record(n_days=20), 4, "Best day"))
    order = ["98 %, low end", "90 %, low end", "80 %, low end", "50 %, low end", "median"]
    order += ["50 % band", "80 % band", "90 % band", "98 % band"]
    assert (np.diff([drawn[name] for name in order], axis=0) > 0.0).all()


def test_bands_are_the_quantiles_of_their_levels():
    found = record(n_days=20)
    drawn, quantiles = lines(day_figure(found, 4, "Best day")), found.evaluation.quantiles[4]
    for share, low, high in ((98, 0, 98), (90, 4, 94), (80, 9, 89), (50, 24, 74)):
        assert drawn[f"{share} %, low end"] == pytest.approx(quantiles[:, low], rel=1e-6)
        assert drawn[f"{share} % band"] == pytest.approx(quantiles[:, high], rel=1e-6)
    assert drawn["median"] == pytest.approx(quantiles[:, 49], rel=1e-6)
    assert drawn["outcome"] == pytest.approx(found.price_per_mwh[4], rel=1e-6)


def test_the_menu_leads_back_by_fortnights():
    found = record(n_days=60)
    figure = fortnights_figure(found)
    buttons = figure.layout.updatemenus[0].buttons
    assert [each.label for each in buttons] == [
        "06 Mar 2026 to 19 Mar",
        "20 Feb 2026 to 05 Mar",
        "06 Feb 2026 to 19 Feb",
        "23 Jan 2026 to 05 Feb",
        "19 Jan 2026 to 22 Jan",
    ]
    start, end = figure.layout.xaxis.range
    assert (end - start) / 86_400_000 == 14
    assert end == found.day_ms[-1] + 86_400_000
    assert tuple(buttons[0].args[0]["xaxis.range"]) == (start, end)


def test_a_fortnight_is_shown_in_full():
    found = record(n_days=60)
    shown = fortnights_figure(found).layout.updatemenus[0].buttons[1].args[0]
    days = slice(32, 46)
    low, high = shown["yaxis.range"]
    assert low < min(found.evaluation.quantiles[days].min(), found.price_per_mwh[days].min())
    assert high > max(found.evaluation.quantiles[days].max(), found.price_per_mwh[days].max())


def test_a_short_test_needs_no_menu():
    assert len(fortnights_figure(record(n_days=9)).layout.updatemenus) == 0


def test_long_and_fine_tests_stay_small():
    figure = fortnights_figure(record(evaluation(70, prices=price_series(70, 4))))
    assert 40 * 96 < len(figure.data[0].y) <= STEPS_MAX


def test_points_stand_in_the_middle_of_their_interval():
    line = day_figure(record(n_days=20), 0, "Best day").data[-1]
    assert (line.dx, line.xperiod, line.xperiodalignment) == (3_600_000, 3_600_000, "middle")


def test_telling_days_are_told_by_their_errors():
    made = evaluation(20, missing=[7])
    made.point[5] = made.price_per_mwh[5]
    made.point[11] += 200.0
    found = record(made)
    named = telling_days(found)
    assert (named["Best day"], named["Worst day"]) == (5, 11)
    daily = found.daily_mae(found.evaluation.point)
    assert (daily < daily[named["Median day"]]).sum() == 9  # of 19 known days


def test_one_day_is_not_called_best_and_worst():
    assert telling_days(record(n_days=1)) == {"Worst day": 0}
    assert telling_days(record(n_days=3, missing=[0, 1])) == {"Worst day": 2}


def test_label_and_error_stand_on_a_day():
    figure = day_figure(record(n_days=20), 0, "Worst day")
    assert "Mon 2026-01-19, MAE" in figure.layout.annotations[0].text
    assert "<b>Worst day</b>" in figure.layout.title.text
