"""Sharing over time: debts, sleep, limits by state, weights and windows."""

from time import perf_counter

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health.module_sharing import (
    ModuleSharing,
    SharingLaw,
    SharingNote,
    life_weights,
    share_windows,
)

LAW = SharingLaw(loss_share=0.0)


def test_modules_with_more_life_take_more_and_the_sum_is_the_setpoint() -> None:
    sharing = ModuleSharing.of(np.full(24, 100.0), law=LAW)
    sharing.set_weights(np.linspace(0.5, 2.0, 24))
    power_kw, notes = sharing.step(-1200.0, dt_s=1.0)
    assert notes is SharingNote.NONE
    assert power_kw.sum() == pytest.approx(-1200.0, rel=1e-14)
    assert (np.diff(power_kw) <= 1e-9).all()
    assert power_kw.min() == pytest.approx(-65.0)
    assert power_kw.max() == pytest.approx(-35.0)


def test_a_day_at_part_load_with_sleep_loses_less_and_keeps_the_shares() -> None:
    law = SharingLaw(loss_share=0.0, may_sleep=True)
    sleeping, waking = (
        ModuleSharing.of(np.full(6, 100.0), law=each, no_load_pu=0.005, quadratic_pu=0.02) for each in (law, LAW)
    )
    weight = np.array([0.8, 0.9, 1.0, 1.0, 1.1, 1.2])
    energy_kwh, loss_kwh = np.zeros((2, 6)), np.zeros(2)
    for row, sharing in enumerate((sleeping, waking)):
        sharing.set_weights(weight)
        for _ in range(3 * 1440):
            power_kw, _ = sharing.step(100.0, dt_s=60.0)
            assert power_kw.sum() == pytest.approx(100.0, rel=1e-12)
            energy_kwh[row] += power_kw / 60.0
            loss_kwh[row] += (np.where(power_kw > 0.0, 0.5 + 2e-4 * power_kw**2, 0.0) / 60.0).sum()
    assert loss_kwh[0] < 0.75 * loss_kwh[1]
    np.testing.assert_allclose(energy_kwh[0], energy_kwh[1], atol=80.0)
    np.testing.assert_allclose(energy_kwh[1] / energy_kwh[1].sum(), weight / 6.0)


def test_what_is_owed_is_bounded() -> None:
    sharing = ModuleSharing.of(np.full(2, 100.0), law=SharingLaw(may_sleep=True, stay_h=4.0))
    for _ in range(30):
        sharing.step(50.0, dt_s=3600.0)
    assert abs(sharing.owed_kwh).max() <= 400.0


def test_weights_are_life_over_rate_and_unknown_stays_unknown() -> None:
    weight = life_weights(np.array([0.95, 0.6, np.nan, 0.9]), np.array([1.0, 1.0, 1.0, 0.0]))
    np.testing.assert_allclose(weight, [0.25, 0.01, np.nan, np.nan])
    half = life_weights(np.array([0.95]), np.array([2.0]), steering=0.5)
    np.testing.assert_allclose(half, np.sqrt(0.95 * 0.125))
    sharing = ModuleSharing.of(np.full(4, 100.0), law=LAW)
    sharing.set_weights(weight)
    power_kw, notes = sharing.step(100.0, dt_s=1.0)
    np.testing.assert_allclose(power_kw, 25.0)
    assert notes is SharingNote.WEIGHT_UNKNOWN


def test_windows_hold_the_energy_and_lie_at_their_anchor() -> None:
    capacity = np.array([80.0, 90.0, 100.0])
    weight = np.array([0.5, 1.0, 2.0])
    for anchor in (0.0, 0.5, 1.0):
        low, high, notes = share_windows(150.0, capacity, weight, soc_min=0.1, soc_max=0.95, anchor=anchor)
        assert notes is SharingNote.NONE
        assert ((high - low) * capacity).sum() == pytest.approx(150.0)
        assert low.min() >= 0.1 - 1e-12
        assert high.max() <= 0.95 + 1e-12
        np.testing.assert_allclose((low - 0.1) * (1.0 - anchor), (0.95 - high) * anchor, atol=1e-12)
    assert share_windows(500.0, capacity, weight, soc_min=0.1, soc_max=0.95)[2] & SharingNote.SHORT


def test_what_cannot_be_is_refused() -> None:
    for bad in ([], [100.0, 0.0], [100.0, float("nan")]):
        with pytest.raises(DataError, match="ratings of modules"):
            ModuleSharing.of(np.array(bad), law=LAW)
    with pytest.raises(InvalidQuantityError, match="steering"):
        life_weights(np.ones(2), np.ones(2), steering=1.1)
    with pytest.raises(InvalidQuantityError, match="band_share"):
        SharingLaw(band_share=1.5)
    with pytest.raises(InvalidQuantityError, match="stay_h"):
        SharingLaw(stay_h=-1.0)
    with pytest.raises(InvalidQuantityError, match="quadratic_pu"):
        ModuleSharing.of(np.ones(2), law=LAW, quadratic_pu=0.9)
    ones = np.ones(2)
    with pytest.raises(InvalidQuantityError, match="soc_max"):
        share_windows(1.0, ones, ones, soc_min=0.5, soc_max=0.4)
    with pytest.raises(InvalidQuantityError, match="anchor"):
        share_windows(1.0, ones, ones, soc_min=0.1, soc_max=0.9, anchor=2.0)
    with pytest.raises(InvalidQuantityError, match="energy_kwh"):
        share_windows(-1.0, ones, ones, soc_min=0.1, soc_max=0.9)
    with pytest.raises(DataError, match="hold something"):
        share_windows(1.0, 0.0 * ones, ones, soc_min=0.1, soc_max=0.9)


def test_a_second_is_far_longer_than_a_step() -> None:
    sharing = ModuleSharing.of(np.full(24, 100.0), law=SharingLaw(may_sleep=True))
    sharing.step(1000.0, dt_s=1.0)
    started = perf_counter()
    for _ in range(200):
        sharing.step(1000.0, dt_s=1.0)
    assert (perf_counter() - started) / 200 < 0.005
