"""Tempering finds the posterior and the evidence that a normal model has in closed form, and both of two modes."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.numerics.tempering import tempered

MEAN, DEVIATION = np.array([0.0, 1.0, -2.0]), np.array([1.0, 2.0, 0.5])
SEEN, NOISE = np.array([0.8, -1.0, -2.2]), np.array([0.1, 0.05, 0.3])


def normal(draws: FloatArray) -> FloatArray:
    """Each number measured once, with noise."""
    away = (draws - SEEN) / NOISE
    return -0.5 * np.square(away).sum(axis=1) - float(np.log(NOISE * np.sqrt(2.0 * np.pi)).sum())


def test_a_normal_model_is_found_as_in_closed_form() -> None:
    found = tempered(normal, MEAN, DEVIATION, n_chains=40, rng=generator(1, "test"))
    precision = 1.0 / NOISE**2 + 1.0 / DEVIATION**2
    middle = (SEEN / NOISE**2 + MEAN / DEVIATION**2) / precision
    spread = np.hypot(NOISE, DEVIATION)
    evidence = float((-0.5 * ((SEEN - MEAN) / spread) ** 2 - np.log(spread * np.sqrt(2.0 * np.pi))).sum())
    assert found.log_evidence == pytest.approx(evidence, abs=0.15)
    np.testing.assert_allclose(found.draws.mean(axis=0), middle, atol=0.1 * NOISE.max())
    np.testing.assert_allclose(found.draws.std(axis=0), 1.0 / np.sqrt(precision), rtol=0.1)


def test_two_modes_keep_their_shares() -> None:
    def modes(draws: FloatArray) -> FloatArray:
        far = np.stack([-0.5 * np.square((draws[:, 0] - at) / 0.2) for at in (-1.0, 1.0)])
        return np.logaddexp(far[0] + np.log(3.0), far[1])

    found = tempered(modes, np.zeros(1), np.ones(1), n_chains=40, rng=generator(2, "test"))
    assert (found.draws[:, 0] < 0.0).mean() == pytest.approx(0.75, abs=0.08)


def test_chains_go_on_until_they_have_forgotten_their_start_and_no_further_than_allowed() -> None:
    easy = tempered(
        normal, MEAN, DEVIATION, n_chains=40, rng=generator(1, "test"), n_visits=(60, 600), n_visits_last=90
    )
    assert min(easy.chain_lengths) == 60
    assert easy.chain_lengths[-1] in {90, 150}

    def narrow(draws: FloatArray) -> FloatArray:
        """A thin shell, for which a normal proposes badly."""
        return -0.5 * np.square((np.sqrt(np.square(draws).sum(axis=1)) - 3.0) / 0.01)

    hard = tempered(narrow, np.zeros(6), np.ones(6), n_chains=40, rng=generator(1, "test"), n_visits=(60, 180))
    assert np.mean(hard.chain_lengths[:-1]) > np.mean(easy.chain_lengths[:-1])
    assert max(hard.chain_lengths[:-1]) <= 180


def test_the_same_seed_gives_the_same_draws() -> None:
    one, other = (tempered(normal, MEAN, DEVIATION, n_chains=10, rng=generator(3, "test")) for _ in range(2))
    np.testing.assert_array_equal(one.draws, other.draws)
