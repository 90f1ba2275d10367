"""Cells on a slow charge: capacity, charge ahead and plateaus come back within what is told of them."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.telemetry import Block
from battuta.health.charge_features import charge_features
from unit.health.charge_days import CAPACITY_AH, N_CELLS, charge_day

NAMES = ("between_ah", "between_share", "upper_lead_ah", "lower_lead_ah", "below_ah_per_v", "above_ah_per_v")


def test_capacity_is_told_whatever_the_charge_of_a_cell():
    rng = np.random.default_rng(3)
    capacity = 1.0 + 0.01 * rng.normal(size=N_CELLS)
    capacity[4] = 0.93
    lead = 0.005 * rng.normal(size=N_CELLS)
    told = charge_features(charge_day(capacity=capacity, lead=lead), CAPACITY_AH)
    off = told.between_share - capacity / np.median(capacity)
    assert np.abs(off - np.median(off)).max() < 0.02
    assert np.corrcoef(told.between_share, capacity)[0, 1] > 0.9
    assert np.abs(off / told.between_share_deviation).max() < 4.0
    assert (told.between_deviation_ah >= 0.005 * told.between_ah).all()
    assert told.charge_ah / CAPACITY_AH == pytest.approx(0.81, abs=0.02)


def test_charge_ahead_is_told_at_the_step():
    lead = np.linspace(-0.012, 0.012, N_CELLS)
    told = charge_features(charge_day(lead=lead), CAPACITY_AH)
    np.testing.assert_allclose(told.upper_lead_ah, CAPACITY_AH * lead, atol=0.7)
    np.testing.assert_allclose(told.lower_lead_ah, CAPACITY_AH * lead, atol=2.5)
    assert (told.upper_lead_deviation_ah < told.lower_lead_deviation_ah).all()
    np.testing.assert_allclose(told.upper_height_share, 1.0, atol=0.1)


def test_plateaus_have_the_height_of_the_curve():
    told = charge_features(charge_day(noise_v=1e-4), CAPACITY_AH)
    seen = np.isfinite(told.above_ah_per_v)
    assert seen.sum() > N_CELLS // 2
    slope = 1.0 / told.above_ah_per_v[seen]
    assert np.median(slope) * CAPACITY_AH == pytest.approx(0.03, rel=0.2)
    assert np.nanmedian(told.above_v) > np.nanmedian(told.below_v) > 3.2
    assert (told.above_deviation_ah_per_v[seen] < told.above_ah_per_v[seen] / 3.0).all()


def test_what_is_not_gone_through_is_not_told():
    told = charge_features(charge_day(soc_to=0.5), CAPACITY_AH)
    assert np.isfinite(told.charge_ah)
    none = charge_features(charge_day(rate=0.5), CAPACITY_AH)
    assert np.isnan(none.charge_ah)
    half = charge_features(charge_day(soc_from=0.45), CAPACITY_AH)
    assert np.isfinite(half.upper_lead_ah).all()
    assert np.isnan(half.between_share).all()
    for name in NAMES:
        assert np.isnan(getattr(told, name)).all()
        assert np.isnan(getattr(none, name)).all()
    assert none.n_rows.tolist() == [0] * N_CELLS


def test_a_cell_that_is_hardly_read_or_far_off_is_left_out():
    lead = np.zeros(N_CELLS)
    lead[7] = 0.2
    block = charge_day(lead=lead)
    voltage_v = block.voltage_v.copy()
    voltage_v[::2, 2] = np.nan
    told = charge_features(
        Block(
            string_id="a", time_ns=block.time_ns, current_a=block.current_a, voltage_v=voltage_v,
            temperature_c=block.temperature_c,
        ),
        CAPACITY_AH,
    )  # fmt: skip
    assert np.flatnonzero(np.isnan(told.upper_lead_ah)).tolist() == [2, 7]


def test_a_capacity_of_nothing_is_refused():
    with pytest.raises(InvalidQuantityError, match="capacity_ah"):
        charge_features(charge_day(), 0.0)


def test_a_plateau_of_a_single_row_is_not_told():
    # Warnings are errors here: a line through one row would be a division of nothing by nothing.
    coarse = charge_day(rate=0.3, noise_v=3e-3).rows(slice(0, None, 3))
    told = charge_features(coarse, CAPACITY_AH)
    assert np.isfinite(told.upper_lead_ah).any()
    assert np.isnan(told.below_ah_per_v).all() or np.isnan(told.above_ah_per_v).all()
