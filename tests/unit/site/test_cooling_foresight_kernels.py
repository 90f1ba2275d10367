"""The compiled loops against the same in plain NumPy."""

import numpy as np

from battuta.numerics.sampling import generator
from battuta.site.cooling_foresight_kernels import (
    choose_setpoints,
    deviation,
    interpolated,
    learn_coefficients,
    plan_values,
    price_sites,
    regressors,
    removal,
    step_cost,
)

THETA = np.array([6.0, 1.0, 0.9, 0.01])
COVARIANCE = np.diag((0.1 * THETA) ** 2)
MACHINE = np.array([7.3, 16.0, 5.0, 2.2, 0.5])
GRID = np.arange(10.0, 52.5, 0.5)
SETPOINTS = np.array([np.nan, 14.0, 26.0])
LEARNED = (THETA, COVARIANCE, 7.0, 7.8, 0.2, MACHINE, 2.0)


def plain_step(power, ambient, cell, setpoint, limit, step_h):
    rate, coolant, electric = 0.0, cell, 0.0
    if np.isfinite(setpoint):
        if cell > setpoint:
            rate = min(THETA[2] * (cell - setpoint), 7.0)
            coolant = cell - rate / THETA[2]
        electric = 7.8 * rate / min(7.3 / (1.0 + max(ambient - coolant, 0.0) / 16.0), 5.0)
    if np.isfinite(setpoint) or abs(power) > 0.02:
        electric += 2.2
    x = np.array([power**2 * np.exp(-0.01 * (cell - 30.0)), abs(power), coolant - cell, ambient - cell])
    warming = THETA @ (x * [1, 1, 0, 1]) - rate + 2.0 * np.sqrt(x @ COVARIANCE @ x)
    after = cell + warming * step_h
    over = max(after + 0.2 * (cell - coolant) - limit, 0.0)
    ageing = 0.5 * max(2.0 ** ((0.5 * (cell + after) - 20.0) / 10.0) - 1.0, 0.0)
    return after, (electric + ageing + 1e4 * over) * step_h


def test_a_step_is_that_of_plain_numpy() -> None:
    rng, x = generator(1, "steps"), np.empty(4)
    for setpoint in (np.nan, 14.0, 26.0, 40.0):
        for _ in range(5):
            power, ambient, cell = rng.uniform(-1, 1), rng.uniform(10, 45), rng.uniform(15, 46)
            ours = step_cost(*LEARNED, power, ambient, cell, setpoint, 42.0, 0.5, x)
            np.testing.assert_allclose(ours, plain_step(power, ambient, cell, setpoint, 42.0, 0.5), rtol=1e-12)


def test_values_are_the_least_cost_of_all_courses() -> None:
    power, ambient = np.array([1.0, 0.0]), np.array([45.0, 40.0])
    value = np.empty((3, GRID.size))
    value[-1] = GRID
    plan_values(*LEARNED, power, ambient, SETPOINTS, 42.0, 0.5, GRID, value)
    last = [min(c + np.interp(a, GRID, GRID) for a, c in (
        plain_step(0.0, 40.0, cell, s, 42.0, 0.5) for s in SETPOINTS)) for cell in GRID]  # fmt: skip
    np.testing.assert_allclose(value[1], last, rtol=1e-9)
    node = 40
    first = min(
        c + np.interp(a, GRID, last) for a, c in (plain_step(1.0, 45.0, GRID[node], s, 42.0, 0.5) for s in SETPOINTS)
    )
    assert abs(value[0, node] - first) < 1e-9


def test_values_between_nodes_are_straight_and_go_on_beyond_the_ends() -> None:
    np.testing.assert_allclose([interpolated(GRID, 2.0 * GRID, c) for c in (5.0, 20.3, 60.0)], [10.0, 40.6, 120.0])


def test_the_chosen_setpoint_is_the_cheapest() -> None:
    one, chosen, cell = np.ones(1), np.empty(1), 38.0
    value = np.linspace(0.0, 300.0, GRID.size)
    choose_setpoints(
        THETA[None], COVARIANCE[None], 7.0 * one, 7.8 * one, 0.2 * one, MACHINE[None], 2.0, one, 45.0 * one,
        cell * one, SETPOINTS, 42.0 * one, 0.5, GRID, value[None], np.nan * one, 0.2 * one, chosen,
    )  # fmt: skip
    costs = []
    for setpoint in SETPOINTS:
        after, cost = plain_step(1.0, 45.0, cell, setpoint, 42.0, 0.5)
        costs.append(cost + np.interp(after, GRID, value) + 0.2 * np.isfinite(setpoint))
    assert chosen[0] == SETPOINTS[int(np.argmin(costs))]
    assert chosen[0] == 14.0


def test_learning_is_a_plain_kalman_step_and_finds_the_truth() -> None:
    truth, rng = np.array([4.5, 1.2, 1.1, 0.012]), generator(2, "learning")
    theta, covariance = THETA[None].copy(), np.diag((0.25 * THETA) ** 2)[None].copy()
    surprise = np.array([0.5])
    plain_theta, plain_covariance = theta[0].copy(), covariance[0].copy()
    for turn in range(300):
        x = np.array([rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(-10, 0), rng.uniform(0, 15)])
        rate = truth @ x + 0.05 * rng.standard_normal()
        noise = max(0.05, surprise[0])
        gain = plain_covariance @ x / (x @ plain_covariance @ x + noise**2)
        plain_theta = np.maximum(plain_theta + gain * (rate - plain_theta @ x), 0.0)
        plain_covariance = plain_covariance - np.outer(gain, plain_covariance @ x)
        learn_coefficients(theta, covariance, surprise, x[None], np.array([rate]), 0.05, 0.0)
        if turn < 20:
            np.testing.assert_allclose(theta[0], plain_theta, rtol=1e-9)
            np.testing.assert_allclose(covariance[0], plain_covariance, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(theta[0], truth, rtol=0.1)


def test_a_missing_reading_teaches_nothing() -> None:
    theta, covariance, surprise = THETA[None].copy(), COVARIANCE[None].copy(), np.array([0.5])
    learn_coefficients(theta, covariance, surprise, np.full((1, 4), np.nan), np.ones(1), 0.05, 0.0)
    np.testing.assert_array_equal(theta[0], THETA)


def test_a_chiller_takes_no_more_than_it_can_and_nothing_from_colder_cells() -> None:
    assert removal(THETA, 7.0, 40.0, 14.0, -50.0) == (7.0, 40.0 - 7.0 / 0.9)
    np.testing.assert_allclose(removal(THETA, 7.0, 20.0, 14.0, -50.0), (5.4, 14.0))
    assert removal(THETA, 7.0, 12.0, 14.0, -50.0) == (0.0, 12.0)


def test_deviation_and_regressors_are_plain() -> None:
    x = np.empty(4)
    regressors(-0.5, 40.0, 25.0, 45.0, 1.0, x)
    np.testing.assert_allclose(x, [0.25 * np.exp(-0.1), 0.5, -15.0, 5.0])
    assert abs(deviation(COVARIANCE, x) - np.sqrt(x @ COVARIANCE @ x)) < 1e-12


def test_many_sites_are_priced_as_each_by_itself_and_others_are_left_alone() -> None:
    sites = 3
    power, ambient = np.linspace(0.0, 1.0, 12).reshape(4, sites), np.linspace(20.0, 45.0, 12).reshape(4, sites)
    many = np.full((5, sites, GRID.size), -1.0)
    warm, one = np.array([7.0, 6.0, 5.0]), np.ones(sites)
    price_sites(
        np.tile(THETA, (sites, 1)), np.tile(COVARIANCE, (sites, 1, 1)), warm, 7.8 * one, 0.2 * one,
        np.tile(MACHINE, (sites, 1)), 2.0, power, ambient, SETPOINTS, 42.0 * one, 0.5, GRID, 1, 3, many,
    )  # fmt: skip
    own = np.empty((5, GRID.size))
    own[-1] = (GRID - 20.0) * 7.8 / (0.8 * MACHINE[2])
    plan_values(
        THETA, COVARIANCE, 6.0, 7.8, 0.2, MACHINE, 2.0, power[:, 1].copy(), ambient[:, 1].copy(), SETPOINTS, 42.0, 0.5,
        GRID, own,
    )  # fmt: skip
    np.testing.assert_allclose(many[:, 1], own, rtol=1e-12)
    assert (many[:, 0] == -1.0).all()
    assert (many[0, 2] != many[0, 1]).any()


def test_setpoints_that_are_passed_over_would_have_changed_nothing() -> None:
    power, ambient = np.array([1.0, 0.5, 0.0, 1.0]), np.array([45.0, 44.0, 40.0, 30.0])
    setpoints = np.array([np.nan, 14.0, 17.0, 20.0, 26.0, 34.0])
    value = np.empty((5, GRID.size))
    value[-1] = GRID
    plan_values(*LEARNED, power, ambient, setpoints, 42.0, 0.5, GRID, value)
    for node in (0, 10, 25, 40, 60, 80):
        least = min(
            cost + np.interp(after, GRID, value[1]) if after <= GRID[-1] else np.inf
            for after, cost in (plain_step(1.0, 45.0, GRID[node], each, 42.0, 0.5) for each in setpoints)
        )
        if np.isfinite(least):
            assert abs(value[0, node] - least) < 1e-9 * max(1.0, abs(least))
