"""Price, power and state of charge: what is drawn is what was done."""

from datetime import timedelta

import numpy as np

from battuta.interfaces.reports.dispatch_figure import HOVER_WIDTH, dispatch_figure
from battuta.interfaces.reports.step_record import schedule_record, strategy_record

WEEK = timedelta(days=7)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_each_step_has_its_reason(result):
    reason = traces(dispatch_figure(strategy_record(result, "similar_day"), WEEK))["reason"]
    assert len(reason.text) == 48
    assert "<b>Mon 2026-01-05 00:00 to 01:00</b>" in reason.text[0]
    for part in ("buy / charge", "SoC 10.0 → 50.0", "held by: rated power", "wear 0.00 EUR"):
        assert part in reason.text[0].replace("<br>", " ")
    assert max(len(line) for text in reason.text for line in text.split("<br>")[1:]) <= HOVER_WIDTH


def test_selling_is_up_and_buying_down(result):
    drawn = traces(dispatch_figure(strategy_record(result, "similar_day"), WEEK))
    assert np.nanmin(drawn["sell"].y) == 0.0
    assert np.nanmax(drawn["sell"].y) == 800.0
    assert np.nanmin(drawn["buy"].y) == -800.0
    words = " ".join(
        note.text for note in dispatch_figure(strategy_record(result, "similar_day"), WEEK).layout.annotations
    )
    assert "sell / discharge" in words
    assert "buy / charge" in words


def test_steps_hold_to_their_end_and_lines_break_where_a_day_is_missing(result):
    drawn = traces(dispatch_figure(strategy_record(result, "similar_day"), WEEK))
    price = drawn["price"]
    assert len(price.y) == 48 + 2 * 2
    assert np.flatnonzero(np.isnan(price.y)).tolist() == [25, 51]
    assert price.y[24] == price.y[23]
    assert np.isnan(drawn["state of charge"].y).sum() == 2
    assert drawn["state of charge"].y[1] == 10.0
    assert np.all(np.isfinite(drawn["sell"].y))


def test_negative_prices_are_shaded(result):
    figure = dispatch_figure(strategy_record(result, "similar_day"), WEEK)
    assert np.min(traces(figure)["negative price"].y) < 0.0
    assert "below zero" in figure.layout.annotations[0].text


def test_bounds_are_drawn(result):
    figure = dispatch_figure(strategy_record(result, "similar_day"), WEEK)
    lines = {(shape.yref, shape.y0) for shape in figure.layout.shapes if shape.type == "line"}
    assert lines == {("y3", 10.0), ("y3", 90.0), ("y2", -1000.0), ("y2", 1000.0)}


def test_a_slider_leads_to_what_is_not_in_view(result):
    record = strategy_record(result, "similar_day")
    assert dispatch_figure(record, timedelta(days=1)).layout.xaxis.rangeslider.range is not None
    assert dispatch_figure(record, WEEK).layout.xaxis.rangeslider.range is None


def test_a_schedule_begins_where_it_is_known(schedule, result):
    drawn = traces(dispatch_figure(schedule_record(schedule, result.site, result.prices), WEEK))
    assert np.isnan(drawn["state of charge"].y[:2]).all()
    assert "SoC - →" in drawn["reason"].text[0]
