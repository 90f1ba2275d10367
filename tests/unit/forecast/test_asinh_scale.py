"""The scale is undone exactly, bears spikes and flat hours, and follows its median."""

import numpy as np

from battuta.forecast.asinh_scale import AsinhScale

ROWS = np.random.default_rng(1).normal(40.0, 10.0, size=(200, 3))


def test_there_and_back():
    scale = AsinhScale.of(ROWS)
    np.testing.assert_allclose(scale.invert(scale.apply(ROWS)), ROWS, rtol=1e-12)


def test_normal_prices_have_their_own_spread_and_a_spike_does_not_move_it():
    spiked = ROWS.copy()
    spiked[0] = 3000.0
    assert np.all(np.abs(AsinhScale.of(ROWS).spread - 10.0) < 1.5)
    assert np.all(np.abs(AsinhScale.of(spiked).spread - AsinhScale.of(ROWS).spread) < 0.3)
    assert np.all(np.abs(AsinhScale.of(spiked).apply(spiked)) < 8.0)


def test_what_is_mostly_alike_takes_its_deviation_and_what_never_varies_takes_one():
    sun = np.zeros((100, 2))
    sun[:30, 0] = 50.0
    scale = AsinhScale.of(sun)
    assert scale.spread.tolist() == [sun[:, 0].std(), 1.0]
    assert np.isfinite(scale.apply(sun)).all()
