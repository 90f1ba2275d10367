"""A figure carries its label, offers no upload, and its JSON cannot break a page."""

import json

from battuta.interfaces.reports.plotly_figure import LABEL_WIDTH, axis, figure_json, make_figure, note, time_axis

LABEL = "SYNTHETIC: synthetic market, seed 7, not market data; benchmark on days of 24 h"


def made(title="Title", label=LABEL):
    return make_figure(
        [{"type": "scatter", "x": [0, 1], "y": [1, 2]}], {"xaxis": axis()}, title=title, label=label, height_px=200
    )


def test_the_label_stands_on_it_in_lines_that_fit_a_phone():
    text = made().layout.title.text
    lines = text.split("<b>")[-1].removesuffix("</b></span>").split("<br>")
    assert " ".join(lines) == LABEL
    assert max(map(len, lines)) <= LABEL_WIDTH


def test_no_label_no_warning():
    assert made(label="").layout.title.text == "<b>Title</b>"
    assert made(label="").layout.height < made().layout.height


def test_it_offers_no_upload():
    assert "sendChartToCloud" in made().layout.modebar.remove


def test_user_text_is_no_markup():
    text = made(title="<a href='http://x'>").layout.title.text
    assert "<a" not in text


def test_json_can_stand_in_a_page():
    figure = made(title="</script><!-- & -->")
    text = figure_json(figure)
    assert not set("<>&") & set(text)
    assert json.loads(text)["layout"]["title"]["text"] == figure.layout.title.text


def test_pieces_can_be_changed():
    assert axis(nticks=3)["nticks"] == 3
    assert time_axis()["type"] == "date"
    assert note("x", x=0.0, y=1.0, xanchor="right")["xanchor"] == "right"
