import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from battuta.interfaces.reports.twin_blocks import Band, Bars, Chart, Line

pytest.importorskip("matplotlib")
from battuta.interfaces.reports.twin_svg import chart_fonts, chart_svg, shortened

X = np.arange(5.0)
LINES = Chart(
    title="A title",
    x_label="year",
    y_label="% of new",
    lines=(Line(name="one", x=X, y=X), Line(name="limit", x=X, y=X * np.nan, is_quiet=True)),
    bands=(Band(name="band", x=X, low=X - 1.0, high=X + 1.0),),
    y_range=(-2.0, 7.0),
)


def words_of(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())


def test_same_chart_same_bytes_and_no_date():
    assert chart_svg(LINES) == chart_svg(LINES)
    assert b"<dc:date>" not in chart_svg(LINES)


def test_words_are_text_that_can_be_searched():
    words = words_of(chart_svg(LINES))
    assert {"A title", "year", "% of new", "one", "limit", "band"} <= set(words)


def test_one_line_alone_needs_no_legend():
    alone = Chart(title="t", x_label="x", y_label="y", lines=(Line(name="alone", x=X, y=X),))
    assert "alone" not in words_of(chart_svg(alone))


@pytest.mark.parametrize("changes", [{"is_lying": True}, {"is_stacked": True}, {"is_log": True}, {"share": 0.5}])
def test_bars_of_every_kind_name_their_categories(changes):
    bars = (Bars(name="a", values=np.array([1.0, 2.0])), Bars(name="b", values=np.array([3.0, 0.0]), style=1))
    chart = Chart(title="t", x_label="x", y_label="y", bars=bars, categories=("first", "second"), **changes)
    assert {"first", "second"} <= set(words_of(chart_svg(chart)))


def test_bars_begin_where_they_are_told():
    at = [
        chart_svg(
            Chart(
                title="t",
                x_label="x",
                y_label="",
                bars=(Bars(name="a", values=np.array([1.0]), starts=np.array([start])),),
                categories=("first",),
                is_lying=True,
            )
        )
        for start in (5.0, 7.0)
    ]
    assert at[0] != at[1]


def test_the_fonts_of_charts_are_there():
    from pathlib import Path

    assert (Path(chart_fonts()) / "DejaVuSans.ttf").is_file()


def test_a_long_title_above_lying_bars_begins_at_the_left_edge():
    lying = replace(
        LINES,
        title="perfect foresight, discounted",
        lines=(),
        bands=(),
        bars=(Bars(name="one", values=np.ones(1), style=0),),
        categories=("availability -2 to +2 points",),
        is_lying=True,
        share=0.5,
        y_range=None,
    )
    drawn = re.search(r"<text[^>]*(?:translate\(|x=\")(-?[0-9.]+)[^>]*>perfect foresight", chart_svg(lying).decode())
    assert drawn is not None
    assert 0.0 <= float(drawn.group(1)) < 15.0


@pytest.mark.parametrize(
    ("start", "values"), [(-1363.0, (-100.0, 115.0)), (-659.0, (-160.0, 170.0)), (0.0, (0.0, 9.0))]
)
def test_numbers_below_lying_bars_stand_apart_and_inside_the_picture(start, values):
    bars = Bars(name="a", values=np.array(values), starts=np.full(2, start))
    names = ("availability -2 to +2 points", "cost")
    drawn = chart_svg(
        Chart(title="t", x_label="kEUR", y_label="", bars=(bars,), categories=names, is_lying=True, share=0.5)
    ).decode()
    wide = float(re.findall(r'width="([0-9.]+)pt"', drawn)[0])
    labels = re.findall(r'<text[^>]*text-anchor: middle[^>]*x="([0-9.]+)"[^>]*>([^<]*)</text>', drawn)
    ends = sorted((float(x) - 2.6 * len(word), float(x) + 2.6 * len(word)) for x, word in labels if word != "kEUR")
    assert len(ends) >= 2
    assert ends[-1][1] <= wide
    assert all(right < left for (_, right), (left, _) in pairwise(ends))


def test_names_too_long_for_the_picture_are_cut_in_their_middle():
    names = [f"share {k}: of all power that stands at the site, for response" for k in (1, 10)]
    lines = tuple(Line(name=each, x=X, y=X) for each in names)
    words = words_of(chart_svg(Chart(title=names[0], x_label="x", y_label="y", lines=lines, share=1 / 3)))
    assert not set(names) & set(words)
    cut = [word for word in words if "…" in word]
    assert len(set(cut)) == 3, "a title and two names that still differ"
    assert all(word.startswith("share 1") and word.endswith("e") for word in cut)
    assert shortened("short", 5) == "short"


def test_names_of_any_length_and_letters_are_drawn():
    name = "a\tb $x$ " + 500 * "W"
    bars = Bars(name=name, values=np.array([1.0]))
    for lying in (True, False):
        chart = Chart(title=name, x_label="x", y_label="y", bars=(bars,), categories=(name,), is_lying=lying, share=0.5)
        words = words_of(chart_svg(chart))
        assert any(word.startswith("a b $x$ W") and "…" in word for word in words)
