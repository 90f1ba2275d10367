"""Who said what: in order, with plain names, and nothing that does not fit."""

from datetime import date

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.reports.forecast_record import Kind, mean_known, member_name
from unit.interfaces.reports.forecast_case import benchmark, evaluation, price_series, record


def test_everybody_has_a_place():
    made = evaluation(20)
    names = [(each.name, each.kind) for each in record(made, {"paper": made.point + 2.0}).forecasts]
    assert names == [
        ("this forecast", Kind.FORECAST),
        ("Gaussian process over days", Kind.PART),
        ("LEAR, 56 days", Kind.PART),
        ("LEAR, 1,092 days", Kind.PART),
        ("LEAR, mean of windows", Kind.PART),
        ("bent LEAR, 112 days", Kind.PART),
        ("bent LEAR, mean of windows", Kind.PART),
        ("LEAR and bent LEAR, mean", Kind.PART),
        ("paper", Kind.PUBLISHED),
        ("similar day", Kind.YARDSTICK),
        ("a week before", Kind.YARDSTICK),
    ]  # the trees said nothing


def test_the_mean_of_the_windows_is_that_of_the_scores():
    found = record(n_days=20)
    mean = next(each for each in found.forecasts if each.name == "LEAR, mean of windows")
    assert np.nanmean(found.errors(mean.values)) == pytest.approx(found.scores.mae_members["lear"])


def test_label_names_prices_and_assumptions():
    made = evaluation(20, prices=benchmark(20, is_synthetic=True))
    label = record(made, assumptions=("assumes that wind was published before the gate",)).label
    assert label.startswith("SYNTHETIC: a test, not market data; benchmark on days of 24 h")
    assert label.endswith("; assumes that wind was published before the gate")
    assert record(n_days=20).label == ""


def test_errors_of_a_day_without_prices_are_unknown():
    found = record(n_days=20, missing=[3])
    daily = found.daily_mae(found.evaluation.point)
    assert np.flatnonzero(np.isnan(daily)).tolist() == [3]
    assert daily[4] == pytest.approx(np.abs(found.price_per_mwh[4] - found.evaluation.point[4]).mean())


def test_quarters_are_those_of_the_scores():
    assert record(n_days=100).quarters() == [slice(0, 100)]
    assert record(n_days=160).quarters() == [slice(0, 91), slice(91, 160)]


def test_days_stand_at_their_local_midnight():
    found = record(n_days=20)
    assert found.day_ms[0] == (date(2026, 1, 19) - date(1970, 1, 1)).days * 86_400_000
    assert found.slot_ms == 3_600_000


def test_a_day_that_changes_its_clock_is_named():
    assert "skipped hour" not in record(n_days=20).clock_words
    assert "skipped hour" in record(n_days=80).clock_words  # over the last Sunday of March


def test_what_is_inside_the_band():
    found = record(n_days=20, missing=[0])
    inside, known = found.is_inside_90()
    assert not known[0].any()
    assert inside[known].mean() == found.scores.coverage_90


def test_a_published_forecast_must_fit():
    made = evaluation(20)
    with pytest.raises(UsageError, match=r"'paper' has the shape \(19, 24\), the test \(20, 24\)"):
        record(made, {"paper": made.point[1:]})
    with pytest.raises(UsageError, match="'paper' has no value in any of the 20 test days"):
        record(made, {"paper": np.full(made.point.shape, np.nan)})


def test_names_of_members():
    assert member_name("lear_1456d") == "LEAR, 1,456 days"
    assert member_name("my_own") == "my_own"


def test_a_mean_over_nothing_is_unknown():
    assert np.isnan(mean_known(np.full((1, 2), np.nan), axis=1)).all()


def test_quarter_hours_keep_their_step():
    found = record(evaluation(10, prices=price_series(10, 4)))
    assert (found.n_slots, found.slot_ms) == (96, 900_000)
