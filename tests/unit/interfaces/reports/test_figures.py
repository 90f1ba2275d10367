"""The figures that a result offers: the right strategy, the right window, the label on each."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.reports import figures
from battuta.interfaces.reports.figures import best_strategy


def every_figure(result):
    return [figures.dispatch(result), figures.money(result), figures.cumulative(result), figures.reasons(result)]


def words(figure):
    return figure.layout.title.text.replace("<br>", " ")


def test_the_best_without_foresight_is_drawn(result):
    assert best_strategy(result) == "similar_day"
    assert "similar_day" in words(figures.dispatch(result))
    assert "fixed_time" in words(figures.reasons(result, "fixed_time"))


def test_an_oracle_alone_is_drawn(result):
    for name in ("idle", "fixed_time", "similar_day"):
        del result.results[name]
    assert best_strategy(result) == "oracle_day"


def test_synthetic_prices_are_labelled_on_every_figure(synthetic_result):
    for figure in every_figure(synthetic_result):
        assert "SYNTHETIC: synthetic market, seed 7, not market data" in words(figure)


def test_benchmarks_are_labelled_on_every_figure(benchmark_result):
    for figure in every_figure(benchmark_result):
        assert "not settled, not revenue" in words(figure)


def test_real_prices_carry_no_label(result):
    for figure in every_figure(result):
        assert "<span" not in figure.layout.title.text


def test_a_window_is_drawn_in_full(result):
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    figure = figures.dispatch(result, window=(start, start + timedelta(hours=5)))
    reason = next(trace for trace in figure.data if trace.name == "reason")
    assert len(reason.x) == 5
    assert figure.layout.xaxis.rangeslider.range is None
    with pytest.raises(UsageError, match="no step starts in the window"):
        figures.dispatch(result, window=(start - timedelta(days=9), start - timedelta(days=8)))


def test_a_year_opens_on_its_last_week(long_result):
    figure = figures.dispatch(long_result)
    low, high = np.asarray(figure.layout.xaxis.range, dtype=float)
    assert high - low == 7 * 86_400_000
    reason = next(trace for trace in figure.data if trace.name == "reason")
    assert len(reason.x) == 8760


def test_a_schedule(schedule, result):
    figure = figures.schedule_dispatch(schedule, result.site, result.prices)
    assert "best schedule (dynamic)" in words(figure)
