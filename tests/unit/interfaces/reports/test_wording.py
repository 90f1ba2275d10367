"""Signs are said, missing values are a dash, zero has no sign."""

import math

import pytest

from battuta.domain.asset import Battery, Site
from battuta.domain.curves import Curve
from battuta.domain.market import Binding
from battuta.interfaces.reports.wording import action_text, battery_text, number_text, percent_text, step_sentence

STEP = {
    "power_kw": -500.0,
    "price_per_mwh": -3.0,
    "binding": Binding.FULL,
    "marginal_value_per_mwh": 40.0,
    "at_stake": 20.6,
    "wear": 1.5,
    "currency": "EUR",
    "money": "benchmark EUR",
    "is_planned": True,
}


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 1, "1,234.5"), (-0.0, 2, "0.00"), (-0.004, 2, "0.00"), (-0.006, 2, "-0.01"), (math.inf, 0, "-")],
)
def test_numbers(value, digits, text):
    assert number_text(value, digits) == text


def test_percent():
    assert percent_text(-0.5, is_signed=True) == "-50.0\u00a0%"
    assert percent_text(math.nan) == "-"


def test_left_overs_of_arithmetic_are_no_trade():
    assert action_text(1e-9) == "wait"
    assert step_sentence(**(STEP | {"power_kw": 1e-9})).startswith("Wait at")


def test_a_sentence_says_everything():
    sentence = step_sentence(**STEP)
    assert sentence.count(".") - sentence.count("0.") >= 1
    for part in (
        "Buy 500 kW at -3.00 EUR/MWh",
        "held by: upper SoC bound",
        "the plan valued stored energy at 40.00 EUR/MWh",
        "by its forecast idling would have cost 20.60 benchmark EUR",
        "wear 1.50 benchmark EUR",
    ):
        assert part in sentence


def test_what_is_not_known_is_not_said():
    sentence = step_sentence(**(STEP | {"marginal_value_per_mwh": math.nan, "at_stake": math.nan}))
    assert "nan" not in sentence
    assert "valued" not in sentence
    assert "idling" not in sentence


def test_a_battery_with_part_load():
    curve = Curve(x=(0.1, 1.0), y=(0.9, 0.95))
    assert "by part load" in battery_text(Site(battery=Battery(power_kw=1, energy_kwh=2, part_load_efficiency=curve)))
