"""Strategies side by side; oracles are yardsticks, never products."""

import numpy as np
import pytest

from battuta.interfaces.reports.comparison_figures import POINTS_MAX, cumulative_figure, money_figure
from battuta.interfaces.reports.palette import ACCENT


def test_oracles_stand_apart(result):
    bars = money_figure(result, "similar_day").data
    assert [(len(bar.x), bar.yaxis) for bar in bars] == [(3, "y"), (1, "y2")]
    assert bars[1].y[0].startswith("oracle_day")
    assert set(bars[1].marker.color) == {"rgba(0,0,0,0)"}


def test_one_accent(result):
    bar = money_figure(result, "fixed_time").data[0]
    assert [
        label.split("<br>")[0] for label, color in zip(bar.y, bar.marker.color, strict=True) if color == ACCENT
    ] == ["<b>fixed_time</b>"]


def test_bars_are_the_nets_with_the_captured_share(result):
    bar = money_figure(result, "similar_day").data[0]
    assert list(bar.x) == sorted(result.results[name].net for name in ("idle", "fixed_time", "similar_day"))
    assert f"{100.0 * result.captured('similar_day'):.1f}\u00a0%" in bar.y[-1]


def test_benchmark_money_is_named(benchmark_result):
    figure = money_figure(benchmark_result, "similar_day")
    assert "benchmark EUR" in figure.layout.xaxis.title.text
    assert "not revenue" in figure.layout.title.text.replace("<br>", " ")


def test_lines_end_at_the_nets(result):
    lines = {line.name.split(" ")[0]: line for line in cumulative_figure(result, "similar_day").data}
    assert {name: line.y[-1] for name, line in lines.items()} == pytest.approx(
        {name: each.net for name, each in result.results.items()}
    )
    assert lines["similar_day"].line.color == ACCENT
    assert next(iter(lines)) == "similar_day"


def test_a_year_is_drawn_by_days(long_result):
    line = cumulative_figure(long_result, "similar_day").data[0]
    assert len(line.x) == 365 <= POINTS_MAX
    assert line.y[-1] == pytest.approx(long_result.results["similar_day"].net)
    midnights = np.asarray(line.x) % 86_400_000
    assert (
        midnights == 0.0
    ).sum() > 150  # local midnights in winter time, one hour off in summer: the axis has one offset


def test_names_are_no_markup(hostile_result):
    for figure in (money_figure(hostile_result, "similar_day"), cumulative_figure(hostile_result, "similar_day")):
        assert "<img" not in figure.to_json().replace("\\u003c", "<")
