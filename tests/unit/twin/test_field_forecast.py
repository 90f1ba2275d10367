"""Guesses of how a container ages are weighed by what it lost, even where it follows no law (synthetic)."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.duty_days import duty_days
from battuta.twin.calibration_form import resting_loss
from battuta.twin.field_forecast import field_fan, field_guesses, guessed_loss, law_losses, reweighed

LAWS = (ageing_law("naumann_lfp"), ageing_law("lfp_250ah"))
WEEKS = np.arange(7, 731, 7)
ASKED = np.append(WEEKS, 3650)
REST = duty_days(np.full(24, 0.6), np.full(24, 25.0), np.zeros(24), 3600.0)
SLOTS = [np.tile(law.stresses(REST), (3650, 1)) for law in LAWS]


def test_growth_at_rest_is_the_closed_form() -> None:
    lost = law_losses(LAWS[1], SLOTS[1], ASKED)
    np.testing.assert_allclose(lost[:, 0], resting_loss(LAWS[1], 25.0, 0.6, ASKED.astype(float)), rtol=1e-9)
    np.testing.assert_array_equal(lost[:, 1], 0.0)
    with pytest.raises(DataError, match="stresses cover days 1 to 3650"):
        law_losses(LAWS[1], SLOTS[1], np.array([3651]))


def test_year_ten_is_foreseen_where_the_exponent_is_of_no_law() -> None:
    days = ASKED.astype(float)
    truth = 0.03 * (days / 365.0) ** 0.68
    growth = [law_losses(law, slots, ASKED) for law, slots in zip(LAWS, SLOTS, strict=True)]
    before = field_guesses(2, 20_000, seed=1)
    loss = guessed_loss(before, growth, days)
    after = reweighed(before, loss[:, :-1], 1.0 - truth[:-1], np.full(WEEKS.size, 0.002))
    fans = [field_fan(each, loss[:, -1:], lost_now=truth[-2], n_draws=4000, seed=1)[:, 0] for each in (before, after)]
    low, high = np.quantile(fans[1], (0.05, 0.95))
    assert low < 1.0 - truth[-1] < high
    assert np.median(fans[1]) == pytest.approx(1.0 - truth[-1], abs=0.02)
    assert high - low < 0.5 * np.subtract(*np.quantile(fans[0], (0.95, 0.05)))
    assert after.n_alive < before.n_alive


def test_weeks_without_a_capacity_weigh_nothing_and_a_shared_error_little() -> None:
    before = field_guesses(2, 500, seed=1)
    growth = [law_losses(law, slots, ASKED) for law, slots in zip(LAWS, SLOTS, strict=True)]
    loss = guessed_loss(before, growth, ASKED.astype(float))[:, :-1]
    blind = reweighed(before, loss, np.full(WEEKS.size, np.nan), np.full(WEEKS.size, 0.002))
    np.testing.assert_array_equal(blind.weight, before.weight)
    near = int(np.argmin(np.abs(loss[:, -1] - 0.06)))
    shifted = reweighed(before, loss, 1.0 - loss[near] - 0.003, np.full(WEEKS.size, 0.002))
    assert shifted.log_weight[near] > -1.0
