"""The tables say what the scores say."""

import re
from datetime import date, timedelta
from html import unescape

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.forecast.model_card import model_card
from battuta.interfaces.reports.forecast_tables import (
    card_html,
    importance_figure,
    notes_table,
    paths_table,
    quarter_table,
    score_table,
    width_table,
)
from battuta.interfaces.reports.wording import number_text, percent_text
from battuta.numerics import scores
from battuta.studies.path_evaluation import PathScores
from unit.interfaces.reports.forecast_case import evaluation, record


def rows(html):
    """Cells of each row of the body, by their first."""
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]
    return {unescape(row[0]): [unescape(cell) for cell in row[1:]] for row in found}


def test_errors_of_everybody():
    made = evaluation(60, missing=[5])
    late = made.point + 1.0
    late[:10] = np.nan
    found = record(made, {"late": late})
    cells = rows(score_table(found))
    own = found.scores
    assert cells["▸ this forecast"] == [
        "this forecast",
        number_text(own.mae, 3),
        number_text(own.rmae, 3),
        percent_text(own.smape, 2),
        number_text(own.rmse, 3),
        f"{59 * 24:,}",
    ]
    assert cells["LEAR, mean of windows"][1] == number_text(own.mae_members["lear"], 3)
    assert cells["similar day"][1] == "10.000"
    assert cells["a week before"][2] == "1.000"
    assert cells["late"][-1] == f"{50 * 24:,}"


def test_weeks_that_are_unknown_leave_a_dash():
    made = evaluation(60, weekly=np.full((60, 24), 1.0))
    made.weekly[:] = made.price_per_mwh  # exactly right: nothing to be relative to
    assert rows(quarter_table(record(made, scored=evaluation(60))))["2026-01-19 to 2026-03-19"][2] == "-"


def test_bands_beside_the_baseline():
    found = record(n_days=60)
    cells = rows(width_table(found))
    low, high = found.evaluation.quantiles[..., 4], found.evaluation.quantiles[..., 94]
    assert cells["90 %"][0] == percent_text(found.scores.coverage_90)
    assert cells["90 %"][1] == number_text(float((high - low).mean()))
    assert cells["90 %"][2] == number_text(scores.winkler(low, high, found.price_per_mwh, 0.9))
    assert cells["90 %"][4] == number_text(float((found.baseline[..., 94] - found.baseline[..., 4]).mean()))
    assert list(cells)[1:] == ["50 %", "80 %", "90 %", "98 %"]


def test_quarters():
    found = record(n_days=160)
    cells = rows(quarter_table(found))
    assert [cells[name][0] for name in ("2026-01-19 to 2026-04-19", "2026-04-20 to 2026-06-27")] == ["91", "69"]
    assert cells["2026-01-19 to 2026-04-19"][4] == percent_text(found.scores.coverage_90_quarters[0])


def test_joint_courses_beside_shuffled_ones():
    days = [PathScores(energy=3.0, energy_independent=4.0, variogram=1.0, variogram_independent=x) for x in (2.0, 6.0)]
    cells = rows(paths_table(record(evaluation(20, path_scores=tuple(days)))))
    assert cells["energy score"] == ["3.000", "4.000", "0.750"]
    assert cells["variogram score"] == ["1.000", "4.000", "0.250"]
    assert paths_table(record(n_days=20)) == ""


def test_notes_say_on_which_days():
    notes = [()] * 40
    for day in (0, 1, 2, 7, 20, 21):
        notes[day] = ("without trees: too little history",)
    notes[21] = (*notes[21], "without <wind>")
    cells = rows(notes_table(record(evaluation(40, notes=tuple(notes)))))
    assert cells["without trees: too little history"] == [
        "6",
        "2026-01-19 to 2026-01-21, 2026-01-26, 2026-02-08 to 2026-02-09",
    ]
    assert cells["without <wind>"] == ["1", "2026-02-09"]


def test_many_spans_are_cut():
    notes = tuple(("odd",) if day % 2 else () for day in range(40))
    when = rows(notes_table(record(evaluation(40, notes=notes))))["odd"][1]
    assert when.endswith(", and 8 more spans")
    assert str(date(2026, 1, 19) + timedelta(days=1)) in when


def test_no_notes():
    assert "Nothing was missing" in notes_table(record(evaluation(20, notes=((),) * 20)))


def test_importance_is_shown_as_shares():
    bars = importance_figure(record(n_days=20), {"wind": 1.0, "load <mw>": 3.0}).data[0]
    assert list(bars.y) == ["load &lt;mw&gt;", "wind"]
    assert list(bars.x) == [75.0, 25.0]


@pytest.mark.parametrize("weights", [{"wind": -1.0, "load": 3.0}, {"wind": float("nan")}, {"wind": 0.0}])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(UsageError, match="give finite weights >= 0, not all zero"):
        importance_figure(record(n_days=20), weights)


def test_the_card_is_printed_whole():
    card, words = model_card(), unescape(card_html(model_card()))
    for sentence in (*card.tuned_on, *card.inputs, *card.sensitivity, *card.limits, *card.mixing, *card.references()):
        assert sentence in words
    for family in card.families:
        assert family.what in words
