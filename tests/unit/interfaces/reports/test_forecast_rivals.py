"""Beside others: signs are right, luck is called luck, and nobody's name is markup."""

import numpy as np
import pytest

from battuta.interfaces.reports.forecast_rivals import (
    Comparison,
    compare,
    mae_figure,
    rivals_table,
    scatter_figure,
    slots_figure,
)
from battuta.numerics.accuracy_test import daily_losses, diebold_mariano
from unit.interfaces.reports.forecast_case import evaluation, record

HOSTILE = "<img src=x onerror=alert(1)>"


def with_rivals(n_days=60, **shifts):
    """Published forecasts whose errors are those of the forecast times a factor."""
    made = evaluation(n_days)
    error = made.price_per_mwh - made.point
    return record(made, {name: made.price_per_mwh - factor * error for name, factor in shifts.items()})


def compared(found) -> dict[str, Comparison]:
    return {each.name: compare(found, each) for each in found.published}


def test_a_worse_rival_is_beaten_beyond_luck():
    each = compared(with_rivals(worse=1.5, better=0.5))
    assert each["worse"].test.p_value < 1e-6
    assert each["better"].test.p_value > 1.0 - 1e-6
    assert each["worse"].mae_other == pytest.approx(1.5 * each["worse"].mae)


def test_the_test_is_that_of_daily_losses():
    found = with_rivals(worse=1.02)
    (rival,), price = found.published, found.price_per_mwh
    expected = diebold_mariano(daily_losses(price, rival.values), daily_losses(price, found.evaluation.point))
    assert compare(found, rival).test == expected


def test_each_slot_has_its_own_test():
    made = evaluation(60)
    other = made.price_per_mwh - 1.5 * (made.price_per_mwh - made.point)
    other[:, 12:] = made.price_per_mwh[:, 12:] - 0.5 * (made.price_per_mwh[:, 12:] - made.point[:, 12:])
    found = record(made, {"half": other})
    p = compare(found, found.published[0]).p_by_slot
    assert (p[:12] < 0.05).all()
    assert (p[12:] > 0.95).all()
    (heat, *_) = slots_figure(found, [compare(found, found.published[0])]).data
    assert list(heat.z[0]) == [1.0] * 12 + [-1.0] * 12


def test_errors_are_compared_on_common_intervals():
    made = evaluation(60)
    other = made.point + 1.0
    other[:30] = np.nan
    found = record(made, {"late": other})
    each = compare(found, found.published[0])
    assert each.mae == pytest.approx(np.abs(made.price_per_mwh - made.point)[30:].mean())
    assert each.test.n_days == 30


def test_a_copy_cannot_be_told_apart():
    found = with_rivals(copy=1.0)
    each = compare(found, found.published[0])
    assert each.test is None
    assert np.isnan(each.p_by_slot).all()
    words = rivals_table(found, [each])
    assert "cannot be told" in words
    assert slots_figure(found, [each]).data[0].z[0][0] is None


def test_the_table_says_who_is_better():
    found = with_rivals(worse=1.5, better=0.5)
    words = rivals_table(found, list(compared(found).values()))
    assert words.index("yes, this one is better") < words.index("yes, the other is better")
    assert "&lt; 0.0001" in words


def test_bars_are_ranked_and_coloured_by_kind():
    found = with_rivals(worse=1.5)
    bars = {bar.name: bar for bar in mae_figure(found).data}
    assert list(bars) == ["this forecast", "its parts, alone", "published", "yardsticks without a model"]
    assert bars["this forecast"].x[0] == pytest.approx(found.scores.mae)
    order = [name.rstrip("\u200b") for name in mae_figure(found).layout.yaxis.categoryarray]
    assert order[0] == "a week before"  # an error of 20
    assert order.index("worse") < order.index("this forecast")


def test_the_best_rival_is_shown_first():
    found = with_rivals(worse=1.5, better=0.5)
    shown = [(dots.name, dots.visible) for dots in scatter_figure(found).data]
    assert shown == [("better", True), ("worse", "legendonly")]
    dots = scatter_figure(found).data[0]
    assert np.asarray(dots.x) == pytest.approx(0.5 * np.asarray(dots.y), rel=1e-5)


def test_names_are_no_markup():
    made = evaluation(20)
    found = record(made, {HOSTILE: made.point + 1.0})
    for figure in (mae_figure(found), scatter_figure(found), slots_figure(found, list(compared(found).values()))):
        assert "<img" not in figure.to_json().replace("\\u003c", "<")
    assert "<img" not in rivals_table(found, list(compared(found).values()))


def test_names_that_look_alike_when_cut_stay_two_bars():
    made = evaluation(20)
    long = "a forecast with a name that never comes to an end, "
    found = record(made, {f"{long}one": made.point + 1.0, f"{long}two": made.point + 2.0})
    bar = next(bar for bar in mae_figure(found).data if bar.name == "published")
    assert len(set(bar.y)) == 2
