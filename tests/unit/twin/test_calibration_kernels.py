"""The compiled likelihood is the plain one, also where a condition has a single check-up or variances are tiny."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.twin.calibration_form import CalendarCondition, loss_surface, tilt_prior
from battuta.twin.calibration_posterior import ERROR, N_TILTS, WANDER, log_likelihoods, shifts

DAYS = (np.linspace(20.0, 800.0, 80), np.array([200.0]), np.array([30.0, 90.0]))


@pytest.mark.parametrize("log_noise", [0.0, -6.0])
def test_the_compiled_likelihood_is_the_plain_one(log_noise: float) -> None:
    conditions = [
        CalendarCondition(
            name=str(number), temperature_c=25.0 + 15.0 * number, soc=0.5 * number, days=days, loss_share=0.0 * days
        )
        for number, days in enumerate(DAYS)
    ]
    surface, prior = loss_surface(ageing_law("naumann_lfp"), conditions), tilt_prior()
    draws = prior.mean + 0.5 * prior.deviation * generator(1, "test").standard_normal((6, prior.mean.size))
    draws[:, [WANDER, ERROR]] += log_noise
    loss: FloatArray = 1.2 * surface.losses(np.zeros((1, N_TILTS)))[0]
    plain = shifts(draws, surface, loss).log_likelihood
    np.testing.assert_allclose(log_likelihoods(surface, loss)(draws), plain, rtol=1e-8)
