"""Figures of a run: what is drawn is what was kept, each with its label."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.time import NS_PER_S
from battuta.interfaces.reports.living_figures import (
    event_text,
    frequency_figure,
    hours_text,
    owners_figure,
    power_figure,
    soc_figure,
    temperature_figure,
)

FIGURES = (power_figure, soc_figure, temperature_figure, frequency_figure, owners_figure)


def trace_named(figure, name):
    (found,) = [each for each in figure.data if each.name == name]
    return found


def test_power_is_that_of_all_sites_that_spoke(living_record):
    figure = power_figure(living_record)
    assert trace_named(figure, "discharge").y.tolist() == [3.0] * 6
    assert trace_named(figure, "charge").y.tolist() == [0.0] * 6
    assert trace_named(figure, "meters").y.tolist() == [-60.0] * 6
    assert trace_named(figure, "price").y.tolist() == living_record.trace.price_per_mwh.tolist()


def test_charge_is_drawn_below_zero_and_discharge_above(living_record):
    power_kw = living_record.trace.power_kw * np.array([1, -1, 1, -1, 1, 1], dtype=np.float32)[:, None]
    figure = power_figure(replace(living_record, trace=replace(living_record.trace, power_kw=power_kw)))
    assert trace_named(figure, "discharge").y.tolist() == [3.0, 0.0, 3.0, 0.0, 3.0, 3.0]
    assert trace_named(figure, "charge").y.tolist() == [0.0, -3.0, 0.0, -3.0, 0.0, 0.0]


def test_steps_stand_at_the_wall_clock_of_the_market(living_record):
    price = trace_named(power_figure(living_record), "price")
    start_ns = int(living_record.trace.time_ns[0])
    assert price.x0 == (start_ns + 3_600 * NS_PER_S) / 1e6  # Berlin in winter
    assert price.dx == 600_000.0
    assert trace_named(soc_figure(living_record), "median site").x0 == price.x0 + 300_000.0


def test_charge_is_in_percent_between_its_bounds(living_record):
    figure = soc_figure(living_record)
    np.testing.assert_allclose(trace_named(figure, "median site").y, 15.0)
    assert [shape.y0 for shape in figure.layout.shapes] == [5.0, 95.0]


def test_temperatures_that_nobody_measured_are_not_drawn(living_record):
    figure = temperature_figure(living_record)
    assert trace_named(figure, "hottest cell").y.tolist() == [27.0] * 6
    assert trace_named(figure, "coldest cell").y.tolist() == [16.0] * 6
    assert "air outside, median site" not in [each.name for each in figure.data]
    assert figure.layout.shapes[0].y0 == 45.0


def test_an_event_stands_at_its_extreme(living_record):
    figure = frequency_figure(living_record)
    (marker,) = [each for each in figure.data if each.mode == "markers"]
    start_ms = (int(living_record.trace.time_ns[0]) + 3_600 * NS_PER_S) / 1e6
    assert (list(marker.x), list(marker.y)) == ([start_ms + 100_000.0], [49.7])
    assert "49.700 Hz" in event_text(living_record.result.frequency_events[0])


def test_a_calm_grid_has_no_markers(make_living):
    assert len(frequency_figure(make_living(frequency_events=())).data) == 2


def test_owners_are_stacked_to_all_sites(living_record):
    figure = owners_figure(living_record)
    assert [each.name for each in figure.data] == ["market, 2.00 site-hours", "safety, 1.00 site-hours"]
    assert sum(each.y for each in figure.data).tolist() == [3.0] * 6


@pytest.mark.parametrize("make", FIGURES)
def test_every_figure_names_its_lines_even_a_single_one(living_record, make):
    assert make(living_record).layout.showlegend


@pytest.mark.parametrize("make", FIGURES)
def test_every_figure_carries_its_label(living_record, make):
    assert "not market data" in make(living_record).layout.title.text.replace("<br>", " ")


@pytest.mark.parametrize("make", FIGURES)
def test_words_of_a_user_are_no_markup(make_living, make):
    figure = make(make_living(source="<img src=x>"))
    assert "<img" not in figure.layout.title.text


def test_hours_have_the_digits_that_say_something():
    assert [hours_text(hours) for hours in (0.123, 12.34, 123.4)] == ["0.12", "12.3", "123"]
