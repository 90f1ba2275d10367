"""Floors by year and band; numbers that no clause can mean are refused."""

import math

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.warranty_terms import (
    DoubtBearer,
    FloorBetween,
    LiquidatedDamages,
    Performance,
    SohBand,
    SohGuarantee,
    SohProtocol,
    UseLimits,
    Window,
    WindowQuantity,
    rises,
)

BAND = SohBand(floor=((2.0, 0.9), (10.0, 0.7)))


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (FloorBetween.LINEAR, [math.nan, 0.9, 0.8, 0.7, math.nan]),
        (FloorBetween.STEP, [0.9, 0.9, 0.7, 0.7, math.nan]),
        (FloorBetween.LISTED, [math.nan, 0.9, math.nan, 0.7, math.nan]),
    ],
)
def test_between_the_years_holds_what_the_contract_says(between, expected):
    found = BAND.at(np.array([1.0, 2.0, 6.0, 10.0, 11.0]), between)
    np.testing.assert_allclose(found, expected)


def test_exactly_at_the_end_of_a_band_is_in_it():
    calm = SohBand(full_cycles_per_year_max=365.0, floor=((10.0, 0.7),))
    busy = SohBand(full_cycles_per_year_min=365.0, full_cycles_per_year_max=500.0, floor=((10.0, 0.6),))
    promise = SohGuarantee(bands=(calm, busy))
    rounded = sum([0.1] * 3650)  # above 365 by rounding alone
    assert rounded > 365.0
    use = np.array([[0.0], [rounded], [365.1], [500.0], [500.1]])
    np.testing.assert_allclose(promise.floor(np.array([10.0]), use)[:, 0], [0.7, 0.7, 0.6, 0.6, math.nan])


@pytest.mark.parametrize(
    ("bearer", "allowance"), [(DoubtBearer.OWNER, 0.02), (DoubtBearer.SUPPLIER, -0.02), (DoubtBearer.NOBODY, 0.0)]
)
def test_the_tolerance_costs_who_bears_the_doubt(bearer, allowance):
    assert SohGuarantee(bands=(BAND,), tolerance=0.02, doubt_borne_by=bearer).allowance == allowance


def test_a_floor_that_rises_is_seen():
    assert rises(((1.0, 0.9), (2.0, 0.9), (3.0, 0.8))) == ()
    assert rises(((1.0, 0.9), (2.0, 0.95))) == ((2.0, 0.95),)
    assert rises(((1.0, 0.9), (1.0, 0.8))) == ((1.0, 0.8),)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: SohBand(floor=((10.0, 70.0),)), "floor soh_capacity = 70"),
        (lambda: SohBand(floor=((-1.0, 0.7),)), "floor year = -1"),
        (lambda: SohBand(full_cycles_per_year_min=-1.0, floor=((10.0, 0.7),)), "full_cycles_per_year_min = -1"),
        (lambda: SohGuarantee(bands=(BAND,), tolerance=2.0), "soh.tolerance = 2"),
        (lambda: UseLimits(full_cycles_max=-1.0), "use.full_cycles_max = -1"),
        (lambda: UseLimits(full_cycles_max=math.nan), "use.full_cycles_max = nan"),
        (lambda: Window(name="w", quantity=WindowQuantity.SOC, share_outside_max=2.0), "share_outside_max = 2"),
        (lambda: Window(name="w", quantity=WindowQuantity.SOC, average_minutes=-1.0), "average_minutes = -1"),
        (lambda: Window(name="w", quantity=WindowQuantity.SOC, low=10.0, high=90.0), "window 'w' low = 10"),
        (lambda: Window(name="w", quantity=WindowQuantity.TEMPERATURE, high=313.0), "window 'w' high = 313"),
        (lambda: Window(name="w", quantity=WindowQuantity.CHARGE_RATE, high=-0.5), "window 'w' high = -0.5"),
        (lambda: SohProtocol(c_rate=-0.5), "soh.protocol.c_rate = -0.5"),
        (lambda: SohProtocol(temperature_c_max=298.0), "soh.protocol.temperature_c_max = 298"),
        (lambda: SohProtocol(interval_days=0.0), "soh.protocol.interval_days = 0"),
        (lambda: Performance(availability_min=97.0), "performance.availability_min = 97"),
        (lambda: LiquidatedDamages(cap=-1.0), "damages.cap = -1"),
    ],
)
def test_a_number_that_no_clause_can_mean_is_refused(make, said):
    with pytest.raises(InvalidQuantityError) as caught:
        make()
    assert said in str(caught.value)


def test_a_promise_without_figures_is_refused():
    with pytest.raises(UsageError, match="floor names no year"):
        SohBand(floor=())
    with pytest.raises(UsageError, match=r"soh\.bands is empty"):
        SohGuarantee(bands=())


def test_a_window_knows_its_unit():
    assert WindowQuantity.CHARGE_RATE.unit == "1/h"
    assert all(each.unit for each in WindowQuantity)
