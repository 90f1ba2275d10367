"""Lives are weighed by what was measured: they follow it, and say where no model does (synthetic)."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.twin.telemetry_calibration import MeasuredSite, telemetry_fit
from battuta.twin.telemetry_guesses import GuessForm
from battuta.twin.telemetry_likelihood import SiteChange

LAWS = (ageing_law("naumann_lfp"),)
DAY = np.round(30.4 * np.arange(1, 25))
TEN_YEARS = 3650.0


def form(**given):
    known = {
        "laws": LAWS, "weights": {"naumann_lfp": 1.0}, "cell_deviation_share": 0.05, "learns_sites": False,
        "learns_units": False, "has_resistance": False,
    }  # fmt: skip
    return GuessForm(**{**known, **given})


def lived(draws, day=DAY):
    bend = 0.5 if draws.exponent_shift is None else 0.5 + draws.exponent_shift[:, :1]
    return draws.rate[:, :1] * 0.03 * (day / 365.0) ** bend, draws.rate[:, 2:3] * 0.01 * (day / 365.0)


def site(change, *, name="here", is_own=True, deviation=0.004, shared=0.002):
    rows = np.atleast_2d(change)
    capacity = SiteChange(day=DAY, change=rows, deviation=np.full(rows.shape, deviation), shared_deviation=shared)
    return MeasuredSite(name=name, is_own=is_own, capacity=capacity, resistance=None)


def noisy(loss, seed=1, deviation=0.004):
    return loss + deviation * np.random.default_rng(seed).standard_normal(DAY.size)


def test_lives_follow_what_was_measured() -> None:
    found = telemetry_fit(form(), [site(noisy(1.2 * 0.03 * np.sqrt(DAY / 365.0)))], lived, seed=3, n_lives=2000)
    assert np.median(found.draws.rate[:, 0]) == pytest.approx(1.2, abs=0.06)
    assert not found.is_outside
    assert found.fit_chance > 0.02
    assert found.n_alive > 300
    assert np.ptp(found.soh_after[:, -1]) < 0.5 * np.ptp(found.soh_before[:, -1])
    np.testing.assert_allclose(found.draws.rate[:, 3].mean(), 1.13, atol=0.06)  # not measured: as before


def test_the_same_seed_gives_the_same_lives() -> None:
    sites = [site(noisy(0.03 * np.sqrt(DAY / 365.0)))]
    one, two = (telemetry_fit(form(), sites, lived, seed=3, n_lives=50, n_guesses=2000) for _ in range(2))
    np.testing.assert_array_equal(one.draws.rate, two.draws.rate)
    other = telemetry_fit(form(), sites, lived, seed=4, n_lives=50, n_guesses=2000)
    assert not np.array_equal(one.draws.rate, other.draws.rate)


def test_a_battery_like_no_model_is_told_and_foreseen() -> None:
    truth = 0.05 * (DAY / 365.0) ** 0.75
    found = telemetry_fit(form(), [site(noisy(truth))], lived, seed=3, n_lives=2000)
    assert found.wide_share > 0.8
    assert found.is_outside
    ten = lived(found.draws, np.array([TEN_YEARS]))[0][:, 0]
    low, high = np.quantile(ten, (0.05, 0.95))
    assert low < 0.05 * 10.0**0.75 < high


def test_what_no_guess_can_fit_is_told() -> None:
    found = telemetry_fit(form(), [site(0.03 + 0.02 * (-1.0) ** np.arange(24))], lived, seed=3, n_lives=100)
    assert found.fit_chance < 0.01
    assert found.is_outside


def test_sisters_teach_the_models_and_not_the_factor_of_the_battery() -> None:
    loss = 0.03 * np.sqrt(DAY / 365.0)
    names = dict(enumerate("abcdef"))
    sisters = [site(noisy(1.25 * loss, seed=k), name=name, is_own=False) for k, name in names.items()]
    found = telemetry_fit(form(learns_sites=True), sisters, lived, seed=3, n_lives=4000)
    without_own = np.log(found.draws.rate[:, 0]) - found.own_factor
    assert np.exp(np.median(without_own)) == pytest.approx(1.25, abs=0.07)
    assert found.own_factor.std() == pytest.approx(found.site_spread, rel=0.35)
    scattered = [site(noisy((1.0 + 0.2 * (k - 2.5)) * loss, seed=k), name=n, is_own=False) for k, n in names.items()]
    wider = telemetry_fit(form(learns_sites=True), scattered, lived, seed=3, n_lives=100)
    assert wider.site_spread > 1.5 * found.site_spread


def test_racks_that_differ_are_found_to_differ() -> None:
    loss = 0.03 * np.sqrt(DAY / 365.0)
    alike = np.array([noisy(loss, seed=k) for k in range(6)])
    apart = np.array([noisy((1.0 + 0.15 * (k - 2.5)) * loss, seed=k) for k in range(6)])
    spread = [
        telemetry_fit(form(learns_units=True), [site(each)], lived, seed=3, n_lives=50).unit_spread
        for each in (alike, apart)
    ]
    assert spread[0] < 0.06
    assert spread[1] > 0.1


def test_measured_resistance_moves_resistance() -> None:
    capacity = site(noisy(0.03 * np.sqrt(DAY / 365.0)))
    rise = SiteChange(
        day=DAY, change=1.6 * 0.01 * DAY[None] / 365.0, deviation=np.full((1, 24), 0.002), shared_deviation=0.001
    )
    sites = [MeasuredSite(name="here", is_own=True, capacity=capacity.capacity, resistance=rise)]
    found = telemetry_fit(form(has_resistance=True), sites, lived, seed=3, n_lives=1000)
    assert np.median(found.draws.rate[:, 2]) == pytest.approx(1.6, abs=0.15)
    assert found.n_measured == 48


def test_nothing_measured_is_refused() -> None:
    with pytest.raises(DataError, match="no site"):
        telemetry_fit(form(), [], lived, seed=1, n_lives=10)
