"""A cell that goes on as it does meets its limit on a day that lies between an early and a late one."""

import math

import numpy as np
import pytest

from battuta.health.day_history import DayHistory
from battuta.health.days_to_limit import BEHIND_FACTOR, charge_limit_days, doubling_days
from battuta.health.string_scan import StringScan
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_CELLS, BAD = 40, 7


def history(*, n_days: int = 30, ohm_per_day: float = 0.0, step_ohm: float = 0.0, seed: int = 1) -> DayHistory:
    """Resistances with a microohm of noise a day; one cell grows, or stepped on the tenth day."""
    rng, kept = np.random.default_rng(seed), DayHistory.empty(N_CELLS)
    for day in range(n_days):
        values = rng.normal(0.0, 1e-6, N_CELLS)
        values[BAD] += ohm_per_day * day + (step_ohm if day >= 10 else 0.0)
        kept.append(20_000 + day, values, 1e-12)
    return kept


def test_a_leak_meets_a_tenth_of_charge() -> None:
    early, middle, late = charge_limit_days(0.02, 0.004, 0.0005)
    assert middle == pytest.approx((0.1 - 0.02 * BEHIND_FACTOR) / 0.004)
    assert early < 0.75 * middle < 1.33 * middle < late, "a speed is known to three tenths"
    assert charge_limit_days(-0.1, 0.004, 0.0)[1] == 50.0, "a cell that lies ahead is not moved"


def test_an_unsure_leak_may_never_meet_it_and_a_far_cell_has_met_it() -> None:
    assert charge_limit_days(0.0, 0.001, 0.001)[2] == math.inf
    assert charge_limit_days(0.2, 0.001, 0.0001) == (0.0, 0.0, 0.0)


def test_a_cell_that_may_lie_anywhere_below_may_meet_it_today() -> None:
    near = charge_limit_days(0.029, 0.002, 0.0001)
    far = charge_limit_days(0.031, 0.002, 0.0001)
    assert near[0] > 0.0 == far[0]
    assert charge_limit_days(0.029, 0.002, 0.0001, is_bounded=True) == (0.0, *near[1:])
    assert charge_limit_days(0.01, 0.0065, 0.0001)[0] == 0.0, "it loses faster than it is seen to fall behind"
    assert far[1] < (0.1 - 0.031) / 0.002, "the middle is shortened"


@pytest.mark.parametrize("lost_per_day", [0.0, -0.001, 1e-9])
def test_what_is_not_lost_meets_nothing(lost_per_day: float) -> None:
    assert charge_limit_days(0.0, lost_per_day, 1e-4) is None


def test_a_resistance_that_grows_doubles() -> None:
    early, middle, late = doubling_days(history(ohm_per_day=1e-5), BAD, 6e-4)
    assert middle == pytest.approx((6e-4 - 29e-5) / 1e-5, rel=0.05)
    assert early < middle < late < 1.2 * middle


def test_neither_a_step_long_ago_nor_a_healthy_cell_grows() -> None:
    assert doubling_days(history(step_ohm=3e-4), BAD, 6e-4) is None
    assert doubling_days(history(ohm_per_day=1e-5), 3, 6e-4) is None


def test_a_few_days_tell_no_growth() -> None:
    assert doubling_days(history(n_days=7, ohm_per_day=1e-5), BAD, 6e-4) is None
    assert doubling_days(history(n_days=9, ohm_per_day=1e-5), BAD, 6e-4) is not None


def told_and_true(seed: int, ohm: float) -> tuple[tuple[float, float, float], float]:
    """What was told first of a planted leak, and the days that it then had left, by its own current (SYNTHETIC)."""
    leak = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=20, start_day=25, size=ohm)
    life = StringLife(FleetPlan(seed=seed, n_strings=1, n_cells=48, faults=(leak,), has_events=False), 0)
    scan = StringScan(cell_parameters("lfp_314ah"), life.string_id, 48)
    for _ in range(60):
        found = [*scan.take(life.block(1)), *scan.close()]
        told = [each.days_to_limit for each in found if each.cell == 20 and each.days_to_limit is not None]
        if told:
            truth = life.truth
            lost_per_day = 24.0 * truth.leak_a[20] / truth.capacity_ah[20]
            return told[0], max(0.1 + truth.soc_offset[20], 0.0) / lost_per_day
    pytest.fail(f"a leak of {ohm} ohm was not told, seed {seed}")


def test_most_planted_leaks_meet_their_limit_between_the_early_and_the_late_day() -> None:
    cases = [told_and_true(seed, ohm) for seed, ohm in ((700, 30.0), (701, 60.0), (708, 100.0), (709, 150.0))]
    inside = [early <= true_days <= late for (early, _, late), true_days in cases]
    assert sum(inside) >= 3, cases
