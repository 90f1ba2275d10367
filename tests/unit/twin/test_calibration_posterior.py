"""Shifts of conditions are integrated out exactly, and the cloud finds what made the data."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.twin.calibration_form import CalendarCondition, LossSurface, loss_surface, tilt_prior
from battuta.twin.calibration_posterior import (
    N_TILTS,
    SCATTERS,
    posterior,
    shift_columns,
    shift_means,
    shifts,
    step_variance,
)

DAYS = np.array([20.0, 60.0, 150.0, 300.0])


def surface_of(n_conditions: int) -> LossSurface:
    """A law at some temperatures."""
    return loss_surface(
        ageing_law("naumann_lfp"),
        [
            CalendarCondition(
                name=str(i), temperature_c=25.0 + 10.0 * i, soc=0.3 + 0.2 * i, days=DAYS, loss_share=np.zeros(DAYS.size)
            )
            for i in range(n_conditions)
        ],
    )


def plain_log_likelihood(draw: FloatArray, surface: LossSurface, loss_share: FloatArray) -> float:
    """The same by the full covariance of the steps, condition by condition."""
    columns = shift_columns(draw[None], surface)
    means, total = shift_means(draw[None], surface)[0], 0.0
    for number in range(len(surface.starts)):
        own = slice(number * DAYS.size, (number + 1) * DAYS.size)
        steps = np.stack([np.diff(each[0, own], prepend=0.0) for each in columns], axis=1)
        noise = step_variance(draw[None], steps[None, :, 0])[0]
        covariance = steps @ np.diag(np.exp(2.0 * draw[list(SCATTERS)])) @ steps.T + np.diag(noise)
        away = np.diff(loss_share[own], prepend=0.0) - steps[:, 0] - steps @ means[number]
        size = float(np.linalg.slogdet(2.0 * np.pi * covariance).logabsdet)
        solved = np.asarray(np.linalg.solve(covariance, away), dtype=np.float64)
        total += -0.5 * (float(np.sum(away * solved)) + size)
    return total


def test_shifts_are_integrated_out_exactly() -> None:
    surface, prior = surface_of(3), tilt_prior()
    draws = prior.mean + 0.3 * prior.deviation * generator(1, "test").standard_normal((4, prior.mean.size))
    loss = surface.losses(np.zeros((1, N_TILTS)))[0] * 1.1
    found = shifts(draws, surface, loss).log_likelihood
    assert found == pytest.approx([plain_log_likelihood(each, surface, loss) for each in draws], rel=1e-9)


def test_the_cloud_finds_a_doubled_rate() -> None:
    surface, prior = surface_of(3), tilt_prior()
    tilts = np.zeros((1, N_TILTS))
    tilts[0, 0] = np.log(2.0)
    found = posterior(surface, surface.losses(tilts)[0], prior, n_draws=200, rng=generator(1, "test"))
    rate = found.draws[:, 0]
    assert rate.mean() == pytest.approx(np.log(2.0), abs=0.25)
    assert rate.std() < 0.5 * prior.deviation[0]
    assert np.isfinite(found.log_evidence)


def test_the_same_seed_gives_the_same_cloud() -> None:
    surface, prior = surface_of(2), tilt_prior()
    loss = surface.losses(np.zeros((1, N_TILTS)))[0]
    one, other = (posterior(surface, loss, prior, n_draws=60, rng=generator(2, "test")) for _ in range(2))
    np.testing.assert_array_equal(one.draws, other.draws)
