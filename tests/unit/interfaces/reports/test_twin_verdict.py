from dataclasses import replace

import numpy as np
import pytest

from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_verdict import recommendations, verdict, verdict_sentences
from unit.interfaces.reports.twin_case import result, with_risk
from unit.interfaces.reports.twin_telemetry_case import measured


@pytest.fixture(scope="module")
def figures():
    return study_figures(result())


def with_money(each, **changes):
    return replace(each, money=replace(each.money, **changes))


def test_a_strategy_holds_where_nine_lives_of_ten_do(figures):
    each = with_money(
        figures.strategies[0], asked_share=0.9, risk=replace(figures.strategies[0].money.risk, missed=0.1)
    )
    assert verdict(each).word == "HOLDS"
    assert verdict(with_money(each, asked_share=0.899)).fails == ("the return that is asked",)
    lost = replace(each.money.risk, missed=0.2)
    assert verdict(with_money(each, risk=lost)).fails == ("the debt service",)
    broken = replace(each, warranty=replace(each.warranty, condition_breach=0.2))
    assert verdict(broken).fails == ("the warranty's conditions",)


def test_what_is_not_there_cannot_fail():
    each = study_figures(result(has_debt=False, has_warranty=False)).strategies[1]
    assert verdict(with_money(each, asked_share=1.0, risk=None)).word == "HOLDS"


def test_sentences_name_each_strategy(figures):
    said = verdict_sentences(figures)
    assert [each.split(":")[0] for each in said] == ["base", "hard"]
    assert all("7.10" in each for each in said)


def test_the_first_recommendation_is_the_best_at_p90(figures):
    worst, best = sorted(figures.strategies, key=lambda each: each.money.npv.p90)
    said = recommendations(figures)[0]
    assert best.name in said
    only = replace(figures, strategies=(best,))
    assert "only strategy" in recommendations(only)[0]
    kept = replace(figures, strategies=(best, worst))
    assert recommendations(kept)[0].startswith(f"Keep to {best.name}")


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("a second service", {"full_cycles": 100.0}),
        ("cap the duty", {"full_cycles": 590.0}),
    ],
)
def test_use_of_the_warranty_is_told(figures, words, changes):
    each = figures.strategies[0]
    used = replace(each, full_cycles=each.full_cycles * 0.0 + changes["full_cycles"])
    said = recommendations(replace(figures, strategies=(used,)))
    assert any(words in one for one in said)


def test_models_that_disagree_and_made_up_duty_are_told(figures):
    said = " ".join(recommendations(figures))
    assert "Ageing models differ by up to" in said
    assert "SYNTHETIC" in said
    assert "sony_lfp_3ah is asked outside" in said
    name = "a plan of ours"
    outcome = figures.strategies[0].outcome
    told = replace(outcome, remarks=(f"{name}, change 1: sony_lfp_3ah extrapolates for 9 % of the throughput",))
    one = replace(figures, strategies=(replace(figures.strategies[0], outcome=told),))
    assert any(each.startswith("sony_lfp_3ah is asked outside") for each in recommendations(one)), "no strategy's name"


def test_nothing_is_recommended_that_loses_at_p90(figures):
    lost = [with_money(each, npv=replace(each.money.npv, p90=-1.0 - k)) for k, each in enumerate(figures.strategies)]
    said = recommendations(replace(figures, strategies=tuple(lost)))[0]
    assert "do not build on these assumptions" in said
    assert f"that of {lost[0].name}:" in said


def test_telemetry_is_not_advised_where_there_is_some():
    said = " ".join(recommendations(study_figures(measured())))
    assert "With the telemetry of this study ageing models still differ by up to" in said
    assert "Telemetry of the first year" not in said


def test_a_plant_that_earns_too_little_is_told_the_price_that_it_needs():
    figures = study_figures(with_risk(result()))
    each = figures.strategies[0]
    sure = replace(each.money.sure, break_even_capacity_price_per_mw_h=np.array([11.0, 12.5]))
    poor = with_money(each, npv=replace(each.money.npv, p90=-1.0), sure=sure)
    said = recommendations(replace(figures, strategies=(poor,)))
    assert any("must be paid 12.50 EUR" in one and "25.0\u00a0% more" in one for one in said)
    lost = with_money(poor, sure=replace(sure, break_even_capacity_price_per_mw_h=np.full(2, np.nan)))
    said = recommendations(replace(figures, strategies=(lost,)))
    assert any("no price of response" in one for one in said)


def test_a_trade_that_earns_too_little_is_told_the_spread_that_it_needs(figures):
    each = study_figures(with_risk(result())).strategies[0]
    for factor, words in ((1.5, "1.50 times as far"), (np.nan, "no spread of prices")):
        sure = replace(each.money.sure, break_even_spread_factor=np.array([1.2, factor]))
        poor = with_money(each, npv=replace(each.money.npv, p90=-1.0), sure=sure)
        assert any(words in one for one in recommendations(replace(figures, strategies=(poor,))))


def test_a_return_that_does_not_exist_is_said_to_be_none(figures):
    first = figures.strategies[0]
    irr = replace(first.money.irr, p50=np.nan, p90=np.nan)
    none = replace(figures, strategies=(with_money(first, irr=irr),))
    assert "P50 return none, P90 none" in verdict_sentences(none)[0]
