import json

import numpy as np

from battuta.interfaces.reports.plotly_figure import figure_json
from battuta.interfaces.reports.twin_blocks import Band, Bars, Chart, Line
from battuta.interfaces.reports.twin_colours import colour
from battuta.interfaces.reports.twin_plotly import chart_figure

X = np.arange(3.0)


def drawn(chart, label="SYNTHETIC"):
    return json.loads(figure_json(chart_figure(chart, label)))


def test_lines_and_bands_hold_the_numbers_of_the_chart():
    chart = Chart(
        title="t",
        x_label="x",
        y_label="y",
        lines=(Line(name="<b>", x=X, y=2.0 * X, style=1),),
        bands=(Band(name="band", x=X, low=X, high=X + 1.0),),
        y_range=(0.0, 9.0),
    )
    low, high, line = drawn(chart)["data"]
    assert line["y"] == [0.0, 2.0, 4.0]
    assert line["line"]["color"] == colour(1)
    assert line["name"] == "&lt;b&gt;"
    assert (low["y"], high["y"], high["fill"]) == ([0.0, 1.0, 2.0], [1.0, 2.0, 3.0], "tonexty")
    assert drawn(chart)["layout"]["yaxis"]["range"] == [0.0, 9.0]
    assert "SYNTHETIC" in drawn(chart)["layout"]["title"]["text"]


def test_bars_lie_stack_and_begin_where_they_are_told():
    bars = (Bars(name="a", values=np.array([1.0, 2.0]), starts=np.array([3.0, 4.0])),)
    chart = Chart(title="t", x_label="x", y_label="", bars=bars, categories=("p", "q"), is_lying=True, is_stacked=True)
    figure = drawn(chart)
    (bar,) = figure["data"]
    assert (bar["orientation"], bar["x"], bar["y"], bar["base"]) == ("h", [1.0, 2.0], ["p", "q"], [3.0, 4.0])
    assert figure["layout"]["barmode"] == "stack"
    assert figure["layout"]["yaxis"]["autorange"] == "reversed"


def test_a_logarithmic_axis_is_one():
    chart = Chart(
        title="t", x_label="x", y_label="y", bars=(Bars(name="a", values=X),), categories=("a", "b", "c"), is_log=True
    )
    assert drawn(chart)["layout"]["yaxis"]["type"] == "log"
    assert drawn(chart)["layout"]["barmode"] == "group"


def test_names_of_categories_are_not_taken_for_dates():
    bars = (Bars(name="a", values=X),)
    chart = Chart(title="t", x_label="x", y_label="y", bars=bars, categories=("1-2", "2-5", "10-20"))
    assert drawn(chart)["layout"]["xaxis"]["type"] == "category"
