"""Sigmoid terms by steps: within a hundred-thousandth of the same days gone through one by one."""

import datetime as dt

import numpy as np
import pytest

from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.life_kernels import sigmoid_loss
from battuta.twin.life_steps import life_steps
from battuta.twin.lives_days import life_days
from battuta.twin.sigmoid_gain_kernels import loss_place
from battuta.twin.sigmoid_gains import sigmoid_gains

DAYS = life_days(dt.date(2027, 1, 1), 20, [365])
LAW = ageing_law("sony_lfp_3ah")


def stresses(seed=5):
    """SYNTHETIC: ends that move with the seasons and the weather; a break-in on one day of five."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((1, 1, 365, LAW.n_slots))
    season = 0.2 - 0.04 * np.cos(2.0 * np.pi * np.arange(365) / 365.0)
    rows[..., 0], rows[..., 1] = season * np.exp(rng.normal(0.0, 0.1, 365)), 4e-4
    rows[..., 2] = 0.5 + rng.normal(0.0, 0.01, 365)
    rows[..., 4], rows[..., 6] = rng.uniform(0.02, 0.05, 365), 0.6
    rows[..., 5] = np.where(rng.uniform(0.0, 1.0, 365) > 0.8, 2e-3, 0.0)
    return rows


def day_by_day(rows, slot, rate):
    loss, found = 0.0, [0.0]
    for first, last in zip(DAYS.year_start[:-1], DAYS.year_start[1:], strict=True):
        for day in DAYS.table_day[first:last]:
            loss = sigmoid_loss(loss, rate * rows[0, 0, day, slot], *rows[0, 0, day, slot + 1 : slot + 3])
        found.append(loss)
    return np.array(found)


def by_steps(steps, found, sigmoid, term, rate):
    z, losses = 0.0, [0.0]
    for first, last in zip(steps.year_start[:-1], steps.year_start[1:], strict=True):
        for step in steps.step[first:last]:
            k, share = loss_place(z, found.z_max[sigmoid], found.gain.shape[-1])
            z += (1.0 - share) * found.gain[sigmoid, 0, 0, step, k] + share * found.gain[sigmoid, 0, 0, step, k + 1]
        losses.append(rate * z ** found.exponent[term])
    return np.array(losses)


@pytest.mark.parametrize("days_per_step", [1, 7, 31])
@pytest.mark.parametrize(("sigmoid", "term", "slot"), [(0, 0, 0), (1, 2, 4)])
def test_steps_end_where_the_days_end_at_any_rate(days_per_step, sigmoid, term, slot):
    rows, steps = stresses(), life_steps(DAYS, days_per_step)
    found = sigmoid_gains(rows, LAW.terms, steps)
    for rate in (0.5, 1.0, 1.7):
        truth = day_by_day(rows, slot, rate)
        assert truth[-1] > 0.01
        np.testing.assert_allclose(by_steps(steps, found, sigmoid, term, rate), truth, atol=3e-5)


def test_gains_are_none_at_the_end_and_never_below():
    found = sigmoid_gains(stresses(), LAW.terms, life_steps(DAYS, 7))
    assert np.all(found.gain >= 0.0)
    assert np.all(found.gain[..., -1] == 0.0)


def test_a_model_without_sigmoids_has_no_gains_and_its_own_powers():
    law = ageing_law("naumann_lfp")
    found = sigmoid_gains(np.ones((2, 3, 365, 4)), law.terms, life_steps(DAYS, 7))
    assert found.gain.shape[:3] == (0, 2, 3)
    assert found.exponent.tolist() == [each.exponent for each in law.terms]


def test_what_takes_nothing_gains_nothing():
    rows = stresses()
    rows[..., 4] = 0.0
    assert not sigmoid_gains(rows, LAW.terms, life_steps(DAYS, 7)).gain[1].any()
