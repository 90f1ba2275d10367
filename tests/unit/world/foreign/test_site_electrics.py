"""Contactors, joints, supplies and the panel answer to duty, and to what is planted in one of them."""

import numpy as np

from battuta.world.foreign.site_duty import site_duty
from battuta.world.foreign.site_electrics import joint_columns, panel_columns, switching_columns
from battuta.world.foreign.site_faults import SiteFault, SiteFaultKind

K = SiteFaultKind
N_DAYS, N_PER_DAY = 100, 144
DAY = np.arange(N_DAYS * N_PER_DAY) / N_PER_DAY
DUTY = site_duty(1, N_DAYS, N_PER_DAY, 3)
LATE = DAY >= 50.0


def planted(kind, size=1.0, part=1):
    return (SiteFault(kind=kind, start_day=50.0, size=size, part=part),)


def test_a_welded_contactor_and_a_blown_fuse_are_those_that_were_planted() -> None:
    healthy = switching_columns(1, DAY, DUTY, ())
    welded = switching_columns(1, DAY, DUTY, planted(K.CONTACTOR_WELDED))
    assert welded["contactor_state"][LATE & DUTY.is_open, 1].min() == 1.0
    assert np.array_equal(welded["contactor_state"][:, 0], healthy["contactor_state"][:, 0])
    blown = switching_columns(1, DAY, DUTY, planted(K.FUSE_BLOWN))
    assert np.abs(blown["string_current_a"][LATE, 1]).max() < 3.0
    assert np.abs(blown["string_current_a"][LATE, 0]).max() > 50.0


def test_hunting_switches_under_load_and_the_pre_charge_drifts() -> None:
    healthy = switching_columns(1, DAY, DUTY, ())
    hunting = switching_columns(1, DAY, DUTY, planted(K.CONTACTOR_HUNTING, 20.0))["contactor_open_current_a"][:, 1]
    assert np.sum(hunting[LATE] > 50.0) > 500
    slow = switching_columns(1, DAY, DUTY, planted(K.PRECHARGE_DRIFT, 0.5))["precharge_s"]
    assert np.nanmedian(slow[LATE]) > 1.4 * np.nanmedian(healthy["precharge_s"][LATE])


def test_a_loose_joint_is_hotter_than_it_was() -> None:
    air_c = np.full(DAY.size, 20.0)
    loose = joint_columns(1, DAY, DUTY.string_current_a, air_c, planted(K.JOINT_LOOSE, 2.0, 4))["joint_c"]
    sound = joint_columns(1, DAY, DUTY.string_current_a, air_c, ())["joint_c"]
    assert loose[LATE, 4].max() - 20.0 > 2.0 * (sound[LATE, 4].max() - 20.0)
    assert np.array_equal(loose[:, 3], sound[:, 3])


def test_supplies_panel_and_floor_say_what_was_planted() -> None:
    healthy = panel_columns(1, DAY, DUTY, ())
    assert healthy["fire_panel_fault"].mean() < 1e-3
    for kind, column in (
        (K.PANEL_FAULT, "fire_panel_fault"),
        (K.PANEL_DISABLED, "fire_panel_disabled"),
        (K.WATER_INSIDE, "water"),
    ):
        assert panel_columns(1, DAY, DUTY, planted(kind))[column][LATE].mean() >= 0.5
    sagged = panel_columns(1, DAY, DUTY, planted(K.SUPPLY_SAG, 3.0))["auxiliary_voltage_v"][LATE]
    assert sagged.mean() < healthy["auxiliary_voltage_v"][LATE].mean() - 2.9
    weak = panel_columns(1, DAY, DUTY, planted(K.UPS_WEAK, 2.0))["ups_test_voltage_v"][LATE]
    assert np.nanmean(weak) < np.nanmean(healthy["ups_test_voltage_v"][LATE]) - 1.9
