"""Figures of a forecast report carry their label, keep their legend below, and offer no upload."""

import numpy as np

from battuta.interfaces.reports.forecast_frame import drawn, framed_figure, short_dates


def figure(label="SYNTHETIC: a test"):
    line = {"type": "scatter", "x": [0.0], "y": [1.0]}
    layout = {"xaxis": short_dates()}
    return framed_figure([line], layout, title="A <title>", label=label, height_px=300, foot_px=70)


def test_title_and_label_stand_on_the_figure():
    assert "A &lt;title&gt;" in figure().layout.title.text
    assert "SYNTHETIC: a test" in figure().layout.title.text


def test_room_below_and_few_buttons():
    layout = figure("").layout
    assert layout.margin.b == 70
    assert {"sendChartToCloud", "zoomIn2d"} <= set(layout.modebar.remove)
    assert (layout.legend.y, layout.legend.yref) == (0, "container")


def test_dates_lie_flat():
    assert figure().layout.xaxis.tickangle == 0
    assert figure().layout.xaxis.tickformatstops[1].value == "%a %d\n%b %Y"


def test_pictures_take_seven_digits():
    values = drawn(np.array([1.0 / 3.0, np.nan]))
    assert values.dtype == np.float32
    assert np.isclose(values[0], 1.0 / 3.0, atol=1e-7)
    assert np.isnan(values[1])
