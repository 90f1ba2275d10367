"""The likelihood of measured health is that of the whole normal distribution, written out."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.twin.field_forecast import WANDER
from battuta.twin.telemetry_likelihood import SiteChange, chance_of_worse, site_likelihood

RNG = np.random.default_rng(5)
DAY = np.array([100.0, 200.0, 400.0, 700.0])
LOSS = np.sort(RNG.uniform(0.005, 0.06, (3, 4)), axis=1)
CHANGE = 0.03 * np.sqrt(DAY / 365.0) + RNG.normal(0.0, 0.01, (2, 4))
CHANGE[1, 2] = np.nan
SITE = SiteChange(day=DAY, change=CHANGE, deviation=np.array([[0.01] * 4, [0.02] * 4]), shared_deviation=0.006)


def written_out(loss, site_spread, unit_spread):
    held = np.isfinite(CHANGE.ravel())
    unit = np.repeat([0, 1], 4)[held]
    lost = np.tile(loss, 2)[held]
    same = unit[:, None] == unit[None, :]
    half = 0.5 * SITE.shared_deviation**2
    cover = WANDER * np.minimum.outer(lost, lost) + half + half * same
    cover += (site_spread**2 + unit_spread**2 * same) * np.outer(lost, lost) + np.diag(
        SITE.deviation.ravel()[held] ** 2
    )
    away = CHANGE.ravel()[held] - lost
    misfit = away @ np.linalg.solve(cover, away)
    return -0.5 * (misfit + np.linalg.slogdet(cover)[1] + away.size * np.log(2.0 * np.pi)), misfit


@pytest.mark.parametrize("spreads", [(0.0, 0.0), (0.1, 0.0), (0.05, 0.2)])
def test_it_is_the_whole_normal_distribution(spreads: tuple[float, float]) -> None:
    found = site_likelihood(SITE, LOSS, np.full(3, spreads[0]), np.full(3, spreads[1]))
    wanted = np.array([written_out(each, *spreads) for each in LOSS]).T
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-6)
    np.testing.assert_allclose(found[1], wanted[1], rtol=1e-5)
    assert SITE.n_measured == 7


def test_a_fit_that_holds_is_neither_good_nor_bad() -> None:
    chance = chance_of_worse(RNG.chisquare(7, 4000), 7)
    assert chance.mean() == pytest.approx(0.5, abs=0.02)
    assert np.mean(chance < 0.05) == pytest.approx(0.05, abs=0.012)
