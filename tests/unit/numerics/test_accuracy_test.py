"""The test of Diebold and Mariano by hand, against the published formula, and how often it errs."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from battuta.numerics.accuracy_test import daily_losses, diebold_mariano, diebold_mariano_by_slot


def published(real, forecast_a, forecast_b):
    """One-sided p-value as section 5.5 of Lago et al. (2021) has it, norm 1, all hours of a day as one."""
    gap = np.mean(np.abs(real - forecast_a), axis=1) - np.mean(np.abs(real - forecast_b), axis=1)
    return 1.0 - norm.cdf(np.mean(gap) / np.sqrt(np.var(gap, ddof=0) / gap.size))


def test_by_hand():
    # Differences 1, 2, 1, 0: mean 1, variance 1/2, so 1 / sqrt(1/2/4) = sqrt(8), and 1 - Phi(2.8284) = 0.002339.
    test = diebold_mariano(np.array([3.0, 5.0, 4.0, 4.0]), np.array([2.0, 3.0, 3.0, 4.0]))
    assert test.statistic == pytest.approx(math.sqrt(8.0))
    assert test.p_value == pytest.approx(0.002339, abs=1e-6)
    assert (test.difference, test.n_days, test.n_left_out) == (1.0, 4, 0)


def test_a_longer_horizon_by_hand():
    # Around the mean: 0, 1, 0, -1. At lag 1 their products sum to 0, at lag 2 to -1: 1/2 + 2 (1/3) (-1/4) = 1/3.
    test = diebold_mariano(np.array([3.0, 5.0, 4.0, 4.0]), np.array([2.0, 3.0, 3.0, 4.0]), horizon=3)
    assert test.statistic == pytest.approx(1.0 / math.sqrt(1.0 / 3.0 / 4.0))


def test_as_published():
    rng = np.random.default_rng(5)
    real = rng.normal(40.0, 20.0, (300, 24))
    a, b = real + rng.laplace(0.0, 5.0, real.shape), real + rng.laplace(0.0, 4.95, real.shape)
    test = diebold_mariano(daily_losses(real, a), daily_losses(real, b))
    assert test.p_value == pytest.approx(published(real, a, b), rel=1e-9)
    slots = diebold_mariano_by_slot(np.abs(real - a), np.abs(real - b))
    expected = [published(real[:, [h]], a[:, [h]], b[:, [h]]) for h in range(24)]
    assert [each.p_value for each in slots] == pytest.approx(expected, rel=1e-9)


def test_the_other_way_round_is_the_other_tail():
    a, b = np.random.default_rng(1).exponential(size=(2, 100))
    assert diebold_mariano(a, b).p_value + diebold_mariano(b, a).p_value == pytest.approx(1.0)


def test_the_far_tail_is_not_rounded_to_zero():
    gap = np.random.default_rng(1).normal(1.0, 1.0, 400)
    assert 0.0 < diebold_mariano(gap, np.zeros(400)).p_value < 1e-50


def test_equal_forecasts_look_better_as_often_as_stated():
    rng = np.random.default_rng(11)
    p_values = [diebold_mariano(*rng.exponential(size=(2, 200))).p_value for _ in range(2000)]
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.015)


def test_losses_that_hang_together_need_the_horizon():
    rng = np.random.default_rng(12)
    naive, wide = [], []
    for _ in range(500):
        gap = np.convolve(rng.normal(size=306), np.ones(7), mode="valid")
        naive.append(diebold_mariano(gap, np.zeros(300)).p_value < 0.05)
        wide.append(diebold_mariano(gap, np.zeros(300), horizon=14).p_value < 0.05)
    assert np.mean(naive) > 0.2
    assert np.mean(wide) < 0.12


def test_days_without_a_loss_are_left_out_and_counted():
    a, b = np.random.default_rng(2).exponential(size=(2, 50))
    gap_a, gap_b = np.append(a, [np.nan, 1.0]), np.append(b, [1.0, np.nan])
    test, plain = diebold_mariano(gap_a, gap_b), diebold_mariano(a, b)
    assert (test.p_value, test.n_days, test.n_left_out) == (plain.p_value, 50, 2)


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(ValueError, match=r"0\.1 on all 5 days"):
        diebold_mariano(np.full(5, 1.1), np.ones(5))
    with pytest.raises(ValueError, match="0 on all 5 days"):
        diebold_mariano(np.ones(5), np.ones(5))
    with pytest.raises(ValueError, match="1 days with both losses are too few"):
        diebold_mariano(np.array([1.0, np.nan]), np.array([2.0, 1.0]))
    with pytest.raises(ValueError, match="horizon of 0"):
        diebold_mariano(np.ones(5), np.arange(5.0), horizon=0)
    with pytest.raises(ValueError, match=r"both as \(n_days,\)"):
        diebold_mariano(np.ones((5, 2)), np.ones((5, 2)))
    with pytest.raises(ValueError, match=r"both as \(n_days, n_slots\)"):
        diebold_mariano_by_slot(np.ones(5), np.ones(5))
    with pytest.raises(ValueError, match="n_slots"):
        daily_losses(np.ones((5, 2)), np.ones((5, 3)))
