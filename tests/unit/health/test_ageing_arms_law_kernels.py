"""The loop by any law against the loop by Naumann's, plain Python, and what has to hold of energy."""

from functools import cache

import numpy as np
import pytest

from battuta.health import ageing_arms_kernels as arms
from battuta.health.ageing_arms import ARMS, Heterogeneity, StringDuty, duty_row
from battuta.health.ageing_arms_days import day_stress
from battuta.health.ageing_arms_law_kernels import age_by_law, capacities_by_law, live_by_law, read_day
from battuta.physics.ageing import naumann_kernels
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.naumann import naumann, new_cells
from battuta.physics.pcs import pcs_rows

DUTY = StringDuty(step_days=30.0)
RNG = np.random.default_rng(5)


@cache
def stress_of(law):
    return day_stress(ageing_law(law), DUTY, 25.0, 25.0)


def lived(name, law, duty=DUTY, n_years=20, modules=None, **changes):
    stress = stress_of(law)
    arm = ARMS[name]
    drawn, spares, away_k = Heterogeneity().drawn(3, arm.n_spares)
    n_terms = len(stress.terms)
    delivered, result = np.zeros(n_years), np.zeros(arms.N_RESULT)
    live_by_law(
        arm.way, arm.window, arm.rotates, drawn if modules is None else modules, spares, away_k, duty_row(duty, arm),
        pcs_rows((duty.converter,) * 24), stress.temperature_c, stress.slots, stress.is_additive,
        np.array([int(each.kind) for each in stress.terms]), np.array([each.slot for each in stress.terms]),
        changes.get("rate", np.ones(n_terms)), np.array([each.exponent for each in stress.terms]),
        np.full(arm.n_spares, np.nan), delivered, result,
    )  # fmt: skip
    return delivered, result


def test_reading_between_nodes_is_straight_in_all_three() -> None:
    nodes_c = np.array([20.0, 25.0, 30.0])
    deep, place = np.linspace(0.0, 1.0, 5), np.linspace(0.0, 1.0, 3)
    table = nodes_c[:, None, None, None] + 10.0 * deep[:, None, None] + 3.0 * place[:, None] + np.array([0.0, 100.0])
    for depth, at, temperature_c in [(0.0, 0.0, 20.0), (1.0, 1.0, 30.0), (0.61, 0.3, 26.2), (0.99, 0.77, 21.0)]:
        out = np.zeros(2)
        read_day(depth, at, temperature_c, nodes_c, table, out)
        np.testing.assert_allclose(out, temperature_c + 10.0 * depth + 3.0 * at + np.array([0.0, 100.0]))
    out = np.zeros(2)
    read_day(0.5, 0.5, 40.0, nodes_c[:1], table[:1], out)  # one node of temperature stands for all
    np.testing.assert_allclose(out, 20.0 + 5.0 + 1.5 + np.array([0.0, 100.0]))


def test_a_step_is_the_plain_sum() -> None:
    """Powers add to X, a sigmoid goes along its curve: in plain Python, two terms, two modules."""
    table = np.zeros((1, 2, 2, 4))
    table[..., :] = [1e-4, 0.3, 2e-3, 0.7]  # a power slot; end, progress and curvature of a sigmoid
    duty = duty_row(DUTY, ARMS["passive"])
    kinds, slot_of, grows = np.array([0, 1]), np.array([0, 1]), np.array([1, 0, 1, 0])
    scale, powers, state = np.array([2.0, 0.5]), np.array([0.6, 1.0]), np.zeros((2, 2))
    for _ in range(3):
        age_by_law(
            arms.FULL_TOP, np.full(2, 0.8), np.ones(2), np.zeros(2), duty, np.array([25.0]), table, grows, kinds,
            slot_of, scale, state,
        )  # fmt: skip
    power = 3 * 2.0 * 1e-4 * 30.0
    sigmoid = 0.15 * np.tanh(0.5 * (3 * 30.0 * 2e-3) ** 0.7)
    np.testing.assert_allclose(state, [[power, sigmoid]] * 2, rtol=1e-12)
    out, modules = np.zeros(2), np.array([[1.0, 1.5], [1.0, 1.0], [1.0, 0.98]])
    capacities_by_law(modules, state, kinds, powers, out)
    np.testing.assert_allclose(out, modules[2] * (1.0 - modules[0] * (power**0.6 + sigmoid)), rtol=1e-12)


@pytest.mark.parametrize("window", [arms.FULL_TOP, arms.LOW_STRING, arms.LOW_MODULE])
def test_windows_lie_where_the_other_loop_has_them(window) -> None:
    """The calendar's stress of Naumann's law in each window, module by module."""
    duty, stress = duty_row(DUTY, ARMS["passive"]), stress_of("naumann_lfp")
    energy, capacity, state, age = np.full(6, 0.7), RNG.uniform(0.8, 1.0, 6), np.zeros((6, 2)), new_cells(6)
    age_by_law(
        window, energy, capacity, np.zeros(6), duty, stress.temperature_c, stress.slots, stress.is_additive,
        np.zeros(2, dtype=np.int64), np.array([0, 1]), np.ones(2), state,
    )  # fmt: skip
    arms.age_modules(window, energy, capacity, np.zeros(6), duty, naumann().parameters(), age)
    places = [naumann_kernels.CAPACITY_CALENDAR_SQUARED, naumann_kernels.CAPACITY_CYCLE_SQUARED]
    np.testing.assert_allclose(state, age[:, places], rtol=4e-3)


@pytest.mark.parametrize("name", ["passive", "swap", "active_low", "steered"])
def test_what_is_asked_is_delivered_until_the_end_and_what_is_there_after(name) -> None:
    delivered, result = lived(name, "naumann_lfp")
    full = 365.25 * DUTY.energy_share
    years = int(result[arms.LIFE_YEARS])
    np.testing.assert_allclose(delivered[:years], full, rtol=1e-9)
    assert (delivered[years + 1 :] < full).all()
    assert (np.diff(delivered) <= 1e-9).all() or name == "swap"
    assert 0.5 * 20 * full < delivered.sum() < 20 * full


def test_years_count_whole_and_modules_that_do_not_age_give_all_of_it() -> None:
    still = np.ones((3, 24))
    still[0] = 0.0
    delivered, result = lived("passive", "sony_lfp_3ah", modules=still, n_years=7)
    assert delivered.sum() == pytest.approx(7 * 365.25 * 0.8, rel=1e-12)
    assert result[arms.LIFE_YEARS] == 40.0


def test_a_weak_string_has_no_life_and_still_gives_what_it_has() -> None:
    weak = np.ones((3, 24))
    weak[2, 4], weak[0] = 0.5, 0.0
    delivered, result = lived("passive", "lfp_250ah", modules=weak, n_years=3)
    assert result[arms.LIFE_YEARS] == 0.0
    assert delivered.sum() == pytest.approx(3 * 365.25 * 0.5, rel=1e-12)
    fast = np.ones((3, 24))
    fast[0] = 1e3
    assert np.isfinite(lived("steered", "lfp_250ah", modules=fast)[0]).all()


def test_a_rate_multiplies_the_loss_of_its_term() -> None:
    law = "lfp_250ah"
    alike = np.ones((3, 24))
    fast = alike.copy()
    fast[0] = 1.3
    by_rate = lived("passive", law, modules=alike.copy(), rate=np.array([1.3, 1.3]))[1]
    np.testing.assert_allclose(by_rate, lived("passive", law, modules=fast)[1], rtol=1e-9)
