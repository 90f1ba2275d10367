"""Clauses in words; limits that do not bind say so."""

import math

import pytest

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import (
    FloorBetween,
    SohBand,
    SohGuarantee,
    UseLimits,
    Window,
    WindowQuantity,
    YearKind,
)
from battuta.twin.warranty_words import capacity_text, use_clauses, window_limit, window_text


def test_the_promise_is_said_in_words():
    promise = SohGuarantee(
        bands=(SohBand(full_cycles_per_year_max=365.0, floor=((10.0, 0.7),)),), between=FloorBetween.STEP
    )
    assert capacity_text(promise) == (
        "state of health of capacity by year, step: up to 365 full cycles a year 0.7 after 10; "
        "tolerance 0, doubt borne by owner"
    )


def test_limits_of_use_say_their_years():
    warranty = Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=2,
        currency="EUR",
        year_kind=YearKind.CALENDAR,
        use=UseLimits(full_cycles_per_year_max=365.0),
    )
    clauses = {each.name: each for each in use_clauses(warranty)}
    assert clauses["full_cycles_per_year"].text == "at most 365 full cycles in each calendar year"
    assert clauses["full_cycles"].limit == math.inf
    assert len(clauses) == 5


@pytest.mark.parametrize(
    ("given", "text", "limit"),
    [
        (
            {"quantity": WindowQuantity.TEMPERATURE, "low": 15.0, "high": 35.0, "average_minutes": 1440.0},
            "cell temperature, mean of 1440 min, from 15 to 35 degC, always",
            (35.0, "degC"),
        ),
        (
            {"quantity": WindowQuantity.CHARGING_TEMPERATURE, "low": 0.0},
            "cell temperature while charging at least 0 degC, always",
            (0.0, "degC"),
        ),
        (
            {"quantity": WindowQuantity.RESTING_SOC, "high": 0.9, "share_outside_max": 0.02},
            "state of charge at rest at most 0.9, but for 2 % of a year",
            (0.02, "-"),
        ),
    ],
)
def test_a_window_is_said_in_words(given, text, limit):
    window = Window(name="w", **given)
    assert window_text(window) == text
    assert window_limit(window) == limit
