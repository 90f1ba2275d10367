"""Small charts: round ticks, days by name, lines that break where nothing was measured, words that stay inside."""

import re
from datetime import date

import numpy as np
import pytest

from battuta.interfaces.reports.health_chart import (
    EPOCH,
    Line,
    Scale,
    Tick,
    chart,
    day_ticks,
    frame,
    scale_of,
    value_ticks,
)


@pytest.mark.parametrize(("low", "high"), [(-3.1, 2.2), (0.0, 1e-4), (3.2999, 3.3001), (-250.0, 4.0), (0.0, 12_345.0)])
def test_ticks_are_round_few_and_inside(low: float, high: float) -> None:
    ticks = value_ticks(Scale(low=low, high=high))
    assert 2 <= len(ticks) <= 5
    values = [float(each.text.replace(",", "").replace("\u2212", "-")) for each in ticks]
    assert values == sorted(values)
    assert all(low <= value <= high for value in values)
    for tick, value in zip(ticks, values, strict=True):
        assert tick.share == pytest.approx((high - value) / (high - low), abs=1e-6)


@pytest.mark.parametrize("span", [1, 3, 10, 29, 70, 107, 300, 1000, 4000])
def test_days_are_named_a_few_times(span: int) -> None:
    first = (date(2025, 3, 17) - EPOCH).days
    ticks = day_ticks(first, first + span)
    assert 2 <= len(ticks) <= 6
    assert all(0.0 <= each.share <= 1.0 for each in ticks)
    assert np.diff([each.share for each in ticks]).min() > 0.12


def test_a_month_is_named_with_its_year_when_the_year_begins() -> None:
    first = (date(2024, 10, 5) - EPOCH).days
    assert [each.text for each in day_ticks(first, first + 200)] == ["Nov 2024", "Jan 2025", "Mar"]


def test_an_axis_holds_all_that_is_there_and_is_never_without_width() -> None:
    scale = scale_of(np.array([np.nan, 2.0]), [5.0])
    assert scale.low < 2.0
    assert scale.high > 5.0
    assert scale_of([3.0], least=0.2).high - scale_of([3.0], least=0.2).low == pytest.approx(0.2 * 1.16)
    assert scale_of([3.0]).high > 3.0 > scale_of([3.0]).low
    assert scale_of(np.array([np.nan])).high > scale_of(np.array([np.nan])).low


def drawn(y: list[float], upper: list[float] | None = None) -> str:
    line = Line(y=np.array(y), kind="cell", upper=None if upper is None else np.array(upper))
    unit = Scale(low=0.0, high=1.0)
    text = chart("t", np.linspace(0.0, 1.0, len(y)), [line], x_scale=unit, y_scale=unit, x_ticks=())
    return re.search(r' d="([^"]*)"', text).group(1)


def test_a_line_breaks_where_nothing_was_measured() -> None:
    assert drawn([0.0, 0.5, np.nan, 1.0, 1.0]) == "M0 1000l250-500M750 0l250+0"


def test_a_single_day_is_a_dash_and_a_band_goes_round() -> None:
    assert drawn([np.nan, 0.5, np.nan]) == "M500 500l1 0"
    assert drawn([0.0, 0.0], [1.0, 1.0]) == "M0 1000l1000+0 0-1000 -1000+0z"


def test_what_is_far_outside_leaves_the_drawing_and_not_the_page() -> None:
    numbers = [int(each) for each in re.findall(r"[+-]?\d+", drawn([0.5, 1e12, 0.5]))]
    assert max(map(abs, numbers)) <= 4000


def test_uprights_outside_the_time_are_not_drawn() -> None:
    unit = Scale(low=0.0, high=1.0)
    text = chart("t", np.zeros(1), (), x_scale=unit, y_scale=unit, x_ticks=(), uprights=[(0.5, "told"), (1.5, "since")])
    assert 'class="told" d="M500 0v1000"' in text
    assert "since" not in text


def test_words_at_the_ends_are_turned_inward() -> None:
    text = frame("", (), [Tick(share=0.0, text="a"), Tick(share=0.5, text="b"), Tick(share=1.0, text="c")], 100)
    assert re.findall(r'<span style="[^"]*"(?: class="(\w+)")?>(\w)</span>', text) == [
        ("first", "a"),
        ("", "b"),
        ("last", "c"),
    ]


def test_words_of_a_user_are_no_markup() -> None:
    unit = Scale(low=0.0, high=1.0)
    assert "<b>" not in chart("<b>", np.zeros(1), (), x_scale=unit, y_scale=unit, x_ticks=())
