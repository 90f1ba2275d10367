"""Days of each duty: inside their window, full when it is time, and unlike each other."""

import numpy as np
import pytest

from battuta.world.foreign.duty import MINUTES, Duty, DutyCharacter, day_plan, idle_plan


def plan(duty, day=3, seed=1, full=100):
    character = DutyCharacter(duty=duty, rate_c=0.4, soc_low=0.08, soc_high=0.95, full_every_days=full)
    return day_plan(character, day, 0, np.random.default_rng(seed))


@pytest.mark.parametrize("duty", Duty)
@pytest.mark.parametrize("seed", range(5))
def test_a_day_is_whole_and_inside_its_window(duty, seed) -> None:
    for day in range(1, 8):
        target, rate, noise, unseen = plan(duty, day, seed)
        assert target.shape == rate.shape == noise.shape == unseen.shape == (MINUTES,)
        assert 0.08 <= target.min() <= target.max() <= 0.95
        assert 0.0 <= rate.min() <= rate.max() <= 0.5
        assert np.abs(noise).max() < 0.5


@pytest.mark.parametrize("duty", Duty)
def test_a_full_charge_comes_when_it_is_time_and_is_left_again(duty) -> None:
    target, rate, noise, _ = plan(duty, day=0)
    assert target[:360].min() == 1.05
    assert target[-1] < 1.0
    assert rate[:360].min() >= 0.2
    assert not noise[:360].any()
    held = DutyCharacter(duty=duty, rate_c=0.4, soc_low=0.08, soc_high=0.95, full_every_days=1, hold_h=10.0)
    assert day_plan(held, 3, 0, np.random.default_rng(1)).target_soc[:900].min() == 1.05
    assert plan(duty, day=1).target_soc.max() < 1.0


def test_duties_differ() -> None:
    moved = {duty: np.ptp(plan(duty).target_soc) for duty in Duty}
    assert moved[Duty.ARBITRAGE] > 0.7 > moved[Duty.PEAK_SHAVING] >= 0.0
    assert moved[Duty.REGULATION] == moved[Duty.STANDBY] == 0.0
    noise = plan(Duty.REGULATION).noise_c
    assert 0.03 < noise.std() < 0.2
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] > 0.4
    assert not plan(Duty.SOLAR).noise_c.any()
    unseen = {duty: plan(duty).unseen_c.std() for duty in Duty}
    assert unseen[Duty.REGULATION] > 3.0 * unseen[Duty.SOLAR] > 9.0 * unseen[Duty.ARBITRAGE] > 0.0


def test_idle_is_a_level() -> None:
    target, _, noise, unseen = idle_plan(0.5)
    assert set(target) == {0.5}
    assert not noise.any()
    assert not unseen.any()
