from dataclasses import replace

from battuta.domain.market_history import ExpectedYear
from battuta.interfaces.reports.twin_blocks import Picture, Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_trading_section import trading
from battuta.interfaces.reports.twin_wording import money_text
from unit.interfaces.reports.twin_case import result as regulated
from unit.studies.trading_case import result


def parts(made):
    blocks = trading(study_figures(made))
    words = " ".join(each.text for each in blocks if isinstance(each, Words))
    return words, [each for each in blocks if isinstance(each, Rows)], [x for x in blocks if isinstance(x, Picture)]


def test_nothing_is_said_where_nothing_is_traded():
    assert trading(study_figures(regulated())) == ()


def test_capture_history_and_saturation_are_said():
    words, (captures, history), (picture,) = parts(result())
    assert "SYNTHETIC" in words
    assert "Prices of 2021 and 2022" in words
    assert "-2.0\u00a0% a year, to no less than 70\u00a0%" in words
    assert [row[3] for row in captures.rows] == ["ASSUMED of perfect foresight", "measured, no foresight"]
    made = study_figures(result()).strategies[0].trading
    assert history.rows[0][7:9] == (
        money_text(made.history[0].margin_planned),
        money_text(made.history[0].margin_metered),
    )
    assert [row[0] for row in history.rows] == ["best", "", "blind", ""]
    assert [each.title for each in picture.charts] == ["Years of history, new battery", "Years ahead"]


def test_no_saturation_or_an_own_expectation_is_said_too():
    made = result()
    flat = replace(made.study.market, spread_trend_per_year=0.0)
    assert "no saturation" in parts(replace(made, study=replace(made.study, market=flat)))[0]
    own = (ExpectedYear(year=2027, energy_price_factor=1.0, spread_factor=1.0),)
    assert "own file" in parts(replace(made, inputs=replace(made.inputs, expected=own)))[0]
