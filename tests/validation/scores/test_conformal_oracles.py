"""Conformal corrections against crepes and MAPIE, whose answers to made-up data lie in `conformal.json`."""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.numerics.conformal import aci_step, adaptive_levels
from battuta.numerics.conformal_window import corrected, score_window, window_step

REFERENCE = json.loads((Path(__file__).parent / "conformal.json").read_text(encoding="utf-8"))
KNOWN, NEW = (np.array(REFERENCE[each]).T for each in ("known", "new"))
LEVELS = np.array(REFERENCE["levels"])
# A forecast whose shape the correction undoes: its band from level 0.05 to 0.95 is as wide as the stated spread.
SHAPE = np.array([-0.9, -0.5, -0.2, 0.2, 0.5, 0.9])


def learned(levels, forecast, **options):
    state = score_window(levels, 1, n_days_max=len(KNOWN), n_days_min=1, **options)
    for point, spread, came in KNOWN:
        state = window_step(state, forecast(point, spread), np.array([came]))
    return np.concatenate([corrected(state, forecast(point, spread)) for point, spread, _ in NEW])


def test_a_window_gives_the_percentiles_of_a_conformal_predictive_system():
    found = learned(LEVELS, lambda point, _: np.full((1, LEVELS.size), point))
    np.testing.assert_allclose(found, REFERENCE["crepes_plain"], rtol=1e-12)


def test_a_scaled_window_gives_those_of_a_normalised_one():
    found = learned(LEVELS, lambda point, spread: (point + spread * SHAPE)[None], is_scaled=True)
    np.testing.assert_allclose(found, REFERENCE["crepes_scaled"], rtol=1e-9)


def test_two_ends_are_those_of_conformalized_quantile_regression():
    found = learned(np.array([0.05, 0.95]), lambda point, spread: np.array([[point - spread, point + spread]]))
    np.testing.assert_allclose(found, REFERENCE["mapie_cqr_90"], rtol=1e-12)


def test_the_asked_miss_follows_a_drift_as_theirs_does():
    past, coming = (np.array(each) for each in REFERENCE["drift"])
    rate, theirs = REFERENCE["mapie_aci_rate"], np.array(REFERENCE["mapie_aci_asked"])
    state, ours = adaptive_levels(np.arange(1, 1000) / 1000, rate), []
    for residual in coming:
        state = aci_step(state, np.sort(past)[None], np.array([residual]))
        ours.append(state.asked[49])
    assert state.nominal()[49] == pytest.approx(0.1)
    # MAPIE takes a quantile one rank further in or out than interpolation does, and calls a value in between otherwise;
    # a step later or two both are together again.
    apart = np.abs(np.array(ours) - theirs)
    assert apart.max() < rate + 1e-9
    assert np.mean(apart < 1e-9) > 0.75
    assert ours[-1] == pytest.approx(theirs[-1])
